"""The wording of files that leave, from the catalogue: states, channels, needs, labels, calendar lines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from events.attendee_facts import NEEDS
from events.states import AttendanceState, Channel
from supportapp.messages import Words
from volunteers.states import AssignmentRole

if TYPE_CHECKING:
    from exports.calendar import CalendarWords
    from exports.reports import ReportWords


def report_words(words: Words) -> "ReportWords":
    """What the attendance list and the roster say beside their data."""
    from exports.reports import ReportWords  # noqa: PLC0415 -- pulls in the workbook writer

    return ReportWords(
        attendance={state.value: words(f"attendance.state.{state.value}") for state in AttendanceState},
        channels={channel.value: words(f"attendance.channel.{channel.value}") for channel in Channel},
        walk_in=words("attendance.walk_in"),
        not_recorded=words("export.report.not_recorded"),
        total=words("export.report.total"),
        rate=words("export.report.rate"),
        unknown=words("export.report.unknown"),
        listed=words("export.report.listed"),
    )


def calendar_words(words: Words) -> "CalendarWords":
    """What calendar entries say; the patterns keep their braces for the writer."""
    from exports.calendar import CalendarWords  # noqa: PLC0415 -- wanted when a calendar is written only

    def pattern(key: str, *names: str) -> str:
        return words(f"calendar_file.{key}", **{name: f"{{{name}}}" for name in names})

    return CalendarWords(
        cancelled_title=pattern("cancelled_title", "title"),
        postponed_title=pattern("postponed_title", "title"),
        tentative_title=pattern("tentative_title", "title"),
        withdrawn_title=pattern("withdrawn_title", "title"),
        people=pattern("people", "count", "limit"),
        waiting=pattern("waiting", "count"),
        helpers=pattern("helpers", "count", "limit"),
        devices=pattern("devices", "count", "limit"),
        meeting=pattern("meeting", "time"),
        role=pattern("role", "role"),
        contact=pattern("contact", "contact"),
        roles={role.value: words(f"calendar_file.roles.{role.value}") for role in AssignmentRole},
    )


def needs_in_words(words: Words, needs: Iterable[str]) -> tuple[str, ...]:
    """Needs as words; one that is not in the office's list (brought by an import) is shown as it stands."""
    return tuple(words(f"attendance.need.{need}") if need in NEEDS else need for need in needs)


def age_in_words(words: Words, age_band: str) -> str:
    """An age band as words; "" when nobody knows."""
    from events.age_bands import AGE_BANDS  # noqa: PLC0415 -- leaf

    return words(f"attendance.age.{age_band}") if age_band in AGE_BANDS else age_band
