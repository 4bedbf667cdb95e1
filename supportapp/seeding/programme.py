"""Invented workshops at invented rooms: past, today and coming, on days when a hall would be open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from sqlmodel import Session, col, select

from events.japan.clock import at_tokyo
from events.japan.fiscal_year import fiscal_year
from events.japan.holidays import OpeningRule, closed_reason, is_holiday
from events.models import Intake, IntakeSession, Room, Venue, Workshop, WorkshopSession
from events.opening import stored_rule
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind
from supportapp.seeding.batch import Batch
from supportapp.seeding.cities import ROOMS, City
from supportapp.seeding.dice import Dice

DAYS_BACK = 210
DAYS_AHEAD = 75
OPENS_DAYS_BEFORE = 35
DEADLINE_DAYS_BEFORE = 7
SUNDAY = 6

_CLOCKS = ((time(10, 0), time(12, 0)), (time(13, 30), time(15, 30)), (time(15, 45), time(17, 15)))
_EVENING = (time(18, 30), time(20, 0))
# Today has one after the other, so that whoever opens the app finds one that runs soon.
_TODAY = (WorkshopKind.TRIAL, WorkshopKind.CONSULTATION, WorkshopKind.TRIAL, WorkshopKind.CONSULTATION)
_Room = tuple[UUID, UUID, int]  # venue, room, people
_Hours = tuple[time, time]
_TITLES = {
    WorkshopKind.TRIAL: ("スマートフォン体験会", "はじめてのスマホ体験会", "スマホにさわってみる会"),
    WorkshopKind.CLASS: ("スマホ教室 入門編", "スマホ教室 地図と乗換", "LINEで写真を送る教室", "防災アプリ教室"),
    WorkshopKind.CONSULTATION: ("スマホなんでも相談会", "個別スマホ相談"),
    WorkshopKind.OUTREACH: ("出張スマホ相談",),
    WorkshopKind.ONLINE: ("オンライン申請を試す会",),
}
_KIND_WEIGHTS = {
    WorkshopKind.TRIAL: 38,
    WorkshopKind.CLASS: 30,
    WorkshopKind.CONSULTATION: 24,
    WorkshopKind.OUTREACH: 4,
    WorkshopKind.ONLINE: 4,
}


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """What bookings and helpers need to know of a session. Times are aware UTC."""

    id: UUID
    day: date
    starts_at: datetime
    ends_at: datetime
    venue_id: UUID
    seats: int
    row: WorkshopSession


@dataclass(frozen=True, slots=True)
class PlannedIntake:
    """An intake with its sessions and the day's view of it."""

    id: UUID
    row: Intake
    sessions: tuple[PlannedSession, ...]
    kind: WorkshopKind


class Rooms:
    """Which room is free when; no two sessions share one."""

    def __init__(self, rooms: list[_Room]) -> None:
        self._rooms = rooms
        self._taken: set[tuple[UUID, date, _Hours]] = set()
        self._always_open = rooms[0][0]

    def take(self, day: date, clock: _Hours, dice: Dice, *, always_open: bool = False) -> _Room | None:
        """A free room; ``always_open``: in the house that opens on every weekday."""
        free = [room for room in self._rooms if (room[1], day, clock) not in self._taken]
        if always_open:
            free = [room for room in free if room[0] == self._always_open]
        if not free:
            return None
        room = dice.choice(free)
        self._taken.add((room[1], day, clock))
        return room


def make_programme(
    batch: Batch, city: City, sessions: int, *, dice: Dice, today: date, now: datetime
) -> list[PlannedIntake]:
    """Add venues, workshops and ``sessions`` sessions of a city; the first four of them are today."""
    rooms = Rooms(list(_venues(batch, city, dice)))
    intakes = todays_programme(batch, city, rooms, dice=dice, today=today, now=now, most=sessions)
    left = sessions - len(intakes)
    while left > 0:
        kind = dice.choices(list(_KIND_WEIGHTS), list(_KIND_WEIGHTS.values()))[0]
        wanted = min(left, dice.randint(2, 4) if kind is WorkshopKind.CLASS else dice.randint(1, 3))
        first_day = working_day(today + timedelta(days=_days_away(dice, coming=len(intakes) % 2 == 0)))
        made = _workshop(batch, city, kind, first_day, wanted, dice.choice(_CLOCKS), rooms, dice, today, now)
        left -= sum(len(intake.sessions) for intake in made)
        intakes.extend(made)
    return intakes


