"""Venues and rooms: add, change, retire. A venue that was used is never deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Municipality, Room, Venue, WorkshopSession
from events.opening import checked_rule
from events.planning.checks import checked_number, checked_reason
from events.planning.errors import NameTaken, RoomLimitBelowSeats, VenueInUse
from events.states import STOPPED_STATES

MOST_PEOPLE = 10_000
_TEXTS: Mapping[str, tuple[int, bool]] = {
    "kana": (200, False),
    "number": (40, False),
    "poi_code": (10, False),
    "postal_code": (10, False),
    "town": (100, False),
    "address": (300, False),
    "telephone": (40, False),
    "access": (1000, True),
    "note": (1000, True),
}


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room: a new one without an id. ``people_limit`` None means nobody wrote down how many it may hold."""

    name: str
    people_limit: int | None = None
    note: str = ""
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VenueDraft:
    """All of a venue, as its form shows it. None for Wi-Fi and ramp means nobody knows yet."""

    name: str
    kana: str = ""
    number: str = ""
    poi_code: str = ""
    postal_code: str = ""
    town: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    telephone: str = ""
    access: str = ""
    has_wifi: bool | None = None
    wifi_limit: int | None = None
    has_ramp: bool | None = None
    accessibility: tuple[str, ...] = ()
    opening_rule: Mapping[str, object] | None = None
    note: str = ""
    rooms: tuple[RoomDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class VenueReceipt:
    """A venue as it stands after a change."""

    venue_id: UUID
    name: str
    room_ids: tuple[UUID, ...]


def add_venue(db: Session, *, municipality_code: str, draft: VenueDraft, now: datetime, by: str) -> VenueReceipt:
    """Add a venue with its rooms. Raises InvalidValue, NameTaken."""
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality_code")
    values = checked_venue(draft)
    _must_be_free(db, municipality_code, str(values["name"]), None)
    venue = Venue(municipality_code=municipality_code, **values)
    db.add(venue)
    db.flush()
    _write_rooms(db, venue, draft.rooms, tokyo_date(now))
    del by
    return _receipt(db, venue)


def edit_venue(db: Session, *, venue_id: UUID, draft: VenueDraft, now: datetime, by: str) -> VenueReceipt:
    """Change a venue and its rooms; rooms that are not named stay as they are.

    Raises InvalidValue, NameTaken, RoomLimitBelowSeats.
    """
    venue = db.get(Venue, venue_id, with_for_update=True)
    if venue is None:
        raise NotFound(thing="venue_id")
    values = checked_venue(draft)
    _must_be_free(db, venue.municipality_code, str(values["name"]), venue.id)
    for name, value in values.items():
        if getattr(venue, name) != value:
            setattr(venue, name, value)
    _write_rooms(db, venue, draft.rooms, tokyo_date(now))
    del by
    return _receipt(db, venue)


def retire_venue(db: Session, *, venue_id: UUID, reason: str, now: datetime, by: str) -> VenueReceipt:
    """Plan nothing more at a venue; refused (VenueInUse) while coming sessions are planned there."""
    venue = db.get(Venue, venue_id, with_for_update=True)
    if venue is None:
        raise NotFound(thing="venue_id")
    checked_reason(reason)
    today = tokyo_date(now)
    coming = len(_coming(db, WorkshopSession.venue_id == venue_id, today))
    if coming:
        raise VenueInUse(name=venue.name, count=coming)
    venue.retired_on = today
    db.flush()
    del by
    return _receipt(db, venue)


def return_venue(db: Session, *, venue_id: UUID, reason: str, now: datetime, by: str) -> VenueReceipt:
    """Take a retirement back."""
    venue = db.get(Venue, venue_id, with_for_update=True)
    if venue is None:
        raise NotFound(thing="venue_id")
    checked_reason(reason)
    venue.retired_on = None
    db.flush()
    del now, by
    return _receipt(db, venue)


def checked_venue(draft: VenueDraft) -> dict[str, Any]:
    """The columns of a venue from its form. Raises InvalidValue."""
    values: dict[str, Any] = {
        name: checked_text(getattr(draft, name), field=name, longest=longest, lines=lines)
        for name, (longest, lines) in _TEXTS.items()
    }
    values["name"] = checked_text(draft.name, field="venue_name", longest=200, required=True)
    values["has_wifi"], values["has_ramp"] = draft.has_wifi, draft.has_ramp
    values["wifi_limit"] = _people("wifi_limit", draft.wifi_limit)
    values["accessibility"] = list(draft.accessibility)
    values["latitude"], values["longitude"] = draft.latitude, draft.longitude
    values["opening_rule"] = checked_rule(draft.opening_rule)
    return values


def _people(field: str, value: int | None) -> int | None:
    return None if value is None else checked_number(field, value, least=1, most=MOST_PEOPLE)


def _must_be_free(db: Session, municipality_code: str, name: str, own_id: UUID | None) -> None:
    query = select(Venue.id).where(Venue.municipality_code == municipality_code, Venue.name == name)
    found = db.exec(query).first()
    if found is not None and found != own_id:
        raise NameTaken(name=name)


def _write_rooms(db: Session, venue: Venue, drafts: Sequence[RoomDraft], today: date) -> None:
    rooms = {room.id: room for room in db.exec(select(Room).where(Room.venue_id == venue.id).with_for_update())}
    names: set[str] = set()
    for draft in drafts:
        name = checked_text(draft.name, field="room_name", longest=200, required=True)
        limit = _people("people_limit", draft.people_limit)
        if name in names or any(room.name == name and room.id != draft.room_id for room in rooms.values()):
            raise NameTaken(name=name)
        names.add(name)
        if draft.room_id is None:
            db.add(Room(venue_id=venue.id, name=name, people_limit=limit, note=draft.note))
            continue
        room = rooms.get(draft.room_id)
        if room is None:
            raise NotFound(thing="room_id")
        _write_limit(db, room, limit, today)
        room.name = name
        room.note = checked_text(draft.note, field="note", longest=400, lines=True)
    db.flush()


def _write_limit(db: Session, room: Room, limit: int | None, today: date) -> None:
    if room.people_limit == limit:
        return
    for session in _coming(db, WorkshopSession.room_id == room.id, today):
        if limit is not None and session.seats > limit:
            raise RoomLimitBelowSeats(limit=limit, seats=session.seats, day=session.held_on)
        session.room_limit = limit
    room.people_limit = limit


def _coming(db: Session, where: object, today: date) -> Sequence[WorkshopSession]:
    query = (
        select(WorkshopSession)
        .where(where, WorkshopSession.held_on >= today, col(WorkshopSession.state).not_in(STOPPED_STATES))  # type: ignore[arg-type]  # a comparison of columns
        .order_by(col(WorkshopSession.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.exec(query).all()


def _receipt(db: Session, venue: Venue) -> VenueReceipt:
    rooms = db.exec(select(Room.id).where(Room.venue_id == venue.id).order_by(Room.name)).all()
    return VenueReceipt(venue.id, venue.name, tuple(rooms))
