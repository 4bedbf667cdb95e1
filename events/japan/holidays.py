"""National holidays, and on which days a hall is open."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import jpholiday

from events.japan.errors import Unreadable

LAST: Final = -1
ON_HOLIDAY: Final = ("next", "open", "closed")
_LONGEST_RUN: Final = 31


@lru_cache(maxsize=8192)
def is_holiday(day: date) -> bool:
    """Whether a day is a national holiday (substitute and in-between holidays included)."""
    return bool(jpholiday.is_holiday(day))


def holiday_name(day: date) -> str:
    """The Japanese name of a national holiday, or ""."""
    return str(jpholiday.is_holiday_name(day) or "")


class UnreadableOpeningRule(Unreadable, ValueError):
    """Stored values that are no opening rule; a ValueError too, as of any constructor from plain values."""

    code = "unreadable_opening_rule"


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """When a hall is closed. Weekdays count from 0 for Monday.

    ``nth_weekdays`` are (which of the month from 1, or ``LAST``; weekday). ``on_holiday`` says what happens when a
    closed weekday is a holiday: ``next`` (open, and closed on the next working day), ``open``, or ``closed``.
    Year-end is 29 December to 3 January. ``open_dates`` win over everything, ``closed_dates`` over the rest.
    """

    closed_weekdays: tuple[int, ...] = ()
    nth_weekdays: tuple[tuple[int, int], ...] = ()
    on_holiday: str = "next"
    closed_at_year_end: bool = True
    closed_dates: tuple[date, ...] = ()
    open_dates: tuple[date, ...] = ()

    def to_json(self) -> dict[str, object]:
        """As plain values for the database."""
        values = asdict(self)
        for name in ("closed_dates", "open_dates"):
            values[name] = [day.isoformat() for day in values[name]]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> "OpeningRule":
        """From plain values; an empty table is a hall that is open every day but at year-end.

        Raises UnreadableOpeningRule.
        """
        try:
            return cls(**_values(values))
        except (TypeError, ValueError, AttributeError) as refusal:
            raise UnreadableOpeningRule(value=values) from refusal


def _values(stored: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(stored)
    for name in ("closed_dates", "open_dates"):
        given[name] = tuple(date.fromisoformat(day) for day in given.get(name, ()))
    given["closed_weekdays"] = tuple(_weekday(each) for each in given.get("closed_weekdays", ()))
    given["nth_weekdays"] = tuple((_nth(nth), _weekday(day)) for nth, day in given.get("nth_weekdays", ()))
    if given.get("on_holiday", "next") not in ON_HOLIDAY:
        raise ValueError
    return given


def _weekday(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= 6:
        raise ValueError
    return value


def _nth(value: object) -> int:
    if not isinstance(value, int) or not (value == LAST or 1 <= value <= 5):
        raise ValueError
    return value


def closed_reason(rule: OpeningRule, day: date) -> str | None:
    """Why a hall is closed on a day: a code under ``closed``, or None when it is open."""
    if day in rule.open_dates:
        return None
    if day in rule.closed_dates:
        return "exception"
    if _at_year_end(rule, day):
        return "year_end"
    return _weekly_reason(rule, day)


def _weekly_reason(rule: OpeningRule, day: date) -> str | None:
    if _closes_by_weekday(rule, day):
        if not is_holiday(day) or rule.on_holiday == "closed":
            return "weekday"
        return None
    return "after_holiday" if rule.on_holiday == "next" and _stands_in(rule, day) else None


def _stands_in(rule: OpeningRule, day: date) -> bool:
    """Whether ``day`` is the first working day after a closed weekday that was a holiday.

    A working day is Monday to Friday, no holiday, and not itself a closed weekday. A holiday at year-end, when the
    hall is closed anyway, moves nothing.
    """
    if not _is_working_day(rule, day):
        return False
    before = day - timedelta(days=1)
    while not _is_working_day(rule, before):
        if _closes_by_weekday(rule, before) and is_holiday(before) and not _at_year_end(rule, before):
            return True
        before -= timedelta(days=1)
        if (day - before).days > _LONGEST_RUN:
            return False
    return False


def _is_working_day(rule: OpeningRule, day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day) and not _closes_by_weekday(rule, day)


def _at_year_end(rule: OpeningRule, day: date) -> bool:
    return rule.closed_at_year_end and ((day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3))


def _closes_by_weekday(rule: OpeningRule, day: date) -> bool:
    if day.weekday() in rule.closed_weekdays:
        return True
    nth = (day.day - 1) // 7 + 1
    is_last = (day + timedelta(days=7)).month != day.month
    weekday = day.weekday()
    return (nth, weekday) in rule.nth_weekdays or (is_last and (LAST, weekday) in rule.nth_weekdays)
