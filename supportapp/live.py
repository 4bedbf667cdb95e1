"""What one screen changes, others see within a second: publish and subscribe by topic.

In one process the hub calls its subscribers itself. With PostgreSQL it also speaks and listens through the
database, so that several server processes tell one another.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from supportapp.database import Database

_CHANNEL = "supportapp_changes"
_SECONDS_BETWEEN_TRIES = 1.0
_TRIES_TO_STOP = 5
_LOG = logging.getLogger(__name__)

Listener = Callable[[str], None]


def session_topic(session_id: UUID) -> str:
    """The topic of everything at one session."""
    return f"session:{session_id}"


def municipality_topic(code: str) -> str:
    """The topic of everything in one municipality."""
    return f"municipality:{code}"


class Hub:
    """Tells subscribers of a topic that something changed. Safe to call from any thread."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._lock = threading.Lock()

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the topic after each change; returns what ends the subscription."""
        with self._lock:
            self._listeners.setdefault(topic, set()).add(listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.get(topic, set()).discard(listener)
                if not self._listeners.get(topic):
                    self._listeners.pop(topic, None)

        return unsubscribe

    def tell(self, topics: Iterable[str]) -> None:
        """Tell the subscribers of this process."""
        for topic in topics:
            with self._lock:
                listeners = tuple(self._listeners.get(topic, ()))
            _call(listeners, topic)

    def tell_everybody(self) -> None:
        """Tell every subscriber of this process: nobody knows what was missed."""
        with self._lock:
            topics = tuple(self._listeners)
        self.tell(topics)


def _call(listeners: Iterable[Listener], topic: str) -> None:
    """The change is committed by now: a listener that fails stops neither the others nor whoever made the change."""
    for listener in listeners:
        try:
            listener(topic)
        except Exception:  # noqa: BLE001 -- whatever fails there is not this change's fault; it goes to the log
            _LOG.exception("a listener of %s failed", topic.partition(":")[0])


class PostgresBridge:
    """Carries topics between processes with LISTEN and NOTIFY; reconnects by itself.

    What was told while the line was broken is lost, so after each reconnection every screen reads again.
    """

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin listening on the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._listen_for_ever())

    async def stop(self) -> None:
        """End listening; at most a few seconds, whatever the line does."""
        if self._task is None:
            return
        for _ in range(_TRIES_TO_STOP):  # a cancellation that meets an arriving notice may be swallowed below us
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1.0)
            if self._task.done():
                return
        _LOG.warning("the line to PostgreSQL's notices does not end")

    async def _listen_for_ever(self) -> None:
        import psycopg  # noqa: PLC0415 -- only with a PostgreSQL address

        address = self._database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        was_broken = False
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(address, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    if was_broken:
                        self._hub.tell_everybody()
                    await self._forward(connection)
            except (psycopg.Error, OSError) as error:
                _LOG.warning("the line to PostgreSQL's notices broke (%s); trying again", type(error).__name__)
            was_broken = True
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

    async def _forward(self, connection: Any) -> None:
        async for notice in connection.notifies():
            self._hub.tell(notice.payload.split(" "))


def notify_statement() -> str:
    """The statement that tells other processes; part of the writing transaction, so it speaks at its commit."""
    return f"SELECT pg_notify('{_CHANNEL}', :topics)"
