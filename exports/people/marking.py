"""A file that was refused, as a workbook with its wrong cells coloured and a column that says what to put right.

A workbook stays the organiser's own: sheets, widths and formulas are left as they are. A text file becomes a workbook
whose cells are all text. The column is no header of ours, so the marked file can be corrected and brought back.
"""

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from exports.files import XLSX, ExportFile
from exports.opendata.profiles import header_key
from exports.tables import RawTable, read_raw_table
from exports.tables.workbooks import is_workbook
from exports.workbook.values import clean_text

if TYPE_CHECKING:
    from openpyxl import Workbook

TO_PUT_RIGHT: Final = "直すところ"
_FILL: Final = "FFE08A"
_WIDTH: Final = 60.0
_EARLIEST: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- a document's own time has no zone


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell and what is wrong with it; without a header it is the row."""

    row: int
    header: str
    sentence: str


def marked_workbook(content: bytes, *, file_name: str, marks: Sequence[CellMark], name: str) -> ExportFile:
    """The marked workbook. Raises the kinds of UnreadableFile."""
    table = read_raw_table(content, file_name=file_name)
    workbook = _opened(content) if is_workbook(content) else _as_workbook(table)
    sheet = workbook[table.sheet] if table.sheet else workbook.worksheets[0]
    header_row = table.header_row if table.sheet else 1
    shift = 0 if table.sheet else header_row - table.header_row
    rows = _places(table) if not table.sheet else {}
    places = {header_key(header): place for place, header in enumerate(table.header, start=1) if header}
    column = len(table.header) + 1
    standing = places.get(header_key(TO_PUT_RIGHT))
    column = standing or column
    _say(sheet, header_row, column, TO_PUT_RIGHT, bold=True)
    sentences: defaultdict[int, list[str]] = defaultdict(list)
    for mark in marks:
        row = rows.get(mark.row, mark.row + shift)
        place = places.get(header_key(mark.header)) if mark.header else None
        sentences[row].append(f"{mark.header}：{mark.sentence}" if mark.header else mark.sentence)
        if place:
            _colour(sheet, row, place)
    for row, said in sentences.items():
        _say(sheet, row, column, "\n".join(said))
    _widen(sheet, column)
    saved = io.BytesIO()
    workbook.save(saved)
    return ExportFile(name, XLSX, saved.getvalue())


def _opened(content: bytes) -> "Workbook":
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content))


def _as_workbook(table: RawTable) -> "Workbook":
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.properties.created = workbook.properties.modified = _EARLIEST
    sheet: Any = workbook.active
    for row, cells in enumerate((table.header, *(each.cells for each in table.rows)), start=1):
        for place, text in enumerate(cells, start=1):
            _text(sheet.cell(row, place), text)
    sheet.freeze_panes = "A2"
    return workbook


def _places(table: RawTable) -> dict[int, int]:
    """Row of the text file → row of the workbook made from it."""
    return {each.row: place for place, each in enumerate(table.rows, start=2)}


def _text(cell: Any, text: str) -> None:
    if text:
        cell.value = clean_text(text)
        cell.data_type = "s"
        cell.number_format = "@"


def _colour(sheet: Any, row: int, place: int) -> None:
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row, place)
    if type(cell).__name__ != "MergedCell":
        cell.fill = PatternFill("solid", fgColor=_FILL)


def _say(sheet: Any, row: int, column: int, sentence: str, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(row, column)
    if type(cell).__name__ == "MergedCell":
        return
    _text(cell, sentence)
    cell.number_format = "General"
    cell.fill = PatternFill("solid", fgColor=_FILL)
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _widen(sheet: Any, column: int) -> None:
    from openpyxl.utils import get_column_letter

    sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
