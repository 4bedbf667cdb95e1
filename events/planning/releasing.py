"""What a cancellation does to the people of a session, and how it is taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Choice, Intake, IntakeSession, Offer, Registration, Seat, WorkshopSession
from events.planning.telling import people_concerned
from events.registration_places import join_queue
from events.registration_rules import lock_intake
from events.seats import release_seat, take_places
from events.states import ACTIVE_REGISTRATIONS, IntakeMethod, ProgrammeState, RegistrationState, SeatState

_STOPPED = "stopped"  # the answer of an offer that ended because its session was called off
_HELD = (SeatState.CONFIRMED, SeatState.OFFERED)


def release_everybody(db: Session, session: WorkshopSession, *, reason: str, now: datetime) -> Sequence[Registration]:
    """Release all places of a session and end the applications that have nothing left; answers who is concerned."""
    people = people_concerned(db, session.id)
    seats = db.exec(select(Seat).where(Seat.session_id == session.id, col(Seat.state).in_(_HELD))).all()
    for seat in seats:
        release_seat(db, seat, now=now)
    left = _with_something_left(db, people, session.id)
    _stop_offers(db, [registration.id for registration in people if registration.id not in left], now)
    for registration in people:
        if registration.id not in left:
            registration.state = RegistrationState.CANCELLED_BY_HOST
            registration.state_reason = reason
            registration.changed_at = now
            registration.version += 1
    db.flush()
    return people


def _stop_offers(db: Session, registration_ids: Sequence[UUID], now: datetime) -> None:
    """An offer of a seat that is gone needs no answer any more."""
    query = select(Offer).where(col(Offer.registration_id).in_(registration_ids), Offer.answer == "")
    for offer in db.exec(query):
        offer.answer, offer.answered_at = _STOPPED, now


def _with_something_left(db: Session, people: Sequence[Registration], session_id: UUID) -> set[UUID]:
    """Applications that still hold a place elsewhere, or wait for another session that is not cancelled."""
    ids = [registration.id for registration in people]
    if not ids:
        return set()
    seated = db.exec(
        select(Seat.registration_id).where(col(Seat.registration_id).in_(ids), col(Seat.state).in_(_HELD))
    ).all()
    elsewhere = _intakes_with_other_sessions(db, people, session_id)
    waits = {RegistrationState.WAITING, RegistrationState.WAITING_DRAW}
    waiting = {each.id for each in people if each.state in waits and each.intake_id in elsewhere}
    return set(seated) | (waiting - _only_chose(db, waiting, session_id))


def _intakes_with_other_sessions(db: Session, people: Sequence[Registration], session_id: UUID) -> set[UUID]:
    query = (
        select(IntakeSession.intake_id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(
            col(IntakeSession.intake_id).in_({registration.intake_id for registration in people}),
            IntakeSession.session_id != session_id,
            WorkshopSession.state != ProgrammeState.CANCELLED,
        )
    )
    return set(db.exec(query).all())


def _only_chose(db: Session, registration_ids: set[UUID], session_id: UUID) -> set[UUID]:
    """Those who named this session and no other."""
    query = select(Choice.registration_id, Choice.session_id).where(col(Choice.registration_id).in_(registration_ids))
    chosen: dict[UUID, set[UUID]] = {}
    for registration_id, chosen_id in db.exec(query):
        chosen.setdefault(registration_id, set()).add(chosen_id)
    return {registration_id for registration_id, sessions in chosen.items() if sessions == {session_id}}


def take_everybody_back(db: Session, session: WorkshopSession, now: datetime) -> None:
    """Give those whom the cancellation ended their places and ranks again."""
    cancelled_at = session.stopped_at
    if cancelled_at is None:
        return
    released = select(Seat.registration_id).where(Seat.session_id == session.id, Seat.released_at == cancelled_at)
    intakes = select(IntakeSession.intake_id).where(IntakeSession.session_id == session.id)
    ended = (Registration.state == RegistrationState.CANCELLED_BY_HOST) & (Registration.changed_at == cancelled_at)
    query = (
        select(Registration)
        .where(
            col(Registration.intake_id).in_(intakes),
            col(Registration.id).in_(released) | ended,
        )
        .order_by(col(Registration.number), col(Registration.id))
        .with_for_update(of=Registration)
    )
    for registration in db.exec(query).all():
        _take_back(db, session, registration, cancelled_at, now)


def _take_back(
    db: Session, session: WorkshopSession, registration: Registration, cancelled_at: datetime, now: datetime
) -> None:
    ended_then = registration.state is RegistrationState.CANCELLED_BY_HOST and registration.changed_at == cancelled_at
    if not ended_then and registration.state not in ACTIVE_REGISTRATIONS:
        return  # they cancelled themselves meanwhile
    if ended_then and _applied_again(db, registration):
        return
    seated = _seat_again(db, session, registration, cancelled_at, now)
    if ended_then:
        registration.state = seated or _waiting_state(db, registration)
        if registration.state is RegistrationState.WAITING and registration.queue_number is None:
            join_queue(lock_intake(db, registration.intake_id), registration)
        registration.state_reason = ""
        registration.changed_at = now
        registration.version += 1
        db.flush()


def _applied_again(db: Session, registration: Registration) -> bool:
    query = select(Registration.id).where(
        Registration.intake_id == registration.intake_id,
        Registration.attendee_id == registration.attendee_id,
        col(Registration.state).in_(ACTIVE_REGISTRATIONS),
    )
    return db.exec(query).first() is not None


def _seat_again(
    db: Session, session: WorkshopSession, registration: Registration, cancelled_at: datetime, now: datetime
) -> RegistrationState | None:
    """The state the application has with its old seat; None when it had none, or no place is free."""
    seat = db.exec(
        select(Seat).where(
            Seat.registration_id == registration.id,
            Seat.session_id == session.id,
            Seat.state == SeatState.RELEASED,
            Seat.released_at == cancelled_at,
        )
    ).first()
    if seat is None or _has_a_seat(db, seat):
        return None
    offer = db.exec(
        select(Offer).where(
            Offer.registration_id == registration.id, Offer.answer == _STOPPED, Offer.answered_at == cancelled_at
        )
    ).first()
    if offer is not None and offer.reply_by <= now:
        return None
    offered = offer is not None or registration.state is RegistrationState.OFFERED
    if not take_places(
        db, session_id=session.id, places=seat.places, offered=offered, without_phone=seat.without_phone
    ):
        return None
    seat.state, seat.released_at = (SeatState.OFFERED if offered else SeatState.CONFIRMED), None
    if offer is not None:
        offer.answer, offer.answered_at = "", None
    db.flush()
    return RegistrationState.OFFERED if offered else RegistrationState.CONFIRMED


def _has_a_seat(db: Session, seat: Seat) -> bool:
    """Whether the person came to the session meanwhile through another application."""
    query = select(Seat.id).where(
        Seat.session_id == seat.session_id, Seat.attendee_id == seat.attendee_id, col(Seat.state).in_(_HELD)
    )
    return db.exec(query).first() is not None


def _waiting_state(db: Session, registration: Registration) -> RegistrationState:
    intake = db.get_one(Intake, registration.intake_id)
    before_draw = intake.method is IntakeMethod.DRAW and intake.drawn_at is None
    return RegistrationState.WAITING_DRAW if before_draw else RegistrationState.WAITING
