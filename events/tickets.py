"""What is printed for one person about one application: the 受講票 or the result, and the 確認票 to sign."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.announcing import Office, office_of
from events.attendee_facts import AttendeeFacts
from events.attendee_page import attendee_page
from events.errors import NotFound
from events.models import Attendee, Registration, Seat, Workshop, WorkshopSession
from events.registration_queries import session_people
from events.registration_receipts import RegistrationReceipt, receipt_for
from events.states import RegistrationState, SeatState


@dataclass(frozen=True, slots=True)
class Ticket:
    """One application as it is posted. ``codes`` are the six digits of each seat, by session.

    Nothing is told of people whose data is withheld (秘匿): they have no ticket here.
    """

    receipt: RegistrationReceipt
    name: str
    postal_code: str
    address: str
    codes: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Tickets:
    """The applications to one session in kana order; ``withheld`` counts those left out because of 秘匿."""

    session_id: UUID
    title: str
    held_on: date
    office: Office
    lines: tuple[Ticket, ...]
    withheld: int


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One application with all that was typed about the person, to be read and signed."""

    receipt: RegistrationReceipt
    facts: AttendeeFacts
    age_band: str
    companions: int
    wants_device: bool
    note: str
    office: Office


def tickets(db: Session, *, session_id: UUID, states: Collection[RegistrationState]) -> Tickets:
    """The applications to a session that stand in one of ``states``. Raises NotFound."""
    people = [person for person in session_people(db, session_id=session_id) if person.state in states]
    session = db.get_one(WorkshopSession, session_id)
    workshop = db.get_one(Workshop, session.workshop_id)
    ids = [person.attendee_id for person in people]
    persons = {row.id: row for row in db.exec(select(Attendee).where(col(Attendee.id).in_(ids))).all()}
    registrations = {
        row.id: row
        for row in db.exec(
            select(Registration).where(col(Registration.id).in_([person.registration_id for person in people]))
        ).all()
    }
    open_people = [person for person in people if not persons[person.attendee_id].confidential]
    lines = tuple(
        Ticket(
            receipt=receipt_for(db, registrations[person.registration_id]),
            name=person.name,
            postal_code=persons[person.attendee_id].postal_code,
            address=_address(persons[person.attendee_id]),
            codes=_codes(db, person.registration_id),
        )
        for person in sorted(open_people, key=lambda person: (person.kana, person.number))
    )
    return Tickets(
        session_id, workshop.title, session.held_on, office_of(db, workshop), lines, len(people) - len(open_people)
    )


def confirmation(db: Session, *, registration_id: UUID, now: datetime, today: date) -> Confirmation:
    """One application with its person. Raises NotFound."""
    registration = db.get(Registration, registration_id)
    if registration is None:
        raise NotFound(thing="registration_id")
    receipt = receipt_for(db, registration)
    page = attendee_page(db, attendee_id=registration.attendee_id, now=now, today=today)
    session = db.get_one(WorkshopSession, receipt.sessions[0].session_id)
    return Confirmation(
        receipt=receipt,
        facts=page.facts,
        age_band=page.age_band,
        companions=registration.companions,
        wants_device=registration.wants_device,
        note=registration.note,
        office=office_of(db, db.get_one(Workshop, session.workshop_id)),
    )


def _address(person: Attendee) -> str:
    return person.address if person.town in person.address else f"{person.town}{person.address}"


def _codes(db: Session, registration_id: UUID) -> dict[UUID, str]:
    query = select(Seat.session_id, Seat.code).where(
        Seat.registration_id == registration_id, Seat.state != SeatState.RELEASED
    )
    return dict(db.exec(query).all())
