"""Eras, fiscal years, and dates and times as people type them."""

import json
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.japan.eras import in_era, on_paper, on_screen
from events.japan.errors import DateOutsideEra, Unreadable, UnreadableDate, UnreadableTime, WeekdayMismatch
from events.japan.fiscal_year import age_on, first_day, fiscal_year, label, last_day, read_fiscal_year
from events.japan.holidays import LAST, OpeningRule, UnreadableOpeningRule, closed_reason
from events.japan.recurrence import SkippedDay, UnreadablePattern, nth_weekday_dates, read_pattern
from events.japan.typed_dates import excel_date, excel_time, parse_date, parse_time

TODAY = date(2026, 11, 21)
MONDAYS = OpeningRule(closed_weekdays=(0,))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 10, 14), "令和8年10月14日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
    ],
)
def test_days_are_written_in_their_era(day, written):
    assert in_era(day) == written


def test_a_day_before_meiji_is_refused():
    with pytest.raises(UnreadableDate):
        in_era(date(1868, 1, 24))


def test_paper_shows_era_weekday_and_time():
    assert on_paper(date(2026, 10, 14), time(13, 30)) == "令和8年10月14日（水） 13:30"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 10, 14), "10月14日（水）"),
        (date(2027, 3, 31), "3月31日（水）"),
        (date(2027, 4, 1), "令和9年4月1日（木）"),
        (date(2026, 3, 31), "令和8年3月31日（火）"),
    ],
)
def test_the_screen_leaves_out_the_year_in_the_current_fiscal_year(day, shown):
    assert on_screen(day, TODAY) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "R8.10.14", "r8/10/14", "R081014", "令8.10.14",
        "令和8年10月14日", "令和８年１０月１４日（水）", "㋿8年10月14日",
        "2026/10/14", "2026-10-14", "2026.10.14", "2026年10月14日(水曜)", "20261014", "２０２６１０１４",
        "10/14", "１０月１４日", " 10月14日（水・祝） ", "10−14",
    ],
)  # fmt: skip
def test_dates_are_read_as_people_type_them(typed):
    assert parse_date(typed, today=TODAY) == date(2026, 10, 14)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", UnreadableDate), ("2月30日", UnreadableDate), ("13/1", UnreadableDate), ("8/10/14", UnreadableDate),
        ("令和0年1月1日", UnreadableDate), ("0026-10-14", UnreadableDate), ("来週", UnreadableDate),
        ("昭和64年1月8日", DateOutsideEra), ("平成31年5月1日", DateOutsideEra), ("令和元年4月30日", DateOutsideEra),
        ("10月14日（木）", WeekdayMismatch),
    ],
)  # fmt: skip
def test_dates_with_no_or_two_readings_are_refused(typed, refusal):
    with pytest.raises(refusal):
        parse_date(typed, today=TODAY)


def test_a_date_outside_its_era_names_the_right_one():
    with pytest.raises(DateOutsideEra) as refusal:
        parse_date("平成32年5月1日", today=TODAY)

    assert refusal.value.details["meant"] == "令和2年5月1日"


def test_a_day_without_a_year_lies_in_the_fiscal_year_unless_it_must_be_coming():
    assert parse_date("4/10", today=TODAY) == date(2026, 4, 10)
    assert parse_date("4/10", today=TODAY, coming=True) == date(2027, 4, 10)
    assert parse_date("2/29", today=TODAY, coming=True) == date(2028, 2, 29)


@given(st.dates(date(1868, 1, 25), date(TODAY.year + 20, 12, 31)))
def test_what_is_written_on_paper_is_read_again(day):
    assert parse_date(on_paper(day), today=TODAY) == day


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_what_is_shown_on_screen_is_read_again(day, today):
    assume(day.year <= today.year + 20)
    assert parse_date(on_screen(day, today), today=today) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_and_a_time_or_refused_by_name(text):
    for reads in (lambda: parse_date(text, today=TODAY), lambda: parse_time(text), lambda: read_fiscal_year(text)):
        # any other exception fails the test
        with suppress(Unreadable):
            reads()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13:30", time(13, 30)), ("1330", time(13, 30)), ("午後1時半", time(13, 30)), ("13時30分", time(13, 30)),
        ("１３：３０", time(13, 30)), ("1:30pm", time(13, 30)), ("13:30:00", time(13, 30)), ("930", time(9, 30)),
        ("9", time(9)), ("午前9時", time(9)), ("午後0時15分", time(12, 15)), ("正午", time(12)), ("12:00 am", time(0)),
    ],
)  # fmt: skip
def test_times_are_read_as_people_type_them(typed, read):
    assert parse_time(typed) == read


