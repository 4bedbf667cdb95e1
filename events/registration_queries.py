"""Who applied to a session, as the office sees them. The same few statements whatever the number of rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.age_bands import band_on
from events.errors import NotFound
from events.models import (
    Attendee,
    Choice,
    ContactPoint,
    Intake,
    IntakeSession,
    Offer,
    Registration,
    Seat,
    WorkshopSession,
)
from events.registration_receipts import RegistrationReceipt, receipt_for
from events.states import (
    Channel,
    ContactKind,
    IntakeUnit,
    PhoneKind,
    RegistrationState,
    SeatState,
)

_ORDER = {
    RegistrationState.OFFERED: 0,
    RegistrationState.CONFIRMED: 1,
    RegistrationState.WAITING: 2,
    RegistrationState.WAITING_DRAW: 3,
}


@dataclass(frozen=True, slots=True)
class PersonAtSession:
    """One application as the session's list shows it. ``rank`` is the place on the waiting list, from 1.

    ``telephone`` is the number to call first, for the office only; empty for people whose data is withheld (秘匿)
    from lists.
    """

    registration_id: UUID
    attendee_id: UUID
    number: int
    receipt_number: str
    name: str
    kana: str
    age_band: str
    state: RegistrationState
    rank: int | None
    seat_code: str
    channel: Channel
    applied_on: date
    companions: int
    needs: tuple[str, ...]
    phone_kind: PhoneKind
    wants_device: bool
    telephone: str
    reply_by: datetime | None
    state_reason: str
    note: str
    changed_at: datetime


def registration_receipt(db: Session, *, registration_id: UUID) -> RegistrationReceipt:
    """What stands for one application. Raises NotFound."""
    registration = db.get(Registration, registration_id)
    if registration is None:
        raise NotFound(thing="registration_id")
    return receipt_for(db, registration)


def session_people(db: Session, *, session_id: UUID) -> tuple[PersonAtSession, ...]:
    """Everybody who applied to what this session belongs to: offered, confirmed, waiting by rank, then who left.

    Where people choose among sessions, those who chose this one. Raises NotFound.
    """
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    rows = _rows(db, session_id)
    ids = [registration.id for registration, _ in rows]
    seats, replies = _seats(db, session_id, ids), _replies(db, ids)
    telephones = first_telephones(db, [person.id for _, person in rows])
    ranks = _ranks([registration for registration, _ in rows])
    people = [
        PersonAtSession(
            registration_id=registration.id,
            attendee_id=person.id,
            number=registration.number,
            receipt_number=registration.receipt_number,
            name=person.name,
            kana=person.kana,
            age_band=band_on(person.birth_date, person.age_band, session.held_on),
            state=registration.state,
            rank=ranks.get(registration.id),
            seat_code=seats.get(registration.id, ""),
            channel=registration.channel,
            applied_on=registration.applied_on,
            companions=registration.companions,
            needs=tuple(person.needs),
            phone_kind=person.phone_kind,
            wants_device=registration.wants_device,
            telephone="" if person.confidential else telephones.get(person.id, ""),
            reply_by=replies.get(registration.id),
            state_reason=registration.state_reason,
            note=registration.note,
            changed_at=registration.changed_at,
        )
        for registration, person in rows
    ]
    return tuple(sorted(people, key=lambda row: (_ORDER.get(row.state, 9), row.rank or 0, row.kana, row.number)))


def first_telephones(db: Session, attendee_ids: Collection[UUID]) -> dict[UUID, str]:
    """The number to call first of each person, as it was given."""
    query = (
        select(ContactPoint.attendee_id, ContactPoint.value)
        .where(
            col(ContactPoint.attendee_id).in_(attendee_ids), col(ContactPoint.kind) == ContactKind.TELEPHONE
        )
        .order_by(col(ContactPoint.preferred), col(ContactPoint.id).desc())
    )
    return {attendee_id: value for attendee_id, value in db.exec(query) if attendee_id is not None}


def _rows(db: Session, session_id: UUID) -> Sequence[tuple[Registration, Attendee]]:
    chosen = select(Choice.registration_id).where(Choice.session_id == session_id)
    seated = select(Seat.registration_id).where(Seat.session_id == session_id)
    query = (
        select(Registration, Attendee)
        .join(Attendee, col(Attendee.id) == Registration.attendee_id)
        .join(Intake, col(Intake.id) == Registration.intake_id)
        .join(IntakeSession, col(IntakeSession.intake_id) == Intake.id)
        .where(
            IntakeSession.session_id == session_id,
            (col(Intake.unit) != IntakeUnit.CHOICE)
            | col(Registration.id).in_(chosen)
            | col(Registration.id).in_(seated),
        )
        .order_by(col(Registration.number))
    )
    return db.exec(query).all()


def _seats(db: Session, session_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    query = select(col(Seat.registration_id), col(Seat.code)).where(
        Seat.session_id == session_id,
        col(Seat.registration_id).in_(ids),
        Seat.state != SeatState.RELEASED,
    )
    return dict(db.exec(query).all())


def _replies(db: Session, ids: Collection[UUID]) -> dict[UUID, datetime]:
    query = select(col(Offer.registration_id), col(Offer.reply_by)).where(
        col(Offer.registration_id).in_(ids), Offer.answer == ""
    )
    return dict(db.exec(query).all())


def _ranks(registrations: Sequence[Registration]) -> dict[UUID, int]:
    waiting = [row for row in registrations if row.state is RegistrationState.WAITING]
    by_intake: dict[UUID, int] = {}
    ranks = {}
    for row in sorted(waiting, key=lambda row: row.queue_number or 0):
        by_intake[row.intake_id] = ranks[row.id] = by_intake.get(row.intake_id, 0) + 1
    return ranks
