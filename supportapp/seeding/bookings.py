"""Invented applications, seats and attendance that keep every rule of the product."""

from datetime import date, datetime, timedelta
from uuid import UUID

from events.japan.clock import tokyo_date
from events.models import Attendance, Intake, Registration, Seat
from events.states import (
    AttendanceState,
    Channel,
    IntakeMethod,
    ProgrammeState,
    RegistrationState,
    SeatState,
)
from supportapp.seeding.batch import Batch
from supportapp.seeding.dice import Dice
from supportapp.seeding.draws import STATES, hold_seeded_draw
from supportapp.seeding.people import Person
from supportapp.seeding.programme import DEADLINE_DAYS_BEFORE, PlannedIntake, PlannedSession, draw_from

_CHANNELS = ((Channel.TELEPHONE, 68), (Channel.COUNTER, 16), (Channel.POSTCARD, 8), (Channel.WEB, 8))
_CAME = (
    (AttendanceState.PRESENT, 84),
    (AttendanceState.LATE, 5),
    (AttendanceState.ABSENT_NOTICE, 6),
    (AttendanceState.ABSENT, 5),
)
_WITHOUT_PHONE = ("none", "feature_phone")
_DEMAND = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.5)
_WELL_BOOKED = 0.9
_TOO_WELL = 1.5
_DRAWN = 2.2
_UNTIL_DRAW = timedelta(hours=18)  # from the deadline on
_UNTIL_DRAWN = timedelta(days=DEADLINE_DAYS_BEFORE - 2)


class _Diary:
    """Who is already somewhere on a day, so that nobody is at two sessions at once."""

    def __init__(self) -> None:
        self._days: set[tuple[object, date]] = set()

    def free(self, person: Person, sessions: tuple[PlannedSession, ...]) -> bool:
        return all((person.id, session.day) not in self._days for session in sessions)

    def take(self, person: Person, sessions: tuple[PlannedSession, ...]) -> None:
        self._days.update((person.id, session.day) for session in sessions)


def make_bookings(
    batch: Batch, intakes: list[PlannedIntake], people: list[Person], *, dice: Dice, now: datetime
) -> None:
    """Fill the intakes: some short, some with a waiting list, some drawn with losers."""
    diary = _Diary()
    cases = _cases(intakes, now)
    for intake in intakes:
        if intake.sessions[0].row.state in (ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED):
            continue
        wanted = round(intake.sessions[0].seats * (cases.get(intake.id) or dice.choice(_DEMAND)))
        applicants = [
            person
            for person in dice.sample(people, min(len(people), wanted * 2))
            if diary.free(person, intake.sessions)
        ]
        _fill(batch, intake, applicants[:wanted], diary, dice, now)


def _cases(intakes: list[PlannedIntake], now: datetime) -> dict[UUID, float]:
    """What every city must have, with how often its seats are asked for: today well booked, draws lost, people waiting.

    The draws are made here: one that is over, one whose result is known, one to be held, one people still apply to.
    """
    today = tokyo_date(now)
    cases = {intake.id: _WELL_BOOKED for intake in intakes if intake.sessions[0].day == today}
    past = [intake for intake in intakes if intake.sessions[0].day < today]
    is_open = [each for each in intakes if each.sessions[0].row.state is ProgrammeState.OPEN and each.id not in cases]
    coming = sorted(is_open, key=lambda intake: intake.sessions[0].starts_at)
    soon = [intake for intake in coming if intake.sessions[0].day <= today + _UNTIL_DRAWN]
    later = [intake for intake in coming if intake not in soon]
    for intake in (*past[:2], *soon[:1], *later[-1:]):
        draw_from(intake)
        cases[intake.id] = _DRAWN
    for intake in soon[1:2]:  # the deadline was yesterday: this draw is for the office to hold
        draw_from(intake, today - timedelta(days=1))
        cases[intake.id] = _DRAWN
    for intake in [each for each in (*soon[2:], *later[:-1]) if each.row.method is IntakeMethod.FIRST_COME][:2]:
        cases[intake.id] = _TOO_WELL
    return cases


