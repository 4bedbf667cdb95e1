"""What is true now, as plain values for the rules of matching: sessions, helpers, and what they promised already."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import cast
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, func, select

from events.japan.clock import at_tokyo, tokyo_date
from events.japan.fiscal_year import age_on, first_day, fiscal_year, last_day
from events.models import Municipality, Venue, WorkshopSession
from volunteers.availability import windows_of
from volunteers.insurance import Cover, Year, cover_on, is_exempt, years_of
from volunteers.matching.problem import Aim, Place, Policy, Problem, Session, Volunteer, Weights
from volunteers.matching.rules import (
    HARD_CODES,
    is_within_her_sessions,
    is_within_her_week,
    week_of,
    why_not_alone,
    why_not_both,
)
from volunteers.models import Assignment, ForbiddenPlacement, Membership, Wish
from volunteers.models import Volunteer as VolunteerRow
from volunteers.need import Need
from volunteers.states import AssignmentRole, AssignmentState, VolunteerState

PROMISED = frozenset({AssignmentState.TENTATIVE, AssignmentState.CONFIRMED, AssignmentState.DONE})
MAY_HELP = frozenset({VolunteerState.ACTIVE})
ADULT_AGE = 18
USUAL_LENGTH = timedelta(hours=2)  # where nobody wrote down when a session ends


@dataclass(frozen=True, slots=True)
class Commitment:
    """A part that somebody promised: where it is and when, as the rules see it."""

    assignment_id: UUID
    session_id: UUID
    municipality_code: str
    role: AssignmentRole
    state: AssignmentState
    session: Session


@dataclass(frozen=True, slots=True)
class Person:
    """A helper as the rules see them, with their caps in this municipality and how they are insured."""

    row_id: UUID
    value: Volunteer
    cap_per_month: int | None
    years: tuple[Year, ...]
    exempt: bool

    def cover(self, day: date) -> Cover:
        """How this person is insured on a day."""
        return cover_on(self.years, day, exempt=self.exempt)


def policy_of(municipality: Municipality) -> Policy:
    """The municipality's ratio, and its weights where the organiser moved them."""
    said = cast("Mapping[str, object]", municipality.settings.get("matching", {}))
    weights = cast("Mapping[str, int]", said.get("weights", {}))
    known = {each.name for each in fields(Weights)}
    return Policy(
        people_per_helper=municipality.people_per_helper,
        travel_kmh=float(cast("float", said.get("travel_kmh", Policy().travel_kmh))),
        aim=Aim(cast("str", said.get("aim", Aim.BALANCED))),
        weights=Weights(**{name: value for name, value in weights.items() if name in known}),
    )


def session_values(
    db: Database, *, sessions: Sequence[WorkshopSession], needs: Mapping[UUID, Need] | None = None
) -> dict[UUID, Session]:
    """Sessions as the rules see them; those without a time are left out. Without ``needs`` nobody is needed."""
    venue_ids = {each.venue_id for each in sessions if each.venue_id}
    venues = {each.id: each for each in db.exec(select(Venue).where(col(Venue.id).in_(venue_ids)))}
    nothing = Need(0, 0, 0, {})
    return {
        each.id: _session_value(
            each, venues.get(each.venue_id) if each.venue_id else None, (needs or {}).get(each.id, nothing)
        )
        for each in sessions
        if each.starts_at is not None
    }


def _session_value(session: WorkshopSession, venue: Venue | None, need: Need) -> Session:
    starts_at = cast("datetime", session.starts_at)
    return Session(
        id=str(session.id),
        starts_at=starts_at,
        ends_at=session.ends_at or starts_at + USUAL_LENGTH,
        need=need.helpers,
        leads=need.leads,
        skills=dict(need.skills),
        place=place_of(venue),
        venue=str(venue.id) if venue else None,
        series=str(session.workshop_id),
    )


