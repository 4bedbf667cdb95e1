"""What needs somebody, joined from programme, bookings, helpers and loan phones; and the log of a session."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session

from events.errors import NotFound
from events.fields import new_id
from events.models import Device, Loan, Notice, Registration
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import cancel_session
from events.states import IntakeMethod, ProgrammeState, RegistrationState
from supportapp.attention import attention, staffed_sessions
from supportapp.backend import Backend
from supportapp.history import session_history
from supportapp.identity import Actor, Role
from tests.builders import CITY, a_municipality, a_seat, a_session, a_workshop, an_attendee, an_intake
from tests.test_planning_stopping import a_waiting_person
from tests.test_programme_queries import counted

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NEXT_WEEK = TODAY + timedelta(days=7)


def look(db: Session):
    return attention(db, municipality_code=CITY, now=NOW)


def a_booked_session(db: Session, **values):
    session = a_session(db, **{"day": NEXT_WEEK, **values})
    return session, a_seat(db, session, an_intake(db, session))


def test_a_municipality_without_anything_needs_nothing(db: Session) -> None:
    a_municipality(db)
    found = look(db)
    assert (found.count, found.any_sessions, found.today, found.next_session) == (0, False, (), None)


def test_todays_sessions_are_shown_and_drafts_of_today_are_not(db: Session) -> None:
    shown = a_session(db, day=TODAY, start=time(15))
    a_session(db, day=TODAY, state=ProgrammeState.DRAFT)
    assert [each.chip.session_id for each in look(db).today] == [shown.id]


def test_a_session_without_helpers_is_short(db: Session) -> None:
    session, _ = a_booked_session(db)
    [short] = look(db).short
    assert (short.chip.session_id, short.staffing.confirmed) == (session.id, 0)
    assert short.staffing.missing > 0


def test_somebody_who_waits_although_a_place_is_free_is_told(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK)
    a_waiting_person(db, session, an_intake(db, session), 1)
    assert [chip.session_id for chip in look(db).waiting] == [session.id]


def test_people_who_wait_for_a_full_session_need_nobody(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=1)
    intake = an_intake(db, session)
    a_seat(db, session, intake)
    a_waiting_person(db, session, intake, 1)
    assert look(db).waiting == ()


def test_a_draw_is_due_after_its_deadline(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK)
    intake = an_intake(db, session, method=IntakeMethod.DRAW, deadline_at=NOW - timedelta(hours=1))
    seat = a_seat(db, session, intake)
    db.get_one(Registration, seat.registration_id).state = RegistrationState.WAITING_DRAW
    db.flush()
    assert [chip.session_id for chip in look(db).draws] == [session.id]


def test_a_near_session_that_nobody_booked_is_told_and_a_far_one_is_not(db: Session) -> None:
    near = a_session(db, day=NEXT_WEEK)
    far = a_session(db, day=TODAY + timedelta(days=30))
    for session in (near, far):
        an_intake(db, session)
    assert [chip.session_id for chip in look(db).empty] == [near.id]


def test_calls_and_overdue_phones_are_counted(db: Session) -> None:
    session, seat = a_booked_session(db)
    db.add(
        Notice(
            municipality_code=CITY,
            attendee_id=seat.attendee_id,
            session_id=session.id,
            kind="session_moved",
            created_at=NOW,
        )
    )
    device = Device(municipality_code=CITY, number="A-1")
    db.add(device)
    db.flush()
    for due in (TODAY - timedelta(days=1), TODAY):
        db.add(
            Loan(
                municipality_code=CITY,
                device_id=device.id,
                attendee_id=an_attendee(db).id,
                out_on=date(2026, 10, 1),
                due_on=due,
            )
        )
    db.flush()
    found = look(db)
    assert (found.calls, found.overdue_loans) == (1, 1)


def test_a_cancelled_session_needs_nothing(db: Session) -> None:
    session, _ = a_booked_session(db)
    cancel_session(db, session_id=session.id, reason="台風のため", now=NOW, by="山田")
    found = look(db)
    assert (found.short, found.waiting, found.empty) == ((), (), ())


def test_the_morning_asks_as_many_questions_for_three_sessions_as_for_one(db: Session) -> None:
    numbers = []
    for number in range(3):
        a_booked_session(db, start=time(9 + number))
        db.expire_all()
        with counted(db) as statements:
            look(db)
        numbers.append(len(statements))
    assert numbers[0] == numbers[2]


def test_a_span_of_the_calendar_knows_how_each_session_is_staffed(db: Session) -> None:
    session, _ = a_booked_session(db)
    found = staffed_sessions(db, municipality_code=CITY, first=TODAY, last=NEXT_WEEK, now=NOW)
    assert [chip.session_id for chip in found.chips] == [session.id]
    assert found.of(session.id) is not None


def test_the_log_of_a_session_says_who_did_what_and_why(database) -> None:
    backend = Backend(database, clock=lambda: NOW)
    with database.writing() as db:
        session = a_session(db, day=NEXT_WEEK, workshop_id=a_workshop(db).id)
        other = a_session(db, day=NEXT_WEEK)
        ids = session.id, other.id
    staff = Actor("山田", Role.STAFF, CITY)
    edit = SessionEdit(starts=time(10))
    backend.run_now(
        staff, edit_session, session_id=ids[0], version=1, edit=edit, now=NOW, by="山田", reason="会場の都合"
    )
    backend.run_now(staff, cancel_session, session_id=ids[0], reason="台風のため", now=NOW, by="山田")
    lines = backend.read_now(staff, session_history, session_id=ids[0])
    assert [(line.deed, line.by, line.reason) for line in lines] == [
        ("cancel_session", "山田", "台風のため"),
        ("edit_session", "山田", "会場の都合"),
    ]
    assert backend.read_now(staff, session_history, session_id=ids[1]) == ()
    with pytest.raises(NotFound):
        backend.read_now(Actor("佐藤", Role.STAFF, "132110"), session_history, session_id=ids[0])
    with pytest.raises(NotFound):
        backend.read_now(staff, session_history, session_id=new_id())
