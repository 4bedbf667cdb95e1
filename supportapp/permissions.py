"""Rights are checked here, against the one table in ``rights.py``; what does not stand there is refused.

Three questions are asked before anything runs. Is the account still open, and does it still hold the role? May this
role do it? And is everything it names within reach: each argument whose name ends in ``_id`` (also inside a frozen
dataclass, a mapping or a list) is looked up, and must belong to the municipality the person acts for, or for a
volunteer or a session's receptionist to themselves or that session. What is out of reach looks exactly like what does
not exist.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, SQLModel, col, select

from events import models as event_tables
from events.errors import NotAllowed, NotFound
from supportapp import accounts_tables, importing_tables
from supportapp.identity import Actor, Role
from supportapp.rights import RIGHTS, Reach
from volunteers import models as volunteer_tables

UseCase = Callable[..., object]


class AccountClosed(NotAllowed):
    """The account was closed, the role taken away, or this device signed out, since the screen was opened."""

    code = "account_closed"


class PasswordMustChange(NotAllowed):
    """The password was given by an administrator; before anything else the person makes their own."""

    code = "password_must_change"


def owner_tables() -> Mapping[str, tuple[type[SQLModel], str]]:
    """Argument name → the table it points to and the name of the path to its municipality.

    A path is a column with the municipality's code, or ``column:argument`` for the row it hangs on.
    """
    return {
        "workshop_id": (event_tables.Workshop, "municipality_code"),
        "session_id": (event_tables.WorkshopSession, "municipality_code"),
        "intake_id": (event_tables.Intake, "municipality_code"),
        "registration_id": (event_tables.Registration, "municipality_code"),
        "attendee_id": (event_tables.Attendee, "municipality_code"),
        "seat_id": (event_tables.Seat, "session_id:session_id"),
        "attendance_id": (event_tables.Attendance, "municipality_code"),
        "draft_id": (event_tables.Draft, "municipality_code"),
        "venue_id": (event_tables.Venue, "municipality_code"),
        "room_id": (event_tables.Room, "venue_id:venue_id"),
        "topic_id": (event_tables.Topic, "municipality_code"),
        "department_id": (event_tables.Department, "municipality_code"),
        "organisation_id": (event_tables.Organisation, "municipality_code"),
        "device_id": (event_tables.Device, "municipality_code"),
        "notice_id": (event_tables.Notice, "municipality_code"),
        "assignment_id": (volunteer_tables.Assignment, "municipality_code"),
        "proposal_id": (volunteer_tables.MatchProposal, "municipality_code"),
        "run_id": (importing_tables.ImportRun, "municipality_code"),
        "account_role_id": (accounts_tables.AccountRole, "municipality_code"),
    }


# Ids that are made by whoever calls, so there is nothing to own yet.
FREE_IDS = frozenset({"tap_id", "new_id"})


def check_right(db: Session, actor: Actor, use_case: UseCase, arguments: Mapping[str, object]) -> None:
    """Refuse unless the account is open, the role may do it, and everything named is within reach.

    Raises AccountClosed, NotAllowed, NotFound.
    """
    if actor.role is Role.LOCAL:
        return
    _must_still_hold_the_role(db, actor)
    reaches = RIGHTS.get(_name(use_case), {})
    if actor.role not in reaches:
        raise NotAllowed(use_case=_name(use_case), role=actor.role.value)
    reach = Reach.SESSION if actor.session_id is not None else reaches[actor.role]
    named = list(_named_values(arguments))
    for name, value in named:
        _check_value(db, actor, reach, name, value)
    if reach is Reach.OWN:
        _must(actor.volunteer_id is not None and ("volunteer_id", actor.volunteer_id) in named, "volunteer_id")
    if reach is Reach.SESSION:
        _must(actor.session_id is not None and ("session_id", actor.session_id) in named, "session_id")


def _name(use_case: UseCase) -> str:
    return f"{use_case.__module__}.{use_case.__qualname__}"


def _must_still_hold_the_role(db: Session, actor: Actor) -> None:
    """An open screen of an account that was closed meanwhile stops at its next step."""
    if actor.account_id is None:
        return
    account, role = accounts_tables.Account, accounts_tables.AccountRole
    held = (
        select(account.must_change_password)
        .join(role, col(role.account_id) == col(account.id))
        .where(
            account.id == actor.account_id,
            col(account.disabled_at).is_(None),
            role.role == actor.role,
            role.municipality_code == actor.municipality_code,
            role.session_id == actor.session_id,
        )
    )
    if actor.sign_in_id is not None:
        device = accounts_tables.SignIn
        revoked = select(device.id).where(device.id == actor.sign_in_id, col(device.revoked_at).is_not(None))
        held = held.where(~revoked.exists())
    must_change_password = db.exec(held).first()
    if must_change_password is None:
        raise AccountClosed
    if must_change_password:
        raise PasswordMustChange


def _named_values(arguments: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in arguments.items():
        yield from _unfold(name, value)


def _unfold(name: str, value: object) -> Iterator[tuple[str, object]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _unfold(field.name, getattr(value, field.name))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _unfold(_singular(name), each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _unfold(_singular(name), key)
            yield from _unfold(str(key), each)
    else:
        yield name, value


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("_ids") else name


def _check_value(db: Session, actor: Actor, reach: Reach, name: str, value: object) -> None:
    if value is None or value == "":
        return
    if name == "municipality_code":
        _must(value == actor.municipality_code, name)
    elif name == "account_id":
        _must(value == actor.account_id, name)
    elif name.endswith("_account_id"):
        _must(_account_in_reach(db, actor, reach, _as_id(name, value)), name)
    elif name == "volunteer_id" or name.endswith("_volunteer_id"):
        _must(_volunteer_in_reach(db, actor, reach, _as_id(name, value)), name)
    elif name.endswith("_id") and name not in FREE_IDS:
        _must(_row_in_reach(db, actor, reach, name, _as_id(name, value)), name)


def _must(holds: bool, name: str) -> None:
    if not holds:
        raise NotFound(thing=name)


def _as_id(name: str, value: object) -> UUID:
    """An id, also one that stands as text in a draft's content."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise NotFound(thing=name) from None


