"""Published files of municipalities, as they are and as they go wrong."""

import csv
import io
import time as stopwatch
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.importing import OfferingRow
from events.states import IntakeMethod, PhoneKind, WorkshopKind
from exports.opendata.application import ApplicationWay, ArrivalRule, Deadline, read_application
from exports.opendata.errors import OtherProfile, UnknownProfile
from exports.opendata.events_reading import EventsFile, Offering, read_events
from exports.opendata.offering_rows import offering_rows
from exports.opendata.profiles import profile, profile_ids
from exports.opendata.venues_reading import read_venues
from exports.opendata.words import kind_of, phones_of
from exports.tables.errors import EmptyFile, HeaderTwice, NotATable, UnreadableFile

PUBLISHED = Path(__file__).parent / "data" / "opendata"
HEADERS = profile("base-registry-events").headers
A_ROW = {
    "NO": "0000000001",
    "都道府県コード又は市区町村コード": "132110",
    "名称": "スマホ教室",
    "開始日": "2022-02-17",
    "終了日": "2022-02-17",
    "開始時刻": "14:00",
    "終了時刻": "16:00",
    "集合場所": "花小金井南公民館\u3000講座室",
    "定員": "10",
    "URL": "https://www.city.example.jp/1.html",
}


def published(code: str) -> EventsFile:
    return read_events((PUBLISHED / f"events_{code}.csv").read_bytes(), file_name=f"events_{code}.csv")


def a_file(*rows: dict[str, str], headers: tuple[str, ...] = HEADERS, encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headers)
    for row in rows:
        values = {**A_ROW, **row}
        writer.writerow([values.get(header, "") for header in headers])
    return text.getvalue().encode(encoding)


def read(*rows: dict[str, str]) -> EventsFile:
    return read_events(a_file(*rows), file_name="file.csv")


def problems(found: EventsFile) -> list[tuple[int, str, str, str]]:
    return [(each.row, each.column, each.value, each.code) for each in found.problems]


def notes(found: EventsFile) -> list[tuple[int, str, str, str]]:
    return [(each.row, each.column, each.value, each.code) for each in found.notes]


def the_offering(found: EventsFile, number: int) -> Offering:
    return next(each for each in found.offerings if any(int(one.number) == number for one in each.sessions))


@pytest.mark.parametrize(
    ("code", "rows", "offerings"), [("132110", 68, 29), ("132136", 20, 14), ("132225", 2, 2)]
)
def test_published_files_are_read_as_they_are(code, rows, offerings):
    found = published(code)

    assert (rows, offerings, ()) == (found.read, len(found.offerings), found.problems)
    assert rows == sum(len(each.sessions) for each in found.offerings)


def test_the_smartphone_course_of_kodaira_is_one_workshop_of_two_sessions():
    course = the_offering(published("132110"), 58)

    assert [date(2022, 2, 17), date(2022, 2, 24)] == [each.day for each in course.sessions]
    assert {(time(14), time(16))} == {(each.starts, each.ends) for each in course.sessions}
    assert {("花小金井南公民館", "講座室")} == {(each.venue_name, each.room_name) for each in course.sessions}
    assert Deadline(date(2022, 2, 4), None, None, "mark") == course.deadline
    assert (course.kind, course.method, course.capacity) == (WorkshopKind.CLASS, IntakeMethod.DRAW, 10)
    assert course.ways == (ApplicationWay.TELEPHONE, ApplicationWay.COUNTER)
    assert date(2022, 2, 5) == course.result_notice_on
    assert course.desk_hours == "午前9時から午後5時まで"
    assert course.application_text.endswith("申込期限日: 44596")


def test_a_deadline_inside_the_text_is_listed_with_what_stood_there():
    found = published("132110")

    assert (59, "申込期限日", "44596", "deadline_from_text") in notes(found)


def test_a_deadline_that_contradicts_its_sentence_is_listed():
    found = published("132110")

    assert (44, "申込期限日", "2021-12-28", "deadline_differs") in notes(found)
    assert date(2021, 12, 20) == the_offering(found, 43).deadline.day


def test_a_period_comes_in_without_times_and_is_listed():
    found = published("132136")
    session = the_offering(found, 1).sessions[0]

    assert (date(2022, 1, 13), date(2022, 3, 6), None, None) == (
        session.day,
        session.last_day,
        session.starts,
        session.ends,
    )
    assert (2, "終了日", "2022-03-06", "period") in notes(found)


def test_extensions_that_were_glued_together_come_apart():
    found = published("132136")

    assert the_offering(found, 8).contact_extension == "3152 / 3153 / 3155 / 3157 / 3163 / 3168"
    assert (9, "連絡先内線番号", "315231533155315731633168", "extensions_glued") in notes(found)


