"""What the desk reads on the day: today's sessions, and the people of one session with what stands for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import and_, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from events.errors import NotFound
from events.models import Attendance, Attendee, Registration, Room, Seat, Venue, Workshop, WorkshopSession
from events.room_limit import CAME
from events.states import PUBLISHED_STATES, STOPPED_STATES, AttendanceState, ProgrammeState, SeatState


@dataclass(frozen=True, slots=True)
class ReceptionCounts:
    """How the day stands, counted in the database. ``here`` came (late ones too) and have not left."""

    expected: int = 0
    came: int = 0
    late: int = 0
    absent_notice: int = 0
    absent: int = 0
    walk_ins: int = 0
    left: int = 0

    @property
    def open(self) -> int:
        """People about whom nothing is recorded yet."""
        return self.expected - self.came - self.absent_notice - self.absent

    @property
    def here(self) -> int:
        """People in the room now."""
        return self.came - self.left


@dataclass(frozen=True, slots=True)
class ReceptionPerson:
    """One line of the reception: who, what they need, and what stands. No telephone, no address.

    ``needs`` are codes; ``seat_code`` is the six digits on the person's slip; ``companions`` come along.
    """

    attendee_id: UUID
    name: str
    kana: str
    needs: tuple[str, ...]
    seat_id: UUID | None
    seat_code: str
    companions: int
    without_phone: bool
    attendance_id: UUID | None
    state: AttendanceState | None
    arrived_at: datetime | None
    left_at: datetime | None
    walk_in: bool
    over_seats: bool


@dataclass(frozen=True, slots=True)
class ReceptionSheet:
    """A session's desk: headline, counts, and its people in kana order (those without kana last).

    ``free_seats`` can be given to walk-ins without a reason.
    """

    session_id: UUID
    title: str
    number: int
    of_sessions: int
    state: ProgrammeState
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    room: str
    seats: int
    free_seats: int
    room_limit: int | None
    counts: ReceptionCounts
    people: tuple[ReceptionPerson, ...]


@dataclass(frozen=True, slots=True)
class ReceptionToday:
    """One of a day's sessions, for choosing a desk."""

    session_id: UUID
    title: str
    state: ProgrammeState
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    room: str
    expected: int
    came: int


def reception_list(db: Session, *, session_id: UUID) -> ReceptionSheet:
    """Everything the reception screen of one session shows. Raises NotFound."""
    head = _head(db, session_id)
    people = _people(db, session_id)
    return ReceptionSheet(
        session_id=session_id,
        title=head.title,
        number=head.number,
        of_sessions=head.of_sessions,
        state=head.state,
        held_on=head.held_on,
        starts_at=head.starts_at,
        ends_at=head.ends_at,
        venue=head.venue or head.place_text,
        room=head.room or "",
        seats=head.seats,
        free_seats=head.free_seats,
        room_limit=head.room_limit,
        counts=_counted(people),
        people=people,
    )


def receptions_today(
    db: Session, *, municipality_code: str, day: date, session_id: UUID | None = None
) -> tuple[ReceptionToday, ...]:
    """The published sessions of a day (Tokyo) that are held, in order of time; with ``session_id`` that one only."""
    standing = and_(col(Attendance.session_id) == WorkshopSession.id, col(Attendance.undone_at).is_(None))
    came = _count(Attendance, standing, col(Attendance.state).in_(CAME))
    seats = _count(Seat, col(Seat.session_id) == WorkshopSession.id, col(Seat.state) == SeatState.CONFIRMED)
    others = _count(Attendance, standing, col(Attendance.seat_id).is_(None))
    session = WorkshopSession
    query = (
        sqlalchemy.select(
            col(session.id).label("session_id"),
            col(Workshop.title),
            col(session.state),
            col(session.starts_at),
            col(session.ends_at),
            func.coalesce(Venue.name, session.place_text).label("venue"),
            func.coalesce(Room.name, "").label("room"),
            (seats + others).label("expected"),
            came.label("came"),
        )
        .join(Workshop, col(Workshop.id) == session.workshop_id)
        .outerjoin(Venue, col(Venue.id) == session.venue_id)
        .outerjoin(Room, col(Room.id) == session.room_id)
        .where(
            col(session.municipality_code) == municipality_code,
            col(session.held_on) == day,
            col(session.state).in_(PUBLISHED_STATES - STOPPED_STATES),
        )
        .order_by(col(session.starts_at), col(session.id))
    )
    if session_id is not None:
        query = query.where(col(session.id) == session_id)
    return tuple(ReceptionToday(**row._mapping) for row in db.connection().execute(query))  # noqa: SLF001 -- public name of a row's mapping


