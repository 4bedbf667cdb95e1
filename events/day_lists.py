"""The lists of a day that leave as files: the roster for the table, the attendance of a session or a span of days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import and_, func
from sqlmodel import Session, col

from events.age_bands import band_on
from events.attendance_queries import reception_list, sessions_of_workshop
from events.errors import InvalidValue
from events.models import Attendance, Attendee, Device, Registration, Room, Seat, Venue, Workshop, WorkshopSession
from events.states import STOPPED_STATES, AttendanceState, Channel, ProgrammeState, SeatState


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on the roster: no telephone, no address. ``needs`` are codes, ``companions`` come along."""

    name: str
    kana: str
    attendance: AttendanceState | None
    device: str
    needs: tuple[str, ...]
    companions: int


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of one session, in kana order. ``starts_at`` is aware UTC."""

    session_id: UUID
    municipality_code: str
    title: str
    held_on: date
    starts_at: datetime | None
    venue: str
    room: str
    lines: tuple[RosterLine, ...]


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One person at one session: a seat, or an arrival without one. Times are aware UTC.

    ``age_band`` is the one of the session's day; ``over_seats_reason`` says why somebody was let in above the seats.
    """

    session_id: UUID
    workshop: str
    number: int
    of_sessions: int
    starts_at: datetime
    ends_at: datetime
    venue: str
    receipt_number: str
    name: str
    kana: str
    age_band: str
    channel: Channel
    attendance: AttendanceState | None
    arrived_at: datetime | None
    left_at: datetime | None
    walk_in: bool
    note: str
    over_seats_reason: str


def roster(db: Session, *, session_id: UUID) -> Roster:
    """The people of one session as the list on the table shows them. Raises NotFound."""
    sheet = reception_list(db, session_id=session_id)
    devices = _devices(db, session_id)
    session = db.get_one(WorkshopSession, session_id)
    return Roster(
        session_id=session_id,
        municipality_code=session.municipality_code,
        title=sheet.title,
        held_on=sheet.held_on,
        starts_at=sheet.starts_at,
        venue=sheet.venue,
        room=sheet.room,
        lines=tuple(
            RosterLine(
                name=person.name,
                kana=person.kana,
                attendance=person.state,
                device=devices.get(person.attendee_id, ""),
                needs=person.needs,
                companions=person.companions,
            )
            for person in sheet.people
        ),
    )


def attendance_lines(
    db: Session, *, municipality_code: str, first: date, last: date, session_id: UUID | None = None
) -> tuple[AttendanceLine, ...]:
    """Everybody who had a seat or came, from ``first`` to ``last`` (Tokyo dates, both included), or of one session.

    In order of time, then of kana. Drafts, and sessions cancelled or postponed, are left out. Raises InvalidValue
    when ``last`` is before ``first``.
    """
    if last < first:
        raise InvalidValue(field="last", value=last, problem="before_first", first=first)
    wanted = [
        col(WorkshopSession.municipality_code) == municipality_code,
        col(WorkshopSession.held_on).between(first, last),
        col(WorkshopSession.starts_at).is_not(None),
        col(WorkshopSession.state).not_in((*STOPPED_STATES, ProgrammeState.DRAFT)),
    ]
    if session_id is not None:
        wanted = [wanted[0], col(WorkshopSession.id) == session_id, wanted[2]]
    rows = [*db.connection().execute(_with_seat(wanted)), *db.connection().execute(_without_seat(wanted))]
    rows.sort(key=lambda row: (row.starts_at, row.session_id, not row.kana_key, row.kana_key, row.name))
    return tuple(_line(row) for row in rows)


def _devices(db: Session, session_id: UUID) -> dict[UUID, str]:
    query = (
        sqlalchemy.select(col(Attendance.attendee_id), col(Device.number))
        .join(Device, col(Device.id) == col(Attendance.device_id))
        .where(col(Attendance.session_id) == session_id, col(Attendance.undone_at).is_(None))
    )
    return {row.attendee_id: row.number for row in db.connection().execute(query)}


def _with_seat(wanted: list[Any]) -> Any:
    standing = and_(
        col(Attendance.session_id) == col(Seat.session_id),
        col(Attendance.attendee_id) == col(Seat.attendee_id),
        col(Attendance.undone_at).is_(None),
    )
    query = (
        sqlalchemy.select(*_COLUMNS, col(Registration.receipt_number), col(Registration.channel))
        .select_from(Seat)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Seat.session_id))
        .join(Registration, col(Registration.id) == col(Seat.registration_id))
        .join(Attendee, col(Attendee.id) == col(Seat.attendee_id))
        .outerjoin(Attendance, standing)
        .where(col(Seat.state) == SeatState.CONFIRMED)
    )
    return _placed(query).where(*wanted)


def _without_seat(wanted: list[Any]) -> Any:
    """Arrivals that stand although no confirmed seat belongs to them."""
    seat = sqlalchemy.select(col(Seat.id)).where(
        col(Seat.session_id) == col(Attendance.session_id),
        col(Seat.attendee_id) == col(Attendance.attendee_id),
        col(Seat.state) == SeatState.CONFIRMED,
    )
    query = (
        sqlalchemy.select(
            *_COLUMNS,
            sqlalchemy.literal("").label("receipt_number"),
            sqlalchemy.literal(Channel.WALK_IN, Registration.__table__.c.channel.type).label("channel"),  # type: ignore[attr-defined]  # SQLModel does not declare it
        )
        .select_from(Attendance)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Attendance.session_id))
        .join(Attendee, col(Attendee.id) == col(Attendance.attendee_id))
        .where(col(Attendance.undone_at).is_(None), ~seat.exists())
    )
    return _placed(query).where(*wanted)


def _placed(query: Any) -> Any:
    return (
        query.join(Workshop, col(Workshop.id) == col(WorkshopSession.workshop_id))
        .outerjoin(Venue, col(Venue.id) == col(WorkshopSession.venue_id))
        .outerjoin(Room, col(Room.id) == col(WorkshopSession.room_id))
    )


_COLUMNS: tuple[Any, ...] = (
    col(WorkshopSession.id).label("session_id"),
    col(WorkshopSession.number),
    sessions_of_workshop().label("of_sessions"),
    col(WorkshopSession.held_on),
    col(WorkshopSession.starts_at),
    col(WorkshopSession.ends_at),
    col(Workshop.title),
    func.coalesce(Venue.name, WorkshopSession.place_text).label("venue"),
    col(Attendee.name),
    col(Attendee.kana),
    col(Attendee.kana_key),
    col(Attendee.birth_date),
    col(Attendee.age_band),
    col(Attendance.state).label("attendance"),
    col(Attendance.arrived_at),
    col(Attendance.left_at),
    func.coalesce(Attendance.walk_in, sqlalchemy.false()).label("walk_in"),
    func.coalesce(Attendance.note, "").label("note"),
    func.coalesce(Attendance.over_seats_reason, "").label("over_seats_reason"),
)


def _line(row: Any) -> AttendanceLine:
    return AttendanceLine(
        session_id=row.session_id,
        workshop=row.title,
        number=row.number,
        of_sessions=row.of_sessions,
        starts_at=row.starts_at,
        ends_at=row.ends_at or row.starts_at,
        venue=row.venue,
        receipt_number=row.receipt_number,
        name=row.name,
        kana=row.kana,
        age_band=band_on(row.birth_date, row.age_band, row.held_on),
        channel=row.channel,
        attendance=row.attendance,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        walk_in=bool(row.walk_in),
        note=row.note,
        over_seats_reason=row.over_seats_reason,
    )
