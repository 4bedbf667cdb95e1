"""How a column is declared: what it holds and who may ever see it.

Every column says whether it is public (may leave as open data), internal (the office's own business) or
personal (about one human being). The mark travels with the column in ``column.info["privacy"]``; a test of the
schema reads it, so a field that says nothing cannot be added and a personal one cannot leave as open data.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy
import uuid_utils.compat
from sqlmodel import Field, SQLModel

PRIVACY = "privacy"


class Privacy(StrEnum):
    """Who may ever see a column."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


def new_id() -> UUID:
    """A time-ordered id made on the client (UUIDv7), so that copies of the data can be merged."""
    return uuid_utils.compat.uuid7()


def _field(privacy: Privacy, arguments: dict[str, Any]) -> Any:
    column = arguments.pop("sa_column_kwargs", {})
    return Field(**arguments, sa_column_kwargs={**column, "info": {PRIVACY: privacy.value}})


def public(**arguments: Any) -> Any:
    """A column that may stand in open data and on public pages."""
    return _field(Privacy.PUBLIC, arguments)


def internal(**arguments: Any) -> Any:
    """A column for the office only."""
    return _field(Privacy.INTERNAL, arguments)


def personal(**arguments: Any) -> Any:
    """A column that says something about one person."""
    return _field(Privacy.PERSONAL, arguments)


def link(target: str, **arguments: Any) -> Any:
    """A reference to a row of another table, indexed; internal, because ids mean nothing outside."""
    return internal(foreign_key=target, **{"index": True, **arguments})


def stored_as(kinds: type[StrEnum]) -> sqlalchemy.Enum:
    """The column type that stores a kind by its value (``waiting_draw``), as files and JSON show it."""
    return sqlalchemy.Enum(
        kinds,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Row(SQLModel):
    """What every table has: an id of its own."""

    id: UUID = internal(default_factory=new_id, primary_key=True)
