"""How many helpers a session needs, and how well that is met: live with bookings, plan and answers.

Rule 4 of the product: helpers = ceil(people ÷ ratio), at least one of them 講師. People are the larger of
confirmed + offered and planned; planned is what the office expects (or the seats) until the deadline or the draw,
then confirmed only. Companions and 受付 do not count. If bookings fall nobody is dropped: the surplus is shown.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.errors import NotFound
from events.models import Intake, IntakeSession, Municipality, Seat, WorkshopSession
from events.states import STOPPED_STATES, IntakeMethod, SeatState
from volunteers.models import Assignment, Volunteer
from volunteers.states import AssignmentRole, AssignmentState

CERTAIN = frozenset({AssignmentState.CONFIRMED, AssignmentState.DONE})
HOPED_FOR = frozenset({AssignmentState.TENTATIVE, AssignmentState.APPLIED, AssignmentState.ASKED})


class StaffingState(StrEnum):
    """How well the need of a session is met.

    ``enough``: confirmed helpers alone meet heads, leads and skills. ``thin``: heads are met, but only by counting
    helpers who are tentative, asked or have applied, or a lead or a skill is still missing among those who are
    confirmed. ``short``: heads are missing even if everybody who is hoped for comes.
    """

    ENOUGH = "enough"
    THIN = "thin"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Need:
    """What a session needs: ``helpers`` in all, ``leads`` among them, and helpers with a skill."""

    people: int
    helpers: int
    leads: int
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Staffing:
    """A session's need beside who has promised.

    ``confirmed`` and ``hoped_for`` (tentative, asked, applied; ``tentative`` among them) count 講師 and アシスタント,
    not 受付. ``missing`` is what certain helpers leave open, ``surplus`` what they have too much. ``missing_skills``
    lists only what is short.
    """

    session_id: UUID
    people: int
    required: int
    leads_required: int
    confirmed: int
    hoped_for: int
    tentative: int
    leads: int
    missing: int
    missing_leads: int
    surplus: int
    state: StaffingState
    missing_skills: Mapping[str, int] = field(default_factory=dict)

    @property
    def free_seats(self) -> int:
        """How many helpers may still come before it is one too many; who is tentative holds a seat."""
        return max(0, self.required - self.confirmed - self.tentative)


@dataclass(frozen=True, slots=True)
class _Helper:
    state: AssignmentState
    can_lead: bool
    skills: frozenset[str]


def staffing(db: Session, *, session_id: UUID, now: datetime) -> Staffing:
    """How well one session is staffed.

    Raises:
        NotFound: there is no such session.
    """
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session", value=session_id)
    return staffing_of(db, municipality_code=session.municipality_code, session_ids=(session_id,), now=now)[session_id]


def staffing_of(
    db: Session, *, municipality_code: str, session_ids: Collection[UUID], now: datetime
) -> dict[UUID, Staffing]:
    """How well many sessions of one municipality are staffed, in a constant number of statements."""
    needs = needs_of(db, municipality_code=municipality_code, session_ids=session_ids, now=now)
    helpers = _helpers_of(db, list(needs))
    return {each: _met(each, need, helpers.get(each, ())) for each, need in needs.items()}


def needs_of(db: Session, *, municipality_code: str, session_ids: Collection[UUID], now: datetime) -> dict[UUID, Need]:
    """What many sessions of one municipality need; those of other municipalities are left out."""
    wanted = list(session_ids)
    municipality = db.get(Municipality, municipality_code)
    if municipality is None or not wanted:
        return {}
    sessions = db.exec(
        select(WorkshopSession).where(
            WorkshopSession.municipality_code == municipality_code, col(WorkshopSession.id).in_(wanted)
        )
    ).all()
    still_planning = _still_planning(db, wanted, now)
    companions = _companions_with_seats(db, wanted)
    return {
        each.id: need_of(
            each,
            people_per_helper=municipality.people_per_helper,
            planning=still_planning.get(each.id, True) and (each.starts_at is None or each.starts_at > now),
            companions=companions.get(each.id, 0),
        )
        for each in sessions
    }


def need_of(session: WorkshopSession, *, people_per_helper: int, planning: bool, companions: int = 0) -> Need:
    """The need of one session; ``planning``: bookings may still come, so the plan counts beside them."""
    if session.state in STOPPED_STATES:
        return Need(0, 0, 0, {})
    booked = session.confirmed_count + session.offered_count - companions
    expected = session.seats if session.planned_people is None else session.planned_people
    people = max(booked, expected) if planning else booked
    helpers = max(-(-people // max(1, people_per_helper)), session.leads_needed) if people > 0 else 0
    return Need(
        people=people,
        helpers=helpers,
        leads=min(session.leads_needed, helpers),
        skills=dict(session.skills_needed) if helpers else {},
    )


def _still_planning(db: Session, session_ids: Sequence[UUID], now: datetime) -> dict[UUID, bool]:
    """Whether any intake of a session still waits for its deadline or its draw; no booking at all: it does."""
    rows = db.exec(
        select(IntakeSession.session_id, Intake.method, Intake.deadline_at, Intake.drawn_at)
        .join(Intake, col(Intake.id) == col(IntakeSession.intake_id))
        .where(col(IntakeSession.session_id).in_(session_ids))
    )
    open_intakes: dict[UUID, bool] = {}
    for session_id, method, deadline_at, drawn_at in rows:
        still = _intake_still_open(IntakeMethod(method), deadline_at, drawn_at, now)
        open_intakes[session_id] = open_intakes.get(session_id, False) or still
    return open_intakes


def _intake_still_open(
    method: IntakeMethod, deadline_at: datetime | None, drawn_at: datetime | None, now: datetime
) -> bool:
    if method is IntakeMethod.DRAW:
        return drawn_at is None
    if method is IntakeMethod.NO_BOOKING:
        return True
    return deadline_at is None or deadline_at > now


def _companions_with_seats(db: Session, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Places that companions take (where a workshop gives them one): they need no helper of their own."""
    rows = db.exec(
        select(Seat.session_id, func.sum(Seat.places - 1))
        .where(
            col(Seat.session_id).in_(session_ids),
            col(Seat.state).in_((SeatState.CONFIRMED, SeatState.OFFERED)),
            Seat.places > 1,
        )
        .group_by(col(Seat.session_id))
    )
    return {session_id: int(extra or 0) for session_id, extra in rows}


