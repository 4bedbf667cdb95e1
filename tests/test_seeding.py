"""Seeds: the numbers that were promised, the cases a demo must have, and the same data from the same seed."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy
from sqlmodel import col, func, select

from events.draw.record import verify_record
from events.integrity import find_inconsistencies
from events.japan.clock import tokyo_date
from events.japan.municipality_codes import is_municipality_code
from events.models import (
    Attendee,
    ContactPoint,
    DrawRecord,
    Intake,
    Municipality,
    Registration,
    Seat,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.opening import closed_reason
from events.states import IntakeMethod, ProgrammeState, RegistrationState
from supportapp.accounts import SignedIn
from supportapp.accounts_tables import Account
from supportapp.audit import AuditEntry, check_chains
from supportapp.backend import Backend
from supportapp.database import open_database
from supportapp.identity import Actor, Role
from supportapp.seeding import DEMO_ACCOUNTS, make_demo, seed_population
from supportapp.seeding.demo import NotADemo
from supportapp.seeding.dice import Dice
from supportapp.seeding.population import SCALES, DatabaseNotEmpty, _cities
from supportapp.tables import METADATA
from volunteers.models import Assignment, Membership, Volunteer
from volunteers.need import staffing_of
from volunteers.own_queries import my_sessions, open_sessions_for

LOCAL = Actor("cli:test", Role.LOCAL, "")
SATURDAY = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
MONDAY_HOLIDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
CITIES = ("132110", "132136", "132209", "132225")
# What the machine's own chance or clock decides: password hashes, and ids of what comes in by a published file.
OWN_CHANCE = {"account", "account_role", "audit_entry", "audit_head"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory, empty_sqlite_file):
    """One demo, made on a Saturday, for the tests that only read."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    file.write_bytes(empty_sqlite_file.read_bytes())
    backend = Backend(open_database(f"sqlite:///{file}"), clock=lambda: SATURDAY)
    make_demo(backend, LOCAL)
    yield backend
    backend.close()


@pytest.fixture
def read(demo):
    with demo.database.reading() as db:
        yield db


def backend_on(database, moment=SATURDAY):
    return Backend(database, clock=lambda: moment)


def by_city(db, table, *conditions):
    query = select(table.municipality_code, func.count()).where(*conditions).group_by(table.municipality_code)
    return dict(db.exec(query).all())


def test_a_small_seed_has_exactly_the_promised_numbers(database):
    report = seed_population(backend_on(database), LOCAL, scale="small", random_seed=1, today=date(2026, 11, 21))

    with database.reading() as db:
        counts = [
            db.exec(select(func.count()).select_from(table)).one()
            for table in (Municipality, WorkshopSession, Attendee, Volunteer)
        ]
        assert counts == [1, 40, 300, 40]
        assert db.exec(select(Municipality.code)).all() == ["132209"]
        assert find_inconsistencies(db) == ()
    assert (report.rows["workshop_session"], report.rows["attendee"]) == (40, 300)


def test_the_large_scales_are_the_promised_ones():
    scales = {name: (one.municipalities, one.sessions, one.people, one.volunteers) for name, one in SCALES.items()}

    assert scales == {
        "small": (1, 40, 300, 40),
        "city": (1, 400, 10_000, 1_000),
        "tokyo": (62, 10_000, 100_000, 30_000),
    }


def test_tokyo_has_62_municipalities_with_true_codes():
    cities = list(_cities(62))

    assert len({city.code for city in cities}) == len({city.name for city in cities}) == 62
    assert all(is_municipality_code(city.code) for city in cities)


def _rows(database):
    with database.reading() as db:
        return {
            table.name: db.connection().execute(sqlalchemy.select(table).order_by(*table.primary_key)).all()
            for table in METADATA.sorted_tables
            if table.name not in OWN_CHANCE
        }


def _two_databases(tmp_path, empty_sqlite_file):
    for number in (1, 2):
        file = tmp_path / f"{number}.db"
        file.write_bytes(empty_sqlite_file.read_bytes())
        yield open_database(f"sqlite:///{file}")


def test_the_same_seed_and_day_give_the_same_rows(tmp_path, empty_sqlite_file):
    databases = list(_two_databases(tmp_path, empty_sqlite_file))
    for database in databases:
        seed_population(backend_on(database), LOCAL, scale="small", random_seed=7, today=date(2026, 11, 21))
    first, second = (_rows(database) for database in databases)

    assert first == second
    assert sum(len(rows) for rows in first.values()) > 3_000


def test_another_seed_gives_other_people(tmp_path, empty_sqlite_file):
    databases = list(_two_databases(tmp_path, empty_sqlite_file))
    for number, database in enumerate(databases):
        seed_population(backend_on(database), LOCAL, scale="small", random_seed=number, today=date(2026, 11, 21))
    first, second = (_rows(database)["attendee"] for database in databases)

    assert [row.name for row in first] != [row.name for row in second]


