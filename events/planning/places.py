"""Where a session is held: the venue and room of a draft, looked up and checked."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from events.errors import InvalidValue, NotFound
from events.models import Room, Venue
from events.planning.checks import MOST_SEATS, checked_number


@dataclass(frozen=True, slots=True)
class Place:
    """A venue and one of its rooms; inside a transaction only, because it holds rows."""

    venue: Venue | None
    room: Room | None

    @property
    def room_limit(self) -> int | None:
        """The most people the room may hold; None when nobody wrote it down."""
        return self.room.people_limit if self.room else None


def find_place(db: Session, *, municipality_code: str, venue_id: UUID | None, room_id: UUID | None) -> Place:
    """Load a venue and room; the room is locked, so that two plans for it come one after the other."""
    room = None
    if room_id is not None:
        room = db.exec(select(Room).where(Room.id == room_id).with_for_update()).first()
        if room is None or (venue_id is not None and room.venue_id != venue_id):
            raise NotFound(thing="room_id")
        venue_id = room.venue_id
    if venue_id is None:
        return Place(None, None)
    venue = db.get(Venue, venue_id)
    if venue is None or venue.municipality_code != municipality_code:
        raise NotFound(thing="venue_id")
    return Place(venue, room)


def checked_seats(seats: int, place: Place) -> int:
    """Seats from 1 to the room's limit."""
    checked_number("seats", seats, least=1, most=MOST_SEATS)
    limit = place.room_limit
    if limit is not None and place.room is not None and seats > limit:
        raise InvalidValue(field="seats", value=seats, problem="more_than_room", limit=limit, room=place.room.name)
    return seats
