"""私の予定: a volunteer's next session as one card, and what comes after it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import SECONDS, DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, title_row
from supportapp.components.states import ConfirmPanel, empty_state, error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, figure, quiet, row_title, section_title
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import EDGE, HALF, STEP
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.volunteer_words import (
    PART_MARKS,
    clock_words,
    listed,
    moment_words,
    place_words,
    this_minute,
    title_words,
    when_words,
)
from volunteers.own_queries import MyPart, my_sessions
from volunteers.session_lines import SessionLine
from volunteers.signup import leave_session, take_session, undo_last_step
from volunteers.states import AssignmentState

MAP = "https://maps.gsi.go.jp/#17/{latitude}/{longitude}/"  # the national map: no account, no tracking


@dataclass(frozen=True, slots=True)
class _Said:
    """What was just done, and at which session it can be undone (None: it cannot)."""

    sentence: str
    session_id: UUID | None = None


@ft.component
def MySessions() -> ft.Control:
    """The whole screen."""
    office = use_office()
    volunteer_id = office.actor.volunteer_id
    answer = use_query(
        my_sessions,
        (municipality_topic(office.actor.municipality_code),),
        volunteer_id=volunteer_id,  # type: ignore[arg-type]  # the right refuses whoever has none
        now=this_minute(office),
    )
    act = use_action()
    said, set_said = ft.use_state(none_yet(_Said))
    say = office.words

    async def leave(part: MyPart, reason: str) -> bool:
        receipt = await act(
            leave_session,
            session_id=part.session.session_id,
            volunteer_id=volunteer_id,  # type: ignore[arg-type]
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            set_said(_Said(say("my.left"), part.session.session_id))
        return receipt is not None

    async def say_yes(part: MyPart) -> None:
        receipt = await act(
            take_session,
            session_id=part.session.session_id,
            volunteer_id=volunteer_id,  # type: ignore[arg-type]
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            certain = receipt.state is AssignmentState.CONFIRMED
            set_said(_Said(say("my.taken" if certain else "my.taken_tentative"), part.session.session_id))

    async def undo() -> None:
        if said is None or said.session_id is None:
            return
        receipt = await act(
            undo_last_step,
            session_id=said.session_id,
            volunteer_id=volunteer_id,  # type: ignore[arg-type]
            now=office.now(),
            by=office.actor.name,
        )
        set_said(_Said(say("my.undone")) if receipt is not None else None)

    parts: list[ft.Control] = [title_row(say("my.sessions_title"))]
    if said is not None:
        parts.append(
            keyed(
                DoneBanner,
                f"said-{said.sentence}-{said.session_id}",
                said.sentence,
                banner_key="mine-done",
                on_close=lambda: set_said(None),
                undo_words=say("my.undo", seconds=SECONDS) if said.session_id else None,
                on_undo=calls_with(undo),
            )
        )
    if act.error:
        parts.append(error_banner(act.error))
    if answer.error:
        parts.append(error_banner(answer.error))
    elif answer.value is None:
        parts.append(skeleton(say("my.loading"), rows=3, row_height=120))
    elif not answer.value.standing and not answer.value.waiting:
        see_open = primary_button(say("my.see_open"), lambda _event: office.go("/open"), key="mine-see-open")
        parts.append(empty_state(say("my.nothing"), see_open, ft.Icons.EVENT_AVAILABLE_OUTLINED))
    else:
        parts.extend(_lists(office, answer.value.standing, answer.value.waiting, act, leave, say_yes))
    return ft.Column(parts, spacing=EDGE, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _lists(
    office: Office,
    standing: tuple[MyPart, ...],
    waiting: tuple[MyPart, ...],
    act: Action,
    leave: Any,
    say_yes: Any,
) -> list[ft.Control]:
    say = office.words
    lists: list[ft.Control] = []

    def shown(part: MyPart, *, large: bool = False) -> ft.Control:
        return keyed(
            PartCard, str(part.assignment_id), part, large=large, busy=act.busy, on_leave=leave, on_yes=say_yes
        )

    asked = [part for part in waiting if part.state is AssignmentState.ASKED]
    lists.extend(shown(part) for part in asked)
    if standing:
        lists.extend([section_title(say("my.next")), shown(standing[0], large=True)])
    if standing[1:]:
        lists.append(section_title(say("my.later")))
        lists.extend(shown(part) for part in standing[1:])
    applied = [part for part in waiting if part.state is AssignmentState.APPLIED]
    if applied:
        lists.append(section_title(say("my.waiting")))
        lists.extend(shown(part) for part in applied)
    return lists


@ft.component
def PartCard(part: MyPart, *, large: bool, busy: bool, on_leave: Any, on_yes: Any) -> ft.Control:
    """One of my sessions: when and where to be, whom to call, and the way out."""
    office = use_office()
    leaving, set_leaving = ft.use_state(False)
    launcher = ft.use_memo(ft.UrlLauncher, [])  # one that lives as long as the card: a passing one never answers
    say, line = office.words, part.session
    name = str(line.session_id)

    async def leave(reason: str) -> None:
        if await on_leave(part, reason):
            set_leaving(False)

    rows: list[ft.Control] = [
        _headline(office, part, large=large),
        *_place(office, part, launcher.launch_url, large=large),
    ]
    rows.extend(_standing(office, part))
    if part.state is AssignmentState.ASKED:
        rows.append(
            primary_button(
                say("my.say_yes"), calls_with(on_yes, part), key=f"yes-{name}", icon=ft.Icons.CHECK, busy=busy
            )
        )
    if leaving:
        rows.append(
            ConfirmPanel(
                say("my.leave_sure"),
                panel_key=f"leave-{name}",
                confirm_words=say("my.leave_now"),
                keep_words=say("my.stay"),
                reason_words=say("my.leave_reason"),
                on_confirm=leave,
                on_keep=lambda _event: set_leaving(False),
                busy=busy,
            )
        )
    else:
        rows.extend(_way_out(office, part, lambda _event: set_leaving(True)))
    return card(rows, key=f"part-{name}")


def _headline(office: Office, part: MyPart, *, large: bool) -> ft.Control:
    line, say = part.session, office.words
    crossed = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if part.stopped else None
    when = when_words(office, line)
    return ft.Column(
        [
            section_title(when, style=crossed) if large else row_title(when, style=crossed),
            body(title_words(office, line)),
            ft.Row(
                [
                    state_chip(PART_MARKS[part.state], say(f"volunteer.assignment.{part.state.value}")),
                    body(say("my.role", role=say(f"volunteer.role.{part.role.value}"))),
                ],
                wrap=True,
                spacing=STEP,
                run_spacing=HALF,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
        spacing=HALF,
        tight=True,
    )


def _place(office: Office, part: MyPart, launch: Any, *, large: bool) -> list[ft.Control]:
    say, line = office.words, part.session
    rows: list[ft.Control] = []
    if line.meeting_at is not None:
        meet = say("my.meet_at", time=clock_words(line.meeting_at))
        rows.append(figure(meet) if large else row_title(meet))
    where: list[ft.Control] = [body(place_words(line), weight=ft.FontWeight.BOLD)]
    details = (
        line.address,
        say("my.access", text=line.access) if line.access and large else "",
        say("my.from_home", km=part.km) if part.km else "",
        say("my.bring", text=line.bring) if line.bring and large else "",
        say("my.beside", names=listed(say, part.beside_me)) if part.beside_me else "",
    )
    where.extend(quiet(text) for text in details if text)
    rows.append(ft.Column(where, spacing=0, tight=True))
    links = _links(office, line, launch)
    if links:
        rows.append(ft.Row(links, wrap=True, spacing=STEP, run_spacing=STEP))
    return rows


def _links(office: Office, line: SessionLine, launch: Any) -> list[ft.Control]:
    """Map, online room and telephone: each opens on the phone itself."""
    say, name = office.words, str(line.session_id)
    links: list[ft.Control] = []
    if line.latitude is not None and line.longitude is not None:
        address = MAP.format(latitude=line.latitude, longitude=line.longitude)
        links.append(
            secondary_button(say("my.map"), calls_with(launch, address), key=f"map-{name}", icon=ft.Icons.MAP_OUTLINED)
        )
    if line.online_url:
        links.append(
            secondary_button(
                say("my.online"),
                calls_with(launch, line.online_url),
                key=f"online-{name}",
                icon=ft.Icons.VIDEOCAM_OUTLINED,
            )
        )
    if line.contact_telephone:
        links.append(
            secondary_button(
                say("my.call", name=line.contact_name),
                calls_with(launch, f"tel:{line.contact_telephone}"),
                key=f"call-{name}",
                icon=ft.Icons.PHONE_OUTLINED,
            )
        )
    return links


def _standing(office: Office, part: MyPart) -> list[ft.Control]:
    say = office.words
    if part.stopped:
        return [warning_banner(say("my.stopped"))]
    word = {
        AssignmentState.TENTATIVE: "my.tentative",
        AssignmentState.APPLIED: "my.applied",
        AssignmentState.ASKED: "my.asked",
    }.get(part.state)
    return [body(say(word))] if word else []


def _way_out(office: Office, part: MyPart, ask: Any) -> list[ft.Control]:
    say, name = office.words, str(part.session.session_id)
    contact = say("my.call_number", name=part.session.contact_name, number=part.session.contact_telephone)
    if part.stopped:
        return []
    if not part.may_leave:
        return [quiet(f"{say('my.leave_too_late')} {contact}")]
    word = {AssignmentState.ASKED: "my.decline", AssignmentState.APPLIED: "my.draw_back"}.get(part.state, "my.leave")
    rows: list[ft.Control] = [
        ft.Row([quiet_button(say(word), ask, key=f"leave-{name}")], alignment=ft.MainAxisAlignment.END)
    ]
    if part.leave_until is not None and part.state not in {AssignmentState.ASKED, AssignmentState.APPLIED}:
        rows.insert(0, quiet(say("my.leave_until", limit=moment_words(office, part.leave_until))))
    return [ft.Column(rows, spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)]
