"""A week by room: for each room the seven days, each with a line from morning to evening and what stands on it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_time
from events.programme_queries import RoomLane, SessionChip
from events.programme_venues import DayNotice
from supportapp.attention import StaffedChips
from supportapp.components.layout import data_list
from supportapp.components.screen import Screen
from supportapp.components.states import empty_state
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office
from supportapp.theme import GAP, HAIRLINE, HALF, RADIUS, STEP
from supportapp.views.calendar_list import calendar_list
from supportapp.views.planning_parts import STOPPED, at_least, mark_of

_OPENS, _CLOSES = 8 * 60, 21 * 60  # the line of a day, in minutes from midnight
_PARTS: Final = 1000
_LINE: Final = 10
_CELL: Final = 72
_WEEK: Final = 7


def week_lanes(
    office: Office,
    screen: Screen,
    monday: date,
    lanes: Sequence[RoomLane],
    found: StaffedChips,
    notices: Sequence[DayNotice],
) -> ft.Control:
    """Rooms in rows, days in columns; on a phone the list of the week, because seven columns do not fit."""
    if screen.is_phone:
        return calendar_list(office, screen, found, notices)
    if not lanes:
        return empty_state(office.words("calendar.no_rooms"), icon=ft.Icons.MEETING_ROOM_OUTLINED)
    closed = {(notice.day, venue_id) for notice in notices for venue_id, _ in notice.closed}
    head = ft.Row(
        [
            ft.Container(expand=2),
            *(_day_name(office, notice) for notice in notices[:_WEEK]),
        ],
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        intrinsic_height=True,
    )
    ordered = sorted(lanes, key=lambda lane: not lane.chips)  # rooms in use first, each group by name
    rows = [_lane(office, screen, lane, monday, found, closed) for lane in ordered]
    return data_list([head, *rows])


def _day_name(office: Office, notice: DayNotice) -> ft.Control:
    today = notice.day == office.today
    words = day_words(office.words, office.language, notice.day, office.today)
    rest = bool(notice.holiday) or notice.day.weekday() == 6
    color = ft.Colors.ON_PRIMARY_CONTAINER if today else ft.Colors.ERROR if rest else ft.Colors.ON_SURFACE
    parts: list[ft.Control] = [ft.Text(words, theme_style=ft.TextThemeStyle.TITLE_SMALL, color=color)]
    if notice.holiday:
        parts.append(quiet(notice.holiday, color=ft.Colors.ERROR))
    return ft.Container(
        ft.Column(parts, spacing=0, tight=True),
        expand=2,
        padding=HALF,
        bgcolor=ft.Colors.PRIMARY_CONTAINER if today else None,
    )


def _lane(
    office: Office,
    screen: Screen,
    lane: RoomLane,
    monday: date,
    found: StaffedChips,
    closed: set[tuple[date, UUID]],
) -> ft.Control:
    name = ft.Container(
        ft.Column([row_title(lane.room_name or lane.venue_name), quiet(lane.venue_name)], spacing=0, tight=True),
        expand=2,
        padding=STEP,
    )
    days = [monday + timedelta(days=number) for number in range(_WEEK)]
    cells = [
        _cell(
            office,
            screen,
            lane,
            day,
            [chip for chip in lane.chips if chip.held_on == day],
            found,
            is_closed=lane.venue_id is not None and (day, lane.venue_id) in closed,
        )
        for day in days
    ]
    return ft.Container(
        ft.Row(
            [name, *cells],
            spacing=0,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            intrinsic_height=True,
        ),
        border=ft.Border(top=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


def _cell(
    office: Office,
    screen: Screen,
    lane: RoomLane,
    day: date,
    chips: Sequence[SessionChip],
    found: StaffedChips,
    *,
    is_closed: bool,
) -> ft.Control:
    say = office.words
    inside: list[ft.Control] = [_time_line(chips, found)]
    if is_closed:
        inside.append(quiet(say("calendar.closed")))
    inside += [_block(office, screen, chip, found) for chip in chips]
    may_plan = day >= office.today
    where = " ".join(part for part in (lane.venue_name, lane.room_name) if part)
    name = say("calendar.plan_here", day=day_words(say, office.language, day, office.today), place=where)
    asked = {"day": day.isoformat(), "venue": lane.venue_id or "", "room": lane.room_id or ""}
    cell = ft.Container(
        at_least(
            screen.size(_CELL),
            ft.Column(inside, spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        ),
        padding=HALF,
        bgcolor=ft.Colors.SURFACE_CONTAINER if is_closed else None,
        border=ft.Border(left=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
        on_click=(lambda _event: office.go(f"/workshops/new?{urlencode(asked)}")) if may_plan else None,
        key=f"cell-{lane.room_id or lane.venue_name}-{day.isoformat()}",
    )
    if not may_plan:
        return ft.Container(cell, expand=2)
    return ft.Container(ft.Semantics(label=name, button=True, container=True, content=cell), expand=2)


def _time_line(chips: Sequence[SessionChip], found: StaffedChips) -> ft.Control:
    """The day from 8 to 21 o'clock as one line; where a session stands it is filled."""
    parts: list[ft.Control] = []
    at = 0
    for chip in chips:
        if chip.starts_at is None or chip.ends_at is None or chip.state in STOPPED:
            continue
        start, end = max(_share(chip.starts_at), at), _share(chip.ends_at)
        if start > at:
            parts.append(ft.Container(expand=start - at))
        if end > start:
            color = mark_of(chip, found.of(chip.session_id)).color
            parts.append(ft.Container(expand=end - start, bgcolor=color, border_radius=RADIUS))
            at = end
    if at < _PARTS:
        parts.append(ft.Container(expand=_PARTS - at))
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            ft.Row(parts, spacing=0, vertical_alignment=ft.CrossAxisAlignment.STRETCH),
            height=_LINE,
            bgcolor=ft.Colors.SURFACE_CONTAINER,
            border_radius=RADIUS,
        ),
    )


def _share(moment: datetime) -> int:
    """How far along the line a moment stands, in thousandths."""
    clock = tokyo_time(moment)
    minutes = clock.hour * 60 + clock.minute
    return max(0, min(_PARTS, (minutes - _OPENS) * _PARTS // (_CLOSES - _OPENS)))


def _block(office: Office, screen: Screen, chip: SessionChip, found: StaffedChips) -> ft.Control:
    mark = mark_of(chip, found.of(chip.session_id))
    start = f"{tokyo_time(chip.starts_at):%H:%M}" if chip.starts_at else ""
    crossed = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if chip.state in STOPPED else None
    face = ft.Container(
        ft.Column(
            [
                ft.Row([ft.Icon(mark.icon, color=mark.color, size=screen.size(GAP)), body(start)], spacing=HALF),
                quiet(chip.short_title, style=crossed, color=ft.Colors.ON_SURFACE),
            ],
            spacing=0,
            tight=True,
        ),
        bgcolor=mark.ground,
        border_radius=RADIUS,
        padding=HALF,
        on_click=lambda _event: office.go(f"/sessions/{chip.session_id}"),
        ink=True,
        key=f"block-{chip.session_id}",
    )
    return ft.Semantics(
        button=True,
        container=True,
        label=f"{start} {chip.title}",
        content=ft.Semantics(exclude_semantics=True, content=face),
    )
