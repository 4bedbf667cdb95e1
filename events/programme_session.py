"""The page of one session: when, where, how full, what to know, and where it stands in its workshop."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.cautions import cautions_of
from events.errors import NotFound
from events.models import Venue, Workshop, WorkshopSession
from events.planning.drafts import Caution
from events.programme_queries import SessionChip, chips_where


@dataclass(frozen=True, slots=True)
class SessionNeighbour:
    """Another session of the same workshop."""

    session_id: UUID
    number: int
    held_on: date


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Everything the page of a session shows of the programme; people and helpers come from their own queries."""

    chip: SessionChip
    version: int
    workshop_version: int
    workshop_state: str
    meeting_at: datetime | None
    cut_off_at: datetime | None
    address: str
    access: str
    online_url: str
    venue_telephone: str
    has_wifi: bool | None
    has_ramp: bool | None
    room_limit: int | None
    planned_people: int | None
    leads_needed: int
    skills_needed: tuple[tuple[str, int], ...]
    stop_reason: str
    note: str
    improve_next: str
    calendar_sequence: int
    neighbours: tuple[SessionNeighbour, ...]
    cautions: tuple[Caution, ...]


def session_page(db: Session, *, session_id: UUID, now: datetime) -> SessionPage:
    """One session. Raises NotFound."""
    chips = chips_where(db, WorkshopSession.id == session_id)
    if not chips:
        raise NotFound(thing="session_id")
    session = db.get_one(WorkshopSession, session_id)
    workshop = db.get_one(Workshop, session.workshop_id)
    venue = db.get(Venue, session.venue_id) if session.venue_id else None
    return SessionPage(
        chip=chips[0],
        version=session.version,
        workshop_version=workshop.version,
        workshop_state=workshop.state.value,
        meeting_at=session.meeting_at,
        cut_off_at=session.cut_off_at,
        address=venue.address if venue else "",
        access=venue.access if venue else "",
        online_url=session.online_url,
        venue_telephone=venue.telephone if venue else "",
        has_wifi=venue.has_wifi if venue else None,
        has_ramp=venue.has_ramp if venue else None,
        room_limit=session.room_limit,
        planned_people=session.planned_people,
        leads_needed=session.leads_needed,
        skills_needed=tuple(sorted(session.skills_needed.items())),
        stop_reason=session.stop_reason,
        note=session.note,
        improve_next=workshop.improve_next,
        calendar_sequence=session.calendar_sequence,
        neighbours=_neighbours(db, session.workshop_id),
        cautions=cautions_of(db, session_id=session_id, now=now),
    )


def _neighbours(db: Session, workshop_id: UUID) -> tuple[SessionNeighbour, ...]:
    query = (
        select(col(WorkshopSession.id), col(WorkshopSession.number), col(WorkshopSession.held_on))
        .where(WorkshopSession.workshop_id == workshop_id)
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.number))
    )
    return tuple(SessionNeighbour(*row) for row in db.exec(query))
