"""What a transaction changes through the mapper, with the values that stood, so that it can be taken back later.

Counters of sessions and the next numbers of an intake are no part of it: seats are given back by the booking itself,
and a number that was given once is never given again.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import event, inspect
from sqlmodel import Session, SQLModel, col, delete

from events.attendee_keys import note_keys
from events.models import Attendee, AttendeeTerm, Seat
from events.seats import release_seat
from events.states import SeatState

Entry = dict[str, object]

# what people are found by follows from their names: it is written anew
_OWN: Final = frozenset({"import_run", "import_slice", "imported_row", "audit_entry", "audit_head", "attendee_term"})
_COUNTED: Final = frozenset({"intake", "workshop_session"})
_KINDS: Final = {"date": date, "datetime": datetime, "time": time, "uuid": UUID}


def watch(db: Session) -> list[Entry]:
    """Start to note what is added, changed and deleted from now on; returns the growing list."""
    noted: list[Entry] = []

    def note(session: Session, _context: Any, _instances: Any) -> None:
        for row in session.new:
            _note(noted, row, "added", {})
        for row in session.dirty:
            if changes := _changes(row):
                _note(noted, row, "changed", changes)
        for row in session.deleted:
            values = {column.key: _plain(getattr(row, column.key)) for column in inspect(row).mapper.column_attrs}
            _note(noted, row, "deleted", values)

    event.listen(db, "before_flush", note)
    return noted


def take_back(db: Session, journal: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
    """Undo what a journal holds, last first: added rows go, changed values return unless they changed again."""
    for entry in reversed(list(journal)):
        table = _class_of(str(entry["table"]))
        key = tuple(_typed(part) for part in entry["key"])
        if entry["kind"] == "deleted":
            db.add(table(**{name: _typed(value) for name, value in entry["values"].items()}))
            db.flush()
            continue
        row = db.get(table, key if len(key) > 1 else key[0], populate_existing=True)
        if row is None:
            continue
        if entry["kind"] == "added":
            _remove(db, row, now)
        else:
            _restore(row, entry["values"])
            if isinstance(row, Attendee):
                note_keys(db, row)
    db.flush()


def _remove(db: Session, row: SQLModel, now: datetime) -> None:
    if isinstance(row, Seat) and row.state is not SeatState.RELEASED:
        release_seat(db, row, now=now)
    if isinstance(row, Attendee):
        db.exec(delete(AttendeeTerm).where(col(AttendeeTerm.attendee_id) == row.id))
    db.delete(row)
    db.flush()


def _restore(row: Any, values: Mapping[str, Any]) -> None:
    for name, pair in values.items():
        old, new = pair
        if _plain(getattr(row, name)) == new:
            setattr(row, name, _typed(old))


def _note(noted: list[Entry], row: Any, kind: str, values: Mapping[str, object]) -> None:
    table = str(row.__tablename__)
    if table in _OWN or (kind == "changed" and table in _COUNTED):
        return
    mapper = inspect(row).mapper
    key = [_plain(getattr(row, column.key)) for column in mapper.primary_key]
    noted.append({"table": table, "key": key, "kind": kind, "values": dict(values)})


def _changes(row: Any) -> dict[str, object]:
    """Column → [the value that stood, the value that stands now]."""
    state = inspect(row)
    found: dict[str, object] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.has_changes() and history.deleted:
            found[attribute.key] = [_plain(history.deleted[0]), _plain(getattr(row, attribute.key))]
    return found


def _plain(value: object) -> object:
    """A value that JSON can hold, with its kind where it has none."""
    if isinstance(value, Enum):
        return value.value
    for name in ("datetime", "date", "time", "uuid"):  # a datetime is a date too
        if isinstance(value, _KINDS[name]):
            text = str(value) if isinstance(value, UUID) else value.isoformat()  # type: ignore[attr-defined]
            return {"is": name, "value": text}
    return value


def _typed(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"is", "value"}:
        kind: Any = _KINDS[value["is"]]
        return kind(value["value"]) if kind is UUID else kind.fromisoformat(value["value"])
    return value


def _class_of(table: str) -> Any:
    found: dict[str, Any] = {str(each.class_.__tablename__): each.class_ for each in SQLModel._sa_registry.mappers}  # noqa: SLF001
    return found[table]
