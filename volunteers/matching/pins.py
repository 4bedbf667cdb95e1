"""What staff fixed by hand: which pins can stand together, and which rule each of the others breaks."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from volunteers.matching.candidates import lay_out
from volunteers.matching.clashes import find_clashes
from volunteers.matching.plan import RefusedPin
from volunteers.matching.problem import Pair, Problem
from volunteers.matching.rules import HARD_CODES, week_of, why_not_all, why_not_alone, why_not_both

Key = TypeVar("Key", bound=Hashable)
Each = TypeVar("Each")


def sort_pins(problem: Problem) -> tuple[tuple[Pair, ...], tuple[RefusedPin, ...]]:
    """The pins that stand, and those that break a rule: alone, by a clash (both), or by going over a cap (all).

    One after the other: a pin that is refused already takes no other down with it.
    """
    refused: dict[Pair, tuple[str, ...]] = {}
    for broken_by in (_alone, _clashing, _over_a_week, _over_all):
        standing = [pin for pin in problem.pinned if pin not in refused]
        refused |= broken_by(problem, standing)
    accepted = tuple(pin for pin in problem.pinned if pin not in refused)
    return accepted, tuple(RefusedPin(*pin, refused[pin]) for pin in problem.pinned if pin in refused)


def _alone(problem: Problem, pins: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
    broken = {
        pin: why_not_alone(problem, problem.session_by_id[pin.session], problem.volunteer_by_id[pin.volunteer])
        for pin in pins
    }
    return {pin: codes for pin, codes in broken.items() if codes}


def _clashing(problem: Problem, pins: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
    sessions = list(dict.fromkeys(pin.session for pin in pins))
    grid = lay_out(problem, [problem.session_by_id[each] for each in sessions])
    clashes = find_clashes(grid)
    hers = _groups((pin.volunteer, grid.session_index[pin.session]) for pin in pins)
    broken = {}
    for pin in pins:
        here = grid.session_index[pin.session]
        others = clashes[here].intersection(hers[pin.volunteer])
        codes = {code for each in others for code in why_not_both(problem, grid.sessions[here], grid.sessions[each])}
        if codes:
            broken[pin] = tuple(code for code in HARD_CODES if code in codes)
    return broken


def _over_a_week(problem: Problem, pins: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
    weeks = _groups(((pin.volunteer, week_of(problem.session_by_id[pin.session])), pin) for pin in pins)
    return _over_caps(problem, weeks.values())


def _over_all(problem: Problem, pins: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
    return _over_caps(problem, _groups((pin.volunteer, pin) for pin in pins).values())


def _over_caps(problem: Problem, groups: Iterable[list[Pair]]) -> dict[Pair, tuple[str, ...]]:
    broken: dict[Pair, tuple[str, ...]] = {}
    for pins in groups:
        volunteer = problem.volunteer_by_id[pins[0].volunteer]
        if codes := why_not_all(problem, volunteer, [problem.session_by_id[pin.session] for pin in pins]):
            broken |= dict.fromkeys(pins, codes)
    return broken


def _groups(entries: Iterable[tuple[Key, Each]]) -> dict[Key, list[Each]]:
    groups: dict[Key, list[Each]] = defaultdict(list)
    for key, each in entries:
        groups[key].append(each)
    return groups
