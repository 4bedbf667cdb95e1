"""The record of a draw: a plain JSON object, without any name, from which anybody can draw again and compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from events.draw.errors import RecordDoesNotMatch, RecordOfAnotherVersion, RecordUnreadable
from events.draw.slips import ALGORITHM, Drawn, Outcome, Unit, draw_units

MOST_SLIPS: Final = 100
MOST_PLACES: Final = 100_000
LONGEST_SEED: Final = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that goes into a draw: the seed, free ``places`` by session number, reserves to keep, and the units."""

    seed: str
    places: Mapping[int, int]
    reserves: int
    units: tuple[Unit, ...]

    def drawn(self) -> tuple[Drawn, ...]:
        """Draw."""
        return draw_units(self.units, places=self.places, reserves=self.reserves, seed=self.seed)


@dataclass(frozen=True, slots=True)
class Verified:
    """A record that is right: how many applications it speaks of, and what became of them."""

    algorithm: str
    seed: str
    applications: int
    seats: int
    reserves: int
    lost: int
    set_apart: int


def record_of(
    sheet: Sheet,
    drawn: Sequence[Drawn],
    *,
    sessions: Sequence[Mapping[str, Any]],
    set_apart: Mapping[int, str],
    **about: Any,
) -> dict[str, Any]:
    """The record: ``about`` (what, when, the how manieth), what went in, and what came out.

    ``sessions`` describe the sessions by their ``number``; ``set_apart`` is the reason by application number.
    """
    return {
        "algorithm": ALGORITHM,
        **about,
        "seed": sheet.seed,
        "reserves": sheet.reserves,
        "sessions": [{**each, "places": sheet.places[each["number"]]} for each in sessions],
        "applicants": [
            {
                "numbers": list(unit.numbers),
                "places": unit.places,
                "weight": unit.weight,
                "wishes": [list(wish) for wish in unit.wishes],
            }
            for unit in sheet.units
        ],
        "set_apart": [{"number": number, "because": set_apart[number]} for number in sorted(set_apart)],
        "result": [_line_of(each) for each in drawn],
    }


def _line_of(each: Drawn) -> dict[str, Any]:
    return {
        "order": each.order,
        "numbers": list(each.numbers),
        "slip": each.slip,
        "key": each.key,
        "outcome": each.outcome.value,
        "sessions": list(each.sessions),
        "reserve": each.reserve,
    }


def verify_record(record: object) -> Verified:
    """Draw again from what a record says went in, and compare with what it says came out.

    Raises RecordUnreadable, RecordOfAnotherVersion, RecordDoesNotMatch.
    """
    if not isinstance(record, Mapping):
        raise RecordUnreadable(part="record")
    if record.get("algorithm") != ALGORITHM:
        raise RecordOfAnotherVersion(algorithm=record.get("algorithm", ""), known=ALGORITHM)
    sheet, apart = sheet_of(record), _set_apart(record)
    _must_be_once([*(number for unit in sheet.units for number in unit.numbers), *apart])
    drawn = sheet.drawn()
    _compare(record.get("result"), drawn)
    people = {outcome: sum(len(each.numbers) for each in drawn if each.outcome is outcome) for outcome in Outcome}
    return Verified(
        algorithm=ALGORITHM,
        seed=sheet.seed,
        applications=sum(people.values()) + len(apart),
        seats=people[Outcome.SEAT],
        reserves=people[Outcome.RESERVE],
        lost=people[Outcome.LOST],
        set_apart=len(apart),
    )


def sheet_of(record: Mapping[str, Any]) -> Sheet:
    """What went into the draw of a record. Raises RecordUnreadable."""
    places: dict[int, int] = {}
    for position, each in enumerate(_rows(record, "sessions"), start=1):
        part = f"sessions[{position}]"
        number = _number(each.get("number"), f"{part}.number", least=1)
        if number in places:
            raise RecordUnreadable(part=f"{part}.number")
        places[number] = _number(each.get("places"), f"{part}.places")
    seed = record.get("seed")
    if not isinstance(seed, str) or not 1 <= len(seed) <= LONGEST_SEED:
        raise RecordUnreadable(part="seed")
    units = [
        _unit(each, f"applicants[{position}]", places)
        for position, each in enumerate(_rows(record, "applicants"), start=1)
    ]
    return Sheet(seed, places, _number(record.get("reserves"), "reserves"), tuple(units))


def _unit(row: Mapping[str, Any], part: str, places: Mapping[int, int]) -> Unit:
    numbers = _numbers(row.get("numbers"), f"{part}.numbers")
    wishes = row.get("wishes")
    if not numbers or list(numbers) != sorted(set(numbers)):
        raise RecordUnreadable(part=f"{part}.numbers")
    if not isinstance(wishes, list) or not wishes:
        raise RecordUnreadable(part=f"{part}.wishes")
    checked = tuple(_numbers(wish, f"{part}.wishes") for wish in wishes)
    if any(not wish or not set(wish) <= places.keys() for wish in checked):
        raise RecordUnreadable(part=f"{part}.wishes")
    return Unit(
        numbers,
        _number(row.get("places"), f"{part}.places", least=1),
        _number(row.get("weight"), f"{part}.weight", least=1, most=MOST_SLIPS),
        checked,
    )


def _set_apart(record: Mapping[str, Any]) -> list[int]:
    return [
        _number(row.get("number"), f"set_apart[{position}].number", least=1)
        for position, row in enumerate(_rows(record, "set_apart"), start=1)
    ]


def _must_be_once(numbers: Sequence[int]) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            raise RecordUnreadable(part=f"number {number}")
        seen.add(number)


def _compare(told: object, drawn: Sequence[Drawn]) -> None:
    if not isinstance(told, list) or len(told) != len(drawn):
        raise RecordUnreadable(part="result")
    for found, each in zip(told, drawn, strict=True):
        expected = _line_of(each)
        if found == expected:
            continue
        if not isinstance(found, Mapping):
            raise RecordUnreadable(part=f"result[{each.order}]")
        part = next((name for name in expected if found.get(name) != expected[name]), "result")
        raise RecordDoesNotMatch(
            number=each.numbers[0], order=each.order, part=part, expected=expected.get(part), found=found.get(part)
        )


def _rows(record: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    rows = record.get(part)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise RecordUnreadable(part=part)
    return rows


def _numbers(values: object, part: str) -> tuple[int, ...]:
    if not isinstance(values, list):
        raise RecordUnreadable(part=part)
    return tuple(_number(value, part, least=1) for value in values)


def _number(value: object, part: str, *, least: int = 0, most: int = MOST_PLACES) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RecordUnreadable(part=part)
    return value
