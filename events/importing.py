"""Take in offerings and venues that were published elsewhere: all of a file or nothing, and never twice.

An offering is known again by its ``source_key``, a session by its number, day and start. What a row said is kept as
a fingerprint, so the same file twice changes nothing, also when the office has edited a session meanwhile.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import DomainError, NotFound
from events.free_text import checked_text
from events.japan.clock import at_tokyo, tokyo_date
from events.japan.fiscal_year import fiscal_year
from events.models import (
    Intake,
    IntakeSession,
    Municipality,
    Organisation,
    Room,
    Venue,
    Workshop,
    WorkshopHost,
    WorkshopSession,
)
from events.planning.intakes import add_to_intake
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind

_LONGEST_KEY = 600
_END_OF_DAY = time(23, 59)
# column → the most characters it holds; longer published text is cut, the page it came from has the rest
_CUTS = {
    "title": 200,
    "summary": 4000,
    "target": 1000,
    "url": 500,
    "fee_note": 400,
    "application_text": 4000,
    "contact_name": 200,
    "contact_telephone": 40,
}


class ImportRefused(DomainError):
    """Rows cannot be taken in, so nothing was: ``report`` lists them (``refused`` counts them)."""

    code = "import_refused"

    def __init__(self, report: "ImportReport") -> None:
        super().__init__(refused=report.refused, read=report.read)
        self.report = report


@dataclass(frozen=True, slots=True)
class OfferingSessionRow:
    """One dated row of an offering. Days and times are Tokyo's; ``row`` is the line of the file, header included."""

    row: int
    number: str
    first_day: date
    last_day: date | None = None
    starts: time | None = None
    ends: time | None = None
    venue_name: str = ""
    room_name: str = ""
    place_text: str = ""
    seats: int | None = None
    town: str = ""
    address: str = ""
    postal_code: str = ""
    access: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class OfferingRow:
    """One offering with its sessions, in plain values. ``key`` tells it from all others of the municipality."""

    key: str
    title: str
    sessions: tuple[OfferingSessionRow, ...]
    kind: WorkshopKind | None = None
    summary: str = ""
    target: str = ""
    url: str = ""
    fee: int = 0
    fee_note: str = ""
    application_text: str = ""
    contact_name: str = ""
    contact_telephone: str = ""
    host: str = ""
    co_host: str = ""
    deadline_on: date | None = None
    deadline_time: time | None = None
    result_notice_on: date | None = None
    method: IntakeMethod | None = None
    channels: tuple[str, ...] = ()
    desk_hours: str = ""
    phone_systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A value that cannot be taken in: where it stands, what it is, and a code for why."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A session that came in as a draft, and which parts it lacks (``time``, ``place``, ``seats``)."""

    row: int
    title: str
    session_id: UUID
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``read`` = ``added`` + ``changed`` + ``unchanged`` + ``refused`` rows."""

    read: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: tuple[ImportProblem, ...] = ()
    drafts: tuple[DraftNote, ...] = ()
    workshop_ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class _Tally:
    """What one import has done so far."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    drafts: list[DraftNote] = field(default_factory=list)
    workshop_ids: list[UUID] = field(default_factory=list)

    def report(self, read: int) -> ImportReport:
        """The answer of the import."""
        refused = len({problem.row for problem in self.problems})
        return ImportReport(
            read,
            self.added,
            self.changed,
            self.unchanged,
            refused,
            tuple(self.problems),
            tuple(self.drafts),
            tuple(self.workshop_ids),
        )


def import_offerings(
    db: Session, *, municipality_code: str, offerings: Sequence[OfferingRow], now: datetime, by: str
) -> ImportReport:
    """Take in offerings. Past ones are read-only; coming ones are announced, or drafts where something is missing.

    Raises ImportRefused (nothing was taken in), NotFound (no such municipality).
    """
    if db.get(Municipality, municipality_code, with_for_update=True) is None:
        raise NotFound(thing="municipality_code")
    tally = _Tally()
    places = _Places(db, municipality_code)
    for offering in offerings:
        _take_in(db, municipality_code, offering, places, tally, now)
    db.flush()
    report = tally.report(sum(len(offering.sessions) for offering in offerings))
    if report.problems:
        raise ImportRefused(ImportReport(report.read, refused=report.refused, problems=report.problems))
    del by
    return report


