"""A month on a grid: quiet chips with time, short title and one sign; a tap on the rest of a day plans on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import flet as ft

from events.japan.clock import tokyo_time
from events.opening import holiday_name
from events.programme_queries import SessionChip
from events.programme_venues import DayNotice
from supportapp.attention import StaffedChips
from supportapp.components.layout import data_list
from supportapp.components.screen import Screen
from supportapp.components.texts import quiet
from supportapp.days import day_words, weekday_words
from supportapp.hooks import Office
from supportapp.theme import GAP, HAIRLINE, HALF, RADIUS, STEP, TARGET
from supportapp.views.planning_parts import STOPPED, at_least, mark_of

_SHOWN: Final = 3
_WEEK: Final = 7
_CELL_HEIGHT: Final = 112


def month_grid(
    office: Office, screen: Screen, on: date, found: StaffedChips, notices: Sequence[DayNotice]
) -> ft.Control:
    """Whole weeks from Monday; ``notices`` has one entry for each day in sight."""
    by_day: dict[date, list[SessionChip]] = {}
    for chip in found.chips:
        by_day.setdefault(chip.held_on, []).append(chip)
    names = ft.Row(
        [
            ft.Container(
                ft.Text(
                    weekday_words(office.words, weekday),
                    theme_style=ft.TextThemeStyle.TITLE_SMALL,
                    text_align=ft.TextAlign.CENTER,
                ),
                expand=True,
                padding=ft.Padding.symmetric(vertical=STEP),
                alignment=ft.Alignment.CENTER,
            )
            for weekday in range(_WEEK)
        ],
        spacing=0,
    )
    weeks = [notices[start : start + _WEEK] for start in range(0, len(notices), _WEEK)]
    rows = [
        ft.Row(
            [_day(office, screen, on, notice, by_day.get(notice.day, []), found) for notice in week],
            spacing=0,
            intrinsic_height=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
        for week in weeks
    ]
    return data_list([names, *rows])


def _day(
    office: Office,
    screen: Screen,
    on: date,
    notice: DayNotice,
    chips: Sequence[SessionChip],
    found: StaffedChips,
) -> ft.Control:
    if screen.is_phone:
        return _small_day(office, screen, on, notice, chips, found)
    say = office.words
    day = notice.day
    inside: list[ft.Control] = [_number(office, on, notice)]
    if notice.closed:
        inside.append(quiet(say("calendar.closed_venues", count=len(notice.closed))))
    inside += [_chip(office, screen, chip, found) for chip in chips[:_SHOWN]]
    if len(chips) > _SHOWN:
        inside.append(
            ft.TextButton(
                say("calendar.more", count=len(chips) - _SHOWN),
                on_click=lambda _event: office.go(f"/calendar?show=list&on={day.isoformat()}"),
                key=f"day-more-{day.isoformat()}",
            )
        )
    may_plan = day >= office.today
    name = day_words(say, office.language, day, office.today)
    cell = ft.Container(
        at_least(
            screen.size(_CELL_HEIGHT),
            ft.Column(inside, spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        ),
        padding=HALF,
        bgcolor=None if day.month == on.month else ft.Colors.SURFACE_CONTAINER,
        border=ft.Border(
            top=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
            left=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        ),
        on_click=(lambda _event: office.go(f"/workshops/new?day={day.isoformat()}")) if may_plan else None,
        key=f"day-{day.isoformat()}",
    )
    if not may_plan:
        return ft.Container(cell, expand=True)
    label = say("calendar.plan_on", day=name)
    return ft.Container(ft.Semantics(label=label, button=True, container=True, content=cell), expand=True)


def _small_day(
    office: Office,
    screen: Screen,
    on: date,
    notice: DayNotice,
    chips: Sequence[SessionChip],
    found: StaffedChips,
) -> ft.Control:
    """A day on a phone: its number and a sign for each session; a tap opens the list from that day on."""
    say = office.words
    day = notice.day
    signs: list[ft.Control] = [
        ft.Icon(mark.icon, color=mark.color, size=screen.size(GAP))
        for mark in (mark_of(chip, found.of(chip.session_id)) for chip in chips[:_SHOWN])
    ]
    inside = [_number(office, on, replace(notice, holiday="")), ft.Row(signs, spacing=0, wrap=True, run_spacing=0)]
    cell = ft.Container(
        at_least(TARGET, ft.Column(inside, spacing=0, tight=True)),
        bgcolor=None if day.month == on.month else ft.Colors.SURFACE_CONTAINER,
        border=ft.Border(
            top=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
            left=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        ),
        on_click=lambda _event: office.go(f"/calendar?show=list&on={day.isoformat()}"),
        key=f"day-{day.isoformat()}",
    )
    words = [day_words(say, office.language, day, office.today), notice.holiday, *(chip.title for chip in chips)]
    label = " ".join(word for word in words if word)
    content = ft.Semantics(exclude_semantics=True, content=cell)
    return ft.Container(ft.Semantics(label=label, button=True, container=True, content=content), expand=True)


def _number(office: Office, on: date, notice: DayNotice) -> ft.Control:
    day = notice.day
    today = day == office.today
    rest = bool(holiday_name(day)) or day.weekday() == 6
    color = ft.Colors.ON_PRIMARY if today else ft.Colors.ERROR if rest else ft.Colors.ON_SURFACE
    figure = ft.Container(
        ft.Text(str(day.day), theme_style=ft.TextThemeStyle.TITLE_SMALL, color=color),
        bgcolor=ft.Colors.PRIMARY if today else None,
        border_radius=RADIUS,
        padding=ft.Padding.symmetric(horizontal=STEP),
    )
    parts: list[ft.Control] = [figure]
    if notice.holiday and day.month == on.month:
        parts.append(quiet(notice.holiday, color=ft.Colors.ERROR, expand=True))
    return ft.Row(parts, spacing=HALF, vertical_alignment=ft.CrossAxisAlignment.START)


def _chip(office: Office, screen: Screen, chip: SessionChip, found: StaffedChips) -> ft.Control:
    mark = mark_of(chip, found.of(chip.session_id))
    stopped = chip.state in STOPPED
    start = f"{tokyo_time(chip.starts_at):%H:%M}" if chip.starts_at else ""
    state = office.words(f"session.state.{chip.stage(office.now()).value}")
    crossed = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if stopped else None
    face = ft.Container(
        ft.Row(
            [
                ft.Icon(mark.icon, color=mark.color, size=screen.size(GAP)),
                ft.Text(
                    f"{start} {chip.short_title}",
                    theme_style=ft.TextThemeStyle.BODY_SMALL,
                    color=mark.color if stopped else ft.Colors.ON_SURFACE,
                    style=crossed,
                    max_lines=2,
                    overflow=ft.TextOverflow.ELLIPSIS,
                    expand=True,
                ),
            ],
            spacing=HALF,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        bgcolor=mark.ground,
        border_radius=RADIUS,
        padding=HALF,
        on_click=lambda _event: office.go(f"/sessions/{chip.session_id}"),
        ink=True,
        key=f"chip-{chip.session_id}",
    )
    return ft.Semantics(
        button=True,
        container=True,
        label=f"{start} {chip.title} {state}",
        content=ft.Semantics(exclude_semantics=True, content=face),
    )
