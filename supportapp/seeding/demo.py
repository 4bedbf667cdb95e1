"""The demo: four neighbouring cities around today, with the cases that a day at the office brings."""

from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import resources
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, func, select

from events.changes import note_change
from events.errors import DomainError
from events.japan.clock import at_tokyo, tokyo_date
from events.models import Attendee, Department, Municipality, Organisation, Topic, Workshop, WorkshopSession
from events.planning.again import plan_again
from events.planning.publishing import publish_workshop
from events.states import PhoneKind
from supportapp.accounts import create_account, hash_password
from supportapp.accounts_tables import Account
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.importing import import_events_file
from supportapp.seeding.batch import Batch
from supportapp.seeding.bookings import make_bookings
from supportapp.seeding.cities import CITIES, City
from supportapp.seeding.dice import Dice
from supportapp.seeding.people import Person
from supportapp.seeding.population import DatabaseNotEmpty, Scale, fill_city
from supportapp.seeding.programme import rooms_of, todays_programme, write_programme
from supportapp.tables import METADATA
from volunteers.models import Membership, Volunteer
from volunteers.states import VolunteerState

DEMO_PASSWORD = "sumaho-demo"  # noqa: S105 -- opens invented data only
PUBLISHED_FILE = "events_132110.csv"
_KODAIRA = "132110"
_COURSE = "スマホを使いこなそう"  # its rows NO 58 and 59 are one course of two sessions, held in 2022
_SCALE = Scale(1, 64, 420, 84)
_NAMES = {
    Role.STAFF: "青木 直美",
    Role.RECEPTION: "林 和子",
    Role.ORGANISER: "石井 修",
    Role.ADMINISTRATOR: "大塚 学",
}
_DEPARTMENTS = ("デジタル推進課", "高齢福祉課", "公民館")
_TOPICS = (
    ("A-1", "はじめて", "電源・文字入力・電話", 120),
    ("A-2", "はじめて", "カメラと写真", 90),
    ("B-1", "くらし", "地図と乗換案内", 90),
    ("B-2", "くらし", "キャッシュレス決済", 90),
    ("C-1", "手続き", "マイナポータルとオンライン申請", 120),
)
_ORGANISATIONS = (
    ("metropolis", "東京都"),
    ("npo", "{city}社会福祉協議会"),
    ("neighbourhood", "{city}自治会連合会"),
    ("company", "{city}商店会"),
)
_WITHOUT_LOG = frozenset({"audit_entry", "audit_head"})


class NotADemo(DomainError):
    """Only a demo may be thrown away; this database holds something else."""

    code = "not_a_demo"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A login of the demo."""

    role: str
    name: str
    password: str
    municipality: str


DEMO_ACCOUNTS = tuple(
    DemoAccount(role.value, f"{role.value}-{code}", DEMO_PASSWORD, code)
    for code in ("132209", "132110", "132136", "132225")
    for role in (Role.STAFF, Role.RECEPTION, Role.ORGANISER, Role.VOLUNTEER, Role.ADMINISTRATOR)
)


def make_demo(backend: Backend, actor: Actor, *, reset: bool = False) -> None:
    """Make the demo's data and logins unless they are there; a demo of an earlier day gets sessions of today.

    Raises DatabaseNotEmpty (it holds other data), NotADemo (nothing else is thrown away).
    """
    today = tokyo_date(backend.clock())
    if reset and backend.read_now(actor, _municipalities):
        backend.run_now(actor, empty_demo)
    if not backend.read_now(actor, _municipalities):
        backend.run_now(actor, fill_demo, today=today, password_hash=hash_password(DEMO_PASSWORD))
    elif not backend.read_now(actor, is_demo):
        raise DatabaseNotEmpty(municipalities=backend.read_now(actor, _municipalities))
    if backend.read_now(actor, _published_again) is None:
        _plan_published_course_again(backend, actor)
    if not backend.read_now(actor, _sessions_on, day=today):
        backend.run_now(actor, fill_today, today=today)


def _municipalities(db: Session) -> int:
    return db.exec(select(func.count()).select_from(Municipality)).one()


def is_demo(db: Session) -> bool:
    """Whether the data here was made by the demo."""
    logins = [account.name for account in DEMO_ACCOUNTS]
    found = db.exec(select(func.count()).select_from(Account).where(col(Account.login).in_(logins))).one()
    return found == len(logins)


def empty_demo(db: Session) -> None:
    """Throw the demo's data away; its log stays. Raises NotADemo."""
    if not is_demo(db):
        raise NotADemo
    for table in reversed(METADATA.sorted_tables):
        if table.name not in _WITHOUT_LOG:
            db.connection().execute(sqlalchemy.delete(table))
    note_change(db, table="municipality", row_id="demo", columns=("reset",))


