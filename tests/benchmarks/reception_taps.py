"""From tap to changed screen at a desk of 30 people: alone, and while 20 other tablets tap once a second.

Run: python -m tests.benchmarks.reception_taps [--taps 40] [--tablets 20] [--database URL]
A real Chromium is measured (from the press to the changed word in the tree that is drawn); the other tablets speak the
app's wire. One more tablet without a browser is measured at the same time: what of it is the server's part. Chromium
without a graphics card wants more than one core for itself; in a hall these are the tablet's own, so it runs here with
less priority than the server.
Prints the median and the 95th percentile of all, and what the others did meanwhile. Exit status 1 if an arrival was
lost, or the others could not tap.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from uuid import UUID

import httpx
from playwright.async_api import Page, async_playwright

from events.attendance_queries import reception_list
from events.japan.clock import tokyo_date
from supportapp.accounts import create_account, hash_password, open_sign_in
from supportapp.database import Database, migrate, open_database
from supportapp.identity import Role
from supportapp.waiting_files import new_token
from tests import builders
from tests.browser import _QUIET, CHROMIUM, TABLET
from tests.wire_tablet import WireTablet

PEOPLE = 30
MINE = 8  # people whom only the measured tablets tap: the browser the first of them, the one without the rest
BROWSERS = 6
PRESS_AND_WAIT = """
async ([before, after]) => {
  const nodes = () => [...document.querySelectorAll('flt-semantics')];
  const words = node => node.getAttribute('aria-label') || node.textContent || '';
  const has = text => nodes().some(node => words(node).includes(text));
  const button = nodes().reverse().find(node => node.getAttribute('role') === 'button' && words(node).includes(before));
  if (!button) return -1;
  const begun = performance.now();
  return await new Promise(done => {
    const look = () => has(after) && (watch.disconnect(), done(performance.now() - begun));
    const watch = new MutationObserver(look);
    watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    setTimeout(() => { watch.disconnect(); done(-2); }, 10000);
    button.click();
  });
}
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A server with one desk, and what is needed to stand at it."""

    url: str
    session_id: UUID
    token: str

    @property
    def route(self) -> str:
        """Where the desk is."""
        return f"/desk/{self.session_id}"


def main() -> int:
    """Measure both, print both."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/taps.db"
        database = open_database(url)
        migrate(database)
        session_id, token = _desk(database)
        with _server(url, Path(folder)) as address:
            desk = Desk(address, session_id, token)
            chromium = _modest_chromium(Path(folder))
            alone, crowded, others = asyncio.run(_measure(desk, chromium, arguments.taps, arguments.tablets))
        with database.reading() as db:
            counts = reception_list(db, session_id=session_id).counts
        database.close()
    for taken, how in ((alone, "alone"), (crowded, f"with {arguments.tablets} other tablets")):
        _say(f"tap to changed screen, {how}", taken.screen)
        _say(f"tap to the server's answer, {how}", taken.answer)
    ratio = statistics.median(crowded.screen) / statistics.median(alone.screen)
    print(f"median with others / alone: {ratio:.2f}; the others made {others} taps; {counts.came} people stand as come")
    return 0 if others and counts.expected == PEOPLE and min(alone.screen + crowded.screen) > 0 else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--taps", type=int, default=40)
    parser.add_argument("--tablets", type=int, default=20)
    parser.add_argument("--database", default=None, help="an empty database; default: a new SQLite file")
    return parser.parse_args()


def _desk(database: Database) -> tuple[UUID, str]:
    """A session of today with 30 people, a receptionist, and the token of a device where they are signed in."""
    now = datetime.now(UTC)
    token = new_token()
    with database.writing() as db:
        session = builders.a_session(db, day=tokyo_date(now), start=clock_time(0, 0), minutes=1439, seats=PEOPLE)
        intake = builders.an_intake(db, session)
        for number in range(PEOPLE):
            person = builders.an_attendee(db, _name(number), f"ア{number:02}")
            builders.a_seat(db, session, intake, person)
        create_account(
            db,
            login="desk",
            name="受付",
            password_hash=hash_password("not used here"),
            municipality_code=builders.CITY,
            role=Role.RECEPTION,
            now=now,
        )
        open_sign_in(db, login="desk", token=token, days=1, now=now - timedelta(minutes=1))
        return session.id, token


