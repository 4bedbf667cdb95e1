"""An application looked up and given back with its receipt number and the end of a telephone number."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import DomainError, NotFound
from events.japan.telephones import telephone_key
from events.models import Attendee, ContactPoint, Intake, Registration, Workshop, WorkshopSession
from events.notices.kinds import CANCEL_CHECK
from events.notices.writing import tell
from events.public_application import is_set_apart, shown_outside
from events.public_programme import PublicCity, public_city
from events.receipts import read_receipt_number
from events.registration_changes import cancel_registration
from events.registration_receipts import RegistrationReceipt
from events.registration_rules import has_begun
from events.states import ACTIVE_REGISTRATIONS, ContactKind, RegistrationState
from events.waiting_list import change_state, newest_offer

TAIL: Final = 4
_DIALLED: Final = (ContactKind.TELEPHONE, ContactKind.FAX)


class ReceiptUnknown(DomainError):
    """No application has this receipt number together with this end of a telephone number."""

    code = "receipt_unknown"


@dataclass(frozen=True, slots=True)
class PublicReceipt:
    """An application as its holder reads it. ``reply_by`` (aware UTC) is set while a seat is offered."""

    city: PublicCity
    workshop_id: UUID
    contact_telephone: str
    receipt: RegistrationReceipt
    reply_by: datetime | None
    can_be_cancelled: bool


def public_receipt(db: Session, *, receipt_number: str, tail: str, now: datetime) -> PublicReceipt:
    """An application by its number, and the last four digits of a telephone (or a mail address) of the person.

    Raises ReceiptUnknown: for a wrong number, wrong digits, and a city without public pages alike.
    """
    registration = _found(db, receipt_number, tail)
    workshop = db.get_one(Workshop, db.get_one(Intake, registration.intake_id).workshop_id)
    try:
        city = public_city(db, municipality_code=registration.municipality_code)
    except NotFound:
        raise ReceiptUnknown from None
    receipt = shown_outside(db, registration)
    offer = newest_offer(db, registration) if receipt.state is RegistrationState.OFFERED else None
    sessions = [db.get_one(WorkshopSession, each.session_id) for each in receipt.sessions]
    return PublicReceipt(
        city=city,
        workshop_id=workshop.id,
        contact_telephone=workshop.contact_telephone or city.contact_telephone,
        receipt=receipt,
        reply_by=offer.reply_by if offer else None,
        can_be_cancelled=receipt.state in ACTIVE_REGISTRATIONS and not all(has_begun(each, now) for each in sessions),
    )


def cancel_by_receipt(
    db: Session, *, receipt_number: str, tail: str, reason: str, now: datetime, by: str
) -> PublicReceipt:
    """End an application from the public page; its seats go to the next on the waiting list.

    A second application that was set apart ends by itself, and the office is asked to call: the person may have meant
    the first one. Raises ReceiptUnknown, RegistrationEnded, SessionBegun.
    """
    registration = _found(db, receipt_number, tail)
    if is_set_apart(registration):
        change_state(registration, RegistrationState.CANCELLED_BY_PERSON, reason, now)
        tell(db, [registration], CANCEL_CHECK, now=now, reason=reason, anew=True)
    else:
        cancel_registration(db, registration_id=registration.id, reason=reason, now=now, by=by)
    return public_receipt(db, receipt_number=receipt_number, tail=tail, now=now)


def read_tail(text: str) -> str:
    """What was typed as the end of a telephone number: its last four digits, or a mail address in small letters."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain.casefold() if "@" in plain else telephone_key(plain)[-TAIL:]


def _found(db: Session, receipt_number: str, tail: str) -> Registration:
    number = read_receipt_number(receipt_number)
    query = (
        select(Registration)
        .join(Attendee, col(Attendee.id) == Registration.attendee_id)
        .where(Registration.receipt_number == number, col(Attendee.forgotten_at).is_(None))
    )
    registration = db.exec(query).first()
    if registration is None or not _belongs(db, registration.attendee_id, tail):
        raise ReceiptUnknown
    return registration


def _belongs(db: Session, attendee_id: UUID, tail: str) -> bool:
    """Whether a way to reach the person ends in these four digits, or is this whole mail address."""
    typed = read_tail(tail)
    contacts = db.exec(select(ContactPoint).where(ContactPoint.attendee_id == attendee_id)).all()
    if typed.isdigit():
        numbers = [contact.value_key for contact in contacts if contact.kind in _DIALLED]
        return len(typed) == TAIL and any(number.endswith(typed) for number in numbers)
    return any(contact.kind is ContactKind.EMAIL and contact.value_key == typed for contact in contacts)
