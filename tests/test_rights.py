"""The table of rights, walked: whatever is asked for stands in it, and nothing reaches another municipality's rows.

The walk reads the code itself. Then two cities with the same rows are made, and every right of every role is tried
with every id of the other city, one at a time, on SQLite and on PostgreSQL.
"""

import ast
import dataclasses
import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
from sqlmodel import Session, select

from events.errors import DomainError, NotAllowed, NotFound
from events.fields import new_id
from events.models import Attendance, Department, Device, Draft, Intake, Notice, Organisation, Topic
from events.states import AttendanceState, IntakeUnit
from events.walk_in_people import known_people
from supportapp.accounts_tables import Account, AccountRole, AuditEntry
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from supportapp.importing_tables import ImportRun
from supportapp.permissions import FREE_IDS, check_right, owner_tables
from supportapp.rights import RIGHTS, Reach
from supportapp.tables import METADATA
from supportapp.waiting_files import leave_file, new_token
from tests.builders import (
    CITY,
    NOW,
    TODAY,
    a_municipality,
    a_room,
    a_seat,
    a_session,
    a_venue,
    a_volunteer,
    an_attendee,
    an_intake,
)
from volunteers.models import Assignment, MatchProposal
from volunteers.states import AssignmentRole, AssignmentState

ROOT = Path(__file__).parent.parent
ELSEWHERE = "132136"
SCOPES = {"municipality_code", "account_id", "volunteer_id", "person_account_id"}
# Opened by a secret in the address; nobody's role may name them, the server alone does.
BY_SECRET = {key for key, reaches in RIGHTS.items() if not reaches}
# Asked for at the door, before anybody is signed in, or by the owner of the machine on the command line.
LOCAL_ONLY = {
    "supportapp.accounts.resume",
    "supportapp.accounts.sign_out",
    "supportapp.accounts.change_role",
    "supportapp.accounts.keep_preferences",
    "supportapp.accounts.open_sign_in",
    "supportapp.accounts.note_wrong_password",
    "supportapp.accounts.password_hash_of",
    "supportapp.accounts.create_account",
    "supportapp.accounts.own_password_hash",
    "supportapp.accounts.set_own_password",
    "supportapp.command_queries.municipality_codes",
    "supportapp.housekeeping.municipality_codes",
    "supportapp.municipalities.ensure_municipality",
}


def _function(key: str) -> Callable[..., Any]:
    module, _, name = key.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _parameters(use_case: Callable[..., Any]) -> dict[str, tuple[Any, bool]]:
    """Name → type and whether it must be given, without the database session."""
    hints = typing.get_type_hints(use_case)
    parameters = list(inspect.signature(use_case).parameters.values())[1:]
    return {each.name: (hints[each.name], each.default is each.empty) for each in parameters}


