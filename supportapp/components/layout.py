"""How parts of a screen stand to each other: cards, panes, rows of people, parts of a record."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from supportapp.components.buttons import Tap
from supportapp.components.handlers import calls_with
from supportapp.components.screen import Screen
from supportapp.components.texts import page_title, section_title
from supportapp.theme import CONTENT_WIDTH, EDGE, GAP, HAIRLINE, RADIUS, ROW, STEP


def screen_column(parts: Sequence[ft.Control], *, wide: bool = False) -> ft.Control:
    """The body of a screen: at most 1,100 px wide (``wide``: as wide as there is), parts one under the other."""
    column = ft.Column(list(parts), spacing=EDGE, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return column if wide else ft.Container(column, width=CONTENT_WIDTH, alignment=ft.Alignment.TOP_LEFT)


def title_row(title: str, buttons: Sequence[ft.Control] = (), under: ft.Control | None = None) -> ft.Control:
    """The headline of a screen, what stands under it, and its buttons at the right; wraps on a narrow screen."""
    head = ft.Column(
        [ft.Semantics(header=True, heading_level=1, content=page_title(title)), *([under] if under else [])],
        spacing=0,
        tight=True,
    )
    return ft.Row(
        [head, ft.Row(list(buttons), wrap=True, spacing=STEP, run_spacing=STEP)] if buttons else [head],
        wrap=True,
        spacing=GAP,
        run_spacing=STEP,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def card(parts: Sequence[ft.Control], *, title: str | None = None, key: str | None = None) -> ft.Control:
    """A part of a screen: hairline, no shadow, heading inside."""
    heading = [ft.Semantics(header=True, heading_level=2, content=section_title(title))] if title else []
    return ft.Container(
        ft.Column([*heading, *parts], spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=EDGE if title else GAP,
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        key=key,
    )


def two_pane(screen: Screen, first: ft.Control, second: ft.Control, *, shares: tuple[int, int] = (1, 1)) -> ft.Control:
    """Beside each other on a landscape tablet, one under the other elsewhere."""
    if not screen.is_side_by_side:
        return ft.Column([first, second], spacing=EDGE, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Row(
        [ft.Container(_group(first), expand=shares[0]), ft.Container(_group(second), expand=shares[1])],
        spacing=EDGE,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _group(pane: ft.Control) -> ft.Control:
    """Keep the parts of a pane together for screen readers and Tab, which would otherwise go line by line across."""
    return ft.Semantics(container=True, content=pane)


def list_and_detail(
    screen: Screen, rows: ft.Control, detail: ft.Control | None, *, shares: tuple[int, int] = (2, 3)
) -> ft.Control:
    """A list and what was chosen from it; on a phone one at a time (detail when there is one)."""
    if detail is None:
        return rows
    return detail if screen.is_phone else two_pane(screen, rows, detail, shares=shares)


def data_row(
    parts: Sequence[ft.Control],
    *,
    key: str,
    label: str | None = None,
    on_click: Tap = None,
    chosen: bool = False,
    height: float = ROW,
) -> ft.Control:
    """One row of a list, at least ``height`` high. With ``on_click`` the whole row is a button.

    Its spoken name is all its words, or ``label`` instead of them (only for a row that holds no further buttons).
    """
    row = ft.Container(
        ft.Row(
            [ft.Container(width=0, height=height - 2 * STEP), *parts],  # a strut: at least this high, higher if needed
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.only(top=STEP, bottom=STEP, right=GAP),
        bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else None,
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
        on_click=on_click,
        ink=on_click is not None,
        key=None if on_click else key,
    )
    if on_click is None:
        return ft.Semantics(container=True, identifier=key, content=row)
    whole = ft.Semantics(
        button=True, selected=chosen, container=label is None, label=label, identifier=key, content=row
    )
    if label is None:
        whole.key = key
        return whole
    row.content = ft.Semantics(exclude_semantics=True, content=row.content)
    return ft.MergeSemantics(whole, key=key)


def data_list(rows: Sequence[ft.Control]) -> ft.Control:
    """Rows in a frame, for up to some hundred."""
    return ft.Container(
        ft.Column(list(rows), spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def tabs(parts: Sequence[tuple[str, str]], *, chosen: str, on_change: Callable[[str], Any], key: str) -> ft.Control:
    """The parts of a record (pairs of name and word); the one shown is underlined and bold."""
    return ft.Container(
        ft.Row(
            [_tab(word, name == chosen, f"{key}-{name}", calls_with(on_change, name)) for name, word in parts],
            wrap=True,
            spacing=0,
            run_spacing=0,
        ),
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


def _tab(word: str, chosen: bool, key: str, on_click: Tap) -> ft.Control:
    style = ft.TextThemeStyle.TITLE_SMALL if chosen else ft.TextThemeStyle.LABEL_LARGE
    line = ft.Colors.PRIMARY if chosen else ft.Colors.TRANSPARENT
    return ft.Semantics(
        selected=chosen,
        container=True,
        button=True,
        identifier=key,
        content=ft.Container(
            ft.Text(word, theme_style=style, color=ft.Colors.PRIMARY if chosen else ft.Colors.ON_SURFACE),
            padding=ft.Padding.symmetric(vertical=12, horizontal=GAP),
            border=ft.Border(bottom=ft.BorderSide(3, line)),
            on_click=on_click,
            ink=True,
            key=key,
        ),
    )


def kana_index(
    rows: Sequence[str],
    *,
    present: Sequence[str],
    chosen: str | None,
    on_choose: Callable[[str], Any],
    key: str,
    across: bool = False,
) -> ft.Control:
    """The kana rows あかさたな at the side of a list (``across``: above it); those with nobody are pale."""
    buttons: list[ft.Control] = [
        ft.TextButton(
            row,
            on_click=calls_with(on_choose, row),
            disabled=row not in present,
            key=f"{key}-{row}",
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(vertical=12, horizontal=STEP),
                bgcolor=ft.Colors.PRIMARY_CONTAINER if row == chosen else None,
            ),
        )
        for row in rows
    ]
    if across:
        return ft.Row(buttons, wrap=True, spacing=0, run_spacing=0)
    return ft.Column(buttons, spacing=0, tight=True)