def place_of(thing: Venue | VolunteerRow | Municipality | None) -> Place | None:
    """Where something is on the map, if that is known."""
    if thing is None or thing.latitude is None or thing.longitude is None:
        return None
    return Place(thing.latitude, thing.longitude)


def commitments_of(
    db: Database,
    *,
    volunteer_ids: Collection[UUID],
    start: datetime,
    end: datetime,
    states: Collection[AssignmentState] = PROMISED,
) -> dict[UUID, list[Commitment]]:
    """What many helpers promised for sessions that start from ``start`` to ``end``, in whatever municipality."""
    rows = db.exec(
        select(Assignment, WorkshopSession)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .where(
            col(Assignment.volunteer_id).in_(list(volunteer_ids)),
            col(Assignment.state).in_(states),
            col(WorkshopSession.starts_at) >= start,
            col(WorkshopSession.starts_at) < end,
        )
        .order_by(col(WorkshopSession.starts_at), col(Assignment.id))
    ).all()
    values = session_values(db, sessions=[session for _, session in rows])
    found: dict[UUID, list[Commitment]] = defaultdict(list)
    for assignment, session in rows:
        found[assignment.volunteer_id].append(
            Commitment(
                assignment.id,
                session.id,
                assignment.municipality_code,
                assignment.role,
                assignment.state,
                values[session.id],
            )
        )
    return found


def people(
    db: Database,
    *,
    municipality: Municipality,
    volunteers: Sequence[VolunteerRow],
    session_days: Mapping[str, date],
    first: date,
    last: date,
) -> dict[UUID, Person]:
    """Helpers as the rules see them for sessions from ``first`` to ``last``, in a constant number of statements.

    ``session_days`` are the sessions in question (id → Tokyo date): who is not a member who may help, or is not
    insured on some of these days, is asked only for the others.
    """
    ids = [each.id for each in volunteers]
    memberships = _memberships(db, municipality.code, ids)
    windows = windows_of(db, volunteers=volunteers, first=first, last=last)
    years = years_of(db, volunteer_ids=ids)
    likes, dislikes = _wishes(db, ids, session_days)
    already = served_since_april(db, ids, first)
    found = {}
    for each in volunteers:
        member = memberships.get(each.id)
        exempt = is_exempt(each.kind, municipality)
        hers = tuple(years.get(each.id, ()))
        until = None if exempt else _insured_until(hers, first, last)
        value = Volunteer(
            id=str(each.id),
            kind=each.kind.value,
            skills=frozenset(each.skills),
            can_lead=each.can_lead,
            adult=is_adult(each, first),
            experienced=each.experienced,
            available=windows[each.id],
            eligible=_eligible(member, hers, until, session_days),
            home=place_of(each),
            max_km=each.max_km,
            max_sessions=member.cap_per_month if member else 0,
            max_per_week=member.cap_per_week if member else 0,
            insured_until=until,
            likes=frozenset(likes.get(each.id, ())),
            dislikes=frozenset(dislikes.get(each.id, ())),
            already=already.get(each.id, 0),
        )
        found[each.id] = Person(each.id, value, value.max_sessions, hers, exempt)
    return found


def is_adult(volunteer: VolunteerRow, day: date) -> bool | None:
    """Whether somebody is 18 on a day: by the date of birth, or by what was seen; None: not known."""
    if volunteer.birth_date is not None:
        return age_on(volunteer.birth_date, day) >= ADULT_AGE
    return True if volunteer.adult_seen_on is not None else None


def broken_rules(
    problem: Problem, session: Session, person: Volunteer, beside: Iterable[Session], *, first: date, last: date
) -> tuple[str, ...]:
    """The hard rules that this person at this session would break beside her other sessions.

    Overlap and travel look at all of ``beside``; the cap of the month looks at those from ``first`` to ``last``.
    """
    others = [each for each in beside if each.id != session.id]
    broken = set(why_not_alone(problem, session, person))
    for other in others:
        broken.update(why_not_both(problem, session, other))
    in_month = [each for each in others if first <= tokyo_date(each.starts_at) <= last]
    in_week = [each for each in others if week_of(each) == week_of(session)]
    if not is_within_her_sessions(problem, person, [*in_month, session]):
        broken.add("max_sessions")
    if not is_within_her_week(problem, person, [*in_week, session]):
        broken.add("max_per_week")
    return tuple(code for code in HARD_CODES if code in broken)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """From the beginning of ``first`` to the end of ``last`` in Tokyo, as aware UTC moments."""
    return at_tokyo(first, time()), at_tokyo(last + timedelta(days=1), time())


