"""連絡 of one session: who was told what, when and by whom, and who still must be; a mark set by mistake goes back."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import flet as ft

from events.notices.calling import take_back_told
from events.notices.queries import Told, told_about
from events.states import NoticeState
from supportapp.components.buttons import quiet_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.spoken import spoken
from supportapp.components.states import ConfirmPanel, error_banner, skeleton, state_chip
from supportapp.components.texts import quiet, row_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.notice_words import kind_words
from supportapp.theme import GAP, STEP
from supportapp.views.notice_parts import WayToTheLists, moment_words

_MARKS: Final = {NoticeState.PENDING: "thin", NoticeState.FAILED: "short", NoticeState.DONE: "enough"}
_SHOWN: Final = 100


@ft.component
def SessionNotices(session_id: UUID) -> ft.Control:
    """The notices of a session, the newest first; live."""
    office = use_office()
    say = office.words
    topics = (municipality_topic(office.actor.municipality_code),)
    found = use_query(told_about, topics, session_id=session_id)
    act = use_action()
    asked, set_asked = ft.use_state("")

    async def take_back(told: Told, reason: str) -> None:
        await act(take_back_told, notice_id=told.notice_id, reason=reason, now=office.now(), by=office.actor.name)
        found.refresh()
        set_asked("")

    def ask(told: Told) -> None:
        act.clear()
        set_asked(str(told.notice_id))

    if found.error:
        return error_banner(found.error)
    if found.value is None:
        return skeleton(say("notices.loading"), rows=2)
    if not found.value:
        return card([quiet(say("notices.none_of_session"))], title=say("notices.of_session"))
    rows: list[ft.Control] = []
    for told in found.value[:_SHOWN]:
        rows.append(_row(office, told, ask))
        if asked == str(told.notice_id):
            rows.append(
                ft.Container(
                    ConfirmPanel(
                        say("notices.take_back_question", name=told.name),
                        panel_key="take-back",
                        confirm_words=say("notices.take_back"),
                        keep_words=say("notices.keep"),
                        on_confirm=lambda reason, told=told: take_back(told, reason),
                        on_keep=lambda *_event: set_asked(""),
                        reason_words=say("notices.reason"),
                        error=act.error,
                        busy=act.busy,
                    ),
                    padding=GAP,
                )
            )
    parts = [WayToTheLists(), *([error_banner(act.error)] if act.error and not asked else []), data_list(rows)]
    return card(parts, title=say("notices.of_session"))


def _row(office: Office, told: Told, ask: Callable[[Told], None]) -> ft.Control:
    say = office.words
    way = say(f"person.contact.{told.way}")
    when = moment_words(office, told.done_at or told.created_at)
    key = "told_by" if told.state is NoticeState.DONE else "to_tell_since"
    lines: list[ft.Control] = [
        row_title(told.name),
        quiet(f"{kind_words(say, told.kind)}  {say(f'notices.{key}', way=way, when=when, by=told.done_by)}"),
    ]
    if told.failure and told.state is not NoticeState.DONE:
        lines.append(quiet(say("notices.failure", reason=told.failure, count=told.attempts)))
    parts: list[ft.Control] = [
        ft.Container(width=STEP),
        ft.Column(lines, spacing=0, tight=True, expand=True),
        state_chip(_MARKS.get(told.state, "neutral"), say(f"notices.state.{told.state.value}")),
    ]
    if told.state is NoticeState.DONE:
        back = quiet_button(say("notices.take_back"), calls_with(ask, told), key=f"back-{told.notice_id}")
        parts.append(spoken(back, say("notices.take_back_name", name=told.name)))
    return data_row(parts, key=f"told-{told.notice_id}")
