"""設定: what the office decided for itself; each part on a page of its own."""

from collections.abc import Sequence
from typing import Final

import flet as ft

from supportapp.components.handlers import calls_with
from supportapp.components.layout import data_list, data_row, screen_column, title_row
from supportapp.components.texts import quiet, row_title
from supportapp.hooks import use_office
from supportapp.identity import Role
from supportapp.theme import STEP

_PARTS: Final = (
    ("city", "/settings/city", ft.Icons.TUNE),
    ("department", "/settings/departments", ft.Icons.ACCOUNT_TREE_OUTLINED),
    ("topic", "/settings/topics", ft.Icons.MENU_BOOK_OUTLINED),
    ("organisation", "/organisations", ft.Icons.APARTMENT_OUTLINED),
)
_VENUES: Final = ("venues", "/venues", ft.Icons.PLACE_OUTLINED)
_LOG: Final = ("log", "/log", ft.Icons.HISTORY)


@ft.component
def SettingsScreen() -> ft.Control:
    """The parts of the settings as rows, each with what it is for."""
    office = use_office()
    say = office.words
    parts: Sequence[tuple[str, str, ft.IconData]] = _PARTS
    if office.actor.role is Role.ORGANISER:  # an administrator has the log on the rail, and plans nothing
        parts = (*_PARTS, _VENUES, _LOG)
    rows = [
        data_row(
            [
                ft.Container(width=STEP),
                ft.Icon(icon, color=ft.Colors.PRIMARY),
                ft.Container(
                    ft.Column(
                        [row_title(say(f"settings.{name}_title")), quiet(say(f"settings.{name}_lead"))],
                        spacing=0,
                        tight=True,
                    ),
                    expand=True,
                    padding=ft.Padding.symmetric(vertical=STEP),
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT),
            ],
            key=f"settings-{name}",
            on_click=calls_with(office.go, path),
        )
        for name, path, icon in parts
    ]
    return screen_column([title_row(say("settings.title"), under=quiet(say("settings.lead"))), data_list(rows)])
