"""Applications of one person under two records: same name and kana, and the same date of birth or telephone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Attendee, ContactPoint, Registration
from events.states import ContactKind

_AT_ONCE = 500


def earlier_applications(db: Session, rows: Sequence[tuple[Registration, Attendee]]) -> dict[int, int]:
    """Number of each duplicate → number of the first application of the same person. ``rows`` come by number."""
    namesakes: defaultdict[tuple[str, str], list[tuple[Registration, Attendee]]] = defaultdict(list)
    for row, person in rows:
        if person.name_key and person.kana_key:
            namesakes[person.name_key, person.kana_key].append((row, person))
    groups = [group for group in namesakes.values() if len(group) > 1]
    numbers = _numbers(db, [person.id for group in groups for _, person in group])
    earlier: dict[int, int] = {}
    for group in groups:
        for position, (row, person) in enumerate(group):
            for first, other in group[:position]:
                if first.number not in earlier and _is_same(person, other, numbers):
                    earlier[row.number] = first.number
                    break
    return earlier


def _is_same(one: Attendee, other: Attendee, numbers: dict[UUID, set[str]]) -> bool:
    if one.birth_date is not None and other.birth_date is not None:
        return one.birth_date == other.birth_date
    return bool(numbers.get(one.id, set()) & numbers.get(other.id, set()))


def _numbers(db: Session, attendee_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """The telephone numbers of people, in the form they are found by."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    ids = list(attendee_ids)
    for start in range(0, len(ids), _AT_ONCE):
        query = select(col(ContactPoint.attendee_id), col(ContactPoint.value_key)).where(
            col(ContactPoint.attendee_id).in_(ids[start : start + _AT_ONCE]),
            col(ContactPoint.kind) == ContactKind.TELEPHONE,
        )
        for attendee_id, key in db.exec(query):
            if attendee_id is not None:
                found[attendee_id].add(key)
    return found
