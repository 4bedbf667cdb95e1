"""修了証: a certificate for everybody who came to as many sessions as the rule asks."""

from collections.abc import Callable
from typing import Any

import flet as ft

from events.programme_workshop import WorkshopPage
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import NumberInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.handing_out_certificates import hand_out_completions
from supportapp.hooks import use_office
from supportapp.theme import STEP
from supportapp.views.handing_over import use_hand_over


@ft.component
def CompletionPapers(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """How many sessions count as completed (all of them unless told), and one button."""
    office = use_office()
    say = office.words
    hand = use_hand_over()
    at_least, set_at_least = ft.use_state(len(page.sessions))

    async def take() -> None:
        await hand(
            lambda: hand_out_completions(
                office.backend,
                office.actor,
                workshop_id=page.workshop_id,
                at_least=at_least,
                language=office.language,
            )
        )

    parts: list[ft.Control] = []
    if hand.error:
        parts.append(error_banner(hand.error))
    if hand.done:
        parts.append(DoneBanner(hand.done, banner_key="completion-handed", on_close=hand.clear, stays=True))
    parts += [
        NumberInput(
            say("paper.session.at_least"),
            field_key="completion-at-least",
            value=at_least,
            on_change=lambda value: set_at_least(value or 0),
        ),
        ft.Row(
            [
                primary_button(
                    say("paper.session.completions_do"), calls_with(take), key="completion-do", busy=hand.busy
                ),
                quiet_button(say("announce.close"), lambda _event: on_close(""), key="completion-close"),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        ),
    ]
    return card(parts, title=say("paper.session.completions_title"), key="completion-part")