# ── the walk through the code ──────────────────────────────────────────────────────────────────────────────────────


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted((ROOT / "supportapp").rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        if not {"migrations", "seeding", "__main__"} & set(parts):
            yield ".".join(parts).removesuffix(".__init__"), ast.parse(file.read_text("utf-8"))


def _named_here(module: str, tree: ast.Module) -> dict[str, Any]:
    """What names mean in a module, also those imported inside a function."""
    meant = dict(vars(importlib.import_module(module)))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in _PACKAGES:
            source = importlib.import_module(node.module)
            for alias in node.names:
                if hasattr(source, alias.name):
                    meant[alias.asname or alias.name] = getattr(source, alias.name)
    return meant


_PACKAGES = ("events", "volunteers", "exports", "supportapp")


def _handed_over() -> dict[str, str]:
    """Use cases and queries handed to somebody as a value (to ``act``, ``use_query``, ``run`` …): key → where."""
    found: dict[str, str] = {}
    for module, tree in _modules():
        meant = _named_here(module, tree)
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or id(node) in called:
                continue
            value = meant.get(node.id)
            if isinstance(value, types.FunctionType) and next(iter(inspect.signature(value).parameters), "") == "db":
                found[f"{value.__module__}.{value.__qualname__}"] = f"{module}:{node.lineno}"
    return found


def test_everything_a_screen_an_address_or_a_command_asks_for_stands_in_the_table():
    handed_over = _handed_over()
    without_right = {
        key: place
        for key, place in handed_over.items()
        if key not in RIGHTS
        and key not in LOCAL_ONLY
        and not place.startswith(("supportapp.cli", "supportapp.commands"))
        and not key.rpartition(".")[2].startswith("_")
    }

    assert len(handed_over) > 80
    assert without_right == {}


@pytest.mark.parametrize("key", RIGHTS)
def test_every_right_names_a_function_that_takes_the_database_and_then_names(key: str):
    first, *rest = inspect.signature(_function(key)).parameters.values()

    assert first.name == "db"
    assert [each.name for each in rest if each.kind is not each.KEYWORD_ONLY] == []


def _ids_within(name: str, hint: Any) -> Iterator[tuple[str, Any]]:
    """Every value of a parameter that is an id, with the name it is checked by."""
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        for field in dataclasses.fields(hint):
            yield from _ids_within(field.name, hints[field.name])
    elif typing.get_args(hint) and not isinstance(hint, type):
        for part in typing.get_args(hint):
            yield from _ids_within(name.removesuffix("s") if name.endswith("_ids") else name, part)
    elif hint is UUID or name.endswith(("_id", "_ids")):
        yield name, hint


def _is_known(name: str) -> bool:
    if name in FREE_IDS or name in SCOPES or name.endswith(("volunteer_id", "_account_id")):
        return True
    return any(name == ending or name.endswith(f"_{ending}") for ending in owner_tables())


@pytest.mark.parametrize("key", sorted(set(RIGHTS) - BY_SECRET))
def test_every_id_that_a_use_case_takes_is_one_whose_owner_is_known(key: str):
    ids = [found for name, (hint, _) in _parameters(_function(key)).items() for found in _ids_within(name, hint)]

    assert [name for name, hint in ids if hint is not type(None) and not _is_known(name)] == []


@pytest.mark.parametrize("key", sorted(set(RIGHTS) - BY_SECRET))
def test_every_right_must_name_something_that_belongs_to_a_municipality(key: str):
    must_give = {name for name, (_, required) in _parameters(_function(key)).items() if required}

    assert any(name == "municipality_code" or (name.endswith("_id") and name not in FREE_IDS) for name in must_give)


# ── two cities with the same rows ──────────────────────────────────────────────────────────────────────────────────

Ids = Mapping[str, Any]


def _city(db: Session, code: str) -> dict[str, Any]:
    """One row of everything that can be named, and an account for each role."""
    a_municipality(db, code, name=code)
    room = a_room(db, venue_id=a_venue(db, municipality_code=code).id)
    session = a_session(db, municipality_code=code, venue_id=room.venue_id, room_id=room.id)
    intake, attendee = an_intake(db, session), an_attendee(db, municipality_code=code)
    seat = a_seat(db, session, intake, attendee)
    volunteer = a_volunteer(db, municipality_code=code)
    accounts = {role: Account(login=f"{role}-{code}", name=role, created_at=NOW) for role in Role}
    rows: dict[str, Any] = {
        "draft_id": Draft(municipality_code=code, account_id=new_id(), started_at=NOW, changed_at=NOW),
        "topic_id": Topic(municipality_code=code, code="A", name="はじめて"),
        "department_id": Department(municipality_code=code, name="福祉課"),
        "organisation_id": Organisation(municipality_code=code, name="町会"),
        "device_id": Device(municipality_code=code, number="1"),
        "notice_id": Notice(municipality_code=code, kind="call", created_at=NOW),
        "assignment_id": Assignment(
            municipality_code=code,
            session_id=session.id,
            volunteer_id=volunteer.id,
            role=AssignmentRole.HELPER,
            state=AssignmentState.CONFIRMED,
            changed_at=NOW,
        ),
        "proposal_id": MatchProposal(municipality_code=code, from_date=TODAY, to_date=TODAY, created_at=NOW),
        "run_id": ImportRun(municipality_code=code, kind="attendees", sha256="", started_at=NOW, touched_at=NOW),
        **{f"account of {role}": account for role, account in accounts.items()},
    }
    db.add_all(rows.values())
    db.flush()
    for role, account in accounts.items():
        rows["account_role_id"] = AccountRole(account_id=account.id, municipality_code=code, role=role)
        db.add(rows["account_role_id"])
    rows["attendance_id"] = _tick(db, session, seat)
    db.flush()
    return {
        **{name: row.id for name, row in rows.items()},
        "municipality_code": code,
        "volunteer_id": volunteer.id,
        "session_id": session.id,
        "workshop_id": session.workshop_id,
        "intake_id": intake.id,
        "attendee_id": attendee.id,
        "seat_id": seat.id,
        "registration_id": seat.registration_id,
        "venue_id": room.venue_id,
        "room_id": room.id,
        "person_account_id": accounts[Role.STAFF].id,
    }


def _tick(db: Session, session: Any, seat: Any) -> Attendance:
    row = Attendance(
        municipality_code=session.municipality_code,
        session_id=session.id,
        attendee_id=seat.attendee_id,
        seat_id=seat.id,
        state=AttendanceState.PRESENT,
        tap_id=new_id(),
        recorded_at=NOW,
    )
    db.add(row)
    return row


def _actor(role: Role, city: Ids, session_id: UUID | None = None) -> Actor:
    volunteer_id = city["volunteer_id"] if role is Role.VOLUNTEER else None
    account_id = None if session_id else city[f"account of {role}"]
    return Actor(str(role), role, city["municipality_code"], account_id, volunteer_id, session_id)


class _Slots:
    """Fills a call with ids of one city, and at one place, counted from 0, with that of the other."""

    def __init__(self, actor: Actor, own: Ids, other: Ids, forged: int | None = None) -> None:
        self.own, self.other, self.forged = ({**own, "account_id": actor.account_id}, other, forged)
        self.names: list[str] = []

    def call(self, use_case: Callable[..., Any]) -> dict[str, Any]:
        return {
            name: self.value(name, hint)
            for name, (hint, required) in _parameters(use_case).items()
            if required or any(True for _ in _ids_within(name, hint))
        }

    def value(self, name: str, hint: Any) -> Any:
        if name in FREE_IDS:
            return new_id()
        if name == "municipality_code" or (name.endswith("_id") and _is_known(name)):
            return self._pick(name)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self._filled(hint)
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
            return self._of_union(name, hint)
        if typing.get_origin(hint) is not None:
            return self._of_many(name, hint)
        return _plain(hint)

    def _pick(self, name: str) -> Any:
        self.names.append(name)
        ending = max((each for each in self.own if name == each or name.endswith(f"_{each}")), key=len)
        return (self.other if self.forged == len(self.names) - 1 else self.own).get(ending, new_id())

    def _of_union(self, name: str, hint: Any) -> Any:
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        bears_ids = any(True for _ in _ids_within(name, hint))
        return self.value(name, parts[0]) if bears_ids or type(None) not in typing.get_args(hint) else None

    def _of_many(self, name: str, hint: Any) -> Any:
        origin, parts = typing.get_origin(hint), typing.get_args(hint)
        if origin is Callable:
            return print  # somebody who listens
        if issubclass(origin, Mapping):  # a call's draft keeps ids as text
            return {"attendee_id": str(self._pick("attendee_id"))} if parts[1] is object else {}
        one = self.value(name[:-1] if name.endswith("_ids") else name, parts[0])
        return (one,) if issubclass(origin, Sequence) or origin.__name__ == "Collection" else origin((one,))

    def _filled(self, kind: Any) -> Any:
        hints = typing.get_type_hints(kind)
        needed = {
            field.name: self.value(field.name, hints[field.name])
            for field in dataclasses.fields(kind)
            if (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
            or any(True for _ in _ids_within(field.name, hints[field.name]))
        }
        return kind(**needed)


_PLAIN: dict[Any, Any] = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: False,
    bytes: b"x",
    date: TODAY,
    datetime: NOW,
    time: time(10),
    UUID: UUID(int=0),
    Any: "x",
}


def _plain(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return _PLAIN[hint]


@dataclasses.dataclass(frozen=True)
class Cities:
    """Two cities in one database, and in the first a second session with its own people."""

    database: Database
    backend: Backend
    own: Ids
    neighbour: Ids
    second: Ids


@pytest.fixture
def cities(database: Database) -> Cities:
    with database.writing() as db:
        own, neighbour = _city(db, CITY), _city(db, ELSEWHERE)
        session = a_session(db, start=time(16))
        intake = an_intake(db, session)
        seat = a_seat(db, session, intake, an_attendee(db, "別の 人"))
        second = {
            "session_id": session.id,
            "intake_id": intake.id,
            "seat_id": seat.id,
            "attendee_id": seat.attendee_id,
            "registration_id": seat.registration_id,
            "attendance_id": _tick(db, session, seat).id,
            "workshop_id": session.workshop_id,
            "volunteer_id": a_volunteer(db, "同僚").id,
        }
    return Cities(database, Backend(database, clock=lambda: NOW), own, neighbour, second)


def _everything(database: Database) -> dict[str, list[str]]:
    with database.engine.connect() as connection:
        return {
            table.name: sorted(str(row) for row in connection.execute(sqlalchemy.select(table)))
            for table in METADATA.sorted_tables
        }


def _refused_as(cities: Cities, actor: Actor, key: str, arguments: Mapping[str, Any]) -> type[Exception] | None:
    try:
        cities.backend.run_now(actor, _function(key), **arguments)
    except DomainError as error:
        return type(error)
    return None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LOCAL])
