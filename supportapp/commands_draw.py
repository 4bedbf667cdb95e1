# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``draw``: hold a draw, or prove one from its record."""

import json
from dataclasses import asdict
from uuid import UUID

import click

from supportapp.command_line import (
    backend_on,
    bytes_of,
    database_option,
    local_actor,
    must_be_writable,
    spoken,
    write_whole,
)


@click.command("draw")
@click.argument("intake_id", type=click.UUID, required=False)
@click.option("--random-seed", type=int, default=None, metavar="N", help="Draw from this seed; else from a new one.")
@click.option("--out", default=None, metavar="RECORD.json", help="Where the record goes; else to standard output.")
@click.option("--reason", default="", help="Why the draw is held before the deadline, or again.")
@click.option("--verify", "record", default=None, metavar="RECORD.json", help="Draw again and compare; no database.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@database_option
def draw(
    intake_id: UUID | None,
    random_seed: int | None,
    out: str | None,
    reason: str,
    record: str | None,
    *,
    as_json: bool,
    database_url: str | None,
) -> None:
    """Draw who gets the places of INTAKE_ID (or of a session that is its own), or prove a draw from its record."""
    holds = (random_seed, out, reason or None)
    if (intake_id is None) == (record is None) or (record is not None and any(each is not None for each in holds)):
        raise click.UsageError(spoken()("command.draw_usage"))
    if record is not None:
        _verify(record, as_json=as_json)
    elif intake_id is not None:
        _hold(database_url, intake_id, random_seed, out, reason, as_json=as_json)


def _hold(
    database_url: str | None, given_id: UUID, random_seed: int | None, out: str | None, reason: str, *, as_json: bool
) -> None:
    from events.draw.holding import hold_draw
    from supportapp.command_queries import intake_to_draw

    path = must_be_writable(out) if out else None
    with backend_on(database_url) as backend:
        found = backend.read_now(local_actor(), intake_to_draw, given_id=given_id)
        actor = local_actor(found.municipality_code)
        receipt = backend.run_now(
            actor,
            hold_draw,
            intake_id=found.intake_id,
            seed="" if random_seed is None else str(random_seed),
            reason=reason,
            now=backend.clock(),
            by=actor.name,
        )
    text = json.dumps(receipt.record, ensure_ascii=False, indent=1) + "\n"
    if path is not None:
        write_whole(path, text.encode())
    if as_json:
        click.echo(json.dumps(asdict(receipt), ensure_ascii=False, default=str))
    elif path is None:
        click.echo(text, nl=False)
    else:
        click.echo(spoken()("command.draw_held", **asdict(receipt)))


def _verify(file: str, *, as_json: bool) -> None:
    from events.draw.errors import RecordUnreadable
    from events.draw.record import verify_record

    content = bytes_of(file)
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):  # not JSON, not even text, or nested without end
        raise RecordUnreadable(part="JSON") from None
    verified = verify_record(record)
    if as_json:
        click.echo(json.dumps(asdict(verified), ensure_ascii=False))
    else:
        click.echo(spoken()("command.draw_verified", **asdict(verified)))
