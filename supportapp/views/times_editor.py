"""When somebody is free, by taps: a weekly pattern, days that are different, and how often at most.

The same pieces serve a volunteer on a phone and staff who keep the times for somebody without one.
"""

from datetime import date
from typing import Any
from uuid import UUID

import flet as ft

from events.errors import DomainError
from events.japan.typed_dates import parse_date
from supportapp.components.buttons import icon_button
from supportapp.components.fields import check_row, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.moments import DateInput
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HAIRLINE, HALF, RADIUS, STEP, TARGET
from supportapp.views.volunteer_words import day_words
from volunteers.availability import (
    DayException,
    Times,
    add_exception,
    remove_exception,
    set_weekly_times,
    times_of,
)
from volunteers.day_parts import Free, Part, free_in, toggled
from volunteers.own_queries import MyLimits, my_limits
from volunteers.roster import set_caps

NARROW = 340  # below this three buttons beside a weekday have no room
_LIMITS_MONTH = (1, 2, 3, 4, 6, 8)
_LIMITS_WEEK = (1, 2, 3)
_ICONS = {Free.ALL: ft.Icons.CHECK, Free.SOME: ft.Icons.REMOVE, Free.NONE: None}


@ft.component
def TimesEditor(volunteer_id: UUID) -> ft.Control:
    """The weekly pattern, then the days that are different, then the limits."""
    office = use_office()
    topics = (municipality_topic(office.actor.municipality_code),)
    answer = use_query(times_of, topics, volunteer_id=volunteer_id)
    limits = use_query(my_limits, topics, volunteer_id=volunteer_id, municipality_code=office.actor.municipality_code)
    act = use_action()
    saved, set_saved = ft.use_state("")
    say = office.words

    async def save(use_case: Any, place: str, **values: Any) -> None:
        receipt = await act(use_case, volunteer_id=volunteer_id, **values)
        set_saved(place if receipt is not None else "")
        if receipt is not None:
            answer.refresh()
            limits.refresh()

    error = answer.error or limits.error
    if error:
        return error_banner(error)
    if answer.value is None or limits.value is None:
        return skeleton(say("my.times_loading"), rows=7)
    parts: list[ft.Control] = [error_banner(act.error)] if act.error else []
    parts.extend(
        [
            WeekCard(answer.value, saved=saved == "week", on_save=save),
            ExceptionsCard(answer.value, saved=saved == "day", on_save=save),
            _limits_card(office, limits.value, save),
        ]
    )
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def WeekCard(times: Times, *, saved: bool, on_save: Any) -> ft.Control:
    """Seven weekdays by morning, afternoon and evening; each tap is saved at once."""
    office, screen = use_office(), use_screen()
    say = office.words

    async def tap(weekday: int, part: Part) -> None:
        weekly = toggled(times.weekly, weekday, part)
        await on_save(set_weekly_times, "week", weekly=weekly, always=False)

    async def always(value: bool) -> None:
        await on_save(set_weekly_times, "week", weekly=times.weekly, always=value)

    rows: list[ft.Control] = [body(say("my.times_help"))]
    if saved:
        rows.append(ft.Semantics(live_region=True, content=state_chip("enough", say("my.times_saved"))))
    rows.append(check_row(say("my.times_always"), field_key="times-always", value=times.always, on_change=always))
    if not times.always:
        rows.extend(_week(office, screen, times, tap))
    return card(rows, key="times-week")


def _week(office: Office, screen: Screen, times: Times, tap: Any) -> list[ft.Control]:
    stacked = screen.room < NARROW
    rows: list[ft.Control] = [] if stacked else [_hours(office, screen)]
    for weekday in range(7):
        cells = [_cell(office, screen, times, weekday, part, tap, expand=not stacked) for part in Part]
        name = row_title(office.words(f"my.weekday_{weekday}"))
        if stacked:
            rows.append(
                ft.Column([name, ft.Row(cells, wrap=True, spacing=STEP, run_spacing=STEP)], spacing=HALF, tight=True)
            )
        else:
            rows.append(
                ft.Row(
                    [ft.Container(name, width=screen.size(40)), *cells],
                    spacing=STEP,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                )
            )
    return rows


def _hours(office: Office, screen: Screen) -> ft.Control:
    heads = [
        ft.Container(
            quiet(office.words(f"my.{part.value}_time"), text_align=ft.TextAlign.CENTER),
            expand=True,
            alignment=ft.Alignment.CENTER,
        )
        for part in Part
    ]
    return ft.Row([ft.Container(width=screen.size(40)), *heads], spacing=STEP)