def test_no_right_of_a_role_reaches_a_row_of_another_city(cities: Cities, role: Role):
    actor, before, tried, reached = _actor(role, cities.own), _everything(cities.database), 0, []
    for key in (key for key, reaches in RIGHTS.items() if role in reaches):
        plain = _Slots(actor, cities.own, cities.neighbour)
        with cities.database.reading() as db:
            check_right(db, actor, _function(key), plain.call(_function(key)))  # with its own rows it may
        for position, name in enumerate(plain.names):
            forged = _Slots(actor, cities.own, {**cities.neighbour, "account_id": new_id()}, position)
            tried += 1
            if _refused_as(cities, actor, key, forged.call(_function(key))) is not NotFound:
                reached.append(f"{key} by {name}")

    print(f"{role}: {tried} forged ids tried")
    assert reached == []
    assert tried > 0
    assert _everything(cities.database) == before


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LOCAL])
def test_a_role_that_does_not_stand_beside_a_right_is_refused(cities: Cities, role: Role):
    actor, before = _actor(role, cities.own), _everything(cities.database)
    others = [key for key, reaches in RIGHTS.items() if role not in reaches]
    allowed = [
        key
        for key in others
        if _refused_as(cities, actor, key, _Slots(actor, cities.own, {}).call(_function(key))) is not NotAllowed
    ]

    print(f"{role}: {len(others)} rights of others tried")
    assert allowed == []
    assert _everything(cities.database) == before


