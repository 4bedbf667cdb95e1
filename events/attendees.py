"""People who attend: added with a name, kana and one way to reach them, changed, and never twice without notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendee_facts import (
    AttendeeFacts,
    ContactFacts,
    ProxyFacts,
    checked_contact,
    checked_facts,
    checked_proxy,
)
from events.attendee_keys import note_keys
from events.attendee_search import PersonFound, people_with_same_name_and_number
from events.errors import Conflict, DomainError, InvalidValue, NotFound
from events.japan.clock import tokyo_date
from events.models import Attendee, ContactPoint, Proxy, Registration, Seat, WorkshopSession
from events.notices.writing import refresh_ways
from events.registration_rules import needs_loan_phone
from events.seats import change_without_phone, lock_sessions
from events.states import SeatState


class PersonAlike(DomainError):
    """People of the same name, kana and telephone are known (``people``); say that this is another person."""

    code = "person_alike"

    @property
    def people(self) -> Sequence[PersonFound]:
        """The people who are alike."""
        found = self.details["people"]
        return found if isinstance(found, tuple) else ()


@dataclass(frozen=True, slots=True)
class AttendeeReceipt:
    """A person as they stand; ``alike`` are others of the same name, kana and telephone."""

    attendee_id: UUID
    name: str
    version: int
    alike: tuple[PersonFound, ...] = ()


def new_attendee(db: Session, *, municipality_code: str, name: str, kana: str = "", now: datetime) -> Attendee:
    """Somebody of whom only the name is known (a walk-in); found by it from now on. Raises InvalidValue."""
    facts = AttendeeFacts(name=name, kana=kana)
    return _added(db, municipality_code, checked_facts(facts, today=tokyo_date(now), kana_needed=False), now)


def add_attendee(
    db: Session,
    *,
    municipality_code: str,
    facts: AttendeeFacts,
    now: datetime,
    is_another_person: bool = False,
) -> AttendeeReceipt:
    """Add a person: name, kana and one way to reach them are enough.

    Raises InvalidValue, and PersonAlike when somebody of the same name, kana and telephone is known and nobody
    said that this ``is_another_person``.
    """
    values = checked_facts(facts, today=tokyo_date(now), kana_needed=True)
    if not facts.contacts:
        raise InvalidValue(field="contacts", value="", problem="required")
    alike = people_with_same_name_and_number(
        db,
        municipality_code=municipality_code,
        name=facts.name,
        kana=facts.kana,
        telephones=tuple(contact.value for contact in facts.contacts),
        today=tokyo_date(now),
    )
    if alike and not is_another_person:
        raise PersonAlike(name=facts.name, count=len(alike), people=alike)
    attendee = _added(db, municipality_code, values, now)
    _set_contacts(db, attendee, facts.contacts)
    _set_proxies(db, attendee, facts.proxies)
    note_keys(db, attendee)
    return AttendeeReceipt(attendee.id, attendee.name, attendee.version, alike)


def edit_attendee(
    db: Session, *, attendee_id: UUID, facts: AttendeeFacts, version: int, now: datetime
) -> AttendeeReceipt:
    """Change what is known of a person; ways to reach them and proxies become exactly those given.

    Seats they hold follow when they get or give up a phone of their own. Raises Conflict when somebody changed the
    person since ``version`` was read, InvalidValue, NotFound.
    """
    seats = _coming_seats(db, attendee_id, now)  # sessions are locked before people, as in booking
    query = select(Attendee).where(Attendee.id == attendee_id).with_for_update()
    attendee = db.exec(query.execution_options(populate_existing=True)).first()
    if attendee is None or attendee.forgotten_at is not None:
        raise NotFound(thing="attendee_id")
    if attendee.version != version:
        raise Conflict(thing="attendee_id")
    for column, value in checked_facts(facts, today=tokyo_date(now), kana_needed=False).items():
        if getattr(attendee, column) != value:
            setattr(attendee, column, value)
    attendee.version += 1
    _set_contacts(db, attendee, facts.contacts)
    _set_proxies(db, attendee, facts.proxies)
    note_keys(db, attendee)
    for seat, wants_device in seats:
        change_without_phone(db, seat, without_phone=needs_loan_phone(attendee, wants_device=wants_device))
    refresh_ways(db, attendee_id, now=now)
    return AttendeeReceipt(attendee.id, attendee.name, attendee.version)


def _added(db: Session, municipality_code: str, values: dict[str, Any], now: datetime) -> Attendee:
    attendee = Attendee(
        municipality_code=municipality_code, created_at=now, last_used_on=tokyo_date(now), **values
    )
    db.add(attendee)
    db.flush()
    note_keys(db, attendee)
    return attendee


def _set_contacts(db: Session, attendee: Attendee, contacts: Sequence[ContactFacts]) -> None:
    """Make the ways to reach a person exactly these; rows that stay keep their ids."""
    standing = {
        (row.kind, row.value_key): row
        for row in db.exec(select(ContactPoint).where(ContactPoint.attendee_id == attendee.id)).all()
    }
    for contact in contacts:
        checked, key = checked_contact(contact)
        row = standing.pop((checked.kind, key), None) or ContactPoint(
            municipality_code=attendee.municipality_code,
            attendee_id=attendee.id,
            kind=checked.kind,
            value=checked.value,
            value_key=key,
        )
        row.value, row.whose = checked.value, checked.whose
        row.preferred, row.time_of_day = checked.preferred, checked.time_of_day
        db.add(row)
    for gone in standing.values():
        db.delete(gone)
    db.flush()


def _set_proxies(db: Session, attendee: Attendee, proxies: Sequence[ProxyFacts]) -> None:
    """Make those who may speak for a person exactly these; one who is named again keeps the row."""
    standing = {
        row.name: row for row in db.exec(select(Proxy).where(Proxy.attendee_id == attendee.id)).all()
    }
    for proxy in map(checked_proxy, proxies):
        row = standing.pop(proxy.name, None) or Proxy(attendee_id=attendee.id, name=proxy.name)
        row.relation, row.telephone = proxy.relation, proxy.telephone
        row.contact_first = proxy.contact_first
        db.add(row)
    for gone in standing.values():
        if db.exec(select(Registration.id).where(Registration.proxy_id == gone.id)).first() is None:
            db.delete(gone)
    db.flush()


def _coming_seats(db: Session, attendee_id: UUID, now: datetime) -> Sequence[tuple[Seat, bool]]:
    """The seats a person holds in sessions that still come, and whether a loan phone was asked for."""
    query = (
        select(Seat, Registration.wants_device)
        .join(Registration, col(Registration.id) == Seat.registration_id)
        .join(WorkshopSession, col(WorkshopSession.id) == Seat.session_id)
        .where(
            Seat.attendee_id == attendee_id,
            Seat.state != SeatState.RELEASED,
            col(WorkshopSession.held_on) >= tokyo_date(now),
        )
    )
    lock_sessions(db, {seat.session_id for seat, _ in db.exec(query).all()})
    return db.exec(query).all()
