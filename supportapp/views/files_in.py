"""ファイルの取り込み: choose a published list, see what it would change, then take it in as a whole."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import flet as ft

from events.errors import DomainError
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import choice_row
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.spoken import spoken
from supportapp.components.states import error_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_office
from supportapp.import_words import outcome_in_words
from supportapp.importing import FileReport, import_events_file, import_venues_file
from supportapp.settings import Settings
from supportapp.theme import GAP, STEP
from supportapp.uploads import UploadBrokenOff, UploadNotATable, UploadTooLarge
from supportapp.views.files_in_report import report_parts
from supportapp.waiting_files import expect_upload, new_token, take_upload
from supportapp.wording import refusal

R = TypeVar("R")
_LOG = logging.getLogger(__name__)
_KINDS: dict[str, Callable[..., FileReport]] = {"events": import_events_file, "venues": import_venues_file}


class _Step(StrEnum):
    """How far the file has come."""

    CHOOSE = "choose"
    SENDING = "sending"
    READING = "reading"
    SHOWN = "shown"
    TAKING_IN = "taking_in"
    DONE = "done"


_BUSY = {_Step.SENDING, _Step.READING, _Step.TAKING_IN}


@dataclass(frozen=True, slots=True)
class _File:
    """The file in hand, and what is known of it; ``error`` is a sentence."""

    step: _Step = _Step.CHOOSE
    kind: str = "events"
    name: str = ""
    token: str = ""
    content: bytes = b""
    report: FileReport | None = None
    error: str = ""


@ft.component
def FilesIn() -> ft.Control:
    """Bring in a municipal list of events or facilities: tried first, shown row by row, then taken in."""
    office = use_office()
    say = office.words
    file, set_file = ft.use_state(_File())
    newest: Any = ft.use_ref(_File())
    chooser: Any = ft.use_ref(None)
    hears: Any = ft.use_ref(None)

    def now_is(next_file: _File) -> None:
        newest.current = next_file
        set_file(next_file)

    def refused(sentence: str) -> None:
        now_is(_File(kind=newest.current.kind, error=sentence))

    async def chosen(event: ft.FilePickerResultEvent) -> None:
        if not event.files or newest.current.step in _BUSY:
            return
        picked = event.files[0]
        limit = Settings.from_environment().upload_limit
        if picked.size > limit:
            refused(refusal(say, UploadTooLarge(limit=limit // 1_000_000)))
            return
        token = new_token()
        now_is(_File(_Step.SENDING, newest.current.kind, picked.name, token))
        opened = await _tried(office, office.backend.run(office.actor, expect_upload, **_place(office, token)), refused)
        if opened:
            there = ft.FilePickerUploadFile(f"/upload/{token}", method="POST", id=picked.id, name=picked.name)
            await chooser.current.upload([there])

    async def sent(event: ft.FilePickerUploadEvent) -> None:
        if newest.current.step is not _Step.SENDING:
            return
        if event.error:
            refused(refusal(say, _why_not(event.error)))
            return
        if event.progress is not None and event.progress >= 1.0:
            await read()

    async def read() -> None:
        now_is(replace(newest.current, step=_Step.READING))
        taken = await _tried(
            office,
            office.backend.run(office.actor, take_upload, **_place(office, newest.current.token, wait=None)),
            refused,
        )
        if taken:
            now_is(replace(newest.current, content=taken[0].content))
            await run(dry_run=True)

    async def take_in(_event: Any) -> None:
        if newest.current.step is _Step.SHOWN:
            now_is(replace(newest.current, step=_Step.TAKING_IN))
            await run(dry_run=False)

    async def run(*, dry_run: bool) -> None:
        file = newest.current
        work = asyncio.to_thread(
            _KINDS[file.kind],
            office.backend,
            office.actor,
            content=file.content,
            file_name=file.name,
            municipality_code=office.actor.municipality_code,
            dry_run=dry_run,
        )
        answer = await _tried(office, work, refused)
        if answer:
            done = not dry_run and not answer[0].refused
            now_is(replace(file, step=_Step.DONE if done else _Step.SHOWN, report=answer[0]))

    hears.current = (chosen, sent)
    if chooser.current is None:  # one for the life of the screen: the browser keeps the chosen file in it

        async def hear_choice(event: ft.FilePickerResultEvent) -> None:
            await hears.current[0](event)

        async def hear_upload(event: ft.FilePickerUploadEvent) -> None:
            await hears.current[1](event)

        chooser.current = ft.FilePicker(on_result=hear_choice, on_upload=hear_upload)
    head = title_row(say("files_in.title"), under=body(say("files_in.lead")))
    if file.step in _BUSY:
        return screen_column([head, _waiting(say(f"files_in.{file.step.value}"), file.name)])
    parts: list[ft.Control] = [head]
    if file.error:
        parts.append(error_banner(file.error))
    if file.report is None:
        parts.append(_choosing(office, file, chooser.current, lambda kind: now_is(_File(kind=kind))))
    elif file.step is _Step.DONE:
        parts += _taken_in(office, file.report, lambda: now_is(_File(kind=file.kind)))
    else:
        parts += _shown(office, file.report, chooser.current, take_in)
    return screen_column(parts)


def _place(office: Office, token: str, wait: int | None = 10) -> dict[str, Any]:
    """Whose upload it is; ``wait``: minutes for which the address is open."""
    place: dict[str, Any] = {
        "municipality_code": office.actor.municipality_code,
        "account_id": office.actor.account_id,
        "token": token,
        "now": office.now(),
    }
    return place if wait is None else {**place, "minutes": wait}


async def _tried(office: Office, work: Awaitable[R], refused: Callable[[str], None]) -> tuple[R] | None:
    """What the work answered; None when it was refused, and then the person has read why."""
    try:
        return (await work,)
    except DomainError as error:
        refused(refusal(office.words, error))
    except Exception:  # noqa: BLE001 -- a fault must not freeze the screen; it goes to the log
        _LOG.exception("bringing a file in failed")
        refused(office.words("error.unexpected"))
    return None


def _why_not(error: str) -> DomainError:
    """The refusal behind what the browser says of an upload, which is little more than the status."""
    if "413" in error:
        return UploadTooLarge(limit=Settings.from_environment().upload_limit // 1_000_000)
    return UploadNotATable() if "422" in error else UploadBrokenOff()


def _choose_button(words: str, chooser: ft.FilePicker, *, key: str, filled: bool) -> ft.Control:
    """Opens the browser's own window within the tap itself: a tablet allows it at no other moment."""
    make = ft.FilledButton if filled else ft.OutlinedButton
    pick = ft.PickFiles(chooser, file_type=ft.FilePickerFileType.CUSTOM, allowed_extensions=["csv"])
    return spoken(make(words, icon=ft.Icons.UPLOAD_FILE, action=pick, key=key), key=key)


