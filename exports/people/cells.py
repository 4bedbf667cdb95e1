"""One cell of a people's list as a value. Each function gives None or () for an empty cell, and raises CellRefused."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final, TypeVar

from events.age_bands import AGE_BANDS, band_of_age
from events.japan.clock import at_tokyo
from events.japan.eras import WEEKDAYS
from events.japan.errors import Unreadable
from events.japan.fiscal_year import read_fiscal_year
from events.japan.typed_dates import excel_date, parse_date, parse_time
from exports.opendata.cells import CellRefused
from exports.people.forms import code_of
from volunteers.availability import WeeklyTime
from volunteers.day_parts import HOURS, Part

R = TypeVar("R")

_SERIAL: Final = re.compile(r"\d{5}(?:\.0+)?")
_MOMENT: Final = re.compile(r"(?P<day>.+?)[ T　](?P<time>(?:午前|午後)?\d{1,2}[:時].*)")
_SECONDS: Final = re.compile(r"(:\d{2}):\d{2}(?:\.\d+)?$")
_BETWEEN: Final = re.compile(r"[、,;；・/／\n]+")
_AGE: Final = re.compile(r"(?:満)?(\d{1,3})(?:歳|才)?")
_COARSE: Final = re.compile(r"\d0(?:代|歳代)")
_NOUGHT: Final = re.compile(r"[1-9]\d{8,9}")
_PARTS: Final = {
    "": tuple(Part),
    "終日": tuple(Part),
    "午前": (Part.MORNING,),
    "午後": (Part.AFTERNOON,),
    "夜": (Part.EVENING,),
    "夜間": (Part.EVENING,),
}
_SOME_DAYS: Final = {"平日": "月火水木金", "土日": "土日", "週末": "土日", "毎日": WEEKDAYS}
_WEEKLY: Final = re.compile(
    rf"(?P<days>平日|土日|週末|毎日|[{WEEKDAYS}]+)(?:曜日?)?の?"
    r"(?:(?P<part>終日|午前|午後|夜間?)|(?P<from>\d{1,2}:\d{2})(?:-|~|から)(?P<to>\d{1,2}:\d{2}))?"
)
ALWAYS: Final = frozenset({"いつでも", "いつでも可"})


def plain(text: str) -> str:
    """A cell in one width, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def telephone_cell(text: str) -> tuple[str, bool]:
    """A telephone number as it was given, and whether a zero that a spreadsheet dropped was put back."""
    bare = plain(text)
    return (f"0{bare}", True) if _NOUGHT.fullmatch(bare) else (text.strip(), False)


def day_cell(text: str, *, today: date) -> date | None:
    """A day, also the serial number of a spreadsheet; without a year it lies in the fiscal year of ``today``."""
    bare = re.sub(r"[T ]0{1,2}:00(?::00)?(?:\.0+)?$", "", plain(text))
    if not bare:
        return None
    if _SERIAL.fullmatch(bare):
        return _read(lambda: excel_date(float(bare)))
    return _read(lambda: parse_date(bare, today=today))


def moment_cell(text: str, *, today: date) -> datetime | None:
    """A Tokyo day with a time, or without: then its beginning. Aware UTC."""
    bare = plain(text)
    if not bare:
        return None
    found = _MOMENT.fullmatch(bare)
    day = day_cell(found["day"] if found else bare, today=today)
    if day is None:
        raise CellRefused("unreadable_date")
    at = _read(lambda: parse_time(_SECONDS.sub(r"\1", found["time"]))) if found else time(0)
    return at_tokyo(day, at)


def code_cell(text: str, subject: str) -> str | None:
    """One of our codes by its word."""
    if not plain(text):
        return None
    code = code_of(subject, text)
    if code is None:
        raise CellRefused("unknown_word")
    return code


def codes_cell(text: str, subject: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Several codes, and the words that are none of ours."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    # カメラ・写真 is one word of ours although ・ divides others
    whole = code_of(subject, text) if parts else None
    if whole:
        return (whole,), ()
    known: dict[str, None] = {}
    unknown = []
    position = 0
    while position < len(parts):
        pair = "・".join(parts[position : position + 2])
        step = 2 if position + 1 < len(parts) and code_of(subject, pair) else 1
        word = pair if step == 2 else parts[position]
        code = code_of(subject, word)
        if code:
            known[code] = None
        else:
            unknown.append(word)
        position += step
    return tuple(known), tuple(unknown)


def age_cell(text: str) -> str | None:
    """An age band from its words or from an age; 70代 spans two of ours and is refused as ``coarse_age``."""
    bare = plain(text)
    if not bare:
        return None
    if code := code_of("age_band", bare):
        return code
    if _COARSE.fullmatch(bare):
        raise CellRefused("coarse_age")
    match = _AGE.fullmatch(bare)
    if match is None or not 0 < int(match[1]) <= 120:
        raise CellRefused("unknown_word")
    return band_of_age(int(match[1])) if bare not in AGE_BANDS else bare


def count_cell(text: str, *, least: int, most: int) -> int | None:
    """A whole number from ``least`` to ``most``: 2, ２名, 第1希望."""
    bare = re.sub(r"^第|(?:名|人|回|希望|位)+$", "", plain(text))
    if not bare:
        return None
    if not re.fullmatch(r"\d{1,9}(?:\.0)?", bare):
        raise CellRefused("unreadable_number")
    number = int(float(bare))
    if not least <= number <= most:
        raise CellRefused("out_of_range")
    return number


def fiscal_year_cell(text: str) -> int | None:
    """A fiscal year: 令和8年度, R8, 2026."""
    return _read(lambda: read_fiscal_year(plain(text))) if plain(text) else None


def weekly_cell(text: str) -> tuple[tuple[WeeklyTime, ...], bool]:
    """When somebody is free each week (月午前・水 13:00-16:00・土日), and whether always."""
    bare = re.sub(r"[〜～–―−]", "-", plain(text))
    if "".join(bare.split()) in ALWAYS:
        return (), True
    times: set[WeeklyTime] = set()
    for piece in _BETWEEN.split(bare):
        if part := "".join(piece.split()):
            times.update(_weekly(part))
    return tuple(sorted(times)), False


def _weekly(piece: str) -> list[WeeklyTime]:
    match = _WEEKLY.fullmatch(piece)
    if match is None:
        raise CellRefused("unreadable_times")
    days = [WEEKDAYS.index(day) for day in _SOME_DAYS.get(match["days"], match["days"])]
    if match["from"]:
        start, end = _read(lambda: parse_time(match["from"])), _read(lambda: parse_time(match["to"]))
        return [WeeklyTime(day, start, end) for day in days]
    spans = [HOURS[part] for part in _PARTS[match["part"] or ""]]
    if len(spans) == len(HOURS):
        spans = [(spans[0][0], spans[-1][1])]
    return [WeeklyTime(day, start, end) for day in days for start, end in spans]


def _read(reader: Callable[[], R]) -> R:
    try:
        return reader()
    except Unreadable as refusal:
        raise CellRefused(refusal.code) from None
