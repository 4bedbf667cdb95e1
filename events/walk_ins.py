"""People who come without a seat: they get a free one, or are let in above the seats with a reason.

The room's limit is never passed. A walk-in needs a name and nothing else.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendance import check_in
from events.attendance_rows import (
    AttendanceReceipt,
    added,
    answer_to_repeated_tap,
    attendance_at,
    close,
    lock_session,
    must_be_open,
    nothing,
    receipt,
    standing_attendance,
)
from events.attendees import new_attendee
from events.errors import DomainError, NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import (
    Attendance,
    Attendee,
    Intake,
    IntakeSession,
    Offer,
    Registration,
    Seat,
    WorkshopSession,
)
from events.registration_receipts import new_receipt_number
from events.room_limit import expected_people, must_fit_the_room
from events.seats import confirm_seat, give_seat, release_seat
from events.states import AttendanceState, Channel, IntakeMethod, RegistrationState, SeatState

LONGEST_REASON: Final = 400
_STANDING: Final = (RegistrationState.WAITING, RegistrationState.OFFERED, RegistrationState.WAITING_DRAW)


class WalkInReasonNeeded(DomainError):
    """All seats are taken; letting somebody in needs a reason: ``seats``, ``people`` expected."""

    code = "walk_in_reason_needed"


def walk_in(
    db: Session,
    *,
    session_id: UUID,
    name: str,
    tap_id: UUID,
    now: datetime,
    by: str,
    kana: str = "",
    attendee_id: UUID | None = None,
    reason: str = "",
) -> AttendanceReceipt:
    """Let in somebody without a seat; ``by`` is the name of who allowed it. The same tap again changes nothing.

    A known person is named by ``attendee_id``, and is simply ticked when there is a seat for them after all.
    Raises WalkInReasonNeeded above the seats, RoomFull at the room's limit, InvalidValue for the name.
    """
    intake = _locked_intake(db, session_id)
    session = lock_session(db, session_id)
    if (repeated := answer_to_repeated_tap(db, session_id, tap_id)) is not None:
        return repeated
    must_be_open(session, now)
    reason = checked_text(reason, field="reason", longest=LONGEST_REASON)
    if attendee_id is not None:
        known = _already_here(db, session, attendee_id, tap_id=tap_id, now=now, by=by)
        if known is not None:
            return known
    must_fit_the_room(db, session)
    person_id = _person(db, session, attendee_id, name=name, kana=kana, now=now)
    seat = _free_seat(db, session, intake, person_id, now=now, by=by) if intake is not None else None
    over_seats = _is_over(db, session, seat, booked=intake is not None)
    if over_seats and not reason:
        raise WalkInReasonNeeded(seats=session.seats, people=expected_people(db, session))
    row = Attendance(
        municipality_code=session.municipality_code,
        session_id=session_id,
        attendee_id=person_id,
        seat_id=seat.id if seat is not None else None,
        state=AttendanceState.PRESENT,
        arrived_at=now,
        walk_in=True,
        over_seats_reason=reason if over_seats else "",
        allowed_by=by if over_seats else "",
        tap_id=tap_id,
        recorded_at=now,
        recorded_by=by,
    )
    return receipt(db, added(db, row), changed=True)


def undo_walk_in(db: Session, *, session_id: UUID, attendance_id: UUID, now: datetime, by: str) -> AttendanceReceipt:
    """Take a walk-in back: the tick and the seat it took. The person stays known; undone already: nothing changes."""
    _locked_intake(db, session_id)
    session = lock_session(db, session_id)
    row = attendance_at(db, session_id, attendance_id)
    standing = standing_attendance(db, session_id, row.attendee_id)
    if row.undone_at is not None or not row.walk_in:
        return nothing(db, row, changed=False) if standing is None else receipt(db, standing, changed=False)
    must_be_open(session, now)
    close(db, row, now=now, by=by)
    if row.seat_id is not None:
        _give_seat_back(db, db.get_one(Seat, row.seat_id), now=now)
    return nothing(db, row, changed=True)


def _locked_intake(db: Session, session_id: UUID) -> Intake | None:
    """The intake that gives seats of this session, locked before the session; None when nobody needs to book."""
    query = (
        select(Intake)
        .join(IntakeSession, col(IntakeSession.intake_id) == col(Intake.id))
        .where(IntakeSession.session_id == session_id, Intake.method != IntakeMethod.NO_BOOKING)
        .order_by(col(Intake.id))
        .with_for_update(of=Intake)
        .execution_options(populate_existing=True)
    )
    return db.exec(query).first()


def _already_here(
    db: Session, session: WorkshopSession, attendee_id: UUID, *, tap_id: UUID, now: datetime, by: str
) -> AttendanceReceipt | None:
    standing = standing_attendance(db, session.id, attendee_id)
    if standing is not None:
        return receipt(db, standing, changed=False)
    held = select(Seat.id).where(
        Seat.session_id == session.id, Seat.attendee_id == attendee_id, Seat.state == SeatState.CONFIRMED
    )
    if db.exec(held).first() is None:
        return None
    return check_in(db, session_id=session.id, attendee_id=attendee_id, tap_id=tap_id, now=now, by=by)


def _person(
    db: Session, session: WorkshopSession, attendee_id: UUID | None, *, name: str, kana: str, now: datetime
) -> UUID:
    if attendee_id is None:
        return new_attendee(db, municipality_code=session.municipality_code, name=name, kana=kana, now=now).id
    known = select(Attendee.id).where(
        Attendee.id == attendee_id, Attendee.municipality_code == session.municipality_code
    )
    if db.exec(known).first() is None:
        raise NotFound(thing="attendee_id")
    return attendee_id


def _free_seat(
    db: Session, session: WorkshopSession, intake: Intake, attendee_id: UUID, *, now: datetime, by: str
) -> Seat | None:
    """A seat for a walk-in: the one offered to them, or a free one; None when all are taken."""
    registration = _standing_registration(db, intake, attendee_id)
    offered = _offered_seat(db, session.id, attendee_id)
    if registration is not None and offered is not None:
        confirm_seat(db, offered)
        _settle(db, registration, now=now)
        return offered
    if session.confirmed_count + session.offered_count + session.lent_count >= session.seats:
        return None
    if registration is None:
        registration = _walk_in_registration(db, intake, attendee_id, now=now, by=by)
    seat = give_seat(
        db,
        session_id=session.id,
        registration_id=registration.id,
        attendee_id=attendee_id,
        places=1,
        without_phone=False,
        now=now,
    )
    if seat is not None:
        _settle(db, registration, now=now)
    return seat


def _standing_registration(db: Session, intake: Intake, attendee_id: UUID) -> Registration | None:
    query = select(Registration).where(
        Registration.intake_id == intake.id,
        Registration.attendee_id == attendee_id,
        col(Registration.state).in_((*_STANDING, RegistrationState.CONFIRMED)),
    )
    return db.exec(query).first()


def _offered_seat(db: Session, session_id: UUID, attendee_id: UUID) -> Seat | None:
    query = select(Seat).where(
        Seat.session_id == session_id, Seat.attendee_id == attendee_id, Seat.state == SeatState.OFFERED
    )
    return db.exec(query).first()


def _settle(db: Session, registration: Registration, *, now: datetime) -> None:
    """Somebody who waited is in: their application is confirmed and an open offer is answered."""
    if registration.state in _STANDING:
        registration.state, registration.changed_at = RegistrationState.CONFIRMED, now
        registration.version += 1
    open_offers = select(Offer).where(Offer.registration_id == registration.id, Offer.answer == "")
    for offer in db.exec(open_offers).all():
        offer.answer, offer.answered_at = "accepted", now
    db.flush()


def _walk_in_registration(db: Session, intake: Intake, attendee_id: UUID, *, now: datetime, by: str) -> Registration:
    registration = Registration(
        municipality_code=intake.municipality_code,
        intake_id=intake.id,
        attendee_id=attendee_id,
        state=RegistrationState.CONFIRMED,
        number=intake.next_number,
        receipt_number=new_receipt_number(),
        channel=Channel.WALK_IN,
        applied_on=tokyo_date(now),
        received_at=now,
        taken_by=by,
        changed_at=now,
    )
    intake.next_number += 1
    db.add(registration)
    db.flush()
    return registration


def _is_over(db: Session, session: WorkshopSession, seat: Seat | None, *, booked: bool) -> bool:
    if seat is not None:
        return False
    if booked:
        return True
    return 0 < session.seats <= expected_people(db, session)


def _give_seat_back(db: Session, seat: Seat, *, now: datetime) -> None:
    release_seat(db, seat, now=now)
    registration = db.get_one(Registration, seat.registration_id)
    if registration.channel is Channel.WALK_IN:
        registration.state = RegistrationState.CANCELLED_BY_HOST
    elif registration.queue_number is not None:
        registration.state = RegistrationState.WAITING  # where they stood before they came
    registration.changed_at = now
    registration.version += 1
    db.flush()
