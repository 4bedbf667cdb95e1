"""How many slips for whom: in one line, and as five numbers to change."""

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from events.draw.page import DrawPage
from events.draw.rules import DrawRules, set_draw_rules
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import NumberInput
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import body
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, STEP

_SLIPS = ("usual", "first_time", "lost_before", "resident")


@ft.component
def DrawRulesCard(page: DrawPage, *, on_done: Callable[[str], None]) -> ft.Control:
    """The weights of a draw."""
    office = use_office()
    say = office.words
    editing, set_editing = ft.use_state(False)
    rules, set_rules = ft.use_state(page.rules)
    act = use_action()

    def change(name: str, value: int | None) -> None:
        set_rules(lambda before: replace(before, **{name: value if name == "reserves" else value or 0}))

    async def save(_event: object) -> None:
        receipt = await act(
            set_draw_rules, intake_id=page.intake_id, rules=rules, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            set_editing(False)
            on_done(say("draw.rules_done"))

    def edit(_event: object) -> None:
        set_rules(page.rules)
        set_editing(True)

    title = say("draw.rules_title")
    if not editing:
        words = {name: getattr(page.rules, name) for name in _SLIPS}
        line = body(say("draw.rules_words", reserves=page.reserves, **words))
        return card(
            [line, ft.Row([secondary_button(say("draw.rules_edit"), edit, key="draw-rules-edit")])], title=title
        )
    buttons = [
        primary_button(say("draw.rules_save"), save, key="draw-rules-save", busy=act.busy),
        quiet_button(say("draw.keep"), lambda _event: set_editing(False), key="draw-rules-keep"),
    ]
    return card(
        [
            ft.Row(_fields(office, rules, change), wrap=True, spacing=GAP, run_spacing=GAP),
            *([error_banner(act.error)] if act.error else []),
            ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP),
        ],
        title=title,
    )


def _fields(office: Office, rules: DrawRules, change: Callable[[str, int | None], None]) -> list[ft.Control]:
    say = office.words

    def changes(name: str) -> Callable[[int | None], None]:
        return lambda value: change(name, value)

    fields: list[ft.Control] = [
        NumberInput(
            say(f"draw.rule_{name}"),
            field_key=f"draw-{name}",
            value=getattr(rules, name),
            on_change=changes(name),
            unit=say("draw.slip_unit"),
        )
        for name in _SLIPS
    ]
    reserves = NumberInput(
        say("draw.rule_reserves"),
        field_key="draw-reserves",
        value=rules.reserves,
        on_change=changes("reserves"),
        unit=say("draw.people_unit"),
        help_text=say("draw.rule_reserves_help"),
    )
    return [*fields, reserves]
