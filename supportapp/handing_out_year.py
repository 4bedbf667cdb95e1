"""The lists and the report of a year as files; what holds personal data is logged before it leaves.

These functions read and write for themselves and may take a second: call them from a thread, never on the event loop.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from events.japan.clock import tokyo_date, tokyo_time
from events.japan.eras import in_era
from events.japan.fiscal_year import first_day, label, last_day
from supportapp.backend import Backend
from supportapp.figures import Share, YearFigures
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.identity import Actor
from supportapp.messages import LANGUAGES, Words, catalogue, words
from supportapp.year_report import HIDDEN_UNDER, YearReport, year_report
from volunteers.year_lists import activity_lines, insured_lines

if TYPE_CHECKING:
    from exports.files import ExportFile
    from exports.workbook.sheets import Value

Cells = list["Value"]
_SHARES: Final = ("fill", "attendance", "no_shows", "first_timers")
_COUNTS: Final = ("planned", "held", "stopped", "seats", "walk_ins", "waiting")


def hand_out_hours(
    backend: Backend, actor: Actor, *, municipality_code: str, first: date, last: date, language: str = "ja"
) -> HandedOut:
    """Who helped when and how long (xlsx, sheet 活動); logged. Raises NotAllowed, InvalidValue."""
    from exports.year_reports import hours_file  # noqa: PLC0415 -- pulls in the workbook writer

    say = words(language)
    today = tokyo_date(backend.clock())
    span: dict[str, Any] = {"municipality_code": municipality_code, "first": first, "last": last}
    lines = backend.read_now(actor, activity_lines, **span, today=today)
    rows: list[Cells] = [
        [
            str(each.session_id),
            each.workshop,
            each.held_on,
            each.venue,
            each.name,
            each.kana,
            say(f"volunteer.kind.{each.kind.value}"),
            say(f"volunteer.role.{each.role.value}"),
            tokyo_time(each.starts_at) if each.starts_at else None,
            tokyo_time(each.ends_at) if each.ends_at else None,
            round(each.minutes / 60, 2),
            say(f"year_report.state.{each.state.value}"),
        ]
        for each in lines
    ]
    period = say("export.report.period", first=in_era(first), last=in_era(last))
    file = hours_file(
        rows,
        title=say("year_report.hours_title", period=period),
        made_at=backend.clock(),
        author=actor.name,
        name=say("year_report.hours_file", period=period),
        note=say("export.report.note"),
    )
    return _logged(backend, actor, file, LeavingKind.VOLUNTEER_HOURS, len(rows), span)


def hand_out_insurance(
    backend: Backend, actor: Actor, *, municipality_code: str, fiscal_year: int, language: str = "ja"
) -> HandedOut:
    """Who is insured in a fiscal year (xlsx, sheet 保険); logged. Raises NotAllowed."""
    from exports.year_reports import insurance_file  # noqa: PLC0415 -- pulls in the workbook writer

    say = words(language)
    lines = backend.read_now(actor, insured_lines, municipality_code=municipality_code, fiscal_year=fiscal_year)
    rows: list[Cells] = [
        [each.name, each.kana, each.address, each.telephone, label(each.fiscal_year)] for each in lines
    ]
    year = label(fiscal_year)
    file = insurance_file(
        rows,
        title=say("year_report.insurance_title", year=year),
        made_at=backend.clock(),
        author=actor.name,
        name=say("year_report.insurance_file", year=year),
        note=say("export.report.note"),
    )
    span: dict[str, Any] = {
        "municipality_code": municipality_code,
        "first": first_day(fiscal_year),
        "last": last_day(fiscal_year),
    }
    return _logged(backend, actor, file, LeavingKind.INSURANCE_LIST, len(rows), span)


def hand_out_annual_report(
    backend: Backend, actor: Actor, *, municipality_code: str, fiscal_year: int, language: str = "ja"
) -> HandedOut:
    """実施報告 of a fiscal year (xlsx, ten sheets, no names); noted like the others. Raises NotAllowed, NotFound."""
    from exports.year_reports import annual_report  # noqa: PLC0415 -- pulls in the workbook writer

    say = words(language)
    found = backend.read_now(
        actor,
        year_report,
        municipality_code=municipality_code,
        fiscal_year=fiscal_year,
        today=tokyo_date(backend.clock()),
    )
    year = label(fiscal_year)
    file = annual_report(
        _tables(say, found),
        title=say("year_report.title", year=year),
        total=say("export.report.total"),
        made_at=backend.clock(),
        author=actor.name,
        name=say("year_report.file", year=year),
        note=say("year_report.note"),
    )
    span: dict[str, Any] = {
        "municipality_code": municipality_code,
        "first": first_day(fiscal_year),
        "last": last_day(fiscal_year),
    }
    return _logged(backend, actor, file, LeavingKind.ANNUAL_REPORT, len(found.sessions), span)


def _logged(
    backend: Backend, actor: Actor, file: "ExportFile", kind: LeavingKind, lines: int, span: dict[str, Any]
) -> HandedOut:
    left = backend.run_now(
        actor,
        record_file_left,
        **span,
        kind=kind,
        content=file.content,
        lines=lines,
        now=backend.clock(),
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)


def _tables(say: Words, report: YearReport) -> dict[str, list[Cells]]:
    unknown = say("export.report.unknown")
    return {
        "実施一覧": _sessions(say, report),
        "出席": [
            [
                str(each.id), each.title, each.held_on, each.counts.seated, each.counts.came_with_seat,
                each.counts.noticed, each.counts.no_shows, each.counts.walk_ins, None,
            ]
            for each in report.sessions
            if each.counts.is_ticked
        ],
        "受講者集計": [
            [
                say(f"year_report.sort.{each.sort}"), _value(say, each.sort, each.value) or unknown,
                *_shown(each.people, each.visits),
            ]
            for each in report.people
        ],
        "サポーター活動": [
            [say(f"volunteer.kind.{each.kind.value}"), each.people, each.parts, round(each.minutes / 60, 2)]
            for each in report.helpers
        ],
        "貸出": [[each.model or unknown, each.out, each.back, each.still_out] for each in report.loans],
        "相談分類": [[_topic(say, each.name), each.count, each.more] for each in report.topics],
        "アンケート": [[_question(say, question), each.name, each.count] for question, each in report.answers],
        "受付経路": [
            [say(f"attendance.channel.{channel.value}"), count, None] for channel, count in report.figures.channels
        ],
        "財源": [[each.source or unknown, each.sessions, each.came, each.cost, None] for each in report.funding],
        "定義": list(_definitions(say, report.figures, report.before)),
    }  # fmt: skip


def _sessions(say: Words, report: YearReport) -> list[Cells]:
    rows: list[Cells] = []
    paid: set[UUID] = set()
    for each in report.sessions:
        # what a workshop cost stands with its first session, so that the sum is right
        cost = None if each.workshop_id in paid else each.cost
        paid.add(each.workshop_id)
        enough = "" if not each.counts.is_ticked else "enough" if each.helpers >= each.needed else "short"
        rows.append(
            [
                each.held_on, each.title, say(f"workshop.kind.{each.counts.kind.value}"), each.venue,
                each.counts.town or None, say(f"session.state.{each.counts.state.value}"), each.counts.seats,
                each.counts.booked, each.counts.came, each.counts.walk_ins, None, each.helpers, each.needed,
                say(f"year_report.{enough}") if enough else None, each.funding or None, cost,
            ]
        )  # fmt: skip
    return rows


def _shown(people: int, visits: int) -> tuple["Value", "Value"]:
    """Figures of a group; few people could be recognised, so then nothing is told."""
    return (people, visits) if people >= HIDDEN_UNDER else (None, None)


def _value(say: Words, sort: str, value: str) -> str:
    if not value:
        return ""
    if sort == "age":
        return say(f"attendance.age.{value}")
    return say(f"year_report.phone.{value}") if sort == "phone" else value


def _topic(say: Words, name: str) -> str:
    return _worded(say, f"consultation.topic.{name}", name)


def _question(say: Words, name: str) -> str:
    return _worded(say, f"survey.question.{name}", name)


def _worded(say: Words, key: str, name: str) -> str:
    """A key of ours in words; a word of the office as it stands."""
    return say(key) if key in catalogue(LANGUAGES[0]) else name


def _definitions(say: Words, year: YearFigures, before: YearFigures) -> Sequence[Cells]:
    rows: list[Cells] = []
    for name in _COUNTS:
        now, then = getattr(year, name), getattr(before, name)
        rows.append([_named(say, name), now, now, None, then, then, None, say(f"year_report.definition.{name}")])
    for name in _SHARES:
        here: Share = getattr(year, name)
        there: Share = getattr(before, name)
        rows.append(
            [
                _named(say, name), here.percent, here.part, here.whole, there.percent, there.part, there.whole,
                say(f"year_report.definition.{name}"),
            ]
        )  # fmt: skip
    rows.append([_named(say, "hidden"), HIDDEN_UNDER, *[None] * 5, say("year_report.definition.hidden")])
    return rows


def _named(say: Words, name: str) -> str:
    return say(f"year_report.figure.{name}")
