# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``match``: who helps where, for a problem file or for the sessions of some days."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from events.errors import InvalidValue
from supportapp.command_line import (
    backend_on,
    bytes_of,
    database_option,
    local_actor,
    must_be_writable,
    spoken,
    the_municipality,
    write_whole,
)

_DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command("match")
@click.option("--problem", default=None, metavar="FILE.json", help="Solve this problem; no database is asked.")
@click.option("--from", "first", type=_DATE, default=None, metavar="DATE", help="First day, Tokyo date.")
@click.option("--to", "last", type=_DATE, default=None, metavar="DATE", help="Last day, included.")
@click.option("--municipality", "code", default=None, metavar="CODE", help="6-digit code of the city.")
@click.option("--out", default=None, metavar="FILE.json", help="Where the plan goes; else to standard output.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), default=None, metavar="SECONDS")
@click.option("--apply", is_flag=True, help="Store the assignments; every rule is checked again.")
@database_option
def match(
    problem: str | None,
    first: datetime | None,
    last: datetime | None,
    code: str | None,
    out: str | None,
    time_limit: float | None,
    *,
    apply: bool,
    database_url: str | None,
) -> None:
    """Propose assignments, as few open needs as possible; the plan is one JSON object."""
    days = [name for name, value in (("--from", first), ("--to", last), ("--municipality", code)) if value is not None]
    if (problem is None) == (not days):
        raise click.UsageError(spoken()("command.match_usage"))
    if problem is not None and apply:
        raise click.UsageError(spoken()("command.apply_usage"))
    if problem is None and (first is None or last is None):
        raise click.UsageError(spoken()("command.match_usage"))
    path = must_be_writable(out) if out else None
    if problem is not None:
        plan = _plan_of_file(problem, time_limit)
    else:
        assert first is not None
        assert last is not None
        if last < first:
            raise InvalidValue(field="last", value=last.date(), problem="before_first", first=first.date())
        plan = _plan_of_days(database_url, code, first, last, time_limit, apply=apply)
    text = json.dumps(plan, ensure_ascii=False, indent=1) + "\n"
    if path is None:
        click.echo(text, nl=False)
    else:
        write_whole(path, text.encode())


def _plan_of_file(file: str, time_limit: float | None) -> dict[str, Any]:
    from supportapp.matching_run import match_problem_file

    bytes_of(file)  # a missing file or a folder is refused by name
    return match_problem_file(Path(file), time_limit)


def _plan_of_days(
    database_url: str | None,
    code: str | None,
    first: datetime,
    last: datetime,
    time_limit: float | None,
    *,
    apply: bool,
) -> dict[str, Any]:
    from supportapp.matching_run import match_span

    with backend_on(database_url) as backend:
        code = the_municipality(backend, code)
        return match_span(backend, local_actor(code), code, first.date(), last.date(), time_limit, apply=apply)
