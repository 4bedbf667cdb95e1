"""A workbook's first visible sheet as rows of texts, and what is doubtful in its cells.

Values are read by calamine (four times as fast as openpyxl). Formulas, which it does not tell, are found in the
sheet's XML. Nothing is unpacked before it is known how much it comes to: a zip of a few kilobytes can hold gigabytes.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from exports.tables.errors import BrokenWorkbook, FileTooLarge, LockedWorkbook, OldWorkbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MOST_UNPACKED: Final = 200_000_000
_MOST_PARTS: Final = 5_000
_PIECE: Final = 1 << 20
_EXACT: Final = 1e15  # whole numbers up to here are exact in a spreadsheet
_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_FORMULA: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f[ />]')
_SHEET_ENTRY: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet. Rows and columns of the marks count from 0; ``others`` and ``hidden`` name sheets that were left."""

    title: str
    rows: list[list[str]]
    merged: tuple[tuple[int, int, int, int], ...]
    formulas: frozenset[tuple[int, int]]
    errors: frozenset[tuple[int, int]]
    others: tuple[str, ...]
    hidden: tuple[str, ...]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a zip or an old or encrypted workbook, so that they must not be read as text."""
    return content.startswith((ZIP, _COMPOUND))


def must_be_openable(content: bytes, *, file_name: str) -> None:
    """Raises LockedWorkbook, OldWorkbook, BrokenWorkbook, FileTooLarge."""
    if content.startswith(_COMPOUND):
        raise LockedWorkbook(file=file_name) if _ENCRYPTED in content else OldWorkbook(file=file_name)
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            _must_stay_small(parts, file_name)
            if "xl/workbook.xml" not in parts.namelist():
                raise BrokenWorkbook(file=file_name)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise BrokenWorkbook(file=file_name) from None


def read_sheet(content: bytes, *, file_name: str) -> SheetCells:
    """The first visible sheet that holds something. Raises what ``must_be_openable`` does."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    must_be_openable(content, file_name=file_name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [each for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        visible = [each.name for each in sheets if each.visible is SheetVisibleEnum.Visible]
        title, sheet = _first_filled(workbook, visible, file_name)
        rows, errors = _texts(sheet)
    except (CalamineError, OSError, ValueError):
        raise BrokenWorkbook(file=file_name) from None
    return SheetCells(
        title=title,
        rows=rows,
        merged=tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()),
        formulas=_formulas(content, title),
        errors=errors,
        others=tuple(name for name in visible if name != title and _is_filled(workbook, name)),
        hidden=tuple(each.name for each in sheets if each.name not in visible),
    )


def _must_stay_small(parts: ZipFile, file_name: str) -> None:
    """Unpack every part and throw it away: what a zip says about its own sizes may be a lie."""
    entries = parts.infolist()
    whole = 0
    if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise FileTooLarge(file=file_name, limit=_MOST_UNPACKED // 1_000_000)
    for entry in entries:
        with parts.open(entry) as part:
            while piece := part.read(_PIECE):
                whole += len(piece)
                if whole > _MOST_UNPACKED:
                    raise FileTooLarge(file=file_name, limit=_MOST_UNPACKED // 1_000_000)


def _first_filled(workbook: "CalamineWorkbook", names: list[str], file_name: str) -> tuple[str, "CalamineSheet"]:
    if not names:
        raise BrokenWorkbook(file=file_name)
    title = next((name for name in names if _is_filled(workbook, name)), names[0])
    return title, workbook.get_sheet_by_name(title)


def _is_filled(workbook: "CalamineWorkbook", name: str) -> bool:
    return workbook.get_sheet_by_name(name).total_height > 1


def _texts(sheet: "CalamineSheet") -> tuple[list[list[str]], frozenset[tuple[int, int]]]:
    errors: set[tuple[int, int]] = set()
    rows = []
    for number, row in enumerate(sheet.to_python(skip_empty_area=False)):
        texts = [_text(value) for value in row]
        errors.update((number, place) for place, text in enumerate(texts) if text in _ERRORS)
        rows.append(texts)
    return rows, frozenset(errors)


def _text(value: object) -> str:
    """A value as a person would type it: no .0 behind a whole number, dates as ISO, times as 13:30."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return _moment(value) if isinstance(value, date | time) else str(value)


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")


def _formulas(content: bytes, title: str) -> frozenset[tuple[int, int]]:
    """Where formulas stand. Only looked for in the sheet of that title."""
    with ZipFile(io.BytesIO(content)) as parts:
        name = _part_of(parts, title)
        if name is None:
            return frozenset()
        found = _FORMULA.finditer(parts.read(name))
        return frozenset((int(match[2]) - 1, _column(match[1].decode())) for match in found)


def _part_of(parts: ZipFile, title: str) -> str | None:
    """The path of a sheet's XML inside the workbook."""
    workbook = parts.read("xl/workbook.xml").decode("utf-8", "replace")
    names = parts.namelist()
    if "xl/_rels/workbook.xml.rels" not in names:
        return None
    relations = parts.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {_attribute(each, "Id"): _attribute(each, "Target") for each in _RELATION.findall(relations)}
    for entry in _SHEET_ENTRY.findall(workbook):
        if _attribute(entry, "name") == title:
            target = targets.get(_attribute(entry, r"\w+:id"), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in names else None
    return None


def _attribute(element: str, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"', element)
    return unescape(match[1]) if match else ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def numbered(rows: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers as Excel shows them."""
    return enumerate(rows, start=1)
