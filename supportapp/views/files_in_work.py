"""The work behind the screen of files that come in: off the event loop, told how far it is, refused in a sentence."""

import asyncio
import contextlib
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from events.errors import DomainError
from exports.tables.errors import UnreadableFile
from supportapp.hooks import Office
from supportapp.importing import FileReport, import_events_file, import_venues_file
from supportapp.people_in.running import Progress, import_people_file
from supportapp.wording import refusal

R = TypeVar("R")

PUBLISHED: Final[Mapping[str, Callable[..., FileReport]]] = {
    "events": import_events_file,
    "venues": import_venues_file,
}
KINDS: Final = ("registrations", "attendees", "volunteers", *PUBLISHED)
_TOLD_EVERY: Final = 0.3  # seconds between two pictures of how far a list is
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file to be tried or taken in. ``mapping``: columns, fixed texts, and the name to keep them by."""

    kind: str
    name: str
    content: bytes
    dry_run: bool
    mapping: tuple[Mapping[str, str], Mapping[str, str], str] | None = None


def bring_in(office: Office, file: Arriving, progress: Progress) -> FileReport:
    """Try a file, or take it in; called in a thread."""
    common: dict[str, Any] = {
        "content": file.content,
        "file_name": file.name,
        "municipality_code": office.actor.municipality_code,
        "dry_run": file.dry_run,
    }
    if file.kind in PUBLISHED:
        return PUBLISHED[file.kind](office.backend, office.actor, **common)
    columns, fixed, name = file.mapping or ({}, {}, "")
    return import_people_file(
        office.backend,
        office.actor,
        kind=file.kind,
        **common,
        columns=columns,
        fixed=fixed,
        mapping_name=name,
        reason=office.words("files_in.received_in_time"),
        progress=progress,
    )


def on_loop(told: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
    """Let a thread tell this screen how far it is: a few times a second, and the first and last of each step."""
    loop, around = asyncio.get_running_loop(), contextvars.copy_context()
    last: list[Any] = ["", 0.0]

    def tell(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != last[0] or done == total or now - last[1] >= _TOLD_EVERY:
            last[:] = [step, now]
            with contextlib.suppress(RuntimeError):  # the loop is closing: nobody is there to see it
                loop.call_soon_threadsafe(told, step, done, total, context=around)

    return tell


async def tried(office: Office, work: Awaitable[R], refused: Callable[..., None]) -> tuple[R] | None:
    """What the work answered; None when it was refused, and then the person has read why."""
    try:
        return (await work,)
    except UnreadableFile as error:
        refused(refusal(office.words, error), error)
    except DomainError as error:
        refused(refusal(office.words, error))
    except Exception:  # noqa: BLE001 -- a fault must not freeze the screen; it goes to the log
        _LOG.exception("bringing a file in failed")
        refused(office.words("error.unexpected"))
    return None
