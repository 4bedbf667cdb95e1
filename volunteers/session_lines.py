"""A session as a helper sees it: when, where, how to get there, whom to call. Nothing about who attends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Municipality, Room, Venue, Workshop, WorkshopSession
from events.states import ProgrammeState, WorkshopKind


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session for a card, a list or a calendar; times are aware UTC. ``number`` of ``of`` in its workshop."""

    session_id: UUID
    title: str
    short_title: str
    kind: WorkshopKind
    number: int
    of: int
    state: ProgrammeState
    starts_at: datetime
    ends_at: datetime | None
    meeting_at: datetime | None
    venue: str
    room: str
    address: str
    access: str
    latitude: float | None
    longitude: float | None
    online_url: str
    bring: str
    contact_name: str
    contact_telephone: str
    sequence: int
    changed_at: datetime


def session_lines(db: Session, *, session_ids: Collection[UUID]) -> dict[UUID, SessionLine]:
    """Many sessions with their places and contacts, in a constant number of statements."""
    rows = db.exec(
        select(WorkshopSession, Workshop, Municipality, Venue)
        .join(Workshop, col(Workshop.id) == col(WorkshopSession.workshop_id))
        .join(Municipality, col(Municipality.code) == col(WorkshopSession.municipality_code))
        .outerjoin(Venue, col(Venue.id) == col(WorkshopSession.venue_id))
        .where(col(WorkshopSession.id).in_(list(session_ids)), col(WorkshopSession.starts_at).is_not(None))
    ).all()
    counts = _sessions_of(db, {workshop.id for _, workshop, _, _ in rows})
    rooms = _rooms(db, {session.room_id for session, _, _, _ in rows if session.room_id})
    return {
        session.id: _line(
            session,
            workshop,
            municipality,
            venue,
            rooms.get(session.room_id, "") if session.room_id else "",
            counts[workshop.id],
        )
        for session, workshop, municipality, venue in rows
    }


def _rooms(db: Session, room_ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(db.exec(select(Room.id, Room.name).where(col(Room.id).in_(list(room_ids)))).all())


def _sessions_of(db: Session, workshop_ids: Collection[UUID]) -> dict[UUID, int]:
    numbers = db.exec(
        select(WorkshopSession.workshop_id, WorkshopSession.number).where(
            col(WorkshopSession.workshop_id).in_(list(workshop_ids))
        )
    )
    highest: dict[UUID, int] = {}
    for workshop_id, number in numbers:
        highest[workshop_id] = max(highest.get(workshop_id, 0), number)
    return highest


def _line(
    session: WorkshopSession,
    workshop: Workshop,
    municipality: Municipality,
    venue: Venue | None,
    room: str,
    of: int,
) -> SessionLine:
    return SessionLine(
        session_id=session.id,
        title=workshop.title,
        short_title=workshop.short_title or workshop.title,
        kind=workshop.kind,
        number=session.number,
        of=of,
        state=session.state,
        starts_at=cast("datetime", session.starts_at),
        ends_at=session.ends_at,
        meeting_at=session.meeting_at,
        venue=venue.name if venue else session.place_text,
        room=room,
        address=venue.address if venue else "",
        access=venue.access if venue else "",
        latitude=venue.latitude if venue else None,
        longitude=venue.longitude if venue else None,
        online_url=session.online_url,
        bring=workshop.bring,
        contact_name=workshop.contact_name or municipality.contact_name or municipality.name,
        contact_telephone=workshop.contact_telephone or municipality.contact_telephone,
        sequence=session.calendar_sequence,
        changed_at=session.calendar_changed_at,
    )
