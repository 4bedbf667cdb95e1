"""From the bytes of a file to its header row and the rows below, all cells as texts.

The header is the first row with at least two filled cells: a title above it is passed over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exports.tables.delimited import decoded, records
from exports.tables.errors import EmptyFile, TooManyRows
from exports.tables.workbooks import SheetCells, is_workbook, numbered, read_sheet

MOST_ROWS: Final = 100_000  # as calamine holds a whole sheet in memory: about 280 MB at that many
_HEADER_CELLS: Final = 2


@dataclass(frozen=True, slots=True)
class CellDoubt:
    """Something about a cell that its text does not show. ``refuses``: no value can be taken from it.

    ``code``: ``merged``, ``formula``, ``formula_without_value``, ``excel_error``. ``place`` counts columns from 0.
    """

    place: int
    code: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number in the sheet, its trimmed cells (as many as the header has), and what lies beyond."""

    row: int
    cells: tuple[str, ...]
    beyond: str = ""
    doubts: tuple[CellDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's table. ``sheet`` is "" for text; ``notes``: (code, names) about the file as a whole."""

    file: str
    sheet: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    notes: tuple[tuple[str, str], ...] = ()


def read_raw_table(
    content: bytes, *, file_name: str, most_rows: int = MOST_ROWS, header_alone: bool = False
) -> RawTable:
    """The table of a file; one without rows only where ``header_alone``. Raises the kinds of UnreadableFile."""
    if is_workbook(content):
        sheet = read_sheet(content, file_name=file_name)
        return _table(numbered(sheet.rows), file_name, most_rows, sheet, header_alone=header_alone)
    return _table(
        records(decoded(content, file_name=file_name), file_name), file_name, most_rows, None, header_alone=header_alone
    )


def _table(
    numbered_rows: Iterable[tuple[int, Sequence[str]]],
    file_name: str,
    most_rows: int,
    sheet: SheetCells | None,
    *,
    header_alone: bool,
) -> RawTable:
    filled = [(number, cells) for number, cells in numbered_rows if any(cells)]
    start = next((place for place, (_, cells) in enumerate(filled) if sum(map(bool, cells)) >= _HEADER_CELLS), 0)
    if len(filled) <= start + (0 if header_alone else 1):
        raise EmptyFile(file=file_name)
    if len(filled) - start - 1 > most_rows:
        raise TooManyRows(file=file_name, limit=most_rows)
    header_row, header = filled[start][0], _without_empty_end(filled[start][1])
    doubts = _doubts(sheet, header_row) if sheet else {}
    return RawTable(
        file_name,
        sheet.title if sheet else "",
        header_row,
        header,
        tuple(_row(number, cells, len(header), doubts.get(number, ())) for number, cells in filled[start + 1 :]),
        _notes(sheet) if sheet else (),
    )


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    width = max(place for place, cell in enumerate(cells, start=1) if cell)
    return tuple(" ".join(cell.split()) for cell in cells[:width])


def _row(number: int, cells: Sequence[str], width: int, doubts: Sequence[CellDoubt]) -> RawRow:
    own = tuple(cells[:width])
    beyond = next((cell for cell in cells[width:] if cell), "")
    return RawRow(number, own + ("",) * (width - len(own)), beyond, tuple(doubts))


def _doubts(sheet: SheetCells, header_row: int) -> Mapping[int, list[CellDoubt]]:
    found: dict[int, list[CellDoubt]] = {}
    for row, place in sorted(sheet.formulas):
        text = sheet.rows[row][place] if row < len(sheet.rows) and place < len(sheet.rows[row]) else ""
        code = "formula" if text else "formula_without_value"
        found.setdefault(row + 1, []).append(CellDoubt(place, code, refuses=not text))
    for row, place in sheet.errors:
        found.setdefault(row + 1, []).append(CellDoubt(place, "excel_error", refuses=True))
    for top, left, bottom, right in sheet.merged:
        for row in range(max(top, header_row), bottom + 1):
            doubts = [CellDoubt(place, "merged", refuses=True) for place in range(left, right + 1)]
            found.setdefault(row + 1, []).extend(doubts)
    return found


def _notes(sheet: SheetCells) -> tuple[tuple[str, str], ...]:
    named = (("other_sheets", sheet.others), ("hidden_sheets", sheet.hidden))
    return tuple((code, "・".join(names)) for code, names in named if names)
