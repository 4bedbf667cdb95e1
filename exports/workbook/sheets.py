"""What a workbook is made of, as plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

TITLE_UNITS: Final = 31  # Excel counts UTF-16 units
_FORBIDDEN_IN_TITLE: Final = frozenset("[]:*?/\\")
_RESERVED_TITLE: Final = "history"  # Excel keeps it for itself


class Kind(StrEnum):
    """What a column holds, and so how it is stored and shown.

    Dates, times and date-times are real ones; aware date-times are shown in Asia/Tokyo.
    """

    TEXT = "text"
    TELEPHONE = "telephone"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without its equals sign. Only programs make one; text that a person typed never becomes one."""

    expression: str


Value = str | date | datetime | time | int | float | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, what it holds, its width in half-width characters (None: as its content needs).

    wrap breaks long text into lines instead of running over; choices are offered as a list to pick from and
    refuse nothing.
    """

    header: str
    kind: Kind = Kind.TEXT
    width: float | None = None
    wrap: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """How a sheet goes on A4. title and note stand at the top left and right of every page, pages are counted."""

    title: str = ""
    note: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: row 1 is the header, rows follow, each as long as columns.

    font_size is in points; row_height is the least height of a row in points (None: one line).
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    print_setup: PrintSetup = field(default_factory=PrintSetup)
    font_size: float = 11
    row_height: float | None = None


def sheet_titles(titles: Iterable[str]) -> list[str]:
    """Give titles that Excel takes: at most 31 units, no forbidden sign, not empty, no two alike in any case."""
    given: list[str] = []
    taken: set[str] = set()
    for title in titles:
        plain = "".join(" " if sign in _FORBIDDEN_IN_TITLE or not sign.isprintable() else sign for sign in title)
        plain = _cut(plain, TITLE_UNITS).strip(" '") or "Sheet"
        if plain.casefold() == _RESERVED_TITLE:
            plain = f"{plain}_"
        free, count = plain, 1
        while free.casefold() in taken:
            count += 1
            ending = f" ({count})"
            free = _cut(plain, TITLE_UNITS - len(ending)) + ending
        taken.add(free.casefold())
        given.append(free)
    return given


def reference(title: str, cells: str) -> str:
    """Give the way to name cells ($A$2:$A$9) of a sheet in a formula."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'!{cells}"


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore")
