"""Sheets in, one xlsx file out: pandas holds the columns, openpyxl makes all but the rows, which are streamed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from exports.files import XLSX, ExportFile
from exports.workbook.body import BodyColumn, body, fitted_height
from exports.workbook.packing import packed
from exports.workbook.sheets import Column, Kind, Sheet, Value, sheet_titles
from exports.workbook.styles import column_style, header_cell
from exports.workbook.values import clean_text, display_width, stored_as

if TYPE_CHECKING:
    from pandas import DataFrame

LARGEST_SHEET: Final = 1_048_575  # rows below the header
_NARROWEST, _WIDEST = 5.0, 60.0
_PADDING: Final = 3.0  # the indent and the lines of the grid
_FILTER_ARROW: Final = 2.0
_USUAL_POINT: Final = 11
_INDENT: Final = 1.2
_LONGEST_LIST: Final = 255
_HEADER_SIGNS: Final = 110  # three parts share 255 characters with their font codes


def write_workbook(
    name: str, sheets: Sequence[Sheet], *, made_at: datetime, author: str = "", title: str = ""
) -> ExportFile:
    """Write the sheets as one xlsx file. made_at (aware) becomes the document's time of making and changing.

    Raises TypeError for a value that its column does not hold, ValueError for a naive made_at, for a row that is
    not as long as its sheet's columns and for more rows than a sheet can have.
    """
    from openpyxl import Workbook

    if made_at.tzinfo is None:
        raise ValueError(f"naive time: {made_at.isoformat()}")
    workbook = Workbook(write_only=True)
    bodies = [
        _write_sheet(workbook.create_sheet(sheet_title), sheet)
        for sheet, sheet_title in zip(sheets, sheet_titles(sheet.title for sheet in sheets), strict=True)
    ]
    properties = workbook.properties
    moment = made_at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    properties.created, properties.modified = moment, moment
    properties.creator, properties.lastModifiedBy = clean_text(author), clean_text(author)
    properties.title = clean_text(title or name.removesuffix(".xlsx"))
    workbook.calculation.fullCalcOnLoad = True
    return ExportFile(name=name, media_type=XLSX, content=packed(workbook, bodies))


def _write_sheet(worksheet: Any, sheet: Sheet) -> Iterator[bytes]:
    """Make the sheet without its rows and give the rows, written only when they are packed."""
    from openpyxl.utils import get_column_letter

    frame = _frame(sheet)
    widths = [_width(column, frame[position], sheet.font_size) for position, column in enumerate(sheet.columns)]
    columns = []
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True), start=1):
        style = column_style(worksheet, column, sheet.font_size)
        room = (width - _INDENT) * _USUAL_POINT / sheet.font_size if column.wrap else None
        columns.append(BodyColumn(get_column_letter(number), style.plain, style.quoted, room))
    _lay_out(worksheet, sheet, widths, len(frame))
    headers = [clean_text(column.header) for column in sheet.columns]
    worksheet.row_dimensions[1].height = fitted_height(headers, columns, sheet.font_size, sheet.row_height)
    worksheet.append([header_cell(worksheet, text, sheet.font_size) for text in headers])
    rows = frame.itertuples(index=False, name=None)
    return body(cast("Iterator[tuple[Value, ...]]", rows), columns, sheet.font_size, sheet.row_height)


def _frame(sheet: Sheet) -> "DataFrame":
    """Give the rows as a table with one object column for each column, every value as it will be stored."""
    from pandas import DataFrame, Series

    rows = list(sheet.rows)
    if len(rows) > LARGEST_SHEET:
        raise ValueError(f"too many rows for one sheet: {len(rows)}")
    if wrong := next((row for row in rows if len(row) != len(sheet.columns)), None):
        raise ValueError(f"a row of {len(wrong)} values for {len(sheet.columns)} columns")
    # object columns keep None, dates and zeros as they are: pandas must not guess
    return DataFrame(
        {
            position: Series([*map(stored_as(column.kind), [row[position] for row in rows])], dtype=object)
            for position, column in enumerate(sheet.columns)
        }
    )


def _width(column: Column, values: Iterable[Value], font_size: float) -> float:
    if column.width is not None:
        return column.width
    widest = max(display_width(column.header, Kind.TEXT) + _FILTER_ARROW, _NARROWEST)
    for value in values:
        if not isinstance(value, str) or len(value) * 2 > widest:  # shorter text cannot be wider
            widest = max(widest, display_width(value, column.kind))
    return min(widest * font_size / _USUAL_POINT + _PADDING, _WIDEST)


def _lay_out(worksheet: Any, sheet: Sheet, widths: Sequence[float], rows: int) -> None:
    from openpyxl.utils import get_column_letter

    for position, width in enumerate(widths, start=1):
        worksheet.column_dimensions[get_column_letter(position)].width = round(width, 2)
    worksheet.freeze_panes = "A2"
    if rows:
        worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows + 1}"
        _offer_choices(worksheet, sheet, rows)
    _set_up_page(worksheet, sheet)


def _offer_choices(worksheet: Any, sheet: Sheet, rows: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for position, column in enumerate(sheet.columns, start=1):
        listed = ",".join(column.choices)
        if not column.choices or len(listed) > _LONGEST_LIST or '"' in listed:
            continue
        letter = get_column_letter(position)
        offer = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        offer.add(f"{letter}2:{letter}{rows + 1}")
        worksheet.data_validations.append(offer)


def _set_up_page(worksheet: Any, sheet: Sheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    setup = sheet.print_setup
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.orientation = "landscape" if setup.landscape else "portrait"
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = "1:1"
    worksheet.print_options.horizontalCentered = True
    margins = worksheet.page_margins  # inches
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.8, 0.6, 0.35, 0.3
    _print_text(worksheet.HeaderFooter.oddHeader.left, setup.title, sheet.font_size)
    _print_text(worksheet.HeaderFooter.oddHeader.right, setup.note, sheet.font_size)
    worksheet.HeaderFooter.oddFooter.center.text = "&P / &N"


def _print_text(part: Any, text: str, font_size: float) -> None:
    signs = [sign.replace("&", "&&") for sign in " ".join(clean_text(text).split())]
    while sum(map(len, signs)) > _HEADER_SIGNS:
        signs.pop()
    if signs:
        part.text = "".join(signs)
        part.size = max(round(font_size), _USUAL_POINT)
