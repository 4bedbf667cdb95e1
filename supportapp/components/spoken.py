"""Spoken names: what a screen reader says, and the mark by which a test finds a control."""

import flet as ft


def spoken(control: ft.Control, words: str | None = None, *, key: str | None = None) -> ft.Control:
    """Make ``control`` one thing for a screen reader, called ``words``; ``key`` becomes its identifier.

    Only around a single control: buttons inside would be swallowed.
    """
    return ft.MergeSemantics(ft.Semantics(label=words, identifier=key, content=control))