def _take_in(
    db: Session, municipality_code: str, offering: OfferingRow, places: "_Places", tally: _Tally, now: datetime
) -> None:
    row = min((session.row for session in offering.sessions), default=0)
    problems = list(_text_problems(offering, row))
    if problems:
        tally.problems += problems
        return
    today = tokyo_date(now)
    workshop = db.exec(
        select(Workshop).where(
            Workshop.municipality_code == municipality_code, Workshop.source_key == source_key(offering)
        )
    ).first()
    if workshop is None:
        workshop = _new_workshop(db, municipality_code, offering, today, now)
    tally.workshop_ids.append(workshop.id)
    known = _Known(
        list(db.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == workshop.id))),
        {fingerprint(offering, each) for each in offering.sessions},
    )
    before = (tally.added, tally.changed, len(tally.problems))
    fresh = [
        session
        for each in offering.sessions
        if (session := _take_session(db, workshop, offering, each, known, places, tally, now)) is not None
    ]
    if len(tally.problems) > before[2] or (tally.added, tally.changed) == before[:2]:
        return
    if fresh:
        _give_intake(db, workshop, offering, fresh)
    _settle(db, workshop, offering, today)


def source_key(offering: OfferingRow) -> str:
    """The key as stored: as it is, or its digest when it is too long for the column."""
    if len(offering.key) <= _LONGEST_KEY:
        return offering.key
    return hashlib.sha256(offering.key.encode()).hexdigest()


def fingerprint(offering: OfferingRow, session: OfferingSessionRow) -> str:
    """What a row said, as a digest; its place in the file does not matter."""
    said = astuple(session)[1:], [getattr(offering, name) for name in _CUTS], offering.deadline_on
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _text_problems(offering: OfferingRow, row: int) -> Iterable[ImportProblem]:
    if not offering.title.strip():
        yield ImportProblem(row, "title", "", "required")
    for name in _CUTS:
        value = getattr(offering, name)
        try:
            checked_text(value, field=name, longest=max(len(value), 1), lines=True)
        except DomainError as error:
            # the number itself is never repeated
            yield ImportProblem(row, name, str(error.details["value"]), str(error.details["problem"]))


def _new_workshop(db: Session, municipality_code: str, offering: OfferingRow, today: date, now: datetime) -> Workshop:
    texts = _texts(offering)
    first_day = min(session.first_day for session in offering.sessions)
    workshop = Workshop(
        municipality_code=municipality_code,
        kind=offering.kind or WorkshopKind.TRIAL,
        short_title=texts["title"][:20],
        fee=offering.fee,
        phone_systems=list(offering.phone_systems),
        fiscal_year=fiscal_year(first_day),
        source_key=source_key(offering),
        created_at=now,
        changed_at=now,
        **texts,
    )
    db.add(workshop)
    db.flush()
    for name, part in ((offering.host, "host"), (offering.co_host, "co_host")):
        if name.strip():
            organisation = _organisation(db, municipality_code, name.strip()[:200])
            db.add(WorkshopHost(workshop_id=workshop.id, organisation_id=organisation.id, part=part))
    del today
    return workshop


def _texts(offering: OfferingRow) -> dict[str, Any]:
    return {
        name: checked_text(getattr(offering, name), field=name, longest=100_000, lines=True)[:longest]
        for name, longest in _CUTS.items()
    }


def _organisation(db: Session, municipality_code: str, name: str) -> Organisation:
    query = select(Organisation).where(Organisation.municipality_code == municipality_code, Organisation.name == name)
    found = db.exec(query).first()
    if found is None:
        found = Organisation(municipality_code=municipality_code, name=name)
        db.add(found)
        db.flush()
    return found


