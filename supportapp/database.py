"""The database: one SQLite file for one office, PostgreSQL for many.

Every writing transaction on SQLite begins IMMEDIATE: one that reads first and then wants to write fails at once
when somebody else wrote meanwhile, whatever the busy timeout. ``synchronous=FULL``: what was shown as done
survives a power cut.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlmodel import Session

_BUSY_MILLISECONDS = 30_000
_WRITING = "supportapp_writing"


@dataclass(frozen=True, slots=True)
class Database:
    """Two views of one engine: transactions that write, and transactions that only read."""

    engine: sqlalchemy.Engine
    writing_engine: sqlalchemy.Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-file database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that writes: committed at the end, rolled back when anything goes wrong."""
        with Session(self.writing_engine, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads one consistent state."""
        with Session(self.engine, autoflush=False) as db:
            yield db

    def answers(self) -> bool:
        """Whether the database can be asked anything at all."""
        try:
            with self.engine.connect() as connection:
                connection.execute(sqlalchemy.text("SELECT 1"))
        except sqlalchemy.exc.SQLAlchemyError:
            return False
        return True

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at ``url`` (``sqlite:///file`` or ``postgresql+psycopg://…``); nothing is created yet."""
    if url.startswith("sqlite"):
        engine = sqlalchemy.create_engine(url, connect_args={"timeout": _BUSY_MILLISECONDS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = sqlalchemy.create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    return Database(engine, engine.execution_options(**{_WRITING: True}))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sqlalchemy.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migration_settings(connection: sqlalchemy.Connection | None) -> Any:
    from alembic.config import Config  # noqa: PLC0415 -- slow import, needed at start-up checks only

    settings = Config()
    settings.set_main_option("script_location", str(resources.files("supportapp") / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def migrate(database: Database, to: str = "head") -> None:
    """Bring the schema up to date (or up to an earlier version); a current one is left alone."""
    from alembic import command  # noqa: PLC0415 -- slow import

    with database.writing_engine.begin() as connection:
        command.upgrade(_migration_settings(connection), to)


def schema_of(connection: sqlalchemy.Connection) -> str:
    """The version of the schema that stands in a database; empty when there is none."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 -- slow import

    return MigrationContext.configure(connection).get_current_revision() or ""


def knows_schema(version: str) -> bool:
    """Whether this version of the software has the migration of that name."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- slow import

    scripts = ScriptDirectory.from_config(_migration_settings(None))
    return version in {script.revision for script in scripts.walk_revisions()}


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version of the software expects."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 -- slow import

    with database.engine.connect() as connection:
        found = schema_of(connection)
    return [found] == ScriptDirectory.from_config(_migration_settings(None)).get_heads()
