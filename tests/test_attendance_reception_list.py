"""What the desk sees: people in kana order, needs, counts, and nothing that it does not need."""

import dataclasses
from datetime import time, timedelta

import pytest
from sqlalchemy import event

from events.attendance import check_in, leave_early
from events.attendance_queries import ReceptionPerson, reception_list, receptions_today
from events.errors import NotFound
from events.fields import new_id
from events.japan.names import kana_row
from events.states import AttendanceState, IntakeMethod, ProgrammeState, SeatState
from events.walk_ins import walk_in
from tests.builders import NOW, TODAY, a_municipality, a_seat, a_session, a_workshop, an_attendee, an_intake

AT_THE_DESK = {"now": NOW, "by": "受付"}


def tick(db, session, seat, state=AttendanceState.PRESENT):
    return check_in(db, session_id=session.id, seat_id=seat.id, state=state, tap_id=new_id(), **AT_THE_DESK)


def test_people_stand_in_kana_order_and_those_without_kana_last(db):
    session = a_session(db)
    intake = an_intake(db, session)
    for name, kana in (("林", "ハヤシ"), ("髙﨑", "タカサキ"), ("阿部", "アベ"), ("当日", "")):
        a_seat(db, session, intake, an_attendee(db, name, kana))

    sheet = reception_list(db, session_id=session.id)

    assert [person.name for person in sheet.people] == ["阿部", "髙﨑", "林", "当日"]


def test_a_line_says_seat_needs_and_what_stands(db):
    session = a_session(db)
    person = an_attendee(db, needs=["writing", "wheelchair"])
    seat = a_seat(db, session, an_intake(db, session), person, code="012345", companions=1, without_phone=True)
    ticked = tick(db, session, seat, AttendanceState.LATE)

    (line,) = reception_list(db, session_id=session.id).people

    assert line == ReceptionPerson(
        attendee_id=person.id,
        name="高橋 花子",
        kana="タカハシ ハナコ",
        needs=("writing", "wheelchair"),
        seat_id=seat.id,
        seat_code="012345",
        companions=1,
        without_phone=True,
        attendance_id=ticked.attendance_id,
        state=AttendanceState.LATE,
        arrived_at=NOW,
        left_at=None,
        walk_in=False,
        over_seats=False,
    )


def test_the_desk_is_given_no_way_to_reach_anybody():
    shown = {field.name for field in dataclasses.fields(ReceptionPerson)}

    assert not shown & {"telephone", "address", "town", "birth_date", "note", "needs_note", "contacts"}


def test_the_counts_are_those_of_the_moment(db):
    session = a_session(db, seats=6)
    intake = an_intake(db, session)
    seats = [a_seat(db, session, intake) for _ in range(6)]
    tick(db, session, seats[0])
    late = tick(db, session, seats[1], AttendanceState.LATE)
    tick(db, session, seats[2], AttendanceState.ABSENT_NOTICE)
    tick(db, session, seats[3], AttendanceState.ABSENT)
    leave_early(db, session_id=session.id, attendance_id=late.attendance_id, tap_id=new_id(), **AT_THE_DESK)
    walk_in(db, session_id=session.id, name="当日", reason="欠席の席を使う", tap_id=new_id(), **AT_THE_DESK)

    counts = reception_list(db, session_id=session.id).counts

    assert (counts.expected, counts.came, counts.late, counts.absent_notice, counts.absent) == (7, 3, 1, 1, 1)
    assert (counts.walk_ins, counts.left, counts.open, counts.here) == (1, 1, 2, 2)


def test_seats_that_were_offered_or_given_back_are_not_on_the_list(db):
    session = a_session(db)
    intake = an_intake(db, session)
    a_seat(db, session, intake, state=SeatState.OFFERED)
    a_seat(db, session, intake, state=SeatState.RELEASED)

    assert reception_list(db, session_id=session.id).people == ()


def test_the_list_takes_as_many_statements_for_ten_people_as_for_one(sqlite_database):
    def statements(people):
        with sqlite_database.writing() as db:
            session = a_session(db)
            intake = an_intake(db, session)
            for _ in range(people):
                tick(db, session, a_seat(db, session, intake))
            counted = []
            event.listen(db.get_bind(), "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
            reception_list(db, session_id=session.id)
            return len(counted)

    assert statements(1) == statements(10) <= 4


def test_there_is_no_list_of_a_session_that_does_not_exist(db):
    with pytest.raises(NotFound):
        reception_list(db, session_id=new_id())


def test_todays_desks_stand_in_order_of_time_with_their_counts(db):
    workshop = a_workshop(db)
    afternoon = a_session(db, workshop_id=workshop.id)
    morning = a_session(db, workshop_id=workshop.id, start=time(10, 0))
    intake = an_intake(db, afternoon, morning, method=IntakeMethod.FIRST_COME)
    tick(db, afternoon, a_seat(db, afternoon, intake))
    a_seat(db, afternoon, intake)

    desks = receptions_today(db, municipality_code=workshop.municipality_code, day=TODAY)

    assert [(desk.session_id, desk.came, desk.expected) for desk in desks] == [
        (morning.id, 0, 0),
        (afternoon.id, 1, 2),
    ]


@pytest.mark.parametrize("state", [ProgrammeState.DRAFT, ProgrammeState.CANCELLED, ProgrammeState.POSTPONED])
def test_a_session_that_is_not_held_has_no_desk(db, state):
    session = a_session(db, state=state)

    assert receptions_today(db, municipality_code=session.municipality_code, day=TODAY) == ()


def test_other_days_and_other_cities_are_not_on_the_list_of_today(db):
    a_municipality(db, "132110", name="小平市")
    a_session(db, municipality_code="132110")
    session = a_session(db, day=TODAY + timedelta(days=1))

    assert receptions_today(db, municipality_code=session.municipality_code, day=TODAY) == ()


def test_a_receptionist_of_one_session_sees_that_one_only(db):
    session, _other = a_session(db), a_session(db)

    desks = receptions_today(
        db, municipality_code=session.municipality_code, day=TODAY, session_id=session.id
    )

    assert [desk.session_id for desk in desks] == [session.id]


@pytest.mark.parametrize(
    ("kana", "row"),
    [
        ("アベ", "あ"), ("ァ", "あ"), ("ヴィ", "あ"), ("ｶﾞｸﾄ", "か"), ("ざま", "さ"), ("っ", "た"), ("ヅカ", "た"),
        ("ノ", "な"), ("ポール", "は"), ("ん", "わ"), ("ヰ", "わ"), ("ゃ", "や"), ("ル", "ら"), ("ム", "ま"),
        ("", "他"), ("　", "他"), ("Smith", "他"), ("高橋", "他"),
    ],
)  # fmt: skip
def test_a_name_belongs_to_the_row_of_its_first_kana(kana, row):
    assert kana_row(kana) == row
