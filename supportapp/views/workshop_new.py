"""講座を企画する: a kind, six fields, and beside them the sentence to check with everything that speaks against it."""

from typing import Any, Final

import flet as ft

from events.errors import DomainError
from events.japan.clock import tokyo_time
from events.planning.clashes import check_sessions
from events.planning.dates import Series
from events.planning.drafts import Caution
from events.planning.publishing import publish_workshop
from events.planning.workshops import create_workshop
from events.programme_venues import VenueLine, venues_list
from events.programme_workshop import workshop_choices
from events.states import WorkshopKind
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, screen_column, title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.planning_parts import caution_banners
from supportapp.views.session_fields import consent_fields
from supportapp.views.workshop_draft import Plan, days_of, preview, session_drafts, workshop_draft
from supportapp.views.workshop_fields import plan_fields
from supportapp.views.workshop_kept import PlanDesk, use_plan_desk
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
    desk = use_plan_desk()
    plan, change = desk.plan, desk.change
    venues = use_query(venues_list, (), municipality_code=code, today=office.today).value or ()
    choices = use_query(workshop_choices, (), municipality_code=code).value
    days, problem = _days(office, plan, venues)
    drafts = session_drafts(plan, days.days)
    minute = office.now().replace(second=0, microsecond=0)
    checked = use_query(
        check_sessions, (), municipality_code=code, kind=plan.kind, drafts=drafts, now=minute, except_session_id=None
    )
    act = use_action()

    async def save(*, publish: bool) -> None:
        draft_id = await desk.save()
        if draft_id is None:
            return
        now, by = office.now(), office.actor.name
        receipt = await act(
            create_workshop,
            municipality_code=code,
            draft=workshop_draft(office, plan),
            sessions=drafts,
            now=now,
            by=by,
            draft_id=draft_id,
        )
        if receipt is None:
            return
        desk.leave()
        if publish:
            await act(publish_workshop, workshop_id=receipt.workshop_id, version=1, now=now, by=by)
        office.go(f"/workshops/{receipt.workshop_id}")

    async def register(_event: object) -> None:
        await save(publish=False)

    async def register_and_publish(_event: object) -> None:
        await save(publish=True)

    error = act.error or problem or checked.error or desk.keeping.error
    fields = card(plan_fields(office, screen, plan, venues, choices, change), key="plan-fields")
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
    head = title_row(say("workshop.new_title"), [_kept(office, desk)])
    if not desk.ready:
        return screen_column([head, skeleton(say("workshop.loading"), rows=5, row_height=72)])
    return screen_column([head, two_pane(screen, fields, to_check, shares=_SHARES)])


def _kept(office: Office, desk: PlanDesk) -> ft.Control:
    """Whether what is typed is safe, and a way to begin from nothing; nothing while the form is as it began."""
    say = office.words
    if not desk.is_begun:
        return ft.Container()
    sentence = say("workshop.saved" if desk.saved else "workshop.unsaved")
    if desk.taken_up_at is not None:
        sentence = say("workshop.taken_up", time=f"{tokyo_time(desk.taken_up_at):%H:%M}") + sentence
    return ft.Row(
        [
            ft.Semantics(live_region=True, content=quiet(sentence)),
            quiet_button(say("workshop.begin_anew"), calls_with(desk.begin_anew), key="plan-anew"),
        ],
        wrap=True,
        spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _days(office: Office, plan: Plan, venues: tuple[VenueLine, ...]) -> tuple[Series, str]:
    try:
        days = days_of(plan, venues)
        preview(office, plan, days.days, venues)
    except DomainError as error:
        return Series((), ()), refusal(office.words, error)
    return days, ""


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
    return parts + consent_fields(office, plan, change, key="plan", ask="ask" in levels, block="block" in levels)
