"""One of the two panes of the telephone screen: a heading, what stays in sight, and a list that scrolls under it."""

from collections.abc import Sequence
from typing import Any

import flet as ft

from supportapp.components.buttons import Tap
from supportapp.components.screen import Screen
from supportapp.components.spoken import spoken
from supportapp.components.texts import section_title
from supportapp.theme import GAP, HAIRLINE, HALF, RADIUS, STEP

_HEIGHT = 506  # what is left between the title and the sentence to read back on a screen of 1180×820
_OF_SCREEN = 820
_LEAST = 320


def pane(
    screen: Screen,
    title: str,
    head: Sequence[ft.Control],
    rows: Sequence[ft.Control],
    *,
    key: str,
    listed_ref: "ft.Ref[Any] | None" = None,
) -> ft.Control:
    """``head`` stays, ``rows`` scroll where the panes stand side by side; elsewhere the whole screen scrolls.

    ``listed_ref`` gets the list, to bring a row into sight.
    """
    height = max(_LEAST, _HEIGHT + screen.height - _OF_SCREEN) if screen.is_side_by_side else None
    listed = ft.Column(
        list(rows),
        ref=listed_ref,
        spacing=STEP,
        tight=height is None,
        expand=height is not None,
        scroll=ft.ScrollMode.AUTO if height is not None else None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    heading = ft.Semantics(header=True, heading_level=2, content=section_title(title))
    return ft.Container(
        ft.Column(
            [heading, *head, listed],
            spacing=STEP,
            tight=height is None,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        height=height,
        padding=GAP,
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        key=key,
    )


def row_button(
    content: ft.Control, *, on_click: Tap, key: str, chosen: bool = False, at: bool = False, reachable: bool = True
) -> ft.Control:
    """A row that is a button as a whole; ``reachable`` with the Tab key. ``at``: the arrow keys stand on it.

    The keyboard goes from top to bottom across both panes; rows whose turn has not come are left out of its way, so
    that Tab follows the conversation. A finger or a mouse reaches them all the same.
    """
    ground = ft.Colors.PRIMARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST
    focused = ft.BorderSide(3, ft.Colors.PRIMARY)
    side = ft.BorderSide(2 if chosen else 1, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE_VARIANT)
    if at:
        side = focused
    if reachable:
        row: ft.Control = ft.OutlinedButton(
            content=ft.Container(content, padding=ft.Padding.symmetric(vertical=HALF)),
            on_click=on_click,
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(vertical=HALF, horizontal=GAP),
                bgcolor=ground,
                side={ft.ControlState.FOCUSED: focused, ft.ControlState.DEFAULT: side},
            ),
            key=key,
        )
    else:
        sheet = ft.Container(
            content,
            padding=ft.Padding.symmetric(vertical=STEP, horizontal=GAP),
            bgcolor=ground,
            border=ft.Border.all(side.width, side.color),
            border_radius=RADIUS,
        )
        row = ft.Semantics(button=True, content=ft.GestureDetector(content=sheet, on_tap=on_click, key=key))
    return ft.Semantics(selected=chosen or at, content=spoken(row, key=key))
