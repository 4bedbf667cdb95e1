"""Ticking who came: one tap, the same tap again, second thoughts, leaving early."""

from datetime import timedelta

import pytest
from sqlmodel import select

from events.attendance import change_attendance, check_in, leave_early, undo_check_in, undo_leaving
from events.attendance_corrections import correct_attendance, mark_rest_absent
from events.attendance_queries import reception_list
from events.attendance_rows import ReceptionNotToday, SeatNotHeld, SessionNotBegun, SessionNotHeld
from events.errors import Conflict, InvalidValue, NotFound
from events.fields import new_id
from events.models import Attendance
from events.states import AttendanceState, ProgrammeState, SeatState
from tests.builders import NOW, TODAY, a_seat, a_session, an_attendee, an_intake

AT_THE_DESK = {"now": NOW, "by": "受付 花子"}


@pytest.fixture
def desk(db):
    """A session of today with one person on its list."""
    session = a_session(db)
    return session, a_seat(db, session, an_intake(db, session))


def tick(db, session, seat, state=AttendanceState.PRESENT, **values):
    return check_in(
        db,
        **{"session_id": session.id, "seat_id": seat.id, "state": state, "tap_id": new_id(), **AT_THE_DESK, **values},
    )


def rows(db):
    return db.exec(select(Attendance).order_by(Attendance.recorded_at, Attendance.id)).all()


def test_one_tap_marks_a_person_present_with_the_time(db, desk):
    receipt = tick(db, *desk)

    assert (receipt.state, receipt.arrived_at, receipt.changed) == (AttendanceState.PRESENT, NOW, True)


def test_the_same_tap_again_changes_nothing(db, desk):
    tap_id = new_id()
    first = tick(db, *desk, tap_id=tap_id)

    again = tick(db, *desk, tap_id=tap_id, now=NOW + timedelta(minutes=5))

    assert (again.attendance_id, again.arrived_at, again.changed) == (first.attendance_id, NOW, False)
    assert len(rows(db)) == 1


def test_a_tap_on_another_tablet_finds_the_person_present_and_changes_nothing(db, desk):
    first = tick(db, *desk)

    other = tick(db, *desk, state=AttendanceState.LATE, now=NOW + timedelta(minutes=1), by="別の端末")

    assert (other.attendance_id, other.state, other.changed) == (first.attendance_id, AttendanceState.PRESENT, False)


def test_a_person_can_be_named_instead_of_the_seat(db, desk):
    session, seat = desk

    receipt = tick(db, session, seat, seat_id=None, attendee_id=seat.attendee_id)

    assert receipt.attendee_id == seat.attendee_id


@pytest.mark.parametrize("state", [AttendanceState.ABSENT, AttendanceState.ABSENT_NOTICE])
def test_who_is_absent_has_no_time_of_arrival(db, desk, state):
    receipt = tick(db, *desk, state=state)

    assert (receipt.state, receipt.arrived_at) == (state, None)


def test_undo_takes_the_tick_back_and_keeps_the_row(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)

    undone = undo_check_in(
        db, session_id=session.id, attendance_id=ticked.attendance_id, now=NOW + timedelta(minutes=1), by="職員"
    )

    (row,) = rows(db)
    assert (undone.state, undone.changed) == (None, True)
    assert (row.state, row.undone_at, row.undone_by) == (AttendanceState.PRESENT, NOW + timedelta(minutes=1), "職員")


def test_undoing_twice_changes_nothing(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)
    undo = {"session_id": session.id, "attendance_id": ticked.attendance_id}
    undo_check_in(db, **undo, **AT_THE_DESK)

    again = undo_check_in(db, **undo, now=NOW + timedelta(hours=1), by="職員")

    assert again.changed is False
    assert rows(db)[0].undone_at == NOW


def test_a_tap_that_arrives_once_more_after_its_undo_does_not_tick_again(db, desk):
    session, seat = desk
    tap_id = new_id()
    ticked = tick(db, session, seat, tap_id=tap_id)
    undo_check_in(db, session_id=session.id, attendance_id=ticked.attendance_id, **AT_THE_DESK)

    late_repeat = tick(db, session, seat, tap_id=tap_id)

    assert (late_repeat.state, late_repeat.changed) == (None, False)


