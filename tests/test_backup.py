"""A backup holds everything of one moment, opens only with its passphrase, and comes back the same anywhere."""

import asyncio
import json
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from supportapp.backend import Backend
from supportapp.backups.daily import ask_for_backup, backup_state, begin_backup, keep_backups_once
from supportapp.backups.proof import BackupNotProved, prove_backup
from supportapp.backups.restoring import NotEmpty, restore_backup
from supportapp.backups.rows import KINDS, shape_of
from supportapp.backups.writing import fingerprints, write_backup
from supportapp.cli import main
from supportapp.database import is_current, migrate, open_database
from supportapp.identity import Actor, Role
from supportapp.sealed_file import NotSealed, SealBroken, SealedByNewer, WrongPassphrase
from supportapp.seeding import make_demo
from supportapp.settings import Settings
from supportapp.tables import METADATA
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PASSPHRASE = "kuma-tora-neko-1234"
LOCAL = Actor("cli:test", Role.LOCAL, "")


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory) -> Path:
    """The demo's data in one SQLite file."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    backend = Backend(database)
    make_demo(backend, LOCAL)
    backend.close()
    return file


@pytest.fixture
def demo(demo_file):
    database = open_database(f"sqlite:///{demo_file}")
    yield database
    database.close()


@pytest.fixture(scope="module")
def demo_backup(demo_file, tmp_path_factory) -> Path:
    """A backup of the demo; whoever changes it takes a copy."""
    file = tmp_path_factory.mktemp("backup") / "demo.backup"
    database = open_database(f"sqlite:///{demo_file}")
    write_backup(database, file, PASSPHRASE, now=NOW)
    database.close()
    return file


@pytest.fixture
def empty(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    database.close()


def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(demo, postgres_database, empty, tmp_path):
    there, back = tmp_path / "there.backup", tmp_path / "back.backup"

    write_backup(demo, there, PASSPHRASE, now=NOW)
    arrived = restore_backup(postgres_database, there, PASSPHRASE)
    write_backup(postgres_database, back, PASSPHRASE, now=NOW)
    returned = restore_backup(empty, back, PASSPHRASE)

    assert arrived.rows > 5000
    assert fingerprints(demo) == fingerprints(postgres_database) == fingerprints(empty)
    assert arrived.tables == returned.tables == fingerprints(demo)
    assert is_current(empty)


def test_a_backup_is_proved_by_restoring_it(demo, tmp_path):
    file = tmp_path / "today.backup"
    written = write_backup(demo, file, PASSPHRASE, now=NOW)

    proof = prove_backup(file, PASSPHRASE)

    assert proof.rows == written.rows
    assert len(proof.heads["office"]) == 64


def test_a_backup_of_data_whose_log_was_tampered_with_is_not_proved(demo_file, tmp_path):
    copy, file = tmp_path / "copy.db", tmp_path / "today.backup"
    copy.write_bytes(demo_file.read_bytes())
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE audit_entry SET reason = 'another' WHERE number = 2")
    database = open_database(f"sqlite:///{copy}")
    write_backup(database, file, PASSPHRASE, now=NOW)
    database.close()

    with pytest.raises(BackupNotProved) as refused:
        prove_backup(file, PASSPHRASE)

    assert refused.value.details["chains"] >= 1


def test_a_place_that_holds_data_is_refused_and_stays_as_it_was(database, demo_backup):
    with database.writing() as db:
        builders.a_session(db)
    before = fingerprints(database)

    with pytest.raises(NotEmpty):
        restore_backup(database, demo_backup, PASSPHRASE)

    assert fingerprints(database) == before


def test_somebody_elses_tables_are_not_an_empty_place(empty, demo_backup):
    with empty.writing_engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE theirs (id INTEGER)"))

    with pytest.raises(NotEmpty) as refused:
        restore_backup(empty, demo_backup, PASSPHRASE)

    assert refused.value.details["tables"] == "theirs"


def test_a_wrong_passphrase_opens_nothing(empty, demo_backup):

    with pytest.raises(WrongPassphrase):
        restore_backup(empty, demo_backup, PASSPHRASE + " ")

    assert sqlalchemy.inspect(empty.engine).get_table_names() == []


@pytest.fixture(scope="module")
def small_backup(tmp_path_factory, empty_sqlite_file) -> bytes:
    file = tmp_path_factory.mktemp("small") / "small.backup"
    database = open_database(f"sqlite:///{empty_sqlite_file}")
    write_backup(database, file, PASSPHRASE, now=NOW)
    database.close()
    return file.read_bytes()


@with_settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_file_cut_short_or_changed_anywhere_is_refused_and_leaves_the_place_empty(
    small_backup, tmp_path_factory, data
):
    place = data.draw(st.integers(0, len(small_backup) - 1), label="byte")
    cut = data.draw(st.booleans(), label="cut")
    changed = bytes([small_backup[place] ^ 1]) + small_backup[place + 1 :]
    damaged = small_backup[:place] + (b"" if cut else changed)
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "it.backup").write_bytes(damaged)
    database = open_database(f"sqlite:///{folder / 'empty.db'}")

    with pytest.raises((NotSealed, WrongPassphrase, SealBroken, SealedByNewer)):
        restore_backup(database, folder / "it.backup", PASSPHRASE)

    assert set(sqlalchemy.inspect(database.engine).get_table_names()) <= {"alembic_version"}
    database.close()


def test_a_file_of_many_pieces_without_its_last_ones_is_refused(empty, demo_backup, tmp_path):
    file = tmp_path / "it.backup"
    whole = demo_backup.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(SealBroken):
        restore_backup(empty, file, PASSPHRASE)

    assert sqlalchemy.inspect(empty.engine).get_table_names() == []


def test_a_file_of_a_newer_version_is_refused(empty, demo_backup, tmp_path):
    file = tmp_path / "it.backup"
    header, _, rest = demo_backup.read_bytes().partition(b"\n")
    file.write_bytes(header.replace(b'"format": 1', b'"format": 2') + b"\n" + rest)

    with pytest.raises(SealedByNewer):
        restore_backup(empty, file, PASSPHRASE)


def test_something_else_is_not_a_backup(empty, tmp_path):
    file = tmp_path / "letter.docx"
    file.write_bytes(b"PK\x03\x04 something else")

    with pytest.raises(NotSealed):
        restore_backup(empty, file, PASSPHRASE)


def test_what_is_written_meanwhile_is_whole_in_the_backup_or_not_in_it(database, tmp_path):
    """Sessions and their rooms are written together; no backup may hold one without the other."""
    stop, made = threading.Event(), 0

    def work():
        nonlocal made
        while not stop.is_set():
            with database.writing() as db:
                builders.a_session(db)
            made += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        proofs = []
        for number in range(3):
            file = tmp_path / f"{number}.backup"
            write_backup(database, file, PASSPHRASE, now=NOW)
            proofs.append(prove_backup(file, PASSPHRASE).rows)
    finally:
        stop.set()
        worker.join(30)

    assert proofs == sorted(proofs)
    assert made > 0


def test_no_readable_name_stands_in_the_file(demo_backup):

    content = demo_backup.read_bytes()

    assert "髙﨑".encode() not in content
    assert demo_backup.stat().st_mode & 0o077 == 0


def test_every_kind_of_column_is_known():
    kinds = {kind for table in METADATA.tables.values() for _name, kind in shape_of(table).columns}

    assert kinds <= set(KINDS)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command line of a machine with a data folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("SUPPORTAPP_BACKUP_PASSPHRASE", raising=False)

    def run(*arguments):
        return CliRunner().invoke(main, [str(each) for each in arguments], env={"SUPPORTAPP_LANGUAGE": "ja"})

    return run


def test_the_commands_write_prove_and_restore_with_a_passphrase_made_once(run, demo_file, tmp_path):
    file, target = tmp_path / "today.backup", f"sqlite:///{tmp_path / 'other.db'}"

    first = run("backup", file, "--check", "--json", "--database", f"sqlite:///{demo_file}")
    second = run("backup", file, "--database", f"sqlite:///{demo_file}")
    restored = run("restore", file, "--database", target)
    again = run("restore", file, "--database", target)

    said = json.loads(first.stdout)
    assert (first.exit_code, second.exit_code, restored.exit_code) == (0, 0, 0)
    assert said["rows"] == said["proof"]["rows"] > 5000
    assert "backup-passphrase.txt" in first.stderr
    assert second.stderr == ""
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    assert "空の場所" in again.stderr


def test_a_restore_with_another_machines_passphrase_is_one_sentence(run, demo_backup, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPORTAPP_BACKUP_PASSPHRASE", "another")

    done = run("restore", demo_backup, "--database", f"sqlite:///{tmp_path / 'other.db'}")

    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "合い言葉" in done.stderr


def _settings(tmp_path, url):
    return Settings(database=url, backup_folder=str(tmp_path / "kept"), backup_passphrase=PASSPHRASE, backup_hour=2)


def _clocked(file, moment):
    database = open_database(f"sqlite:///{file}")
    return Backend(database, clock=lambda: moment)


def _runs(backend):
    return backend.read_now(LOCAL, backup_state, municipality_code="132209").lines


def test_each_day_one_backup_is_written_proved_and_noted_and_fourteen_are_kept(demo_file, tmp_path):
    copy = tmp_path / "office.db"
    shutil.copyfile(demo_file, copy)
    chosen = _settings(tmp_path, f"sqlite:///{copy}")
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in range(1, 15):
        (folder / f"supportapp-2026-11-{day:02d}-0200.backup").touch()
    backend = _clocked(copy, NOW)

    asyncio.run(keep_backups_once(backend, chosen))
    asyncio.run(keep_backups_once(backend, chosen))

    (line,) = _runs(backend)
    kept = sorted(file.name for file in folder.iterdir())
    assert (line.is_proved, line.problem, line.rows > 5000) == (True, "", True)
    assert kept[-1] == line.file == "supportapp-2026-11-21-1200.backup"
    assert (len(kept), kept[0]) == (14, "supportapp-2026-11-02-0200.backup")
    assert prove_backup(folder / line.file, PASSPHRASE).rows == line.rows
    backend.close()


def test_a_backup_that_fails_is_shown_and_tried_again_after_an_hour(empty_sqlite_file, tmp_path):
    copy = tmp_path / "office.db"
    shutil.copyfile(empty_sqlite_file, copy)
    chosen = _settings(tmp_path, f"sqlite:///{tmp_path / 'nowhere' / 'gone.db'}")
    backend = _clocked(copy, NOW)

    asyncio.run(keep_backups_once(backend, chosen))
    soon = backend.run_now(LOCAL, begin_backup, now=NOW + timedelta(minutes=59), hour=2)
    (line,) = _runs(backend)
    later = backend.run_now(LOCAL, begin_backup, now=NOW + timedelta(minutes=61), hour=2)

    assert (line.is_proved, line.problem) == (False, "backup_failed")
    assert soon is None
    assert later is not None
    backend.close()


def test_before_the_hour_nothing_is_due_unless_somebody_asked(db):
    early = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 01:30 in Tokyo

    by_itself = begin_backup(db, now=early, hour=2)
    asked = ask_for_backup(db, municipality_code="132209", now=early, by="管理")
    again = ask_for_backup(db, municipality_code="132209", now=early, by="管理")
    begun = begin_backup(db, now=early, hour=24)

    assert (by_itself, asked, again, begun is not None) == (None, True, False, True)


def test_of_several_servers_one_writes(database):
    backends = [Backend(database) for _ in range(4)]
    start = threading.Barrier(4)

    def begin(backend):
        start.wait(timeout=30)
        try:
            return backend.run_now(LOCAL, begin_backup, now=NOW, hour=2)
        except sqlalchemy.exc.IntegrityError:
            return None

    with ThreadPoolExecutor(4) as threads:
        begun = [each for each in threads.map(begin, backends) if each]

    assert len(begun) == 1
