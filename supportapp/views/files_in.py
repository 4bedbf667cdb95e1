"""ファイルの取り込み: choose a published list, see what it would change, then take it in as a whole."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event
from typing import Any

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
from supportapp.importing import FileReport
from supportapp.people_in.columns import FileColumns, columns_of
from supportapp.people_in.marking import hand_out_marked
from supportapp.people_in.running import Progress
from supportapp.settings import Settings
from supportapp.theme import GAP, STEP
from supportapp.uploads import UploadBrokenOff, UploadNotATable, UploadTooLarge
from supportapp.views.files_in_mapping import MappingPart
from supportapp.views.files_in_report import report_parts
from supportapp.views.files_in_work import KINDS, PUBLISHED, Arriving, bring_in, on_loop, tried
from supportapp.views.handing_over import HandOver, use_hand_over
from supportapp.waiting_files import expect_upload, new_token, take_upload
from supportapp.wording import refusal


class _Step(StrEnum):
    """How far the file has come."""

    CHOOSE = "choose"
    MAPPING = "mapping"
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
    kind: str = KINDS[0]
    name: str = ""
    token: str = ""
    content: bytes = b""
    report: FileReport | None = None
    error: str = ""
    columns: FileColumns | None = None
    mapping: tuple[Mapping[str, str], Mapping[str, str], str] | None = None
    how_far: tuple[str, int, int] = ("", 0, 0)


@ft.component
def FilesIn() -> ft.Control:
    """Bring in a municipal list of events or facilities: tried first, shown row by row, then taken in."""
    office = use_office()
    say = office.words
    file, set_file = ft.use_state(_File())
    newest: Any = ft.use_ref(_File())
    chooser: Any = ft.use_ref(None)
    hears: Any = ft.use_ref(None)
    stop: Any = ft.use_ref(None)
    hand = use_hand_over()

    def now_is(next_file: _File) -> None:
        newest.current = next_file
        set_file(next_file)

    def refused(sentence: str, _error: DomainError | None = None) -> None:
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
        opened = await tried(office, office.backend.run(office.actor, expect_upload, **_place(office, token)), refused)
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
        taken = await tried(
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
        stop.current = Event()
        progress = Progress(told=on_loop(how_far), stop=stop.current)
        arriving = Arriving(file.kind, file.name, file.content, dry_run, file.mapping)
        answer = await tried(office, asyncio.to_thread(bring_in, office, arriving, progress), not_read)
        if answer:
            done = not dry_run and not answer[0].refused
            now_is(replace(newest.current, step=_Step.DONE if done else _Step.SHOWN, report=answer[0], error=""))

    def how_far(step: str, done: int, total: int) -> None:
        if newest.current.step in _BUSY:
            now_is(replace(newest.current, how_far=(step, done, total)))

    def not_read(sentence: str, error: DomainError | None = None) -> None:
        if error is not None and error.code == "file_columns_missing":
            page = office.page.run_task
            page(choose_columns, sentence)
        else:
            refused(sentence)

    async def choose_columns(sentence: str = "") -> None:
        file = newest.current
        work = asyncio.to_thread(columns_of, file.content, kind=file.kind, file_name=file.name)
        found = await tried(office, work, refused)
        if found:
            now_is(replace(file, step=_Step.MAPPING, columns=found[0], error=sentence, report=None))

    async def read_with(columns: Mapping[str, str], fixed: Mapping[str, str], name: str) -> None:
        now_is(replace(newest.current, step=_Step.READING, mapping=(columns, fixed, name), error=""))
        await run(dry_run=True)

    hears.current = (chosen, sent)
    if chooser.current is None:  # one for the life of the screen: the browser keeps the chosen file in it

        async def hear_choice(event: ft.FilePickerResultEvent) -> None:
            await hears.current[0](event)

        async def hear_upload(event: ft.FilePickerUploadEvent) -> None:
            await hears.current[1](event)

        chooser.current = ft.FilePicker(on_result=hear_choice, on_upload=hear_upload)
    head = title_row(say("files_in.title"), under=body(say("files_in.lead")))
    if file.step in _BUSY:
        return screen_column([head, _waiting(office, file, lambda: stop.current and stop.current.set())])
    parts: list[ft.Control] = [head]
    if file.error:
        parts.append(error_banner(file.error))
    if hand.error:
        parts.append(error_banner(hand.error))
    if file.step is _Step.MAPPING and file.columns is not None:
        there = file.columns
        parts.append(MappingPart(there.fields, there.headers, there.guessed, read_with))
    elif file.report is None:
        parts.append(_choosing(office, file, chooser.current, lambda kind: now_is(_File(kind=kind))))
    elif file.step is _Step.DONE:
        parts += _taken_in(office, file.report, lambda: now_is(_File(kind=file.kind)))
    else:
        people = _PeopleButtons(hand, file, choose_columns) if file.kind not in PUBLISHED else None
        parts += _shown(office, file.report, chooser.current, take_in, people)
    return screen_column(parts)


@dataclass(frozen=True, slots=True)
class _PeopleButtons:
    """What a people's list has beside the others: its marked workbook, and another mapping of its columns."""

    hand: HandOver
    file: _File
    choose_columns: Callable[[], Awaitable[None]]

    def controls(self, office: Office, report: FileReport) -> list[ft.Control]:
        """The buttons."""
        say, content = office.words, self.file.content

        async def marked(_event: Any) -> None:
            await self.hand(lambda: hand_out_marked(office.backend, office.actor, report, content, office.language))

        async def columns(_event: Any) -> None:
            await self.choose_columns()

        buttons: list[ft.Control] = []
        if report.refused:
            busy = self.hand.busy
            buttons.append(primary_button(say("files_in.take_marked"), marked, key="take-marked", busy=busy))
        buttons.append(quiet_button(say("files_in.mapping_change"), columns, key="change-mapping"))
        return buttons


