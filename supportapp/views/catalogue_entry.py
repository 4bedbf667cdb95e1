"""The form of one entry of a catalogue, made from the catalogue's list of fields."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import flet as ft

from events.catalogue import CatalogueLine
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import NumberInput, SelectInput, TextInput, check_row, form
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.hooks import Action, Office, use_office
from supportapp.theme import STEP
from supportapp.views.catalogue_kinds import CHOICE, NOTE, NUMBER, TICK, Catalogue, edited

_NO_CHOICE = "none"


@ft.component
def EntryForm(
    kind: Catalogue,
    line: CatalogueLine | None,
    act: Action,
    *,
    on_save: Callable[[CatalogueLine | None, Any], Awaitable[None]],
    on_leave: Callable[[], None],
) -> ft.Control:
    """A new entry, or one to change; ``on_save`` gets the entry and its draft as typed."""
    office = use_office()
    say = office.words
    draft, set_draft = ft.use_state(line.draft if line else kind.empty)

    def change(name: str, value: object) -> None:
        set_draft(lambda before: edited(before, name, value))

    buttons = ft.Row(
        [
            primary_button(
                say("settings.save"), calls_with(on_save, line, draft), key=f"{kind.name}-save", busy=act.busy
            ),
            quiet_button(say("settings.leave"), calls_with(on_leave), key=f"{kind.name}-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    fields = [_field(office, kind, draft, name, sort, partial(change, name)) for name, sort in kind.fields]
    error = [error_banner(act.error)] if act.error else []
    title = line.draft.name if line else say(f"settings.{kind.name}_add")
    return card([form([*fields, *error, buttons])], title=title, key=f"{kind.name}-form")


def _field(
    office: Office, kind: Catalogue, draft: Any, name: str, sort: str, change: Callable[[Any], None]
) -> ft.Control:
    say = office.words
    value, key = getattr(draft, name), f"{kind.name}-{name}"
    label = say(f"settings.{kind.name}_{name}") if name not in kind.choices else say(f"settings.{kind.name}_{name}_of")
    if sort == NUMBER:
        return NumberInput(label, field_key=key, value=value, on_change=change, unit=say("settings.minutes_unit"))
    if sort == TICK:
        return check_row(label, field_key=key, value=value, on_change=change)
    if sort == CHOICE:
        words = [(each, say(f"settings.{kind.name}_{name}.{each}")) for each in kind.choices[name]]
        return SelectInput(
            label,
            [(_NO_CHOICE, say("settings.no_choice")), *words],
            field_key=key,
            value=value or _NO_CHOICE,
            on_change=lambda chosen: change("" if chosen == _NO_CHOICE else chosen),
        )
    return TextInput(label, field_key=key, value=value, on_change=change, lines=2 if sort == NOTE else 1)