def _days_away(dice: Dice, *, coming: bool) -> int:
    return dice.randint(1, DAYS_AHEAD) if coming else dice.randint(-DAYS_BACK, -1)


def todays_programme(
    batch: Batch, city: City, rooms: Rooms, *, dice: Dice, today: date, now: datetime, most: int = len(_TODAY)
) -> list[PlannedIntake]:
    """Add a workshop of one session for each part of today, at most ``most`` of them."""
    intakes: list[PlannedIntake] = []
    for kind, clock in zip(_TODAY[:most], (*_CLOCKS, _EVENING), strict=False):
        intakes += _workshop(batch, city, kind, today, 1, clock, rooms, dice, today, now)
    return intakes


def rooms_of(db: Session, municipality_code: str) -> Rooms:
    """The rooms that an earlier seed made, in the order in which it made them."""
    rows = db.exec(
        select(Room.venue_id, Room.id, Room.people_limit)
        .join(Venue, col(Venue.id) == col(Room.venue_id))
        .where(Venue.municipality_code == municipality_code, col(Room.people_limit).is_not(None))
        .order_by(col(Venue.id), col(Room.id))
    )
    return Rooms([(venue_id, room_id, limit or 0) for venue_id, room_id, limit in rows])


def _venues(batch: Batch, city: City, dice: Dice) -> Iterator[_Room]:
    for number, (name, town) in enumerate(city.venues, start=1):
        venue = Venue(
            id=dice.new_id(),
            municipality_code=city.code,
            number=f"{number:04}",
            name=name,
            town=town,
            address=f"東京都{city.name}{town}{dice.randint(1, 4)}-{dice.randint(1, 30)}",
            latitude=round(city.latitude + dice.uniform(-0.018, 0.018), 6),
            longitude=round(city.longitude + dice.uniform(-0.018, 0.018), 6),
            telephone=f"({city.area_code})300-{dice.randrange(10_000):04}",
            has_wifi=dice.random() < 0.7,
            has_ramp=dice.random() < 0.75,
            opening_rule=opening_rule_json(always_open=number == 1),
        )
        batch.add(venue)
        for room_name, limit in dice.sample(ROOMS, 2):
            room = Room(id=dice.new_id(), venue_id=venue.id, name=room_name, people_limit=limit)
            batch.add(room)
            yield venue.id, room.id, limit


_MONDAYS = OpeningRule(closed_weekdays=(0,))


def opening_rule_json(*, always_open: bool = False) -> dict[str, object]:
    """The rule that many halls keep: closed on Mondays, or on the next working day when Monday is a holiday.

    ``always_open``: on every weekday, as one house of each city has it.
    """
    rule = OpeningRule(closed_weekdays=(), closed_at_year_end=False) if always_open else _MONDAYS
    return stored_rule(rule, opens=time(9), closes=time(21, 30))


@cache
def working_day(day: date) -> date:
    """The first day from ``day`` on when halls are open and offices work."""
    while day.weekday() == SUNDAY or is_holiday(day) or closed_reason(_MONDAYS, day) or _year_end(day):
        day += timedelta(days=1)
    return day


def _year_end(day: date) -> bool:
    return (day.month, day.day) >= (12, 28) or (day.month, day.day) <= (1, 4)


def _workshop(
    batch: Batch,
    city: City,
    kind: WorkshopKind,
    first_day: date,
    wanted: int,
    clock: _Hours,
    rooms: Rooms,
    dice: Dice,
    today: date,
    now: datetime,
) -> list[PlannedIntake]:
    seats = dice.choice((8, 10, 10, 12, 15))
    workshop = _workshop_row(city, kind, first_day, dice, now)
    sessions: list[PlannedSession] = []
    for number in range(wanted):
        day = first_day if number == 0 else working_day(first_day + timedelta(weeks=number))
        room = rooms.take(day, clock, dice, always_open=day == today)
        if room is None:
            continue
        sessions.append(_session(city, workshop, len(sessions) + 1, day, clock, room, seats, dice, today, now))
    if not sessions:
        return []
    workshop.state = min((session.row.state for session in sessions), key=list(ProgrammeState).index)
    batch.add(workshop)
    groups = [sessions] if kind is WorkshopKind.CLASS else [[session] for session in sessions]
    unit = IntakeUnit.COURSE if kind is WorkshopKind.CLASS else IntakeUnit.SESSION
    return [_intake(city, workshop, group, unit, dice, today) for group in groups]


