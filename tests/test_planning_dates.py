"""Dates of a series: rhythm, closed days passed over, the same days a year later."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import InvalidValue
from events.japan.holidays import OpeningRule
from events.opening import closed_reason
from events.planning.dates import Rhythm, Skipped, series, shifted

MONDAYS_CLOSED = OpeningRule(closed_weekdays=(0,)).to_json()


def closed(day):
    return closed_reason(MONDAYS_CLOSED, day)


def test_a_weekly_series_keeps_its_weekday() -> None:
    found = series(date(2026, 12, 2), count=3)
    assert found.days == (date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 16))


def test_every_other_week_leaves_a_week_out() -> None:
    found = series(date(2026, 12, 2), count=3, rhythm=Rhythm.FORTNIGHTLY)
    assert found.days == (date(2026, 12, 2), date(2026, 12, 16), date(2026, 12, 30))


def test_first_and_third_wednesdays_pass_over_year_end_and_say_why() -> None:
    # 2027-01-06 is the first Wednesday, 2026-12-30 is the fifth
    found = series(date(2026, 12, 2), count=4, rhythm=Rhythm.NTH_WEEKDAYS, nths=(1, 3))
    assert found.days == (date(2026, 12, 2), date(2026, 12, 16), date(2027, 1, 6), date(2027, 1, 20))


def test_a_closed_day_is_left_out_with_the_reason() -> None:
    found = series(date(2026, 12, 22), count=3, closed=closed)
    assert found.days == (date(2026, 12, 22), date(2027, 1, 5), date(2027, 1, 19))
    assert found.skipped == (Skipped(date(2026, 12, 29), "year_end"), Skipped(date(2027, 1, 12), "after_holiday"))


def test_a_hall_closed_on_mondays_closes_on_the_next_working_day_after_holidays() -> None:
    # Monday 2026-09-21 is a holiday, 22 and 23 too: the hall rests on Thursday 24
    found = series(date(2026, 9, 17), count=2, closed=closed)
    assert found.skipped == (Skipped(date(2026, 9, 24), "after_holiday"),)
    assert found.days == (date(2026, 9, 17), date(2026, 10, 1))


def test_a_place_that_never_opens_is_an_answer_and_not_an_endless_search() -> None:
    with pytest.raises(InvalidValue) as refused:
        series(date(2026, 12, 7), count=1, closed=lambda _day: "weekday")
    assert refused.value.details["problem"] == "never_open"


@pytest.mark.parametrize("count", [0, -1, 61])
def test_a_series_has_between_one_and_sixty_days(count) -> None:
    with pytest.raises(InvalidValue):
        series(date(2026, 12, 2), count=count)


@pytest.mark.parametrize("nths", [(), (0,), (6,)])
def test_the_weeks_of_a_month_are_one_to_five(nths) -> None:
    with pytest.raises(InvalidValue):
        series(date(2026, 12, 2), count=2, rhythm=Rhythm.NTH_WEEKDAYS, nths=nths)


def test_days_moved_to_another_year_keep_their_gaps() -> None:
    found = shifted((date(2022, 2, 17), date(2022, 2, 24)), date(2026, 12, 24), closed=closed)
    assert found.days == (date(2026, 12, 24), date(2027, 1, 7))
    assert found.skipped == (Skipped(date(2026, 12, 31), "year_end"),)


def test_days_in_a_row_move_on_by_days() -> None:
    found = shifted((date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 9)), date(2026, 12, 5), closed=closed)
    assert found.days == (date(2026, 12, 5), date(2026, 12, 6), date(2026, 12, 9))


@given(
    st.dates(date(2026, 4, 1), date(2027, 12, 31)),
    st.integers(1, 12),
    st.sampled_from([Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.DAILY]),
)
def test_a_series_is_rising_open_and_as_long_as_asked(first, count, rhythm) -> None:
    def tuesdays_to_sundays(day: date) -> str | None:
        return "weekday" if day.weekday() == 0 and rhythm is Rhythm.DAILY else None

    found = series(first, count=count, rhythm=rhythm, closed=tuesdays_to_sundays)
    assert len(found.days) == count
    assert all(later > earlier for earlier, later in zip(found.days, found.days[1:], strict=False))
    assert not [day for day in found.days if tuesdays_to_sundays(day)]
    assert found.days[0] - first <= timedelta(days=14)
