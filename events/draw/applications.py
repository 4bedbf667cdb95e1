"""The applications that wait for a draw, with what it must know of each person: plain values, read all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col

from events.models import Attendee, Intake, Registration
from events.states import Channel, RegistrationState


@dataclass(frozen=True, slots=True)
class Application:
    """One application and its person; ``companions`` come along, ``residence`` is as the person said."""

    id: UUID
    number: int
    channel: Channel
    applied_on: date
    received_at: datetime
    postmark_on: date | None
    party_id: UUID | None
    companions: int
    attendee_id: UUID
    name: str
    kana: str
    name_key: str
    kana_key: str
    birth_date: date | None
    age_band: str
    residence: str


def applications_of(db: Session, intake: Intake) -> Sequence[Application]:
    """Everybody who waits for the draw of an intake, by number."""
    of_registration = ("id", "number", "channel", "applied_on", "received_at", "postmark_on", "party_id", "companions")
    of_person = ("id", "name", "kana", "name_key", "kana_key", "birth_date", "age_band", "residence")
    query = (
        sqlalchemy.select(
            *(getattr(Registration, name) for name in of_registration),
            *(getattr(Attendee, name) for name in of_person),
        )
        .join(Attendee, col(Attendee.id) == Registration.attendee_id)
        .where(
            col(Registration.intake_id) == intake.id, col(Registration.state) == RegistrationState.WAITING_DRAW
        )
        .order_by(col(Registration.number))
    )
    return [Application(*row) for row in db.execute(query)]
