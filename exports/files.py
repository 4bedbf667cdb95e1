"""A file that leaves the product: its name, its media type and its bytes.

>>> ExportFile("../名簿/11月.xlsx", XLSX, b"").name
'_名簿_11月.xlsx'

An answer over HTTP takes Content-Type from media_type and Content-Disposition from attachment(file.name).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ICS: Final = "text/calendar; charset=utf-8"

NAME_OCTETS: Final = 200  # ext4 and SMB stop at 255; the rest is for "name (2).xlsx" made by a browser
NAMELESS: Final = "file"
_LONGEST_EXTENSION: Final = 12
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)
# Cc, Cf and Cs hide or turn round what follows (a name ending in "xslx.exe" can be made to look harmless)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What a person receives. The name is made safe on the way in, whoever made it."""

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        """Keep a path, a device name or an invisible sign out of the name."""
        object.__setattr__(self, "name", safe_name(self.name))


def safe_name(name: str) -> str:
    """Give a name that Windows, macOS and Linux take, at most 200 octets, Japanese as it was typed.

    The same name always gives the same result, and a safe name stays as it is.
    """
    visible = "".join(" " if sign.isspace() else sign for sign in name if not _is_invisible(sign))
    tidy = re.sub(" +", " ", _FORBIDDEN.sub("_", visible)).strip(" .")
    if _DEVICES.match(tidy):
        tidy = f"_{tidy}"
    return _shortened(tidy) or NAMELESS


def attachment(name: str) -> str:
    """Give the value of Content-Disposition that makes a browser save the file under this name (RFC 6266)."""
    safe = safe_name(name)
    plain = re.sub(r"[^A-Za-z0-9._ ()-]", "_", safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _is_invisible(sign: str) -> bool:
    return not sign.isspace() and unicodedata.category(sign) in _INVISIBLE


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > _LONGEST_EXTENSION:
        return _cut(name, NAME_OCTETS)
    room = NAME_OCTETS - len(extension.encode()) - 1
    return f"{_cut(stem, room)}.{extension}"


def _cut(text: str, octets: int) -> str:
    return text.encode()[:octets].decode(errors="ignore").rstrip(" .")
