"""When a volunteer is free."""

from datetime import date, time

import pytest
from sqlmodel import Session

from events.errors import InvalidValue
from events.japan.clock import at_tokyo
from tests.builders import a_volunteer
from volunteers.availability import WeeklyTime, add_exception, remove_exception, set_weekly_times, windows_of
from volunteers.day_parts import Free, Part, free_in, toggled
from volunteers.errors import AvailabilityEndsBeforeItStarts, AvailabilityOverlaps, ExceptionsOverlap
from volunteers.matching.problem import Window

WEDNESDAY = date(2026, 12, 2)
MORNING = WeeklyTime(2, time(9), time(12))
AFTERNOON = WeeklyTime(2, time(12), time(17))


def free(db: Session, volunteer, first=WEDNESDAY, last=WEDNESDAY):
    return windows_of(db, volunteers=[volunteer], first=first, last=last)[volunteer.id]


def window(day: date, start: time, end: time) -> Window:
    return Window(at_tokyo(day, start), at_tokyo(day, end))


def test_the_weekly_pattern_repeats_each_week(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING])

    found = free(db, volunteer, date(2026, 12, 1), date(2026, 12, 14))

    assert found == (
        window(date(2026, 12, 2), time(9), time(12)),
        window(date(2026, 12, 9), time(9), time(12)),
    )


def test_morning_and_afternoon_are_one_window_over_noon(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING, AFTERNOON])

    found = free(db, volunteer)

    assert found == (window(WEDNESDAY, time(9), time(17)),)


def test_what_is_said_anew_replaces_what_was_said(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING, AFTERNOON])

    found = set_weekly_times(db, volunteer_id=volunteer.id, weekly=[AFTERNOON])

    assert found.weekly == (AFTERNOON,)


def test_who_said_nothing_is_never_free(db: Session) -> None:
    volunteer = a_volunteer(db)

    found = free(db, volunteer)

    assert found == ()


def test_who_is_always_free_has_no_windows(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[], always=True)

    found = free(db, volunteer)

    assert found is None


def test_a_day_off_takes_the_day_out(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING])
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=False)

    found = free(db, volunteer)

    assert found == ()


def test_an_hour_off_splits_the_morning(db: Session) -> None:
    volunteer = a_volunteer(db)
    set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING])
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=False, start=time(10), end=time(11))

    found = free(db, volunteer)

    assert found == (window(WEDNESDAY, time(9), time(10)), window(WEDNESDAY, time(11), time(12)))


def test_a_day_on_which_somebody_is_free_besides_the_pattern(db: Session) -> None:
    volunteer = a_volunteer(db)
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=True, start=time(13), end=time(16))

    found = free(db, volunteer)

    assert found == (window(WEDNESDAY, time(13), time(16)),)


def test_a_day_off_of_somebody_who_is_always_free(db: Session) -> None:
    volunteer = a_volunteer(db, always_available=True)
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=False)

    found = free(db, volunteer, WEDNESDAY, date(2026, 12, 3))

    assert found == (Window(at_tokyo(date(2026, 12, 3), time()), at_tokyo(date(2026, 12, 4), time())),)


def test_a_time_that_ends_before_it_starts_is_refused(db: Session) -> None:
    volunteer = a_volunteer(db)

    with pytest.raises(AvailabilityEndsBeforeItStarts) as refused:
        set_weekly_times(db, volunteer_id=volunteer.id, weekly=[WeeklyTime(0, time(12), time(9))])

    assert refused.value.details == {"start": "12:00", "end": "09:00"}


def test_two_times_of_one_weekday_that_overlap_are_refused(db: Session) -> None:
    volunteer = a_volunteer(db)

    with pytest.raises(AvailabilityOverlaps):
        set_weekly_times(db, volunteer_id=volunteer.id, weekly=[MORNING, WeeklyTime(2, time(11), time(13))])


def test_two_exceptions_of_one_day_that_overlap_are_refused(db: Session) -> None:
    volunteer = a_volunteer(db)
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=False)

    with pytest.raises(ExceptionsOverlap):
        add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=True, start=time(13), end=time(16))


def test_an_exception_with_only_one_time_is_refused(db: Session) -> None:
    volunteer = a_volunteer(db)

    with pytest.raises(InvalidValue):
        add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=True, start=time(13))


def test_an_exception_that_is_taken_back_is_gone(db: Session) -> None:
    volunteer = a_volunteer(db)
    add_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY, free=False)

    found = remove_exception(db, volunteer_id=volunteer.id, day=WEDNESDAY)

    assert found.exceptions == ()


# --- parts of a day ------------------------------------------------------------------------------------------


def test_a_tap_on_an_empty_part_makes_it_free() -> None:
    assert toggled((), 2, Part.AFTERNOON) == (AFTERNOON,)


def test_a_tap_on_the_next_part_makes_one_longer_time() -> None:
    assert toggled((MORNING,), 2, Part.AFTERNOON) == (WeeklyTime(2, time(9), time(17)),)


def test_a_second_tap_takes_just_that_part_back() -> None:
    whole = toggled(toggled((MORNING,), 2, Part.AFTERNOON), 2, Part.EVENING)

    assert toggled(whole, 2, Part.AFTERNOON) == (MORNING, WeeklyTime(2, time(17), time(21)))


def test_a_tap_on_a_part_that_is_free_in_part_makes_all_of_it_free() -> None:
    some = (WeeklyTime(2, time(13, 30), time(16)),)

    assert (free_in(some, 2, Part.AFTERNOON), toggled(some, 2, Part.AFTERNOON)) == (Free.SOME, (AFTERNOON,))


def test_other_weekdays_stay_as_they_are() -> None:
    friday = WeeklyTime(4, time(10), time(11))

    assert toggled((friday,), 2, Part.MORNING) == (MORNING, friday)
