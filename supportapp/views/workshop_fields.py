"""The fields of a plan: a kind, six values, and behind a button what the kind fills in."""

from typing import Any, Final

import flet as ft

from events.planning.dates import Rhythm
from events.planning.kinds import kind_template
from events.programme_venues import VenueLine
from events.programme_workshop import WorkshopChoices
from events.states import IntakeMethod, WorkshopKind
from supportapp.components.buttons import quiet_button
from supportapp.components.fields import NumberInput, TextInput, choice_row
from supportapp.components.screen import Screen
from supportapp.hooks import Office
from supportapp.views.planning_fields import named_field, tick_row, time_field
from supportapp.views.session_fields import meeting_fields
from supportapp.views.workshop_draft import Plan

_KINDS: Final = tuple(WorkshopKind)


def plan_fields(
    office: Office,
    screen: Screen,
    plan: Plan,
    venues: tuple[VenueLine, ...],
    choices: WorkshopChoices | None,
    change: Any,
) -> list[ft.Control]:
    """All fields, the rare ones behind a button. ``change`` gets the new values by name."""
    say = office.words

    def choose_kind(value: str) -> None:
        kind = WorkshopKind(value)
        template = kind_template(kind)
        usual = say(f"workshop.title.{plan.kind.value}")
        title = plan.title if plan.title.strip() and plan.title != usual else say(f"workshop.title.{value}")
        change(kind=kind, title=title, seats=template.seats, starts=template.starts, ends=None, devices=None)

    return [
        choice_row(
            say("workshop.kind_question"),
            [(kind.value, say(f"workshop.kind.{kind.value}")) for kind in _KINDS],
            field_key="plan-kind",
            value=plan.kind.value,
            on_change=choose_kind,
        ),
        TextInput(
            say("workshop.field_title"),
            field_key="plan-title",
            value=plan.title,
            on_change=lambda text: change(title=text),
        ),
        *meeting_fields(office, screen, plan, venues, change, key="plan"),
        *_rhythm_fields(office, screen, plan, change),
        *_more_fields(office, plan, choices, change),
    ]


def _rhythm_fields(office: Office, screen: Screen, plan: Plan, change: Any) -> list[ft.Control]:
    say = office.words
    rhythms = [each for each in Rhythm if each is not Rhythm.DAILY]

    def choose(value: str) -> None:
        rhythm = Rhythm(value)
        change(rhythm=rhythm, count=1 if rhythm is Rhythm.ONCE else max(plan.count or 0, 2))

    def choose_week(number: int, chosen: bool) -> None:
        weeks = {*plan.nths, number} if chosen else {*plan.nths} - {number}
        change(nths=tuple(sorted(weeks)))

    fields: list[ft.Control] = [
        choice_row(
            say("workshop.field_rhythm"),
            [(each.value, say(f"workshop.rhythm.{each.value}")) for each in rhythms],
            field_key="plan-rhythm",
            value=plan.rhythm.value,
            on_change=choose,
        )
    ]
    if plan.rhythm is Rhythm.NTH_WEEKDAYS:
        fields.append(
            tick_row(
                screen,
                [(number, say(f"workshop.nth.{number}")) for number in range(1, 6)],
                plan.nths,
                choose_week,
                key="plan-nth",
            )
        )
    if plan.rhythm is not Rhythm.ONCE:
        fields.append(
            NumberInput(
                say("workshop.field_count"),
                field_key="plan-count",
                value=plan.count,
                on_change=lambda count: change(count=count),
                unit=say("workshop.times_unit"),
            )
        )
    return fields


def _more_fields(office: Office, plan: Plan, choices: WorkshopChoices | None, change: Any) -> list[ft.Control]:
    say = office.words
    words = say("workshop.fewer_fields" if plan.more else "workshop.more_fields")
    icon = ft.Icons.EXPAND_LESS if plan.more else ft.Icons.EXPAND_MORE
    toggle = quiet_button(words, lambda _event: change(more=not plan.more), key="plan-more", icon=icon)
    if not plan.more:
        return [ft.Row([toggle])]
    template = kind_template(plan.kind)
    return [
        ft.Row([toggle]),
        time_field(office, say("workshop.field_end"), plan.ends, lambda ends: change(ends=ends), key="plan-end"),
        NumberInput(
            say("field.devices"),
            field_key="plan-devices",
            value=plan.devices,
            on_change=lambda devices: change(devices=devices),
        ),
        choice_row(
            say("workshop.fact_method"),
            [(each.value, say(f"workshop.method.{each.value}")) for each in IntakeMethod],
            field_key="plan-method",
            value=(plan.method or template.method).value,
            on_change=lambda value: change(method=IntakeMethod(value)),
        ),
        TextInput(
            say("field.target"),
            field_key="plan-target",
            value=plan.target or say(f"workshop.target.{plan.kind.value}"),
            on_change=lambda text: change(target=text),
        ),
        named_field(
            say("workshop.fact_department"),
            say("workshop.none_yet"),
            choices.departments if choices else (),
            plan.department_id,
            lambda found: change(department_id=found),
            key="plan-department",
        ),
        TextInput(
            say("field.funding_source"),
            field_key="plan-funding",
            value=plan.funding_source,
            on_change=lambda text: change(funding_source=text),
        ),
        NumberInput(
            say("field.cost"), field_key="plan-cost", value=plan.cost, on_change=lambda cost: change(cost=cost)
        ),
    ]
