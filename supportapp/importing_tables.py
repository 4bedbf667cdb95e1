"""Tables of people's lists that come in: each import with its slices and rows, and the kept mappings of columns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint

from events.fields import Row, internal, link, personal


class ImportRun(Row, table=True):
    """One import: how far it is, and how it ended (``running``, ``done``, ``undoing``, ``undone``).

    ``touched_at`` is renewed with every slice, so that a run whose process died is told from one that works.
    """

    __tablename__ = "import_run"
    municipality_code: str = link("municipality.code")
    kind: str = internal(max_length=20)
    state: str = internal(default="running", max_length=20, index=True)
    total: int = internal(default=0)
    done: int = internal(default=0)
    sha256: str = internal(max_length=64)
    started_at: datetime = internal()
    touched_at: datetime = internal()
    by: str = internal(default="", max_length=100)


class ImportSlice(Row, table=True):
    """What one slice of an import changed, row by row with the values that stood; emptied when the import is done."""

    __tablename__ = "import_slice"
    __table_args__ = (UniqueConstraint("run_id", "number"),)
    run_id: UUID = link("import_run.id", index=False)
    number: int = internal()
    journal: list[dict[str, object]] = personal(default_factory=list, sa_type=JSON)


class ImportedRow(Row, table=True):
    """That a row of a file came in: by its fingerprint the same row is known again, whatever became of it here."""

    __tablename__ = "imported_row"
    __table_args__ = (Index("ix_imported_row", "municipality_code", "fingerprint"),)
    run_id: UUID = link("import_run.id")
    municipality_code: str = link("municipality.code", index=False)
    fingerprint: str = personal(max_length=64)
    outcome: str = internal(max_length=20)


class KeptMapping(Row, table=True):
    """Which column of a form holds what, by a name and by the form's headers (``header_mark``)."""

    __tablename__ = "kept_mapping"
    __table_args__ = (UniqueConstraint("municipality_code", "kind", "name"),)
    municipality_code: str = link("municipality.code")
    kind: str = internal(max_length=20)
    name: str = internal(max_length=100)
    header_mark: str = internal(max_length=64, index=True)
    columns: dict[str, str] = internal(default_factory=dict, sa_type=JSON)
    fixed: dict[str, str] = internal(default_factory=dict, sa_type=JSON)
    changed_at: datetime = internal()
