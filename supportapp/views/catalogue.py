"""Departments, topics and bodies: the list of a catalogue, and its entries added, changed, retired, taken back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import flet as ft

from events.catalogue import CatalogueLine
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import quiet, row_title
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP
from supportapp.views.catalogue_entry import EntryForm
from supportapp.views.catalogue_kinds import DEPARTMENTS, ORGANISATIONS, TICK, TOPICS, Catalogue

_NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done, in words, and what takes it back; empty words: nothing was done yet."""

    words: str = ""
    undo: Callable[[], Awaitable[object]] | None = None


@ft.component
def Departments() -> ft.Control:
    """部署."""
    return CatalogueScreen(DEPARTMENTS)


@ft.component
def Topics() -> ft.Control:
    """講座コード."""
    return CatalogueScreen(TOPICS)


@ft.component
def Organisations() -> ft.Control:
    """団体."""
    return CatalogueScreen(ORGANISATIONS)


@ft.component
def CatalogueScreen(kind: Catalogue) -> ft.Control:
    """One catalogue; a changed entry can be put back as it was for ten seconds, a retired one at any time."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    opened, set_opened = ft.use_state("")
    nothing = _Done()
    done, set_done = ft.use_state(nothing)
    found = use_query(kind.entries, (municipality_topic(code),), municipality_code=code)
    act = use_action()

    def close() -> None:
        set_opened("")
        act.clear()

    async def put_back(undo: Callable[[], Awaitable[object]]) -> None:
        if await undo() is not None:
            set_done(_Done(say("settings.undone")))

    async def save(line: CatalogueLine | None, draft: Any) -> None:
        now, by = office.now(), office.actor.name
        if line is None:
            receipt = await act(kind.add, municipality_code=code, draft=draft, now=now, by=by)
        else:
            receipt = await act(kind.edit, **{kind.id_name: line.entry_id}, draft=draft, now=now, by=by)
        if receipt is None:
            return
        close()
        undo = None if line is None else (lambda: _write(office, kind, act, line))
        set_done(_Done(say("settings.saved", name=receipt.name), undo))

    async def turn(line: CatalogueLine) -> None:
        """Retire an entry, or bring a retired one back."""
        receipt = await _turn(office, kind, act, line, retire=line.retired_on is None)
        if receipt is not None:
            key = "settings.retired_done" if line.retired_on is None else "settings.returned_done"
            undo = lambda: _turn(office, kind, act, line, retire=line.retired_on is not None)  # noqa: E731 -- used once
            set_done(_Done(say(key, name=line.draft.name), undo))

    add = primary_button(
        say(f"settings.{kind.name}_add"), lambda _event: set_opened(_NEW), key=f"{kind.name}-add", icon=ft.Icons.ADD
    )
    head = title_row(
        say(f"settings.{kind.name}_title"),
        [] if opened else [add],
        under=quiet(say(f"settings.{kind.name}_lead")),
    )
    parts: list[ft.Control] = [head]
    if found.error:
        again = quiet_button(say("settings.again"), lambda _event: found.refresh(), key=f"{kind.name}-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None:
        return screen_column([head, skeleton(say("settings.loading"), rows=4, row_height=72)])
    if done.words:
        parts.append(
            DoneBanner(
                done.words,
                banner_key=f"{kind.name}-done",
                on_close=lambda: set_done(nothing),
                undo_words=say("settings.undo") if done.undo else None,
                on_undo=calls_with(put_back, done.undo),
            )
        )
    if act.error and not opened:
        parts.append(error_banner(act.error))
    if opened == _NEW:
        parts.append(EntryForm(kind, None, act, on_save=save, on_leave=close))
    elif not found.value:
        parts.append(card([empty_state(say(f"settings.{kind.name}_empty"))]))
    line = next((each for each in found.value if str(each.entry_id) == opened), None)
    if line is not None:
        parts.append(EntryForm(kind, line, act, on_save=save, on_leave=close))
    rows = [_row(office, kind, each, set_opened, turn) for each in found.value if each is not line]
    if rows:
        parts.append(data_list(rows))
    return screen_column(parts)


async def _write(office: Office, kind: Catalogue, act: Action, line: CatalogueLine) -> object:
    """Put an entry back as it was."""
    values: dict[str, Any] = {kind.id_name: line.entry_id, "draft": line.draft}
    return await act(kind.edit, **values, now=office.now(), by=office.actor.name)


async def _turn(office: Office, kind: Catalogue, act: Action, line: CatalogueLine, *, retire: bool) -> object:
    values: dict[str, Any] = {kind.id_name: line.entry_id}
    reason = office.words("settings.retire_reason" if retire else "settings.return_reason")
    use_case = kind.retire if retire else kind.bring_back
    return await act(use_case, **values, reason=reason, now=office.now(), by=office.actor.name)


def _row(
    office: Office,
    kind: Catalogue,
    line: CatalogueLine,
    open_entry: Callable[[str], None],
    turn: Callable[[CatalogueLine], Awaitable[None]],
) -> ft.Control:
    say = office.words
    facts = "・".join(_facts(office, kind, line))
    retired = line.retired_on is not None
    words: list[ft.Control] = [row_title(line.draft.name), *([quiet(facts)] if facts else [])]
    buttons: list[ft.Control] = [
        secondary_button(
            say("settings.edit"), calls_with(open_entry, str(line.entry_id)), key=f"{kind.name}-edit-{line.entry_id}"
        ),
        quiet_button(
            say("settings.return" if retired else "settings.retire"),
            calls_with(turn, line),
            key=f"{kind.name}-turn-{line.entry_id}",
        ),
    ]
    return ft.Container(
        ft.ResponsiveRow(
            [
                ft.Column(words, spacing=0, tight=True, col={"xs": 12, "md": 6}),
                ft.Row(
                    [*([state_chip("cancelled", say("settings.retired"))] if retired else []), *buttons],
                    wrap=True,
                    spacing=STEP,
                    run_spacing=STEP,
                    alignment=ft.MainAxisAlignment.END,
                    col={"xs": 12, "md": 6},
                ),
            ],
            spacing=GAP,
            run_spacing=STEP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.symmetric(vertical=STEP, horizontal=GAP),
        border=ft.Border(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        key=f"{kind.name}-{line.entry_id}",
    )


def _facts(office: Office, kind: Catalogue, line: CatalogueLine) -> list[str]:
    """What stands beside the name, in words; what is empty is left out."""
    say = office.words
    facts = []
    for name, sort in kind.fields:
        value = getattr(line.draft, name)
        if name == "name" or not value:
            continue
        if name in kind.choices:
            facts.append(say(f"settings.{kind.name}_{name}.{value}"))
        elif sort == TICK:
            facts.append(say(f"settings.{kind.name}_{name}"))
        elif name == "minutes":
            facts.append(say("settings.minutes_words", minutes=value))
        else:
            facts.append(str(value))
    return facts