def _row_in_reach(db: Session, actor: Actor, reach: Reach, name: str, value: UUID) -> bool:
    found = _owner_of(name)
    if found is None or _municipality(db, found, value) != actor.municipality_code:
        return False
    table = found[0]
    if reach is Reach.OWN and "volunteer_id" in table.model_fields:
        return bool(_column(db, table, "volunteer_id", value) == actor.volunteer_id)
    if reach is Reach.SESSION:
        return _at_own_session(db, actor, table, value)
    return True


def _at_own_session(db: Session, actor: Actor, table: type[SQLModel], value: UUID) -> bool:
    if table is event_tables.WorkshopSession:
        return value == actor.session_id
    if table is event_tables.Attendee:
        return _is_expected_at(db, value, actor.session_id)
    return "session_id" in table.model_fields and bool(_column(db, table, "session_id", value) == actor.session_id)


def _is_expected_at(db: Session, attendee_id: UUID, session_id: UUID | None) -> bool:
    tables: tuple[Any, ...] = (event_tables.Seat, event_tables.Attendance)
    return any(
        db.exec(select(table.id).where(table.attendee_id == attendee_id, table.session_id == session_id)).first()
        for table in tables
    )


def _owner_of(name: str) -> tuple[type[SQLModel], str] | None:
    """Where an argument of this name belongs; the longest ending decides."""
    endings = [ending for ending in owner_tables() if name == ending or name.endswith(f"_{ending}")]
    return owner_tables()[max(endings, key=len)] if endings else None


def _municipality(db: Session, owner: tuple[type[SQLModel], str], value: UUID) -> str | None:
    """The code of the municipality that a row belongs to; None when there is no such row."""
    table, path = owner
    column, _, next_name = path.partition(":")
    found = _column(db, table, column, value)
    if not next_name:
        return found if found is None else str(found)
    return None if found is None else _municipality(db, owner_tables()[next_name], found)


def _column(db: Session, table: type[SQLModel], column: str, value: UUID) -> Any:
    key = sqlalchemy.inspect(table).primary_key[0]
    return db.exec(select(getattr(table, column)).where(key == value)).first()


def _volunteer_in_reach(db: Session, actor: Actor, reach: Reach, value: UUID) -> bool:
    if reach is Reach.OWN:
        return value == actor.volunteer_id
    if reach is Reach.SESSION:
        return False
    membership = volunteer_tables.Membership
    query = select(membership.id).where(
        membership.volunteer_id == value, membership.municipality_code == actor.municipality_code
    )
    return db.exec(query).first() is not None


def _account_in_reach(db: Session, actor: Actor, reach: Reach, value: UUID) -> bool:
    """Somebody else's account: it must hold a role in the actor's municipality."""
    if reach is not Reach.MUNICIPALITY:
        return False
    role = accounts_tables.AccountRole
    query = select(role.id).where(role.account_id == value, role.municipality_code == actor.municipality_code)
    return db.exec(query).first() is not None
