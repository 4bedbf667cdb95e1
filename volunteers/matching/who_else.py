"""Who else could come to one session, beside what stands or beside a plan: best first, and why others cannot."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, select

from events.japan.clock import tokyo_date
from events.models import WorkshopSession
from events.states import STOPPED_STATES
from volunteers.errors import SessionNotForHelpers
from volunteers.matching.problem import Pair
from volunteers.matching.question import BUSY, question
from volunteers.matching.rules import check_placement, home_km
from volunteers.models import MatchProposal, Volunteer
from volunteers.situation import month_of

MOST_SUITING = 8
MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody beside a session: what speaks for her, or the rules against."""

    volunteer_id: UUID
    name: str
    can_lead: bool
    skills: tuple[str, ...]
    km: int
    load: int
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoElse:
    """Who else could come to a session, best first, and why some others cannot."""

    suits: tuple[Candidate, ...]
    others: tuple[Candidate, ...]


def who_else(
    db: Database,
    *,
    municipality_code: str,
    session_id: UUID,
    now: datetime,
    proposal_id: UUID | None = None,
) -> WhoElse:
    """Who could come to a session beside what stands, or beside the plan; nearest and least burdened first.

    Raises:
        SessionNotForHelpers: the session is over, cancelled or has no time.
    """
    session = db.get(WorkshopSession, session_id)
    if session is None or session.starts_at is None or session.starts_at <= now or session.state in STOPPED_STATES:
        raise SessionNotForHelpers
    day = tokyo_date(session.starts_at)
    first, last = month_of(day)
    asked = question(db, municipality_code=municipality_code, first=first, last=last, now=now)
    placed = list(asked.problem.previous or ())
    row = db.get(MatchProposal, proposal_id) if proposal_id else None
    if row is not None:
        placed = [Pair(each["session"], each["volunteer"]) for each in _placements(row)]
    together = list(dict.fromkeys([*placed, *asked.busy]))
    here = {pair.volunteer for pair in placed if pair.session == str(session_id)}
    load = Counter(pair.volunteer for pair in together)
    names = volunteers_by_id(db, [each for each in asked.persons if each not in here])
    found = []
    for each in asked.problem.volunteers:
        if each.id in here or each.id not in names:
            continue
        rules = check_placement(asked.problem, together, str(session_id), each.id)
        km = home_km(asked.problem.session_by_id[str(session_id)], each)
        skills = tuple(sorted(each.skills & asked.problem.session_by_id[str(session_id)].skills.keys()))
        burden = load[each.id] + each.already
        found.append(Candidate(UUID(each.id), names[each.id].name, each.can_lead, skills, km, burden, rules))
    wanted = asked.problem.session_by_id[str(session_id)].leads
    lead_is_missing = sum(asked.problem.volunteer_by_id[each].can_lead for each in here & asked.persons.keys()) < wanted
    found.sort(
        key=lambda each: (
            len(each.rules),
            not (lead_is_missing and each.can_lead),
            -len(each.skills),
            each.km + each.load,
            each.name,
        )
    )
    suits = [each for each in found if not each.rules]
    others = [each for each in found if each.rules and "not_eligible" not in each.rules]
    return WhoElse(tuple(suits[:MOST_SUITING]), tuple(others[:MOST_OTHERS]))


def volunteers_by_id(db: Database, ids: Iterable[str]) -> dict[str, Volunteer]:
    """Volunteers by their ids as a problem writes them."""
    wanted = [UUID(each) for each in ids]
    return {str(each.id): each for each in db.exec(select(Volunteer).where(col(Volunteer.id).in_(wanted)))}


def _placements(row: MatchProposal) -> list[dict[str, Any]]:
    found = cast("list[dict[str, Any]]", row.plan.get("placements", []))
    return [each for each in found if not each["session"].startswith(BUSY)]
