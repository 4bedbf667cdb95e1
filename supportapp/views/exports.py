"""出力: files for the table, for the report, for calendars; and what was handed over to whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from events.japan.eras import on_screen
from events.programme_queries import SessionChip, sessions_between
from events.states import PUBLISHED_STATES, STOPPED_STATES
from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import SelectInput
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, quiet
from supportapp.files_left import LeftFile, files_left
from supportapp.handing_out import hand_out_attendance, hand_out_roster
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP
from supportapp.views.exports_calendars import CalendarsPart
from supportapp.views.exports_year import OpenDataPart, YearPart
from supportapp.views.handing_over import HandOver, use_hand_over
from supportapp.views.planning_fields import day_field

AROUND: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _Span:
    """The days that were typed; None while one cannot be read."""

    first: date | None
    last: date | None


@ft.component
def Exports() -> ft.Control:
    """The whole screen: choose, one button, the file is downloaded, and it says what was written down."""
    office = use_office()
    screen = use_screen()
    say = office.words
    told: list[ft.Control] = []
    hand = use_hand_over()
    if hand.error:
        told.append(error_banner(hand.error))
    if hand.done:
        told.append(DoneBanner(hand.done, banner_key="handed", on_close=hand.clear, stays=True))
    return screen_column(
        [
            title_row(say("export.title"), under=quiet(say("export.lead"))),
            *told,
            two_pane(screen, RosterPart(hand), AttendancePart(hand)),
            two_pane(screen, YearPart(hand), OpenDataPart(hand)),
            CalendarsPart(hand),
            LeftPart(),
        ]
    )


@ft.component
def RosterPart(hand: HandOver) -> ft.Control:
    """The roster of one session around today."""
    office = use_office()
    say = office.words
    code = office.actor.municipality_code
    today = office.today
    found = use_query(
        sessions_between,
        (municipality_topic(code),),
        municipality_code=code,
        first=today - AROUND,
        last=today + AROUND,
    )
    chosen, set_chosen = ft.use_state("")
    missing, set_missing = ft.use_state("")

    def choose(value: str) -> None:
        set_chosen(value)
        set_missing("")

    held = [chip for chip in found.value or () if chip.state in PUBLISHED_STATES - STOPPED_STATES]
    session_id = chosen or _next_one(held, today)

    async def take(_event: object) -> None:
        if session_id is None:
            set_missing(say("export.choose_session"))
            return
        await hand(
            lambda: hand_out_roster(office.backend, office.actor, session_id=UUID(session_id), language=office.language)
        )

    title = say("export.roster_title")
    if found.error:
        return card([error_banner(found.error)], title=title)
    if found.value is None:
        return card([skeleton(say("export.loading"), rows=2)], title=title)
    if not held:
        return card([empty_state(say("export.no_sessions"))], title=title)
    return card(
        [
            body(say("export.roster_help")),
            SelectInput(
                say("export.session"),
                [(str(chip.session_id), _session_line(office, chip)) for chip in held],
                field_key="roster-session",
                value=session_id,
                on_change=choose,
                error=missing or None,
            ),
            _right(primary_button(say("export.roster_do"), take, key="take-roster", busy=hand.busy)),
        ],
        title=title,
        key="roster-part",
    )


@ft.component
def AttendancePart(hand: HandOver) -> ft.Control:
    """The attendance of a span of days; the last month unless somebody says otherwise."""
    office = use_office()
    say = office.words
    span, set_span = ft.use_state(_Span(office.today.replace(day=1), office.today))
    missing, set_missing = ft.use_state("")

    def set_first(day: date | None) -> None:
        set_span(lambda before: replace(before, first=day))

    def set_last(day: date | None) -> None:
        set_span(lambda before: replace(before, last=day))

    async def take(_event: object) -> None:
        first, last = span.first, span.last
        if first is None or last is None:
            set_missing(say("export.no_days"))
            return
        set_missing("")
        await hand(
            lambda: hand_out_attendance(
                office.backend,
                office.actor,
                municipality_code=office.actor.municipality_code,
                first=first,
                last=last,
                language=office.language,
            )
        )

    return card(
        [
            body(say("export.attendance_help")),
            day_field(
                office,
                say("export.first"),
                span.first,
                set_first,
                key="attendance-first",
            ),
            day_field(
                office,
                say("export.last"),
                span.last,
                set_last,
                key="attendance-last",
            ),
            *([error_banner(missing)] if missing else []),
            _right(secondary_button(say("export.attendance_do"), take, key="take-attendance", busy=hand.busy)),
        ],
        title=say("export.attendance_title"),
        key="attendance-part",
    )


@ft.component
def LeftPart() -> ft.Control:
    """The newest entries of the record of files that left."""
    office = use_office()
    say = office.words
    code = office.actor.municipality_code
    left = use_query(files_left, (municipality_topic(code),), municipality_code=code, most=10)
    title = say("export.left_title")
    if left.error:
        return card([error_banner(left.error)], title=title)
    if left.value is None:
        return card([skeleton(say("export.loading"), rows=2)], title=title)
    if not left.value:
        return card([quiet(say("export.left_none"))], title=title)
    rows = [data_row([_left_line(office, each)], key=f"left-{number}") for number, each in enumerate(left.value)]
    return card([data_list(rows)], title=title, key="left-part")


def _left_line(office: Office, each: LeftFile) -> ft.Control:
    words = office.words(
        "export.left_line",
        day=on_screen(tokyo_date(each.left_at), office.today),
        time=f"{tokyo_time(each.left_at):%H:%M}",
        kind=office.words(f"export.left.{each.kind.value}"),
        lines=each.lines,
        who=each.left_to,
    )
    return ft.Container(body(words), expand=True)


def _next_one(held: Sequence[SessionChip], today: date) -> str | None:
    """Today's session, else the next one: mostly that is the one whose roster is wanted."""
    return next((str(chip.session_id) for chip in held if chip.held_on >= today), None)


def _session_line(office: Office, chip: SessionChip) -> str:
    at = f"{tokyo_time(chip.starts_at):%H:%M}" if chip.starts_at else ""
    day = on_screen(chip.held_on, office.today)
    return office.words("export.session_line", day=day, time=at, title=chip.title)


def _right(button: ft.Control) -> ft.Control:
    return ft.Row([button], alignment=ft.MainAxisAlignment.END, spacing=STEP, run_spacing=GAP, wrap=True)
