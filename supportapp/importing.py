"""A published file taken in: read, converted, and stored as a whole or not at all. Used by command and screen.

report = import_events_file(backend, actor, content=…, file_name="events_132110.csv")
report.refused  # rows that cannot be read: then nothing was taken in, and ``problems`` says where and why
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlmodel import Session

from events.errors import DomainError
from events.importing import DraftNote, ImportRefused, ImportReport, OfferingRow, import_offerings
from events.importing.facilities import FacilityRow, import_venues
from events.importing.people import RowOutcome
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.municipalities import ensure_municipality
from supportapp.own_data import OwnRows, facility_rows_of, own_facilities, own_rows
from supportapp.row_remarks import RowRemark


class NoMunicipality(DomainError):
    """The file does not say for which municipality it is, or for several: ``codes``. Say which one is meant."""

    code = "no_municipality"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file. ``read`` = ``added`` + ``changed`` + ``unchanged`` + ``refused`` + repeated rows.

    With ``refused`` rows nothing was taken in. ``rehearsal``: it was only tried, nothing was kept. ``rows`` tells of
    each row of a people's list what becomes of it.
    """

    file: str
    municipality_code: str
    read: int
    added: int
    changed: int
    unchanged: int
    refused: int
    problems: tuple[RowRemark, ...]
    notes: tuple[RowRemark, ...]
    drafts: tuple[DraftNote, ...]
    unknown_headers: tuple[str, ...]
    rehearsal: bool
    rows: tuple[RowOutcome, ...] = ()


class _Remark(Protocol):
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def code(self) -> str: ...


class _ReadFile(Protocol):
    @property
    def read(self) -> int: ...
    @property
    def problems(self) -> Sequence[_Remark]: ...
    @property
    def notes(self) -> Sequence[_Remark]: ...
    @property
    def unknown_headers(self) -> tuple[str, ...]: ...


class _Rehearsed(Exception):
    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def import_events_file(
    backend: Backend,
    actor: Actor,
    *,
    content: bytes,
    file_name: str,
    municipality_code: str | None = None,
    profile: str | None = None,
    dry_run: bool = False,
) -> FileReport:
    """Take in an event file. Without a code it is the one the file names.

    Raises UnknownProfile, UnreadableFile, NoMunicipality, NotFound, NotAllowed.
    """
    from exports.opendata.events_reading import read_events  # noqa: PLC0415 -- only where a file comes in
    from exports.opendata.offering_rows import offering_rows  # noqa: PLC0415 -- only where a file comes in

    found = read_events(content, file_name=file_name, profile=profile)
    code = _code(municipality_code or _only_local(actor), {each.code for each in found.offerings}, found)
    rows = tuple(
        replace(row, phone_systems=tuple(kind.value for kind in offering.phones))
        for offering, row in zip(found.offerings, offering_rows(found.offerings), strict=True)
    )
    strangers = [
        RowRemark(each.sessions[0].row, "", each.code, "other_municipality")
        for each in found.offerings
        if each.code and each.code != code
    ]
    store = rehearse_offerings if dry_run else import_offerings
    own = own_rows(backend, code, found.profile) if code else OwnRows()
    arguments = {"offerings": tuple(row for row in rows if not own.holds(row)), "now": backend.clock()}
    strangers += own.changed(rows)
    kept = sum(len(row.sessions) for row in rows if own.holds(row))
    return _stored(backend, actor, found, strangers, file_name, code, store, arguments, rehearsal=dry_run, kept=kept)


def import_venues_file(
    backend: Backend,
    actor: Actor,
    *,
    content: bytes,
    file_name: str,
    municipality_code: str | None = None,
    profile: str | None = None,
    dry_run: bool = False,
) -> FileReport:
    """Take in a list of facilities; the same promises as for events."""
    from exports.opendata.venues_reading import read_venues  # noqa: PLC0415 -- only where a file comes in

    found = read_venues(content, file_name=file_name, profile=profile)
    code = _code(municipality_code or _only_local(actor), {each.code for each in found.venues}, found)
    facilities = facility_rows_of(found.venues)
    strangers = [
        RowRemark(each.row, "", each.code, "other_municipality")
        for each in found.venues
        if each.code and each.code != code
    ]
    store = rehearse_venues if dry_run else import_venues
    own = own_facilities(backend, code, found.profile) if code else frozenset()
    arguments = {"facilities": tuple(each for each in facilities if repr(replace(each, row=0)) not in own)}
    kept = len(facilities) - len(arguments["facilities"])
    return _stored(backend, actor, found, strangers, file_name, code, store, arguments, rehearsal=dry_run, kept=kept)


def rehearse_offerings(
    db: Session, *, municipality_code: str, offerings: Sequence[OfferingRow], now: Any, by: str
) -> ImportReport:
    """What an import would do; the transaction is undone, also where the municipality is new."""
    ensure_municipality(db, municipality_code=municipality_code, name="")
    raise _Rehearsed(import_offerings(db, municipality_code=municipality_code, offerings=offerings, now=now, by=by))


def rehearse_venues(db: Session, *, municipality_code: str, facilities: Sequence[FacilityRow], by: str) -> ImportReport:
    """What an import would do; the transaction is undone, also where the municipality is new."""
    ensure_municipality(db, municipality_code=municipality_code, name="")
    raise _Rehearsed(import_venues(db, municipality_code=municipality_code, facilities=facilities, by=by))


def _only_local(actor: Actor) -> str | None:
    """Whoever works in a municipality imports for it; the command line may leave it to the file."""
    return None if actor.role is Role.LOCAL else actor.municipality_code


def _code(wanted: str | None, named: set[str], found: _ReadFile) -> str:
    codes = {code for code in named if code}
    if wanted:
        return wanted
    if not codes and any(problem.value for problem in found.problems):
        return ""  # what stands there could not be read: those problems are the answer, and nothing is stored
    if len(codes) != 1:
        raise NoMunicipality(codes=", ".join(sorted(codes)))
    return codes.pop()


def _stored(
    backend: Backend,
    actor: Actor,
    found: _ReadFile,
    strangers: Sequence[RowRemark],
    file_name: str,
    code: str,
    store: Callable[..., ImportReport],
    arguments: dict[str, Any],
    *,
    rehearsal: bool,
    kept: int,
) -> FileReport:
    problems = [*map(_remark, found.problems), *strangers]
    report = ImportReport(found.read)
    if not problems:
        if actor.role is Role.LOCAL and not rehearsal:
            backend.run_now(actor, ensure_municipality, municipality_code=code, name="")
        report = _run(backend, actor, code, store, arguments)
        problems = [RowRemark(each.row, each.column, each.value, each.code) for each in report.problems]
    return FileReport(
        file=file_name,
        municipality_code=code,
        read=found.read,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged + (0 if problems else kept),
        refused=len({problem.row for problem in problems}),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        notes=tuple(map(_remark, found.notes)),
        drafts=report.drafts,
        unknown_headers=found.unknown_headers,
        rehearsal=rehearsal,
    )


def _remark(each: _Remark) -> RowRemark:
    return RowRemark(each.row, each.column, each.value, each.code)


def _run(
    backend: Backend, actor: Actor, code: str, store: Callable[..., ImportReport], arguments: dict[str, Any]
) -> ImportReport:
    try:
        return backend.run_now(actor, store, municipality_code=code, by=actor.name, **arguments)
    except _Rehearsed as rehearsed:
        return rehearsed.report
    except ImportRefused as refused:
        return refused.report
