"""Bytes over the wire on the first and the second visit, ours beside the stock Flet web client.

    python -m tests.benchmarks.first_visit

Counted by Chromium itself (``Network.loadingFinished``, encoded bytes with headers), each client with a fresh cache.
The stock client gets the same two text fonts as plain TrueType files, made from ours. The goals are at most 10 MB on
the first visit with all fonts needed and at most 0.1 MB on the second; a miss ends with status 1.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser import open_browser

_APP = Path(__file__).parents[1] / "web_client_app.py"
_FONTS = Path(__file__).parents[2] / "supportapp" / "assets" / "fonts"
_FIRST_LIMIT, _SECOND_LIMIT = 10_000_000, 100_000
_QUIET_SECONDS, _PATIENCE_SECONDS = 2.0, 60.0


def main() -> int:
    """Print both clients, both visits; 0 when ours keeps the limits."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _visits(folder / "cache")
        stock = _visits(_plain_fonts(folder / "stock"), "stock")
    print(f"{'':24}{'first visit':>20}{'second visit':>20}")
    for title, visits in (("stock Flet web client", stock), ("ours", ours)):
        print(f"{title:24}" + "".join(f"{size / 1e6:10.2f} MB {count:4} ×" for size, count in visits))
    kept = ours[0][0] <= _FIRST_LIMIT and ours[1][0] <= _SECOND_LIMIT
    print(f"goal: {_FIRST_LIMIT / 1e6:.1f} MB, then {_SECOND_LIMIT / 1e6:.1f} MB: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


def _plain_fonts(folder: Path) -> Path:
    from fontTools.ttLib import TTFont

    folder.mkdir()
    for source, target in (("Regular", "regular.ttf"), ("Bold", "bold.ttf")):
        font = TTFont(_FONTS / f"BIZUDPGothic-{source}.woff2")
        font.flavor = None
        font.save(folder / target)
    return folder


def _visits(folder: Path, *more: str) -> list[tuple[int, int]]:
    """Encoded bytes and requests of two visits one after the other in one browser."""
    folder.mkdir(exist_ok=True)
    with _serving(folder, *more) as url, open_browser() as browser:
        context = browser.context()
        return [_visit(context.new_page(), url) for _ in range(2)]


def _visit(page: Page, url: str) -> tuple[int, int]:
    sizes: dict[str, int] = {}
    last = [time.monotonic()]

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])
        last[0] = time.monotonic()

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", finished)
    begun = time.monotonic()
    page.goto(url)
    while time.monotonic() - last[0] < _QUIET_SECONDS or not page.evaluate("!!document.querySelector('flutter-view')"):
        if time.monotonic() - begun > _PATIENCE_SECONDS:
            raise TimeoutError(url)
        page.wait_for_timeout(100)
    page.close()
    return sum(sizes.values()), len(sizes)


@contextmanager
def _serving(folder: Path, *more: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(_APP), "0", str(folder), *more],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_APP.parents[1])},
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(15)


if __name__ == "__main__":
    sys.exit(main())
