"""Getting a part at a session, and giving it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from events.states import ProgrammeState
from supportapp.database import Database
from tests.builders import CITY, NOW, a_municipality, a_session, a_venue, a_volunteer
from volunteers.availability import WeeklyTime, set_weekly_times
from volunteers.errors import (
    AlreadyThere,
    CannotHelp,
    CannotLead,
    ElsewhereThen,
    EnoughHelpers,
    LeaveLimitPassed,
    MonthIsFull,
    NotEligible,
    NotFreeThen,
    NothingToUndo,
    NoTimeToTravel,
    NotInsured,
    RuledOut,
    SessionNotForHelpers,
    StepNotPossible,
    TooFarAway,
    TooYoung,
    WeekIsFull,
)
from volunteers.hours import forget_hours, note_no_show, record_hours, record_of
from volunteers.models import Assignment, ForbiddenPlacement, InsuranceYear, Membership, Volunteer
from volunteers.own_queries import assignments_for_calendar, my_sessions, open_sessions_for
from volunteers.queries import helpers_at
from volunteers.signup import (
    ask_for,
    ask_volunteer,
    assign_volunteer,
    change_role,
    confirm_assignment,
    leave_session,
    release_volunteer,
    take_session,
    undo_last_step,
)
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind, VolunteerState

DAY = date(2026, 12, 2)
HERE = (35.7456, 139.4262)
FAR = (35.7456, 139.60)  # about 16 km to the east
BY = "職員 一郎"


def a_helper(db: Session, name: str = "山田 太郎", *, insured: bool = True, **values) -> Volunteer:
    """A helper who is always free and insured this year."""
    volunteer = a_volunteer(db, name, always_available=True, **values)
    if insured:
        db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2026, insured_from=date(2026, 4, 1)))
        db.flush()
    return volunteer


def assigned(db: Session, session, volunteer, **values):
    return assign_volunteer(db, session_id=session.id, volunteer_id=volunteer.id, now=NOW, by=BY, **values)


def taken(db: Session, session, volunteer, now=NOW):
    return take_session(db, session_id=session.id, volunteer_id=volunteer.id, now=now, by=volunteer.name)


def left(db: Session, session, volunteer, now=NOW):
    return leave_session(
        db, session_id=session.id, volunteer_id=volunteer.id, reason="都合", now=now, by=volunteer.name
    )


def membership(db: Session, volunteer) -> Membership:
    return db.exec(select(Membership).where(Membership.volunteer_id == volunteer.id)).one()


# --- the office assigns --------------------------------------------------------------------------------------


def test_somebody_who_may_lead_becomes_the_lead(db: Session) -> None:
    session = a_session(db, day=DAY)

    receipt = assigned(db, session, a_helper(db, can_lead=True))

    assert (receipt.role, receipt.state) == (AssignmentRole.LEAD, AssignmentState.CONFIRMED)


def test_the_second_who_may_lead_becomes_a_helper(db: Session) -> None:
    session = a_session(db, day=DAY)
    assigned(db, session, a_helper(db, can_lead=True))

    receipt = assigned(db, session, a_helper(db, can_lead=True))

    assert receipt.role is AssignmentRole.HELPER


def test_leading_needs_somebody_who_may_lead(db: Session) -> None:
    session = a_session(db, day=DAY)

    with pytest.raises(CannotLead):
        assigned(db, session, a_helper(db), role=AssignmentRole.LEAD)


def test_nobody_is_assigned_twice_to_a_session(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    assigned(db, session, volunteer)

    with pytest.raises(AlreadyThere):
        assigned(db, session, volunteer)


def test_nobody_is_at_two_places_at_once(db: Session) -> None:
    volunteer = a_helper(db)
    assigned(db, a_session(db, day=DAY), volunteer)

    with pytest.raises(ElsewhereThen):
        assigned(db, a_session(db, day=DAY, start=time(15, 0)), volunteer)


def test_also_what_another_city_was_promised_counts(db: Session) -> None:
    volunteer = a_helper(db)
    db.add(
        Membership(
            volunteer_id=volunteer.id,
            municipality_code=a_municipality(db, "132136").code,
            state=VolunteerState.ACTIVE,
            since=DAY,
        )
    )
    assigned(db, a_session(db, day=DAY, municipality_code="132136"), volunteer)

    with pytest.raises(ElsewhereThen):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_there_must_be_time_for_the_way(db: Session) -> None:
    volunteer = a_helper(db)
    here = a_venue(db, latitude=HERE[0], longitude=HERE[1])
    far = a_venue(db, latitude=FAR[0], longitude=FAR[1])
    assigned(db, a_session(db, day=DAY, start=time(10, 0), venue_id=here.id), volunteer)

    with pytest.raises(NoTimeToTravel):
        assigned(db, a_session(db, day=DAY, start=time(13, 0), venue_id=far.id), volunteer)


def test_two_sessions_at_one_venue_may_follow_each_other(db: Session) -> None:
    volunteer = a_helper(db)
    here = a_venue(db, latitude=HERE[0], longitude=HERE[1])
    assigned(db, a_session(db, day=DAY, start=time(10, 0), venue_id=here.id), volunteer)

    receipt = assigned(db, a_session(db, day=DAY, start=time(12, 0), venue_id=here.id), volunteer)

    assert receipt.state is AssignmentState.CONFIRMED


def test_who_is_not_free_is_refused(db: Session) -> None:
    volunteer = a_helper(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[WeeklyTime(2, time(9), time(12))])

    with pytest.raises(NotFreeThen):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_who_lives_too_far_is_refused(db: Session) -> None:
    volunteer = a_helper(db, latitude=HERE[0], longitude=HERE[1], max_km=5.0)
    venue = a_venue(db, latitude=FAR[0], longitude=FAR[1])

    with pytest.raises(TooFarAway):
        assigned(db, a_session(db, day=DAY, venue_id=venue.id), volunteer)


def test_the_cap_of_the_month_holds(db: Session) -> None:
    volunteer = a_helper(db)
    membership(db, volunteer).cap_per_month = 1
    assigned(db, a_session(db, day=date(2026, 12, 20)), volunteer)

    with pytest.raises(MonthIsFull):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_the_cap_of_a_month_is_free_again_in_the_next(db: Session) -> None:
    volunteer = a_helper(db)
    membership(db, volunteer).cap_per_month = 1
    assigned(db, a_session(db, day=date(2026, 12, 31)), volunteer)

    receipt = assigned(db, a_session(db, day=date(2027, 1, 6)), volunteer)

    assert receipt.state is AssignmentState.CONFIRMED


def test_the_cap_of_a_week_holds_from_monday_to_sunday(db: Session) -> None:
    volunteer = a_helper(db)
    membership(db, volunteer).cap_per_week = 1
    assigned(db, a_session(db, day=date(2026, 12, 6)), volunteer)

    with pytest.raises(WeekIsFull):
        assigned(db, a_session(db, day=date(2026, 11, 30)), volunteer)


def test_who_is_on_leave_is_refused(db: Session) -> None:
    volunteer = a_helper(db)
    membership(db, volunteer).state = VolunteerState.PAUSED

    with pytest.raises(NotEligible):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_a_pair_that_staff_ruled_out_is_refused(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    db.add(ForbiddenPlacement(session_id=session.id, volunteer_id=volunteer.id))
    db.flush()

    with pytest.raises(RuledOut):
        assigned(db, session, volunteer)


def test_a_minor_is_refused_as_a_supporter_on_the_day(db: Session) -> None:
    volunteer = a_helper(db, birth_date=date(2008, 12, 3))

    with pytest.raises(TooYoung):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_who_is_not_insured_is_refused(db: Session) -> None:
    volunteer = a_helper(db, insured=False)

    with pytest.raises(NotInsured):
        assigned(db, a_session(db, day=DAY), volunteer)


def test_a_planned_renewal_makes_it_tentative(db: Session) -> None:
    volunteer = a_helper(db)
    db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2027, renewal_planned=True))
    db.flush()

    receipt = assigned(db, a_session(db, day=date(2027, 4, 7)), volunteer)

    assert receipt.state is AssignmentState.TENTATIVE


def test_tentative_is_not_confirmed_before_the_renewal_is_recorded(db: Session) -> None:
    volunteer = a_helper(db)
    year = InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2027, renewal_planned=True)
    db.add(year)
    db.flush()
    receipt = assigned(db, a_session(db, day=date(2027, 4, 7)), volunteer)

    with pytest.raises(NotInsured):
        confirm_assignment(db, assignment_id=receipt.assignment_id, now=NOW, by=BY)

    year.insured_from = date(2027, 4, 1)
    db.flush()
    confirmed = confirm_assignment(db, assignment_id=receipt.assignment_id, now=NOW, by=BY)
    assert (confirmed.state, confirmed.sequence) == (AssignmentState.CONFIRMED, 1)


def test_staff_of_the_city_need_no_volunteer_insurance(db: Session) -> None:
    volunteer = a_helper(db, insured=False, kind=VolunteerKind.STAFF)

    receipt = assigned(db, a_session(db, day=DAY), volunteer)

    assert receipt.state is AssignmentState.CONFIRMED


def test_a_cancelled_session_takes_nobody(db: Session) -> None:
    with pytest.raises(SessionNotForHelpers):
        assigned(db, a_session(db, day=DAY, state=ProgrammeState.CANCELLED), a_helper(db))


def test_a_part_that_was_given_back_and_is_given_again_stays_one_entry(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    first = assigned(db, session, volunteer)
    release_volunteer(db, assignment_id=first.assignment_id, reason="", now=NOW, by=BY)

    again = assigned(db, session, volunteer)

    assert (again.assignment_id, again.sequence) == (first.assignment_id, 2)


def test_the_part_can_be_changed(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db, can_lead=True)
    receipt = assigned(db, session, volunteer)

    changed = change_role(db, assignment_id=receipt.assignment_id, role=AssignmentRole.RECEPTION, now=NOW, by=BY)

    assert (changed.role, changed.sequence) == (AssignmentRole.RECEPTION, 1)


def test_a_question_that_is_answered_yes_is_confirmed(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    asked = ask_volunteer(db, session_id=session.id, volunteer_id=volunteer.id, now=NOW, by=BY)

    receipt = taken(db, session, volunteer)

    assert (asked.state, receipt.state) == (AssignmentState.ASKED, AssignmentState.CONFIRMED)


# --- the volunteer takes and leaves --------------------------------------------------------------------------


def test_a_volunteer_takes_a_session(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)

    receipt = taken(db, session, volunteer)

    assert (receipt.state, receipt.changed) == (AssignmentState.CONFIRMED, True)


def test_taking_it_again_changes_nothing(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)

    receipt = taken(db, session, volunteer)

    assert (receipt.sequence, receipt.changed) == (0, False)


def test_a_city_that_wants_to_decide_gets_an_application(db: Session) -> None:
    a_municipality(db, settings={"volunteers_take": "applied"})
    session, volunteer = a_session(db, day=DAY), a_helper(db)

    receipt = taken(db, session, volunteer)

    assert receipt.state is AssignmentState.APPLIED


def test_taking_says_that_one_is_free(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[])

    receipt = taken(db, session, volunteer)

    assert receipt.state is AssignmentState.CONFIRMED


def test_where_enough_promised_nobody_more_is_taken_but_may_ask(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    taken(db, session, a_helper(db, can_lead=True))
    late = a_helper(db)

    with pytest.raises(EnoughHelpers):
        taken(db, session, late)

    asked = ask_for(db, session_id=session.id, volunteer_id=late.id, now=NOW, by=late.name)
    assert asked.state is AssignmentState.APPLIED


def test_a_lead_is_still_welcome_where_only_the_lead_is_missing(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    taken(db, session, a_helper(db))

    receipt = taken(db, session, a_helper(db, can_lead=True))

    assert receipt.role is AssignmentRole.LEAD


def test_a_session_that_has_begun_cannot_be_taken(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)

    with pytest.raises(SessionNotForHelpers):
        taken(db, session, volunteer, now=session.starts_at)


def test_until_the_limit_a_volunteer_leaves_with_a_reason(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)

    receipt = left(db, session, volunteer, now=session.starts_at - timedelta(hours=48))

    row = db.get_one(Assignment, receipt.assignment_id)
    assert (receipt.state, row.state_reason, receipt.sequence) == (AssignmentState.WITHDRAWN, "都合", 1)


def test_after_the_limit_leaving_needs_a_call(db: Session) -> None:
    a_municipality(db, contact_telephone="042-563-2111")
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)
    limit = session.starts_at - timedelta(hours=48)

    with pytest.raises(LeaveLimitPassed) as refused:
        left(db, session, volunteer, now=limit + timedelta(minutes=1))

    assert refused.value.details == {"limit": limit, "contact": "042-563-2111"}


def test_the_office_releases_also_after_the_limit(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    receipt = taken(db, session, volunteer)

    released = release_volunteer(db, assignment_id=receipt.assignment_id, reason="急病", now=session.starts_at, by=BY)

    assert released.state is AssignmentState.WITHDRAWN


def test_a_part_that_was_worked_cannot_be_released(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    receipt = taken(db, session, volunteer)
    record_hours(db, session_id=session.id, volunteer_id=volunteer.id, minutes=120, now=session.ends_at, by=BY)

    with pytest.raises(StepNotPossible):
        release_volunteer(db, assignment_id=receipt.assignment_id, reason="", now=session.ends_at, by=BY)


def undone(db: Session, session, volunteer, now=NOW, by=None):
    return undo_last_step(db, session_id=session.id, volunteer_id=volunteer.id, now=now, by=by or volunteer.name)


def test_taking_can_be_undone(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)

    receipt = undone(db, session, volunteer, now=NOW + timedelta(seconds=10))

    assert receipt.state is AssignmentState.WITHDRAWN


def test_leaving_can_be_undone_once(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)
    left(db, session, volunteer)

    receipt = undone(db, session, volunteer)

    assert receipt.state is AssignmentState.CONFIRMED
    with pytest.raises(NothingToUndo):
        undone(db, session, volunteer)


def test_after_two_minutes_there_is_nothing_to_undo(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)

    with pytest.raises(NothingToUndo):
        undone(db, session, volunteer, now=NOW + timedelta(minutes=3))


def test_what_somebody_else_did_cannot_be_undone(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    receipt = taken(db, session, volunteer)
    release_volunteer(db, assignment_id=receipt.assignment_id, reason="", now=NOW, by=BY)

    with pytest.raises(NothingToUndo):
        undone(db, session, volunteer)


def test_undoing_asks_the_rules_again(db: Session) -> None:
    session, volunteer = a_session(db, day=DAY), a_helper(db)
    taken(db, session, volunteer)
    left(db, session, volunteer)
    assigned(db, a_session(db, day=DAY), volunteer)

    with pytest.raises(CannotHelp):
        undone(db, session, volunteer)


def test_of_two_who_take_the_last_place_at_once_one_gets_it(database: Database) -> None:
    with database.writing() as db:
        session = a_session(db, day=DAY, seats=4)
        lead = a_helper(db, can_lead=True)
        taken(db, session, lead)
        release_volunteer(db, assignment_id=db.exec(select(Assignment.id)).one(), reason="", now=NOW, by=BY)
        volunteers = [a_helper(db, f"同時 {number}") for number in range(6)]
        session_id, ids = session.id, [each.id for each in volunteers]

    def take(volunteer_id) -> bool:
        try:
            with database.writing() as db:
                take_session(db, session_id=session_id, volunteer_id=volunteer_id, now=NOW, by="本人")
        except EnoughHelpers:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        got = list(threads.map(take, ids))

    assert got.count(True) == 1


# --- what they see -------------------------------------------------------------------------------------------


def test_my_next_session_says_when_where_and_whom_to_call(db: Session) -> None:
    a_municipality(db, contact_telephone="042-563-2111", contact_name="デジタル推進課")
    venue = a_venue(db, name="南街公民館", latitude=HERE[0], longitude=HERE[1])
    session = a_session(db, day=DAY, venue_id=venue.id, meeting_at=datetime(2026, 12, 2, 4, 0, tzinfo=UTC))
    me, beside = a_helper(db, latitude=HERE[0], longitude=HERE[1]), a_helper(db, "鈴木 花")
    taken(db, session, me)
    taken(db, session, beside)

    found = my_sessions(db, volunteer_id=me.id, now=NOW).standing[0]

    assert (found.session.venue, found.session.contact_telephone, found.km, found.beside_me, found.may_leave) == (
        "南街公民館",
        "042-563-2111",
        0.0,
        ("鈴木 花",),
        True,
    )


def test_open_sessions_that_suit_come_soonest_first_and_on_one_day_nearest_first(db: Session) -> None:
    me = a_helper(db, latitude=HERE[0], longitude=HERE[1])
    near = a_venue(db, latitude=HERE[0] + 0.005, longitude=HERE[1])
    far = a_venue(db, latitude=HERE[0] + 0.02, longitude=HERE[1])
    later = a_session(db, day=date(2026, 12, 9), venue_id=near.id)
    second = a_session(db, day=DAY, start=time(10), venue_id=far.id)
    first = a_session(db, day=DAY, start=time(14), venue_id=near.id)
    a_session(db, day=DAY, state=ProgrammeState.DRAFT)
    a_session(db, day=DAY, municipality_code="132136")

    found = open_sessions_for(db, volunteer_id=me.id, municipality_code=CITY, now=NOW)

    assert [row.session.session_id for row in found.rows] == [first.id, second.id, later.id]


def test_open_sessions_leave_out_what_clashes_and_what_is_full(db: Session) -> None:
    me = a_helper(db)
    mine = a_session(db, day=DAY)
    taken(db, mine, me)
    a_session(db, day=DAY, start=time(14))
    full = a_session(db, day=date(2026, 12, 3), seats=4)
    taken(db, full, a_helper(db, can_lead=True))

    found = open_sessions_for(db, volunteer_id=me.id, municipality_code=CITY, now=NOW)

    assert (found.rows, found.hidden) == ((), 1)


def test_what_one_gave_back_stays_in_the_calendar_as_given_back(db: Session) -> None:
    session, me = a_session(db, day=DAY), a_helper(db)
    taken(db, session, me)
    left(db, session, me)

    rows = assignments_for_calendar(db, volunteer_id=me.id, now=NOW)

    assert [(row.state, row.sequence) for row in rows] == [(AssignmentState.WITHDRAWN, 1)]


def test_the_session_s_page_lists_the_lead_first(db: Session) -> None:
    session = a_session(db, day=DAY)
    assigned(db, session, a_helper(db, "青木 助", kana="アオキ タスク"))
    assigned(db, session, a_helper(db, "渡辺 師", kana="ワタナベ ツカサ", can_lead=True))

    found = helpers_at(db, session_id=session.id, now=NOW)

    assert [row.name for row in found.rows] == ["渡辺 師", "青木 助"]


# --- what was done -------------------------------------------------------------------------------------------


def test_hours_that_are_written_down_count_in_the_year(db: Session) -> None:
    session, me = a_session(db, day=DAY), a_helper(db)
    taken(db, session, me)
    record_hours(db, session_id=session.id, volunteer_id=me.id, minutes=150, now=session.ends_at, by=me.name)

    found = record_of(db, volunteer_id=me.id, fiscal_year=2026, now=session.ends_at)

    assert (found.sessions, found.minutes, found.rows[0].state) == (1, 150, AssignmentState.DONE)


def test_who_did_not_come_has_no_hours(db: Session) -> None:
    session, me = a_session(db, day=DAY), a_helper(db)
    taken(db, session, me)
    note_no_show(db, session_id=session.id, volunteer_id=me.id, now=session.ends_at, by=BY)

    found = record_of(db, volunteer_id=me.id, fiscal_year=2026, now=session.ends_at)

    assert (found.sessions, found.minutes) == (0, 0)


def test_a_no_show_noted_by_mistake_is_taken_back(db: Session) -> None:
    session, me = a_session(db, day=DAY), a_helper(db)
    taken(db, session, me)
    note_no_show(db, session_id=session.id, volunteer_id=me.id, now=session.ends_at, by=BY)

    receipt = forget_hours(db, session_id=session.id, volunteer_id=me.id, now=session.ends_at, by=BY)

    assert receipt.state is AssignmentState.CONFIRMED


def test_a_tentative_part_cannot_be_worked(db: Session) -> None:
    volunteer = a_helper(db)
    db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2027, renewal_planned=True))
    db.flush()
    session = a_session(db, day=date(2027, 4, 7))
    assigned(db, session, volunteer)

    with pytest.raises(StepNotPossible):
        record_hours(db, session_id=session.id, volunteer_id=volunteer.id, minutes=60, now=session.ends_at, by=BY)