@pytest.mark.parametrize("typed", ["", "24:00", "25", "午後13時", "午後12時", "午前12時30分", "13:60", "午後1:30pm"])
def test_times_with_no_or_two_readings_are_refused(typed):
    with pytest.raises(UnreadableTime):
        parse_time(typed)


def test_serials_and_fractions_of_spreadsheets_are_days_and_times():
    assert excel_date(44596) == date(2022, 2, 4)
    assert excel_time(0.5625) == time(13, 30)


@pytest.mark.parametrize("serial", [0, 60, -1, 2958466, float("nan"), float("inf")])
def test_serials_that_are_no_day_are_refused(serial):
    with pytest.raises(UnreadableDate):
        excel_date(serial)


@pytest.mark.parametrize("fraction", [1, -0.1, 0.99999, float("nan")])
def test_fractions_that_are_no_time_are_refused(fraction):
    with pytest.raises(UnreadableTime):
        excel_time(fraction)


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None, fold=0)))
def test_every_minute_survives_a_spreadsheet(at):
    assert excel_time((at.hour * 60 + at.minute) / 1440) == at


def test_the_fiscal_year_runs_from_april_to_march():
    assert [fiscal_year(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [2025, 2026]
    assert (first_day(2026), last_day(2026)) == (date(2026, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("year", "named"),
    [(2026, "令和8年度"), (2019, "令和元年度"), (2018, "平成30年度"), (1989, "平成元年度"), (1988, "昭和63年度")],
)
def test_fiscal_years_are_named_by_their_era(year, named):
    assert label(year) == named
    assert read_fiscal_year(named) == year


@pytest.mark.parametrize(
    ("written", "year"),
    [("平成31年度", 2019), ("令和元年度", 2019), ("R8", 2026), ("２０２６年度", 2026), ("h31", 2019)],
)
def test_fiscal_years_are_read_as_people_write_them(written, year):
    assert read_fiscal_year(written) == year


@pytest.mark.parametrize("written", ["", "平成32年度", "令和0年度", "26", "来年度"])
def test_fiscal_years_that_never_were_are_refused(written):
    with pytest.raises(Unreadable):
        read_fiscal_year(written)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1941, 3, 1), date(2026, 3, 1), 85),
        (date(1941, 3, 1), date(2026, 2, 28), 84),
        (date(1944, 2, 29), date(2026, 2, 28), 81),
        (date(1944, 2, 29), date(2026, 3, 1), 82),
        (date(1944, 2, 29), date(2028, 2, 29), 84),
    ],
)
def test_age_counts_birthdays(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("holiday", "instead"),
    [
        (date(2026, 5, 4), date(2026, 5, 7)),
        (date(2026, 9, 21), date(2026, 9, 24)),
        (date(2027, 3, 22), date(2027, 3, 23)),
        (date(2027, 5, 3), date(2027, 5, 6)),
    ],
)
def test_a_closed_monday_that_is_a_holiday_closes_the_next_working_day(holiday, instead):
    span = [holiday + timedelta(days=number) for number in range((instead - holiday).days + 2)]
    closed = {day: why for day in span if (why := closed_reason(MONDAYS, day))}

    assert closed == {instead: "after_holiday"}


def test_a_closed_friday_that_is_a_holiday_closes_monday_and_not_saturday():
    fridays = OpeningRule(closed_weekdays=(4,))
    closed = [closed_reason(fridays, date(2026, 3, 20) + timedelta(days=number)) for number in range(4)]

    assert closed == [None, None, None, "after_holiday"]


@pytest.mark.parametrize(("on_holiday", "why"), [("open", None), ("closed", "weekday"), ("next", None)])
def test_each_hall_decides_what_a_holiday_does(on_holiday, why):
    rule = OpeningRule(closed_weekdays=(0,), on_holiday=on_holiday)

    assert closed_reason(rule, date(2026, 9, 21)) == why


