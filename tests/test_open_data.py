"""Open data that leaves: it passes our own validator, holds nothing personal, and comes back unchanged."""

import asyncio
import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from events.fields import PRIVACY, Privacy
from events.models import Venue, Workshop, WorkshopSession
from events.open_data import PUBLISHED, tick_public_contact
from exports.opendata import profiles
from exports.opendata.profiles import SLOT, fill_slot, profile, profiles_of
from exports.opendata.publishing import title_kana
from exports.opendata.validating import validate
from exports.opendata.writing import PrivateContacts
from supportapp.backend import Backend
from supportapp.cli import main
from supportapp.files_left import LeavingKind
from supportapp.identity import Actor, Role
from supportapp.importing import import_events_file, import_venues_file
from supportapp.open_data import hand_out_open_data, open_data_csv, published
from supportapp.opendata_addresses import opendata_router
from tests.builders import CITY, a_municipality, a_room, a_session, a_venue, a_workshop, an_attendee, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LOCAL = Actor("cli:root", Role.LOCAL, CITY)
OPEN_DATA = Path(__file__).parent / "data" / "opendata"
EVENT_PROFILES = [each.id for each in profiles_of("events")]
FACILITY_PROFILES = [each.id for each in profiles_of("facilities")]


@pytest.fixture
def backend(sqlite_database):
    made = Backend(sqlite_database, clock=lambda: NOW)
    with sqlite_database.writing() as db:
        a_municipality(db)
        venue = a_venue(
            db, name="中央公民館", kana="チュウオウコウミンカン", address="東大和市中央3-926", town="中央",
            latitude=35.745467, longitude=139.426483, telephone="042-564-2451", has_ramp=True,
            opening_rule={"closed_weekdays": [0], "opens": "09:00", "closes": "22:00"},
        )  # fmt: skip
        room = a_room(db, venue_id=venue.id, name="講座室")
        workshop = a_workshop(
            db, title="スマートフォン体験会", summary="ゆっくり\n進めます。", url="https://example.test/1",
            target="60歳以上", contact_name="公民館", contact_telephone="(042)564-2451", application_text="電話で",
        )  # fmt: skip
        session = a_session(db, workshop_id=workshop.id, venue_id=venue.id, room_id=room.id, day=date(2026, 12, 9))
        an_intake(db, session, deadline_at=datetime(2026, 12, 4, 8, 0, tzinfo=UTC))
        an_attendee(db, "個人 情報", "コジン ジョウホウ")
    yield made
    made._readers.shutdown()
    made._writers.shutdown()


def made(backend, kind="events", **more):
    return open_data_csv(backend, published(backend, municipality_code=CITY), kind=kind, **more)


def rows_of(file, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(file.content.decode(encoding))))


def change(backend, table, **values):
    with backend.database.writing() as db:
        for row in db.exec(select(table)).all():
            for name, value in values.items():
                setattr(row, name, value)


@pytest.mark.parametrize("profile_id", EVENT_PROFILES)
def test_events_leave_under_each_profile_pass_our_validator_and_come_back_unchanged(backend, profile_id) -> None:
    found = made(backend, profile=profile_id)
    assert (found.rows, found.left_out, found.validation.errors) == (1, (), 0)
    assert found.file.content.startswith(b"\xef\xbb\xbf")
    assert found.file.content.count(b"\r\n") == found.file.content.count(b"\n") == 2
    assert tuple(rows_of(found.file)[0]) == profile(profile_id).headers
    again = made(backend, profile=profile_id)
    assert again.file.content == found.file.content
    report = import_events_file(
        backend, LOCAL, content=found.file.content, file_name="event.csv", municipality_code=CITY, profile=profile_id
    )
    assert (report.added, report.changed, report.unchanged, report.refused) == (0, 0, 1, 0)


@pytest.mark.parametrize("profile_id", FACILITY_PROFILES)
def test_facilities_leave_and_come_back_unchanged(backend, profile_id) -> None:
    found = made(backend, "facilities", profile=profile_id)
    assert (found.rows, found.validation.errors) == (1, 0)
    assert rows_of(found.file)[0]["名称"] == "中央公民館"
    report = import_venues_file(
        backend, LOCAL, content=found.file.content, file_name="v.csv", municipality_code=CITY, profile=profile_id
    )
    assert (report.added, report.changed, report.unchanged, report.refused) == (0, 0, 1, 0)


