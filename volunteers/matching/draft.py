"""A plan without a solver, for when time ran out: never the best on purpose, but always allowed."""

import math
import time

import numpy as np

from volunteers.matching.candidates import Flags, Ints
from volunteers.matching.clashes import find_clashes
from volunteers.matching.remaining import Remaining


def draft(remaining: Remaining, until: float = math.inf) -> Flags:
    """Fill the sessions with the fewest people to choose from first; gives the chosen pairs.

    `until` is a moment of time.monotonic(); sessions that are not filled by then stay empty.
    """
    return _Draft(remaining).fill(until)


class _Draft:
    def __init__(self, remaining: Remaining) -> None:
        self.remaining = remaining
        self.clashes = find_clashes(remaining.grid, np.unique(remaining.session))
        self.chosen = np.zeros(len(remaining.session), np.bool_)
        self.times: dict[int, int] = {}
        self.busy: dict[int, set[int]] = {}
        self.weeks: dict[tuple[int, int], int] = {}

    def fill(self, until: float) -> Flags:
        order = np.argsort(self.remaining.session, kind="stable")
        first = np.searchsorted(self.remaining.session[order], np.arange(len(self.remaining.grid.sessions) + 1))
        spare = np.diff(first) - self.remaining.seats
        for session in np.argsort(spare, kind="stable").tolist():
            if time.monotonic() > until:
                break
            self._fill(session, order[first[session] : first[session + 1]])
        return self.chosen

    def _fill(self, session: int, pairs: Ints) -> None:
        leads = int(self.remaining.leads[session])
        skills = dict(self.remaining.skills[session])
        for _ in range(min(int(self.remaining.seats[session]), len(pairs))):
            able = [pair for pair in pairs.tolist() if not self.chosen[pair] and self._may(session, pair)]
            if not able:
                return
            pair = min(able, key=lambda each: self._rank(each, leads, skills))
            self._take(session, pair)
            person = self.remaining.grid.volunteers[self.remaining.volunteer[pair]]
            leads -= person.can_lead
            skills = {skill: count - (skill in person.skills) for skill, count in skills.items()}

    def _may(self, session: int, pair: int) -> bool:
        person = int(self.remaining.volunteer[pair])
        week = person, int(self.remaining.grid.week[session])
        return (
            self.times.get(person, 0) < self.remaining.sessions_left[person]
            and self.weeks.get(week, 0) < self.remaining.week_left[pair]
            and self.clashes[session].isdisjoint(self.busy.get(person, ()))
        )

    def _rank(self, pair: int, leads: int, skills: dict[str, int]) -> tuple[int, int, int]:
        """Whoever fills most of what is missing, then whoever did least, then whoever lives nearest."""
        index = int(self.remaining.volunteer[pair])
        person = self.remaining.grid.volunteers[index]
        fills = (leads > 0 and person.can_lead) + sum(
            count > 0 and skill in person.skills for skill, count in skills.items()
        )
        return -fills, person.already + self.times.get(index, 0), int(self.remaining.km[pair])

    def _take(self, session: int, pair: int) -> None:
        person = int(self.remaining.volunteer[pair])
        week = person, int(self.remaining.grid.week[session])
        self.chosen[pair] = True
        self.times[person] = self.times.get(person, 0) + 1
        self.busy.setdefault(person, set()).add(session)
        self.weeks[week] = self.weeks.get(week, 0) + 1