def test_after_an_undo_the_person_can_be_ticked_again(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)
    undo_check_in(db, session_id=session.id, attendance_id=ticked.attendance_id, **AT_THE_DESK)

    again = tick(db, session, seat)

    assert (again.state, again.changed) == (AttendanceState.PRESENT, True)


def test_undoing_an_old_tick_leaves_the_newer_one_alone(db, desk):
    session, seat = desk
    old = tick(db, session, seat)
    undo_check_in(db, session_id=session.id, attendance_id=old.attendance_id, **AT_THE_DESK)
    newer = tick(db, session, seat)

    answer = undo_check_in(db, session_id=session.id, attendance_id=old.attendance_id, **AT_THE_DESK)

    assert (answer.attendance_id, answer.changed) == (newer.attendance_id, False)


def change(db, session, attendance_id, state, **values):
    return change_attendance(
        db,
        **{
            "session_id": session.id,
            "attendance_id": attendance_id,
            "state": state,
            "tap_id": new_id(),
            **AT_THE_DESK,
            **values,
        },
    )


def test_present_becomes_late_only_by_an_explicit_change_and_keeps_its_time(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)

    changed = change(db, session, ticked.attendance_id, AttendanceState.LATE, now=NOW + timedelta(minutes=30))

    assert (changed.state, changed.arrived_at, changed.changed) == (AttendanceState.LATE, NOW, True)


def test_a_change_keeps_what_stood_before(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)

    change(db, session, ticked.attendance_id, AttendanceState.ABSENT_NOTICE, now=NOW + timedelta(minutes=1))

    before, after = rows(db)
    assert (before.state, before.arrived_at, before.undone_at) == (
        AttendanceState.PRESENT,
        NOW,
        NOW + timedelta(minutes=1),
    )
    assert (after.state, after.arrived_at, after.undone_at) == (AttendanceState.ABSENT_NOTICE, None, None)


def test_an_absent_person_who_comes_after_all_arrives_now(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat, state=AttendanceState.ABSENT)

    changed = change(db, session, ticked.attendance_id, AttendanceState.LATE, now=NOW + timedelta(minutes=40))

    assert changed.arrived_at == NOW + timedelta(minutes=40)


def test_a_repeated_change_changes_nothing(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)
    tap_id = new_id()
    first = change(db, session, ticked.attendance_id, AttendanceState.LATE, tap_id=tap_id)

    again = change(db, session, ticked.attendance_id, AttendanceState.LATE, tap_id=tap_id)

    assert (again.attendance_id, again.changed) == (first.attendance_id, False)


def test_a_change_of_what_somebody_changed_meanwhile_is_refused(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)
    change(db, session, ticked.attendance_id, AttendanceState.LATE)

    with pytest.raises(Conflict):
        change(db, session, ticked.attendance_id, AttendanceState.ABSENT)


def test_leaving_early_is_noted_with_the_time_and_can_be_taken_back(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat)
    gone_at = NOW + timedelta(minutes=50)
    left = leave_early(
        db, session_id=session.id, attendance_id=ticked.attendance_id, tap_id=new_id(), now=gone_at, by="受付"
    )

    back = undo_leaving(db, session_id=session.id, attendance_id=left.attendance_id, tap_id=new_id(), **AT_THE_DESK)

    assert (left.left_at, left.arrived_at, back.left_at, back.state) == (gone_at, NOW, None, AttendanceState.PRESENT)


def test_who_did_not_come_cannot_leave(db, desk):
    session, seat = desk
    ticked = tick(db, session, seat, state=AttendanceState.ABSENT)

    receipt = leave_early(db, session_id=session.id, attendance_id=ticked.attendance_id, tap_id=new_id(), **AT_THE_DESK)

    assert (receipt.left_at, receipt.changed) == (None, False)


@pytest.mark.parametrize("state", [ProgrammeState.CANCELLED, ProgrammeState.POSTPONED])
def test_nobody_is_ticked_at_a_session_that_is_not_held(db, desk, state):
    session, seat = desk
    session.state = state
    db.flush()

    with pytest.raises(SessionNotHeld):
        tick(db, session, seat)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_desk_is_open_on_the_day_itself_only(db, days):
    session = a_session(db, day=TODAY + timedelta(days=days))
    seat = a_seat(db, session, an_intake(db, session))

    with pytest.raises(ReceptionNotToday) as refused:
        tick(db, session, seat)

    assert refused.value.details == {"held_on": session.held_on, "today": TODAY}


