"""What the parts of one desk share: each person and the counts, each watched by the part that draws it.

Twenty tablets at one desk tap twenty times a second; whoever drew the whole list for each tap would draw nothing else.
So the list is read once for all tablets, at most every ``PACE`` seconds, and of people who changed only what changed is
drawn: two buttons. Tablets are shown a reading one after the other, each after a pause as long as the one before took:
a tap never waits behind all of them.
"""

import asyncio
import contextlib
import contextvars
import logging
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import flet as ft

from events.attendance_queries import ReceptionCounts, ReceptionPerson, ReceptionSheet, reception_list
from events.attendance_rows import AttendanceReceipt
from events.errors import DomainError
from supportapp.backend import Backend
from supportapp.identity import Actor
from supportapp.live import Hub, session_topic

PACE: Final = 0.5  # seconds at least between two readings of a desk; a second tablet shows a change within one
APART: Final = 0.005  # seconds at least between two tablets that show the same reading
_LOG = logging.getLogger(__name__)


@ft.observable
@dataclass
class Shown:
    """A person as one part of a row shows them."""

    person: ReceptionPerson


class Seated:
    """One person, as last read: ``marks`` is watched by what shows the attendance, ``facts`` by the rest of the row."""

    def __init__(self, person: ReceptionPerson) -> None:
        self.marks = Shown(person)
        self.facts = Shown(_unmarked(person))

    @property
    def person(self) -> ReceptionPerson:
        """The person as last read."""
        return self.marks.person

    def take(self, person: ReceptionPerson) -> None:
        """Show what is known of the person now, in the parts where something changed."""
        self.marks.person = person
        self.facts.person = _unmarked(person)


def _unmarked(person: ReceptionPerson) -> ReceptionPerson:
    return replace(person, attendance_id=None, state=None, arrived_at=None)


@ft.observable
@dataclass
class Tally:
    """The counts, as last read."""

    counts: ReceptionCounts


@ft.observable
@dataclass
class Headline:
    """Everything that changes rarely: the session, who is on the list in which order, why nothing can be read."""

    sheet: ReceptionSheet | None = None
    order: tuple[UUID, ...] = ()
    refused: DomainError | None = None
    failed: bool = False


class Board:
    """One desk as one tablet sees it."""

    def __init__(self, backend: Backend, actor: Actor, session_id: UUID) -> None:
        self.session_id = session_id
        self.headline = Headline()
        self.tally = Tally(ReceptionCounts())
        self.seats: dict[UUID, Seated] = {}
        self._backend = backend
        self._actor = actor
        self._readings = _readings(backend, session_id)
        self._shown = 0
        self._told_after: dict[UUID, int] = {}
        self._around = contextvars.copy_context()

    async def read(self) -> None:
        """Read the list now, with this person's own rights."""
        number = self._readings.begin()
        try:
            sheet = await self._backend.read(self._actor, reception_list, session_id=self.session_id)
        except DomainError as refused:
            self.headline.refused = refused
        except Exception:  # noqa: BLE001 -- a fault must not freeze the desk; it goes to the log
            _LOG.exception("reading a desk failed")
            self.headline.failed = True
        else:
            self.show(sheet, number)

    def follow(self) -> Callable[[], None]:
        """Read now, and show whatever changes at this session from now on; returns what ends it."""
        self._around = contextvars.copy_context()
        first = asyncio.get_running_loop().create_task(self._join())

        def leave() -> None:
            first.cancel()
            self._readings.leave(self)

        return leave

    async def _join(self) -> None:
        await self.read()
        if self.headline.sheet is not None:  # only who may read it hears of changes
            self._readings.join(self, self._backend, self._actor)

    def hear(self, sheet: ReceptionSheet, number: int) -> None:
        """Show what was read for all tablets of this desk."""
        self._around.run(self.show, sheet, number)

    def tell(self, receipt: AttendanceReceipt) -> None:
        """Show at once what this tablet was answered; readings that began before know nothing of it."""
        seated = self.seats.get(receipt.attendee_id)
        if seated is None:
            return
        self._told_after[receipt.attendee_id] = self._readings.begun
        seated.take(
            replace(
                seated.person,
                attendance_id=receipt.attendance_id,
                state=receipt.state,
                arrived_at=receipt.arrived_at,
                left_at=receipt.left_at,
            )
        )

    def show(self, sheet: ReceptionSheet, number: int) -> None:
        """Pass on what changed, to the part that draws it. An older reading never replaces a newer one."""
        if number <= self._shown:
            return
        self._shown = number
        for person in sheet.people:
            seated = self.seats.get(person.attendee_id)
            if seated is None:
                self.seats[person.attendee_id] = Seated(person)
            elif seated.person != person and number > self._told_after.get(person.attendee_id, 0):
                seated.take(person)
        if self.tally.counts != sheet.counts:
            self.tally.counts = sheet.counts
        order = tuple(person.attendee_id for person in sheet.people)
        if self.headline.order != order:
            self.headline.order = order
        rest = replace(sheet, people=(), counts=ReceptionCounts())
        if self.headline.sheet != rest:
            self.headline.sheet = rest


