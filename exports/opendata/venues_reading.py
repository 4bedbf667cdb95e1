"""Published lists of public facilities → venues, and a list of what is missing or refused."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from exports.opendata.cells import CellRefused, code_cell, degrees_cell
from exports.opendata.reading import RowNote, RowProblem, Table, TableRow, read_table

_ACCESS: Final = "access_"
_YES: Final = re.compile(r"有|あり|可|可能|○|◯|〇|はい|1|true|yes|対応", re.IGNORECASE)
_TEXTS: Final = (
    "number", "name", "kana", "short_name", "poi_code", "postal_code", "town", "organisation", "description",
    "url", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VenueRow:
    """One facility. ``opening_text`` is how the file words days and hours; ``barrier_free`` what it offers."""

    row: int
    code: str
    number: str
    name: str
    kana: str
    short_name: str
    poi_code: str
    postal_code: str
    town: str
    address: str
    latitude: float | None
    longitude: float | None
    telephone: str
    extension: str
    organisation: str
    open_weekdays: str
    opens: str
    closes: str
    opening_text: str
    description: str
    barrier_free: tuple[str, ...]
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class VenuesFile:
    """What a file holds. ``read`` counts its rows, refused ones included."""

    file: str
    profile: str
    read: int
    venues: tuple[VenueRow, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowNote, ...]
    unknown_headers: tuple[str, ...]

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len({problem.row for problem in self.problems})


def read_venues(content: bytes, *, file_name: str, profile: str | None = None) -> VenuesFile:
    """The venues of a facility list. Raises UnknownProfile and the kinds of UnreadableFile, nothing else."""
    table = read_table(content, file_name=file_name, kind="facilities", profile_id=profile)
    venues: list[VenueRow] = []
    problems: list[RowProblem] = []
    notes: list[RowNote] = []
    numbers: set[tuple[str, str]] = set()
    for row in table.rows:
        found = _Facility(table, row)
        identity = (found.code, row.texts.get("number", ""))
        if identity[1] and identity in numbers:
            found.refuse("number", "duplicate_number")
        numbers.add(identity)
        problems += found.problems
        if not found.problems:
            venues.append(found.venue())
            notes += found.notes()
    return VenuesFile(
        file_name,
        table.profile.id,
        len(table.rows),
        tuple(venues),
        tuple(problems),
        tuple(notes),
        table.unknown_headers,
    )


class _Facility:
    """One row as values; ``problems`` tells what could not be read."""

    def __init__(self, table: Table, row: TableRow) -> None:
        self._table, self._row = table, row
        self.problems: list[RowProblem] = []
        if row.beyond:
            self.problems.append(RowProblem(row.row, "", row.beyond, "too_many_cells"))
        if not self._text("name"):
            self.refuse("name", "required")
        self.code = ""
        try:
            self.code = code_cell(self._text("code")) or ""
        except CellRefused as refusal:
            self.refuse("code", refusal.reason)
        self._latitude = self._degrees("latitude", 20, 46)
        self._longitude = self._degrees("longitude", 122, 154)

    def refuse(self, field: str, code: str) -> None:
        """Refuse the row because of one cell."""
        self.problems.append(RowProblem(self._row.row, self._table.header(field), self._text(field), code))

    def venue(self) -> VenueRow:
        """The values of a row that is not refused."""
        texts = {name: self._text(name) for name in _TEXTS}
        return VenueRow(
            row=self._row.row,
            code=self.code,
            address=self._address(),
            latitude=self._latitude,
            longitude=self._longitude,
            telephone=self._text("telephone"),
            extension=self._text("extension"),
            open_weekdays=self._text("open_weekdays"),
            opens=self._text("opens"),
            closes=self._text("closes"),
            opening_text=self._opening_text(),
            barrier_free=tuple(self._barrier_free()),
            **texts,
        )

    def notes(self) -> Iterable[RowNote]:
        """What the row lacks of the columns that its profile requires."""
        for column in self._table.profile.columns:
            if column.required and column.field != "name" and not self._text(column.field):
                yield RowNote(self._row.row, self._table.header(column.field), "", "missing")

    def _text(self, field: str) -> str:
        return self._row.texts.get(field, "")

    def _degrees(self, field: str, least: float, most: float) -> float | None:
        try:
            return degrees_cell(self._text(field), least=least, most=most)
        except CellRefused as refusal:
            self.refuse(field, refusal.reason)
            return None

    def _address(self) -> str:
        parts = "".join(self._text(field) for field in ("prefecture", "city", "town", "street"))
        return f"{self._text('address') or parts} {self._text('building')}".strip()

    def _opening_text(self) -> str:
        hours = "-".join(filter(None, (self._text("opens"), self._text("closes"))))
        return " ".join(filter(None, (self._text("open_weekdays"), hours, self._text("opening_note"))))

    def _barrier_free(self) -> Iterable[str]:
        """One list joined by 「;」, or one column for each thing."""
        for part in re.split(r"[;；]", self._text("barrier_free")):
            if part.strip():
                yield part.strip()
        for column in self._table.profile.columns:
            value = unicodedata.normalize("NFKC", self._text(column.field)).strip()
            if column.field.startswith(_ACCESS) and _YES.fullmatch(value):
                yield column.header
