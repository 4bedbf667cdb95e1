"""What may leave as open data: sessions that are published, and venues. Only columns that are marked public are read.

``PUBLISHED`` is the whole list; a test of the schema holds it against the marks.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.free_text import checked_text
from events.models import (
    Intake,
    IntakeSession,
    Municipality,
    Organisation,
    Room,
    Venue,
    Workshop,
    WorkshopHost,
    WorkshopSession,
)
from events.states import PUBLISHED_STATES, IntakeMethod, ProgrammeState, WorkshopKind

PUBLISHED: Final[Mapping[Any, tuple[str, ...]]] = {
    Municipality: ("code", "name"),
    Workshop: (
        "title", "kind", "summary", "target", "url", "fee", "fee_note", "application_text",
        "contact_name", "contact_telephone",
    ),
    WorkshopSession: ("open_data_number", "state", "held_on", "starts_at", "ends_at", "seats", "place_text"),
    Venue: (
        "number", "name", "kana", "poi_code", "postal_code", "town", "address", "latitude", "longitude", "telephone",
        "access", "accessibility", "has_ramp", "opening_rule",
    ),
    Room: ("name",),
    Intake: ("method", "deadline_at"),
    Organisation: ("name",),
    WorkshopHost: ("part",),
}  # fmt: skip
CONTACTS_SETTING: Final = "public_contacts"


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A venue as it may be published. ``number`` is the office's own, or one that is never given again."""

    number: str
    name: str
    kana: str
    poi_code: str
    postal_code: str
    town: str
    address: str
    latitude: float | None
    longitude: float | None
    telephone: str
    access: str
    accessibility: tuple[str, ...]
    has_ramp: bool | None
    opening_rule: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PublicSession:
    """One session as it may be published. ``online``: whether it can be joined from elsewhere, never the address."""

    workshop_id: UUID  # only for the address of its public page
    number: str
    title: str
    kind: WorkshopKind
    state: ProgrammeState
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    seats: int
    summary: str
    target: str
    url: str
    fee: int
    fee_note: str
    application_text: str
    contact_name: str
    contact_telephone: str
    place: PublicPlace | None
    room: str
    place_text: str
    online: bool
    host: str
    co_host: str
    method: IntakeMethod | None
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicData:
    """What a municipality may publish. ``contacts``: numbers and addresses that the office ticked as public ones."""

    code: str
    name: str
    sessions: tuple[PublicSession, ...]
    places: tuple[PublicPlace, ...]
    contacts: tuple[str, ...]


def public_data(
    db: Session, *, municipality_code: str, first: date | None = None, last: date | None = None
) -> PublicData:
    """The published sessions of a municipality from ``first`` to ``last`` (Tokyo dates) and its venues.

    Raises NotFound.
    """
    city = db.get(Municipality, municipality_code)
    if city is None:
        raise NotFound(thing="municipality_code")
    places = _places(db, municipality_code)
    known = tuple(place for place, retired in places.values() if not retired)
    return PublicData(
        city.code,
        city.name,
        tuple(_sessions(db, municipality_code, first, last, {key: place for key, (place, _) in places.items()})),
        tuple(sorted(known, key=lambda place: (place.kana or place.name, place.number))),
        public_contacts(db, municipality_code=municipality_code),
    )


def public_contacts(db: Session, *, municipality_code: str) -> tuple[str, ...]:
    """Mobile numbers and free-mail addresses that the office ticked as those of a body (団体の公開番号)."""
    city = db.get(Municipality, municipality_code)
    kept = city.settings.get(CONTACTS_SETTING, []) if city else []
    return tuple(str(each) for each in kept) if isinstance(kept, list) else ()


def tick_public_contact(db: Session, *, municipality_code: str, value: str, ticked: bool) -> tuple[str, ...]:
    """Say that a number or address is a body's own and may be published, or no longer. Raises InvalidValue."""
    city = db.get(Municipality, municipality_code, with_for_update=True)
    if city is None:
        raise NotFound(thing="municipality_code")
    value = checked_text(value, field="contact", longest=200, required=True)
    kept = [each for each in public_contacts(db, municipality_code=municipality_code) if each != value]
    if ticked:
        kept.append(value)
    if len(kept) > 200:
        raise InvalidValue(field="contact", value=len(kept), problem="too_many", most=200)
    city.settings = {**city.settings, CONTACTS_SETTING: kept}
    db.flush()
    return tuple(kept)


