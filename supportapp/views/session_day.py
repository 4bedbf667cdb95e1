"""当日: who came, the way to the desk, and putting right afterwards what the desk recorded."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from events.attendance_corrections import correct_attendance
from events.attendance_queries import ReceptionPerson, reception_list
from events.fields import new_id
from events.japan.clock import tokyo_time
from events.states import STOPPED_STATES, AttendanceState
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.spoken import spoken
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, row_title
from supportapp.hooks import use_action, use_office, use_query
from supportapp.live import session_topic
from supportapp.messages import Words
from supportapp.rights import RIGHTS
from supportapp.theme import GAP, STEP


@ft.component
def SessionDay(session_id: UUID) -> ft.Control:
    """Who came so far, and the way to the desk."""
    office = use_office()
    say = office.words
    found = use_query(reception_list, (session_topic(session_id),), session_id=session_id)
    if found.error:
        return error_banner(found.error)
    if found.value is None:
        return skeleton(say("session.loading"), rows=3)
    sheet = found.value
    desk = primary_button(
        say("session.reception"), lambda _event: office.go(f"/desk/{session_id}"), key="day-reception"
    )
    survey = quiet_button(
        say("questionnaire.title"), lambda _event: office.go(f"/sessions/{session_id}/questionnaire"), key="day-survey"
    )
    buttons = ft.Row([desk, survey], wrap=True, spacing=STEP, run_spacing=STEP)
    may_correct = (
        sheet.held_on <= office.today
        and sheet.state not in STOPPED_STATES
        and office.actor.role in RIGHTS["events.attendance_corrections.correct_attendance"]
    )
    shown = [person for person in sheet.people if may_correct or person.state is not None]
    if not shown:
        return empty_state(say("session.day_not_yet"), buttons, ft.Icons.HOW_TO_REG_OUTLINED)
    rows: list[ft.Control] = [
        Visitor(session_id, person, found.refresh, may_correct=may_correct, key=str(person.attendee_id))
        for person in shown
    ]
    return ft.Column(
        [buttons, data_list(rows)],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def _Visitor(
    session_id: UUID, person: ReceptionPerson, on_done: Callable[[], None], *, may_correct: bool
) -> ft.Control:
    """One person and what stands; from the day itself on it can be put right, with a reason."""
    say = use_office().words
    is_open, set_open = ft.use_state(False)

    def finish() -> None:
        set_open(False)
        on_done()

    parts: list[ft.Control] = [ft.Container(row_title(person.name), expand=True), body(_facts(say, person))]
    if may_correct:
        key = f"correct-{person.attendee_id}"
        button = ft.TextButton(say("session.correct"), on_click=lambda _event: set_open(not is_open), key=key)
        parts.append(spoken(button, say("session.correct_name", name=person.name), key=key))
    row = data_row(parts, key=f"visitor-{person.attendee_id}")
    if not is_open:
        return row
    return ft.Column(
        [row, Correcting(session_id, person, finish)],
        spacing=STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


Visitor: Callable[..., ft.Control] = ft.memo(_Visitor)  # type: ignore[no-untyped-call]  # not annotated there


@ft.component
def Correcting(session_id: UUID, person: ReceptionPerson, on_done: Callable[[], None]) -> ft.Control:
    """A reason, and then what is right: every state that does not stand, or no record at all."""
    office = use_office()
    act = use_action()
    reason, set_reason = ft.use_state("")
    (tap_id,), _ = ft.use_state((new_id(),))  # one correction however often the button is pressed
    say = office.words

    async def correct(state: AttendanceState | None) -> None:
        receipt = await act(
            correct_attendance,
            session_id=session_id,
            attendee_id=person.attendee_id,
            state=state,
            reason=reason,
            tap_id=tap_id,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            on_done()

    states: list[AttendanceState | None] = [state for state in AttendanceState if state is not person.state]
    if person.state is not None:
        states.append(None)
    buttons: list[ft.Control] = [
        secondary_button(
            say(
                "session.correct_to",
                state=say(f"attendance.state.{state.value}") if state else say("session.no_record"),
            ),
            calls_with(correct, state),
            key=f"correct-to-{state.value if state else 'none'}",
            busy=act.busy,
        )
        for state in states
    ]
    parts: list[ft.Control] = [
        TextInput(
            say("session.correct_reason"),
            field_key="correct-reason",
            value=reason,
            on_change=set_reason,
            help_text=say("session.correct_help"),
        ),
        ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP),
    ]
    if act.error:
        parts.append(error_banner(act.error))
    return card(parts, key="correcting")


def _state_words(say: Words, state: AttendanceState | None) -> str:
    return say(f"attendance.state.{state.value}") if state else say("session.no_record")


def _facts(say: Words, person: ReceptionPerson) -> str:
    facts = [
        _state_words(say, person.state),
        f"{tokyo_time(person.arrived_at):%H:%M}" if person.arrived_at else "",
        say("session.walk_in") if person.walk_in else "",
    ]
    return "  ".join(fact for fact in facts if fact)
