"""Cards, letters and faxes, keyed in one after the other: person, application and pair in one step.

In time is whoever reached the office by the last day (必着), or posted it by then where the workshop says so
(消印有効). What came in time may be keyed in after the deadline. A late card goes into a draw that is still to come,
where it is set apart with its reason; otherwise it is refused unless somebody gives a reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from events.attendee_facts import AttendeeFacts
from events.attendees import add_attendee
from events.draw.lateness import deadlines_of
from events.errors import DomainError, InvalidValue, NotFound
from events.japan.clock import tokyo_date
from events.models import Intake, Registration
from events.parties import link_party
from events.registration import register_attendee
from events.registration_receipts import RegistrationReceipt
from events.registration_rules import is_before_draw, window_of
from events.states import Channel, RegistrationState

BY_POST: Final = (Channel.POSTCARD, Channel.LETTER, Channel.FAX)
_NOT_SEATED: Final = frozenset({RegistrationState.WAITING_DRAW, RegistrationState.WAITING})


class CardLate(DomainError):
    """The card was posted (or arrived) on ``day``, after the last day ``deadline``."""

    code = "card_late"


@dataclass(frozen=True, slots=True)
class CardRules:
    """What decides whether a card is in time. ``last_day`` is a Tokyo date; None takes cards without end.

    ``offered``: whether the workshop takes applications this way at all.
    """

    by_postmark: bool
    last_day: date | None
    before_draw: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class CardReceipt:
    """What stands for a card: the application, whether it was ``late``, and whether it is ``paired`` now."""

    receipt: RegistrationReceipt
    late: bool
    paired: bool


def card_rules(db: Session, *, intake_id: UUID, channel: Channel) -> CardRules:
    """How the cards of one intake are judged. Raises NotFound."""
    intake = db.get(Intake, intake_id)
    if intake is None:
        raise NotFound(thing="intake_id")
    deadlines = deadlines_of(db, intake)
    ends = deadlines.by_channel.get(channel, deadlines.usual)
    return CardRules(
        by_postmark=intake.deadline_by_postmark,
        last_day=tokyo_date(ends) if ends else None,
        before_draw=is_before_draw(intake),
        offered=not intake.channels or channel.value in intake.channels,
    )


def register_card(
    db: Session,
    *,
    municipality_code: str,
    intake_id: UUID,
    channel: Channel,
    day: date,
    now: datetime,
    by: str,
    in_time_reason: str,
    attendee_id: UUID | None = None,
    new_person: AttendeeFacts | None = None,
    is_another_person: bool = False,
    session_id: UUID | None = None,
    other_session_ids: tuple[UUID, ...] = (),
    pair_with_registration_id: UUID | None = None,
    reason: str = "",
) -> CardReceipt:
    """Take the application on one card: of a known person, or of a new one who is added with it.

    ``day`` is the postmark's where postmarks count, else the day the card arrived; it may not lie ahead.
    ``in_time_reason`` is noted on a card in time that is keyed in after the deadline, ``reason`` lets the clerk take
    what would be refused. A pair is linked while neither has a seat. Raises CardLate, InvalidValue (``day``,
    ``channel``, no person) and what adding a person and taking an application refuse; then nothing is written.
    """
    if channel not in BY_POST:
        raise InvalidValue(field="channel", value=channel.value, problem="not_a_choice")
    if day > tokyo_date(now):
        raise InvalidValue(field="card_day", value=day, problem="in_the_future")
    rules = card_rules(db, intake_id=intake_id, channel=channel)
    late = rules.last_day is not None and day > rules.last_day
    if late and not rules.before_draw and not reason:
        raise CardLate(day=day, deadline=rules.last_day)
    if attendee_id is None:
        attendee_id = _new_person(db, municipality_code, new_person, is_another_person=is_another_person, now=now)
    receipt = register_attendee(
        db,
        intake_id=intake_id,
        attendee_id=attendee_id,
        session_id=session_id,
        other_session_ids=other_session_ids,
        channel=channel,
        applied_on=tokyo_date(now) if rules.by_postmark else day,
        postmark_on=day if rules.by_postmark else None,
        reason=reason or (in_time_reason if _is_closed(db, intake_id, channel, now) else ""),
        now=now,
        by=by,
    )
    paired = _paired(db, receipt, pair_with_registration_id, now, by)
    return CardReceipt(receipt, late, paired)


def _new_person(
    db: Session, code: str, facts: AttendeeFacts | None, *, is_another_person: bool, now: datetime
) -> UUID:
    if facts is None:
        raise InvalidValue(field="attendee", value="", problem="required")
    added = add_attendee(db, municipality_code=code, facts=facts, now=now, is_another_person=is_another_person)
    return added.attendee_id


def _is_closed(db: Session, intake_id: UUID, channel: Channel, now: datetime) -> bool:
    closes_at = window_of(db, db.get_one(Intake, intake_id), channel)[1]
    return closes_at is not None and now > closes_at


def _paired(db: Session, receipt: RegistrationReceipt, other_id: UUID | None, now: datetime, by: str) -> bool:
    """Link with the card before; people who have seats already go together without being linked."""
    other = db.get(Registration, other_id) if other_id else None
    if other is None or not {other.state, receipt.state} <= _NOT_SEATED:
        return False
    link_party(
        db, registration_id=receipt.registration_id, with_registration_ids=[other.id], now=now, by=by
    )
    return True
