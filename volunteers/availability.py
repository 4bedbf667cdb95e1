"""When a volunteer is free: a weekly pattern and the days on which it does not hold. Times are Tokyo wall times."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.japan.clock import at_tokyo
from volunteers.errors import AvailabilityEndsBeforeItStarts, AvailabilityOverlaps, ExceptionsOverlap
from volunteers.matching.problem import Window, union_of
from volunteers.models import Availability, AvailabilityException, Volunteer

MOST_TIMES = 70
_DAY_STARTS = time(0, 0)
_DAY_ENDS = time(23, 59, 59, 999999)  # as a time; the window of a whole day ends at the next midnight


@dataclass(frozen=True, slots=True, order=True)
class WeeklyTime:
    """Free each week: ``weekday`` 0 for Monday, from ``start`` up to ``end``."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class DayException:
    """A day on which the weekly pattern does not hold: all day when both times are None."""

    exception_id: UUID
    day: date
    free: bool
    start: time | None
    end: time | None


@dataclass(frozen=True, slots=True)
class Times:
    """All that a volunteer said about being free."""

    volunteer_id: UUID
    always: bool
    weekly: tuple[WeeklyTime, ...]
    exceptions: tuple[DayException, ...]


def set_weekly_times(db: Session, *, volunteer_id: UUID, weekly: Sequence[WeeklyTime], always: bool = False) -> Times:
    """Say anew when one is free each week; what was said before is replaced.

    Raises:
        AvailabilityEndsBeforeItStarts: a time ends before it starts.
        AvailabilityOverlaps: two times of one weekday overlap.
    """
    _check_weekly(weekly)
    volunteer = _locked(db, volunteer_id)
    volunteer.always_available = always
    for standing in db.exec(select(Availability).where(Availability.volunteer_id == volunteer_id)).all():
        db.delete(standing)
    db.flush()
    for each in sorted(set(weekly)):
        db.add(Availability(volunteer_id=volunteer_id, weekday=each.weekday, from_time=each.start, to_time=each.end))
    volunteer.version += 1
    db.flush()
    return times_of(db, volunteer_id=volunteer_id)


def add_exception(
    db: Session,
    *,
    volunteer_id: UUID,
    day: date,
    free: bool,
    start: time | None = None,
    end: time | None = None,
) -> Times:
    """Say that a day is different: not free, or free, all day or between two times.

    Raises:
        AvailabilityEndsBeforeItStarts: the time ends before it starts.
        ExceptionsOverlap: something else is said for that time of that day.
        InvalidValue: only one of the two times is given.
    """
    if (start is None) != (end is None):
        raise InvalidValue(field="time", value=start or end, problem="missing")
    if start is not None and end is not None and end <= start:
        raise AvailabilityEndsBeforeItStarts(start=_shown(start), end=_shown(end))
    volunteer = _locked(db, volunteer_id)
    same_day = db.exec(
        select(AvailabilityException).where(
            AvailabilityException.volunteer_id == volunteer_id, AvailabilityException.day == day
        )
    ).all()
    for other in same_day:
        if (start or _DAY_STARTS) < (other.to_time or _DAY_ENDS) and (other.from_time or _DAY_STARTS) < (
            end or _DAY_ENDS
        ):
            raise ExceptionsOverlap(day=day)
    db.add(AvailabilityException(volunteer_id=volunteer_id, day=day, free=free, from_time=start, to_time=end))
    volunteer.version += 1
    db.flush()
    return times_of(db, volunteer_id=volunteer_id)


def remove_exception(db: Session, *, volunteer_id: UUID, day: date, start: time | None = None) -> Times:
    """Take back what was said about a day (all day, or from ``start``).

    Raises:
        NotFound: nothing was said about it.
    """
    volunteer = _locked(db, volunteer_id)
    found = db.exec(
        select(AvailabilityException).where(
            AvailabilityException.volunteer_id == volunteer_id,
            AvailabilityException.day == day,
            AvailabilityException.from_time == start,
        )
    ).first()
    if found is None:
        raise NotFound(thing="availability_exception", value=day)
    db.delete(found)
    volunteer.version += 1
    db.flush()
    return times_of(db, volunteer_id=volunteer_id)


