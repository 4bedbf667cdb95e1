"""People's lists coming in: whatever form and encoding, tried first, all of it or nothing, and never twice."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from events.errors import DomainError
from events.models import Attendee, ContactPoint, Registration
from events.states import Channel, IntakeMethod, IntakeUnit, RegistrationState
from exports.people.errors import ColumnsMissing
from exports.people.mapping import ColumnMapping
from exports.people.writing import form_workbook
from supportapp.backend import Backend
from supportapp.cli import main
from supportapp.identity import Actor, Role
from supportapp.import_words import problem_in_words
from supportapp.messages import words
from supportapp.people_in.marking import marked_file
from supportapp.people_in.running import UnknownMapping, import_people_file
from supportapp.tables import METADATA
from supportapp.wording import refusal
from tests.builders import CITY, a_municipality, a_session, a_workshop, an_intake
from volunteers.models import Availability, InsuranceYear, Membership, Volunteer

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 9)
STAFF = Actor("佐藤", Role.STAFF, CITY)
PEOPLE = "氏名,カナ,電話,年代,生年月日,郵便番号,住所,スマホ,機種,配慮,希望連絡方法,備考"
BOOKINGS = "講座,日付,氏名,カナ,電話,年代,生年月日,町名,申込経路,受付日時,希望順,同伴者,配慮,備考"
HELPERS = "氏名,カナ,種別,電話,メール,得意,曜日時間帯,月上限,住所,加入年度,備考"
HANAKO = "髙橋 花子,ﾀｶﾊｼ ﾊﾅｺ,042-346-9818,70〜74歳,,207-0013,向原1-1,iPhone,12,大きな文字・筆談,電話,午前がよい"
TARO = "山田 太郎,ヤマダ タロウ,090-1111-2222,,1950-04-01,,,ガラケー,,,,"
LEFT_ALONE = {"audit_entry", "audit_head", "import_run", "attendee_term"}


@pytest.fixture
def backend(database):
    made = Backend(database, clock=lambda: NOW)
    with database.writing() as db:
        a_municipality(db)
    yield made
    made._readers.shutdown()
    made._writers.shutdown()


@pytest.fixture
def lite(sqlite_database):
    made = Backend(sqlite_database, clock=lambda: NOW)
    with sqlite_database.writing() as db:
        a_municipality(db)
    yield made
    made._readers.shutdown()
    made._writers.shutdown()


def text(*lines, encoding="utf-8-sig"):
    return "\r\n".join(lines).encode(encoding)


def workbook(rows, *, change=None):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def opened(content):
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content)).active


def take(backend, kind, content, *, name="list.csv", actor=STAFF, **more):
    return import_people_file(
        backend, actor, kind=kind, content=content, file_name=name, municipality_code=CITY, **more
    )


def stored(backend, query):
    with backend.database.reading() as db:
        return db.exec(query).all()


def everything(backend):
    """All rows of all tables but the log: what must be the same when nothing came in."""
    with backend.database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sqlalchemy.select(table)).all()))
            for table in METADATA.sorted_tables
            if table.name not in LEFT_ALONE
        }


def a_workshop_to_book(backend, *, seats=10, title="はじめてのスマホ", day=DAY, **intake):
    with backend.database.writing() as db:
        workshop = a_workshop(db, title=title)
        session = a_session(db, day=day, workshop_id=workshop.id, seats=seats)
        return an_intake(db, session, **intake).id, session.id


def booking(name="髙橋 花子", kana="タカハシ ハナコ", telephone="042-346-9818", **more):
    cells = {"講座": "はじめてのスマホ", "日付": "2026-12-09", "氏名": name, "カナ": kana, "電話": telephone, **more}
    return ",".join(cells.get(header, "") for header in BOOKINGS.split(","))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
def test_people_come_in_from_text_of_any_encoding_and_never_twice(backend, encoding) -> None:
    content = text(PEOPLE, HANAKO, TARO, encoding=encoding)
    first, second = take(backend, "attendees", content), take(backend, "attendees", content)
    assert (first.read, first.added, first.refused) == (2, 2, 0)
    assert (second.added, second.changed, second.unchanged) == (0, 0, 2)
    hanako = stored(backend, select(Attendee).where(Attendee.name == "髙橋 花子"))[0]
    assert (hanako.kana, hanako.age_band, hanako.needs) == (
        "ﾀｶﾊｼ ﾊﾅｺ",
        "70-74",
        ["large_print", "written_conversation"],
    )
    assert stored(backend, select(ContactPoint.value_key).order_by(ContactPoint.value_key)) == [
        "0423469818",
        "09011112222",
    ]


def test_a_workbook_with_a_title_real_dates_and_lost_zeros_is_read_as_it_was_meant(backend) -> None:
    rows = [
        ["参加者名簿"],
        PEOPLE.split(","),
        ["山田 太郎", "ヤマダ タロウ", 9011112222, "", datetime(1950, 4, 1)],
    ]
    report = take(backend, "attendees", workbook(rows), name="list.xlsx")
    assert (report.added, [note.code for note in report.notes]) == (1, ["zero_restored"])
    assert stored(backend, select(Attendee.birth_date)) == [date(1950, 4, 1)]
    assert stored(backend, select(ContactPoint.value_key)) == ["09011112222"]


def test_a_known_person_is_found_by_variant_kanji_and_the_changes_are_shown_before_they_are_made(backend) -> None:
    take(backend, "attendees", text(PEOPLE, HANAKO))
    changed = HANAKO.replace("髙橋", "高橋").replace("207-0013", "207-0014").replace("iPhone", "Android")
    before = everything(backend)
    tried = take(backend, "attendees", text(PEOPLE, changed), dry_run=True)
    assert (tried.added, tried.changed) == (0, 1)
    assert {(each.field, each.old, each.new) for each in tried.rows[0].changes} == {
        ("氏名", "髙橋 花子", "高橋 花子"),
        ("郵便番号", "207-0013", "207-0014"),
        ("スマホ", "iphone", "android"),
    }
    assert everything(backend) == before
    assert take(backend, "attendees", text(PEOPLE, changed)).changed == 1
    assert stored(backend, select(Attendee.postal_code)) == ["207-0014"]


def test_people_of_one_name_with_different_birth_dates_are_two_people(backend) -> None:
    rows = [f"佐藤 一郎,サトウ イチロウ,042-111-2222,,{born},,,,,,," for born in ("1940-01-01", "1970-01-01")]
    assert take(backend, "attendees", text(PEOPLE, *rows)).added == 2


def test_applications_are_booked_in_the_order_in_which_they_came_and_the_last_ones_wait(backend) -> None:
    intake_id, _ = a_workshop_to_book(backend, seats=2)
    rows = [
        booking("遅い 人", "オソイ ヒト", "042-000-0003", 受付日時="2026-11-20 12:00"),
        booking("早い 人", "ハヤイ ヒト", "042-000-0001", 受付日時="2026-11-20 09:00", 申込経路="はがき"),
        booking("中 人", "ナカ ヒト", "042-000-0002", 受付日時="2026/11/20 10:00:30"),
    ]
    tried = take(backend, "registrations", text(BOOKINGS, *rows), dry_run=True)
    assert [(note.row, note.code) for note in tried.notes] == [(2, "will_wait")]
    report = take(backend, "registrations", text(BOOKINGS, *rows))
    assert (report.added, report.refused) == (3, 0)
    found = stored(
        backend,
        select(Attendee.name, Registration.state, Registration.channel, Registration.received_at)
        .join(Registration, Registration.attendee_id == Attendee.id)
        .where(Registration.intake_id == intake_id)
        .order_by(Registration.number),
    )
    assert [(name, state.value) for name, state, _, _ in found] == [
        ("早い 人", "confirmed"),
        ("中 人", "confirmed"),
        ("遅い 人", "waiting"),
    ]
    assert found[0][2] is Channel.POSTCARD
    assert found[0][3] == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    assert take(backend, "registrations", text(BOOKINGS, *reversed(rows))).unchanged == 3


def test_an_application_that_was_cancelled_here_does_not_come_back_with_the_same_file(backend) -> None:
    intake_id, _ = a_workshop_to_book(backend)
    content = text(BOOKINGS, booking())
    take(backend, "registrations", content)
    with backend.database.writing() as db:
        registration = db.exec(select(Registration).where(Registration.intake_id == intake_id)).one()
        registration.state = RegistrationState.CANCELLED_BY_PERSON
    assert (take(backend, "registrations", content).added, len(stored(backend, select(Registration)))) == (0, 1)


def test_ranked_rows_of_one_person_are_one_application_with_choices(backend) -> None:
    with backend.database.writing() as db:
        workshop = a_workshop(db, title="はじめてのスマホ")
        sessions = [a_session(db, day=DAY + timedelta(days=7 * each), workshop_id=workshop.id) for each in range(2)]
        an_intake(db, *sessions, unit=IntakeUnit.CHOICE, method=IntakeMethod.DRAW)
    rows = [booking(希望順="2"), booking(希望順="1", 日付="2026-12-16")]
    report = take(backend, "registrations", text(BOOKINGS, *rows))
    assert (report.read, report.added) == (2, 2)
    [registration] = stored(backend, select(Registration))
    assert registration.state is RegistrationState.WAITING_DRAW


def test_a_late_application_is_judged_by_when_it_was_received_not_by_when_the_file_came(backend) -> None:
    a_workshop_to_book(backend, deadline_at=NOW - timedelta(days=1))
    in_time = booking(受付日時="2026-11-18 10:00")
    late = booking("遅い 人", "オソイ ヒト", "042-000-0003", 受付日時="2026-11-20 23:00")
    assert take(backend, "registrations", text(BOOKINGS, in_time), reason="受付日時による").added == 1
    report = take(backend, "registrations", text(BOOKINGS, late))
    assert [(problem.column, problem.code) for problem in report.problems] == [("受付日時", "intake_closed")]


def test_helpers_come_in_with_skills_times_cap_and_insurance(backend) -> None:
    person = "山田 太郎,ヤマダ タロウ,TOKYOスマホサポーター,090-1111-2222,taro@example.jp"
    row = f"{person},iPhone・カメラ・写真,水午前・土日,4,,令和8年度,"
    content = text(HELPERS, row)
    assert take(backend, "volunteers", content).added == 1
    assert take(backend, "volunteers", content).unchanged == 1
    assert stored(backend, select(Volunteer.skills)) == [["camera", "iphone"]]
    assert stored(backend, select(Membership.cap_per_month)) == [4]
    assert stored(backend, select(InsuranceYear.fiscal_year)) == [2026]
    assert sorted(stored(backend, select(Availability.weekday))) == [2, 5, 6]


def test_somebody_elses_headers_come_in_by_their_names_or_by_a_mapping_that_is_remembered(backend) -> None:
    a_workshop_to_book(backend)
    header = "回答日時,お名前,お名前(フリガナ),日中連絡のとれる電話番号,希望の教室,希望日"
    row = "2026/11/20 10:00,髙橋 花子,タカハシ ハナコ,042-346-9818,はじめてのスマホ,2026-12-09"
    with pytest.raises(ColumnsMissing) as refused:
        take(backend, "registrations", text(header, row))
    assert refused.value.details["headers"] == "講座"
    mapping = ColumnMapping(
        {
            "title": "希望の教室",
            "day": "希望日",
            "name": "お名前",
            "kana": "お名前(フリガナ)",
            "telephone": "日中連絡のとれる電話番号",
        }
    )
    assert take(backend, "registrations", text(header, row), mapping=mapping, mapping_name="市の様式").added == 1
    other = row.replace("髙橋 花子,タカハシ ハナコ,042-346-9818", "山田 太郎,ヤマダ タロウ,090-1111-2222")
    assert take(backend, "registrations", text(header, row, other)).added == 1, "known again by its headers"
    assert take(backend, "registrations", text(header, row, other), mapping_name="市の様式").unchanged == 2
    with pytest.raises(UnknownMapping):
        take(backend, "registrations", text(header, row), mapping_name="別の様式")


def test_a_form_of_one_workshop_needs_no_column_for_it(backend) -> None:
    a_workshop_to_book(backend)
    mapping = ColumnMapping({"name": "氏名", "kana": "カナ", "telephone": "電話"}, {"title": "はじめてのスマホ"})
    report = take(
        backend, "registrations", text("氏名,カナ,電話", "髙橋 花子,タカハシ ハナコ,0423469818"), mapping=mapping
    )
    assert report.added == 1


def bad_rows():
    """Two hundred rows with five kinds of mistakes."""
    rows = [f"受講 {number},ジュコウ{number},042-000-{number:04},70〜74歳,,,,,,,," for number in range(200)]
    rows[10] = ",ナマエナシ,042-111-0000,,,,,,,,,"
    rows[20] = "電話 悪い,デンワ ワルイ,12,,,,,,,,,"
    rows[30] = "生年 悪い,セイネン ワルイ,042-111-0001,,2099-13-40,,,,,,,"
    rows[40] = f"{'長' * 101},ナガイ,042-111-0002,,,,,,,,,"
    rows[50] = "連絡 なし,レンラク ナシ,,,,,,,,,,"
    return rows


def test_two_hundred_rows_with_five_kinds_of_mistakes_come_back_marked_and_can_be_put_right(lite) -> None:
    rows = [PEOPLE.split(","), *(row.split(",") for row in bad_rows())]
    content = workbook(rows)
    report = take(lite, "attendees", content, name="list.xlsx")
    assert (report.read, report.added, report.refused) == (200, 0, 5)
    assert stored(lite, select(Attendee.id)) == []
    marked = marked_file(words("ja"), report, content)
    sheet = opened(marked.content)
    said = {row: sheet.cell(row, 13).value for row in range(1, 202) if sheet.cell(row, 13).value}
    assert said[1] == "直すところ"
    assert sorted(said) == [1, 12, 22, 32, 42, 52]
    assert "電話番号「12」" in said[22]
    assert sheet.cell(22, 3).fill.fgColor.rgb.endswith("FFE08A")
    for row, cells in {
        12: (1, "名前 あり"),
        22: (3, "042-111-9999"),
        32: (5, None),
        42: (1, "長い"),
        52: (3, "042-1-1"),
    }.items():
        sheet.cell(row, cells[0]).value = cells[1]
    sheet.cell(52, 3).value = "042-111-7777"
    saved = io.BytesIO()
    sheet.parent.save(saved)
    assert take(lite, "attendees", saved.getvalue(), name="list.xlsx").added == 200


def test_the_marked_workbook_of_a_text_file_holds_formulas_as_text(lite) -> None:
    content = text(PEOPLE, "=HYPERLINK(1),カナ,12,,,,,,,,,")
    report = take(lite, "attendees", content)
    sheet = opened(marked_file(words("ja"), report, content).content)
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s")
    assert "12" in sheet["M2"].value


def with_merged(book):
    book.active.merge_cells("A3:A4")


def with_formula(book):
    book.active["A3"] = "=B3"


def with_hidden(book):
    hidden = book.create_sheet("隠し", 0)
    hidden.sheet_state = "hidden"
    hidden.append(["氏名", "カナ"])
    hidden.append(["隠れた 人", "カクレタ"])


@pytest.mark.parametrize(("change", "code"), [(with_merged, "merged"), (with_formula, "formula_without_value")])
def test_cells_without_a_value_of_their_own_keep_the_file_out(lite, change, code) -> None:
    rows = [PEOPLE.split(","), *(row.split(",") for row in (HANAKO, TARO, TARO.replace("太郎", "次郎")))]
    report = take(lite, "attendees", workbook(rows, change=change), name="list.xlsx")
    assert code in {problem.code for problem in report.problems}
    assert stored(lite, select(Attendee.id)) == []


def test_a_hidden_sheet_is_left_alone_and_named(lite) -> None:
    report = take(
        lite, "attendees", workbook([PEOPLE.split(","), HANAKO.split(",")], change=with_hidden), name="list.xlsx"
    )
    assert (report.added, [(note.code, note.value) for note in report.notes]) == (1, [("hidden_sheets", "隠し")])
    assert stored(lite, select(Attendee.name)) == ["髙橋 花子"]


def a_bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(210):
                part.write(b" " * 1_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file_locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "file_old_workbook"),
        (b"PK\x03\x04", "file_broken_workbook"),
        (a_bomb(), "file_too_large"),
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "file_not_a_table"),
        (text("今日は晴れ"), "file_empty"),
        (text("住所,メモ", "東大和市,あ"), "file_columns_missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(lite, content, code) -> None:
    with pytest.raises(DomainError) as refused:
        take(lite, "attendees", content, name="名簿.xlsx")
    assert refused.value.code == code
    for language in ("ja", "en"):
        sentence = refusal(words(language), refused.value)
        assert "名簿.xlsx" in sentence
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{'長' * 32_768},カナ,042-346-9818,,,,,,,,,", "too_long"),
        ("鈴\x07木,スズキ,042-346-9818,,,,,,,,,", "control_characters"),
        ("鈴木,スズキ,042-346-9818,,,,,,,,,1234 5678 9018", "my_number"),
        ("鈴木,スズキ,042-346-9818,,,,,,,,糸電話,", "unknown_word"),
        ("鈴木,,042-346-9818,,,,,,,,,", "required"),
    ],
)
def test_a_value_that_cannot_be_kept_is_told_with_row_and_reason(lite, row, code) -> None:
    report = take(lite, "attendees", text(PEOPLE, HANAKO, row))
    assert [(problem.row, problem.code) for problem in report.problems] == [(3, code)]
    assert stored(lite, select(Attendee.id)) == []
    for language in ("ja", "en"):
        sentence = problem_in_words(words(language), report, report.problems[0])
        assert len(sentence) < 400
        assert "5678" not in sentence


def test_a_name_that_is_a_formula_comes_in_as_the_text_it_is(lite) -> None:
    take(lite, "attendees", text(PEOPLE, HANAKO.replace("髙橋 花子", "=1+1")))
    assert stored(lite, select(Attendee.name)) == ["=1+1"]


NAMES = st.sampled_from(["髙橋", "﨑山", "渡邉", "=1+1", "Ｓｍｉｔｈ", "鈴木 一", "佐々木"])
KANA = st.sampled_from(["タカハシ", "ｻｷﾔﾏ", "わたなべ", "スズキ ハジメ"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, KANA, st.integers(0, 9999)), min_size=1, max_size=6, unique_by=lambda each: each[2]))
def test_what_is_written_under_the_documented_headers_comes_back_unchanged(lite, people) -> None:
    rows = [
        {"name": name, "kana": kana, "telephone": f"042-346-{number:04}", "needs": "大きな文字", "phone": "iPhone"}
        for name, kana, number in people
    ]
    file = form_workbook("attendees", rows, made_at=NOW)
    take(lite, "attendees", file.content, name=file.name)
    again = form_workbook("attendees", rows, made_at=NOW)
    assert take(lite, "attendees", again.content, name=file.name).unchanged == len(rows)
    assert file.content == again.content


def test_the_command_prints_one_object_and_refuses_with_one_sentence(lite, tmp_path) -> None:
    url = str(lite.database.engine.url)
    file, marked = tmp_path / "参加者.csv", tmp_path / "直す.xlsx"
    file.write_bytes(text(PEOPLE, HANAKO, TARO))
    run = CliRunner().invoke
    environment = {"SUPPORTAPP_LANGUAGE": "ja"}
    done = run(main, ["import", "attendees", str(file), "--json", "--database", url], env=environment)
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["read"], answer["added"], answer["problems"]) == (0, 2, 2, [])
    file.write_bytes(text(PEOPLE, "鈴木,スズキ,12,,,,,,,,,"))
    done = run(main, ["import", "attendees", str(file), "--marked", str(marked), "--database", url], env=environment)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "電話番号「12」" in done.stderr
    assert marked.exists()