def test_an_online_meeting_has_no_venue():
    session = the_offering(published("132110"), 35).sessions[0]

    assert (session.venue_name, session.place_text, session.online) == ("", "オンライン", True)


def test_a_list_of_places_is_kept_as_text_and_listed():
    found = published("132110")

    assert the_offering(found, 1).sessions[0].venue_name == ""
    assert "several_places" in {each.code for each in found.notes if each.row == 2}


def test_what_is_missing_is_listed():
    found = read({"開始時刻": "", "終了時刻": "", "集合場所": "", "定員": ""})

    assert {"no_time", "no_place", "no_seats"} == {each.code for each in found.notes}
    assert len(found.offerings) == 1


def test_reading_the_same_bytes_twice_gives_the_same():
    assert published("132110") == published("132110")


def test_serial_numbers_and_fractions_are_dates_and_times():
    found = read({"開始日": "44609", "終了日": "44609.0", "開始時刻": "0.5625", "終了時刻": "0.625"})
    session = found.offerings[0].sessions[0]

    assert (date(2022, 2, 17), time(13, 30), time(15)) == (session.day, session.starts, session.ends)
    assert (2, "開始日", "44609", "serial_date") in notes(found)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("開始日", "2022-02-30", "unreadable_date"),
        ("開始日", "2月17日", "unreadable_date"),
        ("開始日", "1022-02-17", "unreadable_date"),
        ("開始日", "2222-02-17", "implausible_date"),
        ("開始日", "", "required"),
        ("名称", "", "required"),
        ("開始時刻", "25:00", "unreadable_time"),
        ("終了時刻", "13:00", "ends_before_start"),
        ("終了日", "2022-02-16", "last_day_before_first"),
        ("定員", "若干名", "unreadable_number"),
        ("定員", "1000000", "number_too_large"),
        ("緯度", "135.1", "outside_japan"),
        ("都道府県コード又は市区町村コード", "132111", "unreadable_municipality_code"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_row_column_and_value(column, value, code):
    found = read({column: value})

    assert [(2, column, value, code)] == problems(found)
    assert found.offerings == ()


def test_a_refused_row_holds_back_its_whole_offering_and_no_other():
    found = read(
        {},
        {"NO": "2", "開始日": "2022-02-99"},
        {"NO": "3", "名称": "別の講座"},
    )

    assert problems(found) == [
        (2, "名称", "スマホ教室", "offering_held_back"),
        (3, "開始日", "2022-02-99", "unreadable_date"),
    ]
    assert [each.name for each in found.offerings] == ["別の講座"]


def test_a_number_that_another_offering_has_is_refused():
    found = read({}, {"名称": "別の講座"})

    assert problems(found) == [(3, "NO", "0000000001", "duplicate_number")]


def test_one_number_for_all_sessions_of_an_offering_is_accepted():
    found = read({}, {"開始日": "2022-02-24", "終了日": "2022-02-24"})

    assert (len(found.offerings[0].sessions), found.problems) == (2, ())


def test_a_row_that_says_the_same_again_is_listed_and_left_out():
    found = read({}, {})

    assert (len(found.offerings[0].sessions), found.read) == (1, 2)
    assert notes(found) == [(3, "NO", "0000000001", "row_repeated")]


def test_a_row_with_more_cells_than_headers_is_refused():
    content = a_file({}).decode().rstrip("\r\n") + ",zu viel\r\n"

    found = read_events(content.encode(), file_name="file.csv")

    assert problems(found) == [(2, "", "zu viel", "too_many_cells")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_files_of_every_common_encoding_are_read(encoding):
    found = read_events(a_file({}, encoding=encoding), file_name="file.csv")

    assert [each.name for each in found.offerings] == ["スマホ教室"]


def test_headers_are_known_by_either_width_of_brackets_in_any_order_with_columns_unknown_to_us():
    headers = tuple(
        reversed([header.replace("(", "（").replace(")", "）") for header in HEADERS] + ["施設No.の備考"])
    )

    found = read_events(a_file({}, headers=headers), file_name="file.csv")

    assert (len(found.offerings), found.unknown_headers) == (1, ("施設No.の備考",))


def test_a_leading_zero_that_a_spreadsheet_dropped_is_given_back():
    found = read({"都道府県コード又は市区町村コード": "11002", "連絡先電話番号": "112112111"})

    assert (found.offerings[0].code, found.offerings[0].contact_telephone) == ("011002", "0112112111")


def test_line_breaks_inside_cells_are_kept():
    found = read({"説明": "一行目\n二行目"})

    assert found.offerings[0].description == "一行目\n二行目"


def test_the_older_profile_of_events_is_read_too():
    headers = profile("recommended-events").headers
    row = {"イベント名": "スマホ相談会", "開始時間": "10:00", "終了時間": "11:00", "場所名称": "中央公民館"}

    found = read_events(a_file(row, headers=headers), file_name="file.csv")

    assert (
        found.profile,
        found.offerings[0].sessions[0].venue_name,
        found.offerings[0].kind,
    ) == ("recommended-events", "中央公民館", WorkshopKind.CONSULTATION)


def test_a_file_of_another_profile_is_refused_by_the_header_it_lacks():
    headers = tuple(header for header in HEADERS if header != "申込方法")

    with pytest.raises(OtherProfile) as refusal:
        read_events(a_file({}, headers=headers), file_name="file.csv")

    assert refusal.value.details == {"file": "file.csv", "header": "申込方法", "profile": "base-registry-events"}


def test_a_header_that_stands_twice_is_refused():
    with pytest.raises(HeaderTwice) as refusal:
        read_events(a_file({}, headers=(*HEADERS, "定員")), file_name="file.csv")

    assert refusal.value.details["header"] == "定員"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", a_file()])
def test_a_file_without_rows_is_refused(content):
    with pytest.raises(EmptyFile):
        read_events(content, file_name="file.csv")


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\xff\xfe\x00\xd8", b'"never closed', b"a,b\x00c"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(UnreadableFile):
        read_events(content, file_name="file.csv")


def test_an_unknown_profile_is_refused():
    with pytest.raises(UnknownProfile):
        read_events(a_file({}), file_name="file.csv", profile="../../etc")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_name(content):
    try:
        named = read_events(content, file_name="file.csv").file
    except UnreadableFile as refusal:
        named = refusal.details["file"]

    assert named == "file.csv"


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(HEADERS),
            st.text(max_size=30) | st.from_regex(r"[0-9０-９/.:年月日令和 ()-]{0,14}", fullmatch=True),
            max_size=12,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_cells_give_sessions_or_problems_for_every_row(rows):
    try:
        found = read_events(a_file(*rows, encoding="utf-8"), file_name="file.csv")
    except NotATable:
        return
    except UnicodeEncodeError:
        return

    taken = sum(len(each.sessions) for each in found.offerings)
    repeated = sum(each.code == "row_repeated" for each in found.notes)
    assert found.read == taken + found.refused + repeated


def test_five_thousand_rows_are_read_in_seconds():
    rows = [{"NO": str(number), "名称": f"講座{number // 5}", "URL": ""} for number in range(5000)]
    for number, row in enumerate(rows):
        row["開始日"] = row["終了日"] = f"2022-02-{number % 5 + 1:02d}"
    content = a_file(*rows)

    began = stopwatch.perf_counter()
    found = read_events(content, file_name="file.csv")
    seconds = stopwatch.perf_counter() - began

    assert (len(found.offerings), found.problems) == (1000, ())
    assert seconds < 10


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("中央公民館へ電話またはメール\n", {ApplicationWay.TELEPHONE, ApplicationWay.EMAIL}),
        ("往復はがきに住所、氏名、電話番号、メールアドレスを記入", {ApplicationWay.RETURN_POSTCARD}),
        ("はがき、またはファクシミリで、電話番号を記入", {ApplicationWay.POSTCARD, ApplicationWay.FAX}),
        ("申込み結果は全員に郵送でお知らせします", set()),
        ("電子申請または電話:042-390-2161", {ApplicationWay.FORM, ApplicationWay.TELEPHONE}),
        ("当館窓口で直接お申し込みください", {ApplicationWay.COUNTER}),
        ("返信メールが届かなかった場合はご連絡ください", set()),
    ],
)
def test_ways_to_apply_are_told_from_lists_of_what_to_write(text, ways):
    found = read_application(text, deadline=None, first_session=date(2022, 2, 17))

    assert ways == set(found.ways)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("申込み多数の場合は抽選", IntakeMethod.DRAW),
        ("(先着順)", IntakeMethod.FIRST_COME),
        ("不要", IntakeMethod.NO_BOOKING),
        ("当日先着100名", IntakeMethod.NO_BOOKING),
        ("先着順。ただし多数の場合は抽選", None),
        ("電話で", None),
    ],
)
def test_draw_and_first_come_are_told_apart(text, method):
    assert method == read_application(text, deadline=None, first_session=date(2022, 2, 17)).method


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("申込期限日: 44596", Deadline(date(2022, 2, 4), None, None, "mark")),
        ("申込期限日: 2022/1/5", Deadline(date(2022, 1, 5), None, None, "mark")),
        ("12月21日(火曜)まで", Deadline(date(2021, 12, 21), None, None, "text")),
        ("12月21日(水曜)まで", None),
        ("令和4年1月20日必着", Deadline(date(2022, 1, 20), None, ArrivalRule.ARRIVES, "text")),
        ("1月20日(消印有効)", None),
        ("1月20日消印有効", Deadline(date(2022, 1, 20), None, ArrivalRule.POSTMARK, "text")),
        ("1月5日(水曜)から19日(水曜)必着", Deadline(date(2022, 1, 19), None, ArrivalRule.ARRIVES, "text")),
        ("1月28日(金曜)午後5時まで", Deadline(date(2022, 1, 28), time(17), None, "text")),
        ("1月5日まで、2月1日まで", None),
        ("定員になり次第", None),
    ],
)
def test_a_deadline_is_read_where_it_is_certain(text, deadline):
    assert deadline == read_application(text, deadline=None, first_session=date(2022, 2, 17)).deadline


