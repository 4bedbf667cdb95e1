"""Journey 7: staff of one city reach nothing of another, neither by address nor by a forged event.

A browser may send any event to any control, so the test does: on the person's own connection, with Flet's own frames,
to every control there is and to many that are not shown. What the server answers is searched for what only the other
city has, and that city's rows must be as they were.
"""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgpack
import pytest
import sqlalchemy
from playwright.sync_api import Page

from events.fields import new_id
from events.japan.clock import tokyo_date
from supportapp.database import Database, open_database
from supportapp.tables import METADATA
from tests.browser import BrowserWindow, Person, open_browser
from tests.builders import a_seat, a_session, a_venue, a_volunteer, a_workshop, an_attendee, an_intake
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
OWN, OTHER = "132136", "132209"
EVENT, UPDATE, INVOKE = 3, 4, 5
NAMES = ("select", "submit", "change", "click")
SECONDS, QUIET = 30.0, 1.0
NOT_FOUND = "見つかりません"
# Words that stand nowhere in the demo, so that a single one of them proves a leak.
SECRETS = ("秘密の講座ゾウ", "秘密会館キリン", "秘密花子カバ", "秘密太郎サイ")
LISTENING_IN = """
window.frames_in = []; window.sockets = [];
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    window.sockets.push(this);
    this.addEventListener('message', async event => {
      const bytes = new Uint8Array(event.data instanceof Blob ? await event.data.arrayBuffer() : event.data);
      let text = ''; for (const byte of bytes) text += String.fromCharCode(byte);
      window.frames_in.push(btoa(text));
    });
  }
};
"""


@dataclass(frozen=True)
class Neighbour:
    """The other city's rows that nobody here may see."""

    session_id: UUID
    workshop_id: UUID
    attendee_id: UUID
    volunteer_id: UUID
    venue_id: UUID
    seat_id: UUID


@dataclass(frozen=True)
class World:
    """A running server, the other city's rows, and its database."""

    server: RunningServer
    database: Database
    neighbour: Neighbour


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with demo_server(tmp_path_factory.mktemp("rights")) as running:
        database = open_database(running.database)
        with database.writing() as db:
            title, venue_name, attendee_name, volunteer_name = SECRETS
            workshop = a_workshop(db, municipality_code=OTHER, title=title)
            venue = a_venue(db, municipality_code=OTHER, name=venue_name)
            day = tokyo_date(datetime.now(UTC)) + timedelta(days=3)
            session = a_session(db, municipality_code=OTHER, day=day, workshop_id=workshop.id, venue_id=venue.id)
            attendee = an_attendee(db, attendee_name, municipality_code=OTHER)
            seat = a_seat(db, session, an_intake(db, session), attendee)
            volunteer = a_volunteer(db, volunteer_name, municipality_code=OTHER)
            neighbour = Neighbour(session.id, workshop.id, attendee.id, volunteer.id, venue.id, seat.id)
        yield World(running, database, neighbour)
        database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def clerk(browser: BrowserWindow, world: World) -> Person:
    """Staff of the other side, signed in, in a browser that keeps every frame of its connection."""
    page = browser.context().new_page()
    page.add_init_script(LISTENING_IN)
    login, password = world.server.login("staff", OWN)
    person = Person(page).open(world.server.url)
    person.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    return person.waits_for("電話受付", 60)


def _rows_of_the_other_city(database: Database) -> dict[str, list[str]]:
    """Everything that names the other city, and every seat."""
    found: dict[str, list[str]] = {}
    with database.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            query = sqlalchemy.select(table)
            if "municipality_code" in table.c:
                query = query.where(table.c.municipality_code == OTHER)
            elif "chain" in table.c:
                query = query.where(table.c.chain == OTHER)
            elif table.name not in {"seat", "workshop_host", "intake_session", "membership"}:
                continue
            found[table.name] = sorted(str(row) for row in connection.execute(query))
    return found


def _received(page: Page) -> bytes:
    return b"".join(base64.b64decode(frame) for frame in page.evaluate("window.frames_in"))


def _leaks(page: Page) -> list[str]:
    said = _received(page)
    return [secret for secret in SECRETS if secret.encode() in said]


def _send(page: Page, *messages: list[Any]) -> None:
    """Frames on the person's own connection: a zero byte, then the message."""
    packed = [base64.b64encode(b"\0" + msgpack.packb(message)).decode() for message in messages]
    page.evaluate(
        """frames => { const socket = window.sockets.findLast(each => each.readyState === WebSocket.OPEN);
        for (const frame of frames) socket.send(Uint8Array.from(atob(frame), letter => letter.charCodeAt(0))); }""",
        packed,
    )