def test_a_volunteer_cannot_act_for_a_colleague(cities: Cities):
    actor, before, reached, tried = _actor(Role.VOLUNTEER, cities.own), _everything(cities.database), [], 0
    for key in (key for key, reaches in RIGHTS.items() if reaches.get(Role.VOLUNTEER) is Reach.OWN):
        plain = _Slots(actor, cities.own, {})
        arguments = plain.call(_function(key))
        for colleague in (cities.second["volunteer_id"], None):
            tried += 1
            if _refused_as(cities, actor, key, {**arguments, "volunteer_id": colleague}) is not NotFound:
                reached.append(f"{key} for {colleague}")

    assert (reached, tried > 10) == ([], True)
    assert _everything(cities.database) == before


def test_somebody_with_the_role_of_a_volunteer_but_no_volunteer_behind_it_does_nothing(cities: Cities):
    nobody = Actor("x", Role.VOLUNTEER, CITY)
    reached = [
        key
        for key, reaches in RIGHTS.items()
        if reaches.get(Role.VOLUNTEER) is Reach.OWN
        and _refused_as(
            cities, nobody, key, {**_Slots(nobody, cities.own, {}).call(_function(key)), "volunteer_id": None}
        )
        is not NotFound
    ]

    assert reached == []


def test_a_receptionist_of_one_session_reaches_no_other(cities: Cities):
    actor = _actor(Role.RECEPTION, cities.own, cities.own["session_id"])
    before, reached, tried = _everything(cities.database), [], 0
    for key in (key for key, reaches in RIGHTS.items() if Role.RECEPTION in reaches):
        plain = _Slots(actor, cities.own, {})
        arguments = plain.call(_function(key))
        if "session_id" not in arguments:
            tried += 1
            if _refused_as(cities, actor, key, arguments) is not NotFound:
                reached.append(f"{key} without a session")
        for position, name in enumerate(plain.names):
            if name not in cities.second:
                continue
            forged = _Slots(actor, cities.own, cities.second, position)
            tried += 1
            if _refused_as(cities, actor, key, forged.call(_function(key))) is not NotFound:
                reached.append(f"{key} by {name}")

    print(f"one session: {tried} calls tried")
    assert (reached, tried > 20) == ([], True)
    assert _everything(cities.database) == before


