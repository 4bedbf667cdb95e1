"""From the office's data to a matching problem, and from a plan to parts that stand."""

import json
from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, select

from events.errors import InvalidValue
from events.states import ProgrammeState
from tests.builders import CITY, NOW, TODAY, a_municipality, a_session, a_venue, a_volunteer, an_intake
from volunteers.availability import WeeklyTime, add_exception, set_weekly_times
from volunteers.errors import ProposalOutdated, ProposalSettled
from volunteers.matching.month import matching_month
from volunteers.matching.plan_json import plan_to_json
from volunteers.matching.planning import make_plan
from volunteers.matching.problem import Pair
from volunteers.matching.problem_json import problem_from_json, write_problem
from volunteers.matching.proposals import accept_proposal, discard_proposal, store_proposal
from volunteers.matching.question import BUSY, matching_problem
from volunteers.matching.who_else import who_else
from volunteers.models import Assignment, InsuranceYear, Membership, Volunteer
from volunteers.placement_notes import forbid, leave_open, pin
from volunteers.signup import ask_for, ask_volunteer, leave_session, take_session
from volunteers.states import AssignmentRole, AssignmentState, VolunteerState

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
DAY = date(2026, 12, 2)
BY = "職員 一郎"


def a_helper(db: Session, name: str = "山田 太郎", **values) -> Volunteer:
    volunteer = a_volunteer(db, name, **{"always_available": True, **values})
    db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2026, insured_from=date(2026, 4, 1)))
    db.flush()
    return volunteer


def asked(db: Session, first: date = FIRST, last: date = LAST):
    return matching_problem(db, municipality_code=CITY, first=first, last=last, now=NOW)


def proposed(db: Session):
    problem = asked(db)
    plan = make_plan(problem, time_limit=20)
    receipt = store_proposal(
        db,
        municipality_code=CITY,
        first=FIRST,
        last=LAST,
        problem_text=json.dumps(write_problem(problem)),
        plan_text=plan_to_json(plan),
        now=NOW,
        by=BY,
    )
    return receipt.proposal_id, plan


def accepted(db: Session, proposal_id):
    return accept_proposal(db, proposal_id=proposal_id, now=NOW, by=BY)


def month(db: Session):
    return matching_month(db, municipality_code=CITY, first=FIRST, last=LAST, now=NOW)


def taken(db: Session, session, volunteer):
    return take_session(db, session_id=session.id, volunteer_id=volunteer.id, now=NOW, by=volunteer.name)


def pair(session, volunteer) -> Pair:
    return Pair(str(session.id), str(volunteer.id))


def states(db: Session):
    return {(row.session_id, row.volunteer_id): row.state for row in db.exec(select(Assignment))}


# --- the problem ---------------------------------------------------------------------------------------------


def test_the_problem_holds_what_the_session_needs(db: Session) -> None:
    venue = a_venue(db, latitude=35.7, longitude=139.4)
    session = a_session(db, day=DAY, seats=10, venue_id=venue.id, skills_needed={"iphone": 1})

    found = asked(db).sessions[0]

    assert (found.id, found.need, found.leads, found.skills, found.venue, found.series) == (
        str(session.id),
        3,
        1,
        {"iphone": 1},
        str(venue.id),
        str(session.workshop_id),
    )


def test_the_problem_leaves_out_what_is_over_off_or_another_city_s(db: Session) -> None:
    a_session(db, day=DAY, state=ProgrammeState.CANCELLED)
    a_session(db, day=date(2027, 1, 5))
    a_session(db, day=DAY, municipality_code="132136")
    kept = a_session(db, day=DAY)

    assert [each.id for each in asked(db).sessions] == [str(kept.id)]


def test_the_problem_reads_back_the_same_from_its_file(db: Session) -> None:
    venue = a_venue(db, latitude=35.7, longitude=139.4)
    session = a_session(db, day=DAY, venue_id=venue.id)
    me = a_helper(db, latitude=35.71, longitude=139.41, max_km=4.0, skills=["iphone"], always_available=False)
    set_weekly_times(db, volunteer_id=me.id, weekly=[WeeklyTime(2, time(13), time(17))])
    taken(db, session, me)

    problem = asked(db)

    assert problem_from_json(json.dumps(write_problem(problem))) == problem


def test_a_span_of_two_months_is_refused(db: Session) -> None:
    a_municipality(db)

    with pytest.raises(InvalidValue) as refused:
        asked(db, date(2026, 12, 20), date(2027, 1, 10))

    assert refused.value.details["problem"] == "one_month"