def _frames(page: Page) -> int:
    return int(page.evaluate("window.frames_in.length"))


PLACES = {
    "/sessions/{session_id}": NOT_FOUND,
    "/desk/{session_id}": NOT_FOUND,
    "/workshops/{workshop_id}": NOT_FOUND,
    "/people/attendees/{attendee_id}": NOT_FOUND,
    "/people/volunteers/{volunteer_id}": NOT_FOUND,
    "/telephone?session={session_id}": "電話受付",
    "/venues?open={venue_id}": "会場",
    "/workshops/new?venue={venue_id}": "講座",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_address_of_another_citys_record_shows_nothing_of_it(world: World, clerk: Person, place: str):
    path = place.format(**{name: getattr(world.neighbour, name) for name in Neighbour.__dataclass_fields__})

    clerk.open(world.server.url + path).waits_for(PLACES[place])

    assert [secret for secret in SECRETS if secret in clerk.screen()] == []
    assert _leaks(clerk.page) == []


def test_the_other_citys_own_staff_do_see_it(world: World, browser: BrowserWindow):
    login, password = world.server.login("staff", OTHER)
    page = browser.context().new_page()
    page.add_init_script(LISTENING_IN)
    person = Person(page).open(world.server.url)
    person.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    person.waits_for("電話受付", 60).open(f"{world.server.url}/sessions/{world.neighbour.session_id}")

    assert person.waits_for(SECRETS[0])
    assert SECRETS[0] in _leaks(page)  # what the other tests search the frames for would be found there
    page.close()


def _opened_at_home(world: World, clerk: Person) -> Person:
    return clerk.open(world.server.url).waits_for("電話受付", 60)


def test_a_forged_route_shows_nothing_of_the_other_city(world: World, clerk: Person):
    before = _rows_of_the_other_city(world.database)
    _opened_at_home(world, clerk)
    path = f"/sessions/{world.neighbour.session_id}"

    _send(clerk.page, [UPDATE, {"id": 1, "props": {"route": path}}])
    _send(clerk.page, [EVENT, {"target": 1, "name": "route_change", "data": {"route": path}}])

    clerk.waits_for(NOT_FOUND)
    assert _leaks(clerk.page) == []
    assert _rows_of_the_other_city(world.database) == before


def test_events_to_every_control_with_the_ids_of_the_other_city_change_and_return_nothing(
    world: World, clerk: Person
):
    before = _rows_of_the_other_city(world.database)
    neighbour = world.neighbour
    ids = [str(getattr(neighbour, name)) for name in Neighbour.__dataclass_fields__]
    for place in ("/calendar", "/figures"):
        clerk.open(world.server.url + place).waits_for("電話受付", 60)
        _send(
            clerk.page,
            *(
                [EVENT, {"target": target, "name": NAMES[target % len(NAMES)], "data": ids[target % len(ids)]}]
                for target in range(2, 120)
            ),
        )
        _settles(clerk)
        assert _leaks(clerk.page) == []
    assert _rows_of_the_other_city(world.database) == before


def test_properties_and_method_answers_that_nobody_asked_for_are_harmless(world: World, clerk: Person):
    before = _rows_of_the_other_city(world.database)
    _opened_at_home(world, clerk)
    path = f"/sessions/{world.neighbour.session_id}"

    _send(
        clerk.page,
        *([UPDATE, {"id": target, "props": {"value": path, "data": path, "key": path}}] for target in range(2, 120)),
        [INVOKE, {"control_id": 1, "call_id": str(new_id()), "result": path, "error": None}],
    )
    _settles(clerk)

    assert _leaks(clerk.page) == []
    assert _rows_of_the_other_city(world.database) == before


def _settles(clerk: Person) -> None:
    """Everything was sent, and the server has said all that it had to say to it: a second without a new frame."""
    deadline = time.monotonic() + SECONDS
    quiet_since, seen = time.monotonic(), _frames(clerk.page)
    while time.monotonic() < deadline and time.monotonic() - quiet_since < QUIET:
        clerk.page.wait_for_timeout(50)
        if (now := _frames(clerk.page)) != seen:
            quiet_since, seen = time.monotonic(), now


def test_a_frame_that_is_garbage_ends_that_connection_only(world: World, clerk: Person):
    _opened_at_home(world, clerk)
    clerk.page.evaluate("window.sockets.at(-1).send(new Uint8Array([0, 193, 255, 7]))")

    assert clerk.open(world.server.url).sees("電話受付", 60)
