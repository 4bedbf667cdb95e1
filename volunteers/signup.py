"""The steps by which a helper gets a part at a session, and gives it back.

The office assigns, asks, confirms and releases; a volunteer takes, asks for and leaves. Each step locks the session
and then the person, asks the same rules as the matching, raises the calendar's sequence, and can be undone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import Municipality, WorkshopSession
from events.states import STOPPED_STATES, ProgrammeState
from volunteers.assignments import HELD, OPEN, AssignmentReceipt, receipt_of, write_step
from volunteers.errors import (
    AlreadyThere,
    EnoughHelpers,
    LeaveLimitPassed,
    NotAtThisSession,
    NothingToUndo,
    NotInsured,
    SessionNotForHelpers,
    StepNotPossible,
)
from volunteers.insurance import Cover
from volunteers.models import Assignment, Volunteer
from volunteers.need import Staffing, staffing
from volunteers.states import AssignmentRole, AssignmentState
from volunteers.suitability import check_rules

UNDO_SPAN = timedelta(minutes=2)  # the screen offers it for ten seconds; a slow network gets the rest
LEAVE_LIMIT_HOURS = 48
_OVER = frozenset({ProgrammeState.HELD, ProgrammeState.REPORTED})
# Who takes a session or is called and says yes thereby says that she is free.
_SAID_YES = frozenset({"availability"})


@dataclass(frozen=True, slots=True)
class _Place:
    session: WorkshopSession
    volunteer: Volunteer
    municipality: Municipality
    assignment: Assignment | None


def assign_volunteer(
    db: Session,
    *,
    session_id: UUID,
    volunteer_id: UUID,
    now: datetime,
    by: str,
    role: AssignmentRole | None = None,
) -> AssignmentReceipt:
    """Give somebody a part at a session; 仮 while only the renewal of the insurance is planned.

    Without a role the part is 講師 while one is missing and this person may lead, otherwise アシスタント.

    Raises:
        CannotHelp: a hard rule is against it. AlreadyThere, CannotLead, SessionNotForHelpers: as named.
    """
    place = _place(db, session_id, volunteer_id)
    _refuse_stopped(place.session)
    if place.assignment is not None and place.assignment.state in HELD:
        raise AlreadyThere
    cover = check_rules(db, session=place.session, volunteer=place.volunteer, municipality=place.municipality)
    state = AssignmentState.CONFIRMED if cover is Cover.INSURED else AssignmentState.TENTATIVE
    return _step(db, place, state, now=now, by=by, role=role or _part(db, place, now))


def ask_volunteer(
    db: Session,
    *,
    session_id: UUID,
    volunteer_id: UUID,
    now: datetime,
    by: str,
    role: AssignmentRole | None = None,
) -> AssignmentReceipt:
    """Ask somebody to help at a session; the part stands once the answer is yes."""
    place = _place(db, session_id, volunteer_id)
    _refuse_started(place.session, now)
    _refuse_a_second_part(place)
    check_rules(db, session=place.session, volunteer=place.volunteer, municipality=place.municipality, but=_SAID_YES)
    return _step(db, place, AssignmentState.ASKED, now=now, by=by, role=role or _part(db, place, now))


def take_session(db: Session, *, session_id: UUID, volunteer_id: UUID, now: datetime, by: str) -> AssignmentReceipt:
    """Take a part at a session oneself, or say yes to being asked. Taking it again changes nothing.

    The municipality decides whether this counts at once or is an application first.

    Raises:
        EnoughHelpers: nobody more is looked for. CannotHelp, SessionNotForHelpers: as named.
    """
    place = _place(db, session_id, volunteer_id)
    _refuse_started(place.session, now)
    standing = place.assignment
    if standing is not None and standing.state in HELD | {AssignmentState.APPLIED}:
        return receipt_of(standing, changed=False)
    cover = check_rules(
        db, session=place.session, volunteer=place.volunteer, municipality=place.municipality, but=_SAID_YES
    )
    if standing is None or standing.state is not AssignmentState.ASKED:
        _refuse_one_too_many(place, staffing(db, session_id=session_id, now=now))
        if place.municipality.settings.get("volunteers_take") == "applied":
            return _step(db, place, AssignmentState.APPLIED, now=now, by=by, role=_part(db, place, now))
    state = AssignmentState.CONFIRMED if cover is Cover.INSURED else AssignmentState.TENTATIVE
    return _step(db, place, state, now=now, by=by, role=_part(db, place, now))


def ask_for(db: Session, *, session_id: UUID, volunteer_id: UUID, now: datetime, by: str) -> AssignmentReceipt:
    """Tell the office that one would like to help at a session, also where enough have promised already."""
    place = _place(db, session_id, volunteer_id)
    _refuse_started(place.session, now)
    if place.assignment is not None and place.assignment.state in HELD | OPEN:
        return receipt_of(place.assignment, changed=False)
    check_rules(db, session=place.session, volunteer=place.volunteer, municipality=place.municipality, but=_SAID_YES)
    return _step(db, place, AssignmentState.APPLIED, now=now, by=by, role=_part(db, place, now))


def confirm_assignment(db: Session, *, assignment_id: UUID, now: datetime, by: str) -> AssignmentReceipt:
    """Make a part certain that was asked for, applied for or 仮.

    Raises:
        NotInsured: the renewal of the insurance is not recorded yet. CannotHelp, StepNotPossible: as named.
    """
    place = _place_of(db, assignment_id)
    standing = _standing(place)
    if standing.state is AssignmentState.CONFIRMED:
        return receipt_of(standing, changed=False)
    if standing.state not in OPEN | HELD:
        raise StepNotPossible(state=standing.state)
    _refuse_stopped(place.session)
    cover = check_rules(
        db, session=place.session, volunteer=place.volunteer, municipality=place.municipality, but=_SAID_YES
    )
    if cover is not Cover.INSURED:
        raise NotInsured
    return _step(db, place, AssignmentState.CONFIRMED, now=now, by=by, role=standing.role)


def release_volunteer(db: Session, *, assignment_id: UUID, reason: str, now: datetime, by: str) -> AssignmentReceipt:
    """Take somebody out of a session, with a reason; the office may do so at any time before it was worked."""
    place = _place_of(db, assignment_id)
    standing = _standing(place)
    if standing.state is AssignmentState.WITHDRAWN:
        return receipt_of(standing, changed=False)
    if standing.state not in OPEN | HELD:
        raise StepNotPossible(state=standing.state)
    return _step(db, place, AssignmentState.WITHDRAWN, now=now, by=by, role=standing.role, reason=reason)


def leave_session(
    db: Session, *, session_id: UUID, volunteer_id: UUID, reason: str, now: datetime, by: str
) -> AssignmentReceipt:
    """Give one's part back, decline a question or draw an application back. Leaving again changes nothing.

    Raises:
        LeaveLimitPassed: too late without a call; says whom to call.
        NotAtThisSession: there is no part to give back.
    """
    place = _place(db, session_id, volunteer_id)
    standing = place.assignment
    if standing is None:
        raise NotAtThisSession
    if standing.state is AssignmentState.WITHDRAWN:
        return receipt_of(standing, changed=False)
    if standing.state not in OPEN | HELD:
        raise StepNotPossible(state=standing.state)
    limit = leave_until(place.session, place.municipality)
    if standing.state in HELD and limit is not None and now > limit:
        raise LeaveLimitPassed(limit=limit, contact=place.municipality.contact_telephone)
    return _step(db, place, AssignmentState.WITHDRAWN, now=now, by=by, role=standing.role, reason=reason)


def undo_last_step(db: Session, *, session_id: UUID, volunteer_id: UUID, now: datetime, by: str) -> AssignmentReceipt:
    """Take one's own last step back, for two minutes; the rules are asked again where it becomes a promise.

    Raises:
        NothingToUndo: it is too long ago, or somebody else acted since.
    """
    place = _place(db, session_id, volunteer_id)
    standing = place.assignment
    if standing is None or standing.changed_by != by or now - standing.changed_at > UNDO_SPAN:
        raise NothingToUndo
    back_to = standing.state_before or AssignmentState.WITHDRAWN
    if back_to is standing.state:
        raise NothingToUndo
    if back_to in HELD:
        _refuse_stopped(place.session)
        check_rules(
            db, session=place.session, volunteer=place.volunteer, municipality=place.municipality, but=_SAID_YES
        )
    receipt = _step(db, place, back_to, now=now, by=by, role=standing.role)
    standing.state_before = back_to  # an undo is not undone by a second press
    db.flush()
    return receipt


def change_role(db: Session, *, assignment_id: UUID, role: AssignmentRole, now: datetime, by: str) -> AssignmentReceipt:
    """Give somebody another part at the same session.

    Raises:
        CannotLead: 講師 needs somebody who may lead.
    """
    place = _place_of(db, assignment_id)
    standing = _standing(place)
    if standing.state not in OPEN | HELD:
        raise StepNotPossible(state=standing.state)
    return _step(db, place, standing.state, now=now, by=by, role=role)


def leave_until(session: WorkshopSession, municipality: Municipality) -> datetime | None:
    """Until when a volunteer may leave without a call; None: the session has no time yet."""
    hours = int(cast("int", municipality.settings.get("leave_limit_hours", LEAVE_LIMIT_HOURS)))
    return None if session.starts_at is None else session.starts_at - timedelta(hours=hours)


def _place_of(db: Session, assignment_id: UUID) -> _Place:
    found = db.get(Assignment, assignment_id)
    if found is None:
        raise NotFound(thing="assignment", value=assignment_id)
    return _place(db, found.session_id, found.volunteer_id)


def _place(db: Session, session_id: UUID, volunteer_id: UUID) -> _Place:
    """The session, then the person, locked in this order; and the newest part that joins them."""
    session = db.exec(select(WorkshopSession).where(WorkshopSession.id == session_id).with_for_update()).first()
    if session is None:
        raise NotFound(thing="session", value=session_id)
    volunteer = db.exec(select(Volunteer).where(Volunteer.id == volunteer_id).with_for_update()).first()
    if volunteer is None or volunteer.forgotten_at is not None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    municipality = db.get_one(Municipality, session.municipality_code)
    query = (
        select(Assignment)
        .where(Assignment.session_id == session_id, Assignment.volunteer_id == volunteer_id)
        .order_by(col(Assignment.changed_at).desc(), col(Assignment.id).desc())
        .execution_options(populate_existing=True)
    )
    return _Place(session, volunteer, municipality, db.exec(query).first())


def _standing(place: _Place) -> Assignment:
    if place.assignment is None:
        raise NotAtThisSession
    return place.assignment


def _step(
    db: Session,
    place: _Place,
    state: AssignmentState,
    *,
    now: datetime,
    by: str,
    role: AssignmentRole,
    reason: str = "",
) -> AssignmentReceipt:
    return write_step(
        db,
        row=place.assignment,
        session=place.session,
        volunteer=place.volunteer,
        role=role,
        state=state,
        now=now,
        by=by,
        reason=reason,
    )


def _part(db: Session, place: _Place, now: datetime) -> AssignmentRole:
    if place.volunteer.can_lead and staffing(db, session_id=place.session.id, now=now).missing_leads:
        return AssignmentRole.LEAD
    return AssignmentRole.HELPER


def _refuse_stopped(session: WorkshopSession) -> None:
    if session.state in STOPPED_STATES or session.starts_at is None:
        raise SessionNotForHelpers


def _refuse_started(session: WorkshopSession, now: datetime) -> None:
    _refuse_stopped(session)
    if session.state in _OVER | {ProgrammeState.DRAFT} or (session.starts_at is not None and session.starts_at <= now):
        raise SessionNotForHelpers


def _refuse_a_second_part(place: _Place) -> None:
    if place.assignment is not None and place.assignment.state in HELD | OPEN:
        raise AlreadyThere


def _refuse_one_too_many(place: _Place, met: Staffing) -> None:
    brings = place.volunteer.can_lead and met.missing_leads
    if not (met.free_seats or brings or met.missing_skills.keys() & set(place.volunteer.skills)):
        raise EnoughHelpers
