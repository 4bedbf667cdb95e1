"""The command line: the same use cases, for whoever owns the machine. Audited as ``cli:<user of the system>``.

Exit status: 0 done; 1 refused, with the reason in one sentence on standard error; 2 wrong usage.
"""

import contextlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

import supportapp
from supportapp.command_line import (
    Commands,
    backend_on,
    database_option,
    local_actor,
    open_backend,
    refuse,
    settings_of,
    spoken,
)
from supportapp.commands_backup import backup, restore
from supportapp.commands_draw import draw
from supportapp.commands_export import export_file
from supportapp.commands_import import import_file
from supportapp.commands_matching import match
from supportapp.commands_opendata import validate_opendata
from supportapp.commands_rights import rights
from supportapp.settings import Settings, data_folder

if TYPE_CHECKING:
    from supportapp.backend import Backend

# Each command imports what it needs when it runs: `migrate` must not wait for the screens.


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(supportapp.__version__)
def main() -> None:
    """スマホ講座の予定・受付・サポーター・出欠・ファイル / workshops, bookings, volunteers, attendance, files."""


@main.command()
@database_option
def migrate(database_url: str | None) -> None:
    """Bring the schema up to date."""
    from supportapp.database import migrate as bring_up_to_date
    from supportapp.database import open_database

    database = open_database(settings_of(database_url).database)
    bring_up_to_date(database)
    database.close()
    click.echo(spoken()("command.migrated"))


@main.command("create-admin")
@click.argument("name")
@click.option("--municipality", "municipality_code", required=True, metavar="CODE", help="6-digit code of the city.")
@click.option("--municipality-name", default="", help="Name of the city, when it is not there yet.")
@click.option("--login", default=None, help="Login; default: NAME.")
@click.option("--password", envvar="SUPPORTAPP_PASSWORD", default=None, help="Asked for when it is not given.")
@database_option
def create_admin(
    name: str,
    municipality_code: str,
    municipality_name: str,
    login: str | None,
    password: str | None,
    database_url: str | None,
) -> None:
    """Make the first account of a municipality: an administrator called NAME."""
    from events.free_text import checked_text
    from supportapp.accounts import create_account, hash_password
    from supportapp.identity import Role
    from supportapp.municipalities import ensure_municipality

    name = checked_text(name, field="name", longest=100, required=True)
    login = checked_text(login or name, field="login", longest=100, required=True)
    password = password or click.prompt(spoken()("command.password"), hide_input=True, confirmation_prompt=True)
    password_hash = hash_password(password)
    actor = local_actor(municipality_code)
    with backend_on(database_url) as backend:
        backend.run_now(actor, ensure_municipality, municipality_code=municipality_code, name=municipality_name)
        made = backend.run_now(
            actor,
            create_account,
            login=login,
            name=name,
            password_hash=password_hash,
            municipality_code=municipality_code,
            role=Role.ADMINISTRATOR,
            now=backend.clock(),
        )
    click.echo(spoken()("command.account_made", login=made.login))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@database_option
def check(*, as_json: bool, database_url: str | None) -> None:
    """Check the integrity of the data and every chain of the log; prints the chains' heads for safekeeping."""
    from events.integrity import find_inconsistencies
    from supportapp.audit import check_chains

    with backend_on(database_url) as backend, backend.database.reading() as db:
        found = find_inconsistencies(db)
        chains = check_chains(db)
    broken = [chain for chain in chains if chain.first_broken is not None]
    say = spoken()
    if as_json:
        answer = {"inconsistencies": [asdict(each) for each in found], "chains": [asdict(each) for each in chains]}
        click.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        for chain in chains:
            click.echo(f"{chain.chain}\t{chain.entries}\t{chain.head}")
        for each in found:
            click.echo(say("command.inconsistency", **asdict(each)))
        for chain in broken:
            click.echo(say("command.chain_broken", chain=chain.chain, number=chain.first_broken))
    if found or broken:
        refuse(say("command.check_failed", inconsistencies=len(found), chains=len(broken)))


@main.command()
@click.option("--scale", type=click.Choice(["small", "city", "tokyo"]), required=True)
@click.option("--random-seed", type=int, default=1, show_default=True)
@database_option
def seed(scale: str, random_seed: int, database_url: str | None) -> None:
    """Fill an empty database with a synthetic population; the same seed gives the same data."""
    from events.japan.clock import tokyo_date
    from supportapp.seeding import seed_population

    with backend_on(database_url) as backend:
        today = tokyo_date(backend.clock())
        report = seed_population(backend, local_actor(), scale=scale, random_seed=random_seed, today=today)
    click.echo(json.dumps(asdict(report), ensure_ascii=False))


@main.command()
@click.option("--host", default=None, help="Address to listen on; default 127.0.0.1: this machine only.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Default 8550.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), default=None)
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), default=None)
@database_option
def serve(
    host: str | None,
    port: int | None,
    *,
    no_browser: bool,
    tls_cert: str | None,
    tls_key: str | None,
    database_url: str | None,
) -> None:
    """Serve the app on the user's own data."""
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError(spoken()("command.tls_usage"))
    settings = settings_of(database_url, host=host, port=port)
    backend = open_backend(settings)
    _serve(backend, settings, open_browser=not no_browser, tls=(tls_cert, tls_key), ready=_say_address)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Default 8550.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--reset", is_flag=True, help="Throw the earlier demo away.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line when it is ready.")
@database_option
def demo(port: int | None, *, no_browser: bool, reset: bool, as_json: bool, database_url: str | None) -> None:
    """Make a demo of four cities and serve it."""
    from supportapp.seeding import DEMO_ACCOUNTS, make_demo

    file = data_folder() / "demo.db"
    if reset and database_url is None:
        for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            each.unlink(missing_ok=True)
    settings = settings_of(
        database_url or f"sqlite:///{file}",
        port=port,
        backup_hour=24,  # only when somebody asks, and never among the backups of real data
        backup_folder=str(data_folder() / "demo-backups"),
    )
    backend = open_backend(settings)
    make_demo(backend, local_actor(), reset=reset)

    def ready(url: str) -> None:
        accounts = [asdict(account) for account in DEMO_ACCOUNTS]
        if as_json:
            click.echo(json.dumps({"url": url, "accounts": accounts}, ensure_ascii=False))
        else:
            _say_address(url)
            for account in accounts:
                click.echo("{role}\t{name}\t{password}\t{municipality}".format(**account))

    _serve(backend, settings, open_browser=not no_browser, tls=(None, None), ready=ready)


def _say_address(url: str) -> None:
    click.echo(spoken()("command.ready", url=url))


def _serve(
    backend: "Backend",
    settings: Settings,
    *,
    open_browser: bool,
    tls: tuple[str | None, str | None],
    ready: Callable[[str], None],
) -> None:
    from supportapp.serving import serve_forever

    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is how a server is meant to end
        serve_forever(backend, settings, open_browser=open_browser, tls_cert=tls[0], tls_key=tls[1], ready=ready)


main.add_command(import_file)
main.add_command(export_file)
main.add_command(match)
main.add_command(backup)
main.add_command(restore)
main.add_command(draw)
main.add_command(rights)
main.add_command(validate_opendata)