class _Readings:
    """The readings of one session in this process: numbered as they begin, one for all tablets at each pace."""

    def __init__(self, session_id: UUID) -> None:
        self.begun = 0
        self._session_id = session_id
        self._boards: list[Board] = []
        self._end: Callable[[], None] | None = None
        self._news = False
        self._last = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    def begin(self) -> int:
        """The number of a reading that begins now."""
        self.begun += 1
        return self.begun

    def join(self, board: Board, backend: Backend, actor: Actor) -> None:
        """Let a board hear of changes; the first one's reader reads for all, who have all been let in."""
        self._boards.append(board)
        if self._end is None:
            loop = asyncio.get_running_loop()

            def tell(_topic: str) -> None:
                with contextlib.suppress(RuntimeError):  # the loop is closing: nobody is there to see the news
                    loop.call_soon_threadsafe(self._heard, loop, backend, actor)

            self._end = backend.hub.subscribe(session_topic(self._session_id), tell)

    def leave(self, board: Board) -> None:
        """A board was closed; after the last one nobody listens."""
        if board in self._boards:
            self._boards.remove(board)
        if not self._boards and self._end is not None:
            self._end()
            self._end = None

    def _heard(self, loop: asyncio.AbstractEventLoop, backend: Backend, actor: Actor) -> None:
        self._news = True
        if self._reading is None or self._reading.done():
            self._reading = loop.create_task(self._read_while_news(loop, backend, actor))

    async def _read_while_news(self, loop: asyncio.AbstractEventLoop, backend: Backend, actor: Actor) -> None:
        while self._news:
            await asyncio.sleep(max(0.0, self._last + PACE - loop.time()))
            self._news, self._last = False, loop.time()
            number = self.begin()
            try:
                sheet = await backend.read(actor, reception_list, session_id=self._session_id)
            except Exception:  # noqa: BLE001 -- the next change reads again; what stands on the screens stays
                _LOG.exception("reading a desk failed")
                continue
            await self._show_all(loop, sheet, number)

    async def _show_all(self, loop: asyncio.AbstractEventLoop, sheet: ReceptionSheet, number: int) -> None:
        """One tablet after the other; what takes long is followed by an equally long pause, which belongs to taps."""
        for board in tuple(self._boards):
            begun = loop.time()
            board.hear(sheet, number)
            await asyncio.sleep(0)  # the tablet's own task is woken
            await asyncio.sleep(0)  # and draws
            await asyncio.sleep(max(APART, loop.time() - begun))


_ALL: "weakref.WeakKeyDictionary[Hub, dict[UUID, _Readings]]" = weakref.WeakKeyDictionary()


def _readings(backend: Backend, session_id: UUID) -> _Readings:
    return _ALL.setdefault(backend.hub, {}).setdefault(session_id, _Readings(session_id))
