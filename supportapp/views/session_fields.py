"""Fields of a meeting that planning and adding share: when, where, how many, and the word in spite of a clash."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from events.planning.drafts import SessionDraft
from events.programme_venues import VenueLine
from supportapp.components.fields import NumberInput, TextInput, check_row
from supportapp.components.screen import Screen
from supportapp.hooks import Office
from supportapp.views.planning_fields import day_field, place_fields, time_field, when_fields
from supportapp.views.workshop_draft import Plan

Change = Callable[..., Any]
Meeting = Plan | SessionDraft


def meeting_fields(
    office: Office, screen: Screen, values: Meeting, venues: Sequence[VenueLine], change: Change, *, key: str
) -> list[ft.Control]:
    """Day, start, venue, room and seats. ``change`` gets the new values by name; a new start forgets the end."""
    say = office.words
    return [
        *when_fields(
            screen,
            day_field(
                office, say("workshop.field_day"), values.held_on, lambda day: change(held_on=day), key=f"{key}-day"
            ),
            time_field(
                office,
                say("workshop.field_start"),
                values.starts,
                lambda starts: change(starts=starts, ends=None),
                key=f"{key}-start",
            ),
        ),
        *place_fields(
            office,
            venues,
            values.venue_id,
            values.room_id,
            lambda venue_id, room_id: change(venue_id=venue_id, room_id=room_id),
            key=key,
        ),
        NumberInput(
            say("workshop.field_seats"),
            field_key=f"{key}-seats",
            value=values.seats,
            on_change=lambda seats: change(seats=seats),
            unit=say("workshop.people_unit"),
        ),
    ]


def consent_fields(
    office: Office, values: Meeting, change: Change, *, key: str, ask: bool = True, block: bool = True
) -> list[ft.Control]:
    """In spite of a closed day (``ask``) or of a taken room, with a reason (``block``)."""
    say = office.words
    fields: list[ft.Control] = []
    if ask:
        fields.append(
            check_row(
                say("workshop.confirm_closed"),
                field_key=f"{key}-confirm",
                value=values.confirmed,
                on_change=lambda value: change(confirmed=value),
            )
        )
    if block:
        fields.append(
            TextInput(
                say("workshop.override"),
                field_key=f"{key}-override",
                value=values.override_reason,
                on_change=lambda text: change(override_reason=text),
            )
        )
    return fields
