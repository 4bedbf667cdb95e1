"""What stands after a change of an application, and the place on the waiting list that people are told."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.models import (
    Attendee,
    Choice,
    Intake,
    IntakeSession,
    Registration,
    Room,
    Seat,
    Slot,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.receipts import receipt_number
from events.states import IntakeUnit, ProgrammeState, RegistrationState, SeatState


@dataclass(frozen=True, slots=True)
class SessionTime:
    """When and where a session is. Times are aware UTC, ``held_on`` is a Tokyo date; ``position`` counts from 1."""

    session_id: UUID
    position: int
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    room: str
    online: bool
    state: ProgrammeState


@dataclass(frozen=True, slots=True)
class OfferMade:
    """A seat promised to the next on the waiting list until ``reply_by`` (aware UTC)."""

    registration_id: UUID
    attendee_id: UUID
    name: str
    reply_by: datetime


@dataclass(frozen=True, slots=True)
class RegistrationReceipt:
    """What stands for one application, with all that is read back on the telephone.

    ``rank`` is the place on the waiting list from 1; ``seats_left`` the fewest free seats of its sessions;
    ``offered`` the seats that this change gave to the waiting list; ``slot_starts_at`` the time at a table.
    """

    registration_id: UUID
    intake_id: UUID
    attendee_id: UUID
    attendee_name: str
    state: RegistrationState
    number: int
    receipt_number: str
    rank: int | None
    seats_left: int
    title: str
    bring: str
    fee: int
    sessions: tuple[SessionTime, ...]
    result_notice_on: date | None = None
    slot_starts_at: datetime | None = None
    offered: tuple[OfferMade, ...] = ()


def new_receipt_number() -> str:
    """A receipt number nobody can guess: see ``receipts``."""
    return receipt_number(secrets.SystemRandom())


def receipt_for(
    db: Session, registration: Registration, *, offered: tuple[OfferMade, ...] = ()
) -> RegistrationReceipt:
    """What stands for an application now."""
    intake = db.get_one(Intake, registration.intake_id)
    workshop = db.get_one(Workshop, intake.workshop_id)
    session_ids = sessions_of(db, registration, intake)
    return RegistrationReceipt(
        registration_id=registration.id,
        intake_id=intake.id,
        attendee_id=registration.attendee_id,
        attendee_name=db.get_one(Attendee, registration.attendee_id).name,
        state=registration.state,
        number=registration.number,
        receipt_number=registration.receipt_number,
        rank=rank_of(db, registration, intake),
        seats_left=_seats_left(db, session_ids),
        title=workshop.title,
        bring=workshop.bring,
        fee=workshop.fee,
        sessions=session_times(db, session_ids),
        result_notice_on=intake.result_notice_on,
        slot_starts_at=_slot_of(db, registration),
        offered=offered,
    )


def rank_of(db: Session, registration: Registration, intake: Intake) -> int | None:
    """The place on the waiting list: how many wait up to and including this one. Gapless by construction."""
    return waiting_up_to(db, registration, intake) if registration.state is RegistrationState.WAITING else None


def waiting_up_to(db: Session, registration: Registration, intake: Intake) -> int:
    """How many wait for the same up to the place in the queue that this application has."""
    waiting = (
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.intake_id == intake.id,
            Registration.state == RegistrationState.WAITING,
            col(Registration.queue_number) <= registration.queue_number,
        )
    )
    if intake.unit is IntakeUnit.CHOICE and (wanted := first_choice(db, registration.id)) is not None:
        same = select(Choice.registration_id).where(Choice.session_id == wanted)
        waiting = waiting.where(col(Registration.id).in_(same))
    return db.exec(waiting).one()


def first_choice(db: Session, registration_id: UUID) -> UUID | None:
    """The session a person would like first, where the intake has several."""
    query = select(Choice.session_id).where(Choice.registration_id == registration_id).order_by(col(Choice.rank))
    return db.exec(query).first()


def sessions_of(db: Session, registration: Registration, intake: Intake) -> list[UUID]:
    """The sessions an application is about: its seats, else its first choice, else all of the intake."""
    held = select(Seat.session_id).where(
        Seat.registration_id == registration.id, Seat.state != SeatState.RELEASED
    )
    if seats := list(db.exec(held).all()):
        return seats
    wanted = first_choice(db, registration.id) if intake.unit is IntakeUnit.CHOICE else None
    if wanted is not None:
        return [wanted]
    return list(db.exec(select(IntakeSession.session_id).where(IntakeSession.intake_id == intake.id)).all())


def session_times(db: Session, session_ids: list[UUID]) -> tuple[SessionTime, ...]:
    """When and where the sessions are, in the order of time."""
    query = (
        select(WorkshopSession, Venue.name, Room.name)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .outerjoin(Room, col(Room.id) == WorkshopSession.room_id)
        .where(col(WorkshopSession.id).in_(session_ids))
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at), col(WorkshopSession.number))
    )
    return tuple(
        SessionTime(
            session_id=session.id,
            position=position,
            held_on=session.held_on,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            venue=venue or session.place_text,
            room=room or "",
            online=bool(session.online_url),
            state=session.state,
        )
        for position, (session, venue, room) in enumerate(db.exec(query).all(), start=1)
    )


def _seats_left(db: Session, session_ids: list[UUID]) -> int:
    taken = (
        col(WorkshopSession.confirmed_count)
        + col(WorkshopSession.offered_count)
        + col(WorkshopSession.lent_count)
    )
    query = select(func.min(col(WorkshopSession.seats) - taken)).where(col(WorkshopSession.id).in_(session_ids))
    return db.exec(query).one() or 0


def _slot_of(db: Session, registration: Registration) -> datetime | None:
    query = (
        select(Slot.starts_at)
        .join(Seat, col(Seat.id) == Slot.seat_id)
        .where(Seat.registration_id == registration.id, Seat.state != SeatState.RELEASED)
    )
    return db.exec(query).first()
