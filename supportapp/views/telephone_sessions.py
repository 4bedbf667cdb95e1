"""Right on the telephone screen: what the caller can apply to, soonest first, what suits before what may not."""

from collections.abc import Sequence
from datetime import date

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from events.registration_choices import BookableSession, speaks_of
from events.registration_rules import is_before_the_draw
from supportapp.booking_words import day_words, place_words, span_words
from supportapp.components.fields import choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import use_office
from supportapp.messages import Words
from supportapp.theme import STEP
from supportapp.views.arrows import row_at, says_row, use_arrows, use_row_in_sight
from supportapp.views.cursor import FocusField
from supportapp.views.telephone_desk import CallDesk
from supportapp.views.telephone_pane import pane, row_button

_FEW_SEATS = 2
_SHOWN = 40


@ft.component
def SessionsPane(desk: CallDesk, rows: Sequence[BookableSession], *, loading: bool) -> ft.Control:
    """One field to narrow the list, and the list."""
    office = use_office()
    say = office.words
    screen = use_screen()
    ahead, set_ahead = ft.use_state(False)  # the clerk looks at workshops before the caller is found
    turn = desk.form.has_person or ahead
    text = desk.form.filter
    matching = [row for row in rows if speaks_of(row, text)]
    groups = _grouped(matching[:_SHOWN])
    arrows = use_arrows([row.key for _heading, group in groups for row in group] if turn else [])
    listed_ref = use_row_in_sight(arrows.at)

    def marked_or_first(_text: str) -> None:
        """Enter: the one the arrow keys stand on, or the first that suits."""
        marked = arrows.now()
        wanted = [row for row in matching if row.key == marked] or [
            row for row in matching if row.is_open and not row.unsuitable and not row.registered
        ]
        if wanted and wanted[0].key != desk.form.chosen and (marked or not desk.form.chosen):
            desk.choose(wanted[0])

    if turn:
        field: ft.Control = FocusField(
            say("telephone.filter"),
            field_key="session-filter",
            value=text,
            on_change=lambda typed: desk.change(filter=typed),
            on_submit=marked_or_first,
            on_arrow=arrows.step,
            turn=not desk.form.chosen,
        )
    else:
        field = row_button(
            body(say("telephone.filter")),
            on_click=lambda _event: set_ahead(True),
            key="session-filter-open",
            reachable=False,
        )
    if loading:
        listed: list[ft.Control] = [skeleton(say("telephone.loading"), rows=4)]
    elif not rows:
        listed = [empty_state(say("telephone.nothing_bookable"))]
    elif not matching:
        listed = [empty_state(say("telephone.nothing_matches", text=text))]
    else:
        listed = _rows(say, groups, desk, arrows.at, turn=turn)
    return pane(
        screen,
        say("telephone.sessions_title"),
        [field, says_row(_marked_words(say, office.today, matching, arrows.at))],
        listed,
        key="telephone-sessions",
        listed_ref=listed_ref,
    )


def _marked_words(say: Words, today: date, rows: Sequence[BookableSession], at: str) -> str:
    row = next((row for row in rows if row.key == at), None)
    if row is None:
        return ""
    first = row.sessions[0]
    return f"{span_words(first, day_words(say, first.held_on, today))} {row.title}"


_Group = tuple[str, list[BookableSession]]


def _grouped(rows: Sequence[BookableSession]) -> list[_Group]:
    """What suits, what may not, and what is not open, each under its heading; in the order of the screen."""
    fits = [row for row in rows if row.is_open and not row.unsuitable]
    unsure = [row for row in rows if row.is_open and row.unsuitable]
    later = [row for row in rows if not row.is_open]
    return [("", fits), ("telephone.unsuited_sessions", unsure), ("telephone.later_sessions", later)]


def _rows(
    say: Words,
    groups: Sequence[_Group],
    desk: CallDesk,
    at: str,
    *,
    turn: bool,
) -> list[ft.Control]:
    parts: list[ft.Control] = []
    for heading, group in groups:
        if group and heading:
            parts.append(quiet(say(heading)))
        parts += [
            row_at(
                SessionChoice(
                    row,
                    chosen=row.key == desk.form.chosen,
                    at=row.key == at,
                    reachable=turn and desk.form.chosen in {"", row.key},
                    desk=desk,
                ),
                row.key,
            )
            for row in group
        ]
    return parts


@ft.component
def SessionChoice(row: BookableSession, *, chosen: bool, at: bool, reachable: bool, desk: CallDesk) -> ft.Control:
    """One thing to apply to, as a button: when, what, where, and how many seats are left."""
    office = use_office()
    say = office.words
    first = row.sessions[0]
    course = say("telephone.course", count=len(row.sessions)) if len(row.sessions) > 1 else ""
    when = span_words(first, day_words(say, first.held_on, office.today))
    state, word = _standing(say, row, office.today)
    lines: list[ft.Control] = [
        ft.Row(
            [row_title(when), *([body(course)] if course else [])],
            wrap=True,
            spacing=STEP,
            run_spacing=0,
        ),
        body(row.title),
        quiet(place_words(say, first)),
    ]
    if row.unsuitable:
        warnings = "・".join(say(f"telephone.unsuitable.{code}") for code in row.unsuitable)
        lines.append(ft.Text(warnings, theme_style=ft.TextThemeStyle.BODY_SMALL, color=ft.Colors.ON_SECONDARY_FIXED))
    content = ft.Row(
        [
            ft.Column(lines, spacing=0, tight=True, expand=True, horizontal_alignment=ft.CrossAxisAlignment.START),
            state_chip(state, word),
        ],
        spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    whole = row_button(
        content,
        on_click=calls_with(desk.choose, row),
        key=f"session-{row.session_id}",
        chosen=chosen,
        at=at,
        reachable=reachable,
    )
    if not chosen or not row.free_times:
        return whole
    times = choice_row(
        say("telephone.slot"),
        [("", say("telephone.slot_any"))]
        + [(time.isoformat(), f"{tokyo_time(time):%H:%M}") for time in row.free_times],
        field_key="slot",
        value=desk.form.slot,
        on_change=lambda time: desk.change(slot=time),
    )
    return ft.Column([whole, times], spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _standing(say: Words, row: BookableSession, today: date) -> tuple[str, str]:
    """How it stands with seats: the mark and its words."""
    if row.registered is not None:
        return "accent", say("telephone.already")
    if not row.is_open and row.opens_at is not None and row.opens_later:
        return "neutral", say("telephone.opens", day=day_words(say, tokyo_date(row.opens_at), today))
    if not row.is_open:
        return "cancelled", say("telephone.closed")
    if is_before_the_draw(row.method, drawn=row.drawn):
        return "neutral", say("telephone.in_draw", count=row.waiting)
    if row.seats_left == 0:
        return "short", say("telephone.full_waiting" if row.waiting else "telephone.full", count=row.waiting)
    return "thin" if row.seats_left <= _FEW_SEATS else "enough", say("telephone.seats_left", count=row.seats_left)
