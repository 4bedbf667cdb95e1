"""One cell of a published file as a value, with the damage of spreadsheets undone.

Each function answers with the value, or None for an empty cell, and raises ``CellRefused`` with a code otherwise.
"""

import re
import unicodedata
from datetime import date, time
from functools import lru_cache
from typing import Final

from events.errors import DomainError
from events.japan.errors import Unreadable
from events.japan.municipality_codes import parse_municipality_code
from events.japan.typed_dates import excel_date, excel_time, parse_date, parse_time

_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_FRACTION: Final = re.compile(r"\d*\.\d+")
_ZERO_TIME: Final = re.compile(r"[T ]0{1,2}:00(?::00)?(?:\.0+)?$")
# A weekday format that was published as text: 2022/1/5(aaa)
_FORMAT_DEBRIS: Final = re.compile(r"\(?\ba{3,4}\b\)?", re.IGNORECASE)
_NO_YEAR: Final = re.compile(r"\d{1,2}[月/.\-]\d{1,2}日?(?:\(.*\))?")
_NUMBER: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?:名|人|組|円)?")
_EARLIEST, _LATEST = 1990, 2100


class CellRefused(DomainError):
    """A cell that cannot be read; ``code`` of the refusal stands in ``reason``."""

    code = "cell_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@lru_cache(maxsize=4096)
def date_cell(text: str) -> date | None:
    """A day: ISO, 2022/1/5, 令和4年1月5日, 20220105, or a serial number (44596 is 2022-02-04); the year must stand."""
    plain = _plain(text)
    bare = _ZERO_TIME.sub("", _FORMAT_DEBRIS.sub("", plain)).strip()
    if not plain:
        return None
    if not bare or _NO_YEAR.fullmatch(bare):
        raise CellRefused("unreadable_date")
    try:
        # the year is there, so "today" only bounds how far ahead a day may lie; a file of any age is read
        found = excel_date(float(bare)) if _SERIAL.fullmatch(bare) else parse_date(bare, today=date.max)
    except Unreadable as refusal:
        raise CellRefused(refusal.code) from None
    if not _EARLIEST <= found.year <= _LATEST:
        raise CellRefused("implausible_date")
    return found


def was_serial(text: str) -> bool:
    """Whether a date came as the serial number of a spreadsheet."""
    return bool(_SERIAL.fullmatch(_plain(text)))


def has_format_debris(text: str) -> bool:
    """Whether a weekday format was published as text."""
    return bool(_FORMAT_DEBRIS.search(_plain(text)))


@lru_cache(maxsize=4096)
def time_cell(text: str) -> time | None:
    """A time: 13:30, 午後1時半, or a fraction of a day (0.5625 is 13:30), also behind a serial number."""
    plain = _plain(text)
    if not plain:
        return None
    try:
        if _FRACTION.fullmatch(plain):
            number = float(plain)
            return excel_time(number % 1 if _SERIAL.fullmatch(plain) else number)
        return parse_time(plain)
    except Unreadable as refusal:
        raise CellRefused(refusal.code) from None


def number_cell(text: str, *, most: int) -> int | None:
    """A whole number from 0 to ``most``: 500, １０名, 1,000円."""
    plain = _plain(text).replace(" ", "")
    if not plain:
        return None
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise CellRefused("unreadable_number")
    digits = match.group(1).replace(",", "")
    # more than 9 digits are no number of people or yen, and conversion of endless ones is slow
    if len(digits) > 9 or int(digits) > most:
        raise CellRefused("number_too_large")
    return int(digits)


def degrees_cell(text: str, *, least: float, most: float) -> float | None:
    """Degrees between two bounds; 0 stands for nothing."""
    plain = _plain(text)
    if not plain:
        return None
    if not re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{1,20})?", plain):
        raise CellRefused("unreadable_number")
    value = float(plain)
    if value == 0:
        return None
    if not least <= value <= most:
        raise CellRefused("outside_japan")
    return round(value, 6)


@lru_cache(maxsize=4096)
def code_cell(text: str) -> str | None:
    """A code of six digits; a leading zero that a spreadsheet dropped is given back."""
    plain = _plain(text)
    if not plain:
        return None
    try:
        return parse_municipality_code(plain)
    except Unreadable as refusal:
        raise CellRefused(refusal.code) from None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
