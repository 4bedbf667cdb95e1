"""Undo from the log: a later entry reverses an earlier one and names it; both stay, and nobody loses a seat by it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from events.attendance import check_in
from events.errors import InvalidValue, NotFound
from events.fields import new_id
from events.models import Attendance, Notice, Registration, Seat, WorkshopSession
from events.notices.calling import Outcome, Said, record_call
from events.notices.queries import people_to_tell
from events.planning.stopping import cancel_session, postpone_session
from events.registration import register_attendee
from events.registration_changes import cancel_registration, move_registration
from events.states import Channel, NoticeState, ProgrammeState, RegistrationState, SeatState
from supportapp import audit
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.log_queries import log_page
from supportapp.undoing import CannotUndo, undo_entry
from tests import builders

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 9)
OFFICE = Actor("佐藤", Role.LOCAL, builders.CITY)


class Office:
    """A backend with one session of two seats and another day to move to."""

    def __init__(self, database):
        self.backend = Backend(database, clock=lambda: NOW)

        def prepare(db):
            session, other = builders.a_session(db, day=DAY, seats=2), builders.a_session(db, day=DAY)
            intake, _ = builders.an_intake(db, session), builders.an_intake(db, other)
            return session.id, other.id, intake.id, builders.an_attendee(db).id

        self.session_id, self.other_id, self.intake_id, self.attendee_id = self.run(prepare)

    def run(self, use_case, **values):
        return self.backend.run_now(OFFICE, use_case, **values)

    def book(self):
        receipt = self.run(
            register_attendee,
            intake_id=self.intake_id,
            attendee_id=self.attendee_id,
            channel=Channel.TELEPHONE,
            now=NOW,
            by="佐藤",
        )
        return receipt.registration_id

    def undo(self, number=None, reason="押し間違い", now=NOW + timedelta(minutes=1)):
        return self.run(
            undo_entry, municipality_code=builders.CITY, number=number or self.newest().number, reason=reason,
            now=now, by="鈴木",
        )  # fmt: skip

    def log(self):
        return self.backend.read_now(OFFICE, log_page, municipality_code=builders.CITY).lines

    def newest(self):
        return self.log()[0]

    def state_of(self, registration_id):
        return self.backend.read_now(OFFICE, lambda db: db.get_one(Registration, registration_id).state)

    def session(self):
        return self.backend.read_now(OFFICE, lambda db: db.get_one(WorkshopSession, self.session_id))


@pytest.fixture
def office(database):
    return Office(database)


def test_a_booking_and_its_cancellation_are_undone_and_the_log_shows_both(office):
    booked = office.book()
    office.undo()
    assert office.state_of(booked) is RegistrationState.CANCELLED_BY_PERSON
    undo, entry, *_ = office.log()
    assert (undo.deed, undo.by, undo.reason) == ("undo_entry", "佐藤", "押し間違い")
    assert (entry.deed, entry.undone, entry.can_be_undone) == ("register_attendee", True, False)

    again = office.book()
    values = {"reason": "都合", "now": NOW, "by": "佐藤"}
    office.run(cancel_registration, registration_id=again, **values)
    office.undo()
    assert office.state_of(again) is RegistrationState.CONFIRMED
    assert all(report.first_broken is None for report in office.backend.read_now(OFFICE, audit.check_chains))


@pytest.mark.parametrize("stop", [cancel_session, postpone_session])
def test_a_session_that_was_stopped_goes_on(office, stop):
    booked = office.book()
    office.run(stop, session_id=office.session_id, reason="台風", now=NOW, by="佐藤")
    office.undo()

    assert office.session().state is ProgrammeState.OPEN
    assert office.state_of(booked) is RegistrationState.CONFIRMED


def test_a_person_is_moved_back(office):
    booked = office.book()
    values = {"session_id": office.other_id, "reason": "都合", "now": NOW, "by": "佐藤"}
    office.run(move_registration, registration_id=booked, **values)
    office.undo()

    def seats(db):
        return db.exec(select(Seat.session_id).where(Seat.state == SeatState.CONFIRMED)).all()

    assert office.backend.read_now(OFFICE, seats) == [office.session_id]


def test_a_tick_is_taken_back(office):
    office.book()
    day = {"now": datetime(2026, 12, 9, 4, 25, tzinfo=UTC), "by": "佐藤"}
    seat_id = office.backend.read_now(OFFICE, lambda db: db.exec(select(Seat.id)).one())
    office.run(check_in, session_id=office.session_id, seat_id=seat_id, tap_id=new_id(), **day)
    office.undo(now=day["now"])

    assert office.backend.read_now(OFFICE, lambda db: db.exec(select(Attendance.undone_at)).one()) is not None


def test_whoever_was_marked_as_told_is_on_the_list_again(office):
    office.book()
    office.run(cancel_session, session_id=office.session_id, reason="台風", now=NOW, by="佐藤")
    (person,) = office.backend.read_now(OFFICE, people_to_tell, municipality_code=builders.CITY, now=NOW)
    said = [Said(item.notice_id, item.kind, item.about) for item in person.items]
    values = {"said": said, "outcome": Outcome.REACHED, "now": NOW, "by": "佐藤"}
    office.run(record_call, attendee_id=person.attendee_id, **values)
    office.undo()

    states = office.backend.read_now(OFFICE, lambda db: db.exec(select(Notice.state)).all())
    assert states == [NoticeState.PENDING]


def test_an_entry_is_undone_once_and_an_undo_has_no_undo(office):
    office.book()
    number = office.newest().number
    office.undo(number)
    with pytest.raises(CannotUndo):
        office.undo(number)
    with pytest.raises(CannotUndo):
        office.undo()


def test_an_undo_needs_a_reason_and_an_entry(office):
    office.book()
    with pytest.raises(InvalidValue):
        office.undo(reason=" ")
    with pytest.raises(NotFound):
        office.undo(number=4711)
