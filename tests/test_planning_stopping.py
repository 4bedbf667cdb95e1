"""Postponing, cancelling and taking it back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from events.errors import InvalidValue
from events.fields import new_id
from events.japan.clock import at_tokyo
from events.models import Attendance, Notice, Offer, Registration, Workshop
from events.planning.errors import ReadOnlyWorkshop, WrongState
from events.planning.stopping import cancel_session, cancel_workshop, postpone_session, reopen_session
from events.states import (
    AttendanceState,
    IntakeUnit,
    NoticeState,
    ProgrammeState,
    RegistrationState,
    SeatState,
)
from tests.builders import CITY, a_seat, a_session, a_workshop, an_attendee, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WEDNESDAY = date(2026, 12, 9)


def cancel(db, session, reason="台風のため", now=NOW):
    return cancel_session(db, session_id=session.id, reason=reason, now=now, by="山田")


def reopen(db, session, reason="天候が回復したため"):
    return reopen_session(db, session_id=session.id, reason=reason, now=LATER, by="山田")


def a_waiting_person(db, session, intake, queue_number):
    person = an_attendee(db, f"待機 {queue_number}")
    registration = Registration(
        municipality_code=CITY,
        intake_id=intake.id,
        attendee_id=person.id,
        state=RegistrationState.WAITING,
        number=100 + queue_number,
        receipt_number=f"W{queue_number}",
        channel="telephone",
        applied_on=date(2026, 11, 1),
        received_at=NOW,
        changed_at=NOW,
        queue_number=queue_number,
    )
    db.add(registration)
    db.flush()
    return registration


def test_a_cancelled_session_releases_its_places_and_tells_everybody(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    intake = an_intake(db, session)
    seat = a_seat(db, session, intake)
    waiting = a_waiting_person(db, session, intake, 1)
    receipt = cancel(db, session)
    assert (receipt.state, receipt.told, session.confirmed_count) == (ProgrammeState.CANCELLED, 2, 0)
    assert seat.state is SeatState.RELEASED
    assert waiting.state is RegistrationState.CANCELLED_BY_HOST
    assert sorted(db.exec(select(Notice.reason)).all()) == ["台風のため", "台風のため"]


def test_a_cancelled_session_says_so_in_the_calendar_with_a_raised_sequence(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    cancel(db, session)
    assert (session.calendar_sequence, session.calendar_changed_at, session.stop_reason) == (1, NOW, "台風のため")


def test_a_cancellation_needs_a_reason(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    with pytest.raises(InvalidValue) as refused:
        cancel(db, session, reason="  ")
    assert refused.value.details["field"] == "reason"


def test_a_session_is_cancelled_only_once(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    cancel(db, session)
    with pytest.raises(WrongState):
        cancel(db, session)


def test_a_session_to_which_people_came_cannot_be_cancelled(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    seat = a_seat(db, session, an_intake(db, session))
    db.add(
        Attendance(
            municipality_code=CITY,
            session_id=session.id,
            attendee_id=seat.attendee_id,
            state=AttendanceState.PRESENT,
            tap_id=new_id(),
            recorded_at=NOW,
        )
    )
    db.flush()
    with pytest.raises(WrongState):
        cancel(db, session)


def test_a_session_of_a_past_workshop_cannot_be_cancelled(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, workshop_id=a_workshop(db, read_only=True).id)
    with pytest.raises(ReadOnlyWorkshop):
        cancel(db, session)


def test_one_meeting_of_a_course_is_cancelled_and_the_people_stay_in_the_course(db: Session) -> None:
    workshop = a_workshop(db)
    first = a_session(db, day=WEDNESDAY, workshop_id=workshop.id)
    second = a_session(db, day=WEDNESDAY + timedelta(weeks=1), workshop_id=workshop.id, number=2)
    intake = an_intake(db, first, second, unit=IntakeUnit.COURSE)
    seat = a_seat(db, first, intake)
    other = a_seat(db, second, intake, an_attendee(db, "別の 人"))
    other.registration_id, other.attendee_id = seat.registration_id, seat.attendee_id
    db.flush()
    cancel(db, first)
    registration = db.get_one(Registration, seat.registration_id)
    assert (registration.state, seat.state, other.state) == (
        RegistrationState.CONFIRMED,
        SeatState.RELEASED,
        SeatState.CONFIRMED,
    )


def test_the_last_cancelled_session_cancels_its_workshop(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    cancel(db, session)
    assert db.get_one(Workshop, session.workshop_id).state is ProgrammeState.CANCELLED


def test_a_reopened_session_gives_places_and_ranks_back(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    intake = an_intake(db, session)
    seat = a_seat(db, session, intake)
    waiting = a_waiting_person(db, session, intake, 1)
    cancel(db, session)
    receipt = reopen(db, session)
    registration = db.get_one(Registration, seat.registration_id)
    assert (receipt.state, receipt.told) == (ProgrammeState.OPEN, 0)
    assert (registration.state, seat.state, waiting.state) == (
        RegistrationState.CONFIRMED,
        SeatState.CONFIRMED,
        RegistrationState.WAITING,
    )
    assert (session.confirmed_count, waiting.queue_number, session.calendar_sequence) == (1, 1, 2)
    assert db.get_one(Workshop, session.workshop_id).state is ProgrammeState.OPEN


def test_an_unsent_cancellation_need_not_leave_after_a_reopening(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    a_seat(db, session, an_intake(db, session))
    cancel(db, session)
    reopen(db, session)
    states = {notice.kind: notice.state for notice in db.exec(select(Notice))}
    assert states == {"session_cancelled": NoticeState.DROPPED}


def test_an_offer_that_ran_out_while_cancelled_becomes_a_place_in_the_queue(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    intake = an_intake(db, session)
    seat = a_seat(db, session, intake, state=SeatState.OFFERED)
    registration = db.get_one(Registration, seat.registration_id)
    registration.state, registration.queue_number = RegistrationState.OFFERED, 4
    db.add(Offer(registration_id=registration.id, session_id=session.id, offered_at=NOW, reply_by=NOW))
    db.flush()
    cancel(db, session)
    reopen(db, session)
    assert (registration.state, session.offered_count) == (RegistrationState.WAITING, 0)


def test_somebody_who_cancelled_meanwhile_does_not_come_back(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    seat = a_seat(db, session, an_intake(db, session))
    cancel(db, session)
    registration = db.get_one(Registration, seat.registration_id)
    registration.state = RegistrationState.CANCELLED_BY_PERSON
    db.flush()
    assert reopen(db, session).told == 0


def test_a_postponed_session_without_a_day_keeps_its_people(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    seat = a_seat(db, session, an_intake(db, session))
    receipt = postpone_session(db, session_id=session.id, reason="講師の都合", now=NOW, by="山田")
    assert (receipt.state, receipt.told, seat.state) == (ProgrammeState.POSTPONED, 1, SeatState.CONFIRMED)


def test_a_postponed_session_that_gets_a_day_is_the_same_session_again(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    a_seat(db, session, an_intake(db, session))
    postpone_session(db, session_id=session.id, reason="講師の都合", now=NOW, by="山田")
    receipt = postpone_session(
        db, session_id=session.id, reason="日程が決まった", held_on=date(2027, 1, 13), now=LATER, by="山田"
    )
    assert (receipt.session_id, receipt.state) == (session.id, ProgrammeState.OPEN)
    assert (session.starts_at, session.calendar_sequence) == (at_tokyo(date(2027, 1, 13), time(13, 30)), 2)
    pending = db.exec(select(Notice.kind).where(Notice.state == NoticeState.PENDING)).all()
    assert pending == ["session_moved"]


def test_a_postponement_can_be_taken_back(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    postpone_session(db, session_id=session.id, reason="講師の都合", now=NOW, by="山田")
    assert reopen(db, session).state is ProgrammeState.OPEN


def test_a_session_that_goes_on_cannot_be_reopened(db: Session) -> None:
    with pytest.raises(WrongState):
        reopen(db, a_session(db, day=WEDNESDAY))


def test_a_cancelled_workshop_cancels_what_is_still_to_come(db: Session) -> None:
    workshop = a_workshop(db)
    held = a_session(db, day=date(2026, 11, 11), workshop_id=workshop.id, state=ProgrammeState.HELD)
    coming = [a_session(db, day=WEDNESDAY + timedelta(weeks=n), workshop_id=workshop.id) for n in range(2)]
    receipt = cancel_workshop(db, workshop_id=workshop.id, version=1, reason="講師が来られない", now=NOW, by="山田")
    assert receipt.state is ProgrammeState.CANCELLED
    assert (held.state, {session.state for session in coming}) == (ProgrammeState.HELD, {ProgrammeState.CANCELLED})
