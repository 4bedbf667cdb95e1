"""What can be booked, who is on a session's list, and what is refused in words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy

from events.free_text import checked_text
from events.registration import register_attendee
from events.registration_choices import bookable_sessions
from events.registration_queries import session_people
from events.states import (
    Channel,
    IntakeMethod,
    IntakeUnit,
    PhoneKind,
    ProgrammeState,
    RegistrationState,
)
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = date(2026, 12, 2)


def choices(db, **values):
    return bookable_sessions(db, municipality_code=builders.CITY, now=NOW, **values)


def book(db, intake, attendee, **values):
    usual = {"channel": Channel.TELEPHONE, "now": NOW, "by": "佐藤"}
    return register_attendee(db, intake_id=intake.id, attendee_id=attendee.id, **{**usual, **values})


def titled(db, title, day=DAY, **values):
    workshop = builders.a_workshop(db, title=title, **values.pop("workshop", {}))
    session = builders.a_session(db, day=day, workshop_id=workshop.id, **values.pop("session", {}))
    return builders.an_intake(db, session, **values)


def statements(db, action):
    seen = []
    connection = db.connection()
    listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    sqlalchemy.event.listen(connection, "before_cursor_execute", listener)
    action()
    sqlalchemy.event.remove(connection, "before_cursor_execute", listener)
    return len(seen)


def test_what_can_be_booked_comes_soonest_first_and_closed_ones_last(db):
    titled(db, "締切後", day=DAY - timedelta(days=5), deadline_at=NOW - timedelta(days=1))
    titled(db, "あと", day=DAY + timedelta(days=1))
    titled(db, "さき", day=DAY)

    assert [(row.title, row.is_open) for row in choices(db)] == [("さき", True), ("あと", True), ("締切後", False)]


def test_drafts_cancelled_past_and_unbooked_ones_are_not_offered(db):
    titled(db, "下書き", workshop={"state": ProgrammeState.DRAFT})
    titled(db, "中止", session={"state": ProgrammeState.CANCELLED})
    titled(db, "過去", day=date(2026, 11, 20))
    titled(db, "今朝", day=date(2026, 11, 21), session={"start": time(9, 0)})
    titled(db, "申込不要", method=IntakeMethod.NO_BOOKING)

    assert choices(db) == ()


def test_a_course_is_one_row_with_all_its_days_and_its_tightest_session(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(weeks=week), seats=5 - week) for week in range(3)]
    builders.an_intake(db, *sessions, unit=IntakeUnit.COURSE)

    (row,) = choices(db)

    assert [when.held_on for when in row.sessions] == [session.held_on for session in sessions]
    assert (row.seats, row.seats_left) == (3, 3)


def test_a_course_that_has_begun_is_not_offered(db):
    sessions = [builders.a_session(db, day=day) for day in (date(2026, 11, 14), DAY)]
    builders.an_intake(db, *sessions, unit=IntakeUnit.COURSE)

    assert choices(db) == ()


def test_sessions_to_choose_from_are_rows_of_their_own_with_their_own_waiting_list(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(days=day), seats=1) for day in range(2)]
    intake = builders.an_intake(db, *sessions, unit=IntakeUnit.CHOICE)
    for number in range(2):
        book(db, intake, builders.an_attendee(db, f"人 {number}"), session_id=sessions[0].id)

    assert [(row.seats_left, row.waiting) for row in choices(db)] == [(0, 1), (1, 0)]


@pytest.mark.parametrize(("text", "expected"), [("ｽﾏﾎ 中央", 1), ("すまほ", 1), ("中央公民館", 1), ("南街", 0)])
def test_typing_narrows_by_title_and_place_in_any_width(db, text, expected):
    venue = builders.a_venue(db, name="中央公民館")
    titled(db, "はじめてのスマホ", session={"venue_id": venue.id})

    assert len(choices(db, text=text)) == expected


def test_a_row_says_why_it_may_not_suit_this_person(db):
    venue = builders.a_venue(db, has_ramp=False)
    person = builders.an_attendee(db, phone_kind=PhoneKind.IPHONE, needs=["wheelchair"], age_band="-59")
    titled(
        db,
        "アンドロイド教室",
        workshop={"phone_systems": ["android"], "minimum_age": 65},
        session={"venue_id": venue.id},
    )

    (row,) = choices(db, attendee_id=person.id)

    assert row.unsuitable == ("other_system", "no_ramp", "too_young")


def test_a_row_warns_of_another_seat_at_the_same_time_and_of_missing_loan_phones(db):
    person = builders.an_attendee(db, phone_kind=PhoneKind.NONE)
    intake = titled(db, "先の予約")
    book(db, intake, person)
    titled(db, "同じ時間", session={"start": time(14, 0)})

    rows = {row.title: row for row in choices(db, attendee_id=person.id)}

    assert rows["先の予約"].registered == RegistrationState.CONFIRMED
    assert rows["同じ時間"].unsuitable == ("busy_then", "no_loan_phone")


def test_many_rows_cost_as_many_statements_as_one(db):
    person = builders.an_attendee(db)
    titled(db, "一つ")
    one = statements(db, lambda: choices(db, attendee_id=person.id))
    for number in range(6):
        titled(db, f"もう一つ {number}")

    assert statements(db, lambda: choices(db, attendee_id=person.id)) == one


def test_the_list_of_a_session_shows_offered_confirmed_and_waiting_by_rank(db):
    session = builders.a_session(db, day=DAY, seats=1)
    intake = builders.an_intake(db, session)
    for name in ("一番", "二番", "三番"):
        book(db, intake, builders.an_attendee(db, name))

    rows = session_people(db, session_id=session.id)

    assert [(row.name, row.state, row.rank) for row in rows] == [
        ("一番", RegistrationState.CONFIRMED, None),
        ("二番", RegistrationState.WAITING, 1),
        ("三番", RegistrationState.WAITING, 2),
    ]
    assert len(rows[0].seat_code) == 6


def test_a_long_list_costs_as_many_statements_as_a_short_one(db):
    session = builders.a_session(db, day=DAY, seats=20)
    intake = builders.an_intake(db, session)
    book(db, intake, builders.an_attendee(db))
    one = statements(db, lambda: session_people(db, session_id=session.id))
    for number in range(8):
        book(db, intake, builders.an_attendee(db, f"人 {number}"))

    assert statements(db, lambda: session_people(db, session_id=session.id)) == one


@pytest.mark.parametrize("text", ["  高橋\n花子 ", "が", "髙﨑邉𠮷😀👨‍👩‍👧"])
def test_text_is_trimmed_and_otherwise_left_alone(text):
    assert checked_text(text, field="name", longest=100) == " ".join(text.split())


def test_kana_that_came_in_pieces_are_put_together_and_rare_kanji_stay():
    assert checked_text("か\u3099 \ufa19", field="name", longest=10) == "が \ufa19"
