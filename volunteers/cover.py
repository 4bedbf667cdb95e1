"""Somebody calls in ill: who takes each of their sessions with nobody else moved, and all of it in one step.

The plan asks the same solver and the same rules as a month's plan. Everybody else is pinned where they stand, so the
answer comes at once; that her own sessions lie in one month is what makes the caps of the others count rightly.
"""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.free_text import checked_text
from events.models import WorkshopSession
from events.states import ContactKind
from volunteers.assignments import HELD, OPEN
from volunteers.availability import add_exception
from volunteers.errors import ExceptionsOverlap, StepNotPossible
from volunteers.matching.planning import make_plan
from volunteers.matching.problem import Pair, Problem
from volunteers.matching.question import Question, question
from volunteers.models import Assignment, Volunteer
from volunteers.queries import contacts_of
from volunteers.session_lines import SessionLine, session_lines
from volunteers.signup import ask_volunteer, assign_volunteer, release_volunteer
from volunteers.situation import moments, month_of

SECONDS_TO_FIND = 2.0


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who comes instead to which session."""

    session_id: UUID
    volunteer_id: UUID


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One session that is left, and who could come instead; ``because``: why she, or why nobody.

    ``substitute_id`` is None where nobody can come without moving others.
    """

    session: SessionLine
    substitute_id: UUID | None
    name: str
    telephone: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """An absence from ``first`` to ``last``: the sessions that are left, in order of time."""

    volunteer_id: UUID
    name: str
    first: date
    last: date
    lines: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class CoverReceipt:
    """How many parts were given back, and how many substitutes were asked or placed."""

    volunteer_id: UUID
    released: int
    asked: int
    placed: int


def cover_plan(
    db: Session, *, volunteer_id: UUID, municipality_code: str, first: date, last: date, now: datetime
) -> CoverPlan:
    """Who could take somebody's coming sessions from ``first`` to ``last`` (Tokyo), together, nobody else moved.

    Raises:
        InvalidValue: the days are not in order, or not in one calendar month.
    """
    _check_days(first, last)
    start, end = month_of(first)
    asked = question(db, municipality_code=municipality_code, first=start, last=end, now=now)
    volunteer = _volunteer(db, volunteer_id)
    left = [each.session_id for each in _parts(db, volunteer_id, municipality_code, first, last, now)]
    known = [str(each) for each in left if str(each) in asked.sessions]
    plan = make_plan(_without_her(asked, str(volunteer_id), known), time_limit=SECONDS_TO_FIND)
    stays = set(asked.problem.previous or ())
    comes = {each.session: each for each in plan.placements if each.session in known and each.pair not in stays}
    nobody = {each.session: each.because for each in plan.open_needs}
    lines = session_lines(db, session_ids=left)
    contacts = contacts_of(db, volunteer_ids=[UUID(each.volunteer) for each in comes.values()])
    found = []
    for session_id in left:
        placement = comes.get(str(session_id))
        substitute = _volunteer(db, UUID(placement.volunteer)) if placement else None
        found.append(
            CoverLine(
                session=lines[session_id],
                substitute_id=substitute.id if substitute else None,
                name=substitute.name if substitute else "",
                telephone=contacts.get((substitute.id, ContactKind.TELEPHONE), "") if substitute else "",
                because=placement.because if placement else nobody.get(str(session_id), ()),
            )
        )
    return CoverPlan(volunteer_id, volunteer.name, first, last, tuple(found))


def cover_absence(
    db: Session,
    *,
    volunteer_id: UUID,
    municipality_code: str,
    first: date,
    last: date,
    reason: str,
    substitutes: Sequence[Substitute],
    ask: bool,
    now: datetime,
    by: str,
) -> CoverReceipt:
    """Give back all of somebody's coming parts in these days and let others come instead: all of it or nothing.

    ``ask``: the substitutes are asked first; otherwise they have said yes already. Every rule is asked again. The
    days are written down as not free, so that no plan counts on her.

    Raises:
        CannotHelp: a substitute cannot come any more. StepNotPossible: a substitute for a session she does not leave.
        InvalidValue: the days are not in order, or not in one calendar month.
    """
    _check_days(first, last)
    _volunteer(db, volunteer_id)
    why = checked_text(reason, field="reason", longest=200)
    parts = _parts(db, volunteer_id, municipality_code, first, last, now)
    _lock(db, parts, [volunteer_id, *(each.volunteer_id for each in substitutes)])
    left = {each.session_id for each in parts}
    for each in parts:
        release_volunteer(db, assignment_id=each.id, reason=why, now=now, by=by)
    _not_free(db, volunteer_id, first, last)
    for substitute in sorted(substitutes, key=lambda each: (str(each.session_id), str(each.volunteer_id))):
        if substitute.session_id not in left:
            raise StepNotPossible(state="")
        step = ask_volunteer if ask else assign_volunteer
        step(db, session_id=substitute.session_id, volunteer_id=substitute.volunteer_id, now=now, by=by)
    count = len(substitutes)
    return CoverReceipt(volunteer_id, len(parts), count if ask else 0, 0 if ask else count)


def _without_her(asked: Question, her: str, left: Sequence[str]) -> Problem:
    """The same month, everybody else pinned, and each session wanting no more than it has; she may do none of hers."""
    problem = asked.problem
    others = [each for each in problem.previous or () if each.volunteer != her or each.session not in left]
    heads = Counter(each.session for each in problem.previous or ())
    sessions = tuple(
        replace(each, need=heads[each.id], leads=min(each.leads, heads[each.id]))
        if each.id in left
        else replace(each, need=heads[each.id], leads=0, skills={})
        for each in problem.sessions
    )
    return replace(
        problem,
        sessions=sessions,
        pinned=tuple(dict.fromkeys([*others, *asked.busy])),
        forbidden=problem.forbidden | {Pair(each, her) for each in left},
        previous=None,
    )


def _parts(db: Session, volunteer_id: UUID, code: str, first: date, last: date, now: datetime) -> Sequence[Assignment]:
    start, end = moments(first, last)
    return db.exec(
        select(Assignment)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .where(
            Assignment.volunteer_id == volunteer_id,
            WorkshopSession.municipality_code == code,
            col(Assignment.state).in_(HELD | OPEN),
            col(WorkshopSession.starts_at) >= max(start, now),
            col(WorkshopSession.starts_at) < end,
        )
        .order_by(col(WorkshopSession.starts_at), col(WorkshopSession.id))
    ).all()


def _lock(db: Session, parts: Sequence[Assignment], volunteer_ids: Sequence[UUID]) -> None:
    """Sessions, then people, each by id: the order in which everybody locks them."""
    for table, ids in ((WorkshopSession, {each.session_id for each in parts}), (Volunteer, set(volunteer_ids))):
        db.exec(select(table.id).where(col(table.id).in_(ids)).order_by(col(table.id)).with_for_update()).all()


def _not_free(db: Session, volunteer_id: UUID, first: date, last: date) -> None:
    day = first
    while day <= last:
        with contextlib.suppress(ExceptionsOverlap):  # something is said about that day already
            add_exception(db, volunteer_id=volunteer_id, day=day, free=False)
        day += timedelta(days=1)


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise InvalidValue(field="last_day", value=last, problem="before_first", first=first)
    if month_of(first) != month_of(last):
        raise InvalidValue(field="last_day", value=last, problem="one_month")


def _volunteer(db: Session, volunteer_id: UUID) -> Volunteer:
    found = db.get(Volunteer, volunteer_id)
    if found is None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    return found
