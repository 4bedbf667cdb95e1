"""Changes that pass by the object-relational mapper, made known to the audit and to the live screens.

A conditional update is one statement; the mapper never sees it. Whoever writes one calls ``note_change``.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

_KEY = "noted_changes"


@dataclass(frozen=True, slots=True)
class Change:
    """Which columns of which row changed, and which session's screens should know."""

    table: str
    row_id: str
    kind: str
    columns: tuple[str, ...]
    session_id: UUID | None = None


def note_change(
    db: Session, *, table: str, row_id: Any, columns: tuple[str, ...], session_id: UUID | None = None
) -> None:
    """Record that ``columns`` of one row were changed by a statement."""
    noted: list[Change] = db.info.setdefault(_KEY, [])
    noted.append(Change(table, str(row_id), "changed", columns, session_id))


def take_noted_changes(db: Session) -> list[Change]:
    """What was noted since the last time; empties the list."""
    noted: list[Change] = db.info.pop(_KEY, [])
    return noted