def _fill(
    batch: Batch,
    intake: PlannedIntake,
    applicants: list[Person],
    diary: _Diary,
    dice: Dice,
    now: datetime,
) -> None:
    row = intake.row
    seats = min(session.seats for session in intake.sessions)
    is_draw = row.method is IntakeMethod.DRAW
    drawn = is_draw and row.deadline_at is not None and row.deadline_at + _UNTIL_DRAW < now
    if drawn and row.deadline_at is not None:
        row.drawn_at = row.locked_at = row.deadline_at + _UNTIL_DRAW
        for session in intake.sessions:
            if session.row.state is ProgrammeState.OPEN:
                session.row.state = ProgrammeState.NOTIFIED
    results = hold_seeded_draw(batch, intake, len(applicants), dice) if drawn and applicants else {}
    for person in applicants:
        drawn_as = results.get(row.next_number)
        state = STATES[drawn_as.outcome] if drawn_as else _state(is_draw, seats, intake)
        queue_number = drawn_as.reserve if drawn_as else None
        _register(batch, intake, person, state, dice, now, queue_number)
        if state is RegistrationState.CONFIRMED:
            diary.take(person, intake.sessions)


def _state(is_draw: bool, seats: int, intake: PlannedIntake) -> RegistrationState:
    if is_draw:
        return RegistrationState.WAITING_DRAW
    taken = intake.sessions[0].row.confirmed_count
    return RegistrationState.CONFIRMED if taken < seats else RegistrationState.WAITING


def _register(
    batch: Batch,
    intake: PlannedIntake,
    person: Person,
    state: RegistrationState,
    dice: Dice,
    now: datetime,
    queue_number: int | None,
) -> None:
    row = intake.row
    received = _received(row, dice, now)
    waits = state is RegistrationState.WAITING
    registration_id = batch.new(
        Registration,
        municipality_code=row.municipality_code,
        intake_id=row.id,
        attendee_id=person.id,
        state=state,
        number=row.next_number,
        receipt_number=dice.receipt_number(),
        channel=dice.choices([channel for channel, _ in _CHANNELS], [weight for _, weight in _CHANNELS])[0],
        applied_on=tokyo_date(received),
        received_at=received,
        taken_by="demo",
        wants_device=person.phone in _WITHOUT_PHONE,
        queue_number=(queue_number or row.next_queue_number) if waits else None,
        changed_at=received,
    )
    row.next_number += 1
    row.next_queue_number += waits
    if state is RegistrationState.CONFIRMED:
        for session in intake.sessions:
            _seat(batch, session, registration_id, person, received, dice, now)


def _received(row: Intake, dice: Dice, now: datetime) -> datetime:
    opens = row.opens_at or now - timedelta(days=30)
    latest = min(row.deadline_at or now, now)
    seconds = max(0, int((latest - opens).total_seconds()))
    return opens + timedelta(seconds=dice.randint(0, seconds))


def _seat(
    batch: Batch,
    session: PlannedSession,
    registration_id: UUID,
    person: Person,
    received: datetime,
    dice: Dice,
    now: datetime,
) -> None:
    row = session.row
    without_phone = person.phone in _WITHOUT_PHONE
    seat_id = batch.new(
        Seat,
        registration_id=registration_id,
        session_id=session.id,
        attendee_id=person.id,
        state=SeatState.CONFIRMED,
        code=f"{(row.confirmed_count + 1) * 7919 % 1_000_000:06}",
        without_phone=without_phone,
        given_at=received,
    )
    row.confirmed_count += 1
    row.people_without_phone += without_phone
    if session.ends_at < now:
        _came(batch, session, seat_id, person, dice)


def _came(batch: Batch, session: PlannedSession, seat_id: UUID, person: Person, dice: Dice) -> None:
    state = dice.choices([state for state, _ in _CAME], [weight for _, weight in _CAME])[0]
    minutes = {AttendanceState.PRESENT: dice.randint(-20, 0), AttendanceState.LATE: dice.randint(5, 25)}.get(state)
    arrived = None if minutes is None else session.starts_at + timedelta(minutes=minutes)
    batch.new(
        Attendance,
        municipality_code=session.row.municipality_code,
        session_id=session.id,
        attendee_id=person.id,
        seat_id=seat_id,
        state=state,
        arrived_at=arrived,
        tap_id=dice.new_id(),
        recorded_at=arrived or session.starts_at,
        recorded_by="demo",
    )
