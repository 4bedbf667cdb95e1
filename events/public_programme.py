"""What anybody may read: the coming sessions of a municipality, and one workshop with the ways to apply.

Only columns that are marked public leave here, and how many seats are free; nobody who attends is named. A
municipality can switch its public pages off (``settings["public_pages"]``); then nothing of it is found.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.models import (
    ChannelWindow,
    Intake,
    IntakeSession,
    Municipality,
    Room,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.registration_rules import OVER_STATES
from events.registration_standing import free_times
from events.stages import stage
from events.states import (
    PUBLISHED_STATES,
    STOPPED_STATES,
    Channel,
    IntakeMethod,
    IntakeUnit,
    ProgrammeState,
    WorkshopKind,
)

PUBLIC_PAGES: Final = "public_pages"
_ORDER: Final = tuple(Channel)


@dataclass(frozen=True, slots=True)
class PublicCity:
    """A municipality as its public pages name it."""

    code: str
    name: str
    name_en: str
    contact_name: str
    contact_telephone: str


@dataclass(frozen=True, slots=True)
class PublicSession:
    """One coming session. ``held_on`` is a Tokyo date, moments are aware UTC; ``free`` counts places left.

    ``stage`` says how far it has come now; ``intake_id`` is None where people come without booking.
    """

    session_id: UUID
    workshop_id: UUID
    kind: WorkshopKind
    title: str
    number: int
    stage: ProgrammeState
    held_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    room: str
    town: str
    address: str
    latitude: float | None
    longitude: float | None
    access: str
    has_ramp: bool | None
    free: int
    intake_id: UUID | None
    method: IntakeMethod
    unit: IntakeUnit
    opens_at: datetime | None
    deadline_at: datetime | None

    @property
    def place(self) -> str:
        """Venue and room in one line."""
        return f"{self.venue} {self.room}".strip()


@dataclass(frozen=True, slots=True)
class PublicChannel:
    """One way to apply, and from when to when (aware UTC; None: no such end)."""

    channel: Channel
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicIntake:
    """What people apply to: its sessions in the order of time and the ways to apply.

    ``takes_web`` says whether an application over the public page is taken at this moment. ``free_times`` are free
    times at the consultation tables by session.
    """

    intake_id: UUID
    unit: IntakeUnit
    method: IntakeMethod
    deadline_by_postmark: bool
    result_notice_on: date | None
    desk_hours: str
    channels: tuple[PublicChannel, ...]
    sessions: tuple[PublicSession, ...]
    takes_web: bool
    free_times: Mapping[UUID, tuple[datetime, ...]]


@dataclass(frozen=True, slots=True)
class PublicWorkshop:
    """One workshop for anybody to read; money is in yen."""

    workshop_id: UUID
    city: PublicCity
    kind: WorkshopKind
    title: str
    summary: str
    target: str
    bring: str
    fee: int
    fee_note: str
    application_text: str
    contact_name: str
    contact_telephone: str
    minimum_age: int | None
    residents_only: bool
    phone_systems: tuple[str, ...]
    stopped: ProgrammeState | None
    sessions: tuple[PublicSession, ...]
    intakes: tuple[PublicIntake, ...]


def public_city(db: Session, *, municipality_code: str) -> PublicCity:
    """A municipality whose public pages are on. Raises NotFound."""
    city = db.get(Municipality, municipality_code)
    if city is None or city.settings.get(PUBLIC_PAGES) is False:
        raise NotFound(thing="municipality_code")
    return PublicCity(city.code, city.name, city.name_en, city.contact_name, city.contact_telephone)


def public_cities(db: Session) -> tuple[PublicCity, ...]:
    """All municipalities whose public pages are on, by code."""
    cities = db.exec(select(Municipality).order_by(col(Municipality.code))).all()
    return tuple(
        PublicCity(city.code, city.name, city.name_en, city.contact_name, city.contact_telephone)
        for city in cities
        if city.settings.get(PUBLIC_PAGES) is not False
    )


def public_sessions(db: Session, *, municipality_code: str, now: datetime) -> tuple[PublicSession, ...]:
    """The published sessions that still come, stopped ones too, in the order of time. Raises NotFound."""
    public_city(db, municipality_code=municipality_code)
    return _sessions(db, now, col(WorkshopSession.municipality_code) == municipality_code)


def public_workshop(db: Session, *, workshop_id: UUID, now: datetime) -> PublicWorkshop:
    """One published workshop; its sessions are those that still come. Raises NotFound."""
    workshop = db.get(Workshop, workshop_id)
    if workshop is None or workshop.state is ProgrammeState.DRAFT:
        raise NotFound(thing="workshop_id")
    city = public_city(db, municipality_code=workshop.municipality_code)
    sessions = _sessions(db, now, col(WorkshopSession.workshop_id) == workshop_id)
    return PublicWorkshop(
        workshop_id=workshop.id,
        city=city,
        kind=workshop.kind,
        title=workshop.title,
        summary=workshop.summary,
        target=workshop.target,
        bring=workshop.bring,
        fee=workshop.fee,
        fee_note=workshop.fee_note,
        application_text=workshop.application_text,
        contact_name=workshop.contact_name or city.contact_name,
        contact_telephone=workshop.contact_telephone or city.contact_telephone,
        minimum_age=workshop.minimum_age,
        residents_only=workshop.residents_only,
        phone_systems=tuple(workshop.phone_systems),
        stopped=workshop.state if workshop.state in STOPPED_STATES else None,
        sessions=sessions,
        intakes=_intakes(db, workshop, sessions, now),
    )


def _sessions(db: Session, now: datetime, condition: Any) -> tuple[PublicSession, ...]:
    session = WorkshopSession
    taken = col(session.confirmed_count) + col(session.offered_count) + col(session.lent_count)
    intake_of = (
        sqlalchemy.select(col(IntakeSession.intake_id))
        .where(col(IntakeSession.session_id) == col(session.id))
        .order_by(col(IntakeSession.intake_id))
        .limit(1)
        .correlate(WorkshopSession)
        .scalar_subquery()
    )
    query: Any = (
        sqlalchemy.select(
            col(session.id).label("session_id"),
            col(session.workshop_id),
            col(Workshop.kind),
            col(Workshop.title),
            col(session.number),
            col(session.state).label("stage"),
            col(session.held_on),
            col(session.starts_at),
            col(session.ends_at),
            func.coalesce(Venue.name, session.place_text).label("venue"),
            func.coalesce(Room.name, "").label("room"),
            func.coalesce(Venue.town, "").label("town"),
            func.coalesce(Venue.address, "").label("address"),
            col(Venue.latitude),
            col(Venue.longitude),
            func.coalesce(Venue.access, "").label("access"),
            col(Venue.has_ramp),
            (col(session.seats) - taken).label("free"),
            col(Intake.id).label("intake_id"),
            func.coalesce(col(Intake.method), IntakeMethod.NO_BOOKING).label("method"),
            func.coalesce(col(Intake.unit), IntakeUnit.SESSION).label("unit"),
            col(Intake.opens_at),
            col(Intake.deadline_at),
        )
        .join(Workshop, col(Workshop.id) == col(session.workshop_id))
        .outerjoin(Venue, col(Venue.id) == col(session.venue_id))
        .outerjoin(Room, col(Room.id) == col(session.room_id))
        .outerjoin(Intake, col(Intake.id) == intake_of)
        .where(
            condition,
            col(session.held_on) >= tokyo_date(now),
            col(session.state).in_(PUBLISHED_STATES - OVER_STATES),
            col(Workshop.state) != ProgrammeState.DRAFT,
        )
        .order_by(col(session.held_on), col(session.starts_at), col(Workshop.title), col(session.id))
    )
    found = (_session(dict(row), now) for row in db.connection().execute(query).mappings())
    return tuple(each for each in found if each.stage not in OVER_STATES)


def _session(values: dict[str, Any], now: datetime) -> PublicSession:
    values["free"] = max(0, values["free"])
    values["method"], values["unit"] = IntakeMethod(values["method"]), IntakeUnit(values["unit"])
    values["stage"] = stage(
        values["stage"],
        opens_at=values["opens_at"],
        deadline_at=values["deadline_at"],
        ends_at=values["starts_at"],  # for those who want to apply, a session that has begun is over
        now=now,
    )
    return PublicSession(**values)


def _intakes(
    db: Session, workshop: Workshop, sessions: Sequence[PublicSession], now: datetime
) -> tuple[PublicIntake, ...]:
    coming: dict[UUID, list[PublicSession]] = {}
    for session in sessions:
        if session.intake_id is not None and session.method is not IntakeMethod.NO_BOOKING:
            coming.setdefault(session.intake_id, []).append(session)
    found = {intake.id: intake for intake in db.exec(select(Intake).where(col(Intake.id).in_(coming))).all()}
    windows = _windows(db, coming)
    times = free_times(db, [each.session_id for each in sessions if each.unit is IntakeUnit.SLOTS])
    begun = _begun_courses(db, coming, now)
    return tuple(
        _intake(found[intake_id], workshop, of_intake, windows.get(intake_id, {}), times, now, begun=intake_id in begun)
        for intake_id, of_intake in coming.items()
    )


def _intake(
    intake: Intake,
    workshop: Workshop,
    sessions: Sequence[PublicSession],
    windows: Mapping[Channel, ChannelWindow],
    times: Mapping[UUID, tuple[datetime, ...]],
    now: datetime,
    *,
    begun: bool,
) -> PublicIntake:
    channels = tuple(_channel(intake, channel, windows.get(channel)) for channel in _channels(intake))
    web = next((each for each in channels if each.channel is Channel.WEB), None)
    ended = workshop.state in STOPPED_STATES | OVER_STATES or workshop.read_only or begun
    return PublicIntake(
        intake_id=intake.id,
        unit=intake.unit,
        method=intake.method,
        deadline_by_postmark=intake.deadline_by_postmark,
        result_notice_on=intake.result_notice_on,
        desk_hours=intake.desk_hours,
        channels=channels,
        sessions=tuple(sessions),
        takes_web=web is not None and not ended and _is_open(web, now) and any(map(_can_be_booked, sessions)),
        free_times={each.session_id: times.get(each.session_id, ()) for each in sessions},
    )


def _can_be_booked(session: PublicSession) -> bool:
    return session.stage not in STOPPED_STATES | OVER_STATES


def _channels(intake: Intake) -> tuple[Channel, ...]:
    """The ways this intake is open to; where nobody limited them, all but those nobody announces."""
    if not intake.channels:
        return (Channel.TELEPHONE, Channel.COUNTER, Channel.WEB)
    return tuple(channel for channel in _ORDER if channel.value in intake.channels)


def _channel(intake: Intake, channel: Channel, window: ChannelWindow | None) -> PublicChannel:
    opens_at = (window.opens_at if window else None) or intake.opens_at
    closes_at = (window.closes_at if window else None) or intake.deadline_at
    return PublicChannel(channel, opens_at, closes_at)


def _is_open(channel: PublicChannel, now: datetime) -> bool:
    if channel.opens_at is not None and now < channel.opens_at:
        return False
    return channel.closes_at is None or now <= channel.closes_at


def _windows(db: Session, intake_ids: Collection[UUID]) -> dict[UUID, dict[Channel, ChannelWindow]]:
    windows: dict[UUID, dict[Channel, ChannelWindow]] = {}
    for window in db.exec(select(ChannelWindow).where(col(ChannelWindow.intake_id).in_(intake_ids))).all():
        windows.setdefault(window.intake_id, {})[window.channel] = window
    return windows


def _begun_courses(db: Session, intake_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Courses whose first sessions are over or run: nobody joins them over the web."""
    query = (
        select(Intake.id)
        .join(IntakeSession, col(IntakeSession.intake_id) == Intake.id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(
            col(Intake.id).in_(intake_ids),
            Intake.unit == IntakeUnit.COURSE,
            col(WorkshopSession.starts_at) <= now,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
        )
    )
    return set(db.exec(query).all())
