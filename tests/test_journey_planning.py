"""Staff plan: a new workshop from six fields, and a past one of the city's own once again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from events.japan.clock import tokyo_date
from events.japan.holidays import is_holiday
from tests.browser import BrowserWindow, open_browser
from tests.serving import RunningServer, demo_server, signed_in

pytestmark = pytest.mark.browser
MINUTE = 60.0
TITLE = "はじめての地図アプリ体験会"
COURSE = "花小金井南公民館 シニア講座 スマホを使いこなそう"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("planning")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser(shots=None) as window:
        yield window


def a_working_day(weeks: int) -> date:
    """A Wednesday that is no holiday, some weeks from now."""
    day = tokyo_date(datetime.now(UTC)) + timedelta(weeks=weeks)
    day += timedelta(days=(2 - day.weekday()) % 7)
    while is_holiday(day) or (day.month, day.day) >= (12, 28) or (day.month, day.day) <= (1, 4):
        day += timedelta(weeks=1)
    return day


def test_a_workshop_is_planned_and_stands_in_the_calendar(browser: BrowserWindow, server: RunningServer) -> None:
    person = signed_in(browser, server, "staff")
    day = a_working_day(3)

    person.open(f"{server.url}/workshops/new?day={day.isoformat()}").waits_for("登録して公開する", MINUTE)
    person.type_into("題名", TITLE)
    person.waits_for(f"「{TITLE}」を定員10人で行います", MINUTE)
    person.press("登録する").waits_for("回を加える", MINUTE)

    person.open(f"{server.url}/calendar?month={day:%Y-%m}").waits_for("予定", MINUTE)
    person.type_into("講座・会場をさがす", TITLE)
    assert person.sees(f"{day.month}月{day.day}日", MINUTE)
    assert person.sees(TITLE)


def test_a_half_typed_plan_is_there_again_after_a_reload(browser: BrowserWindow, server: RunningServer) -> None:
    person = signed_in(browser, server, "organiser")
    person.open(f"{server.url}/workshops/new").waits_for("登録して公開する", MINUTE)
    person.type_into("題名", TITLE).waits_for("入力は保存されています")

    person.open(f"{server.url}/workshops/new").waits_for("書きかけの続きです", MINUTE)
    assert person.focus("題名").input_value() == TITLE
    person.press("はじめから書く").no_longer_sees("書きかけの続きです")
    assert person.focus("題名").input_value() == "はじめてのスマートフォン体験会"


def test_last_years_smartphone_course_is_planned_again(browser: BrowserWindow, server: RunningServer) -> None:
    person = signed_in(browser, server, "staff", "132110")
    day = a_working_day(5)

    person.open(f"{server.url}/calendar").waits_for("講座・会場をさがす", MINUTE)
    person.type_into("講座・会場をさがす", "スマホを使いこなそう")
    person.waits_for("花小金井南公民館", MINUTE)
    person.press(COURSE, number=0)
    if not person.sees("過去の講座です", 10.0):  # the demo has planned it again already: take the other one
        person.open(f"{server.url}/calendar").waits_for("講座・会場をさがす", MINUTE)
        person.type_into("講座・会場をさがす", "スマホを使いこなそう")
        person.waits_for("花小金井南公民館", MINUTE).press(COURSE, number=1)
    person.waits_for("過去の講座です", MINUTE)
    person.press("もう一度企画する").waits_for("同じ曜日・時刻・会場で", MINUTE)
    person.type_into("最初の日", day.isoformat()).key("Tab")
    person.press("この日程で企画する")

    person.waits_for(f"{day.month}月{day.day}日", MINUTE)
    person.press("公開する").waits_for("公開しました", MINUTE)
