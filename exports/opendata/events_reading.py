"""Published event files → offerings with their sessions, and a list of what is missing, doubtful or refused.

Rows of the same code, name and URL are one offering; each row is one session. A value that cannot be read refuses
its row, and a refused row holds back the whole offering (``offering_held_back``): half a course is worse than none.
Other offerings stand, and the caller decides whether they come in or the file is refused. What is merely missing
is noted, and the offering comes in as a draft.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from events.japan.telephones import telephone_key
from events.states import IntakeMethod, PhoneKind, WorkshopKind
from exports.opendata.application import Application, ApplicationWay, Deadline, marked_deadline, read_application
from exports.opendata.reading import RowNote, RowProblem, Table, read_table
from exports.opendata.row_values import RowValues, SessionValues
from exports.opendata.words import kind_of, phones_of

_EXTENSION: Final = 4
_MOBILE: Final = ("060", "070", "080", "090")
# What belongs to the offering; where its rows differ, the first row holds and the others are noted.
_SHARED: Final = (
    "description", "summary", "event_kind", "host", "co_host", "target", "fee", "fee_note", "application",
    "contact_name", "contact_telephone", "contact_extension", "contact_email", "deadline_day", "deadline_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferingSession:
    """One row: days and times are Tokyo's. ``last_day`` differs from ``day`` for a period, which has no times.

    ``place_text`` is the place as published; ``venue_name`` and ``room_name`` are its halves at the wide space.
    """

    number: str
    row: int
    day: date
    last_day: date
    starts: time | None
    ends: time | None
    time_note: str
    venue_name: str
    room_name: str
    place_text: str
    online: bool
    capacity: int | None
    postal_code: str
    address: str
    town: str
    latitude: float | None
    longitude: float | None
    access: str

    @property
    def is_period(self) -> bool:
        """Whether it spans several days, like an exhibition."""
        return self.last_day != self.day


@dataclass(frozen=True, slots=True)
class Offering:
    """One workshop as published. ``key`` stays the same from file to file; texts are whole, line breaks included."""

    key: str
    code: str
    name: str
    kana: str
    description: str
    url: str
    event_kind_word: str
    kind: WorkshopKind | None
    phones: tuple[PhoneKind, ...]
    target: str
    host: str
    co_host: str
    capacity: int | None
    fee: int | None
    fee_note: str
    contact_name: str
    contact_telephone: str
    contact_extension: str
    contact_email: str
    application_text: str
    ways: tuple[ApplicationWay, ...]
    method: IntakeMethod | None
    deadline: Deadline | None
    result_notice_on: date | None
    desk_hours: str
    sessions: tuple[OfferingSession, ...]
    notes: tuple[RowNote, ...]


@dataclass(frozen=True, slots=True)
class EventsFile:
    """What a file holds. ``read`` counts its rows, refused and repeated ones included."""

    file: str
    profile: str
    read: int
    offerings: tuple[Offering, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowNote, ...]
    unknown_headers: tuple[str, ...]

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len({problem.row for problem in self.problems})


def read_events(content: bytes, *, file_name: str, profile: str | None = None) -> EventsFile:
    """The offerings of an event file. Raises UnknownProfile and the kinds of UnreadableFile, nothing else."""
    table = read_table(content, file_name=file_name, kind="events", profile_id=profile)
    rows = [RowValues(table, row) for row in table.rows]
    problems = [problem for row in rows for problem in row.problems]
    problems += _numbers_of_others(table, rows)
    groups: dict[str, list[RowValues]] = {}
    for row in rows:
        if row.key:
            groups.setdefault(row.key, []).append(row)
    refused = {problem.row for problem in problems}
    offerings, held_back, repeated = [], [], []
    for key, group in groups.items():
        if refused.isdisjoint(row.row for row in group):
            kept, again = _without_repeats(table, group)
            repeated += again
            offerings.append(_offering(table, key, kept))
        else:
            held_back += [
                RowProblem(row.row, table.header("name"), row.text("name"), "offering_held_back")
                for row in group
                if row.row not in refused
            ]
    return EventsFile(
        file_name,
        table.profile.id,
        len(rows),
        tuple(offerings),
        tuple(sorted([*problems, *held_back], key=lambda problem: problem.row)),
        tuple(sorted([*repeated, *(note for each in offerings for note in each.notes)], key=lambda note: note.row)),
        table.unknown_headers,
    )


def _numbers_of_others(table: Table, rows: Sequence[RowValues]) -> Iterable[RowProblem]:
    """A NO that another offering of the same municipality has already: it would name two things."""
    holders: dict[tuple[str, str], str] = {}
    for row in rows:
        number = row.text("number")
        if number and row.key and holders.setdefault((row.code, number), row.key) != row.key:
            yield RowProblem(row.row, table.header("number"), number, "duplicate_number")


def _without_repeats(table: Table, group: Sequence[RowValues]) -> tuple[list[RowValues], list[RowNote]]:
    """The rows of an offering, each meeting once; a row that says the same again is noted."""
    kept: dict[tuple[object, ...], RowValues] = {}
    again: list[RowNote] = []
    for row in group:
        meeting = row.meeting
        same = (row.text("number"), meeting.day, meeting.last_day, meeting.starts)
        if same in kept:
            again.append(RowNote(row.row, table.header("number"), row.text("number"), "row_repeated"))
        else:
            kept[same] = row
    return list(kept.values()), again


def _offering(table: Table, key: str, rows: Sequence[RowValues]) -> Offering:
    first = rows[0]
    first_day = min(row.meeting.day for row in rows)
    said = read_application(first.text("application"), deadline=first.deadline_day, first_session=first_day)
    deadline = said.deadline
    if deadline and deadline.source == "column" and first.deadline_time:
        deadline = replace(deadline, at=first.deadline_time)
    texts = first.text
    return Offering(
        key=key,
        code=first.code,
        name=texts("name"),
        kana=texts("kana"),
        description="\n".join(filter(None, (texts("summary"), texts("description")))),
        url=texts("url"),
        event_kind_word=texts("event_kind"),
        kind=kind_of(texts("name")),
        phones=phones_of(texts("name"), texts("description"), texts("target"), texts("note")),
        target=texts("target"),
        host=texts("host"),
        co_host=texts("co_host"),
        capacity=first.capacity,
        fee=first.fee,
        fee_note=texts("fee_note"),
        contact_name=texts("contact_name"),
        contact_telephone=first.telephone,
        contact_extension=_extensions(texts("contact_extension")),
        contact_email=texts("contact_email"),
        application_text=texts("application"),
        ways=said.ways,
        method=said.method,
        deadline=deadline,
        result_notice_on=said.result_notice_on,
        desk_hours=said.desk_hours,
        sessions=tuple(_session(row) for row in rows),
        notes=tuple(_notes(table, rows, said, deadline, first_day)),
    )


def _session(row: RowValues) -> OfferingSession:
    meeting: SessionValues = row.meeting
    texts = row.text
    return OfferingSession(
        number=texts("number"),
        row=row.row,
        day=meeting.day,
        last_day=meeting.last_day,
        starts=meeting.starts,
        ends=meeting.ends,
        time_note=texts("time_note"),
        venue_name=row.place.venue_name,
        room_name=row.place.room_name,
        place_text=row.place.text,
        online=row.place.online,
        capacity=row.capacity,
        postal_code=texts("postal_code"),
        address=row.address,
        town=texts("town"),
        latitude=row.latitude,
        longitude=row.longitude,
        access=texts("access"),
    )


def _extensions(text: str) -> str:
    """Extensions of four digits that were glued together, apart again: 35133515 → 3513 / 3515."""
    if _glued(text):
        return " / ".join(text[start : start + _EXTENSION] for start in range(0, len(text), _EXTENSION))
    return text


def _glued(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) > _EXTENSION and len(text) % _EXTENSION == 0


def _notes(
    table: Table, rows: Sequence[RowValues], said: Application, deadline: Deadline | None, first_day: date
) -> Iterable[RowNote]:
    first = rows[0]

    def note(field: str, value: object, code: str, row: RowValues = first) -> RowNote:
        return RowNote(row.row, table.header(field), str(value), code)

    for row in rows:
        yield from row.notes
    if first.text("application") and not said.method:
        yield note("application", "", "method_unclear")
    if deadline and deadline.source != "column":
        mark = marked_deadline(first.text("application")) if deadline.source == "mark" else ""
        yield note("deadline_day", mark or deadline.day.isoformat(), "deadline_from_text")
    if deadline and said.told_day and said.told_day != deadline.day:
        yield note("deadline_day", said.told_day.isoformat(), "deadline_differs")
    if deadline and deadline.day > first_day:
        yield note("deadline_day", deadline.day.isoformat(), "deadline_after_start")
    if _glued(first.text("contact_extension")):
        yield note("contact_extension", first.text("contact_extension"), "extensions_glued")
    if telephone_key(first.telephone).startswith(_MOBILE):
        yield note("contact_telephone", "", "private_telephone")
    for row in rows[1:]:
        differing = (field for field in _SHARED if row.text(field) != first.text(field))
        yield from (note(field, row.text(field), "rows_differ", row) for field in differing)
