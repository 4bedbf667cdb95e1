"""When a venue is open: the stored rule, read for one day. Days and clocks are Tokyo's.

Stored as the JSON of ``OpeningRule``, with two more keys for the hours: ``opens`` and ``closes`` (``"09:00"``). Where
nobody wrote a rule down the venue counts as closed at year-end only: an imported hall is open on no 31 December.
"""

from collections.abc import Mapping
from datetime import date, time

from events.errors import InvalidValue
from events.japan import holidays
from events.japan.holidays import OpeningRule

_HOURS = ("opens", "closes")
_ON_HOLIDAY = frozenset({"next", "open", "closed"})


def opening_rule(stored: Mapping[str, object]) -> OpeningRule | None:
    """The rule for days, or None where nobody wrote one down."""
    days = {name: value for name, value in stored.items() if name not in _HOURS}
    return OpeningRule.from_json(days) if days else None


def closed_reason(stored: Mapping[str, object], day: date) -> str | None:
    """Why the venue is closed on a day (``weekday``, ``after_holiday``, ``year_end``, ``exception``), or None."""
    rule = opening_rule(stored)
    return holidays.closed_reason(rule or OpeningRule(), day)


def holiday_name(day: date) -> str:
    """The name of a national holiday, or nothing."""
    return holidays.holiday_name(day)


def opening_hours(stored: Mapping[str, object]) -> tuple[time, time] | None:
    """From when to when the venue is open on an open day; None where nobody wrote it down."""
    opens, closes = stored.get("opens"), stored.get("closes")
    if not isinstance(opens, str) or not isinstance(closes, str):
        return None
    return time.fromisoformat(opens), time.fromisoformat(closes)


def outside_opening_hours(stored: Mapping[str, object], starts: time, ends: time) -> tuple[time, time] | None:
    """The opening hours when a session would lie outside of them, else None."""
    hours = opening_hours(stored)
    if hours is None or (hours[0] <= starts and ends <= hours[1]):
        return None
    return hours


def stored_rule(rule: OpeningRule, *, opens: time | None = None, closes: time | None = None) -> dict[str, object]:
    """A rule and the hours as they are stored. Raises InvalidValue when the venue would close before it opens."""
    if rule.on_holiday not in _ON_HOLIDAY:
        raise InvalidValue(field="opening_rule", value=rule.on_holiday, problem="unreadable")
    stored = {name: value for name, value in rule.to_json().items() if value is not None}
    if opens is not None and closes is not None:
        if closes <= opens:
            raise InvalidValue(
                field="closes", value=f"{closes:%H:%M}", problem="ends_before_start", starts=f"{opens:%H:%M}"
            )
        stored["opens"], stored["closes"] = f"{opens:%H:%M}", f"{closes:%H:%M}"
    return stored


def checked_rule(stored: Mapping[str, object] | None) -> dict[str, object]:
    """A stored rule that can be read back; {} for none. Raises InvalidValue."""
    if not stored:
        return {}
    try:
        rule = opening_rule(stored) or OpeningRule(closed_at_year_end=False)
        hours = opening_hours(stored)
    except (TypeError, ValueError) as error:
        raise InvalidValue(field="opening_rule", value="", problem="unreadable") from error
    return stored_rule(rule, opens=hours[0] if hours else None, closes=hours[1] if hours else None)
