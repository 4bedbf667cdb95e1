"""Accounts and sign-in.

A password is checked outside of any transaction (it takes a tenth of a second on purpose), and only its argon2
hash is stored. A device that is signed in holds a random token; the database knows the token's hash.
"""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.errors import DomainError, InvalidValue, NotFound
from events.models import Municipality
from supportapp.accounts_tables import Account, AccountRole, SignIn, SignInAttempt
from supportapp.backend import Backend
from supportapp.identity import Actor, Role

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 10
MOST_WRONG_TRIES = 10
WRONG_TRIES_SPAN = timedelta(minutes=15)

# Whoever stands at the door has no role yet; what is done there is written down under this name.
DOOR = Actor(name="door", role=Role.LOCAL, municipality_code="")


class WrongPassword(DomainError):
    """Login and password do not belong together, or the account is closed: both look the same."""

    code = "wrong_password"


class TooManyTries(DomainError):
    """Too many wrong passwords for one login within ``minutes``; other logins of the same office go on."""

    code = "too_many_tries"


class LoginTaken(DomainError):
    """There is an account with this ``login`` already."""

    code = "login_taken"


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One hat a person can wear."""

    account_role_id: UUID
    role: Role
    municipality_code: str
    municipality_name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person on a device: who acts, the hats they may change into, and how they like the screen."""

    actor: Actor
    roles: tuple[RoleChoice, ...]
    municipality_name: str
    language: str
    preferences: dict[str, object]
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that was just made."""

    account_id: UUID
    login: str


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 -- slow import, wanted at the first sign-in only

    return PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash of a password of at least ten characters.

    Raises:
        InvalidValue: the password is too short; its text is not repeated.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidValue(field="password", value="…", problem="too_short", shortest=SHORTEST_PASSWORD)
    return _hasher().hash(password)


def _fits(password_hash: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 -- slow import

    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_account(
    db: Session,
    *,
    login: str,
    name: str,
    password_hash: str,
    municipality_code: str,
    role: Role,
    now: datetime,
    volunteer_id: UUID | None = None,
    session_id: UUID | None = None,
) -> NewAccount:
    """Make a login with one role in one municipality.

    Raises:
        LoginTaken: the login is in use.
        NotFound: there is no such municipality.
    """
    if db.exec(select(Account.id).where(Account.login == login)).first() is not None:
        raise LoginTaken(login=login)
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality", value=municipality_code)
    account = Account(
        login=login, name=name, password_hash=password_hash, volunteer_id=volunteer_id, created_at=now
    )
    db.add(account)
    db.flush()
    db.add(
        AccountRole(account_id=account.id, municipality_code=municipality_code, role=role, session_id=session_id)
    )
    return NewAccount(account.id, login)


def password_hash_of(db: Session, *, login: str, now: datetime) -> str:
    """The stored hash of an open account, or of nobody ("").

    Raises:
        TooManyTries: this login was tried with wrong passwords too often just now.
    """
    tries = db.exec(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.login_hash == _hash_token(login), SignInAttempt.at > now - WRONG_TRIES_SPAN)
    ).one()
    if tries >= MOST_WRONG_TRIES:
        raise TooManyTries(minutes=int(WRONG_TRIES_SPAN.total_seconds() // 60))
    account = db.exec(select(Account).where(Account.login == login, col(Account.disabled_at).is_(None))).first()
    return account.password_hash if account else ""


def note_wrong_password(db: Session, *, login: str, now: datetime) -> None:
    """Count a wrong password against this login."""
    db.add(SignInAttempt(login_hash=_hash_token(login), at=now))


def open_sign_in(db: Session, *, login: str, token: str, days: int, now: datetime) -> None:
    """Remember that the device with ``token`` is signed in for ``days`` days, in the person's first role."""
    account, role = db.exec(
        select(Account, AccountRole)
        .join(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(Account.login == login)
        .order_by(col(AccountRole.id))
    ).first() or (None, None)
    if account is None or role is None:
        raise WrongPassword
    db.add(
        SignIn(
            token_hash=_hash_token(token),
            account_id=account.id,
            account_role_id=role.id,
            signed_in_at=now,
            expires_at=now + timedelta(days=days),
        )
    )


async def sign_in(backend: Backend, *, login: str, password: str, days: int) -> str:
    """Sign a device in and return the token it keeps.

    Raises:
        WrongPassword: login and password do not belong together.
        TooManyTries: too many wrong passwords for this login just now.
    """
    now = backend.clock()
    stored = await backend.read(DOOR, password_hash_of, login=login, now=now)
    # A login that does not exist takes as long as one that does.
    fits = await asyncio.to_thread(_fits, stored or _nobody(), password)
    if not stored or not fits:
        await backend.run(DOOR, note_wrong_password, login=login, now=now)
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    await backend.run(DOOR, open_sign_in, login=login, token=token, days=days, now=now)
    return token


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def resume(db: Session, *, token: str, now: datetime) -> SignedIn | None:
    """Who is signed in on the device with ``token``; None when nobody is, any more."""
    found = db.exec(
        select(SignIn, Account, AccountRole)
        .join(Account, col(SignIn.account_id) == col(Account.id))
        .join(AccountRole, col(SignIn.account_role_id) == col(AccountRole.id))
        .where(
            SignIn.token_hash == _hash_token(token),
            col(SignIn.revoked_at).is_(None),
            SignIn.expires_at > now,
            col(Account.disabled_at).is_(None),
        )
    ).first()
    if found is None:
        return None
    signed_in, account, role = found
    roles = _roles(db, account.id)
    name = next(choice.municipality_name for choice in roles if choice.account_role_id == role.id)
    actor = Actor(
        name=account.name,
        role=role.role,
        municipality_code=role.municipality_code,
        account_id=account.id,
        volunteer_id=account.volunteer_id if role.role is Role.VOLUNTEER else None,
        session_id=role.session_id,
        sign_in_id=signed_in.id,
    )
    return SignedIn(
        actor, roles, name, account.language, dict(account.preferences), account.must_change_password
    )


def _roles(db: Session, account_id: UUID) -> tuple[RoleChoice, ...]:
    rows = db.exec(
        select(AccountRole, Municipality.name)
        .join(Municipality, col(AccountRole.municipality_code) == col(Municipality.code))
        .where(AccountRole.account_id == account_id)
        .order_by(col(AccountRole.id))
    )
    return tuple(RoleChoice(role.id, role.role, role.municipality_code, name) for role, name in rows)


def change_role(db: Session, *, token: str, account_role_id: UUID) -> None:
    """Wear another of one's own hats on this device.

    Raises:
        NotFound: it is not a role of this account.
    """
    signed_in = db.exec(select(SignIn).where(SignIn.token_hash == _hash_token(token))).first()
    role = db.get(AccountRole, account_role_id)
    if signed_in is None or role is None or role.account_id != signed_in.account_id:
        raise NotFound(thing="role")
    signed_in.account_role_id = role.id


async def change_own_password(backend: Backend, *, token: str, password: str) -> None:
    """Make a password of one's own in place of the one an administrator gave.

    Raises:
        InvalidValue: it is too short, or the same as before.
        NotFound: the device is not signed in.
    """
    stored = await backend.read(DOOR, own_password_hash, token=token)
    new = await asyncio.to_thread(hash_password, password)
    if await asyncio.to_thread(_fits, stored, password):
        raise InvalidValue(field="password", value="…", problem="same_as_before")
    await backend.run(DOOR, set_own_password, token=token, password_hash=new, now=backend.clock())


def own_password_hash(db: Session, *, token: str) -> str:
    """The stored hash of whoever is signed in on this device. Raises NotFound."""
    return _of_device(db, token)[0].password_hash


def set_own_password(db: Session, *, token: str, password_hash: str, now: datetime) -> None:
    """Keep the hash of a person's own password; their other devices are signed out. Raises NotFound."""
    account, device = _of_device(db, token)
    account.password_hash = password_hash
    account.must_change_password = False
    others = select(SignIn).where(
        SignIn.account_id == account.id, SignIn.id != device.id, col(SignIn.revoked_at).is_(None)
    )
    for other in db.exec(others):
        other.revoked_at = now
    db.flush()


def _of_device(db: Session, token: str) -> tuple[Account, SignIn]:
    found = db.exec(
        select(Account, SignIn)
        .join(SignIn, col(SignIn.account_id) == col(Account.id))
        .where(SignIn.token_hash == _hash_token(token), col(SignIn.revoked_at).is_(None))
    ).first()
    if found is None:
        raise NotFound(thing="account")
    return found


def sign_out(db: Session, *, token: str, now: datetime) -> None:
    """Forget the device."""
    signed_in = db.exec(select(SignIn).where(SignIn.token_hash == _hash_token(token))).first()
    if signed_in is not None and signed_in.revoked_at is None:
        signed_in.revoked_at = now


def keep_preferences(
    db: Session, *, account_id: UUID, language: str, preferences: dict[str, object]
) -> None:
    """Remember a person's language, text size and colours."""
    account = db.get(Account, account_id)
    if account is None:
        raise NotFound(thing="account")
    account.language = language
    account.preferences = preferences
