"""The seats and table times of one application, taken together or not at all, and given back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict
from events.models import Attendance, Attendee, Intake, Registration, Seat, Slot, Workshop, WorkshopSession
from events.registration_errors import SlotTaken
from events.registration_rules import has_begun, needs_loan_phone
from events.room_limit import expected_people
from events.seats import give_seat, release_seat
from events.states import RegistrationState, SeatState


def places_needed(registration: Registration, workshop: Workshop) -> int:
    """How many places an application takes at a session: a companion counts only if the workshop says so."""
    return places_for(registration.companions, workshop)


def places_for(companions: int, workshop: Workshop) -> int:
    """How many places somebody with so many companions takes at a session."""
    return 1 + (companions if workshop.companion_takes_seat else 0)


def free_places(session: WorkshopSession) -> int:
    """Places that nobody has, is offered, or took to a hall without network."""
    return session.seats - session.confirmed_count - session.offered_count - session.lent_count


def open_places(db: Session, session: WorkshopSession) -> int:
    """Places that can still be given: free ones, as far as the room holds more people. The session must be locked.

    Somebody let in above the seats keeps the chair when a place becomes free.
    """
    free = free_places(session)
    if free <= 0 or session.room_limit is None:
        return free
    return min(free, session.room_limit - expected_people(db, session))


def take_seats(
    db: Session,
    registration: Registration,
    sessions: Sequence[WorkshopSession],
    *,
    now: datetime,
    offered: bool = False,
    slot_starts_at: datetime | None = None,
) -> bool:
    """Take a seat in each of the sessions, or none and answer False. The sessions must be locked.

    Nobody sits twice: who has a seat at one of them through another application gets none.
    Raises SlotTaken when a table's time was named and is taken.
    """
    if not sessions or seated_at(db, registration.attendee_id, sessions):
        return False
    workshop = db.get_one(Workshop, sessions[0].workshop_id)
    places = places_needed(registration, workshop)
    if any(open_places(db, session) < places for session in sessions):
        return False
    attendee = db.get_one(Attendee, registration.attendee_id)
    for session in sessions:
        seat = give_seat(
            db,
            session_id=session.id,
            registration_id=registration.id,
            attendee_id=attendee.id,
            places=places,
            without_phone=needs_loan_phone(attendee, wants_device=registration.wants_device),
            now=now,
            offered=offered,
        )
        if seat is None:  # locked and counted a moment ago: somebody wrote past the lock
            raise Conflict(thing="session_id")
        _give_slot(db, seat, slot_starts_at)
    return True


def seated_at(db: Session, attendee_id: UUID, sessions: Sequence[WorkshopSession]) -> set[UUID]:
    """At which of the sessions a person has a seat or is offered one, by whatever application."""
    query = select(Seat.session_id).where(
        Seat.attendee_id == attendee_id,
        Seat.state != SeatState.RELEASED,
        col(Seat.session_id).in_([session.id for session in sessions]),
    )
    return set(db.exec(query).all())


def held_seats(db: Session, registration: Registration) -> Sequence[Seat]:
    """The seats an application has, confirmed or offered."""
    query = select(Seat).where(Seat.registration_id == registration.id, Seat.state != SeatState.RELEASED)
    return db.exec(query.execution_options(populate_existing=True)).all()


def release_coming_seats(db: Session, registration: Registration, *, now: datetime) -> list[Seat]:
    """Give back the seats of sessions that have not begun and where nothing is recorded; answers them.

    What has been is history: a course that somebody leaves halfway keeps its first meetings.
    """
    released = []
    for seat in held_seats(db, registration):
        session = db.get_one(WorkshopSession, seat.session_id)
        if has_begun(session, now) or _is_recorded(db, seat):
            continue
        release_seat(db, seat, now=now)
        _free_slot(db, seat)
        released.append(seat)
    return released


def end_seats(db: Session, registration: Registration, *, now: datetime) -> None:
    """Give back all seats of an application, also of sessions that have been: it was never one of its own."""
    for seat in held_seats(db, registration):
        release_seat(db, seat, now=now)
        _free_slot(db, seat)


def join_queue(intake: Intake, registration: Registration) -> None:
    """Put an application at the end of the waiting list. The intake must be locked."""
    registration.state = RegistrationState.WAITING
    registration.queue_number = intake.next_queue_number
    intake.next_queue_number += 1


def _give_slot(db: Session, seat: Seat, starts_at: datetime | None) -> None:
    """Give a seat of a consultation the time that was named, or the first free one."""
    query = (
        select(Slot)
        .where(Slot.session_id == seat.session_id, col(Slot.seat_id).is_(None))
        .order_by(col(Slot.starts_at), col(Slot.table_id))
    )
    if starts_at is not None:
        query = query.where(Slot.starts_at == starts_at)
    slot = db.exec(query).first()
    if slot is not None:
        slot.seat_id = seat.id
        db.flush()
    elif starts_at is not None:
        raise SlotTaken(starts_at=starts_at)


def _free_slot(db: Session, seat: Seat) -> None:
    for slot in db.exec(select(Slot).where(Slot.seat_id == seat.id)).all():
        slot.seat_id = None
    db.flush()


def _is_recorded(db: Session, seat: Seat) -> bool:
    query = select(Attendance.id).where(Attendance.seat_id == seat.id, col(Attendance.undone_at).is_(None))
    return db.exec(query).first() is not None
