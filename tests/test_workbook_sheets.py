"""How a workbook is laid out: titles, header, widths, A4, and the same bytes for the same data."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.workbook import Column, Formula, Kind, PrintSetup, Sheet, write_workbook
from exports.workbook.sheets import reference, sheet_titles
from exports.workbook.values import text_width

MADE = datetime(2026, 11, 25, 0, 0, 9, 1, tzinfo=UTC)
SHEET = Sheet(
    "名簿",
    (Column("氏名"), Column("日付", Kind.DATE), Column("出欠", choices=("出席", "遅刻")), Column("備考", width=12)),
    [("髙﨑 邉𠮷子", date(2026, 11, 25), "出席", "長い備考" * 10), ("林", date(2026, 12, 1), None, "")],
    PrintSetup(title="A&B 2026年\n名簿", note="東大和市", landscape=True),
)


def made(*sheets, name="w.xlsx", **more):
    return write_workbook(name, sheets or [SHEET], made_at=MADE, **more)


def opened(file):
    import openpyxl

    return openpyxl.load_workbook(BytesIO(file.content))


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["出席", "集計"], ["出席", "集計"]),
        (["a/b[1]:*?\\"], ["a b 1"]),
        (["出席", "出席", "出席"], ["出席", "出席 (2)", "出席 (3)"]),
        (["ABC", "abc"], ["ABC", "abc (2)"]),
        (["", "'", "\n"], ["Sheet", "Sheet (2)", "Sheet (3)"]),
        (["History"], ["History_"]),
        (["名" * 40, "名" * 40], ["名" * 31, "名" * 27 + " (2)"]),
        (["𠮷" * 20], ["𠮷" * 15]),
    ],
)
def test_titles_of_sheets_become_ones_that_excel_takes(titles, expected):
    assert sheet_titles(titles) == expected


@given(st.lists(st.text(max_size=40), max_size=8))
def test_titles_of_sheets_are_short_clean_and_all_different(titles):
    given_titles = sheet_titles(titles)

    assert len({title.casefold() for title in given_titles}) == len(titles)
    for title in given_titles:
        assert 0 < len(title.encode("utf-16-le")) // 2 <= 31
        assert not set(title) & set("[]:*?/\\\n")
        assert not title.startswith("'")
        assert not title.endswith("'")


def test_cells_of_a_sheet_with_a_quote_in_its_title_can_be_named():
    assert reference("今日's", "$A$2") == "'今日''s'!$A$2"


def test_the_header_is_the_first_row_frozen_filtered_and_repeated_on_paper():
    sheet = opened(made())["名簿"]

    assert [cell.value for cell in sheet[1]] == ["氏名", "日付", "出欠", "備考"]
    assert all(cell.font.bold for cell in sheet[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:D3", "$1:$1")


def test_a_sheet_without_rows_is_still_a_sheet():
    sheet = opened(made(Sheet("空", (Column("氏名"),), [])))["空"]

    assert [cell.value for cell in sheet[1]] == ["氏名"]
    assert sheet.max_row == 1


def test_it_is_set_up_for_a4_as_wide_as_the_paper():
    sheet = opened(made())["名簿"]

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddHeader.left.text == "A&&B 2026年 名簿"
    assert sheet.oddHeader.right.text == "東大和市"
    assert "&P / &N" in str(sheet.oddFooter)


def test_a_very_long_print_title_stays_within_what_excel_takes():
    setup = PrintSetup(title="&" * 300, note="題" * 300)
    sheet = opened(made(Sheet("表", (Column("氏名"),), [("林",)], setup)))["表"]

    assert len(str(sheet.oddHeader)) <= 255


def test_a_column_is_as_wide_as_its_japanese_text_and_a_given_width_is_kept():
    sheet = opened(made())["名簿"]

    assert sheet.column_dimensions["A"].width >= text_width("髙﨑 邉𠮷子")
    assert sheet.column_dimensions["B"].width >= text_width("令和8年11月25日(水)")
    assert sheet.column_dimensions["D"].width == 12


def test_a_row_is_high_enough_for_its_wrapped_text():
    sheet = opened(made())["名簿"]

    assert sheet.row_dimensions[2].height > 8 * 11
    assert sheet.row_dimensions[3].height is None


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("あいう", 6), ("ｱｲｳ", 3), ("𠮷", 2), ("か\u3099", 2), ("①", 2)]
)
def test_the_width_of_text_counts_wide_signs_twice(text, width):
    assert text_width(text) == width


def test_choices_are_offered_and_refuse_nothing():
    [offer] = opened(made())["名簿"].data_validations.dataValidation

    assert (str(offer.sqref), offer.formula1, offer.showErrorMessage) == ("C2:C3", '"出席,遅刻"', False)


def test_the_document_carries_the_time_and_the_author_it_was_given():
    properties = opened(made(author="東大和市", title="名簿 11月")).properties

    moment = datetime(2026, 11, 25, 0, 0, 9)
    assert (properties.created, properties.modified) == (moment, moment)
    assert (properties.creator, properties.lastModifiedBy, properties.title) == ("東大和市", "東大和市", "名簿 11月")


def test_every_formula_is_calculated_when_the_file_is_opened():
    file = made(Sheet("計", (Column("数", Kind.INTEGER),), [(Formula("1+1"),)]))

    assert opened(file).calculation.fullCalcOnLoad


def test_the_same_sheets_give_the_same_bytes_without_a_clock_in_them():
    file = made()

    assert file.content == made().content
    with ZipFile(BytesIO(file.content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_two_processes_with_different_hash_seeds_write_the_same_bytes():
    program = "import sys; from tests.test_workbook_sheets import *; sys.stdout.buffer.write(made().content)"
    outputs = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4242")
    ]

    assert outputs[0] == outputs[1] == made().content


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="naive time"):
        write_workbook("w.xlsx", [SHEET], made_at=datetime(2026, 11, 25))


def test_the_file_says_what_it_is():
    file = made(name="名簿/11月.xlsx")

    assert file.name == "名簿_11月.xlsx"
    assert file.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
