"""保存: whether yesterday's data could be put back today; for administrators."""

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.backups.daily import BackupLine, BackupState, ask_for_backup, backup_state
from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Answer, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.views.forgetting import RetentionCard

_STEP_UP = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB")


@ft.component
def Backups() -> ft.Control:
    """The last backups and their proofs; one button asks for another."""
    office = use_office()
    act = use_action()
    screen = use_screen()
    say = office.words
    code = office.actor.municipality_code
    found = use_query(backup_state, (municipality_topic(""), municipality_topic(code)), municipality_code=code)

    async def ask(_event: ft.Event[ft.Control]) -> None:
        await act(ask_for_backup, municipality_code=code, now=office.now(), by=office.actor.name)

    is_busy = act.busy or bool(found.value and found.value.unfinished)
    now = primary_button(say("backup.now"), ask, key="backup-now", icon=ft.Icons.SAVE_OUTLINED, busy=is_busy)
    head = title_row(say("backup.title"), [now], under=quiet(say("backup.lead")))
    failure = [error_banner(act.error)] if act.error else []
    where = card([body(say("backup.where")), quiet(say("backup.forgetting"))], title=say("backup.where_title"))
    return screen_column([head, *failure, *_list(office, found, is_phone=screen.is_phone), where, RetentionCard()])


def _list(office: Office, found: Answer[BackupState], *, is_phone: bool) -> list[ft.Control]:
    say = office.words
    if found.error:
        again = secondary_button(say("backup.again"), lambda _event: found.refresh(), key="backup-again")
        return [error_banner(found.error, again)]
    if found.value is None:
        return [skeleton(say("backup.loading"), rows=4)]
    if not found.value.lines:
        return [card([empty_state(say("backup.none_yet"), icon=ft.Icons.SAVE_OUTLINED)])]
    proved = found.value.last_proved
    safe = say("backup.safe", when=_when(office, proved)) if proved else say("backup.unsafe")
    return [row_title(safe), data_list([_row(office, line, is_phone=is_phone) for line in found.value.lines])]


def _row(office: Office, line: BackupLine, *, is_phone: bool) -> ft.Control:
    say = office.words
    by = say("backup.asked_by", name=line.asked_by) if line.asked_by else say("backup.by_itself")
    parts: list[ft.Control] = [row_title(_when(office, line))]
    if line.is_proved:
        parts.append(body(say("backup.line", rows=f"{line.rows:,}", size=_size(line.size))))
    elif line.problem:
        parts.append(body(say("backup.failed_hint")))
    elif not line.is_running:
        parts.append(body(say("backup.asked")))
    parts.append(quiet(by))
    chip = _chip(office, line)
    beside = [] if is_phone else [chip]
    words = ft.Column([*parts, *([chip] if is_phone else [])], spacing=0, tight=True, expand=True)
    return data_row([ft.Container(width=0), words, *beside], key=f"backup-{line.run_id}")


def _chip(office: Office, line: BackupLine) -> ft.Control:
    say = office.words
    if line.is_proved:
        return state_chip("enough", say("backup.proved"))
    if line.problem:
        return state_chip("short", say("backup.failed"))
    return state_chip("thin", say("backup.running"))


def _when(office: Office, line: BackupLine) -> str:
    day = day_words(office.words, office.language, tokyo_date(line.started_at), office.today)
    return f"{day} {tokyo_time(line.started_at):%H:%M}"


def _size(size: float) -> str:
    unit = 0
    while size >= _STEP_UP and unit + 1 < len(_UNITS):
        size, unit = size / _STEP_UP, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{size:.0f} {_UNITS[unit]}"
