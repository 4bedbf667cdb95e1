"""Warnings in words about a session as it stands: what does not fit once people have booked.

Codes only; the sentences stand in the catalogue under ``caution.<code>``.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date, tokyo_time
from events.models import Attendee, Seat, Topic, Venue, Workshop, WorkshopSession
from events.planning.clashes import Planned, cautions_for
from events.planning.drafts import Caution
from events.states import PhoneKind, SeatState

WHEELCHAIR = "wheelchair"


def cautions_of(db: Session, *, session_id: UUID, now: datetime) -> tuple[Caution, ...]:
    """What does not fit at a session as it stands: place, network, telephones, loan phones."""
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    workshop = db.get_one(Workshop, session.workshop_id)
    venue = db.get(Venue, session.venue_id) if session.venue_id else None
    topic = db.get(Topic, workshop.topic_id) if workshop.topic_id else None
    people = db.exec(
        select(Attendee)
        .join(Seat, col(Seat.attendee_id) == Attendee.id)
        .where(Seat.session_id == session_id, col(Seat.state).in_((SeatState.CONFIRMED, SeatState.OFFERED)))
    ).all()
    found = [
        *_missing_parts(session),
        *_of_network(session, workshop, topic, venue),
        *_of_people([person.phone_kind for person in people], workshop),
        *_of_needs([need for person in people for need in person.needs], venue),
    ]
    if session.people_without_phone > session.devices:
        values = (("devices", session.devices), ("people", session.people_without_phone))
        found.append(Caution("few_devices", "note", 0, values))
    if session.starts_at and session.ends_at and session.starts_at > now:
        found += _of_plan(db, session, now)
    return tuple(found)


def _of_plan(db: Session, session: WorkshopSession, now: datetime) -> tuple[Caution, ...]:
    if session.starts_at is None or session.ends_at is None:
        return ()
    planned = Planned(
        0,
        tokyo_date(session.starts_at),
        tokyo_time(session.starts_at),
        tokyo_time(session.ends_at),
        session.venue_id,
        session.room_id,
    )
    return cautions_for(
        db,
        municipality_code=session.municipality_code,
        planned=[planned],
        now=now,
        except_session_id=session.id,
    )


def _missing_parts(session: WorkshopSession) -> list[Caution]:
    missing = []
    if session.starts_at is None or session.ends_at is None:
        missing.append(Caution("no_time", "note", 0))
    if session.venue_id is None and not session.online_url and not session.place_text:
        missing.append(Caution("no_place", "note", 0))
    return missing


def _of_network(
    session: WorkshopSession, workshop: Workshop, topic: Topic | None, venue: Venue | None
) -> list[Caution]:
    needs_network = workshop.needs_network or (topic is not None and topic.needs_network)
    if not needs_network or venue is None:
        return []
    if venue.has_wifi is None:
        return [Caution("wifi_unknown", "note", 0, (("venue", venue.name),))]
    if not venue.has_wifi:
        return [Caution("no_wifi", "note", 0, (("venue", venue.name),))]
    if venue.wifi_limit is not None and venue.wifi_limit < session.seats:
        values = (("venue", venue.name), ("limit", venue.wifi_limit), ("seats", session.seats))
        return [Caution("wifi_too_small", "note", 0, values)]
    return []


def _of_people(kinds: Sequence[PhoneKind], workshop: Workshop) -> list[Caution]:
    iphones, androids = kinds.count(PhoneKind.IPHONE), kinds.count(PhoneKind.ANDROID)
    meant = set(workshop.phone_systems)
    if len(meant) == 1:
        wrong = androids if PhoneKind.IPHONE in meant else iphones
        values = (("people", wrong), ("system", next(iter(meant))))
        return [Caution("other_phone", "note", 0, values)] if wrong else []
    if iphones and androids:
        return [Caution("mixed_phones", "note", 0, (("iphones", iphones), ("androids", androids)))]
    return []


def _of_needs(needs: Sequence[str], venue: Venue | None) -> list[Caution]:
    wheelchairs = needs.count(WHEELCHAIR)
    if not wheelchairs or venue is None or venue.has_ramp:
        return []
    code = "ramp_unknown" if venue.has_ramp is None else "no_ramp"
    return [Caution(code, "note", 0, (("people", wheelchairs), ("venue", venue.name)))]
