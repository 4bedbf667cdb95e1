"""Waiting until a person pauses, so that not every letter asks the database."""

import asyncio
from typing import Final, TypeVar

import flet as ft

T = TypeVar("T")
WHILE_TYPING: Final = 0.2  # seconds: shorter than the pause between two words, longer than between two keys


def use_pause(value: T, seconds: float = WHILE_TYPING) -> T:
    """``value`` as it stood when it last did not change for ``seconds``."""
    settled, set_settled = ft.use_state(value)
    newest = ft.use_ref(0)

    async def wait() -> None:
        newest.current = mine = (newest.current or 0) + 1
        await asyncio.sleep(seconds)
        if newest.current == mine:
            set_settled(value)

    ft.use_effect(wait, [value])
    return settled
