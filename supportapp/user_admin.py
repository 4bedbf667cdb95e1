"""利用者: what an administrator does with the accounts of a municipality.

Rights hang on roles, so giving and taking them is written down like any change. A municipality is never left without
an administrator, and an account that also works for another municipality can only lose its roles here: its password
and its being open are the business of both.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import DomainError, InvalidValue, NotFound
from events.free_text import checked_text
from supportapp.accounts import create_account
from supportapp.accounts_tables import Account, AccountRole, SignIn
from supportapp.identity import Role

LONGEST_LOGIN: Final = 100
LONGEST_NAME: Final = 100
GIVEN_ROLES: Final = (Role.STAFF, Role.RECEPTION, Role.ORGANISER, Role.VOLUNTEER, Role.ADMINISTRATOR)
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper


class LastAdministrator(DomainError):
    """Without this account the municipality would have no administrator."""

    code = "last_administrator"


class LastRole(DomainError):
    """An account must keep a role; close it instead."""

    code = "last_role"


class RoleHeldAlready(DomainError):
    """The account holds this ``role`` here already."""

    code = "role_held_already"


class AccountElsewhere(DomainError):
    """The account also works for another municipality, so this cannot be decided here alone."""

    code = "account_elsewhere"


@dataclass(frozen=True, slots=True)
class AccountReceipt:
    """What an account is now."""

    account_id: UUID
    name: str
    login: str
    is_open: bool


def new_first_password() -> str:
    """A password to hand over on paper: four groups of four letters that nobody mixes up (79 random bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add_account(
    db: Session,
    *,
    municipality_code: str,
    login: str,
    name: str,
    role: Role,
    password_hash: str,
    now: datetime,
    session_id: UUID | None = None,
    volunteer_id: UUID | None = None,
) -> AccountReceipt:
    """Make an account with one role. ``password_hash`` is of a password made by ``new_first_password``.

    The person changes it at the first sign-in.

    Raises LoginTaken (accounts), InvalidValue (login, name, or a role that does not go with the session or supporter).
    """
    login = checked_text(login, field="login", longest=LONGEST_LOGIN, required=True)
    name = checked_text(name, field="name", longest=LONGEST_NAME, required=True)
    if any(character.isspace() for character in login):
        raise InvalidValue(field="login", value=login, problem="space_inside")
    _must_fit(role, session_id, volunteer_id)
    if volunteer_id is not None and db.exec(select(Account.id).where(Account.volunteer_id == volunteer_id)).first():
        raise InvalidValue(field="volunteer", value=name, problem="has_an_account")
    made = create_account(
        db,
        login=login,
        name=name,
        password_hash=password_hash,
        municipality_code=municipality_code,
        role=role,
        now=now,
        volunteer_id=volunteer_id,
        session_id=session_id,
    )
    db.get_one(Account, made.account_id).must_change_password = True
    return AccountReceipt(made.account_id, name, made.login, is_open=True)


def _must_fit(role: Role, session_id: UUID | None, volunteer_id: UUID | None) -> None:
    if role not in GIVEN_ROLES:
        raise InvalidValue(field="role", value=role.value, problem="not_given_here")
    if session_id is not None and role is not Role.RECEPTION:
        raise InvalidValue(field="role", value=role.value, problem="not_for_one_session")
    if (role is Role.VOLUNTEER) != (volunteer_id is not None):
        raise InvalidValue(field="volunteer", value=role.value, problem="supporter_needed")


def close_account(
    db: Session, *, municipality_code: str, person_account_id: UUID, now: datetime, reason: str = ""  # noqa: ARG001 -- kept by the log
) -> AccountReceipt:
    """Close an account: nobody signs in with it, and open screens stop at their next step.

    Raises LastAdministrator, AccountElsewhere, NotFound.
    """
    account = _own_account(db, municipality_code, person_account_id)
    if account.disabled_at is None:
        _must_leave_an_administrator(db, municipality_code, without=account.id)
        account.disabled_at = now
        _revoke(db, account.id, now)
    return _receipt(account)


def open_account(
    db: Session, *, municipality_code: str, person_account_id: UUID, reason: str = ""  # noqa: ARG001 -- kept by the log
) -> AccountReceipt:
    """Open a closed account again. Raises AccountElsewhere, NotFound."""
    account = _own_account(db, municipality_code, person_account_id)
    account.disabled_at = None
    return _receipt(account)


def give_role(
    db: Session,
    *,
    municipality_code: str,
    person_account_id: UUID,
    role: Role,
    session_id: UUID | None = None,
) -> AccountReceipt:
    """Give an account one more role here. Raises RoleHeldAlready, InvalidValue, NotFound."""
    account = _locked(db, municipality_code, person_account_id)
    _must_fit(role, session_id, account.volunteer_id if role is Role.VOLUNTEER else None)
    held = select(AccountRole.id).where(
        AccountRole.account_id == account.id,
        AccountRole.municipality_code == municipality_code,
        AccountRole.role == role,
        AccountRole.session_id == session_id,
    )
    if db.exec(held).first() is not None:
        raise RoleHeldAlready(role=role)
    db.add(
        AccountRole(
            account_id=account.id, municipality_code=municipality_code, role=role, session_id=session_id
        )
    )
    return _receipt(account)


def take_role(
    db: Session, *, municipality_code: str, account_role_id: UUID, now: datetime, reason: str = ""  # noqa: ARG001 -- kept by the log
) -> AccountReceipt:
    """Take a role away; devices that wear it are signed out.

    Raises LastAdministrator, LastRole, NotFound.
    """
    role = db.get(AccountRole, account_role_id)
    if role is None or role.municipality_code != municipality_code:
        raise NotFound(thing="account_role_id")
    account = _locked(db, municipality_code, role.account_id)
    others = db.exec(
        select(AccountRole.id).where(AccountRole.account_id == account.id, AccountRole.id != role.id)
    ).all()
    if not others:
        raise LastRole
    if role.role is Role.ADMINISTRATOR:
        _must_leave_an_administrator(db, municipality_code, without=account.id)
    for device in db.exec(select(SignIn).where(SignIn.account_role_id == role.id)):
        device.account_role_id = others[0]
        device.revoked_at = device.revoked_at or now
    db.flush()
    db.delete(role)
    return _receipt(account)


def sign_out_devices(
    db: Session, *, municipality_code: str, person_account_id: UUID, now: datetime
) -> AccountReceipt:
    """Sign the account out wherever it wears a role of this municipality. Raises NotFound."""
    account = _locked(db, municipality_code, person_account_id)
    here = select(AccountRole.id).where(
        AccountRole.account_id == account.id, AccountRole.municipality_code == municipality_code
    )
    _revoke(db, account.id, now, roles=db.exec(here).all())
    return _receipt(account)


def set_first_password(
    db: Session, *, municipality_code: str, person_account_id: UUID, password_hash: str, now: datetime
) -> AccountReceipt:
    """Replace a forgotten password and sign every device out; the person changes it at the next sign-in.

    Raises AccountElsewhere, NotFound.
    """
    account = _own_account(db, municipality_code, person_account_id)
    account.password_hash = password_hash
    account.must_change_password = True
    _revoke(db, account.id, now)
    return _receipt(account)


def _locked(db: Session, municipality_code: str, account_id: UUID) -> Account:
    held = select(AccountRole.account_id).where(AccountRole.municipality_code == municipality_code)
    query = select(Account).where(Account.id == account_id, col(Account.id).in_(held)).with_for_update()
    account = db.exec(query).first()
    if account is None:
        raise NotFound(thing="account")
    return account


def _own_account(db: Session, municipality_code: str, account_id: UUID) -> Account:
    """An account that works for this municipality alone."""
    account = _locked(db, municipality_code, account_id)
    elsewhere = select(AccountRole.id).where(
        AccountRole.account_id == account.id, AccountRole.municipality_code != municipality_code
    )
    if db.exec(elsewhere).first() is not None:
        raise AccountElsewhere(name=account.name)
    return account


def _must_leave_an_administrator(db: Session, municipality_code: str, *, without: UUID) -> None:
    """Two administrators who close each other at the same moment wait for one another at these rows."""
    roles = db.exec(
        select(AccountRole)
        .where(AccountRole.municipality_code == municipality_code, AccountRole.role == Role.ADMINISTRATOR)
        .order_by(col(AccountRole.id))
        .with_for_update()
    ).all()
    holders = {role.account_id for role in roles}
    if without not in holders:
        return
    others = select(Account.id).where(col(Account.id).in_(holders - {without}), col(Account.disabled_at).is_(None))
    if db.exec(others).first() is None:
        raise LastAdministrator


def _revoke(db: Session, account_id: UUID, now: datetime, roles: Sequence[UUID] | None = None) -> None:
    query = select(SignIn).where(SignIn.account_id == account_id, col(SignIn.revoked_at).is_(None))
    if roles is not None:
        query = query.where(col(SignIn.account_role_id).in_(roles))
    for device in db.exec(query):
        device.revoked_at = now


def _receipt(account: Account) -> AccountReceipt:
    return AccountReceipt(account.id, account.name, account.login, is_open=account.disabled_at is None)
