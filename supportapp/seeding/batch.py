"""Rows by table, written in the order in which tables lean on one another."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, SQLModel

from events.fields import Row
from supportapp.seeding.dice import Dice
from supportapp.tables import METADATA

_AT_ONCE = 5_000


@cache
def _defaults(table: type[Row]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What columns hold unless told: fixed values, and what makes a new value each time."""
    fixed: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    for name, declared in table.model_fields.items():
        if declared.default_factory is not None:
            made[name] = declared.default_factory  # type: ignore[assignment]  # none of ours takes other values
        elif not declared.is_required():
            fixed[name] = declared.default
    made.pop("id", None)
    return fixed, made


class Batch:
    """Collects new rows and writes them in bulk."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, *rows: SQLModel) -> None:
        """Take new table rows; one without an id gets it from the dice."""
        for row in rows:
            if isinstance(row, Row) and "id" not in row.model_fields_set:
                row.id = self._dice.new_id()
            self._rows[str(row.__tablename__)].append(row.model_dump())

    def new(self, table: type[Row], **values: Any) -> UUID:
        """Take a new row as plain values and give its id.

        Fifteen times as quick as making a table object, which notes each attribute for changes that never come.
        """
        fixed, made = _defaults(table)
        row = {**fixed, **{name: make() for name, make in made.items() if name not in values}, **values}
        if "id" not in values:
            row["id"] = self._dice.new_id()
        self._rows[str(table.__tablename__)].append(row)
        new_id: UUID = row["id"]
        return new_id

    def add_values(self, table: type[SQLModel], values: dict[str, Any]) -> None:
        """Take a new row as plain values, all of its columns."""
        self._rows[str(table.__tablename__)].append(values)

    def count(self, table: type[SQLModel]) -> int:
        """How many rows of a table are waiting to be written."""
        return len(self._rows[str(table.__tablename__)])

    def write(self, db: Session) -> dict[str, int]:
        """Write everything; returns how many rows each table got."""
        written: dict[str, int] = {}
        for table in METADATA.sorted_tables:
            rows = self._rows.pop(table.name, [])
            for start in range(0, len(rows), _AT_ONCE):
                db.connection().execute(sqlalchemy.insert(table), rows[start : start + _AT_ONCE])
            if rows:
                written[table.name] = len(rows)
        return written
