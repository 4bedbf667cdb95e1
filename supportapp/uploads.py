"""A file on its way in: its size is limited while it streams, and its first bytes must look like a table.

The body is the file itself, or a form with the file in it (``multipart/form-data``), as plain pages send it.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import PurePath
from typing import Final, cast

from events.errors import DomainError
from exports.files import XLSX, safe_name
from supportapp.waiting_files import FileInHand

CSV: Final = "text/csv"
_KEPT_IN_MEMORY: Final = 1_000_000
_ENVELOPE: Final = 10_000  # bytes of a form around its file
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL_CHARACTERS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # ESC stays: ISO-2022-JP begins so


class UploadTooLarge(DomainError):
    """More bytes than may be sent: ``limit`` in megabytes. Nothing is kept."""

    code = "upload_too_large"


class UploadNotATable(DomainError):
    """Neither a workbook (xlsx) nor comma-separated text. Nothing is kept."""

    code = "upload_not_a_table"


class UploadEmpty(DomainError):
    """No bytes at all."""

    code = "upload_empty"


class UploadBrokenOff(DomainError):
    """The line broke before the whole file was there. Nothing is kept."""

    code = "upload_broken_off"


async def received(
    stream: AsyncIterator[bytes], *, announced: int | None, limit: int, content_type: str, name: str
) -> FileInHand:
    """Read the file while it comes, at most ``limit`` bytes; what was read is gone when it is refused.

    ``announced`` is the length the sender gave, if any. Raises UploadTooLarge, UploadBrokenOff, UploadEmpty,
    UploadNotATable.
    """
    form = content_type.lower().startswith("multipart/form-data")
    most = limit + (_ENVELOPE if form else 0)
    if announced is not None and announced > most:
        raise UploadTooLarge(limit=limit // 1_000_000)
    with tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as kept:
        length = 0
        async for piece in stream:
            length += len(piece)
            if length > most:
                raise UploadTooLarge(limit=limit // 1_000_000)
            kept.write(piece)
        if announced is not None and length < announced:
            raise UploadBrokenOff
        kept.seek(0)
        return await asyncio.to_thread(_opened, kept.read(), content_type if form else "", name, limit)


def _opened(content: bytes, form_type: str, name: str, limit: int) -> FileInHand:
    if form_type:
        name, content = _out_of_form(form_type, content)
    if len(content) > limit:
        raise UploadTooLarge(limit=limit // 1_000_000)
    return _table(name, content)


def _table(name: str, content: bytes) -> FileInHand:
    if not content:
        raise UploadEmpty
    name = safe_name(PurePath(name).name)
    if content.startswith(_COMPOUND):
        # a workbook with a password, or an old one: the import says so in a sentence
        return FileInHand(name, XLSX, content)
    if content.startswith(_ZIP):
        if b"xl/workbook.xml" not in content:
            raise UploadNotATable
        return FileInHand(name, XLSX, content)
    is_wide = content.startswith(_UTF16)  # every other byte of it is a control character
    if (not is_wide and _CONTROL_CHARACTERS.search(content)) or not _is_text(content, wide=is_wide):
        raise UploadNotATable
    return FileInHand(name, CSV, content)


def _is_text(content: bytes, *, wide: bool) -> bool:
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp932", "iso2022_jp"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _out_of_form(content_type: str, body: bytes) -> tuple[str, bytes]:
    """The first file of a form: its name and bytes."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = message_from_bytes(head + body, policy=policy.HTTP)
    for part in form.iter_parts() if form.is_multipart() else ():
        if part.get_filename():
            return str(part.get_filename()), cast("bytes", part.get_payload(decode=True))
    raise UploadEmpty
