"""People without a seat: a free one if there is one, above the seats with a reason, never above the room's limit."""

import pytest
from sqlmodel import select

from events.attendance import change_attendance, check_in, undo_check_in
from events.attendance_queries import reception_list
from events.attendees import new_attendee
from events.errors import InvalidValue, NotFound
from events.fields import new_id
from events.models import Attendance, Attendee, Registration, Seat, WorkshopSession
from events.room_limit import RoomFull
from events.states import AttendanceState, Channel, IntakeMethod, RegistrationState, SeatState
from events.walk_in_people import known_people
from events.walk_ins import WalkInReasonNeeded, undo_walk_in, walk_in
from tests.builders import NOW, TODAY, a_municipality, a_seat, a_session, an_attendee, an_intake

AT_THE_DESK = {"now": NOW, "by": "受付 花子"}


def come(db, session, name="当日 一郎", **values):
    return walk_in(db, **{"session_id": session.id, "name": name, "tap_id": new_id(), **AT_THE_DESK, **values})


def full_session(db, *, seats=2, **values):
    """A session whose seats are all taken, and the seats."""
    session = a_session(db, seats=seats, **values)
    intake = an_intake(db, session)
    return session, [a_seat(db, session, intake) for _ in range(seats)]


def registration_of(db, receipt):
    return db.exec(select(Registration).where(Registration.attendee_id == receipt.attendee_id)).one()


def test_a_walk_in_with_nothing_but_a_name_takes_a_free_seat(db):
    session = a_session(db, seats=1)
    an_intake(db, session)

    receipt = come(db, session)

    registration = registration_of(db, receipt)
    assert (receipt.name, receipt.state, receipt.walk_in, receipt.over_seats) == (
        "当日 一郎",
        AttendanceState.PRESENT,
        True,
        False,
    )
    assert (registration.channel, registration.state) == (Channel.WALK_IN, RegistrationState.CONFIRMED)
    assert db.get_one(WorkshopSession, session.id).confirmed_count == 1


def test_the_same_tap_again_lets_nobody_else_in(db):
    session = a_session(db)
    an_intake(db, session)
    tap_id = new_id()
    first = come(db, session, tap_id=tap_id)

    again = come(db, session, tap_id=tap_id)

    assert (again.attendance_id, again.changed) == (first.attendance_id, False)
    assert len(db.exec(select(Attendee)).all()) == 1


def test_two_walk_ins_of_the_same_name_are_two_people(db):
    session = a_session(db)
    an_intake(db, session)

    first, second = come(db, session), come(db, session)

    assert first.attendee_id != second.attendee_id


def test_above_the_seats_a_walk_in_needs_a_reason(db):
    session, _ = full_session(db)

    with pytest.raises(WalkInReasonNeeded) as refused:
        come(db, session)

    assert refused.value.details == {"seats": 2, "people": 2}


def test_above_the_seats_reason_and_the_name_of_who_allowed_it_are_kept(db):
    session, _ = full_session(db)

    receipt = come(db, session, reason="欠席の席を使う")

    row = db.get_one(Attendance, receipt.attendance_id)
    assert (receipt.over_seats, row.seat_id) == (True, None)
    assert (row.over_seats_reason, row.allowed_by) == ("欠席の席を使う", "受付 花子")
    assert db.get_one(WorkshopSession, session.id).confirmed_count == 2


def test_at_the_rooms_limit_no_reason_helps(db):
    session, _ = full_session(db, room_limit=3)
    come(db, session, reason="会場に余裕がある")

    with pytest.raises(RoomFull) as refused:
        come(db, session, reason="もう一人")

    assert refused.value.details == {"limit": 3, "people": 3}


def test_who_is_known_to_be_absent_leaves_room_for_a_walk_in(db):
    session, (seat, _) = full_session(db, room_limit=2)
    check_in(
        db,
        session_id=session.id,
        seat_id=seat.id,
        state=AttendanceState.ABSENT_NOTICE,
        tap_id=new_id(),
        **AT_THE_DESK,
    )

    receipt = come(db, session, reason="欠席の席を使う")

    assert receipt.over_seats is True


def test_an_absent_person_whose_place_went_to_a_walk_in_finds_the_room_full(db):
    session, (seat, _) = full_session(db, room_limit=2)
    absent = check_in(
        db, session_id=session.id, seat_id=seat.id, state=AttendanceState.ABSENT, tap_id=new_id(), **AT_THE_DESK
    )
    come(db, session, reason="欠席の席を使う")
    here = {"session_id": session.id, "attendance_id": absent.attendance_id}

    with pytest.raises(RoomFull):
        change_attendance(db, **here, state=AttendanceState.LATE, tap_id=new_id(), **AT_THE_DESK)
    with pytest.raises(RoomFull):
        undo_check_in(db, **here, **AT_THE_DESK)


def test_an_absent_person_who_gave_the_seat_back_is_not_taken_off_twice(db):
    session, (seat, _) = full_session(db, room_limit=2)
    check_in(db, session_id=session.id, seat_id=seat.id, state=AttendanceState.ABSENT, tap_id=new_id(), **AT_THE_DESK)
    seat.state = SeatState.RELEASED
    session.confirmed_count -= 1
    db.flush()
    come(db, session)

    with pytest.raises(RoomFull):
        come(db, session, reason="もう一人")


