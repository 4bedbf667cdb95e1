"""One session of the matching: its need, its helpers as chips, and the reasons behind the one that is touched."""

from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import icon_button, quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.theme import GAP, HAIRLINE, HALF, MARKS, RADIUS, STEP, ringed
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.session_helpers import candidate_words
from supportapp.views.volunteer_words import (
    because_words,
    dotted,
    item,
    listed,
    place_words,
    skill_words,
    title_words,
    when_words,
)
from volunteers.matching.month import Chip, MatchRow
from volunteers.matching.who_else import Candidate, who_else
from volunteers.placement_notes import forbid, leave_open, pin
from volunteers.states import AssignmentState

# change → how it looks, its sign
_LOOKS = {
    "added": ("enough", ft.Icons.ADD),
    "removed": ("short", ft.Icons.REMOVE),
    "kept": ("neutral", ft.Icons.CHECK),
    "stands": ("neutral", ft.Icons.CHECK),
    "since": ("accent", ft.Icons.LOGIN),
    "waiting": ("neutral", ft.Icons.HOURGLASS_EMPTY),
}
_UNSURE = frozenset({AssignmentState.TENTATIVE, AssignmentState.ASKED, AssignmentState.APPLIED})
Ruled = tuple[tuple[UUID, UUID, str], ...]