def times_of(db: Session, *, volunteer_id: UUID) -> Times:
    """All that a volunteer said about being free, exceptions in order of their day."""
    volunteer = db.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    weekly = db.exec(select(Availability).where(Availability.volunteer_id == volunteer_id)).all()
    exceptions = db.exec(
        select(AvailabilityException)
        .where(AvailabilityException.volunteer_id == volunteer_id)
        .order_by(col(AvailabilityException.day), col(AvailabilityException.from_time))
    ).all()
    return Times(
        volunteer_id,
        volunteer.always_available,
        tuple(sorted(WeeklyTime(each.weekday, each.from_time, each.to_time) for each in weekly)),
        tuple(DayException(each.id, each.day, each.free, each.from_time, each.to_time) for each in exceptions),
    )


def windows_of(
    db: Session, *, volunteers: Iterable[Volunteer], first: date, last: date
) -> dict[UUID, tuple[Window, ...] | None]:
    """When each of many volunteers is free from ``first`` to ``last``, in a constant number of statements.

    None: always. Nothing said at all: never, because nobody is sent where she did not say that she can come.
    """
    always = {each.id: each.always_available for each in volunteers}
    weekly: dict[UUID, list[WeeklyTime]] = defaultdict(list)
    for row in db.exec(select(Availability).where(_of(Availability.volunteer_id, always))):
        weekly[row.volunteer_id].append(WeeklyTime(row.weekday, row.from_time, row.to_time))
    exceptions: dict[UUID, dict[date, list[AvailabilityException]]] = defaultdict(lambda: defaultdict(list))
    said = select(AvailabilityException).where(
        _of(AvailabilityException.volunteer_id, always), col(AvailabilityException.day).between(first, last)
    )
    for exception in db.exec(said):
        exceptions[exception.volunteer_id][exception.day].append(exception)
    return {
        each: None
        if is_always and each not in exceptions
        else _windows(weekly[each], exceptions[each], first, last, always=is_always)
        for each, is_always in always.items()
    }


def _of(column: UUID, ids: Collection[UUID]) -> bool:
    condition: bool = col(column).in_(list(ids))  # type: ignore[assignment]  # an expression, typed as its value
    return condition


def _windows(
    weekly: Sequence[WeeklyTime],
    exceptions: Mapping[date, Sequence[AvailabilityException]],
    first: date,
    last: date,
    *,
    always: bool,
) -> tuple[Window, ...]:
    windows: list[Window] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        pattern = (
            [_whole(day)]
            if always
            else [_window(day, each.start, each.end) for each in weekly if each.weekday == day.weekday()]
        )
        windows.extend(_with_exceptions(day, pattern, exceptions.get(day, ())))
    return union_of(windows)


def _with_exceptions(
    day: date, pattern: Sequence[Window], exceptions: Sequence[AvailabilityException]
) -> Iterable[Window]:
    windows = list(pattern)
    for each in exceptions:
        window = (
            _whole(day)
            if each.from_time is None or each.to_time is None
            else _window(day, each.from_time, each.to_time)
        )
        windows = [part for old in windows for part in _without(old, window)]
        if each.free:
            windows.append(window)
    return windows


def _without(window: Window, taken: Window) -> Iterable[Window]:
    if window.start < min(window.end, taken.start):
        yield Window(window.start, min(window.end, taken.start))
    if max(window.start, taken.end) < window.end:
        yield Window(max(window.start, taken.end), window.end)


def _window(day: date, start: time, end: time) -> Window:
    return Window(at_tokyo(day, start), at_tokyo(day, end))


def _whole(day: date) -> Window:
    return Window(at_tokyo(day, _DAY_STARTS), at_tokyo(day + timedelta(days=1), _DAY_STARTS))


def _check_weekly(weekly: Sequence[WeeklyTime]) -> None:
    if len(weekly) > MOST_TIMES:
        raise InvalidValue(field="weekly_times", value=len(weekly), problem="too_many", most=MOST_TIMES)
    for each in weekly:
        if not 0 <= each.weekday <= 6:
            raise InvalidValue(field="weekday", value=each.weekday, problem="out_of_range", least=0, most=6)
        if each.end <= each.start:
            raise AvailabilityEndsBeforeItStarts(start=_shown(each.start), end=_shown(each.end))
    ordered = sorted(set(weekly))
    for one, other in itertools.pairwise(ordered):
        if one.weekday == other.weekday and other.start < one.end:
            raise AvailabilityOverlaps(start=_shown(other.start), end=_shown(one.end))


def _shown(clock: time) -> str:
    return f"{clock:%H:%M}"


def _locked(db: Session, volunteer_id: UUID) -> Volunteer:
    found = db.exec(select(Volunteer).where(Volunteer.id == volunteer_id).with_for_update()).first()
    if found is None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    return found
