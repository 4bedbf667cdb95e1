"""The arrow keys in a search field: up and down among the rows below it, while the cursor stays in the field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import flet as ft

_STEPS: Final = {"Arrow Down": 1, "Arrow Up": -1}


@dataclass(frozen=True, slots=True)
class Arrows:
    """Where the arrow keys stand: ``at`` is the key of a row, "" in the field itself.

    ``now`` answers the same, true even before the screen was drawn again.
    """

    at: str
    now: Callable[[], str]
    step: Callable[[int], None]


def use_arrows(rows: Sequence[str]) -> Arrows:
    """Walk through ``rows`` (their keys, from top to bottom); a row that has gone lets go of the mark."""
    at, set_at = ft.use_state("")
    newest: Any = ft.use_ref("")
    order: Any = ft.use_ref(())
    order.current = tuple(rows)

    def now() -> str:
        mark: str = newest.current
        return mark if mark in order.current else ""

    def step(by: int) -> None:
        stops = ("", *order.current)
        position = min(max(stops.index(now()) + by, 0), len(stops) - 1)
        newest.current = stops[position]
        set_at(stops[position])

    return Arrows(at if at in order.current else "", now, step)


def hears_arrows(field: ft.Control, on_step: Callable[[int], Any]) -> ft.Control:
    """Tell ``on_step`` 1 for the arrow down and -1 for up while the cursor is in ``field``.

    The arrows of an input method that is composing reach nobody (our own page holds them back).
    """

    def pressed(event: Any) -> None:
        if event.key in _STEPS:
            on_step(_STEPS[event.key])

    return ft.KeyboardListener(field, on_key_down=pressed, on_key_repeat=pressed, include_semantics=False)


def row_at(row: ft.Control, row_key: str) -> ft.Control:
    """A row of the list, findable by its key when it is to be brought into sight."""
    key: Any = ft.ScrollKey
    return ft.Container(row, key=key(row_key))


def says_row(words: str) -> ft.Control:
    """Tells a screen reader the row that the arrow keys stand on; nothing to see."""
    return ft.Semantics(container=True, live_region=True, label=words, content=ft.Container(height=1))


def use_row_in_sight(at: str) -> "ft.Ref[Any]":
    """A reference for the list that scrolls; the row (``row_at``) whose key is ``at`` is brought into sight."""
    holder: Any = ft.use_ref(ft.Ref)
    listed: ft.Ref[Any] = holder.current

    async def bring() -> None:
        if at and listed.current is not None:
            await listed.current.scroll_to(scroll_key=at, duration=0)

    ft.use_effect(bring, [at])
    return listed
