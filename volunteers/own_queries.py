"""What a volunteer sees of their own: my sessions, open sessions that suit me, rows for my calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import Municipality, WorkshopSession
from events.states import ProgrammeState
from volunteers.assignments import HELD, OPEN
from volunteers.insurance import Cover
from volunteers.matching.rules import kilometres
from volunteers.models import Assignment, Membership, Volunteer
from volunteers.need import Staffing, staffing_of
from volunteers.session_lines import SessionLine, session_lines
from volunteers.signup import LEAVE_LIMIT_HOURS, leave_until
from volunteers.situation import place_of
from volunteers.states import AssignmentRole, AssignmentState
from volunteers.suitability import Outlook, outlook

LOOK_AHEAD = timedelta(days=92)
LOOK_BACK = timedelta(days=400)
_LOOKING_FOR_HELPERS = (
    ProgrammeState.ANNOUNCED,
    ProgrammeState.OPEN,
    ProgrammeState.CLOSED,
    ProgrammeState.DRAWN,
    ProgrammeState.NOTIFIED,
)
_NOT_ASKED = frozenset({"availability"})


@dataclass(frozen=True, slots=True)
class MyPart:
    """One of my sessions: my part, its state, and until when I may leave without a call."""

    assignment_id: UUID
    session: SessionLine
    role: AssignmentRole
    state: AssignmentState
    leave_until: datetime | None
    may_leave: bool
    stopped: bool
    km: float | None
    beside_me: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MySessions:
    """What lies before me in order of time: what stands, and what waits for an answer."""

    name: str
    standing: tuple[MyPart, ...]
    waiting: tuple[MyPart, ...]
    leave_hours: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that looks for helpers and suits me: what is asked, how far, and what stands in my way, if anything.

    ``free`` says whether it lies within the times I named; ``certain`` whether my insurance holds then.
    """

    session: SessionLine
    role: AssignmentRole
    missing: int
    missing_leads: int
    missing_skills: tuple[str, ...]
    km: float | None
    free: bool
    certain: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class OpenSessions:
    """Open sessions that suit me, soonest day first and on one day the nearest; ``hidden`` do not suit me."""

    rows: tuple[OpenSession, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class AssignmentForCalendarRow:
    """One part with its session, as the calendar needs it. Withdrawn ones are there too, to be taken out again."""

    assignment_id: UUID
    session: SessionLine
    role: AssignmentRole
    state: AssignmentState
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MyLimits:
    """To how many sessions a month and a week I agreed; None: no limit."""

    cap_per_month: int | None
    cap_per_week: int | None


def my_limits(db: Session, *, volunteer_id: UUID, municipality_code: str) -> MyLimits:
    """My limits in a municipality.

    Raises:
        NotFound: I do not help there.
    """
    found = db.exec(
        select(Membership).where(
            Membership.volunteer_id == volunteer_id, Membership.municipality_code == municipality_code
        )
    ).first()
    if found is None:
        raise NotFound(thing="membership", value=volunteer_id)
    return MyLimits(found.cap_per_month, found.cap_per_week)


def my_sessions(db: Session, *, volunteer_id: UUID, now: datetime) -> MySessions:
    """My coming sessions, with the names of who helps beside me.

    Raises:
        NotFound: there is no such volunteer.
    """
    volunteer = _volunteer(db, volunteer_id)
    rows = db.exec(
        select(Assignment, WorkshopSession, Municipality)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .join(Municipality, col(Municipality.code) == col(WorkshopSession.municipality_code))
        .where(
            Assignment.volunteer_id == volunteer_id,
            col(Assignment.state).in_(HELD | OPEN | {AssignmentState.DONE}),
            col(WorkshopSession.ends_at) > now,
        )
        .order_by(col(WorkshopSession.starts_at))
    ).all()
    lines = session_lines(db, session_ids=[session.id for _, session, _ in rows])
    beside = _beside(db, [session.id for _, session, _ in rows], volunteer_id)
    parts = [
        _part(row, session, municipality, lines[session.id], volunteer, beside.get(session.id, ()), now)
        for row, session, municipality in rows
        if session.id in lines
    ]
    hours = rows[0][2].settings.get("leave_limit_hours", LEAVE_LIMIT_HOURS) if rows else LEAVE_LIMIT_HOURS
    return MySessions(
        volunteer.name,
        tuple(each for each in parts if each.state not in OPEN),
        tuple(each for each in parts if each.state in OPEN),
        int(str(hours)),
    )


def open_sessions_for(db: Session, *, volunteer_id: UUID, municipality_code: str, now: datetime) -> OpenSessions:
    """Sessions of the next three months that still look for helpers and that I may take."""
    volunteer = _volunteer(db, volunteer_id)
    municipality = db.get_one(Municipality, municipality_code)
    sessions = db.exec(
        select(WorkshopSession).where(
            WorkshopSession.municipality_code == municipality_code,
            col(WorkshopSession.starts_at) > now,
            col(WorkshopSession.starts_at) <= now + LOOK_AHEAD,
            col(WorkshopSession.state).in_(_LOOKING_FOR_HELPERS),
        )
    ).all()
    mine = _my_states(db, volunteer_id)
    needs = staffing_of(db, municipality_code=municipality_code, session_ids=[each.id for each in sessions], now=now)
    looked_for = [
        each
        for each in sessions
        if mine.get(each.id) not in HELD | {AssignmentState.APPLIED} and _wants_me(needs[each.id], volunteer)
    ]
    if not looked_for:
        return OpenSessions((), 0)
    found = outlook(db, volunteer=volunteer, municipality=municipality, sessions=looked_for)
    suiting = [each for each in looked_for if not set(found.broken(each.id)) - _NOT_ASKED]
    lines = session_lines(db, session_ids=[each.id for each in suiting])
    rows = [_open(lines[each.id], needs[each.id], found, volunteer, mine.get(each.id)) for each in suiting]
    rows.sort(key=lambda row: (not row.asked, not row.free, row.session.starts_at.date(), row.km or 0.0))
    return OpenSessions(tuple(rows), len(looked_for) - len(rows))


def assignments_for_calendar(db: Session, *, volunteer_id: UUID, now: datetime) -> tuple[AssignmentForCalendarRow, ...]:
    """All parts of the last thirteen months and of what comes, also those given back, in order of time."""
    rows = db.exec(
        select(Assignment)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .where(
            Assignment.volunteer_id == volunteer_id,
            Assignment.state != AssignmentState.APPLIED,
            col(WorkshopSession.starts_at) >= now - LOOK_BACK,
        )
        .order_by(col(WorkshopSession.starts_at), col(Assignment.id))
    ).all()
    lines = session_lines(db, session_ids=[row.session_id for row in rows])
    return tuple(
        AssignmentForCalendarRow(
            row.id, lines[row.session_id], row.role, row.state, row.calendar_sequence, row.changed_at
        )
        for row in rows
        if row.session_id in lines
    )


def _volunteer(db: Session, volunteer_id: UUID) -> Volunteer:
    found = db.get(Volunteer, volunteer_id)
    if found is None or found.forgotten_at is not None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    return found


def _part(
    row: Assignment,
    session: WorkshopSession,
    municipality: Municipality,
    line: SessionLine,
    volunteer: Volunteer,
    beside: Sequence[str],
    now: datetime,
) -> MyPart:
    limit = leave_until(session, municipality)
    return MyPart(
        row.id,
        line,
        row.role,
        row.state,
        limit,
        may_leave=row.state in OPEN or (row.state in HELD and limit is not None and now <= limit),
        stopped=line.state in {ProgrammeState.CANCELLED, ProgrammeState.POSTPONED},
        km=_km(line, volunteer),
        beside_me=tuple(beside),
    )


def _km(line: SessionLine, volunteer: Volunteer) -> float | None:
    home = place_of(volunteer)
    if home is None or line.latitude is None or line.longitude is None:
        return None
    return round(kilometres(home, type(home)(line.latitude, line.longitude)), 1)


def _beside(db: Session, session_ids: Sequence[UUID], volunteer_id: UUID) -> dict[UUID, list[str]]:
    """Names of those who help at the same sessions: a volunteer may know with whom."""
    rows = db.exec(
        select(Assignment.session_id, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
        .where(
            col(Assignment.session_id).in_(session_ids),
            Assignment.volunteer_id != volunteer_id,
            col(Assignment.state).in_(HELD),
        )
        .order_by(col(Volunteer.kana_key))
    )
    names: dict[UUID, list[str]] = {}
    for session_id, name in rows:
        names.setdefault(session_id, []).append(name)
    return names


def _my_states(db: Session, volunteer_id: UUID) -> dict[UUID, AssignmentState]:
    rows = db.exec(
        select(Assignment.session_id, Assignment.state).where(
            Assignment.volunteer_id == volunteer_id, Assignment.state != AssignmentState.WITHDRAWN
        )
    )
    return {session_id: AssignmentState(state) for session_id, state in rows}


def _wants_me(met: Staffing, volunteer: Volunteer) -> bool:
    brings_lead = volunteer.can_lead and met.missing_leads > 0
    return met.free_seats > 0 or brings_lead or bool(met.missing_skills.keys() & set(volunteer.skills))


def _open(
    line: SessionLine, met: Staffing, found: Outlook, volunteer: Volunteer, state: AssignmentState | None
) -> OpenSession:
    leads = volunteer.can_lead and met.missing_leads > 0
    return OpenSession(
        session=line,
        role=AssignmentRole.LEAD if leads else AssignmentRole.HELPER,
        missing=met.free_seats,
        missing_leads=met.missing_leads,
        missing_skills=tuple(met.missing_skills),
        km=_km(line, volunteer),
        free="availability" not in found.broken(line.session_id),
        certain=found.cover(line.session_id) is Cover.INSURED,
        asked=state is AssignmentState.ASKED,
    )
