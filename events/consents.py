"""Whether a person agreed to be told of workshops: given and withdrawn, each with its day."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.models import Attendee, Consent
from events.states import Channel

ANNOUNCEMENTS: Final = "announcements"
TEXT_VERSION: Final = "1"


def give_consent(db: Session, *, attendee_id: UUID, channel: Channel, now: datetime, by: str) -> date:
    """Note that a person would like to be told of workshops; answers since when. Again: nothing changes."""
    person = db.get(Attendee, attendee_id)
    if person is None or person.forgotten_at is not None:
        raise NotFound(thing="attendee_id")
    standing = _standing(db, attendee_id)
    if standing is not None:
        return standing.given_on
    consent = Consent(
        attendee_id=attendee_id,
        purpose=ANNOUNCEMENTS,
        text_version=TEXT_VERSION,
        given_on=tokyo_date(now),
        channel=channel.value,
    )
    db.add(consent)
    db.flush()
    del by  # the log says who
    return consent.given_on


def withdraw_consent(db: Session, *, attendee_id: UUID, now: datetime, by: str) -> None:
    """Note that a person would not like to be told any more. Not agreed: nothing changes."""
    standing = _standing(db, attendee_id)
    if standing is not None:
        standing.withdrawn_on = tokyo_date(now)
        db.flush()
    del by


def consent_of(db: Session, *, attendee_id: UUID) -> date | None:
    """Since when a person would like to be told of workshops; None when they would not."""
    standing = _standing(db, attendee_id)
    return standing.given_on if standing else None


def _standing(db: Session, attendee_id: UUID) -> Consent | None:
    query = select(Consent).where(
        Consent.attendee_id == attendee_id,
        Consent.purpose == ANNOUNCEMENTS,
        col(Consent.withdrawn_on).is_(None),
    )
    return db.exec(query).first()
