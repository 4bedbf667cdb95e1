"""The panel that holds a draw: the first one with one button, another one with a reason."""

from collections.abc import Callable

import flet as ft

from events.draw.holding import hold_draw
from events.draw.page import DrawPage
from supportapp.components.buttons import danger_button, primary_button, quiet_button
from supportapp.components.fields import TextInput, form
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import quiet
from supportapp.hooks import use_action, use_office
from supportapp.theme import STEP


@ft.component
def DrawPanel(
    page: DrawPage, count: int, *, on_done: Callable[[str], None], on_keep: Callable[[], None] | None = None
) -> ft.Control:
    """Draw ``count`` applications. A reason is asked for before the deadline and for another draw."""
    office = use_office()
    say = office.words
    typed = ft.use_ref({"seed": "", "reason": ""})
    act = use_action()
    again = page.drawn_at is not None

    def note(name: str) -> Callable[[str], None]:
        def noted(text: str) -> None:
            typed.current = {**(typed.current or {}), name: text}

        return noted

    async def hold(_event: object) -> None:
        values = typed.current or {}
        receipt = await act(
            hold_draw,
            intake_id=page.intake_id,
            seed=values.get("seed", ""),
            reason=values.get("reason", ""),
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            counts = {"seats": receipt.seats, "reserves": receipt.reserves, "lost": receipt.lost}
            on_done(say("draw.held_done", set_apart=receipt.set_apart, **counts))
            if on_keep is not None:
                on_keep()

    fields: list[ft.Control] = []
    if again or page.is_open:
        label = say("draw.reason_again") if again else say("draw.reason_early")
        fields.append(TextInput(label, field_key="draw-reason", on_change=note("reason"), autofocus=again))
    fields.append(
        TextInput(
            say("draw.seed_field"), field_key="draw-seed", on_change=note("seed"), help_text=say("draw.seed_help")
        )
    )
    buttons: list[ft.Control] = [
        danger_button(say("draw.hold_again"), hold, key="draw-hold", busy=act.busy)
        if again
        else primary_button(say("draw.hold"), hold, key="draw-hold", busy=act.busy)
    ]
    if on_keep is not None:
        keep = on_keep
        buttons.append(quiet_button(say("draw.keep"), lambda _event: keep(), key="draw-keep"))
    title = (
        say("draw.hold_again_title", count=count)
        if again
        else say("draw.hold_title", taking=count, places=page.places)
    )
    return card(
        [
            quiet(say("draw.hold_help")),
            form(fields),
            ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP),
            *([error_banner(act.error)] if act.error else []),
        ],
        title=title,
        key="draw-panel",
    )