def test_without_moving_the_day_after_stays_open():
    assert closed_reason(OpeningRule(closed_weekdays=(0,), on_holiday="open"), date(2026, 9, 24)) is None


@pytest.mark.parametrize("day", [date(2026, 12, 29), date(2027, 1, 3)])
def test_halls_are_closed_at_year_end(day):
    assert closed_reason(MONDAYS, day) == "year_end"


def test_third_and_last_weekdays_close_a_hall():
    rule = OpeningRule(nth_weekdays=((3, 0), (LAST, 4)))
    closed = [day for day in (date(2026, 11, number) for number in range(1, 31)) if closed_reason(rule, day)]

    assert closed == [date(2026, 11, 16), date(2026, 11, 27)]


def test_exceptions_win_over_the_rule():
    rule = OpeningRule(
        closed_weekdays=(0,), open_dates=(date(2026, 11, 16),), closed_dates=(date(2026, 11, 18),)
    )

    assert [closed_reason(rule, date(2026, 11, number)) for number in (16, 18, 19)] == [None, "exception", None]


RULES = st.builds(
    OpeningRule,
    closed_weekdays=st.lists(st.integers(0, 6), max_size=7).map(tuple),
    nth_weekdays=st.lists(st.tuples(st.sampled_from([LAST, 1, 2, 3, 4, 5]), st.integers(0, 6)), max_size=3).map(tuple),
    on_holiday=st.sampled_from(["next", "open", "closed"]),
    closed_at_year_end=st.booleans(),
    closed_dates=st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=3).map(tuple),
    open_dates=st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=3).map(tuple),
)


@given(RULES, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_rule_survives_json_and_answers_the_same(rule, day):
    again = OpeningRule.from_json(json.loads(json.dumps(rule.to_json())))

    assert again == rule
    assert closed_reason(again, day) == closed_reason(rule, day)


@pytest.mark.parametrize(
    "stored",
    [
        {"closed_weekdays": [7]}, {"closed_weekdays": ["月"]}, {"on_holiday": "perhaps"}, {"closed_dates": ["soon"]},
        {"nth_weekdays": [[6, 0]]}, {"nth_weekdays": [3]}, {"holidays": 1}, {"closed_weekdays": None},
    ],
)  # fmt: skip
def test_stored_values_that_are_no_rule_are_refused(stored):
    with pytest.raises(UnreadableOpeningRule):
        OpeningRule.from_json(stored)


@pytest.mark.parametrize(
    ("notation", "days"),
    [
        ("13We", [7, 21]), ("0We", [7, 14, 21, 28]), ("7We", [7, 21]), ("6Fr", [30]), ("5Th", [29]), ("16Mo", [5, 26]),
    ],
)  # fmt: skip
def test_days_come_again_by_the_notation_of_gif(notation, days):
    found = nth_weekday_dates(read_pattern(notation), first=date(2026, 10, 1), last=date(2026, 10, 31))

    assert [day.day for day in found.days] == days
    assert str(read_pattern(notation)) == notation


def test_closed_days_are_left_out_and_told_and_do_not_count():
    found = nth_weekday_dates(
        read_pattern("0We"),
        first=date(2026, 12, 16),
        last=date(2027, 3, 31),
        closed=lambda day: closed_reason(MONDAYS, day),
        count=3,
    )

    assert found.days == (date(2026, 12, 16), date(2026, 12, 23), date(2027, 1, 6))
    assert found.skipped == (SkippedDay(date(2026, 12, 30), "year_end"),)


@pytest.mark.parametrize("notation", ["", "We", "8We", "01We", "37Su", "3Xx"])
def test_patterns_that_say_nothing_are_refused(notation):
    with pytest.raises(UnreadablePattern):
        read_pattern(notation)


@pytest.mark.parametrize("text", ["令和8年11月31日", "R99.1.1", "2126/1/1"])
def test_a_day_that_cannot_be_meant_is_refused_as_it_was_typed(text):
    with pytest.raises(UnreadableDate) as refused:
        parse_date(text, today=date(2026, 11, 21))

    assert refused.value.details["value"] == text
