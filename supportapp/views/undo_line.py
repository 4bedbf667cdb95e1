"""Undo beside an entry of the log: asked with a reason, done by a later entry; what was undone says so."""

import flet as ft

from supportapp.components.buttons import quiet_button
from supportapp.components.spoken import spoken
from supportapp.components.states import ConfirmPanel, state_chip
from supportapp.hooks import use_action, use_office
from supportapp.undoing import undo_entry


@ft.component
def UndoLine(number: int, deed_said: str, *, can_be_undone: bool, undone: bool) -> ft.Control:
    """Nothing where there is no way back."""
    office = use_office()
    say = office.words
    asked, set_asked = ft.use_state(False)
    act = use_action()

    async def undo(reason: str) -> None:
        done = await act(
            undo_entry,
            municipality_code=office.actor.municipality_code,
            number=number,
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if done is not None:
            set_asked(False)

    if undone:
        return ft.Row([state_chip("neutral", say("log.undone"))], tight=True)
    if not can_be_undone:
        return ft.Container()
    if not asked:
        button = quiet_button(say("log.undo"), lambda _event: set_asked(True), key=f"undo-{number}", icon=ft.Icons.UNDO)
        return ft.Row([spoken(button, say("log.undo_name", number=number), key=f"undo-{number}")], tight=True)
    return ConfirmPanel(
        say("log.undo_question", deed=deed_said, number=number),
        panel_key=f"undo-{number}",
        confirm_words=say("log.undo"),
        keep_words=say("log.undo_keep"),
        on_confirm=undo,
        on_keep=lambda *_event: set_asked(False),
        reason_words=say("log.undo_reason"),
        error=act.error,
        busy=act.busy,
    )
