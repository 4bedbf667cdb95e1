"""Secret addresses of personal calendars: made, looked up by hash, replaced, and revoked at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from supportapp.accounts_tables import Account, AccountRole, FeedToken
from supportapp.identity import Actor, Role
from supportapp.waiting_files import token_hash
from volunteers.models import Membership, Volunteer

_OFFICE_ROLES = (Role.STAFF, Role.ORGANISER)


class FeedKind(StrEnum):
    """Whose calendar an address shows."""

    STAFF = "staff"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """That somebody has an address for a calendar, since when. The address itself is known to nobody but them."""

    kind: FeedKind
    made_at: datetime


def make_staff_feed(
    db: Session, *, municipality_code: str, account_id: UUID | None, token: str, now: datetime
) -> FeedAddress:
    """Give a member of staff an address for the municipality's calendar; their earlier one ends."""
    owner = (FeedToken.municipality_code == municipality_code, FeedToken.account_id == account_id)
    _revoke(db, FeedKind.STAFF, owner, now)
    return _made(db, FeedKind.STAFF, token, now, municipality_code=municipality_code, account_id=account_id)


def make_volunteer_feed(
    db: Session, *, municipality_code: str, volunteer_id: UUID, token: str, now: datetime
) -> FeedAddress:
    """Give a volunteer an address for their own calendar; their earlier one ends."""
    _revoke(db, FeedKind.VOLUNTEER, (FeedToken.volunteer_id == volunteer_id,), now)
    return _made(db, FeedKind.VOLUNTEER, token, now, municipality_code=municipality_code, volunteer_id=volunteer_id)


def revoke_staff_feed(db: Session, *, municipality_code: str, account_id: UUID | None, now: datetime) -> int:
    """End a member of staff's address; answers how many ended."""
    owner = (FeedToken.municipality_code == municipality_code, FeedToken.account_id == account_id)
    return _revoke(db, FeedKind.STAFF, owner, now)


def revoke_volunteer_feed(db: Session, *, volunteer_id: UUID, now: datetime) -> int:
    """End a volunteer's address; answers how many ended."""
    return _revoke(db, FeedKind.VOLUNTEER, (FeedToken.volunteer_id == volunteer_id,), now)


def staff_feed_of(db: Session, *, municipality_code: str, account_id: UUID | None) -> FeedAddress | None:
    """Whether a member of staff has an address now."""
    return _of(db, FeedKind.STAFF, FeedToken.municipality_code == municipality_code, FeedToken.account_id == account_id)


def volunteer_feed_of(db: Session, *, volunteer_id: UUID) -> FeedAddress | None:
    """Whether a volunteer has an address now."""
    return _of(db, FeedKind.VOLUNTEER, FeedToken.volunteer_id == volunteer_id)


def feed_reader(db: Session, *, token: str, kind: FeedKind) -> Actor:
    """Who reads the calendar at this address, with the rights they have today.

    Raises NotFound for an address that never was, was revoked, or whose owner may no longer see it: all alike.
    """
    query = select(FeedToken).where(
        FeedToken.token_hash == token_hash(token), FeedToken.kind == kind, col(FeedToken.revoked_at).is_(None)
    )
    found = db.exec(query).first()
    reader = None
    if found is not None:
        reader = _staff(db, found) if kind is FeedKind.STAFF else _volunteer(db, found)
    if reader is None:
        raise NotFound(thing="feed")
    return reader


def _staff(db: Session, feed: FeedToken) -> Actor | None:
    query = (
        select(Account.name, AccountRole.role)
        .join(AccountRole, col(AccountRole.account_id) == col(Account.id))
        .where(
            Account.id == feed.account_id,
            col(Account.disabled_at).is_(None),
            AccountRole.municipality_code == feed.municipality_code,
            col(AccountRole.role).in_(_OFFICE_ROLES),
        )
    )
    found = db.exec(query).first()
    if found is None:
        return None
    name, role = found
    return Actor(name=name, role=Role(role), municipality_code=feed.municipality_code, account_id=feed.account_id)


def _volunteer(db: Session, feed: FeedToken) -> Actor | None:
    query = (
        select(Volunteer.name)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .where(
            Volunteer.id == feed.volunteer_id,
            Membership.municipality_code == feed.municipality_code,
            col(Volunteer.forgotten_at).is_(None),
        )
    )
    name = db.exec(query).first()
    if name is None:
        return None
    return Actor(
        name=name, role=Role.VOLUNTEER, municipality_code=feed.municipality_code, volunteer_id=feed.volunteer_id
    )


def _made(db: Session, kind: FeedKind, token: str, now: datetime, **owner: Any) -> FeedAddress:
    db.add(FeedToken(token_hash=token_hash(token), kind=kind, made_at=now, **owner))
    db.flush()
    return FeedAddress(kind, now)


def _of(db: Session, kind: FeedKind, *owner: Any) -> FeedAddress | None:
    query = select(FeedToken.made_at).where(FeedToken.kind == kind, col(FeedToken.revoked_at).is_(None), *owner)
    made_at = db.exec(query).first()
    return FeedAddress(kind, made_at) if made_at is not None else None


def _revoke(db: Session, kind: FeedKind, owner: tuple[Any, ...], now: datetime) -> int:
    query = select(FeedToken).where(FeedToken.kind == kind, col(FeedToken.revoked_at).is_(None), *owner)
    standing = db.exec(query).all()
    for feed in standing:
        feed.revoked_at = now
    db.flush()
    return len(standing)