def test_a_seed_never_mixes_with_other_data(sqlite_database):
    backend = backend_on(sqlite_database)
    seed_population(backend, LOCAL, scale="small", random_seed=1, today=date(2026, 11, 21))

    with pytest.raises(DatabaseNotEmpty):
        seed_population(backend, LOCAL, scale="small", random_seed=1, today=date(2026, 11, 21))
    with pytest.raises(DatabaseNotEmpty):
        make_demo(backend, LOCAL)
    with pytest.raises(NotADemo):
        make_demo(backend, LOCAL, reset=True)


def test_ids_of_a_seed_rise_in_the_order_in_which_they_are_made():
    dice = Dice("x", SATURDAY)
    ids = [dice.new_id() for _ in range(5_000)]

    assert ids == sorted(ids)
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}


def test_every_city_of_the_demo_has_what_was_promised(read):
    for table, least in ((Venue, 12), (WorkshopSession, 60), (Attendee, 400), (Membership, 80)):
        found = by_city(read, table)
        assert set(found) == set(CITIES)
        assert min(found.values()) >= least


def test_every_city_has_past_and_coming_sessions(read):
    today = tokyo_date(SATURDAY)

    assert min(by_city(read, WorkshopSession, col(WorkshopSession.held_on) < today).values()) >= 10
    assert min(by_city(read, WorkshopSession, col(WorkshopSession.held_on) > today).values()) >= 10


def test_every_city_has_waiting_people_a_lost_draw_and_a_draw_to_come(read):
    for state in (RegistrationState.WAITING, RegistrationState.LOST, RegistrationState.WAITING_DRAW):
        assert set(by_city(read, Registration, Registration.state == state)) == set(CITIES)
    drawn = (Intake.method == IntakeMethod.DRAW, col(Intake.drawn_at).is_not(None))

    assert set(by_city(read, Intake, *drawn)) == set(CITIES)


@pytest.mark.parametrize("code", CITIES)
def test_every_city_has_a_coming_session_that_is_short_of_helpers(read, code):
    ids = read.exec(
        select(WorkshopSession.id).where(
            WorkshopSession.municipality_code == code, WorkshopSession.state == ProgrammeState.OPEN
        )
    ).all()
    staffing = staffing_of(read, municipality_code=code, session_ids=tuple(ids), now=SATURDAY)

    assert any(each.missing for each in staffing.values())
    assert any(not each.missing for each in staffing.values())


def test_names_that_software_stumbles_over_are_there(read):
    names = read.exec(select(Attendee.name)).all()

    assert {1, 20} <= {len(name) for name in names}
    assert "髙﨑 邉𠮷" in names


def test_spouses_share_a_number(read):
    shared = read.exec(
        select(ContactPoint.value_key)
        .where(col(ContactPoint.attendee_id).is_not(None))
        .group_by(ContactPoint.value_key)
        .having(func.count() > 1)
    ).all()

    assert len(shared) >= 20


@pytest.mark.parametrize("code", CITIES)
def test_today_has_sessions_with_bookings_one_after_the_other(read, code):
    today = tokyo_date(SATURDAY)
    sessions = read.exec(
        select(WorkshopSession).where(WorkshopSession.municipality_code == code, WorkshopSession.held_on == today)
    ).all()
    starts = sorted(session.starts_at for session in sessions)

    assert len(starts) == 4
    assert max(later - earlier for earlier, later in pairwise(starts)) <= timedelta(hours=4)
    assert all(session.confirmed_count > 0 for session in sessions)


def test_nothing_in_the_demo_contradicts_itself(read):
    assert find_inconsistencies(read) == ()
    assert [chain.first_broken for chain in check_chains(read)] == [None]


def test_no_session_of_the_demo_is_on_a_day_when_its_house_is_closed(read):
    pairs = read.exec(
        select(WorkshopSession.held_on, Venue.opening_rule).join(Venue, col(Venue.id) == WorkshopSession.venue_id)
    ).all()

    assert [day for day, rule in pairs if closed_reason(rule, day)] == []


def test_nobody_of_the_demo_is_at_two_places_on_one_day(read):
    helping = read.exec(
        select(Assignment.volunteer_id, WorkshopSession.held_on).join(
            WorkshopSession, col(WorkshopSession.id) == Assignment.session_id
        )
    ).all()
    coming = read.exec(
        select(Seat.attendee_id, WorkshopSession.held_on).join(
            WorkshopSession, col(WorkshopSession.id) == Seat.session_id
        )
    ).all()

    assert [count for count in Counter(helping).values() if count > 1] == []
    assert [count for count in Counter(coming).values() if count > 1] == []


