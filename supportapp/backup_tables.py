"""What is known of each backup: the proof that yesterday's data could be put back today."""

from datetime import date, datetime

from sqlalchemy import Index, text

from events.fields import Row, internal

_OPEN = text("is_open")


class BackupRun(Row, table=True):
    """One backup: asked for, running, proved, or failed with a ``problem`` (the code of an error).

    At most one ``is_open``, so that of several server processes only one writes.
    """

    __tablename__ = "backup_run"
    __table_args__ = (
        Index("ix_backup_open", "is_open", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    day: date = internal(index=True)
    file: str = internal(default="", max_length=200)
    asked_by: str = internal(default="", max_length=100)
    started_at: datetime = internal()
    is_open: bool = internal(default=True)
    is_running: bool = internal(default=False)
    finished_at: datetime | None = internal(default=None)
    rows: int = internal(default=0)
    size: int = internal(default=0)
    problem: str = internal(default="", max_length=40)
