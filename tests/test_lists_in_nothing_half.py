"""Nothing of a people's list is ever half imported: refused, stopped or broken off, the data is as it was before."""

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from events.models import Attendee, Registration, WorkshopSession
from supportapp.backend import Backend
from supportapp.importing_tables import ImportRun
from supportapp.people_in import running
from supportapp.people_in.running import ImportCancelled, Progress, recover_runs
from tests.builders import a_municipality
from tests.test_lists_in import (
    BOOKINGS,
    HANAKO,
    HELPERS,
    NOW,
    PEOPLE,
    STAFF,
    a_workshop_to_book,
    backend,
    booking,
    everything,
    lite,
    stored,
    take,
    text,
)

__all__ = ["backend", "lite"]


def many(count, **more):
    return [booking(f"受講 {number}", f"ジュコウ{number}", f"042-000-{number:04}", **more) for number in range(count)]


class StopAt(Progress):
    """Stops when so many rows have come in."""

    def __init__(self, count):
        self.steps, self.stop = [], threading.Event()
        self.told = self._told
        self._count = count

    def _told(self, step, done, total):
        self.steps.append((step, done, total))
        if step == "taking_in" and done >= self._count:
            self.stop.set()


def test_an_import_that_is_stopped_halfway_leaves_nothing_behind(backend) -> None:
    a_workshop_to_book(backend, seats=3)
    take(backend, "attendees", text(PEOPLE, HANAKO))
    before = everything(backend)
    progress = StopAt(4)
    rows = [*many(9), booking("髙橋 花子", "タカハシ ハナコ", "042-346-9818", 町名="向原")]
    with pytest.raises(ImportCancelled):
        take(backend, "registrations", text(BOOKINGS, *rows), progress=progress)
    after = everything(backend)
    intake_numbers = ("intake", "workshop_session")  # numbers that were given once are not given again
    assert {name: rows for name, rows in after.items() if name not in intake_numbers} == {
        name: rows for name, rows in before.items() if name not in intake_numbers
    }
    assert stored(backend, select(WorkshopSession.confirmed_count)) == [0]
    assert progress.steps[0][0] == "trying"
    assert progress.steps[-1][0] == "taking_back"
    assert take(backend, "registrations", text(BOOKINGS, *rows)).added == 10, "the same file may come in later"


def test_a_row_that_can_no_longer_be_booked_takes_the_others_back(lite) -> None:
    a_workshop_to_book(lite)

    class CloseMeanwhile(Progress):
        def __init__(self):
            self.stop, self.told = None, self._told

        def _told(self, step, done, _total):
            if step == "taking_in" and done >= 2:
                with lite.database.writing() as db:
                    db.exec(select(WorkshopSession)).one().state = "cancelled"

    report = take(lite, "registrations", text(BOOKINGS, *many(6)), progress=CloseMeanwhile())
    assert (report.added, report.refused) == (0, len(report.problems))
    assert {problem.code for problem in report.problems} == {"session_stopped"}
    assert stored(lite, select(Attendee.id)) == stored(lite, select(Registration.id)) == []


def test_an_import_whose_process_died_is_taken_back_when_the_next_one_comes(lite, monkeypatch) -> None:
    a_workshop_to_book(lite)
    monkeypatch.setattr(running, "_take_back", lambda *_: None)  # what a killed process does
    with pytest.raises(ImportCancelled):
        take(lite, "registrations", text(BOOKINGS, *many(6)), progress=StopAt(3))
    monkeypatch.undo()
    assert len(stored(lite, select(Registration.id))) >= 3
    later = Backend(lite.database, clock=lambda: NOW + timedelta(minutes=5))
    recover_runs(later, STAFF)
    assert stored(lite, select(Attendee.id)) == stored(lite, select(Registration.id)) == []
    assert stored(lite, select(ImportRun.state)) == ["undone"]
    later._readers.shutdown()
    later._writers.shutdown()


def test_changes_of_people_and_helpers_return_when_the_import_is_stopped(lite) -> None:
    helper = "山田 太郎,ヤマダ タロウ,学生,090-1111-2222,,iPhone,月午前,4,,,"
    take(lite, "attendees", text(PEOPLE, HANAKO))
    take(lite, "volunteers", text(HELPERS, helper))
    before = everything(lite)
    others = [f"新 {number},シン{number},042-1-{number:06},,,,,,,,," for number in range(4)]
    content = text(PEOPLE, HANAKO.replace("向原1-1", "向原2-2").replace("髙", "高"), *others)
    with pytest.raises(ImportCancelled):
        take(lite, "attendees", content, progress=StopAt(2))
    helpers = [f"新 {number},シン{number},学生,042-1-{number:06},,,,,,," for number in range(4)]
    content = text(HELPERS, helper.replace("月午前", "火午後").replace(",4,", ",5,"), *helpers)
    with pytest.raises(ImportCancelled):
        take(lite, "volunteers", content, progress=StopAt(2))
    after = everything(lite)
    strip = lambda tables: {name: len(rows) for name, rows in tables.items()}  # noqa: E731 -- versions move on
    assert strip(after) == strip(before)
    assert stored(lite, select(Attendee.name, Attendee.address)) == [("髙橋 花子", "向原1-1")]


_CELLS = st.sampled_from(
    ["髙橋 花子", "山田 太郎", "", "=1+1", "x" * 101, "\x07", "042-346-9818", "090", "2026-12-09", "昨日",
     "はじめてのスマホ", "1234 5678 9018", "70代", "電話", "はがき", "タカハシ ハナコ", "ﾔﾏﾀﾞ ﾀﾛｳ", "2", "99"]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS, min_size=14, max_size=14), min_size=1, max_size=5), st.booleans())
def test_a_random_table_comes_in_whole_or_changes_nothing(lite, rows, good_one) -> None:
    a_workshop_once(lite)
    before = everything(lite)
    lines = [",".join(row) for row in rows] + ([booking()] if good_one else [])
    report = take(lite, "registrations", text(BOOKINGS, *[line for line in lines if line.strip(",")], booking()))
    if report.refused:
        assert everything(lite) == before
    else:
        assert report.read == report.added + report.changed + report.unchanged


def a_workshop_once(lite):
    with lite.database.writing() as db:
        a_municipality(db)
        known = db.exec(select(WorkshopSession.id)).first()
    if known is None:
        a_workshop_to_book(lite)