def test_free_times_are_those_of_pattern_and_exceptions(db: Session) -> None:
    a_session(db, day=DAY)
    me = a_helper(db, always_available=False)
    set_weekly_times(db, volunteer_id=me.id, weekly=[WeeklyTime(2, time(13), time(17))])
    add_exception(db, volunteer_id=me.id, day=date(2026, 12, 9), free=False)

    found = asked(db).volunteer_by_id[str(me.id)].available

    assert [each.start.day for each in found or ()] == [2, 16, 23, 30]


def test_who_is_paused_is_not_asked_unless_already_placed(db: Session) -> None:
    session = a_session(db, day=DAY)
    away, placed = a_helper(db), a_helper(db)
    taken(db, session, placed)
    for each in db.exec(select(Membership)):
        each.state = VolunteerState.PAUSED
    db.flush()

    problem = asked(db)

    assert str(away.id) not in problem.volunteer_by_id
    assert problem.volunteer_by_id[str(placed.id)].eligible == frozenset()


def test_what_is_promised_elsewhere_is_a_pinned_session_that_needs_nobody(db: Session) -> None:
    me = a_helper(db)
    other = a_municipality(db, "132136").code
    db.add(Membership(volunteer_id=me.id, municipality_code=other, state=VolunteerState.ACTIVE, since=DAY))
    theirs = a_session(db, day=DAY, municipality_code=other)
    taken(db, theirs, me)
    ours = a_session(db, day=DAY)

    plan = make_plan(asked(db), time_limit=20)

    assert [each.session for each in plan.placements if not each.session.startswith(BUSY)] == []
    assert plan.refused_pins == ()
    assert [each.session for each in plan.open_needs] == [str(ours.id)]


def test_an_application_is_a_wish(db: Session) -> None:
    session, me = a_session(db, day=DAY), a_helper(db)
    ask_for(db, session_id=session.id, volunteer_id=me.id, now=NOW, by=me.name)

    assert asked(db).volunteer_by_id[str(me.id)].likes == frozenset({str(session.id)})


def test_what_was_served_this_year_is_counted(db: Session) -> None:
    me = a_helper(db)
    taken(db, a_session(db, day=TODAY + timedelta(days=2)), me)
    a_session(db, day=DAY)

    assert asked(db).volunteer_by_id[str(me.id)].already == 1


def test_a_cap_of_the_month_counts_sessions_before_the_span_too(db: Session) -> None:
    me = a_helper(db)
    db.exec(select(Membership)).one().cap_per_month = 1
    taken(db, a_session(db, day=DAY), me)
    a_session(db, day=date(2026, 12, 20))

    plan = make_plan(asked(db, date(2026, 12, 10), LAST), time_limit=20)

    assert [each.session for each in plan.placements if not each.session.startswith(BUSY)] == []


# --- propose and accept --------------------------------------------------------------------------------------


def test_an_accepted_plan_makes_the_parts_stand(db: Session) -> None:
    session = a_session(db, day=DAY, seats=8)
    lead, helper = a_helper(db, "師", can_lead=True), a_helper(db, "助")
    proposal_id, _ = proposed(db)

    receipt = accepted(db, proposal_id)

    rows = {row.volunteer_id: row for row in db.exec(select(Assignment))}
    assert (receipt.added, receipt.removed, receipt.kept) == (2, 0, 0)
    assert (rows[lead.id].role, rows[helper.id].role) == (AssignmentRole.LEAD, AssignmentRole.HELPER)
    assert all(row.session_id == session.id and row.because for row in rows.values())


def test_a_planned_renewal_is_placed_as_tentative(db: Session) -> None:
    me = a_volunteer(db, always_available=True)
    db.add(InsuranceYear(volunteer_id=me.id, fiscal_year=2026, renewal_planned=True))
    session = a_session(db, day=DAY)
    proposal_id, _ = proposed(db)

    accepted(db, proposal_id)

    assert states(db) == {(session.id, me.id): AssignmentState.TENTATIVE}


def test_who_stands_already_is_kept_and_not_touched(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=4), a_helper(db, can_lead=True)
    before = taken(db, session, me)
    proposal_id, plan = proposed(db)

    receipt = accepted(db, proposal_id)

    assert (plan.changes.kept, receipt.added, receipt.kept) == (1, 0, 1)
    assert db.get_one(Assignment, before.assignment_id).calendar_sequence == 0


