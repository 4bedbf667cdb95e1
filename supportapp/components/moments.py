"""Fields for a day and a time of day: typed as people write them, or picked."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Any

import flet as ft

from supportapp.components.buttons import icon_button
from supportapp.components.fields import TextInput
from supportapp.components.handlers import hand_on
from supportapp.theme import STEP

_EARLIEST, _LATEST = date(1920, 1, 1), date(2099, 12, 31)
_TIME = re.compile(r"(午前|午後|am|pm)?\s*(\d{1,2})\s*(?::|時|\.)?\s*(?:(\d{2})\s*分?|(半))?\s*(am|pm)?", re.IGNORECASE)


@ft.component
def DateInput(
    label: str,
    *,
    field_key: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    read: Callable[[str], date | None],
    show: Callable[[date], str],
    pick_words: str,
    unreadable: str,
    error: str | None = None,
    help_text: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> ft.Control:
    """A day. ``read`` understands what was typed (None: cannot), ``show`` writes it; ``pick_words`` names the picker.

    What cannot be read stays in the field with the sentence ``unreadable``, and ``on_change`` gets None.
    """
    problem, set_problem = ft.use_state("")
    picking, set_picking = ft.use_state(False)
    shown, set_shown = ft.use_state(show(value) if value else "")
    given = ft.use_ref(value)
    if given.current != value:
        given.current = value
        if value is not None and value != read(shown):
            shown = show(value)
            set_shown(shown)

    async def typed(text: str) -> None:
        day = read(text) if text.strip() else None
        set_problem(unreadable if text.strip() and day is None else "")
        set_shown(show(day) if day else text)
        given.current = day
        await hand_on(on_change, day)

    async def picked(event: Any) -> None:
        set_picking(False)
        day = event.control.value
        if day is not None:
            await typed(show(day.date() if hasattr(day, "date") else day))

    ft.use_dialog(
        ft.DatePicker(
            value=value,
            first_date=first or _EARLIEST,
            last_date=last or _LATEST,
            on_change=picked,
            on_dismiss=lambda _event: set_picking(False),
        )
        if picking
        else None
    )
    return ft.Row(
        [
            ft.Container(
                TextInput(
                    label,
                    field_key=field_key,
                    value=shown,
                    on_leave=typed,
                    on_submit=typed,
                    error=error or problem or None,
                    help_text=help_text,
                ),
                expand=True,
            ),
            ft.Container(
                icon_button(
                    pick_words,
                    ft.Icons.CALENDAR_MONTH_OUTLINED,
                    lambda _event: set_picking(True),
                    key=f"{field_key}-pick",
                ),
                padding=ft.Padding.only(top=24),
            ),
        ],
        spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@ft.component
def TimeInput(
    label: str,
    *,
    field_key: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    unreadable: str,
    error: str | None = None,
    help_text: str | None = None,
) -> ft.Control:
    """A time of day, typed as 1330, 13:30, 13時半 or 午後1時30分."""
    problem, set_problem = ft.use_state("")
    shown, set_shown = ft.use_state(_written(value))
    given = ft.use_ref(value)
    if given.current != value:
        given.current = value
        if value is not None:
            shown = _written(value)
            set_shown(shown)

    async def typed(text: str) -> None:
        moment = read_time(text)
        set_problem(unreadable if text.strip() and moment is None else "")
        set_shown(_written(moment) if moment else text)
        given.current = moment
        await hand_on(on_change, moment)

    return TextInput(
        label,
        field_key=field_key,
        value=shown,
        on_leave=typed,
        on_submit=typed,
        error=error or problem or None,
        help_text=help_text,
        keyboard=ft.KeyboardType.DATETIME,
        width=160,
    )


def _written(moment: time | None) -> str:
    return moment.strftime("%H:%M") if moment else ""


def read_time(text: str) -> time | None:
    """The time of day a person meant; None when it cannot be told."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    if re.fullmatch(r"\d{3,4}", plain):
        plain = f"{plain[:-2]}:{plain[-2:]}"
    found = _TIME.fullmatch(plain)
    if found is None:
        return None
    before, hour_text, minute_text, half, after = found.groups()
    hour, minute = int(hour_text), 30 if half else int(minute_text or 0)
    noon = (before or after or "").lower()
    if noon and hour > 12:
        return None
    if noon in {"午後", "pm"}:
        hour = hour % 12 + 12
    elif noon in {"午前", "am"}:
        hour %= 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
