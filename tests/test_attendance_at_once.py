"""Several tablets at one desk in the same moment: one arrival each, and never more people than the room holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from events.attendance import check_in, undo_check_in
from events.attendance_queries import reception_list
from events.errors import DomainError
from events.fields import new_id
from events.integrity import find_inconsistencies
from events.models import Attendance, WorkshopSession
from events.registration import register_attendee
from events.registration_changes import cancel_registration
from events.room_limit import expected_people
from events.states import Channel, RegistrationState
from events.walk_ins import walk_in
from tests.builders import NOW, a_seat, a_session, an_attendee, an_intake

AT_THE_DESK = {"now": NOW, "by": "受付"}


def at_once(database, jobs):
    """Run each job in a transaction and a thread of its own, all beginning together; answers or refusals."""
    start = Barrier(len(jobs))

    def run(job):
        start.wait(timeout=30)
        try:
            with database.writing() as db:
                return job(db)
        except DomainError as refused:
            return refused

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@pytest.fixture
def desk(database):
    """A session with ten people, committed so that every tablet sees it."""
    with database.writing() as db:
        session = a_session(db, seats=10, room_limit=13)
        intake = an_intake(db, session)
        seats = [a_seat(db, session, intake).id for _ in range(10)]
        return session.id, seats


def test_ten_people_ticked_on_two_tablets_at_once_came_once_each(database, desk):
    session_id, seats = desk

    def tick(seat_id):
        return lambda db: check_in(db, session_id=session_id, seat_id=seat_id, tap_id=new_id(), **AT_THE_DESK)

    answers = at_once(database, [tick(seat_id) for seat_id in seats for _tablet in range(2)])

    with database.reading() as db:
        rows = db.exec(select(Attendance)).all()
    assert sorted(answer.changed for answer in answers) == [False] * 10 + [True] * 10
    assert len(rows) == 10


def test_one_tap_that_arrives_eight_times_at_once_counts_once(database, desk):
    session_id, seats = desk
    tap_id = new_id()

    answers = at_once(
        database,
        [lambda db: check_in(db, session_id=session_id, seat_id=seats[0], tap_id=tap_id, **AT_THE_DESK)] * 8,
    )

    assert sum(answer.changed for answer in answers) == 1
    assert len({answer.attendance_id for answer in answers}) == 1


def test_an_undo_on_two_tablets_at_once_is_one_undo(database, desk):
    session_id, seats = desk
    with database.writing() as db:
        ticked = check_in(db, session_id=session_id, seat_id=seats[0], tap_id=new_id(), **AT_THE_DESK)

    answers = at_once(
        database,
        [lambda db: undo_check_in(db, session_id=session_id, attendance_id=ticked.attendance_id, now=NOW, by="受付")]
        * 4,
    )

    assert sorted(answer.changed for answer in answers) == [False, False, False, True]


def test_of_eight_walk_ins_at_once_only_as_many_get_in_as_the_room_still_holds(database, desk):
    session_id, _ = desk

    def come(number):
        return lambda db: walk_in(
            db,
            session_id=session_id,
            name=f"当日 {number}",
            reason="会場に余裕がある",
            tap_id=new_id(),
            **AT_THE_DESK,
        )

    answers = at_once(database, [come(number) for number in range(8)])

    refused = [answer.code for answer in answers if isinstance(answer, DomainError)]
    with database.reading() as db:
        sheet = reception_list(db, session_id=session_id)
    assert refused == ["room_full"] * 5
    assert (sheet.counts.expected, sheet.counts.walk_ins) == (13, 3)


def test_of_eight_walk_ins_at_once_only_as_many_get_a_seat_as_are_free(database):
    with database.writing() as db:
        session = a_session(db, seats=12)
        intake = an_intake(db, session)
        for _ in range(10):
            a_seat(db, session, intake)
        session_id = session.id

    def come(number):
        return lambda db: walk_in(
            db, session_id=session_id, name=f"当日 {number}", tap_id=new_id(), now=NOW + timedelta(minutes=1), by="受付"
        )

    answers = at_once(database, [come(number) for number in range(8)])

    with database.reading() as db:
        confirmed = db.get_one(WorkshopSession, session_id).confirmed_count
    refused = [answer.code for answer in answers if isinstance(answer, DomainError)]
    assert refused == ["walk_in_reason_needed"] * 6
    assert confirmed == 12


def test_bookings_and_walk_ins_at_once_never_fill_more_than_the_room(database):
    """All seats are taken, two are let in above them; then some of the booked cancel while others call and come."""
    with database.writing() as db:
        session = a_session(db, seats=10, room_limit=12)
        intake = an_intake(db, session, waiting_list=True)
        seats = [a_seat(db, session, intake) for _ in range(10)]
        callers = [an_attendee(db, f"電話 {number}").id for number in range(6)]
        cancelling = [seat.registration_id for seat in seats[:4]]
        session_id, intake_id = session.id, intake.id
        for number in range(2):
            walk_in(db, session_id=session_id, name=f"先 {number}", reason="職員", tap_id=new_id(), **AT_THE_DESK)

    def cancel(registration_id):
        return lambda db: cancel_registration(db, registration_id=registration_id, reason="都合", **AT_THE_DESK)

    def book(attendee_id):
        return lambda db: register_attendee(
            db, intake_id=intake_id, attendee_id=attendee_id, channel=Channel.TELEPHONE, reason="当日", **AT_THE_DESK
        )

    def come(number):
        return lambda db: walk_in(
            db, session_id=session_id, name=f"後 {number}", reason="職員", tap_id=new_id(), **AT_THE_DESK
        )

    at_once(
        database,
        [*(cancel(each) for each in cancelling), *(book(each) for each in callers), *(come(n) for n in range(6))],
    )

    with database.reading() as db:
        session = db.get_one(WorkshopSession, session_id)
        assert expected_people(db, session) == 12
        assert find_inconsistencies(db) == ()


def test_callers_wait_while_walk_ins_fill_the_room_although_seats_were_added(database):
    with database.writing() as db:
        session = a_session(db, seats=10, room_limit=12)
        intake = an_intake(db, session, waiting_list=True)
        for _ in range(10):
            a_seat(db, session, intake)
        for number in range(2):
            walk_in(db, session_id=session.id, name=f"先 {number}", reason="職員", tap_id=new_id(), **AT_THE_DESK)
        session.seats = 12
        callers = [an_attendee(db, f"電話 {number}").id for number in range(4)]
        session_id, intake_id = session.id, intake.id

    def book(attendee_id):
        return lambda db: register_attendee(
            db, intake_id=intake_id, attendee_id=attendee_id, channel=Channel.TELEPHONE, reason="当日", **AT_THE_DESK
        )

    answers = at_once(database, [book(each) for each in callers])

    with database.reading() as db:
        people = expected_people(db, db.get_one(WorkshopSession, session_id))
    assert ({answer.state for answer in answers}, people) == ({RegistrationState.WAITING}, 12)
