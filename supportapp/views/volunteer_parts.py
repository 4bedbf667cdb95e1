"""The list of supporters, as it stands in 人; and the supporters' part of a session's page."""

from datetime import datetime
from typing import Any

import flet as ft

from supportapp.components.buttons import primary_button
from supportapp.components.fields import TextInput, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import data_list, data_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import quiet, row_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.session_helpers import SessionHelpers
from supportapp.views.volunteer_words import dotted, moment_words, skill_words
from volunteers.insurance import Cover
from volunteers.queries import VolunteerRow, VolunteersFound, volunteers_list
from volunteers.states import VolunteerState

__all__ = ["SessionHelpers", "VolunteerList"]

COVER_MARKS = {Cover.INSURED: "enough", Cover.RENEWAL_PLANNED: "thin", Cover.NONE: "short"}
STATE_MARKS = {
    VolunteerState.INFORMED: "neutral",
    VolunteerState.PROVISIONAL: "neutral",
    VolunteerState.TRAINING: "thin",
    VolunteerState.REGISTERED: "thin",
    VolunteerState.ACTIVE: "enough",
    VolunteerState.PAUSED: "cancelled",
    VolunteerState.LEFT: "cancelled",
}


@ft.component
def VolunteerList() -> ft.Control:
    """All supporters of the municipality, found by name, kana or the tail of a number."""
    office, screen = use_office(), use_screen()
    text, set_text = ft.use_state("")
    state, set_state = ft.use_state("")
    answer = use_query(
        volunteers_list,
        (municipality_topic(office.actor.municipality_code),),
        municipality_code=office.actor.municipality_code,
        today=office.today,
        text=text,
        state=VolunteerState(state) if state else None,
    )
    say = office.words
    add = primary_button(
        say("volunteer.add"),
        lambda _event: office.go("/people/volunteers/new"),
        key="volunteer-add",
        icon=ft.Icons.PERSON_ADD_OUTLINED,
    )
    parts: list[ft.Control] = [
        TextInput(
            say("volunteer.find"), field_key="volunteer-find", help_text=say("volunteer.find_help"), on_change=set_text
        ),
    ]
    if answer.error:
        return ft.Column([*parts, error_banner(answer.error)], spacing=GAP)
    if answer.value is None:
        return ft.Column([*parts, skeleton(say("volunteer.loading"), rows=6)], spacing=GAP)
    found = answer.value
    if not found.by_state:
        return empty_state(say("volunteer.none_yet"), add, ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED)
    parts.append(_states(office, found, state, set_state))
    parts.append(ft.Row([quiet(_counted(office, found)), add], alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True))
    if found.rows:
        parts.append(data_list([_row(office, screen, row) for row in found.rows]))
    else:
        parts.append(empty_state(say("volunteer.none_found", text=text), icon=ft.Icons.PERSON_SEARCH_OUTLINED))
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _states(office: Office, found: VolunteersFound, state: str, choose: Any) -> ft.Control:
    say = office.words
    choices = [("", say("volunteer.all_states"))]
    for each in VolunteerState:
        count = found.by_state.get(each.value, 0)
        if count:
            word = say("volunteer.state_counted", state=say(f"volunteer.state.{each.value}"), count=count)
            choices.append((each.value, word))
    return choice_row(
        say("volunteer.field_state"),
        choices,
        field_key="volunteer-state",
        value=state,
        on_change=choose,
        show_label=False,
    )


def _counted(office: Office, found: VolunteersFound) -> str:
    if found.total > len(found.rows):
        return office.words("volunteer.more_than_shown", count=found.total, shown=len(found.rows))
    return office.words("volunteer.counted", count=found.total)


def _row(office: Office, screen: Screen, row: VolunteerRow) -> ft.Control:
    say = office.words
    skills = [skill_words(say, office.language, each) for each in row.skills]
    about = dotted(say, say(f"volunteer.kind.{row.kind.value}"), *skills)
    chips = ft.Row(
        [
            state_chip(STATE_MARKS[row.state], say(f"volunteer.state.{row.state.value}")),
            state_chip(COVER_MARKS[row.insured], say(f"volunteer.insured.{row.insured.value}")),
        ],
        spacing=STEP,
        run_spacing=HALF,
        wrap=True,
    )
    words: list[ft.Control] = [
        row_title(f"{row.name} {row.kana}"),
        quiet(about),
        quiet(
            dotted(say, _next(office, row.next_at), say("volunteer.sessions_this_year", count=row.sessions_this_year))
        ),
    ]
    inside: list[ft.Control] = [
        ft.Container(
            ft.Column([*words, *([chips] if screen.is_phone else [])], spacing=0, tight=True),
            expand=True,
            padding=ft.Padding.symmetric(vertical=HALF),
        )
    ]
    if not screen.is_phone:
        inside.append(ft.Container(chips))
    return data_row(
        inside,
        key=f"volunteer-{row.volunteer_id}",
        label=f"{row.name} {row.kana}",
        on_click=calls_with(office.go, f"/people/volunteers/{row.volunteer_id}"),
    )


def _next(office: Office, at: datetime | None) -> str:
    if at is None:
        return office.words("volunteer.no_next")
    return office.words("volunteer.next_at", when=moment_words(office, at))
