"""The results of a draw: nobody is told before staff begin, and from then on the draw is locked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.draw.locking import move_sessions
from events.errors import DomainError
from events.models import Intake, Notice, Registration, Workshop
from events.notices.kinds import KIND_OF_STATE
from events.notices.writing import tell
from events.registration_rules import lock_intake, lock_intake_sessions
from events.states import IntakeMethod, ProgrammeState, RegistrationState

_RESULTS = (
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.LOST,
    RegistrationState.REFUSED,
)


class NotDrawnYet(DomainError):
    """There is no result to tell before the draw (``title``)."""

    code = "not_drawn_yet"


@dataclass(frozen=True, slots=True)
class ResultsToTell:
    """A draw that was held and of which nobody was told yet."""

    intake_id: UUID
    title: str
    drawn_at: datetime
    people: int
    notice_on: date | None


def begin_telling(db: Session, *, intake_id: UUID, now: datetime, by: str) -> int:
    """Put everybody's result on the lists and lock the draw; answers how many people are to be told.

    Pressed again it adds nobody. Raises NotDrawnYet, NotFound.
    """
    intake = lock_intake(db, intake_id)
    lock_intake_sessions(db, intake)
    if intake.method is not IntakeMethod.DRAW or intake.drawn_at is None:
        raise NotDrawnYet(title=db.get_one(Workshop, intake.workshop_id).title)
    told = 0
    for state in _RESULTS:
        query = select(Registration).where(Registration.intake_id == intake_id, Registration.state == state)
        told += tell(db, db.exec(query.order_by(col(Registration.number))).all(), KIND_OF_STATE[state], now=now)
    intake.locked_at = intake.locked_at or now
    move_sessions(db, intake, ProgrammeState.DRAWN, ProgrammeState.NOTIFIED)
    del by
    return told


def draws_to_tell(db: Session, *, municipality_code: str) -> tuple[ResultsToTell, ...]:
    """The draws whose results nobody was told yet, the oldest first."""
    told = select(Notice.id).where(
        col(Notice.registration_id) == Registration.id, col(Notice.created_at) >= col(Intake.drawn_at)
    )
    query = (
        select(Intake, Workshop.title, func.count(col(Registration.id)))
        .join(Workshop, col(Workshop.id) == Intake.workshop_id)
        .join(Registration, col(Registration.intake_id) == Intake.id)
        .where(
            Intake.municipality_code == municipality_code,
            col(Intake.drawn_at).is_not(None),
            col(Intake.locked_at).is_(None),
            col(Registration.state).in_(_RESULTS),
            ~told.exists(),
        )
        .group_by(col(Intake.id), Workshop.title)
        .order_by(col(Intake.drawn_at))
    )
    return tuple(
        ResultsToTell(intake.id, title, intake.drawn_at, people, intake.result_notice_on)
        for intake, title, people in db.exec(query)
        if intake.drawn_at is not None
    )
