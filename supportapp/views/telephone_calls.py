"""Calls on hold as chips, and whether what is typed is safe."""

import flet as ft

from events.calls import Call
from events.japan.clock import tokyo_time
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.texts import quiet
from supportapp.hooks import use_office
from supportapp.messages import Words
from supportapp.theme import STEP
from supportapp.views.telephone_desk import CallDesk


@ft.component
def CallBar(desk: CallDesk) -> ft.Control:
    """What can be done with the call in hand, and those that wait."""
    say = use_office().words
    parts: list[ft.Control] = [_held(say, call, desk) for call in desk.held]
    if not desk.form.is_empty and desk.receipt is None:
        parts += [
            ft.Semantics(
                live_region=True,
                content=quiet(say("telephone.saved" if desk.saved else "telephone.unsaved")),
            ),
            quiet_button(say("telephone.drop"), calls_with(desk.drop), key="call-drop"),
            secondary_button(say("telephone.hold"), calls_with(desk.hold), key="call-hold", icon=ft.Icons.PAUSE),
        ]
    return ft.Row(
        parts,
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _held(say: Words, call: Call, desk: CallDesk) -> ft.Control:
    who = str(
        call.content.get("name") or call.content.get("text") or call.content.get("telephone") or ""
    ) or say("telephone.held_nobody")
    words = say("telephone.held_call", who=who, time=f"{tokyo_time(call.started_at):%H:%M}")
    return secondary_button(
        words, calls_with(desk.resume, call), key=f"held-{call.draft_id}", icon=ft.Icons.PHONE_PAUSED_OUTLINED
    )
