"""What can be booked: the right side of the telephone screen. The same few statements whatever the number of rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, or_, select

from events.japan.clock import tokyo_date
from events.japan.names import name_key
from events.models import (
    Attendee,
    ChannelWindow,
    Intake,
    IntakeSession,
    Room,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.registration_receipts import SessionTime
from events.registration_rules import has_begun
from events.registration_standing import busy_times, free_times, own_states, people_waiting
from events.states import (
    STOPPED_STATES,
    Channel,
    IntakeMethod,
    IntakeUnit,
    ProgrammeState,
    RegistrationState,
    WorkshopKind,
)
from events.suitability import unsuitable


@dataclass(frozen=True, slots=True)
class BookableSession:
    """One thing a caller can apply to: a session, a course as a whole, or one of several sessions to choose.

    ``key`` is unique in the list. ``opens_at`` and ``deadline_at`` are aware UTC; ``is_open`` says whether
    applications are taken now, ``opens_later`` that they will be. ``waiting`` counts the waiting list (or all
    applicants before a draw).
    ``registered`` is where this person's own application stands. ``unsuitable`` are reasons in codes, in words
    under ``telephone.unsuitable.<code>``; they warn, they do not refuse. ``free_times`` are free times at the
    consultation tables.
    """

    key: str
    intake_id: UUID
    session_id: UUID
    workshop_id: UUID
    title: str
    short_title: str
    town: str
    kind: WorkshopKind
    unit: IntakeUnit
    method: IntakeMethod
    sessions: tuple[SessionTime, ...]
    seats: int
    seats_left: int
    waiting: int
    is_open: bool
    opens_later: bool
    opens_at: datetime | None
    deadline_at: datetime | None
    drawn: bool
    result_notice_on: date | None
    bring: str
    fee: int
    devices_left: int
    companion_takes_seat: bool
    registered: RegistrationState | None
    unsuitable: tuple[str, ...]
    free_times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A session with all that its row needs."""

    session: WorkshopSession
    workshop: Workshop
    intake: Intake
    venue: Venue | None
    room: str
    window: ChannelWindow | None  # the times of the telephone, where it has its own

    @property
    def opens_at(self) -> datetime | None:
        """From when applications are taken by telephone."""
        return (self.window.opens_at if self.window else None) or self.intake.opens_at

    @property
    def closes_at(self) -> datetime | None:
        """Until when applications are taken by telephone."""
        return (self.window.closes_at if self.window else None) or self.intake.deadline_at


def bookable_sessions(
    db: Session,
    *,
    municipality_code: str,
    now: datetime,
    text: str = "",
    phone_system: str | None = None,
    attendee_id: UUID | None = None,
    session_id: UUID | None = None,
    limit: int = 30,
) -> tuple[BookableSession, ...]:
    """What a caller can apply to, soonest first; what is not open yet or closed stays in sight, after the rest.

    ``text`` looks in titles and venues, ``session_id`` narrows to what that session belongs to. For a person
    (``attendee_id``) or a telephone (``phone_system``: iphone, android, none …) it says what does not suit.
    """
    person = db.get(Attendee, attendee_id) if attendee_id else None
    groups = _grouped(_lines(db, municipality_code, now, session_id), now)
    intake_ids = {group[0].intake.id for group in groups}
    waiting = people_waiting(db, intake_ids)
    own = own_states(db, intake_ids, attendee_id)
    busy = busy_times(db, attendee_id, now)
    times = free_times(db, [group[0].session.id for group in groups if group[0].intake.unit is IntakeUnit.SLOTS])
    rows = [
        _row(group, now, waiting, own, busy, times, person, phone_system)
        for group in groups
    ]
    found = [row for row in rows if speaks_of(row, text)]
    return tuple(sorted(found, key=lambda row: (not row.is_open, _begins(row)))[:limit])


