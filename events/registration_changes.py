"""Second thoughts about an application: cancel it, bring it back, move it to another session."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.free_text import checked_text
from events.models import Choice, Intake, IntakeSession, Registration, Seat, WorkshopSession
from events.notices.kinds import KIND_OF_STATE, MOVED_TO, RESTORED
from events.notices.writing import knows, tell
from events.registration import must_not_be_registered, register_attendee
from events.registration_errors import (
    RegistrationEnded,
    RegistrationStands,
    SameSession,
    SessionBegun,
    SessionFull,
)
from events.registration_places import held_seats, join_queue, release_coming_seats, take_seats
from events.registration_receipts import RegistrationReceipt, receipt_for
from events.registration_rules import (
    is_before_draw,
    lock_intake,
    lock_intake_sessions,
    lock_registration,
    sessions_to_book,
)
from events.states import ACTIVE_REGISTRATIONS, IntakeUnit, RegistrationState, SeatState
from events.waiting_list import (
    change_state,
    close_open_offer,
    newest_offer,
    offer_free_seats,
    reopen_offer,
    withdraw_untold_offers,
)

_HELD = frozenset({RegistrationState.CONFIRMED, RegistrationState.OFFERED})


def cancel_registration(
    db: Session, *, registration_id: UUID, reason: str, now: datetime, by: str, by_host: bool = False
) -> RegistrationReceipt:
    """End an application; its seats go to the next on the waiting list (see ``offered`` of the answer).

    Raises InvalidValue without a reason, RegistrationEnded, SessionBegun when there is nothing left to give back.
    """
    reason = checked_text(reason, field="reason", longest=400, required=True)
    registration, intake, _ = lock_registration(db, registration_id)
    _must_stand(registration)
    held = registration.state in _HELD
    if not release_coming_seats(db, registration, now=now) and held:
        raise SessionBegun(held_on=_first_day(db, registration))
    close_open_offer(db, registration, "cancelled", now=now, by=by)
    ended = RegistrationState.CANCELLED_BY_HOST if by_host else RegistrationState.CANCELLED_BY_PERSON
    change_state(registration, ended, reason, now)
    if by_host:
        tell(db, [registration], KIND_OF_STATE[ended], now=now, reason=reason)
    else:
        knows(db, [registration])
    return receipt_for(db, registration, offered=offer_free_seats(db, intake, now=now))


def restore_registration(
    db: Session, *, registration_id: UUID, now: datetime, by: str, reason: str = ""
) -> RegistrationReceipt:
    """Bring back an application that was cancelled, declined or ran out: the undo of all three.

    The seat comes back if it is still free, or was offered to somebody who has not been told yet; else the person
    joins the waiting list, in their old place if they had one. Raises RegistrationStands, AlreadyRegistered.
    """
    registration, intake, sessions = lock_registration(db, registration_id)
    if registration.state in ACTIVE_REGISTRATIONS:
        raise RegistrationStands(state=registration.state.value)
    must_not_be_registered(db, intake, registration.attendee_id)
    ended, lost = registration.state, _lost_sessions(db, registration, sessions)
    if is_before_draw(intake):
        state = RegistrationState.WAITING_DRAW
    elif lost and _take_back(db, intake, registration, lost, now=now, by=by):
        state = registration.state
    else:
        state = RegistrationState.WAITING
        if registration.queue_number is None:
            join_queue(intake, registration)
    change_state(registration, state, reason, now)
    offered = offer_free_seats(db, intake, now=now)
    _tell_restored(db, registration, ended, had_seat=bool(lost), now=now)
    return receipt_for(db, registration, offered=offered)


def move_registration(
    db: Session,
    *,
    registration_id: UUID,
    session_id: UUID,
    reason: str,
    now: datetime,
    by: str,
    told: bool = False,
) -> RegistrationReceipt:
    """Move a person to another session in one step; the seat they leave goes to the next.

    They will be told, unless they were ``told`` already (they asked for it on the telephone). Nobody loses a seat for
    a place on a waiting list. Raises SameSession, SessionFull, RegistrationEnded, and all that booking the other
    session refuses.
    """
    reason = checked_text(reason, field="reason", longest=400, required=True)
    target_id = _intake_of(db, session_id)
    _lock_both(db, registration_id, target_id)
    registration, intake, sessions = lock_registration(db, registration_id)
    _must_stand(registration)
    if _is_there(db, registration, intake, target_id, session_id):
        raise SameSession(held_on=db.get_one(WorkshopSession, session_id).held_on)
    if target_id == intake.id and intake.unit is IntakeUnit.CHOICE:
        _move_within(db, registration, intake, sessions, session_id, reason=reason, now=now, by=by)
        _tell_moved(db, registration, reason, told=told, anew=False, now=now)
        return receipt_for(db, registration, offered=offer_free_seats(db, intake, now=now))
    had_seat = registration.state is RegistrationState.CONFIRMED
    cancel_registration(db, registration_id=registration_id, reason=reason, now=now, by=by)
    receipt = register_attendee(
        db,
        intake_id=target_id,
        attendee_id=registration.attendee_id,
        channel=registration.channel,
        session_id=session_id,
        companions=registration.companions,
        wants_device=registration.wants_device,
        note=registration.note,
        now=now,
        by=by,
        reason=reason,
    )
    if had_seat and receipt.state is not RegistrationState.CONFIRMED:
        raise SessionFull(held_on=receipt.sessions[0].held_on)
    moved = db.get_one(Registration, receipt.registration_id)
    _tell_moved(db, moved, reason, told=told, anew=True, now=now)
    return receipt


def _move_within(
    db: Session,
    registration: Registration,
    intake: Intake,
    sessions: Sequence[WorkshopSession],
    session_id: UUID,
    *,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    wanted = sessions_to_book(intake, sessions, session_id, now=now, reason=reason)
    held = registration.state in _HELD
    if held:
        release_coming_seats(db, registration, now=now)
        close_open_offer(db, registration, "moved", now=now, by=by)
    _choose(db, registration, session_id)
    state = registration.state
    if not is_before_draw(intake):
        offer_free_seats(db, intake, now=now)
        if not held and registration.state is RegistrationState.OFFERED:
            return  # it was their own turn
        if take_seats(db, registration, wanted, now=now):
            state = RegistrationState.CONFIRMED
        elif held:
            raise SessionFull(held_on=wanted[0].held_on)
    change_state(registration, state, reason, now)
    db.flush()


def _tell_moved(
    db: Session, registration: Registration, reason: str, *, told: bool, anew: bool, now: datetime
) -> None:
    if told:
        knows(db, [registration])
    else:
        tell(db, [registration], MOVED_TO, now=now, reason=reason, anew=anew)


def _tell_restored(
    db: Session, registration: Registration, ended: RegistrationState, *, had_seat: bool, now: datetime
) -> None:
    """What a person ended themselves and has again as it was needs no word; anything else does."""
    state = registration.state
    as_before = ended is RegistrationState.CANCELLED_BY_PERSON and (
        state in {RegistrationState.CONFIRMED, RegistrationState.WAITING_DRAW}
        or (state is RegistrationState.WAITING and not had_seat)
    )
    if as_before:
        knows(db, [registration])
    else:
        kind = RESTORED if state is RegistrationState.CONFIRMED else KIND_OF_STATE[state]
        tell(db, [registration], kind, now=now)


def _take_back(
    db: Session,
    intake: Intake,
    registration: Registration,
    sessions: Sequence[WorkshopSession],
    *,
    now: datetime,
    by: str,
) -> bool:
    """Take the lost seats again, confirmed or offered as they were; sets the state. False if they are gone."""
    offer = newest_offer(db, registration)
    offered = offer is not None and offer.answer in {"declined", "expired", "cancelled"}
    if offered and offer is not None and offer.reply_by < now:
        return False
    taken = take_seats(db, registration, sessions, now=now, offered=offered)
    while not taken and withdraw_untold_offers(db, intake, now=now, by=by):
        taken = take_seats(db, registration, sessions, now=now, offered=offered)
    if taken:
        registration.state = RegistrationState.OFFERED if offered else RegistrationState.CONFIRMED
        if offered:
            reopen_offer(db, registration)
    return taken


def _lost_sessions(
    db: Session, registration: Registration, sessions: Sequence[WorkshopSession]
) -> list[WorkshopSession]:
    """The sessions whose seats the last change took from this application."""
    query = select(Seat.session_id).where(
        Seat.registration_id == registration.id,
        Seat.state == SeatState.RELEASED,
        Seat.released_at == registration.changed_at,
    )
    lost = set(db.exec(query).all())
    return [session for session in sessions if session.id in lost]


def _lock_both(db: Session, registration_id: UUID, target_id: UUID) -> None:
    """Lock both intakes in the order of their ids before anything else, then their sessions."""
    own = db.exec(select(Registration.intake_id).where(Registration.id == registration_id)).first()
    if own is None:
        raise NotFound(thing="registration_id")
    intakes = [lock_intake(db, intake_id) for intake_id in sorted({own, target_id})]
    for intake in intakes:
        lock_intake_sessions(db, intake)


def _intake_of(db: Session, session_id: UUID) -> UUID:
    query = select(IntakeSession.intake_id).where(IntakeSession.session_id == session_id)
    found = db.exec(query.order_by(col(IntakeSession.intake_id))).first()
    if found is None:
        raise NotFound(thing="session_id")
    return found


def _choose(db: Session, registration: Registration, session_id: UUID) -> None:
    for choice in db.exec(select(Choice).where(Choice.registration_id == registration.id)).all():
        db.delete(choice)
    db.flush()
    db.add(Choice(registration_id=registration.id, session_id=session_id, rank=1))
    db.flush()


def _is_there(
    db: Session, registration: Registration, intake: Intake, target_id: UUID, session_id: UUID
) -> bool:
    if target_id == intake.id and intake.unit is not IntakeUnit.CHOICE:
        return True
    return any(seat.session_id == session_id for seat in held_seats(db, registration))


def _must_stand(registration: Registration) -> None:
    if registration.state not in ACTIVE_REGISTRATIONS:
        raise RegistrationEnded(state=registration.state.value)


def _first_day(db: Session, registration: Registration) -> object:
    query = (
        select(col(WorkshopSession.held_on))
        .join(Seat, col(Seat.session_id) == WorkshopSession.id)
        .where(Seat.registration_id == registration.id)
        .order_by(col(WorkshopSession.held_on))
    )
    return db.exec(query).first()
