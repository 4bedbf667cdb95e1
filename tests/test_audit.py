"""The log: one entry for each change, no values in it, and a chain that shows tampering."""

from datetime import UTC, datetime

import pytest
import sqlalchemy
from sqlmodel import Session, select

from events.models import Attendee
from supportapp.accounts_tables import AuditEntry
from supportapp.audit import check_chains
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from tests.builders import CITY, a_municipality, an_attendee

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
LOCAL = Actor("cli:test", Role.LOCAL, CITY)


def add_person(db: Session, *, name: str, reason: str = "") -> None:
    an_attendee(db, name=name)


def refuse_after_writing(db: Session) -> None:
    an_attendee(db, name="田中 花子")
    raise ZeroDivisionError


@pytest.fixture
def backend(database: Database) -> Backend:
    with database.writing() as db:
        a_municipality(db)
    return Backend(database, clock=lambda: NOW)


def _entries(database: Database) -> list[AuditEntry]:
    with database.reading() as db:
        return list(db.exec(select(AuditEntry).order_by(AuditEntry.number)).all())


def test_a_change_is_written_down_with_who_what_and_why(backend: Backend, database: Database):
    backend.run_now(LOCAL, add_person, name="髙橋 邉子", reason="電話で依頼")

    (entry,) = _entries(database)
    assert (entry.actor, entry.reason, entry.at) == ("cli:test", "電話で依頼", NOW)
    assert entry.use_case.endswith("add_person")
    assert "attendee" in {row["table"] for row in entry.rows}


def test_no_value_of_a_person_is_copied_into_the_log(backend: Backend, database: Database):
    backend.run_now(LOCAL, add_person, name="髙橋 邉子")

    assert "髙橋" not in str(_entries(database)[0].model_dump())


def test_a_refused_change_leaves_neither_row_nor_entry(backend: Backend, database: Database):
    with pytest.raises(ZeroDivisionError):
        backend.run_now(LOCAL, refuse_after_writing)

    assert _entries(database) == []
    with database.reading() as db:
        assert db.exec(select(Attendee)).all() == []


def test_the_chain_holds_after_many_changes(backend: Backend, database: Database):
    for number in range(5):
        backend.run_now(LOCAL, add_person, name=f"人{number}")

    with database.reading() as db:
        (report,) = check_chains(db)
    assert (report.entries, report.first_broken) == (5, None)


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("UPDATE audit_entry SET actor = 'somebody else' WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 5", 5),
        ("UPDATE audit_entry SET reason = 'x' WHERE number = 1", 1),
    ],
)
def test_an_edited_or_deleted_entry_is_named(backend: Backend, database: Database, damage: str, broken: int):
    for number in range(5):
        backend.run_now(LOCAL, add_person, name=f"人{number}")
    with database.writing_engine.begin() as connection:
        connection.execute(sqlalchemy.text(damage))

    with database.reading() as db:
        (report,) = check_chains(db)
    assert report.first_broken == broken


def test_reordered_entries_are_found(backend: Backend, database: Database):
    for number in range(4):
        backend.run_now(LOCAL, add_person, name=f"人{number}")
    with database.writing_engine.begin() as connection:
        for statement in ("= 99 WHERE number = 2", "= 2 WHERE number = 3", "= 3 WHERE number = 99"):
            connection.execute(sqlalchemy.text(f"UPDATE audit_entry SET number {statement}"))

    with database.reading() as db:
        (report,) = check_chains(db)
    assert report.first_broken == 2
