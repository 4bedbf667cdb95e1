"""The cards that were taken: how many, how long each took, and each with a way back."""

from collections.abc import Awaitable, Callable

import flet as ft

from supportapp.components.buttons import quiet_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import data_list, data_row
from supportapp.components.screen import use_screen
from supportapp.components.spoken import spoken
from supportapp.components.states import state_chip
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.hooks import Office, use_office
from supportapp.postcard_form import DoneCard, Pile
from supportapp.theme import GAP, STEP
from supportapp.views.telephone_pane import pane

_SHOWN = 30
_MARKS = {"confirmed": "enough", "waiting": "thin", "waiting_draw": "neutral"}


@ft.component
def PilePane(pile: Pile, take_back: Callable[[DoneCard], Awaitable[None]]) -> ft.Control:
    """Newest first; the count is told to a screen reader as it grows."""
    office = use_office()
    screen = use_screen()
    say = office.words
    count = ft.Semantics(live_region=True, content=figure(say("postcard.count", count=pile.count)))
    pace = quiet(say("postcard.pace", seconds=pile.seconds_each)) if pile.seconds_each is not None else quiet("")
    head: list[ft.Control] = [ft.Row([count, pace], spacing=GAP, wrap=True)]
    if not pile.done:
        return pane(screen, say("postcard.pile"), [*head, body(say("postcard.none_yet"))], [], key="postcard-pile")
    rows = [_row(office, done, take_back) for done in pile.done[:_SHOWN]]
    return pane(screen, say("postcard.pile"), head, [data_list(rows)], key="postcard-pile")


def _row(office: Office, done: DoneCard, take_back: Callable[[DoneCard], Awaitable[None]]) -> ft.Control:
    say = office.words
    state = say("postcard.taken_back") if done.taken_back else say(f"person.state.{done.state}")
    word = f"{state} {done.rank}" if done.rank and not done.taken_back else state
    notes = [say("postcard.is_late") if done.late else "", say("postcard.is_pair") if done.paired else ""]
    key = f"undo-{done.registration_id}"
    undo = spoken(
        quiet_button(say("postcard.undo"), calls_with(take_back, done), key=key, disabled=done.taken_back),
        say("postcard.undo_name", name=done.name),
        key=key,
    )
    chip = state_chip("cancelled" if done.taken_back else _MARKS.get(done.state, "neutral"), word)
    who = ft.Column(
        [
            row_title(done.name),
            *(quiet(note) for note in notes if note),
            ft.Row([chip, undo], spacing=STEP, run_spacing=0, wrap=True),
        ],
        spacing=0,
        tight=True,
    )
    return data_row([ft.Container(who, expand=True)], key=f"card-{done.registration_id}")
