"""One row of an event file as values, with what is refused in it and what is noted."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final, TypeVar

from exports.opendata.cells import (
    CellRefused,
    code_cell,
    date_cell,
    degrees_cell,
    has_format_debris,
    number_cell,
    time_cell,
    was_serial,
)
from exports.opendata.reading import RowNote, RowProblem, Table, TableRow

_Value = TypeVar("_Value")

_MOST_SEATS: Final = 100_000
_MOST_YEN: Final = 10_000_000
_JAPAN_NORTH_SOUTH: Final = (20.0, 46.0)
_JAPAN_WEST_EAST: Final = (122.0, 154.0)
_WIDE_SPACE: Final = "\u3000"
_ONLINE: Final = re.compile(r"オンライン|Zoom|YouTube|ウェブ開催|Web開催", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SessionValues:
    """When a row's meeting is."""

    day: date
    last_day: date
    starts: time | None
    ends: time | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: as published, and its halves at the wide space where it is one place."""

    text: str = ""
    venue_name: str = ""
    room_name: str = ""
    online: bool = False


class RowValues:
    """The values of one row; reading them never fails, ``problems`` tells what could not be read."""

    def __init__(self, table: Table, row: TableRow) -> None:
        self._table = table
        self._texts = row.texts
        self.row = row.row
        self.problems: list[RowProblem] = []
        self.notes: list[RowNote] = []
        if row.beyond:
            self._refuse("", row.beyond, "too_many_cells")
        self.code = self._read("code", code_cell) or ""
        self.capacity = self._seats()
        self.fee = self._read("fee", lambda text: number_cell(text, most=_MOST_YEN))
        self.deadline_day = self._day("deadline_day")
        self.deadline_time = self._read("deadline_time", time_cell)
        self.latitude = self._read("latitude", _north)
        self.longitude = self._read("longitude", _east)
        self.place = self._place()
        self.address = self._address()
        self.telephone = self._telephone()
        self.meeting = self._meeting()
        has_code = any(column.field == "code" for column in table.profile.columns)
        self._require("name", *(["code"] if has_code else []))

    def text(self, field: str) -> str:
        """A cell as it stands, trimmed; "" where the file has no such column."""
        return self._texts.get(field, "")

    @property
    def key(self) -> str:
        """What tells this row's offering from others: municipality, name and address; "" without a name."""
        name = self.text("name")
        return json.dumps([self.code, name, self.text("url")], ensure_ascii=False) if name else ""

    def _read(self, field: str, reader: Callable[[str], _Value | None]) -> _Value | None:
        text = self.text(field)
        try:
            return reader(text) if text else None
        except CellRefused as refusal:
            self._refuse(field, text, refusal.reason)
            return None

    def _refuse(self, field: str, value: str, code: str) -> None:
        header = self._table.header(field) if field else ""
        self.problems.append(RowProblem(self.row, header, value, code))

    def _note(self, field: str, value: str, code: str) -> None:
        self.notes.append(RowNote(self.row, self._table.header(field), value, code))

    def _require(self, *fields: str) -> None:
        for field in fields:
            if not self.text(field):
                self._refuse(field, "", "required")

    def _day(self, field: str) -> date | None:
        text, found = self.text(field), self._read(field, date_cell)
        if found and was_serial(text):
            self._note(field, text, "serial_date")
        if found and has_format_debris(text):
            self._note(field, text, "format_code")
        return found

    def _meeting(self) -> SessionValues:
        before = len(self.problems)
        day, last_day = self._day("first_day"), self._day("last_day")
        starts, ends = self._read("starts", time_cell), self._read("ends", time_cell)
        if not self.text("first_day"):
            self._refuse("first_day", "", "required")
        if day is None:
            # stands for nothing: the row is refused
            return SessionValues(date.min, date.min, None, None)
        last_day = last_day or day
        if last_day < day:
            self._refuse("last_day", self.text("last_day"), "last_day_before_first")
        if last_day != day:
            self._note("last_day", last_day.isoformat(), "period")
            return SessionValues(day, last_day, None, None)
        if starts and ends and ends <= starts:
            self._refuse("ends", self.text("ends"), "ends_before_start")
        if len(self.problems) == before and not (starts and ends):
            self._note("ends" if starts else "starts", "", "no_end_time" if starts else "no_time")
        return SessionValues(day, last_day, starts, ends)

    def _seats(self) -> int | None:
        before = len(self.problems)
        seats = self._read("capacity", lambda text: number_cell(text, most=_MOST_SEATS)) or None
        if seats is None and len(self.problems) == before:
            self._note("capacity", self.text("capacity"), "no_seats")
        return seats

    def _place(self) -> Place:
        text = self.text("place") or self.text("meeting_place")
        if not text:
            self._note("place", "", "no_place")
            return Place()
        one_line = " ".join(text.splitlines())
        if _ONLINE.search(unicodedata.normalize("NFKC", text)) and _WIDE_SPACE not in text:
            return Place(text, online=True)
        if "、" in text:
            self._note("meeting_place", text, "several_places")
            return Place(text)
        venue, _, room = one_line.partition(_WIDE_SPACE)
        return Place(text, venue.strip(), room.strip())

    def _address(self) -> str:
        town, city = self.text("town"), self.text("city")
        if city and city in town:
            self._note("town", town, "address_doubtful")
        whole = self.text("address") or "".join(self.text(field) for field in ("prefecture", "city", "town", "street"))
        return f"{whole} {self.text('building')}".strip()

    def _telephone(self) -> str:
        text = self.text("contact_telephone")
        digits = unicodedata.normalize("NFKC", text)
        # a spreadsheet read the number as a quantity: 423461234 was 0423461234
        if digits.isascii() and digits.isdigit() and not digits.startswith("0") and len(digits) in (9, 10):
            self._note("contact_telephone", text, "zero_restored")
            return f"0{digits}"
        return text


def _north(text: str) -> float | None:
    return degrees_cell(text, least=_JAPAN_NORTH_SOUTH[0], most=_JAPAN_NORTH_SOUTH[1])


def _east(text: str) -> float | None:
    return degrees_cell(text, least=_JAPAN_WEST_EAST[0], most=_JAPAN_WEST_EAST[1])
