# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``import KIND FILE``: a file taken in as a whole or not at all, with a report row by row."""

import json
from typing import TYPE_CHECKING

import click

from supportapp.command_line import (
    NotInThisVersion,
    WithoutEffect,
    backend_on,
    bytes_of,
    database_option,
    local_actor,
    refuse,
    spoken,
)

if TYPE_CHECKING:
    from supportapp.importing import FileReport

_KINDS = ("events", "venues", "registrations", "attendees", "volunteers")
_KNOWN = ("events", "venues")


@click.command("import")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("file")
@click.option("--mapping", default=None, metavar="NAME", help="A stored mapping of other headers.")
@click.option("--profile", default=None, metavar="NAME", help="The form of the file; found by its header otherwise.")
@click.option("--municipality", "code", default=None, metavar="CODE", help="6-digit code; else the one in the file.")
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
    dry_run: bool,
    as_json: bool,
    database_url: str | None,
) -> None:
    """Take in a file of KIND: all of it, or nothing when a row cannot be read. The same file twice adds nothing."""
    from supportapp.importing import import_events_file, import_venues_file

    if kind not in _KNOWN:
        raise NotInThisVersion(kind=kind, known=", ".join(_KNOWN))
    if mapping is not None:
        raise WithoutEffect(option="--mapping", kind=kind)
    content = bytes_of(file)
    take_in = import_events_file if kind == "events" else import_venues_file
    with backend_on(database_url) as backend:
        report = take_in(
            backend,
            local_actor(code or ""),
            content=content,
            file_name=file.replace("\\", "/").rpartition("/")[2],
            municipality_code=code,
            profile=profile,
            dry_run=dry_run,
        )
    _tell(report, as_json=as_json)


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
        column_in_words,
        missing_in_words,
        note_in_words,
        outcome_in_words,
        problem_in_words,
    )

    say = spoken()
    lines = [problem_in_words(say, report, each) for each in report.problems]
    lines += [
        say("command.note", row=each.row, column=column_in_words(say, each.column), note=note_in_words(say, each))
        for each in report.notes
    ]
    lines += [
        say("command.draft", row=each.row, title=each.title, missing=missing_in_words(say, each.missing))
        for each in report.drafts
    ]
    return lines if report.refused else [*lines, outcome_in_words(say, report)]
