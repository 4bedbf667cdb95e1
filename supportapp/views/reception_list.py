"""受付, first step: today's sessions as large cards; one tap opens a desk."""

import flet as ft

from events.attendance_queries import ReceptionToday, receptions_today
from events.japan.clock import tokyo_time
from events.japan.eras import on_screen
from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, figure, quiet, section_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.identity import Role
from supportapp.live import municipality_topic
from supportapp.theme import GAP


@ft.component
def ReceptionList() -> ft.Control:
    """Today's desks of the municipality, or the one desk of somebody who helps at one session only."""
    office = use_office()
    say = office.words
    code = office.actor.municipality_code
    desks = use_query(
        receptions_today,
        (municipality_topic(code),),
        municipality_code=code,
        day=office.today,
        session_id=office.actor.session_id,
    )
    head = title_row(
        say("reception.today_title", day=on_screen(office.today, office.today)), under=quiet(say("reception.choose"))
    )
    if desks.error:
        return screen_column([head, error_banner(desks.error)])
    if desks.value is None:
        return screen_column([head, skeleton(say("reception.loading"), rows=3, row_height=120)])
    if not desks.value:
        to_calendar = secondary_button(
            say("reception.to_calendar"), lambda _event: office.go("/calendar"), key="to-calendar"
        )
        may_plan = office.actor.role is not Role.RECEPTION
        return screen_column([head, empty_state(say("reception.nothing_today"), to_calendar if may_plan else None)])
    return screen_column([head, *(_desk(office, desk) for desk in desks.value)])


def _desk(office: Office, desk: ReceptionToday) -> ft.Control:
    say = office.words
    start, end = (f"{tokyo_time(moment):%H:%M}" if moment else "" for moment in (desk.starts_at, desk.ends_at))
    place = " ".join(part for part in (desk.venue, desk.room) if part)
    which = ft.Column(
        [
            figure(say("reception.time_span", start=start, end=end)),
            section_title(desk.title),
            body(place),
        ],
        spacing=0,
        tight=True,
    )
    doing = ft.Row(
        [
            body(say("reception.came_of", came=desk.came, expected=desk.expected)),
            ft.Semantics(
                label=f"{say('reception.open_desk')} {start} {desk.title}",
                content=primary_button(
                    say("reception.open_desk"),
                    lambda _event: office.go(f"/desk/{desk.session_id}"),
                    key=f"desk-{desk.session_id}",
                ),
            ),
        ],
        spacing=GAP,
        run_spacing=GAP,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    row = ft.Row(
        [which, doing],
        wrap=True,
        spacing=GAP,
        run_spacing=GAP,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return card([row], key=f"card-{desk.session_id}")
