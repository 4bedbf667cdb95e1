"""回: when and where in large type, three meters that open their lists, and the parts 申込・サポーター・当日・記録."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import flet as ft

from events.planning.drafts import SessionReceipt
from events.planning.stopping import cancel_session, reopen_session
from events.programme_session import SessionPage, session_page
from events.states import ProgrammeState
from supportapp.components.buttons import Tap, danger_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import screen_column, tabs, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import ConfirmPanel, error_banner, meter, skeleton, warning_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words, span_words
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic, session_topic
from supportapp.theme import GAP, STEP
from supportapp.views.notice_parts import WayToTheLists, WhoIsConcerned
from supportapp.views.planning_parts import STAFFING_MARKS, STOPPED, caution_banners, stage_chip, where_words
from supportapp.views.registration_parts import RegistrationList
from supportapp.views.session_day import SessionDay
from supportapp.views.session_edit import SessionEditor
from supportapp.views.session_helpers import SessionHelpers
from supportapp.views.session_history import SessionHistory
from supportapp.views.session_papers import SessionPapers
from volunteers.need import Staffing, staffing

PARTS: Final = ("people", "helpers", "day", "papers", "history")
_BOOKABLE: Final = frozenset({ProgrammeState.ANNOUNCED, ProgrammeState.OPEN, ProgrammeState.CLOSED})
_OVER: Final = frozenset({ProgrammeState.HELD, ProgrammeState.REPORTED})


@ft.component
def SessionScreen() -> ft.Control:
    """One session."""
    office = use_office()
    session_id = UUID(ft.use_route_params()["session_id"])
    ft.use_route_location()
    screen = use_screen()
    say = office.words
    minute = office.now().replace(second=0, microsecond=0)
    topics = (session_topic(session_id), municipality_topic(office.actor.municipality_code))
    found = use_query(session_page, topics, session_id=session_id, now=minute)
    helpers = use_query(staffing, topics, session_id=session_id, now=minute)
    panel, set_panel = ft.use_state("")
    done, set_done = ft.use_state("")
    act = use_action()

    def close(sentence: str = "") -> None:
        set_panel("")
        set_done(sentence)
        act.clear()

    if found.error:
        again = quiet_button(say("session.again"), lambda _event: found.refresh(), key="session-again")
        back = quiet_button(
            say("session.to_calendar"), lambda _event: office.go("/calendar"), key="session-to-calendar"
        )
        return screen_column([error_banner(found.error, ft.Row([back, again], wrap=True, spacing=STEP))])
    if found.value is None:
        return screen_column([skeleton(say("session.loading"), rows=4, row_height=96)])
    page = found.value
    steps = _panel(office, page, panel, act, close) if panel else _steps(office, page, set_panel)
    return screen_column(
        [
            _head(office, page),
            *_done(office, done, close),
            steps,
            *_notes(office, page),
            _meters(office, screen, page, helpers.value),
            _parts(office, page),
        ]
    )


def _head(office: Office, page: SessionPage) -> ft.Control:
    say = office.words
    chip = page.chip
    day = day_words(say, office.language, chip.held_on, office.today)
    time_text = span_words(chip.starts_at, chip.ends_at) or say("session.no_time")
    under: list[ft.Control] = [row_title(chip.title), body(where_words(office, chip))]
    if len(page.neighbours) > 1:
        under.append(quiet(say("session.number_of", of=len(page.neighbours), number=chip.number)))
    if page.meeting_at is not None:
        under.append(quiet(say("session.meeting", time=span_words(page.meeting_at, None))))
    return title_row(f"{day} {time_text}", [stage_chip(office, chip)], under=ft.Column(under, spacing=0, tight=True))


def _done(office: Office, sentence: str, close: Callable[[str], None]) -> list[ft.Control]:
    if not sentence:
        return []
    return [
        DoneBanner(
            sentence,
            banner_key="session-done",
            on_close=lambda: close(""),
            close_words=office.words("session.close"),
            stays=True,
        ),
        WayToTheLists(),
    ]


def _steps(office: Office, page: SessionPage, open_panel: Callable[[str], None]) -> ft.Control:
    """What can be done in the present state; the most likely next step is the filled one."""
    say = office.words
    chip = page.chip
    stage = chip.stage(office.now())

    def goes(path: str) -> Tap:
        return lambda _event: office.go(path)

    def opens(panel: str) -> Tap:
        return lambda _event: open_panel(panel)

    buttons: list[ft.Control] = []
    if chip.held_on == office.today and stage not in STOPPED | {ProgrammeState.DRAFT}:
        words = say("session.reception")
        buttons.append(primary_button(words, goes(f"/desk/{chip.session_id}"), key="session-reception"))
    elif stage in _BOOKABLE:
        words = say("session.call")
        buttons.append(primary_button(words, goes(f"/telephone?session={chip.session_id}"), key="session-call"))
    words = say("session.workshop")
    buttons.append(secondary_button(words, goes(f"/workshops/{chip.workshop_id}"), key="session-workshop"))
    if chip.read_only or stage in _OVER:
        return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)
    if chip.state in STOPPED:
        buttons.append(secondary_button(say("session.reopen"), opens("reopen"), key="session-reopen"))
    if chip.state is not ProgrammeState.CANCELLED:
        buttons.append(secondary_button(say("session.postpone"), opens("postpone"), key="session-postpone"))
    if chip.state not in STOPPED:
        buttons.append(secondary_button(say("session.edit"), opens("edit"), key="session-edit"))
    if chip.state is not ProgrammeState.CANCELLED:
        buttons.append(danger_button(say("session.cancel"), opens("cancel"), key="session-cancel"))
    return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)


def _panel(office: Office, page: SessionPage, panel: str, act: Action, close: Callable[[str], None]) -> ft.Control:
    """What asks before it does: edit, postpone, cancel, take back."""
    say = office.words
    chip = page.chip
    if panel in {"edit", "postpone"}:
        return SessionEditor(page, postpone=panel == "postpone", on_close=close)
    stops = panel == "cancel"

    async def confirm(reason: str) -> None:
        use_case: Callable[..., SessionReceipt] = cancel_session if stops else reopen_session
        receipt = await act(use_case, session_id=chip.session_id, reason=reason, now=office.now(), by=office.actor.name)
        if receipt is not None:
            key = "session.cancelled_done" if stops else "session.reopened_done"
            close(say(key, told=receipt.told))

    people = chip.confirmed + chip.offered + chip.waiting
    question = say("session.ask_cancel", people=people) if people else say("session.ask_cancel_nobody")
    return ConfirmPanel(
        question if stops else say("session.ask_reopen"),
        panel_key=f"session-{panel}",
        confirm_words=say("session.cancel" if stops else "session.reopen"),
        about=WhoIsConcerned(chip.session_id),
        keep_words=say("session.keep"),
        on_confirm=confirm,
        on_keep=lambda *_event: close(""),
        reason_words=say("session.reason"),
        error=act.error,
        busy=act.busy,
    )


def _notes(office: Office, page: SessionPage) -> list[ft.Control]:
    """Why it stopped, what to know, and what staff noted."""
    say = office.words
    notes: list[ft.Control] = []
    if page.stop_reason:
        notes.append(warning_banner(say("session.stop_reason", reason=page.stop_reason)))
    elif page.chip.read_only:
        notes.append(quiet(say("session.read_only")))
    elif page.chip.stage(office.now()) not in _OVER:
        notes += caution_banners(office, page.cautions)
    if page.improve_next:
        notes.append(body(say("session.improve_next", text=page.improve_next)))
    if page.note:
        notes.append(body(say("session.note", note=page.note)))
    return notes


def _meters(office: Office, screen: Screen, page: SessionPage, helpers: Staffing | None) -> ft.Control:
    say = office.words
    chip = page.chip
    people = chip.confirmed + chip.offered

    def opens(part: str) -> Tap:
        return lambda _event: office.go(f"/sessions/{chip.session_id}?part={part}")

    meters: list[ft.Control] = [
        meter(
            say("session.people"),
            people,
            chip.seats,
            "enough" if people else "neutral",
            key="meter-people",
            on_click=opens("people"),
        )
    ]
    if helpers is not None:
        meters.append(
            meter(
                say("session.helpers"),
                helpers.confirmed,
                helpers.required,
                STAFFING_MARKS[helpers.state],
                key="meter-helpers",
                on_click=opens("helpers"),
            )
        )
    few = chip.people_without_phone > chip.devices
    meters.append(
        meter(
            say("session.devices"),
            chip.people_without_phone,
            chip.devices,
            "short" if few else "enough" if chip.devices else "neutral",
            key="meter-devices",
            on_click=opens("people"),
        )
    )
    if screen.is_phone:
        return ft.Column(meters, spacing=STEP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Row([ft.Container(each, expand=True) for each in meters], spacing=GAP)


def _parts(office: Office, page: SessionPage) -> ft.Control:
    say = office.words
    session_id = page.chip.session_id
    asked = parse_qs(urlsplit(office.page.route).query).get("part", [""])[0]
    part = asked if asked in PARTS else PARTS[0]
    screens: dict[str, Callable[[UUID], Any]] = {
        "people": RegistrationList,
        "helpers": SessionHelpers,
        "day": SessionDay,
        "papers": SessionPapers,
        "history": SessionHistory,
    }
    return ft.Column(
        [
            tabs(
                [(each, say(f"session.part.{each}")) for each in PARTS],
                chosen=part,
                on_change=lambda chosen: office.go(f"/sessions/{session_id}?part={chosen}"),
                key="session-part",
            ),
            screens[part](session_id),
        ],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
