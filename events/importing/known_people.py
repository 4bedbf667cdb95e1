"""Whom a row of a file means among the people who are there already.

The same person: a name in its ordinary form or the kana agree, and a telephone number, an address of mail or the date
of birth agrees too. Two dates of birth that differ are two people, whatever else agrees (father and son).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from events.importing.people import PersonRow
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import Attendee, ContactPoint

_AT_ONCE = 400


@dataclass(slots=True)
class _Marks:
    """By what one person is known."""

    person_id: UUID | None
    name: str
    kana: str
    birth_date: date | None
    reached_by: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Match:
    """``person_ids``: who is meant, normally nobody or one; ``alike``: of the same name, but nothing proves it."""

    person_ids: tuple[UUID | None, ...]
    alike: bool


class KnownPeople:
    """The people of a municipality whom some rows may mean, and those the same file has named already."""

    def __init__(self, db: Session, municipality_code: str, people: Sequence[PersonRow]) -> None:
        self._by_key: defaultdict[str, list[_Marks]] = defaultdict(list)
        keys = sorted({key for person in people for key in _keys(person) if key})
        found: dict[UUID, _Marks] = {}
        for some in _some(keys):
            for attendee in db.exec(_bearing(municipality_code, some)).all():
                if attendee.id not in found:
                    found[attendee.id] = _Marks(attendee.id, attendee.name_key, attendee.kana_key, attendee.birth_date)
        for ids in _some(list(found)):
            query = select(ContactPoint.attendee_id, ContactPoint.value_key).where(
                col(ContactPoint.attendee_id).in_(ids)
            )
            for attendee_id, key in db.exec(query).all():
                if attendee_id is not None:
                    found[attendee_id].reached_by.add(key)
        for marks in found.values():
            self._file(marks)

    def match(self, person: PersonRow) -> Match:
        """Whom a row means."""
        name, kana = _keys(person)
        named: dict[int, _Marks] = {}
        for key in (name, kana):
            if key:
                named.update((id(marks), marks) for marks in self._by_key[key])
        reached_by = _reached_by(person)
        same, alike = [], False
        for marks in named.values():
            if person.birth_date and marks.birth_date and person.birth_date != marks.birth_date:
                continue
            if marks.reached_by & reached_by or (person.birth_date and person.birth_date == marks.birth_date):
                same.append(marks.person_id)
            else:
                alike = alike or (marks.name == name and (not kana or not marks.kana or marks.kana == kana))
        return Match(tuple(dict.fromkeys(same)), alike)

    def note(self, person: PersonRow, person_id: UUID | None) -> None:
        """Let later rows know of a person that this row named; without an id they are only tried."""
        name, kana = _keys(person)
        self._file(_Marks(person_id, name, kana, person.birth_date, _reached_by(person)))

    def _file(self, marks: _Marks) -> None:
        for key in {marks.name, marks.kana} - {""}:
            self._by_key[key].append(marks)


def _keys(person: PersonRow) -> tuple[str, str]:
    return name_key(person.name)[:100], kana_key(person.kana)[:100]


def _reached_by(person: PersonRow) -> set[str]:
    return {telephone_key(person.telephone), person.email.casefold()} - {""}


def _bearing(municipality_code: str, keys: Collection[str]) -> Any:
    return select(Attendee).where(
        Attendee.municipality_code == municipality_code,
        col(Attendee.merged_into_id).is_(None),
        col(Attendee.forgotten_at).is_(None),
        or_(col(Attendee.name_key).in_(keys), col(Attendee.kana_key).in_(keys)),
    )


def _some(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values a few hundred at a time: a statement takes only so many."""
    rest = iter(values)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece
