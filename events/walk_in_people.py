"""Somebody at the door without a seat whom the city knows: found while typing, so that nobody is written down twice."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from events.attendee_search import find_people

SHORTEST: Final = 2  # signs: whoever types one letter does not mean anybody yet


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """As much as tells people of one name apart at a door: no number, no address, no needs."""

    attendee_id: UUID
    name: str
    kana: str
    town: str


def known_people(db: Session, *, municipality_code: str, text: str, limit: int = 3) -> tuple[KnownPerson, ...]:
    """The people whom a name, a kana or the end of a telephone number may mean, best first.

    It names no session on purpose: who may work at one session only does not look through the city's people.
    """
    if len(text.strip()) < SHORTEST:
        return ()
    found = find_people(db, municipality_code=municipality_code, text=text, limit=limit)
    return tuple(KnownPerson(each.attendee_id, each.name, each.kana, each.town) for each in found)
