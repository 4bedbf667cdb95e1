"""Addresses for other programs: calendars to follow, files fetched once, one file brought."""

import contextlib
import socket
import threading
import time
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import httpx
import icalendar
import pytest
import uvicorn
from fastapi import FastAPI
from sqlmodel import select

from events.states import ProgrammeState
from exports.files import ICS, XLSX
from supportapp.accounts import create_account
from supportapp.accounts_tables import Account, WaitingFile
from supportapp.backend import Backend
from supportapp.feed_addresses import make_staff_feed, make_volunteer_feed, revoke_staff_feed, revoke_volunteer_feed
from supportapp.feeds import feeds_router
from supportapp.identity import Actor, Role
from supportapp.settings import Settings
from supportapp.waiting_files import FileGone, expect_upload, leave_file, new_token, take_upload
from tests.builders import (
    CITY,
    NOW,
    TODAY,
    a_municipality,
    a_seat,
    a_session,
    a_venue,
    a_volunteer,
    a_workshop,
    an_intake,
)
from tests.readers.strict_lines import violations
from volunteers.models import Assignment
from volunteers.states import AssignmentRole, AssignmentState

LOCAL = Actor(name="test", role=Role.LOCAL, municipality_code=CITY)
LIMIT = 2_000_000


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backend(database, clock):
    return Backend(database, clock=clock)


@pytest.fixture
def server(backend):
    app = FastAPI()
    app.include_router(feeds_router(backend, Settings(database="", upload_limit=LIMIT)))
    return app


