"""記録: the log of a municipality, read page by page. It holds who, when, what and why, and no value of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from sqlmodel import Session, col, select

from events.japan.clock import at_tokyo
from supportapp import rights
from supportapp.accounts_tables import AuditEntry
from supportapp.undoing import REVERSES, undone_entries

PAGE: Final = 50
# The parts of the office's work, as the table of rights has them.
KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "planning": frozenset(rights.PLANNING),
        "bookings": frozenset(rights.BOOKINGS),
        "telling": frozenset(rights.TELLING),
        "the_day": frozenset(rights.THE_DAY),
        "volunteers": frozenset(rights.VOLUNTEERS),
        "files": frozenset(rights.FILES),
        "accounts": frozenset(rights.ACCOUNTS),
        "keeping": frozenset({*rights.BACKUPS, *rights.FORGETTING}),
        "settings": frozenset(rights.SETTINGS),
        "public": frozenset(rights.PUBLIC),
    }
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry. ``deed`` is the use case's own name; ``rows`` counts the rows it touched, by table.

    ``can_be_undone``: there is a way back; ``undone``: a later entry went it.
    """

    number: int
    at: datetime
    by: str
    role: str
    deed: str
    reason: str
    rows: tuple[tuple[str, int], ...]
    can_be_undone: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """At most 50 entries, the newest first; ``older`` is what to ask for next, None at the end."""

    lines: tuple[LogLine, ...]
    older: int | None


def log_page(
    db: Session,
    *,
    municipality_code: str,
    person: str = "",
    first: date | None = None,
    last: date | None = None,
    kind: str = "",
    before: int | None = None,
) -> LogPage:
    """Entries by somebody (a part of the name), between two Tokyo dates, of one part of the work, before a number."""
    query = select(AuditEntry).where(AuditEntry.chain == municipality_code)
    if person.strip():
        query = query.where(col(AuditEntry.actor).contains(person.strip(), autoescape=True))
    if first is not None:
        query = query.where(AuditEntry.at >= at_tokyo(first, time()))
    if last is not None:
        query = query.where(AuditEntry.at < at_tokyo(last + timedelta(days=1), time()))
    if kind:
        query = query.where(col(AuditEntry.use_case).in_(KINDS.get(kind, frozenset())))
    if before is not None:
        query = query.where(AuditEntry.number < before)
    found = db.exec(query.order_by(col(AuditEntry.number).desc()).limit(PAGE + 1)).all()
    oldest = found[-1].number if found else 0
    undone = undone_entries(db, municipality_code=municipality_code, since=oldest)
    lines = tuple(_line(entry, undone) for entry in found[:PAGE])
    return LogPage(lines, lines[-1].number if len(found) > PAGE else None)


def _line(entry: AuditEntry, undone: frozenset[int]) -> LogLine:
    tables: dict[str, int] = {}
    for row in entry.rows:
        tables[str(row["table"])] = tables.get(str(row["table"]), 0) + 1
    return LogLine(
        number=entry.number,
        at=entry.at,
        by=entry.actor,
        role=entry.role,
        deed=entry.use_case.rpartition(".")[2],
        reason=entry.reason,
        rows=tuple(sorted(tables.items())),
        can_be_undone=entry.use_case in REVERSES and entry.number not in undone,
        undone=entry.number in undone,
    )