def test_a_receptionist_of_one_session_leaves_files_of_it_and_looks_through_no_other_people(cities: Cities):
    actor = _actor(Role.RECEPTION, cities.own, cities.own["session_id"])
    file = {"name": "名簿", "media_type": "text/plain", "content": b"x", "minutes": 5, "now": NOW}

    cities.backend.run_now(
        actor, leave_file, municipality_code=CITY, session_id=cities.own["session_id"], token=new_token(), **file
    )
    with pytest.raises(NotFound):
        cities.backend.run_now(
            actor, leave_file, municipality_code=CITY, session_id=cities.second["session_id"], token=new_token(), **file
        )
    with pytest.raises(NotFound):
        cities.backend.read_now(actor, known_people, municipality_code=CITY, text="タカハシ")


def test_a_use_case_that_does_not_stand_in_the_table_is_refused(cities: Cities):
    def give_everything(db: Session, *, municipality_code: str) -> None:
        raise AssertionError("it ran")

    for role in Role:
        if role is not Role.LOCAL:
            with pytest.raises(NotAllowed):
                cities.backend.run_now(_actor(role, cities.own), give_everything, municipality_code=CITY)


def test_an_id_that_is_no_id_is_not_found(cities: Cities):
    from events.attendance_queries import reception_list

    with pytest.raises(NotFound):
        cities.backend.read_now(_actor(Role.STAFF, cities.own), reception_list, session_id="' OR 1=1")  # type: ignore[arg-type]


# ── two rows of one city that do not belong together ───────────────────────────────────────────────────────────────

MIXED: dict[str, tuple[str, ...]] = {
    "events.attendance.check_in": ("seat_id", "attendee_id"),
    "events.attendance.change_attendance": ("attendance_id",),
    "events.attendance.undo_check_in": ("attendance_id",),
    "events.attendance.leave_early": ("attendance_id",),
    "events.attendance.undo_leaving": ("attendance_id",),
    "events.attendance_corrections.correct_attendance": ("attendee_id",),
    "events.walk_ins.undo_walk_in": ("attendance_id",),
    "events.registration.register_attendee": ("session_id", "other_session_ids"),
    "events.calls.book_call": ("session_id",),
    "volunteers.hours.note_no_show": ("volunteer_id",),
    "volunteers.hours.record_hours": ("volunteer_id",),
    "volunteers.hours.forget_hours": ("volunteer_id",),
    "volunteers.signup.leave_session": ("volunteer_id",),
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in MIXED.items() for name in names])
def test_a_row_of_another_session_is_refused_though_both_are_of_the_same_city(cities: Cities, key: str, name: str):
    if name == "other_session_ids":
        with cities.database.writing() as db:
            db.get_one(Intake, cities.own["intake_id"]).unit = IntakeUnit.CHOICE
    actor, before = _actor(Role.STAFF, cities.own), _everything(cities.database)
    base = {
        each: value
        for each, value in _Slots(actor, cities.own, {}).call(_function(key)).items()
        if each not in {"seat_id", "slot_starts_at"} or name == "seat_id"
    }
    if name == "seat_id":
        base.pop("attendee_id", None)
    if key == "events.registration.register_attendee":
        base.pop("other_session_ids", None)
        base["attendee_id"] = cities.second["attendee_id"]
    if key == "events.calls.book_call":
        base.pop("new_person", None)
        base["attendee_id"] = cities.second["attendee_id"]
    strange = cities.second[name.removeprefix("other_").removesuffix("s")]
    arguments = {**base, name: (strange,) if name.endswith("_ids") else strange}

    assert _refused_as(cities, actor, key, arguments) is not None
    assert _everything(cities.database) == before


def test_a_refusal_of_a_right_leaves_no_entry_in_the_log(cities: Cities):
    neighbour = _actor(Role.STAFF, cities.neighbour)
    _refused_as(cities, neighbour, "events.planning.stopping.cancel_session", {"session_id": cities.own["session_id"]})

    with cities.database.reading() as db:
        assert db.exec(select(AuditEntry.id)).all() == []