def test_who_waited_for_a_seat_gets_the_free_one_at_the_door(db):
    session = a_session(db, seats=1)
    intake = an_intake(db, session)
    waiting = waiting_registration(db, intake)

    receipt = come(db, session, name="", attendee_id=waiting.attendee_id)

    assert (waiting.state, receipt.walk_in, receipt.over_seats) == (RegistrationState.CONFIRMED, True, False)


def test_undoing_the_walk_in_of_somebody_who_waited_lets_them_wait_again(db):
    session = a_session(db, seats=1)
    waiting = waiting_registration(db, an_intake(db, session))
    receipt = come(db, session, name="", attendee_id=waiting.attendee_id)

    undo_walk_in(db, session_id=session.id, attendance_id=receipt.attendance_id, **AT_THE_DESK)

    assert waiting.state is RegistrationState.WAITING
    assert db.get_one(WorkshopSession, session.id).confirmed_count == 0


def waiting_registration(db, intake):
    registration = Registration(
        municipality_code=intake.municipality_code,
        intake_id=intake.id,
        attendee_id=an_attendee(db).id,
        state=RegistrationState.WAITING,
        number=intake.next_number,
        queue_number=1,
        receipt_number="W1",
        channel=Channel.TELEPHONE,
        applied_on=TODAY,
        received_at=NOW,
        changed_at=NOW,
    )
    intake.next_number += 1
    db.add(registration)
    db.flush()
    return registration


def test_who_was_offered_a_seat_sits_on_it(db):
    session = a_session(db, seats=1)
    intake = an_intake(db, session)
    offered = a_seat(db, session, intake, state=SeatState.OFFERED)
    registration = db.get_one(Registration, offered.registration_id)
    registration.state = RegistrationState.OFFERED
    db.flush()

    receipt = come(db, session, name="", attendee_id=offered.attendee_id)

    counted = db.get_one(WorkshopSession, session.id)
    assert (registration.state, offered.state, receipt.over_seats) == (
        RegistrationState.CONFIRMED,
        SeatState.CONFIRMED,
        False,
    )
    assert (counted.confirmed_count, counted.offered_count) == (1, 0)


def test_who_has_a_seat_after_all_is_simply_ticked(db):
    session, (seat, _) = full_session(db)

    receipt = come(db, session, name="", attendee_id=seat.attendee_id)

    assert (receipt.walk_in, receipt.state) == (False, AttendanceState.PRESENT)


def test_who_is_here_already_is_not_let_in_twice(db):
    session = a_session(db)
    an_intake(db, session)
    first = come(db, session)

    again = come(db, session, name="", attendee_id=first.attendee_id)

    assert (again.attendance_id, again.changed) == (first.attendance_id, False)


def test_undoing_a_walk_in_gives_the_seat_back_and_keeps_the_rows(db):
    session = a_session(db, seats=1)
    an_intake(db, session)
    receipt = come(db, session)
    registration = registration_of(db, receipt)

    undone = undo_walk_in(db, session_id=session.id, attendance_id=receipt.attendance_id, **AT_THE_DESK)

    (seat,) = db.exec(select(Seat)).all()
    assert (undone.state, undone.changed) == (None, True)
    assert (seat.state, registration.state) == (SeatState.RELEASED, RegistrationState.CANCELLED_BY_HOST)
    assert db.get_one(WorkshopSession, session.id).confirmed_count == 0
    assert reception_list(db, session_id=session.id).people == ()


def test_undoing_a_walk_in_twice_gives_the_seat_back_once(db):
    session, _ = full_session(db, seats=1)
    session.seats = 2
    receipt = come(db, session)
    undo = {"session_id": session.id, "attendance_id": receipt.attendance_id, **AT_THE_DESK}
    undo_walk_in(db, **undo)

    again = undo_walk_in(db, **undo)

    assert again.changed is False
    assert db.get_one(WorkshopSession, session.id).confirmed_count == 1


def test_where_nobody_books_everybody_walks_in_up_to_the_seats(db):
    session = a_session(db, seats=1)
    an_intake(db, session, method=IntakeMethod.NO_BOOKING)

    first = come(db, session)

    assert (first.over_seats, db.exec(select(Registration)).all()) == (False, [])
    with pytest.raises(WalkInReasonNeeded):
        come(db, session)


def test_where_nobody_books_and_no_number_is_set_nobody_needs_a_reason(db):
    session = a_session(db, seats=0)

    receipt = come(db, session)

    assert receipt.over_seats is False


def test_a_walk_in_needs_a_name(db):
    session = a_session(db)

    with pytest.raises(InvalidValue) as refused:
        come(db, session, name="　")

    assert refused.value.details["field"] == "name"


def test_a_person_of_another_city_does_not_exist_here(db):
    session = a_session(db)
    a_municipality(db, "132110", name="小平市")
    stranger = an_attendee(db, municipality_code="132110")

    with pytest.raises(NotFound):
        come(db, session, attendee_id=stranger.id)


def test_a_person_the_city_knows_is_found_by_kana_or_number_with_nothing_private(db):
    session = a_session(db)
    known = new_attendee(
        db, municipality_code=session.municipality_code, name="髙橋 花子", kana="タカハシ ハナコ", now=NOW
    )

    (found,) = known_people(db, municipality_code=session.municipality_code, text="たかはし")

    assert (found.attendee_id, found.name) == (known.id, "髙橋 花子")
    assert known_people(db, municipality_code=session.municipality_code, text="た") == ()
    assert known_people(db, municipality_code="132136", text="たかはし") == ()
