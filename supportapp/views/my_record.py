"""活動記録: what I did this year and how long, and my plans in my own calendar."""

from typing import Any
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date
from events.japan.fiscal_year import fiscal_year
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import NumberInput, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, title_row
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.feed_addresses import make_volunteer_feed, revoke_volunteer_feed, volunteer_feed_of
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.activity_paper import ActivityPaper
from supportapp.views.flet_types import keyed
from supportapp.views.volunteer_words import (
    PART_MARKS,
    day_words,
    dotted,
    duration_words,
    fiscal_year_words,
    this_minute,
)
from supportapp.waiting_files import new_token
from volunteers.hours import Record, WorkedRow, record_hours, record_of
from volunteers.states import AssignmentState


@ft.component
def MyRecord() -> ft.Control:
    """The whole screen."""
    office = use_office()
    say = office.words
    if office.actor.volunteer_id is None:
        return error_banner(say("error.not_allowed"))
    return ft.Column(
        [
            title_row(say("my.record_title")),
            WorkedYears(office.actor.volunteer_id),
            CalendarAddress(office.actor.volunteer_id),
        ],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def WorkedYears(volunteer_id: UUID) -> ft.Control:
    """This year or the last: sessions, hours, and each session with its time."""
    office = use_office()
    this_year = fiscal_year(office.today)
    year, set_year = ft.use_state(this_year)
    answer = use_query(
        record_of,
        (municipality_topic(office.actor.municipality_code),),
        volunteer_id=volunteer_id,
        fiscal_year=year,
        now=this_minute(office),
    )
    say = office.words
    years = [(str(each), fiscal_year_words(office, each)) for each in (this_year, this_year - 1)]
    parts: list[ft.Control] = [
        choice_row(
            say("my.record_title"),
            years,
            field_key="record-year",
            value=str(year),
            on_change=lambda chosen: set_year(int(chosen)),
            show_label=False,
        )
    ]
    if answer.error:
        parts.append(error_banner(answer.error))
    elif answer.value is None:
        parts.append(skeleton(say("my.record_loading"), rows=3))
    else:
        parts.extend(_year(office, answer.value, volunteer_id))
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _year(office: Office, record: Record, volunteer_id: UUID) -> list[ft.Control]:
    say = office.words
    figures = ft.Row(
        [
            _figure(say("my.record_sessions"), say("my.times_count", count=record.sessions)),
            _figure(say("my.record_hours"), duration_words(say, record.minutes)),
        ],
        wrap=True,
        spacing=GAP * 2,
        run_spacing=STEP,
    )
    parts: list[ft.Control] = [
        card(
            [
                figures,
                quiet(say("my.record_all", count=record.all_sessions)),
                keyed(ActivityPaper, f"activity-{record.fiscal_year}", volunteer_id, record.fiscal_year),
            ]
        )
    ]
    if not record.rows:
        return [*parts, empty_state(say("my.record_none"), icon=ft.Icons.WORKSPACE_PREMIUM_OUTLINED)]
    return [*parts, *(keyed(WorkedCard, str(row.assignment_id), row, volunteer_id) for row in record.rows)]


def _figure(words: str, value: str) -> ft.Control:
    return ft.Semantics(container=True, content=ft.Column([quiet(words), figure(value)], spacing=0, tight=True))


@ft.component
def WorkedCard(row: WorkedRow, volunteer_id: UUID) -> ft.Control:
    """One session I helped at; its time can be written down until it is approved."""
    office = use_office()
    act = use_action()
    writing, set_writing = ft.use_state(False)
    minutes = ft.use_ref(row.minutes)
    say = office.words
    day = day_words(office, row.held_on)

    async def save() -> None:
        receipt = await act(
            record_hours,
            session_id=row.session_id,
            volunteer_id=volunteer_id,
            minutes=minutes.current or 0,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            set_writing(False)

    def typed(value: int | None) -> None:
        minutes.current = value

    parts: list[ft.Control] = [
        row_title(say("my.record_row", day=day, title=row.title)),
        ft.Row(
            [
                state_chip(PART_MARKS[row.state], say(f"volunteer.assignment.{row.state.value}")),
                body(dotted(say, say(f"volunteer.role.{row.role.value}"), duration_words(say, row.minutes))),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=HALF,
        ),
    ]
    if act.error:
        parts.append(error_banner(act.error))
    if writing:
        parts.extend(
            [
                NumberInput(
                    say("my.record_field"), field_key=f"minutes-{row.session_id}", value=row.minutes, on_change=typed
                ),
                primary_button(
                    say("volunteer.save"), calls_with(save), key=f"save-hours-{row.session_id}", busy=act.busy
                ),
            ]
        )
    elif row.state is not AssignmentState.DONE:
        parts.extend(
            [
                quiet(say("my.record_planned")),
                secondary_button(
                    say("my.record_write"), lambda _event: set_writing(True), key=f"hours-{row.session_id}"
                ),
            ]
        )
    else:
        parts.append(
            ft.Row(
                [quiet_button(say("volunteer.edit"), lambda _event: set_writing(True), key=f"hours-{row.session_id}")]
            )
        )
    return card(parts)


@ft.component
def CalendarAddress(volunteer_id: UUID) -> ft.Control:
    """An address that the phone's own calendar reads: shown once, replaced or ended by a press."""
    office = use_office()
    answer = use_query(volunteer_feed_of, (), volunteer_id=volunteer_id)
    act = use_action()
    address, set_address = ft.use_state("")
    copied, set_copied = ft.use_state(False)
    clipboard = ft.use_memo(ft.Clipboard, [])
    say = office.words

    async def make() -> None:
        token = new_token()
        made = await act(
            make_volunteer_feed,
            municipality_code=office.actor.municipality_code,
            volunteer_id=volunteer_id,
            token=token,
            now=office.now(),
        )
        if made is not None:
            set_address(feed_address(office.page.url or "", token))
            set_copied(False)
            answer.refresh()

    async def stop() -> None:
        if await act(revoke_volunteer_feed, volunteer_id=volunteer_id, now=office.now()) is not None:
            set_address("")
            answer.refresh()

    async def copy() -> None:
        await clipboard.set(address)
        set_copied(True)

    parts: list[ft.Control] = [body(say("my.feed_help"))]
    error = act.error or answer.error
    if error:
        parts.append(error_banner(error))
    parts.extend(_address(office, address, copied=copied, copy=copy))
    parts.extend(_steps(office, answer.value, address, make, stop, busy=act.busy))
    return card(parts, title=say("my.feed"), key="feed")


def _address(office: Office, address: str, *, copied: bool, copy: Any) -> list[ft.Control]:
    say = office.words
    if not address:
        return []
    return [
        body(say("my.feed_made")),
        ft.Semantics(container=True, content=body(address, selectable=True)),
        primary_button(
            say("my.feed_copied" if copied else "my.feed_copy"),
            calls_with(copy),
            key="feed-copy",
            icon=ft.Icons.CHECK if copied else ft.Icons.COPY,
        ),
    ]


def _steps(office: Office, known: Any, address: str, make: Any, stop: Any, *, busy: bool) -> list[ft.Control]:
    say = office.words
    if known is None:
        return [primary_button(say("my.feed_make"), calls_with(make), key="feed-make", busy=busy)]
    since = day_words(office, tokyo_date(known.made_at))
    return [
        *([] if address else [quiet(say("my.feed_known", day=since))]),
        quiet(say("my.feed_new_help")),
        ft.Row(
            [
                secondary_button(say("my.feed_new"), calls_with(make), key="feed-make", busy=busy),
                quiet_button(say("my.feed_stop"), calls_with(stop), key="feed-stop"),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        ),
    ]


def feed_address(page: str, token: str) -> str:
    """Where the calendar is fetched, from the address under which the person sees this page."""
    from urllib.parse import urlsplit  # noqa: PLC0415 -- leaf

    parts = urlsplit(page)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme or "http")
    return f"{scheme}://{parts.netloc}/calendar/volunteer/{token}.ics"