@pytest.fixture
def address(server):
    """The server on a real socket: how much of a body is read can be seen nowhere else."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(server, log_level="error"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        until = time.monotonic() + 20
        while not running.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(20)


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address) as client:
        yield client


def events_in(response):
    calendar = icalendar.Calendar.from_ical(response.content)
    return [(str(each["summary"]), str(each["status"]), each["sequence"]) for each in calendar.walk("VEVENT")]


def test_the_public_calendar_shows_what_is_published_and_never_a_draft(client, database):
    with database.writing() as db:
        a_session(db, workshop_id=a_workshop(db, title="公開の講座").id)
        a_session(db, workshop_id=a_workshop(db, title="中止の講座").id, state=ProgrammeState.CANCELLED)
        a_session(db, workshop_id=a_workshop(db, title="下書きの回").id, state=ProgrammeState.DRAFT)
        a_session(db, workshop_id=a_workshop(db, title="下書きの講座", state=ProgrammeState.DRAFT).id)

    response = client.get(f"/calendar/public/{CITY}.ics")

    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert sorted(events_in(response)) == [("【中止】中止の講座", "CANCELLED", 0), ("公開の講座", "CONFIRMED", 0)]
    assert violations(response.content) == []


def test_nobody_who_attends_is_named_in_any_calendar(client, database, backend):
    token = new_token()
    with database.writing() as db:
        session = a_session(db)
        a_seat(db, session, an_intake(db, session))
        account_id = staff_account(db)
        make_staff_feed(db, municipality_code=CITY, account_id=account_id, token=token, now=NOW)

    public = client.get(f"/calendar/public/{CITY}.ics").content
    staff = client.get(f"/calendar/staff/{token}.ics").content

    assert "参加 ".encode() not in public
    assert "タカハシ".encode() not in staff.replace(b"\r\n ", b"")


def test_sessions_of_one_workshop_are_told_apart_by_their_number(client, database):
    with database.writing() as db:
        workshop = a_workshop(db, title="連続講座")
        a_session(db, workshop_id=workshop.id, number=1)
        a_session(db, workshop_id=workshop.id, number=2, day=TODAY + timedelta(days=7))

    titles = [title for title, *_ in events_in(client.get(f"/calendar/public/{CITY}.ics"))]

    assert titles == ["連続講座（第1回）", "連続講座（第2回）"]


def test_a_changed_session_keeps_its_uid_and_raises_its_sequence(client, database):
    with database.writing() as db:
        session_id = a_session(db).id
    before = icalendar.Calendar.from_ical(client.get(f"/calendar/session/{session_id}.ics").content)
    with database.writing() as db:
        session = db.get_one(type(a_session(db)), session_id)
        session.calendar_sequence += 1
        session.state = ProgrammeState.POSTPONED

    after = icalendar.Calendar.from_ical(client.get(f"/calendar/session/{session_id}.ics").content)

    (old,), (new,) = before.walk("VEVENT"), after.walk("VEVENT")
    assert (new["uid"], new["sequence"], new["status"]) == (old["uid"], 1, "CANCELLED")


def test_the_calendar_of_a_venue_holds_that_venue_only(client, database):
    with database.writing() as db:
        venue = a_venue(db)
        a_session(db, venue_id=venue.id, workshop_id=a_workshop(db, title="ここ").id)
        a_session(db, workshop_id=a_workshop(db, title="よそ").id)

    assert [title for title, *_ in events_in(client.get(f"/calendar/venue/{venue.id}.ics"))] == ["ここ"]


def test_a_calendar_that_did_not_change_is_not_sent_again(client, database):
    with database.writing() as db:
        a_session(db)
    first = client.get(f"/calendar/public/{CITY}.ics")

    again = client.get(f"/calendar/public/{CITY}.ics", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_a_calendar_that_changed_is_sent_again(client, database):
    with database.writing() as db:
        a_session(db)
    first = client.get(f"/calendar/public/{CITY}.ics")
    with database.writing() as db:
        a_session(db)

    again = client.get(f"/calendar/public/{CITY}.ics", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, len(events_in(again))) == (200, 2)


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/public/999999.ics",
        "/calendar/venue/00000000-0000-7000-8000-000000000001.ics",
        "/calendar/session/00000000-0000-7000-8000-000000000002.ics",
        "/calendar/session/not-an-id.ics",
        "/calendar/volunteer/unknown.ics",
        "/calendar/staff/unknown.ics",
        "/files/unknown",
    ],
)
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_draft_has_no_calendar_of_its_own(client, database):
    with database.writing() as db:
        session = a_session(db, state=ProgrammeState.DRAFT)

    assert client.get(f"/calendar/session/{session.id}.ics").status_code == 404


def staff_account(db, role=Role.STAFF):
    a_municipality(db)
    return create_account(
        db, login=f"staff-{uuid4()}", name="職員", password_hash="x", municipality_code=CITY, role=role, now=NOW
    ).account_id


def volunteer_with_part(db, state=AssignmentState.CONFIRMED):
    volunteer = a_volunteer(db)
    session = a_session(db, workshop_id=a_workshop(db, title="体験会").id)
    db.add(
        Assignment(
            municipality_code=CITY,
            session_id=session.id,
            volunteer_id=volunteer.id,
            role=AssignmentRole.LEAD,
            state=state,
            changed_at=NOW,
        )
    )
    db.flush()
    return volunteer.id


def test_a_volunteer_follows_their_own_parts(client, database):
    token = new_token()
    with database.writing() as db:
        volunteer_id = volunteer_with_part(db)
        a_session(db)
        make_volunteer_feed(db, municipality_code=CITY, volunteer_id=volunteer_id, token=token, now=NOW)

    response = client.get(f"/calendar/volunteer/{token}.ics")

    assert [title for title, *_ in events_in(response)] == ["体験会"]
    assert "役割 講師".encode() in response.content
    assert response.headers["cache-control"] == "private, no-cache"


def test_a_revoked_address_is_gone_at_once_and_looks_like_one_that_never_was(client, database):
    token = new_token()
    with database.writing() as db:
        volunteer_id = volunteer_with_part(db)
        make_volunteer_feed(db, municipality_code=CITY, volunteer_id=volunteer_id, token=token, now=NOW)
    assert client.get(f"/calendar/volunteer/{token}.ics").status_code == 200
    with database.writing() as db:
        revoke_volunteer_feed(db, volunteer_id=volunteer_id, now=NOW)

    revoked = client.get(f"/calendar/volunteer/{token}.ics")
    unknown = client.get("/calendar/volunteer/never-was.ics")

    assert (revoked.status_code, revoked.content) == (404, unknown.content)


def test_a_new_address_ends_the_earlier_one(client, database):
    old, new = new_token(), new_token()
    with database.writing() as db:
        volunteer_id = volunteer_with_part(db)
        for token in (old, new):
            make_volunteer_feed(db, municipality_code=CITY, volunteer_id=volunteer_id, token=token, now=NOW)

    assert [client.get(f"/calendar/volunteer/{token}.ics").status_code for token in (old, new)] == [404, 200]


def test_an_address_of_one_kind_does_not_open_the_other_kind(client, database):
    token = new_token()
    with database.writing() as db:
        volunteer_id = volunteer_with_part(db)
        make_volunteer_feed(db, municipality_code=CITY, volunteer_id=volunteer_id, token=token, now=NOW)

    assert client.get(f"/calendar/staff/{token}.ics").status_code == 404


def test_the_staff_see_drafts_and_numbers(client, database):
    token = new_token()
    with database.writing() as db:
        session = a_session(db, state=ProgrammeState.DRAFT)
        a_seat(db, session, an_intake(db, session))
        make_staff_feed(db, municipality_code=CITY, account_id=staff_account(db), token=token, now=NOW)

    response = client.get(f"/calendar/staff/{token}.ics")

    assert [status for _, status, _ in events_in(response)] == ["TENTATIVE"]
    assert "参加者 1/10".encode() in response.content


@pytest.mark.parametrize("how", ["revoked", "disabled", "reception"])
def test_who_may_no_longer_see_the_staffs_calendar_finds_nothing(client, database, how):
    token = new_token()
    with database.writing() as db:
        account_id = staff_account(db, Role.RECEPTION if how == "reception" else Role.STAFF)
        make_staff_feed(db, municipality_code=CITY, account_id=account_id, token=token, now=NOW)
        if how == "revoked":
            revoke_staff_feed(db, municipality_code=CITY, account_id=account_id, now=NOW)
        if how == "disabled":
            db.get_one(Account, account_id).disabled_at = NOW

    assert client.get(f"/calendar/staff/{token}.ics").status_code == 404


def waiting(database, content=b"abc", name="名簿 11月.xlsx"):
    token = new_token()
    with database.writing() as db:
        a_municipality(db)
        leave_file(
            db,
            municipality_code=CITY,
            token=token,
            name=name,
            media_type=XLSX,
            content=content,
            minutes=10,
            now=NOW,
        )
    return token


def test_a_file_is_fetched_with_its_japanese_name_and_is_not_kept_anywhere(client, database):
    response = client.get(f"/files/{waiting(database)}")

    assert (response.status_code, response.content) == (200, b"abc")
    assert response.headers["content-disposition"].endswith("filename*=UTF-8''%E5%90%8D%E7%B0%BF%2011%E6%9C%88.xlsx")
    assert response.headers["content-type"] == XLSX
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    with database.reading() as db:
        assert db.exec(select(WaitingFile.content)).one() == b""


def test_a_file_is_fetched_once(client, database):
    token = waiting(database)
    client.get(f"/files/{token}")

    again = client.get(f"/files/{token}")

    assert (again.status_code, again.json()["code"]) == (404, "file_gone")


def test_of_many_who_ask_at_once_one_gets_the_file(client, database):
    from concurrent.futures import ThreadPoolExecutor

    token = waiting(database)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.get(f"/files/{token}").status_code, range(8)))

    assert sorted(answers) == [200] + [404] * 7


def test_after_ten_minutes_the_file_is_gone(client, database, clock):
    token = waiting(database)
    clock.now = NOW + timedelta(minutes=10)

    assert client.get(f"/files/{token}").status_code == 404


def test_what_nobody_fetched_is_cleared_away_with_the_next_file(database):
    waiting(database)
    with database.writing() as db:
        leave_file(
            db,
            municipality_code=CITY,
            token=new_token(),
            name="x",
            media_type=ICS,
            content=b"x",
            minutes=10,
            now=NOW + timedelta(hours=1),
        )
        assert [row.name for row in db.exec(select(WaitingFile)).all()] == ["x"]


def test_the_database_does_not_know_the_secret(database):
    token = waiting(database)

    with database.reading() as db:
        assert token not in db.exec(select(WaitingFile.token_hash)).one()


def upload_address(database):
    token = new_token()
    with database.writing() as db:
        a_municipality(db)
        expect_upload(db, municipality_code=CITY, token=token, minutes=10, now=NOW)
    return token


def a_workbook():
    import openpyxl

    content = BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


def take(database, token):
    with database.writing() as db:
        return take_upload(db, municipality_code=CITY, token=token, now=NOW)


@pytest.mark.parametrize("form", [False, True])
def test_a_workbook_is_brought_once_and_taken_once(client, database, form):
    token, content = upload_address(database), a_workbook()
    if form:
        response = client.post(f"/upload/{token}", files={"file": ("申込.xlsx", content)})
    else:
        response = client.post(f"/upload/{token}", content=content, headers={"X-File-Name": "%E7%94%B3%E8%BE%BC.xlsx"})

    taken = take(database, token)

    assert (response.status_code, response.json()) == (200, {"name": "申込.xlsx", "bytes": len(content)})
    assert (taken.name, taken.media_type, taken.content) == ("申込.xlsx", XLSX, content)
    with pytest.raises(FileGone):
        take(database, token)
    assert client.post(f"/upload/{token}", content=content).status_code == 404


@pytest.mark.parametrize(
    "text", ["講座,日付\n体験会,2026-11-25\n".encode(), "講座,日付\n".encode("cp932"), b"\xef\xbb\xbfa,b\r\n"]
)
def test_comma_separated_text_of_any_japanese_encoding_is_taken(client, database, text):
    token = upload_address(database)

    response = client.post(f"/upload/{token}", content=text, headers={"X-File-Name": "a.csv"})

    assert (response.status_code, take(database, token).content) == (200, text)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload_empty"),
        (b"%PDF-1.7\x00\x01\x02", "upload_not_a_table"),
        (b"PK\x03\x04 a zip that is no workbook", "upload_not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "upload_not_a_table"),
        (b"\xff\xfe\xfa,\xfb", "upload_not_a_table"),
    ],
)
def test_what_is_not_a_table_is_refused_and_not_kept(client, database, content, code):
    token = upload_address(database)

    response = client.post(f"/upload/{token}", content=content, headers={"X-File-Name": "a.xlsx"})

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert nothing_kept(database)


def nothing_kept(database):
    with database.reading() as db:
        row = db.exec(select(WaitingFile)).one()
        return (row.content, row.brought_at) == (b"", None)


def test_a_sentence_in_the_language_of_the_browser_says_what_to_do(client, database):
    token = upload_address(database)
    address = f"/upload/{token}"

    japanese = client.post(address, content=b"").json()["message"]
    english = client.post(address, content=b"", headers={"Accept-Language": "en-GB,en;q=0.9"}).json()["message"]

    assert japanese == "ファイルの中身がありません。何も保存していません。ファイルを選び直してください。"
    assert english == "The file is empty. Nothing was kept. Please choose another file."


@pytest.mark.parametrize("announced", [True, False])
def test_fifty_megabytes_are_stopped_at_the_limit_and_nothing_is_kept(address, database, announced):
    token = upload_address(database)

    def body():
        for _ in range(50):
            yield b"a" * 1_000_000

    headers = {"Content-Length": "50000000"} if announced else {}
    response = httpx.post(f"{address}/upload/{token}", content=body(), headers=headers, timeout=60)

    assert (response.status_code, response.json()["code"]) == (413, "upload_too_large")
    assert "2 MB" in response.json()["message"]
    assert nothing_kept(database)


def test_a_file_that_breaks_off_is_not_kept_and_can_be_sent_again(address, database):
    token = upload_address(database)

    def half():
        yield b"a,b\n" * 1000
        raise ConnectionAbortedError

    with contextlib.suppress(ConnectionAbortedError, httpx.HTTPError):
        httpx.post(f"{address}/upload/{token}", content=half(), headers={"Content-Length": "8000"})
    again = httpx.post(f"{address}/upload/{token}", content=b"a,b\n" * 2000)

    assert (again.status_code, again.json()["bytes"]) == (200, 8000)
