# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``import KIND FILE``: a file taken in as a whole or not at all, with a report row by row."""

import json
import sys
from typing import TYPE_CHECKING

import click

from supportapp.command_line import (
    WithoutEffect,
    backend_on,
    bytes_of,
    database_option,
    local_actor,
    must_be_writable,
    refuse,
    spoken,
    the_municipality,
    write_whole,
)

if TYPE_CHECKING:
    from exports.people.mapping import ColumnMapping
    from supportapp.backend import Backend
    from supportapp.importing import FileReport

_PUBLISHED = ("events", "venues")
_PEOPLE = ("registrations", "attendees", "volunteers")


@click.command("import")
@click.argument("kind", type=click.Choice([*_PUBLISHED, *_PEOPLE]))
@click.argument("file")
@click.option("--mapping", default=None, metavar="NAME", help="Which column holds what: a kept name, or a JSON file.")
@click.option("--profile", default=None, metavar="NAME", help="The form of the file; found by its header otherwise.")
@click.option("--municipality", "code", default=None, metavar="CODE", help="6-digit code; else the one in the file.")
@click.option("--marked", default=None, metavar="FILE", help="Where the same workbook goes, its wrong cells marked.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@database_option
def import_file(
    kind: str,
    file: str,
    *,
    mapping: str | None,
    profile: str | None,
    code: str | None,
    marked: str | None,
    dry_run: bool,
    as_json: bool,
    database_url: str | None,
) -> None:
    """Take in a file of KIND: all of it, or nothing when a row cannot be read. The same file twice adds nothing."""
    wrong = {"--mapping": mapping, "--marked": marked} if kind in _PUBLISHED else {"--profile": profile}
    for option, value in wrong.items():
        if value is not None:
            raise WithoutEffect(option=option, kind=kind)
    content, name = bytes_of(file), file.replace("\\", "/").rpartition("/")[2]
    with backend_on(database_url) as backend:
        if kind in _PEOPLE:
            report = _people(backend, kind, content, name, mapping, code, dry_run=dry_run, quiet=as_json)
        else:
            report = _published(backend, kind, content, name, profile, code, dry_run=dry_run)
    if marked is not None and report.refused:
        _mark(report, content, marked)
    _tell(report, as_json=as_json)


def _published(
    backend: "Backend", kind: str, content: bytes, name: str, profile: str | None, code: str | None, *, dry_run: bool
) -> "FileReport":
    from supportapp.importing import import_events_file, import_venues_file

    take_in = import_events_file if kind == "events" else import_venues_file
    return take_in(
        backend,
        local_actor(code or ""),
        content=content,
        file_name=name,
        municipality_code=code,
        profile=profile,
        dry_run=dry_run,
    )


def _people(
    backend: "Backend",
    kind: str,
    content: bytes,
    name: str,
    mapping: str | None,
    code: str | None,
    *,
    dry_run: bool,
    quiet: bool,
) -> "FileReport":
    from supportapp.people_in.running import Progress, import_people_file

    code = the_municipality(backend, code)
    columns = _mapping_file(mapping) if mapping and mapping.endswith(".json") else None
    return import_people_file(
        backend,
        local_actor(code),
        kind=kind,
        content=content,
        file_name=name,
        municipality_code=code,
        mapping=columns,
        mapping_name=(mapping or "").replace("\\", "/").rpartition("/")[2].removesuffix(".json"),
        dry_run=dry_run,
        reason=spoken()("files_in.received_in_time"),
        progress=Progress(told=_show_progress if not quiet and sys.stderr.isatty() else Progress().told),
    )


def _mapping_file(file: str) -> "ColumnMapping":
    """A mapping as JSON: our documented header → the header of the file. Raises MappingUnreadable."""
    from exports.people.mapping import mapping_of

    return mapping_of(bytes_of(file), file_name=file.replace("\\", "/").rpartition("/")[2])


def _show_progress(step: str, done: int, total: int) -> None:
    click.echo("\r" + spoken()(f"files_in.{step}_rows", done=done, total=total), nl=done == total, err=True)


def _mark(report: "FileReport", content: bytes, file: str) -> None:
    from supportapp.people_in.marking import marked_file

    path = must_be_writable(file)
    write_whole(path, marked_file(spoken(), report, content).content)


def _tell(report: "FileReport", *, as_json: bool) -> None:
    """The report on standard output; a refusal also as one sentence on standard error, with status 1."""
    from supportapp.import_words import outcome_in_words, problem_in_words, report_for_programs

    say = spoken()
    if as_json:
        click.echo(json.dumps(report_for_programs(say, report), ensure_ascii=False))
    else:
        for line in _lines(report):
            click.echo(line)
    if report.refused:
        first = problem_in_words(say, report, report.problems[0])
        refuse(f"{outcome_in_words(say, report)} {first}")


def _lines(report: "FileReport") -> list[str]:
    from supportapp.import_words import (
        change_in_words,
        column_in_words,
        missing_in_words,
        note_in_words,
        outcome_in_words,
        problem_in_words,
    )

    say = spoken()
    lines = [change_in_words(say, each) for each in report.rows if each.outcome == "changed"]
    lines += [problem_in_words(say, report, each) for each in report.problems]
    lines += [
        say("command.note", row=each.row, column=column_in_words(say, each.column), note=note_in_words(say, each))
        for each in report.notes
    ]
    lines += [
        say("command.draft", row=each.row, title=each.title, missing=missing_in_words(say, each.missing))
        for each in report.drafts
    ]
    return lines if report.refused else [*lines, outcome_in_words(say, report)]
