"""Municipal event files as published, taken in through the office's own door."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlmodel import select

from events.errors import NotFound
from events.japan.clock import at_tokyo
from events.models import Intake, Room, Venue, Workshop, WorkshopSession
from events.planning.again import plan_again
from events.states import IntakeMethod, ProgrammeState, WorkshopKind
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.importing import NoMunicipality, import_events_file, import_venues_file

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
LOCAL = Actor("cli:root", Role.LOCAL, "")
HEADER = (
    "NO,都道府県コード又は市区町村コード,名称,説明,URL,開始日,終了日,開始時刻,終了時刻,場所名称,集合場所,定員,"
    "料金(基本),申込期限日,申込方法,連絡先名称,連絡先電話番号"
)
ROW = (
    "1,132110,スマホ教室,はじめての人へ,https://example.test/1,2027-02-17,2027-02-17,14:00,16:00,,中央公民館　講座室,"
    "10,0,44596,電話で,公民館,(042)341-0861"
)


@pytest.fixture
def backend(database):
    made = Backend(database, clock=lambda: NOW)
    yield made
    made._readers.shutdown()
    made._writers.shutdown()


def take(backend, *rows, actor=LOCAL, **more):
    content = "\r\n".join((HEADER, *rows)).encode("utf-8-sig")
    return import_events_file(backend, actor, content=content, file_name="events.csv", **more)


def stored(backend, query):
    with backend.database.reading() as db:
        return db.exec(query).all()


def test_a_published_row_becomes_a_workshop_with_venue_room_and_deadline(backend) -> None:
    report = take(backend, ROW.replace("44596", "46424"))
    assert (report.municipality_code, report.read, report.added, report.refused) == ("132110", 1, 1, 0)
    assert stored(backend, select(Venue.name)) == ["中央公民館"]
    assert stored(backend, select(Room.name)) == ["講座室"]
    assert [moment.date() for moment in stored(backend, select(Intake.deadline_at))] == [date(2027, 2, 6)]


def test_the_same_file_twice_adds_nothing(backend) -> None:
    first, second = take(backend, ROW), take(backend, ROW)
    assert (first.added, second.added, second.unchanged) == (1, 0, 1)


def test_a_rehearsal_says_what_would_happen_and_keeps_nothing(backend) -> None:
    take(backend, ROW)
    report = take(backend, ROW, ROW.replace("スマホ教室", "LINE教室").replace("1,132110", "2,132110"), dry_run=True)
    assert (report.rehearsal, report.added, report.unchanged) == (True, 1, 1)
    assert len(stored(backend, select(Workshop.id))) == 1


def test_one_unreadable_value_keeps_the_whole_file_out(backend) -> None:
    bad = ROW.replace("1,132110", "2,132110").replace("スマホ教室", "LINE教室").replace("2027-02-17,", "来週,", 1)
    report = take(backend, ROW, bad)
    assert (report.read, report.added, report.refused) == (2, 0, 1)
    assert [(problem.row, problem.column, problem.value) for problem in report.problems] == [(3, "開始日", "来週")]
    assert stored(backend, select(Workshop.id)) == []


def test_a_row_of_another_municipality_keeps_the_file_out(backend) -> None:
    report = take(backend, ROW, municipality_code="132209")
    assert [problem.code for problem in report.problems] == ["other_municipality"]


def test_a_file_that_names_no_municipality_must_be_told_one(backend) -> None:
    with pytest.raises(NoMunicipality):
        take(backend, ROW.replace("132110", ""))


def test_staff_of_one_city_cannot_import_for_another(backend) -> None:
    with pytest.raises(NotFound):
        take(backend, ROW, actor=Actor("山田", Role.STAFF, "132209"), municipality_code="132110")


def test_a_list_of_facilities_fills_in_what_the_office_does_not_know(backend) -> None:
    header = (
        "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,名称_通称,POIコード,住所,方書,緯度,経度,"
        "電話番号,内線番号,法人番号,団体名,利用可能曜日,開始時間,終了時間,利用可能日時特記事項,説明,バリアフリー情報,URL,備考"
    )
    row = (
        "132110,V1,東京都,小平市,中央公民館,チュウオウコウミンカン,,1307,小平市小川町2-1325,,35.7285,139.4774,(042)341-0861"
        ",,,,火水木金土日,09:00,21:30,,,スロープ;車椅子対応トイレ,,"
    )
    content = f"{header}\r\n{row}".encode("utf-8-sig")
    take(backend, ROW)
    reports = [import_venues_file(backend, LOCAL, content=content, file_name="venues.csv") for _ in range(2)]
    [venue] = stored(backend, select(Venue))
    assert [(report.added, report.changed, report.unchanged) for report in reports] == [(0, 1, 0), (0, 0, 1)]
    assert (venue.name, venue.has_ramp, venue.opening_rule["closed_weekdays"]) == ("中央公民館", True, [0])


PUBLISHED = Path(__file__).parent / "data" / "opendata"


@pytest.mark.parametrize(("code", "rows"), [("132110", 68), ("132136", 20), ("132225", 2)])
def test_the_file_of_a_city_comes_in_as_it_was_published(backend, code, rows) -> None:
    content = (PUBLISHED / f"events_{code}.csv").read_bytes()
    reports = [import_events_file(backend, LOCAL, content=content, file_name=f"events_{code}.csv") for _ in range(2)]
    assert [(report.read, report.refused, report.problems) for report in reports] == [(rows, 0, ())] * 2
    assert [report.added for report in reports] == [rows, 0]
    assert reports[1].unchanged == rows


def test_the_smartphone_course_of_kodaira_is_one_workshop_that_can_be_planned_again(backend) -> None:
    content = (PUBLISHED / "events_132110.csv").read_bytes()
    import_events_file(backend, LOCAL, content=content, file_name="events_132110.csv")
    [workshop] = stored(backend, select(Workshop).where(Workshop.title.contains("スマホを使いこなそう")))
    sessions = stored(backend, select(WorkshopSession).where(WorkshopSession.workshop_id == workshop.id))
    [intake] = stored(backend, select(Intake).where(Intake.workshop_id == workshop.id))
    assert (workshop.title, workshop.kind, workshop.read_only, workshop.phone_systems) == (
        "花小金井南公民館 シニア講座 スマホを使いこなそう", WorkshopKind.CLASS, True, ["iphone"]
    )  # fmt: skip
    assert sorted(session.held_on for session in sessions) == [date(2022, 2, 17), date(2022, 2, 24)]
    assert stored(backend, select(Venue.name).where(Venue.id == sessions[0].venue_id)) == ["花小金井南公民館"]
    assert stored(backend, select(Room.name).where(Room.id == sessions[0].room_id)) == ["講座室"]
    assert (intake.method, intake.deadline_at.astimezone(UTC).date()) == (IntakeMethod.DRAW, date(2022, 2, 4))
    staff = Actor("山田", Role.STAFF, "132110")
    again = backend.run_now(
        staff, plan_again, workshop_id=workshop.id, first_date=date(2027, 2, 18), now=NOW, by="山田"
    )
    new = stored(backend, select(WorkshopSession).where(WorkshopSession.workshop_id == again.workshop_id))
    assert again.days == (date(2027, 2, 18), date(2027, 2, 25))
    assert {session.state for session in new} == {ProgrammeState.DRAFT}
    assert min(session.starts_at for session in new) == at_tokyo(date(2027, 2, 18), time(14))