def test_nothing_but_public_columns_can_leave() -> None:
    for table, names in PUBLISHED.items():
        marks = {column.name: column.info.get(PRIVACY) for column in table.__table__.columns}
        assert {name: marks[name] for name in names if marks[name] != Privacy.PUBLIC.value} == {}, table.__name__


def test_a_session_of_ours_that_was_changed_in_the_file_is_refused_not_doubled(backend) -> None:
    content = made(backend).file.content.decode("utf-8-sig").replace("13:30", "14:00").encode("utf-8-sig")
    report = import_events_file(backend, LOCAL, content=content, file_name="e.csv", municipality_code=CITY)
    assert [problem.code for problem in report.problems] == ["own_session"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("contact_telephone", "090-1234-5678"),
        ("application_text", "taro@gmail.com まで"),
        ("summary", "電話０８０１２３４５６７８"),
    ],
)
def test_private_numbers_and_free_mail_stop_the_export_until_they_are_ticked_as_a_bodys_own(
    backend, column, value
) -> None:
    change(backend, Workshop, **{column: value})
    with pytest.raises(PrivateContacts) as refused:
        made(backend)
    contact = str(refused.value.details["value"])
    backend.run_now(LOCAL, tick_public_contact, municipality_code=CITY, value=contact, ticked=True)
    assert made(backend).rows == 1
    backend.run_now(LOCAL, tick_public_contact, municipality_code=CITY, value=contact, ticked=False)
    with pytest.raises(PrivateContacts):
        made(backend)


def test_numbers_are_never_given_to_something_else(backend) -> None:
    first = rows_of(made(backend).file)[0]["NO"]
    with backend.database.writing() as db:
        workshop = db.exec(select(Workshop)).one()
        a_session(db, workshop_id=workshop.id, day=date(2026, 12, 2), open_data_number="7")
        a_session(db, workshop_id=workshop.id, day=date(2026, 12, 3), open_data_number="7")
        venue_id = db.exec(select(Venue.id)).first()
        for session in db.exec(select(WorkshopSession)).all():
            session.venue_id = venue_id
    numbers = [row["NO"] for row in rows_of(made(backend).file)]
    assert len(set(numbers)) == 3
    assert numbers[-1] == first
    assert numbers[0] == "7"


def test_cp932_is_written_on_request_with_a_list_of_what_it_cannot_hold(backend) -> None:
    change(backend, Workshop, summary="𠮷田と髙橋の教室")
    found = made(backend, encoding="cp932")
    assert "〓田と髙橋" in found.file.content.decode("cp932")
    assert [(each.header, each.characters) for each in found.lost] == [("説明", "𠮷")]


def test_rows_that_lack_what_a_profile_requires_are_left_out_and_named(backend) -> None:
    change(backend, Workshop, title="麒麟の会合", summary="")
    found = made(backend, profile="recommended-events")
    assert (found.rows, [each.headers for each in found.left_out]) == (0, [("イベント名_カナ", "説明")])


def test_titles_are_read_only_where_every_word_is_known() -> None:
    assert title_kana("はじめてのスマホ体験会") == "ハジメテノスマホタイケンカイ"
    assert title_kana("LINEで写真を送る教室") == "LINEデシャシンヲオクルキョウシツ"
    assert title_kana("麒麟教室") == ""


def test_the_slot_of_the_official_sheet_is_empty_until_somebody_drops_its_header_row_in(backend) -> None:
    with pytest.raises(profiles.ProfileSlotEmpty):
        made(backend, profile=SLOT)
    fill_slot(
        "全国地方公共団体コード,ID,イベント名,開始日,場所名称,謎の列\r\n".encode("utf-8-sig"), file_name="official.csv"
    )
    try:
        found = made(backend, profile=SLOT)
        row = rows_of(found.file)[0]
        assert list(row) == ["全国地方公共団体コード", "ID", "イベント名", "開始日", "場所名称", "謎の列"]
        assert (row["イベント名"], row["開始日"], row["謎の列"]) == ("スマートフォン体験会", "2026-12-09", "")
    finally:
        profiles._dropped_in.clear()


