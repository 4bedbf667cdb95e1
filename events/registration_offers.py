"""The waiting list: a freed seat goes to the next in order, with a time to answer by, and to nobody twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Intake, IntakeSession, Offer, Registration, WorkshopSession
from events.notices.kinds import KIND_OF_STATE
from events.notices.writing import knows, knows_unless_mailed, tell
from events.registration_errors import NothingOffered, OfferOver
from events.registration_places import held_seats, release_coming_seats
from events.registration_receipts import OfferMade, RegistrationReceipt, receipt_for
from events.registration_rules import lock_intake, lock_intake_sessions, lock_registration
from events.seats import confirm_seat
from events.states import IntakeMethod, NoticeState, RegistrationState
from events.waiting_list import answer_offer, change_state, newest_offer, offer_free_seats


@dataclass(frozen=True, slots=True)
class OffersExpired:
    """How many offers ran out without an answer, and to whom the seats went next."""

    expired: int
    offered: tuple[OfferMade, ...]


def offer_next(db: Session, *, intake_id: UUID, now: datetime) -> tuple[OfferMade, ...]:
    """Offer the free seats of an intake to those who wait, in order. Nothing free or nobody waiting: empty."""
    intake = lock_intake(db, intake_id)
    lock_intake_sessions(db, intake)
    return offer_free_seats(db, intake, now=now)


def accept_offer(
    db: Session, *, registration_id: UUID, now: datetime, by: str, reason: str = ""
) -> RegistrationReceipt:
    """The person takes the offered seat. After ``reply_by`` only with a reason. Raises NothingOffered, OfferOver."""
    registration, _, _ = lock_registration(db, registration_id)
    offer = _open_offer(db, registration)
    if now > offer.reply_by and not reason:
        raise OfferOver(reply_by=offer.reply_by)
    for seat in held_seats(db, registration):
        confirm_seat(db, seat)
    answer_offer(db, offer, "accepted", NoticeState.DONE, now=now, by=by)
    change_state(registration, RegistrationState.CONFIRMED, reason, now)
    knows_unless_mailed(db, registration, now=now)
    return receipt_for(db, registration)


def decline_offer(
    db: Session, *, registration_id: UUID, now: datetime, by: str, reason: str = ""
) -> RegistrationReceipt:
    """The person does not want the offered seat; it goes to the next. Raises NothingOffered."""
    registration, intake, _ = lock_registration(db, registration_id)
    offer = _open_offer(db, registration)
    answer_offer(db, offer, "declined", NoticeState.DONE, now=now, by=by)
    release_coming_seats(db, registration, now=now)
    change_state(registration, RegistrationState.DECLINED, reason, now)
    knows(db, [registration])
    return receipt_for(db, registration, offered=offer_free_seats(db, intake, now=now))


def offer_freed_seats(db: Session, *, municipality_code: str, now: datetime) -> tuple[OfferMade, ...]:
    """Offer every seat that became free without an application ending: more seats, a session that goes on after all.

    After a draw nothing is offered before its results are being told.
    """
    free = (
        col(WorkshopSession.seats)
        - col(WorkshopSession.confirmed_count)
        - col(WorkshopSession.offered_count)
        - col(WorkshopSession.lent_count)
    )
    query = (
        select(Intake.id)
        .join(Registration, col(Registration.intake_id) == Intake.id)
        .join(IntakeSession, col(IntakeSession.intake_id) == Intake.id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(
            Intake.municipality_code == municipality_code,
            Registration.state == RegistrationState.WAITING,
            free > 0,
            col(WorkshopSession.starts_at) > now,
            (col(Intake.method) != IntakeMethod.DRAW) | col(Intake.locked_at).is_not(None),
        )
        .distinct()
        .order_by(col(Intake.id))
    )
    made = [offer_next(db, intake_id=intake_id, now=now) for intake_id in db.exec(query).all()]
    return tuple(offer for offers in made for offer in offers)


def expire_offers(db: Session, *, municipality_code: str, now: datetime, by: str) -> OffersExpired:
    """End the offers that nobody answered in time; their seats go to the next in order."""
    overdue = (
        select(Registration.intake_id)
        .join(Offer, col(Offer.registration_id) == Registration.id)
        .where(
            Registration.municipality_code == municipality_code,
            Registration.state == RegistrationState.OFFERED,
            Offer.answer == "",
            col(Offer.reply_by) < now,
        )
        .distinct()
        .order_by(col(Registration.intake_id))
    )
    expired, offered = 0, list[OfferMade]()
    for intake_id in db.exec(overdue).all():
        intake = lock_intake(db, intake_id)
        lock_intake_sessions(db, intake)
        expired += _expire(db, intake, now=now, by=by)
        offered.extend(offer_free_seats(db, intake, now=now))
    return OffersExpired(expired, tuple(offered))


def _open_offer(db: Session, registration: Registration) -> Offer:
    offer = newest_offer(db, registration)
    if registration.state is not RegistrationState.OFFERED or offer is None or offer.answer:
        raise NothingOffered(state=registration.state.value)
    return offer


def _expire(db: Session, intake: Intake, *, now: datetime, by: str) -> int:
    query = select(Registration).where(
        Registration.intake_id == intake.id, Registration.state == RegistrationState.OFFERED
    )
    expired = 0
    for registration in db.exec(query).all():
        offer = newest_offer(db, registration)
        if offer is None or offer.answer or offer.reply_by >= now:
            continue
        answer_offer(db, offer, "expired", NoticeState.DROPPED, now=now, by=by)
        release_coming_seats(db, registration, now=now)
        change_state(registration, RegistrationState.EXPIRED, "", now)
        tell(db, [registration], KIND_OF_STATE[registration.state], now=now, session_id=offer.session_id)
        expired += 1
    db.flush()
    return expired
