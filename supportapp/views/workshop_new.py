"""講座を企画する: a kind, six fields, and beside them the sentence to check with everything that speaks against it."""

from dataclasses import replace
from typing import Any, Final

import flet as ft

from events.errors import DomainError
from events.planning.clashes import check_sessions
from events.planning.dates import Rhythm, Series
from events.planning.drafts import Caution
from events.planning.kinds import kind_template
from events.planning.publishing import publish_workshop
from events.planning.workshops import create_workshop
from events.programme_venues import VenueLine, venues_list
from events.programme_workshop import WorkshopChoices, workshop_choices
from events.states import IntakeMethod, WorkshopKind
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import NumberInput, SelectInput, TextInput, check_row, choice_row
from supportapp.components.layout import card, screen_column, title_row, two_pane
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import error_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.planning_fields import NOWHERE, day_field, place_fields, tick_row, time_field, when_fields
from supportapp.views.planning_parts import caution_banners
from supportapp.views.workshop_draft import Plan, days_of, first_plan, preview, session_drafts, workshop_draft
from supportapp.wording import refusal

_KINDS: Final = tuple(WorkshopKind)
_SHARES: Final = (3, 2)


@ft.component
def WorkshopNew() -> ft.Control:
    """Plan a workshop with six values or fewer."""
    office = use_office()
    screen = use_screen()
    say = office.words
    code = office.actor.municipality_code
    plan, set_plan = ft.use_state(first_plan(office))
    venues = use_query(venues_list, (), municipality_code=code, today=office.today).value or ()
    choices = use_query(workshop_choices, (), municipality_code=code).value
    days, problem = _days(office, plan, venues)
    drafts = session_drafts(plan, days.days)
    minute = office.now().replace(second=0, microsecond=0)
    checked = use_query(
        check_sessions, (), municipality_code=code, kind=plan.kind, drafts=drafts, now=minute, except_session_id=None
    )
    act = use_action()

    def begin_again() -> None:
        if plan.asked != first_plan(office).asked:  # another day or room was tapped in the calendar
            set_plan(first_plan(office))

    ft.use_effect(begin_again, [office.page.route])

    def change(**values: Any) -> None:
        set_plan(lambda before: replace(before, **values))

    async def save(*, publish: bool) -> None:
        now, by = office.now(), office.actor.name
        receipt = await act(
            create_workshop,
            municipality_code=code,
            draft=workshop_draft(office, plan),
            sessions=drafts,
            now=now,
            by=by,
        )
        if receipt is None:
            return
        if publish:
            await act(publish_workshop, workshop_id=receipt.workshop_id, version=1, now=now, by=by)
        office.go(f"/workshops/{receipt.workshop_id}")

    async def register(_event: object) -> None:
        await save(publish=False)

    async def register_and_publish(_event: object) -> None:
        await save(publish=True)

    error = act.error or problem or checked.error
    fields = card(_fields(office, screen, plan, venues, choices, change), key="plan-fields")
    to_check = card(
        [
            row_title(say("workshop.conclusion")),
            *_sentences(office, plan, days, venues),
            *_cautions(office, plan, checked.value or (), change, loading=checked.loading),
            *([error_banner(error)] if error else []),
            ft.Row(
                [
                    primary_button(
                        say("workshop.register"),
                        register,
                        key="plan-register",
                        busy=act.busy,
                        disabled=not drafts,
                    ),
                    secondary_button(
                        say("workshop.register_publish"),
                        register_and_publish,
                        key="plan-register-publish",
                        disabled=not drafts or act.busy,
                    ),
                ],
                wrap=True,
                spacing=STEP,
                run_spacing=STEP,
            ),
        ],
        key="plan-check",
    )
    return screen_column([title_row(say("workshop.new_title")), two_pane(screen, fields, to_check, shares=_SHARES)])


def _days(office: Office, plan: Plan, venues: tuple[VenueLine, ...]) -> tuple[Series, str]:
    try:
        days = days_of(plan, venues)
        preview(office, plan, days.days, venues)
    except DomainError as error:
        return Series((), ()), refusal(office.words, error)
    return days, ""


def _fields(
    office: Office,
    screen: Screen,
    plan: Plan,
    venues: tuple[VenueLine, ...],
    choices: WorkshopChoices | None,
    change: Any,
) -> list[ft.Control]:
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
        *when_fields(
            screen,
            day_field(office, say("workshop.field_day"), plan.day, lambda day: change(day=day), key="plan-day"),
            time_field(
                office,
                say("workshop.field_start"),
                plan.starts,
                lambda starts: change(starts=starts),
                key="plan-start",
            ),
        ),
        *place_fields(
            office,
            venues,
            plan.venue_id,
            plan.room_id,
            lambda venue_id, room_id: change(venue_id=venue_id, room_id=room_id),
            key="plan",
        ),
        NumberInput(
            say("workshop.field_seats"),
            field_key="plan-seats",
            value=plan.seats,
            on_change=lambda seats: change(seats=seats),
            unit=say("workshop.people_unit"),
        ),
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
    departments = choices.departments if choices else ()
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
        SelectInput(
            say("workshop.fact_department"),
            [(NOWHERE, say("workshop.none_yet")), *((str(each.row_id), each.name) for each in departments)],
            field_key="plan-department",
            value=str(plan.department_id) if plan.department_id else NOWHERE,
            on_change=lambda value: change(
                department_id=next((each.row_id for each in departments if str(each.row_id) == value), None)
            ),
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


def _sentences(office: Office, plan: Plan, days: Series, venues: tuple[VenueLine, ...]) -> list[ft.Control]:
    say = office.words
    try:
        sentences = preview(office, plan, days.days, venues)
    except DomainError:
        sentences = [say("workshop.fill_in")]
    lines: list[ft.Control] = [
        ft.Semantics(live_region=True, content=ft.Column([body(line) for line in sentences], spacing=STEP, tight=True))
    ]
    if len(days.days) > 1:
        shown = "、".join(day_words(say, office.language, day, office.today) for day in days.days)
        lines.append(quiet(say("workshop.days_are", days=shown)))
    lines += [
        quiet(
            say(
                "workshop.skipped",
                day=day_words(say, office.language, each.day, office.today),
                why=say(f"workshop.why.{each.why}"),
            )
        )
        for each in days.skipped
    ]
    return lines


def _cautions(
    office: Office, plan: Plan, cautions: tuple[Caution, ...], change: Any, *, loading: bool
) -> list[ft.Control]:
    say = office.words
    if not plan.is_complete:
        return []
    if not cautions:
        return [quiet(say("workshop.checking" if loading else "workshop.no_cautions"))]
    parts = caution_banners(office, cautions)
    levels = {caution.level for caution in cautions}
    if "ask" in levels:
        parts.append(
            check_row(
                say("workshop.confirm_closed"),
                field_key="plan-confirm",
                value=plan.confirmed,
                on_change=lambda value: change(confirmed=value),
            )
        )
    if "block" in levels:
        parts.append(
            TextInput(
                say("workshop.override"),
                field_key="plan-override",
                value=plan.override_reason,
                on_change=lambda text: change(override_reason=text),
            )
        )
    return parts
