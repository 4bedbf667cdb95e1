"""Invented helpers, when they are free, and assignments that break no rule."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from uuid import UUID

from events.japan.clock import tokyo_time
from events.japan.fiscal_year import fiscal_year
from events.japan.names import kana_key, name_key
from events.models import ContactPoint
from events.states import ContactKind, ProgrammeState
from supportapp.seeding.batch import Batch
from supportapp.seeding.cities import City
from supportapp.seeding.dice import Dice
from supportapp.seeding.names import GIVEN_OLDER, GIVEN_YOUNGER, SURNAMES
from supportapp.seeding.programme import PlannedIntake, PlannedSession
from volunteers.models import Assignment, Availability, InsuranceYear, Membership, Volunteer
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind, VolunteerState

_KINDS = (
    (VolunteerKind.TOKYO_SUPPORTER, 52),
    (VolunteerKind.DIGITAL_SUPPORTER, 12),
    (VolunteerKind.NPO, 12),
    (VolunteerKind.REGIONAL_COOPERATION, 3),
    (VolunteerKind.STUDENT, 8),
    (VolunteerKind.STAFF, 9),
    (VolunteerKind.COMPANY_INSTRUCTOR, 4),
)
_STATES = (
    (VolunteerState.ACTIVE, 84),
    (VolunteerState.REGISTERED, 5),
    (VolunteerState.TRAINING, 5),
    (VolunteerState.PROVISIONAL, 3),
    (VolunteerState.PAUSED, 3),
)
_WINDOWS = ((time(9), time(12, 30)), (time(12, 30), time(17, 30)), (time(9), time(17, 30)))
_ALL_DAY = (time(9), time(21))
_PEOPLE_PER_HELPER = 4
_PROMISES = 2  # sessions to come of the one who signs in
_ASSIGN_DAYS_AHEAD = 24


@dataclass(slots=True)
class Helper:
    """What assigning needs to know of a volunteer, and the days already given away."""

    id: UUID
    signs_in: bool
    can_lead: bool
    cap_per_month: int
    cap_per_week: int | None
    windows: dict[int, tuple[time, time]]
    insured: frozenset[int]
    busy: set[date] = field(default_factory=set)
    months: dict[tuple[int, int], int] = field(default_factory=dict)
    weeks: dict[tuple[int, int], int] = field(default_factory=dict)
    promises: int = 0

    @property
    def has_enough(self) -> bool:
        """Whether nothing more is promised for them: who signs in shall find open sessions too."""
        return self.signs_in and self.promises >= _PROMISES

    def may_serve(self, session: PlannedSession) -> bool:
        """Free that day and hour, insured, and below the month's cap."""
        window = self.windows.get(session.day.weekday())
        if window is None or session.day in self.busy or fiscal_year(session.day) not in self.insured:
            return False
        inside = window[0] <= tokyo_time(session.starts_at) and tokyo_time(session.ends_at) <= window[1]
        if self.cap_per_week is not None and self.weeks.get(_week(session), 0) >= self.cap_per_week:
            return False
        return inside and self.months.get((session.day.year, session.day.month), 0) < self.cap_per_month

    def serve(self, session: PlannedSession) -> None:
        """Give the day away."""
        self.busy.add(session.day)
        month = (session.day.year, session.day.month)
        self.months[month] = self.months.get(month, 0) + 1
        self.weeks[_week(session)] = self.weeks.get(_week(session), 0) + 1


def _week(session: PlannedSession) -> tuple[int, int]:
    return session.day.isocalendar()[:2]


def make_helpers(batch: Batch, city: City, count: int, *, dice: Dice, today: date, now: datetime) -> list[Helper]:
    """Add ``count`` volunteers of a city; only those who are active are returned."""
    made = [_helper(batch, city, index, dice, today, now) for index in range(count)]
    return [helper for helper in made if helper is not None]