def test_kinds_are_told_only_of_things_digital():
    named = {
        "スマートフォン体験会": WorkshopKind.TRIAL,
        "スマホ相談会": WorkshopKind.CONSULTATION,
        "シニア講座 スマホを使いこなそう": WorkshopKind.CLASS,
        "スマホサポーター養成講座": WorkshopKind.SUPPORTER_TRAINING,
        "ツリークライミング体験会": None,
        "スマホまつり": None,
    }

    assert named == {name: kind_of(name) for name in named}


def test_telephones_that_are_not_meant_are_not_told():
    assert phones_of("Ａｎｄｒｏｉｄ入門", "アイフォンは対象外です") == (PhoneKind.ANDROID,)


def test_offerings_become_what_the_import_takes():
    rows = offering_rows(published("132110").offerings)
    course = next(each for each in rows if "スマホを使いこなそう" in each.title)

    assert isinstance(course, OfferingRow)
    assert (("telephone", "counter"), date(2022, 2, 4), 2) == (
        course.channels,
        course.deadline_on,
        len(course.sessions),
    )


@pytest.mark.parametrize(
    ("profile_id", "columns"),
    [
        ("base-registry-events", 50),
        ("municipal-standard-facilities", 56),
        ("recommended-events", 32),
        ("recommended-facilities", 24),
    ],
)
def test_profiles_have_their_columns(profile_id, columns):
    assert columns == len(set(profile(profile_id).headers))
    assert profile_id in profile_ids()


