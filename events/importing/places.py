"""Venues and rooms that a published file names."""

from sqlmodel import Session, col, select

from events.importing.rows import OfferingSessionRow
from events.models import Room, Venue


class Places:
    """Venues and rooms of one municipality by name; what a file names and nobody knows yet is made."""

    def __init__(self, db: Session, municipality_code: str) -> None:
        self._db = db
        self._code = municipality_code
        venues = db.exec(select(Venue).where(Venue.municipality_code == municipality_code)).all()
        self._venues = {venue.name: venue for venue in venues}
        rooms = db.exec(select(Room).where(col(Room.venue_id).in_([venue.id for venue in venues]))).all()
        self._rooms = {(room.venue_id, room.name): room for room in rooms}

    def find(self, row: OfferingSessionRow) -> tuple[Venue | None, Room | None]:
        """The venue and room a row names; made when they are new."""
        name = row.venue_name.strip()[:200]
        if not name:
            return None, None
        venue = self._venues.get(name) or self._make_venue(name, row)
        return venue, self._room(venue, row.room_name.strip()[:200])

    def _make_venue(self, name: str, row: OfferingSessionRow) -> Venue:
        venue = Venue(
            municipality_code=self._code,
            name=name,
            postal_code=row.postal_code[:10],
            town=row.town[:100],
            address=row.address[:300],
            access=row.access[:1000],
            latitude=row.latitude,
            longitude=row.longitude,
        )
        self._db.add(venue)
        self._db.flush()
        self._venues[name] = venue
        return venue

    def _room(self, venue: Venue, name: str) -> Room | None:
        if not name:
            return None
        room = self._rooms.get((venue.id, name))
        if room is None:
            room = Room(venue_id=venue.id, name=name)
            self._db.add(room)
            self._db.flush()
            self._rooms[venue.id, name] = room
        return room
