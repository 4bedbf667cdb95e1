"""Journey: a small pile of cards is keyed in with the keyboard alone; what stays stays, Enter is the next card."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from events.japan.clock import at_tokyo, tokyo_date
from events.models import Registration, Workshop
from events.states import Channel, IntakeMethod
from supportapp.booking_words import day_words
from supportapp.database import open_database
from supportapp.messages import words
from tests import builders
from tests.browser import Person, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
TITLE = "はがきで申し込む講座"
PAIR = "前のはがき"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The demo, with a workshop that draws lots among cards that arrive by today."""
    with demo_server(tmp_path_factory.mktemp("postcards")) as running:
        database = open_database(running.database)
        with database.writing() as db:
            workshop = builders.a_workshop(db, title=TITLE)
            today = tokyo_date(datetime.now(UTC))
            session = builders.a_session(db, day=today + timedelta(days=12), workshop_id=workshop.id)
            ends = at_tokyo(today, datetime.max.time().replace(microsecond=0))
            builders.an_intake(
                db, session, method=IntakeMethod.DRAW, channels=["telephone", "postcard"], deadline_at=ends
            )
            builders.an_attendee(db, "綾小路 梅", "アヤノコウジ ウメ", town="向原")
        database.close()
        yield running


@pytest.fixture(scope="module")
def clerk(server: RunningServer) -> Iterator[Person]:
    with open_browser() as browser:
        login, password = server.login("staff")
        person = browser.person(server.url)
        person.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password)
        person.press("入る")
        person.waits_for("電話受付", 60)
        yield person.open(f"{server.url}/postcards").waits_for("はがき受付", 60)


def entry() -> str:
    """The workshop as the list of this screen says it."""
    today = tokyo_date(datetime.now(UTC))
    return f"{day_words(words('ja'), today + timedelta(days=12), today)} 13:30–15:30 {TITLE}"


def keyed(clerk: Person, *texts: str) -> None:
    """Type a card from its first field on, with Tab between the fields and Enter at the end."""
    name = clerk.page.get_by_role("textbox", name="氏名")
    clerk._until(lambda: name.count() > 0 and clerk._has_focus(name.first), "the cursor on the first field")
    for position, text in enumerate(texts):
        if position:
            clerk.page.keyboard.press("Tab")
        clerk.page.keyboard.type(text, delay=20)


def test_a_pile_of_cards_goes_in_with_the_keyboard_alone(clerk: Person, server: RunningServer) -> None:
    clerk.choose("講座", entry()).waits_for("1枚目").waits_for("必着")

    keyed(clerk, "髙﨑 花子", "タカサキ ハナコ", "042-399-1101", "78")
    clerk.key("Enter").waits_for("2枚目").waits_for("髙﨑 花子")

    keyed(clerk, "髙﨑 太郎", "タカサキ タロウ", "042-399-1102")
    clerk.key("F2")
    clerk._until(lambda: "checked" in clerk.screen(), "the pair to be ticked")
    clerk.key("Enter").waits_for("3枚目").waits_for("前のはがきと組")

    keyed(clerk, "綾小路 梅", "アヤノコウジ ウメ")
    clerk.waits_for("同じ人かもしれません").key("ArrowDown")
    clerk.key("Enter").waits_for("4枚目")

    assert clerk.sees("3枚")
    database = open_database(server.database)
    with database.reading() as db:
        cards = db.exec(
            select(Registration).join(Workshop, Workshop.municipality_code == Registration.municipality_code).where(
                Registration.channel == Channel.POSTCARD, Workshop.title == TITLE
            ).order_by(Registration.received_at.desc()).limit(3)
        ).all()  # fmt: skip
    database.close()
    assert len({card.intake_id for card in cards}) == 1
    assert len({card.party_id for card in cards if card.party_id}) == 1

    keyed(clerk, "変換 中")
    clerk.focus("カナ")
    clerk.compose("ヘンカン").press_composing_enter()
    clerk.press("髙﨑 太郎の登録を取り消す", exact=False).waits_for("2枚")
    assert "4枚目" in clerk.screen()
