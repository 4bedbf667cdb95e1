"""Invented draws, held by the real algorithm, each with its record."""

from datetime import UTC
from typing import Final

from events.draw.record import Sheet, record_of
from events.draw.slips import ALGORITHM, Drawn, Outcome, Unit
from events.models import DrawRecord
from events.states import RegistrationState
from supportapp.seeding.batch import Batch
from supportapp.seeding.dice import Dice
from supportapp.seeding.programme import PlannedIntake

STATES: Final = {
    Outcome.SEAT: RegistrationState.CONFIRMED,
    Outcome.RESERVE: RegistrationState.WAITING,
    Outcome.LOST: RegistrationState.LOST,
}
_RESERVES: Final = 2


def hold_seeded_draw(batch: Batch, intake: PlannedIntake, applicants: int, dice: Dice) -> dict[int, Drawn]:
    """Draw among so many applicants, one slip each; answers what came of each by number, and keeps the record."""
    row = intake.row
    row.draw_weights = {"reserves": _RESERVES}
    held_at = row.drawn_at
    assert held_at is not None
    places = {number: session.seats for number, session in enumerate(intake.sessions, start=1)}
    numbers = range(row.next_number, row.next_number + applicants)
    sheet = Sheet(
        seed=f"{dice.randint(0, 99_999_999):08}",
        places=places,
        reserves=_RESERVES,
        units=tuple(Unit((number,), 1, 1, (tuple(places),)) for number in numbers),
    )
    drawn = sheet.drawn()
    sessions = [
        {"number": number, "id": str(session.id), "held_on": session.day.isoformat()}
        for number, session in enumerate(intake.sessions, start=1)
    ]
    about = {"intake": str(row.id), "held_at": held_at.astimezone(UTC).isoformat(timespec="seconds"), "attempt": 1}
    batch.new(
        DrawRecord,
        intake_id=row.id,
        held_at=held_at,
        seed=sheet.seed,
        algorithm=ALGORITHM,
        held_by="demo",
        record=record_of(sheet, drawn, sessions=sessions, set_apart={}, **about),
    )
    return {each.numbers[0]: each for each in drawn}
