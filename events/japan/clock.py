"""Tokyo's clock: dates and times of the office on one side, aware UTC moments on the other."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo_date(moment: datetime) -> date:
    """The date on the wall in Tokyo at an aware moment."""
    return moment.astimezone(TOKYO).date()


def tokyo_time(moment: datetime) -> time:
    """The time on the wall in Tokyo at an aware moment, without a zone."""
    return moment.astimezone(TOKYO).time()


def at_tokyo(day: date, clock: time) -> datetime:
    """The aware UTC moment at which Tokyo's wall shows ``day`` and ``clock``."""
    return datetime.combine(day, clock, TOKYO).astimezone(UTC)
