"""What was done, said where the eye is, with a way back for ten seconds."""

import asyncio
from typing import Final

import flet as ft

from supportapp.components.buttons import Tap, quiet_button, secondary_button
from supportapp.components.handlers import calls_with, hand_on
from supportapp.components.texts import body
from supportapp.theme import GAP, HAIRLINE, MARKS, RADIUS, STEP

SECONDS: Final = 10


@ft.component
def DoneBanner(
    sentence: str,
    *,
    banner_key: str,
    on_close: Tap,
    undo_words: str | None = None,
    on_undo: Tap = None,
    close_words: str | None = None,
    stays: bool = False,
) -> ft.Control:
    """Says what is done. Goes by itself after ten seconds (``on_close``) unless it ``stays``."""
    newest = ft.use_ref(0)

    async def fade() -> None:
        newest.current = mine = (newest.current or 0) + 1
        if not stays:
            await asyncio.sleep(SECONDS)
            if newest.current == mine:  # a later sentence has a ten seconds of its own
                await hand_on(on_close)

    def leave() -> None:
        newest.current = (newest.current or 0) + 1

    ft.use_effect(fade, [sentence, stays], cleanup=leave)
    mark = MARKS["enough"]
    buttons: list[ft.Control] = []
    if undo_words:
        buttons.append(secondary_button(undo_words, on_undo, key=f"{banner_key}-undo", icon=ft.Icons.UNDO))
    if close_words:
        buttons.append(quiet_button(close_words, calls_with(on_close), key=f"{banner_key}-close"))
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            ft.Row(
                [
                    ft.Icon(mark.icon, color=mark.color),
                    ft.Container(body(sentence), expand=True),
                    *buttons,
                ],
                spacing=GAP,
                run_spacing=STEP,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            bgcolor=mark.ground,
            border=ft.Border.all(HAIRLINE, mark.color),
            border_radius=RADIUS,
            padding=GAP,
        ),
    )
