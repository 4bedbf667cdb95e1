"""Writes a backup while people work: everything in it is of one moment."""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import sqlalchemy

import supportapp
from supportapp.backups.rows import Fingerprint, rows_of, shape_of
from supportapp.database import Database, schema_of
from supportapp.sealed_file import SealingWriter
from supportapp.tables import METADATA

KIND = "backup"
_QUICK = 1  # the level of compression: higher ones cost minutes and save little
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackupWritten:
    """What was written: size in bytes, and rows and fingerprint of each table."""

    size: int
    tables: dict[str, dict[str, object]]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(int(str(table["rows"])) for table in self.tables.values())


def no_progress(_done: int, _total: int) -> None:
    """For whoever need not be told."""


def write_backup(
    database: Database, file: Path, passphrase: str, *, now: datetime, progress: Progress = no_progress
) -> BackupWritten:
    """Write all data into ``file``, sealed with ``passphrase``; others go on writing meanwhile.

    The file appears when it is complete and on the disk; an older one of that name is replaced then. ``now`` is aware
    UTC and stands in the file. ``progress`` is told how many of how many tables are done.

    Raises OSError when the file cannot be written.
    """
    with _appearing(file) as target, of_one_moment(database) as connection:
        about = {"written_at": now.isoformat(), "version": supportapp.__version__, "schema": schema_of(connection)}
        sealed = SealingWriter(target, passphrase, kind=KIND, about=about)
        packed = gzip.GzipFile(fileobj=cast("BinaryIO", sealed), mode="wb", compresslevel=_QUICK, mtime=0)
        with packed, io.TextIOWrapper(packed, "utf-8", newline="\n") as lines:
            tables = _write_tables(connection, lines, progress)
        sealed.close()
    return BackupWritten(file.stat().st_size, tables)


def _write_tables(
    connection: sqlalchemy.Connection, lines: io.TextIOWrapper, progress: Progress
) -> dict[str, dict[str, object]]:
    """Each table: a line with its shape, a line for each row, a line with its fingerprint; at the end the last line."""
    shapes = [shape_of(table) for table in METADATA.sorted_tables]
    found: dict[str, dict[str, object]] = {}
    for done, shape in enumerate(shapes):
        progress(done, len(shapes))
        lines.write(_line({"shape": asdict(shape)}))
        fingerprint = Fingerprint()
        for row in rows_of(connection, shape):
            written = _line(row)
            fingerprint.add(written)
            lines.write(written)
        found[shape.table] = fingerprint.said()
        lines.write(_line({"end": shape.table, **fingerprint.said()}))
    lines.write(_line({"tables": len(shapes)}))
    progress(len(shapes), len(shapes))
    return found


def _line(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def fingerprints(database: Database) -> dict[str, dict[str, object]]:
    """Count and fingerprint of every table: equal for two databases that hold the same rows."""
    found = {}
    with of_one_moment(database) as connection:
        for table in METADATA.sorted_tables:
            shape, fingerprint = shape_of(table), Fingerprint()
            for row in rows_of(connection, shape):
                fingerprint.add(_line(row))
            found[table.name] = fingerprint.said()
    return found


@contextmanager
def of_one_moment(database: Database) -> Iterator[sqlalchemy.Connection]:
    """A connection that sees one state however long it reads, and holds up nobody."""
    engine = database.engine
    if not database.is_sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


@contextmanager
def _appearing(file: Path) -> Iterator[BinaryIO]:
    """A file that is there when it is whole. Readable for its owner only."""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        half.replace(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