def test_who_may_not_serve_any_more_is_released(db: Session) -> None:
    session, gone, comes = a_session(db, day=DAY, seats=4), a_helper(db), a_helper(db)
    taken(db, session, gone)
    db.exec(select(Membership).where(Membership.volunteer_id == gone.id)).one().state = VolunteerState.PAUSED
    db.flush()
    proposal_id, _ = proposed(db)

    receipt = accepted(db, proposal_id)

    assert receipt.removed == 1
    assert states(db) == {
        (session.id, gone.id): AssignmentState.WITHDRAWN,
        (session.id, comes.id): AssignmentState.CONFIRMED,
    }


def test_who_was_asked_stays_asked_until_the_answer(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=4), a_helper(db, can_lead=True)
    ask_volunteer(db, session_id=session.id, volunteer_id=me.id, now=NOW, by=BY)
    proposal_id, _ = proposed(db)

    accepted(db, proposal_id)

    assert states(db) == {(session.id, me.id): AssignmentState.ASKED}


def test_a_plan_that_clashes_with_what_is_true_now_is_refused_whole(db: Session) -> None:
    session, other = a_session(db, day=DAY, seats=4), a_session(db, day=date(2026, 12, 9), seats=4)
    me = a_helper(db, can_lead=True)
    proposal_id, _ = proposed(db)
    elsewhere = a_session(db, day=DAY, start=time(14))
    taken(db, elsewhere, me)

    with pytest.raises(ProposalOutdated) as refused:
        accepted(db, proposal_id)

    assert [(each.session, each.rules) for each in refused.value.details["clashes"]] == [
        (str(session.id), ("overlap",))
    ]
    assert (other.id, me.id) not in states(db)


def test_a_plan_for_a_session_that_was_cancelled_is_refused(db: Session) -> None:
    session, _ = a_session(db, day=DAY, seats=4), a_helper(db)
    proposal_id, _ = proposed(db)
    session.state = ProgrammeState.CANCELLED
    db.flush()

    with pytest.raises(ProposalOutdated) as refused:
        accepted(db, proposal_id)

    assert refused.value.details["clashes"][0].rules == ("session_off",)


