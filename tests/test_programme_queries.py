"""What the calendar and the pages read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from events.errors import NotFound
from events.fields import new_id
from events.models import Department, Registration
from events.planning.stopping import cancel_session
from events.programme_queries import sessions_between, week_by_room
from events.programme_session import session_page
from events.programme_venues import day_notices, find_everywhere, venue_page, venues_list
from events.programme_workshop import workshop_choices, workshop_page, workshops_list
from events.states import IntakeMethod, ProgrammeState, RegistrationState, WorkshopKind
from tests.builders import CITY, a_municipality, a_room, a_seat, a_session, a_venue, a_workshop, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
WEDNESDAY = date(2026, 12, 9)
MONTH = {"municipality_code": CITY, "first": date(2026, 12, 1), "last": date(2026, 12, 31)}


@contextmanager
def counted(db: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = db.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def a_full_session(db: Session, number: int):
    room = a_room(db)
    session = a_session(db, day=WEDNESDAY, start=time(9 + number), room_id=room.id, venue_id=room.venue_id)
    a_seat(db, session, an_intake(db, session))
    return session


def test_a_municipality_without_anything_has_an_empty_month(db: Session) -> None:
    assert sessions_between(db, **MONTH) == ()
    assert week_by_room(db, **MONTH) == ()
    assert venues_list(db, municipality_code=CITY, today=TODAY) == ()
    assert workshops_list(db, municipality_code=CITY, now=NOW) == ()


def test_a_chip_says_when_where_and_how_full(db: Session) -> None:
    room = a_room(db, venue_id=a_venue(db, name="中央公民館A").id, name="講座室")
    session = a_session(db, day=WEDNESDAY, start=time(13, 30), room_id=room.id, venue_id=room.venue_id, devices=6)
    a_seat(db, session, an_intake(db, session, method=IntakeMethod.DRAW), places=2)
    [chip] = sessions_between(db, **MONTH)
    assert (chip.title, chip.venue_name, chip.room_name, chip.confirmed, chip.free, chip.devices, chip.method) == (
        "はじめてのスマホ", "中央公民館A", "講座室", 2, 8, 6, IntakeMethod.DRAW
    )  # fmt: skip


def test_waiting_people_are_counted(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    intake = an_intake(db, session)
    seat = a_seat(db, session, intake)
    db.get_one(Registration, seat.registration_id).state = RegistrationState.WAITING
    db.flush()
    [chip] = sessions_between(db, **MONTH)
    assert chip.waiting == 1


def test_another_municipality_is_not_seen(db: Session) -> None:
    a_session(db, day=WEDNESDAY, municipality_code="132110")
    assert sessions_between(db, **MONTH) == ()


def test_days_at_both_ends_belong_to_the_month(db: Session) -> None:
    for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)):
        a_session(db, day=day, start=time(0, 30))
    assert [chip.held_on.day for chip in sessions_between(db, **MONTH)] == [1, 31]


@pytest.mark.parametrize("query", ["month", "rooms", "venues"])
def test_a_list_asks_as_many_questions_for_three_rows_as_for_one(db: Session, query) -> None:
    ask = {
        "month": lambda: sessions_between(db, **MONTH),
        "rooms": lambda: week_by_room(db, **MONTH),
        "venues": lambda: venues_list(db, municipality_code=CITY, today=TODAY),
    }[query]
    numbers = []
    for number in range(3):
        a_full_session(db, number)
        db.expire_all()
        with counted(db) as statements:
            assert len(ask()) == number + 1
        numbers.append(len(statements))
    assert numbers[0] == numbers[2] <= 4


def test_a_state_moves_on_with_the_clock(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, state=ProgrammeState.ANNOUNCED)
    an_intake(db, session, opens_at=NOW, deadline_at=NOW + timedelta(days=3))
    [chip] = sessions_between(db, **MONTH)
    moments = (NOW - timedelta(hours=1), NOW, NOW + timedelta(days=3), datetime(2026, 12, 10, tzinfo=UTC))
    assert [chip.stage(moment) for moment in moments] == [
        ProgrammeState.ANNOUNCED, ProgrammeState.OPEN, ProgrammeState.CLOSED, ProgrammeState.HELD
    ]  # fmt: skip


def test_a_room_without_sessions_has_an_empty_lane(db: Session) -> None:
    room = a_room(db)
    [lane] = week_by_room(db, **MONTH)
    assert (lane.room_id, lane.chips) == (room.id, ())


def test_a_place_without_a_room_has_a_lane_of_its_own(db: Session) -> None:
    a_session(db, day=WEDNESDAY, venue_id=None, place_text="駅前広場")
    [lane] = week_by_room(db, **MONTH)
    assert (lane.venue_name, len(lane.chips)) == ("駅前広場", 1)


def test_the_page_of_a_session_shows_its_neighbours_and_cautions(db: Session) -> None:
    workshop = a_workshop(db)
    first = a_session(db, day=WEDNESDAY, workshop_id=workshop.id, devices=0, people_without_phone=1)
    second = a_session(db, day=WEDNESDAY + timedelta(weeks=1), workshop_id=workshop.id, number=2)
    page = session_page(db, session_id=first.id, now=NOW)
    assert [each.session_id for each in page.neighbours] == [first.id, second.id]
    assert [caution.code for caution in page.cautions] == ["few_devices"]


def test_a_cancelled_session_shows_its_reason(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    cancel_session(db, session_id=session.id, reason="台風のため", now=NOW, by="山田")
    page = session_page(db, session_id=session.id, now=NOW)
    assert (page.chip.state, page.stop_reason) == (ProgrammeState.CANCELLED, "台風のため")


def test_pages_of_what_does_not_exist_are_refused(db: Session) -> None:
    for ask in (
        lambda: session_page(db, session_id=new_id(), now=NOW),
        lambda: workshop_page(db, workshop_id=new_id()),
        lambda: venue_page(db, venue_id=new_id(), today=TODAY),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_page_of_a_workshop_shows_its_sessions_in_order(db: Session) -> None:
    workshop = a_workshop(db)
    for day in (date(2026, 12, 16), WEDNESDAY):
        a_session(db, day=day, workshop_id=workshop.id)
    page = workshop_page(db, workshop_id=workshop.id)
    assert [chip.held_on for chip in page.sessions] == [WEDNESDAY, date(2026, 12, 16)]


def test_workshops_are_listed_by_their_last_day_and_found_by_title(db: Session) -> None:
    early, late = a_workshop(db, title="LINE入門"), a_workshop(db, title="地図の使い方")
    a_session(db, day=WEDNESDAY, workshop_id=early.id)
    a_session(db, day=WEDNESDAY + timedelta(weeks=1), workshop_id=late.id)
    assert [line.title for line in workshops_list(db, municipality_code=CITY, now=NOW)] == ["地図の使い方", "LINE入門"]
    assert [line.title for line in workshops_list(db, municipality_code=CITY, now=NOW, text="line")] == ["LINE入門"]
    assert workshops_list(db, municipality_code=CITY, now=NOW, fiscal_year=2020) == ()


def test_the_list_of_workshops_is_narrowed_by_kind_department_and_what_people_see(db: Session) -> None:
    department = Department(municipality_code=a_municipality(db).code, name="公民館")
    db.add(department)
    db.flush()
    past = a_workshop(db, title="過ぎた講座", state=ProgrammeState.OPEN, department_id=department.id)
    a_session(db, day=date(2026, 10, 1), workshop_id=past.id)
    coming = a_workshop(db, title="これからの講座", state=ProgrammeState.OPEN, kind=WorkshopKind.CONSULTATION)
    a_session(db, day=date(2027, 1, 20), workshop_id=coming.id)

    def titles(**asked: object) -> list[str]:
        return [line.title for line in workshops_list(db, municipality_code=CITY, now=NOW, **asked)]

    assert titles() == ["これからの講座", "過ぎた講座"]
    assert titles(state=ProgrammeState.HELD) == titles(department_id=department.id) == ["過ぎた講座"]
    assert titles(state=ProgrammeState.OPEN) == titles(kind=WorkshopKind.CONSULTATION) == ["これからの講座"]


def test_a_search_finds_sessions_workshops_and_venues(db: Session) -> None:
    venue = a_venue(db, name="花小金井南公民館", kana="ハナコガネイミナミ")
    session = a_session(db, day=WEDNESDAY, venue_id=venue.id)
    found = find_everywhere(db, municipality_code=CITY, text="花小金井", now=NOW)
    assert [chip.session_id for chip in found.sessions] == [session.id]
    assert [name for _, name in found.venues] == ["花小金井南公民館"]
    assert find_everywhere(db, municipality_code=CITY, text="100%", now=NOW) == find_everywhere(
        db, municipality_code=CITY, text=" ", now=NOW
    )


def test_a_search_shows_what_is_still_to_come_first(db: Session) -> None:
    workshop = a_workshop(db, title="LINE入門")
    past, coming = (a_session(db, day=day, workshop_id=workshop.id) for day in (date(2026, 10, 7), WEDNESDAY))
    found = find_everywhere(db, municipality_code=CITY, text="line", now=NOW)
    assert [chip.session_id for chip in found.sessions] == [coming.id, past.id]


def test_the_choices_of_a_form_are_those_of_the_municipality(db: Session) -> None:
    a_municipality(db)
    assert workshop_choices(db, municipality_code=CITY).topics == ()


def test_holidays_and_closed_venues_are_marked_by_day(db: Session) -> None:
    venue = a_venue(db, name="中央公民館", opening_rule={"closed_weekdays": [0]})
    a_venue(db)
    first, second = day_notices(db, municipality_code=CITY, first=date(2027, 1, 11), last=date(2027, 1, 12))
    assert (first.holiday, first.closed) == ("成人の日", ())
    assert (second.holiday, second.closed) == ("", ((venue.id, "中央公民館"),))
