"""The last free seat: 32 people book at the same moment, 100 times over, on SQLite and on PostgreSQL.

Run: python -m tests.benchmarks.last_seat [--rounds 100] [--callers 32] [--postgres URL]
Prints for each database how many rounds ended with exactly one confirmed, the bookings a second, and the median and
95th percentile of one booking while all others wait. Exit status 1 if a seat was sold twice, or nobody got it.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from uuid import UUID

import sqlalchemy

from events.integrity import find_inconsistencies
from events.registration import register_attendee
from events.states import Channel, RegistrationState
from supportapp.backend import Backend
from supportapp.database import Database, migrate, open_database
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
STAFF = Actor("測定", Role.STAFF, builders.CITY)
POSTGRES = os.environ.get("SUPPORTAPP_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one database did. Times are milliseconds."""

    database: str
    rounds: int
    exactly_one: int
    bookings_a_second: float
    median: float
    percentile_95: float
    inconsistencies: int


def measure(name: str, database: Database, *, rounds: int, callers: int) -> Figures:
    """Let ``callers`` people press at once, ``rounds`` times, each time for a new session of one seat."""
    backend = Backend(database)
    took: list[float] = []
    exactly_one = 0
    began = time.perf_counter()
    with ThreadPoolExecutor(callers) as threads:
        for _ in range(rounds):
            intake_id, people = _one_seat(database, callers)
            start = Barrier(callers)

            def press(person: UUID, start: Barrier = start, intake_id: UUID = intake_id) -> RegistrationState:
                start.wait()
                before = time.perf_counter()
                receipt = backend.run_now(
                    STAFF,
                    register_attendee,
                    intake_id=intake_id,
                    attendee_id=person,
                    channel=Channel.TELEPHONE,
                    now=NOW,
                    by="測定",
                )
                took.append((time.perf_counter() - before) * 1000)
                return receipt.state

            states = list(threads.map(press, people))
            exactly_one += states.count(RegistrationState.CONFIRMED) == 1
    seconds = time.perf_counter() - began
    with database.reading() as db:
        wrong = len(find_inconsistencies(db))
    return Figures(
        name,
        rounds,
        exactly_one,
        len(took) / seconds,
        statistics.median(took),
        statistics.quantiles(took, n=20)[-1],
        wrong,
    )


def _one_seat(database: Database, callers: int) -> tuple[UUID, list[UUID]]:
    with database.writing() as db:
        session = builders.a_session(db, day=date(2026, 12, 2), seats=1)
        intake = builders.an_intake(db, session)
        return intake.id, [builders.an_attendee(db, f"人 {number}").id for number in range(callers)]


@contextmanager
def sqlite_file() -> Iterator[Database]:
    """An empty database in a file that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'office.db'}")
        migrate(database)
        yield database
        database.close()


@contextmanager
def postgres_database(url: str) -> Iterator[Database]:
    """An empty database on a server, dropped at the end."""
    name = f"supportapp_bench_{os.getpid()}"
    office = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with office.connect() as connection:
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING \'UTF8\''))
    database = open_database(sqlalchemy.make_url(url).set(database=name).render_as_string(hide_password=False))
    try:
        migrate(database)
        yield database
    finally:
        database.close()
        with office.connect() as connection:
            connection.execute(sqlalchemy.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        office.dispose()


def main() -> int:
    """Measure both databases and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--callers", type=int, default=32)
    parser.add_argument("--postgres", default=POSTGRES)
    options = parser.parse_args()
    found = []
    for name, opened in (("SQLite", sqlite_file()), ("PostgreSQL", postgres_database(options.postgres))):
        with opened as database:
            figures = measure(name, database, rounds=options.rounds, callers=options.callers)
        found.append(figures)
        print(
            f"{figures.database}: exactly one confirmed in {figures.exactly_one} of {figures.rounds} rounds of "
            f"{options.callers} callers; {figures.bookings_a_second:.0f} bookings/s; one booking among "
            f"{options.callers}: median {figures.median:.0f} ms, 95th percentile {figures.percentile_95:.0f} ms; "
            f"inconsistencies {figures.inconsistencies}"
        )
    return int(any(each.exactly_one != each.rounds or each.inconsistencies for each in found))


if __name__ == "__main__":
    sys.exit(main())
