"""Morning, afternoon and evening: the parts of a day by which people say when they are free, and what a tap changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from volunteers.availability import WeeklyTime


class Part(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Free(StrEnum):
    """Whether somebody is free in a part of a day: the whole part, some of it, or not."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


HOURS = {
    Part.MORNING: (time(9), time(12)),
    Part.AFTERNOON: (time(12), time(17)),
    Part.EVENING: (time(17), time(21)),
}


@dataclass(frozen=True, slots=True)
class _Span:
    start: time
    end: time


def free_in(weekly: Sequence[WeeklyTime], weekday: int, part: Part) -> Free:
    """How free somebody is in a part of a weekday."""
    start, end = HOURS[part]
    spans = _spans(weekly, weekday)
    if any(each.start <= start and end <= each.end for each in spans):
        return Free.ALL
    return Free.SOME if any(each.start < end and start < each.end for each in spans) else Free.NONE


def toggled(weekly: Sequence[WeeklyTime], weekday: int, part: Part) -> tuple[WeeklyTime, ...]:
    """The weekly times after a tap: a part that was free all through is not any more, any other becomes free."""
    start, end = HOURS[part]
    others = [each for each in weekly if each.weekday != weekday]
    spans = _spans(weekly, weekday)
    if free_in(weekly, weekday, part) is Free.ALL:
        spans = [piece for each in spans for piece in _without(each, start, end)]
    else:
        spans = _joined([*spans, _Span(start, end)])
    return tuple(sorted([*others, *(WeeklyTime(weekday, each.start, each.end) for each in spans)]))


def _spans(weekly: Sequence[WeeklyTime], weekday: int) -> list[_Span]:
    return _joined(_Span(each.start, each.end) for each in weekly if each.weekday == weekday)


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for each in sorted(spans, key=lambda span: span.start):
        if found and each.start <= found[-1].end:
            found[-1] = _Span(found[-1].start, max(found[-1].end, each.end))
        else:
            found.append(each)
    return found


def _without(span: _Span, start: time, end: time) -> Iterable[_Span]:
    if span.start < min(span.end, start):
        yield _Span(span.start, min(span.end, start))
    if max(span.start, end) < span.end:
        yield _Span(max(span.start, end), span.end)