def sessions_of_workshop() -> Any:
    """How many sessions the workshop of a session has, as a column of a query over sessions."""
    sibling = aliased(WorkshopSession)
    return (
        sqlalchemy.select(func.count())
        .select_from(sibling)
        .where(col(sibling.workshop_id) == col(WorkshopSession.workshop_id))
        .correlate(WorkshopSession)
        .scalar_subquery()
    )


def _count(table: type[Any], *conditions: Any) -> Any:
    return (
        sqlalchemy.select(func.count())
        .select_from(table)
        .where(*conditions)
        .correlate(WorkshopSession)
        .scalar_subquery()
    )


def _head(db: Session, session_id: UUID) -> Any:
    session = WorkshopSession
    query = (
        sqlalchemy.select(
            col(Workshop.title),
            col(session.number),
            sessions_of_workshop().label("of_sessions"),
            col(session.state),
            col(session.held_on),
            col(session.starts_at),
            col(session.ends_at),
            col(session.place_text),
            col(session.seats),
            _free_seats().label("free_seats"),
            col(session.room_limit),
            col(Venue.name).label("venue"),
            col(Room.name).label("room"),
        )
        .join(Workshop, col(Workshop.id) == session.workshop_id)
        .outerjoin(Venue, col(Venue.id) == session.venue_id)
        .outerjoin(Room, col(Room.id) == session.room_id)
        .where(col(session.id) == session_id)
    )
    head = db.connection().execute(query).first()
    if head is None:
        raise NotFound(thing="session_id")
    return head


def _free_seats() -> Any:
    session = WorkshopSession
    taken = col(session.confirmed_count) + col(session.offered_count) + col(session.lent_count)
    return col(session.seats) - taken


def _people(db: Session, session_id: UUID) -> tuple[ReceptionPerson, ...]:
    """Three short queries, whatever the number of people: seats, what stands, and who they are."""
    seats = {row.attendee_id: row for row in db.connection().execute(_seats(session_id))}
    standing = {row.attendee_id: row for row in db.connection().execute(_standing(session_id))}
    persons = db.connection().execute(_persons([*seats, *(one for one in standing if one not in seats)]))
    ordered = sorted(persons, key=lambda row: (not row.kana_key, row.kana_key, row.name, row.id))
    return tuple(_person(row, seats.get(row.id), standing.get(row.id)) for row in ordered)


def _seats(session_id: UUID) -> Any:
    return (
        sqlalchemy.select(
            col(Seat.attendee_id), col(Seat.id), col(Seat.code), col(Seat.without_phone), col(Registration.companions)
        )
        .join(Registration, col(Registration.id) == col(Seat.registration_id))
        .where(col(Seat.session_id) == session_id, col(Seat.state) == SeatState.CONFIRMED)
    )


def _standing(session_id: UUID) -> Any:
    return sqlalchemy.select(
        col(Attendance.attendee_id),
        col(Attendance.id),
        col(Attendance.state),
        col(Attendance.arrived_at),
        col(Attendance.left_at),
        col(Attendance.walk_in),
        col(Attendance.over_seats_reason),
    ).where(col(Attendance.session_id) == session_id, col(Attendance.undone_at).is_(None))


def _persons(attendee_ids: Sequence[UUID]) -> Any:
    return sqlalchemy.select(
        col(Attendee.id), col(Attendee.name), col(Attendee.kana), col(Attendee.kana_key), col(Attendee.needs)
    ).where(col(Attendee.id).in_(attendee_ids))


def _person(row: Any, seat: Any, standing: Any) -> ReceptionPerson:
    return ReceptionPerson(
        attendee_id=row.id,
        name=row.name,
        kana=row.kana,
        needs=tuple(row.needs),
        seat_id=seat.id if seat else None,
        seat_code=seat.code if seat else "",
        companions=seat.companions if seat else 0,
        without_phone=seat.without_phone if seat else False,
        attendance_id=standing.id if standing else None,
        state=standing.state if standing else None,
        arrived_at=standing.arrived_at if standing else None,
        left_at=standing.left_at if standing else None,
        walk_in=standing.walk_in if standing else False,
        over_seats=bool(standing.over_seats_reason) if standing else False,
    )


def _counted(people: Sequence[ReceptionPerson]) -> ReceptionCounts:
    states = Counter(person.state for person in people)
    return ReceptionCounts(
        expected=len(people),
        came=states[AttendanceState.PRESENT] + states[AttendanceState.LATE],
        late=states[AttendanceState.LATE],
        absent_notice=states[AttendanceState.ABSENT_NOTICE],
        absent=states[AttendanceState.ABSENT],
        walk_ins=sum(person.walk_in for person in people),
        left=sum(person.left_at is not None for person in people),
    )
