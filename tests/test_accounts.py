"""Signing in: argon2, one sentence for every failure, and roles that stay apart."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from events.errors import InvalidValue
from supportapp.accounts import (
    DOOR,
    LoginTaken,
    TooManyTries,
    WrongPassword,
    create_account,
    hash_password,
    resume,
    sign_in,
    sign_out,
)
from supportapp.accounts_tables import Account
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.identity import Actor, Role
from tests.builders import CITY, a_municipality

PASSWORD = "correct horse battery"
LOCAL = Actor("cli:test", Role.LOCAL, CITY)
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def backend(database: Database) -> Backend:
    backend = Backend(database, clock=lambda: NOW)
    with database.writing() as db:
        a_municipality(db)
    backend.run_now(
        LOCAL,
        create_account,
        login="tanaka",
        name="田中",
        password_hash=hash_password(PASSWORD),
        municipality_code=CITY,
        role=Role.STAFF,
        now=NOW,
    )
    return backend


def _sign_in(backend: Backend, login: str = "tanaka", password: str = PASSWORD) -> str:
    return asyncio.run(sign_in(backend, login=login, password=password, days=14))


def test_the_right_password_opens_the_office_in_the_persons_role(backend: Backend):
    token = _sign_in(backend)

    signed_in = backend.read_now(DOOR, resume, token=token, now=NOW)

    assert signed_in is not None
    assert (signed_in.actor.name, signed_in.actor.role, signed_in.actor.municipality_code) == ("田中", Role.STAFF, CITY)


@pytest.mark.parametrize(("login", "password"), [("tanaka", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_look_the_same(backend: Backend, login: str, password: str):
    with pytest.raises(WrongPassword):
        _sign_in(backend, login, password)


def test_ten_wrong_passwords_stop_that_login_and_no_other(backend: Backend):
    for _ in range(10):
        with pytest.raises(WrongPassword):
            _sign_in(backend, "suzuki", "wrong password")

    with pytest.raises(TooManyTries):
        _sign_in(backend, "suzuki", "wrong password")
    assert _sign_in(backend)


def test_a_device_that_signed_out_is_forgotten(backend: Backend):
    token = _sign_in(backend)

    backend.run_now(DOOR, sign_out, token=token, now=NOW)

    assert backend.read_now(DOOR, resume, token=token, now=NOW) is None


def test_a_sign_in_ends_after_its_days(backend: Backend):
    token = _sign_in(backend)

    assert backend.read_now(DOOR, resume, token=token, now=NOW + timedelta(days=15)) is None


def test_a_short_password_is_refused_without_repeating_it():
    with pytest.raises(InvalidValue) as refused:
        hash_password("short-one")

    assert "short-one" not in str(refused.value)


def test_only_the_argon2_hash_of_a_password_is_stored(backend: Backend, database: Database):
    with database.reading() as db:
        stored = db.exec(select(Account.password_hash)).one()

    assert stored.startswith("$argon2id$")


def test_a_login_is_given_once(backend: Backend):
    with pytest.raises(LoginTaken):
        backend.run_now(
            LOCAL,
            create_account,
            login="tanaka",
            name="田中",
            password_hash="x",
            municipality_code=CITY,
            role=Role.STAFF,
            now=NOW,
        )
