"""The frame around every screen: header, places at the side or at the bottom, and room for the screen itself.

Without words of its own: all texts come in through ``FrameWords``, already in the person's language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import flet as ft

from supportapp.components.buttons import icon_button
from supportapp.components.handlers import calls, calls_with
from supportapp.components.screen import use_screen
from supportapp.components.spoken import spoken
from supportapp.theme import EDGE, GAP, HAIRLINE, HALF, STEP, TEXT_SIZES, Look

Handler = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class FramePlace:
    """A place on the rail: its word, its icon, and what a tap does."""

    word: str
    icon: ft.IconData
    key: str
    on_open: Handler


@dataclass(frozen=True, slots=True)
class FrameWords:
    """The words of the header, in the person's language."""

    product: str
    text_size: str
    colours: str
    light: str
    dark: str
    high_contrast: str
    language: str
    help: str
    sign_out: str
    account: str


LANGUAGES: Final = (("ja", "日本語"), ("en", "English"))


@ft.component
def Frame(
    content: ft.Control,
    *,
    words: FrameWords,
    look: Look,
    language: str,
    on_text_size: Callable[[float], Any],
    on_colours: Callable[[str], Any],
    on_language: Callable[[str], Any],
    on_help: Handler | None = None,
    places: Sequence[FramePlace] = (),
    here: int | None = None,
    title: str = "",
    who: str = "",
    on_sign_out: Handler | None = None,
    account_items: Sequence[tuple[str, Handler]] = (),
    full: bool = False,
) -> ft.Control:
    """Header, rail or bar, and the screen. ``full`` leaves the edge around the screen away (reception).

    ``on_colours`` gets light, dark or high_contrast; ``here`` is the index of the present place.
    """
    screen = use_screen()
    account = [_Item(word, False, act) for word, act in account_items]
    if on_sign_out:
        account.append(_Item(words.sign_out, False, on_sign_out))
    sizes = _text_size_items(look, on_text_size)
    colours = _colours_items(words, look, on_colours)
    languages = _language_items(language, on_language)
    helping: list[ft.Control] = []
    if on_help:
        helping.append(icon_button(words.help, ft.Icons.HELP_OUTLINE, calls_with(on_help), key="frame-help"))
    if screen.has_rail:
        settings = [
            _menu(words.text_size, ft.Icons.FORMAT_SIZE, "frame-text-size", [sizes]),
            _menu(words.colours, ft.Icons.CONTRAST, "frame-colours", [colours]),
            _menu(words.language, ft.Icons.LANGUAGE, "frame-language", [languages]),
            *helping,
        ]
        if who:
            settings.append(ft.Text(who, theme_style=ft.TextThemeStyle.LABEL_LARGE))
            settings.append(_menu(words.account, ft.Icons.ACCOUNT_CIRCLE_OUTLINED, "frame-account", [account]))
    else:  # a narrow header keeps its title: all choices stand behind one button
        groups = [sizes, colours, languages, account]
        name = f"{words.account} {who}" if who else words.colours
        icon = ft.Icons.ACCOUNT_CIRCLE_OUTLINED if who else ft.Icons.FORMAT_SIZE
        settings = [*helping, _menu(name, icon, "frame-account", groups)]
    header = ft.Container(
        ft.Row(
            [
                ft.Text(
                    title or words.product,
                    theme_style=ft.TextThemeStyle.TITLE_MEDIUM,
                    expand=True,
                    max_lines=2,
                    overflow=ft.TextOverflow.ELLIPSIS,
                ),
                *settings,
            ],
            spacing=HALF,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.symmetric(vertical=HALF, horizontal=GAP if screen.is_phone else EDGE),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )
    edge = 0 if full else (GAP if screen.is_phone else EDGE)
    middle: ft.Control = ft.Container(content, padding=edge, expand=True)
    several = len(places) > 1
    if several and screen.has_rail:
        middle = ft.Row(
            [_rail(places, here), ft.VerticalDivider(width=HAIRLINE), middle],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    parts: list[ft.Control] = [header, middle]
    if several and not screen.has_rail:
        parts.append(_bar(places, here))
    return ft.Column(parts, spacing=0, expand=True)


def _rail(places: Sequence[FramePlace], here: int | None) -> ft.Control:
    return ft.NavigationRail(
        selected_index=here,
        label_type=ft.NavigationRailLabelType.ALL,
        destinations=[
            ft.NavigationRailDestination(icon=place.icon, label=place.word, padding=ft.Padding.symmetric(vertical=STEP))
            for place in places
        ],
        on_change=calls(lambda index: places[index].on_open(), lambda event: int(event.control.selected_index)),
        key="frame-rail",
    )


def _bar(places: Sequence[FramePlace], here: int | None) -> ft.Control:
    return ft.Container(
        ft.Row(
            [_bar_place(place, index == here) for index, place in enumerate(places)],
            spacing=0,
            intrinsic_height=True,  # equally high where only some words need two lines
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border(top=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
        padding=HALF,
    )


def _bar_place(place: FramePlace, chosen: bool) -> ft.Control:
    color = ft.Colors.PRIMARY if chosen else ft.Colors.ON_SURFACE
    inside = ft.Column(
        [
            ft.Icon(place.icon, color=color),
            ft.Text(
                place.word,
                theme_style=ft.TextThemeStyle.LABEL_SMALL,
                color=color,
                weight=ft.FontWeight.BOLD if chosen else ft.FontWeight.NORMAL,
                text_align=ft.TextAlign.CENTER,
            ),
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    button = ft.Container(
        inside,
        on_click=calls_with(place.on_open),
        ink=True,
        padding=HALF,
        border_radius=STEP,
        bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else None,
        alignment=ft.Alignment.TOP_CENTER,
        key=place.key,
    )
    named = ft.Semantics(button=True, selected=chosen, container=True, identifier=place.key, content=button)
    return ft.Container(named, expand=True)


@dataclass(frozen=True, slots=True)
class _Item:
    word: str
    chosen: bool
    act: Handler


def _menu(words: str, icon: ft.IconData, key: str, groups: Sequence[Sequence[_Item]]) -> ft.Control:
    """A button with a list behind it; what holds now has a check mark, groups are parted by a line."""
    items: list[ft.PopupMenuItem] = []
    for group in groups:
        if items and group:
            items.append(ft.PopupMenuItem())
        items.extend(
            ft.PopupMenuItem(content=item.word, checked=item.chosen, on_click=calls_with(item.act)) for item in group
        )
    return spoken(ft.PopupMenuButton(icon=icon, tooltip="", key=key, items=items), words, key=key)


def _text_size_items(look: Look, on_text_size: Callable[[float], Any]) -> list[_Item]:
    return [_Item(f"{round(size * 100)} %", size == look.text_size, partial(on_text_size, size)) for size in TEXT_SIZES]


def _colours_items(words: FrameWords, look: Look, on_colours: Callable[[str], Any]) -> list[_Item]:
    return [
        _Item(words.light, not look.dark, partial(on_colours, "light")),
        _Item(words.dark, look.dark, partial(on_colours, "dark")),
        _Item(words.high_contrast, look.high_contrast, partial(on_colours, "high_contrast")),
    ]


def _language_items(language: str, on_language: Callable[[str], Any]) -> list[_Item]:
    return [_Item(word, code == language, partial(on_language, code)) for code, word in LANGUAGES]


def next_look(look: Look, colours: str) -> Look:
    """The look after a choice in the colours menu: light or dark, with high contrast switched on its own."""
    if colours == "high_contrast":
        return Look(look.text_size, look.dark, not look.high_contrast)
    return Look(look.text_size, colours == "dark", look.high_contrast)