def test_a_tap_of_today_that_is_repeated_tomorrow_is_answered_not_refused(db, desk):
    tap_id = new_id()
    tick(db, *desk, tap_id=tap_id)

    again = tick(db, *desk, tap_id=tap_id, now=NOW + timedelta(days=1))

    assert (again.state, again.changed) == (AttendanceState.PRESENT, False)


def test_a_seat_that_was_given_back_cannot_be_ticked(db, desk):
    session, seat = desk
    seat.state = SeatState.RELEASED
    db.flush()

    with pytest.raises(SeatNotHeld):
        tick(db, session, seat)


def test_a_seat_of_another_session_cannot_be_ticked(db, desk):
    session, _ = desk
    other = a_session(db)
    seat = a_seat(db, other, an_intake(db, other))

    with pytest.raises(SeatNotHeld):
        tick(db, session, seat)


def test_an_attendance_of_another_session_does_not_exist_here(db, desk):
    session, _ = desk
    other = a_session(db)
    ticked = tick(db, other, a_seat(db, other, an_intake(db, other)))

    with pytest.raises(NotFound):
        undo_check_in(db, session_id=session.id, attendance_id=ticked.attendance_id, **AT_THE_DESK)


def test_a_tap_id_of_another_session_tells_nothing_about_its_person(db, desk):
    other = a_session(db)
    tap_id = new_id()
    tick(db, other, a_seat(db, other, an_intake(db, other)), tap_id=tap_id)

    with pytest.raises(Conflict) as refused:
        tick(db, *desk, tap_id=tap_id)

    assert refused.value.details == {"thing": "tap_id"}


def test_after_the_session_has_begun_the_rest_is_marked_absent_at_once(db):
    session = a_session(db)
    intake = an_intake(db, session)
    tick(db, session, a_seat(db, session, intake))
    a_seat(db, session, intake)
    a_seat(db, session, intake)

    marked = mark_rest_absent(db, session_id=session.id, now=session.ends_at, by="受付")

    counts = reception_list(db, session_id=session.id).counts
    assert (marked, counts.came, counts.absent, counts.open) == (2, 1, 2, 0)


def test_nobody_is_missing_before_the_session_has_begun(db, desk):
    session, _ = desk

    with pytest.raises(SessionNotBegun):
        mark_rest_absent(db, session_id=session.id, **AT_THE_DESK)


def correct(db, session, attendee_id, state, **values):
    later = {"now": NOW + timedelta(days=3), "by": "職員", "tap_id": new_id(), "reason": "紙の名簿と照合"}
    return correct_attendance(db, session_id=session.id, attendee_id=attendee_id, state=state, **{**later, **values})


def test_staff_put_the_record_right_days_later_with_a_reason(db, desk):
    session, seat = desk
    tick(db, session, seat, state=AttendanceState.ABSENT)

    corrected = correct(db, session, seat.attendee_id, AttendanceState.PRESENT)

    assert (corrected.state, corrected.arrived_at, corrected.changed) == (AttendanceState.PRESENT, None, True)


def test_who_was_forgotten_at_the_desk_is_recorded_later(db, desk):
    session, seat = desk

    corrected = correct(db, session, seat.attendee_id, AttendanceState.PRESENT)

    assert (corrected.state, corrected.changed) == (AttendanceState.PRESENT, True)


def test_a_wrong_record_is_taken_away_later(db, desk):
    session, seat = desk
    tick(db, session, seat)

    corrected = correct(db, session, seat.attendee_id, None)

    assert (corrected.state, corrected.changed) == (None, True)


def test_a_correction_without_a_reason_is_refused(db, desk):
    session, seat = desk

    with pytest.raises(InvalidValue):
        correct(db, session, seat.attendee_id, AttendanceState.PRESENT, reason=" ")


def test_nobody_who_had_no_seat_is_recorded_later(db, desk):
    session, _ = desk

    with pytest.raises(SeatNotHeld):
        correct(db, session, an_attendee(db).id, AttendanceState.PRESENT)


def test_nothing_is_corrected_before_the_day_has_come(db, desk):
    session, seat = desk

    with pytest.raises(ReceptionNotToday):
        correct(db, session, seat.attendee_id, AttendanceState.ABSENT_NOTICE, now=NOW - timedelta(days=2))
