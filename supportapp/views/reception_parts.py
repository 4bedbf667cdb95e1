"""Above and below the people at the desk: which session, how many came, what is in the way, walk-ins, the end."""

from collections.abc import Callable

import flet as ft

from events.attendance_corrections import mark_rest_absent
from events.attendance_queries import ReceptionSheet
from events.japan.clock import tokyo_time
from events.japan.eras import on_screen
from events.states import STOPPED_STATES
from supportapp.components.buttons import icon_button, primary_button, quiet_button
from supportapp.components.fields import TextInput
from supportapp.components.screen import use_screen
from supportapp.components.states import ConfirmPanel, error_banner, warning_banner
from supportapp.components.texts import figure, quiet, section_title
from supportapp.handing_out import numbered
from supportapp.hooks import Office, use_action, use_office
from supportapp.messages import Words
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.reception_board import Board, Tally

COUNTER_BELOW = 300  # so narrow that the counter needs a line of its own (a phone with large text)


def session_time(say: Words, sheet: ReceptionSheet) -> str:
    """From when to when, in Tokyo; "" while no time is set."""
    if sheet.starts_at is None:
        return ""
    end = f"{tokyo_time(sheet.ends_at):%H:%M}" if sheet.ends_at is not None else ""
    return say("reception.time_span", start=f"{tokyo_time(sheet.starts_at):%H:%M}", end=end)


@ft.component
def Head(sheet: ReceptionSheet, board: Board, *, sought: str, on_seek: Callable[[str], None]) -> ft.Control:
    """Which desk this is, how many came, whether the line stands, and the search."""
    office = use_office()
    screen = use_screen()
    say = office.words
    title = numbered(sheet.title, sheet.number, sheet.of_sessions, say)
    place = " ".join(part for part in (sheet.venue, sheet.room) if part)
    which = ft.Column(
        [
            ft.Semantics(header=True, heading_level=1, content=section_title(title)),
            quiet(say("reception.when_where", time=session_time(say, sheet), place=place)),
        ],
        spacing=0,
        tight=True,
    )
    back = icon_button(say("reception.back"), ft.Icons.ARROW_BACK, lambda _event: office.go("/desk"), key="desk-back")
    search = TextInput(say("reception.search"), field_key="desk-search", value=sought, on_change=on_seek)
    line = ft.Column([which, _connected(say)], spacing=0, tight=True)
    if screen.two_panes:
        return ft.Row(
            [
                back,
                ft.Container(line, expand=3),
                ft.Container(search, expand=2),
                Counter(board.tally, office.language),
            ],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    top = [back, ft.Container(line, expand=True)]
    counter = Counter(board.tally, office.language)
    narrow = screen.room < COUNTER_BELOW
    rows = [_level(top), counter] if narrow else [_level([*top, counter])]
    return ft.Column([*rows, search], spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _level(parts: list[ft.Control]) -> ft.Control:
    return ft.Row(parts, spacing=STEP, vertical_alignment=ft.CrossAxisAlignment.CENTER)


@ft.component
def _Counter(tally: Tally, language: str) -> ft.Control:  # noqa: ARG001 -- drawn again in another language
    say = use_office().words
    counts = tally.counts
    absent = counts.absent + counts.absent_notice
    beside = [
        say("reception.unticked", count=counts.open) if counts.open else say("reception.everybody_ticked"),
        *([say("reception.late", count=counts.late)] if counts.late else []),
        *([say("reception.absent", count=absent)] if absent else []),
        *([say("reception.walk_ins", count=counts.walk_ins)] if counts.walk_ins else []),
    ]
    return ft.Semantics(
        container=True,
        live_region=True,
        content=ft.Column(
            [
                ft.Row(
                    [
                        quiet(say("reception.came")),
                        figure(f"{counts.came}/{counts.expected}", key="desk-count"),
                    ],
                    spacing=STEP,
                    tight=True,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                ft.Row([quiet(text) for text in beside], spacing=STEP, run_spacing=0, wrap=True, tight=True),
            ],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.END,
        ),
    )


Counter: Callable[..., ft.Control] = ft.memo(_Counter)  # type: ignore[no-untyped-call]  # not annotated there


def _connected(say: Words) -> ft.Control:
    """The line to the server stands as long as this is seen: without it our own page covers the screen."""
    return ft.Row(
        [ft.Icon(ft.Icons.CLOUD_DONE_OUTLINED, color=ft.Colors.TERTIARY), quiet(say("reception.connected"))],
        spacing=HALF,
        tight=True,
    )


def notices(office: Office, sheet: ReceptionSheet) -> list[ft.Control]:
    """What is in the way of ticking anybody."""
    say = office.words
    if sheet.state in STOPPED_STATES:
        return [warning_banner(say("reception.stopped"))]
    if sheet.held_on != office.today:
        return [warning_banner(say("reception.not_today", day=on_screen(sheet.held_on, office.today)))]
    return []


@ft.component
def Foot(
    board: Board,
    sheet: ReceptionSheet,
    *,
    walking_in: bool,
    on_walk_in: Callable[[], None],
    on_done: Callable[[str], None],
) -> ft.Control:
    """Walk-ins at the lower right, where a thumb is; at the left, once it has begun, the end of the day."""
    office = use_office()
    is_open = sheet.held_on == office.today and sheet.state not in STOPPED_STATES
    begun = sheet.starts_at is not None and office.now() >= sheet.starts_at
    walk_in = primary_button(
        office.words("reception.walk_in"),
        lambda _event: on_walk_in(),
        key="walk-in",
        icon=ft.Icons.PERSON_ADD_ALT_1_OUTLINED,
        disabled=walking_in or not is_open,
    )
    end = [EndOfDay(board, board.tally, on_done=on_done)] if is_open and begun else []
    return ft.Row([ft.Container(ft.Row(end, wrap=True), expand=True), walk_in], spacing=GAP)


@ft.component
def EndOfDay(board: Board, tally: Tally, *, on_done: Callable[[str], None]) -> ft.Control:
    """Everybody who was not ticked is absent: asked once more before it is done."""
    office = use_office()
    act = use_action()
    asking, set_asking = ft.use_state(False)
    say = office.words
    rest = tally.counts.open

    async def mark_rest(_reason: str) -> None:
        marked = await act(mark_rest_absent, session_id=board.session_id, now=office.now(), by=office.actor.name)
        if marked is not None:
            await board.read()
            on_done(say("reception.rest_absent_done", count=marked))
        set_asking(False)

    if act.error:
        return error_banner(act.error)
    if asking:
        return ConfirmPanel(
            say("reception.rest_absent_sure", count=rest),
            panel_key="rest-absent",
            confirm_words=say("reception.rest_absent_do"),
            keep_words=say("reception.close"),
            on_confirm=mark_rest,
            on_keep=lambda _event: set_asking(False),
            busy=act.busy,
        )
    return quiet_button(
        say("reception.rest_absent", count=rest) if rest else say("reception.everybody_ticked"),
        lambda _event: set_asking(True),
        key="rest-absent",
        disabled=not rest,
    )
