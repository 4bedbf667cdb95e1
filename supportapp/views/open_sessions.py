"""募集中: sessions that look for helpers and suit me, soonest first; one press takes one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.done import SECONDS, DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, title_row
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, section_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.volunteer_words import (
    clock_words,
    place_words,
    skill_words,
    this_minute,
    title_words,
    when_words,
)
from volunteers.own_queries import OpenSession, open_sessions_for
from volunteers.signup import take_session, undo_last_step
from volunteers.states import AssignmentState

_SAID = {
    AssignmentState.CONFIRMED: "my.taken",
    AssignmentState.TENTATIVE: "my.taken_tentative",
    AssignmentState.APPLIED: "my.taken_applied",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What was done at which session; it stands where that session's card stood."""

    sentence: str
    session_id: UUID
    starts_at: datetime
    can_undo: bool


@ft.component
def OpenSessions() -> ft.Control:
    """The whole screen."""
    office = use_office()
    volunteer_id = office.actor.volunteer_id
    answer = use_query(
        open_sessions_for,
        (municipality_topic(office.actor.municipality_code),),
        volunteer_id=volunteer_id,  # type: ignore[arg-type]  # the right refuses whoever has none
        municipality_code=office.actor.municipality_code,
        now=this_minute(office),
    )
    act = use_action()
    said, set_said = ft.use_state(none_yet(_Said))
    say = office.words

    async def take(row: OpenSession) -> None:
        receipt = await act(
            take_session,
            session_id=row.session.session_id,
            volunteer_id=volunteer_id,  # type: ignore[arg-type]
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            sentence = f"{say(_SAID[receipt.state])} {when_words(office, row.session)}"
            set_said(_Said(sentence, row.session.session_id, row.session.starts_at, can_undo=receipt.changed))

    async def undo() -> None:
        if said is None:
            return
        receipt = await act(
            undo_last_step,
            session_id=said.session_id,
            volunteer_id=volunteer_id,  # type: ignore[arg-type]
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            set_said(_Said(say("my.undone"), said.session_id, said.starts_at, can_undo=False))

    done: list[ft.Control] = [] if said is None else [_banner(office, said, lambda: set_said(None), undo)]
    parts: list[ft.Control] = [title_row(say("my.open_title"), under=quiet(say("my.open_help")))]
    if act.error:
        parts.append(error_banner(act.error))
    if answer.error:
        parts.append(error_banner(answer.error))
    elif answer.value is None:
        parts.append(skeleton(say("my.open_loading"), rows=3, row_height=140))
    elif not answer.value.rows:
        to_times = secondary_button(say("my.open_times"), lambda _event: office.go("/times"), key="open-times")
        parts.extend([*done, empty_state(say("my.open_none"), to_times, ft.Icons.EVENT_BUSY_OUTLINED)])
    else:
        rows = answer.value.rows
        before = sum(row.session.starts_at < said.starts_at for row in rows) if said is not None else 0
        cards = [keyed(OpenCard, str(row.session.session_id), row, busy=act.busy, on_take=take) for row in rows]
        parts.extend([*cards[:before], *done, *cards[before:]])
    return ft.Column(parts, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _banner(office: Office, said: _Said, close: Any, undo: Any) -> ft.Control:
    return keyed(
        DoneBanner,
        f"said-{said.session_id}-{said.can_undo}",
        said.sentence,
        banner_key="open-done",
        on_close=close,
        undo_words=office.words("my.undo", seconds=SECONDS) if said.can_undo else None,
        on_undo=calls_with(undo),
    )


@ft.component
def OpenCard(row: OpenSession, *, busy: bool, on_take: Any) -> ft.Control:
    """One open session: when, where, how far, what is asked."""
    office = use_office()
    say, line = office.words, row.session
    taking, set_taking = ft.use_state(False)

    async def take() -> None:
        set_taking(True)
        await on_take(row)
        set_taking(False)

    when = when_words(office, line)
    rows: list[ft.Control] = [
        ft.Column([section_title(when), body(title_words(office, line))], spacing=HALF, tight=True),
        ft.Column(_where(office, row), spacing=HALF, tight=True),
        ft.Row(_asked(office, row), wrap=True, spacing=STEP, run_spacing=STEP),
        primary_button(
            say("my.say_yes" if row.asked else "my.take"),
            calls_with(take),
            key=f"take-{line.session_id}",
            icon=ft.Icons.CHECK,
            busy=taking or busy,
        ),
    ]
    return card(rows, key=f"open-{line.session_id}")


def _where(office: Office, row: OpenSession) -> list[ft.Control]:
    say, line = office.words, row.session
    rows: list[ft.Control] = [body(place_words(line), weight=ft.FontWeight.BOLD)]
    details = [
        line.address,
        say("my.from_home", km=row.km) if row.km else "",
        say("my.meet_at", time=clock_words(line.meeting_at)) if line.meeting_at else "",
    ]
    rows.extend(quiet(each) for each in details if each)
    return rows


def _asked(office: Office, row: OpenSession) -> list[ft.Control]:
    say = office.words
    chips = [state_chip("accent", say("my.as_role", role=say(f"volunteer.role.{row.role.value}")))]
    if row.asked:
        chips.append(state_chip("accent", say("my.asked_you")))
    if row.missing:
        chips.append(state_chip("neutral", say("my.looking_for", count=row.missing)))
    if row.missing_leads:
        chips.append(state_chip("thin", say("my.looking_for_lead")))
    chips.extend(
        state_chip("neutral", say("my.looking_for_skill", skill=skill_words(say, office.language, skill)))
        for skill in row.missing_skills
    )
    if not row.free:
        chips.append(state_chip("thin", say("my.not_in_times")))
    if not row.certain:
        chips.append(state_chip("thin", say("my.not_insured")))
    return chips
