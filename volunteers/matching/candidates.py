"""Who may serve where, for everybody at once: the rules of MAY_SERVE as arrays.

`rules` is what counts. The arrays here must say exactly the same (a property test compares them); wherever rounding
could decide, the rule itself is asked. Sessions stand in order of their start, volunteers in order of their ids, so
that the order of a file never decides who is chosen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from volunteers.matching.errors import TooLarge
from volunteers.matching.problem import Place, Problem, Session, Volunteer
from volunteers.matching.rules import (
    EARTH_RADIUS_KM,
    MAY_SERVE,
    SUPPORTER_KIND,
    day_in_tokyo,
    home_km,
    is_near_enough,
    week_of,
)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

MOST_COMBINATIONS = 2_000_000_000  # volunteers × sessions that are looked at
MOST_PAIRS = 8_000_000  # pairs that may be, all of which the solver must hold
BLOCK = 2_000_000  # combinations held at once
DOUBT_KM = 1e-6  # nearer than this to a limit, the rule itself decides
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_PLACE = -1
BIT = {rule.code: 1 << position for position, rule in enumerate(MAY_SERVE)}


@dataclass(frozen=True, slots=True)
class Grid:
    """The sessions and volunteers of a problem as arrays, each in a fixed order."""

    problem: Problem
    sessions: tuple[Session, ...]
    volunteers: tuple[Volunteer, ...]
    starts: Ints  # microseconds
    ends: Ints
    end_day: Ints  # ordinal of the date in Tokyo
    week: Ints  # ordinal of the Monday in Tokyo
    place: Ints  # index into places, or NO_PLACE
    places: tuple[Place, ...]
    session_index: dict[str, int]
    volunteer_index: dict[str, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """All pairs that break no rule of MAY_SERVE, by volunteer, then by session.

    `stopped_by` has for each volunteer the bits of all rules that keep her from some session.
    """

    grid: Grid
    session: Ints
    volunteer: Ints
    km: Ints
    stopped_by: Codes


def lay_out(problem: Problem, sessions: Sequence[Session] | None = None) -> Grid:
    """The problem, or only some of its sessions, as arrays."""
    chosen = problem.sessions if sessions is None else sessions
    ordered = tuple(sorted(chosen, key=lambda each: (each.starts_at, each.id)))
    people = tuple(sorted(problem.volunteers, key=lambda each: each.id))
    places = {each.place: NO_PLACE for each in ordered if each.place is not None}
    places = {place: index for index, place in enumerate(places)}
    return Grid(
        problem=problem,
        sessions=ordered,
        volunteers=people,
        starts=_ints([microseconds(each.starts_at) for each in ordered]),
        ends=_ints([microseconds(each.ends_at) for each in ordered]),
        end_day=_ints([day_in_tokyo(each.ends_at).toordinal() for each in ordered]),
        week=_ints([week_of(each).toordinal() for each in ordered]),
        place=_ints([NO_PLACE if each.place is None else places[each.place] for each in ordered]),
        places=tuple(places),
        session_index={each.id: index for index, each in enumerate(ordered)},
        volunteer_index={each.id: index for index, each in enumerate(people)},
    )


def find_candidates(grid: Grid) -> Candidates:
    """Every pair that may be; refuses what is more than can be answered."""
    combinations = len(grid.sessions) * len(grid.volunteers)
    if combinations > MOST_COMBINATIONS:
        raise TooLarge("sessions × volunteers", combinations)
    pieces: list[tuple[Ints, Ints, Ints]] = []
    stopped: list[Codes] = []
    found = 0
    for first, codes, km in _blocks(grid):
        who, where = np.nonzero(codes == 0)
        found += len(who)
        if found > MOST_PAIRS:
            raise TooLarge("pairs", found)
        pieces.append((where.astype(np.int64), who.astype(np.int64) + first, km[who, where]))
        stopped.append(np.bitwise_or.reduce(codes, axis=1) if codes.size else np.zeros(len(codes), np.uint8))
    session, volunteer, distance = (
        np.concatenate([piece[part] for piece in pieces]) if pieces else np.zeros(0, np.int64) for part in range(3)
    )
    return Candidates(grid, session, volunteer, distance, np.concatenate(stopped) if stopped else np.zeros(0, np.uint8))


def broken_rules(grid: Grid) -> Codes:
    """For every volunteer (rows) and session (columns) the bits of the rules she breaks there."""
    blocks = [codes for _, codes, _ in _blocks(grid)]
    return np.concatenate(blocks) if blocks else np.zeros((0, len(grid.sessions)), np.uint8)


def codes_of(bits: int) -> tuple[str, ...]:
    """The rules behind the bits."""
    return tuple(rule.code for rule in MAY_SERVE if bits & BIT[rule.code])


def microseconds(moment: datetime) -> int:
    """Exact, so that touching stays touching."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _blocks(grid: Grid) -> Iterator[tuple[int, Codes, Ints]]:
    """Some volunteers at a time: (index of the first, codes, kilometres), so that memory stays small."""
    step = max(1, BLOCK // max(1, len(grid.sessions)))
    for first in range(0, len(grid.volunteers), step):
        people = grid.volunteers[first : first + step]
        codes = np.zeros((len(people), len(grid.sessions)), np.uint8)
        for mark in (_mark_availability, _mark_eligible, _mark_insured, _mark_minor):
            mark(grid, people, codes)
        km = _mark_distance(grid, people, codes)
        _mark_forbidden(grid, first, codes)
        yield first, codes, km


def _mark_availability(grid: Grid, people: Sequence[Volunteer], codes: Codes) -> None:
    for row, person in enumerate(people):
        if person.available is None:
            continue
        if not person.available:
            codes[row] |= BIT["availability"]
            continue
        opens = _ints([microseconds(each.start) for each in person.available])
        closes = _ints([microseconds(each.end) for each in person.available])
        window = np.searchsorted(opens, grid.starts, side="right") - 1
        free = (window >= 0) & (closes[window] >= grid.ends)
        codes[row, ~free] |= BIT["availability"]


def _mark_eligible(grid: Grid, people: Sequence[Volunteer], codes: Codes) -> None:
    for row, person in enumerate(people):
        if person.eligible is not None:
            asked = [grid.session_index[each] for each in person.eligible if each in grid.session_index]
            barred = np.ones(len(grid.sessions), np.bool_)
            barred[asked] = False
            codes[row, barred] |= BIT["not_eligible"]


def _mark_insured(grid: Grid, people: Sequence[Volunteer], codes: Codes) -> None:
    for row, person in enumerate(people):
        if person.insured_until is not None:
            codes[row, grid.end_day > person.insured_until.toordinal()] |= BIT["uninsured"]


def _mark_minor(grid: Grid, people: Sequence[Volunteer], codes: Codes) -> None:
    adults_only = np.array([each.adults_only for each in grid.sessions], np.bool_)
    for row, person in enumerate(people):
        if person.kind == SUPPORTER_KIND and person.adult is False:
            codes[row] |= BIT["minor"]
        elif person.adult is not True:
            codes[row, adults_only] |= BIT["minor"]


def _mark_forbidden(grid: Grid, first: int, codes: Codes) -> None:
    for pair in grid.problem.forbidden:
        row = grid.volunteer_index[pair.volunteer] - first
        column = grid.session_index.get(pair.session)
        if 0 <= row < len(codes) and column is not None:
            codes[row, column] |= BIT["forbidden"]


def _mark_distance(grid: Grid, people: Sequence[Volunteer], codes: Codes) -> Ints:
    """Begun kilometres from home to every session; marks those that are too far."""
    begun = np.zeros(codes.shape, np.int64)
    at_a_place = grid.place != NO_PLACE
    if not at_a_place.any():
        return begun
    rows = [row for row, person in enumerate(people) if person.home is not None]
    homes = [person.home for person in people if person.home is not None]
    km = haversine(homes, grid.places)
    limit = np.array([np.inf if (most := people[row].max_km) is None else most for row in rows])[:, None]
    far = km > limit
    whole = np.ceil(km).astype(np.int64)
    doubtful = (np.abs(km - np.round(km)) < DOUBT_KM) | (np.abs(km - limit) < DOUBT_KM)
    example = {grid.place[column]: grid.sessions[column] for column in np.flatnonzero(at_a_place)}
    for line, spot in zip(*np.nonzero(doubtful), strict=True):
        session, person = example[spot], people[rows[line]]
        whole[line, spot] = home_km(session, person)
        far[line, spot] = not is_near_enough(grid.problem, session, person)
    lines, columns = np.array(rows, np.int64)[:, None], np.flatnonzero(at_a_place)
    begun[lines, columns] = whole[:, grid.place[columns]]
    codes[lines, columns] |= np.where(far[:, grid.place[columns]], BIT["too_far"], 0).astype(np.uint8)
    return begun


def haversine(ones: Sequence[Place], others: Sequence[Place]) -> Floats:
    """Great-circle kilometres from each of the ones (rows) to each of the others (columns)."""
    lat, lon = _radians(ones)
    lat_too, lon_too = _radians(others)
    half_lat = np.sin((lat_too[None, :] - lat[:, None]) / 2)
    half_lon = np.sin((lon_too[None, :] - lon[:, None]) / 2)
    a = half_lat**2 + np.cos(lat)[:, None] * np.cos(lat_too)[None, :] * half_lon**2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, a))), np.float64)


def _radians(places: Sequence[Place]) -> tuple[Floats, Floats]:
    return (
        np.radians(np.array([each.lat for each in places], np.float64)),
        np.radians(np.array([each.lon for each in places], np.float64)),
    )
