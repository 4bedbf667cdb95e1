"""One import as use cases: begun, taken in slice by slice, done; or taken back slice by slice, last first."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.errors import NotFound
from events.importing.applications import ApplicationsIn
from events.importing.attendees import AttendeesIn
from events.importing.people import ApplicationRow, PersonRow, RowOutcome
from events.importing.rows import ImportProblem
from supportapp.importing_tables import ImportedRow, ImportRun, ImportSlice
from supportapp.people_in.journal import take_back, watch
from volunteers.importing import VolunteerRow, VolunteersIn

# one row, or the ranked rows of one application
Item = PersonRow | VolunteerRow | tuple[ApplicationRow, ...]

DIED_AFTER: Final = timedelta(minutes=2)
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """An import that neither came to its end nor was taken back."""

    run_id: UUID
    municipality_code: str
    by: str


def begin_run(
    db: Session, *, municipality_code: str, kind: str, total: int, sha256: str, now: datetime, by: str
) -> UUID:
    """Write down that an import begins; ``total`` rows are to come."""
    run = ImportRun(
        municipality_code=municipality_code,
        kind=kind,
        total=total,
        sha256=sha256,
        started_at=now,
        touched_at=now,
        by=by,
    )
    db.add(run)
    db.flush()
    return run.id


def take_slice(
    db: Session,
    *,
    municipality_code: str,
    run_id: UUID,
    kind: str,
    items: Sequence[Item],
    now: datetime,
    by: str,
    reason: str = "",
) -> tuple[RowOutcome, ...]:
    """Take some rows in. When one is refused none of them is, and the answer holds the refused ones."""
    run = _locked(db, run_id)
    outcomes: list[RowOutcome] = []
    with db.begin_nested() as point:
        journal = watch(db)
        known = rows_in(db, kind, items, municipality_code=municipality_code, now=now, by=by, reason=reason)
        earlier = earlier_rows(db, municipality_code=municipality_code, kind=kind, items=items)
        for item in items:
            outcomes += taken_before(item) if is_known(item, kind, earlier) else _several(known.take(item))
        db.flush()
        if any(outcome.outcome == "refused" for outcome in outcomes):
            point.rollback()
            return tuple(outcome for outcome in outcomes if outcome.outcome == "refused")
    _keep(db, run, items, outcomes, journal, now)
    return tuple(outcomes)


def finish_run(db: Session, *, run_id: UUID, now: datetime) -> None:
    """The import is whole: what stood before is forgotten."""
    run = _locked(db, run_id)
    for piece in db.exec(select(ImportSlice).where(ImportSlice.run_id == run_id)).all():
        piece.journal = []
    run.state, run.touched_at = "done", now
    db.flush()


def take_slice_back(db: Session, *, run_id: UUID, now: datetime) -> int:
    """Take the newest slice of an import back; answers how many are left. At 0 the import never was."""
    run = _locked(db, run_id)
    run.state, run.touched_at = "undoing", now
    newest = db.exec(
        select(ImportSlice).where(ImportSlice.run_id == run_id).order_by(col(ImportSlice.number).desc())
    ).first()
    if newest is not None:
        take_back(db, newest.journal, now=now)
        db.delete(newest)
        db.flush()
    left = db.exec(select(func.count()).select_from(ImportSlice).where(ImportSlice.run_id == run_id)).one()
    if not left:
        for row in db.exec(select(ImportedRow).where(ImportedRow.run_id == run_id)).all():
            db.delete(row)
        run.state = "undone"
    db.flush()
    return left


def unfinished_runs(db: Session, *, now: datetime) -> tuple[UnfinishedRun, ...]:
    """Imports whose process died: nothing was heard of them for two minutes."""
    query = select(ImportRun).where(
        col(ImportRun.state).in_(("running", "undoing")), ImportRun.touched_at < now - DIED_AFTER
    )
    return tuple(UnfinishedRun(row.id, row.municipality_code, row.by) for row in db.exec(query).all())


def rows_in(
    db: Session, kind: str, items: Sequence[Item], *, municipality_code: str, now: datetime, by: str, reason: str
) -> Any:
    """The reader of a kind, which decides and takes each item."""
    common: dict[str, Any] = {"municipality_code": municipality_code, "now": now, "by": by}
    if kind == "registrations":
        rows = [row for item in items if isinstance(item, tuple) for row in item]
        return ApplicationsIn(db, **common, rows=rows, reason=reason)
    reader: Any = AttendeesIn if kind == "attendees" else VolunteersIn
    return reader(db, **common, rows=tuple(items))


def earlier_rows(db: Session, *, municipality_code: str, kind: str, items: Sequence[Item]) -> frozenset[str]:
    """The fingerprints of those rows that an import brought before, and that was not taken back."""
    marks = [fingerprint(row, kind) for item in items for row in rows_of(item)]
    found: set[str] = set()
    for start in range(0, len(marks), _AT_ONCE):
        query = select(ImportedRow.fingerprint).where(
            ImportedRow.municipality_code == municipality_code,
            col(ImportedRow.fingerprint).in_(marks[start : start + _AT_ONCE]),
        )
        found.update(db.exec(query).all())
    return frozenset(found)


def is_known(item: Item, kind: str, earlier: frozenset[str]) -> bool:
    """Whether all rows of an item came in before."""
    return all(fingerprint(row, kind) in earlier for row in rows_of(item))


def taken_before(item: Item) -> list[RowOutcome]:
    """The outcomes of rows that came in before."""
    return [
        RowOutcome(row.row, "unchanged", _about(row), notes=(ImportProblem(row.row, "", "", "earlier_import"),))
        for row in rows_of(item)
    ]


def rows_of(item: Item) -> tuple[Any, ...]:
    """The rows of an item."""
    return item if isinstance(item, tuple) else (item,)


def fingerprint(row: Any, kind: str) -> str:
    """What a row says, as a digest; its place in the file does not matter."""
    placed = "person" if isinstance(row, ApplicationRow) else "row"
    said = replace(row, **{placed: replace(row.person, row=0) if placed == "person" else 0})
    return hashlib.sha256(repr((kind, astuple(said))).encode()).hexdigest()


def _about(row: Any) -> str:
    return str(row.person.name if isinstance(row, ApplicationRow) else row.name)


def _several(outcomes: RowOutcome | tuple[RowOutcome, ...]) -> tuple[RowOutcome, ...]:
    return outcomes if isinstance(outcomes, tuple) else (outcomes,)


def _keep(
    db: Session,
    run: ImportRun,
    items: Sequence[Item],
    outcomes: Sequence[RowOutcome],
    journal: list[dict[str, object]],
    now: datetime,
) -> None:
    number = db.exec(select(func.count()).select_from(ImportSlice).where(ImportSlice.run_id == run.id)).one() + 1
    db.add(ImportSlice(run_id=run.id, number=number, journal=list(journal)))
    rows = [row for item in items for row in rows_of(item)]
    by_row = {outcome.row: outcome.outcome for outcome in outcomes}
    for row in rows:
        db.add(
            ImportedRow(
                run_id=run.id,
                municipality_code=run.municipality_code,
                fingerprint=fingerprint(row, run.kind),
                outcome=by_row[row.row],
            )
        )
    run.done += len(rows)
    run.touched_at = now
    db.flush()


def _locked(db: Session, run_id: UUID) -> ImportRun:
    found = db.exec(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).first()
    if found is None:
        raise NotFound(thing="run_id")
    return found
