"""The log: who changed which rows and columns, through which use case, and why. Values are never copied here.

A listener collects what a transaction changes; at its end one entry is added to the municipality's chain. The
entry's hash covers everything in it and the hash before it, so an edited, deleted or reordered entry is found.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, text
from sqlmodel import Session, col, select

from events.changes import Change, take_noted_changes
from events.fields import new_id
from events.models import WorkshopSession
from supportapp.accounts_tables import AuditEntry, AuditHead
from supportapp.identity import Actor

_COLLECTED = "audit_collected"
# A call that is still being typed is nobody's decision yet: the booking it ends in is written down.
_QUIET_TABLES = frozenset({"audit_entry", "audit_head", "sign_in_attempt", "attendee_term", "draft"})
OFFICE_CHAIN = "office"
_PAGE = 1000
_FIRST_HEAD = text(
    "INSERT INTO audit_head (chain, number, hash) VALUES (:chain, 0, '') ON CONFLICT (chain) DO NOTHING"
)


def watch(db: Session) -> list[Change]:
    """Start collecting what this transaction changes; returns the growing list."""
    collected: list[Change] = []
    db.info[_COLLECTED] = collected
    event.listen(db, "before_flush", _collect)
    return collected


def _collect(db: Session, _context: Any, _instances: Any) -> None:
    collected: list[Change] = db.info[_COLLECTED]
    for kind, objects in (("added", db.new), ("changed", db.dirty), ("deleted", db.deleted)):
        for row in objects:
            table = str(row.__tablename__)
            if table in _QUIET_TABLES:
                continue
            columns = _columns(row, kind)
            if columns:
                collected.append(Change(table, _key(row), kind, columns, _session_of(row)))


def _columns(row: Any, kind: str) -> tuple[str, ...]:
    state = inspect(row)
    names = [attribute.key for attribute in state.mapper.column_attrs]
    if kind == "changed":
        names = [name for name in names if state.attrs[name].history.has_changes()]
    return tuple(names)


def _key(row: Any) -> str:
    mapper = inspect(row).mapper
    return "/".join(str(getattr(row, column.key)) for column in mapper.primary_key)


def _session_of(row: Any) -> UUID | None:
    if isinstance(row, WorkshopSession):
        return row.id
    found = getattr(row, "session_id", None)
    return found if isinstance(found, UUID) else None


def settle(db: Session, collected: Sequence[Change]) -> list[Change]:
    """Everything the transaction changed: through the mapper and by noted statements."""
    db.flush()
    return [*collected, *take_noted_changes(db)]


def record(
    db: Session,
    *,
    actor: Actor,
    use_case: str,
    reason: str,
    now: datetime,
    changes: Sequence[Change],
) -> UUID:
    """Add one entry for what the transaction changed.

    Called last, so that the lock on the chain's head is held as briefly as possible.
    """
    return append(
        db,
        chain=actor.municipality_code or OFFICE_CHAIN,
        actor=actor,
        use_case=use_case,
        reason=reason,
        now=now,
        rows=_rows(changes),
    )


def _rows(changes: Sequence[Change]) -> list[dict[str, object]]:
    together: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        row = together.setdefault(
            (change.table, change.row_id),
            {"table": change.table, "id": change.row_id, "kind": change.kind, "columns": []},
        )
        if change.session_id is not None:
            row["session"] = str(change.session_id)
        if row["kind"] != "added":
            row["columns"] = sorted({*row["columns"], *change.columns})
    return list(together.values())


def append(
    db: Session,
    *,
    chain: str,
    actor: Actor,
    use_case: str,
    reason: str,
    now: datetime,
    rows: list[dict[str, object]],
) -> UUID:
    """Add one entry to a chain, whoever else is adding at the same moment."""
    db.connection().execute(_FIRST_HEAD, {"chain": chain})
    head = db.exec(select(AuditHead).where(AuditHead.chain == chain).with_for_update()).one()
    entry = AuditEntry(
        id=new_id(),
        chain=chain,
        number=head.number + 1,
        at=now.astimezone(UTC),
        actor=actor.name,
        role=actor.role.value,
        use_case=use_case,
        reason=reason,
        rows=rows,
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    head.number, head.hash = entry.number, entry.hash
    db.add(entry)
    db.flush()
    return entry.id


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over everything an entry says and the hash before it."""
    said = [
        str(entry.id),
        entry.chain,
        entry.number,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.role,
        entry.use_case,
        entry.reason,
        entry.rows,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What checking one chain found: its length and head, and the first entry that does not hold."""

    chain: str
    entries: int
    head: str
    first_broken: int | None


def check_chains(db: Session) -> list[ChainReport]:
    """Check every chain from its first entry to its head."""
    heads = db.exec(select(AuditHead.chain, AuditHead.number, AuditHead.hash).order_by(AuditHead.chain)).all()
    return [_check_chain(db, chain, length, head) for chain, length, head in heads]


def _check_chain(db: Session, chain: str, length: int, head: str) -> ChainReport:
    number, previous = 0, ""
    for entry in _entries(db, chain):
        expected = number + 1
        if entry.number != expected or entry.previous_hash != previous or entry.hash != entry_hash(entry):
            return ChainReport(chain, number, head, expected)
        number, previous = entry.number, entry.hash
    broken = None if (number, previous) == (length, head) else number + 1
    return ChainReport(chain, number, head, broken)


def _entries(db: Session, chain: str) -> Iterator[AuditEntry]:
    """The entries of a chain in order, a thousand at a time."""
    last = -1
    while True:
        query = select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.number > last)
        page = db.exec(query.order_by(col(AuditEntry.number)).limit(_PAGE)).all()
        if not page:
            return
        yield from page
        last = page[-1].number
        db.expunge_all()