def _helper(batch: Batch, city: City, index: int, dice: Dice, today: date, now: datetime) -> Helper | None:
    kind = dice.choices([kind for kind, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    state = dice.choices([state for state, _ in _STATES], [weight for _, weight in _STATES])[0]
    signs_in = index == 0  # in the demo
    if signs_in:
        kind, state = VolunteerKind.TOKYO_SUPPORTER, VolunteerState.ACTIVE
    volunteer = _volunteer_row(city, kind, state, dice, now)
    if signs_in:
        volunteer.max_km, volunteer.experienced, volunteer.birth_date = None, True, date(1984, 5, 20)
    membership = _membership(city, volunteer.id, state, dice, today)
    membership.cap_per_week = None if signs_in else membership.cap_per_week
    batch.add(volunteer, membership)
    _contact(batch, city, volunteer.id, dice)
    insured = frozenset(year for year in _insured_years(today) if signs_in or dice.random() < 0.93)
    for year in insured:
        batch.new(
            InsuranceYear,
            volunteer_id=volunteer.id,
            fiscal_year=year,
            insured_from=date(year, 4, 1),
            seen_on=date(year, 4, 5),
        )
    windows = dict.fromkeys(range(7), _ALL_DAY) if signs_in else _windows(dice)
    for weekday, (starts, ends) in windows.items():
        batch.new(Availability, volunteer_id=volunteer.id, weekday=weekday, from_time=starts, to_time=ends)
    if state is not VolunteerState.ACTIVE:
        return None
    return Helper(volunteer.id, signs_in, volunteer.can_lead, 6, membership.cap_per_week, windows, insured)


def _insured_years(today: date) -> tuple[int, ...]:
    year = fiscal_year(today)
    renewed_soon = (year + 1,) if today.month <= 3 else ()
    return (year - 1, year, *renewed_soon)


def _windows(dice: Dice) -> dict[int, tuple[time, time]]:
    days = sorted(dice.sample(range(6), dice.randint(2, 4)))
    return {day: dice.choice(_WINDOWS) for day in days}


def _volunteer_row(city: City, kind: VolunteerKind, state: VolunteerState, dice: Dice, now: datetime) -> Volunteer:
    surname = dice.choice(SURNAMES)
    given = dice.choice(GIVEN_YOUNGER if dice.random() < 0.6 else GIVEN_OLDER)
    name, kana = f"{surname[0]} {given[0]}", f"{surname[1]} {given[1]}"
    student = kind is VolunteerKind.STUDENT
    systems = dice.choice((["iphone"], ["android"], ["iphone", "android"]))
    extra = [skill for skill, chance in (("sign_language", 0.06), ("english", 0.12)) if dice.random() < chance]
    return Volunteer(
        id=dice.new_id(),
        name=name,
        kana=kana,
        name_key=name_key(name),
        kana_key=kana_key(kana),
        kind=kind,
        birth_date=date(2009 if student else 1950, 1, 1) + timedelta(days=dice.randrange(365 if student else 50 * 365)),
        residence=dice.choice(("lives", "works", "studies")),
        town=dice.choice(city.towns),
        latitude=round(city.latitude + dice.uniform(-0.02, 0.02), 6),
        longitude=round(city.longitude + dice.uniform(-0.025, 0.025), 6),
        max_km=dice.choice((None, 8.0, 10.0)),
        skills=systems + extra,
        can_lead=not student and dice.random() < 0.3,
        experienced=dice.random() < 0.6,
        courses_done=11 if state is VolunteerState.ACTIVE else dice.randint(0, 11),
        created_at=now,
    )


def _membership(city: City, volunteer_id: UUID, state: VolunteerState, dice: Dice, today: date) -> Membership:
    return Membership(
        volunteer_id=volunteer_id,
        municipality_code=city.code,
        state=state,
        since=today - timedelta(days=dice.randint(60, 900)),
        cap_per_month=6,
        cap_per_week=dice.choice((None, 2, 3)),
        seen_next_door=dice.random() < 0.1,
    )


def _contact(batch: Batch, city: City, volunteer_id: UUID, dice: Dice) -> None:
    number = f"080-0{dice.randrange(1000):03}-{dice.randrange(10_000):04}"
    batch.new(
        ContactPoint,
        municipality_code=city.code,
        volunteer_id=volunteer_id,
        kind=ContactKind.TELEPHONE,
        value=number,
        value_key=number.replace("-", ""),
        preferred=True,
    )


def make_assignments(
    batch: Batch,
    intakes: list[PlannedIntake],
    helpers: list[Helper],
    *,
    dice: Dice,
    today: date,
    now: datetime,
) -> None:
    """Assign helpers to past, present and near sessions; every fifth coming one stays short."""
    coming = 0
    for session in sorted((each for intake in intakes for each in intake.sessions), key=lambda each: each.starts_at):
        if session.row.state is ProgrammeState.DRAFT or session.day > today + timedelta(days=_ASSIGN_DAYS_AHEAD):
            continue
        if session.day > today:
            coming += 1
            if coming % 5 == 1:
                continue
        _assign(batch, session, helpers, dice, now, coming=session.day > today)


def _assign(
    batch: Batch, session: PlannedSession, helpers: list[Helper], dice: Dice, now: datetime, *, coming: bool
) -> None:
    past = session.ends_at < now
    people = session.row.confirmed_count if past else session.seats
    need = max(1, ceil(people / _PEOPLE_PER_HELPER))
    able = [helper for helper in helpers if helper.may_serve(session) and not (coming and helper.has_enough)]
    dice.shuffle(able)
    able.sort(key=lambda helper: not helper.signs_in)
    leads = [helper for helper in able if helper.can_lead][:1]
    others = [helper for helper in able if helper not in leads]
    for helper in [*leads, *others[: need - len(leads)]]:
        helper.serve(session)
        helper.promises += coming
        _assignment(batch, session, helper, helper in leads, past, dice, now)


def _assignment(
    batch: Batch, session: PlannedSession, helper: Helper, leads: bool, past: bool, dice: Dice, now: datetime
) -> None:
    state = AssignmentState.CONFIRMED
    if past:
        state = AssignmentState.DONE
    elif not helper.signs_in and dice.random() < 0.1:
        state = AssignmentState.ASKED
    batch.new(
        Assignment,
        municipality_code=session.row.municipality_code,
        session_id=session.id,
        volunteer_id=helper.id,
        role=AssignmentRole.LEAD if leads else AssignmentRole.HELPER,
        state=state,
        minutes=int((session.ends_at - session.starts_at).total_seconds() // 60) if past else None,
        changed_at=now,
        changed_by="demo",
    )
