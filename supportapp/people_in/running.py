"""The whole way of a people's list: read, tried, taken in slice by slice, or taken back so that nothing stays.

These functions may take a minute: call them from a thread, never on the event loop. Slices queue with everybody's
writes, and each is kept so short that a tap beside it hardly waits.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.errors import DomainError
from events.importing.people import RowOutcome
from events.japan.clock import tokyo_date
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.importing import FileReport
from supportapp.people_in.mappings import (
    MappingKept,
    UnknownMapping,
    keep_mapping,
    mapping_for,
    mapping_named,
    mapping_names,
)
from supportapp.people_in.rehearsing import rehearse_rows
from supportapp.people_in.runs import (
    Item,
    begin_run,
    finish_run,
    rows_of,
    take_slice,
    take_slice_back,
    unfinished_runs,
)
from supportapp.row_remarks import RowRemark

if TYPE_CHECKING:
    from exports.people.mapping import ColumnMapping
    from exports.people.reading import PeopleFile

SLICE_SECONDS: Final = 0.02
_MOST_IN_A_SLICE: Final = 50
_PAUSE: Final = 0.001  # lets a thread that waits for the interpreter have it


class ImportCancelled(DomainError):
    """Somebody stopped the import; nothing of it stayed."""

    code = "import_cancelled"


class ListNeedsMunicipality(DomainError):
    """A people's list does not say whose it is: the municipality must be named (``file``)."""

    code = "list_needs_municipality"


@dataclass(slots=True)
class Progress:
    """What can be told of an import while it runs; ``stop`` ends it. ``told`` is called in the thread that works."""

    told: Callable[[str, int, int], None] = lambda _step, _done, _total: None
    stop: Event | None = None

    def tell(self, step: str, done: int, total: int) -> None:
        """Say how far ``step`` (trying, taking_in, taking_back) is. Raises ImportCancelled."""
        if self.stop is not None and self.stop.is_set() and step != "taking_back":
            raise ImportCancelled
        self.told(step, done, total)


def import_people_file(
    backend: Backend,
    actor: Actor,
    *,
    kind: str,
    content: bytes,
    file_name: str,
    municipality_code: str | None,
    mapping: "ColumnMapping | None" = None,
    columns: Mapping[str, str] | None = None,
    fixed: Mapping[str, str] | None = None,
    mapping_name: str = "",
    dry_run: bool = False,
    reason: str = "",
    progress: Progress | None = None,
) -> FileReport:
    """Take a list in as a whole, or not at all. The same file twice adds nothing.

    ``mapping`` (or ``columns`` and ``fixed``, as a screen has them) is kept under ``mapping_name`` once the file came
    in; a name alone uses the one that is kept, and without both the one that is kept for these headers, or what the
    headers suggest. ``reason`` stands with applications written down after the deadline.

    Raises:
        ColumnsMissing, UnreadableFile and its kinds: the file cannot be read. UnknownMapping, ImportCancelled,
        ListNeedsMunicipality, NotFound, NotAllowed: as named.
    """
    code = municipality_code or actor.municipality_code
    if not code:
        raise ListNeedsMunicipality(file=file_name)
    recover_runs(backend, actor)
    progress = progress or Progress()
    if columns:
        from exports.people.mapping import ColumnMapping  # noqa: PLC0415 -- only where a file comes in

        mapping = ColumnMapping(columns, fixed or {})
    found = _read(backend, actor, kind, content, file_name, code, mapping, mapping_name)
    items = _items(found)
    progress.tell("trying", 0, found.read)
    now = backend.clock()
    outcomes = backend.read_now(
        actor,
        rehearse_rows,
        municipality_code=code,
        kind=kind,
        items=items,
        now=now,
        by=actor.name,
        told=lambda done: progress.tell("trying", done, found.read),
    )
    report = _report(found, outcomes, code, rehearsal=dry_run)
    if dry_run or report.refused:
        return report
    taken = _Taking(backend, actor, code, kind, reason, progress).take(items, content)
    if mapping is not None and mapping_name:
        _keep(backend, actor, code, found, mapping_name)
    return _report(found, taken, code, rehearsal=False)


