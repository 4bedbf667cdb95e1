"""A session's supporters: what it needs, who helps, who else suits, and each step for staff in a press or two."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.done import SECONDS, DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import session_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.helper_cover import HelperCover
from supportapp.views.volunteer_words import (
    PART_MARKS,
    STAFFING_MARKS,
    because_words,
    dotted,
    listed,
    skill_words,
    this_minute,
)
from volunteers.assignments import HELD, OPEN
from volunteers.matching.who_else import Candidate, WhoElse, who_else
from volunteers.need import Staffing
from volunteers.queries import HelperRow, HelpersAtSession, helpers_at
from volunteers.signup import (
    ask_volunteer,
    assign_volunteer,
    change_role,
    confirm_assignment,
    release_volunteer,
    undo_last_step,
)
from volunteers.states import AssignmentRole, AssignmentState

_MAKE = {
    AssignmentRole.LEAD: "volunteer.make_lead",
    AssignmentRole.HELPER: "volunteer.make_helper",
    AssignmentRole.RECEPTION: "volunteer.make_reception",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What was just done, and with whom it can be undone."""

    sentence: str
    volunteer_id: UUID | None = None


@ft.component
def SessionHelpers(session_id: UUID) -> ft.Control:
    """The supporters' part of a session's page."""
    office = use_office()
    topics = (session_topic(session_id),)
    now = this_minute(office)
    answer = use_query(helpers_at, topics, session_id=session_id, now=now)
    others = use_query(
        who_else, topics, municipality_code=office.actor.municipality_code, session_id=session_id, now=now
    )
    act = use_action()
    said, set_said = ft.use_state(none_yet(_Said))
    away, set_away = ft.use_state(none_yet(HelperRow))
    say = office.words

    async def step(use_case: Any, word: str, name: str, **values: Any) -> None:
        receipt = await act(use_case, now=office.now(), by=office.actor.name, **values)
        if receipt is None:
            return
        if word == "volunteer.helpers_assigned" and receipt.state is AssignmentState.TENTATIVE:
            word = "volunteer.helpers_assigned_tentative"
        set_said(_Said(say(word, name=name), receipt.volunteer_id))

    def covered(sentence: str) -> None:
        set_away(None)
        set_said(_Said(sentence))

    async def undo() -> None:
        if said is None or said.volunteer_id is None:
            return
        receipt = await act(
            undo_last_step,
            session_id=session_id,
            volunteer_id=said.volunteer_id,
            now=office.now(),
            by=office.actor.name,
        )
        set_said(_Said(say("volunteer.undone")) if receipt is not None else None)

    parts: list[ft.Control] = []
    if said is not None:
        parts.append(_done(office, said, lambda: set_said(None), undo))
    if act.error:
        parts.append(error_banner(act.error))
    if answer.error:
        return error_banner(answer.error)
    if answer.value is None:
        return skeleton(say("volunteer.loading"))
    parts.append(_need(office, answer.value.staffing))
    if away is not None and answer.value.starts_at is not None:
        day = tokyo_date(answer.value.starts_at)
        close = _closing(set_away)
        parts.append(keyed(HelperCover, f"cover-{away.volunteer_id}", away, day, on_close=close, on_done=covered))
    cannot_come = set_away if answer.value.starts_at is not None and answer.value.starts_at > now else None
    parts.append(_standing(office, answer.value, step, cannot_come, busy=act.busy))
    if others.value is not None:
        parts.extend(_more(office, others.value, session_id, step, busy=act.busy))
    return ft.Column(parts, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _done(office: Office, said: _Said, close: Any, undo: Any) -> ft.Control:
    return keyed(
        DoneBanner,
        f"said-{said.sentence}",
        said.sentence,
        banner_key="helpers-done",
        on_close=close,
        undo_words=office.words("my.undo", seconds=SECONDS) if said.volunteer_id else None,
        on_undo=calls_with(undo),
    )


def _need(office: Office, met: Staffing) -> ft.Control:
    say = office.words
    chips = [state_chip(STAFFING_MARKS[met.state], say(f"volunteer.helpers_{met.state.value}"))]
    if met.missing:
        chips.append(state_chip("short", say("volunteer.helpers_missing", count=met.missing)))
    if met.missing_leads:
        chips.append(state_chip("thin", say("volunteer.helpers_missing_lead")))
    for skill in met.missing_skills:
        word = skill_words(say, office.language, skill)
        chips.append(state_chip("thin", say("volunteer.helpers_missing_skill", skill=word)))
    if met.surplus:
        chips.append(state_chip("neutral", say("volunteer.helpers_surplus", count=met.surplus)))
    sentence = say(
        "volunteer.helpers_need",
        required=met.required,
        leads=met.leads_required,
        confirmed=met.confirmed,
        hoped=met.hoped_for,
    )
    return ft.Column(
        [body(sentence), ft.Row(chips, wrap=True, spacing=STEP, run_spacing=STEP)], spacing=STEP, tight=True
    )


def _closing(set_away: Any) -> Any:
    return lambda _event: set_away(None)


def _standing(office: Office, found: HelpersAtSession, step: Any, cannot_come: Any, *, busy: bool) -> ft.Control:
    say = office.words
    rows = [
        keyed(HelperLine, str(row.assignment_id), row, busy=busy, step=step, cannot_come=cannot_come)
        for row in found.rows
    ]
    parts: list[ft.Control] = [data_list(rows) if rows else body(say("volunteer.helpers_none"))]
    if found.given_back:
        names = listed(say, (row.name for row in found.given_back))
        parts.append(quiet(f"{say('volunteer.helpers_given_back')} {names}"))
    return ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def HelperLine(row: HelperRow, *, busy: bool, step: Any, cannot_come: Any) -> ft.Control:
    """Somebody who helps: pressed, the row opens its steps; ``cannot_come`` is told who called in ill."""
    office = use_office()
    open_, set_open = ft.use_state(False)
    say, name = office.words, str(row.volunteer_id)
    head = data_row(
        [
            ft.Container(
                ft.Column([row_title(row.name), quiet(_about(office, row))], spacing=0, tight=True), expand=True
            ),
            ft.Row(
                [
                    state_chip(PART_MARKS[row.state], say(f"volunteer.assignment.{row.state.value}")),
                    state_chip("neutral", say(f"volunteer.role.{row.role.value}")),
                ],
                spacing=STEP,
                tight=True,
            ),
        ],
        key=f"helper-{name}",
        label=row.name,
        on_click=lambda _event: set_open(not open_),
        chosen=open_,
    )
    if not open_:
        return head
    return ft.Column(
        [head, ft.Container(_steps(office, row, step, cannot_come, busy=busy), padding=GAP)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _about(office: Office, row: HelperRow) -> str:
    say = office.words
    skills = [skill_words(say, office.language, each) for each in row.skills]
    return dotted(say, say(f"volunteer.kind.{row.kind.value}"), *skills, row.telephone)


def _steps(office: Office, row: HelperRow, step: Any, cannot_come: Any, *, busy: bool) -> ft.Control:
    say, name = office.words, str(row.volunteer_id)
    buttons: list[ft.Control] = []
    if row.state in OPEN or row.state is AssignmentState.TENTATIVE:
        confirm = calls_with(
            _kept(step, assignment_id=row.assignment_id), confirm_assignment, "volunteer.confirm_done", row.name
        )
        buttons.append(secondary_button(say("volunteer.confirm"), confirm, key=f"confirm-{name}", busy=busy))
    if row.state in HELD and cannot_come is not None:
        buttons.append(secondary_button(say("cover.cannot_come"), lambda _event: cannot_come(row), key=f"away-{name}"))
    if row.state in HELD | OPEN:
        for role in AssignmentRole:
            if role is not row.role and (role is not AssignmentRole.LEAD or row.can_lead):
                change = calls_with(
                    _kept(step, assignment_id=row.assignment_id, role=role),
                    change_role,
                    "volunteer.helpers_role_changed",
                    row.name,
                )
                buttons.append(quiet_button(say(_MAKE[role]), change, key=f"role-{role.value}-{name}"))
        release = calls_with(
            _kept(step, assignment_id=row.assignment_id, reason=""),
            release_volunteer,
            "volunteer.helpers_released",
            row.name,
        )
        buttons.append(quiet_button(say("volunteer.release"), release, key=f"release-{name}"))
    buttons.append(
        quiet_button(
            say("volunteer.open_page", name=row.name),
            lambda _event: office.go(f"/people/volunteers/{row.volunteer_id}"),
            key=f"page-{name}",
        )
    )
    parts: list[ft.Control] = [quiet(sentence) for sentence in because_words(say, row.because)]
    parts.append(ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP))
    return ft.Column(parts, spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _kept(step: Any, **values: Any) -> Any:
    async def run(use_case: Any, word: str, name: str) -> None:
        await step(use_case, word, name, **values)

    return run


def _more(office: Office, found: WhoElse, session_id: UUID, step: Any, *, busy: bool) -> list[ft.Control]:
    say = office.words
    rows = [
        keyed(CandidateLine, str(each.volunteer_id), each, session_id, busy=busy, step=step) for each in found.suits
    ]
    suits: ft.Control = data_list(rows) if rows else body(say("volunteer.helpers_nobody_suits"))
    parts = [card([suits], title=say("volunteer.helpers_add"), key="helpers-add")]
    if found.others:
        lines = [_not_now(office, each) for each in found.others]
        parts.append(card([data_list(lines)], title=say("volunteer.helpers_others"), key="helpers-others"))
    parts.append(
        ft.Row(
            [quiet_button(say("volunteer.helpers_match"), lambda _event: office.go("/matching"), key="helpers-match")]
        )
    )
    return parts


@ft.component
def CandidateLine(each: Candidate, session_id: UUID, *, busy: bool, step: Any) -> ft.Control:
    """Somebody who suits: take her in, or ask her, with one press."""
    office = use_office()
    say, name = office.words, str(each.volunteer_id)
    assign = calls_with(
        _kept(step, session_id=session_id, volunteer_id=each.volunteer_id),
        assign_volunteer,
        "volunteer.helpers_assigned",
        each.name,
    )
    ask = calls_with(
        _kept(step, session_id=session_id, volunteer_id=each.volunteer_id),
        ask_volunteer,
        "volunteer.helpers_asked",
        each.name,
    )
    return data_row(
        [
            ft.Container(
                ft.Column([row_title(each.name), quiet(candidate_words(office, each))], spacing=0, tight=True),
                expand=True,
            ),
            ft.Row(
                [
                    secondary_button(say("volunteer.take_part"), assign, key=f"assign-{name}", disabled=busy),
                    quiet_button(say("volunteer.ask"), ask, key=f"ask-{name}", disabled=busy),
                ],
                spacing=STEP,
                wrap=True,
                tight=True,
            ),
        ],
        key=f"candidate-{name}",
    )


def candidate_words(office: Office, each: Candidate) -> str:
    """What speaks for somebody, in one line."""
    say = office.words
    words = [
        say("volunteer.can_lead") if each.can_lead else "",
        *(skill_words(say, office.language, skill) for skill in each.skills),
        say("volunteer.helpers_km", km=each.km) if each.km else "",
        say("volunteer.helpers_load", count=each.load),
    ]
    return dotted(say, *words)


def _not_now(office: Office, each: Candidate) -> ft.Control:
    why = listed(office.words, because_words(office.words, each.rules))
    return data_row(
        [ft.Container(ft.Column([row_title(each.name), quiet(why)], spacing=0, tight=True), expand=True)],
        key=f"other-{each.volunteer_id}",
    )
