"""How long a booking takes a person: on the telephone (new, known) and from a pile of postcards, at human pace.

Run: python -m tests.benchmarks.booking_pace [--calls 3] [--cards 50] [--as-calls 2]
A real Chromium is driven with pauses of a person: 0.2 s a key, Japanese typed in romaji through an input method (two
keys a kana, one to convert, one to take it over), 1 s to look up, 1.5 s from the keyboard to the mouse, 7 characters a
second when a sentence is read aloud. Key presses and clicks are counted. The same postcards are also keyed in as calls
on the telephone screen: the ratio says what the batch screen is worth.
Exit status 1 if a mean is above what was promised: a new caller 60 s, a known one 15 s, a postcard 25 s.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from events.japan.clock import tokyo_date
from events.states import Channel, IntakeMethod
from supportapp.booking_words import day_words
from supportapp.database import open_database
from supportapp.messages import words
from tests import builders
from tests.browser import Person, open_browser
from tests.serving import RunningServer, demo_server

KEY, LOOK, REACH, SPOKEN = 0.2, 1.0, 1.5, 7  # seconds a key, a look, a reach for the mouse; characters a second
PROMISED = {"new caller": 60.0, "known caller": 15.0, "postcard": 25.0}
TITLE = "特別回はじめてのスマホ"
SURNAMES = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"),
    ("渡邉", "ワタナベ"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("髙﨑", "タカサキ"), ("加藤", "カトウ"),
)  # fmt: skip
GIVEN = (("花子", "ハナコ"), ("一郎", "イチロウ"), ("和子", "カズコ"), ("清", "キヨシ"), ("幸子", "サチコ"))
TOWNS = (
    ("中央三丁目", "チュウオウサンチョウメ"), ("向原一丁目", "ムコウハライッチョウメ"),
    ("芋窪二丁目", "イモクボニチョウメ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """What stands on a card or is said on the telephone."""

    name: str
    kana: str
    telephone: str
    age: str
    town: tuple[str, str]


@dataclass(slots=True)
class Clerk:
    """A person at the screen, who is no faster than people are; counts what they press."""

    person: Person
    keys: int = 0
    clicks: int = 0
    spent: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        """Let time pass as it does for people."""
        self.person.page.wait_for_timeout(seconds * 1000)

    def look(self) -> None:
        """Look from the paper, or from the caller, to the screen."""
        self.pause(LOOK)

    def type(self, text: str) -> None:
        """Digits and signs, key by key."""
        self.person.page.keyboard.type(text, delay=KEY * 1000)
        self.keys += len(text)

    def key(self, name: str) -> None:
        """One key."""
        self.pause(KEY)
        self.person.key(name)
        self.keys += 1

    def japanese(self, text: str, kana: str) -> None:
        """Romaji through an input method: the text is converted and taken over."""
        romaji = 2 * len(kana.replace(" ", ""))
        for end in range(1, len(kana) + 1):
            part = kana[:end]
            state = {"text": part, "selectionStart": end, "selectionEnd": end}
            self.person.cdp.send("Input.imeSetComposition", state)
            self.pause(2 * KEY)
        self.pause(2 * KEY)
        self.person.press_composing_enter()
        self.person.cdp.send("Input.insertText", {"text": text})
        self.keys += romaji + 2

    def click(self, words: str, *, exact: bool = True) -> None:
        """Reach for the mouse and press."""
        self.pause(REACH)
        self.person.press(words, exact=exact)
        self.clicks += 1

    def read_aloud(self, words: str) -> None:
        """Read the sentence back to the caller."""
        line = next((each for each in self.person.screen().splitlines() if words in each), "")
        self.pause(len(line.partition(": ")[2]) / SPOKEN)

    def cursor_on(self, label: str) -> None:
        """See the cursor come to a field or a button."""
        page = self.person.page
        found = (page.get_by_role("textbox", name=label), page.get_by_role("button", name=label))
        self.person.comes(
            lambda: any(each.count() > 0 and self.person._has_focus(each.first) for each in found), 60
        )


def main() -> int:
    """Measure, print, and compare with what was promised."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--calls", type=int, default=3)
    asked.add_argument("--cards", type=int, default=50)
    asked.add_argument("--as-calls", type=int, default=2)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, demo_server(Path(folder)) as server, open_browser() as browser:
        _prepare(server)
        login, password = server.login("staff")
        person = browser.person(server.url)
        person.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password)
        person.press("入る").waits_for("電話受付", 60)
        callers = applicants(0, wanted.calls)
        person.open(f"{server.url}/telephone").waits_for("どなたから", 60)
        new = measured(person, callers, new_caller)
        known = measured(person, callers, known_caller)
        as_calls = measured(person, applicants(100, wanted.as_calls), new_caller)
        person.open(f"{server.url}/postcards").waits_for("はがき受付", 60)
        person.choose("講座", _entry()).waits_for("1枚目")
        cards = measured(person, applicants(200, wanted.cards), postcard)
    means = {
        "new caller": report("new caller", new),
        "known caller": report("known caller", known),
        "postcard": report("postcard", cards),
    }
    other = report("the same card on the telephone screen", as_calls)
    sys.stdout.write(f"a postcard takes {means['postcard'] / other:.2f} times the telephone screen\n")
    late = [name for name, mean in means.items() if mean > PROMISED[name]]
    sys.stdout.writelines(f"{name}: more than {PROMISED[name]:.0f} s\n" for name in late)
    return 1 if late else 0


