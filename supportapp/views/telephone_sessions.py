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
from supportapp.views.cursor import FocusField
from supportapp.views.telephone_desk import CallDesk
from supportapp.views.telephone_pane import pane, row_button

_FEW_SEATS = 2
_SHOWN = 40


@ft.component
def SessionsPane(desk: CallDesk, rows: Sequence[BookableSession], *, loading: bool) -> ft.Control:
    """One field to narrow the list, and the list."""
    say = use_office().words
    screen = use_screen()
    ahead, set_ahead = ft.use_state(False)  # the clerk looks at workshops before the caller is found
    turn = desk.form.has_person or ahead
    text = desk.form.filter
    matching = [row for row in rows if speaks_of(row, text)]

    def first(_text: str) -> None:
        """Enter: the first that suits."""
        suits = next((row for row in matching if row.is_open and not row.unsuitable and not row.registered), None)
        if suits is not None and not desk.form.chosen:
            desk.choose(suits)

    if turn:
        field: ft.Control = FocusField(
            say("telephone.filter"),
            field_key="session-filter",
            value=text,
            on_change=lambda typed: desk.change(filter=typed),
            on_submit=first,
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
        listed = _grouped(say, matching[:_SHOWN], desk, turn=turn)
    return pane(screen, say("telephone.sessions_title"), [field], listed, key="telephone-sessions")


def _grouped(say: Words, rows: Sequence[BookableSession], desk: CallDesk, *, turn: bool) -> list[ft.Control]:
    fits = [row for row in rows if row.is_open and not row.unsuitable]
    unsure = [row for row in rows if row.is_open and row.unsuitable]
    later = [row for row in rows if not row.is_open]
    parts: list[ft.Control] = []
    for heading, group in (("", fits), ("telephone.unsuited_sessions", unsure), ("telephone.later_sessions", later)):
        if group and heading:
            parts.append(quiet(say(heading)))
        parts += [
            SessionChoice(
                row,
                chosen=row.key == desk.form.chosen,
                reachable=turn and desk.form.chosen in {"", row.key},
                desk=desk,
            )
            for row in group
        ]
    return parts


@ft.component
def SessionChoice(row: BookableSession, *, chosen: bool, reachable: bool, desk: CallDesk) -> ft.Control:
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