@contextmanager
def _server(database: str, folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "supportapp", "serve", "--no-browser", "--port", str(port), "--database", database]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, folder / "server.log")
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit(f"the server did not start: {log.read_text()[-1000:]}")


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of each tap: until the browser's screen changed; until the answer came to the one without."""

    screen: list[float]
    answer: list[float]


def _modest_chromium(folder: Path) -> str:
    script = folder / "chromium"
    script.write_text(f'#!/bin/sh\nexec nice -n 10 {CHROMIUM} "$@"\n')
    script.chmod(0o700)
    return str(script)


async def _measure(desk: Desk, browser: str, taps: int, tablets: int) -> tuple[Taken, Taken, int]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=_QUIET)
        page = await _at_the_desk(chromium, desk)
        async with AsyncExitStack() as stack:
            wire = await stack.enter_async_context(WireTablet(desk.url, token=desk.token, route=desk.route))
            await wire.until("more-")
            await _taps(page, 6)  # the first ones warm up
            alone = Taken(await _taps(page, taps), await _taps_on_the_wire(wire, taps))
            others = [
                await stack.enter_async_context(WireTablet(desk.url, token=desk.token, route=desk.route))
                for _ in range(tablets)
            ]
            await asyncio.gather(*(other.until("more-") for other in others))
            tapping = [asyncio.create_task(_tap_once_a_second(other, number)) for number, other in enumerate(others)]
            await asyncio.sleep(3)
            crowded = Taken(*await asyncio.gather(_taps(page, taps), _taps_on_the_wire(wire, taps)))
            for task in tapping:
                task.cancel()
            done = await asyncio.gather(*tapping)
        await chromium.close()
    return alone, crowded, sum(done)


async def _at_the_desk(chromium: object, desk: Desk) -> Page:
    width, height = TABLET
    context = await chromium.new_context(viewport={"width": width, "height": height}, locale="ja-JP")  # type: ignore[attr-defined]
    remembered = json.dumps(json.dumps(desk.token))
    await context.add_init_script(f"localStorage.setItem('flutter.supportapp.token', {remembered})")
    page: Page = await context.new_page()
    await page.goto(desk.url + desk.route)
    await page.get_by_role("button", name="さんを出席にする").first.wait_for(timeout=60_000)
    return page


async def _taps(page: Page, taps: int) -> list[float]:
    """Milliseconds from the press to the changed word, tick and undo in turn, a little apart as a hand does it."""
    taken: list[float] = []
    for number in range(taps):
        name = _name((number // 2) % BROWSERS)
        words = (f"{name}さんを出席にする", f"{name}さんの出席")
        before, after = words if number % 2 == 0 else words[::-1]
        taken.append(float(await page.evaluate(PRESS_AND_WAIT, [before, after])))
        await page.wait_for_timeout(random.uniform(100, 300))
    return taken


async def _taps_on_the_wire(tablet: WireTablet, taps: int) -> list[float]:
    """Milliseconds from the press to the frame that brings the changed word."""
    rows = sorted(key.removeprefix("more-") for key in tablet.controls if key.startswith("more-"))
    taken: list[float] = []
    for number in range(taps):
        place = BROWSERS + (number // 2) % (MINE - BROWSERS)
        after = f"{_name(place)}さんの出席" if number % 2 == 0 else f"{_name(place)}さんを出席にする"
        begun, heard = time.perf_counter(), len(tablet.labels)
        await tablet.press(f"{'undo' if number % 2 else 'tick'}-{rows[place]}")
        await tablet.hears(after, since=heard)
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(random.uniform(0.1, 0.3))
    return taken


def _name(number: int) -> str:
    return f"測定 {number:02}番"


async def _tap_once_a_second(tablet: WireTablet, number: int) -> int:
    """Tick and undo one person in turn until it is told to stop; answers how often.

    Nobody taps the people of the measured tablet; three tablets may tap the same other person.
    """
    rows = sorted(key.removeprefix("more-") for key in tablet.controls if key.startswith("more-"))
    person = rows[MINE + number % (len(rows) - MINE)]
    taps = 0
    try:
        await asyncio.sleep(random.random())
        while True:
            taps += await tablet.press(f"{'undo' if taps % 2 else 'tick'}-{person}")
            await asyncio.sleep(1)
    except asyncio.CancelledError:
        return taps


def _say(how: str, taken: list[float]) -> None:
    percentile = statistics.quantiles(taken, n=20)[-1]
    print(f"{how}: median {statistics.median(taken):.0f} ms, "
          f"95th percentile {percentile:.0f} ms, {len(taken)} taps")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