@ft.component
def MatchRowCard(row: MatchRow, proposal_id: UUID | None, ruled_out: Ruled, *, on_said: Any) -> ft.Control:
    """One session; a chip that is touched opens what is behind it, under the chips."""
    office, screen = use_office(), use_screen()
    chosen, set_chosen = ft.use_state(none_yet(UUID))
    touched = next((chip for chip in row.chips if chip.volunteer_id == chosen), None)

    def touch(volunteer_id: UUID) -> None:
        set_chosen(None if chosen == volunteer_id else volunteer_id)

    head = ft.Column(_head(office, row), spacing=HALF, tight=True)
    chips = ft.Row(
        [_chip(office, row, chip, touch, chosen=chip is touched) for chip in row.chips],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    if screen.two_panes:
        top: ft.Control = ft.Row(
            [ft.Container(head, expand=2), ft.Container(chips, expand=3)],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        top = ft.Column([head, chips], spacing=STEP, tight=True)
    parts: list[ft.Control] = [top, *_ruled_out(office, row, ruled_out, on_said)]
    if touched is not None:
        parts.append(
            keyed(
                ChipDetail,
                f"detail-{touched.volunteer_id}",
                row,
                touched,
                proposal_id,
                on_said=on_said,
                on_close=lambda: set_chosen(None),
            )
        )
    return card(parts, key=f"match-{row.line.session_id}")


def _head(office: Office, row: MatchRow) -> list[ft.Control]:
    say, line = office.words, row.line
    need = say("matching.need", people=row.need.people, helpers=row.need.helpers)
    parts: list[ft.Control] = [
        row_title(when_words(office, line)),
        body(title_words(office, line)),
        quiet(dotted(say, place_words(line), need)),
        ft.Row(_need_chips(office, row), wrap=True, spacing=STEP, run_spacing=HALF),
    ]
    if row.is_open and row.because:
        parts.append(quiet(say("matching.open_because", why=listed(say, because_words(say, row.because)))))
    return parts


def _need_chips(office: Office, row: MatchRow) -> list[ft.Control]:
    say = office.words
    if not row.is_open:
        return [state_chip("enough", say("matching.covered"))]
    chips = []
    if row.missing_then:
        chips.append(state_chip("short", say("matching.missing", count=row.missing_then)))
    if row.missing_lead:
        chips.append(state_chip("thin", say("matching.missing_lead")))
    for skill in row.missing_skills:
        word = skill_words(say, office.language, skill)
        chips.append(state_chip("thin", say("matching.missing_skill", skill=word)))
    return chips


def _chip(office: Office, row: MatchRow, chip: Chip, touch: Any, *, chosen: bool) -> ft.Control:
    """Name and part, with sign, word and colour for what the plan does; the whole chip is a button."""
    say = office.words
    look, sign = ("thin", ft.Icons.WARNING_AMBER) if chip.clash else _LOOKS[chip.change]
    mark = MARKS[look]
    words = [say(f"volunteer.role.{chip.role.value}"), *_chip_words(office, chip)]
    crossed = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if chip.change == "removed" else None
    inside: list[ft.Control] = [ft.Icon(sign, color=mark.color)]
    if chip.pinned:
        inside.append(ft.Icon(ft.Icons.PUSH_PIN, color=mark.color))
    inside.append(
        ft.Column(
            [
                ft.Text(chip.name, theme_style=ft.TextThemeStyle.TITLE_SMALL, color=mark.color, style=crossed),
                ft.Text(dotted(say, *words), theme_style=ft.TextThemeStyle.LABEL_SMALL, color=mark.color),
            ],
            spacing=0,
            tight=True,
        )
    )
    return ft.OutlinedButton(
        content=ft.Row(inside, spacing=HALF, tight=True),
        on_click=calls_with(touch, chip.volunteer_id),
        key=f"chip-{row.line.session_id}-{chip.volunteer_id}",
        style=ft.ButtonStyle(
            bgcolor=mark.ground,
            padding=ft.Padding.symmetric(vertical=HALF, horizontal=STEP),
            side=ringed(ft.BorderSide(3 if chosen else HAIRLINE, mark.color)),
            shape=ft.RoundedRectangleBorder(radius=RADIUS),
        ),
    )


def _chip_words(office: Office, chip: Chip) -> list[str]:
    say = office.words
    words = [] if chip.change in {"stands", "waiting"} else [say(f"matching.{chip.change}")]
    if chip.state in _UNSURE and chip.change != "added":
        words.append(say(f"volunteer.assignment.{chip.state.value}"))
    if chip.pinned:
        words.append(say("matching.pinned"))
    if chip.clash:
        words.append(say("matching.clash"))
    return words


def _ruled_out(office: Office, row: MatchRow, ruled_out: Ruled, on_said: Any) -> list[ft.Control]:
    mine = [(who, name) for session_id, who, name in ruled_out if session_id == row.line.session_id]
    if not mine:
        return []
    return [
        ft.Row(
            [
                quiet(office.words("matching.ruled_out")),
                *(keyed(RuledOut, str(who), row.line.session_id, who, name, on_said=on_said) for who, name in mine),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=HALF,
        )
    ]


@ft.component
def RuledOut(session_id: UUID, volunteer_id: UUID, name: str, *, on_said: Any) -> ft.Control:
    """Somebody who is not wanted at a session, and the way to allow it again."""
    office, act = use_office(), use_action()
    say = office.words

    async def allow() -> None:
        if await act(leave_open, session_id=session_id, volunteer_id=volunteer_id) is not None:
            on_said(say("matching.note_allowed", name=name))

    return quiet_button(
        say("matching.allow_again", name=name), calls_with(allow), key=f"allow-{volunteer_id}", icon=ft.Icons.UNDO
    )


@ft.component
def ChipDetail(row: MatchRow, chip: Chip, proposal_id: UUID | None, *, on_said: Any, on_close: Any) -> ft.Control:
    """Why she, what else would work, and the steps: pin her here, or not at this session."""
    office, act = use_office(), use_action()
    answer = use_query(
        who_else,
        (),
        municipality_code=office.actor.municipality_code,
        session_id=row.line.session_id,
        now=office.now().replace(second=0, microsecond=0),
        proposal_id=proposal_id,
    )
    say = office.words

    async def note(use_case: Any, word: str, who: UUID, name: str, **values: Any) -> None:
        receipt = await act(use_case, session_id=row.line.session_id, volunteer_id=who, **values)
        if receipt is not None:
            on_said(say(word, name=name))
            on_close()

    close = icon_button(say("matching.others_close"), ft.Icons.CLOSE, lambda _event: on_close(), key="detail-close")
    parts: list[ft.Control] = [
        ft.Row([row_title(chip.name), close], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        *_why(office, chip),
        _steps(office, chip, note, act),
    ]
    if act.error:
        parts.append(error_banner(act.error))
    if answer.error:
        parts.append(error_banner(answer.error))
    elif answer.value is None:
        parts.append(skeleton(say("matching.others"), rows=2))
    else:
        parts.extend(_others(office, answer.value.suits, answer.value.others, note, act))
    return ft.Container(
        ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=GAP,
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        key=f"detail-{chip.volunteer_id}",
    )


def _why(office: Office, chip: Chip) -> list[ft.Control]:
    say = office.words
    heading = "matching.why_removed" if chip.change == "removed" else "matching.why"
    sentences = because_words(say, chip.because)
    if chip.km is not None:
        sentences.append(say("matching.from_home", km=chip.km))
    parts: list[ft.Control] = [quiet(say(heading)), *(body(item(say, each)) for each in sentences)]
    if chip.clash:
        parts.append(quiet(say("matching.why_not_now")))
        parts.extend(body(item(say, each)) for each in because_words(say, chip.clash))
    return [ft.Column(parts, spacing=0, tight=True)]


def _steps(office: Office, chip: Chip, note: Any, act: Action) -> ft.Control:
    say, by = office.words, office.actor.name

    async def hold() -> None:
        if chip.pinned:
            await note(leave_open, "matching.note_unpinned", chip.volunteer_id, chip.name)
        else:
            await note(pin, "matching.note_pinned", chip.volunteer_id, chip.name, by=by)

    async def rule_out() -> None:
        reason = say("matching.forbid_reason")
        await note(forbid, "matching.note_forbidden", chip.volunteer_id, chip.name, reason=reason, by=by)

    return ft.Row(
        [
            secondary_button(
                say("matching.unpin" if chip.pinned else "matching.pin"),
                calls_with(hold),
                key="detail-pin",
                icon=ft.Icons.PUSH_PIN_OUTLINED,
                busy=act.busy,
            ),
            secondary_button(
                say("matching.forbid"), calls_with(rule_out), key="detail-forbid", icon=ft.Icons.BLOCK, busy=act.busy
            ),
            quiet_button(
                say("volunteer.open_page", name=chip.name),
                calls_with(office.go, f"/people/volunteers/{chip.volunteer_id}"),
                key="detail-page",
            ),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )


def _others(
    office: Office, suits: tuple[Candidate, ...], others: tuple[Candidate, ...], note: Any, act: Action
) -> list[ft.Control]:
    say = office.words
    parts: list[ft.Control] = [row_title(say("matching.others"))]
    if suits:
        parts.append(data_list([_suiting(office, each, note, act) for each in suits]))
    else:
        parts.append(body(say("matching.nobody_else")))
    if others:
        parts.append(row_title(say("matching.others_not")))
        parts.extend(
            quiet(say("matching.not_she", name=each.name, why=listed(say, because_words(say, each.rules))))
            for each in others
        )
    return parts


def _suiting(office: Office, each: Candidate, note: Any, act: Action) -> ft.Control:
    say = office.words

    async def hold() -> None:
        await note(pin, "matching.note_pinned", each.volunteer_id, each.name, by=office.actor.name)

    words = ft.Column([row_title(each.name), quiet(candidate_words(office, each))], spacing=0, tight=True)
    button = icon_button(
        say("matching.pin_this", name=each.name),
        ft.Icons.PUSH_PIN_OUTLINED,
        calls_with(hold),
        key=f"pin-{each.volunteer_id}",
        disabled=act.busy,
    )
    return data_row([ft.Container(words, expand=True), button], key=f"suits-{each.volunteer_id}")
