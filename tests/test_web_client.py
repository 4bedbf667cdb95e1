"""The web client as served and as Chromium meets it: compressed, kept, in our words, back after a restart."""

import gzip
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from supportapp.webclient import make_web_client
from tests.browser import open_browser
from tests.serving import end, first_line

_APP = Path(__file__).with_name("web_client_app.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("web-client")


@contextmanager
def _serving(folder: Path, port: int = 0) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    process = subprocess.Popen(
        [sys.executable, str(_APP), str(port), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_APP.parent.parent)},
    )
    try:
        yield first_line(process, 60).strip(), process
    finally:
        end(process)


@pytest.fixture(scope="module")
def client(folder) -> Iterator[httpx.Client]:
    with _serving(folder) as (url, _process), httpx.Client(base_url=url, follow_redirects=True) as client:
        yield client


def _base(client: httpx.Client) -> str:
    found = re.search(r'data-base="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


def test_every_address_of_the_app_is_answered_with_the_page(client):
    pages = {client.get(path).text for path in ("/", "/sessions/12", "/people/attendees/0193-a")}

    assert len(pages) == 1


def test_a_picture_that_is_not_there_is_not_found(client):
    assert client.get("/icons/nothing.png").status_code == 404


def test_the_page_names_no_other_host(client):
    page, script = client.get("/").text, client.get(_base(client) + "web/boot.js").text

    assert re.findall(r"https?://", page + script) == []


def test_the_page_lets_nothing_be_loaded_from_elsewhere(client):
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "script-src 'self' 'wasm-unsafe-eval' blob:" in policy


def test_the_page_is_asked_for_again_and_answered_with_304(client):
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (first.headers["cache-control"], again.status_code, again.content) == ("no-cache", 304, b"")


def test_what_lies_under_the_address_of_its_content_is_kept_for_good(client):
    answer = client.get(_base(client) + "main.dart.mjs")

    assert "immutable" in answer.headers["cache-control"]


def test_a_page_from_before_an_upgrade_still_gets_its_files_but_may_not_keep_them(client):
    answer = client.get("/client/0123456789abcdef/main.dart.mjs")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_programs_come_compressed_and_unchanged(client):
    address = _base(client) + "main.dart.mjs"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]


def test_fonts_are_not_compressed_twice(client):
    answer = client.get(_base(client) + "fonts/BIZUDPGothic-Regular.woff2", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "font/woff2"


def test_a_compressed_copy_is_made_once(client, folder):
    address = _base(client) + "flutter_bootstrap.js"
    client.get(address, headers={"Accept-Encoding": "gzip"})
    copies = {path: path.stat().st_mtime_ns for path in folder.rglob("*.gz")}
    client.get(address, headers={"Accept-Encoding": "gzip"})

    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.gz")} == copies
    assert all(gzip.decompress(path.read_bytes()) for path in copies)


def test_an_emoji_is_fetched_from_us_when_it_is_needed(client):
    answer = client.get(_base(client) + "fallback/notocoloremoji/v32/some.8.woff2")

    assert answer.content == client.get(_base(client) + "fonts/SupportappEmoji-Regular.woff2").content


def test_the_same_content_has_the_same_address_in_every_process(folder):
    assert make_web_client(folder).base == make_web_client(folder).base


def test_the_licences_travel_with_the_fonts(client):
    for name in ("BIZUDPGothic", "SupportappNames", "SupportappEmoji"):
        assert "SIL OPEN FONT LICENSE" in client.get(f"{_base(client)}fonts/OFL-{name}.txt").text


@pytest.mark.browser
def test_a_lost_server_is_said_in_our_words_and_its_return_brings_the_person_back(folder):
    with open_browser() as browser, _serving(folder) as (url, process):
        person = browser.person(url + "sessions/12").waits_for("場所 /sessions/12")
        process.send_signal(signal.SIGKILL)
        process.wait(15)
        lost = person._comes(person.is_waiting, 10) and person.waiting_words()
        with _serving(folder, int(url.rstrip("/").rpartition(":")[2])):
            person.is_ready()
            back = person.sees("場所 /sessions/12")

    assert "つながっていません" in str(lost)
    assert "保存したことは残っています" in str(lost)
    assert back


@pytest.mark.browser
def test_enter_that_ends_a_composition_sends_nothing(folder):
    with open_browser() as browser, _serving(folder) as (url, _process):
        person = browser.person(url)
        person.type_japanese("氏名", "やまだ", finish=False).press_composing_enter()
        while_composing = person.sees("送信 0 回")
        person.type_japanese("氏名", "山田太郎").key("Enter")
        afterwards = person.sees("送信 1 回")

    assert (while_composing, afterwards) == (True, True)


@pytest.mark.browser
def test_nothing_is_fetched_from_another_host(folder):
    asked: list[str] = []
    with open_browser() as browser, _serving(folder) as (url, _process):
        context = browser.context()
        page = context.new_page()
        page.on("response", lambda response: asked.append(response.url))
        page.goto(url)
        page.get_by_text("場所").wait_for(timeout=60_000)

    elsewhere = [address for address in asked if not address.startswith((url, "blob:", "data:"))]
    assert (len(asked) > 5, elsewhere) == (True, [])


@pytest.mark.browser
def test_no_letter_is_lost_or_doubled_however_fast_somebody_types(folder):
    text = "042-300-1234 abcdefghijklmnopqrstuvwxyz 0123456789"
    with open_browser() as browser, _serving(folder) as (url, _process):
        person = browser.person(url)
        person.focus("メモ")
        person.page.keyboard.type(text, delay=8)
        kept = person.sees(f"控え：{text}")
        shown = person.value_of("メモ")

    assert (kept, shown) == (True, text)
