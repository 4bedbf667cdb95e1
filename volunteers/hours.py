"""What was done: hours of a part at a session, and who did not come."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.japan.fiscal_year import first_day, last_day
from events.models import Workshop, WorkshopSession
from volunteers.errors import NotAtThisSession, StepNotPossible
from volunteers.models import Assignment, Volunteer
from volunteers.situation import USUAL_LENGTH, moments
from volunteers.states import AssignmentRole, AssignmentState

MOST_MINUTES = 12 * 60
_WORKED = frozenset({AssignmentState.CONFIRMED, AssignmentState.DONE, AssignmentState.NO_SHOW})


@dataclass(frozen=True, slots=True)
class HoursReceipt:
    """What now stands for one part: its state, and minutes when it was worked."""

    assignment_id: UUID
    state: AssignmentState
    minutes: int | None


@dataclass(frozen=True, slots=True)
class WorkedRow:
    """One session that somebody helped at; ``minutes`` as written down, or as the session was planned."""

    assignment_id: UUID
    session_id: UUID
    title: str
    held_on: date
    starts_at: datetime | None
    role: AssignmentRole
    state: AssignmentState
    minutes: int
    written_down: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A volunteer's year: sessions helped at, newest first, and the minutes of those that were worked."""

    fiscal_year: int
    rows: tuple[WorkedRow, ...]
    sessions: int
    minutes: int
    all_sessions: int


def record_hours(
    db: Session, *, session_id: UUID, volunteer_id: UUID, minutes: int, now: datetime, by: str
) -> HoursReceipt:
    """Write down how long somebody helped at a session that has begun; a part that is only 仮 cannot be worked.

    Raises:
        InvalidValue: minutes are not from 1 to 720, or the session has not begun.
        NotAtThisSession, StepNotPossible: as named.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidValue(field="minutes", value=minutes, problem="out_of_range", least=1, most=MOST_MINUTES)
    row = _part(db, session_id, volunteer_id, now)
    row.minutes = minutes
    return _settle(db, row, AssignmentState.DONE, now, by)


def note_no_show(db: Session, *, session_id: UUID, volunteer_id: UUID, now: datetime, by: str) -> HoursReceipt:
    """Write down that somebody who was expected did not come."""
    row = _part(db, session_id, volunteer_id, now)
    row.minutes = None
    return _settle(db, row, AssignmentState.NO_SHOW, now, by)


def forget_hours(db: Session, *, session_id: UUID, volunteer_id: UUID, now: datetime, by: str) -> HoursReceipt:
    """Take back what was written down about a part: it is a promise again."""
    row = _part(db, session_id, volunteer_id, now)
    row.minutes = None
    return _settle(db, row, AssignmentState.CONFIRMED, now, by)


def record_of(db: Session, *, volunteer_id: UUID, fiscal_year: int, now: datetime) -> Record:
    """What a volunteer did in a fiscal year (April to March), for their own page and for the office."""
    year_starts, year_ends = moments(first_day(fiscal_year), last_day(fiscal_year))
    rows = db.exec(
        select(Assignment, WorkshopSession, Workshop.title)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .join(Workshop, col(Workshop.id) == col(WorkshopSession.workshop_id))
        .where(
            Assignment.volunteer_id == volunteer_id,
            col(Assignment.state).in_(_WORKED),
            col(WorkshopSession.starts_at) <= now,
        )
        .order_by(col(WorkshopSession.starts_at).desc())
    ).all()
    worked = [(row, session, title) for row, session, title in rows if row.state is not AssignmentState.NO_SHOW]
    this_year = [
        _worked(row, session, title)
        for row, session, title in worked
        if session.starts_at is not None and year_starts <= session.starts_at < year_ends
    ]
    done = [each for each in this_year if each.state is AssignmentState.DONE]
    return Record(fiscal_year, tuple(this_year), len(this_year), sum(each.minutes for each in done), len(worked))


def minutes_of(row: Assignment, session: WorkshopSession) -> int:
    """How long a part lasted: as written down, else as the session was planned."""
    planned = session.ends_at - session.starts_at if session.ends_at and session.starts_at else USUAL_LENGTH
    return row.minutes if row.minutes is not None else int(planned.total_seconds() // 60)


def _worked(row: Assignment, session: WorkshopSession, title: str) -> WorkedRow:
    return WorkedRow(
        row.id,
        session.id,
        title,
        session.held_on,
        session.starts_at,
        row.role,
        row.state,
        minutes_of(row, session),
        row.minutes is not None,
    )


def _part(db: Session, session_id: UUID, volunteer_id: UUID, now: datetime) -> Assignment:
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session", value=session_id)
    if session.starts_at is None or session.starts_at > now:
        raise InvalidValue(field="session", value=session.held_on, problem="not_begun")
    db.exec(select(Volunteer.id).where(Volunteer.id == volunteer_id).with_for_update()).first()
    row = db.exec(
        select(Assignment)
        .where(Assignment.session_id == session_id, Assignment.volunteer_id == volunteer_id)
        .order_by(col(Assignment.changed_at).desc())
    ).first()
    if row is None:
        raise NotAtThisSession
    if row.state not in _WORKED:
        raise StepNotPossible(state=row.state)
    return row


def _settle(db: Session, row: Assignment, state: AssignmentState, now: datetime, by: str) -> HoursReceipt:
    row.state_before, row.state = row.state, state
    row.version += 1
    row.changed_at, row.changed_by = now, by
    db.flush()
    return HoursReceipt(row.id, row.state, row.minutes)
