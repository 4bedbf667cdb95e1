"""A whole population of one or many cities, written in one transaction into an empty database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, func, select

from events.changes import note_change
from events.errors import DomainError
from events.japan.clock import at_tokyo
from events.japan.municipality_codes import with_check_digit
from events.models import Municipality
from supportapp.backend import Backend
from supportapp.identity import Actor
from supportapp.seeding.batch import Batch
from supportapp.seeding.bookings import make_bookings
from supportapp.seeding.cities import CITIES, City
from supportapp.seeding.dice import Dice
from supportapp.seeding.people import make_people
from supportapp.seeding.programme import make_programme, write_programme
from supportapp.seeding.supporters import make_assignments, make_helpers
from supportapp.seeding.tokyo import MUNICIPALITIES


class DatabaseNotEmpty(DomainError):
    """A seed goes into an empty database only; this one holds ``municipalities``."""

    code = "database_not_empty"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything, over all municipalities together."""

    municipalities: int
    sessions: int
    people: int
    volunteers: int


SCALES = {
    "small": Scale(1, 40, 300, 40),
    "city": Scale(1, 400, 10_000, 1_000),
    "tokyo": Scale(62, 10_000, 100_000, 30_000),
}


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How many rows each table got."""

    rows: dict[str, int]


def seed_population(backend: Backend, actor: Actor, *, scale: str, random_seed: int, today: date) -> SeedReport:
    """Fill an empty database.

    Raises:
        DatabaseNotEmpty: there is a municipality already.
    """
    return backend.run_now(actor, fill, scale=SCALES[scale], random_seed=random_seed, today=today)


def fill(db: Session, *, scale: Scale, random_seed: int, today: date) -> SeedReport:
    """Write the population of ``scale``; the clock stands at noon of ``today`` in Tokyo, so that seeds repeat."""
    refuse_unless_empty(db)
    rows: dict[str, int] = {}
    now = at_tokyo(today, time(12))
    cities = list(_cities(scale.municipalities))
    for position, city in enumerate(cities):
        share = _share(position, len(cities))
        dice = Dice(f"{random_seed}:{city.code}", now)
        made = fill_city(
            db,
            city,
            Scale(1, share(scale.sessions), share(scale.people), share(scale.volunteers)),
            dice=dice,
            today=today,
            now=now,
        )
        for table, count in made.items():
            rows[table] = rows.get(table, 0) + count
    note_change(db, table="municipality", row_id=f"{len(cities)}", columns=("seed",))
    return SeedReport(rows)


def refuse_unless_empty(db: Session) -> None:
    """Refuse to mix invented people with real ones."""
    municipalities = db.exec(select(func.count()).select_from(Municipality)).one()
    if municipalities:
        raise DatabaseNotEmpty(municipalities=municipalities)


def fill_city(db: Session, city: City, scale: Scale, *, dice: Dice, today: date, now: datetime) -> dict[str, int]:
    """Write one city; returns how many rows each table got."""
    batch = Batch(dice)
    batch.add(
        Municipality(
            code=city.code,
            name=city.name,
            name_en=city.name_en,
            kana=city.kana,
            latitude=city.latitude,
            longitude=city.longitude,
            contact_name=f"{city.name} デジタル推進課",
            contact_telephone=f"({city.area_code})300-0000",
        )
    )
    people = make_people(batch, city, scale.people, dice=dice, now=now)
    intakes = make_programme(batch, city, scale.sessions, dice=dice, today=today, now=now)
    make_bookings(batch, intakes, people, dice=dice, now=now)
    helpers = make_helpers(batch, city, scale.volunteers, dice=dice, today=today, now=now)
    make_assignments(batch, intakes, helpers, dice=dice, today=today, now=now)
    write_programme(batch, intakes)
    return batch.write(db)


def _share(position: int, parts: int) -> "_Share":
    return _Share(position, parts)


@dataclass(frozen=True, slots=True)
class _Share:
    """One part's share of a total, so that all shares add up to it."""

    position: int
    parts: int

    def __call__(self, total: int) -> int:
        return total * (self.position + 1) // self.parts - total * self.position // self.parts


def _cities(count: int) -> Iterator[City]:
    yield from CITIES[:count]
    for number, (code, name, name_en, kana, latitude, longitude) in enumerate(
        MUNICIPALITIES[: max(0, count - len(CITIES))]
    ):
        model = CITIES[number % len(CITIES)]
        yield City(
            with_check_digit(code),
            name,
            name_en,
            kana,
            latitude,
            longitude,
            model.area_code,
            model.towns,
            model.venues,
        )
