"""利用者: accounts, roles and devices in the hands of an administrator."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotAllowed, NotFound
from events.programme_queries import sessions_between
from events.programme_venues import venues_list
from supportapp.account_lists import accounts_of, sessions_to_bind, volunteers_without_account
from supportapp.accounts import (
    DOOR,
    LoginTaken,
    change_own_password,
    hash_password,
    open_sign_in,
    resume,
    sign_in,
)
from supportapp.accounts_tables import Account, AccountRole, AuditEntry, SignIn
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from supportapp.log_queries import PAGE, log_page
from supportapp.permissions import AccountClosed, PasswordMustChange
from supportapp.user_admin import (
    AccountElsewhere,
    LastAdministrator,
    LastRole,
    RoleHeldAlready,
    add_account,
    close_account,
    give_role,
    new_first_password,
    open_account,
    set_first_password,
    sign_out_devices,
    take_role,
)
from tests.builders import CITY, NOW, TODAY, a_municipality, a_session, a_volunteer

ELSEWHERE = "132136"
WORKER = Actor("前田", Role.ADMINISTRATOR, CITY)


@pytest.fixture
def backend(database: Database) -> Backend:
    with database.writing() as db:
        a_municipality(db)
        a_municipality(db, ELSEWHERE, name="東村山市")
    return Backend(database, clock=lambda: NOW)


def test_a_password_from_the_administrator_is_changed_before_anything_else(backend: Backend) -> None:
    account_id = _add(backend, first_password=True, password_hash=hash_password("osewa-ni-narimasu"))
    token = asyncio.run(sign_in(backend, login="tanaka", password="osewa-ni-narimasu", days=1))
    tanaka = resume_now(backend, token)
    assert tanaka.must_change_password

    with pytest.raises(PasswordMustChange):
        backend.read_now(tanaka.actor, venues_list, municipality_code=CITY, today=TODAY)
    with pytest.raises(InvalidValue):
        asyncio.run(change_own_password(backend, token=token, password="osewa-ni-narimasu"))
    with pytest.raises(InvalidValue):
        asyncio.run(change_own_password(backend, token=token, password="short"))

    asyncio.run(change_own_password(backend, token=token, password="jibun-dake-no-mono"))
    assert not resume_now(backend, token).must_change_password
    assert backend.read_now(tanaka.actor, venues_list, municipality_code=CITY, today=TODAY) == ()
    assert asyncio.run(sign_in(backend, login="tanaka", password="jibun-dake-no-mono", days=1))
    assert tanaka.actor.account_id == account_id


def resume_now(backend: Backend, token: str):
    found = backend.read_now(DOOR, resume, token=token, now=NOW)
    assert found is not None
    return found


def _add(
    backend: Backend, login: str = "tanaka", role: Role = Role.STAFF, *, first_password: bool = False, **more: object
) -> UUID:
    made = backend.run_now(
        WORKER,
        add_account,
        municipality_code=CITY,
        login=login,
        name=more.pop("name", "田中"),  # type: ignore[arg-type]
        role=role,
        password_hash=more.pop("password_hash", "x"),  # type: ignore[arg-type]
        now=NOW,
        **more,  # type: ignore[arg-type]
    )
    if not first_password:  # the person has made one of their own since
        with backend.database.writing() as db:
            db.get_one(Account, made.account_id).must_change_password = False
    return made.account_id


def _actor(backend: Backend, login: str, token: str = "t") -> Actor:
    """Somebody who signed in with this login on a device of their own."""
    backend.run_now(DOOR, open_sign_in, login=login, token=token, days=14, now=NOW)
    found = backend.read_now(DOOR, resume, token=token, now=NOW)
    assert found is not None
    return found.actor


def _lines(backend: Backend, **asked: object) -> dict[str, object]:
    listed = backend.read_now(WORKER, accounts_of, municipality_code=CITY, now=NOW, **asked)  # type: ignore[arg-type]
    return {line.login: line for line in listed.lines}


def test_a_new_account_stands_in_the_list_with_its_role(backend: Backend):
    _add(backend, "tanaka", Role.STAFF)

    line = _lines(backend)["tanaka"]

    assert (line.name, [held.role for held in line.roles], line.devices) == ("田中", [Role.STAFF], 0)


def test_the_list_is_found_by_a_part_of_name_or_login_and_by_role(backend: Backend):
    _add(backend, "tanaka", Role.STAFF, name="田中 一郎")
    _add(backend, "suzuki", Role.RECEPTION, name="鈴木 花子")

    assert set(_lines(backend, text="鈴木")) == {"suzuki"}
    assert set(_lines(backend, text="tana")) == {"tanaka"}
    assert set(_lines(backend, role=Role.RECEPTION)) == {"suzuki"}
    assert set(_lines(backend, text="%")) == set()


def test_a_login_is_given_once_in_all_municipalities(backend: Backend):
    _add(backend, "tanaka")

    with pytest.raises(LoginTaken):
        _add(backend, "tanaka")


@pytest.mark.parametrize(
    ("login", "name", "field", "problem"),
    [
        ("", "田中", "login", "required"),
        ("ta naka", "田中", "login", "space_inside"),
        ("x" * 101, "田中", "login", "too_long"),
        ("tanaka", " ", "name", "required"),
        ("tanaka", "田" * 300, "name", "too_long"),
    ],
)
def test_a_login_or_name_that_cannot_be_used_is_refused(
    backend: Backend, login: str, name: str, field: str, problem: str
):
    with pytest.raises(InvalidValue) as refused:
        _add(backend, login, name=name)

    assert (refused.value.details["field"], refused.value.details["problem"]) == (field, problem)


def test_reception_can_be_bound_to_one_session_and_to_nothing_else(backend: Backend, database: Database):
    with database.writing() as db:
        session_id = a_session(db).id
    _add(backend, "desk", Role.RECEPTION, session_id=session_id)

    assert _actor(backend, "desk").session_id == session_id
    with pytest.raises(InvalidValue):
        _add(backend, "other", Role.STAFF, session_id=session_id)


def test_the_role_of_a_supporter_goes_with_one_supporter(backend: Backend, database: Database):
    with database.writing() as db:
        volunteer_id = a_volunteer(db, "山田 太郎").id
    with pytest.raises(InvalidValue):
        _add(backend, "yamada", Role.VOLUNTEER)
    _add(backend, "yamada", Role.VOLUNTEER, volunteer_id=volunteer_id)

    assert backend.read_now(WORKER, volunteers_without_account, municipality_code=CITY) == ()
    with pytest.raises(InvalidValue):
        _add(backend, "again", Role.VOLUNTEER, volunteer_id=volunteer_id)


def test_sessions_to_bind_are_those_that_are_not_over(backend: Backend, database: Database):
    with database.writing() as db:
        coming = a_session(db, day=TODAY + timedelta(days=3)).id
        a_session(db, day=TODAY - timedelta(days=3))

    found = backend.read_now(WORKER, sessions_to_bind, municipality_code=CITY, now=NOW)

    assert [choice.session_id for choice in found] == [coming]


def test_a_closed_account_stops_at_the_next_step_of_its_open_screen(backend: Backend):
    account_id = _add(backend, "tanaka", Role.ADMINISTRATOR)
    _add(backend, "second", Role.ADMINISTRATOR)
    open_screen = _actor(backend, "tanaka")
    backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=account_id, now=NOW)

    with pytest.raises(AccountClosed):
        backend.read_now(open_screen, accounts_of, municipality_code=CITY, now=NOW)
    assert backend.read_now(DOOR, resume, token="t", now=NOW) is None


def test_an_account_that_is_opened_again_works_again(backend: Backend):
    account_id = _add(backend, "tanaka")
    backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=account_id, now=NOW)
    backend.run_now(WORKER, open_account, municipality_code=CITY, person_account_id=account_id)

    assert _actor(backend, "tanaka", "u").role is Role.STAFF


def test_a_role_that_was_taken_stops_open_screens_in_it_and_leaves_the_others(backend: Backend):
    account_id = _add(backend, "tanaka", Role.ADMINISTRATOR)
    _add(backend, "second", Role.ADMINISTRATOR)
    open_screen = _actor(backend, "tanaka")
    backend.run_now(WORKER, give_role, municipality_code=CITY, person_account_id=account_id, role=Role.STAFF)
    held = next(role for role in _lines(backend)["tanaka"].roles if role.role is Role.ADMINISTRATOR)
    backend.run_now(WORKER, take_role, municipality_code=CITY, account_role_id=held.account_role_id, now=NOW)

    with pytest.raises(NotAllowed):
        backend.read_now(open_screen, accounts_of, municipality_code=CITY, now=NOW)
    assert _actor(backend, "tanaka", "u").role is Role.STAFF


def test_the_same_role_is_not_given_twice_and_the_last_one_not_taken(backend: Backend):
    account_id = _add(backend, "tanaka", Role.STAFF)
    (held,) = _lines(backend)["tanaka"].roles

    with pytest.raises(RoleHeldAlready):
        backend.run_now(WORKER, give_role, municipality_code=CITY, person_account_id=account_id, role=Role.STAFF)
    with pytest.raises(LastRole):
        backend.run_now(WORKER, take_role, municipality_code=CITY, account_role_id=held.account_role_id, now=NOW)


def test_the_last_administrator_can_neither_be_closed_nor_lose_the_role(backend: Backend):
    account_id = _add(backend, "only", Role.ADMINISTRATOR)
    backend.run_now(WORKER, give_role, municipality_code=CITY, person_account_id=account_id, role=Role.STAFF)
    held = next(role for role in _lines(backend)["only"].roles if role.role is Role.ADMINISTRATOR)

    with pytest.raises(LastAdministrator):
        backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=account_id, now=NOW)
    with pytest.raises(LastAdministrator):
        backend.run_now(WORKER, take_role, municipality_code=CITY, account_role_id=held.account_role_id, now=NOW)


def test_a_closed_administrator_does_not_count_as_one(backend: Backend):
    first, second = _add(backend, "first", Role.ADMINISTRATOR), _add(backend, "second", Role.ADMINISTRATOR)
    backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=first, now=NOW)

    with pytest.raises(LastAdministrator):
        backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=second, now=NOW)


def test_two_administrators_who_close_each_other_at_once_leave_one(backend: Backend, database: Database):
    ids = [_add(backend, login, Role.ADMINISTRATOR) for login in ("first", "second")]

    def close(account_id: UUID) -> bool:
        try:
            backend.run_now(WORKER, close_account, municipality_code=CITY, person_account_id=account_id, now=NOW)
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        closed = sorted(threads.map(close, ids))

    assert closed == [False, True]


def test_signing_out_devices_ends_them_all(backend: Backend):
    account_id = _add(backend, "tanaka")
    open_screen = _actor(backend, "tanaka", "a")
    _actor(backend, "tanaka", "b")
    assert backend.read_now(open_screen, sessions_between, municipality_code=CITY, first=TODAY, last=TODAY) == ()
    assert _lines(backend)["tanaka"].devices == 2

    backend.run_now(WORKER, sign_out_devices, municipality_code=CITY, person_account_id=account_id, now=NOW)

    assert _lines(backend)["tanaka"].devices == 0
    with pytest.raises(AccountClosed):
        backend.read_now(open_screen, sessions_between, municipality_code=CITY, first=TODAY, last=TODAY)
    assert backend.read_now(DOOR, resume, token="a", now=NOW) is None


def test_a_new_password_replaces_the_old_one_and_signs_out(backend: Backend, database: Database):
    account_id = _add(backend, "tanaka")
    _actor(backend, "tanaka")
    backend.run_now(
        WORKER, set_first_password, municipality_code=CITY, person_account_id=account_id, password_hash="new", now=NOW
    )

    with database.reading() as db:
        assert db.get_one(Account, account_id).password_hash == "new"
        assert db.exec(select(SignIn.id).where(col(SignIn.revoked_at).is_(None))).all() == []


def test_first_passwords_differ_and_hold_no_letters_that_look_alike():
    made = {new_first_password() for _ in range(200)}

    assert len(made) == 200
    assert not set("".join(made)) & set("il1o0O")


def _shared(db: Session, role: Role = Role.STAFF) -> UUID:
    account = Account(login="both", name="両市 勤務", created_at=NOW)
    db.add(account)
    db.flush()
    for code in (CITY, ELSEWHERE):
        db.add(AccountRole(account_id=account.id, municipality_code=code, role=role))
    return account.id


@pytest.mark.parametrize("step", [close_account, open_account, set_first_password])
def test_an_account_of_two_municipalities_is_not_decided_by_one(backend: Backend, database: Database, step: object):
    with database.writing() as db:
        account_id = _shared(db)
    more = {close_account: {"now": NOW}, open_account: {}, set_first_password: {"now": NOW, "password_hash": "mine"}}

    with pytest.raises(AccountElsewhere):
        backend.run_now(WORKER, step, municipality_code=CITY, person_account_id=account_id, **more[step])  # type: ignore[arg-type,index]


def test_an_account_of_another_municipality_is_not_found(backend: Backend):
    account_id = _add(backend, "tanaka")
    neighbour = Actor("隣", Role.ADMINISTRATOR, ELSEWHERE)

    with pytest.raises(NotFound):
        backend.run_now(
            neighbour, close_account, municipality_code=ELSEWHERE, person_account_id=account_id, now=NOW
        )


@pytest.mark.parametrize("role", [Role.STAFF, Role.ORGANISER, Role.RECEPTION, Role.VOLUNTEER])
def test_nobody_but_an_administrator_sees_or_changes_accounts(backend: Backend, role: Role):
    account_id = _add(backend, "tanaka")
    somebody = Actor("x", role, CITY)

    with pytest.raises(NotAllowed):
        backend.read_now(somebody, accounts_of, municipality_code=CITY, now=NOW)
    with pytest.raises(NotAllowed):
        backend.run_now(
            somebody, give_role, municipality_code=CITY, person_account_id=account_id, role=Role.ADMINISTRATOR
        )


def test_every_step_is_written_down_with_its_reason_and_without_the_password(backend: Backend, database: Database):
    account_id = _add(backend, "tanaka")
    backend.run_now(
        WORKER, close_account, municipality_code=CITY, person_account_id=account_id, now=NOW, reason="退職"
    )

    with database.reading() as db:
        entries = db.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    assert [(entry.use_case.rpartition(".")[2], entry.reason) for entry in entries] == [
        ("add_account", ""),
        ("close_account", "退職"),
    ]
    assert "田中" not in str([entry.model_dump() for entry in entries])


def _logged(backend: Backend, actor: Actor, **asked: object) -> list[str]:
    page = backend.read_now(actor, log_page, municipality_code=CITY, **asked)  # type: ignore[arg-type]
    return [line.deed for line in page.lines]


def test_the_log_is_narrowed_by_person_day_and_part_of_the_work(backend: Backend):
    _add(backend, "tanaka")
    account_id = _add(backend, "suzuki")
    backend.run_now(
        Actor("別の管理者", Role.ADMINISTRATOR, CITY),
        sign_out_devices,
        municipality_code=CITY,
        person_account_id=account_id,
        now=NOW,
    )
    backend.run_now(
        Actor("別の管理者", Role.ADMINISTRATOR, CITY),
        give_role,
        municipality_code=CITY,
        person_account_id=account_id,
        role=Role.ORGANISER,
    )

    assert _logged(backend, WORKER, person="別の") == ["give_role"]
    assert _logged(backend, WORKER, kind="accounts") == ["give_role", "add_account", "add_account"]
    assert _logged(backend, WORKER, kind="bookings") == []
    assert _logged(backend, WORKER, first=TODAY, last=TODAY) == ["give_role", "add_account", "add_account"]
    assert _logged(backend, WORKER, last=TODAY - timedelta(days=1)) == []


def test_the_log_turns_its_pages_without_gap_or_repeat(backend: Backend):
    for number in range(PAGE + 7):
        _add(backend, f"login{number:03}")

    newest = backend.read_now(WORKER, log_page, municipality_code=CITY)
    older = backend.read_now(WORKER, log_page, municipality_code=CITY, before=newest.older)

    numbers = [line.number for line in (*newest.lines, *older.lines)]
    assert numbers == list(range(PAGE + 7, 0, -1))
    assert older.older is None


def test_the_log_of_another_municipality_is_not_shown(backend: Backend):
    _add(backend, "tanaka")

    with pytest.raises(NotFound):
        backend.read_now(Actor("隣", Role.ORGANISER, ELSEWHERE), log_page, municipality_code=CITY)
