"""One browser's line: what a person sends is heard at once, a flood is not, and nobody else waits for it."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st

from supportapp.database import migrate, open_database
from supportapp.line import BURST, MOST_BYTES, MOST_HELD, RATE, TOO_MUCH, Allowance
from tests.desks import Desk, a_desk, desk_name, running_server
from tests.wire_tablet import EVENT, WireTablet

PEOPLE = 12
FORGED = 1000


@given(st.lists(st.floats(0, 2), max_size=300))
def test_never_more_is_heard_than_the_burst_and_the_rate_allow(pauses):
    allowance, now, heard = Allowance(), 0.0, []

    for pause in pauses:
        now += pause
        now += allowance.take(now)  # the next frame is looked at when this one was heard
        heard.append(now)

    for position, begun in enumerate(heard):
        window = [moment for moment in heard[position:] if moment <= begun + 1.0]
        assert len(window) <= BURST + RATE + 1


def test_a_key_held_down_and_a_scanner_never_wait():
    allowance = Allowance()

    waits = [allowance.take(number / 55) for number in range(2000)]

    assert max(waits) == 0.0


def test_a_flood_is_counted_until_there_is_a_pause():
    allowance = Allowance(rate=10, burst=5)

    for _ in range(9):
        allowance.take(0.0)

    assert allowance.held == 4
    assert allowance.take(100.0) == 0.0
    assert allowance.held == 0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("line")
    url = f"sqlite:///{folder}/office.db"
    database = open_database(url)
    migrate(database)
    session_id, token = a_desk(database, PEOPLE)
    database.close()
    with running_server(url, folder) as address:
        yield Desk(address, session_id, token)


def a_tablet(desk: Desk) -> WireTablet:
    return WireTablet(desk.url, token=desk.token, route=desk.route)


def rows_of(tablet: WireTablet) -> list[str]:
    return sorted(key.removeprefix("more-") for key in tablet.controls if key.startswith("more-"))


async def taps(tablet: WireTablet, count: int) -> list[float]:
    """Seconds from the press to the answer of ticks and undos of the last person of the list."""
    taken = []
    name, row = desk_name(PEOPLE - 1), rows_of(tablet)[-1]
    for number in range(count):
        after = f"{name}さんの出席" if number % 2 == 0 else f"{name}さんを出席にする"
        begun, heard = time.monotonic(), len(tablet.labels)
        await tablet.press(f"{'undo' if number % 2 else 'tick'}-{row}")
        await tablet.hears(after, since=heard)
        taken.append(time.monotonic() - begun)
    return taken


def test_a_thousand_forged_events_at_once_hold_up_no_other_tablet(desk: Desk):
    async def flooded() -> tuple[list[float], list[float]]:
        async with a_tablet(desk) as forger, a_tablet(desk) as other:
            await asyncio.gather(forger.until("more-"), other.until("more-"))
            calm = await taps(other, 10)
            target = forger.controls[f"more-{rows_of(forger)[0]}"]
            forging = asyncio.create_task(
                forger.floods([[EVENT, {"target": target, "name": "click", "data": None}]] * FORGED)
            )
            busy = await taps(other, 20)
            forging.cancel()
            await asyncio.gather(forging, return_exceptions=True)
        return calm, busy

    calm, busy = asyncio.run(flooded())

    print(f"calm {statistics.median(calm) * 1000:.0f} ms, beside a flood {statistics.median(busy) * 1000:.0f} ms, "
          f"at most {max(busy) * 1000:.0f} ms")  # fmt: skip
    assert statistics.median(busy) < max(1.0, 10 * statistics.median(calm))


def test_whoever_goes_on_sending_is_cut_off_and_the_others_stay(desk: Desk):
    async def cut_off() -> int:
        async with a_tablet(desk) as other, a_tablet(desk) as forger:
            await asyncio.gather(forger.until("more-"), other.until("more-"))
            frames = [[EVENT, {"target": 1, "name": "nothing", "data": None}]] * (int(BURST) + MOST_HELD + 50)
            await forger.floods(frames)
            code = await forger.closed_with(60)
            await taps(other, 2)
        return code

    assert asyncio.run(cut_off()) == TOO_MUCH


@pytest.mark.parametrize("frame", [b"", b"\0", b"\0\x92\x01\x80", b"\xff" * 40, "text"])
def test_who_does_not_introduce_themselves_is_cut_off_at_once(desk: Desk, frame: bytes | str):
    async def stranger() -> int | None:
        async with websockets.connect(desk.url.replace("http", "ws") + "/ws") as line:
            await line.send(frame)
            async with asyncio.timeout(10):
                await line.wait_closed()
            return line.close_code

    assert asyncio.run(stranger()) == TOO_MUCH


def test_a_frame_that_is_too_large_ends_its_line_only(desk: Desk):
    async def too_large() -> int | None:
        async with a_tablet(desk) as other:
            await other.until("more-")
            async with websockets.connect(desk.url.replace("http", "ws") + "/ws") as line:
                await line.send(b"\0" * (MOST_BYTES + 1))
                async with asyncio.timeout(10):
                    await line.wait_closed()
            await taps(other, 2)
            return line.close_code

    assert asyncio.run(too_large()) == 1009


def test_a_tablet_whose_line_broke_shows_on_its_return_what_happened_meanwhile(desk: Desk):
    async def away_and_back() -> None:
        async with a_tablet(desk) as other, a_tablet(desk) as mine:
            await asyncio.gather(mine.until("more-"), other.until("more-"))
            await mine.loses_its_line()
            name, row = desk_name(3), rows_of(other)[3]
            await other.press(f"tick-{row}")
            await other.hears(f"{name}さんの出席")
            heard = len(mine.labels)
            await mine.comes_back()
            await mine.hears(f"{name}さんの出席", since=heard, seconds=10)

    asyncio.run(away_and_back())
