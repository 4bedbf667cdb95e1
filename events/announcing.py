"""What is printed about a workshop before it is held, and the edition (版) that goes on the paper.

An edition is raised when something that was printed changes: 1.0, then 1.1. Whoever prints gives the fingerprint of
what will stand on the paper; the same fingerprint keeps the edition, the first one too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import ChannelWindow, Intake, Municipality, Room, Venue, Workshop, WorkshopSession
from events.programme_workshop import WorkshopPage, workshop_page
from events.states import STOPPED_STATES, Channel


@dataclass(frozen=True, slots=True)
class AnnouncedSession:
    """When and where one session is, as the public is told. Moments are aware UTC, ``held_on`` a Tokyo date."""

    session_id: UUID
    number: int
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    room: str
    address: str
    access: str
    online: bool
    seats: int


@dataclass(frozen=True, slots=True)
class ChannelTime:
    """From when to when one way to apply is open (aware UTC), where it has times of its own."""

    channel: Channel
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Office:
    """Where people turn to: the city's name, and the workshop's contact or else the city's.

    ``postal_code`` and ``address`` come from the city's settings (``office_postal_code``, ``office_address``).
    """

    municipality_code: str
    city: str
    contact: str
    telephone: str
    postal_code: str
    address: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Everything that can be announced of a workshop; sessions that were cancelled or postponed are left out."""

    workshop: WorkshopPage
    office: Office
    sessions: tuple[AnnouncedSession, ...]
    windows: tuple[ChannelTime, ...]
    by_postmark: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition that goes on the paper; ``raised`` when it is a new one since the last print."""

    edition: str
    raised: bool


def announced(db: Session, *, workshop_id: UUID) -> Announced:
    """What there is to print about a workshop. Raises NotFound."""
    page = workshop_page(db, workshop_id=workshop_id)
    workshop = db.get_one(Workshop, workshop_id)
    intake = db.exec(select(Intake).where(Intake.workshop_id == workshop_id).order_by(col(Intake.id)).limit(1)).first()
    return Announced(
        workshop=page,
        office=office_of(db, workshop),
        sessions=_sessions(db, workshop_id),
        windows=_windows(db, intake) if intake else (),
        by_postmark=bool(intake and intake.deadline_by_postmark),
    )


def note_edition(db: Session, *, workshop_id: UUID, fingerprint: str, now: datetime, by: str) -> Edition:
    """Settle the edition for what is about to be printed. Raises NotFound."""
    query = select(Workshop).where(Workshop.id == workshop_id).with_for_update()
    workshop = db.exec(query.execution_options(populate_existing=True)).first()
    if workshop is None:
        raise NotFound(thing="workshop_id")
    raised = workshop.printed_fingerprint not in {"", fingerprint}
    if raised:
        workshop.edition = next_edition(workshop.edition)
    workshop.printed_fingerprint = fingerprint
    db.flush()
    del now, by
    return Edition(workshop.edition, raised)


def next_edition(edition: str) -> str:
    """The edition after this one.

    >>> next_edition("1.9")
    '1.10'
    """
    whole, _, part = edition.partition(".")
    return f"{whole or 1}.{int(part) + 1 if part.isdigit() else 1}"


def office_of(db: Session, workshop: Workshop) -> Office:
    """Whom people turn to about a workshop."""
    city = db.get_one(Municipality, workshop.municipality_code)
    return Office(
        municipality_code=city.code,
        city=city.name,
        contact=workshop.contact_name or city.contact_name,
        telephone=workshop.contact_telephone or city.contact_telephone,
        postal_code=str(city.settings.get("office_postal_code", "")),
        address=str(city.settings.get("office_address", "")),
    )


def _sessions(db: Session, workshop_id: UUID) -> tuple[AnnouncedSession, ...]:
    query = (
        select(WorkshopSession, Venue, Room.name)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .outerjoin(Room, col(Room.id) == WorkshopSession.room_id)
        .where(WorkshopSession.workshop_id == workshop_id, col(WorkshopSession.state).not_in(STOPPED_STATES))
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at), col(WorkshopSession.number))
    )
    return tuple(
        AnnouncedSession(
            session_id=session.id,
            number=session.number,
            held_on=session.held_on,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            venue=venue.name if venue else session.place_text,
            room=room or "",
            address=venue.address if venue else "",
            access=venue.access if venue else "",
            online=bool(session.online_url),
            seats=session.seats,
        )
        for session, venue, room in db.exec(query)
    )


def _windows(db: Session, intake: Intake) -> tuple[ChannelTime, ...]:
    query = select(ChannelWindow).where(ChannelWindow.intake_id == intake.id)
    return tuple(ChannelTime(row.channel, row.opens_at, row.closes_at) for row in db.exec(query))
