"""From a button to a file in the person's hands: made off the event loop, logged, fetched once by the browser."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from events.errors import DomainError
from events.japan.clock import tokyo_time
from supportapp.handing_out import HandedOut
from supportapp.hooks import Office, use_office
from supportapp.waiting_files import leave_file, new_token
from supportapp.wording import refusal

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handing:
    """How it stands: ``busy``, ``error`` as a sentence, or ``done`` as a sentence that says what was written down."""

    busy: bool = False
    error: str | None = None
    done: str | None = None
    refused: DomainError | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Await it with what makes the file. The address it is fetched from works once and for some minutes only."""

    office: Office
    state: Handing
    launcher: ft.UrlLauncher = field(compare=False)
    _set: Callable[[Handing], Any] = field(compare=False)

    @property
    def busy(self) -> bool:
        """Whether a file is being made."""
        return self.state.busy

    @property
    def error(self) -> str | None:
        """Why there is no file."""
        return self.state.error

    @property
    def refused(self) -> DomainError | None:
        """The refusal itself, where a screen offers a way on."""
        return self.state.refused

    @property
    def done(self) -> str | None:
        """What was handed over and written down."""
        return self.state.done

    def clear(self) -> None:
        """Forget the last one."""
        self._set(Handing())

    async def __call__(self, make: Callable[[], HandedOut]) -> None:
        """Make the file in a thread and let the browser fetch it."""
        self._set(Handing(busy=True))
        try:
            handed = await asyncio.to_thread(make)
            path = await self._left(handed)
        except DomainError as error:
            self._set(Handing(error=refusal(self.office.words, error), refused=error))
            return
        except Exception:  # noqa: BLE001 -- whatever went wrong, the person is told and the screen stays
            _LOG.exception("a file could not be made")
            self._set(Handing(error=self.office.words("error.unexpected")))
            return
        await self.launcher.launch_url(path, web_only_window_name="_self")
        self._set(Handing(done=self._told(handed)))

    async def _left(self, handed: HandedOut) -> str:
        token = new_token()
        office = self.office
        await office.backend.run(
            office.actor,
            leave_file,
            municipality_code=office.actor.municipality_code,
            account_id=office.actor.account_id,
            session_id=office.actor.session_id,
            token=token,
            name=handed.file.name,
            media_type=handed.file.media_type,
            content=handed.file.content,
            minutes=self.office.settings.file_minutes,
            now=office.now(),
        )
        return f"/files/{token}"

    def _told(self, handed: HandedOut) -> str:
        at = f"{tokyo_time(handed.logged_at):%H:%M}"
        told = self.office.words("export.handed", name=handed.file.name, lines=handed.lines, time=at)
        return f"{told} {handed.note}".strip()


def use_hand_over() -> HandOver:
    """A way to hand a file over from this screen."""
    office = use_office()
    launcher = ft.use_memo(ft.UrlLauncher, [])  # lives as long as the screen: a passing one never answers
    state, set_state = ft.use_state(Handing())
    return HandOver(office, state, launcher, set_state)
