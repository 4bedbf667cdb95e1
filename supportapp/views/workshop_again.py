"""もう一度企画する: the proposed days with what was passed over, before anything is copied."""

from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from events.planning.again import plan_again, proposed_days
from events.programme_workshop import WorkshopPage
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import TextInput, check_row
from supportapp.components.layout import card
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import body, quiet
from supportapp.days import day_words
from supportapp.hooks import use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.planning_fields import day_field


def _none_yet() -> date | None:
    return None


@ft.component
def PlanAgain(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """The first day can be changed; the others follow with the same gaps."""
    office = use_office()
    say = office.words
    first, set_first = ft.use_state(_none_yet())
    confirmed, set_confirmed = ft.use_state(False)
    override, set_override = ft.use_state("")
    minute = office.now().replace(second=0, microsecond=0)
    proposed = use_query(proposed_days, (), workshop_id=page.workshop_id, now=minute, first_date=first)
    act = use_action()

    async def plan(_event: object) -> None:
        days = proposed.value.days if proposed.value else ()
        receipt = await act(
            plan_again,
            workshop_id=page.workshop_id,
            now=office.now(),
            by=office.actor.name,
            dates=days,
            confirmed=confirmed,
            override_reason=override,
        )
        if receipt is not None:
            office.go(f"/workshops/{receipt.workshop_id}")

    def shown(day: date) -> str:
        return day_words(say, office.language, day, office.today)

    parts: list[ft.Control] = [body(say("workshop.again_lead"))]
    if proposed.error:
        parts.append(error_banner(proposed.error))
    elif proposed.value is None:
        parts.append(skeleton(say("workshop.checking"), rows=1))
    else:
        days = proposed.value
        parts.append(
            day_field(office, say("workshop.again_first"), first or days.days[0], set_first, key="again-first")
        )
        parts.append(body(say("workshop.days_are", days="、".join(shown(day) for day in days.days))))
        parts += [
            quiet(say("workshop.skipped", day=shown(each.day), why=say(f"workshop.why.{each.why}")))
            for each in days.skipped
        ]
    if act.error:
        parts.append(error_banner(act.error))
    if act.error or confirmed or override:
        parts.append(
            check_row(
                say("workshop.confirm_closed"), field_key="again-confirm", value=confirmed, on_change=set_confirmed
            )
        )
        parts.append(
            TextInput(say("workshop.override"), field_key="again-override", value=override, on_change=set_override)
        )
    buttons = ft.Row(
        [
            primary_button(
                say("workshop.again_do"), plan, key="again-plan", busy=act.busy, disabled=proposed.value is None
            ),
            quiet_button(say("workshop.keep"), lambda _event: on_close(""), key="again-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    return card([*parts, buttons], title=say("workshop.again_title"), key="workshop-again-panel")
