# ruff: noqa: PLC0415 -- each command imports only what it needs: `migrate` must not wait for the screens
"""What all commands share: the way to the database, who acts, and refusals that become one sentence.

Exit status: 0 done; 1 refused, with the reason in one sentence on standard error; 2 wrong usage.
"""

import getpass
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from events.errors import DomainError
from supportapp.settings import Settings, data_folder

if TYPE_CHECKING:
    from supportapp.backend import Backend
    from supportapp.identity import Actor

R = TypeVar("R")
_LOG = logging.getLogger(__name__)


class CommandRefused(DomainError):
    """A command cannot be done as it was given."""

    code = "command_refused"


class MissingFile(CommandRefused):
    """There is no ``file`` of that name."""

    code = "missing_file"


class UnreadableBytes(CommandRefused):
    """The ``file`` is there and cannot be opened (a folder, no right to read, a broken disk)."""

    code = "cannot_open_file"


class UnwritableFile(CommandRefused):
    """The ``file`` cannot be written: its folder is missing, it is a folder itself, or there is no right."""

    code = "cannot_write_file"


class UnknownMunicipality(CommandRefused):
    """No municipality of that code in this database: ``value``."""

    code = "unknown_municipality"


class ForgotMunicipality(CommandRefused):
    """The database holds several municipalities (``codes``), or none: which is meant must be said."""

    code = "forgot_municipality"


class BadSetting(CommandRefused):
    """A SUPPORTAPP_… variable that should be a number is ``value``."""

    code = "bad_setting"


class WithoutEffect(CommandRefused):
    """An ``option`` that this ``kind`` cannot follow; nothing is done rather than something else."""

    code = "option_without_effect"


def language() -> str:
    """The language of messages: SUPPORTAPP_LANGUAGE, or the locale's; Japanese for any but English."""
    chosen = os.environ.get("SUPPORTAPP_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if chosen.lower().startswith("en") else "ja"


def spoken() -> Callable[..., str]:
    """The sentences of that language."""
    from supportapp.messages import words

    return words(language())


def refuse(sentence: str) -> NoReturn:
    """Say why on standard error, as one line, and end with status 1."""
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(1)


class Commands(click.Group):
    """Turns every refusal and every fault into one sentence and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; nothing but usage errors and exits gets past here."""
        _speak_anywhere()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:  # noqa: BLE001 -- a stack trace helps nobody at an office
            refuse(_reason(error))


def _speak_anywhere() -> None:
    """A terminal that knows no Japanese shows something instead of breaking off."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


def _reason(error: Exception) -> str:
    from supportapp.wording import refusal

    try:
        return refusal(spoken(), error) if isinstance(error, DomainError) else _fault(error)
    except (KeyError, ValueError, TypeError) as wordless:  # a sentence that is missing or asks for another value
        return _fault(wordless)


def _fault(error: Exception) -> str:
    import sqlalchemy.exc

    say = spoken()
    _keep_details()
    if isinstance(error, (sqlalchemy.exc.ArgumentError, ImportError)):
        return say("command.bad_database_address")
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        reason = (str(error.orig).strip().splitlines() or [""])[0]
        return say("command.no_database", reason=reason)
    if type(error).__name__ == "CommandError":  # Alembic's: the schema is of another version
        return say("command.newer_database")
    if isinstance(error, OSError):
        return say("command.no_file", file=error.filename or "", reason=error.strerror or type(error).__name__)
    return say("command.fault", kind=type(error).__name__)


def _keep_details() -> None:
    """Where the fault came from goes to a log file, and only when SUPPORTAPP_DEBUG asks for it."""
    if os.environ.get("SUPPORTAPP_DEBUG"):
        file = data_folder() / "supportapp.log"
        with file.open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc())


def database_option(command: Callable[..., R]) -> Callable[..., R]:
    """``--database URL``, which every command takes."""
    return click.option(
        "--database",
        "database_url",
        envvar="SUPPORTAPP_DATABASE",
        metavar="URL",
        help="sqlite:///FILE or postgresql+psycopg://…; default: one file in the user's data folder.",
    )(command)


def settings_of(database_url: str | None, **changes: Any) -> Settings:
    """Settings from the environment, with what the command line says instead."""
    given = {name: value for name, value in changes.items() if value is not None}
    if database_url:
        given["database"] = database_url
    try:
        found = Settings.from_environment()
    except ValueError as error:
        raise BadSetting(value=str(error).rpartition(":")[2].strip(" '")) from None
    return replace(found, **given)


def open_backend(settings: Settings) -> "Backend":
    """A backend on a database whose schema is current; an older one is brought up to date first."""
    from supportapp.backend import Backend
    from supportapp.database import is_current, migrate, open_database

    database = open_database(settings.database)
    if not is_current(database):
        migrate(database)
    return Backend(database)


@contextmanager
def backend_on(database_url: str | None) -> Iterator["Backend"]:
    """A backend for one command, closed afterwards."""
    backend = open_backend(settings_of(database_url))
    try:
        yield backend
    finally:
        backend.close()


def local_actor(municipality_code: str = "") -> "Actor":
    """The local administrator, named after the user of the system."""
    from supportapp.identity import Actor, Role

    return Actor(name=f"cli:{getpass.getuser()}", role=Role.LOCAL, municipality_code=municipality_code)


def the_municipality(backend: "Backend", code: str | None) -> str:
    """The code that was given, if there is such a municipality; without one, the only one there is.

    Raises UnknownMunicipality, ForgotMunicipality.
    """
    from supportapp.command_queries import municipality_codes

    known = backend.read_now(local_actor(), municipality_codes)
    if code is None and len(known) == 1:
        return known[0]
    if code is None:
        raise ForgotMunicipality(codes=", ".join(known))
    if code not in known:
        raise UnknownMunicipality(value=code)
    return code


def _short(file: str) -> str:
    """The last part of a path: a sentence has no room for all of it."""
    return Path(file).name or file


def bytes_of(file: str) -> bytes:
    """The content of a file. Raises MissingFile, UnreadableBytes."""
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise MissingFile(file=_short(file)) from None
    except OSError:
        raise UnreadableBytes(file=_short(file)) from None


def must_be_writable(file: str) -> Path:
    """The place a file goes to, looked at before anything is logged as having left. Raises UnwritableFile."""
    path = Path(file)
    if path.is_dir() or not path.absolute().parent.is_dir() or not os.access(path.absolute().parent, os.W_OK):
        raise UnwritableFile(file=_short(file))
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever looks meanwhile sees the old one or the new one. Raises UnwritableFile."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise UnwritableFile(file=path.name) from None


def use_official_profile() -> None:
    """Fill the empty slot of the official event list from the user's folder, if its header row lies there."""
    from exports.opendata.profiles import SLOT, fill_slot

    file = data_folder() / "profiles" / f"{SLOT}.csv"
    if file.is_file():
        fill_slot(file.read_bytes(), file_name=file.name)
