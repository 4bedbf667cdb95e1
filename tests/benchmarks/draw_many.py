"""A draw of 10,000 applicants with pairs and weights, beside numpy's weighted choice without replacement.

Run: python -m tests.benchmarks.draw_many [--applicants 10000] [--rounds 5] [--office]
Prints the median of both for the same people and weights, and their ratio. numpy draws an order and no more: no
choices of session, pairs, reserves or record. ``--office`` also holds the draw in a database, with all it writes.
Exit status 1 if a draw takes a second or more.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from events.draw.holding import hold_draw
from events.draw.record import Sheet, record_of, verify_record
from events.draw.slips import Unit
from events.models import Attendee, Choice, Intake, IntakeSession, Party, Registration
from events.states import Channel, IntakeMethod, IntakeUnit, RegistrationState
from supportapp.backend import Backend
from supportapp.database import migrate, open_database
from supportapp.identity import Actor, Role
from supportapp.seeding.batch import Batch
from supportapp.seeding.dice import Dice
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SESSIONS = {1: 1500, 2: 1000, 3: 1000}


def units(applicants: int, dice: random.Random) -> list[Unit]:
    """A tenth of the people in pairs, one to six slips, one to three wishes."""
    made: list[Unit] = []
    number = 1
    while number <= applicants:
        size = 2 if dice.random() < 0.05 and number < applicants else 1
        wishes = dice.sample(sorted(SESSIONS), dice.randint(1, 3))
        numbers = tuple(range(number, number + size))
        made.append(Unit(numbers, size, dice.randint(1, 6), tuple((wish,) for wish in wishes)))
        number += size
    return made


def seconds_of(work: Callable[[int], object], rounds: int) -> float:
    """Median seconds of one call."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def measure(applicants: int, rounds: int) -> float:
    """Compare and print; answers the seconds of our draw."""
    import numpy as np

    people = units(applicants, random.Random(1))
    weights = np.array([unit.weight for unit in people], dtype=float)
    chances = weights / weights.sum()

    def ours(seed: int) -> object:
        return Sheet(str(seed), SESSIONS, 500, tuple(people)).drawn()

    def theirs(seed: int) -> object:
        return np.random.default_rng(seed).choice(len(people), size=len(people), replace=False, p=chances)

    sheet = Sheet("1", SESSIONS, 500, tuple(people))
    sessions = [{"number": number} for number in SESSIONS]
    record = record_of(sheet, sheet.drawn(), sessions=sessions, set_apart={})
    own, other = seconds_of(ours, rounds), seconds_of(theirs, rounds)
    checked = seconds_of(lambda _: verify_record(record), rounds)
    print(f"{applicants} applicants in {len(people)} units, {int(weights.sum())} slips, median of {rounds}")
    print(f"draw {own * 1000:.0f} ms, numpy choice(p, replace=False) {other * 1000:.0f} ms, ratio {own / other:.1f}")
    print(f"verify a record {checked * 1000:.0f} ms")
    return own


def office_draw(applicants: int) -> float:
    """Seconds to hold a draw in a database: read everybody, draw, write every state, the record and the log."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'draw.db'}")
        migrate(database)
        with database.writing() as db:
            intake = _filled(db, applicants)
        backend = Backend(database, clock=lambda: NOW)
        began = time.perf_counter()
        staff = Actor("測定", Role.STAFF, builders.CITY)
        receipt = backend.run_now(staff, hold_draw, intake_id=intake, now=NOW, by="測定", seed="1")
        took = time.perf_counter() - began
        backend.close()
    print(f"held in SQLite: {took:.2f} s for {receipt.seats} seats, {receipt.reserves} reserves, {receipt.lost} lost")
    return took


def _filled(db: Session, applicants: int) -> object:
    workshop = builders.a_workshop(db)
    sessions = [
        builders.a_session(db, day=date(2026, 12, 9 + number), seats=20, workshop_id=workshop.id, number=number)
        for number in SESSIONS
    ]
    intake = Intake(
        municipality_code=builders.CITY,
        workshop_id=workshop.id,
        method=IntakeMethod.DRAW,
        unit=IntakeUnit.CHOICE,
        draw_weights={"usual": 1, "first_time": 2, "lost_before": 1, "resident": 1},
        next_number=applicants + 1,
    )
    db.add(intake)
    db.flush()
    db.add_all(IntakeSession(intake_id=intake.id, session_id=session.id) for session in sessions)
    db.flush()
    batch = Batch(Dice("draw", NOW))
    number = 1
    for unit in units(applicants, random.Random(1)):
        party = batch.new(Party, intake_id=intake.id) if len(unit.numbers) > 1 else None
        for number in unit.numbers:
            person = batch.new(
                Attendee,
                municipality_code=builders.CITY,
                name=f"人 {number}",
                kana=f"ヒト {number}",
                name_key=f"人{number}",
                kana_key=f"ヒト{number}",
                residence="lives" if number % 3 else "works",
                created_at=NOW,
            )
            row = batch.new(
                Registration,
                municipality_code=builders.CITY,
                intake_id=intake.id,
                attendee_id=person,
                state=RegistrationState.WAITING_DRAW,
                number=number,
                receipt_number=f"M{number:06}",
                channel=Channel.POSTCARD,
                applied_on=NOW.date(),
                received_at=NOW,
                party_id=party,
                changed_at=NOW,
            )
            for rank, (wish,) in enumerate(unit.wishes, start=1):
                batch.new(Choice, registration_id=row, session_id=sessions[wish - 1].id, rank=rank)
    batch.write(db)
    return intake.id


def main() -> None:
    """Measure as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applicants", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--office", action="store_true")
    arguments = parser.parse_args()
    slowest = measure(arguments.applicants, arguments.rounds)
    if arguments.office:
        office_draw(arguments.applicants)
    sys.exit(slowest >= 1)


if __name__ == "__main__":
    main()
