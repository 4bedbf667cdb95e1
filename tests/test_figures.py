"""集計: counts of a fiscal year, each share with its numerator and denominator."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
from sqlmodel import Session

from events.errors import NotAllowed, NotFound
from events.fields import new_id
from events.models import Attendance, Attendee, Registration, WorkshopSession
from events.states import AttendanceState, Channel, ProgrammeState, RegistrationState, WorkshopKind
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.figures import Share, YearFigures, year_figures
from supportapp.identity import Actor, Role
from tests.builders import CITY, NOW, TODAY, a_seat, a_session, a_venue, a_workshop, an_attendee, an_intake

PAST, COMING = TODAY - timedelta(days=10), TODAY + timedelta(days=10)


def _figures(db: Session, year: int = 2026) -> YearFigures:
    db.flush()
    return year_figures(db, municipality_code=CITY, fiscal_year=year, today=TODAY)


def _tick(
    db: Session,
    session: WorkshopSession,
    attendee_id: UUID,
    state: AttendanceState = AttendanceState.PRESENT,
    **more: Any,
) -> None:
    db.add(
        Attendance(
            municipality_code=session.municipality_code,
            session_id=session.id,
            attendee_id=attendee_id,
            state=state,
            tap_id=new_id(),
            recorded_at=NOW,
            **more,
        )
    )


def _seated(db: Session, session: WorkshopSession, count: int, **more: Any) -> list[Attendee]:
    intake = an_intake(db, session)
    people = [an_attendee(db, f"人{number}") for number in range(count)]
    for person in people:
        a_seat(db, session, intake, person, **more)
    return people


def test_a_year_without_sessions_has_no_shares(db: Session):
    found = _figures(db)

    assert (found.planned, found.held, found.fill, found.fill.percent) == (0, 0, Share(0, 0), None)


def test_drafts_and_stopped_sessions_are_not_planned(db: Session):
    a_session(db, day=PAST)
    a_session(db, day=COMING)
    a_session(db, day=COMING, state=ProgrammeState.DRAFT)
    a_session(db, day=COMING, state=ProgrammeState.CANCELLED)
    a_session(db, day=COMING, state=ProgrammeState.POSTPONED)

    found = _figures(db)

    assert (found.planned, found.held, found.stopped, found.seats) == (2, 1, 2, 20)


def test_a_session_of_today_is_not_held_yet(db: Session):
    a_session(db, day=TODAY)

    assert _figures(db).held == 0


def test_the_fiscal_year_begins_on_the_first_of_april(db: Session):
    a_session(db, day=date(2026, 3, 31))
    a_session(db, day=date(2026, 4, 1))
    a_session(db, day=date(2027, 3, 31))
    a_session(db, day=date(2027, 4, 1))

    assert (_figures(db, 2025).planned, _figures(db, 2026).planned, _figures(db, 2027).planned) == (1, 2, 1)


def test_seats_taken_are_of_all_seats_that_stand(db: Session):
    _seated(db, a_session(db, day=COMING), 3)
    a_session(db, day=COMING)

    assert (_figures(db).fill, _figures(db).fill.percent) == (Share(3, 20), 15)


def test_who_came_and_who_did_not_are_of_the_people_booked_where_somebody_was_ticked(db: Session):
    session = a_session(db, day=PAST)
    first, second, third, fourth = _seated(db, session, 4)
    _tick(db, session, first.id)
    _tick(db, session, second.id, AttendanceState.LATE)
    _tick(db, session, third.id, AttendanceState.ABSENT)
    _tick(db, session, fourth.id, AttendanceState.ABSENT_NOTICE)
    _seated(db, a_session(db, day=COMING), 5)

    found = _figures(db)

    assert (found.attendance, found.no_shows, found.absent_with_notice) == (Share(2, 4), Share(1, 4), 1)


def test_walk_ins_stand_apart_from_the_people_booked(db: Session):
    session = a_session(db, day=PAST)
    (booked,) = _seated(db, session, 1)
    _tick(db, session, booked.id)
    _tick(db, session, an_attendee(db, "飛び入り").id, walk_in=True)

    found = _figures(db)

    assert (found.attendance, found.walk_ins, found.months[7].came) == (Share(1, 1), 1, 2)


def test_a_tick_that_was_taken_back_does_not_count(db: Session):
    session = a_session(db, day=PAST)
    (booked,) = _seated(db, session, 1)
    _tick(db, session, booked.id, undone_at=NOW)

    assert _figures(db).attendance == Share(0, 0)


def test_a_first_timer_never_came_before_this_year(db: Session):
    earlier, now = a_session(db, day=date(2025, 6, 1)), a_session(db, day=PAST)
    known, new, absent = an_attendee(db, "前から"), an_attendee(db, "はじめて"), an_attendee(db, "来ない")
    for session, person in ((earlier, known), (now, known), (now, new)):
        _tick(db, session, person.id)
    _tick(db, now, absent.id, AttendanceState.ABSENT)

    assert (_figures(db).first_timers, _figures(db, 2025).first_timers) == (Share(1, 2), Share(1, 1))


def test_waiting_people_are_counted_for_coming_sessions_only(db: Session):
    for day in (PAST, COMING):
        session = a_session(db, day=day)
        seat = a_seat(db, session, an_intake(db, session))
        registration = db.get_one(Registration, seat.registration_id)
        registration.state = RegistrationState.WAITING

    assert _figures(db).waiting == 1


def test_ways_of_applying_are_counted_once_for_an_application_with_several_sessions(db: Session):
    session = a_session(db, day=COMING)
    course = an_intake(db, session, a_session(db, day=COMING + timedelta(days=7), workshop_id=session.workshop_id))
    a_seat(db, session, course)
    a_seat(db, session, course)
    a_seat(db, session, course, channel=Channel.POSTCARD)

    assert _figures(db).channels == ((Channel.TELEPHONE, 2), (Channel.POSTCARD, 1))


def test_kinds_districts_and_months_add_up_to_the_whole(db: Session):
    north = a_venue(db, town="北町")
    a_session(db, day=date(2026, 4, 5), venue_id=north.id)
    a_session(db, day=date(2027, 1, 9), venue_id=north.id)
    a_session(db, day=COMING, workshop_id=a_workshop(db, kind=WorkshopKind.CLASS).id, venue_id=None)

    found = _figures(db)

    assert [(line.name, line.sessions) for line in found.kinds] == [("trial", 2), ("class", 1)]
    assert [(line.name, line.sessions) for line in found.districts] == [("北町", 2), ("", 1)]
    assert [line.name for line in found.months][::9] == ["2026-04", "2027-01"]
    assert sum(line.sessions for line in found.months) == 3


def test_the_number_of_questions_does_not_grow_with_the_year(sqlite_database: Database):
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    counts = []
    for sessions in (1, 12):
        with sqlite_database.writing() as db:
            for _ in range(sessions):
                session = a_session(db, day=PAST)
                for person in _seated(db, session, 2):
                    _tick(db, session, person.id)
        asked.clear()
        sqlalchemy.event.listen(sqlite_database.engine, "before_cursor_execute", note)
        with sqlite_database.reading() as db:
            _figures(db)
        sqlalchemy.event.remove(sqlite_database.engine, "before_cursor_execute", note)
        counts.append(len([statement for statement in asked if statement.startswith("SELECT")]))

    assert counts == [6, 6]


def test_figures_are_for_staff_and_organisers_of_the_city(database: Database):
    backend = Backend(database, clock=lambda: NOW)
    asked: dict[str, Any] = {"municipality_code": CITY, "fiscal_year": 2026, "today": TODAY}

    for role in (Role.STAFF, Role.ORGANISER):
        assert backend.read_now(Actor("x", role, CITY), year_figures, **asked).fiscal_year == 2026
    for role in (Role.VOLUNTEER, Role.RECEPTION, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            backend.read_now(Actor("x", role, CITY), year_figures, **asked)
    with pytest.raises(NotFound):
        backend.read_now(Actor("x", Role.STAFF, "132136"), year_figures, **asked)
