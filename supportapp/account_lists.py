"""利用者, what the administrator sees: the accounts of a municipality, and whom a new one could be for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from events.models import Workshop, WorkshopSession
from events.states import STOPPED_STATES, ProgrammeState
from supportapp.accounts_tables import Account, AccountRole, SignIn
from supportapp.identity import Role
from volunteers.models import Membership, Volunteer

MOST_ACCOUNTS: Final = 200
MOST_CHOICES: Final = 60


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of an account here; ``session`` names the one session it is bound to."""

    account_role_id: UUID
    role: Role
    session: str
    session_starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of the municipality. ``devices`` counts where it is signed in now."""

    account_id: UUID
    name: str
    login: str
    roles: tuple[RoleLine, ...]
    closed_at: datetime | None
    last_signed_in_at: datetime | None
    devices: int


@dataclass(frozen=True, slots=True)
class AccountsList:
    """Accounts by name, at most 200; ``total`` counts all that fit the question."""

    lines: tuple[AccountLine, ...]
    total: int


def accounts_of(
    db: Session, *, municipality_code: str, now: datetime, text: str = "", role: Role | None = None
) -> AccountsList:
    """The accounts that hold a role here, by name; ``text`` is a part of name or login."""
    fits = select(AccountRole.account_id).where(AccountRole.municipality_code == municipality_code)
    if role is not None:
        fits = fits.where(AccountRole.role == role)
    asked = select(Account).where(col(Account.id).in_(fits))
    if text.strip():
        part = text.strip()
        asked = asked.where(
            or_(
                col(Account.name).contains(part, autoescape=True),
                col(Account.login).contains(part, autoescape=True),
            )
        )
    total = db.exec(select(func.count()).select_from(asked.subquery())).one()
    found = db.exec(asked.order_by(col(Account.name), col(Account.id)).limit(MOST_ACCOUNTS)).all()
    ids = [account.id for account in found]
    roles, devices = _roles_of(db, municipality_code, ids), _devices_of(db, ids, now)
    return AccountsList(
        tuple(
            AccountLine(
                account_id=account.id,
                name=account.name,
                login=account.login,
                roles=tuple(roles[account.id]),
                closed_at=account.disabled_at,
                last_signed_in_at=devices.get(account.id, (None, 0))[0],
                devices=devices.get(account.id, (None, 0))[1],
            )
            for account in found
        ),
        total,
    )


def _roles_of(db: Session, municipality_code: str, ids: Sequence[UUID]) -> dict[UUID, list[RoleLine]]:
    query = (
        select(AccountRole, WorkshopSession.starts_at, Workshop.title)
        .join(WorkshopSession, col(AccountRole.session_id) == col(WorkshopSession.id), isouter=True)
        .join(Workshop, col(WorkshopSession.workshop_id) == col(Workshop.id), isouter=True)
        .where(col(AccountRole.account_id).in_(ids), AccountRole.municipality_code == municipality_code)
        .order_by(col(AccountRole.id))
    )
    lines: dict[UUID, list[RoleLine]] = defaultdict(list)
    for role, starts_at, title in db.exec(query):
        lines[role.account_id].append(RoleLine(role.id, role.role, title or "", starts_at))
    return lines


def _devices_of(db: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, tuple[datetime | None, int]]:
    stands = col(SignIn.revoked_at).is_(None) & (col(SignIn.expires_at) > now)
    query = (
        select(SignIn.account_id, func.max(SignIn.signed_in_at), func.count().filter(stands))
        .where(col(SignIn.account_id).in_(ids))
        .group_by(col(SignIn.account_id))
    )
    return {account_id: (last, devices) for account_id, last, devices in db.exec(query)}


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """A coming session that a receptionist can be bound to."""

    session_id: UUID
    title: str
    starts_at: datetime | None


def sessions_to_bind(db: Session, *, municipality_code: str, now: datetime) -> tuple[SessionChoice, ...]:
    """The next 60 sessions that are not over, the soonest first."""
    query = (
        select(WorkshopSession.id, Workshop.title, WorkshopSession.starts_at)
        .join(Workshop, col(WorkshopSession.workshop_id) == col(Workshop.id))
        .where(
            WorkshopSession.municipality_code == municipality_code,
            col(WorkshopSession.ends_at) > now,
            col(WorkshopSession.state).not_in({ProgrammeState.DRAFT, *STOPPED_STATES}),
        )
        .order_by(col(WorkshopSession.starts_at), col(WorkshopSession.id))
        .limit(MOST_CHOICES)
    )
    return tuple(SessionChoice(*row) for row in db.exec(query))


@dataclass(frozen=True, slots=True)
class VolunteerChoice:
    """A supporter who has no account yet."""

    volunteer_id: UUID
    name: str
    kana: str


def volunteers_without_account(
    db: Session, *, municipality_code: str, text: str = ""
) -> tuple[VolunteerChoice, ...]:
    """Supporters of the municipality without an account, by kana, at most 60; ``text`` is a part of name or kana."""
    query = (
        select(Volunteer.id, Volunteer.name, Volunteer.kana)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .join(Account, col(Account.volunteer_id) == col(Volunteer.id), isouter=True)
        .where(Membership.municipality_code == municipality_code, col(Account.id).is_(None))
        .order_by(col(Volunteer.kana), col(Volunteer.id))
        .limit(MOST_CHOICES)
    )
    if text.strip():
        part = text.strip()
        query = query.where(
            or_(
                col(Volunteer.name).contains(part, autoescape=True),
                col(Volunteer.kana).contains(part, autoescape=True),
            )
        )
    return tuple(VolunteerChoice(*row) for row in db.exec(query))
