"""Who may do which step: a volunteer only their own, staff only in their own city."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from events.errors import NotAllowed, NotFound
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from tests.builders import CITY, NOW, a_municipality, a_session, a_volunteer
from volunteers.matching.month import matching_month
from volunteers.models import InsuranceYear
from volunteers.own_queries import my_sessions
from volunteers.queries import volunteer_page, volunteers_list
from volunteers.signup import assign_volunteer, leave_session, take_session

OTHER = "132136"
DAY = date(2026, 12, 2)


@dataclass(frozen=True, slots=True)
class Town:
    """A city with one session and two volunteers, and who acts there."""

    backend: Backend
    session_id: UUID
    foreign_session_id: UUID
    me: UUID
    somebody_else: UUID

    @property
    def volunteer(self) -> Actor:
        return Actor(name="本人", role=Role.VOLUNTEER, municipality_code=CITY, volunteer_id=self.me)

    @property
    def staff(self) -> Actor:
        return Actor(name="職員", role=Role.STAFF, municipality_code=CITY)


@pytest.fixture
def town(sqlite_database: Database) -> Town:
    with sqlite_database.writing() as db:
        a_municipality(db)
        people = [a_volunteer(db, name, always_available=True) for name in ("本人", "他人")]
        for each in people:
            db.add(InsuranceYear(volunteer_id=each.id, fiscal_year=2026, insured_from=date(2026, 4, 1)))
        ours = a_session(db, day=DAY).id
        theirs = a_session(db, day=DAY, municipality_code=OTHER).id
    return Town(Backend(sqlite_database, clock=lambda: NOW), ours, theirs, people[0].id, people[1].id)


def step(town: Town, actor: Actor, use_case: Callable[..., Any], **values: Any) -> Any:
    return town.backend.run_now(actor, use_case, now=NOW, by=actor.name, **values)


def test_a_volunteer_takes_a_session_for_herself(town: Town) -> None:
    receipt = step(town, town.volunteer, take_session, session_id=town.session_id, volunteer_id=town.me)

    assert receipt.volunteer_id == town.me


def test_a_volunteer_cannot_take_one_for_somebody_else(town: Town) -> None:
    with pytest.raises(NotFound):
        step(town, town.volunteer, take_session, session_id=town.session_id, volunteer_id=town.somebody_else)


def test_a_volunteer_cannot_take_another_city_s_session(town: Town) -> None:
    with pytest.raises(NotFound):
        step(town, town.volunteer, take_session, session_id=town.foreign_session_id, volunteer_id=town.me)


def test_a_volunteer_cannot_make_somebody_else_leave(town: Town) -> None:
    step(town, town.staff, assign_volunteer, session_id=town.session_id, volunteer_id=town.somebody_else)

    with pytest.raises(NotFound):
        step(
            town,
            town.volunteer,
            leave_session,
            session_id=town.session_id,
            volunteer_id=town.somebody_else,
            reason="",
        )


def test_staff_do_each_step_for_a_volunteer(town: Town) -> None:
    receipt = step(town, town.staff, take_session, session_id=town.session_id, volunteer_id=town.me)

    assert receipt.volunteer_id == town.me


def test_staff_of_another_city_see_nobody_of_ours(town: Town) -> None:
    stranger = replace(town.staff, municipality_code=OTHER)

    with pytest.raises(NotFound):
        town.backend.read_now(stranger, volunteer_page, volunteer_id=town.me, municipality_code=OTHER, now=NOW)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (volunteers_list, {"today": DAY}),
        (matching_month, {"first": DAY, "last": DAY, "now": NOW}),
    ],
)
def test_a_volunteer_does_not_see_the_list_or_the_plan(town: Town, query: Any, values: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        town.backend.read_now(town.volunteer, query, municipality_code=CITY, **values)


def test_a_volunteer_sees_her_own_sessions_only(town: Town) -> None:
    with pytest.raises(NotFound):
        town.backend.read_now(town.volunteer, my_sessions, volunteer_id=town.somebody_else, now=NOW)
