"""A field and a button that take the cursor when their turn comes, so that the keyboard follows the conversation."""

import time
from collections.abc import Callable
from typing import Any

import flet as ft

from supportapp.components.buttons import Tap
from supportapp.components.fields import field_border, labelled, use_control, use_typed
from supportapp.components.handlers import calls, hand_on
from supportapp.components.screen import use_screen
from supportapp.components.spoken import spoken
from supportapp.views.arrows import hears_arrows

_RING = 18
_RING_STROKE = 2
_PROMPT = 0.3  # seconds after which a person has gone on by themselves


def _use_cursor(turn: object, *, is_field: bool) -> "ft.Ref[Any]":
    """A reference to the control that takes the cursor whenever ``turn`` becomes another true value.

    A field leaves the cursor where it is when the person was faster: letters must never land somewhere else.
    """
    found = use_control()
    drawn_at = time.monotonic()

    async def take() -> None:
        control = found.current
        if not turn or control is None:
            return
        if is_field and (control.value or time.monotonic() - drawn_at > _PROMPT):
            return
        await control.focus()

    ft.use_effect(take, [turn])
    return found


@ft.component
def FocusField(
    label: str,
    *,
    field_key: str,
    value: str,
    on_change: Callable[[str], Any],
    on_submit: Callable[[str], Any] | None = None,
    turn: object = "",
    help_text: str | None = None,
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT,
    width: float | None = None,
    on_arrow: Callable[[int], Any] | None = None,
) -> ft.Control:
    """Like ``TextInput``; the cursor goes there when it appears and whenever ``turn`` becomes another true value.

    What is being typed is never written over: the field is told only what it said itself. ``width`` is in pixels at
    ordinary text size; ``on_arrow`` hears the arrow keys (1 down, -1 up).
    """
    screen = use_screen()
    field_ref = _use_cursor(turn, is_field=True)
    shown, said = use_typed(value, field_ref)

    async def changed(event: Any) -> None:
        text = event.control.value or ""
        said.append(text)
        await hand_on(on_change, text)

    field = ft.TextField(
        ref=field_ref,
        value=shown,
        on_change=changed,
        on_submit=calls(on_submit, lambda event: event.control.value or ""),
        keyboard_type=keyboard,
        autocorrect=False,
        autofocus=bool(turn),
        border=field_border(),
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        content_padding=ft.Padding.symmetric(vertical=12, horizontal=12),
        dense=True,
        key=field_key,
    )
    heard = hears_arrows(field, on_arrow) if on_arrow else field
    whole = labelled(label, heard, help_text=help_text, field_key=field_key)
    return ft.Container(whole, width=screen.size(width)) if width else whole


@ft.component
def NextStepButton(
    words: str,
    on_click: Tap,
    *,
    button_key: str,
    icon: ft.IconData,
    turn: object,
    disabled: bool = False,
    busy: bool = False,
) -> ft.Control:
    """The one next step of a screen; Enter presses it once it is its turn."""
    button = ft.FilledButton(
        words,
        ref=_use_cursor(turn, is_field=False),
        icon=ft.ProgressRing(width=_RING, height=_RING, stroke_width=_RING_STROKE) if busy else icon,
        on_click=on_click,
        disabled=disabled or busy,
        style=None
        if disabled
        else ft.ButtonStyle(side={ft.ControlState.FOCUSED: ft.BorderSide(3, ft.Colors.INVERSE_PRIMARY)}),
        key=button_key,
    )
    return spoken(button, key=button_key)
