"""A people's list as values: which row says what, and every value that cannot be read, with where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, TypeVar

from events.importing.people import ApplicationRow, PersonRow
from events.registration import MOST_COMPANIONS
from events.states import Channel, PhoneKind
from exports.opendata.cells import CellRefused
from exports.people.cells import (
    age_cell,
    code_cell,
    codes_cell,
    count_cell,
    day_cell,
    fiscal_year_cell,
    moment_cell,
    telephone_cell,
    weekly_cell,
)
from exports.people.errors import ColumnsMissing
from exports.people.forms import Form, form
from exports.people.mapping import ColumnMapping, guessed, missing_columns, places
from exports.tables import RawRow, RawTable, read_raw_table
from volunteers.importing import VolunteerRow
from volunteers.roster import MOST_IN_A_MONTH
from volunteers.states import VolunteerKind

R = TypeVar("R")
AnyRow = ApplicationRow | PersonRow | VolunteerRow

MOST_ROWS: Final = 20_000
_MOST_CHOICES: Final = 20


@dataclass(frozen=True, slots=True)
class CellRemark:
    """A problem or a note about a cell; ``field`` is our name of its column ("" for the row)."""

    row: int
    field: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What a file holds. Rows with problems are no rows; ``read`` counts them too."""

    kind: str
    table: RawTable
    mapping: ColumnMapping
    rows: tuple[AnyRow, ...]
    problems: tuple[CellRemark, ...]
    notes: tuple[CellRemark, ...]

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return len(self.table.rows)

    @property
    def unknown_headers(self) -> tuple[str, ...]:
        """Headers whose columns are not used."""
        used = set(self.mapping.columns.values())
        return tuple(header for header in self.table.header if header and header not in used)

    def header(self, field: str) -> str:
        """The header of a field as the file writes it."""
        return self.mapping.columns.get(field) or form(self.kind).header(field)


def read_people(
    content: bytes, *, kind: str, file_name: str, today: date, mapping: ColumnMapping | None = None
) -> PeopleFile:
    """The rows of a list. Without a mapping it is guessed from the headers.

    Raises ColumnsMissing and the kinds of UnreadableFile, nothing else.
    """
    table = read_raw_table(content, file_name=file_name, most_rows=MOST_ROWS)
    return people_of(table, kind=kind, today=today, mapping=mapping)


def people_of(table: RawTable, *, kind: str, today: date, mapping: ColumnMapping | None = None) -> PeopleFile:
    """The rows of a table that was read already. Raises ColumnsMissing, HeaderTwice."""
    wanted = form(kind)
    chosen = mapping or guessed(wanted, table.header)
    where = places(wanted, chosen, table.header, file_name=table.file)
    standing = ColumnMapping({name: table.header[place] for name, place in where.items()}, chosen.fixed)
    if lacking := missing_columns(wanted, standing):
        raise ColumnsMissing(file=table.file, headers="・".join(lacking), missing=lacking, there=table.header)
    read = [_Row(raw, where, standing, wanted, today) for raw in table.rows]
    made = [(row, _MAKERS[kind](row)) for row in read]
    return PeopleFile(
        kind,
        table,
        standing,
        tuple(values for row, values in made if not row.problems),
        tuple(problem for row, _ in made for problem in row.problems),
        tuple(note for row, _ in made if not row.problems for note in row.notes),
    )


