"""Journey: a session is called off; one press leads to the lists of whom to tell, and people are called."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from events.japan.clock import tokyo_date
from events.models import ContactPoint, Notice
from events.registration import register_attendee
from events.states import Channel, ContactKind, NoticeState
from supportapp.database import open_database
from tests import builders
from tests.browser import BrowserWindow, open_browser
from tests.serving import RunningServer, demo_server

pytestmark = pytest.mark.browser
PEOPLE = (("綾小路 梅", "telephone"), ("綾小路 菊", "telephone"), ("綾小路 蘭", "line"))


@pytest.fixture(scope="module")
def session_id(server: RunningServer) -> str:
    """A session in a week, booked by two people to be called and one who reads LINE."""
    database = open_database(server.database)
    now = datetime.now(UTC)
    with database.writing() as db:
        workshop = builders.a_workshop(db, title="はじめてのスマホ 特別回")
        session = builders.a_session(db, day=tokyo_date(now) + timedelta(days=9), workshop_id=workshop.id)
        intake = builders.an_intake(db, session)
        for name, way in PEOPLE:
            person = builders.an_attendee(db, name, notice_by=way)
            number = {"kind": ContactKind.TELEPHONE, "value": "042-346-0001", "value_key": "0423460001"}
            db.add(ContactPoint(municipality_code=builders.CITY, attendee_id=person.id, **number))
            register_attendee(
                db, intake_id=intake.id, attendee_id=person.id, channel=Channel.TELEPHONE, now=now, by="佐藤"
            )
        found = str(session.id)
    database.close()
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("notices")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser() as opened:
        yield opened


def test_a_cancelled_session_is_told_person_by_person(
    browser: BrowserWindow, server: RunningServer, session_id: str
) -> None:
    login, password = server.login("staff")
    clerk = browser.person(server.url)
    clerk.waits_for("ログイン名", 60).type_into("ログイン名", login).type_into("パスワード", password).press("入る")
    clerk.waits_for("電話受付", 60).open(f"{server.url}/sessions/{session_id}").waits_for("中止する", 60)
    clerk.press("中止する").waits_for("申込のある3人への連絡が必要になります（電話2人、LINE1人）")
    clerk.type_into("理由", "台風のため").press("中止する", number=-1)
    clerk.waits_for("連絡の一覧を開く").press("連絡の一覧を開く", exact=False).waits_for("電話をかける")
    clerk.press("電話をかける").waits_for("(042)346-0001").waits_for("台風のため")
    first = re.search("綾小路 [梅菊]", clerk.screen())
    assert first is not None
    clerk.press("出た（伝えました）").waits_for(f"{first[0]}さんに伝えました")
    clerk.press("留守").waits_for("留守でした（1回目）")
    assert _states(server) == {NoticeState.DONE: 1, NoticeState.PENDING: 2}

    clerk.open(f"{server.url}/notices?way=line").waits_for("綾小路 蘭", 60)
    clerk.press("伝えました").waits_for("この方法で伝える人はいません")
    clerk.open(f"{server.url}/sessions/{session_id}?part=history").waits_for("この回の連絡", 60).waits_for("台風のため")
    assert _states(server) == {NoticeState.DONE: 2, NoticeState.PENDING: 1}


def _states(server: RunningServer) -> dict[NoticeState, int]:
    database = open_database(server.database)
    counted: dict[NoticeState, int] = {}
    with database.reading() as db:
        for notice in db.exec(select(Notice).where(Notice.kind == "session_cancelled")):
            counted[notice.state] = counted.get(notice.state, 0) + 1
    database.close()
    return counted
