"""Buttons: one filled for the next step of a screen, outlined for the others, plain for what is rarely needed.

``words`` is a verb in the person's language and the accessible name; ``key`` is what a test touches. A busy button
stands there with a turning ring and takes no tap.
"""

from collections.abc import Callable
from typing import Any

import flet as ft

from supportapp.components.spoken import spoken
from supportapp.theme import HAIRLINE, ringed

Tap = Callable[..., Any] | None


def primary_button(
    words: str, on_click: Tap, *, key: str, icon: ft.IconData | None = None, disabled: bool = False, busy: bool = False
) -> ft.Control:
    """The one next step of a screen."""
    button = ft.FilledButton(words, icon=_icon(icon, busy=busy), on_click=on_click, disabled=disabled or busy, key=key)
    return spoken(button, key=key)


def secondary_button(
    words: str, on_click: Tap, *, key: str, icon: ft.IconData | None = None, disabled: bool = False, busy: bool = False
) -> ft.Control:
    """Another step that is often wanted."""
    button = ft.OutlinedButton(
        words, icon=_icon(icon, busy=busy), on_click=on_click, disabled=disabled or busy, key=key
    )
    return spoken(button, key=key)


def quiet_button(
    words: str, on_click: Tap, *, key: str, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.Control:
    """A step that is rarely wanted, or a way to somewhere else."""
    return spoken(ft.TextButton(words, icon=icon, on_click=on_click, disabled=disabled, key=key), key=key)


def danger_button(
    words: str, on_click: Tap, *, key: str, icon: ft.IconData | None = None, disabled: bool = False, busy: bool = False
) -> ft.Control:
    """A step that takes something away from people, such as cancelling a session."""
    button = ft.OutlinedButton(
        words,
        icon=_icon(icon, busy=busy),
        on_click=on_click,
        disabled=disabled or busy,
        key=key,
        style=ft.ButtonStyle(
            color=ft.Colors.ERROR,
            icon_color=ft.Colors.ERROR,
            side=ringed(ft.BorderSide(HAIRLINE, ft.Colors.ERROR)),
        ),
    )
    return spoken(button, key=key)


def icon_button(words: str, icon: ft.IconData, on_click: Tap, *, key: str, disabled: bool = False) -> ft.Control:
    """A sign without a word beside it, for what everybody knows (close, calendar); ``words`` is its spoken name."""
    return spoken(ft.IconButton(icon, on_click=on_click, disabled=disabled, key=key), words, key=key)


def _icon(icon: ft.IconData | None, *, busy: bool) -> Any:
    return ft.ProgressRing(width=18, height=18, stroke_width=2) if busy else icon
