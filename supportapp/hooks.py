"""What a screen may ask for: the office it stands in, answers to questions, and a way to act.

``use_query`` reads off the event loop, keeps the last answer while it reads again, and reads again by itself when a
topic it listens to is told. ``use_action`` runs a use case and turns a refusal into a sentence: the only place in
the screens that catches one.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

import flet as ft
from sqlmodel import Session

from events.errors import DomainError
from events.japan.clock import tokyo_date
from supportapp.accounts import SignedIn
from supportapp.backend import Backend
from supportapp.identity import Actor
from supportapp.messages import Words
from supportapp.settings import Settings
from supportapp.theme import Look, look_of
from supportapp.wording import refusal

P = ParamSpec("P")
R = TypeVar("R")
_LOG = logging.getLogger(__name__)
PACE = 0.25


@dataclass(frozen=True, slots=True)
class Office:
    """Everything around a screen: who acts, where the data is, in which words."""

    backend: Backend
    settings: Settings
    signed_in: SignedIn
    words: Words
    language: str
    page: ft.Page
    sign_out: Callable[[], Coroutine[Any, Any, None]]
    change_look: Callable[..., Coroutine[Any, Any, None]]
    change_role: Callable[[Any], Coroutine[Any, Any, None]]
    note_saved: Callable[[], Coroutine[Any, Any, None]]

    @property
    def look(self) -> Look:
        """How the person likes the screen."""
        return look_of(self.signed_in.preferences)

    @property
    def actor(self) -> Actor:
        """Who acts, in which role, for which municipality."""
        return self.signed_in.actor

    @property
    def account_id(self) -> UUID:
        """The account that is signed in; whoever sits at a screen has one."""
        if self.actor.account_id is None:
            raise RuntimeError("somebody at a screen is signed in with an account")
        return self.actor.account_id

    @property
    def today(self) -> date:
        """Today's date in Tokyo."""
        return tokyo_date(self.backend.clock())

    def now(self) -> datetime:
        """This moment, aware UTC."""
        return self.backend.clock()

    def go(self, path: str) -> None:
        """Open another screen; Back returns here."""
        self.page.run_task(self.page.push_route, path)


_OfficeContext = ft.create_context(None)


def in_office(office: Office, screen: Callable[[], R]) -> R:
    """Draw ``screen`` with ``office`` around it."""
    provide: Any = _OfficeContext
    drawn: R = provide(office, screen)
    return drawn


def use_office() -> Office:
    """The office this screen stands in."""
    office: Any = ft.use_context(_OfficeContext)
    if office is None:
        raise RuntimeError("a screen was drawn outside of an office")
    found: Office = office
    return found


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What a query said: ``value`` (the last one while reading again), or ``error`` as a sentence."""

    value: R | None = None
    error: str | None = None
    loading: bool = True
    refresh: Callable[[], None] = field(default=lambda: None, compare=False)


def use_query(
    query: Callable[Concatenate[Session, P], R],
    topics: Sequence[str] = (),
    *args: P.args,
    **kwargs: P.kwargs,
) -> Answer[R]:
    """Read ``query`` now, when its arguments change, and whenever one of ``topics`` is told."""
    office = use_office()
    nothing_yet: Answer[R] = Answer()
    answer, set_answer = ft.use_state(nothing_yet)
    version, set_version = ft.use_state(0)
    newest = ft.use_ref(0)

    async def read() -> None:
        newest.current = mine = (newest.current or 0) + 1
        read_answer: Answer[R]
        try:
            value = await office.backend.read(office.actor, query, *args, **kwargs)
        except DomainError as error:
            read_answer = Answer(None, refusal(office.words, error), loading=False)
        except Exception:  # noqa: BLE001 -- a fault must not freeze the screen; it goes to the log
            _LOG.exception("reading %s failed", query.__qualname__)
            read_answer = Answer(None, office.words("error.unexpected"), loading=False)
        else:
            read_answer = Answer(value, None, loading=False)
        if newest.current == mine:  # an older question must not overwrite a newer answer
            set_answer(read_answer)

    def again() -> None:
        set_version(lambda number: number + 1)

    def listen() -> Callable[[], None]:
        heard = _on_loop(lambda _topic: again())
        ends = [office.backend.hub.subscribe(topic, heard) for topic in topics]

        def unsubscribe() -> None:
            for end in ends:
                end()

        return unsubscribe

    asked = (query.__qualname__, args, tuple(sorted(kwargs.items(), key=lambda item: item[0])))
    ft.use_effect(read, [version, repr(asked), office.actor])
    use_subscription(listen, [tuple(topics)])
    return replace(answer, refresh=again)


def use_subscription(subscribe: Callable[[], Callable[[], None]], dependencies: Sequence[object]) -> None:
    """Subscribe when the screen appears and end it when the screen goes or its dependencies change."""
    end: Any = ft.use_ref(None)

    def stop() -> None:
        if end.current is not None:
            end.current()
            end.current = None

    def start() -> None:
        stop()
        end.current = subscribe()

    ft.use_effect(start, list(dependencies), cleanup=stop)


def _on_loop(listener: Callable[[str], None]) -> Callable[[str], None]:
    """Let a listener run on this screen's event loop and in its page's context, whichever thread brings the news.

    The first news is heard at once, what follows at most every ``PACE`` seconds: twenty tablets that tap at the same
    time must not make every screen read four hundred times a second.
    """
    loop, around = asyncio.get_running_loop(), contextvars.copy_context()
    waiting, last = False, float("-inf")

    def fire(topic: str) -> None:
        nonlocal waiting, last
        waiting, last = False, loop.time()
        listener(topic)

    def heard(topic: str) -> None:
        nonlocal waiting
        if not waiting:
            waiting = True
            loop.call_later(max(0.0, last + PACE - loop.time()), fire, topic, context=around)

    def call(topic: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closing: nobody is there to see the news
            loop.call_soon_threadsafe(heard, topic, context=around)

    return call


@dataclass(frozen=True, slots=True)
class Action:
    """A way to act: await it with a use case. ``busy`` while it runs, ``error`` as a sentence when refused.

    ``busy`` begins after ``patience`` seconds; until then nothing is drawn for an act that is done at once.
    """

    office: Office
    busy: bool
    error: str | None
    refused: DomainError | None
    clear: Callable[[], None] = field(compare=False)
    patience: float
    _set: Callable[[Any], None] = field(compare=False)

    async def __call__(
        self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R | None:
        """Run a use case; the answer, or None when it was refused."""
        showing = self._show_busy()
        try:
            answer = await self.office.backend.run(self.office.actor, use_case, *args, **kwargs)
        except DomainError as error:
            self._set((False, refusal(self.office.words, error), error))
            return None
        except Exception:  # noqa: BLE001 -- a fault must not freeze the screen; it goes to the log
            _LOG.exception("running %s failed", use_case.__qualname__)
            self._set((False, self.office.words("error.unexpected"), None))
            return None
        finally:
            if showing is not None:
                showing.cancel()
        self._set((False, None, None))
        self.office.page.run_task(self.office.note_saved)
        return answer

    def _show_busy(self) -> asyncio.TimerHandle | None:
        begun = (True, None, None)
        if self.patience:
            return asyncio.get_running_loop().call_later(self.patience, self._set, begun)
        self._set(begun)
        return None


def use_action(patience: float = 0.0) -> Action:
    """A way to act from this screen. Only what may be asked twice without harm may be patient (seconds)."""
    office = use_office()
    (busy, error, refused), set_state = ft.use_state((False, None, None))
    return Action(office, busy, error, refused, lambda: set_state((False, None, None)), patience, set_state)
