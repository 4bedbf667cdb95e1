"""A helper calls in ill: others take her sessions, nobody else is moved, and it is one step or none."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from events.errors import InvalidValue
from tests.builders import CITY, NOW, a_municipality, a_session, a_volunteer
from volunteers.availability import times_of
from volunteers.cover import Substitute, cover_absence, cover_plan
from volunteers.errors import CannotHelp, StepNotPossible
from volunteers.models import Assignment, InsuranceYear, Volunteer
from volunteers.placement_notes import forbid
from volunteers.roster import set_caps
from volunteers.signup import assign_volunteer
from volunteers.states import AssignmentState

DAY = date(2026, 12, 2)
MONTH_END = date(2026, 12, 31)
BY = "職員 一郎"


def a_helper(db: Session, name: str, **values) -> Volunteer:
    volunteer = a_volunteer(db, name, **{"always_available": True, **values})
    db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2026, insured_from=date(2026, 4, 1)))
    db.flush()
    return volunteer


def helps(db: Session, session, volunteer) -> None:
    assign_volunteer(db, session_id=session.id, volunteer_id=volunteer.id, now=NOW, by=BY)


def planned(db: Session, ill, first: date = DAY, last: date = MONTH_END):
    return cover_plan(db, volunteer_id=ill.id, municipality_code=CITY, first=first, last=last, now=NOW)


def covered(db: Session, ill, *substitutes, first: date = DAY, last: date = MONTH_END, ask: bool = True):
    return cover_absence(
        db,
        volunteer_id=ill.id,
        municipality_code=CITY,
        first=first,
        last=last,
        reason="発熱",
        substitutes=[Substitute(session.id, volunteer.id) for session, volunteer in substitutes],
        ask=ask,
        now=NOW,
        by=BY,
    )


def states(db: Session):
    return {(row.session_id, row.volunteer_id): row.state for row in db.exec(select(Assignment))}


def test_each_session_gets_somebody_who_can_come_and_nobody_is_moved(db: Session) -> None:
    a_municipality(db)
    morning = a_session(db, day=DAY, seats=4)
    beside = a_session(db, day=DAY, seats=4)
    later = a_session(db, day=DAY + timedelta(days=5), seats=4)
    ill, busy, free = (a_helper(db, name) for name in ("急病 花子", "多忙 次郎", "代役 三郎"))
    helps(db, morning, ill)
    helps(db, later, ill)
    helps(db, beside, busy)

    plan = planned(db, ill)

    first, second = plan.lines
    assert (first.session.session_id, first.substitute_id) == (morning.id, free.id)
    assert second.substitute_id in {busy.id, free.id}


def test_only_the_days_she_is_away_are_covered(db: Session) -> None:
    a_municipality(db)
    today, later = a_session(db, day=DAY, seats=4), a_session(db, day=DAY + timedelta(days=1), seats=4)
    ill = a_helper(db, "急病 花子")
    helps(db, today, ill)
    helps(db, later, ill)

    assert [each.session.session_id for each in planned(db, ill, last=DAY).lines] == [today.id]


def test_where_nobody_can_come_the_reason_is_said(db: Session) -> None:
    a_municipality(db)
    session = a_session(db, day=DAY, seats=4)
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    helps(db, session, ill)
    forbid(db, session_id=session.id, volunteer_id=other.id, reason="", by=BY)

    [line] = planned(db, ill).lines

    assert (line.substitute_id, line.because) == (None, ("no_candidate", "forbidden"))


def test_one_step_gives_back_asks_and_writes_down_the_days(db: Session) -> None:
    a_municipality(db)
    session = a_session(db, day=DAY, seats=4)
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    helps(db, session, ill)

    receipt = covered(db, ill, (session, other), last=DAY + timedelta(days=1))

    assert (receipt.released, receipt.asked, receipt.placed) == (1, 1, 0)
    assert states(db) == {
        (session.id, ill.id): AssignmentState.WITHDRAWN,
        (session.id, other.id): AssignmentState.ASKED,
    }
    assert [(each.day, each.free) for each in times_of(db, volunteer_id=ill.id).exceptions] == [
        (DAY, False),
        (DAY + timedelta(days=1), False),
    ]
    assert planned(db, ill).lines == ()


def test_who_said_yes_on_the_telephone_is_placed_at_once(db: Session) -> None:
    a_municipality(db)
    session = a_session(db, day=DAY, seats=4)
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    helps(db, session, ill)

    covered(db, ill, (session, other), ask=False)

    assert states(db)[session.id, other.id] is AssignmentState.CONFIRMED


def test_a_substitute_who_cannot_come_any_more_is_refused(db: Session) -> None:
    a_municipality(db)
    session, beside = a_session(db, day=DAY, seats=4), a_session(db, day=DAY, seats=4)
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    helps(db, session, ill)
    helps(db, beside, other)

    with pytest.raises(CannotHelp):
        covered(db, ill, (session, other))


def test_a_substitute_for_a_session_she_does_not_leave_is_refused(db: Session) -> None:
    a_municipality(db)
    session, other_session = a_session(db, day=DAY, seats=4), a_session(db, day=DAY + timedelta(days=3), seats=4)
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    helps(db, session, ill)

    with pytest.raises(StepNotPossible):
        covered(db, ill, (other_session, other))


@pytest.mark.parametrize(("first", "last"), [(DAY, DAY - timedelta(days=1)), (DAY, date(2027, 1, 1))])
def test_days_that_make_no_span_are_refused(db: Session, first: date, last: date) -> None:
    a_municipality(db)
    ill = a_helper(db, "急病 花子")

    with pytest.raises(InvalidValue):
        planned(db, ill, first, last)


def test_her_sessions_share_what_one_substitute_agreed_to(db: Session) -> None:
    a_municipality(db)
    sessions = [a_session(db, day=DAY + timedelta(days=number), seats=4) for number in range(2)]
    ill, other = a_helper(db, "急病 花子"), a_helper(db, "代役 三郎")
    set_caps(db, volunteer_id=other.id, municipality_code=CITY, cap_per_month=1, cap_per_week=None)
    for each in sessions:
        helps(db, each, ill)

    taken = [each.substitute_id for each in planned(db, ill).lines]

    assert sorted(taken, key=str) == sorted([other.id, None], key=str)
