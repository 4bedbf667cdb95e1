"""An organiser takes roster, attendance list and calendar through the browser; what came is read back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
import icalendar
import pytest

from events.japan.clock import tokyo_date
from events.japan.eras import in_era
from tests.browser import BrowserWindow, Person, open_browser
from tests.readers.strict_lines import violations
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
CITY = "132209"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("handing_out")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as window:
        yield window


@pytest.fixture(scope="module")
def organiser(server, browser) -> Person:
    person = browser.person(server.url)
    login, password = server.login("organiser", CITY)
    person.type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    person.waits_for("ログイン中の人")
    return person.open(f"{server.url}/exports").waits_for("受付の名簿")


def opened(download):
    import openpyxl

    return openpyxl.load_workbook(BytesIO(Path(download.path()).read_bytes()))


def today():
    return tokyo_date(datetime.now(UTC))


def test_the_roster_of_todays_session_comes_as_a_workbook_that_names_nobodys_telephone(organiser):
    download = organiser.downloads(lambda: organiser.press("名簿を受け取る"))

    sheet = opened(download)["名簿"]
    header, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert download.suggested_filename == f"名簿_{download.suggested_filename.split('_')[1]}_{in_era(today())}.xlsx"
    assert header == ["番号", "氏名", "カナ", "出欠", "端末番号", "配慮", "備考"]
    assert [row[1] for row in rows if row[1]]
    assert not re.search(r"0\d{9,10}|0\d+-\d+-\d+", str(rows))


def test_the_screen_says_what_was_handed_over_and_written_down(organiser):
    organiser.downloads(lambda: organiser.press("名簿を受け取る"))

    assert organiser.sees("に記録しました")
    assert re.search(r"名簿 \d+件 石井 修", organiser.screen())


def test_the_attendance_list_of_a_span_holds_its_sessions_with_totals(organiser):
    organiser.type_into("はじめの日", "令和8年4月1日").key("Tab")

    download = organiser.downloads(lambda: organiser.press("出欠表を受け取る"), 60)

    book = opened(download)
    header, *rows = [list(row) for row in book["出席"].iter_rows(values_only=True)]
    assert book.sheetnames == ["出席", "集計", "内訳"]
    assert {row[header.index("出欠")] for row in rows} >= {"出席"}
    assert len({row[0] for row in rows}) > 5


def test_the_staffs_calendar_comes_as_a_file_and_names_nobody_who_attends(organiser):
    download = organiser.downloads(lambda: organiser.press("ファイルで受け取る"))

    content = Path(download.path()).read_bytes()
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert download.suggested_filename == "職員用の予定_東大和市.ics"
    assert violations(content) == []
    assert len(events) >= 60
    assert all("参加者" in str(event["description"]) for event in events)


def test_the_public_address_on_the_screen_is_a_calendar(organiser):
    address = re.search(r"http://[^\s\"]+/calendar/public/132209\.ics", organiser.screen())[0]

    response = httpx.get(address)

    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def test_a_secret_address_is_shown_once_works_and_ends_when_it_is_ended(organiser):
    organiser.press("アドレスを作る").waits_for("/calendar/staff/")
    address = re.search(r"http://[^\s\"]+/calendar/staff/[\w-]+\.ics", organiser.screen())[0]
    before = httpx.get(address)

    organiser.press("使えなくする").waits_for("アドレスを使えなくしました。")

    assert (before.status_code, httpx.get(address).status_code) == (200, 404)
    assert address not in organiser.screen()


def test_a_file_that_was_fetched_cannot_be_fetched_again(organiser):
    download = organiser.downloads(lambda: organiser.press("名簿を受け取る"))

    again = httpx.get(download.url)

    assert (again.status_code, again.json()["code"]) == (404, "file_gone")
