"""One value as Excel can hold it, and how wide it will be."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from math import isfinite
from typing import Final

from exports.workbook.sheets import Formula, Kind, Value

TEXT_UNITS: Final = 32_767  # UTF-16 units in one cell
TOKYO: Final = timezone(timedelta(hours=9), "JST")
NUMBER_FORMATS: Final = {
    Kind.TEXT: "General",
    Kind.TELEPHONE: "@",
    # Excel itself turns the year into 令和; the cell holds a real date
    Kind.DATE: '[$-411]ggge"年"m"月"d"日"(aaa)',
    Kind.TIME: "hh:mm",
    Kind.DATETIME: '[$-411]ggge"年"m"月"d"日"(aaa) hh:mm',
    Kind.INTEGER: "#,##0",
    Kind.NUMBER: "#,##0.##",
    Kind.PERCENT: "0.0%",
}
SHOWN_WIDTHS: Final = {Kind.DATE: 20.0, Kind.TIME: 6.0, Kind.DATETIME: 26.0}
# Excel would take what begins so for a formula if the cell were typed again; Japanese Excel the wide ones too
LOOKS_LIKE_FORMULA: Final = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")

_BREAKS = re.compile(r"\r\n|\r")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has no way to write them
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EARLIEST = (1900, 3, 1)  # Excel believes in 29 February 1900; before it days are counted wrongly


def stored_as(kind: Kind) -> Callable[[Value], Value]:
    """Give the function that turns a value into what a column of this kind stores.

    None and blank text leave the cell empty, a Formula stays one. Raises TypeError for a value that the kind
    does not hold and ValueError for a number that is none.
    """
    store = _STORES[kind]

    def stored(value: Value) -> Value:
        if value is None or value == "" or isinstance(value, Formula):
            return value or None
        found = store(value)
        if found is None and not isinstance(value, str):
            raise TypeError(f"a column of kind {kind} does not hold {type(value).__name__}")
        if found is None and kind not in _TEXTS:
            raise TypeError(f"a column of kind {kind} does not hold text")
        return found

    return stored


def clean_text(text: str) -> str:
    """Give the text without what no workbook can hold, at most 32,767 UTF-16 units, cut ones ending in ….

    Text that looks like Excel's own escape (_x0041_) is escaped, so that it is shown as it was typed.
    """
    if text.isprintable() and "_x" not in text and len(text) * 2 <= TEXT_UNITS:
        return text
    plain = _ESCAPE_LIKE.sub("_x005F_", _ILLEGAL.sub("", _BREAKS.sub("\n", text)))
    units = plain.encode("utf-16-le")
    if len(units) <= TEXT_UNITS * 2:
        return plain
    return units[: (TEXT_UNITS - 1) * 2].decode("utf-16-le", "ignore") + "…"


def display_width(value: Value, kind: Kind) -> float:
    """Give the width of a value in half-width characters, of its longest line if it has several."""
    if isinstance(value, str):
        return text_width(value) if "\n" not in value else max(map(text_width, value.split("\n")))
    if value is None or isinstance(value, Formula):
        return 0
    return SHOWN_WIDTHS.get(kind) or len(str(value)) + 2


def text_width(text: str) -> int:
    """Give the width of one line of text in half-width characters."""
    return len(text) if text.isascii() else sum(map(_sign_width, text))


@lru_cache(maxsize=8192)
def _sign_width(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1


def _text(value: Value) -> Value:
    text = clean_text(str(value))
    return text if text and not text.isspace() else None


def _number(value: Value) -> Value:
    if not isinstance(value, int | float):
        return None
    if not isfinite(value):
        raise ValueError(f"not a number that a cell can hold: {value}")
    return value


def _day(value: Value) -> Value:
    if isinstance(value, datetime):
        value = _local(value).date()
    return _countable(value) if isinstance(value, date) else None


def _moment(value: Value) -> Value:
    return _countable(_local(value)) if isinstance(value, datetime) else None


def _clock(value: Value) -> Value:
    if isinstance(value, datetime):
        return _local(value).time()
    return value.replace(microsecond=0, tzinfo=None) if isinstance(value, time) else None


def _local(moment: datetime) -> datetime:
    local = moment.astimezone(TOKYO).replace(tzinfo=None) if moment.tzinfo is not None else moment
    return local.replace(microsecond=0)


def _countable(day: date) -> Value:
    return day if day.timetuple()[:3] >= _EARLIEST else day.isoformat()  # an earlier one stays readable as text


_TEXTS: Final = frozenset({Kind.TEXT, Kind.TELEPHONE})
_STORES: Final[dict[Kind, Callable[[Value], Value]]] = {
    Kind.TEXT: _text,
    Kind.TELEPHONE: _text,
    Kind.DATE: _day,
    Kind.TIME: _clock,
    Kind.DATETIME: _moment,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.PERCENT: _number,
}
