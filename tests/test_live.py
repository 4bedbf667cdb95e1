"""What one process changes, another hears within a second; a broken line is mended and nothing stays unseen."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
import sqlalchemy

from events.errors import NotFound
from events.planning.stopping import cancel_session, reopen_session
from supportapp.backend import Backend
from supportapp.database import Database, open_database
from supportapp.identity import Actor, Role
from supportapp.live import Hub, PostgresBridge, municipality_topic, session_topic
from tests.builders import CITY, NOW, TODAY, a_session, an_intake

STAFF = Actor("佐藤", Role.STAFF, CITY)
SECONDS = 10.0


def _backend(database: Database) -> Backend:
    url = database.engine.url.render_as_string(hide_password=False)
    return Backend(open_database(url), clock=lambda: NOW)


@pytest.fixture
def session_id(postgres_database: Database) -> UUID:
    with postgres_database.writing() as db:
        session = a_session(db, day=TODAY.replace(day=28))
        an_intake(db, session)
        return session.id


@asynccontextmanager
async def _two_processes(database: Database) -> AsyncIterator[tuple[Backend, Backend]]:
    """Two backends that share nothing but the database, each with its bridge."""
    backends = _backend(database), _backend(database)
    bridges = [PostgresBridge(backend.database, backend.hub) for backend in backends]
    for bridge in bridges:
        bridge.start()
    try:
        await _until(lambda: len(_listening(database)) == 2)
        yield backends
    finally:
        for bridge in bridges:
            await bridge.stop()
        for backend in backends:
            backend.close()


def _listening(database: Database) -> list[int]:
    question = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()"
    with database.engine.connect() as connection:
        return list(connection.execute(sqlalchemy.text(question)).scalars())


async def _until(happened: Callable[[], bool]) -> float:
    """Seconds until it happened."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < SECONDS
        await asyncio.sleep(0.005)
    return time.monotonic() - begun


@pytest.mark.postgres
def test_a_change_in_one_process_reaches_the_other_within_a_second(postgres_database: Database, session_id: UUID):
    heard: list[str] = []

    async def one_change() -> float:
        async with _two_processes(postgres_database) as (here, there):
            there.hub.subscribe(session_topic(session_id), heard.append)
            there.hub.subscribe(municipality_topic(CITY), heard.append)
            await here.run(STAFF, cancel_session, session_id=session_id, reason="台風", now=NOW, by="佐藤")
            return await _until(lambda: len(heard) >= 2)

    seconds = asyncio.run(one_change())

    print(f"heard after {seconds * 1000:.0f} ms")
    assert seconds < 1.0
    assert set(heard) == {session_topic(session_id), municipality_topic(CITY)}


@pytest.mark.postgres
def test_a_refused_change_is_told_to_nobody(postgres_database: Database, session_id: UUID):
    heard: list[str] = []

    async def refused_then_done() -> None:
        async with _two_processes(postgres_database) as (here, there):
            there.hub.subscribe(municipality_topic(CITY), heard.append)
            there.hub.subscribe(municipality_topic("132136"), heard.append)
            stranger = Actor("隣", Role.STAFF, "132136")
            with pytest.raises(NotFound):
                await here.run(stranger, cancel_session, session_id=session_id, reason="x", now=NOW, by="隣")
            await here.run(STAFF, cancel_session, session_id=session_id, reason="台風", now=NOW, by="佐藤")
            await _until(lambda: bool(heard))

    asyncio.run(refused_then_done())

    assert heard == [municipality_topic(CITY)]


@pytest.mark.postgres
def test_after_a_broken_line_every_screen_reads_again_and_later_changes_are_heard(
    postgres_database: Database, session_id: UUID
):
    heard: list[str] = []

    async def break_and_change() -> None:
        async with _two_processes(postgres_database) as (here, there):
            there.hub.subscribe(session_topic(session_id), heard.append)
            before = _listening(postgres_database)
            with postgres_database.engine.connect() as connection:
                for pid in before:
                    connection.execute(sqlalchemy.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await here.run(STAFF, cancel_session, session_id=session_id, reason="台風", now=NOW, by="佐藤")
            await _until(lambda: bool(heard))  # told on return, because what happened meanwhile is unknown
            await _until(lambda: len(set(_listening(postgres_database)) - set(before)) == 2)
            heard.clear()
            await here.run(STAFF, reopen_session, session_id=session_id, reason="台風はそれた", now=NOW, by="佐藤")
            await _until(lambda: bool(heard))

    asyncio.run(break_and_change())

    assert set(heard) == {session_topic(session_id)}


def test_a_listener_that_fails_stops_no_other():
    hub, heard = Hub(), []

    def fail(_topic: str) -> None:
        raise RuntimeError("its window is gone")

    hub.subscribe("x", fail)
    hub.subscribe("x", heard.append)
    hub.tell(["x"])

    assert heard == ["x"]


def test_who_has_left_hears_nothing_more():
    hub, heard = Hub(), []
    leave = hub.subscribe("x", heard.append)
    leave()
    hub.tell(["x"])

    assert heard == []