def _cell(
    office: Office, screen: Screen, times: Times, weekday: int, part: Part, tap: Any, *, expand: bool
) -> ft.Control:
    say, free = office.words, free_in(times.weekly, weekday, part)
    spoken = {Free.ALL: "my.cell_free", Free.SOME: "my.cell_some", Free.NONE: "my.cell_not"}[free]
    word = say(f"my.{part.value}")
    chosen = free is not Free.NONE
    ink = ft.Colors.ON_PRIMARY_CONTAINER if chosen else ft.Colors.ON_SURFACE
    sign = _ICONS[free]
    face = ft.Row(
        [
            *([ft.Icon(sign, color=ink)] if sign is not None else []),
            ft.Text(word, theme_style=ft.TextThemeStyle.LABEL_LARGE, color=ink),
        ],
        spacing=HALF,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    name = say(spoken, day=say(f"my.weekday_{weekday}"), part=word)
    box = ft.Container(
        ft.Semantics(exclude_semantics=True, content=face),  # its spoken name says the day as well
        on_click=calls_with(tap, weekday, part),
        ink=True,
        alignment=ft.Alignment.CENTER if expand else None,
        height=screen.size(TARGET) if expand else None,
        padding=ft.Padding.symmetric(vertical=STEP, horizontal=0 if expand else GAP),
        bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(2 if chosen else HAIRLINE, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE),
        border_radius=RADIUS,
        key=f"times-{weekday}-{part.value}",
    )
    button = ft.MergeSemantics(ft.Semantics(button=True, selected=chosen, label=name, content=box))
    return ft.Container(button, expand=True) if expand else button


@ft.component
def ExceptionsCard(times: Times, *, saved: bool, on_save: Any) -> ft.Control:
    """Days on which the pattern does not hold."""
    office = use_office()
    day, set_day = ft.use_state(_no_day())
    round_, set_round = ft.use_state(0)
    say = office.words

    async def add(free: bool) -> None:
        if day is not None:
            await on_save(add_exception, "day", day=day, free=free)
            set_day(None)
            set_round(lambda number: number + 1)

    async def remove(each: DayException) -> None:
        await on_save(remove_exception, "day", day=each.day, start=each.start)

    coming = [each for each in times.exceptions if each.day >= office.today]
    rows = [_exception(office, each, remove) for each in coming]
    parts: list[ft.Control] = [data_list(rows) if rows else body(say("my.exceptions_none"))]
    if saved:
        parts.append(ft.Semantics(live_region=True, content=state_chip("enough", say("my.times_saved"))))
    parts.append(
        DateInput(
            say("my.exception_day"),
            field_key=f"times-day-{round_}",
            value=day,
            on_change=set_day,
            read=lambda text: _read_day(text, office.today),
            show=lambda found: day_words(office, found),
            pick_words=say("my.exception_day"),
            unreadable=say("volunteer.date_unreadable"),
        )
    )
    parts.append(
        ft.Row(
            [
                _add_button(say("my.exception_off"), "times-day-off", ft.Icons.EVENT_BUSY, add, day, free=False),
                _add_button(say("my.exception_on"), "times-day-on", ft.Icons.EVENT_AVAILABLE, add, day, free=True),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        )
    )
    return card(parts, title=say("my.exceptions"), key="times-exceptions")


def _no_day() -> date | None:
    return None


def _add_button(words: str, key: str, icon: ft.IconData, add: Any, day: date | None, *, free: bool) -> ft.Control:
    return ft.OutlinedButton(words, icon=icon, on_click=calls_with(add, free), disabled=day is None, key=key)


def _read_day(text: str, today: date) -> date | None:
    try:
        return parse_date(text, today=today, coming=True)
    except DomainError:
        return None


def _exception(office: Office, each: DayException, remove: Any) -> ft.Control:
    say = office.words
    words = say("my.exception_on_line" if each.free else "my.exception_off_line", day=day_words(office, each.day))
    if each.start is not None and each.end is not None:
        words = f"{words} {say('my.exception_part', start=f'{each.start:%H:%M}', end=f'{each.end:%H:%M}')}"
    name = say("my.exception_remove", day=day_words(office, each.day))
    return data_row(
        [
            ft.Container(body(words), expand=True),
            icon_button(name, ft.Icons.DELETE_OUTLINE, calls_with(remove, each), key=f"times-drop-{each.exception_id}"),
        ],
        key=f"times-exception-{each.exception_id}",
    )


def _limits_card(office: Office, limits: MyLimits, save: Any) -> ft.Control:
    say = office.words

    def chosen(name: str) -> Any:
        async def choose(value: str) -> None:
            caps = {"cap_per_month": limits.cap_per_month, "cap_per_week": limits.cap_per_week}
            caps[name] = int(value) if value else None
            await save(set_caps, "limits", municipality_code=office.actor.municipality_code, **caps)

        return choose

    def choices(usual: tuple[int, ...], now: int | None) -> list[tuple[str, str]]:
        numbers = sorted({*usual, *([now] if now is not None else [])})
        return [("", say("my.no_limit")), *((str(each), say("my.times_count", count=each)) for each in numbers)]

    return card(
        [
            choice_row(
                say("my.cap_month"),
                choices(_LIMITS_MONTH, limits.cap_per_month),
                field_key="times-month",
                value="" if limits.cap_per_month is None else str(limits.cap_per_month),
                on_change=chosen("cap_per_month"),
            ),
            choice_row(
                say("my.cap_week"),
                choices(_LIMITS_WEEK, limits.cap_per_week),
                field_key="times-week-limit",
                value="" if limits.cap_per_week is None else str(limits.cap_per_week),
                on_change=chosen("cap_per_week"),
            ),
        ],
        title=say("my.caps"),
        key="times-limits",
    )
