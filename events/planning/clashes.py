"""What speaks against a day, a time or a room, found before anything is saved: clash, closing day, holiday, past.

Codes only; the sentences stand in the catalogue under ``caution.<code>``. A ``note`` informs, an ``ask`` must be
confirmed, a ``block`` needs a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlmodel import Session, col, select

from events.japan.clock import at_tokyo, tokyo_time
from events.models import Room, Venue, Workshop, WorkshopSession
from events.opening import closed_reason, holiday_name, outside_opening_hours
from events.planning.drafts import Caution, SessionDraft
from events.planning.kinds import kind_template
from events.planning.timing import end_of
from events.states import STOPPED_STATES, WorkshopKind


@dataclass(frozen=True, slots=True)
class Planned:
    """A span of time in a room: what a clash is looked for with. ``position`` numbers the drafts from 0."""

    position: int
    day: date
    starts: time
    ends: time
    venue_id: UUID | None
    room_id: UUID | None
    seats: int | None = None

    @property
    def starts_at(self) -> datetime:
        """Aware UTC."""
        return at_tokyo(self.day, self.starts)

    @property
    def ends_at(self) -> datetime:
        """Aware UTC."""
        return at_tokyo(self.day, self.ends)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A session that is in a room already, or another draft."""

    room_id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str


def check_sessions(
    db: Session,
    *,
    municipality_code: str,
    kind: WorkshopKind,
    drafts: Sequence[SessionDraft],
    now: datetime,
    except_session_id: UUID | None = None,
) -> tuple[Caution, ...]:
    """What speaks against these sessions, before anything is saved; nothing is refused here."""
    template = kind_template(kind)
    planned = [
        Planned(
            position,
            draft.held_on,
            draft.starts,
            draft.ends or end_of(draft.starts, template),
            draft.venue_id,
            draft.room_id,
            draft.seats,
        )
        for position, draft in enumerate(drafts)
    ]
    return cautions_for(
        db, municipality_code=municipality_code, planned=planned, now=now, except_session_id=except_session_id
    )


def cautions_for(
    db: Session,
    *,
    municipality_code: str,
    planned: Sequence[Planned],
    now: datetime,
    except_session_id: UUID | None = None,
) -> tuple[Caution, ...]:
    """The same for spans that are known exactly; four statements whatever the number of sessions."""
    rooms = _rooms(db, planned)
    venues = _venues(db, planned, rooms, municipality_code)
    stays = _stays(db, planned, except_session_id)
    found: list[Caution] = []
    for one in planned:
        others = [other for other in planned if other.position != one.position]
        room = rooms.get(one.room_id) if one.room_id else None
        venue = venues.get(room.venue_id if room else one.venue_id) if (room or one.venue_id) else None
        found += _of_day(one, venue, now)
        found += _of_room(one, room, stays, others)
    return tuple(found)


def _rooms(db: Session, planned: Sequence[Planned]) -> Mapping[UUID | None, Room]:
    wanted = {one.room_id for one in planned if one.room_id}
    if not wanted:
        return {}
    return {room.id: room for room in db.exec(select(Room).where(col(Room.id).in_(wanted)))}


def _venues(
    db: Session, planned: Sequence[Planned], rooms: Mapping[UUID | None, Room], municipality_code: str
) -> Mapping[UUID | None, Venue]:
    wanted = {one.venue_id for one in planned if one.venue_id} | {room.venue_id for room in rooms.values()}
    if not wanted:
        return {}
    query = select(Venue).where(col(Venue.id).in_(wanted), Venue.municipality_code == municipality_code)
    return {venue.id: venue for venue in db.exec(query)}


def _stays(db: Session, planned: Sequence[Planned], except_session_id: UUID | None) -> list[_Stay]:
    rooms = {one.room_id for one in planned if one.room_id}
    if not rooms:
        return []
    query = (
        select(WorkshopSession, col(Workshop.title))
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .where(
            col(WorkshopSession.room_id).in_(rooms),
            col(WorkshopSession.starts_at) < max(one.ends_at for one in planned),
            col(WorkshopSession.ends_at) > min(one.starts_at for one in planned),
            col(WorkshopSession.state).not_in(STOPPED_STATES),
        )
        .order_by(col(WorkshopSession.starts_at))
    )
    return [
        _Stay(session.room_id, session.starts_at, session.ends_at, title)
        for session, title in db.exec(query)
        if session.room_id and session.starts_at and session.ends_at and session.id != except_session_id
    ]


def _of_day(one: Planned, venue: Venue | None, now: datetime) -> list[Caution]:
    day = ("day", one.day)
    found: list[Caution] = []
    if one.starts_at < now:
        found.append(Caution("in_the_past", "ask", one.position, (day,)))
    holiday = holiday_name(one.day)
    if holiday:
        found.append(Caution("holiday", "note", one.position, (day, ("holiday", holiday))))
    if venue is None:
        return found
    named = (day, ("venue", venue.name))
    why = closed_reason(venue.opening_rule, one.day)
    if venue.retired_on is not None and venue.retired_on <= one.day:
        found.append(Caution("venue_retired", "ask", one.position, named))
    elif why:
        found.append(Caution("venue_closed", "ask", one.position, (*named, ("why", why))))
    else:
        hours = outside_opening_hours(venue.opening_rule, one.starts, one.ends)
        if hours:
            opens, closes = hours
            values = (*named, ("opens", f"{opens:%H:%M}"), ("closes", f"{closes:%H:%M}"))
            found.append(Caution("outside_opening_hours", "note", one.position, values))
    return found


def _of_room(one: Planned, room: Room | None, stays: Sequence[_Stay], others: Sequence[Planned]) -> list[Caution]:
    if room is None:
        return []
    found = [
        _clash(one, room, stay.starts_at, stay.ends_at, stay.title)
        for stay in stays
        if stay.room_id == room.id and one.starts_at < stay.ends_at and stay.starts_at < one.ends_at
    ]
    found += [
        _clash(one, room, other.starts_at, other.ends_at, "")
        for other in others
        if other.room_id == room.id and one.starts_at < other.ends_at and other.starts_at < one.ends_at
    ]
    if one.seats is not None and room.people_limit is not None and one.seats > room.people_limit:
        values = (("room", room.name), ("seats", one.seats), ("limit", room.people_limit))
        found.append(Caution("more_seats_than_room", "block", one.position, values))
    return found


def _clash(one: Planned, room: Room, starts_at: datetime, ends_at: datetime, title: str) -> Caution:
    values: tuple[tuple[str, object], ...] = (
        ("day", one.day),
        ("room", room.name),
        ("from_time", f"{tokyo_time(starts_at):%H:%M}"),
        ("to_time", f"{tokyo_time(ends_at):%H:%M}"),
        ("other", title),
    )
    return Caution("room_taken" if title else "room_taken_here", "block", one.position, values)
