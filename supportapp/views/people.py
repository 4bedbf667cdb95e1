"""人: attendees found while typing, and supporters."""

from collections.abc import Sequence

import flet as ft

from events.attendee_search import PersonFound, can_be_searched, find_people
from supportapp.components.buttons import secondary_button
from supportapp.components.layout import screen_column, tabs, title_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import quiet
from supportapp.hooks import use_office, use_query
from supportapp.pauses import use_pause
from supportapp.theme import STEP
from supportapp.views.cursor import FocusField
from supportapp.views.person_row import PersonRow
from supportapp.views.volunteer_parts import VolunteerList

_MOST = 30
_ATTENDEES, _VOLUNTEERS = "attendees", "volunteers"


@ft.component
def PeopleScreen() -> ft.Control:
    """Everybody the office knows, by what they are to it."""
    say = use_office().words
    shown, set_shown = ft.use_state(_ATTENDEES)
    parts = [(_ATTENDEES, say("people.attendees")), (_VOLUNTEERS, say("people.volunteers"))]
    return screen_column(
        [
            title_row(say("people.title")),
            tabs(parts, chosen=shown, on_change=set_shown, key="people"),
            AttendeeList() if shown == _ATTENDEES else VolunteerList(),
        ]
    )


@ft.component
def AttendeeList() -> ft.Control:
    """One field, and whoever it finds."""
    office = use_office()
    say = office.words
    typed, set_typed = ft.use_state("")
    text = use_pause(typed)
    found = use_query(
        find_people,
        (),
        municipality_code=office.actor.municipality_code,
        text=text,
        limit=_MOST,
        today=office.today,
    )
    people: Sequence[PersonFound] = found.value or ()
    field = FocusField(
        say("people.search"),
        field_key="people-search",
        value=typed,
        help_text=say("people.search_help"),
        on_change=set_typed,
        turn=True,
    )
    parts: list[ft.Control] = [field]
    if found.error:
        parts.append(error_banner(found.error))
    elif not can_be_searched(text):
        parts.append(empty_state(say("people.begin"), icon=ft.Icons.PERSON_SEARCH_OUTLINED))
    elif found.value is None or text != typed:
        parts.append(skeleton(say("people.loading"), rows=3))
    elif not people:
        add = secondary_button(say("people.add"), lambda _event: office.go("/telephone"), key="people-add")
        parts.append(empty_state(say("people.nobody", text=text), add, ft.Icons.PERSON_ADD_OUTLINED))
    parts += [
        PersonRow(
            person,
            row_key=f"attendee-{person.attendee_id}",
            on_choose=lambda _event, person=person: office.go(f"/people/attendees/{person.attendee_id}"),
        )
        for person in people
    ]
    if len(people) == _MOST:
        parts.append(quiet(say("people.many", count=_MOST)))
    return ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
