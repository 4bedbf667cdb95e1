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
import random
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

from events.attendance_queries import reception_list
from supportapp.database import migrate, open_database
from tests.browser import _QUIET, CHROMIUM, TABLET
from tests.desks import Desk, a_desk, desk_name, running_server
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


def main() -> int:
    """Measure both, print both."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/taps.db"
        database = open_database(url)
        migrate(database)
        session_id, token = a_desk(database, PEOPLE)
        with running_server(url, Path(folder)) as address:
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
        name = desk_name((number // 2) % BROWSERS)
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
        after = f"{desk_name(place)}さんの出席" if number % 2 == 0 else f"{desk_name(place)}さんを出席にする"
        begun, heard = time.perf_counter(), len(tablet.labels)
        await tablet.press(f"{'undo' if number % 2 else 'tick'}-{rows[place]}")
        await tablet.hears(after, since=heard)
        taken.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(random.uniform(0.1, 0.3))
    return taken


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
