"""Journey: somebody without an account, on a plain browser. Applies, looks up, cancels; and nothing hinders anybody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from events.models import WorkshopSession
from events.states import ProgrammeState
from supportapp.database import open_database
from supportapp.public.survey_links import survey_path
from tests.browser import PHONE, TABLET, BrowserWindow, open_browser
from tests.readers.axe import hindrances
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
CITY = "132209"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("public")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as opened:
        yield opened


def plain_page(browser: BrowserWindow, size: tuple[int, int] = PHONE) -> Page:
    """A window without JavaScript."""
    width, height = size
    context = browser._chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, locale="ja-JP"
    )
    return context.new_page()


def opens_a_form(page: Page, server: RunningServer, language: str = "") -> None:
    """From the list to the first workshop that takes applications here."""
    page.goto(f"{server.url}/apply/{CITY}/{language}")
    for address in [link.get_attribute("href") for link in page.locator("main article a.button").all()]:
        page.goto(f"{server.url}{address}")
        if page.locator("#apply").count():
            return
    raise AssertionError("no workshop of the demo takes applications over the web")


def fills_in(page: Page) -> None:
    page.locator("input[name=session]").first.check()
    page.get_by_label("お名前").fill("髙橋 花子")
    page.get_by_label("ふりがな").fill("たかはし はなこ")
    page.get_by_label("電話番号", exact=True).fill("042-300-1234")
    page.get_by_label("お持ちの電話").select_option("iPhone")
    page.get_by_label("車いす").check()
    page.get_by_label("利用目的に同意します").check()


def test_without_javascript_one_applies_looks_up_and_cancels(browser: BrowserWindow, server: RunningServer):
    page = plain_page(browser)
    opens_a_form(page, server)
    page.get_by_role("button", name="申し込む").click()
    assert page.get_by_role("alert").get_by_text("直していただきたいところ").is_visible()

    fills_in(page)
    page.get_by_role("button", name="申し込む").click()
    number = page.locator(".receipt").inner_text()
    assert page.get_by_role("heading", name="申込を受け付けました").is_visible()

    page.get_by_role("link", name="申込を調べる・取り消す").click()
    page.get_by_label("受付番号").fill(number)
    page.get_by_label("電話番号の下4けた").fill("1234")
    page.get_by_role("button", name="調べる").click()
    page.get_by_role("button", name="申込を取り消す").click()
    page.get_by_role("button", name="取り消す", exact=True).click()

    assert page.get_by_text("取り消しました").first.is_visible()


def path_of_a_questionnaire(server: RunningServer) -> str:
    """The address of the questionnaire of some session of the demo."""
    database = open_database(server.database)
    with database.reading() as db:
        session_id = db.exec(select(WorkshopSession.id).where(WorkshopSession.state == ProgrammeState.OPEN)).first()
        assert session_id is not None
        path = survey_path(db, session_id=session_id)
    database.close()
    return path


def pages_to_look_at(page: Page, server: RunningServer) -> Iterator[str]:
    """Every page one after the other, with what it is called in a report."""
    for language in ("", "?lang=easy", "?lang=en"):
        page.goto(f"{server.url}/apply/{CITY}/{language}")
        yield f"list {language}"
    page.goto(f"{server.url}/apply/nowhere/")
    yield "not found"
    page.goto(f"{server.url}/apply/receipt")
    yield "look up"
    page.goto(f"{server.url}/join/{CITY}")
    yield "offer help"
    page.get_by_role("button", name="申し出る").click()
    yield "offer help with faults"
    page.goto(f"{server.url}{path_of_a_questionnaire(server)}")
    yield "questionnaire"
    opens_a_form(page, server, "?lang=easy")
    yield "form, easy"
    opens_a_form(page, server)
    yield "form"
    page.get_by_role("button", name="申し込む").click()
    yield "form with faults"
    fills_in(page)
    page.get_by_role("button", name="申し込む").click()
    yield "receipt"
    number = page.locator(".receipt").inner_text()
    page.goto(f"{server.url}/apply/receipt")
    page.get_by_label("受付番号").fill(number)
    page.get_by_label("電話番号の下4けた").fill("1234")
    page.get_by_role("button", name="調べる").click()
    yield "stands"
    page.get_by_role("button", name="申込を取り消す").click()
    yield "really"


def test_axe_finds_nothing_that_hinders_on_any_page_size_and_colour(browser: BrowserWindow, server: RunningServer):
    page = browser.context(size=PHONE).new_page()
    found: dict[str, list[str]] = {}

    for name in pages_to_look_at(page, server):
        for width, height in (TABLET, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                only_look = (width, scheme) != (PHONE[0], "light")
                found[f"{name} {width} {scheme}"] = hindrances(page, of_the_look=only_look)

    assert {name: rules for name, rules in found.items() if rules} == {}
    assert len(found) == 14 * 4


def test_at_twice_the_text_size_nothing_is_cut_off(browser: BrowserWindow, server: RunningServer):
    page = browser.context(size=PHONE).new_page()

    for name in pages_to_look_at(page, server):
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, name
