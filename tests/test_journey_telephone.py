"""Journey: a telephone rings. A new and a known person are booked, typed with a Japanese input method."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from events.japan.clock import tokyo_date
from supportapp.database import open_database
from tests import builders
from tests.browser import BrowserWindow, Person, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
SEARCH, FILTER = "電話番号・カナ・氏名", "講座・会場で絞る"
TITLE, OTHER_TITLE = "はじめてのスマホ 特別回", "もっとスマホ 追加回"
SISTERS = (("綾小路 梅", "アヤノコウジ ウメ"), ("綾小路 菊", "アヤノコウジ キク"))
SAFE, UNSAFE = "入力は保存されています", "まだ保存されていません"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The demo, with two more workshops that have seats for all that is booked here."""
    with demo_server(tmp_path_factory.mktemp("telephone")) as running:
        database = open_database(running.database)
        with database.writing() as db:
            for days, title in ((9, TITLE), (10, OTHER_TITLE)):
                workshop = builders.a_workshop(db, title=title)
                day = tokyo_date(datetime.now(UTC)) + timedelta(days=days)
                builders.an_intake(db, builders.a_session(db, day=day, seats=30, workshop_id=workshop.id))
            for name, kana in SISTERS:
                builders.an_attendee(db, name, kana)
        database.close()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def signed_in(browser: BrowserWindow, server: RunningServer) -> Person:
    """A clerk of 東大和市, signed in."""
    login, password = server.login("staff")
    person = browser.person(server.url)
    person.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    return person.waits_for("電話受付", 60)


@pytest.fixture
def clerk(signed_in: Person, server: RunningServer) -> Person:
    """The clerk at an empty telephone screen: what the last test left is put away."""
    person = signed_in.open(f"{server.url}/telephone").waits_for('heading "電話受付"', 60)
    person._until(lambda: any(words in person.screen() for words in ("どなたから", "次の電話")), "the telephone screen")
    if "次の電話" in person.screen():
        person.press("次の電話").waits_for("どなたから")
    while "登録せずに終える" in person.screen():
        person.press("登録せずに終える").no_longer_sees("登録せずに終える")
    return person.waits_for(SEARCH)


def is_turn_of(clerk: Person, role: str, name: str) -> None:
    """Wait until the cursor has come to a control, as it does by itself after each step."""
    found = clerk.page.get_by_role(role, name=name)  # type: ignore[arg-type]
    clerk._until(lambda: found.count() > 0 and clerk._has_focus(found.first), f"the cursor on {name}")


def begin_new_person(clerk: Person) -> Person:
    """Press the button and look, as a person does, where the cursor has gone before typing on."""
    clerk.press("新しい人として登録").waits_for('textbox "氏名"')
    name = clerk.page.get_by_role("textbox", name="氏名")
    clerk._comes(lambda: name.count() > 0 and clerk._has_focus(name.first), 2)
    return clerk


def choose_a_session(clerk: Person) -> None:
    """Press the workshop once its list stands there; the sentence to read back follows."""
    clerk.waits_for(f'textbox "{FILTER}"').press(TITLE, exact=False).waits_for("お受けします")


def book_new_person(clerk: Person, name: str, kana: str, number: str) -> None:
    begin_new_person(clerk.type_into(SEARCH, number).waits_for("見つかりません"))
    clerk.type_japanese("氏名", name).type_japanese("カナ", kana).type_into("電話", number)
    clerk.press("講座を選ぶ")
    choose_a_session(clerk)
    clerk.waits_for(f"{name}様").press("登録する").waits_for("受付番号")


def test_a_new_person_is_booked_with_name_kana_and_number(clerk: Person) -> None:
    book_new_person(clerk, "髙﨑 花子", "タカサキ ハナコ", "042-399-9871")

    assert clerk.sees("確定")
    assert clerk.sees("髙﨑 花子様")
    assert clerk.sees("お席をお取りしました")


def test_a_known_person_is_booked_with_three_inputs_and_the_keyboard_alone(clerk: Person) -> None:
    book_new_person(clerk, "渡邉 幸子", "ワタナベ サチコ", "042-399-9872")
    is_turn_of(clerk, "button", "次の電話")
    clerk.key("Enter").waits_for(SEARCH)

    clerk.page.keyboard.type("9872", delay=20)
    clerk.waits_for("渡邉 幸子 ワタナベ サチコ").key("Enter")
    clerk.waits_for("申込済み")
    is_turn_of(clerk, "textbox", FILTER)
    clerk.page.keyboard.type("追加回", delay=20)
    clerk.key("Enter").waits_for("渡邉 幸子様")
    is_turn_of(clerk, "button", "登録する")
    clerk.key("Enter")

    assert clerk.sees("受付番号")


