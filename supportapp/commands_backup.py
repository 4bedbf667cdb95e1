# ruff: noqa: PLC0415 -- each command imports only what it needs: `migrate` must not wait for the screens
"""``backup`` and ``restore``: the whole data, out while people work, and into an empty place."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from supportapp.command_line import MissingFile, database_option, must_be_writable, settings_of, spoken
from supportapp.settings import Settings


def _passphrase(settings: Settings, *, make: bool) -> str:
    """What was set or kept; asked for, or made and said, when there is none."""
    from supportapp.backups.passphrase import known_passphrase, make_passphrase, passphrase_file

    known = known_passphrase(settings)
    if known is None and make:
        known = make_passphrase()
        click.echo(spoken()("command.passphrase_made", file=str(passphrase_file())), err=True)
    return known or str(click.prompt(spoken()("command.passphrase"), hide_input=True, err=True))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--check", "prove", is_flag=True, help="Restore it into an empty place afterwards and check it there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@database_option
def backup(file: str, *, prove: bool, as_json: bool, database_url: str | None) -> None:
    """Write all data into FILE, encrypted, while people work.

    The passphrase is SUPPORTAPP_BACKUP_PASSPHRASE, or one that is made once and kept beside the data.
    """
    from supportapp.backups.proof import prove_backup
    from supportapp.backups.writing import write_backup
    from supportapp.database import open_database

    settings = settings_of(database_url)
    path = must_be_writable(file)
    if hasattr(os, "nice"):
        os.nice(10)  # whoever taps meanwhile goes first
    passphrase = _passphrase(settings, make=True)
    database = open_database(settings.database)
    try:
        written = write_backup(database, path, passphrase, now=datetime.now(UTC))
    finally:
        database.close()
    proof = prove_backup(path, passphrase) if prove else None
    if as_json:
        click.echo(json.dumps({"rows": written.rows, "size": written.size, "proof": proof and asdict(proof)}))
    else:
        click.echo(spoken()("command.backed_up", file=path.name, rows=written.rows, size=written.size))
        if proof:
            click.echo(spoken()("command.backup_proved", rows=proof.rows))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@database_option
def restore(file: str, database_url: str | None) -> None:
    """Fill an empty database from a backup; one that holds data is refused."""
    from supportapp.backups.restoring import restore_backup
    from supportapp.database import open_database

    path = Path(file)
    if not path.is_file():
        raise MissingFile(file=path.name)
    settings = settings_of(database_url)
    passphrase = _passphrase(settings, make=False)
    database = open_database(settings.database)
    try:
        restored = restore_backup(database, path, passphrase)
    finally:
        database.close()
    click.echo(spoken()("command.restored", file=path.name, rows=restored.rows, written_at=restored.written_at))
