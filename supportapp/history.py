"""Who did what to a session, when and why: read from the log. Values were never copied there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, or_
from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import WorkshopSession
from supportapp.accounts_tables import AuditEntry
from supportapp.undoing import REVERSES, undone_entries

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the log. ``deed`` is the use case's own name; ``tables`` are the tables it touched, sorted."""

    number: int
    at: datetime
    by: str
    role: str
    deed: str
    reason: str
    tables: tuple[str, ...]
    can_be_undone: bool = False
    undone: bool = False


def session_history(db: Session, *, session_id: UUID) -> tuple[HistoryLine, ...]:
    """The newest 200 entries that touched a session or its workshop, the newest first. Raises NotFound."""
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    said = cast(AuditEntry.rows, String)
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.chain == session.municipality_code,
            or_(said.contains(str(session_id)), said.contains(str(session.workshop_id))),
        )
        .order_by(col(AuditEntry.number).desc())
        .limit(MOST_LINES)
    )
    entries = db.exec(query).all()
    oldest = entries[-1].number if entries else 0
    undone = undone_entries(db, municipality_code=session.municipality_code, since=oldest)
    return tuple(_line(entry, undone) for entry in entries)


def _line(entry: AuditEntry, undone: frozenset[int]) -> HistoryLine:
    return HistoryLine(
        number=entry.number,
        at=entry.at,
        by=entry.actor,
        role=entry.role,
        deed=entry.use_case.rpartition(".")[2],
        reason=entry.reason,
        tables=tuple(sorted({str(row["table"]) for row in entry.rows})),
        can_be_undone=entry.use_case in REVERSES and entry.number not in undone,
        undone=entry.number in undone,
    )
