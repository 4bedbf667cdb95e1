"""Planning a past workshop again on coming dates."""

from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from events.errors import InvalidValue
from events.japan.clock import at_tokyo, tokyo_date
from events.models import Intake, Organisation, Workshop, WorkshopHost, WorkshopSession
from events.planning.again import plan_again, proposed_days
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind
from tests.builders import CITY, a_municipality, a_room, a_session, a_venue, a_workshop, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
PAST_DAYS = (date(2022, 2, 17), date(2022, 2, 24))


def a_past_course(db: Session) -> Workshop:
    a_municipality(db)
    venue = a_venue(db, opening_rule={"closed_weekdays": [0]})
    room = a_room(db, venue_id=venue.id, people_limit=None)
    workshop = a_workshop(
        db, title="スマホを使いこなそう", kind=WorkshopKind.CLASS, state=ProgrammeState.HELD, read_only=True,
        fiscal_year=2021, improve_next="椅子を増やす",
    )  # fmt: skip
    sessions = [
        a_session(
            db, day=day, start=time(14), workshop_id=workshop.id, venue_id=venue.id, room_id=room.id, number=number,
            state=ProgrammeState.HELD,
        )
        for number, day in enumerate(PAST_DAYS, start=1)
    ]  # fmt: skip
    an_intake(
        db, *sessions, unit=IntakeUnit.COURSE, method=IntakeMethod.DRAW, desk_hours="午前9時から午後5時まで",
        deadline_at=at_tokyo(date(2022, 2, 4), time(17)),
    )  # fmt: skip
    return workshop


def sessions_of(db, workshop_id):
    query = select(WorkshopSession).where(WorkshopSession.workshop_id == workshop_id)
    return sorted(db.exec(query).all(), key=lambda session: session.number)


def test_a_past_workshop_comes_again_on_its_weekday_past_closed_days(db: Session) -> None:
    workshop = a_past_course(db)
    receipt = plan_again(db, workshop_id=workshop.id, first_date=date(2026, 12, 24), now=NOW, by="山田")
    assert receipt.days == (date(2026, 12, 24), date(2027, 1, 7))
    assert [(each.day, each.why) for each in receipt.skipped] == [(date(2026, 12, 31), "year_end")]


def test_what_comes_again_has_place_hours_seats_and_a_draft_state(db: Session) -> None:
    workshop = a_past_course(db)
    receipt = plan_again(db, workshop_id=workshop.id, first_date=date(2027, 2, 18), now=NOW, by="山田")
    old, new = sessions_of(db, workshop.id)[0], sessions_of(db, receipt.workshop_id)[0]
    assert (new.venue_id, new.room_id, new.seats, new.state) == (
        old.venue_id, old.room_id, old.seats, ProgrammeState.DRAFT
    )  # fmt: skip
    assert (new.starts_at, new.ends_at) == (
        at_tokyo(date(2027, 2, 18), time(14)), at_tokyo(date(2027, 2, 18), time(16))
    )  # fmt: skip


def test_the_deadline_keeps_its_distance_to_the_first_session(db: Session) -> None:
    workshop = a_past_course(db)
    receipt = plan_again(db, workshop_id=workshop.id, first_date=date(2027, 2, 18), now=NOW, by="山田")
    [intake] = db.exec(select(Intake).where(Intake.workshop_id == receipt.workshop_id)).all()
    assert (intake.deadline_at, intake.method, intake.unit, intake.desk_hours) == (
        at_tokyo(date(2027, 2, 5), time(17)), IntakeMethod.DRAW, IntakeUnit.COURSE, "午前9時から午後5時まで"
    )  # fmt: skip


def test_the_new_workshop_knows_the_old_one_and_what_to_do_better(db: Session) -> None:
    workshop = a_past_course(db)
    receipt = plan_again(db, workshop_id=workshop.id, now=NOW, by="山田")
    again = db.get_one(Workshop, receipt.workshop_id)
    assert (again.copied_from_id, again.improve_next, again.read_only) == (workshop.id, "椅子を増やす", False)
    assert (again.fiscal_year, workshop.state) == (2026, ProgrammeState.HELD)


def test_hosts_come_again_too(db: Session) -> None:
    workshop = a_past_course(db)
    body = Organisation(municipality_code=CITY, name="スマホの会")
    db.add(body)
    db.flush()
    db.add(WorkshopHost(workshop_id=workshop.id, organisation_id=body.id, part="co_host"))
    db.flush()
    receipt = plan_again(db, workshop_id=workshop.id, now=NOW, by="山田")
    [host] = db.exec(select(WorkshopHost).where(WorkshopHost.workshop_id == receipt.workshop_id)).all()
    assert (host.organisation_id, host.part) == (body.id, "co_host")


def test_without_a_first_day_four_weeks_are_left_to_announce(db: Session) -> None:
    proposed = proposed_days(db, workshop_id=a_past_course(db).id, now=NOW)
    assert proposed.days[0] == date(2026, 12, 24)
    assert proposed.days[0].weekday() == PAST_DAYS[0].weekday()
    assert (proposed.days[0] - tokyo_date(NOW)).days >= 28


def test_exact_dates_must_be_as_many_as_the_sessions(db: Session) -> None:
    workshop = a_past_course(db)
    with pytest.raises(InvalidValue) as refused:
        plan_again(db, workshop_id=workshop.id, dates=(date(2027, 2, 18),), now=NOW, by="山田")
    assert refused.value.details["problem"] == "wrong_count"
