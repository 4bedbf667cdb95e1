"""主催・共催・協力: the bodies of a workshop, each with its part, added from the settings' list and taken off again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.planning.drafts import HostDraft
from events.programme_workshop import Named
from supportapp.components.buttons import quiet_button
from supportapp.components.fields import SelectInput, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.texts import body, quiet
from supportapp.hooks import use_office
from supportapp.theme import STEP
from supportapp.views.planning_fields import NOWHERE

_PARTS: Final = ("host", "co_host", "support")


@ft.component
def HostFields(
    hosts: Sequence[HostDraft],
    bodies: Sequence[Named],
    names: Mapping[UUID, str],
    on_change: Callable[[tuple[HostDraft, ...]], Any],
) -> ft.Control:
    """Who hosts. ``names`` knows bodies that the settings no longer offer."""
    say = use_office().words
    part, set_part = ft.use_state(_PARTS[0])
    known = {**names, **{each.row_id: each.name for each in bodies}}

    def take_off(host: HostDraft) -> None:
        on_change(tuple(each for each in hosts if each != host))

    def add(chosen: str) -> None:
        found = next((each.row_id for each in bodies if str(each.row_id) == chosen), None)
        if found is not None and HostDraft(found, part) not in hosts:
            on_change((*hosts, HostDraft(found, part)))

    rows: list[ft.Control] = [
        ft.Row(
            [
                body(f"{known.get(host.organisation_id, '')}（{say(f'workshop.host_part.{host.part}')}）"),
                quiet_button(
                    say("workshop.host_off"), calls_with(take_off, host), key=f"host-off-{host.part}-{number}"
                ),
            ],
            wrap=True,
            spacing=STEP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
        for number, host in enumerate(hosts)
    ]
    if not bodies:
        rows.append(quiet(say("workshop.no_bodies")))
        return ft.Column(rows, spacing=STEP, tight=True)
    words = [(each, say(f"workshop.host_part.{each}")) for each in _PARTS]
    rows += [
        choice_row(say("workshop.fact_hosts"), words, field_key="host-part", value=part, on_change=set_part),
        SelectInput(
            say("workshop.host_add"),
            [(NOWHERE, say("workshop.host_choose")), *((str(each.row_id), each.name) for each in bodies)],
            field_key="host-add",
            value=NOWHERE,
            on_change=add,
        ),
    ]
    return ft.Column(rows, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
