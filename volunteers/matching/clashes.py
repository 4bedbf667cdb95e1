"""Which sessions one person cannot both do: the rules of CAN_DO_BOTH as arrays, and as groups.

A group is a set of sessions of which any two clash, so that one row "at most one of these" speaks for all of them.
Travel makes clashes that are not intervals; therefore groups are grown from the clashes themselves, until each clash
lies in at least one group.
"""

import numpy as np

from volunteers.matching.candidates import NO_PLACE, Flags, Floats, Grid, Ints
from volunteers.matching.errors import TooLarge
from volunteers.matching.rules import EARTH_RADIUS_KM, why_not_both

Clashes = tuple[frozenset[int], ...]  # for each session of the grid, those that nobody can do as well

MICROSECONDS_PER_MINUTE = 60_000_000
DOUBT_MINUTES = 1e-6  # nearer than this to the limit, the rule itself decides
MOST_CLASHES = 20_000_000


def find_clashes(grid: Grid, among: Ints | None = None) -> Clashes:
    """All clashes, or only those between some sessions of the grid (ascending)."""
    if among is None:
        among = np.arange(len(grid.sessions))
    beside: list[set[int]] = [set() for _ in grid.sessions]
    way = _Way(grid)
    starts, ends = grid.starts[among], grid.ends[among]
    all_over_by = np.maximum.accumulate(ends)
    earliest = np.searchsorted(all_over_by, starts - way.longest_in_microseconds)
    seen = 0
    for position, here in enumerate(among.tolist()):
        earlier = among[earliest[position] : position]
        gap = (starts[position] - grid.ends[earlier]) / MICROSECONDS_PER_MINUTE
        needed = way.minutes(here, earlier)
        clash = gap < needed
        for doubtful in np.flatnonzero(np.abs(gap - needed) < DOUBT_MINUTES):
            other = grid.sessions[earlier[doubtful]]
            clash[doubtful] = bool(why_not_both(grid.problem, other, grid.sessions[here]))
        found = earlier[clash].tolist()
        seen += len(found)
        if seen > MOST_CLASHES:
            raise TooLarge("clashes", seen)
        beside[here].update(found)
        for each in found:
            beside[each].add(here)
    return tuple(frozenset(each) for each in beside)


def clash_groups(clashes: Clashes) -> list[tuple[int, ...]]:
    """Groups of sessions, each as large as it can be, that together hold every clash."""
    groups: list[tuple[int, ...]] = []
    held_with: list[set[int]] = [set() for _ in clashes]
    for session, beside in enumerate(clashes):
        uncovered = {other for other in beside if other < session} - held_with[session]
        while uncovered:
            group = _grown(clashes, session, max(uncovered))
            groups.append(tuple(sorted(group)))
            for each in group:
                held_with[each] |= group
            uncovered -= group
    return groups


def _grown(clashes: Clashes, session: int, other: int) -> set[int]:
    """The two, and then whoever clashes with all so far: the nearest before the session first."""
    group = {session, other}
    welcome = clashes[session] & clashes[other]
    for joining in sorted(welcome, key=lambda each: (each > session, abs(each - session))):
        if joining in welcome:
            group.add(joining)
            welcome &= clashes[joining]
    return group


class _Way:
    """The minutes from one session's place to the places of others."""

    def __init__(self, grid: Grid) -> None:
        known = [grid.places[place] if place != NO_PLACE else None for place in grid.place.tolist()]
        self._known: Flags = np.array([each is not None for each in known], np.bool_)
        self._lat: Floats = np.radians(np.array([0.0 if each is None else each.lat for each in known]))
        self._lon: Floats = np.radians(np.array([0.0 if each is None else each.lon for each in known]))
        venues = {each.venue: index for index, each in enumerate(grid.sessions) if each.venue is not None}
        self._venue: Ints = np.array(
            [-1 - index if each.venue is None else venues[each.venue] for index, each in enumerate(grid.sessions)],
            np.int64,
        )
        self._minutes_per_radian = 60 * EARTH_RADIUS_KM / grid.problem.policy.travel_kmh
        self.longest_in_microseconds = self._longest()

    def _longest(self) -> int:
        """No way is longer than along the meridian and then along the equator."""
        if not self._known.any():
            return 1
        radians = np.ptp(self._lat[self._known]) + np.ptp(self._lon[self._known])
        return int((radians * self._minutes_per_radian + 1) * MICROSECONDS_PER_MINUTE)

    def minutes(self, here: int, others: Ints) -> Floats:
        half_lat = np.sin((self._lat[others] - self._lat[here]) / 2)
        half_lon = np.sin((self._lon[others] - self._lon[here]) / 2)
        a = half_lat**2 + np.cos(self._lat[here]) * np.cos(self._lat[others]) * half_lon**2
        radians = 2 * np.arcsin(np.sqrt(np.minimum(1.0, a)))
        travels = self._known[here] & self._known[others] & (self._venue[others] != self._venue[here])
        return np.where(travels, radians * self._minutes_per_radian, 0.0)