def _choosing(office: Office, file: _File, chooser: ft.FilePicker, choose_kind: Callable[[str], None]) -> ft.Control:
    say = office.words
    kinds = [(kind, say(f"files_in.kind_{kind}")) for kind in _KINDS]
    return card(
        [
            choice_row(say("files_in.kind"), kinds, field_key="file-kind", value=file.kind, on_change=choose_kind),
            ft.Row([_choose_button(say("files_in.choose"), chooser, key="choose-file", filled=True)], wrap=True),
            quiet(say("files_in.choose_hint")),
        ]
    )


def _waiting(sentence: str, name: str) -> ft.Control:
    words = ft.Semantics(live_region=True, container=True, label=sentence, content=row_title(sentence))
    return card([words, quiet(name), ft.ProgressBar(color=ft.Colors.PRIMARY, bgcolor=ft.Colors.OUTLINE_VARIANT)])


def _shown(
    office: Office, report: FileReport, chooser: ft.FilePicker, take_in: Callable[[Any], Awaitable[None]]
) -> list[ft.Control]:
    """What the file would change, and the step that follows from it."""
    say = office.words
    changes = report.added + report.changed
    other = _choose_button(
        say("files_in.choose_other"), chooser, key="choose-other", filled=bool(report.refused or not changes)
    )
    buttons = [primary_button(say("files_in.take_in"), take_in, key="take-in"), other]
    sentence = outcome_in_words(say, report)
    if report.refused:
        refused = card([row_title(report.file), error_banner(sentence), ft.Row([other], wrap=True)])
        return [refused, *report_parts(say, report)]
    if not changes:
        sentence = say("files_in.nothing_to_do")
        buttons = [other]
    row = ft.Row(buttons, wrap=True, spacing=GAP, run_spacing=STEP)
    return [card([row_title(report.file), body(sentence), row]), *report_parts(say, report)]


def _taken_in(office: Office, report: FileReport, again: Callable[[], None]) -> list[ft.Control]:
    say = office.words
    see = secondary_button(say("files_in.to_calendar"), lambda _event: office.go("/calendar"), key="to-calendar")
    other = quiet_button(say("files_in.choose_other"), lambda _event: again(), key="another-file")
    return [
        DoneBanner(outcome_in_words(say, report), banner_key="taken-in", on_close=None, stays=True),
        ft.Row([see, other], wrap=True, spacing=GAP, run_spacing=STEP),
        *report_parts(say, report),
    ]
