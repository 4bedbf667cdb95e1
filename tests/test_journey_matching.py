"""A clerk matches a month in a real browser: propose, look at the reasons, pin, propose again, accept."""

from collections.abc import Iterator

import pytest

from tests.browser import BrowserWindow, Person, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
MINUTE = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("matching")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser(shots=None) as window:
        yield window


def at_matching(browser: BrowserWindow, server: RunningServer) -> Person:
    login, password = server.login("staff")
    person = browser.person(server.url)
    person.type_into("ログイン名", login)
    person.type_into("パスワード", password)
    person.press("入る")
    person.waits_for("ログイン中の人", MINUTE)
    return person.open(f"{server.url}/matching?from=2026-12-01").waits_for("今の割当", MINUTE)


def chips_with(person: Person, word: str) -> list[str]:
    return [name for name in person.reads_table() if word in name]


def proposed(person: Person, words: str) -> Person:
    """Press for a plan, and wait until the search for it has begun and ended."""
    person.press(words)
    person.sees("ここで止める", 10.0)  # gone again within a second or two on a quiet machine
    assert person.no_longer_sees("ここで止める", MINUTE)
    return person.waits_for("この案にする", MINUTE)


def test_a_month_is_proposed_pinned_and_accepted(browser: BrowserWindow, server: RunningServer) -> None:
    person = at_matching(browser, server)

    proposed(person, "提案を作る")
    added = chips_with(person, "・追加")
    assert added

    person.press(added[0]).waits_for("選んだ理由", MINUTE).waits_for("ほかに入れる人", MINUTE)
    person.press("この人に固定する").waits_for(f"{added[0]}・固定", MINUTE)

    proposed(person, "作り直す")
    assert f"{added[0]}・固定" in chips_with(person, "・固定")

    person.press("この案にする").waits_for("案のとおりに決めました", MINUTE)
    assert person.no_longer_sees("この案にする", MINUTE)
    assert person.sees("提案を作る", MINUTE)


def test_a_plan_that_is_not_wanted_leaves_all_as_it_was(browser: BrowserWindow, server: RunningServer) -> None:
    person = at_matching(browser, server)
    before = person.reads_table()

    proposed(person, "提案を作る").press("元のままにする").waits_for("元のままにしました", MINUTE)

    person.waits_for("提案を作る", MINUTE).no_longer_sees("元のままにしました", MINUTE)
    assert person.reads_table() == before
