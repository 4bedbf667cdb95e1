"""Drives the app as a person does: by what is written on the screen, through the tree that screen readers use.

    with open_browser() as browser:
        person = browser.person(server.url, size=TABLET)
        person.type_into("ログイン名", "staff-132209")
        person.type_japanese("カナ", "ヤマダ")      # composed like an input method does
        person.press("登録する")
        assert person.sees("登録しました")

Every wait asks again and again until a deadline; nothing sleeps for a fixed time. Names are those of the tree: the
words of a button, the label of a field. ``exact=False`` takes a part of them.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, CDPSession, Download, Locator, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

CHROMIUM = "/usr/bin/chromium"
TABLET, TABLET_UPRIGHT, PHONE = (1180, 820), (800, 1180), (390, 844)
SECONDS = 60.0  # how long a busy machine may take; what must be quicker is measured by its own test
_STEP_SECONDS = 10.0  # for one question to the page; what waits asks again
_LOOK_EVERY = 50  # milliseconds between two looks
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
Role = Literal["button", "textbox", "checkbox", "heading", "link", "menuitem", "dialog"]


class NotSeen(AssertionError):
    """What was waited for did not come; says what stood on the screen instead."""


class Person:
    """One person at one browser window."""

    def __init__(self, page: Page, shots: Path | None = None) -> None:
        self.page = page
        self.shots = shots
        self._cdp: CDPSession | None = None

    def open(self, url: str) -> "Person":
        """Go to an address and wait until the app has drawn something."""
        self.page.goto(url)
        return self.is_ready()

    def is_ready(self, seconds: float = 60.0) -> "Person":
        """Wait until our own waiting screen has gone."""
        self._until(lambda: not self.is_waiting(), "the app to be ready", seconds)
        return self

    def is_waiting(self) -> bool:
        """Whether our own screen (starting, not connected) stands in front of the app."""
        return bool(self._asked("!document.getElementById('boot')?.hidden", True))

    def waiting_words(self) -> str:
        """What our own waiting screen says now."""
        return str(self._asked("document.getElementById('boot-card')?.innerText ?? ''", ""))

    def press(self, words: str, *, exact: bool = True, number: int = 0) -> "Person":
        """Press the button of that name (the ``number``-th when several bear it)."""
        self._act(self._found("button", words, exact=exact).nth(number), lambda found: found.click(timeout=2000))
        return self

    def tick(self, words: str) -> "Person":
        """Tick or untick the box of that name."""
        self._act(self._found("checkbox", words, exact=True).first, lambda found: found.click(timeout=2000))
        return self

    def choose(self, field: str, word: str) -> "Person":
        """Open the list of that name and take one of its words."""
        self.press(field)
        for role in ("menuitem", "button", "option"):
            entry = self.page.get_by_role(role, name=word, exact=True)  # type: ignore[arg-type]
            if self._comes(lambda entry=entry: entry.count() > 0, 2.0):
                self._act(entry.last, lambda found: found.click(timeout=2000))
                return self
        raise NotSeen(f"{word} in the list {field}\n{self.screen()}")

    def focus(self, field: str) -> Locator:
        """Put the cursor into the field of that label."""
        found = self._found("textbox", field, exact=False).first
        self._act(found, lambda box: box.click(timeout=2000))
        self._until(lambda: self._has_focus(found), f"the cursor in {field}")
        return found

    def _emptied(self, field: str) -> Locator:
        """Put the cursor into a field and take out what stands there, also what the screen still fills in."""
        found = self.focus(field)

        def empty() -> bool:
            if found.input_value():
                self.page.keyboard.press("Control+a")
                self.page.keyboard.press("Delete")
            return not found.input_value()

        self._until(empty, f"an empty {field}")
        return found

    def type_into(self, field: str, text: str) -> "Person":
        """Replace what stands in a field, key by key."""
        found = self._emptied(field)
        self.page.keyboard.type(text, delay=10)
        self._until(lambda: found.input_value() == text, f"{text} in {field}")
        return self

    def type_japanese(self, field: str, text: str, *, finish: bool = True) -> "Person":
        """Type as an input method does: the text grows while it is composed, then Enter takes it over.

        ``finish=False`` leaves it in the middle of composing.
        """
        found = self._emptied(field)
        self.compose(text)
        if finish:
            self.press_composing_enter()
            self.cdp.send("Input.insertText", {"text": text})
            self._until(lambda: found.input_value() == text, f"{text} in {field}")
        return self

    def compose(self, text: str) -> "Person":
        """Grow a composition letter by letter where the cursor is."""
        for end in range(1, len(text) + 1):
            part = text[:end]
            self.cdp.send("Input.imeSetComposition", {"text": part, "selectionStart": end, "selectionEnd": end})
        return self

    def press_composing_enter(self) -> "Person":
        """The Enter that only ends a composition, as browsers report it (key code 229)."""
        return self.press_composing("Enter")

    def press_composing(self, name: str) -> "Person":
        """A key that an input method takes for itself while it composes."""
        key = {"key": name, "code": name, "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
        self.cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        self.cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        return self

    def key(self, name: str) -> "Person":
        """Press a key: Enter, Tab, Escape, Shift+Tab …"""
        self.page.keyboard.press(name)
        return self

    def value_of(self, field: str) -> str:
        """What stands in a field."""
        return self._found("textbox", field, exact=False).first.input_value()

    def sees(self, words: str, seconds: float = SECONDS) -> bool:
        """Whether the words stand on the screen, now or before the deadline."""
        return self._comes(lambda: words in self.screen(), seconds)

    def waits_for(self, words: str, seconds: float = SECONDS) -> "Person":
        """Like ``sees``, but fails and says what stands there instead."""
        self._until(lambda: words in self.screen(), words, seconds)
        return self

    def comes(self, happened: Callable[[], bool], seconds: float = SECONDS) -> "Person":
        """Wait for something on the screen that no single sentence tells."""
        self._until(happened, "what was waited for", seconds)
        return self

    def no_longer_sees(self, words: str, seconds: float = SECONDS) -> bool:
        """Whether the words are gone, now or before the deadline."""
        return self._comes(lambda: words not in self.screen(), seconds)

    def screen(self) -> str:
        """All that a screen reader would find, as an indented list of roles and names."""
        try:
            return self.page.locator("body").aria_snapshot(timeout=5000)
        except BrowserError:
            return ""  # the page is being drawn anew

    def reads_table(self) -> list[str]:
        """The rows on the screen: the names of all buttons and groups, in reading order."""
        return re.findall(r'^\s*- \'?(?:button|group|row) "(.*?)"(?: \[|\'?:|\'?$)', self.screen(), re.MULTILINE)

    def downloads(self, act: Callable[[], Any], seconds: float = SECONDS) -> Download:
        """The file that comes when ``act`` is done."""
        with self.page.expect_download(timeout=seconds * 1000) as coming:
            act()
        return coming.value

    def shot(self, name: str) -> Path | None:
        """Keep a picture of the screen, when a folder for them was given."""
        if self.shots is None:
            return None
        self.shots.mkdir(parents=True, exist_ok=True)
        path = self.shots / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    @property
    def cdp(self) -> CDPSession:
        """The browser's own wire, for what Playwright has no word for."""
        if self._cdp is None:
            self._cdp = self.page.context.new_cdp_session(self.page)
        return self._cdp

    def _found(self, role: Role, words: str, *, exact: bool) -> Locator:
        found = self.page.get_by_role(role, name=words, exact=exact)
        self._until(lambda: found.count() > 0, f"{role} {words}")
        return found

    def _has_focus(self, found: Locator) -> bool:
        has_it = "element => element === document.activeElement || element.contains(document.activeElement)"
        return bool(found.evaluate(has_it))

    def _asked(self, question: str, otherwise: Any) -> Any:
        """What the page answers; ``otherwise`` while it is too busy to (plain ``evaluate`` would wait for ever)."""
        try:
            return self.page.wait_for_function(f"() => [{question}]", timeout=5000).json_value()[0]
        except BrowserError:
            return otherwise

    def _act(self, found: Locator, act: Callable[[Locator], Any]) -> None:
        """Try again while the screen is being drawn anew; the last failure is told."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                act(found)
            except BrowserError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def _comes(self, happened: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(BrowserError):  # what is looked at is being drawn anew
                if happened():
                    return True
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(_LOOK_EVERY)

    def _until(self, happened: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
        if not self._comes(happened, seconds):
            raise NotSeen(f"{what} did not come within {seconds:.0f} s; the screen says:\n{self.screen()}")


class BrowserWindow:
    """One Chromium; each person has a window and a memory of their own."""

    def __init__(self, chromium: Chromium, shots: Path | None) -> None:
        self._chromium = chromium
        self._shots = shots

    def person(self, url: str, *, size: tuple[int, int] = TABLET, touch: bool = False) -> Person:
        """A new person at a window of that size, looking at ``url``."""
        return Person(self.context(size=size, touch=touch).new_page(), self._shots).open(url)

    def context(self, *, size: tuple[int, int] = TABLET, touch: bool = False) -> BrowserContext:
        """A new memory (storage, cache, sign-in) without a window yet."""
        width, height = size
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        context.set_default_timeout(_STEP_SECONDS * 1000)
        context.set_default_navigation_timeout(SECONDS * 1000)
        return context


@contextmanager
def open_browser(*, shots: Path | None = None) -> Iterator[BrowserWindow]:
    """A Chromium without a network of its own until the block ends; ``shots`` is a folder for pictures."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield BrowserWindow(chromium, shots)
        finally:
            chromium.close()
