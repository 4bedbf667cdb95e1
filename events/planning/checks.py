"""Checks of numbers, days and times that were typed: a wrong one comes back with its field and the reason."""

from datetime import date, time

from events.errors import InvalidValue
from events.free_text import checked_text

LONGEST_TITLE = 100
LONGEST_REASON = 400
LONGEST_NOTE = 2000
MOST_SEATS = 1000
MOST_YEN = 100_000_000
YEARS_BACK = 1
YEARS_AHEAD = 3


def checked_number(field: str, value: int, *, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``."""
    if not least <= value <= most:
        raise InvalidValue(field=field, value=value, problem="out_of_range", least=least, most=most)
    return value


def checked_reason(reason: str) -> str:
    """A reason somebody can read later; never empty."""
    return checked_text(reason, field="reason", longest=LONGEST_REASON, required=True, lines=True)


def checked_day(day: date, today: date) -> date:
    """A day the office could mean: from a year ago to three years ahead."""
    first, last = _years(today, -YEARS_BACK), _years(today, YEARS_AHEAD)
    if not first <= day <= last:
        raise InvalidValue(field="held_on", value=day, problem="far_date", first=first, last=last)
    return day


def _years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def checked_times(starts: time, ends: time) -> tuple[time, time]:
    """A start before its end, on one day."""
    if ends <= starts:
        raise InvalidValue(field="ends", value=f"{ends:%H:%M}", problem="ends_before_start", starts=f"{starts:%H:%M}")
    return starts, ends
