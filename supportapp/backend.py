"""Two verbs: ``run`` a use case and ``read`` a query.

``run`` checks the right, opens one transaction, calls the use case, adds the entry in the log, commits, and tells
the live screens. Both are awaited by views and do their work in threads, because the event loop serves every tablet.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy
from sqlmodel import Session

from events.changes import Change
from supportapp import audit
from supportapp.database import Database
from supportapp.identity import Actor
from supportapp.live import Hub, municipality_topic, notify_statement, session_topic
from supportapp.permissions import check_right

P = ParamSpec("P")
R = TypeVar("R")

_WORKERS = 8
_MOST_TOPICS = 100  # PostgreSQL carries at most 8,000 bytes in one notice


def utc_now() -> datetime:
    """This moment, aware UTC: the one place where the clock is read for use cases."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Backend:
    """The way from a screen, an address or a command to the database."""

    database: Database
    hub: Hub = field(default_factory=Hub)
    clock: Callable[[], datetime] = utc_now
    _readers: ThreadPoolExecutor = field(init=False)
    _writers: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        """Make the threads. SQLite has one writer: writes that queue here wait in order and hold up no reader."""
        self._readers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="reading")
        writers = 1 if self.database.is_sqlite else _WORKERS
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="writing")

    async def run(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case off the event loop; answers after the commit."""
        return await self._elsewhere(lambda: self.run_now(actor, use_case, *args, **kwargs), self._writers)

    async def read(
        self,
        actor: Actor,
        query: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Read off the event loop."""
        return await self._elsewhere(lambda: self.read_now(actor, query, *args, **kwargs), self._readers)

    async def _elsewhere(self, work: Callable[[], R], threads: ThreadPoolExecutor) -> R:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def run_in_turn(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case from a thread that does long work: it queues with everybody's writes, and waits for it."""
        return self._writers.submit(lambda: self.run_now(actor, use_case, *args, **kwargs)).result()

    def run_now(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run a use case here and now (command line, tests, threads)."""
        with self.database.writing() as db:
            check_right(db, actor, use_case, kwargs)
            collected = audit.watch(db)
            answer = use_case(db, *args, **kwargs)
            topics = self._log(db, actor, use_case, kwargs, collected)
        self.hub.tell(topics)
        return answer

    def read_now(
        self,
        actor: Actor,
        query: Callable[Concatenate[Session, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Read here and now."""
        with self.database.reading() as db:
            check_right(db, actor, query, kwargs)
            return query(db, *args, **kwargs)

    def _log(
        self,
        db: Session,
        actor: Actor,
        use_case: Callable[..., object],
        arguments: Mapping[str, Any],
        collected: Sequence[Change],
    ) -> list[str]:
        noted = audit.settle(db, collected)
        if not noted:
            return []
        audit.record(
            db,
            actor=actor,
            use_case=f"{use_case.__module__}.{use_case.__qualname__}",
            reason=str(arguments.get("reason") or ""),
            now=self.clock(),
            changes=noted,
        )
        topics = _topics(actor, noted)
        if not self.database.is_sqlite:
            db.connection().execute(sqlalchemy.text(notify_statement()), {"topics": " ".join(topics)})
        return topics

    def close(self) -> None:
        """End the threads and give the connections back."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.database.close()


def _topics(actor: Actor, changes: Sequence[Change]) -> list[str]:
    sessions = sorted({session_topic(change.session_id) for change in changes if change.session_id})
    return [municipality_topic(actor.municipality_code), *sessions[:_MOST_TOPICS]]