BROKEN = (
    "NO,都道府県コード又は市区町村コード,名称,説明,開始日,終了日,開始時刻,終了時刻,緯度,経度,連絡先電話番号,申込期限日\r\n"
    "1,132110,スマホ教室,電話 090-1234-5678,44596,2022-02-03,13:30,12:00,1.0,139.4,423461234,2022/1/5(aaa)\r\n"
    '1,13211,,"二\n行",来週,2022-02-04,0.5625,16:00,35.7,139.4,042-346-1234,\r\n'
)


def test_the_validator_finds_each_of_the_ten_rules_with_cell_and_remedy() -> None:
    found = validate(BROKEN.replace("二", "二\U0001f600").encode("utf-8-sig"), file_name="x.csv", today=TODAY)
    told = {(each.row, each.rule, each.code) for each in found.findings}
    assert {rule for _, rule, _ in told} == {f"V{number}" for number in range(1, 11)}
    assert {(2, "V1", "serial_date"), (2, "V2", "format_code"), (3, "V3", "number_twice")} <= told
    assert {(2, "V4", "private_contact"), (3, "V5", "line_break"), (2, "V6", "zero_lost")} <= told
    assert {(2, "V7", "outside_tokyo"), (2, "V8", "last_day_before_first"), (3, "V9", "value_missing")} <= told
    serial = next(each for each in found.findings if each.code == "serial_date")
    assert (serial.column, serial.value, serial.better) == ("開始日", "44596", "2022-02-04")


@pytest.mark.parametrize("code", ["132110", "132136", "132225"])
def test_files_that_cities_published_are_read_and_judged(code) -> None:
    content = (OPEN_DATA / f"events_{code}.csv").read_bytes()
    found = validate(content, file_name=f"events_{code}.csv", today=TODAY)
    assert found.profile == "base-registry-events"
    serials = [each for each in found.findings if each.code == "serial_date"]
    assert bool(serials) == (code == "132110")
    for language in ("ja", "en"):
        done = CliRunner().invoke(
            main, ["validate-opendata", str(OPEN_DATA / f"events_{code}.csv")], env={"SUPPORTAPP_LANGUAGE": language}
        )
        assert done.exit_code == (1 if found.errors else 0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1, max_size=40), summary=st.text(max_size=200), place=st.text(max_size=60))
def test_whatever_stands_in_the_texts_a_file_either_passes_or_is_stopped(backend, title, summary, place) -> None:
    storable = [value.encode("utf-8", "ignore").decode().replace("\0", "") for value in (title, summary, place)]
    change(backend, Workshop, title=storable[0].strip() or "題", summary=storable[1])
    change(backend, Venue, name=storable[2].strip() or "会場")
    try:
        found = made(backend)
    except PrivateContacts:
        return
    assert found.validation.errors == 0


def test_anybody_may_fetch_the_data_and_an_unchanged_file_is_not_sent_again(backend) -> None:
    app = FastAPI()
    app.include_router(opendata_router(backend))

    def get(path, **headers):
        async def ask():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())

    assert get("/opendata/").json()[0]["code"] == CITY
    path = f"/opendata/{CITY}/events.csv?profile=recommended-events"
    answer = get(path)
    assert answer.content == made(backend, profile="recommended-events").file.content
    assert get(path, **{"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert get(f"/opendata/{CITY}/events.json").json()[0]["名称"] == "スマートフォン体験会"
    assert "<entry>" in get("/opendata/feed.xml").text
    assert get(f"/opendata/{CITY}/people.csv").status_code == 404
    assert get("/opendata/131130/events.csv").status_code == 404
    assert get(f"/opendata/{CITY}/events.csv?profile=nothing").status_code == 400
    change(backend, Workshop, contact_telephone="090-1234-5678")
    held_back = get(f"/opendata/{CITY}/events.csv")
    assert (held_back.status_code, "090" in held_back.text) == (409, False)


def test_a_file_taken_on_the_screen_is_the_same_and_is_written_down(backend) -> None:
    handed = hand_out_open_data(
        backend, LOCAL, municipality_code=CITY, kind="events", profile="base-registry-events"
    )
    assert handed.file.content == made(backend).file.content
    assert (handed.kind, handed.lines) == (LeavingKind.OPEN_DATA, 1)