def _workshop_row(city: City, kind: WorkshopKind, first_day: date, dice: Dice, now: datetime) -> Workshop:
    return Workshop(
        id=dice.new_id(),
        municipality_code=city.code,
        kind=kind,
        title=dice.choice(_TITLES[kind]),
        summary="少人数で、ひとりずつゆっくり進めます。",
        target="市内にお住まいの60歳以上の方",
        bring="お持ちの方はスマートフォン、飲み物",
        contact_name=f"{city.name} デジタル推進課",
        contact_telephone=f"({city.area_code})300-0000",
        needs_network=kind is WorkshopKind.ONLINE,
        funding_source=dice.choice(("市", "都", "国")),
        cost=dice.choice((None, 12_000, 30_000)),
        fiscal_year=fiscal_year(first_day),
        created_at=now,
        changed_at=now,
    )


def _session(
    city: City,
    workshop: Workshop,
    number: int,
    day: date,
    clock: _Hours,
    room: _Room,
    seats: int,
    dice: Dice,
    today: date,
    now: datetime,
) -> PlannedSession:
    starts, ends = clock
    row = WorkshopSession(
        id=dice.new_id(),
        municipality_code=city.code,
        workshop_id=workshop.id,
        number=number,
        state=_state(day, today, dice),
        starts_at=at_tokyo(day, starts),
        ends_at=at_tokyo(day, ends),
        meeting_at=at_tokyo(day, starts) - timedelta(minutes=30),
        held_on=day,
        venue_id=room[0],
        room_id=room[1],
        room_limit=room[2],
        seats=min(seats, room[2]),
        devices=dice.choice((2, 4, 5, 8)),
        calendar_changed_at=now,
    )
    assert row.starts_at is not None
    assert row.ends_at is not None
    return PlannedSession(row.id, day, row.starts_at, row.ends_at, room[0], row.seats, row)


def _state(day: date, today: date, dice: Dice) -> ProgrammeState:
    if day < today:
        return ProgrammeState.REPORTED if day < today - timedelta(days=60) else ProgrammeState.HELD
    if day > today + timedelta(days=OPENS_DAYS_BEFORE):
        return ProgrammeState.DRAFT if dice.random() < 0.15 else ProgrammeState.ANNOUNCED
    return ProgrammeState.OPEN


def _intake(
    city: City,
    workshop: Workshop,
    sessions: list[PlannedSession],
    unit: IntakeUnit,
    dice: Dice,
    today: date,
) -> PlannedIntake:
    first = sessions[0].day
    draws = dice.random() < (0.6 if city.code == "132110" else 0.15) and first != today
    deadline = first - timedelta(days=DEADLINE_DAYS_BEFORE if draws else 1)
    intake = Intake(
        id=dice.new_id(),
        municipality_code=city.code,
        workshop_id=workshop.id,
        unit=unit,
        method=IntakeMethod.DRAW if draws else IntakeMethod.FIRST_COME,
        opens_at=at_tokyo(first - timedelta(days=OPENS_DAYS_BEFORE), time(9)),
        deadline_at=at_tokyo(deadline, time(17)) if first != today else None,
        channels=["telephone", "counter", "postcard", "web"] if draws else ["telephone", "counter", "web"],
    )
    return PlannedIntake(intake.id, intake, tuple(sessions), workshop.kind)


def draw_from(intake: PlannedIntake, last_day: date | None = None) -> None:
    """Let an intake give its seats by draw, after a deadline on ``last_day``: a week before its first session."""
    row = intake.row
    row.method = IntakeMethod.DRAW
    row.deadline_at = at_tokyo(last_day or intake.sessions[0].day - timedelta(days=DEADLINE_DAYS_BEFORE), time(17))
    row.channels = ["telephone", "counter", "postcard", "web"]


def write_programme(batch: Batch, intakes: list[PlannedIntake]) -> None:
    """Add the rows of sessions and intakes, once their counters are known."""
    for intake in intakes:
        batch.add(intake.row)
        for position, session in enumerate(intake.sessions, start=1):
            batch.add(session.row, IntakeSession(intake_id=intake.id, session_id=session.id, position=position))
