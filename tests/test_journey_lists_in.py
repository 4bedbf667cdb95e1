"""Staff bring a list in through the browser: wrong cells come back marked, other headers are mapped, then it is in."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.browser import BrowserWindow, Person, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
CITY = "132209"
HEADER = "お名前,お名前(フリガナ),日中の連絡先,お住まい"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("lists_in")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as window:
        yield window


@pytest.fixture(scope="module")
def staff(server, browser) -> Person:
    person = browser.person(server.url)
    login, password = server.login("staff", CITY)
    person.type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    person.waits_for("ログイン中の人")
    return person.open(f"{server.url}/files-in").waits_for("申込の一覧")


def brings(person: Person, file: Path, button: str = "ファイルを選ぶ") -> None:
    with person.page.expect_file_chooser(timeout=20_000) as coming:
        person.press(button)
    coming.value.set_files(file)


def test_a_list_of_people_is_tried_marked_put_right_and_taken_in(staff, tmp_path):
    import openpyxl

    staff.press("参加者の一覧")
    wrong = tmp_path / "参加者.csv"
    wrong.write_bytes(f"{HEADER}\r\n新井 一郎,アライ イチロウ,12,向原\r\n".encode("utf-8-sig"))
    brings(staff, wrong)
    staff.waits_for("直すところ")
    download = staff.downloads(lambda: staff.press("直すところに印を付けて受け取る"))
    sheet = openpyxl.load_workbook(BytesIO(Path(download.path()).read_bytes())).active
    assert "電話番号「12」" in sheet.cell(2, 5).value
    sheet.cell(2, 3).value = "042-561-0001"
    right = tmp_path / "参加者.xlsx"
    sheet.parent.save(right)
    brings(staff, right, "別のファイルを選ぶ")
    staff.waits_for("新しい行（1件）")
    staff.press("取り込む").waits_for("1行を取り込みました")


def test_a_form_without_our_headers_is_mapped_by_hand(staff, tmp_path):
    staff.press("別のファイルを選ぶ").waits_for("参加者の一覧")
    other = tmp_path / "市の様式.csv"
    other.write_bytes("申込んだ人,よみ,でんわ\r\n新井 花,アライ ハナ,042-561-0002\r\n".encode("cp932"))
    brings(staff, other)
    staff.waits_for("列の対応")
    staff.choose("氏名（必要）", "申込んだ人")
    assert staff.no_longer_sees("すべての行の「氏名」")  # the rows below move up
    staff.choose("カナ", "よみ").choose("電話", "でんわ")
    staff.press("この対応で読む").waits_for("新しい行（1件）")
