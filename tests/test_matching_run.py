"""Running a matching: for the screen in a process of its own, for the command line in this one."""

import asyncio
import itertools
import json
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from supportapp.matching_run import Phase, match_problem_file, match_span, propose, running_for
from tests.builders import CITY, NOW, a_municipality, a_session, a_volunteer
from volunteers.matching.errors import ProblemRefused
from volunteers.models import Assignment, InsuranceYear, MatchProposal
from volunteers.states import AssignmentState, ProposalState

STAFF = Actor(name="職員 一郎", role=Role.STAFF, municipality_code=CITY)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
PATIENCE = 120


def a_helper(db: Session, **values):
    volunteer = a_volunteer(db, **{"always_available": True, **values})
    db.add(InsuranceYear(volunteer_id=volunteer.id, fiscal_year=2026, insured_from=date(2026, 4, 1)))
    return volunteer


def an_office(database: Database, *, sessions: int = 2, helpers: int = 4) -> Backend:
    with database.writing() as db:
        a_municipality(db)
        for number in range(sessions):
            a_session(db, day=date(2026, 12, 2) + timedelta(days=number % 28), seats=8)
        for number in range(helpers):
            a_helper(db, can_lead=number % 2 == 0)
    return Backend(database, clock=lambda: NOW)


def rows(backend: Backend, table):
    with backend.database.reading() as db:
        return list(db.exec(select(table)))


def test_the_screen_s_run_keeps_a_plan_and_tells_how_far_it_is(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database)
    heard = []

    async def go():
        run = propose(backend, STAFF, municipality_code=CITY, first=FIRST, last=LAST)
        run.listen(heard.append)
        same = running_for(backend, CITY, FIRST)
        await asyncio.wait_for(run.task, PATIENCE)
        return run, same

    run, same = asyncio.run(go())

    assert (run.state.phase, run.state.done, run.state.total, same is run) == (Phase.STORED, 2, 2, True)
    assert [each.state for each in rows(backend, MatchProposal)] == [ProposalState.OPEN]
    assert heard[0].phase is Phase.SOLVING
    assert running_for(backend, CITY, FIRST) is None


def test_a_run_that_is_cancelled_keeps_the_best_plan_so_far(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database, sessions=20, helpers=20)

    async def go():
        run = propose(backend, STAFF, municipality_code=CITY, first=FIRST, last=LAST)
        run.cancel()
        await asyncio.wait_for(run.task, PATIENCE)
        return run

    run = asyncio.run(go())

    assert (run.state.phase, run.state.cancelled) == (Phase.STORED, True)
    assert len(rows(backend, MatchProposal)) == 1


def test_a_run_that_may_not_read_the_month_says_so(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database)
    stranger = Actor(name="他市", role=Role.STAFF, municipality_code="132136")

    async def go():
        run = propose(backend, stranger, municipality_code=CITY, first=FIRST, last=LAST)
        await asyncio.wait_for(run.task, PATIENCE)
        return run

    run = asyncio.run(go())

    assert (run.state.phase, rows(backend, MatchProposal)) == (Phase.FAILED, [])


def test_the_command_line_makes_two_months_true(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database, sessions=3, helpers=2)
    with sqlite_database.writing() as db:
        a_session(db, day=date(2027, 1, 6), seats=4)

    plan = match_span(backend, STAFF, CITY, FIRST, date(2027, 1, 31), 30, apply=True)

    stands = [each for each in rows(backend, Assignment) if each.state is AssignmentState.CONFIRMED]
    assert (plan["status"], plan["open"], len(plan["placements"])) == ("optimal", 0, 7)
    assert {(str(each.session_id), str(each.volunteer_id)) for each in stands} == {
        (each["session"], each["volunteer"]) for each in plan["placements"]
    }


def test_without_apply_nothing_stands(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database)

    match_span(backend, STAFF, CITY, FIRST, LAST, 30)

    assert (rows(backend, Assignment), rows(backend, MatchProposal)) == ([], [])


def test_a_problem_file_is_answered_by_a_plan(tmp_path: Path) -> None:
    start = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)
    file = tmp_path / "problem.json"
    file.write_text(
        json.dumps(
            {
                "sessions": [
                    {
                        "id": "s",
                        "starts_at": start.isoformat(),
                        "ends_at": (start + timedelta(hours=2)).isoformat(),
                        "need": 1,
                    }
                ],
                "volunteers": [{"id": "v"}],
            }
        )
    )

    plan = match_problem_file(file)

    assert [(each["session"], each["volunteer"]) for each in plan["placements"]] == [("s", "v")]


def test_a_problem_file_with_an_unknown_key_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text('{"sessions": [], "volunteers": [], "sesions": []}')

    with pytest.raises(ProblemRefused) as refused:
        match_problem_file(file)

    assert refused.value.details["value"] == "sesions"


def test_progress_comes_within_a_second_of_the_start(sqlite_database: Database) -> None:
    backend = an_office(sqlite_database)

    async def go():
        heard_at = []
        run = propose(backend, STAFF, municipality_code=CITY, first=FIRST, last=LAST)
        began = time.monotonic()
        run.listen(lambda _state: heard_at.append(time.monotonic() - began))
        await asyncio.wait_for(run.task, PATIENCE)
        return heard_at

    heard_at = asyncio.run(go())

    gaps = [later - earlier for earlier, later in itertools.pairwise(heard_at)]
    assert max([heard_at[0], *gaps]) < 5  # a second on an idle machine; tests share theirs