def _lines(db: Session, code: str, now: datetime, session_id: UUID | None) -> list[_Line]:
    today = tokyo_date(now)
    running = (
        select(IntakeSession.intake_id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(WorkshopSession.municipality_code == code, col(WorkshopSession.held_on) < today)
    )
    query = (
        sqlalchemy.select(WorkshopSession, Workshop, Intake)
        .add_columns(Venue, Room, ChannelWindow)
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .join(IntakeSession, col(IntakeSession.session_id) == WorkshopSession.id)
        .join(Intake, col(Intake.id) == IntakeSession.intake_id)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .outerjoin(Room, col(Room.id) == WorkshopSession.room_id)
        .outerjoin(
            ChannelWindow,
            (col(ChannelWindow.intake_id) == Intake.id) & (col(ChannelWindow.channel) == Channel.TELEPHONE),
        )
        .where(
            col(WorkshopSession.municipality_code) == code,
            col(WorkshopSession.held_on) >= today,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
            col(Workshop.state).not_in({ProgrammeState.DRAFT, *STOPPED_STATES}),
            col(Intake.method) != IntakeMethod.NO_BOOKING,
            col(Workshop.read_only).is_(False),
            or_(col(Intake.unit) != IntakeUnit.COURSE, col(Intake.id).not_in(running)),
        )
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at), col(WorkshopSession.id))
    )
    if session_id is not None:
        of_session = select(IntakeSession.intake_id).where(IntakeSession.session_id == session_id)
        query = query.where(col(Intake.id).in_(of_session))
    return [
        _Line(session, workshop, intake, venue, room.name if room else "", window)
        for session, workshop, intake, venue, room, window in db.execute(query)
    ]


def _grouped(lines: Sequence[_Line], now: datetime) -> list[list[_Line]]:
    """One group for each thing to apply to: a course is one, everything else goes session by session."""
    groups: dict[tuple[UUID, UUID | None], list[_Line]] = {}
    for line in lines:
        is_course = line.intake.unit is IntakeUnit.COURSE
        groups.setdefault((line.intake.id, None if is_course else line.session.id), []).append(line)
    return [group for group in groups.values() if not any(has_begun(line.session, now) for line in group)]


def speaks_of(row: BookableSession, text: str) -> bool:
    """Whether title or places of a row hold every word of ``text``, in whatever width it was typed."""
    places = " ".join(f"{time.venue} {time.room}" for time in row.sessions)
    said = name_key(f"{row.title} {row.short_title} {places} {row.town}")
    return all(word in said for word in map(name_key, text.replace("\u3000", " ").split()))


def _row(
    group: Sequence[_Line],
    now: datetime,
    waiting: Mapping[tuple[UUID, UUID | None], int],
    own: Mapping[UUID, RegistrationState],
    busy: Collection[tuple[datetime, datetime]],
    times: Mapping[UUID, tuple[datetime, ...]],
    person: Attendee | None,
    phone_system: str | None,
) -> BookableSession:
    first = group[0]
    intake, workshop = first.intake, first.workshop
    counted = first.session.id if intake.unit is IntakeUnit.CHOICE else None
    return BookableSession(
        key=f"{intake.id}/{first.session.id}",
        intake_id=intake.id,
        session_id=first.session.id,
        workshop_id=workshop.id,
        title=workshop.title,
        short_title=workshop.short_title,
        town=first.venue.town if first.venue else "",
        kind=workshop.kind,
        unit=intake.unit,
        method=intake.method,
        sessions=_times(group),
        seats=min(line.session.seats for line in group),
        seats_left=max(0, min(_free(line.session) for line in group)),
        waiting=waiting.get((intake.id, counted), 0),
        is_open=_is_open(first, now),
        opens_later=first.opens_at is not None and now < first.opens_at,
        opens_at=first.opens_at,
        deadline_at=first.closes_at,
        drawn=intake.drawn_at is not None,
        result_notice_on=intake.result_notice_on,
        bring=workshop.bring,
        fee=workshop.fee,
        devices_left=min(line.session.devices - line.session.people_without_phone for line in group),
        companion_takes_seat=workshop.companion_takes_seat,
        registered=own.get(intake.id),
        unsuitable=unsuitable(
            workshop,
            [(line.session, line.venue) for line in group],
            busy=() if intake.id in own else busy,
            person=person,
            phone_system=phone_system,
        ),
        free_times=times.get(first.session.id, ()),
    )


def _times(group: Sequence[_Line]) -> tuple[SessionTime, ...]:
    return tuple(
        SessionTime(
            session_id=line.session.id,
            position=position,
            held_on=line.session.held_on,
            starts_at=line.session.starts_at,
            ends_at=line.session.ends_at,
            venue=line.venue.name if line.venue else line.session.place_text,
            room=line.room,
            online=bool(line.session.online_url),
            state=line.session.state,
        )
        for position, line in enumerate(group, start=1)
    )


def _is_open(line: _Line, now: datetime) -> bool:
    if line.opens_at is not None and now < line.opens_at:
        return False
    return line.closes_at is None or now <= line.closes_at


def _free(session: WorkshopSession) -> int:
    return session.seats - session.confirmed_count - session.offered_count - session.lent_count


def _begins(row: BookableSession) -> tuple[str, str]:
    first = row.sessions[0]
    return first.held_on.isoformat(), first.starts_at.isoformat() if first.starts_at else ""
