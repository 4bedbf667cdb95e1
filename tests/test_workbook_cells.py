"""What stands in the cells of a workbook, read back by openpyxl and by pandas with calamine."""

from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exports.workbook import Column, Formula, Kind, Sheet, write_workbook
from exports.workbook.values import TEXT_UNITS, clean_text

MADE = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
DANGEROUS = ["=1+1", "+81", "-1", "@SUM(A1)", "＝1", "=cmd|' /C calc'!A0", "\t=1", "#N/A", "TRUE", "1e5", "00123"]


def written(*columns_and_values):
    """Write one sheet of one row: pairs of a column and its value."""
    columns = tuple(column for column, _ in columns_and_values)
    return write_workbook("w.xlsx", [Sheet("表", columns, [[v for _, v in columns_and_values]])], made_at=MADE).content


def opened(content):
    import openpyxl

    return openpyxl.load_workbook(BytesIO(content))


def stored(text):
    """Give the text as the file holds it; what is blank is left out."""
    clean = clean_text(text)
    return clean if clean.strip() else ""


def first_cell(content):
    return opened(content)["表"]["A2"]


def read_by_calamine(content):
    import pandas as pd

    frame = pd.read_excel(BytesIO(content), engine="calamine", dtype=object, keep_default_na=False)
    return frame.to_numpy().tolist()


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.TELEPHONE])
@pytest.mark.parametrize("text", DANGEROUS)
def test_text_stays_text_whatever_it_looks_like(text, kind):
    content = written((Column("氏名", kind), text))

    cell = first_cell(content)
    assert (cell.value, cell.data_type) == (text, "s")
    assert read_by_calamine(content) == [[text]]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "＝1"])
def test_text_that_looks_like_a_formula_is_marked_so_that_retyping_keeps_it_text(text):
    assert first_cell(written((Column("氏名"), text))).quotePrefix
    assert not first_cell(written((Column("氏名"), "山田"))).quotePrefix


def test_a_telephone_number_keeps_its_zero():
    content = written((Column("電話", Kind.TELEPHONE), "0423000000"))

    cell = first_cell(content)
    assert (cell.value, cell.number_format) == ("0423000000", "@")
    assert read_by_calamine(content) == [["0423000000"]]


def test_dates_and_times_are_real_and_shown_in_the_japanese_era():
    content = written(
        (Column("日付", Kind.DATE), date(2026, 11, 25)),
        (Column("時刻", Kind.TIME), time(13, 30)),
        (Column("日時", Kind.DATETIME), datetime(2026, 3, 31, 15, 0, 7, 5, tzinfo=UTC)),
    )

    day, clock, moment = next(opened(content)["表"].iter_rows(min_row=2))
    assert (day.value, day.number_format) == (datetime(2026, 11, 25), '[$-411]ggge"年"m"月"d"日"(aaa)')
    assert clock.value == time(13, 30)
    assert moment.value == datetime(2026, 4, 1, 0, 0, 7)
    assert read_by_calamine(content) == [[datetime(2026, 11, 25), time(13, 30), datetime(2026, 4, 1, 0, 0, 7)]]


def test_the_day_and_the_time_of_an_aware_moment_are_those_of_tokyo():
    moment = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)

    content = written((Column("日付", Kind.DATE), moment), (Column("時刻", Kind.TIME), moment))

    assert read_by_calamine(content) == [[datetime(2026, 4, 1), time(0, 30)]]


def test_a_date_that_excel_cannot_count_stays_readable():
    assert first_cell(written((Column("生年月日", Kind.DATE), date(1900, 2, 28)))).value == "1900-02-28"
    assert first_cell(written((Column("生年月日", Kind.DATE), date(1900, 3, 1)))).value == datetime(1900, 3, 1)


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    content = written(
        (Column("人数", Kind.INTEGER), 0),
        (Column("率", Kind.PERCENT), 0.25),
        (Column("空", Kind.TEXT), ""),
        (Column("無", Kind.DATE), None),
        (Column("数", Kind.NUMBER), 1.5),
    )

    assert [cell.value for cell in next(opened(content)["表"].iter_rows(min_row=2))] == [0, 0.25, None, None, 1.5]


def test_only_a_formula_value_becomes_a_formula():
    cell = first_cell(written((Column("計", Kind.INTEGER), Formula("SUM(1,2)"))))

    assert (cell.value, cell.data_type) == ("=SUM(1,2)", "f")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.DATE, "2026-11-25"),
        (Kind.DATE, 46351),
        (Kind.TIME, date(2026, 11, 25)),
        (Kind.DATETIME, date(2026, 11, 25)),
        (Kind.INTEGER, "3"),
    ],
)
def test_a_value_that_its_column_does_not_hold_is_refused(kind, value):
    with pytest.raises(TypeError):
        written((Column("値", kind), value))


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="a row of 2 values for 1 columns"):
        write_workbook("w.xlsx", [Sheet("表", (Column("一"),), [("a", "b")])], made_at=MADE)


def test_characters_that_no_workbook_can_hold_are_left_out():
    assert first_cell(written((Column("備考"), "a\x00\x08\x1b[31m\ufffe\ud83db"))).value == "a[31mb"


def test_line_breaks_of_every_system_become_one():
    assert first_cell(written((Column("備考"), "一\r\n二\r三\n四"))).value == "一\n二\n三\n四"


@pytest.mark.parametrize("sign", ["a", "あ", "𠮷"])
def test_text_beyond_what_a_cell_can_hold_is_cut_and_says_so(sign):
    value = first_cell(written((Column("備考"), sign * 40_000))).value

    assert value.endswith(f"{sign}…")
    assert TEXT_UNITS - 1 <= len(value.encode("utf-16-le")) // 2 <= TEXT_UNITS


def test_text_that_looks_like_an_escape_of_excel_is_read_back_as_typed():
    assert read_by_calamine(written((Column("備考"), "_x0041_"))) == [["_x0041_"]]


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=20))
@example(DANGEROUS)
@example([" ", "\n", "  前後  ", "_x005F_", "👩‍👩‍👧‍👦", "髙﨑邉𠮷", "]]>", "<&\"'>", "a\u2028b\x85c"])
def test_every_text_is_read_back_as_it_was_typed(texts):
    sheet = Sheet("表", (Column("番号", Kind.INTEGER), Column("文")), list(enumerate(texts)))
    content = write_workbook("w.xlsx", [sheet], made_at=MADE).content

    cells = [row[1] for row in opened(content)["表"].iter_rows(min_row=2)]
    assert [cell.value or "" for cell in cells] == [stored(text) for text in texts]
    assert {cell.data_type for cell in cells if cell.value} <= {"s"}
    typed = [stored(text).replace("_x005F_x", "_x") for text in texts]
    assert [row[1] for row in read_by_calamine(content)] == typed