class _Row:
    """One row by our names; reading it never fails, ``problems`` tells what could not be read."""

    def __init__(
        self, raw: RawRow, where: Mapping[str, int], mapping: ColumnMapping, wanted: Form, today: date
    ) -> None:
        self.raw, self.today = raw, today
        self.problems: list[CellRemark] = []
        self.notes: list[CellRemark] = []
        self._texts = {**mapping.fixed, **{name: raw.cells[place] for name, place in where.items()}}
        fields = {place: name for name, place in where.items()}
        if raw.beyond:
            self.refuse("", raw.beyond, "too_many_cells")
        for doubt in raw.doubts:
            if doubt.place in fields:
                tell = self.refuse if doubt.refuses else self.note
                tell(fields[doubt.place], raw.cells[doubt.place], doubt.code)
        for column in wanted.columns:
            if column.required and not self.text(column.field):
                self.refuse(column.field, "", "required")

    def text(self, field: str) -> str:
        return self._texts.get(field, "").strip()

    def refuse(self, field: str, value: str, code: str) -> None:
        self.problems.append(CellRemark(self.raw.row, field, value, code))

    def note(self, field: str, value: str, code: str) -> None:
        self.notes.append(CellRemark(self.raw.row, field, value, code))

    def value(self, field: str, reader: Callable[[str], R | None]) -> R | None:
        try:
            return reader(self.text(field))
        except CellRefused as refusal:
            self.refuse(field, self.text(field), refusal.reason)
            return None

    def telephone(self) -> str:
        number, restored = telephone_cell(self.text("telephone"))
        if restored:
            self.note("telephone", self.text("telephone"), "zero_restored")
        return number

    def age_band(self) -> str:
        try:
            return age_cell(self.text("age_band")) or ""
        except CellRefused as refusal:
            # a band can be asked for again; it is no reason to keep a person out
            self.note("age_band", self.text("age_band"), refusal.reason)
            return ""


def _person(row: _Row, *, note: str) -> PersonRow:
    needs, other_needs = codes_cell(row.text("needs"), "need")
    phone = row.text("phone")
    try:
        phone_code = code_cell(phone, "phone") or PhoneKind.UNKNOWN.value
    except CellRefused:
        row.note("phone", phone, "kept_as_model")
        phone_code = PhoneKind.UNKNOWN.value
    model = row.text("phone_model") or ("" if phone_code != PhoneKind.UNKNOWN.value or not phone else phone)
    return PersonRow(
        row=row.raw.row,
        name=row.text("name"),
        kana=row.text("kana"),
        telephone=row.telephone(),
        email=row.text("email"),
        age_band=row.age_band(),
        birth_date=row.value("birth_date", partial(day_cell, today=row.today)),
        postal_code=row.text("postal_code"),
        town=row.text("town"),
        address=row.text("address"),
        phone_kind=PhoneKind(phone_code),
        phone_model=model,
        needs=needs,
        needs_note="・".join(other_needs),
        notice_by=row.value("notice_by", partial(code_cell, subject="notice_by")) or "",
        note=note,
    )


def _attendee(row: _Row) -> PersonRow:
    return _person(row, note=row.text("note"))


def _application(row: _Row) -> ApplicationRow:
    channel = row.value("channel", partial(code_cell, subject="channel"))
    return ApplicationRow(
        person=_person(row, note=""),
        title=row.text("title"),
        day=row.value("day", partial(day_cell, today=row.today)),
        channel=Channel(channel) if channel else Channel.CITY_FORM,
        received_at=row.value("received_at", partial(moment_cell, today=row.today)),
        rank=row.value("rank", partial(count_cell, least=1, most=_MOST_CHOICES)),
        companions=row.value("companions", partial(count_cell, least=0, most=MOST_COMPANIONS)) or 0,
        note=row.text("note"),
    )


def _volunteer(row: _Row) -> VolunteerRow:
    skills, others = codes_cell(row.text("skills"), "skill")
    for word in others:
        row.note("skills", word, "kept_as_note")
    kind = row.value("kind", partial(code_cell, subject="volunteer_kind"))
    times, always = row.value("times", weekly_cell) or ((), False)
    return VolunteerRow(
        row=row.raw.row,
        name=row.text("name"),
        kana=row.text("kana"),
        kind=VolunteerKind(kind) if kind else VolunteerKind.TOKYO_SUPPORTER,
        telephone=row.telephone(),
        email=row.text("email"),
        skills=skills,
        times=times,
        always=always,
        cap_per_month=row.value("cap", partial(count_cell, least=0, most=MOST_IN_A_MONTH)),
        address=row.text("address"),
        insured_year=row.value("insured_year", fiscal_year_cell),
        note="\n".join(filter(None, ("・".join(others), row.text("note")))),
    )


_MAKERS: Final[Mapping[str, Callable[[_Row], Any]]] = {
    "registrations": _application,
    "attendees": _attendee,
    "volunteers": _volunteer,
}
