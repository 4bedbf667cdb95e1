"""How many helpers a session needs, and how well that is met."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from events.states import IntakeMethod, ProgrammeState
from tests.builders import CITY, NOW, a_municipality, a_seat, a_session, a_volunteer, an_intake
from volunteers.models import Assignment
from volunteers.need import StaffingState, staffing, staffing_of
from volunteers.states import AssignmentRole, AssignmentState

NEXT_WEEK = date(2026, 12, 2)


def an_assignment(db: Session, session, volunteer, **values):
    usual = {"role": AssignmentRole.HELPER, "state": AssignmentState.CONFIRMED, "changed_at": NOW}
    row = Assignment(
        municipality_code=session.municipality_code,
        session_id=session.id,
        volunteer_id=volunteer.id,
        **{**usual, **values},
    )
    db.add(row)
    db.flush()
    return row


def staffed(db: Session, session, now=NOW):
    return staffing(db, session_id=session.id, now=now)


def test_before_the_deadline_the_seats_count_as_people(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=10)
    an_intake(db, session, deadline_at=NOW + timedelta(days=1))

    found = staffed(db, session)

    assert (found.people, found.required, found.leads_required) == (10, 3, 1)


def test_after_the_deadline_only_confirmed_people_count(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=10)
    intake = an_intake(db, session, deadline_at=NOW - timedelta(days=1))
    for _ in range(5):
        a_seat(db, session, intake)

    found = staffed(db, session)

    assert (found.people, found.required) == (5, 2)


def test_a_draw_that_is_not_held_yet_keeps_the_seats_as_people_after_its_deadline(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=12)
    an_intake(db, session, method=IntakeMethod.DRAW, deadline_at=NOW - timedelta(days=1))

    found = staffed(db, session)

    assert found.people == 12


def test_after_the_draw_only_confirmed_people_count(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=12)
    intake = an_intake(db, session, method=IntakeMethod.DRAW, drawn_at=NOW)
    a_seat(db, session, intake)

    found = staffed(db, session)

    assert (found.people, found.required, found.leads_required) == (1, 1, 1)


def test_where_nobody_books_the_plan_counts_until_the_session_begins(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=20, planned_people=9)
    an_intake(db, session, method=IntakeMethod.NO_BOOKING, deadline_at=NOW - timedelta(days=9))

    found = staffed(db, session)

    assert (found.people, found.required) == (9, 3)


def test_more_bookings_than_planned_need_more_helpers(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=10, planned_people=4)
    intake = an_intake(db, session)
    for _ in range(6):
        a_seat(db, session, intake)

    found = staffed(db, session)

    assert (found.people, found.required) == (6, 2)


def test_a_companion_with_a_seat_needs_no_helper(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=10)
    intake = an_intake(db, session, deadline_at=NOW)
    for _ in range(4):
        a_seat(db, session, intake, places=2)

    found = staffed(db, session)

    assert (session.confirmed_count, found.people, found.required) == (8, 4, 1)


def test_the_ratio_is_a_setting_of_the_municipality(db: Session) -> None:
    a_municipality(db, people_per_helper=3)
    session = a_session(db, day=NEXT_WEEK, seats=10)

    found = staffed(db, session)

    assert found.required == 4


@pytest.mark.parametrize("state", [ProgrammeState.CANCELLED, ProgrammeState.POSTPONED])
def test_a_session_that_is_off_needs_nobody(db: Session, state: ProgrammeState) -> None:
    session = a_session(db, day=NEXT_WEEK, state=state)

    found = staffed(db, session)

    assert (found.required, found.state) == (0, StaffingState.ENOUGH)


def test_a_lead_and_a_helper_are_enough_for_eight_people(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=8)
    an_assignment(db, session, a_volunteer(db, can_lead=True), role=AssignmentRole.LEAD)
    an_assignment(db, session, a_volunteer(db))

    found = staffed(db, session)

    assert (found.state, found.confirmed, found.leads, found.missing) == (StaffingState.ENOUGH, 2, 1, 0)


def test_without_a_lead_it_is_thin(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=8)
    an_assignment(db, session, a_volunteer(db))
    an_assignment(db, session, a_volunteer(db))

    found = staffed(db, session)

    assert (found.state, found.missing, found.missing_leads) == (StaffingState.THIN, 0, 1)


def test_counting_on_somebody_who_was_only_asked_is_thin(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=8)
    an_assignment(db, session, a_volunteer(db, can_lead=True))
    an_assignment(db, session, a_volunteer(db), state=AssignmentState.ASKED)

    found = staffed(db, session)

    assert (found.state, found.confirmed, found.hoped_for, found.missing) == (StaffingState.THIN, 1, 1, 1)


def test_too_few_even_with_all_who_are_hoped_for_is_short(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=12)
    an_assignment(db, session, a_volunteer(db, can_lead=True))
    an_assignment(db, session, a_volunteer(db), state=AssignmentState.TENTATIVE)

    found = staffed(db, session)

    assert (found.state, found.required, found.free_seats) == (StaffingState.SHORT, 3, 1)


def test_a_missing_skill_is_thin_and_named(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=4, skills_needed={"iphone": 1, "english": 1})
    an_assignment(db, session, a_volunteer(db, can_lead=True, skills=["iphone"]))

    found = staffed(db, session)

    assert (found.state, found.missing_skills) == (StaffingState.THIN, {"english": 1})


def test_reception_and_those_who_gave_back_do_not_count(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=4)
    an_assignment(db, session, a_volunteer(db, can_lead=True), role=AssignmentRole.RECEPTION)
    an_assignment(db, session, a_volunteer(db, can_lead=True), state=AssignmentState.WITHDRAWN)

    found = staffed(db, session)

    assert (found.confirmed, found.state) == (0, StaffingState.SHORT)


def test_when_bookings_fall_nobody_is_dropped_and_the_surplus_is_shown(db: Session) -> None:
    session = a_session(db, day=NEXT_WEEK, seats=12)
    intake = an_intake(db, session, deadline_at=NOW)
    a_seat(db, session, intake)
    for _ in range(3):
        an_assignment(db, session, a_volunteer(db, can_lead=True))

    found = staffed(db, session)

    assert (found.required, found.confirmed, found.surplus, found.state) == (1, 3, 2, StaffingState.ENOUGH)


def test_another_municipality_s_session_is_left_out(db: Session) -> None:
    ours = a_session(db, day=NEXT_WEEK)
    theirs = a_session(db, day=NEXT_WEEK, municipality_code="132136")

    found = staffing_of(db, municipality_code=CITY, session_ids=[ours.id, theirs.id], now=NOW)

    assert list(found) == [ours.id]


def test_many_sessions_take_as_many_statements_as_one(db: Session) -> None:
    sessions = [a_session(db, day=NEXT_WEEK) for _ in range(6)]
    for each in sessions:
        a_seat(db, each, an_intake(db, each))
        an_assignment(db, each, a_volunteer(db))
    statements: list[str] = []
    event.listen(db.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))

    staffing_of(db, municipality_code=CITY, session_ids=[sessions[0].id], now=NOW)
    for_one = len(statements)
    staffing_of(db, municipality_code=CITY, session_ids=[each.id for each in sessions], now=NOW)

    assert len(statements) - for_one == for_one
