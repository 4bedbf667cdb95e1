"""The rows of a sheet as XML: written here, because openpyxl takes about ten times as long for the same cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from math import ceil
from typing import Final
from xml.sax.saxutils import escape

from exports.workbook.sheets import Formula, Value
from exports.workbook.values import LOOKS_LIKE_FORMULA, text_width

_ROWS_AT_ONCE: Final = 500
_DAY_ZERO: Final = 693_594  # the ordinal of 1899-12-30, Excel's day 0
_DAY_SECONDS: Final = 86_400
_LINE_SPACING: Final = 1.45
_HIGHEST: Final = 409.0  # points, the most that Excel takes


@dataclass(frozen=True, slots=True)
class BodyColumn:
    """A column as its cells need it.

    letter names it; plain and quoted are its styles' numbers in the workbook, quoted for text that looks like a
    formula. room is how many half-width characters fit on a line, None if text does not wrap.
    """

    letter: str
    plain: int
    quoted: int
    room: float | None


def body(
    rows: Iterable[Sequence[Value]], columns: Sequence[BodyColumn], font_size: float, row_height: float | None
) -> Iterator[bytes]:
    """Give the row elements from row 2 on, some hundred at a time. Values must be as stored_as gives them."""
    numbered = enumerate(rows, start=2)
    while some := list(islice(numbered, _ROWS_AT_ONCE)):
        yield "".join([_row(number, row, columns, font_size, row_height) for number, row in some]).encode()


def fitted_height(
    row: Sequence[Value], columns: Sequence[BodyColumn], font_size: float, row_height: float | None
) -> float | None:
    """Give the height that the longest wrapped text needs, None for one line: not every program finds it itself."""
    lines = 1
    for value, column in zip(row, columns, strict=True):
        if column.room is None or not isinstance(value, str):
            continue
        if "\n" in value or (len(value) * 2 > column.room and text_width(value) > column.room):
            room = max(column.room, 2.0)
            lines = max(lines, sum(max(1, ceil(text_width(line) / room)) for line in value.split("\n")))
    if lines == 1:
        return row_height
    return round(min(max(row_height or 0, lines * font_size * _LINE_SPACING + 2), _HIGHEST), 2)


def _row(
    number: int, row: Sequence[Value], columns: Sequence[BodyColumn], font_size: float, row_height: float | None
) -> str:
    height = fitted_height(row, columns, font_size, row_height)
    fixed = "" if height is None else f' ht="{height}" customHeight="1"'
    cells = "".join([_cell(number, value, column) for value, column in zip(row, columns, strict=True)])
    return f'<row r="{number}"{fixed}>{cells}</row>'


def _cell(number: int, value: Value, column: BodyColumn) -> str:
    if isinstance(value, str):
        style = column.quoted if value.startswith(LOOKS_LIKE_FORMULA) else column.plain
        kept = ' xml:space="preserve"' if "\n" in value or value != value.strip() else ""
        return f'<c r="{column.letter}{number}" s="{style}" t="inlineStr"><is><t{kept}>{escape(value)}</t></is></c>'
    begin = f'<c r="{column.letter}{number}" s="{column.plain}"'
    if value is None:
        return f"{begin}/>"
    if isinstance(value, Formula):
        return f"{begin}><f>{escape(value.expression)}</f></c>"
    return f"{begin}><v>{_serial(value)}</v></c>"


def _serial(value: date | time | float) -> float:
    """Give a number as it is, a date as Excel's count of days, a time as a part of a day."""
    if isinstance(value, datetime):
        return value.toordinal() - _DAY_ZERO + _seconds(value) / _DAY_SECONDS
    if isinstance(value, date):
        return value.toordinal() - _DAY_ZERO
    if isinstance(value, time):
        return _seconds(value) / _DAY_SECONDS
    return +value


def _seconds(clock: datetime | time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
