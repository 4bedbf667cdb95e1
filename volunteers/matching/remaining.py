"""What is left to decide once the pins stand: free pairs, free seats, what each volunteer may still take on."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from volunteers.matching.candidates import Candidates, Flags, Grid, Ints
from volunteers.matching.problem import Pair, Volunteer
from volunteers.matching.rules import why_not_both
from volunteers.matching.score import helpers_by_session, missing_at

ENDLESS = 1 << 40


@dataclass(frozen=True, slots=True)
class Remaining:
    """The free pairs, by volunteer and then by session, and what limits them.

    Per pair: `session`, `volunteer`, `km` begun from home, `week_left` (how often she may serve in that week).
    Per session: `seats`, `leads`, `skills` still missing, `pinned` helpers. Per volunteer: `sessions_left`, `pins`.
    """

    grid: Grid
    pins: tuple[Pair, ...]
    session: Ints
    volunteer: Ints
    km: Ints
    week_left: Ints
    seats: Ints
    leads: Ints
    skills: tuple[dict[str, int], ...]
    pinned: tuple[tuple[Volunteer, ...], ...]
    sessions_left: Ints
    pinned_sessions: tuple[tuple[int, ...], ...]

    def only(self, chosen: Flags) -> "Remaining":
        """The same with only some of the free pairs."""
        return replace(
            self,
            session=self.session[chosen],
            volunteer=self.volunteer[chosen],
            km=self.km[chosen],
            week_left=self.week_left[chosen],
        )

    def pairs(self, chosen: Ints) -> list[Pair]:
        """Some of the free pairs, by their ids."""
        sessions, volunteers = self.grid.sessions, self.grid.volunteers
        return [
            Pair(sessions[session].id, volunteers[volunteer].id)
            for session, volunteer in zip(self.session[chosen].tolist(), self.volunteer[chosen].tolist(), strict=True)
        ]


def after_pins(candidates: Candidates, pins: Sequence[Pair]) -> Remaining:
    """What the pins leave to decide."""
    grid = candidates.grid
    helpers = helpers_by_session(grid.problem, pins)
    missing = [missing_at(session, helpers.get(session.id, ())) for session in grid.sessions]
    sessions_of: dict[int, list[int]] = defaultdict(list)
    for pin in pins:
        sessions_of[grid.volunteer_index[pin.volunteer]].append(grid.session_index[pin.session])
    pinned_sessions = tuple(tuple(sessions_of.get(each, ())) for each in range(len(grid.volunteers)))
    remaining = Remaining(
        grid=grid,
        pins=tuple(pins),
        session=candidates.session,
        volunteer=candidates.volunteer,
        km=candidates.km,
        week_left=_week_left(candidates, pinned_sessions),
        seats=np.array([each.seats for each in missing], np.int64),
        leads=np.array([each.leads for each in missing], np.int64),
        skills=tuple(each.skills for each in missing),
        pinned=tuple(tuple(helpers.get(session.id, ())) for session in grid.sessions),
        sessions_left=np.array(
            [
                ENDLESS if each.max_sessions is None else each.max_sessions - len(taken)
                for each, taken in zip(grid.volunteers, pinned_sessions, strict=True)
            ],
            np.int64,
        ),
        pinned_sessions=pinned_sessions,
    )
    return remaining.only(_still_free(remaining))


def _week_left(candidates: Candidates, pinned_sessions: Sequence[tuple[int, ...]]) -> Ints:
    """For each pair, how often the volunteer may still serve in the session's week."""
    grid = candidates.grid
    caps = np.array([ENDLESS if each.max_per_week is None else each.max_per_week for each in grid.volunteers], np.int64)
    left = caps[candidates.volunteer]
    weeks = grid.week[candidates.session]
    for volunteer, sessions in enumerate(pinned_sessions):
        if sessions and caps[volunteer] < ENDLESS:
            first, last = np.searchsorted(candidates.volunteer, [volunteer, volunteer + 1])
            for week, times in Counter(grid.week[list(sessions)].tolist()).items():
                left[first:last][weeks[first:last] == week] -= times
    return left


def _still_free(remaining: Remaining) -> Flags:
    """Pairs with a free seat, within the caps, and without a clash with a pin of the same volunteer."""
    free = (
        (remaining.seats[remaining.session] > 0)
        & (remaining.week_left > 0)
        & (remaining.sessions_left[remaining.volunteer] > 0)
    )
    sessions, problem = remaining.grid.sessions, remaining.grid.problem
    for volunteer, pinned in enumerate(remaining.pinned_sessions):
        if pinned:
            first, last = np.searchsorted(remaining.volunteer, [volunteer, volunteer + 1])
            for pair in range(first, last):
                here = int(remaining.session[pair])
                clash = any(why_not_both(problem, sessions[here], sessions[other]) for other in pinned)
                free[pair] &= here not in pinned and not clash
    return free
