"""A half-typed plan: kept from the first pause, one for each account, and registered exactly once."""

from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest
from sqlmodel import func, select

from events.errors import Conflict, InvalidValue
from events.models import Workshop
from events.planning.drafts import SessionDraft, WorkshopDraft
from events.planning.unfinished import drop_plan, keep_plan, unfinished_plan
from events.planning.workshops import create_workshop
from events.states import WorkshopKind
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ACCOUNT = uuid4()
WHOSE = {"municipality_code": builders.CITY, "account_id": ACCOUNT}


def keep(db, version=0, **content):
    builders.a_municipality(db)
    return keep_plan(db, **WHOSE, content=content, version=version, now=NOW)


def register(db, plan):
    return create_workshop(
        db,
        municipality_code=builders.CITY,
        draft=WorkshopDraft(WorkshopKind.TRIAL, "はじめてのスマホ"),
        sessions=(SessionDraft(date(2026, 12, 9), time(13, 30)),),
        now=NOW,
        by="佐藤",
        draft_id=plan.draft_id,
    )


def test_what_was_typed_is_there_again_after_a_restart(database):
    with database.writing() as db:
        keep(db, title="スマ")
        keep(db, version=1, title="スマホ教室", seats=12)

    with database.reading() as db:
        found = unfinished_plan(db, **WHOSE)
        assert (found.content, found.version) == ({"title": "スマホ教室", "seats": 12}, 2)


def test_nobody_else_sees_it(db):
    keep(db, title="スマホ教室")

    assert unfinished_plan(db, municipality_code=builders.CITY, account_id=uuid4()) is None


def test_a_second_window_that_went_on_is_not_written_over(db):
    keep(db, title="スマホ教室")
    keep(db, version=1, title="スマホ教室 入門")

    with pytest.raises(Conflict):
        keep(db, version=1, title="別の題名")
    with pytest.raises(Conflict):
        keep(db, version=0, title="別の題名")

    assert unfinished_plan(db, **WHOSE).content == {"title": "スマホ教室 入門"}


def test_a_registered_plan_is_finished_and_pressed_again_makes_no_second_workshop(db):
    plan = keep(db, title="スマホ教室")

    first, second = register(db, plan), register(db, plan)

    assert first.workshop_id == second.workshop_id
    assert db.exec(select(func.count()).select_from(Workshop)).one() == 1
    assert unfinished_plan(db, **WHOSE) is None


def test_what_is_dropped_is_not_kept(db):
    plan = keep(db, title="スマホ教室")

    drop_plan(db, draft_id=plan.draft_id, now=NOW)

    assert unfinished_plan(db, **WHOSE) is None
    assert keep(db, title="次の講座").version == 1


def test_a_my_number_is_refused_in_a_plan_too(db):
    with pytest.raises(InvalidValue):
        keep(db, target="1234 5678 9018")


def test_a_half_typed_plan_makes_no_entry_in_the_log(database):
    with database.writing() as db:
        builders.a_municipality(db)
    backend = Backend(database)
    staff = Actor("佐藤", Role.LOCAL, builders.CITY)

    backend.run_now(staff, keep_plan, **WHOSE, content={"title": "スマ"}, version=0, now=NOW)

    from supportapp.accounts_tables import AuditEntry

    with database.reading() as db:
        assert db.exec(select(func.count()).select_from(AuditEntry)).one() == 0
