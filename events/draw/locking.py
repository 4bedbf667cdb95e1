"""When the result of a draw stands: as soon as the first person is being told of it."""

from datetime import datetime

from sqlmodel import Session, col, select

from events.models import Intake, IntakeSession, Notice, Registration, WorkshopSession
from events.states import ProgrammeState


def locked_since(db: Session, intake: Intake) -> datetime | None:
    """Since when a draw can no longer be repeated: locked by hand, or the first notice that was made after it."""
    if intake.locked_at is not None or intake.drawn_at is None:
        return intake.locked_at
    query = (
        select(Notice.created_at)
        .join(Registration, col(Registration.id) == Notice.registration_id)
        .where(Registration.intake_id == intake.id, col(Notice.created_at) >= intake.drawn_at)
        .order_by(col(Notice.created_at))
    )
    return db.exec(query).first()


def move_sessions(db: Session, intake: Intake, *states: ProgrammeState) -> None:
    """Bring the sessions of an intake from the states that are named first to the last one."""
    *before, after = states
    query = (
        select(WorkshopSession)
        .join(IntakeSession, col(IntakeSession.session_id) == WorkshopSession.id)
        .where(IntakeSession.intake_id == intake.id, col(WorkshopSession.state).in_(before))
    )
    for session in db.exec(query).all():
        session.state = after
    db.flush()