def _take_session(
    db: Session,
    workshop: Workshop,
    offering: OfferingRow,
    row: OfferingSessionRow,
    known: "_Known",
    places: "_Places",
    tally: _Tally,
    now: datetime,
) -> WorkshopSession | None:
    """Add or change one session; the new one, or None when it was there."""
    starts_at, ends_at = _span(row)
    if starts_at and ends_at and ends_at <= starts_at:
        tally.problems.append(ImportProblem(row.row, "ends", f"{row.ends:%H:%M}", "ends_before_start"))
        return None
    mark = fingerprint(offering, row)
    found = known.find(mark, row, starts_at)
    if found is not None and found.source_fingerprint == mark:
        tally.unchanged += 1
        _list_draft(tally, found, offering, row)
        return None
    session = found or WorkshopSession(
        municipality_code=workshop.municipality_code,
        workshop_id=workshop.id,
        held_on=row.first_day,
        calendar_changed_at=now,
    )
    if found is not None and not _may_shrink(found, row, tally):
        return None
    _write(db, session, row, places, starts_at, ends_at)
    session.source_fingerprint = mark
    if found is None:
        db.add(session)
        known.add(session)
        tally.added += 1
    else:
        session.calendar_sequence += 1
        session.calendar_changed_at = now
        session.version += 1
        for name, value in _texts(offering).items():
            setattr(workshop, name, value)
        tally.changed += 1
    db.flush()
    _list_draft(tally, session, offering, row)
    return session if found is None else None


def _may_shrink(session: WorkshopSession, row: OfferingSessionRow, tally: _Tally) -> bool:
    taken = session.confirmed_count + session.offered_count + session.lent_count
    if row.seats is not None and row.seats < taken:
        tally.problems.append(ImportProblem(row.row, "seats", str(row.seats), "seats_below_taken"))
        return False
    return True


def _span(row: OfferingSessionRow) -> tuple[datetime | None, datetime | None]:
    if row.starts is None:
        return None, None
    last_day = row.last_day or row.first_day
    return at_tokyo(row.first_day, row.starts), at_tokyo(last_day, row.ends) if row.ends else None


def _write(
    db: Session,
    session: WorkshopSession,
    row: OfferingSessionRow,
    places: "_Places",
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> None:
    venue, room = places.find(row)
    session.open_data_number = row.number[:40]
    session.held_on = row.first_day
    session.starts_at, session.ends_at = starts_at, ends_at
    session.meeting_at = starts_at - timedelta(minutes=30) if starts_at else None
    session.venue_id = venue.id if venue else None
    session.room_id = room.id if room else None
    session.place_text = row.place_text[:400]
    session.seats = row.seats or session.seats
    limit = room.people_limit if room else None
    session.room_limit = limit if limit is not None and limit >= session.seats else None
    del db


def missing_parts(session: WorkshopSession) -> tuple[str, ...]:
    """What a session lacks before it could be announced."""
    missing = []
    if session.starts_at is None or session.ends_at is None:
        missing.append("time")
    if session.venue_id is None and not session.place_text:
        missing.append("place")
    if session.seats == 0:
        missing.append("seats")
    return tuple(missing)


def _list_draft(tally: _Tally, session: WorkshopSession, offering: OfferingRow, row: OfferingSessionRow) -> None:
    missing = missing_parts(session)
    if missing:
        tally.drafts.append(DraftNote(row.row, offering.title, session.id, missing))


def _give_intake(db: Session, workshop: Workshop, offering: OfferingRow, sessions: Sequence[WorkshopSession]) -> None:
    """One intake for all sessions: published offerings with several dates are courses."""
    intake = db.exec(select(Intake).where(Intake.workshop_id == workshop.id).order_by(col(Intake.id))).first()
    if intake is None:
        deadline = (
            at_tokyo(offering.deadline_on, offering.deadline_time or _END_OF_DAY) if offering.deadline_on else None
        )
        intake = Intake(
            municipality_code=workshop.municipality_code,
            workshop_id=workshop.id,
            unit=IntakeUnit.COURSE if len(offering.sessions) > 1 else IntakeUnit.SESSION,
            method=offering.method or IntakeMethod.FIRST_COME,
            deadline_at=deadline,
            result_notice_on=offering.result_notice_on,
            channels=list(offering.channels),
            desk_hours=offering.desk_hours[:400],
        )
        db.add(intake)
        db.flush()
    linked = set(db.exec(select(IntakeSession.session_id).where(IntakeSession.intake_id == intake.id)).all())
    add_to_intake(db, intake, [session for session in sessions if session.id not in linked])
    db.flush()


def _settle(db: Session, workshop: Workshop, offering: OfferingRow, today: date) -> None:
    """Number the sessions by day; those that are over are held, those that lack something are drafts."""
    sessions = db.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == workshop.id)).all()
    last_days = {row.number: row.last_day or row.first_day for row in offering.sessions}
    over: list[bool] = []
    for number, session in enumerate(sorted(sessions, key=lambda each: (each.held_on, each.open_data_number)), start=1):
        _set(session, "number", number)
        past = max(session.held_on, last_days.get(session.open_data_number, session.held_on)) < today
        over.append(past)
        if session.state in {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED}:
            _set(session, "state", _state(past=past, missing=bool(missing_parts(session))))
    _set(workshop, "read_only", all(over))
    if workshop.state in {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED}:
        _set(workshop, "state", _state(past=all(over), missing=any(missing_parts(each) for each in sessions)))
    _set(workshop, "source_notes", sorted({part for session in sessions for part in missing_parts(session)}))
    _set(workshop, "fiscal_year", fiscal_year(min(session.held_on for session in sessions)))


