"""Who came: one tap, the same tap again, second thoughts, and leaving early.

A recorded arrival is never overwritten. Whatever changes it closes the row (``undone_at``) and adds a new one, so
every earlier state can still be read with who and when. For one person at one session at most one row stands: the
session's row is locked while it is decided, and a unique index is the last guard.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from events.attendance_rows import (
    AttendanceReceipt,
    added,
    answer_to_repeated_tap,
    attendance_at,
    close,
    held_seat,
    lock_session,
    must_be_open,
    nothing,
    places_of,
    receipt,
    replaced,
    restated,
    standing_attendance,
    standing_row,
)
from events.models import Attendance
from events.room_limit import CAME, must_fit_the_room
from events.states import AttendanceState


def check_in(
    db: Session,
    *,
    session_id: UUID,
    tap_id: UUID,
    now: datetime,
    by: str,
    seat_id: UUID | None = None,
    attendee_id: UUID | None = None,
    state: AttendanceState = AttendanceState.PRESENT,
) -> AttendanceReceipt:
    """Tick a person who has a seat. The same tap again, or somebody else's tap, changes nothing.

    Raises SeatNotHeld, SessionNotHeld, ReceptionNotToday.
    """
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    must_be_open(session, now)
    seat = held_seat(db, session_id, seat_id, attendee_id)
    standing = standing_attendance(db, session_id, seat.attendee_id)
    if standing is not None:
        return receipt(db, standing, changed=False)
    row = Attendance(
        municipality_code=session.municipality_code,
        session_id=session_id,
        attendee_id=seat.attendee_id,
        seat_id=seat.id,
        state=state,
        arrived_at=now if state in CAME else None,
        tap_id=tap_id,
        recorded_at=now,
        recorded_by=by,
    )
    return receipt(db, added(db, row), changed=True)


def change_attendance(
    db: Session,
    *,
    session_id: UUID,
    attendance_id: UUID,
    state: AttendanceState,
    tap_id: UUID,
    now: datetime,
    by: str,
) -> AttendanceReceipt:
    """Say otherwise: present becomes late, absent becomes present, and so on.

    Raises Conflict when somebody changed or undid the row meanwhile, RoomFull when an absent person's place in
    the room went to a walk-in.
    """
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    must_be_open(session, now)
    row = standing_row(db, session_id, attendance_id)
    if row.state is state:
        return receipt(db, row, changed=False)
    changed = restated(db, session, row, state, arrived_at=now, tap_id=tap_id, now=now, by=by)
    return receipt(db, changed, changed=True)


def leave_early(
    db: Session, *, session_id: UUID, attendance_id: UUID, tap_id: UUID, now: datetime, by: str
) -> AttendanceReceipt:
    """Note that a person who came has left before the end. Once noted, the first time stands."""
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    must_be_open(session, now)
    row = standing_row(db, session_id, attendance_id)
    if row.left_at is not None or row.state not in CAME:
        return receipt(db, row, changed=False)
    return receipt(db, replaced(db, row, tap_id=tap_id, now=now, by=by, left_at=now), changed=True)


def undo_leaving(
    db: Session, *, session_id: UUID, attendance_id: UUID, tap_id: UUID, now: datetime, by: str
) -> AttendanceReceipt:
    """Take back that somebody left; they are in the room again. Raises RoomFull."""
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    must_be_open(session, now)
    row = standing_row(db, session_id, attendance_id)
    if row.left_at is None:
        return receipt(db, row, changed=False)
    must_fit_the_room(db, session, more=places_of(db, row))
    return receipt(db, replaced(db, row, tap_id=tap_id, now=now, by=by, left_at=None), changed=True)


def undo_check_in(db: Session, *, session_id: UUID, attendance_id: UUID, now: datetime, by: str) -> AttendanceReceipt:
    """Take back a tick; the row stays, with who undid it and when. Undone already: what stands is answered.

    Raises RoomFull when an absent person would be expected again in a room that is full.
    """
    session = lock_session(db, session_id)
    row = attendance_at(db, session_id, attendance_id)
    standing = standing_attendance(db, session_id, row.attendee_id)
    if row.undone_at is not None:
        return nothing(db, row, changed=False) if standing is None else receipt(db, standing, changed=False)
    must_be_open(session, now)
    if row.seat_id is not None and (row.state not in CAME or row.left_at is not None):
        must_fit_the_room(db, session, more=places_of(db, row))
    close(db, row, now=now, by=by)
    return nothing(db, row, changed=True)
