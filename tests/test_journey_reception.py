"""Two tablets at one desk, in real Chromium: tick, undo, a walk-in; the other tablet sees it within a second."""

import re
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from events.japan.clock import tokyo_date
from tests.browser import TABLET, TABLET_UPRIGHT, BrowserWindow, Person, open_browser
from tests.serving import RunningServer, demo_server, signed_in

pytestmark = pytest.mark.browser
CITY = "132209"
WITHIN = 1.0  # seconds, what a second tablet may take


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("reception")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as window:
        yield window


@pytest.fixture(scope="module")
def desk(server) -> str:
    """The address of the desk of today's session with the most people."""
    file = server.database.removeprefix("sqlite:///")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as data:
        (session_id,) = data.execute(
            "SELECT id FROM workshop_session WHERE municipality_code = ? AND held_on = ? "
            "AND state NOT IN ('draft', 'cancelled', 'postponed') "
            "AND confirmed_count + offered_count + lent_count < seats "
            "ORDER BY confirmed_count DESC",
            (CITY, tokyo_date(datetime.now(UTC)).isoformat()),
        ).fetchone()
    return f"{server.url}/desk/{UUID(session_id)}"


@pytest.fixture(scope="module")
def tablets(server, browser, desk) -> tuple[Person, Person]:
    """A receptionist and a member of staff, both at the same desk."""
    return at_the_desk(server, browser, desk, "reception", TABLET), at_the_desk(
        server, browser, desk, "staff", TABLET_UPRIGHT
    )


def at_the_desk(server, browser, desk, role, size) -> Person:
    person = browser.person(server.url, size=size)
    login, password = server.login(role, CITY)
    person.type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    person.waits_for("ログイン中の人")
    person.open(desk).waits_for("当日参加")
    return person


def names_to_tick(person) -> list[str]:
    return re.findall(r'"([^"]+?)さんを出席にする', person.screen())


def counted(person) -> tuple[int, int]:
    came, expected = re.search(r"出席 (\d+)/(\d+)", person.screen()).groups()
    return int(came), int(expected)


def seconds_until(person, happened) -> float:
    """How long it takes until the screen says so; gives up after ten seconds."""
    begun = time.monotonic()
    while not happened(person.screen()):
        if time.monotonic() - begun > 10:
            raise AssertionError(person.screen())
    return time.monotonic() - begun


def test_a_tick_shows_the_time_and_reaches_the_other_tablet_within_a_second(tablets):
    mine, other = tablets
    name, came = names_to_tick(mine)[0], counted(mine)[0]

    mine.press(f"{name}さんを出席にする", exact=False)
    waited = seconds_until(other, lambda screen: f"{name}さんの出席" in screen)

    assert waited < WITHIN
    other.comes(lambda: counted(other)[0] == came + 1)
    assert re.search(rf"{name}さんの出席 \d\d:\d\dを取り消す", mine.screen())


def test_what_is_ticked_has_no_second_tick_on_either_tablet(tablets):
    mine, other = tablets
    name = names_to_tick(mine)[0]
    mine.press(f"{name}さんを出席にする", exact=False)
    mine.waits_for(f"{name}さんの出席")
    came = counted(mine)[0]

    other.waits_for(f"{name}さんの出席")

    assert name not in names_to_tick(mine) + names_to_tick(other)
    other.comes(lambda: counted(other)[0] == came)


def test_both_tablets_ticking_the_same_person_at_once_count_one_arrival(tablets):
    mine, other = tablets
    name, came = names_to_tick(mine)[0], counted(mine)[0]
    words = re.compile(f"{name}さんを出席にする")

    for person in (mine, other):
        person.page.get_by_role("button", name=words).evaluate("button => button.click()")
    mine.waits_for(f"{name}さんの出席")
    other.waits_for(f"{name}さんの出席")

    mine.comes(lambda: counted(mine)[0] == counted(other)[0] == came + 1)


