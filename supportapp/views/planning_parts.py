"""Pieces that the planning screens share: a session in words, its state, and what to know about it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import flet as ft

from events.planning.drafts import Caution
from events.programme_queries import SessionChip
from events.states import ProgrammeState
from supportapp.components.states import state_chip, warning_banner
from supportapp.components.texts import body, row_title
from supportapp.days import day_words, place_words, span_words
from supportapp.hooks import Office
from supportapp.theme import HALF, MARKS, STEP, Mark
from volunteers.need import Staffing, StaffingState

STATE_MARKS: Final = {
    ProgrammeState.DRAFT: "neutral",
    ProgrammeState.ANNOUNCED: "neutral",
    ProgrammeState.OPEN: "accent",
    ProgrammeState.CLOSED: "neutral",
    ProgrammeState.DRAWN: "accent",
    ProgrammeState.NOTIFIED: "accent",
    ProgrammeState.HELD: "enough",
    ProgrammeState.REPORTED: "enough",
    ProgrammeState.CANCELLED: "cancelled",
    ProgrammeState.POSTPONED: "cancelled",
}
STAFFING_MARKS: Final = {
    StaffingState.ENOUGH: "enough",
    StaffingState.THIN: "thin",
    StaffingState.SHORT: "short",
}
STOPPED: Final = frozenset({ProgrammeState.CANCELLED, ProgrammeState.POSTPONED})


def stage_chip(office: Office, chip: SessionChip) -> ft.Control:
    """How far a session has come, as icon, word and colour."""
    stage = chip.stage(office.now())
    return state_chip(STATE_MARKS[stage], office.words(f"session.state.{stage.value}"))


def when_words(office: Office, chip: SessionChip) -> str:
    """Day and time of a session; 未定 where no time is known."""
    time_text = span_words(chip.starts_at, chip.ends_at) or office.words("session.no_time")
    return f"{day_words(office.words, office.language, chip.held_on, office.today)} {time_text}"


def where_words(office: Office, chip: SessionChip) -> str:
    """Venue and room of a session, or that no place is known."""
    return place_words(chip.venue_name, chip.room_name, chip.place_text) or office.words("session.no_place")


def session_lines(office: Office, chip: SessionChip) -> ft.Control:
    """A session in three lines: title, when, where."""
    return ft.Column(
        [row_title(chip.title), body(when_words(office, chip)), body(where_words(office, chip))],
        spacing=0,
        tight=True,
    )


def mark_of(chip: SessionChip, staffing: Staffing | None) -> Mark:
    """The one sign of a session in the calendar: stopped, a draft, or how well it is staffed."""
    if chip.state in STOPPED:
        return MARKS["cancelled"]
    if chip.state is ProgrammeState.DRAFT or staffing is None or chip.read_only:
        return MARKS["neutral"]
    return MARKS[STAFFING_MARKS[staffing.state]]


def staffing_words(office: Office, staffing: Staffing) -> str:
    """How well a session is staffed, in one line."""
    have, want = staffing.confirmed, staffing.required
    if staffing.missing:
        key = "today.short_words" if staffing.state is StaffingState.SHORT else "today.thin_words"
    elif staffing.missing_leads:
        key = "today.lead_words"
    elif staffing.missing_skills:
        key = "today.skill_words"
    else:
        return office.words("session.good_match")
    return office.words(key, count=staffing.missing, have=have, want=want)


def caution_words(office: Office, caution: Caution) -> str:
    """One caution as a sentence."""
    values = {name: _worded(office, name, value) for name, value in caution.values}
    return office.words(f"caution.{caution.code}", **values)


def _worded(office: Office, name: str, value: object) -> str:
    if isinstance(value, date):
        return day_words(office.words, office.language, value, office.today)
    if name == "why":
        return office.words(f"workshop.why.{value}")
    if name == "system":
        return office.words(f"workshop.system.{value}")
    return str(value)


def caution_banners(office: Office, cautions: Sequence[Caution]) -> list[ft.Control]:
    """What to know, one sentence for each; nothing where all is well."""
    if not cautions:
        return []
    sentences = list(dict.fromkeys(caution_words(office, caution) for caution in cautions))
    return [warning_banner("\n".join(sentences))]


def at_least(height: float, content: ft.Control) -> ft.Control:
    """``content`` in a box that is at least ``height`` high and grows with what is in it."""
    return ft.Row(
        [ft.Container(width=0, height=height), ft.Container(content, expand=True)],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def fact_rows(facts: Iterable[tuple[str, str]]) -> ft.Control:
    """Label and value, one under the other; what is not known is left out."""
    return ft.Column(
        [
            ft.Column(
                [ft.Text(label, theme_style=ft.TextThemeStyle.TITLE_SMALL), body(value)],
                spacing=HALF,
                tight=True,
            )
            for label, value in facts
            if value
        ],
        spacing=STEP,
        tight=True,
    )
