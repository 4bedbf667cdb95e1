"""Sentences in the sizes of the theme; each wraps and grows with the text size."""

from typing import Any

import flet as ft


def page_title(words: str, **more: Any) -> ft.Text:
    """The name of a place or the headline of a record; one on each screen."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM, **more)


def section_title(words: str, **more: Any) -> ft.Text:
    """The heading of one part of a screen."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.TITLE_LARGE, **more)


def row_title(words: str, **more: Any) -> ft.Text:
    """What a row or a small card is about."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, **more)


def body(words: str, **more: Any) -> ft.Text:
    """A sentence to read."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.BODY_LARGE, **more)


def quiet(words: str, **more: Any) -> ft.Text:
    """What stands by: a hint, a time of change. Never something that decides."""
    more.setdefault("color", ft.Colors.ON_SURFACE_VARIANT)
    return ft.Text(words, theme_style=ft.TextThemeStyle.BODY_SMALL, **more)


def figure(words: str, **more: Any) -> ft.Text:
    """A count or a time in large type, read from across a desk."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.DISPLAY_SMALL, **more)


def name(words: str, **more: Any) -> ft.Text:
    """A person's name at reception."""
    return ft.Text(words, theme_style=ft.TextThemeStyle.HEADLINE_SMALL, **more)
