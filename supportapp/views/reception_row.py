"""One person at the desk: one large button that says what it will do, and undo beside it as a control of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import flet as ft

from events.attendance import change_attendance, check_in, leave_early, undo_check_in, undo_leaving
from events.attendance_queries import ReceptionPerson
from events.fields import new_id
from events.japan.clock import tokyo_time
from events.room_limit import CAME
from events.states import AttendanceState
from events.walk_ins import undo_walk_in
from supportapp.components.buttons import secondary_button
from supportapp.components.spoken import spoken
from supportapp.components.states import error_banner
from supportapp.components.texts import name as person_name
from supportapp.components.texts import quiet
from supportapp.file_words import needs_in_words
from supportapp.hooks import use_action, use_office
from supportapp.messages import Words
from supportapp.theme import GAP, HAIRLINE, HALF, MARKS, ROW, STEP
from supportapp.views.reception_board import Board, Seated, Shown

Mark = Callable[[AttendanceState], Awaitable[None]]
Press = Callable[[Any], Awaitable[None]]

TICK_WIDTH: Final = 192
UNDO_WIDTH: Final = 104
PATIENCE: Final = 0.1  # seconds until a tap that is not done yet is shown as under way
MARKS_OF = {
    AttendanceState.PRESENT: "enough",
    AttendanceState.LATE: "thin",
    AttendanceState.ABSENT_NOTICE: "neutral",
    AttendanceState.ABSENT: "neutral",
}
_TO_TICK: Final = (ft.Colors.ON_PRIMARY, ft.Colors.PRIMARY, ft.Colors.PRIMARY)


@ft.component
def _ReceptionRow(board: Board, seated: Seated, language: str, *, text_size: float, stacked: bool) -> ft.Control:
    """Drawn again for its own sake only; who it is, the two buttons and the rest watch the person themselves."""
    say = use_office().words
    is_open, set_open = ft.use_state(False)
    refusal, set_refusal = ft.use_state("")
    who = Who(seated.facts, language)
    ticking = Ticking(board, seated.marks, language, text_size=text_size, on_refused=set_refusal)
    more = _more(say, seated.person, lambda _event: set_open(not is_open), is_open=is_open)
    below: list[ft.Control] = []
    if is_open:
        below.append(Others(board, seated.marks, on_refused=set_refusal, on_done=lambda: set_open(False)))
    if refusal:
        below.append(error_banner(refusal))
    return ft.Container(
        ft.Column(
            [_stacked(who, ticking, more) if stacked else _beside(who, ticking, more), *below],
            spacing=STEP,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.symmetric(horizontal=GAP, vertical=STEP),
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


ReceptionRow: Callable[..., ft.Control] = ft.memo(_ReceptionRow)  # type: ignore[no-untyped-call]  # not annotated there


def _beside(who: ft.Control, ticking: ft.Control, more: ft.Control) -> ft.Control:
    line: list[ft.Control] = [ft.Container(who, expand=True), ticking, more]
    return ft.Row(line, spacing=STEP, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def _stacked(who: ft.Control, ticking: ft.Control, more: ft.Control) -> ft.Control:
    first = ft.Row([ft.Container(who, expand=True), more], vertical_alignment=ft.CrossAxisAlignment.START)
    second = ft.Row([ticking], wrap=True, alignment=ft.MainAxisAlignment.END)
    return ft.Column([first, second], spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def _Who(seated: Shown, language: str) -> ft.Control:  # noqa: ARG001 -- drawn again in another language
    say, person = use_office().words, seated.person
    under: list[ft.Control] = [quiet(text) for text in (person.kana, person.seat_code) if text]
    under.extend(_fact(word) for word in _facts(say, person))
    beside = ft.Row(under, spacing=GAP, run_spacing=HALF, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Column([person_name(person.name), beside], spacing=0, tight=True)


Who: Callable[..., ft.Control] = ft.memo(_Who)  # type: ignore[no-untyped-call]  # not annotated there


def _facts(say: Words, person: ReceptionPerson) -> tuple[str, ...]:
    return (
        *needs_in_words(say, person.needs),
        *([say("attendance.companions", count=person.companions)] if person.companions else []),
        *([say("attendance.without_phone")] if person.without_phone else []),
        *([say("attendance.walk_in")] if person.walk_in else []),
        *([say("reception.left", time=_clock(person.left_at))] if person.left_at is not None else []),
    )


def _fact(word: str) -> ft.Control:
    return ft.Container(
        ft.Text(word, theme_style=ft.TextThemeStyle.LABEL_LARGE, color=ft.Colors.ON_PRIMARY_CONTAINER),
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        border_radius=HALF,
        padding=ft.Padding.symmetric(horizontal=STEP, vertical=0),
    )


@dataclass(frozen=True, slots=True)
class Taps:
    """What can be done about the person of one row; ``busy`` while it is done."""

    busy: bool
    mark: Mark
    do: Callable[..., Awaitable[None]]


def use_taps(board: Board, seated: Shown, on_refused: Callable[[str], None], on_done: Callable[[], None]) -> Taps:
    """Ways to act on the person as shown now; a refusal goes to the row as a sentence, "" when there is none."""
    office = use_office()
    act = use_action(PATIENCE)  # the same tap twice changes nothing

    def report() -> None:
        on_refused(act.error or "")

    ft.use_effect(report, [act.error])

    async def do(use_case: Any, **named: Any) -> None:
        receipt = await act(use_case, session_id=board.session_id, now=office.now(), by=office.actor.name, **named)
        if receipt is not None:
            board.tell(receipt)
            on_done()

    async def mark(state: AttendanceState) -> None:
        now = seated.person
        if now.attendance_id is None:
            await do(check_in, seat_id=now.seat_id, state=state, tap_id=new_id())
        else:
            await do(change_attendance, attendance_id=now.attendance_id, state=state, tap_id=new_id())

    return Taps(act.busy, mark, do)


def _nothing_more() -> None:
    """After a tick the row stays as it is."""


@ft.component
def _Ticking(
    board: Board,
    seated: Shown,
    language: str,  # noqa: ARG001 -- drawn again in another language
    *,
    text_size: float,
    on_refused: Callable[[str], None],
) -> ft.Control:
    """Undo and the large button: all of a row that is drawn again when somebody is ticked, here or elsewhere."""
    say = use_office().words
    taps = use_taps(board, seated, on_refused, _nothing_more)
    now = seated.person

    async def take_back(_event: object) -> None:
        await taps.do(undo_walk_in if now.walk_in else undo_check_in, attendance_id=now.attendance_id)

    async def tick(_event: object) -> None:
        if now.state is None:  # pressing again changes nothing
            await taps.mark(AttendanceState.PRESENT)

    return ft.Row(
        [
            _undo(say, now, text_size, take_back, doing=taps.busy),
            _main(say, now, text_size, tick, doing=taps.busy),
        ],
        spacing=STEP,
        run_spacing=STEP,
        tight=True,
    )


Ticking: Callable[..., ft.Control] = ft.memo(_Ticking)  # type: ignore[no-untyped-call]  # not annotated there


# The two buttons of a row are the same controls in every state, with other words, signs and colours: then only these
# few properties travel to each tablet, not new controls.


def _main(say: Words, person: ReceptionPerson, text_size: float, tick: Press, *, doing: bool) -> ft.Control:
    """Says what it will do; once pressed it says in the same place what stands, and pressing it changes nothing."""
    if person.state is None:
        words, icon = say("reception.tick"), None
        spoken_words = say("reception.tick_name", name=person.name)
        ink, ground, line = _TO_TICK
    else:
        mark = MARKS[MARKS_OF[person.state]]
        words, icon = _standing_words(say, person), mark.icon
        spoken_words = say("reception.ticked_name", name=person.name, state=words)
        ink, ground, line = mark.color, mark.ground, mark.color
    button = ft.FilledButton(
        words,
        icon=ft.Icons.MORE_HORIZ if doing else icon,
        on_click=tick,
        width=TICK_WIDTH * text_size,
        height=ROW * text_size,
        style=ft.ButtonStyle(color=ink, icon_color=ink, bgcolor=ground, side=ft.BorderSide(HAIRLINE, line)),
        key=f"tick-{person.attendee_id}",
    )
    return spoken(button, spoken_words)


def _undo(say: Words, person: ReceptionPerson, text_size: float, take_back: Press, *, doing: bool) -> ft.Control:
    """A control of its own, away from the button that was just pressed."""
    words = _standing_words(say, person) if person.state is not None else ""
    button = ft.OutlinedButton(
        say("reception.undo"),
        on_click=take_back,
        disabled=doing,
        visible=person.state is not None,
        width=UNDO_WIDTH * text_size,
        height=ROW * text_size,
        key=f"undo-{person.attendee_id}",
    )
    named = spoken(button, say("reception.undo_name", name=person.name, state=words))
    named.visible = person.state is not None
    return named


def _more(say: Words, person: ReceptionPerson, turn: Callable[[object], None], *, is_open: bool) -> ft.Control:
    words = say("reception.close" if is_open else "reception.more")
    return ft.TextButton(words, on_click=turn, key=f"more-{person.attendee_id}")


def _standing_words(say: Words, person: ReceptionPerson) -> str:
    assert person.state is not None
    word = say(f"attendance.state.{person.state.value}")
    if person.arrived_at is None:
        return word
    return say("reception.ticked", state=word, time=_clock(person.arrived_at))


@ft.component
def Others(
    board: Board, seated: Shown, *, on_refused: Callable[[str], None], on_done: Callable[[], None]
) -> ft.Control:
    """Whatever else can be said of a person, as large buttons side by side."""
    say = use_office().words
    taps = use_taps(board, seated, on_refused, on_done)
    person = seated.person

    def choose(state: AttendanceState) -> Press:
        async def chosen(_event: object) -> None:
            await taps.mark(state)

        return chosen

    async def leave(_event: object) -> None:
        await taps.do(leave_early, attendance_id=person.attendance_id, tap_id=new_id())

    async def come_back(_event: object) -> None:
        await taps.do(undo_leaving, attendance_id=person.attendance_id, tap_id=new_id())

    buttons: list[ft.Control] = [
        secondary_button(
            say("reception.mark", state=say(f"attendance.state.{state.value}")),
            choose(state),
            key=f"{state.value}-{person.attendee_id}",
            busy=taps.busy,
        )
        for state in AttendanceState
        if state not in (person.state, AttendanceState.PRESENT if person.state is None else None)
    ]
    if person.left_at is not None:
        buttons.append(secondary_button(say("reception.back_again"), come_back, key=f"back-{person.attendee_id}"))
    elif person.state in CAME:
        buttons.append(secondary_button(say("reception.leave"), leave, key=f"leave-{person.attendee_id}"))
    return ft.Row(buttons, spacing=STEP, run_spacing=STEP, wrap=True, alignment=ft.MainAxisAlignment.END)


def _clock(moment: Any) -> str:
    return f"{tokyo_time(moment):%H:%M}"
