"""Files for people: queries in, one file out, and whatever holds personal data is logged before it leaves.

Called by the command line, by the addresses of this server and by the screens. These functions read and write for
themselves and may take a second: call them from a thread, never on the event loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from events.calendar_queries import municipality_of_session
from events.day_lists import AttendanceLine, Roster, RosterLine, attendance_lines, roster
from events.japan.clock import tokyo_date, tokyo_time
from events.japan.eras import in_era, on_paper
from supportapp.backend import Backend
from supportapp.file_words import age_in_words, needs_in_words, report_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.identity import Actor
from supportapp.messages import Words, words

if TYPE_CHECKING:
    from exports.files import ExportFile
    from exports.reports import AttendanceRow, RosterRow

LISTED: Final = "・"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file that was made and written down: what the person is told. ``note`` says what is special about it."""

    file: "ExportFile"
    kind: LeavingKind
    lines: int
    logged_at: datetime
    note: str = ""


def hand_out_roster(backend: Backend, actor: Actor, *, session_id: UUID, language: str = "ja") -> HandedOut:
    """The roster for the table of one session (xlsx); logged. Raises NotFound, NotAllowed."""
    from exports.reports import roster_report  # noqa: PLC0415 -- pulls in the workbook writer

    say = words(language)
    found = backend.read_now(actor, roster, session_id=session_id)
    now = backend.clock()
    file = roster_report(
        [_roster_row(line, say) for line in found.lines],
        title=_roster_title(found, say),
        made_at=now,
        author=actor.name,
        words=report_words(say),
        file_name=say("export.report.roster_file", title=found.title, date=in_era(found.held_on)),
        note=say("export.report.note"),
    )
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=found.municipality_code,
        kind=LeavingKind.ROSTER,
        content=file.content,
        lines=len(found.lines),
        session_id=session_id,
        now=now,
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)


def hand_out_attendance(
    backend: Backend,
    actor: Actor,
    *,
    municipality_code: str,
    first: date,
    last: date,
    session_id: UUID | None = None,
    language: str = "ja",
) -> HandedOut:
    """Who came, from ``first`` to ``last`` (Tokyo dates, both included) or at one session (xlsx); logged.

    Raises NotFound, NotAllowed, InvalidValue (``last`` before ``first``).
    """
    from exports.reports import attendance_report  # noqa: PLC0415 -- pulls in the workbook writer

    say = words(language)
    span: dict[str, Any] = {
        "municipality_code": municipality_code,
        "first": first,
        "last": last,
        "session_id": session_id,
    }
    lines = backend.read_now(actor, attendance_lines, **span)
    now = backend.clock()
    period = _period(lines, first, last, session_id, say)
    file = attendance_report(
        [_attendance_row(line, say) for line in lines],
        title=say("export.report.attendance_title", period=period),
        made_at=now,
        author=actor.name,
        words=report_words(say),
        file_name=say("export.report.attendance_file", period=period),
        note=say("export.report.note"),
    )
    left = backend.run_now(
        actor,
        record_file_left,
        **span,
        kind=LeavingKind.ATTENDANCE,
        content=file.content,
        lines=len(lines),
        now=now,
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)


def hand_out_session_attendance(backend: Backend, actor: Actor, *, session_id: UUID, language: str = "ja") -> HandedOut:
    """Who came to one session (xlsx); logged. Raises NotFound, NotAllowed."""
    place = backend.read_now(actor, municipality_of_session, session_id=session_id)
    return hand_out_attendance(
        backend,
        actor,
        municipality_code=place.municipality_code,
        first=place.held_on,
        last=place.held_on,
        session_id=session_id,
        language=language,
    )


def numbered(title: str, number: int, of_sessions: int, say: Words) -> str:
    """A workshop's title with what tells its sessions apart; a single one needs no number."""
    return say("calendar_file.numbered_title", title=title, number=number) if of_sessions > 1 else title


def _roster_row(line: RosterLine, say: Words) -> "RosterRow":
    from exports.reports import RosterRow  # noqa: PLC0415 -- pulls in the workbook writer

    return RosterRow(
        name=line.name,
        kana=line.kana,
        attendance=line.attendance.value if line.attendance is not None else None,
        device=line.device,
        needs=LISTED.join(needs_in_words(say, line.needs)),
        note=say("attendance.companions", count=line.companions) if line.companions else "",
    )


def _roster_title(found: Roster, say: Words) -> str:
    when = on_paper(found.held_on, _clock(found.starts_at))
    place = " ".join(part for part in (found.venue, found.room) if part)
    return say("export.report.roster_title", title=found.title, when=when, place=place).strip()


def _attendance_row(line: AttendanceLine, say: Words) -> "AttendanceRow":
    from exports.reports import AttendanceRow  # noqa: PLC0415 -- pulls in the workbook writer

    over = say("attendance.over_seats", reason=line.over_seats_reason) if line.over_seats_reason else ""
    return AttendanceRow(
        session_id=line.session_id,
        workshop=numbered(line.workshop, line.number, line.of_sessions, say),
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        venue=line.venue,
        receipt_number=line.receipt_number,
        name=line.name,
        kana=line.kana,
        age_band=age_in_words(say, line.age_band),
        channel=line.channel.value,
        attendance=line.attendance.value if line.attendance is not None else None,
        checked_in_at=line.arrived_at,
        left_at=line.left_at,
        walk_in=line.walk_in,
        note=LISTED.join(part for part in (line.note, over) if part),
    )


def _period(lines: Sequence[AttendanceLine], first: date, last: date, session_id: UUID | None, say: Words) -> str:
    if session_id is not None and lines:
        one = lines[0]
        return f"{one.workshop} {in_era(tokyo_date(one.starts_at))}"
    if first == last:
        return in_era(first)
    return say("export.report.period", first=in_era(first), last=in_era(last))


def _clock(moment: datetime | None) -> time | None:
    return tokyo_time(moment) if moment is not None else None