def _place(office: Office, token: str, wait: int | None = 10) -> dict[str, Any]:
    """Whose upload it is; ``wait``: minutes for which the address is open."""
    place: dict[str, Any] = {
        "municipality_code": office.actor.municipality_code,
        "account_id": office.actor.account_id,
        "token": token,
        "now": office.now(),
    }
    return place if wait is None else {**place, "minutes": wait}


def _why_not(error: str) -> DomainError:
    """The refusal behind what the browser says of an upload, which is little more than the status."""
    if "413" in error:
        return UploadTooLarge(limit=Settings.from_environment().upload_limit // 1_000_000)
    return UploadNotATable() if "422" in error else UploadBrokenOff()


def _choose_button(words: str, chooser: ft.FilePicker, *, key: str, filled: bool) -> ft.Control:
    """Opens the browser's own window within the tap itself: a tablet allows it at no other moment."""
    make = ft.FilledButton if filled else ft.OutlinedButton
    pick = ft.PickFiles(chooser, file_type=ft.FilePickerFileType.CUSTOM, allowed_extensions=["csv", "xlsx"])
    return spoken(make(words, icon=ft.Icons.UPLOAD_FILE, action=pick, key=key), key=key)


def _choosing(office: Office, file: _File, chooser: ft.FilePicker, choose_kind: Callable[[str], None]) -> ft.Control:
    say = office.words
    kinds = [(kind, say(f"files_in.kind_{kind}")) for kind in KINDS]
    return card(
        [
            choice_row(say("files_in.kind"), kinds, field_key="file-kind", value=file.kind, on_change=choose_kind),
            ft.Row([_choose_button(say("files_in.choose"), chooser, key="choose-file", filled=True)], wrap=True),
            quiet(say("files_in.choose_hint")),
        ]
    )


def _waiting(office: Office, file: _File, end: Callable[[], object]) -> ft.Control:
    """What is being done and how far it is; a list of people can be stopped."""
    say = office.words
    step, done, total = file.how_far
    sentence = say(f"files_in.{step}_rows", done=done, total=total) if step else say(f"files_in.{file.step.value}")
    words = ft.Semantics(live_region=True, container=True, label=sentence, content=row_title(sentence))
    bar = ft.ProgressBar(
        value=done / total if step and total else None, color=ft.Colors.PRIMARY, bgcolor=ft.Colors.OUTLINE_VARIANT
    )
    parts: list[ft.Control] = [words, quiet(file.name), bar]
    if step in ("trying", "taking_in"):
        stop = secondary_button(say("files_in.stop"), lambda _event: end(), key="stop-import")
        parts.append(ft.Row([stop], wrap=True))
    return card(parts)


def _shown(
    office: Office,
    report: FileReport,
    chooser: ft.FilePicker,
    take_in: Callable[[Any], Awaitable[None]],
    people: _PeopleButtons | None,
) -> list[ft.Control]:
    """What the file would change, and the step that follows from it."""
    say = office.words
    changes = report.added + report.changed
    other = _choose_button(
        say("files_in.choose_other"), chooser, key="choose-other", filled=bool(report.refused or not changes)
    )
    buttons = [primary_button(say("files_in.take_in"), take_in, key="take-in"), other]
    sentence = outcome_in_words(say, report)
    more = people.controls(office, report) if people is not None else []
    if report.refused:
        steps = ft.Row([*more, other], wrap=True, spacing=GAP, run_spacing=STEP)
        refused = card([row_title(report.file), error_banner(sentence), steps])
        return [refused, *report_parts(say, report)]
    if not changes:
        sentence = say("files_in.nothing_to_do")
        buttons = [other]
    row = ft.Row([*buttons, *more], wrap=True, spacing=GAP, run_spacing=STEP)
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
