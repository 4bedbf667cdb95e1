"""A file that only opens with its passphrase: backups, and what travels to a hall without network.

One line of JSON says what the file is and how its key is made; after it stands the content in pieces of 64 KiB, each
encrypted and authenticated with AES-256-GCM. The number of a piece and whether it is the last go into its nonce (the
STREAM construction), so a piece that is changed, moved, left out or cut off is found. The key comes from the
passphrase by Argon2id with the settings RFC 9106 names second (64 MiB), so that guessing is slow.
"""

import io
import json
import secrets
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, BinaryIO

from events.errors import DomainError

_PIECE = 64 * 1024
_TAG = 16
_MAGIC = "supportapp-sealed"
_FORMAT = 1
_KEY = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}
_LONGEST_HEADER = 10_000


class NotSealed(DomainError):
    """The file is not one of ours, or not of the ``kind`` that is needed."""

    code = "not_sealed"


class WrongPassphrase(DomainError):
    """The passphrase does not open the file."""

    code = "wrong_passphrase"


class SealBroken(DomainError):
    """The file was cut short or changed after it was written."""

    code = "seal_broken"


class SealedByNewer(DomainError):
    """A newer version of the software wrote the file."""

    code = "sealed_by_newer"


def _key(passphrase: str, salt: bytes, costs: Mapping[str, int]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 -- only who seals or opens needs it

    return hash_secret_raw(passphrase.encode(), salt, **costs, hash_len=32, type=Type.ID)


def _nonce(start: bytes, number: int, *, last: bool) -> bytes:
    return start + struct.pack(">IB", number, last)


class SealingWriter:
    """Writes into ``target``; what is written comes out sealed. Without ``close`` the last piece is missing."""

    def __init__(self, target: BinaryIO, passphrase: str, *, kind: str, about: Mapping[str, object]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- 20 ms at start otherwise

        salt, self._start = secrets.token_bytes(16), secrets.token_bytes(7)
        header = {
            "magic": _MAGIC,
            "format": _FORMAT,
            "kind": kind,
            "salt": b64encode(salt).decode(),
            "start": b64encode(self._start).decode(),
            "key": _KEY,
            "about": dict(about),
        }
        self._header = json.dumps(header, ensure_ascii=False).encode() + b"\n"
        self._cipher = AESGCM(_key(passphrase, salt, _KEY))
        self._target, self._waiting, self._number = target, bytearray(), 0
        target.write(self._header)

    def write(self, content: Any) -> int:
        """Take bytes; whole pieces go out at once."""
        self._waiting += content
        while len(self._waiting) > _PIECE:  # the last piece stays: only `close` knows that it is the last
            self._seal(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(content)

    def close(self) -> None:
        """Write the last piece; the target stays open."""
        self._seal(bytes(self._waiting), last=True)

    def flush(self) -> None:
        """Nothing: a piece goes out when it is whole."""

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._start, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what a ``SealingWriter`` wrote; ``about`` is what it said of itself, in the open.

    Raises:
        NotSealed: the file is something else, or of another kind.
        SealedByNewer: a newer version wrote it.
        WrongPassphrase: the first piece does not open (a file whose first piece was changed looks the same).
        SealBroken: a later piece does not open, or the end is missing.
    """

    def __init__(self, source: BinaryIO, passphrase: str, *, kind: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._header = source.readline(_LONGEST_HEADER)
        said = _said(self._header, kind)
        self._start = b64decode(said["start"])
        self._cipher = AESGCM(_key(passphrase, b64decode(said["salt"]), said["key"]))
        self._source, self._opened, self._number, self._last = source, b"", 0, False
        self._next = source.read(_PIECE + _TAG)
        self.about: dict[str, Any] = said["about"]
        self._open_next()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` with opened bytes; 0 at the end."""
        if not self._opened and not self._last:
            self._open_next()
        taken = min(len(buffer), len(self._opened))
        buffer[:taken] = self._opened[:taken]
        self._opened = self._opened[taken:]
        return taken

    def _open_next(self) -> None:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        piece, self._next = self._next, self._source.read(_PIECE + _TAG)
        self._last = not self._next
        try:
            self._opened = self._cipher.decrypt(_nonce(self._start, self._number, last=self._last), piece, self._header)
        except InvalidTag:
            raise (SealBroken if self._number else WrongPassphrase) from None
        self._number += 1


def _said(header: bytes, kind: str) -> dict[str, Any]:
    try:
        said = json.loads(header)
        if said["magic"] != _MAGIC or said["kind"] != kind:
            raise NotSealed(kind=kind)
        if said["format"] > _FORMAT:
            raise SealedByNewer(kind=kind)
        if {name: int(said["key"][name]) for name in _KEY} != _KEY:  # nobody else's file makes us spend memory
            raise NotSealed(kind=kind)
    except (ValueError, KeyError, TypeError):
        raise NotSealed(kind=kind) from None
    return dict(said)