def _places(db: Session, code: str) -> dict[UUID, tuple[PublicPlace, bool]]:
    columns: list[Any] = [Venue.id, Venue.retired_on, *(getattr(Venue, name) for name in PUBLISHED[Venue])]
    query = sqlalchemy.select(*columns).where(col(Venue.municipality_code) == code).order_by(col(Venue.id))
    rows = db.connection().execute(query).all()
    numbers = _numbers([(row.id, row.number) for row in rows])
    return {
        row.id: (
            PublicPlace(
                **{
                    **{name: getattr(row, name) for name in PUBLISHED[Venue]},
                    "number": numbers[row.id],
                    "accessibility": tuple(row.accessibility),
                }
            ),
            row.retired_on is not None,
        )
        for row in rows
    }


def _sessions(
    db: Session, code: str, first: date | None, last: date | None, places: Mapping[UUID, PublicPlace]
) -> list[PublicSession]:
    own = [getattr(WorkshopSession, name) for name in PUBLISHED[WorkshopSession]]
    offered = [getattr(Workshop, name) for name in PUBLISHED[Workshop]]
    columns: list[Any] = [
        WorkshopSession.id,
        WorkshopSession.workshop_id,
        WorkshopSession.venue_id,
        (col(WorkshopSession.online_url) != "").label("online"),
        *own,
        *offered,
        col(Room.name).label("room"),
    ]
    query = (
        sqlalchemy.select(*columns)
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .outerjoin(Room, col(Room.id) == WorkshopSession.room_id)
        .where(col(WorkshopSession.municipality_code) == code)
        .order_by(col(WorkshopSession.id))
    )
    rows = db.connection().execute(query).all()
    numbers = _numbers([(row.id, row.open_data_number) for row in rows])
    hosts, intakes = _hosts(db, code), _intakes(db, code)
    found = []
    for row in rows:
        if row.state not in PUBLISHED_STATES or (first and row.held_on < first) or (last and row.held_on > last):
            continue
        method, deadline = intakes.get(row.id, (None, None))
        found.append(
            PublicSession(
                **{
                    name: getattr(row, name)
                    for name in (*PUBLISHED[Workshop], *PUBLISHED[WorkshopSession])
                    if name != "open_data_number"
                },
                workshop_id=row.workshop_id,
                number=numbers[row.id],
                place=places.get(row.venue_id) if row.venue_id else None,
                room=row.room or "",
                online=bool(row.online),
                host=hosts[row.workshop_id, "host"],
                co_host=hosts[row.workshop_id, "co_host"],
                method=method,
                deadline_at=deadline,
            )
        )
    return sorted(found, key=_when)


def _when(session: PublicSession) -> tuple[date, float, str]:
    return session.held_on, session.starts_at.timestamp() if session.starts_at else 0.0, session.number


def _numbers(rows: list[tuple[UUID, str]]) -> dict[UUID, str]:
    """The number of each row: the office's own; its id (never given again) where there is none, or another has it."""
    taken: set[str] = set()
    numbers = {}
    for row_id, number in rows:  # ids grow with time: whoever had a number first keeps it
        numbers[row_id] = number if number and number not in taken else row_id.hex
        taken.add(numbers[row_id])
    return numbers


def _hosts(db: Session, code: str) -> defaultdict[tuple[UUID, str], str]:
    query = (
        select(WorkshopHost.workshop_id, WorkshopHost.part, Organisation.name)
        .join(Organisation, col(Organisation.id) == WorkshopHost.organisation_id)
        .where(Organisation.municipality_code == code)
        .order_by(col(WorkshopHost.id))
    )
    hosts: defaultdict[tuple[UUID, str], str] = defaultdict(str)
    for workshop_id, part, name in db.exec(query).all():
        before = hosts[workshop_id, part]
        hosts[workshop_id, part] = f"{before}、{name}" if before else name
    return hosts


def _intakes(db: Session, code: str) -> dict[UUID, tuple[IntakeMethod, datetime | None]]:
    query = (
        select(IntakeSession.session_id, Intake.method, Intake.deadline_at)
        .join(Intake, col(Intake.id) == IntakeSession.intake_id)
        .where(Intake.municipality_code == code)
    )
    return {session_id: (IntakeMethod(method), deadline) for session_id, method, deadline in db.exec(query).all()}
