"""Bad input: one clear sentence in the person's language that shows the wrong value, and nothing is changed.

A My Number is the exception: the sentence must never repeat it.
"""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy
from fastapi import FastAPI
from sqlmodel import select

from events.attendee_facts import AttendeeFacts, ContactFacts
from events.attendees import add_attendee
from events.errors import DomainError, InvalidValue
from events.japan.typed_dates import parse_date
from events.models import Attendee
from events.planning.drafts import SessionDraft, SessionEdit, WorkshopDraft
from events.planning.editing import edit_session
from events.planning.stopping import postpone_session
from events.planning.workshops import create_workshop
from events.registration import register_attendee
from events.states import Channel, ContactKind, WorkshopKind
from events.venues import VenueDraft, add_venue
from events.walk_ins import walk_in
from supportapp.accounts import LoginTaken, create_account
from supportapp.backend import Backend
from supportapp.command_line import UnknownMunicipality, the_municipality
from supportapp.database import Database
from supportapp.feeds import feeds_router
from supportapp.identity import Actor, Role
from supportapp.importing import import_events_file
from supportapp.messages import LANGUAGES, words
from supportapp.settings import Settings
from supportapp.tables import METADATA
from supportapp.user_admin import add_account
from supportapp.waiting_files import expect_upload, new_token
from supportapp.wording import refusal
from tests.builders import CITY, a_municipality, a_session, an_attendee, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 9)
STAFF = Actor("佐藤", Role.STAFF, CITY)
ADMINISTRATOR = Actor("前田", Role.ADMINISTRATOR, CITY)
LOCAL = Actor("cli:test", Role.LOCAL, CITY)
MY_NUMBERS = (
    "123456789018",
    "1234 5678 9018",
    "１２３４５６７８９０１８",
    "１２３４-5678－９０１８",
    "1 2 3 4 5 6 7 8 9 0 1 8",
)
LONG_NAME = "長" * 300


@dataclass(frozen=True)
class Place:
    """A city with a coming session, one that is on today, and a person."""

    database: Database
    backend: Backend
    session_id: UUID
    version: int
    intake_id: UUID
    today_id: UUID
    attendee_id: UUID


@pytest.fixture
def office(database: Database) -> Place:
    with database.writing() as db:
        a_municipality(db)
        session, today = a_session(db, day=DAY), a_session(db, day=date(2026, 11, 21), start=time(10))
        intake = an_intake(db, session)
        an_intake(db, today)
        person = an_attendee(db)
        return Place(
            database,
            Backend(database, clock=lambda: NOW),
            session.id,
            session.version,
            intake.id,
            today.id,
            person.id,
        )


def _everything(database: Database) -> dict[str, list[str]]:
    with database.engine.connect() as connection:
        return {
            table.name: sorted(str(row) for row in connection.execute(sqlalchemy.select(table)))
            for table in METADATA.sorted_tables
        }


def _sentences(error: DomainError) -> list[str]:
    return [refusal(words(language), error) for language in LANGUAGES]


def _is_clear(sentence: str, language: str) -> bool:
    """Written by the catalogue: in the language, without a code, a placeholder or a name of ours."""
    ends_well = sentence.rstrip("）)").endswith("。" if language == "ja" else (".", "?"))
    speaks = bool(re.search("[ぁ-ん]", sentence)) == (language == "ja") or language == "en"
    ours = re.search(r"[{}]|[a-z]_[a-z]|None|Error|datetime|UUID", sentence)
    return ends_well and speaks and len(sentence) < 260 and not ours


def _refused(office: Place, shown: str, actor: Actor, use_case: Callable[..., Any], **arguments: Any) -> DomainError:
    """Refused, in clear sentences that show the value, and with nothing changed."""
    before = _everything(office.database)
    with pytest.raises(DomainError) as refused:
        office.backend.run_now(actor, use_case, **arguments)
    for language, sentence in zip(LANGUAGES, _sentences(refused.value), strict=True):
        assert _is_clear(sentence, language), sentence
        assert shown in sentence
    assert _everything(office.database) == before
    return refused.value


def _plan(title: str = "はじめてのスマホ", note: str = "", **session: Any) -> dict[str, Any]:
    draft = SessionDraft(**{"held_on": DAY, "starts": time(13, 30), "place_text": "市役所", **session})
    return {
        "municipality_code": CITY,
        "draft": WorkshopDraft(kind=WorkshopKind.TRIAL, title=title, summary=note),
        "sessions": (draft,),
        "now": NOW,
        "by": "佐藤",
    }


@pytest.mark.parametrize("text", ["2026-02-30", "13月1日", "令和8.11.31", "R0.1.1", "きのう", "20261301"])
def test_a_date_that_is_none_is_named(text: str):
    with pytest.raises(DomainError) as refused:
        parse_date(text, today=date(2026, 11, 21))

    for language, sentence in zip(LANGUAGES, _sentences(refused.value), strict=True):
        assert _is_clear(sentence, language), sentence
        assert text in sentence


