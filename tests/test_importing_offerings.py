"""Published offerings taken in: all or nothing, and never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import Session, select

from events.errors import NotFound
from events.importing import ImportRefused, OfferingRow, OfferingSessionRow, import_offerings
from events.japan.clock import at_tokyo
from events.models import Intake, Room, Venue, Workshop, WorkshopSession
from events.planning.publishing import withdraw_workshop
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind
from tests.builders import CITY, a_municipality

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)

FIRST = OfferingSessionRow(
    row=59,
    number="0000000058",
    first_day=date(2022, 2, 17),
    starts=time(14),
    ends=time(16),
    venue_name="花小金井南公民館",
    room_name="講座室",
    seats=10,
)
SECOND = replace(FIRST, row=60, number="0000000059", first_day=date(2022, 2, 24))
COURSE = OfferingRow(
    key="132110|スマホを使いこなそう|https://example.test/094903.html",
    title="スマホを使いこなそう",
    kind=WorkshopKind.CLASS,
    sessions=(FIRST, SECOND),
    deadline_on=date(2022, 2, 4),
    method=IntakeMethod.DRAW,
    channels=("telephone", "counter"),
    host="花小金井南公民館",
)
COMING = replace(
    COURSE,
    key="132110|来年の講座",
    sessions=(replace(FIRST, number="90", first_day=date(2027, 2, 17)),),
    deadline_on=date(2027, 2, 4),
)


def take(db, *offerings):
    a_municipality(db)
    return import_offerings(db, municipality_code=CITY, offerings=offerings, now=NOW, by="山田")


def test_rows_of_one_offering_become_one_workshop_with_several_sessions(db: Session) -> None:
    report = take(db, COURSE)
    [workshop] = db.exec(select(Workshop)).all()
    [intake] = db.exec(select(Intake)).all()
    sessions = db.exec(select(WorkshopSession).order_by(WorkshopSession.number)).all()
    assert (report.read, report.added, report.workshop_ids) == (2, 2, (workshop.id,))
    assert [session.held_on for session in sessions] == [date(2022, 2, 17), date(2022, 2, 24)]
    assert (intake.unit, intake.method) == (IntakeUnit.COURSE, IntakeMethod.DRAW)
    assert intake.deadline_at == at_tokyo(date(2022, 2, 4), time(23, 59))


def test_a_past_offering_is_held_and_read_only(db: Session) -> None:
    take(db, COURSE)
    [workshop] = db.exec(select(Workshop)).all()
    assert (workshop.read_only, workshop.state, workshop.fiscal_year) == (True, ProgrammeState.HELD, 2021)


def test_a_coming_offering_with_everything_is_announced(db: Session) -> None:
    take(db, COMING)
    [workshop] = db.exec(select(Workshop)).all()
    assert (workshop.read_only, workshop.state) == (False, ProgrammeState.ANNOUNCED)


def test_the_same_file_twice_adds_and_changes_nothing(db: Session) -> None:
    take(db, COURSE, COMING)
    versions = [session.version for session in db.exec(select(WorkshopSession))]
    report = take(db, COURSE, COMING)
    assert (report.read, report.added, report.changed, report.unchanged) == (3, 0, 0, 3)
    assert [session.version for session in db.exec(select(WorkshopSession))] == versions
    assert not db.dirty


def test_what_the_office_edited_meanwhile_stays_when_the_same_file_comes_again(db: Session) -> None:
    take(db, COMING)
    [session] = db.exec(select(WorkshopSession)).all()
    session.starts_at, session.seats = at_tokyo(date(2027, 2, 17), time(10)), 12
    db.flush()
    report = take(db, COMING)
    assert (report.unchanged, session.seats) == (1, 12)


def test_a_row_that_says_something_new_changes_its_session(db: Session) -> None:
    take(db, COMING)
    moved = replace(COMING, sessions=(replace(COMING.sessions[0], starts=time(10), ends=time(12)),))
    report = take(db, moved)
    [session] = db.exec(select(WorkshopSession)).all()
    assert (report.changed, report.added, session.calendar_sequence) == (1, 0, 1)
    assert session.starts_at == at_tokyo(date(2027, 2, 17), time(10))


def test_venue_and_room_are_made_once(db: Session) -> None:
    take(db, COURSE, COMING)
    assert db.exec(select(Venue.name)).all() == ["花小金井南公民館"]
    assert db.exec(select(Room.name)).all() == ["講座室"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"starts": None, "ends": None}, ("time",)),
        ({"venue_name": "", "room_name": ""}, ("place",)),
        ({"seats": None}, ("seats",)),
    ],
)
def test_what_lacks_something_comes_in_as_a_draft_and_is_listed(db: Session, change, missing) -> None:
    report = take(db, replace(COMING, sessions=(replace(COMING.sessions[0], **change),)))
    [session] = db.exec(select(WorkshopSession)).all()
    assert session.state is ProgrammeState.DRAFT
    assert [(note.row, note.missing) for note in report.drafts] == [(59, missing)]


def test_numbers_that_occur_twice_stay_two_sessions(db: Session) -> None:
    twice = replace(COURSE, sessions=(FIRST, replace(SECOND, number=FIRST.number)))
    take(db, twice)
    report = take(db, twice)
    assert (report.unchanged, len(db.exec(select(WorkshopSession)).all())) == (2, 2)


def test_the_very_same_row_twice_in_one_file_is_one_session(db: Session) -> None:
    doubled = replace(COURSE, sessions=(FIRST, replace(FIRST, row=99)))
    assert (take(db, doubled).added, take(db, doubled).added) == (1, 0)
    assert len(db.exec(select(WorkshopSession)).all()) == 1


def test_an_announced_workshop_that_staff_withdrew_stays_a_draft_when_the_same_file_comes_again(db: Session) -> None:
    take(db, COMING)
    [workshop] = db.exec(select(Workshop)).all()
    withdraw_workshop(db, workshop_id=workshop.id, version=1, reason="日程を見直す", now=NOW, by="山田")
    take(db, COMING)
    assert workshop.state is ProgrammeState.DRAFT


def test_one_refused_row_refuses_the_file_with_row_column_and_value(db: Session) -> None:
    backwards = replace(COMING, sessions=(replace(COMING.sessions[0], starts=time(16), ends=time(14)),))
    with pytest.raises(ImportRefused) as refused:
        take(db, COURSE, backwards)
    [problem] = refused.value.report.problems
    assert (problem.row, problem.column, problem.value, problem.code) == (59, "ends", "14:00", "ends_before_start")
    assert (refused.value.report.added, refused.value.report.refused) == (0, 1)


def test_a_my_number_in_the_text_is_refused_and_not_repeated(db: Session) -> None:
    with pytest.raises(ImportRefused) as refused:
        take(db, replace(COURSE, summary="番号 1234 5678 9018"))
    [problem] = refused.value.report.problems
    assert (problem.code, problem.value) == ("my_number", "")


def test_seats_below_the_people_who_have_one_are_refused(db: Session) -> None:
    take(db, COMING)
    [session] = db.exec(select(WorkshopSession)).all()
    session.confirmed_count = 9
    db.flush()
    with pytest.raises(ImportRefused):
        take(db, replace(COMING, sessions=(replace(COMING.sessions[0], seats=8),)))


def test_a_show_of_several_weeks_counts_as_past_after_its_last_day(db: Session) -> None:
    running = replace(FIRST, first_day=date(2026, 10, 1), last_day=date(2026, 12, 20))
    take(db, replace(COMING, sessions=(running,)))
    assert db.exec(select(Workshop.read_only)).all() == [False]


def test_an_unknown_municipality_is_refused(db: Session) -> None:
    with pytest.raises(NotFound):
        import_offerings(db, municipality_code="999999", offerings=(COURSE,), now=NOW, by="山田")
