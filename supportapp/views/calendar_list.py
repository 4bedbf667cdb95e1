"""A month as a list, one day after the other: what a phone shows."""

from collections.abc import Sequence
from datetime import date

import flet as ft

from events.programme_queries import SessionChip
from events.programme_venues import DayNotice
from supportapp.attention import StaffedChips
from supportapp.components.buttons import primary_button
from supportapp.components.layout import data_list, data_row
from supportapp.components.screen import Screen
from supportapp.components.states import empty_state, state_chip
from supportapp.components.texts import body, quiet, row_title, section_title
from supportapp.days import day_words, span_words
from supportapp.hooks import Office
from supportapp.theme import GAP, STEP
from supportapp.views.planning_parts import (
    STAFFING_MARKS,
    STOPPED,
    staffing_words,
    stage_chip,
    when_words,
    where_words,
)
from volunteers.need import StaffingState


def calendar_list(office: Office, screen: Screen, found: StaffedChips, notices: Sequence[DayNotice]) -> ft.Control:
    """The days that have sessions; an empty month says what to do first."""
    say = office.words
    if not found.chips:
        plan = primary_button(
            say("calendar.plan"), lambda _event: office.go("/workshops/new"), key="calendar-empty-plan"
        )
        return empty_state(say("calendar.empty_month"), plan, ft.Icons.CALENDAR_MONTH_OUTLINED)
    by_day: dict[date, list[SessionChip]] = {}
    for chip in found.chips:
        by_day.setdefault(chip.held_on, []).append(chip)
    holidays = {notice.day: notice.holiday for notice in notices}
    return ft.Column(
        [_day(office, screen, day, holidays.get(day, ""), chips, found) for day, chips in by_day.items()],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _day(
    office: Office,
    screen: Screen,
    day: date,
    holiday: str,
    chips: Sequence[SessionChip],
    found: StaffedChips,
) -> ft.Control:
    say = office.words
    heading: list[ft.Control] = [section_title(day_words(say, office.language, day, office.today))]
    if holiday:
        heading.append(quiet(say("calendar.holiday", name=holiday), color=ft.Colors.ERROR))
    return ft.Column(
        [
            ft.Row(heading, spacing=STEP, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER),
            data_list([session_row(office, screen, chip, found) for chip in chips]),
        ],
        spacing=STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def session_row(
    office: Office,
    screen: Screen,
    chip: SessionChip,
    found: StaffedChips | None = None,
    *,
    with_day: bool = False,
    titled: bool = True,
) -> ft.Control:
    """One session of a list: time, title and place, how full, its states; the whole row opens it."""
    say = office.words
    time_text = span_words(chip.starts_at, chip.ends_at) or say("session.no_time")
    if with_day:
        time_text = when_words(office, chip)
    signs = [stage_chip(office, chip), *_staffing(office, chip, found)]
    lines: list[ft.Control] = [
        row_title(f"{time_text}  {chip.title}" if titled else time_text),
        body(where_words(office, chip)),
        body(f"{say('session.people')} {chip.confirmed + chip.offered}/{chip.seats}"),
    ]
    words = ft.Column(lines, spacing=0, tight=True, expand=True)
    states = ft.Row(signs, wrap=True, spacing=STEP, run_spacing=STEP)
    parts: list[ft.Control] = [words, states]
    if screen.is_phone:
        parts = [ft.Column([*lines, states], spacing=STEP, tight=True, expand=True)]
    return data_row(
        parts,
        key=f"session-row-{chip.session_id}",
        label=f"{time_text} {chip.title} {where_words(office, chip)}",
        on_click=lambda _event: office.go(f"/sessions/{chip.session_id}"),
    )


def _staffing(office: Office, chip: SessionChip, found: StaffedChips | None) -> list[ft.Control]:
    staffing = found.of(chip.session_id) if found else None
    if staffing is None or staffing.state is StaffingState.ENOUGH or chip.state in STOPPED:
        return []
    over = chip.ends_at is not None and chip.ends_at <= office.now()
    if over or chip.read_only:
        return []
    return [state_chip(STAFFING_MARKS[staffing.state], staffing_words(office, staffing))]
