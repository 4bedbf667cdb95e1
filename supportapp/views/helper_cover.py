"""A helper cannot come: who could take each of the sessions, with the number to call, and one press for all."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import flet as ft

from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.volunteer_words import because_words, dotted, listed, this_minute, when_words
from volunteers.cover import CoverLine, CoverPlan, Substitute, cover_absence, cover_plan
from volunteers.queries import HelperRow
from volunteers.situation import month_of

_SPANS = ("day", "week", "month")
_WEEK = timedelta(days=6)


@ft.component
def HelperCover(row: HelperRow, day: date, *, on_close: Any, on_done: Callable[[str], None]) -> ft.Control:
    """Days to choose, the sessions that are left, and the substitutes; ``on_done`` hears what was done."""
    office = use_office()
    span, set_span = ft.use_state("day")
    act = use_action()
    say = office.words
    where: dict[str, Any] = {
        "volunteer_id": row.volunteer_id,
        "municipality_code": office.actor.municipality_code,
        "first": day,
        "last": _last(day, span),
    }
    answer = use_query(cover_plan, (), **where, now=this_minute(office))

    async def settle(substitutes: tuple[Substitute, ...], *, ask: bool) -> None:
        receipt = await act(
            cover_absence,
            **where,
            reason=say("cover.cannot_come"),
            substitutes=substitutes,
            ask=ask,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            word = "cover.done_asked" if ask else "cover.done_placed"
            on_done(say(word, name=row.name, released=receipt.released, count=receipt.asked + receipt.placed))

    parts: list[ft.Control] = [
        choice_row(
            say("cover.days"),
            [(each, say(f"cover.{each}")) for each in _SPANS],
            field_key="cover-days",
            value=span,
            on_change=set_span,
        )
    ]
    if act.error:
        parts.append(error_banner(act.error))
    if answer.error:
        parts.append(error_banner(answer.error))
    elif answer.value is None:
        parts.append(skeleton(say("cover.loading")))
    else:
        parts.extend(_plan(office, answer.value, settle, busy=act.busy))
    parts.append(ft.Row([quiet_button(say("cover.close"), on_close, key="cover-close")]))
    return card(parts, title=say("cover.title", name=row.name), key="cover")


def _last(day: date, span: str) -> date:
    end = month_of(day)[1]
    return {"day": day, "week": min(day + _WEEK, end), "month": end}[span]


def _plan(office: Office, plan: CoverPlan, settle: Any, *, busy: bool) -> list[ft.Control]:
    say = office.words
    if not plan.lines:
        return [body(say("cover.nothing", name=plan.name))]
    substitutes = tuple(
        Substitute(each.session.session_id, each.substitute_id) for each in plan.lines if each.substitute_id
    )
    buttons: list[ft.Control] = []
    if substitutes:
        ask, place = _settling(settle, substitutes, ask=True), _settling(settle, substitutes, ask=False)
        buttons.append(primary_button(say("cover.all_asked", name=plan.name), ask, key="cover-ask", busy=busy))
        buttons.append(secondary_button(say("cover.all_placed"), place, key="cover-place", busy=busy))
    else:
        release = _settling(settle, (), ask=True)
        buttons.append(
            secondary_button(say("cover.only_release", name=plan.name), release, key="cover-release", busy=busy)
        )
    return [
        data_list([_line(office, each) for each in plan.lines]),
        quiet(say("cover.keeps_others")),
        ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP),
    ]


def _settling(settle: Any, substitutes: tuple[Substitute, ...], *, ask: bool) -> Any:
    async def run() -> None:
        await settle(substitutes, ask=ask)

    return calls_with(run)


def _line(office: Office, line: CoverLine) -> ft.Control:
    say = office.words
    who = say("cover.substitute", name=line.name) if line.substitute_id else say("cover.nobody")
    why = listed(say, because_words(say, line.because))
    session = dotted(say, when_words(office, line.session), line.session.short_title, line.session.venue)
    return data_row(
        [
            ft.Container(
                ft.Column(
                    [quiet(session), row_title(dotted(say, who, line.telephone)), quiet(why)], spacing=0, tight=True
                ),
                expand=True,
            )
        ],
        key=f"cover-{line.session.session_id}",
    )