def fill_demo(db: Session, *, today: date, password_hash: str) -> None:
    """Write the four cities and one login for each role of each; the clock stands at nine of ``today``."""
    now = at_tokyo(today, time(9))
    for city in CITIES:
        fill_city(db, city, _SCALE, dice=Dice(f"demo:{city.code}", now), today=today, now=now)
        _fill_catalogues(db, city, now)
        note_change(db, table="municipality", row_id=city.code, columns=("seed",))
    for account in DEMO_ACCOUNTS:
        role = Role(account.role)
        volunteer = _who_signs_in(db, account.municipality) if role is Role.VOLUNTEER else None
        create_account(
            db,
            login=account.name,
            name=volunteer.name if volunteer else _NAMES[role],
            password_hash=password_hash,
            municipality_code=account.municipality,
            role=role,
            now=now,
            volunteer_id=volunteer.id if volunteer else None,
        )


def _fill_catalogues(db: Session, city: City, now: datetime) -> None:
    """What plans choose from in the settings; nothing of it is booked yet."""
    batch = Batch(Dice(f"demo-catalogues:{city.code}", now))
    for name in _DEPARTMENTS:
        batch.new(Department, municipality_code=city.code, name=name)
    for code, part, name, minutes in _TOPICS:
        batch.new(
            Topic, municipality_code=city.code, code=code, part=part, name=name, minutes=minutes, needs_network=True
        )
    for kind, name in _ORGANISATIONS:
        batch.new(Organisation, municipality_code=city.code, kind=kind, name=name.format(city=city.name))
    batch.write(db)


def _who_signs_in(db: Session, code: str) -> Volunteer | None:
    """The first volunteer that was made: the seed gives them something to come and leaves something open."""
    return db.exec(
        select(Volunteer)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .where(Membership.municipality_code == code, Membership.state == VolunteerState.ACTIVE)
        .order_by(col(Volunteer.id))
    ).first()


def _published_course(db: Session) -> UUID:
    return db.exec(
        select(Workshop.id).where(
            Workshop.municipality_code == _KODAIRA, col(Workshop.read_only), col(Workshop.title).contains(_COURSE)
        )
    ).one()


def _published_again(db: Session) -> UUID | None:
    return db.exec(
        select(Workshop.id).where(Workshop.municipality_code == _KODAIRA, col(Workshop.copied_from_id).is_not(None))
    ).first()


def _plan_published_course_again(backend: Backend, actor: Actor) -> None:
    """What 小平市 really published comes in by the office's own door, and its smartphone course is planned again."""
    content = (resources.files("supportapp.seeding") / "data" / PUBLISHED_FILE).read_bytes()
    import_events_file(backend, actor, content=content, file_name=PUBLISHED_FILE, municipality_code=_KODAIRA)
    backend.run_now(actor, _announce_again, now=backend.clock(), by=actor.name)


def _announce_again(db: Session, *, now: datetime, by: str) -> None:
    again = plan_again(db, workshop_id=_published_course(db), now=now, by=by)
    workshop = db.get_one(Workshop, again.workshop_id)
    publish_workshop(db, workshop_id=workshop.id, version=workshop.version, now=now, by=by)


def _sessions_on(db: Session, *, day: date) -> int:
    return db.exec(select(func.count()).select_from(WorkshopSession).where(WorkshopSession.held_on == day)).one()


def fill_today(db: Session, *, today: date) -> None:
    """Sessions of today, with bookings, in a demo that was made on an earlier day."""
    now = at_tokyo(today, time(9))
    for city in CITIES:
        dice = Dice(f"demo:{city.code}:{today.isoformat()}", now)
        batch = Batch(dice)
        intakes = todays_programme(batch, city, rooms_of(db, city.code), dice=dice, today=today, now=now)
        people = db.exec(
            select(Attendee.id, Attendee.phone_kind)
            .where(Attendee.municipality_code == city.code)
            .order_by(col(Attendee.id))
        )
        make_bookings(
            batch, intakes, [Person(person_id, PhoneKind(phone)) for person_id, phone in people], dice=dice, now=now
        )
        write_programme(batch, intakes)
        batch.write(db)
        note_change(db, table="municipality", row_id=city.code, columns=("seed",))