def test_an_undo_is_a_control_of_its_own_and_reaches_the_other_tablet(tablets):
    mine, other = tablets
    name = names_to_tick(mine)[0]
    mine.press(f"{name}さんを出席にする", exact=False)
    other.waits_for(f"{name}さんの出席")
    came = counted(other)[0]

    other.press(f"{name}さんの出席", exact=False)
    waited = seconds_until(mine, lambda screen: f"{name}さんを出席にする" in screen)

    assert waited < WITHIN
    assert counted(mine)[0] == came - 1


def test_a_walk_in_takes_three_taps_and_a_name_and_is_on_the_other_tablet(tablets):
    mine, other = tablets
    came, expected = counted(mine)

    mine.press("当日参加")
    mine.type_japanese("来た人の氏名", "髙﨑 飛入")
    mine.press("受付する")
    mine.waits_for("髙﨑 飛入さんを受付しました。")
    waited = seconds_until(other, lambda _screen: counted(other) == (came + 1, expected + 1))

    assert waited < WITHIN
    other.type_into("名前・カナ・番号", "高崎 飛入")
    assert other.sees("髙﨑 飛入さんの出席")
    other.type_into("名前・カナ・番号", "")


def test_a_person_known_already_is_let_in_with_one_tap(server, tablets):
    mine, _ = tablets
    name, kana = somebody_without_a_seat(server, mine)
    expected = counted(mine)[1]

    mine.press("当日参加").type_into("来た人のカナ", kana)
    mine.press(name, exact=False)
    if "理由を押してください" in mine.screen():  # the walk-in before took the last free seat
        mine.press("会場に余裕がある")

    mine.waits_for(f"{name}さんを受付しました。")
    mine.comes(lambda: counted(mine)[1] == expected + 1)


def somebody_without_a_seat(server, person) -> tuple[str, str]:
    """Name and kana of somebody of the city who is not on this list and shares the kana with nobody."""
    file = server.database.removeprefix("sqlite:///")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as data:
        people = data.execute(
            "SELECT name, kana FROM attendee WHERE municipality_code = ? AND length(kana) BETWEEN 6 AND 12 "
            "GROUP BY kana_key HAVING count(*) = 1",
            (CITY,),
        ).fetchall()
    screen = person.screen()
    return next((name, kana) for name, kana in people if name not in screen and "髙﨑" not in name)


def test_late_and_absent_with_notice_need_one_tap_more(tablets):
    mine, _ = tablets
    name = names_to_tick(mine)[0]
    mine.press("ほか", number=ordinal(mine, name))

    mine.press("欠席（連絡あり）にする")

    assert mine.sees(f"{name}さんの欠席（連絡あり）を取り消す")


def ordinal(person, name) -> int:
    """Which of the rows on the screen is this person's."""
    rows = re.findall(r'(?:group|button) "(.*?)(?: [ァ-ヶー]| \d)', person.screen())
    people = [row for row in rows if "さん" not in row and " " in row]
    return people.index(name)


def test_a_reload_brings_the_tablet_back_to_its_desk_with_what_was_ticked(tablets):
    mine, _ = tablets
    before = counted(mine)

    mine.page.reload()
    mine.is_ready().waits_for("当日参加")

    assert counted(mine) == before


def test_staff_of_another_city_do_not_find_this_desk(server, browser, desk):
    stranger = browser.person(server.url)
    login, password = server.login("staff", "132110")
    stranger.type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    stranger.waits_for("ログイン中の人")

    stranger.open(desk)

    assert stranger.sees("見つかりません")
    assert not names_to_tick(stranger)


def test_staff_put_right_afterwards_what_the_desk_recorded(server, browser, desk):
    clerk = signed_in(browser, server, "staff", CITY)
    clerk.open(f"{desk.replace('/desk/', '/sessions/')}?part=day").waits_for("の出欠を直す")
    name = re.search(r'"(.+?)さんの出欠を直す', clerk.screen())[1]

    clerk.press(f"{name}さんの出欠を直す", exact=False)
    clerk.press("遅刻にする").waits_for("理由")
    clerk.type_japanese("直す理由", "受付表の書きまちがい").press("遅刻にする")

    clerk.comes(lambda: re.search(rf"{name}[^\n]*\n?[^\n]*遅刻", clerk.screen()) is not None)
    assert clerk.no_longer_sees("直す理由")
