# ruff: noqa: PLC0415 -- each command imports only what it needs: `migrate` must not wait for the screens
"""``rights``: the table of rights as a file that can be printed."""

from datetime import UTC, datetime

import click

from supportapp.command_line import language, must_be_writable, spoken, write_whole


@click.command()
@click.option("--out", required=True, metavar="FILE", help="Where the xlsx file goes; an older one is replaced.")
def rights(out: str) -> None:
    """Write the table of rights: what each role may do, and how far it reaches."""
    from supportapp.rights_table import rights_workbook

    path = must_be_writable(out)
    write_whole(path, rights_workbook(language=language(), made_at=datetime.now(UTC)).content)
    click.echo(spoken()("command.written", file=out))
