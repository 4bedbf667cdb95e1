"""Rows as lines of JSON, the same whichever database they stood in.

A column has a kind (``moment``, ``id``, ``text`` …). The kind, not the database, decides how a value is written, so a
file written from SQLite can be put into PostgreSQL and back. The kinds stand in the file: a file that was written by an
older version is read by its own columns, and the migrations bring it up to date afterwards.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy.sql.type_api import TypeEngine
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

_MANY = 2**256


def _as_given(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How values of one kind are typed in a table, written in a line, and read from it."""

    name: str
    typed: Callable[[], TypeEngine[Any]]
    written: Callable[[Any], Any] = _as_given
    read: Callable[[Any], Any] = _as_given


_KINDS = (
    Kind("id", sqlalchemy.Uuid, lambda value: value.hex, UUID),
    Kind("moment", UTCDateTime, lambda value: value.astimezone(UTC).isoformat(), datetime.fromisoformat),
    Kind("date", sqlalchemy.Date, date.isoformat, date.fromisoformat),
    Kind("time", sqlalchemy.Time, time.isoformat, time.fromisoformat),
    Kind("json", sqlalchemy.JSON),
    Kind("bytes", sqlalchemy.LargeBinary, lambda value: b64encode(value).decode(), b64decode),
    Kind("yes_no", sqlalchemy.Boolean),
    Kind("whole", sqlalchemy.Integer),
    Kind("real", sqlalchemy.Float),
    Kind("text", sqlalchemy.String),
)
KINDS = {kind.name: kind for kind in _KINDS}
_OF_TYPE: tuple[tuple[type, str], ...] = (
    (sqlalchemy.Uuid, "id"),
    (UTCDateTime, "moment"),
    (sqlalchemy.Date, "date"),
    (sqlalchemy.Time, "time"),
    (sqlalchemy.JSON, "json"),
    (sqlalchemy.LargeBinary, "bytes"),
    (sqlalchemy.Boolean, "yes_no"),
    (sqlalchemy.Integer, "whole"),
    (sqlalchemy.Float, "real"),
    (AutoString, "text"),
    (sqlalchemy.String, "text"),  # stored kinds (Enum) are strings too
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as a file names it: columns with their kinds, and those that point into the table itself."""

    table: str
    columns: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    inward: tuple[str, ...] = ()

    def as_table(self) -> sqlalchemy.Table:
        """The table with plain types, apart from the models."""
        columns = [
            sqlalchemy.Column(name, KINDS[kind].typed(), primary_key=name in self.keys) for name, kind in self.columns
        ]
        return sqlalchemy.Table(self.table, sqlalchemy.MetaData(), *columns)

    def line(self, row: Sequence[Any]) -> list[Any]:
        """A row as JSON can hold it."""
        return [
            None if value is None else KINDS[kind].written(value)
            for (_name, kind), value in zip(self.columns, row, strict=True)
        ]

    def values(self, line: Sequence[Any]) -> dict[str, Any]:
        """What a line holds, as the database takes it."""
        return {
            name: None if value is None else KINDS[kind].read(value)
            for (name, kind), value in zip(self.columns, line, strict=True)
        }


def shape_of(table: sqlalchemy.Table) -> Shape:
    """The shape of one of our tables."""
    inward = tuple(key.parent.name for key in table.foreign_keys if key.column.table is table)
    columns = tuple((column.name, _kind_of(column.type)) for column in table.columns)
    return Shape(table.name, columns, tuple(column.name for column in table.primary_key), inward)


def _kind_of(declared: TypeEngine[Any]) -> str:
    return next(name for kind, name in _OF_TYPE if isinstance(declared, kind))


def rows_of(connection: sqlalchemy.Connection, shape: Shape, at_once: int = 2000) -> Iterator[list[Any]]:
    """Every row of a table as a line, read as it goes."""
    found = connection.execution_options(yield_per=at_once).execute(sqlalchemy.select(shape.as_table()))
    for row in found:
        yield shape.line(row)


class Fingerprint:
    """Counts lines and adds up their hashes: the same for the same rows, in whatever order they came."""

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, line: str) -> None:
        """Take one written line in."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line.encode()).digest())) % _MANY

    def said(self) -> dict[str, object]:
        """Count and sum, as they stand in the file."""
        return {"rows": self.rows, "sum": f"{self._sum:064x}"}
