"""What comes for one supporter, and what staff do for them: sign up, ask, take out, hand the calendar over."""

from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import SECONDS, DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.handing_out import HandedOut
from supportapp.handing_out_calendars import hand_out_volunteer_calendar
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import GAP, STEP
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.handing_over import use_hand_over
from supportapp.views.volunteer_words import PART_MARKS, dotted, place_words, this_minute, title_words, when_words
from volunteers.own_queries import MyPart, OpenSession, open_sessions_for
from volunteers.queries import VolunteerPage
from volunteers.signup import ask_volunteer, release_volunteer, take_session, undo_last_step
from volunteers.states import AssignmentState


@ft.component
def ComingPart(page: VolunteerPage) -> ft.Control:
    """What comes, signing up for them, and their calendar as one file."""
    office = use_office()
    act = use_action()
    choosing, set_choosing = ft.use_state(False)
    said, set_said = ft.use_state("")
    undo_at, set_undo_at = ft.use_state(none_yet(UUID))
    say = office.words

    async def step(use_case: Any, word: str, session: str, session_id: UUID, **values: Any) -> None:
        receipt = await act(use_case, now=office.now(), by=office.actor.name, **values)
        if receipt is None:
            return
        if word == "volunteer.sign_up_done" and receipt.state is AssignmentState.TENTATIVE:
            word = "volunteer.sign_up_tentative"
        set_said(say(word, session=session))
        set_undo_at(session_id)
        set_choosing(False)

    async def undo() -> None:
        receipt = await act(
            undo_last_step,
            session_id=undo_at,  # type: ignore[arg-type]  # offered only where there is one
            volunteer_id=page.volunteer_id,
            now=office.now(),
            by=office.actor.name,
        )
        set_said(say("volunteer.undone") if receipt is not None else "")
        set_undo_at(None)

    parts: list[ft.Control] = []
    if said:
        parts.append(
            keyed(
                DoneBanner,
                f"said-{said}",
                said,
                banner_key="coming-done",
                on_close=lambda: set_said(""),
                undo_words=say("my.undo", seconds=SECONDS) if undo_at is not None else None,
                on_undo=calls_with(undo),
            )
        )
    if act.error:
        parts.append(error_banner(act.error))
    if choosing:
        parts.append(ChooseSession(page, busy=act.busy, step=step, on_close=lambda: set_choosing(False)))
    else:
        parts.append(
            ft.Row(
                [
                    primary_button(
                        say("volunteer.sign_up_for"),
                        lambda _event: set_choosing(True),
                        key="sign-up-for",
                        icon=ft.Icons.EVENT_AVAILABLE_OUTLINED,
                    )
                ]
            )
        )
        parts.append(quiet(say("volunteer.sign_up_help")))
    parts.append(_coming(office, page, step))
    parts.append(CalendarFile(page))
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _coming(office: Office, page: VolunteerPage, step: Any) -> ft.Control:
    say = office.words
    rows = [*page.coming.waiting, *page.coming.standing]
    if not rows:
        return body(say("volunteer.coming_none"))
    return data_list([_coming_row(office, row, step) for row in rows])


def _coming_row(office: Office, row: MyPart, step: Any) -> ft.Control:
    say, line = office.words, row.session

    async def release() -> None:
        values = {"assignment_id": row.assignment_id, "reason": ""}
        await step(release_volunteer, "volunteer.release_done", when_words(office, line), line.session_id, **values)

    words = [row_title(when_words(office, line)), body(title_words(office, line)), quiet(place_words(line))]
    return data_row(
        [
            ft.Container(ft.Column(list(words), spacing=0, tight=True), expand=True),
            ft.Row(
                [
                    state_chip(PART_MARKS[row.state], say(f"volunteer.assignment.{row.state.value}")),
                    body(say(f"volunteer.role.{row.role.value}")),
                    quiet_button(say("volunteer.release"), calls_with(release), key=f"release-{line.session_id}"),
                ],
                wrap=True,
                spacing=STEP,
                tight=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
        key=f"coming-{line.session_id}",
    )


@ft.component
def ChooseSession(page: VolunteerPage, *, busy: bool, step: Any, on_close: Any) -> ft.Control:
    """The open sessions that suit this person: one press signs them up, another asks them."""
    office = use_office()
    answer = use_query(
        open_sessions_for,
        (),
        volunteer_id=page.volunteer_id,
        municipality_code=office.actor.municipality_code,
        now=this_minute(office),
    )
    say = office.words
    close = quiet_button(say("volunteer.cancel"), calls_with(on_close), key="sign-up-cancel")
    if answer.error:
        return error_banner(answer.error, close)
    if answer.value is None:
        return skeleton(say("my.open_loading"), rows=3)
    if not answer.value.rows:
        return card([body(say("volunteer.no_open")), close], key="sign-up")
    rows = [_choice(office, page, row, step, busy=busy) for row in answer.value.rows]
    return card([data_list(rows), close], title=say("volunteer.choose_session"), key="sign-up")


def _choice(office: Office, page: VolunteerPage, row: OpenSession, step: Any, *, busy: bool) -> ft.Control:
    say, line = office.words, row.session
    values = {"session_id": line.session_id, "volunteer_id": page.volunteer_id}
    when = when_words(office, line)

    async def sign_up() -> None:
        await step(take_session, "volunteer.sign_up_done", when, **values)

    async def ask() -> None:
        await step(ask_volunteer, "volunteer.ask_done", when, **values)

    words: list[ft.Control] = [
        row_title(when),
        quiet(dotted(say, title_words(office, line), place_words(line))),
    ]
    words.extend(quiet(say(word)) for word, holds in _notes(row) if holds)
    return data_row(
        [
            ft.Container(ft.Column(words, spacing=0, tight=True), expand=True),
            ft.Row(
                [
                    secondary_button(
                        say("volunteer.take_part"), calls_with(sign_up), key=f"sign-up-{line.session_id}", disabled=busy
                    ),
                    quiet_button(say("volunteer.ask"), calls_with(ask), key=f"ask-{line.session_id}", disabled=busy),
                ],
                wrap=True,
                spacing=STEP,
                tight=True,
            ),
        ],
        key=f"choice-{line.session_id}",
    )


def _notes(row: OpenSession) -> tuple[tuple[str, bool], ...]:
    return (
        ("volunteer.assignment.asked", row.asked),
        ("my.not_in_times", not row.free),
        ("my.not_insured", not row.certain),
    )


@ft.component
def CalendarFile(page: VolunteerPage) -> ft.Control:
    """Their calendar as one file, for somebody without the app; handing it over is written down."""
    office = use_office()
    hand = use_hand_over()
    say = office.words

    def make() -> HandedOut:
        return hand_out_volunteer_calendar(
            office.backend,
            office.actor,
            municipality_code=office.actor.municipality_code,
            volunteer_id=page.volunteer_id,
            name=page.name,
            domain=office.settings.calendar_domain,
            language=office.language,
        )

    button = secondary_button(
        say("volunteer.calendar_file"),
        calls_with(hand, make),
        key="calendar-file",
        icon=ft.Icons.FILE_DOWNLOAD_OUTLINED,
        busy=hand.busy,
    )
    parts: list[ft.Control] = [ft.Row([button]), quiet(say("volunteer.calendar_file_help"))]
    if hand.error:
        parts.append(error_banner(hand.error))
    if hand.done:
        parts.append(DoneBanner(hand.done, banner_key="calendar-file-done", on_close=hand.clear, stays=True))
    return ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
