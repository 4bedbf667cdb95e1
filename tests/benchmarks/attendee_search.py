"""Search among 100,000 people: by kana, kanji part, variant kanji and telephone tail, beside LIKE '%…%'.

Run: python -m tests.benchmarks.attendee_search [--people 100000] [--postgres URL]
Prints median and 95th percentile in milliseconds for each kind of question on SQLite and on PostgreSQL, through the
query that the screens use (people, numbers and last visits included), and the bare LIKE scan of the same run.
Exit status 1 if a 95th percentile reaches 50 ms.
"""

import argparse
import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import sqlalchemy
from sqlmodel import Session

from events.attendee_keys import search_terms
from events.attendee_search import find_people
from events.fields import new_id
from events.japan.names import kana_key, name_key
from events.models import Attendee, AttendeeTerm, ContactPoint
from events.states import ContactKind, PhoneKind
from supportapp.database import Database
from supportapp.seeding.names import GIVEN_OLDER, SURNAMES
from tests import builders
from tests.benchmarks.last_seat import POSTGRES, postgres_database, sqlite_file

_AT_ONCE = 5_000
_ROUNDS = 60
_LIMIT_MS = 50.0
_NOW = datetime(2026, 11, 21, tzinfo=UTC)
QUESTIONS = (
    ("kana, beginning", ["たかは", "サト", "すずき い", "ヤマモト"]),
    ("kanji, part of a name", ["高橋", "佐藤", "花子", "藤一"]),
    ("kanji, another form", ["髙橋", "斉藤", "邉", "﨑"]),
    ("kanji, in nobody's name", ["鬱鬱", "龘龘"]),
    ("telephone, last four", ["1234", "0007", "9999"]),
    ("telephone, whole", ["042-300-1234", "09000110007"]),
)


def fill(database: Database, people: int) -> None:
    """Write that many invented people with all they are found by."""
    dice = random.Random(1)
    with database.writing() as db:
        builders.a_municipality(db)
    made = _people(dice)
    for _ in range(0, people, _AT_ONCE):
        rows = list(itertools.islice(made, _AT_ONCE))
        with database.writing() as db:
            for table, position in ((Attendee, 0), (ContactPoint, 1)):
                db.execute(sqlalchemy.insert(table), [row[position] for row in rows])
            db.execute(sqlalchemy.insert(AttendeeTerm), [term for row in rows for term in row[2]])
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(sqlalchemy.text("ANALYZE"))
    else:
        with database.writing_engine.begin() as connection:
            connection.execute(sqlalchemy.text("ANALYZE"))


def _people(dice: random.Random) -> Iterator[tuple[dict[str, object], dict[str, object], list[dict[str, object]]]]:
    while True:
        surname, given = dice.choice(SURNAMES), dice.choice(GIVEN_OLDER)
        name, kana = f"{surname[0]} {given[0]}", f"{surname[1]} {given[1]}"
        number = f"042{dice.randrange(10_000_000):07}"
        person = new_id()
        yield (
            {
                "id": person,
                "municipality_code": builders.CITY,
                "name": name,
                "kana": kana,
                "name_key": name_key(name),
                "kana_key": kana_key(kana),
                "created_at": _NOW,
                "phone_kind": PhoneKind.UNKNOWN,
                "needs": [],
            },
            {
                "id": new_id(),
                "municipality_code": builders.CITY,
                "attendee_id": person,
                "kind": ContactKind.TELEPHONE,
                "value": number,
                "value_key": number,
            },
            [
                {"municipality_code": builders.CITY, "term": term, "attendee_id": person}
                for term in search_terms(name=name, kana=kana, telephones=[number])
            ],
        )


def _ask(db: Session, text: str) -> None:
    find_people(db, municipality_code=builders.CITY, text=text)


def _scan(db: Session, text: str) -> None:
    like = f"%{name_key(text)}%"
    number = "".join(sign for sign in text if sign.isdigit())
    if number:
        statement, value = "SELECT attendee_id FROM contact_point WHERE value_key LIKE :like LIMIT 20", f"%{number}%"
    else:
        statement, value = "SELECT id FROM attendee WHERE name_key LIKE :like OR kana_key LIKE :kana LIMIT 20", like
    values = {"like": value} if number else {"like": value, "kana": f"%{kana_key(text)}%"}
    db.connection().execute(sqlalchemy.text(statement), values).all()


def timed(database: Database, ask: Callable[[Session, str], None], texts: list[str]) -> tuple[float, float]:
    """Median and 95th percentile of asking, in milliseconds."""
    took = []
    for number in range(_ROUNDS):
        with database.reading() as db:
            before = time.perf_counter()
            ask(db, texts[number % len(texts)])
            took.append((time.perf_counter() - before) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def main() -> int:
    """Measure both databases and print one line for each kind of question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--postgres", default=POSTGRES)
    options = parser.parse_args()
    slowest = 0.0
    for name, opened in (("SQLite", sqlite_file()), ("PostgreSQL", postgres_database(options.postgres))):
        with opened as database:
            fill(database, options.people)
            for what, texts in QUESTIONS:
                median, late = timed(database, _ask, texts)
                scan_median, scan_late = timed(database, _scan, texts)
                slowest = max(slowest, late)
                print(
                    f"{name}, {options.people} people, {what}: median {median:.1f} ms, 95th percentile {late:.1f} ms; "
                    f"LIKE scan {scan_median:.1f} / {scan_late:.1f} ms"
                )
    return int(slowest >= _LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
