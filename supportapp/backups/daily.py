"""The backup of every day: written and proved by a process of its own, fourteen kept, each result noted.

A server asks every minute whether one is due. Of several servers on one database one writes: the row in
``backup_run`` says who began.
"""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.backend import Backend
from supportapp.backup_tables import BackupRun
from supportapp.backups.passphrase import known_passphrase, make_passphrase
from supportapp.identity import Actor, Role
from supportapp.settings import Settings, data_folder

KEPT = 14
SHOWN = 30
_ABANDONED = timedelta(hours=6)
_TRY_AGAIN = timedelta(hours=1)
_EVERY_SECONDS = 15
_NAME = "supportapp"
_ACTOR = Actor(_NAME, Role.LOCAL, "")
_FAILED = "backup_failed"


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup. Times are aware UTC, ``size`` bytes; ``problem`` is the code of an error, empty when all is well."""

    run_id: UUID
    day: date
    file: str
    asked_by: str
    started_at: datetime
    finished_at: datetime | None
    is_running: bool
    rows: int
    size: int
    problem: str

    @property
    def is_proved(self) -> bool:
        """Whether it was restored and checked."""
        return self.finished_at is not None and not self.problem


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last backups, newest first, and until when a forgotten person may still stand in one of them."""

    lines: tuple[BackupLine, ...]

    @property
    def last_proved(self) -> BackupLine | None:
        """The newest one that is known to work."""
        return next((line for line in self.lines if line.is_proved), None)

    @property
    def unfinished(self) -> BackupLine | None:
        """The one that was asked for or is being written."""
        return next((line for line in self.lines if line.finished_at is None), None)


def backup_state(db: Session, *, municipality_code: str) -> BackupState:  # noqa: ARG001 -- whose administrator asks
    """The last thirty backups, which hold the data of every municipality here."""
    found = db.exec(select(BackupRun).order_by(col(BackupRun.started_at).desc()).limit(SHOWN)).all()
    return BackupState(tuple(_line(run) for run in found))


def _line(run: BackupRun) -> BackupLine:
    return BackupLine(
        run.id, run.day, run.file, run.asked_by, run.started_at, run.finished_at,
        run.is_running, run.rows, run.size, run.problem,
    )  # fmt: skip


def ask_for_backup(db: Session, *, municipality_code: str, now: datetime, by: str) -> bool:  # noqa: ARG001
    """Ask for a backup at once; False when one is on its way already."""
    if db.exec(select(BackupRun).where(BackupRun.is_open)).first():
        return False
    db.add(BackupRun(day=tokyo_date(now), asked_by=by, started_at=now))
    return True


def begin_backup(db: Session, *, now: datetime, hour: int) -> UUID | None:
    """Take the backup that is due, if any: one that was asked for, or today's after ``hour`` o'clock in Tokyo.

    One that somebody began six hours ago and never finished counts as failed. After a failure an hour passes.
    """
    waiting = db.exec(select(BackupRun).where(BackupRun.is_open).with_for_update()).first()
    if waiting is not None and waiting.is_running:
        if now - waiting.started_at < _ABANDONED:
            return None
        _finish(waiting, now, _FAILED)
        db.flush()
        waiting = None
    if waiting is None:
        if not _is_due(db, now, hour):
            return None
        waiting = BackupRun(day=tokyo_date(now), started_at=now)
    waiting.is_running, waiting.started_at = True, now
    waiting.file = f"supportapp-{waiting.day:%Y-%m-%d}-{tokyo_time(now):%H%M}.backup"
    db.add(waiting)
    db.flush()
    return waiting.id


def _is_due(db: Session, now: datetime, hour: int) -> bool:
    if tokyo_time(now).hour < hour:
        return False
    today = db.exec(select(BackupRun).where(BackupRun.day == tokyo_date(now))).all()
    return all(run.problem and run.finished_at and now - run.finished_at >= _TRY_AGAIN for run in today)


def note_backup(db: Session, *, run_id: UUID, rows: int, size: int, problem: str, now: datetime) -> None:
    """Write down how a backup ended."""
    run = db.get_one(BackupRun, run_id)
    run.rows, run.size = rows, size
    _finish(run, now, problem)


def _finish(run: BackupRun, now: datetime, problem: str) -> None:
    run.finished_at, run.is_open, run.is_running, run.problem = now, False, False, problem


async def keep_backups(backend: Backend, settings: Settings) -> None:
    """Look every quarter of a minute whether a backup is due; until cancelled."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        await keep_backups_once(backend, settings)


async def keep_backups_once(backend: Backend, settings: Settings) -> None:
    """Write, prove and note the backup that is due, if any; throw away those beyond the fourteenth."""
    try:
        run_id = await backend.run(_ACTOR, begin_backup, now=backend.clock(), hour=settings.backup_hour)
    except IntegrityError:  # another server was quicker
        return
    if run_id is None:
        return
    state = await backend.read(_ACTOR, backup_state, municipality_code="")
    name = next(line.file for line in state.lines if line.run_id == run_id)
    rows, size, problem = 0, 0, _FAILED
    try:
        rows, size, problem = await _write(settings, backup_folder(settings) / name)
    finally:
        await backend.run(
            _ACTOR, note_backup, run_id=run_id, rows=rows, size=size, problem=problem, now=backend.clock()
        )
    if not problem:
        await asyncio.to_thread(_throw_away, backup_folder(settings))


def backup_folder(settings: Settings) -> Path:
    """Where the backups lie; made when it is missing."""
    folder = Path(settings.backup_folder) if settings.backup_folder else data_folder() / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


async def _write(settings: Settings, file: Path) -> tuple[int, int, str]:
    """Rows, bytes and problem of a backup that a process of its own writes: nobody's tap waits for it."""
    passphrase = known_passphrase(settings) or make_passphrase()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "supportapp", "backup", str(file), "--check", "--json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **os.environ,
            "SUPPORTAPP_DATABASE": settings.database,
            "SUPPORTAPP_BACKUP_PASSPHRASE": passphrase,
        },
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        return 0, 0, _FAILED
    done = json.loads(said)
    return done["rows"], done["size"], ""


def _throw_away(folder: Path) -> None:
    for old in sorted(folder.glob("supportapp-*.backup"), reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