def _helpers_of(db: Session, session_ids: Sequence[UUID]) -> dict[UUID, list[_Helper]]:
    rows = db.exec(
        select(Assignment.session_id, Assignment.state, Volunteer.can_lead, Volunteer.skills)
        .join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
        .where(
            col(Assignment.session_id).in_(session_ids),
            col(Assignment.state).in_(CERTAIN | HOPED_FOR),
            Assignment.role != AssignmentRole.RECEPTION,
        )
    )
    helpers: dict[UUID, list[_Helper]] = defaultdict(list)
    for session_id, state, can_lead, skills in rows:
        helpers[session_id].append(_Helper(AssignmentState(state), can_lead, frozenset(skills)))
    return helpers


def _met(session_id: UUID, need: Need, helpers: Sequence[_Helper]) -> Staffing:
    certain = [each for each in helpers if each.state in CERTAIN]
    leads = sum(each.can_lead for each in certain)
    skills = {
        skill: count - sum(skill in each.skills for each in certain) for skill, count in sorted(need.skills.items())
    }
    missing_skills = {skill: count for skill, count in skills.items() if count > 0}
    missing, missing_leads = max(0, need.helpers - len(certain)), max(0, need.leads - leads)
    return Staffing(
        session_id=session_id,
        people=need.people,
        required=need.helpers,
        leads_required=need.leads,
        confirmed=len(certain),
        hoped_for=len(helpers) - len(certain),
        tentative=sum(each.state is AssignmentState.TENTATIVE for each in helpers),
        leads=leads,
        missing=missing,
        missing_leads=missing_leads,
        surplus=max(0, len(certain) - need.helpers),
        state=_state(need, len(helpers), missing + missing_leads + sum(missing_skills.values())),
        missing_skills=missing_skills,
    )


def _state(need: Need, heads: int, still_missing: int) -> StaffingState:
    if not still_missing:
        return StaffingState.ENOUGH
    return StaffingState.THIN if heads >= need.helpers else StaffingState.SHORT