def measured(person: Person, people: Sequence[Applicant], step: Callable[[Clerk, Applicant], None]) -> Clerk:
    """Book each of ``people`` with ``step`` and keep how long each took."""
    clerk = Clerk(person)
    for each in people:
        begun = time.monotonic()
        step(clerk, each)
        clerk.spent.append(time.monotonic() - begun)
    return clerk


def new_caller(clerk: Clerk, who: Applicant) -> None:
    """A number nobody has, name and kana, the session, the sentence read back."""
    clerk.cursor_on("電話番号・カナ・氏名")
    clerk.look()
    clerk.type(who.telephone)
    clerk.person.waits_for("見つかりません")
    clerk.click("新しい人として登録")
    clerk.cursor_on("氏名")
    clerk.japanese(who.name, who.kana)
    clerk.key("Tab")
    clerk.japanese(who.kana, who.kana)
    clerk.click("講座を選ぶ")
    clerk.click(TITLE, exact=False)
    clerk.person.waits_for(f"{who.name}様")
    clerk.read_aloud("お受けします")
    clerk.click("登録する")
    clerk.person.waits_for("受付番号")
    clerk.cursor_on("次の電話")
    clerk.key("Enter")
    clerk.person.waits_for("どなたから")


def known_caller(clerk: Clerk, who: Applicant) -> None:
    """Four digits, the session, the sentence read back: the keyboard alone."""
    clerk.cursor_on("電話番号・カナ・氏名")
    clerk.look()
    clerk.type(who.telephone[-4:])
    clerk.person.waits_for(f"{who.name} {who.kana}")
    clerk.key("Enter")
    clerk.cursor_on("講座・会場で絞る")
    clerk.japanese("追加", "ツイカ")
    clerk.key("Enter")
    clerk.person.waits_for(f"{who.name}様")
    clerk.read_aloud("お受けします")
    clerk.cursor_on("登録する")
    clerk.key("Enter")
    clerk.person.waits_for("受付番号")
    clerk.cursor_on("次の電話")
    clerk.key("Enter")
    clerk.person.waits_for("どなたから")


def postcard(clerk: Clerk, who: Applicant) -> None:
    """A card from top to bottom; Enter takes it."""
    clerk.cursor_on("氏名")
    clerk.look()
    clerk.japanese(who.name, who.kana)
    clerk.key("Tab")
    clerk.japanese(who.kana, who.kana)
    clerk.key("Tab")
    clerk.type(who.telephone)
    clerk.key("Tab")
    clerk.type(who.age)
    clerk.key("Tab")
    clerk.key("Tab")
    clerk.japanese(*who.town)
    clerk.key("Enter")
    clerk.person.waits_for(f"{len(clerk.spent) + 2}枚目")


def report(name: str, clerk: Clerk) -> float:
    """Print the figures of one way to book; answers the mean in seconds."""
    mean, slowest = statistics.fmean(clerk.spent), max(clerk.spent)
    count = len(clerk.spent)
    sys.stdout.write(
        f"{name}: {mean:.1f} s each (slowest {slowest:.1f} s, n = {count}), "
        f"{clerk.keys / count:.0f} key presses and {clerk.clicks / count:.1f} clicks\n"
    )
    return mean


def applicants(first: int, count: int) -> list[Applicant]:
    """People as real ones are: names that repeat, numbers that do not."""
    return [
        Applicant(
            name=f"{SURNAMES[number % len(SURNAMES)][0]} {GIVEN[number // 3 % len(GIVEN)][0]}",
            kana=f"{SURNAMES[number % len(SURNAMES)][1]} {GIVEN[number // 3 % len(GIVEN)][1]}",
            telephone=f"042399{7000 + number}",
            age=str(62 + number % 30),
            town=TOWNS[number % len(TOWNS)],
        )
        for number in range(first, first + count)
    ]


def _prepare(server: RunningServer) -> None:
    """One workshop for new callers, one for known ones, one that draws lots among cards."""
    database = open_database(server.database)
    with database.writing() as db:
        for days, title in ((9, TITLE), (10, "追加回もっとスマホ")):
            workshop = builders.a_workshop(db, title=title)
            builders.an_intake(db, builders.a_session(db, day=_day(days), seats=200, workshop_id=workshop.id))
        workshop = builders.a_workshop(db, title="はがきの講座")
        session = builders.a_session(db, day=_day(12), workshop_id=workshop.id)
        builders.an_intake(db, session, method=IntakeMethod.DRAW, channels=[Channel.POSTCARD.value])
    database.close()


def _day(days: int) -> date:
    return tokyo_date(datetime.now(UTC)) + timedelta(days=days)


def _entry() -> str:
    """The workshop of the cards as the list of the screen says it."""
    shown = day_words(words("ja"), _day(12), _day(0))
    return f"{shown} 13:30–15:30 はがきの講座"


if __name__ == "__main__":
    sys.exit(main())
