"""Applications of one person under two records: same name and kana, and the same date of birth or telephone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from events.draw.applications import Application
from events.models import ContactPoint
from events.states import ContactKind

_AT_ONCE = 500


def earlier_applications(db: Session, rows: Sequence[Application]) -> dict[int, int]:
    """Number of each duplicate → number of the first application of the same person. ``rows`` come by number."""
    namesakes: defaultdict[tuple[str, str], list[Application]] = defaultdict(list)
    for row in rows:
        if row.name_key and row.kana_key:
            namesakes[row.name_key, row.kana_key].append(row)
    groups = [group for group in namesakes.values() if len(group) > 1]
    numbers = _numbers(db, [row.attendee_id for group in groups for row in group])
    earlier: dict[int, int] = {}
    for group in groups:
        for position, row in enumerate(group):
            for first in group[:position]:
                if first.number not in earlier and _is_same(row, first, numbers):
                    earlier[row.number] = first.number
                    break
    return earlier


def _is_same(one: Application, other: Application, numbers: dict[UUID, set[str]]) -> bool:
    if one.birth_date is not None and other.birth_date is not None:
        return one.birth_date == other.birth_date
    return bool(numbers.get(one.attendee_id, set()) & numbers.get(other.attendee_id, set()))


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
