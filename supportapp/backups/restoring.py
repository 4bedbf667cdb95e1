"""Puts a backup back into an empty place, and proves that everything arrived."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy

from events.errors import DomainError
from supportapp.backups.rows import Fingerprint, Shape
from supportapp.backups.writing import KIND, Progress, no_progress
from supportapp.database import Database, knows_schema, migrate
from supportapp.sealed_file import SealBroken, SealedByNewer, SealedReader
from supportapp.tables import METADATA

_AT_ONCE = 1000


class NotEmpty(DomainError):
    """The place holds data already: ``tables`` names some tables with rows, or of somebody else."""

    code = "restore_not_empty"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: when it was written (aware UTC, ISO 8601), by which version, and rows by table."""

    written_at: str
    version: str
    tables: dict[str, dict[str, object]]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(int(str(table["rows"])) for table in self.tables.values())


def restore_backup(
    database: Database, file: Path, passphrase: str, *, progress: Progress = no_progress
) -> Restored:
    """Fill an empty database from ``file`` and bring it up to date; nothing stays when anything is wrong.

    The rows that arrive are counted and added up against what the file says of each table. ``progress`` is told how
    many tables are done; the total is the number of tables of this version.

    Raises:
        NotEmpty: the database holds rows, or tables of somebody else.
        NotSealed, WrongPassphrase, SealBroken: the file is something else, or not as it was written.
        SealedByNewer: a newer version wrote it.
        OSError: the file cannot be read.
    """
    with file.open("rb") as source:
        _must_be_empty(database)
        sealed = SealedReader(source, passphrase, kind=KIND)
        if not knows_schema(str(sealed.about["schema"])):
            raise SealedByNewer(kind=KIND)
        _clear(database)
        migrate(database, to=str(sealed.about["schema"]))
        try:
            with database.writing_engine.begin() as connection:
                tables = _fill(connection, _lines(sealed), progress)
        except BaseException:
            _clear(database)
            raise
    migrate(database)
    return Restored(str(sealed.about["written_at"]), str(sealed.about["version"]), tables)


def _must_be_empty(database: Database) -> None:
    with database.engine.connect() as connection:
        names = set(sqlalchemy.inspect(connection).get_table_names())
        theirs = names - set(METADATA.tables) - {"alembic_version"}
        ours = [METADATA.tables[name] for name in sorted(names & set(METADATA.tables))]
        one = sqlalchemy.select(sqlalchemy.literal(1)).limit(1)
        used = [table.name for table in ours if connection.execute(one.select_from(table)).first()]
    if used or theirs:
        raise NotEmpty(tables=", ".join([*used, *sorted(theirs)][:3]))


def _clear(database: Database) -> None:
    """Take the empty tables away: the file's own version makes them anew."""
    with database.writing_engine.begin() as connection:
        METADATA.drop_all(connection)
        connection.execute(sqlalchemy.text("DROP TABLE IF EXISTS alembic_version"))


def _lines(sealed: SealedReader) -> Iterator[str]:
    try:
        with gzip.GzipFile(fileobj=io.BufferedReader(sealed)) as packed:
            yield from io.TextIOWrapper(packed, "utf-8", newline="\n")
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SealBroken from None


def _fill(connection: sqlalchemy.Connection, lines: Iterator[str], progress: Progress) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for line in lines:
        said = json.loads(line)
        if "tables" in said:
            if said["tables"] != len(found):
                raise SealBroken
            return found
        shape = _shape(said["shape"])
        found[shape.table] = _fill_table(connection, shape, lines)
        progress(len(found), len(METADATA.tables))
    raise SealBroken


def _shape(said: dict[str, Any]) -> Shape:
    columns = tuple((name, kind) for name, kind in said["columns"])
    return Shape(said["table"], columns, tuple(said["keys"]), tuple(said["inward"]))


def _fill_table(connection: sqlalchemy.Connection, shape: Shape, lines: Iterator[str]) -> dict[str, object]:
    """Rows in portions. What points into the table itself is set when all its rows are there."""
    table, fingerprint, inward = shape.as_table(), Fingerprint(), list[dict[str, Any]]()
    rows = _rows(shape, lines, fingerprint)
    while portion := list(islice(rows, _AT_ONCE)):
        for row in portion:
            if any(row[name] is not None for name in shape.inward):
                inward.append({f"its_{name}": row[name] for name in (*shape.keys, *shape.inward)})
                row.update(dict.fromkeys(shape.inward))
        connection.execute(table.insert(), portion)
    if inward:
        here = [table.c[name] == sqlalchemy.bindparam(f"its_{name}") for name in shape.keys]
        there: dict[str, Any] = {name: sqlalchemy.bindparam(f"its_{name}") for name in shape.inward}
        connection.execute(table.update().where(*here).values(there), inward)
    return fingerprint.said()


def _rows(shape: Shape, lines: Iterator[str], fingerprint: Fingerprint) -> Iterator[dict[str, Any]]:
    for line in lines:
        said = json.loads(line)
        if isinstance(said, dict):
            if said != {"end": shape.table, **fingerprint.said()}:
                raise SealBroken
            return
        fingerprint.add(line)
        yield shape.values(said)
    raise SealBroken
