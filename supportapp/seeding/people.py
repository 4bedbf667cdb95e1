"""Invented attendees: older people with towns, telephones, needs; spouses share a number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from events.attendee_keys import kana_terms, name_terms, tail_term
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import Attendee, AttendeeTerm, ContactPoint
from events.states import ContactKind, PhoneKind
from supportapp.seeding.batch import Batch
from supportapp.seeding.cities import City
from supportapp.seeding.dice import Dice
from supportapp.seeding.names import GIVEN_OLDER, HARD_NAMES, SURNAMES

_PHONES = (
    (PhoneKind.NONE, 12),
    (PhoneKind.FEATURE_PHONE, 22),
    (PhoneKind.IPHONE, 24),
    (PhoneKind.ANDROID, 34),
    (PhoneKind.UNKNOWN, 8),
)
_NEEDS = ("large_print", "wheelchair", "written_conversation", "hearing", "companion")
_SPOUSE = 0.08


@dataclass(frozen=True, slots=True)
class Person:
    """What the later parts of the seed need to know of an attendee."""

    id: UUID
    phone: PhoneKind


def make_people(batch: Batch, city: City, count: int, *, dice: Dice, now: datetime) -> list[Person]:
    """Add ``count`` attendees of a city."""
    people: list[Person] = []
    hard_names = iter(HARD_NAMES)
    while len(people) < count:
        surname = dice.choice(SURNAMES)
        number = _number(city, dice)
        town = dice.choice(city.towns)
        full_name = next(hard_names, None) or _full_name(surname, dice)
        people.append(_person(batch, city, full_name, town, number, dice, now))
        if len(people) < count and dice.random() < _SPOUSE:
            people.append(_person(batch, city, _full_name(surname, dice), town, number, dice, now))
    return people


def _full_name(surname: tuple[str, str], dice: Dice) -> tuple[str, str]:
    given = dice.choice(GIVEN_OLDER)
    return f"{surname[0]} {given[0]}", f"{surname[1]} {given[1]}"


def _number(city: City, dice: Dice) -> str:
    # Exchanges 0-000 and 0000 are not given out in Japan, so nobody's telephone rings.
    if dice.random() < 0.6:
        return f"({city.area_code})300-{dice.randrange(10_000):04}"
    return f"090-0{dice.randrange(1000):03}-{dice.randrange(10_000):04}"


def _person(
    batch: Batch,
    city: City,
    full_name: tuple[str, str],
    town: str,
    number: str,
    dice: Dice,
    now: datetime,
) -> Person:
    name, kana = full_name
    phone = dice.choices([kind for kind, _ in _PHONES], [weight for _, weight in _PHONES])[0]
    by_name, by_kana = name_key(name), kana_key(kana)
    person_id = batch.new(
        Attendee,
        municipality_code=city.code,
        name=name,
        kana=kana,
        name_key=by_name,
        kana_key=by_kana,
        birth_date=date(1936, 1, 1) + timedelta(days=dice.randrange(30 * 365)),
        town=town,
        address=f"{city.name}{town}{dice.randint(1, 5)}-{dice.randint(1, 40)}-{dice.randint(1, 20)}",
        residence="lives",
        phone_kind=phone,
        confidence=dice.randint(1, 5),
        needs=[dice.choice(_NEEDS)] if dice.random() < 0.12 else [],
        notice_by="telephone",
        created_at=now,
    )
    by_number = telephone_key(number)
    batch.new(
        ContactPoint,
        municipality_code=city.code,
        attendee_id=person_id,
        kind=ContactKind.TELEPHONE,
        value=number,
        value_key=by_number,
        preferred=True,
    )
    for term in sorted({*name_terms(by_name), *kana_terms(by_kana), tail_term(by_number)}):
        batch.add_values(AttendeeTerm, {"municipality_code": city.code, "term": term, "attendee_id": person_id})
    return Person(person_id, phone)
