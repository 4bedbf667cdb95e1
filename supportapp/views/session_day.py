"""当日: who came so far, and the way to the desk."""

from uuid import UUID

import flet as ft

from events.attendance_queries import ReceptionPerson, reception_list
from events.japan.clock import tokyo_time
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.layout import data_list, data_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, row_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import session_topic
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
    desk = primary_button(
        say("session.reception"), lambda _event: office.go(f"/desk/{session_id}"), key="day-reception"
    )
    survey = quiet_button(
        say("questionnaire.title"), lambda _event: office.go(f"/sessions/{session_id}/questionnaire"), key="day-survey"
    )
    buttons = ft.Row([desk, survey], wrap=True, spacing=STEP, run_spacing=STEP)
    came = [person for person in found.value.people if person.state is not None]
    if not came:
        return empty_state(say("session.day_not_yet"), buttons, ft.Icons.HOW_TO_REG_OUTLINED)
    return ft.Column(
        [buttons, data_list([_visitor(office, person) for person in came])],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _visitor(office: Office, person: ReceptionPerson) -> ft.Control:
    say = office.words
    state = say(f"attendance.state.{person.state.value}") if person.state else ""
    facts = [state, f"{tokyo_time(person.arrived_at):%H:%M}" if person.arrived_at else ""]
    if person.walk_in:
        facts.append(say("session.walk_in"))
    return data_row(
        [
            ft.Container(row_title(person.name), expand=True),
            body("  ".join(fact for fact in facts if fact)),
        ],
        key=f"visitor-{person.attendee_id}",
    )
