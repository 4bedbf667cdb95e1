"""What staff say about a pair before a plan is made: want her there, or rule it out."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from volunteers.models import ForbiddenPlacement, PinnedPlacement


@dataclass(frozen=True, slots=True)
class PlacementNote:
    """What staff said about a pair: pinned, ruled out, or neither."""

    session_id: UUID
    volunteer_id: UUID
    pinned: bool
    forbidden: bool


def pin(db: Session, *, session_id: UUID, volunteer_id: UUID, by: str) -> PlacementNote:
    """Want somebody at a session, whatever else the next plan does. Takes back having ruled the pair out."""
    _drop(db, ForbiddenPlacement, session_id, volunteer_id)
    if db.get(PinnedPlacement, (session_id, volunteer_id)) is None:
        db.add(PinnedPlacement(session_id=session_id, volunteer_id=volunteer_id, by=by))
    db.flush()
    return PlacementNote(session_id, volunteer_id, pinned=True, forbidden=False)


def forbid(db: Session, *, session_id: UUID, volunteer_id: UUID, reason: str, by: str) -> PlacementNote:
    """Rule a pair out for the next plans. Takes a pin of the pair back."""
    _drop(db, PinnedPlacement, session_id, volunteer_id)
    if db.get(ForbiddenPlacement, (session_id, volunteer_id)) is None:
        db.add(ForbiddenPlacement(session_id=session_id, volunteer_id=volunteer_id, reason=reason, by=by))
    db.flush()
    return PlacementNote(session_id, volunteer_id, pinned=False, forbidden=True)


def leave_open(db: Session, *, session_id: UUID, volunteer_id: UUID) -> PlacementNote:
    """Neither want nor rule out a pair any more."""
    _drop(db, PinnedPlacement, session_id, volunteer_id)
    _drop(db, ForbiddenPlacement, session_id, volunteer_id)
    db.flush()
    return PlacementNote(session_id, volunteer_id, pinned=False, forbidden=False)


def _drop(
    db: Session, table: type[PinnedPlacement] | type[ForbiddenPlacement], session_id: UUID, volunteer_id: UUID
) -> None:
    found = db.get(table, (session_id, volunteer_id))
    if found is not None:
        db.delete(found)
