"""Codes and times of helpers in the words of the person who reads: dates, parts, states, reasons."""

from collections.abc import Iterable
from datetime import date, datetime

from events.japan.clock import tokyo_date, tokyo_time
from events.japan.eras import era_year, on_screen
from events.japan.fiscal_year import first_day
from supportapp.hooks import Office
from supportapp.messages import Words, catalogue
from volunteers.need import StaffingState
from volunteers.session_lines import SessionLine
from volunteers.states import AssignmentState

# How the state of a part looks (names of the theme's marks).
PART_MARKS = {
    AssignmentState.ASKED: "neutral",
    AssignmentState.APPLIED: "neutral",
    AssignmentState.TENTATIVE: "thin",
    AssignmentState.CONFIRMED: "enough",
    AssignmentState.DONE: "enough",
    AssignmentState.NO_SHOW: "short",
    AssignmentState.WITHDRAWN: "cancelled",
}
STAFFING_MARKS = {StaffingState.ENOUGH: "enough", StaffingState.THIN: "thin", StaffingState.SHORT: "short"}


def this_minute(office: Office) -> datetime:
    """This moment cut to the minute: a question asked with it is asked again once a minute, not at each drawing."""
    return office.now().replace(second=0, microsecond=0)


def day_words(office: Office, day: date) -> str:
    """A day as people read it: 12月2日（水）, with the era's year outside of the fiscal year."""
    if office.language == "ja":
        return on_screen(day, office.today)
    say = office.words
    key = "my.day" if day.year == office.today.year else "my.day_year"
    return say(key, year=day.year, month=day.month, day=day.day, weekday=say(f"my.weekday_{day.weekday()}"))


def month_words(office: Office, day: date) -> str:
    """A month as people read it."""
    year = era_year(day) if office.language == "ja" else str(day.year)
    return office.words("my.month", year=year, month=day.month)


def fiscal_year_words(office: Office, year: int) -> str:
    """A fiscal year: 令和8年度."""
    shown = era_year(first_day(year)).removesuffix("年") if office.language == "ja" else str(year)
    return office.words("my.record_year", year=shown)


def clock_words(moment: datetime | None) -> str:
    """A time on the wall in Tokyo."""
    return "" if moment is None else f"{tokyo_time(moment):%H:%M}"


def moment_words(office: Office, moment: datetime) -> str:
    """Day and time."""
    return f"{day_words(office, tokyo_date(moment))} {clock_words(moment)}"


def when_words(office: Office, line: SessionLine) -> str:
    """When a session is held."""
    day, say = day_words(office, tokyo_date(line.starts_at)), office.words
    if line.ends_at is None:
        return say("my.from_time", day=day, start=clock_words(line.starts_at))
    return say("my.when", day=day, start=clock_words(line.starts_at), end=clock_words(line.ends_at))


def title_words(office: Office, line: SessionLine) -> str:
    """A session's title, with its number where there are several."""
    if line.of <= 1:
        return line.title
    return office.words("my.numbered", title=line.title, number=line.number, of=line.of)


def place_words(line: SessionLine) -> str:
    """Venue and room."""
    return " ".join(each for each in (line.venue, line.room) if each)


def skill_words(say: Words, language: str, skill: str) -> str:
    """A skill by its word; one that the office invented stands as it is."""
    key = f"volunteer.skill.{skill}"
    return say(key) if key in catalogue(language) else skill


def because_words(say: Words, codes: Iterable[str]) -> list[str]:
    """Reasons as sentences."""
    return [say(f"matching.because.{code}") for code in codes]


def duration_words(say: Words, minutes: int) -> str:
    """A length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return say("my.record_hours_only", hours=hours)
    if not hours:
        return say("my.record_minutes_only", minutes=rest)
    return say("my.record_minutes", hours=hours, minutes=rest)


def listed(say: Words, words: Iterable[str]) -> str:
    """Names or sentences one after the other, as the language lists them."""
    return say("my.comma").join(words)


def dotted(say: Words, *words: str) -> str:
    """Short facts on one line; empty ones are left out."""
    return say("my.dot").join(word for word in words if word)


def item(say: Words, words: str) -> str:
    """One line of a list."""
    return say("my.item", words=words)
