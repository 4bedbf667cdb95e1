"""Rows of attendance: which one stands, how one is ended, and what a receipt says. Used inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict, DomainError, NotFound
from events.japan.clock import tokyo_date
from events.models import Attendance, Attendee, Seat, WorkshopSession
from events.room_limit import CAME, must_fit_the_room
from events.states import STOPPED_STATES, AttendanceState, SeatState


class SessionNotHeld(DomainError):
    """The session was cancelled or postponed, so nobody can come to it: ``state``, ``held_on``."""

    code = "session_not_held"


class ReceptionNotToday(DomainError):
    """The desk is open on the session's own day only (Tokyo): ``held_on``, ``today``."""

    code = "reception_not_today"


class SessionNotBegun(DomainError):
    """Nobody is missing before the session has begun: ``starts_at`` (aware UTC)."""

    code = "session_not_begun"


class SeatNotHeld(DomainError):
    """This person has no seat at this session (any more); they can come as a walk-in."""

    code = "seat_not_held"


@dataclass(frozen=True, slots=True)
class AttendanceReceipt:
    """What stands for one person after a tap. ``changed`` is false when the tap found it done already.

    ``attendance_id`` and ``state`` are None when nothing stands. Times are aware UTC.
    """

    session_id: UUID
    attendee_id: UUID
    name: str
    changed: bool
    attendance_id: UUID | None = None
    state: AttendanceState | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    walk_in: bool = False
    over_seats: bool = False


def lock_session(db: Session, session_id: UUID) -> WorkshopSession:
    """The session's row, held until the transaction ends, so that two tablets decide one after the other."""
    query = select(WorkshopSession).where(WorkshopSession.id == session_id).with_for_update(key_share=True)
    session = db.exec(query.execution_options(populate_existing=True)).first()
    if session is None:
        raise NotFound(thing="session_id")
    return session


def must_be_open(session: WorkshopSession, now: datetime) -> None:
    """Refuse a tick at a session that is not held, or on another day than its own."""
    if session.state in STOPPED_STATES:
        raise SessionNotHeld(state=session.state.value, held_on=session.held_on)
    if session.held_on != tokyo_date(now):
        raise ReceptionNotToday(held_on=session.held_on, today=tokyo_date(now))


def answer_to_repeated_tap(db: Session, session_id: UUID, tap_id: UUID) -> AttendanceReceipt | None:
    """What stands now for the person of a tap that was recorded before; None for a new tap."""
    row = db.exec(select(Attendance).where(Attendance.tap_id == tap_id)).first()
    if row is None:
        return None
    if row.session_id != session_id:
        raise Conflict(thing="tap_id")
    standing = standing_attendance(db, session_id, row.attendee_id)
    return nothing(db, row, changed=False) if standing is None else receipt(db, standing, changed=False)


def standing_attendance(db: Session, session_id: UUID, attendee_id: UUID) -> Attendance | None:
    """The one row that holds for a person at a session."""
    query = select(Attendance).where(
        Attendance.session_id == session_id,
        Attendance.attendee_id == attendee_id,
        col(Attendance.undone_at).is_(None),
    )
    return db.exec(query).first()


def attendance_at(db: Session, session_id: UUID, attendance_id: UUID) -> Attendance:
    """A row of this session, standing or not. Raises NotFound, also for another session's row."""
    query = select(Attendance).where(Attendance.id == attendance_id, Attendance.session_id == session_id)
    row = db.exec(query).first()
    if row is None:
        raise NotFound(thing="attendance_id")
    return row


def close(db: Session, row: Attendance, *, now: datetime, by: str) -> None:
    """End a row; it stays readable."""
    row.undone_at, row.undone_by = now, by
    db.flush()  # before a new row for the same person is added: only one may stand


def replaced(db: Session, row: Attendance, *, tap_id: UUID, now: datetime, by: str, **changes: object) -> Attendance:
    """End a row and add one that differs in ``changes``."""
    values = row.model_dump(exclude={"id", "undone_at", "undone_by"})
    close(db, row, now=now, by=by)
    newer = {"tap_id": tap_id, "recorded_at": now, "recorded_by": by}
    return added(db, Attendance(**{**values, **newer, **changes}))


def receipt(db: Session, row: Attendance, *, changed: bool) -> AttendanceReceipt:
    """What a standing row says."""
    return AttendanceReceipt(
        session_id=row.session_id,
        attendee_id=row.attendee_id,
        name=name_of(db, row.attendee_id),
        changed=changed,
        attendance_id=row.id,
        state=row.state,
        arrived_at=row.arrived_at,
        left_at=row.left_at,
        walk_in=row.walk_in,
        over_seats=bool(row.over_seats_reason),
    )


def nothing(db: Session, row: Attendance, *, changed: bool) -> AttendanceReceipt:
    """That nothing stands for the person of a row that was ended."""
    return AttendanceReceipt(row.session_id, row.attendee_id, name_of(db, row.attendee_id), changed)


def restated(
    db: Session,
    session: WorkshopSession,
    row: Attendance,
    state: AttendanceState,
    *,
    arrived_at: datetime | None,
    tap_id: UUID,
    now: datetime,
    by: str,
) -> Attendance:
    """End a row and add one in another state. Raises RoomFull when an absent person comes into a full room."""
    comes = state in CAME
    if comes and row.state not in CAME:
        must_fit_the_room(db, session, more=places_of(db, row))
    return replaced(
        db,
        row,
        tap_id=tap_id,
        now=now,
        by=by,
        state=state,
        arrived_at=(row.arrived_at or arrived_at) if comes else None,
        left_at=row.left_at if comes else None,
    )


def held_seat(db: Session, session_id: UUID, seat_id: UUID | None, attendee_id: UUID | None) -> Seat:
    """The confirmed seat that is named by its id or its person's. Raises SeatNotHeld."""
    query = select(Seat).where(Seat.session_id == session_id, Seat.state == SeatState.CONFIRMED)
    if seat_id is not None:
        query = query.where(Seat.id == seat_id)
    if attendee_id is not None:
        query = query.where(Seat.attendee_id == attendee_id)
    seat = None if seat_id is None and attendee_id is None else db.exec(query).first()
    if seat is None:
        raise SeatNotHeld
    return seat


def standing_row(db: Session, session_id: UUID, attendance_id: UUID) -> Attendance:
    """A row of this session that still stands. Raises Conflict when somebody ended it meanwhile."""
    row = attendance_at(db, session_id, attendance_id)
    if row.undone_at is not None:
        raise Conflict(thing="attendance_id")
    return row


def added(db: Session, row: Attendance) -> Attendance:
    """Add a row now, so that the index guards it before anything else is decided."""
    db.add(row)
    db.flush()
    return row


def places_of(db: Session, row: Attendance) -> int:
    """How many people a row speaks for: a seat may hold a companion too."""
    if row.seat_id is None:
        return 1
    return db.exec(select(Seat.places).where(Seat.id == row.seat_id)).one()


def name_of(db: Session, attendee_id: UUID) -> str:
    """The name as it was given."""
    return db.exec(select(Attendee.name).where(Attendee.id == attendee_id)).one()
