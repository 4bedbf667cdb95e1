"""Booking: one application of one person to one intake, over whichever channel it came."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Attendee, Choice, Intake, IntakeSession, Registration, Workshop, WorkshopSession
from events.notices.kinds import KIND_OF_STATE
from events.notices.writing import knows, knows_unless_mailed, tell
from events.registration_errors import AlreadyRegistered, SameSession
from events.registration_places import join_queue, seated_at, take_seats
from events.registration_receipts import OfferMade, RegistrationReceipt, new_receipt_number, receipt_for
from events.registration_rules import (
    is_before_draw,
    lock_intake,
    lock_intake_sessions,
    must_take_applications,
    sessions_to_book,
)
from events.states import ACTIVE_REGISTRATIONS, Channel, IntakeUnit, RegistrationState
from events.waiting_list import offer_free_seats

MOST_COMPANIONS = 9
# Whoever applies one of these ways hears or reads at once how they stand.
TOLD_ON_THE_SPOT = frozenset({Channel.TELEPHONE, Channel.COUNTER, Channel.WALK_IN, Channel.WEB})


def register_attendee(
    db: Session,
    *,
    intake_id: UUID,
    attendee_id: UUID,
    channel: Channel,
    now: datetime,
    by: str,
    session_id: UUID | None = None,
    other_session_ids: Sequence[UUID] = (),
    slot_starts_at: datetime | None = None,
    companions: int = 0,
    wants_device: bool = False,
    note: str = "",
    applied_on: date | None = None,
    postmark_on: date | None = None,
    reason: str = "",
    receipt_number: str = "",
) -> RegistrationReceipt:
    """Take an application: confirmed while seats last, then on the waiting list; or in the draw.

    A course takes one seat in each of its sessions or none. ``session_id`` and then ``other_session_ids`` are the
    choices where the intake has several sessions; ``slot_starts_at`` is a time at a consultation table, the first
    free one unless given. A ``reason`` lets staff go past the opening, the deadline and the channels.
    Raises AlreadyRegistered, SameSession, InvalidValue, SlotTaken and what ``registration_rules`` refuses.
    """
    intake = lock_intake(db, intake_id)
    sessions = lock_intake_sessions(db, intake)
    attendee = _attendee(db, attendee_id, intake)
    workshop = db.get_one(Workshop, intake.workshop_id)
    must_not_be_registered(db, intake, attendee_id)
    reason = checked_text(reason, field="reason", longest=400)
    must_take_applications(db, intake, workshop, channel=channel, now=now, reason=reason)
    wanted = sessions_to_book(intake, sessions, session_id, now=now, reason=reason)
    if taken := seated_at(db, attendee_id, wanted):
        raise SameSession(held_on=min(session.held_on for session in wanted if session.id in taken))
    registration = Registration(
        municipality_code=intake.municipality_code,
        intake_id=intake.id,
        attendee_id=attendee.id,
        state=RegistrationState.WAITING_DRAW,
        number=intake.next_number,
        receipt_number=receipt_number or new_receipt_number(),
        channel=channel,
        applied_on=applied_on or tokyo_date(now),
        received_at=now,
        postmark_on=postmark_on,
        taken_by=by,
        companions=_checked_companions(companions),
        wants_device=wants_device,
        state_reason=reason,
        note=checked_text(note, field="note", longest=2000, lines=True),
        changed_at=now,
    )
    intake.next_number += 1
    attendee.last_used_on = tokyo_date(now)
    db.add(registration)
    db.flush()
    note_choices(db, intake, registration, [session_id, *other_session_ids])
    offered = place(db, intake, registration, wanted, slot_starts_at=slot_starts_at, now=now)
    _tell_first(db, registration, now)
    return receipt_for(db, registration, offered=offered)


def place(
    db: Session,
    intake: Intake,
    registration: Registration,
    sessions: Sequence[WorkshopSession],
    *,
    now: datetime,
    slot_starts_at: datetime | None = None,
) -> tuple[OfferMade, ...]:
    """Give an application its state: in the draw, confirmed with its seats, or at the end of the waiting list.

    Whoever waits already is served first, so nobody is overtaken by a later caller. Answers the seats that were
    offered to the waiting list on the way. Everything must be locked.
    """
    if is_before_draw(intake):
        registration.state = RegistrationState.WAITING_DRAW
        db.flush()
        return ()
    offered = offer_free_seats(db, intake, now=now)
    if take_seats(db, registration, sessions, now=now, slot_starts_at=slot_starts_at):
        registration.state = RegistrationState.CONFIRMED
    else:
        join_queue(intake, registration)
    db.flush()
    return offered


def _tell_first(db: Session, registration: Registration, now: datetime) -> None:
    """A letter, a fax or a form has nobody in front of it: its sender must be told, but nothing before the draw."""
    if registration.state is RegistrationState.WAITING_DRAW:
        knows(db, [registration])
    elif registration.channel in TOLD_ON_THE_SPOT:
        knows_unless_mailed(db, registration, now=now)
    else:
        tell(db, [registration], KIND_OF_STATE[registration.state], now=now)


def must_not_be_registered(db: Session, intake: Intake, attendee_id: UUID) -> None:
    """Refuse a second application of one person to one intake. Raises AlreadyRegistered."""
    query = select(Registration).where(
        Registration.intake_id == intake.id,
        Registration.attendee_id == attendee_id,
        col(Registration.state).in_(ACTIVE_REGISTRATIONS),
    )
    standing = db.exec(query).first()
    if standing is not None:
        raise AlreadyRegistered(
            number=standing.number, state=standing.state.value, receipt_number=standing.receipt_number
        )


def _attendee(db: Session, attendee_id: UUID, intake: Intake) -> Attendee:
    attendee = db.get(Attendee, attendee_id)
    if (
        attendee is None
        or attendee.municipality_code != intake.municipality_code
        or attendee.merged_into_id is not None
        or attendee.forgotten_at is not None
    ):
        raise NotFound(thing="attendee_id")
    return attendee


def _checked_companions(companions: int) -> int:
    if not 0 <= companions <= MOST_COMPANIONS:
        raise InvalidValue(field="companions", value=companions, problem="out_of_range", least=0, most=MOST_COMPANIONS)
    return companions


def note_choices(
    db: Session, intake: Intake, registration: Registration, session_ids: Sequence[UUID | None]
) -> None:
    """Keep which of an intake's sessions a person would like, the first first. Raises NotFound for any other."""
    if intake.unit is not IntakeUnit.CHOICE:
        return
    of_intake = set(db.exec(select(IntakeSession.session_id).where(IntakeSession.intake_id == intake.id)).all())
    wanted = list(dict.fromkeys(session_id for session_id in session_ids if session_id is not None))
    if not of_intake.issuperset(wanted):
        raise NotFound(thing="session_id")
    for rank, session_id in enumerate(wanted, start=1):
        db.add(Choice(registration_id=registration.id, session_id=session_id, rank=rank))
    db.flush()