def test_a_day_that_is_over_is_refused_when_planning(office: Place):
    _refused(office, "", STAFF, create_workshop, **_plan(held_on=date(2026, 11, 1)))


def test_a_new_day_that_is_over_is_refused_when_postponing(office: Place):
    arguments = {"session_id": office.session_id, "reason": "台風", "now": NOW, "by": "佐藤"}
    _refused(office, "", STAFF, postpone_session, held_on=date(2020, 1, 1), **arguments)


@pytest.mark.parametrize("seats", [0, -1, 10_000])
def test_seats_out_of_range_are_refused_with_the_number(office: Place, seats: int):
    _refused(office, str(seats), STAFF, create_workshop, **_plan(seats=seats))


@pytest.mark.parametrize("seats", [0, 10_000])
def test_seats_out_of_range_are_refused_when_changing_too(office: Place, seats: int):
    arguments = {
        "session_id": office.session_id,
        "version": office.version,
        "edit": SessionEdit(seats=seats),
        "now": NOW,
        "by": "佐藤",
    }
    _refused(office, str(seats), STAFF, edit_session, **arguments)


@pytest.mark.parametrize("ends", [time(13, 0), time(13, 30)])
def test_an_end_that_is_not_after_the_start_is_refused(office: Place, ends: time):
    _refused(office, f"{ends:%H:%M}", STAFF, create_workshop, **_plan(ends=ends))


def test_an_unknown_municipality_is_refused_by_the_command_line(office: Place):
    with pytest.raises(UnknownMunicipality) as refused:
        the_municipality(office.backend, "999999")

    assert all("999999" in sentence for sentence in _sentences(refused.value))


def test_an_unknown_municipality_gets_no_account(office: Place):
    arguments = {"login": "x", "name": "x", "password_hash": "x", "role": Role.STAFF, "now": NOW}
    _refused(office, "", LOCAL, create_account, municipality_code="999999", **arguments)


def _workbook_in_name_only() -> Iterator[tuple[str, bytes]]:
    yield "text.xlsx", "これは表ではありません".encode()
    yield "cut.xlsx", b"PK\x03\x04" + b"\0" * 400
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("letter.txt", "not a workbook")
    yield "zip.xlsx", packed.getvalue()
    yield "picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    yield "empty.xlsx", b""
    yield "bytes.csv", bytes(range(256)) * 4


@pytest.mark.parametrize(("name", "content"), list(_workbook_in_name_only()), ids=lambda value: str(value)[:12])
def test_a_workbook_that_is_none_is_not_imported(office: Place, name: str, content: bytes):
    before = _everything(office.database)
    with pytest.raises(DomainError) as refused:
        import_events_file(office.backend, STAFF, content=content, file_name=name, municipality_code=CITY)

    for language, sentence in zip(LANGUAGES, _sentences(refused.value), strict=True):
        assert _is_clear(sentence, language), sentence
        assert name in sentence
    assert _everything(office.database) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [each for each in _workbook_in_name_only() if each[0] != "text.xlsx"],  # words are a table of one column to it
    ids=lambda value: str(value)[:12],
)
def test_a_workbook_that_is_none_is_not_taken_by_the_upload_address(office: Place, name: str, content: bytes):
    server, token = _upload(office)
    before = _everything(office.database)
    for language in LANGUAGES:
        answer = _post(server, token, content, {"Accept-Language": language, "X-File-Name": name})
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert _is_clear(answer.json()["message"], language)
    assert _everything(office.database) == before


def _upload(office: Place) -> tuple[FastAPI, str]:
    server = FastAPI()
    server.include_router(feeds_router(office.backend, Settings()))
    token = new_token()
    office.backend.run_now(STAFF, expect_upload, municipality_code=CITY, token=token, minutes=10, now=NOW)
    return server, token


def _post(server: FastAPI, token: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://office") as client:
            return await client.post(f"/upload/{token}", content=content, headers=headers)

    return asyncio.run(post())


def test_fifty_megabytes_are_stopped_while_they_stream(office: Place):
    server, token = _upload(office)
    before = _everything(office.database)
    status, taken, body = _streamed(server, token, megabytes=50)

    assert status == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert taken * 1_000_000 <= Settings().upload_limit + 1_000_000  # what came after the limit was never read
    assert taken < 50
    assert _is_clear(body["message"], "ja")
    assert _everything(office.database) == before


def _streamed(server: FastAPI, token: str, *, megabytes: int) -> tuple[int, int, dict[str, Any]]:
    """Status, megabytes that were asked for, and the answer to a body without a length."""
    taken = 0
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"a,b\r\n" * 200_000, "more_body": taken < megabytes}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path = f"/upload/{token}"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"x"), (b"x-file-name", b"a.csv")], "server": ("x", 80), "client": ("x", 1),
    }  # fmt: skip
    asyncio.run(server(scope, receive, send))  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return sent[0]["status"], taken, json.loads(body)


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(office: Place):
    server, token = _upload(office)
    answer = _post(server, token, b"x" * 10, {"Content-Length": "52428800"})

    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.REQUEST_ENTITY_TOO_LARGE, "upload_too_large")


