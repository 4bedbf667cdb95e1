"""The attendance list: its columns, its totals, and what LibreOffice makes of them."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.reports import AttendanceRow, ReportWords, attendance_report
from tests.readers.office import converted, pages

COLUMNS = "回ID,講座,日付,開始,終了,会場,受付番号,氏名,カナ,年代,申込経路,出欠,受付時刻,退出時刻,当日参加,備考"
WORDS = ReportWords(
    attendance={"present": "出席", "late": "遅刻", "absent_notice": "欠席（連絡あり）", "absent": "欠席（連絡なし）"},
    channels={"telephone": "電話", "counter": "窓口", "postcard": "はがき", "walk_in": "当日"},
    walk_in="当日参加",
    not_recorded="未記入",
    total="合計",
    rate="出席率",
    unknown="不明",
    listed="名簿の人数",
)
MADE = datetime(2026, 12, 1, tzinfo=UTC)
STARTS = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
ROW = AttendanceRow(
    session_id=UUID(int=1),
    workshop="はじめてのスマホ",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    venue="中央公民館 講座室2",
    receipt_number="0007",
    name="髙﨑 邉𠮷子",
    kana="タカサキ ヨシコ",
    age_band="70代",
    channel="telephone",
    attendance="present",
    checked_in_at=STARTS - timedelta(minutes=3),
)
STATES = [None, "present", "late", "absent_notice", "absent"]
CHANNELS = ["telephone", "counter", "walk_in"]
MIXED = [
    replace(
        ROW,
        session_id=UUID(int=number % 3 + 1),
        workshop=["はじめて*", "=1+1", "<>スマホ?"][number % 3],
        starts_at=STARTS + timedelta(days=number % 3),
        ends_at=STARTS + timedelta(days=number % 3, hours=2),
        name="=1+1" if number == 0 else "髙﨑",
        age_band=["70代", "80代", ""][number // 3 % 3],
        channel=CHANNELS[number % 7 % 3],
        attendance=STATES[number % 5],
        walk_in=number % 4 == 0,
    )
    for number in range(61)
]


def report(rows):
    return attendance_report(
        rows, title="出席 令和8年11月", made_at=MADE, author="小平市", words=WORDS, file_name="出席.xlsx"
    )


def sheet(content, title):
    import openpyxl

    return [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(content))[title].iter_rows()]


def calculated(content, number, folder):
    """Give the cells of the sheet with this number (from 1) as LibreOffice shows them."""
    # 44: comma, 34: quote, 76: UTF-8, then: from line 1, all columns as text, shown as formatted, this sheet only
    made = converted(
        content, f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,{number}", folder
    )
    return list(csv.reader(made.read_text(encoding="utf-8-sig").splitlines()))


def test_the_columns_are_those_of_the_interface_and_the_data_begins_below():
    header, first = sheet(report([ROW]).content, "出席")

    assert header == COLUMNS.split(",")
    assert first == [
        str(UUID(int=1)), "はじめてのスマホ", datetime(2026, 11, 25), STARTS.replace(hour=13, tzinfo=None).time(),
        STARTS.replace(hour=15, tzinfo=None).time(), "中央公民館 講座室2", "0007", "髙﨑 邉𠮷子", "タカサキ ヨシコ",
        "70代", "電話", "出席", datetime(2026, 11, 25, 13, 27).time(), None, None, None,
    ]  # fmt: skip


def test_the_list_keeps_the_order_it_was_given():
    rows = [replace(ROW, name=name) for name in ("乙", "甲", "丙")]

    assert [row[7] for row in sheet(report(rows).content, "出席")[1:]] == ["乙", "甲", "丙"]


def test_pandas_reads_the_same_rows_back():
    import pandas as pd

    frame = pd.read_excel(BytesIO(report(MIXED).content), sheet_name="出席", engine="calamine", dtype={"受付番号": str})

    assert list(frame.columns) == COLUMNS.split(",")
    assert frame["氏名"].tolist() == [row.name for row in MIXED]
    assert set(frame["受付番号"]) == {"0007"}
    assert frame["当日参加"].count() == sum(row.walk_in for row in MIXED)


def test_an_unrecorded_attendance_leaves_its_cell_empty():
    assert sheet(report([replace(ROW, attendance=None, checked_in_at=None)]).content, "出席")[1][11:13] == [None, None]


def test_the_totals_are_formulas_over_the_list():
    [_, session, total] = sheet(report([ROW]).content, "集計")

    assert session[4] == "=COUNTIFS('出席'!$A$2:$A$2,$A2,'出席'!$L$2:$L$2,E$1)"
    assert total[:5] == ["合計", None, None, None, "=SUM(E2:E2)"]


@pytest.mark.office
def test_libreoffice_calculates_the_totals_of_each_session(tmp_path):
    header, *lines, total = calculated(report(MIXED).content, 2, tmp_path)

    assert header[4:] == [
        "出席",
        "遅刻",
        "欠席（連絡あり）",
        "欠席（連絡なし）",
        "未記入",
        "当日参加",
        "合計",
        "出席率",
    ]
    for number, line in enumerate(lines):
        mine = [row for row in MIXED if row.session_id == UUID(int=number + 1)]
        assert line[4:] == expected(mine)
    assert total[4:] == expected(MIXED)


def expected(rows):
    states = Counter(row.attendance for row in rows)
    counted = [states["present"], states["late"], states["absent_notice"], states["absent"], states[None]]
    rate = f"{100 * (states['present'] + states['late']) / len(rows):.1f}%"
    return [*map(str, [*counted, sum(row.walk_in for row in rows), len(rows)]), rate]


@pytest.mark.office
def test_libreoffice_calculates_the_breakdown_by_age_and_channel(tmp_path):
    _, *lines = calculated(report(MIXED).content, 3, tmp_path)

    shown = {(line[0], line[1]): (int(line[2]), int(line[-1])) for line in lines}
    assert shown == {
        **{
            ("年代", band or "不明"): came(lambda row, band=band: row.age_band == band) for band in ("", "70代", "80代")
        },
        **{("申込経路", WORDS.channels[code]): came(lambda row, code=code: row.channel == code) for code in CHANNELS},
    }


def came(chosen):
    rows = [row for row in MIXED if chosen(row)]
    return sum(row.attendance == "present" for row in rows), len(rows)


@pytest.mark.office
def test_libreoffice_shows_the_era_keeps_the_zero_and_takes_no_name_for_a_formula(tmp_path):
    _, first, *_ = calculated(report([replace(ROW, name="=1+1")]).content, 1, tmp_path)

    assert first[2:5] == ["令和8年11月25日(水)", "13:30", "15:30"]
    assert (first[6], first[7]) == ("0007", "=1+1")


@pytest.mark.office
def test_on_paper_the_header_stands_on_every_page_and_the_pages_are_counted(tmp_path):
    printed = pages(converted(report(MIXED * 3).content, "pdf", tmp_path))

    data = [page for page in printed if "受付番号" in page]
    assert len(data) > 1
    assert len(printed) == len(data) + 2
    for number, page in enumerate(printed, start=1):
        assert page.strip().startswith("出席 令和8年11月")
        assert page.strip().replace(" ", "").endswith(f"{number}/{len(printed)}")


@pytest.mark.office
def test_a_report_without_a_row_opens_and_its_total_is_zero(tmp_path):
    [_, total] = calculated(report([]).content, 2, tmp_path)

    assert total[4:] == ["0", "0", "0", "0", "0", "0", "0", "0.0%"]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.builds(replace, st.just(ROW), name=st.text(), workshop=st.text(), venue=st.text(), note=st.text()),
        max_size=5,
    )
)
def test_whatever_people_type_the_report_holds_only_the_formulas_of_its_totals(rows):
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(report(rows).content))

    assert {cell.data_type for row in book["出席"].iter_rows() for cell in row} <= {"s", "d", "n"}
    assert {cell.data_type for row in book["集計"].iter_rows(max_col=4) for cell in row} <= {"s", "d", "n"}


def test_the_same_rows_give_the_same_bytes():
    assert report(MIXED).content == report(MIXED).content
