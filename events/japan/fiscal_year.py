"""The fiscal year: 1 April to 31 March, named by the year in which it begins."""

import re
import unicodedata
from datetime import date
from typing import Final

from events.japan.errors import UnreadableFiscalYear

_WRITTEN: Final = re.compile(
    r"(?:(?P<western>(?:18|19|20|21)\d\d)"
    r"|(?P<era>明治|大正|昭和|平成|令和|[MTSHRmtshr])(?P<number>\d{1,2}|元))(?:年度?)?"
)
_FIRST_YEARS: Final = {
    ("明治", "M"): 1868,
    ("大正", "T"): 1912,
    ("昭和", "S"): 1926,
    ("平成", "H"): 1989,
    ("令和", "R"): 2019,
}


def fiscal_year(day: date) -> int:
    """The fiscal year a day belongs to: 2026 for 2026-04-01 to 2027-03-31."""
    return day.year if day.month >= 4 else day.year - 1


def first_day(year: int) -> date:
    """1 April of a fiscal year."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """31 March in which a fiscal year ends."""
    return date(year + 1, 3, 31)


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on a day, counted by birthdays (29 February: on 1 March in other years)."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def label(year: int) -> str:
    """令和8年度; a fiscal year in which an era began on or before 1 May bears the new era's name (令和元年度)."""
    from events.japan.eras import era_year  # noqa: PLC0415 -- eras asks this file what the current year is

    return f"{era_year(date(year, 5, 1))}度"


def read_fiscal_year(text: str) -> int:
    """The fiscal year somebody wrote: 令和8年度, R8, 2026, 2026年度; 平成31年度 and 令和元年度 are the same one.

    Raises UnreadableFiscalYear.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    match = _WRITTEN.fullmatch(plain)
    if match is None:
        raise UnreadableFiscalYear(value=text)
    if match["western"]:
        return int(match["western"])
    first_year = next(year for sign, year in _FIRST_YEARS.items() if match["era"].upper() in sign)
    year = first_year + (1 if match["number"] == "元" else int(match["number"])) - 1
    following = [begun for begun in _FIRST_YEARS.values() if begun > first_year]
    if year < first_year or (following and year > min(following)):
        raise UnreadableFiscalYear(value=text)
    return year
