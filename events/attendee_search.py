"""Finding people: by number or its tail, by kana, by name in whatever form its kanji are written.

Every way uses an index: ranges on the keys, pairs of characters for parts of a name, the last four digits for
numbers. People who were merged into another or forgotten are never found.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from events.age_bands import band_on
from events.attendee_keys import SHORTEST_TAIL, kana_terms, name_terms, search_terms, tail_term
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import Attendance, Attendee, AttendeeTerm, ContactPoint, WorkshopSession
from events.states import AttendanceState, ContactKind, PhoneKind

__all__ = [
    "PersonFound",
    "can_be_searched",
    "find_people",
    "people_with_same_name_and_number",
    "possible_duplicates",
    "search_terms",
]

_MOST_CANDIDATES: Final = 200
_CAME: Final = (AttendanceState.PRESENT, AttendanceState.LATE)
_DIALLED: Final = (ContactKind.TELEPHONE, ContactKind.FAX)
_BETWEEN_DIGITS: Final = str.maketrans("", "", "-‐‑–—―−ー－()（）.・ 　+＋")


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person as the list shows them; ``telephone_tail`` is the last four digits of the number to call first."""

    attendee_id: UUID
    name: str
    kana: str
    town: str
    age_band: str
    telephone_tail: str
    last_visit_on: date | None
    phone_kind: PhoneKind
    needs: tuple[str, ...]
    confidential: bool


def find_people(
    db: Session, *, municipality_code: str, text: str, limit: int = 20, today: date | None = None
) -> tuple[PersonFound, ...]:
    """The people whom ``text`` may mean, best first: whole number or name, then beginnings, then parts.

    Digits (four or more) are a telephone number or its end, anything else a name or kana; both together must both
    fit. One number lists everybody it belongs to. ``today`` (Tokyo) gives the age band from a date of birth.
    """
    digits, letters = _digits_and_letters(text)
    if not letters and len(digits) < SHORTEST_TAIL:
        return ()
    ranked = _by_number(db, municipality_code, digits) if len(digits) >= SHORTEST_TAIL else None
    if letters:
        by_name = _by_name(db, municipality_code, letters)
        ranked = by_name if ranked is None else {id_: by_name[id_] for id_ in ranked if id_ in by_name}
    return _people(db, ranked or {}, limit=limit, today=today)


def can_be_searched(text: str) -> bool:
    """Whether ``text`` says enough to look for somebody: a letter, or four digits."""
    digits, letters = _digits_and_letters(text)
    return bool(letters) or len(digits) >= SHORTEST_TAIL


def people_with_same_name_and_number(
    db: Session,
    *,
    municipality_code: str,
    name: str,
    kana: str,
    telephones: Collection[str],
    today: date | None = None,
) -> tuple[PersonFound, ...]:
    """People who may be the same: name, kana and one telephone number all agree in their ordinary forms."""
    keys = [telephone_key(telephone) for telephone in telephones]
    query = (
        select(Attendee.id)
        .join(ContactPoint, col(ContactPoint.attendee_id) == Attendee.id)
        .where(
            ContactPoint.municipality_code == municipality_code,
            col(ContactPoint.value_key).in_([key for key in keys if key]),
            Attendee.name_key == name_key(name),
            Attendee.kana_key == kana_key(kana),
            *_is_known(),
        )
    )
    return _people(db, dict.fromkeys(db.exec(query).all(), 0), limit=_MOST_CANDIDATES, today=today)


def possible_duplicates(
    db: Session, *, municipality_code: str, name: str, kana: str, telephone: str, today: date | None = None
) -> tuple[PersonFound, ...]:
    """People who may be the one who is being typed: same name and kana, or same number and same name or kana."""
    same_name = [Attendee.name_key == name_key(name), Attendee.kana_key == kana_key(kana)]
    number = telephone_key(telephone)
    found: set[UUID] = set()
    if name and kana:
        query = select(Attendee.id).where(Attendee.municipality_code == municipality_code, *same_name, *_is_known())
        found.update(db.exec(query.limit(_MOST_CANDIDATES)).all())
    if number and (name or kana):
        numbered = (
            select(Attendee.id)
            .join(ContactPoint, col(ContactPoint.attendee_id) == Attendee.id)
            .where(
                ContactPoint.municipality_code == municipality_code,
                ContactPoint.value_key == number,
                or_(*same_name),
                *_is_known(),
            )
        )
        found.update(db.exec(numbered).all())
    return _people(db, dict.fromkeys(found, 0), limit=20, today=today)


def _digits_and_letters(text: str) -> tuple[str, str]:
    """Split what was typed: ``タカハシ 1234`` asks for both."""
    digits, letters = "", ""
    for word in text.replace("\u3000", " ").split():
        bare = word.translate(_BETWEEN_DIGITS)
        if bare and bare.isdigit():
            digits += word
        else:
            letters += word
    return telephone_key(digits) if digits else "", letters


