"""記録: who did what to a session, when and why."""

from typing import Final
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.components.layout import data_list, data_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, quiet
from supportapp.days import day_words
from supportapp.history import HistoryLine, session_history
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import session_topic
from supportapp.rights import BOOKING
from supportapp.theme import GAP
from supportapp.views.flet_types import keyed
from supportapp.views.session_notices import SessionNotices
from supportapp.views.undo_line import UndoLine

DEEDS: Final = frozenset(
    {
        "create_workshop",
        "publish_workshop",
        "withdraw_workshop",
        "edit_workshop",
        "edit_session",
        "add_sessions",
        "cancel_session",
        "cancel_workshop",
        "postpone_session",
        "reopen_session",
        "plan_again",
        "import_offerings",
        "edit_venue",
    }
)
# where the deed itself has no sentence: the table that tells what it was about
_BY_TABLE: Final = (
    ("attendance", "attendance"),
    ("assignment", "helpers"),
    ("seat", "people"),
    ("registration", "people"),
)


@ft.component
def SessionHistory(session_id: UUID) -> ft.Control:
    """The log of a session, the newest first."""
    office = use_office()
    found = use_query(session_history, (session_topic(session_id),), session_id=session_id)
    if found.error:
        return error_banner(found.error)
    if found.value is None:
        return skeleton(office.words("session.loading"), rows=3)
    lines = (
        data_list([_line(office, line, number) for number, line in enumerate(found.value)])
        if found.value
        else empty_state(office.words("session.no_history"), icon=ft.Icons.HISTORY)
    )
    return ft.Column(
        [SessionNotices(session_id), lines], spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _line(office: Office, line: HistoryLine, number: int) -> ft.Control:
    say = office.words
    day = day_words(say, office.language, tokyo_date(line.at), office.today)
    parts: list[ft.Control] = [
        body(say(f"session.deed.{_deed(line)}")),
        quiet(f"{day} {tokyo_time(line.at):%H:%M}  {line.by}"),
    ]
    if line.reason:
        parts.append(quiet(say("session.history_reason", reason=line.reason)))
    if office.actor.role in BOOKING:
        said = say(f"session.deed.{_deed(line)}")
        marks = {"can_be_undone": line.can_be_undone, "undone": line.undone}
        parts.append(keyed(UndoLine, f"undo-of-{line.number}", line.number, said, **marks))
    return data_row([ft.Column(parts, spacing=0, tight=True, expand=True)], key=f"history-{number}")


def _deed(line: HistoryLine) -> str:
    if line.deed in DEEDS:
        return line.deed
    return next((deed for table, deed in _BY_TABLE if table in line.tables), "other")
