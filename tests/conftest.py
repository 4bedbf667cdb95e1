"""What every test may ask for: an empty, migrated database (SQLite and PostgreSQL) and a backend on it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlmodel import Session

from supportapp.database import Database, migrate, open_database
from supportapp.tables import METADATA

POSTGRES = os.environ.get("SUPPORTAPP_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")

_USED_TABLES = sqlalchemy.text(
    " UNION ALL ".join(
        f"SELECT '\"{table}\"' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in METADATA.tables
    )
)


def _postgres_answers() -> bool:
    engine = sqlalchemy.create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sqlalchemy.exc.OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@pytest.fixture(scope="session")
def empty_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    with database.writing_engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test process, dropped at the end."""
    if not _postgres_answers():
        sentence = "PostgreSQL does not answer; set SUPPORTAPP_TEST_POSTGRES or start it"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    name = f"supportapp_test_{worker_id}_{os.getpid()}"
    office = sqlalchemy.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with office.connect() as connection:
        connection.execute(sqlalchemy.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sqlalchemy.text(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING \'UTF8\''))
    url = sqlalchemy.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    database = open_database(url)
    migrate(database)
    database.close()
    yield url
    with office.connect() as connection:
        connection.execute(sqlalchemy.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    office.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process when several run side by side."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "only"))


@pytest.fixture
def sqlite_database(empty_sqlite_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    file = tmp_path / "office.db"
    shutil.copyfile(empty_sqlite_file, file)
    database = open_database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    database = open_database(postgres_url)
    with database.writing_engine.begin() as connection:
        used = connection.execute(_USED_TABLES).scalars().all()  # most tests roll back and leave none
        if used:
            connection.execute(sqlalchemy.text(f"TRUNCATE {', '.join(used)} CASCADE"))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database: the test runs once on SQLite and once on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """One writing transaction of an empty database, rolled back at the end."""
    with Session(database.writing_engine, expire_on_commit=False) as session:
        yield session
        session.rollback()
