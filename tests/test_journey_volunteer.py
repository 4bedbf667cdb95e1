"""A volunteer on a phone: takes an open session, finds it among her own, leaves it, and says when she is free."""

import re
from collections.abc import Iterator

import pytest

from tests.browser import PHONE, BrowserWindow, Person, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
MINUTE = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("volunteer")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser(shots=None) as window:
        yield window


def signed_in(browser: BrowserWindow, server: RunningServer, role: str = "volunteer") -> Person:
    login, password = server.login(role)
    person = browser.person(server.url, size=PHONE, touch=True)
    person.type_into("ログイン名", login)
    person.type_into("パスワード", password)
    person.press("入る")
    return person.waits_for("ログイン中の人", MINUTE)


def taken_when(person: Person) -> str:
    """The day and time that the banner names."""
    found = re.search(r"参加を登録しました。 (\S+ [\d:]+〜[\d:]+)", person.screen())
    assert found is not None
    return found[1]


def test_a_volunteer_takes_a_session_and_leaves_it_again(browser: BrowserWindow, server: RunningServer) -> None:
    person = signed_in(browser, server).open(f"{server.url}/open").waits_for("参加する", MINUTE)

    person.press("参加する", number=2).waits_for("参加を登録しました", MINUTE)
    when = taken_when(person)

    person.open(f"{server.url}/mine").waits_for(when, MINUTE)
    before = person.screen().count("参加をやめる")
    position = person.screen().split(when)[0].count("参加をやめる")
    person.press("参加をやめる", number=position).waits_for("この回の参加をやめますか")
    person.press("やめる").waits_for("参加をやめました", MINUTE)
    person.comes(lambda: person.screen().count("参加をやめる") < before)

    person.press("元に戻す（10秒）").waits_for("元に戻しました", MINUTE)
    assert person.sees(when)


def test_taking_a_session_can_be_undone_where_it_was_taken(browser: BrowserWindow, server: RunningServer) -> None:
    person = signed_in(browser, server).open(f"{server.url}/open").waits_for("参加する", MINUTE)

    person.press("参加する", number=1).waits_for("参加を登録しました", MINUTE)
    when = taken_when(person)
    person.press("元に戻す（10秒）").waits_for("元に戻しました", MINUTE)

    assert person.sees(when)


def test_a_tap_says_when_somebody_is_free_and_stays_after_a_reload(
    browser: BrowserWindow, server: RunningServer
) -> None:
    person = signed_in(browser, server).open(f"{server.url}/times").waits_for("日 夕方：来られ", MINUTE)
    before = next(name for name in person.reads_table() if name.startswith("日 夕方"))
    after = "日 夕方：来られます" if before.endswith("来られません") else "日 夕方：来られません"

    person.press(before).waits_for(after, MINUTE)

    assert person.open(f"{server.url}/times").sees(after, MINUTE)
