"""Change what a workshop says."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.planning.drafts import HostDraft, WorkshopEdit
from events.planning.editing import edit_workshop
from events.programme_workshop import WorkshopPage, workshop_choices
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import NumberInput, TextInput, form
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.hooks import use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.host_fields import HostFields
from supportapp.views.planning_fields import named_field

_LINES: Final = {"summary": 3, "target": 2, "bring": 1, "application_text": 2, "improve_next": 2}


@dataclass(frozen=True, slots=True)
class _Form:
    """The texts and numbers of a workshop that people change."""

    title: str
    summary: str
    target: str
    bring: str
    application_text: str
    url: str
    contact_name: str
    contact_telephone: str
    funding_source: str
    improve_next: str
    fee: int | None
    cost: int | None
    department_id: UUID | None
    topic_id: UUID | None
    hosts: tuple[HostDraft, ...] = ()


def _form_of(page: WorkshopPage) -> _Form:
    values = {each.name: getattr(page, each.name) for each in fields(_Form)}
    values["hosts"] = tuple(HostDraft(host.organisation_id, host.part) for host in page.hosts)
    return _Form(**values)


@ft.component
def WorkshopEditor(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """The form; ``on_close`` gets what was done as a sentence, or nothing."""
    office = use_office()
    say = office.words
    values, set_values = ft.use_state(_form_of(page))
    choices = use_query(workshop_choices, (), municipality_code=office.actor.municipality_code).value
    act = use_action()

    def change(name: str) -> Callable[[Any], None]:
        return lambda value: set_values(lambda before: replace(before, **{name: value}))

    async def save(_event: object) -> None:
        edit = WorkshopEdit(**{each.name: getattr(values, each.name) for each in fields(_Form)})
        receipt = await act(
            edit_workshop,
            workshop_id=page.workshop_id,
            version=page.version,
            edit=edit,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            on_close(say("workshop.edited_done"))

    texts = [
        TextInput(
            say(f"field.{each.name}"),
            field_key=f"workshop-{each.name}",
            value=getattr(values, each.name),
            lines=_LINES.get(each.name, 1),
            on_change=change(each.name),
        )
        for each in fields(_Form)
        if each.type in {"str", str}
    ]
    numbers = [
        NumberInput(
            say(f"field.{name}"), field_key=f"workshop-{name}", value=getattr(values, name), on_change=change(name)
        )
        for name in ("fee", "cost")
    ]
    chosen = [
        named_field(
            say("workshop.fact_department"),
            say("workshop.none_yet"),
            choices.departments if choices else (),
            values.department_id,
            change("department_id"),
            key="workshop-department",
        ),
        named_field(
            say("workshop.fact_topic"),
            say("workshop.none_yet"),
            choices.topics if choices else (),
            values.topic_id,
            change("topic_id"),
            key="workshop-topic",
        ),
        HostFields(
            values.hosts,
            choices.organisations if choices else (),
            {host.organisation_id: host.name for host in page.hosts},
            change("hosts"),
        ),
    ]
    buttons = ft.Row(
        [
            primary_button(say("workshop.save"), save, key="workshop-save", busy=act.busy),
            quiet_button(say("workshop.leave_edit"), lambda _event: on_close(""), key="workshop-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    error = [error_banner(act.error)] if act.error else []
    return card(
        [form([*texts, *numbers, *chosen, *error, buttons])], title=say("workshop.edit"), key="workshop-editor"
    )
