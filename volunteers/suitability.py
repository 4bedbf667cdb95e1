"""Whether somebody may help at a session, asked of the same rules as the matching, against what is true now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from events.japan.clock import tokyo_date
from events.models import Municipality, WorkshopSession
from volunteers.errors import SessionNotForHelpers, refusal_of
from volunteers.insurance import Cover
from volunteers.matching import problem as matching
from volunteers.matching.rules import home_km
from volunteers.models import Volunteer
from volunteers.situation import (
    Commitment,
    Person,
    broken_rules,
    commitments_of,
    forbidden_pairs,
    moments,
    month_of,
    people,
    policy_of,
    session_values,
)

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One person beside some sessions of one municipality, with everything that person promised around them."""

    problem: matching.Problem
    person: Person
    sessions: Mapping[UUID, matching.Session]
    promised: Sequence[Commitment]
    municipality_code: str

    def broken(self, session_id: UUID) -> tuple[str, ...]:
        """The hard rules against this session, in the order of the list of rules.

        What is promised elsewhere counts for time and travel; caps count this municipality's sessions only,
        because they were agreed with it.
        """
        session = self.sessions[session_id]
        first, last = month_of(tokyo_date(session.starts_at))
        here = [each.session for each in self.promised if each.municipality_code == self.municipality_code]
        broken = broken_rules(self.problem, session, self.person.value, here, first=first, last=last)
        elsewhere = [each.session for each in self.promised if each.municipality_code != self.municipality_code]
        uncapped = broken_rules(self.problem, session, self.person.value, elsewhere, first=date.min, last=date.min)
        return tuple(dict.fromkeys([*broken, *(rule for rule in uncapped if rule in {"overlap", "travel"})]))

    def cover(self, session_id: UUID) -> Cover:
        """How this person is insured on the day the session ends."""
        return self.person.cover(tokyo_date(self.sessions[session_id].ends_at))

    def km(self, session_id: UUID) -> int:
        """Begun kilometres from home; 0 where either place is unknown."""
        return home_km(self.sessions[session_id], self.person.value)


def outlook(
    db: Session, *, volunteer: Volunteer, municipality: Municipality, sessions: Sequence[WorkshopSession]
) -> Outlook:
    """Everything the rules must know about one person and these sessions (at least one has a time)."""
    values = session_values(db, sessions=sessions)
    days = {each.id: tokyo_date(each.starts_at) for each in values.values()}
    first, last = min(days.values()), max(days.values())
    around = moments(month_of(first)[0] - _WEEK, month_of(last)[1] + _WEEK)
    promised = commitments_of(db, volunteer_ids=[volunteer.id], start=around[0], end=around[1])
    found = people(db, municipality=municipality, volunteers=[volunteer], session_days=days, first=first, last=last)[
        volunteer.id
    ]
    forbidden = forbidden_pairs(db, session_ids=list(values), volunteer_ids=[volunteer.id])
    problem = matching.Problem(
        sessions=tuple(values.values()),
        volunteers=(found.value,),
        policy=policy_of(municipality),
        forbidden=frozenset(matching.Pair(*each) for each in forbidden),
    )
    return Outlook(problem, found, values, promised.get(volunteer.id, ()), municipality.code)


def check_rules(
    db: Session,
    *,
    session: WorkshopSession,
    volunteer: Volunteer,
    municipality: Municipality,
    but: Collection[str] = (),
) -> Cover:
    """Refuse the first hard rule that this person at this session would break; ``but`` names rules not asked.

    Answers how the person is insured then: surely, or by a renewal that is planned.

    Raises:
        CannotHelp: the rule, as a class of its own.
        SessionNotForHelpers: the session has no time yet.
    """
    if session.starts_at is None:
        raise SessionNotForHelpers
    found = outlook(db, volunteer=volunteer, municipality=municipality, sessions=[session])
    for rule in found.broken(session.id):
        if rule not in but:
            raise refusal_of(rule)
    return found.cover(session.id)