def _person(**facts: Any) -> dict[str, Any]:
    kana = {"kana": "タカハシ ハナコ", "contacts": (ContactFacts(ContactKind.TELEPHONE, "042-300-1234"),)}
    return {"municipality_code": CITY, "facts": AttendeeFacts(**{"name": "高橋 花子", **kana, **facts}), "now": NOW}


@pytest.mark.parametrize(
    ("actor", "use_case", "arguments"),
    [
        (STAFF, add_attendee, _person(name=LONG_NAME)),
        (STAFF, create_workshop, _plan(title=LONG_NAME)),
        (
            STAFF,
            add_venue,
            {"municipality_code": CITY, "draft": VenueDraft(name=LONG_NAME), "now": NOW, "by": "佐藤"},
        ),
        (
            ADMINISTRATOR,
            add_account,
            {
                "municipality_code": CITY,
                "login": "x",
                "name": LONG_NAME,
                "role": Role.STAFF,
                "password_hash": "x",
                "now": NOW,
            },
        ),
    ],
    ids=["attendee", "workshop", "venue", "account"],
)
def test_a_name_of_300_characters_is_refused_and_shown_shortened(
    office: Place, actor: Actor, use_case: Callable[..., Any], arguments: dict[str, Any]
):
    _refused(office, "長" * 20, actor, use_case, **arguments)


def test_a_walk_in_with_a_name_of_300_characters_is_refused(office: Place):
    arguments = {"session_id": office.today_id, "name": LONG_NAME, "tap_id": UUID(int=1), "now": NOW, "by": "佐藤"}
    _refused(office, "長" * 20, STAFF, walk_in, **arguments)


def test_emoji_and_rare_characters_come_back_as_they_were_given(office: Place):
    name = "𠮷田 髙﨑邉 😀👩‍👩‍👧"
    office.backend.run_now(STAFF, add_attendee, **_person(name=name, note="😀 ありがとう"))

    with office.database.reading() as db:
        assert name in db.exec(select(Attendee.name)).all()


@pytest.mark.parametrize("text", ["高橋\x00花子", "高橋\x1b[31m", "高橋\u202e花子"])
def test_characters_that_nobody_can_see_are_refused(office: Place, text: str):
    error = _refused(office, "", STAFF, add_attendee, **_person(name=text))

    assert isinstance(error, InvalidValue)


@pytest.mark.parametrize("number", MY_NUMBERS)
@pytest.mark.parametrize("where", ["note", "needs_note", "name", "address"])
def test_a_my_number_is_refused_in_every_free_text_and_never_repeated(office: Place, number: str, where: str):
    error = _refused(office, "", STAFF, add_attendee, **_person(**{where: f"番号 {number} です"}))

    _never_repeated(error, number)


@pytest.mark.parametrize("number", MY_NUMBERS)
def test_a_my_number_is_refused_in_what_is_written_about_workshops_and_bookings(office: Place, number: str):
    booking = {
        "intake_id": office.intake_id,
        "attendee_id": office.attendee_id,
        "channel": Channel.TELEPHONE,
        "note": f"番号は{number}",
        "now": NOW,
        "by": "佐藤",
    }
    _never_repeated(_refused(office, "", STAFF, register_attendee, **booking), number)
    _never_repeated(_refused(office, "", STAFF, create_workshop, **_plan(note=f"番号は{number}")), number)
    walk = {"session_id": office.today_id, "name": f"高橋 {number}", "tap_id": UUID(int=1), "now": NOW, "by": "佐藤"}
    _never_repeated(_refused(office, "", STAFF, walk_in, **walk), number)


def _never_repeated(error: DomainError, number: str) -> None:
    assert error.details["problem"] == "my_number"
    for said in (*_sentences(error), str(error)):
        assert number not in said
        assert "5678" not in said
        assert "５６７８" not in said


def test_the_second_person_of_the_same_name_kana_and_telephone_is_asked_about(office: Place):
    office.backend.run_now(STAFF, add_attendee, **_person())
    _refused(office, "高橋 花子", STAFF, add_attendee, **_person())

    office.backend.run_now(STAFF, add_attendee, **_person(), is_another_person=True)

    with office.database.reading() as db:
        assert len(db.exec(select(Attendee.id).where(Attendee.name == "高橋 花子")).all()) == 3


def test_a_login_that_is_taken_is_named(office: Place):
    arguments = {
        "municipality_code": CITY,
        "login": "tanaka",
        "name": "田中",
        "role": Role.STAFF,
        "password_hash": "x",
        "now": NOW,
    }
    office.backend.run_now(ADMINISTRATOR, add_account, **arguments)

    assert isinstance(_refused(office, "tanaka", ADMINISTRATOR, add_account, **arguments), LoginTaken)
