"""Dates and times as people type them and as spreadsheets leave them."""

import math
import re
import unicodedata
from datetime import date, time, timedelta
from typing import Final

from events.japan.eras import ERAS, WEEKDAYS, day_in_era, weekday
from events.japan.errors import UnreadableDate, UnreadableTime, WeekdayMismatch
from events.japan.fiscal_year import fiscal_year

_ERA: Final = r"(?P<era>明治|大正|昭和|平成|令和|[MTSHRmtshr明大昭平令])"
_DATE_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        _ERA + r"(?P<year>\d{1,2}|元)[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?",
        _ERA + r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>\d{4})[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?",
    )
)
# （水）, (水曜), (水曜日・祝): the first sign is the weekday
_WEEKDAY: Final = re.compile(rf"\(([{WEEKDAYS}])(?:曜日?)?(?:[・･/、,][^()]{{0,10}})?\)$")
_TIME_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"(?P<half>午前|午後|[AaPp][Mm])?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::00(?:\.0+)?)?(?P<after>[AaPp][Mm])?",
        r"(?P<half>午前|午後)?(?P<hour>\d{1,2})時(?:(?P<minute>\d{1,2})分|(?P<thirty>半))?",
        r"(?P<hour>\d{1,2})(?P<minute>\d{2})",
        r"(?P<hour>\d{1,2})(?P<after>[AaPp][Mm])?",
    )
)
_HYPHENS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣ー", "-"))
# Spreadsheets count days from here; the 29 February 1900 that never was lies before serial 61.
_SERIAL_ZERO: Final = date(1899, 12, 30)
_FIRST_SERIAL: Final = 61
_LAST_SERIAL: Final = (date(9999, 12, 31) - _SERIAL_ZERO).days
_MINUTES: Final = 24 * 60
_YEARS_AHEAD: Final = 20


def parse_date(text: str, *, today: date, coming: bool = False) -> date:
    """The day somebody typed: R8.10.14, 令和8年10月14日（水）, 2026/10/14, 20261014, 10/14, in any width.

    Without a year it is the day in the fiscal year of ``today`` (as the screen writes it), or with ``coming`` the
    first such day from ``today`` on. Raises UnreadableDate, DateOutsideEra, WeekdayMismatch.
    """
    plain = _plain(text).translate(_HYPHENS)
    marked = _WEEKDAY.search(plain)
    bare = plain[: marked.start()] if marked else plain
    parts = next((match.groupdict() for form in _DATE_FORMS if (match := form.fullmatch(bare))), None)
    if parts is None:
        raise UnreadableDate(value=text)
    found = _day_of(parts, text, today, coming=coming)
    if marked and marked.group(1) != weekday(found):
        raise WeekdayMismatch(value=text, weekday=weekday(found))
    return found


def parse_time(text: str) -> time:
    """The time somebody typed: 13:30, 1330, 午後1時半, 13時30分, 1:30pm, 正午, 9.

    午前12時 and 午後12時 are refused: people read them both ways. Raises UnreadableTime.
    """
    plain = _plain(text)
    if plain == "正午":
        return time(12)
    parts = next((match.groupdict() for form in _TIME_FORMS if (match := form.fullmatch(plain))), None)
    if parts is None:
        raise UnreadableTime(value=text)
    half = (parts.get("half") or parts.get("after") or "").lower()
    if parts.get("half") and parts.get("after"):
        raise UnreadableTime(value=text)
    hour, minute = int(parts["hour"]), 30 if parts.get("thirty") else int(parts.get("minute") or 0)
    if (half and hour > 12) or (half in ("午前", "午後") and hour == 12):
        raise UnreadableTime(value=text)
    if half:
        hour = hour % 12 + (12 if half in ("午後", "pm") else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise UnreadableTime(value=text) from None


def excel_date(serial: float) -> date:
    """The day of a spreadsheet's serial number (1900 system): 44596 is 2022-02-04. Raises UnreadableDate."""
    if not math.isfinite(serial) or not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        raise UnreadableDate(value=serial)
    return _SERIAL_ZERO + timedelta(days=math.floor(serial))


def excel_time(fraction: float) -> time:
    """The time of a spreadsheet's fraction of a day, to the minute: 0.5625 is 13:30. Raises UnreadableTime."""
    if not math.isfinite(fraction) or not 0 <= fraction < 1:
        raise UnreadableTime(value=fraction)
    minutes = round(fraction * _MINUTES)
    if minutes == _MINUTES:
        raise UnreadableTime(value=fraction)
    return time(minutes // 60, minutes % 60)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _day_of(parts: dict[str, str | None], text: str, today: date, *, coming: bool) -> date:
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    year, era = parts.get("year"), parts.get("era")
    try:
        if era and year:
            return _not_far_away(day_in_era(era, 1 if year == "元" else int(year), month, day), text, today)
        if year:
            return _not_far_away(date(int(year), month, day), text, today)
        return _nearest_day(month, day, today, coming=coming)
    except (UnreadableDate, ValueError):
        raise UnreadableDate(value=text) from None


def _not_far_away(day: date, text: str, today: date) -> date:
    """The day, unless it is so far away that a finger slipped: 令和99年 for 令和9年, 202 for 2026."""
    if not ERAS[-1].first_day.year <= day.year <= today.year + _YEARS_AHEAD:
        raise UnreadableDate(value=text)
    return day


def _nearest_day(month: int, day: int, today: date, *, coming: bool) -> date:
    if not coming:
        year = fiscal_year(today)
        return date(year if month >= 4 else year + 1, month, day)
    # 29 February may be up to eight years away (1896 to 1904, 2096 to 2104)
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError
