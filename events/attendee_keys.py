"""What a person is found by: the keys of name and kana, pairs of their characters, and tails of telephone numbers.

Written with the person, in the same transaction; read only by the search.
"""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session, col, delete, select

from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import Attendee, AttendeeTerm, ContactPoint
from events.states import ContactKind

SHORTEST_TAIL: Final = 4
_NAME, _KANA, _TAIL = "n:", "k:", "t:"
_WITH_NUMBERS: Final = frozenset({ContactKind.TELEPHONE, ContactKind.FAX})


def pairs(key: str) -> list[str]:
    """Each two neighbouring characters of a key, once, in their order."""
    return list(dict.fromkeys(key[start : start + 2] for start in range(len(key) - 1)))


def name_terms(key: str) -> list[str]:
    """The terms under which a name, or a part of one, is filed."""
    return [f"{_NAME}{pair}" for pair in pairs(key)]


def kana_terms(key: str) -> list[str]:
    """The terms under which kana, or a part of them, is filed."""
    return [f"{_KANA}{pair}" for pair in pairs(key)]


def tail_term(digits: str) -> str:
    """The term under which all numbers with the same last four digits are filed."""
    return f"{_TAIL}{digits[-SHORTEST_TAIL:]}"


def search_terms(*, name: str, kana: str, telephones: Iterable[str]) -> list[str]:
    """All terms of one person, from what was given."""
    numbers = [telephone_key(telephone) for telephone in telephones]
    tails = [tail_term(digits) for digits in numbers if len(digits) >= SHORTEST_TAIL]
    return sorted({*name_terms(name_key(name)), *kana_terms(kana_key(kana)), *tails})


def note_keys(db: Session, attendee: Attendee) -> None:
    """Write what this person is found by, from the name, kana and numbers that stand now."""
    attendee.name_key, attendee.kana_key = name_key(attendee.name)[:100], kana_key(attendee.kana)[:100]
    db.flush()
    wanted = set(search_terms(name=attendee.name, kana=attendee.kana, telephones=_numbers(db, attendee)))
    filed = set(
        db.exec(select(AttendeeTerm.term).where(AttendeeTerm.attendee_id == attendee.id)).all()
    )
    if gone := filed - wanted:
        db.exec(
            delete(AttendeeTerm).where(
                col(AttendeeTerm.attendee_id) == attendee.id, col(AttendeeTerm.term).in_(gone)
            )
        )
    db.add_all(
        AttendeeTerm(municipality_code=attendee.municipality_code, term=term, attendee_id=attendee.id)
        for term in sorted(wanted - filed)
    )
    db.flush()


def forget_keys(db: Session, attendee: Attendee) -> None:
    """Let a person be found no more (their record was merged into another)."""
    db.exec(delete(AttendeeTerm).where(col(AttendeeTerm.attendee_id) == attendee.id))


def _numbers(db: Session, attendee: Attendee) -> Iterable[str]:
    query = select(ContactPoint.value_key).where(
        ContactPoint.attendee_id == attendee.id, col(ContactPoint.kind).in_(_WITH_NUMBERS)
    )
    return db.exec(query).all()
