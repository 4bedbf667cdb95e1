"""Dates of a series: every week, every other week, first and third Wednesday; closed days are left out, with the why.

proposed = series(first, count=4, rhythm=Rhythm.WEEKLY, closed=closed)
proposed.days, proposed.skipped
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

from events.errors import InvalidValue

MOST_SESSIONS = 60
_LONGEST_SEARCH = 800  # steps; a venue that never opens must not be searched for ever
_WEEK = timedelta(days=7)

Closed = Callable[[date], str | None]


class Rhythm(StrEnum):
    """How the days of a series follow one another."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    NTH_WEEKDAYS = "nth_weekdays"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was left out, and why (a code: ``closed``, ``holiday``, ``year_end`` …)."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Series:
    """The days of a series in order, and the days that were left out."""

    days: tuple[date, ...]
    skipped: tuple[Skipped, ...]


def never_closed(_day: date) -> str | None:
    """For a place without an opening rule."""
    return None


def series(
    first: date,
    *,
    count: int,
    rhythm: Rhythm = Rhythm.WEEKLY,
    nths: tuple[int, ...] = (),
    closed: Closed = never_closed,
) -> Series:
    """``count`` open days from ``first`` on. ``nths`` (1 to 5) are the weeks of the month for NTH_WEEKDAYS."""
    if not 1 <= count <= MOST_SESSIONS:
        raise InvalidValue(field="session_count", value=count, problem="out_of_range", least=1, most=MOST_SESSIONS)
    if rhythm is Rhythm.NTH_WEEKDAYS and (not nths or not set(nths) <= {1, 2, 3, 4, 5}):
        raise InvalidValue(field="nths", value=", ".join(map(str, nths)), problem="nths")
    days: list[date] = []
    skipped: list[Skipped] = []
    for day in islice(_candidates(first, rhythm, nths), _LONGEST_SEARCH):
        why = closed(day)
        if why:
            skipped.append(Skipped(day, why))
        else:
            days.append(day)
        if len(days) == count:
            return Series(tuple(days), tuple(skipped))
    raise InvalidValue(field="held_on", value=first, problem="never_open")


def _candidates(first: date, rhythm: Rhythm, nths: tuple[int, ...]) -> Iterator[date]:
    step = {Rhythm.WEEKLY: _WEEK, Rhythm.FORTNIGHTLY: 2 * _WEEK, Rhythm.NTH_WEEKDAYS: _WEEK}.get(
        rhythm, timedelta(days=1)
    )
    day = first
    while True:
        if rhythm is not Rhythm.NTH_WEEKDAYS or week_of_month(day) in nths:
            yield day
        day += step


def week_of_month(day: date) -> int:
    """Which one of its weekday in its month: 1 for the first Wednesday."""
    return (day.day - 1) // 7 + 1


def shifted(days: tuple[date, ...], first: date, *, closed: Closed = never_closed) -> Series:
    """The same days moved so that they begin at ``first``; a closed one moves on, and those after it with it.

    Days a whole number of weeks apart keep their weekday: they move by weeks. Others move by days.
    """
    found: list[date] = []
    skipped: list[Skipped] = []
    for index, day in enumerate(days):
        gap = day - days[index - 1] if index else timedelta(0)
        weekly = len(days) == 1 or all((each - days[0]).days % 7 == 0 for each in days)
        start = found[-1] + gap if found else first
        moved = series(start, count=1, rhythm=Rhythm.WEEKLY if weekly else Rhythm.DAILY, closed=closed)
        found.append(moved.days[0])
        skipped.extend(moved.skipped)
    return Series(tuple(found), tuple(skipped))
