"""What calendars show of sessions: of a municipality, of a venue, of one session. Nobody who attends is named."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col

from events.attendance_queries import sessions_of_workshop
from events.errors import NotFound
from events.models import IntakeSession, Municipality, Registration, Room, Venue, Workshop, WorkshopSession
from events.states import PUBLISHED_STATES, ProgrammeState, RegistrationState

# An entry that leaves a feed disappears from the calendars of those who follow it, so the past stays for a year.
KEPT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class CalendarSession:
    """One session with what its calendar entry says. Times are aware UTC.

    ``sequence`` rises with every change and never falls. ``of_sessions`` counts the workshop's sessions.
    """

    session_id: UUID
    sequence: int
    changed_at: datetime
    state: ProgrammeState
    title: str
    number: int
    of_sessions: int
    starts_at: datetime
    ends_at: datetime | None
    venue: str
    room: str
    address: str
    latitude: float | None
    longitude: float | None
    summary: str
    target: str
    bring: str
    url: str
    contact_name: str
    contact_telephone: str


@dataclass(frozen=True, slots=True)
class CalendarOf:
    """A calendar's sessions in order of time, and whose calendar it is."""

    name: str
    name_en: str
    sessions: tuple[CalendarSession, ...]


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """Whose session it is, and its day (Tokyo)."""

    municipality_code: str
    held_on: date


@dataclass(frozen=True, slots=True)
class SessionNumbers:
    """How full a session is, for the staff's calendar."""

    people: int
    seats: int
    waiting: int
    devices: int
    devices_required: int


def calendar_of_municipality(db: Session, *, municipality_code: str, today: date, drafts: bool = False) -> CalendarOf:
    """A municipality's sessions from a year ago on; drafts only for the office. Raises NotFound."""
    owner = db.get(Municipality, municipality_code)
    if owner is None:
        raise NotFound(thing="municipality_code")
    sessions = _sessions(
        db, col(WorkshopSession.municipality_code) == municipality_code, since=today - KEPT, drafts=drafts
    )
    return CalendarOf(owner.name, owner.name_en, sessions)


def calendar_of_venue(db: Session, *, venue_id: UUID, today: date) -> CalendarOf:
    """The published sessions in one venue from a year ago on. Raises NotFound."""
    venue = db.get(Venue, venue_id)
    if venue is None:
        raise NotFound(thing="venue_id")
    sessions = _sessions(db, col(WorkshopSession.venue_id) == venue_id, since=today - KEPT, drafts=False)
    return CalendarOf(venue.name, "", sessions)


def calendar_of_session(db: Session, *, session_id: UUID, drafts: bool = False) -> CalendarOf:
    """One session, however long ago; a draft is not there unless asked for by the office. Raises NotFound."""
    sessions = _sessions(db, col(WorkshopSession.id) == session_id, since=date.min, drafts=drafts)
    if not sessions:
        raise NotFound(thing="session_id")
    return CalendarOf(sessions[0].title, "", sessions)


def municipality_of_session(db: Session, *, session_id: UUID) -> SessionPlace:
    """Whose session it is. Raises NotFound."""
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    return SessionPlace(session.municipality_code, session.held_on)


def numbers_of_sessions(db: Session, *, municipality_code: str, today: date) -> dict[UUID, SessionNumbers]:
    """How full each session of ``calendar_of_municipality`` is."""
    session = WorkshopSession
    waiting = (
        sqlalchemy.select(func.count())
        .select_from(Registration)
        .join(IntakeSession, col(IntakeSession.intake_id) == col(Registration.intake_id))
        .where(col(IntakeSession.session_id) == col(session.id), col(Registration.state) == RegistrationState.WAITING)
        .correlate(WorkshopSession)
        .scalar_subquery()
    )
    query = sqlalchemy.select(
        col(session.id), col(session.confirmed_count), col(session.seats), waiting, col(session.devices),
        col(session.people_without_phone),
    ).where(
        col(session.municipality_code) == municipality_code, col(session.held_on) >= today - KEPT
    )  # fmt: skip
    return {session_id: SessionNumbers(*numbers) for session_id, *numbers in db.connection().execute(query)}


def _sessions(db: Session, condition: Any, *, since: date, drafts: bool) -> tuple[CalendarSession, ...]:
    session = WorkshopSession
    query = (
        sqlalchemy.select(
            col(session.id).label("session_id"),
            col(session.calendar_sequence).label("sequence"),
            col(session.calendar_changed_at).label("changed_at"),
            col(session.state),
            col(Workshop.title),
            col(session.number),
            sessions_of_workshop().label("of_sessions"),
            col(session.starts_at),
            col(session.ends_at),
            func.coalesce(Venue.name, session.place_text).label("venue"),
            func.coalesce(Room.name, "").label("room"),
            func.coalesce(Venue.address, "").label("address"),
            col(Venue.latitude),
            col(Venue.longitude),
            col(Workshop.summary),
            col(Workshop.target),
            col(Workshop.bring),
            col(Workshop.url),
            _own_or(Workshop.contact_name, Municipality.contact_name).label("contact_name"),
            _own_or(Workshop.contact_telephone, Municipality.contact_telephone).label("contact_telephone"),
        )
        .join(Workshop, col(Workshop.id) == col(session.workshop_id))
        .join(Municipality, col(Municipality.code) == col(session.municipality_code))
        .outerjoin(Venue, col(Venue.id) == col(session.venue_id))
        .outerjoin(Room, col(Room.id) == col(session.room_id))
        .where(condition, col(session.starts_at).is_not(None), col(session.held_on) >= since)
        .order_by(col(session.starts_at), col(session.id))
    )
    if not drafts:
        query = query.where(col(session.state).in_(PUBLISHED_STATES), col(Workshop.state) != ProgrammeState.DRAFT)
    return tuple(CalendarSession(**row._mapping) for row in db.connection().execute(query))  # noqa: SLF001 -- public


def _own_or(own: Any, otherwise: Any) -> Any:
    return func.coalesce(func.nullif(own, ""), otherwise)
