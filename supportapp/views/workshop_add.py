"""Add a meeting to a workshop: it begins with the place, time and seats of the last one, a week later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import flet as ft

from events.japan.clock import tokyo_time
from events.planning.drafts import SessionDraft
from events.planning.editing import add_sessions
from events.planning.kinds import kind_template
from events.programme_venues import venues_list
from events.programme_workshop import WorkshopPage
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import form
from supportapp.components.layout import card
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.session_fields import consent_fields, meeting_fields

_WEEK = timedelta(days=7)


def _next_session(office: Office, page: WorkshopPage) -> SessionDraft:
    template = kind_template(page.kind)
    if not page.sessions:
        return SessionDraft(office.today + _WEEK, template.starts, seats=template.seats)
    last = page.sessions[-1]
    return SessionDraft(
        held_on=max(last.held_on, office.today) + _WEEK,
        starts=tokyo_time(last.starts_at) if last.starts_at else template.starts,
        ends=tokyo_time(last.ends_at) if last.starts_at and last.ends_at else None,
        venue_id=last.venue_id,
        room_id=last.room_id,
        place_text=last.place_text,
        seats=last.seats or template.seats,
        devices=last.devices,
    )


@ft.component
def SessionAdder(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """The form; ``on_close`` gets what was done as a sentence, or nothing."""
    office = use_office()
    screen = use_screen()
    say = office.words
    draft, set_draft = ft.use_state(_next_session(office, page))
    code = office.actor.municipality_code
    venues = use_query(venues_list, (), municipality_code=code, today=office.today).value or ()
    act = use_action()

    def change(**changes: Any) -> None:
        given = {
            name: value for name, value in changes.items() if value is not None or name not in {"held_on", "starts"}
        }
        set_draft(lambda before: replace(before, **given))

    async def save(_event: object) -> None:
        receipt = await act(
            add_sessions,
            workshop_id=page.workshop_id,
            version=page.version,
            sessions=(draft,),
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            on_close(say("workshop.added_done"))

    asks = bool(act.error or draft.confirmed or draft.override_reason)
    consents = consent_fields(office, draft, change, key="add") if asks else []
    buttons = ft.Row(
        [
            primary_button(say("workshop.add_session"), save, key="add-save", busy=act.busy),
            quiet_button(say("workshop.leave_edit"), lambda _event: on_close(""), key="add-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    fields = [
        *meeting_fields(office, screen, draft, venues, change, key="add"),
        *([error_banner(act.error)] if act.error else []),
        *consents,
        buttons,
    ]
    return card([form(fields)], title=say("workshop.add_session"), key="workshop-adder")