def _by_number(db: Session, code: str, digits: str) -> dict[UUID, int]:
    """Rank by number: 0 the whole number, 1 its end, 2 its beginning."""
    in_range = (col(ContactPoint.value_key) >= digits, col(ContactPoint.value_key) < _after(digits))
    beginning = select(ContactPoint.attendee_id, ContactPoint.value_key).where(
        ContactPoint.municipality_code == code, *in_range, col(ContactPoint.kind).in_(_DIALLED)
    )
    ending = (
        select(ContactPoint.attendee_id, ContactPoint.value_key)
        .join(AttendeeTerm, col(AttendeeTerm.attendee_id) == ContactPoint.attendee_id)
        .where(
            AttendeeTerm.municipality_code == code,
            AttendeeTerm.term == tail_term(digits),
            col(ContactPoint.kind).in_(_DIALLED),
        )
    )
    ranked: dict[UUID, int] = {}
    for query in (beginning.limit(_MOST_CANDIDATES), ending.limit(_MOST_CANDIDATES)):
        for attendee_id, key in db.exec(query).all():
            if attendee_id is not None and (key.startswith(digits) or key.endswith(digits)):
                rank = 0 if key == digits else 1 if key.endswith(digits) else 2
                ranked[attendee_id] = min(rank, ranked.get(attendee_id, rank))
    return ranked


def _by_name(db: Session, code: str, letters: str) -> dict[UUID, int]:
    """Rank by name or kana: 0 the whole, 1 its beginning, 2 a part of it."""
    as_kana, as_name = kana_key(letters), name_key(letters)
    ranked: dict[UUID, int] = {}
    for column, key, terms in (
        (Attendee.kana_key, as_kana, kana_terms(as_kana)),
        (Attendee.name_key, as_name, name_terms(as_name)),
    ):
        if not key:
            continue
        for attendee_id, found in _beginning_with(db, code, column, key):
            ranked[attendee_id] = min(0 if found == key else 1, ranked.get(attendee_id, 1))
        if terms and len(ranked) < _MOST_CANDIDATES:
            for attendee_id in _holding(db, code, column, key, terms):
                ranked.setdefault(attendee_id, 2)
    return ranked


def _beginning_with(db: Session, code: str, column: Any, key: str) -> Iterable[tuple[UUID, str]]:
    query = (
        select(col(Attendee.id), column)
        .where(Attendee.municipality_code == code, column >= key, column < _after(key), *_is_known())
        .order_by(column)
        .limit(_MOST_CANDIDATES)
    )
    return db.exec(query).all()


def _holding(db: Session, code: str, column: Any, key: str, terms: list[str]) -> Iterable[UUID]:
    """People whose key holds all the pairs, and then really the whole part."""
    # every pair must be there; the first is joined, so that the index of pairs leads
    query = (
        select(Attendee.id)
        .join(AttendeeTerm, col(AttendeeTerm.attendee_id) == Attendee.id)
        .where(
            AttendeeTerm.municipality_code == code,
            AttendeeTerm.term == terms[0],
            col(column).contains(key, autoescape=True),
            *_is_known(),
        )
        .limit(_MOST_CANDIDATES)
    )
    return db.exec(query).all()


def _people(
    db: Session, ranked: dict[UUID, int], *, limit: int, today: date | None
) -> tuple[PersonFound, ...]:
    if not ranked:
        return ()
    # hundreds may be found and a few are shown: only those are read whole
    keys = select(col(Attendee.id), col(Attendee.kana_key), col(Attendee.name_key))
    candidates = db.exec(keys.where(col(Attendee.id).in_(ranked), *_is_known())).all()
    in_order = sorted(candidates, key=lambda each: (ranked[each[0]], each[1], each[2], str(each[0])))
    ids = [attendee_id for attendee_id, *_keys in in_order[:limit]]
    rows = {row.id: row for row in db.exec(select(Attendee).where(col(Attendee.id).in_(ids))).all()}
    best = [rows[each] for each in ids]
    tails, visits = _tails(db, ids), _last_visits(db, ids)
    return tuple(
        PersonFound(
            attendee_id=row.id,
            name=row.name,
            kana=row.kana,
            town=row.town,
            age_band=band_on(row.birth_date, row.age_band, today),
            telephone_tail=tails.get(row.id, ""),
            last_visit_on=visits.get(row.id),
            phone_kind=row.phone_kind,
            needs=tuple(row.needs),
            confidential=row.confidential,
        )
        for row in best
    )


def _tails(db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    query = (
        select(ContactPoint.attendee_id, ContactPoint.value_key)
        .where(col(ContactPoint.attendee_id).in_(ids), col(ContactPoint.kind).in_(_DIALLED))
        .order_by(col(ContactPoint.preferred), col(ContactPoint.id).desc())
    )
    return {
        attendee_id: key[-SHORTEST_TAIL:] for attendee_id, key in db.exec(query).all() if attendee_id is not None
    }


def _last_visits(db: Session, ids: Collection[UUID]) -> dict[UUID, date]:
    query = (
        select(Attendance.attendee_id, func.max(WorkshopSession.held_on))
        .join(WorkshopSession, col(WorkshopSession.id) == Attendance.session_id)
        .where(
            col(Attendance.attendee_id).in_(ids),
            col(Attendance.undone_at).is_(None),
            col(Attendance.state).in_(_CAME),
        )
        .group_by(col(Attendance.attendee_id))
    )
    return {attendee_id: day for attendee_id, day in db.exec(query).all() if day is not None}


def _is_known() -> tuple[Any, Any]:
    return col(Attendee.merged_into_id).is_(None), col(Attendee.forgotten_at).is_(None)


def _after(key: str) -> str:
    """The first key after all that begin with ``key``."""
    return key[:-1] + chr(ord(key[-1]) + 1)