MARKED = f"text: {' '.join(SISTERS[1])}"  # what a screen reader is told when the arrow keys stand on her


def test_the_arrow_keys_choose_among_found_people_and_sessions(clerk: Person) -> None:
    clerk.type_japanese(SEARCH, "アヤノコウジ").waits_for('button "綾小路 菊')
    clerk.key("ArrowDown").key("ArrowDown").waits_for(MARKED).key("Enter")
    is_turn_of(clerk, "textbox", FILTER)
    clerk.page.keyboard.type("特別回", delay=20)
    clerk._until(lambda: OTHER_TITLE not in clerk.screen(), "one workshop alone")
    clerk.key("ArrowDown").comes(lambda: bool(re.search(f"text: .*{TITLE}", clerk.screen()))).key("Enter")

    assert clerk.sees("綾小路 菊様")
    assert clerk.sees("お受けします")


def test_the_arrows_of_an_input_method_choose_nobody(clerk: Person) -> None:
    clerk.type_japanese(SEARCH, "アヤノコウジ").waits_for('button "綾小路 菊')
    clerk.compose("ア").press_composing("ArrowDown").press_composing("ArrowDown").press_composing_enter()
    clerk.type_japanese(SEARCH, "アヤノコウジ").key("Enter")  # two of that name: nobody is taken by itself

    assert clerk.sees('button "綾小路 菊')
    assert MARKED not in clerk.screen()


def test_the_enter_of_an_input_method_sends_nothing(clerk: Person) -> None:
    begin_new_person(clerk.type_into(SEARCH, "042-399-9873").waits_for("見つかりません"))
    clerk.type_japanese("カナ", "コウノ", finish=False).press_composing_enter()

    assert clerk.sees("新しい人")
    assert "受付番号" not in clerk.screen()


@pytest.mark.parametrize("typed", ["たかはし", "タカハシ", "髙橋", "高橋"])
def test_a_person_is_found_by_kana_and_kanji_of_any_form(clerk: Person, typed: str) -> None:
    clerk.type_japanese(SEARCH, typed)

    assert clerk.sees("タカハシ")


def test_a_reload_brings_the_call_back(clerk: Person, server: RunningServer) -> None:
    begin_new_person(clerk.type_into(SEARCH, "042-399-9874").waits_for("見つかりません"))
    clerk.type_japanese("氏名", "五十嵐 文").waits_for(SAFE)

    clerk.open(f"{server.url}/telephone").waits_for("新しい人")

    assert clerk.focus("氏名").input_value() == "五十嵐 文"


def test_a_call_on_hold_waits_while_the_next_is_taken(clerk: Person) -> None:
    clerk.type_into(SEARCH, "042-399-9875").waits_for(SAFE).press("保留にする")
    clerk.waits_for("042-399-9875 ")
    clerk._until(lambda: clerk.value_of(SEARCH) == "", "an empty call")
    clerk.type_into(SEARCH, "042-399-9876").waits_for(SAFE)

    clerk.press("042-399-9875", exact=False)
    clerk._until(lambda: clerk.value_of(SEARCH) == "042-399-9875", "the call that was on hold")

    assert clerk.sees("042-399-9876 ")


def test_a_booking_can_be_taken_back_at_once(clerk: Person) -> None:
    book_new_person(clerk, "三浦 誠", "ミウラ マコト", "042-399-9877")

    clerk.press("登録を取り消す")

    assert clerk.sees("登録を取り消しました")


def test_a_second_person_alike_in_everything_is_asked_about(clerk: Person) -> None:
    book_new_person(clerk, "林 一", "ハヤシ ハジメ", "042-399-9878")
    clerk.press("次の電話").waits_for(SEARCH)
    begin_new_person(clerk.type_into(SEARCH, "ハヤシ ハジ").waits_for("新しい人として登録"))
    clerk.type_japanese("氏名", "林 一").type_japanese("カナ", "ハヤシ ハジメ")
    clerk.type_into("電話", "042-399-9878").waits_for("同じ人かもしれません").press("講座を選ぶ")
    choose_a_session(clerk)
    clerk.press("登録する").waits_for("別の人として登録").press("別の人として登録")

    assert clerk.sees("受付番号")


def test_a_my_number_is_refused_in_one_sentence_and_not_repeated(clerk: Person) -> None:
    clerk.type_into(SEARCH, "1234 5678 9018")

    assert clerk.sees("マイナンバー")
    assert clerk.sees(UNSAFE)
