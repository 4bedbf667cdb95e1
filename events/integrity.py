"""What must always hold between counters, seats, applications and waiting lists: looked for, never repaired here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, func, or_, select

from events.models import Intake, Notice, Offer, Registration, Seat, WorkshopSession
from events.notices.kinds import OFFER
from events.states import ACTIVE_REGISTRATIONS, NoticeState, RegistrationState, SeatState

_HELD = (SeatState.CONFIRMED, SeatState.OFFERED)


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One thing that does not hold: a ``code``, the table and row, and the two figures that disagree."""

    code: str
    table: str
    row_id: UUID
    expected: int = 0
    found: int = 0


def find_inconsistencies(db: Session) -> tuple[Inconsistency, ...]:
    """Everything in all municipalities that contradicts itself; empty when all is well."""
    return (
        *_oversold(db),
        *_wrong_counters(db),
        *_seats_of_nobody(db),
        *_without_their_seats(db),
        *_broken_queues(db),
        *_offers_without_answer(db),
    )


def _oversold(db: Session) -> Iterable[Inconsistency]:
    taken = (
        col(WorkshopSession.confirmed_count)
        + col(WorkshopSession.offered_count)
        + col(WorkshopSession.lent_count)
    )
    query = select(col(WorkshopSession.id), col(WorkshopSession.seats), taken).where(
        taken > col(WorkshopSession.seats)
    )
    for session_id, seats, found in db.exec(query):
        yield Inconsistency("oversold", "workshop_session", session_id, seats, found)


def _wrong_counters(db: Session) -> Iterable[Inconsistency]:
    """Counters of a session beside the sum of its seats."""
    sums = {
        "confirmed_count": _sum_when(col(Seat.state) == SeatState.CONFIRMED, Seat.places),
        "offered_count": _sum_when(col(Seat.state) == SeatState.OFFERED, Seat.places),
        "people_without_phone": _sum_when(
            sqlalchemy.and_(col(Seat.state) == SeatState.CONFIRMED, col(Seat.without_phone)), 1
        ),
    }
    counters: list[Any] = [col(WorkshopSession.id), *(getattr(WorkshopSession, name) for name in sums)]
    query = (
        sqlalchemy.select(*counters, *sums.values())
        .outerjoin(Seat, col(Seat.session_id) == WorkshopSession.id)
        .group_by(*counters)
    )
    for session_id, *figures in db.connection().execute(query):
        for name, found, expected in zip(sums, figures[:3], figures[3:], strict=True):
            if found != expected:
                yield Inconsistency(f"wrong_{name}", "workshop_session", session_id, expected, found)


def _sum_when(condition: Any, value: Any) -> Any:
    return func.coalesce(func.sum(sqlalchemy.case((condition, value), else_=0)), 0)


def _seats_of_nobody(db: Session) -> Iterable[Inconsistency]:
    """Held seats whose application ended before the session began."""
    query = (
        select(Seat.id)
        .join(Registration, col(Registration.id) == Seat.registration_id)
        .join(WorkshopSession, col(WorkshopSession.id) == Seat.session_id)
        .where(
            col(Seat.state).in_(_HELD),
            ~col(Registration.state).in_(ACTIVE_REGISTRATIONS),
            col(WorkshopSession.starts_at) > col(Registration.changed_at),
        )
    )
    for seat_id in db.exec(query):
        yield Inconsistency("seat_of_nobody", "seat", seat_id)


def _without_their_seats(db: Session) -> Iterable[Inconsistency]:
    """Applications whose state and seats contradict each other."""
    for state, seat_state in (
        (RegistrationState.CONFIRMED, SeatState.CONFIRMED),
        (RegistrationState.OFFERED, SeatState.OFFERED),
    ):
        held = select(Seat.registration_id).where(col(Seat.state) == seat_state)
        query = select(Registration.id).where(
            col(Registration.state) == state, col(Registration.id).not_in(held)
        )
        for registration_id in db.exec(query):
            yield Inconsistency(f"{state.value}_without_seat", "registration", registration_id)
    seated = select(Seat.registration_id).where(col(Seat.state).in_(_HELD))
    waits = (RegistrationState.WAITING, RegistrationState.WAITING_DRAW)
    query = select(Registration.id).where(
        col(Registration.state).in_(waits), col(Registration.id).in_(seated)
    )
    for registration_id in db.exec(query):
        yield Inconsistency("waiting_with_seat", "registration", registration_id)


def _broken_queues(db: Session) -> Iterable[Inconsistency]:
    """Waiting lists without an order: a missing number, one given twice, or one never given out."""
    waiting = col(Registration.state) == RegistrationState.WAITING
    for registration_id in db.exec(
        select(Registration.id).where(waiting, col(Registration.queue_number).is_(None))
    ):
        yield Inconsistency("waiting_without_number", "registration", registration_id)
    twice = (
        select(Registration.intake_id, func.count())
        .where(col(Registration.queue_number).is_not(None))
        .group_by(col(Registration.intake_id), col(Registration.queue_number))
        .having(func.count() > 1)
    )
    for intake_id, found in db.exec(twice):
        yield Inconsistency("queue_number_twice", "intake", intake_id, 1, found)
    beyond = select(Registration.id).join(Intake, col(Intake.id) == Registration.intake_id).where(
        or_(
            col(Registration.queue_number) >= col(Intake.next_queue_number),
            col(Registration.number) >= col(Intake.next_number),
        )
    )
    for registration_id in db.exec(beyond):
        yield Inconsistency("number_never_given", "registration", registration_id)


def _offers_without_answer(db: Session) -> Iterable[Inconsistency]:
    """Offers that stand for applications to which nothing is offered, and offers nobody is to be called for."""
    offered = col(Registration.state) == RegistrationState.OFFERED
    open_offer = select(Offer.registration_id).where(Offer.answer == "")
    missing = select(Registration.id).where(offered, col(Registration.id).not_in(open_offer))
    for registration_id in db.exec(missing):
        yield Inconsistency("offered_without_offer", "registration", registration_id)
    stale = (
        select(Offer.id)
        .join(Registration, col(Registration.id) == Offer.registration_id)
        .where(Offer.answer == "", ~offered)
    )
    for offer_id in db.exec(stale):
        yield Inconsistency("offer_without_answer", "offer", offer_id)
    idle = (
        select(Notice.id)
        .join(Registration, col(Registration.id) == Notice.registration_id)
        .where(Notice.kind == OFFER, col(Notice.state) == NoticeState.PENDING, ~offered)
    )
    for notice_id in db.exec(idle):
        yield Inconsistency("call_about_nothing", "notice", notice_id)