@pytest.mark.parametrize("code", CITIES)
def test_the_volunteer_who_signs_in_has_a_session_to_come_and_open_ones_that_suit(demo, read, code):
    volunteer_id = read.exec(select(Account.volunteer_id).where(Account.login == f"volunteer-{code}")).one()
    actor = Actor(f"volunteer-{code}", Role.VOLUNTEER, code, volunteer_id=volunteer_id)
    mine = demo.read_now(actor, my_sessions, volunteer_id=volunteer_id, now=SATURDAY)
    open_ones = demo.read_now(actor, open_sessions_for, volunteer_id=volunteer_id, municipality_code=code, now=SATURDAY)

    assert len(mine.standing) >= 2
    assert [each for each in open_ones.rows if each.free and each.certain]


def test_every_role_of_every_city_can_sign_in(read):
    assert Counter(account.municipality for account in DEMO_ACCOUNTS) == dict.fromkeys(CITIES, 5)
    assert set(read.exec(select(Account.login)).all()) == {account.name for account in DEMO_ACCOUNTS}


def test_the_published_smartphone_course_is_planned_again_and_open(read):
    old = read.exec(
        select(Workshop).where(col(Workshop.read_only), col(Workshop.title).contains("スマホを使いこなそう"))
    ).one()
    new = read.exec(select(Workshop).where(Workshop.copied_from_id == old.id)).one()
    sessions = read.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == new.id)).all()

    assert (old.municipality_code, new.state, len(sessions)) == ("132110", ProgrammeState.OPEN, 2)
    assert {session.state for session in sessions} == {ProgrammeState.OPEN}
    assert min(session.held_on for session in sessions) > tokyo_date(SATURDAY)


def test_the_demo_is_in_the_log(read):
    use_cases = read.exec(select(AuditEntry.use_case).order_by(AuditEntry.number)).all()

    assert use_cases[0] == "supportapp.seeding.demo.fill_demo"
    assert "events.importing.offerings.import_offerings" in use_cases


@pytest.mark.parametrize("moment", [MONDAY_HOLIDAY, NEW_YEAR])
def test_a_demo_of_any_day_of_the_year_is_sound(sqlite_database, moment):
    make_demo(backend_on(sqlite_database, moment), LOCAL)

    with sqlite_database.reading() as db:
        assert find_inconsistencies(db) == ()
        assert len(db.exec(select(WorkshopSession).where(WorkshopSession.held_on == tokyo_date(moment))).all()) == 16


def test_a_demo_made_earlier_gets_sessions_of_today_and_loses_nothing(sqlite_database):
    make_demo(backend_on(sqlite_database), LOCAL)
    with sqlite_database.reading() as db:
        before = set(db.exec(select(WorkshopSession.id)).all())
    next_sunday = SATURDAY + timedelta(days=8)
    make_demo(backend_on(sqlite_database, next_sunday), LOCAL)
    make_demo(backend_on(sqlite_database, next_sunday), LOCAL)

    with sqlite_database.reading() as db:
        after = db.exec(select(WorkshopSession)).all()
        fresh = [session for session in after if session.held_on == tokyo_date(next_sunday)]
        assert before <= {session.id for session in after}
        assert Counter(session.municipality_code for session in fresh) == dict.fromkeys(CITIES, 4)
        assert all(session.confirmed_count > 0 for session in fresh)
        assert find_inconsistencies(db) == ()


def test_a_reset_throws_the_demo_away_and_keeps_its_log(database):
    backend = backend_on(database)
    make_demo(backend, LOCAL)
    with database.writing() as db:
        db.add(Municipality(code="131016", name="千代田区"))
    make_demo(backend, LOCAL, reset=True)

    with database.reading() as db:
        assert set(db.exec(select(Municipality.code)).all()) == set(CITIES)
        assert "supportapp.seeding.demo.empty_demo" in db.exec(select(AuditEntry.use_case)).all()
        assert [chain.first_broken for chain in check_chains(db)] == [None]


def test_someone_with_a_demo_password_is_who_they_say(demo):
    import asyncio

    from supportapp.accounts import resume, sign_in

    account = DEMO_ACCOUNTS[0]
    token = asyncio.run(sign_in(demo, login=account.name, password=account.password, days=1))
    found = demo.read_now(LOCAL, resume, token=token, now=SATURDAY)

    assert isinstance(found, SignedIn)
    assert (found.actor.role.value, found.actor.municipality_code) == (account.role, account.municipality)


def test_every_draw_that_was_held_left_a_record_that_proves_it(read):
    records = read.exec(select(DrawRecord)).all()

    assert records
    for record in records:
        verified = verify_record(record.record)
        states = read.exec(select(Registration.state).where(Registration.intake_id == record.intake_id)).all()
        assert states.count(RegistrationState.LOST) == verified.lost
