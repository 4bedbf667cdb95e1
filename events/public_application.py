"""An application over the public page: taken by the same rules as on the telephone, and telling a stranger nothing.

Whoever fills the form in may not be who they say, so what is known of a person is neither shown nor changed from
here, and a second application of the same person looks from outside like a first one. It is set apart (``refused``)
with a reason for the office; the first one stands.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from events.attendee_facts import AttendeeFacts
from events.attendees import PersonAlike, add_attendee
from events.errors import InvalidValue
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Consent, Intake, Registration, Workshop, WorkshopSession
from events.public_programme import public_city
from events.registration import note_choices, register_attendee
from events.registration_errors import AlreadyRegistered
from events.registration_places import free_places, join_queue, places_needed
from events.registration_receipts import RegistrationReceipt, receipt_for, waiting_up_to
from events.registration_rules import (
    is_before_draw,
    lock_intake,
    lock_intake_sessions,
    must_take_applications,
    sessions_to_book,
)
from events.states import Channel, IntakeMethod, RegistrationState

PURPOSE: Final = "application"
TAKEN_BY: Final = "web"


@dataclass(frozen=True, slots=True)
class WebApplication:
    """What the form holds. ``note_if_known`` is what the office should read when the person is known already.

    ``text_version`` is the version of the 利用目的 that was agreed to, "" when it was not.
    """

    facts: AttendeeFacts
    session_id: UUID | None = None
    other_session_ids: tuple[UUID, ...] = ()
    slot_starts_at: datetime | None = None
    companions: int = 0
    note_if_known: str = ""
    text_version: str = ""


def apply_over_web(
    db: Session,
    *,
    intake_id: UUID,
    application: WebApplication,
    receipt_number: str,
    duplicate_reason: str,
    now: datetime,
) -> RegistrationReceipt:
    """Take an application from the public page; the same ``receipt_number`` again answers the same and adds nothing.

    Raises NotFound, InvalidValue and what booking refuses; never that somebody is known or has applied.
    """
    standing = db.exec(select(Registration).where(Registration.receipt_number == receipt_number)).first()
    if standing is not None:
        return shown_outside(db, standing)
    intake = lock_intake(db, intake_id)
    public_city(db, municipality_code=intake.municipality_code)
    if not application.text_version:
        raise InvalidValue(field="consent", value="", problem="consent_needed")
    workshop = db.get_one(Workshop, intake.workshop_id)
    must_take_applications(db, intake, workshop, channel=Channel.WEB, now=now, reason="")
    sessions = lock_intake_sessions(db, intake)
    wanted = sessions_to_book(intake, sessions, application.session_id, now=now, reason="")
    attendee_id, known = _person(db, intake.municipality_code, application.facts, now)
    note = application.note_if_known if known else ""
    try:
        receipt = register_attendee(
            db,
            intake_id=intake_id,
            attendee_id=attendee_id,
            channel=Channel.WEB,
            session_id=application.session_id,
            other_session_ids=application.other_session_ids,
            slot_starts_at=application.slot_starts_at,
            companions=application.companions,
            note=note,
            receipt_number=receipt_number,
            now=now,
            by=TAKEN_BY,
        )
    except AlreadyRegistered:
        receipt = _set_apart(
            db, intake, wanted, attendee_id, application, receipt_number, reason=duplicate_reason, now=now
        )
    _note_consent(db, attendee_id, application, now)
    return receipt


def shown_outside(db: Session, registration: Registration) -> RegistrationReceipt:
    """What stands for an application as anybody with its number may read it."""
    receipt = receipt_for(db, registration)
    if not is_set_apart(registration):
        return receipt
    intake = db.get_one(Intake, registration.intake_id)
    if intake.method is IntakeMethod.DRAW:
        return replace(receipt, state=RegistrationState.WAITING_DRAW)
    if registration.queue_number is None:
        return replace(receipt, state=RegistrationState.CONFIRMED)
    rank = waiting_up_to(db, registration, intake) + 1
    return replace(receipt, state=RegistrationState.WAITING, rank=rank)


def is_set_apart(registration: Registration) -> bool:
    """Whether it is the second application of a person over the public page."""
    return registration.state is RegistrationState.REFUSED and registration.channel is Channel.WEB


def _person(db: Session, code: str, facts: AttendeeFacts, now: datetime) -> tuple[UUID, bool]:
    """Who applies, and whether they were known: added, or the one with the same name, kana and way to reach them."""
    try:
        return add_attendee(db, municipality_code=code, facts=facts, now=now).attendee_id, False
    except PersonAlike as alike:
        return alike.people[0].attendee_id, True


def _set_apart(
    db: Session,
    intake: Intake,
    wanted: list[WorkshopSession],
    attendee_id: UUID,
    application: WebApplication,
    receipt_number: str,
    *,
    reason: str,
    now: datetime,
) -> RegistrationReceipt:
    """Keep a second application beside the first without a seat; outside it looks as a first one would now."""
    registration = Registration(
        municipality_code=intake.municipality_code,
        intake_id=intake.id,
        attendee_id=attendee_id,
        state=RegistrationState.REFUSED,
        number=intake.next_number,
        receipt_number=receipt_number,
        channel=Channel.WEB,
        applied_on=tokyo_date(now),
        received_at=now,
        taken_by=TAKEN_BY,
        companions=application.companions,
        state_reason=checked_text(reason, field="reason", longest=400),
        note=checked_text(application.note_if_known, field="note", longest=2000, lines=True),
        changed_at=now,
    )
    intake.next_number += 1
    places = places_needed(registration, db.get_one(Workshop, intake.workshop_id))
    if not is_before_draw(intake) and any(free_places(session) < places for session in wanted):
        join_queue(intake, registration)
    registration.state = RegistrationState.REFUSED
    db.add(registration)
    db.flush()
    note_choices(db, intake, registration, [application.session_id, *application.other_session_ids])
    return shown_outside(db, registration)


def _note_consent(db: Session, attendee_id: UUID, application: WebApplication, now: datetime) -> None:
    db.add(
        Consent(
            attendee_id=attendee_id,
            purpose=PURPOSE,
            text_version=application.text_version,
            given_on=tokyo_date(now),
            channel=Channel.WEB.value,
        )
    )
    db.flush()
