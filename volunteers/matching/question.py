"""From the office's data to a matching problem, as it is true now.

A problem spans days of one calendar month, because people agree to a number of sessions a month. What somebody
promised besides (another city, 受付, a day outside the span) stands in the problem as a session that needs nobody and
is pinned, so that time, travel and caps see it; its id begins with ``BUSY``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, or_, select

from events.errors import InvalidValue, NotFound
from events.japan.clock import tokyo_date
from events.models import Municipality, WorkshopSession
from events.states import STOPPED_STATES
from volunteers.assignments import HELD
from volunteers.matching.problem import Pair, Problem, Session, Volunteer, Window
from volunteers.matching.rules import week_of
from volunteers.models import Assignment, Membership, PinnedPlacement
from volunteers.models import Volunteer as VolunteerRow
from volunteers.need import needs_of
from volunteers.situation import (
    MAY_HELP,
    Commitment,
    Person,
    commitments_of,
    forbidden_pairs,
    moments,
    month_of,
    people,
    policy_of,
    session_values,
)
from volunteers.states import AssignmentRole

BUSY = "busy:"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    """A problem with the sessions and people it was made from, by their ids in it."""

    problem: Problem
    sessions: Mapping[str, WorkshopSession]
    persons: Mapping[str, Person]

    @property
    def busy(self) -> tuple[Pair, ...]:
        """What people promised besides."""
        return tuple(each for each in self.problem.pinned if each.session.startswith(BUSY))


def matching_problem(db: Database, *, municipality_code: str, first: date, last: date, now: datetime) -> Problem:
    """What the matching must solve: the sessions yet to come from ``first`` to ``last`` (Tokyo), and who may help.

    Raises:
        InvalidValue: the days are not in order, or not in one calendar month.
    """
    return question(db, municipality_code=municipality_code, first=first, last=last, now=now).problem


def question(
    db: Database,
    *,
    municipality_code: str,
    first: date,
    last: date,
    now: datetime,
    volunteer_ids: Collection[UUID] | None = None,
) -> Question:
    """The problem with its rows, in a constant number of statements; ``volunteer_ids`` narrows it to some people."""
    municipality = _municipality(db, municipality_code, first, last)
    rows = _sessions(db, municipality_code, first, last, now)
    ids = [each.id for each in rows]
    needs = needs_of(db, municipality_code=municipality_code, session_ids=ids, now=now)
    values = session_values(db, sessions=rows, needs=needs)
    pins = _pins(db, ids)
    volunteers = _volunteers(db, municipality_code, ids, pins, volunteer_ids)
    days = {each.id: tokyo_date(each.starts_at) for each in values.values()}
    persons = people(db, municipality=municipality, volunteers=volunteers, session_days=days, first=first, last=last)
    start, end = moments(month_of(first)[0] - _WEEK, month_of(last)[1] + _WEEK)
    promised = commitments_of(db, volunteer_ids=list(persons), start=start, end=end)
    known = {each.value.id for each in persons.values()}
    busy = [(_busy(each), str(who)) for who, hers in promised.items() for each in hers if not _planned(each, values)]
    problem = Problem(
        sessions=(*values.values(), *(session for session, _ in busy)),
        volunteers=tuple(
            _with_promises(each.value, promised.get(row_id, ()), values, municipality_code, first)
            for row_id, each in persons.items()
        ),
        policy=policy_of(municipality),
        pinned=(*(each for each in pins if each.volunteer in known), *(Pair(each.id, who) for each, who in busy)),
        forbidden=frozenset(Pair(*each) for each in forbidden_pairs(db, session_ids=ids) if each[1] in known),
        previous=tuple(
            Pair(each.session.id if _planned(each, values) else _busy(each).id, str(who))
            for who, hers in promised.items()
            for each in hers
        ),
    )
    return Question(problem, {str(each.id): each for each in rows}, {each.value.id: each for each in persons.values()})


def _municipality(db: Database, code: str, first: date, last: date) -> Municipality:
    if last < first:
        raise InvalidValue(field="last_day", value=last, problem="before_first", first=first)
    if month_of(first) != month_of(last):
        raise InvalidValue(field="last_day", value=last, problem="one_month")
    found = db.get(Municipality, code)
    if found is None:
        raise NotFound(thing="municipality", value=code)
    return found


def _sessions(db: Database, code: str, first: date, last: date, now: datetime) -> Sequence[WorkshopSession]:
    start, end = moments(first, last)
    return db.exec(
        select(WorkshopSession)
        .where(
            WorkshopSession.municipality_code == code,
            col(WorkshopSession.starts_at) >= max(start, now),
            col(WorkshopSession.starts_at) < end,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
        )
        .order_by(col(WorkshopSession.starts_at), col(WorkshopSession.id))
    ).all()


def _pins(db: Database, session_ids: Collection[UUID]) -> list[Pair]:
    query = select(PinnedPlacement).where(col(PinnedPlacement.session_id).in_(list(session_ids)))
    return sorted(Pair(str(each.session_id), str(each.volunteer_id)) for each in db.exec(query))


def _volunteers(
    db: Database,
    code: str,
    session_ids: Collection[UUID],
    pins: Iterable[Pair],
    volunteer_ids: Collection[UUID] | None,
) -> Sequence[VolunteerRow]:
    """Everybody who may help here, and whoever is placed or pinned although they may not (any more)."""
    active = select(Membership.volunteer_id).where(
        Membership.municipality_code == code, col(Membership.state).in_(MAY_HELP)
    )
    placed = select(Assignment.volunteer_id).where(
        col(Assignment.session_id).in_(list(session_ids)), col(Assignment.state).in_(HELD)
    )
    pinned = {UUID(each.volunteer) for each in pins}
    query = select(VolunteerRow).where(
        col(VolunteerRow.forgotten_at).is_(None),
        or_(col(VolunteerRow.id).in_(active), col(VolunteerRow.id).in_(placed), col(VolunteerRow.id).in_(pinned)),
    )
    if volunteer_ids is not None:
        query = query.where(col(VolunteerRow.id).in_(list(volunteer_ids)))
    return db.exec(query.order_by(col(VolunteerRow.id))).all()


def _planned(promise: Commitment, values: Mapping[UUID, Session]) -> bool:
    """Whether the plan may move it: a promised part at one of its sessions that is not 受付."""
    return promise.session_id in values and promise.role is not AssignmentRole.RECEPTION and promise.state in HELD


def _busy(promise: Commitment) -> Session:
    return replace(promise.session, id=f"{BUSY}{promise.assignment_id}", series=None)


def _with_promises(
    person: Volunteer,
    promised: Collection[Commitment],
    values: Mapping[UUID, Session],
    code: str,
    first: date,
) -> Volunteer:
    """She is free for what she promised already, and what lies outside of month and city takes none of its cap."""
    if not promised:
        return person
    windows = [Window(each.session.starts_at, each.session.ends_at) for each in promised]
    busy = [each for each in promised if not _planned(each, values)]
    month = month_of(first)
    outside = sum(each.municipality_code != code or month_of(_day(each)) != month for each in busy)
    weekly = Counter(week_of(each.session) for each in busy)
    return replace(
        person,
        available=None if person.available is None else (*person.available, *windows),
        eligible=None if person.eligible is None else person.eligible | {_busy(each).id for each in busy},
        max_sessions=None if person.max_sessions is None else person.max_sessions + outside,
        max_per_week=None if person.max_per_week is None else max([person.max_per_week, *weekly.values()]),
    )


def _day(promise: Commitment) -> date:
    return tokyo_date(promise.session.starts_at)