def recover_runs(backend: Backend, actor: Actor) -> None:
    """Take back imports whose process died; only those of the municipality the actor works in."""
    everywhere = actor.role is Role.LOCAL
    for run in backend.read_now(_local(actor), unfinished_runs, now=backend.clock()):
        if everywhere or run.municipality_code == actor.municipality_code:
            owner = replace(_local(actor), municipality_code=run.municipality_code)
            _take_back(backend, owner, run.run_id, Progress())


class _Taking:
    """One import on its way in."""

    def __init__(self, backend: Backend, actor: Actor, code: str, kind: str, reason: str, progress: Progress) -> None:
        self._backend, self._actor = backend, actor
        self._code, self._kind, self._reason, self._progress = code, kind, reason, progress

    def take(self, items: Sequence[Item], content: bytes) -> tuple[RowOutcome, ...]:
        """Take all items in, or none."""
        total = sum(len(rows_of(item)) for item in items)
        run_id = self._backend.run_in_turn(
            self._actor,
            begin_run,
            municipality_code=self._code,
            kind=self._kind,
            total=total,
            sha256=hashlib.sha256(content).hexdigest(),
            now=self._backend.clock(),
            by=self._actor.name,
        )
        try:
            outcomes = self._slices(run_id, items, total)
        except BaseException:
            _take_back(self._backend, self._actor, run_id, self._progress)
            raise
        if any(outcome.outcome == "refused" for outcome in outcomes):
            _take_back(self._backend, self._actor, run_id, self._progress)
        else:
            self._backend.run_in_turn(self._actor, finish_run, run_id=run_id, now=self._backend.clock())
        return outcomes

    def _slices(self, run_id: UUID, items: Sequence[Item], total: int) -> tuple[RowOutcome, ...]:
        """The outcomes of all slices; those of the refused rows alone when somebody was faster than we."""
        outcomes: list[RowOutcome] = []
        size, start = 1, 0
        while start < len(items):
            self._progress.tell("taking_in", len(outcomes), total)
            began = time.monotonic()
            some = self._backend.run_in_turn(
                self._actor,
                take_slice,
                municipality_code=self._code,
                run_id=run_id,
                kind=self._kind,
                items=items[start : start + size],
                now=self._backend.clock(),
                by=self._actor.name,
                reason=self._reason,
            )
            if any(outcome.outcome == "refused" for outcome in some):
                return some
            outcomes += some
            start += size
            size = _next_size(size, time.monotonic() - began)
            time.sleep(_PAUSE)
        self._progress.tell("taking_in", total, total)
        return tuple(sorted(outcomes, key=lambda outcome: outcome.row))


def _next_size(size: int, seconds: float) -> int:
    return max(1, min(_MOST_IN_A_SLICE, round(size * SLICE_SECONDS / max(seconds, 1e-4))))


def _take_back(backend: Backend, actor: Actor, run_id: UUID, progress: Progress) -> None:
    left, first = 1, 0
    while left:
        left = backend.run_in_turn(actor, take_slice_back, run_id=run_id, now=backend.clock())
        first = first or left + 1
        progress.tell("taking_back", first - left, first)


