"""The roster for the table: no contacts, large type, lines for walk-ins, A4."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from exports.reports import ROSTER_WIDTHS, RosterRow, roster_report
from tests.readers.office import converted, pages
from tests.test_report_attendance import WORDS, calculated

MADE = datetime(2026, 11, 24, tzinfo=UTC)
PEOPLE = [
    RosterRow("髙﨑 邉𠮷子", "タカサキ ヨシコ", "present", "007", "筆談"),
    RosterRow("=1+1", "イコール", "late"),
    RosterRow("林", "ハヤシ"),
]


def report(rows, **more):
    return roster_report(
        rows, title="はじめてのスマホ 令和8年11月25日（水） 13:30", made_at=MADE, author="小平市", words=WORDS,
        file_name="名簿.xlsx", **more,
    )  # fmt: skip


def opened(file):
    import openpyxl

    return openpyxl.load_workbook(BytesIO(file.content))


def test_the_columns_are_those_of_the_interface_and_hold_no_contact():
    sheet = opened(report(PEOPLE))["名簿"]

    assert [cell.value for cell in sheet[1]] == ["番号", "氏名", "カナ", "出欠", "端末番号", "配慮", "備考"]
    assert [cell.value for cell in sheet[2]] == [1, "髙﨑 邉𠮷子", "タカサキ ヨシコ", "出席", "007", "筆談", None]


def test_lines_for_walk_ins_follow_with_their_numbers():
    sheet = opened(report(PEOPLE, walk_in_rows=4))["名簿"]

    assert [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=5)] == [
        (4, None), (5, None), (6, None), (7, None),
    ]  # fmt: skip
    assert all(cell.border.bottom.style == "thin" for row in sheet.iter_rows(min_row=5) for cell in row)


def test_the_type_is_large_and_the_rows_are_high_enough_to_write_in():
    sheet = opened(report(PEOPLE))["名簿"]

    assert {cell.font.size for row in sheet.iter_rows() for cell in row} == {13}
    assert all(sheet.row_dimensions[number].height >= 32 for number in range(1, 10))


def test_the_columns_together_stay_narrow_enough_not_to_shrink_the_type():
    assert sum(ROSTER_WIDTHS.values()) <= 80


def test_attendance_can_be_picked_from_a_list_in_excel():
    [offer] = opened(report(PEOPLE))["名簿"].data_validations.dataValidation

    assert (str(offer.sqref), offer.formula1) == ("D2:D9", '"出席,遅刻,欠席（連絡あり）,欠席（連絡なし）"')


@pytest.mark.office
def test_libreoffice_counts_the_people_on_the_roster(tmp_path):
    lines = calculated(report(PEOPLE).content, 2, tmp_path)

    assert lines == [
        ["項目", "人数"],
        ["名簿の人数", "3"],
        ["出席", "1"],
        ["遅刻", "1"],
        ["欠席（連絡あり）", "0"],
        ["欠席（連絡なし）", "0"],
        ["未記入", "1"],
    ]


@pytest.mark.office
@pytest.mark.parametrize(("people", "sheets_of_paper"), [(0, 1), (10, 1), (17, 1), (30, 2)])
def test_the_roster_takes_as_many_sheets_of_paper_as_stated(people, sheets_of_paper, tmp_path):
    rows = [RosterRow("髙﨑 邉𠮷子", "タカサキ ヨシコ", None, "007", "筆談")] * people

    printed = pages(converted(report(rows).content, "pdf", tmp_path))

    assert len([page for page in printed if "端末番号" in page]) == sheets_of_paper
    assert len(printed) == sheets_of_paper + 1  # the totals follow
    assert printed[0].strip().startswith("はじめてのスマホ 令和8年11月25日（水） 13:30")
