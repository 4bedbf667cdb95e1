"""An office in disorder: eight people at once book, cancel, restore, offer, accept, decline, expire, move, merge, undo.

Run: python -m tests.benchmarks.random_office [--rounds 100000] [--writers 8] [--postgres URL] [--only sqlite|postgres]
After every tenth of the rounds all stand still and everything is compared: never more than the seats, counters equal
to rows, ranks unique and without gaps, at most one offer that stands for each application, and nobody who was offered
a seat and did not take it is offered another, unless staff bring the application back. Exit status 1 if anything
contradicts itself or fails.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, select

from events.attendee_merge import merge_attendees, unmerge_attendee
from events.errors import DomainError
from events.integrity import find_inconsistencies
from events.models import Offer, Registration
from events.registration import register_attendee
from events.registration_changes import cancel_registration, move_registration, restore_registration
from events.registration_offers import accept_offer, decline_offer, expire_offers, offer_next
from events.registration_receipts import rank_of
from events.states import Channel, IntakeUnit, RegistrationState
from supportapp.audit import check_chains
from supportapp.backend import Backend
from supportapp.database import Database, migrate, open_database
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 12, 9)
STAFF = Actor("測定", Role.STAFF, builders.CITY)
POSTGRES = os.environ.get("SUPPORTAPP_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
PEOPLE = 60
# how often each is done; bookings and cancellations keep the lists moving
SHARES = {
    "book": 30, "cancel": 16, "restore": 8, "offer": 4, "accept": 12, "decline": 8, "expire": 2, "move": 12,
    "merge": 4, "undo_merge": 4,
}  # fmt: skip


@dataclass(slots=True)
class Office:
    """What can be acted on; ``registrations`` grows, and which thread adds to it does not matter."""

    backend: Backend
    sessions: Sequence[UUID]
    intakes: Sequence[tuple[UUID, tuple[UUID, ...]]]
    people: Sequence[UUID]
    registrations: list[UUID] = field(default_factory=list)
    merged: list[UUID] = field(default_factory=list)
    restored: list[UUID] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def an_office(database: Database) -> Office:
    """Six small sessions: alone, as a course of two, to choose from, and two intakes that share one."""
    with database.writing() as db:
        workshop = builders.a_workshop(db)
        rows = [
            builders.a_session(
                db, day=FIRST_DAY + timedelta(days=number), seats=2 + number % 3, workshop_id=workshop.id
            )
            for number in range(6)
        ]
        choice = builders.an_intake(db, rows[3], rows[4], rows[5], unit=IntakeUnit.CHOICE)
        intakes = [
            (builders.an_intake(db, rows[0]).id, ()),
            (builders.an_intake(db, rows[1]).id, ()),
            (builders.an_intake(db, rows[1], rows[2], unit=IntakeUnit.COURSE).id, ()),
            (choice.id, tuple(row.id for row in rows[3:])),
        ]
        people = [builders.an_attendee(db, f"人 {number}", f"ヒト {number}").id for number in range(PEOPLE)]
        sessions = [row.id for row in rows]
    return Office(Backend(database, clock=lambda: NOW), sessions, intakes, people)


def act(office: Office, dice: random.Random, number: int) -> None:
    """Do one thing; a refusal is an answer, everything else is a fault and goes up."""
    what = dice.choices(list(SHARES), list(SHARES.values()))[0]
    now = NOW + timedelta(seconds=number)
    try:
        _WAYS[what](office, dice, now)
    except DomainError as error:
        office.refused[f"{what}: {error.code}"] += 1
    else:
        office.done[what] += 1


def _run(office: Office, use_case: Callable[..., Any], now: datetime, **values: Any) -> Any:
    return office.backend.run_now(STAFF, use_case, now=now, **values)


def _book(office: Office, dice: random.Random, now: datetime) -> None:
    intake_id, choices = dice.choice(office.intakes)
    wanted = dice.sample(choices, dice.randint(1, len(choices))) if choices else []
    receipt = _run(
        office,
        register_attendee,
        now,
        intake_id=intake_id,
        attendee_id=dice.choice(office.people),
        channel=Channel.TELEPHONE,
        session_id=wanted[0] if wanted else None,
        other_session_ids=wanted[1:],
        by="測定",
    )
    office.registrations.append(receipt.registration_id)


def _on_one(use_case: Callable[..., Any], **more: Any) -> Callable[[Office, random.Random, datetime], None]:
    def done(office: Office, dice: random.Random, now: datetime) -> None:
        if office.registrations:
            newest = office.registrations[-400:]
            _run(office, use_case, now, registration_id=dice.choice(newest), by="測定", **more)

    return done


def _restore(office: Office, dice: random.Random, now: datetime) -> None:
    if office.registrations:
        chosen = dice.choice(office.registrations[-400:])
        _run(office, restore_registration, now, registration_id=chosen, by="測定")
        office.restored.append(chosen)


def _move(office: Office, dice: random.Random, now: datetime) -> None:
    _on_one(move_registration, session_id=dice.choice(office.sessions), reason="都合")(office, dice, now)


def _answer(use_case: Callable[..., Any]) -> Callable[[Office, random.Random, datetime], None]:
    """Answer one of the offers that stand now, if there is any."""

    def done(office: Office, dice: random.Random, now: datetime) -> None:
        with office.backend.database.reading() as db:
            offered = db.exec(select(Registration.id).where(Registration.state == RegistrationState.OFFERED)).all()
        if offered:
            _run(office, use_case, now, registration_id=dice.choice(offered), by="測定")

    return done


def _merge(office: Office, dice: random.Random, now: datetime) -> None:
    kept, gone = dice.sample(office.people, 2)
    with office.backend.database.reading() as db:
        standing = db.exec(select(Registration.id).where(Registration.attendee_id == kept)).all()
    values = {"attendee_id": kept, "other_attendee_id": gone, "standing_registration_ids": standing}
    _run(office, merge_attendees, now, reason="同じ方", by="測定", **values)
    office.merged.append(gone)


def _undo_merge(office: Office, dice: random.Random, now: datetime) -> None:
    if office.merged:
        gone = office.merged.pop(dice.randrange(len(office.merged)))
        _run(office, unmerge_attendee, now, attendee_id=gone, reason="別の方", by="測定")


def _offer(office: Office, dice: random.Random, now: datetime) -> None:
    _run(office, offer_next, now, intake_id=dice.choice(office.intakes)[0])


def _expire(office: Office, _dice: random.Random, now: datetime) -> None:
    _run(office, expire_offers, now + timedelta(days=4), municipality_code=builders.CITY, by="測定")


_WAYS: dict[str, Callable[[Office, random.Random, datetime], None]] = {
    "book": _book,
    "cancel": _on_one(cancel_registration, reason="都合"),
    "restore": _restore,
    "offer": _offer,
    "accept": _answer(accept_offer),
    "decline": _answer(decline_offer),
    "expire": _expire,
    "move": _move,
    "merge": _merge,
    "undo_merge": _undo_merge,
}


def contradictions(db: Session, restored: Sequence[UUID]) -> list[str]:
    """Everything that does not hold; empty when all is well. Who was ``restored`` may be offered a seat again."""
    found = [str(each) for each in find_inconsistencies(db)]
    found += [f"chain {chain.chain} broken at {chain.first_broken}" for chain in check_chains(db) if chain.first_broken]
    waiting = db.exec(select(Registration).where(Registration.state == RegistrationState.WAITING)).all()
    by_intake: dict[UUID, list[Registration]] = {}
    for row in waiting:
        by_intake.setdefault(row.intake_id, []).append(row)
    for intake_id, rows in by_intake.items():
        intake = db.get_one(builders.Intake, intake_id)
        ranks = [rank_of(db, row, intake) for row in rows]
        if intake.unit is not IntakeUnit.CHOICE and sorted(map(int, filter(None, ranks))) != [*range(1, len(rows) + 1)]:
            found.append(f"ranks of {intake_id}: {ranks}")
    open_offers = Counter(db.exec(select(Offer.registration_id).where(Offer.answer == "")).all())
    found += [f"{count} offers stand for {each}" for each, count in open_offers.items() if count > 1]
    spent = ("declined", "expired")
    given_up = db.exec(select(Offer.registration_id).where(col(Offer.answer).in_(spent))).all()
    again = set(given_up) & set(open_offers) - set(restored)
    found += [f"offered again after an answer: {each}" for each in again]
    return found


def disorder(database: Database, *, rounds: int, writers: int, seed: int) -> tuple[Office, list[str], float]:
    """Let ``writers`` act ``rounds`` times in all; answers what contradicted itself, and the seconds it took."""
    office = an_office(database)
    began, found = time.perf_counter(), list[str]()
    parts = 10 if rounds >= 1000 else 1
    each = max(1, rounds // parts // writers)
    with ThreadPoolExecutor(writers) as threads:
        for part in range(parts):

            def work(writer: int, part: int = part) -> None:
                dice = random.Random(f"{seed}/{part}/{writer}")
                for number in range(each):
                    act(office, dice, part * each + number)

            for answer in [threads.submit(work, writer) for writer in range(writers)]:
                answer.result()
            with database.reading() as db:
                found += contradictions(db, office.restored)
    return office, found, time.perf_counter() - began


@contextmanager
def _databases(postgres: str, only: str) -> Iterator[dict[str, Database]]:
    with tempfile.TemporaryDirectory() as folder:
        opened = {"sqlite": open_database(f"sqlite:///{Path(folder) / 'disorder.db'}")} if only != "postgres" else {}
        name = f"supportapp_disorder_{os.getpid()}"
        server = sqlalchemy.create_engine(postgres, isolation_level="AUTOCOMMIT")
        if only != "sqlite":
            with server.connect() as connection:
                connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING \'UTF8\''))
            url = sqlalchemy.make_url(postgres).set(database=name).render_as_string(hide_password=False)
            opened["postgres"] = open_database(url)
        try:
            for database in opened.values():
                migrate(database)
            yield opened
        finally:
            for database in opened.values():
                database.close()
            if only != "sqlite":
                with server.connect() as connection:
                    connection.execute(sqlalchemy.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
            server.dispose()


def main() -> None:
    """Measure as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", default=POSTGRES)
    parser.add_argument("--only", choices=["sqlite", "postgres", ""], default="")
    arguments = parser.parse_args()
    wrong = False
    with _databases(arguments.postgres, arguments.only) as databases:
        for name, database in databases.items():
            office, found, seconds = disorder(
                database, rounds=arguments.rounds, writers=arguments.writers, seed=arguments.seed
            )
            done, refused = sum(office.done.values()), sum(office.refused.values())
            print(f"{name}: {done} done, {refused} refused in {seconds:.0f} s by {arguments.writers} writers")
            print("  " + ", ".join(f"{what} {count}" for what, count in office.done.most_common()))
            print(f"  contradictions: {len(found)}")
            for each in found[:20]:
                print(f"  {each}")
            wrong = wrong or bool(found)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