def test_the_header_row_of_a_published_file_is_that_of_its_profile():
    first = (PUBLISHED / "events_132110.csv").read_text(encoding="utf-8-sig").splitlines()[0]

    assert ",".join(HEADERS) == first


def a_facility_file(profile_id: str, row: dict[str, str], encoding: str = "cp932") -> bytes:
    headers = profile(profile_id).headers
    text = io.StringIO()
    csv.writer(text).writerows([headers, [row.get(header, "") for header in headers]])
    return text.getvalue().encode(encoding)


def test_a_list_of_facilities_gives_venues():
    row = {
        "都道府県コード又は市区町村コード": "132209",
        "NO": "7",
        "名称": "中央公民館",
        "名称_カナ": "チュウオウコウミンカン",
        "住所": "東京都東大和市中央三丁目926番地",
        "緯度": "35.745",
        "経度": "139.4265",
        "利用可能曜日": "火水木金土日",
        "開始時間": "9:00",
        "終了時間": "22:00",
        "バリアフリー情報": "多目的トイレ有;車椅子可",
    }

    found = read_venues(a_facility_file("recommended-facilities", row), file_name="venues.csv")
    venue = found.venues[0]

    assert (venue.code, venue.number, venue.name, venue.latitude) == ("132209", "7", "中央公民館", 35.745)
    assert (venue.opening_text, venue.barrier_free) == ("火水木金土日 9:00-22:00", ("多目的トイレ有", "車椅子可"))


def test_the_standard_list_of_facilities_gives_its_barrier_free_columns():
    row = {
        "全国地方公共団体コード": "132209",
        "ID": "A1",
        "名称": "中央公民館",
        "所在地_連結表記": "東京都東大和市",
        "車椅子可": "可",
        "筆談対応": "無",
        "優先駐車場": "有",
    }

    found = read_venues(a_facility_file("municipal-standard-facilities", row), file_name="venues.csv")

    assert found.venues[0].barrier_free == ("車椅子可", "優先駐車場")


def test_a_facility_without_a_name_is_refused():
    row = {"都道府県コード又は市区町村コード": "132209", "NO": "7", "緯度": "nord"}

    found = read_venues(a_facility_file("recommended-facilities", row), file_name="venues.csv")

    assert [
        (each.column, each.code) for each in found.problems
    ] == [("名称", "required"), ("緯度", "unreadable_number")]
    assert (found.venues, found.refused) == ((), 1)


@given(st.binary(max_size=300))
def test_any_bytes_give_venues_or_a_named_refusal(content):
    try:
        named = read_venues(content, file_name="venues.csv").file
    except UnreadableFile as refusal:
        named = refusal.details["file"]

    assert named == "venues.csv"
