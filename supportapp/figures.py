"""集計: what a fiscal year came to, in counts. Nobody's name is read here.

Every share comes with its numerator and its denominator, because a rate alone cannot be checked. Days are Tokyo dates;
a session counts as held from the day after it, so that the figures of a running day do not move at every tick.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.japan.fiscal_year import first_day, last_day
from events.models import (
    Attendance,
    IntakeSession,
    Registration,
    Seat,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.states import (
    STOPPED_STATES,
    AttendanceState,
    Channel,
    ProgrammeState,
    RegistrationState,
    SeatState,
    WorkshopKind,
)

_CAME = (AttendanceState.PRESENT, AttendanceState.LATE)


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; no percentage when there is nothing to compare with."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: how many sessions, seats, booked seats, and people who came. ``name`` is a key or a place."""

    name: str
    sessions: int
    seats: int
    booked: int
    came: int


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A fiscal year up to ``today``.

    ``planned`` counts sessions that stand (no drafts, none cancelled), ``stopped`` those cancelled or postponed.
    ``attendance`` and ``no_shows`` are of the seats at sessions where somebody was ticked; walk-ins stand apart.
    ``first_timers`` are people whose first visit ever was this year, of all who came this year.
    """

    fiscal_year: int
    planned: int
    held: int
    stopped: int
    seats: int
    fill: Share
    attendance: Share
    no_shows: Share
    absent_with_notice: int
    walk_ins: int
    first_timers: Share
    waiting: int
    channels: tuple[tuple[Channel, int], ...]
    kinds: tuple[Line, ...]
    districts: tuple[Line, ...]
    months: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """One session with its counts."""

    id: UUID
    held_on: date
    state: ProgrammeState
    seats: int
    booked: int
    kind: WorkshopKind
    town: str
    came: int
    came_with_seat: int
    no_shows: int
    noticed: int
    walk_ins: int
    seated: int

    @property
    def is_ticked(self) -> bool:
        """Whether somebody was ticked there."""
        return bool(self.came or self.no_shows or self.noticed)


def year_figures(db: Session, *, municipality_code: str, fiscal_year: int, today: date) -> YearFigures:
    """The figures of one fiscal year; six questions to the database, however much happened."""
    sessions = sessions_of_year(db, municipality_code, fiscal_year)
    standing = [session for session in sessions if session.state not in STOPPED_STATES]
    ticked = [session for session in standing if session.is_ticked]
    seats = sum(session.seats for session in standing)
    seated = sum(session.seated for session in ticked)
    return YearFigures(
        fiscal_year=fiscal_year,
        planned=len(standing),
        held=sum(session.held_on < today for session in standing),
        stopped=len(sessions) - len(standing),
        seats=seats,
        fill=Share(sum(session.booked for session in standing), seats),
        attendance=Share(sum(session.came_with_seat for session in ticked), seated),
        no_shows=Share(sum(session.no_shows for session in ticked), seated),
        absent_with_notice=sum(session.noticed for session in ticked),
        walk_ins=sum(session.walk_ins for session in standing),
        first_timers=_first_timers(db, municipality_code, fiscal_year),
        waiting=_waiting(db, municipality_code, fiscal_year, today),
        channels=_channels(db, municipality_code, fiscal_year),
        kinds=_grouped(standing, lambda session: session.kind.value),
        districts=_grouped(standing, lambda session: session.town),
        months=_months(standing, fiscal_year),
    )


def sessions_of_year(db: Session, code: str, year: int) -> list[HeldSession]:
    """The sessions of a fiscal year that are no drafts, with their counts; three questions to the database."""
    query = (
        select(WorkshopSession, Workshop.kind, Venue.town)
        .join(Workshop, col(WorkshopSession.workshop_id) == col(Workshop.id))
        .join(Venue, col(WorkshopSession.venue_id) == col(Venue.id), isouter=True)
        .where(*_of_year(code, year), WorkshopSession.state != ProgrammeState.DRAFT)
    )
    ticks, seated = _ticks(db, code, year), _seated(db, code, year)
    return [
        HeldSession(
            id=session.id,
            held_on=session.held_on,
            state=session.state,
            seats=session.seats,
            booked=session.confirmed_count,
            kind=WorkshopKind(kind),
            town=town or "",
            seated=seated.get(session.id, 0),
            **_counted(ticks[session.id]),
        )
        for session, kind, town in db.exec(query)
    ]


def _of_year(code: str, year: int) -> tuple[bool, ...]:
    return (
        WorkshopSession.municipality_code == code,
        WorkshopSession.held_on >= first_day(year),
        WorkshopSession.held_on <= last_day(year),
    )


_Ticks = dict[tuple[AttendanceState, bool], int]


def _ticks(db: Session, code: str, year: int) -> defaultdict[UUID, _Ticks]:
    query = (
        select(Attendance.session_id, Attendance.state, Attendance.walk_in, func.count())
        .join(WorkshopSession, col(Attendance.session_id) == col(WorkshopSession.id))
        .where(*_of_year(code, year), col(Attendance.undone_at).is_(None), col(Attendance.companion).is_(False))
        .group_by(col(Attendance.session_id), col(Attendance.state), col(Attendance.walk_in))
    )
    found: defaultdict[UUID, _Ticks] = defaultdict(dict)
    for session_id, state, walk_in, count in db.exec(query):
        found[session_id][AttendanceState(state), walk_in] = count
    return found


def _counted(ticks: _Ticks) -> dict[str, int]:
    came = sum(count for (state, _), count in ticks.items() if state in _CAME)
    walk_ins = sum(count for (state, walk_in), count in ticks.items() if walk_in and state in _CAME)
    return {
        "came": came,
        "came_with_seat": came - walk_ins,
        "walk_ins": walk_ins,
        "no_shows": ticks.get((AttendanceState.ABSENT, False), 0),
        "noticed": ticks.get((AttendanceState.ABSENT_NOTICE, False), 0),
    }


def _seated(db: Session, code: str, year: int) -> dict[UUID, int]:
    """Per session the people who had booked a seat; whoever came without one is no denominator."""
    query = (
        select(Seat.session_id, func.count())
        .join(WorkshopSession, col(Seat.session_id) == col(WorkshopSession.id))
        .join(Registration, col(Seat.registration_id) == col(Registration.id))
        .where(*_of_year(code, year), Seat.state == SeatState.CONFIRMED, Registration.channel != Channel.WALK_IN)
        .group_by(col(Seat.session_id))
    )
    return dict(db.exec(query).all())


def _first_timers(db: Session, code: str, year: int) -> Share:
    """People who came, by the fiscal year of their first visit of all."""
    visits = (
        select(
            func.min(WorkshopSession.held_on).label("first"),
            func.max(WorkshopSession.held_on).filter(col(WorkshopSession.held_on) <= last_day(year)).label("newest"),
        )
        .select_from(Attendance)
        .join(WorkshopSession, col(Attendance.session_id) == col(WorkshopSession.id))
        .where(
            Attendance.municipality_code == code,
            col(Attendance.undone_at).is_(None),
            col(Attendance.state).in_(_CAME),
        )
        .group_by(col(Attendance.attendee_id))
        .subquery()
    )
    here = visits.c.newest >= first_day(year)
    query = select(func.count().filter(visits.c.first >= first_day(year)), func.count()).select_from(visits).where(here)
    first, all_people = db.exec(query).one()
    return Share(first, all_people)


def _waiting(db: Session, code: str, year: int, today: date) -> int:
    """People on a waiting list for sessions of the year that are still to come."""
    query = (
        select(func.count(func.distinct(col(Registration.id))))
        .join(IntakeSession, col(IntakeSession.intake_id) == col(Registration.intake_id))
        .join(WorkshopSession, col(IntakeSession.session_id) == col(WorkshopSession.id))
        .where(
            *_of_year(code, year),
            WorkshopSession.held_on >= today,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
            Registration.state == RegistrationState.WAITING,
        )
    )
    return db.exec(query).one()


def _channels(db: Session, code: str, year: int) -> tuple[tuple[Channel, int], ...]:
    """How applications of the year came in, the most frequent first."""
    query = (
        select(Registration.channel, func.count(func.distinct(col(Registration.id))))
        .join(IntakeSession, col(IntakeSession.intake_id) == col(Registration.intake_id))
        .join(WorkshopSession, col(IntakeSession.session_id) == col(WorkshopSession.id))
        .where(*_of_year(code, year))
        .group_by(col(Registration.channel))
    )
    found = [(Channel(channel), count) for channel, count in db.exec(query)]
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def _grouped(sessions: Iterable[HeldSession], name: Callable[[HeldSession], str]) -> tuple[Line, ...]:
    groups: dict[str, list[HeldSession]] = defaultdict(list)
    for session in sessions:
        groups[name(session)].append(session)
    return tuple(sorted((_line(key, group) for key, group in groups.items()), key=lambda line: -line.sessions))


def _months(sessions: Iterable[HeldSession], year: int) -> tuple[Line, ...]:
    """The twelve months from April, also those with nothing; ``name`` is ``2026-04``."""
    groups: dict[str, list[HeldSession]] = {
        f"{year + (month > 12):04}-{(month - 1) % 12 + 1:02}": [] for month in range(4, 16)
    }
    for session in sessions:
        groups[f"{session.held_on:%Y-%m}"].append(session)
    return tuple(_line(month, group) for month, group in groups.items())


def _line(name: str, sessions: Iterable[HeldSession]) -> Line:
    group = list(sessions)
    return Line(
        name=name,
        sessions=len(group),
        seats=sum(session.seats for session in group),
        booked=sum(session.booked for session in group),
        came=sum(session.came for session in group),
    )
