"""Rows that planning changes, loaded and locked; a workshop of the past is refused here, once for all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict, NotFound
from events.japan.clock import tokyo_date
from events.models import Intake, IntakeSession, Workshop, WorkshopSession
from events.planning.drafts import Caution, WorkshopReceipt
from events.planning.errors import ReadOnlyWorkshop, SessionHeld
from events.stages import is_read_only
from events.states import STOPPED_STATES, ProgrammeState


def load_workshop(db: Session, workshop_id: UUID, *, now: datetime, version: int | None = None) -> Workshop:
    """A workshop that may be changed. ``version`` is what the person saw; another one is a Conflict."""
    workshop = db.get(Workshop, workshop_id, with_for_update=True, populate_existing=True)
    if workshop is None:
        raise NotFound(thing="workshop_id")
    if is_read_only(read_only=workshop.read_only, year=workshop.fiscal_year, today=tokyo_date(now)):
        raise ReadOnlyWorkshop(title=workshop.title)
    if version is not None and workshop.version != version:
        raise Conflict(thing="workshop_id")
    return workshop


def load_session(
    db: Session, session_id: UUID, *, now: datetime, version: int | None = None
) -> tuple[WorkshopSession, Workshop]:
    """A session that may be changed, with its workshop; locked in the order intakes, then session."""
    workshop_id = db.exec(select(WorkshopSession.workshop_id).where(WorkshopSession.id == session_id)).first()
    if workshop_id is None:
        raise NotFound(thing="session_id")
    workshop = load_workshop(db, workshop_id, now=now)
    lock_intakes(db, session_id)
    session = db.exec(
        select(WorkshopSession)
        .where(WorkshopSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if version is not None and session.version != version:
        raise Conflict(thing="session_id")
    return session, workshop


def lock_intakes(db: Session, session_id: UUID) -> Sequence[Intake]:
    """The intakes that give seats of a session, locked in the order of their ids."""
    query = (
        select(Intake)
        .join(IntakeSession, col(IntakeSession.intake_id) == Intake.id)
        .where(IntakeSession.session_id == session_id)
        .order_by(col(Intake.id))
        .with_for_update(of=Intake)
        .execution_options(populate_existing=True)
    )
    return db.exec(query).all()


def sessions_of(db: Session, workshop_id: UUID) -> Sequence[WorkshopSession]:
    """All sessions of a workshop by number."""
    query = (
        select(WorkshopSession)
        .where(WorkshopSession.workshop_id == workshop_id)
        .order_by(col(WorkshopSession.number), col(WorkshopSession.id))
    )
    return db.exec(query).all()


def intakes_of(db: Session, workshop_id: UUID) -> Sequence[Intake]:
    """All intakes of a workshop, the oldest first."""
    return db.exec(select(Intake).where(Intake.workshop_id == workshop_id).order_by(col(Intake.id))).all()


def receipt_of(db: Session, workshop: Workshop, cautions: tuple[Caution, ...] = ()) -> WorkshopReceipt:
    """What stands now, for the answer of a use case."""
    return WorkshopReceipt(
        workshop_id=workshop.id,
        session_ids=tuple(session.id for session in sessions_of(db, workshop.id)),
        intake_ids=tuple(intake.id for intake in intakes_of(db, workshop.id)),
        title=workshop.title,
        state=workshop.state,
        cautions=cautions,
    )


def is_held(session: WorkshopSession, now: datetime) -> bool:
    """Whether people could come and it is over: published, not stopped, and past its end (or its day)."""
    over = session.ends_at <= now if session.ends_at else session.held_on < tokyo_date(now)
    return over and session.state not in STOPPED_STATES | {ProgrammeState.DRAFT}


def must_not_be_held(sessions: Sequence[WorkshopSession], now: datetime) -> None:
    """Refuse when one of them is over. Raises SessionHeld."""
    held = next((session for session in sessions if is_held(session, now)), None)
    if held is not None:
        raise SessionHeld(held_on=held.held_on)
