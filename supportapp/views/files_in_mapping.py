"""Which column of somebody else's form holds what: guessed from its headers, changed by hand, kept by a name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft

from supportapp.components.buttons import primary_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import body, quiet
from supportapp.hooks import use_office
from supportapp.people_in.columns import FormField
from supportapp.theme import GAP, STEP


@ft.component
def MappingPart(
    fields: Sequence[FormField],
    headers: Sequence[str],
    guessed: Mapping[str, str],
    on_read: Callable[[Mapping[str, str], Mapping[str, str], str], Any],
) -> ft.Control:
    """One choice for each column of ours; a required one without a column may hold one text for all rows."""
    office = use_office()
    say = office.words
    chosen, set_chosen = ft.use_state(dict(guessed))
    nothing: dict[str, str] = {}
    fixed, set_fixed = ft.use_state(nothing)
    name, set_name = ft.use_state("")
    missing, set_missing = ft.use_state("")

    def choose(field: str) -> Callable[[str], None]:
        return lambda header: set_chosen(lambda before: {**before, field: header})

    def fix(field: str) -> Callable[[str], None]:
        return lambda text: set_fixed(lambda before: {**before, field: text})

    async def read(_event: Any) -> None:
        columns = {field: header for field, header in chosen.items() if header}
        texts = {field: text.strip() for field, text in fixed.items() if text.strip() and field not in columns}
        lacking = [each.header for each in fields if each.required and each.field not in {*columns, *texts}]
        if lacking:
            set_missing(say("files_in.mapping_missing", columns=say("files_in.listing").join(lacking)))
            return
        await on_read(columns, texts, name.strip())

    options = [("", say("files_in.mapping_none")), *((header, header) for header in dict.fromkeys(headers) if header)]
    parts: list[ft.Control] = [body(say("files_in.mapping_lead"))]
    for each in fields:
        label = say("files_in.mapping_required", column=each.header) if each.required else each.header
        value = chosen.get(each.field, "")
        parts.append(
            SelectInput(label, options, field_key=f"map-{each.field}", value=value, on_change=choose(each.field))
        )
        if each.required and not value:
            parts.append(
                TextInput(
                    say("files_in.mapping_fixed", column=each.header),
                    field_key=f"fixed-{each.field}",
                    value=fixed.get(each.field, ""),
                    on_change=fix(each.field),
                )
            )
    parts.append(
        TextInput(
            say("files_in.mapping_name"),
            field_key="mapping-name",
            value=name,
            on_change=set_name,
            help_text=say("files_in.mapping_name_help"),
        )
    )
    if missing:
        parts.append(error_banner(missing))
    button = primary_button(say("files_in.mapping_read"), read, key="read-with-mapping")
    parts += [ft.Row([button], wrap=True, spacing=GAP, run_spacing=STEP), quiet(say("files_in.mapping_hint"))]
    return card(parts, title=say("files_in.mapping_title"), key="mapping")
