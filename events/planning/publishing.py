"""Make a planned workshop known, and take that back while nobody has applied."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.models import Intake, Municipality, Registration, Workshop, WorkshopSession
from events.planning.checks import checked_reason
from events.planning.drafts import WorkshopReceipt
from events.planning.errors import NothingToPublish, WrongState
from events.planning.lookups import intakes_of, load_workshop, must_not_be_held, receipt_of, sessions_of
from events.states import ProgrammeState

_NUMBER_DIGITS = 10
_OPENED = frozenset({ProgrammeState.ANNOUNCED, ProgrammeState.OPEN})


def publish_workshop(db: Session, *, workshop_id: UUID, version: int, now: datetime, by: str) -> WorkshopReceipt:
    """Announce a workshop; where people may apply from now on, it is open at once.

    Raises WrongState, NothingToPublish (a session without time or place), Conflict, ReadOnlyWorkshop.
    """
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    if workshop.state is not ProgrammeState.DRAFT:
        raise WrongState(state=workshop.state)
    publish_sessions(db, workshop, sessions_of(db, workshop_id), now)
    workshop.state = _state_of(intakes_of(db, workshop_id), now)
    workshop.version += 1
    workshop.changed_at = now
    db.flush()
    del by
    return receipt_of(db, workshop)


def publish_sessions(db: Session, workshop: Workshop, sessions: Sequence[WorkshopSession], now: datetime) -> None:
    """Let these draft sessions be seen; each gets the number it keeps in open data, never used again."""
    drafts = [session for session in sessions if session.state is ProgrammeState.DRAFT]
    for session in drafts:
        if session.starts_at is None or not (session.venue_id or session.online_url or session.place_text):
            raise NothingToPublish(day=session.held_on)
    intakes = intakes_of(db, workshop.id)
    for intake in intakes:
        intake.opens_at = intake.opens_at or now
    _number(db, workshop.municipality_code, drafts)
    for session in drafts:
        session.state = _state_of(intakes, now)
        session.version += 1
        session.calendar_sequence += 1
        session.calendar_changed_at = now
    db.flush()


def _state_of(intakes: Sequence[Intake], now: datetime) -> ProgrammeState:
    opens = [intake.opens_at for intake in intakes if intake.opens_at is not None]
    return ProgrammeState.ANNOUNCED if opens and min(opens) > now else ProgrammeState.OPEN


def _number(db: Session, municipality_code: str, sessions: Sequence[WorkshopSession]) -> None:
    # the municipality's row is locked, so that two clerks never get the same number
    db.exec(select(Municipality).where(Municipality.code == municipality_code).with_for_update()).one()
    highest = db.exec(
        select(func.max(WorkshopSession.open_data_number)).where(
            WorkshopSession.municipality_code == municipality_code,
            func.length(WorkshopSession.open_data_number) == _NUMBER_DIGITS,
        )
    ).one()
    last = int(highest) if highest and highest.isdecimal() else 0
    for session in sessions:
        if not session.open_data_number:
            last += 1
            session.open_data_number = f"{last:0{_NUMBER_DIGITS}d}"


def withdraw_workshop(
    db: Session, *, workshop_id: UUID, version: int, reason: str, now: datetime, by: str
) -> WorkshopReceipt:
    """Make a published workshop a draft again; refused (WrongState) once somebody has applied: then cancel it.

    Raises SessionHeld once a session is over: what took place cannot be unsaid.
    """
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    must_not_be_held(sessions_of(db, workshop_id), now)
    checked_reason(reason)
    applied = db.exec(
        select(func.count())
        .select_from(Registration)
        .join(Intake, col(Intake.id) == Registration.intake_id)
        .where(Intake.workshop_id == workshop_id)
    ).one()
    if workshop.state not in _OPENED or applied:
        raise WrongState(state=workshop.state)
    for session in sessions_of(db, workshop_id):
        if session.state in _OPENED:
            session.state = ProgrammeState.DRAFT
            session.version += 1
            session.calendar_sequence += 1
            session.calendar_changed_at = now
    workshop.state = ProgrammeState.DRAFT
    workshop.version += 1
    workshop.changed_at = now
    db.flush()
    del by
    return receipt_of(db, workshop)
