"""Venues with their rooms, and the search across sessions, workshops and venues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.models import Room, Venue, Workshop, WorkshopSession
from events.opening import closed_reason, holiday_name
from events.programme_queries import SessionChip, chips_where
from events.states import STOPPED_STATES

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room of a venue."""

    room_id: UUID
    name: str
    people_limit: int | None
    note: str


@dataclass(frozen=True, slots=True)
class VenueLine:
    """A venue with its rooms; ``coming`` counts the sessions planned there from today on."""

    venue_id: UUID
    name: str
    kana: str
    number: str
    poi_code: str
    postal_code: str
    town: str
    address: str
    latitude: float | None
    longitude: float | None
    telephone: str
    access: str
    has_wifi: bool | None
    wifi_limit: int | None
    has_ramp: bool | None
    accessibility: tuple[str, ...]
    opening_rule: Mapping[str, object]
    note: str
    retired_on: date | None
    rooms: tuple[RoomLine, ...]
    coming: int


def venues_list(
    db: Session, *, municipality_code: str, today: date, with_retired: bool = False
) -> tuple[VenueLine, ...]:
    """All venues of a municipality by kana and name; three statements."""
    query = select(Venue).where(Venue.municipality_code == municipality_code)
    if not with_retired:
        query = query.where(col(Venue.retired_on).is_(None))
    venues = db.exec(query.order_by(Venue.kana, Venue.name)).all()
    return _lines(db, list(venues), today)


def venue_page(db: Session, *, venue_id: UUID, today: date) -> VenueLine:
    """One venue. Raises NotFound."""
    venue = db.get(Venue, venue_id)
    if venue is None:
        raise NotFound(thing="venue_id")
    return _lines(db, [venue], today)[0]


def _lines(db: Session, venues: list[Venue], today: date) -> tuple[VenueLine, ...]:
    ids = [venue.id for venue in venues]
    rooms: dict[UUID, list[RoomLine]] = {}
    for room in db.exec(select(Room).where(col(Room.venue_id).in_(ids)).order_by(Room.name)):
        rooms.setdefault(room.venue_id, []).append(RoomLine(room.id, room.name, room.people_limit, room.note))
    counted = (
        select(WorkshopSession.venue_id, func.count())
        .where(
            col(WorkshopSession.venue_id).in_(ids),
            WorkshopSession.held_on >= today,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
        )
        .group_by(col(WorkshopSession.venue_id))
    )
    coming = dict(db.exec(counted).all())
    return tuple(_line(venue, tuple(rooms.get(venue.id, ())), coming.get(venue.id, 0)) for venue in venues)


def _line(venue: Venue, rooms: tuple[RoomLine, ...], coming: int) -> VenueLine:
    return VenueLine(
        venue_id=venue.id,
        name=venue.name,
        kana=venue.kana,
        number=venue.number,
        poi_code=venue.poi_code,
        postal_code=venue.postal_code,
        town=venue.town,
        address=venue.address,
        latitude=venue.latitude,
        longitude=venue.longitude,
        telephone=venue.telephone,
        access=venue.access,
        has_wifi=venue.has_wifi,
        wifi_limit=venue.wifi_limit,
        has_ramp=venue.has_ramp,
        accessibility=tuple(venue.accessibility),
        opening_rule=dict(venue.opening_rule),
        note=venue.note,
        retired_on=venue.retired_on,
        rooms=rooms,
        coming=coming,
    )


@dataclass(frozen=True, slots=True)
class DayNotice:
    """What the calendar marks on a day: a holiday's name, and the venues that are closed, by id and name."""

    day: date
    holiday: str
    closed: tuple[tuple[UUID, str], ...]


def day_notices(db: Session, *, municipality_code: str, first: date, last: date) -> tuple[DayNotice, ...]:
    """One notice for each day from ``first`` to ``last`` (Tokyo dates)."""
    query = (
        select(col(Venue.id), col(Venue.name), col(Venue.opening_rule))
        .where(Venue.municipality_code == municipality_code, col(Venue.retired_on).is_(None))
        .order_by(col(Venue.name))
    )
    venues = db.exec(query).all()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(
        DayNotice(
            day,
            holiday_name(day),
            tuple((venue_id, name) for venue_id, name, rule in venues if closed_reason(rule, day)),
        )
        for day in days
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: sessions to come first, then past ones; venues by name."""

    sessions: tuple[SessionChip, ...]
    workshops: tuple[tuple[UUID, str], ...]
    venues: tuple[tuple[UUID, str], ...]


def find_everywhere(db: Session, *, municipality_code: str, text: str, now: datetime) -> Found:
    """Sessions, workshops and venues whose title, name or kana holds ``text``; at most 20 of each."""
    wanted = text.strip()
    if not wanted:
        return Found((), (), ())
    title = col(Workshop.title).icontains(wanted, autoescape=True)
    place = or_(col(Venue.name).icontains(wanted, autoescape=True), col(Venue.kana).icontains(wanted, autoescape=True))
    near = (
        select(WorkshopSession.id)
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .where(WorkshopSession.municipality_code == municipality_code, or_(title, place))
        .order_by((WorkshopSession.held_on < tokyo_date(now)), col(WorkshopSession.held_on))  # type: ignore[arg-type]  # a comparison of columns
        .limit(MOST_FOUND)
    )
    ids = db.exec(near).all()
    workshops = db.exec(
        select(Workshop.id, Workshop.title)
        .where(Workshop.municipality_code == municipality_code, title)
        .order_by(col(Workshop.changed_at).desc())
        .limit(MOST_FOUND)
    ).all()
    venues = db.exec(
        select(Venue.id, Venue.name)
        .where(Venue.municipality_code == municipality_code, place)
        .order_by(Venue.name)
        .limit(MOST_FOUND)
    ).all()
    chips = {chip.session_id: chip for chip in chips_where(db, col(WorkshopSession.id).in_(ids))} if ids else {}
    return Found(tuple(chips[each] for each in ids), tuple(map(tuple, workshops)), tuple(map(tuple, venues)))  # type: ignore[arg-type]  # rows are tuples of two
