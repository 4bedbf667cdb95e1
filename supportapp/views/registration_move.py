"""Moving a person to another session in one step: where to, and why."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from events.registration_changes import move_registration
from events.registration_choices import BookableSession, bookable_sessions
from events.registration_queries import PersonAtSession
from supportapp.booking_words import day_words, span_words
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.states import card_like, error_banner, skeleton
from supportapp.components.texts import row_title
from supportapp.hooks import Action, use_office, use_query
from supportapp.theme import STEP


@ft.component
def MovePanel(
    session_id: UUID,
    person: PersonAtSession,
    act: Action,
    finish: Callable[..., None],
    close: Callable[[], None],
) -> ft.Control:
    """Two values and a button; nobody loses a seat for a place on a waiting list."""
    office = use_office()
    say = office.words
    now = office.now().replace(second=0, microsecond=0)
    found = use_query(
        bookable_sessions,
        (),
        municipality_code=office.actor.municipality_code,
        now=now,
        attendee_id=person.attendee_id,
    )
    target, set_target = ft.use_state("")
    reason, set_reason = ft.use_state("")

    async def move() -> None:
        receipt = await act(
            move_registration,
            registration_id=person.registration_id,
            session_id=UUID(target),
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            state = say(f"person.state.{receipt.state.value}")
            finish(say("registration.done_moved", name=person.name, state=state))

    if found.value is None:
        return skeleton(say("registration.loading"), rows=2)

    def words(row: BookableSession) -> str:
        first = row.sessions[0]
        return f"{span_words(first, day_words(say, first.held_on, office.today))} {row.title}"

    places = [
        (str(row.session_id), words(row))
        for row in found.value
        if row.session_id != session_id and row.is_open
    ]
    parts: list[ft.Control] = [
        row_title(say("registration.move_question", name=person.name)),
        SelectInput(say("registration.move_to"), places, field_key="move-to", value=target, on_change=set_target),
        TextInput(say("registration.move_reason"), field_key="move-reason", value=reason, on_change=set_reason),
        ft.Row(
            [
                primary_button(
                    say("registration.move_now"),
                    calls_with(move),
                    key="move-now",
                    disabled=not target or not reason.strip(),
                    busy=act.busy,
                ),
                quiet_button(say("registration.keep"), calls_with(close), key="move-keep"),
            ],
            spacing=STEP,
        ),
    ]
    if act.error:
        parts.append(error_banner(act.error))
    return card_like(parts)