def forbidden_pairs(
    db: Database, *, session_ids: Collection[UUID], volunteer_ids: Collection[UUID] | None = None
) -> set[tuple[str, str]]:
    """The pairs that staff ruled out, as (session, volunteer)."""
    query = select(ForbiddenPlacement).where(col(ForbiddenPlacement.session_id).in_(list(session_ids)))
    if volunteer_ids is not None:
        query = query.where(col(ForbiddenPlacement.volunteer_id).in_(list(volunteer_ids)))
    return {(str(each.session_id), str(each.volunteer_id)) for each in db.exec(query)}


def _memberships(db: Database, code: str, ids: Collection[UUID]) -> dict[UUID, Membership]:
    query = select(Membership).where(Membership.municipality_code == code, col(Membership.volunteer_id).in_(list(ids)))
    return {each.volunteer_id: each for each in db.exec(query)}


def _insured_until(years: Sequence[Year], first: date, last: date) -> date:
    """The last day covered, counting renewals that are planned; the day before ``first`` when none is."""
    until = first - timedelta(days=1)
    for year in years:
        starts = year.insured_from is not None and year.insured_from <= last
        if fiscal_year(first) <= year.fiscal_year <= fiscal_year(last) and (starts or year.renewal_planned):
            until = max(until, last_day(year.fiscal_year))
    return until


def _eligible(
    member: Membership | None, years: Sequence[Year], until: date | None, session_days: Mapping[str, date]
) -> frozenset[str] | None:
    if member is None or member.state not in MAY_HELP:
        return frozenset()
    if until is None:
        return None
    gaps = {each for each, day in session_days.items() if day <= until and cover_on(years, day) is Cover.NONE}
    return frozenset(session_days) - gaps if gaps else None


def _wishes(
    db: Database, ids: Collection[UUID], session_days: Mapping[str, date]
) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    """Sessions that each likes (wished for or applied to), and those she would rather not do."""
    likes: dict[UUID, set[str]] = defaultdict(set)
    dislikes: dict[UUID, set[str]] = defaultdict(set)
    for wish in db.exec(select(Wish).where(col(Wish.volunteer_id).in_(list(ids)))):
        (likes if wish.likes else dislikes)[wish.volunteer_id].add(str(wish.session_id))
    applied = select(Assignment.volunteer_id, Assignment.session_id).where(
        col(Assignment.volunteer_id).in_(list(ids)), Assignment.state == AssignmentState.APPLIED
    )
    for volunteer_id, session_id in db.exec(applied):
        likes[volunteer_id].add(str(session_id))
    for known in (likes, dislikes):
        for each in known:
            known[each] &= session_days.keys()
    return likes, dislikes


def served_since_april(db: Database, ids: Collection[UUID], day: date) -> Counter[UUID]:
    """How many sessions each served since 1 April, before ``day``: the load that is evened out over the year."""
    year_starts, _ = moments(first_day(fiscal_year(day)), day)
    rows = db.exec(
        select(Assignment.volunteer_id, func.count())
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .where(
            col(Assignment.volunteer_id).in_(list(ids)),
            col(Assignment.state).in_((AssignmentState.CONFIRMED, AssignmentState.DONE)),
            col(WorkshopSession.starts_at) >= year_starts,
            col(WorkshopSession.starts_at) < moments(day, day)[0],
        )
        .group_by(col(Assignment.volunteer_id))
    )
    return Counter(dict(rows.all()))