def _set(row: Workshop | WorkshopSession, name: str, value: object) -> None:
    if getattr(row, name) != value:
        setattr(row, name, value)


def _state(*, past: bool, missing: bool) -> ProgrammeState:
    if missing:
        return ProgrammeState.DRAFT
    return ProgrammeState.HELD if past else ProgrammeState.ANNOUNCED


class _Known:
    """The sessions of an offering that are there already, and which of them a row of the file has claimed."""

    def __init__(self, sessions: list[WorkshopSession], marks: set[str]) -> None:
        self._same = {each.source_fingerprint: each for each in sessions if each.source_fingerprint}
        self._open = [each for each in sessions if each.source_fingerprint not in marks]

    def find(self, mark: str, row: OfferingSessionRow, starts_at: datetime | None) -> WorkshopSession | None:
        """The session that said exactly this; or the one of that number, day and start; or the only one of that number.

        Numbers that occur twice say nothing, so then a row with a new day is a new session.
        """
        if mark in self._same:
            return self._same[mark]
        numbered = [each for each in self._open if each.open_data_number == row.number]
        exact = [each for each in numbered if (each.held_on, each.starts_at) == (row.first_day, starts_at)]
        found = exact[0] if exact else numbered[0] if row.number and len(numbered) == 1 else None
        if found is not None:
            self._open.remove(found)
        return found

    def add(self, session: WorkshopSession) -> None:
        """A row was taken in: the same row again is the same session."""
        self._same[session.source_fingerprint] = session


class _Places:
    """Venues and rooms of one municipality by name; what a file names and nobody knows yet is made."""

    def __init__(self, db: Session, municipality_code: str) -> None:
        self._db = db
        self._code = municipality_code
        venues = db.exec(select(Venue).where(Venue.municipality_code == municipality_code)).all()
        self._venues = {venue.name: venue for venue in venues}
        rooms = db.exec(select(Room).where(col(Room.venue_id).in_([venue.id for venue in venues]))).all()
        self._rooms = {(room.venue_id, room.name): room for room in rooms}

    def find(self, row: OfferingSessionRow) -> tuple[Venue | None, Room | None]:
        """The venue and room a row names; made when they are new."""
        name = row.venue_name.strip()[:200]
        if not name:
            return None, None
        venue = self._venues.get(name) or self._make_venue(name, row)
        return venue, self._room(venue, row.room_name.strip()[:200])

    def _make_venue(self, name: str, row: OfferingSessionRow) -> Venue:
        venue = Venue(
            municipality_code=self._code,
            name=name,
            postal_code=row.postal_code[:10],
            town=row.town[:100],
            address=row.address[:300],
            access=row.access[:1000],
            latitude=row.latitude,
            longitude=row.longitude,
        )
        self._db.add(venue)
        self._db.flush()
        self._venues[name] = venue
        return venue

    def _room(self, venue: Venue, name: str) -> Room | None:
        if not name:
            return None
        room = self._rooms.get((venue.id, name))
        if room is None:
            room = Room(venue_id=venue.id, name=name)
            self._db.add(room)
            self._db.flush()
            self._rooms[venue.id, name] = room
        return room
