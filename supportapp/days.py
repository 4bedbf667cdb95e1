"""Days and times in the person's language: 11月25日（水） 13:30–15:30, Wed 25 Nov 13:30–15:30."""

from datetime import date, datetime

from events.japan.clock import tokyo_time
from events.japan.eras import era_year, on_paper, on_screen
from events.japan.fiscal_year import fiscal_year
from supportapp.messages import Words


def day_words(say: Words, language: str, day: date, today: date) -> str:
    """A day, without the year while it is the fiscal year of ``today``."""
    if language == "ja":
        return on_screen(day, today)
    key = "calendar.day" if fiscal_year(day) == fiscal_year(today) else "calendar.day_with_year"
    return say(
        key, weekday=weekday_words(say, day.weekday()), day=day.day, month=month_name(say, day.month), year=day.year
    )


def span_words(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """From when to when, on Tokyo's clock; nothing while no time is known."""
    if starts_at is None:
        return ""
    start = f"{tokyo_time(starts_at):%H:%M}"
    return f"{start}–{tokyo_time(ends_at):%H:%M}" if ends_at else start


def paper_day(say: Words, language: str, day: date) -> str:
    """A day as it stands on paper, always with its year: 令和8年11月25日（水）, Wed 25 Nov 2026."""
    if language == "ja":
        return on_paper(day)
    weekday, month = weekday_words(say, day.weekday()), month_name(say, day.month)
    return say("calendar.day_with_year", weekday=weekday, day=day.day, month=month, year=day.year)


def paper_span(starts_at: datetime | None, ends_at: datetime | None) -> str:
    """From when to when on paper: 13:30〜15:30."""
    return span_words(starts_at, ends_at).replace("–", "〜")


def weekday_words(say: Words, weekday: int) -> str:
    """The short name of a weekday; 0 is Monday."""
    return say(f"calendar.weekday.{weekday}")


def month_name(say: Words, month: int) -> str:
    """The name of a month as it stands in a date."""
    return say(f"calendar.month_name.{month}")


def month_title(say: Words, language: str, day: date) -> str:
    """The heading of a month."""
    year = era_year(day.replace(day=1)) if language == "ja" else str(day.year)
    return say("calendar.month_title", year=year, month=month_name(say, day.month))


def place_words(venue: str, room: str, place_text: str) -> str:
    """Venue and room, or whatever is known of the place."""
    return " ".join(part for part in (venue, room) if part) or place_text
