"""Dates as Japan writes them: in eras on paper, without the year on screen while it is the current fiscal year.

Dates are stored in the Western calendar; eras appear only where people read them. Bounds are the first days of the
eras (Meiji by the Western calendar); nothing before Meiji is written.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from events.japan.errors import DateOutsideEra, UnreadableDate
from events.japan.fiscal_year import fiscal_year


@dataclass(frozen=True, slots=True)
class Era:
    """One era: its name, the letter people abbreviate it with, and its first day."""

    name: str
    letter: str
    first_day: date


ERAS: Final = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
WEEKDAYS: Final = "月火水木金土日"
_LONGEST_ERA: Final = 99


def era_of(day: date) -> Era:
    """The era a day belongs to. Raises UnreadableDate for a day before Meiji."""
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise UnreadableDate(value=day)


def era_year(day: date) -> str:
    """The year of a day in its era: 令和8年, and 令和元年 for a first year."""
    era = era_of(day)
    number = day.year - era.first_day.year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def in_era(day: date) -> str:
    """令和8年10月14日."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """One of 月火水木金土日."""
    return WEEKDAYS[day.weekday()]


def on_paper(day: date, at: time | None = None) -> str:
    """As it reads on paper and in files: 令和8年10月14日（水） 13:30. Both are Tokyo's."""
    return _with_time(f"{in_era(day)}（{weekday(day)}）", at)


def on_screen(day: date, today: date, at: time | None = None) -> str:
    """As it reads on screen: 10月14日（水） in the fiscal year of ``today``, with the era's year in any other."""
    if fiscal_year(day) == fiscal_year(today):
        return _with_time(f"{day.month}月{day.day}日（{weekday(day)}）", at)
    return on_paper(day, at)


def day_in_era(name: str, year: int, month: int, day: int) -> date:
    """The day that an era's year, month and day name; ``name`` is an era or its letter.

    Raises UnreadableDate (no such day) and DateOutsideEra (``meant``: how that day's own era writes it).
    """
    given = f"{name}{year}.{month}.{day}"
    era = next((each for each in ERAS if name.upper() in (each.letter, each.name, each.name[0])), None)
    if era is None or not 1 <= year <= _LONGEST_ERA:
        raise UnreadableDate(value=given)
    try:
        found = date(era.first_day.year + year - 1, month, day)
    except ValueError:
        raise UnreadableDate(value=given) from None
    if era_of_or_none(found) != era:
        raise DateOutsideEra(value=given, meant=in_era(found) if era_of_or_none(found) else found)
    return found


def era_of_or_none(day: date) -> Era | None:
    """The era of a day, or None before Meiji."""
    return era_of(day) if day >= ERAS[-1].first_day else None


def _with_time(text: str, at: time | None) -> str:
    return f"{text} {at:%H:%M}" if at is not None else text
