"""The tables themselves: migrations make them, and every column says who may see it."""

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from events.fields import PRIVACY, Privacy
from supportapp.database import Database, is_current, migrate
from supportapp.tables import METADATA


def test_every_column_says_whether_it_is_public_internal_or_personal():
    silent = [
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if column.info.get(PRIVACY) not in {each.value for each in Privacy}
    ]

    assert silent == []


def test_what_names_a_person_is_personal():
    telling = {"name", "kana", "birth_date", "address", "needs", "note", "phone_model"}
    for table in ("attendee", "volunteer"):
        marks = {column.name: column.info[PRIVACY] for column in METADATA.tables[table].columns}
        assert {marks[name] for name in telling & set(marks)} == {Privacy.PERSONAL.value}


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_migrating_a_current_database_changes_nothing(database: Database):
    assert is_current(database)

    migrate(database)

    assert is_current(database)
    assert set(sqlalchemy.inspect(database.engine).get_table_names()) >= set(METADATA.tables)


def test_sqlite_keeps_what_was_shown_as_done(sqlite_database: Database):
    with sqlite_database.engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
