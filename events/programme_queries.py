"""What the calendar and the lists show: one row for each session. Three statements whatever the number of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.models import Intake, IntakeSession, Registration, Room, Venue, Workshop, WorkshopSession
from events.stages import stage
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, RegistrationState, WorkshopKind

_WAITING = (RegistrationState.WAITING, RegistrationState.WAITING_DRAW)


@dataclass(frozen=True, slots=True)
class SessionChip:
    """One session as a list or the calendar shows it. ``held_on`` is a Tokyo date, moments are aware UTC.

    ``waiting`` counts applications without a place in the session's intakes; ``state`` is what is stored, ``stage``
    says what it is at a moment.
    """

    session_id: UUID
    workshop_id: UUID
    kind: WorkshopKind
    title: str
    short_title: str
    number: int
    state: ProgrammeState
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    venue_id: UUID | None
    venue_name: str
    room_id: UUID | None
    room_name: str
    place_text: str
    seats: int
    confirmed: int
    offered: int
    lent: int
    waiting: int
    devices: int
    people_without_phone: int
    method: IntakeMethod
    unit: IntakeUnit
    opens_at: datetime | None
    deadline_at: datetime | None
    read_only: bool

    @property
    def free(self) -> int:
        """Places that may still be given."""
        return max(self.seats - self.confirmed - self.offered - self.lent, 0)

    def stage(self, now: datetime) -> ProgrammeState:
        """How far the session has come at a moment."""
        return stage(self.state, opens_at=self.opens_at, deadline_at=self.deadline_at, ends_at=self.ends_at, now=now)


@dataclass(frozen=True, slots=True)
class RoomLane:
    """One room (or place without a room) and its sessions of a week, by time."""

    venue_id: UUID | None
    room_id: UUID | None
    venue_name: str
    room_name: str
    chips: tuple[SessionChip, ...]


@dataclass(frozen=True, slots=True)
class IntakeNumbers:
    """What the intakes of a session say together."""

    method: IntakeMethod
    unit: IntakeUnit
    opens_at: datetime | None
    deadline_at: datetime | None
    waiting: int


_NO_INTAKE = IntakeNumbers(IntakeMethod.NO_BOOKING, IntakeUnit.SESSION, None, None, 0)


def sessions_between(db: Session, *, municipality_code: str, first: date, last: date) -> tuple[SessionChip, ...]:
    """All sessions from ``first`` to ``last`` (Tokyo dates, both included) by time; nothing there is an empty tuple."""
    return chips_where(
        db,
        WorkshopSession.municipality_code == municipality_code,
        col(WorkshopSession.held_on).between(first, last),
    )


def sessions_on_venue(db: Session, *, venue_id: UUID, first: date, last: date) -> tuple[SessionChip, ...]:
    """The sessions at one venue in a span of dates."""
    return chips_where(db, WorkshopSession.venue_id == venue_id, col(WorkshopSession.held_on).between(first, last))


def chips_where(db: Session, *conditions: Any) -> tuple[SessionChip, ...]:
    """The sessions that meet the conditions, by time, then title."""
    query = (
        select(WorkshopSession, Workshop, Venue.name, Room.name)
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .outerjoin(Room, col(Room.id) == WorkshopSession.room_id)
        .where(*conditions)
        .order_by(
            col(WorkshopSession.held_on),
            col(WorkshopSession.starts_at),
            col(Workshop.title),
            col(WorkshopSession.id),
        )
    )
    rows = db.exec(query).all()
    numbers = intake_numbers(db, [session.id for session, *_ in rows])
    return tuple(
        _chip(session, workshop, venue or "", room or "", numbers.get(session.id, _NO_INTAKE))
        for session, workshop, venue, room in rows
    )


def intake_numbers(db: Session, session_ids: Sequence[UUID]) -> Mapping[UUID, IntakeNumbers]:
    """Method, times and waiting people of each session's first intake; two statements."""
    if not session_ids:
        return {}
    links = db.exec(
        select(IntakeSession.session_id, Intake)
        .join(Intake, col(Intake.id) == IntakeSession.intake_id)
        .where(col(IntakeSession.session_id).in_(session_ids))
        .order_by(col(Intake.id).desc())
    ).all()
    intake_ids = {intake.id for _, intake in links}
    counts: dict[UUID, int] = {}
    if intake_ids:
        waiting = (
            select(Registration.intake_id, func.count())
            .where(col(Registration.intake_id).in_(intake_ids), col(Registration.state).in_(_WAITING))
            .group_by(col(Registration.intake_id))
        )
        counts = dict(db.exec(waiting).all())
    return {
        session_id: IntakeNumbers(
            intake.method, intake.unit, intake.opens_at, intake.deadline_at, counts.get(intake.id, 0)
        )
        for session_id, intake in links
    }


def _chip(session: WorkshopSession, workshop: Workshop, venue: str, room: str, numbers: IntakeNumbers) -> SessionChip:
    return SessionChip(
        session_id=session.id,
        workshop_id=workshop.id,
        kind=workshop.kind,
        title=workshop.title,
        short_title=workshop.short_title or workshop.title,
        number=session.number,
        state=session.state,
        held_on=session.held_on,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        venue_id=session.venue_id,
        venue_name=venue,
        room_id=session.room_id,
        room_name=room,
        place_text=session.place_text,
        seats=session.seats,
        confirmed=session.confirmed_count,
        offered=session.offered_count,
        lent=session.lent_count,
        waiting=numbers.waiting,
        devices=session.devices,
        people_without_phone=session.people_without_phone,
        method=numbers.method,
        unit=numbers.unit,
        opens_at=numbers.opens_at,
        deadline_at=numbers.deadline_at,
        read_only=workshop.read_only,
    )


def week_by_room(db: Session, *, municipality_code: str, first: date, last: date) -> tuple[RoomLane, ...]:
    """Every room in use or still to be used, by venue and name, with its sessions; places without a room last."""
    chips = sessions_between(db, municipality_code=municipality_code, first=first, last=last)
    rooms = db.exec(
        select(Room, Venue)
        .join(Venue, col(Venue.id) == Room.venue_id)
        .where(Venue.municipality_code == municipality_code, col(Venue.retired_on).is_(None))
        .order_by(Venue.name, Room.name)
    ).all()
    lanes = [
        RoomLane(venue.id, room.id, venue.name, room.name, tuple(chip for chip in chips if chip.room_id == room.id))
        for room, venue in rooms
    ]
    shown = {lane.room_id for lane in lanes}
    rest: dict[tuple[UUID | None, str], list[SessionChip]] = {}
    for chip in chips:
        if chip.room_id not in shown or chip.room_id is None:
            rest.setdefault((chip.venue_id, chip.venue_name or chip.place_text), []).append(chip)
    others = [
        RoomLane(venue_id, found[0].room_id, name, found[0].room_name, tuple(found))
        for (venue_id, name), found in sorted(rest.items(), key=lambda item: item[0][1])
    ]
    return (*lanes, *others)
