"""One person: what the office knows, how to reach them, and all that happened."""

from uuid import UUID

import flet as ft

from events.attendee_page import AttendeePage, attendee_page
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import screen_column, title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import quiet
from supportapp.hooks import use_office, use_query
from supportapp.live import municipality_topic
from supportapp.rights import RIGHTS
from supportapp.views.attendee_consent import AnnouncementConsent
from supportapp.views.attendee_edit import AttendeeEditor
from supportapp.views.attendee_facts import facts_cards
from supportapp.views.attendee_history import AttendeeHistory
from supportapp.views.forgetting import PersonKeeping


@ft.component
def AttendeeScreen() -> ft.Control:
    """A person's record; live, so that what another clerk changes is seen."""
    office = use_office()
    screen = use_screen()
    say = office.words
    attendee_id = UUID(ft.use_route_params()["attendee_id"])
    editing, set_editing = ft.use_state(False)
    done, set_done = ft.use_state("")
    found = use_query(
        attendee_page,
        (municipality_topic(office.actor.municipality_code),),
        attendee_id=attendee_id,
        now=office.now().replace(second=0, microsecond=0),
        today=office.today,
    )
    if found.error:
        back = secondary_button(say("attendee.back"), lambda _event: office.go("/people"), key="attendee-back")
        return screen_column([error_banner(found.error, back)])
    if found.value is None:
        return screen_column([skeleton(say("attendee.loading"), rows=5)])
    page: AttendeePage = found.value

    def close(sentence: str = "") -> None:
        set_editing(False)
        set_done(sentence)
        found.refresh()

    buttons = [
        quiet_button(
            say("merge.open"), lambda _event: office.go(f"/people/attendees/{attendee_id}/merge"), key="attendee-merge"
        ),
        quiet_button(say("attendee.edit"), lambda _event: set_editing(True), key="attendee-edit", icon=ft.Icons.EDIT),
        primary_button(
            say("attendee.book"),
            lambda _event: office.go(f"/telephone?person={attendee_id}"),
            key="attendee-book",
            icon=ft.Icons.PHONE_OUTLINED,
        ),
    ]
    parts: list[ft.Control] = [
        title_row(page.facts.name, [] if editing else buttons, quiet(page.facts.kana or say("person.no_kana")))
    ]
    if done:
        parts.append(DoneBanner(done, banner_key="attendee-done", on_close=lambda: set_done("")))
    if editing:
        parts.append(AttendeeEditor(page, close))
    else:
        parts.append(two_pane(screen, facts_cards(office, page), AttendeeHistory(page, found.refresh)))
        parts.append(AnnouncementConsent(attendee_id))
        if office.actor.role in RIGHTS["events.forgetting.forget_attendee"]:
            parts.append(PersonKeeping(attendee_id, page.held_because))
    return screen_column(parts)
