"""Moments of a session: start, end, meeting, deadline. Days and clocks are Tokyo's, moments are aware UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from events.errors import InvalidValue
from events.japan.clock import at_tokyo
from events.planning.checks import checked_times
from events.planning.kinds import KindTemplate

OFFICE_CLOSES = time(17, 0)
_SOONER_DEADLINES = (7, 3, 1)  # days before, tried when the kind's own deadline would be over already


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, and when helpers meet."""

    starts_at: datetime
    ends_at: datetime
    meeting_at: datetime
    cut_off_at: datetime


def span_of(day: date, starts: time, ends: time | None, template: KindTemplate) -> Span:
    """The moments of a session; without an end it lasts as long as its kind does."""
    checked_times(starts, ends or end_of(starts, template))
    starts_at = at_tokyo(day, starts)
    return Span(
        starts_at=starts_at,
        ends_at=at_tokyo(day, ends or end_of(starts, template)),
        meeting_at=starts_at - timedelta(minutes=template.meeting_minutes),
        cut_off_at=at_tokyo(day - timedelta(days=1), OFFICE_CLOSES),
    )


def must_close_before(deadline_at: datetime | None, starts: Iterable[datetime | None]) -> None:
    """Refuse a deadline after the first of the sessions has begun. Raises InvalidValue."""
    first = min((each for each in starts if each is not None), default=None)
    if deadline_at is not None and first is not None and deadline_at > first:
        raise InvalidValue(field="deadline_at", value=deadline_at, problem="after_session", starts=first)


def end_of(starts: time, template: KindTemplate) -> time:
    """When a session of this kind ends if it begins at ``starts``."""
    minutes = starts.hour * 60 + starts.minute + template.minutes
    if minutes >= 24 * 60:
        raise InvalidValue(field="starts", value=f"{starts:%H:%M}", problem="too_late", minutes=template.minutes)
    return time(minutes // 60, minutes % 60)


def deadline_of(first_start: datetime, first_day: date, template: KindTemplate, now: datetime) -> datetime:
    """The kind's usual deadline, or the next later one that is still to come; at the latest the start itself."""
    for days in (template.deadline_days, *_SOONER_DEADLINES):
        deadline = at_tokyo(first_day - timedelta(days=days), OFFICE_CLOSES)
        if days <= template.deadline_days and now < deadline < first_start:
            return deadline
    return first_start
