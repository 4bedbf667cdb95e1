"""How cells look. A style is registered once in the workbook and named by its number afterwards."""

from dataclasses import dataclass
from typing import Any, Final

from exports.workbook.sheets import Column, Kind
from exports.workbook.values import NUMBER_FORMATS

FONT: Final = "BIZ UDPゴシック"  # part of Windows since 10; elsewhere the program takes its own
HEADER_FILL: Final = "E8EEF0"
LINE: Final = "B8C4C8"
_CENTRED: Final = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME})
_TEXTS: Final = frozenset({Kind.TEXT, Kind.TELEPHONE})


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """The numbers of a column's styles: as it is, and marked so that retyped text does not become a formula."""

    plain: int
    quoted: int


def header_cell(worksheet: Any, text: str, font_size: float) -> Any:
    """Give a cell of the header row; its text is text whatever it begins with."""
    from openpyxl.styles import Alignment, PatternFill

    cell = _bordered(worksheet, font_size, bold=True)
    cell.fill = PatternFill("solid", fgColor=HEADER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.value = text
    cell.data_type = "s"
    return cell


def column_style(worksheet: Any, column: Column, font_size: float) -> ColumnStyle:
    """Register the two looks of a column's cells."""
    plain = _body_cell(worksheet, column, font_size)
    # a cell of its own: a style that is registered must not change any more
    quoted = _body_cell(worksheet, column, font_size)
    quoted.quotePrefix = True
    return ColumnStyle(plain=plain.style_id, quoted=quoted.style_id)


def _body_cell(worksheet: Any, column: Column, font_size: float) -> Any:
    from openpyxl.styles import Alignment

    is_text = column.kind in _TEXTS
    cell = _bordered(worksheet, font_size, bold=False)
    cell.number_format = NUMBER_FORMATS[column.kind]
    cell.alignment = Alignment(
        horizontal="center" if column.kind in _CENTRED else "left" if is_text else None,
        vertical="center",
        wrap_text=column.wrap and is_text,
        indent=1 if is_text else 0,
    )
    return cell


def _bordered(worksheet: Any, font_size: float, *, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Border, Font, Side

    cell = WriteOnlyCell(worksheet)
    cell.font = Font(name=FONT, size=font_size, bold=bold)
    line = Side(style="thin", color=LINE)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    return cell
