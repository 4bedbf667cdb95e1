"""Days that come again: 毎週水曜, 隔週, 第1・3水曜, 最終金曜, without the days on which the hall is closed.

The notation is that of GIF: ``0We`` every Wednesday, ``13Mo`` first and third Monday, ``6Fr`` last Friday, ``7Su``
every other Sunday.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from events.japan.errors import Unreadable

EVERY, LAST, EVERY_OTHER = 0, 6, 7
_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NOTATION: Final = re.compile(r"([0-7]+)(Mo|Tu|We|Th|Fr|Sa|Su)")
_WEEK: Final = timedelta(days=7)


class UnreadablePattern(Unreadable):
    """No pattern of days in the notation of GIF."""

    code = "unreadable_pattern"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which of a month's days of one weekday: ``EVERY``, ``EVERY_OTHER``, or some of 1 to 5 and ``LAST``.

    ``weekday`` counts from 0 for Monday.
    """

    which: tuple[int, ...]
    weekday: int

    def __str__(self) -> str:
        """In the notation of GIF."""
        return f"{''.join(map(str, self.which))}{_WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that the pattern names and that was left out, with the code of why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """The days of a series, and those that were left out."""

    days: tuple[date, ...]
    skipped: tuple[SkippedDay, ...]


def read_pattern(notation: str) -> Pattern:
    """The pattern of ``13Mo``. Raises UnreadablePattern."""
    match = _NOTATION.fullmatch(notation.strip())
    which = tuple(dict.fromkeys(int(sign) for sign in match.group(1))) if match else ()
    if match is None or (len(which) > 1 and {EVERY, EVERY_OTHER} & set(which)):
        raise UnreadablePattern(value=notation)
    return Pattern(which, _WEEKDAYS.index(match.group(2)))


def nth_weekday_dates(
    pattern: Pattern,
    *,
    first: date,
    last: date,
    closed: Callable[[date], str | None] = lambda _: None,
    count: int | None = None,
) -> Recurring:
    """The days of ``pattern`` from ``first`` to ``last``, at most ``count`` of them, without closed days.

    ``closed`` answers why a day is out, or None. A closed day is left out, not moved: every other week stays in step.
    """
    days: list[date] = []
    skipped: list[SkippedDay] = []
    for day in _days(pattern, first, last):
        if count is not None and len(days) >= count:
            break
        why = closed(day)
        if why is None:
            days.append(day)
        else:
            skipped.append(SkippedDay(day, why))
    return Recurring(tuple(days), tuple(skipped))


def _days(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    day = first + timedelta(days=(pattern.weekday - first.weekday()) % 7)
    step = 2 * _WEEK if EVERY_OTHER in pattern.which else _WEEK
    while day <= last:
        if _fits(pattern.which, day):
            yield day
        day += step


def _fits(which: tuple[int, ...], day: date) -> bool:
    if EVERY in which or EVERY_OTHER in which:
        return True
    is_last = (day + _WEEK).month != day.month
    return (day.day - 1) // 7 + 1 in which or (LAST in which and is_last)