def _read(
    backend: Backend,
    actor: Actor,
    kind: str,
    content: bytes,
    file_name: str,
    code: str,
    mapping: "ColumnMapping | None",
    mapping_name: str,
) -> "PeopleFile":
    from exports.people.mapping import ColumnMapping, header_mark  # noqa: PLC0415 -- only where a file comes in
    from exports.people.reading import MOST_ROWS, people_of  # noqa: PLC0415 -- only where a file comes in
    from exports.tables import read_raw_table  # noqa: PLC0415 -- only where a file comes in

    table = read_raw_table(content, file_name=file_name, most_rows=MOST_ROWS)
    if mapping is None:
        where = {"municipality_code": code, "kind": kind}
        kept: MappingKept | None
        if mapping_name:
            kept = backend.read_now(actor, mapping_named, **where, name=mapping_name)
            if kept is None:
                known = backend.read_now(actor, mapping_names, **where)
                raise UnknownMapping(name=mapping_name, known="・".join(known))
        else:
            kept = backend.read_now(actor, mapping_for, **where, header_mark=header_mark(table.header))
        mapping = ColumnMapping(kept.columns, kept.fixed) if kept else None
    return people_of(table, kind=kind, today=tokyo_date(backend.clock()), mapping=mapping)


def _keep(backend: Backend, actor: Actor, code: str, found: "PeopleFile", name: str) -> None:
    from exports.people.mapping import header_mark  # noqa: PLC0415 -- only where a file comes in

    backend.run_in_turn(
        actor,
        keep_mapping,
        municipality_code=code,
        kind=found.kind,
        name=name,
        header_mark=header_mark(found.table.header),
        columns=dict(found.mapping.columns),
        fixed=dict(found.mapping.fixed),
        now=backend.clock(),
    )


def _items(found: "PeopleFile") -> tuple[Item, ...]:
    from events.importing.applications import applications  # noqa: PLC0415 -- only where a file comes in

    return applications(found.rows) if found.kind == "registrations" else tuple(found.rows)  # type: ignore[arg-type]


def _report(found: "PeopleFile", outcomes: Sequence[RowOutcome], code: str, *, rehearsal: bool) -> FileReport:
    problems = [
        *(RowRemark(each.row, _header(found, each.field), each.value, each.code) for each in found.problems),
        *(
            RowRemark(each.row, _header(found, each.column), each.value, each.code)
            for outcome in outcomes
            for each in outcome.problems
        ),
    ]
    notes = [
        *(RowRemark(each.row, _header(found, each.field), each.value, each.code) for each in found.notes),
        *(
            RowRemark(each.row, _header(found, each.column), each.value, each.code)
            for outcome in outcomes
            for each in outcome.notes
        ),
        *(RowRemark(0, "", names, code) for code, names in found.table.notes),
    ]
    refused = {problem.row for problem in problems}
    counts = {name: sum(each.outcome == name for each in outcomes) for name in ("added", "changed", "unchanged")}
    if refused and not rehearsal:
        counts = dict.fromkeys(counts, 0)
    return FileReport(
        file=found.table.file,
        municipality_code=code,
        read=found.read,
        **counts,
        refused=len(refused),
        problems=tuple(sorted(problems, key=lambda each: each.row)),
        notes=tuple(sorted(notes, key=lambda each: each.row)),
        drafts=(),
        unknown_headers=found.unknown_headers,
        rehearsal=rehearsal,
        rows=tuple(_told_rows(found, outcomes)),
    )


def _told_rows(found: "PeopleFile", outcomes: Sequence[RowOutcome]) -> Iterator[RowOutcome]:
    """Each row's outcome with the file's own headers; rows that could not be read are refused."""
    for outcome in outcomes:
        changes = tuple(replace(each, field=_header(found, each.field)) for each in outcome.changes)
        yield replace(outcome, changes=changes)
    told = {outcome.row for outcome in outcomes}
    for row in sorted({problem.row for problem in found.problems} - told):
        yield RowOutcome(row, "refused")


def _header(found: "PeopleFile", field: str) -> str:
    return found.header(_FIELDS.get(field, field)) if field else ""


# a field of the tables → the column of the list
_FIELDS: Final = {"phone_kind": "phone", "needs_note": "needs", "contact_telephone": "telephone"}


def _local(actor: Actor) -> Actor:
    return replace(actor, role=Role.LOCAL, account_id=None, sign_in_id=None)
