"""The draw itself: plain values in, plain values out, nothing but SHA-256 and whole numbers.

Version 1, as it is told to the public (``assets/manual/draw.ja.md``):

1. Whoever is drawn together is one unit. A unit has as many slips as its weight says, numbered from 1.
2. On each slip stands the SHA-256 of the text ``seed/number/slip`` (UTF-8), where ``number`` is the smallest
   application number of the unit. It is written as 64 small hexadecimal digits.
3. A unit counts with its smallest slip. Units stand in line in the order of these, smallest first; should two be
   equal, the smaller application number goes first.
4. Each in turn gets the first of its wishes in which all its places are still free in every session of the wish.
   Whoever gets none is a reserve, in the order of the line, until there are enough reserves; the others have lost.

The promise: whoever is next in line is each of those who are left with a chance in proportion to their slips, as if
all slips lay in one box and one was drawn blindly. The chance to be *first* is therefore exactly the own slips over
all slips. Places are never split, so a pair for which one place is left is passed over and leads the reserves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ALGORITHM: Final = "slips-sha256-1"


class Outcome(StrEnum):
    """What a draw gave to a unit."""

    SEAT = "seat"
    RESERVE = "reserve"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Unit:
    """Those who are drawn together: a person, a pair, a person and a carer.

    ``numbers`` are their application numbers, ascending; ``places`` what they need at each session (at least 1);
    ``weight`` their slips (at least 1); ``wishes`` what they would take, best first, each as the numbers of the
    sessions that belong together (a course has one wish with all its sessions).
    """

    numbers: tuple[int, ...]
    places: int
    weight: int
    wishes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a unit came: ``order`` in the line from 1, by ``slip`` (from 1) on which ``key`` stands.

    ``sessions`` are those it got places at, ``reserve`` its place among the reserve units from 1, or None.
    """

    order: int
    numbers: tuple[int, ...]
    slip: int
    key: str
    outcome: Outcome
    sessions: tuple[int, ...] = ()
    reserve: int | None = None


def slip_key(seed: str, number: int, slip: int) -> str:
    """What stands on one slip."""
    return hashlib.sha256(f"{seed}/{number}/{slip}".encode()).hexdigest()


def draw_units(
    units: Sequence[Unit], *, places: Mapping[int, int], reserves: int, seed: str
) -> tuple[Drawn, ...]:
    """Draw: all units in the order of the line, each with what it got.

    ``places`` are the free places by the number of the session, ``reserves`` how many people at least are kept in
    order (as far as there are any; a unit is not split). The order of ``units`` does not matter.
    """
    free, waiting, ranks = dict(places), 0, 0
    drawn = []
    for order, (key, slip, unit) in enumerate(_line(units, seed), start=1):
        wish = next((wish for wish in unit.wishes if all(free.get(each, 0) >= unit.places for each in wish)), None)
        if wish:
            for session in wish:
                free[session] -= unit.places
            drawn.append(Drawn(order, unit.numbers, slip, key, Outcome.SEAT, wish))
        elif waiting < reserves:
            waiting, ranks = waiting + len(unit.numbers), ranks + 1
            drawn.append(Drawn(order, unit.numbers, slip, key, Outcome.RESERVE, reserve=ranks))
        else:
            drawn.append(Drawn(order, unit.numbers, slip, key, Outcome.LOST))
    return tuple(drawn)


def _line(units: Sequence[Unit], seed: str) -> list[tuple[str, int, Unit]]:
    line = [(*_smallest_slip(unit, seed), unit) for unit in units]
    return sorted(line, key=lambda place: (place[0], place[2].numbers))


def _smallest_slip(unit: Unit, seed: str) -> tuple[str, int]:
    """The smallest ``slip_key`` of a unit and its slip; what all its slips begin with is hashed once."""
    beginning = hashlib.sha256(f"{seed}/{unit.numbers[0]}/".encode())
    keys = []
    for slip in range(1, unit.weight + 1):
        digest = beginning.copy()
        digest.update(str(slip).encode())
        keys.append((digest.digest(), slip))
    smallest, slip = min(keys)
    return smallest.hex(), slip
