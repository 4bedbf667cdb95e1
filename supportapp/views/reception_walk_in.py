"""Letting somebody in who has no seat: a name, and above the seats one tap on a reason."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import flet as ft

from events.attendance_rows import AttendanceReceipt
from events.fields import new_id
from events.walk_ins import WalkInReasonNeeded, walk_in
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import TextInput
from supportapp.components.layout import card, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, warning_banner
from supportapp.components.texts import quiet
from supportapp.hooks import use_action, use_office
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
    (tap_id,), _ = ft.use_state((new_id(),))  # one tap however often the button is pressed
    say = office.words
    needs_reason = full or isinstance(act.refused, WalkInReasonNeeded)

    async def let_in(reason: str) -> None:
        receipt = await act(
            walk_in,
            session_id=session_id,
            name=name,
            kana=kana,
            reason=reason,
            tap_id=tap_id,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            await on_done(receipt)

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
                say("reception.walk_in_name"), field_key="walk-in-name", value=name, on_change=set_name, autofocus=True
            ),
            TextInput(say("reception.walk_in_kana"), field_key="walk-in-kana", value=kana, on_change=set_kana),
        ),
    ]
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