def test_a_plan_is_refused_where_somebody_took_the_last_seat_meanwhile(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    a_helper(db, "案", can_lead=True)
    proposal_id, _ = proposed(db)
    quick = a_helper(db, "早")
    taken(db, session, quick)

    with pytest.raises(ProposalOutdated) as refused:
        accepted(db, proposal_id)

    assert refused.value.details["clashes"][0].rules == ("seats_full",)


def test_who_left_since_is_not_dragged_back_unless_the_plan_says_so(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=8), a_helper(db, can_lead=True)
    before = taken(db, session, me)
    proposal_id, _ = proposed(db)
    leave_session(db, session_id=session.id, volunteer_id=me.id, reason="", now=NOW, by=me.name)
    forbid(db, session_id=session.id, volunteer_id=me.id, reason="本人の都合", by=BY)

    with pytest.raises(ProposalOutdated):
        accepted(db, proposal_id)

    assert db.get_one(Assignment, before.assignment_id).state is AssignmentState.WITHDRAWN


def test_an_insurance_that_fell_away_refuses_the_plan(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    a_helper(db)
    proposal_id, _ = proposed(db)
    db.exec(select(InsuranceYear)).one().insured_from = None
    db.flush()

    with pytest.raises(ProposalOutdated) as refused:
        accepted(db, proposal_id)

    assert refused.value.details["clashes"][0].rules == ("uninsured",)


def test_a_plan_is_accepted_once(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    proposal_id, _ = proposed(db)
    accepted(db, proposal_id)

    with pytest.raises(ProposalSettled):
        accepted(db, proposal_id)


def test_a_discarded_plan_leaves_everything_as_it_was(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    a_helper(db)
    proposal_id, _ = proposed(db)

    discard_proposal(db, proposal_id=proposal_id, now=NOW)

    assert (states(db), month(db).proposal_id) == ({}, None)


def test_a_new_plan_takes_the_place_of_the_older(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    older, _ = proposed(db)

    newer, _ = proposed(db)

    assert month(db).proposal_id == newer
    with pytest.raises(ProposalSettled):
        accepted(db, older)


# --- pins and what is ruled out ------------------------------------------------------------------------------


def test_a_pin_holds_in_the_plan(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    a_helper(db, "師", can_lead=True)
    wanted = a_helper(db, "助")
    pin(db, session_id=session.id, volunteer_id=wanted.id, by=BY)

    _, plan = proposed(db)

    assert [(each.pair, each.because[0]) for each in plan.placements] == [(pair(session, wanted), "pinned")]


def test_ruling_out_takes_the_pin_back(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=4), a_helper(db)
    pin(db, session_id=session.id, volunteer_id=me.id, by=BY)

    note = forbid(db, session_id=session.id, volunteer_id=me.id, reason="", by=BY)

    assert (note.forbidden, asked(db).pinned, asked(db).forbidden) == (True, (), {pair(session, me)})


def test_neither_pinned_nor_ruled_out_leaves_it_to_the_plan(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=4), a_helper(db)
    forbid(db, session_id=session.id, volunteer_id=me.id, reason="", by=BY)

    leave_open(db, session_id=session.id, volunteer_id=me.id)

    assert asked(db).forbidden == frozenset()


def test_a_pin_of_somebody_on_leave_is_refused_and_the_rest_is_planned(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    away, comes = a_helper(db), a_helper(db)
    db.exec(select(Membership).where(Membership.volunteer_id == away.id)).one().state = VolunteerState.PAUSED
    pin(db, session_id=session.id, volunteer_id=away.id, by=BY)

    _, plan = proposed(db)

    assert [(each.volunteer, each.because) for each in plan.refused_pins] == [(str(away.id), ("not_eligible",))]
    assert [each.volunteer for each in plan.placements] == [str(comes.id)]


# --- what the screen sees ------------------------------------------------------------------------------------


def test_the_month_without_a_plan_shows_what_stands(db: Session) -> None:
    session, me = a_session(db, day=DAY, seats=8), a_helper(db)
    taken(db, session, me)

    found = month(db)

    assert [(chip.name, chip.change) for chip in found.sessions[0].chips] == [("山田 太郎", "stands")]
    assert (found.proposal_id, found.now.missing, found.sessions[0].missing_now) == (None, 1, 1)


def test_the_month_with_a_plan_marks_what_it_keeps_adds_and_takes_out(db: Session) -> None:
    session = a_session(db, day=DAY, seats=8)
    stays, goes, comes = a_helper(db, "残", can_lead=True), a_helper(db, "去"), a_helper(db, "来")
    taken(db, session, stays)
    taken(db, session, goes)
    db.exec(select(Membership).where(Membership.volunteer_id == goes.id)).one().state = VolunteerState.PAUSED
    db.flush()
    proposed(db)

    found = month(db)

    assert {chip.name: chip.change for chip in found.sessions[0].chips} == {
        "残": "kept",
        "来": "added",
        "去": "removed",
    }
    assert (found.added, found.removed, found.kept) == (1, 1, 1)
    assert next(chip for chip in found.sessions[0].chips if chip.change == "removed").because == ("not_eligible",)
    assert comes.name in {
        chip.name for chip in found.sessions[0].chips if "lighter_load" in chip.because or chip.because
    }


def test_an_open_need_says_why(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    proposed(db)

    found = month(db).sessions[0]

    assert (found.missing_then, found.because) == (1, ("no_candidate",))


def test_a_clash_is_shown_on_its_chip(db: Session) -> None:
    a_session(db, day=DAY, seats=4)
    me = a_helper(db)
    proposed(db)
    taken(db, a_session(db, day=DAY, start=time(14)), me)

    found = month(db)

    assert found.clashes == 1
    assert [chip.clash for row in found.sessions for chip in row.chips if chip.change == "added"] == [("overlap",)]


def test_who_else_could_come_and_why_others_cannot(db: Session) -> None:
    session = a_session(db, day=DAY, seats=4)
    busy, free = a_helper(db, "忙"), a_helper(db, "暇")
    taken(db, a_session(db, day=DAY, start=time(14)), busy)

    found = who_else(db, municipality_code=CITY, session_id=session.id, now=NOW)

    assert [each.name for each in found.suits] == ["暇"]
    assert [(each.name, each.rules) for each in found.others] == [("忙", ("overlap",))]
    assert free.id == found.suits[0].volunteer_id


def test_where_a_lead_is_missing_those_who_may_lead_come_first(db: Session) -> None:
    session = a_session(db, day=DAY, seats=8)
    a_helper(db, "あ助")
    a_helper(db, "い師", can_lead=True)

    found = who_else(db, municipality_code=CITY, session_id=session.id, now=NOW)

    assert [each.name for each in found.suits] == ["い師", "あ助"]


def test_the_kilometres_of_a_plan_are_added_up(db: Session) -> None:
    venue = a_venue(db, latitude=35.75, longitude=139.42)
    session = a_session(db, day=DAY, seats=4, venue_id=venue.id)
    an_intake(db, session)
    a_helper(db, latitude=35.76, longitude=139.42)
    proposed(db)

    found = month(db)

    assert (found.now.km, found.then.km) == (0.0, pytest.approx(1.1, abs=0.1))
