"""The desk's record put right and completed: everybody else was absent, and corrections with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendance_rows import (
    AttendanceReceipt,
    ReceptionNotToday,
    SessionNotBegun,
    SessionNotHeld,
    added,
    answer_to_repeated_tap,
    close,
    held_seat,
    lock_session,
    must_be_open,
    name_of,
    nothing,
    receipt,
    restated,
    standing_attendance,
)
from events.fields import new_id
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Attendance, Seat, WorkshopSession
from events.states import STOPPED_STATES, AttendanceState, SeatState

LONGEST_REASON: Final = 400


def mark_rest_absent(db: Session, *, session_id: UUID, now: datetime, by: str) -> int:
    """At the end of the day: everybody with a seat who was not ticked is absent. Answers how many that were.

    Raises SessionNotBegun, ReceptionNotToday, SessionNotHeld.
    """
    session = lock_session(db, session_id)
    must_be_open(session, now)
    if session.starts_at is not None and now < session.starts_at:
        raise SessionNotBegun(starts_at=session.starts_at)
    seats = _unticked_seats(db, session_id)
    for seat in seats:
        row = Attendance(
            municipality_code=session.municipality_code,
            session_id=session_id,
            attendee_id=seat.attendee_id,
            seat_id=seat.id,
            state=AttendanceState.ABSENT,
            tap_id=new_id(),
            recorded_at=now,
            recorded_by=by,
        )
        db.add(row)
    db.flush()
    return len(seats)


def correct_attendance(
    db: Session,
    *,
    session_id: UUID,
    attendee_id: UUID,
    state: AttendanceState | None,
    reason: str,
    tap_id: UUID,
    now: datetime,
    by: str,
) -> AttendanceReceipt:
    """Put right afterwards what the desk recorded; ``state`` None takes the record away. Needs a reason.

    For staff, on the session's day and on every later one. Raises InvalidValue without a reason, SeatNotHeld for
    somebody who neither came nor had a seat, RoomFull.
    """
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    checked_text(reason, field="reason", longest=LONGEST_REASON, required=True)
    _must_have_come_to_its_day(session, now)
    row = standing_attendance(db, session_id, attendee_id)
    if row is None:
        return _recorded_later(db, session, attendee_id, state, tap_id=tap_id, now=now, by=by)
    if state is None:
        close(db, row, now=now, by=by)
        return nothing(db, row, changed=True)
    if row.state is state:
        return receipt(db, row, changed=False)
    changed = restated(db, session, row, state, arrived_at=row.arrived_at, tap_id=tap_id, now=now, by=by)
    return receipt(db, changed, changed=True)


def _recorded_later(
    db: Session,
    session: WorkshopSession,
    attendee_id: UUID,
    state: AttendanceState | None,
    *,
    tap_id: UUID,
    now: datetime,
    by: str,
) -> AttendanceReceipt:
    seat = held_seat(db, session.id, None, attendee_id)
    if state is None:
        return AttendanceReceipt(session.id, attendee_id, name_of(db, attendee_id), changed=False)
    row = Attendance(
        municipality_code=session.municipality_code,
        session_id=session.id,
        attendee_id=attendee_id,
        seat_id=seat.id,
        state=state,
        tap_id=tap_id,
        recorded_at=now,
        recorded_by=by,
    )
    return receipt(db, added(db, row), changed=True)


def _unticked_seats(db: Session, session_id: UUID) -> Sequence[Seat]:
    ticked = select(Attendance.attendee_id).where(
        Attendance.session_id == session_id, col(Attendance.undone_at).is_(None)
    )
    return db.exec(
        select(Seat).where(
            Seat.session_id == session_id,
            Seat.state == SeatState.CONFIRMED,
            col(Seat.attendee_id).not_in(ticked),
        )
    ).all()


def _must_have_come_to_its_day(session: WorkshopSession, now: datetime) -> None:
    if session.state in STOPPED_STATES:
        raise SessionNotHeld(state=session.state.value, held_on=session.held_on)
    if session.held_on > tokyo_date(now):
        raise ReceptionNotToday(held_on=session.held_on, today=tokyo_date(now))
