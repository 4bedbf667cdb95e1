"""Letting somebody in who has no seat: a name, or one tap on a known person, and above the seats one on a reason."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import flet as ft

from events.attendance_rows import AttendanceReceipt
from events.fields import new_id
from events.walk_in_people import KnownPerson, known_people
from events.walk_ins import WalkInReasonNeeded, walk_in
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, warning_banner
from supportapp.components.texts import body, quiet
from supportapp.hooks import use_action, use_office, use_query
from supportapp.theme import STEP

_REASONS = ("reason_absent", "reason_space", "reason_staff")


@ft.component
def WalkIn(
    session_id: UUID,
    seats: int,
    *,
    full: bool,
    on_done: Callable[[AttendanceReceipt], Awaitable[None]],
    on_close: Callable[[], None],
) -> ft.Control:
    """The panel for one walk-in. It stays, with what was typed, when the walk-in is refused."""
    office = use_office()
    screen = use_screen()
    act = use_action()
    name, set_name = ft.use_state("")
    kana, set_kana = ft.use_state("")
    chosen: tuple[KnownPerson | None, Any] = ft.use_state(None)
    known, set_known = chosen
    (tap_id,), _ = ft.use_state((new_id(),))  # one tap however often the button is pressed
    say = office.words
    needs_reason = full or isinstance(act.refused, WalkInReasonNeeded)

    async def let_in(reason: str, person: KnownPerson | None = known) -> None:
        receipt = await act(
            walk_in,
            session_id=session_id,
            attendee_id=person.attendee_id if person else None,
            name=person.name if person else name,
            kana=kana,
            reason=reason,
            tap_id=tap_id,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            await on_done(receipt)

    def type_name(text: str) -> None:
        set_known(None)
        set_name(text)

    def type_kana(text: str) -> None:
        set_known(None)
        set_kana(text)

    async def take(person: KnownPerson) -> None:
        set_known(person)
        set_name(person.name)
        set_kana(person.kana)
        if not needs_reason:
            await let_in("", person)

    async def without_reason(_event: object = None) -> None:
        await let_in("")

    def because(reason: str) -> Callable[[object], object]:
        async def chosen(_event: object) -> None:
            await let_in(say(f"reception.{reason}"))

        return chosen

    parts: list[ft.Control] = [
        quiet(say("reception.walk_in_help")),
        two_pane(
            screen,
            TextInput(
                say("reception.walk_in_name"), field_key="walk-in-name", value=name, on_change=type_name, autofocus=True
            ),
            TextInput(say("reception.walk_in_kana"), field_key="walk-in-kana", value=kana, on_change=type_kana),
        ),
    ]
    if known is None and office.actor.session_id is None:
        parts.append(KnownPeople(kana or name, take, busy=act.busy))
    leave = quiet_button(say("reception.close"), lambda _event: on_close(), key="walk-in-close")
    if needs_reason:
        parts.append(warning_banner(say("reception.walk_in_full", seats=seats)))
        buttons = [
            secondary_button(say(f"reception.{reason}"), because(reason), key=f"walk-in-{reason}", busy=act.busy)
            for reason in _REASONS
        ]
    else:
        buttons = [primary_button(say("reception.walk_in_do"), without_reason, key="walk-in-do", busy=act.busy)]
    if act.error and not isinstance(act.refused, WalkInReasonNeeded):
        parts.append(error_banner(act.error))
    parts.append(ft.Row([*buttons, leave], wrap=True, spacing=STEP, run_spacing=STEP))
    return card(parts, title=say("reception.walk_in_title"), key="walk-in-panel")


@ft.component
def KnownPeople(text: str, on_take: Callable[[KnownPerson], Awaitable[None]], *, busy: bool) -> ft.Control:
    """Whom the letters typed so far may mean; one tap takes them."""
    office = use_office()
    say = office.words
    found = use_query(known_people, (), municipality_code=office.actor.municipality_code, text=text)
    if not found.value:
        return ft.Container(height=0)
    buttons: list[ft.Control] = [
        secondary_button(
            say("reception.walk_in_take", name=person.name, kana=person.kana, town=person.town).strip(),
            calls_with(on_take, person),
            key=f"walk-in-known-{position}",
            busy=busy,
        )
        for position, person in enumerate(found.value)
    ]
    return ft.Column(
        [body(say("reception.walk_in_known")), ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)],
        spacing=STEP,
        tight=True,
    )
