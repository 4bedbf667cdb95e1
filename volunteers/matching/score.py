"""How good a set of placements is: what it leaves open, and what the wishes make of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from volunteers.matching.problem import Aim, Pair, Problem, Session, Volunteer
from volunteers.matching.rules import WISHES


@dataclass(frozen=True, slots=True)
class Missing:
    """What a session still lacks: seats, leads, and helpers with a skill (only skills that are short)."""

    seats: int
    leads: int
    skills: dict[str, int]

    @property
    def units(self) -> int:
        """How much this counts among the open needs."""
        return self.seats + self.leads + sum(self.skills.values())


def missing_at(session: Session, helpers: Collection[Volunteer]) -> Missing:
    """One helper fills one seat, one lead if she can lead, and one unit of every skill she has."""
    short = {
        skill: wanted - sum(skill in each.skills for each in helpers)
        for skill, wanted in sorted(session.skills.items())
    }
    return Missing(
        seats=max(0, session.need - len(helpers)),
        leads=max(0, session.leads - sum(each.can_lead for each in helpers)),
        skills={skill: count for skill, count in short.items() if count > 0},
    )


def helpers_by_session(problem: Problem, placed: Iterable[Pair]) -> dict[str, list[Volunteer]]:
    """Who is placed where; sessions without anybody are left out."""
    helpers = defaultdict(list)
    for pair in placed:
        helpers[pair.session].append(problem.volunteer_by_id[pair.volunteer])
    return helpers


def still_open(problem: Problem, placed: Iterable[Pair]) -> int:
    """Missing seats + missing leads + missing units of skill, all sessions together."""
    helpers = helpers_by_session(problem, placed)
    return sum(missing_at(session, helpers.get(session.id, ())).units for session in problem.sessions)


def objective(problem: Problem, placed: Collection[Pair]) -> int:
    """What the wishes make of it, or how many different people it takes; small is good."""
    if problem.policy.aim is Aim.FEWEST_PEOPLE:
        return len({pair.volunteer for pair in placed})
    total = 0
    for wish in WISHES:
        weight = getattr(problem.policy.weights, wish.weight)
        if weight:
            total += (-weight if wish.welcome else weight) * wish.count(problem, placed)
    return total
