"""今日: what happens today in large type, then what needs somebody, each with one button."""

from collections.abc import Callable, Sequence
from datetime import date

import flet as ft

from events.programme_queries import SessionChip
from events.states import ProgrammeState
from supportapp.attention import Attention, StaffedSession, attention
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, figure, quiet, row_title, section_title
from supportapp.days import day_words, span_words
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HAIRLINE, STEP
from supportapp.views.planning_parts import (
    STAFFING_MARKS,
    STOPPED,
    staffing_words,
    stage_chip,
    when_words,
    where_words,
)

_SHOWN = 5
_OVER = STOPPED | {ProgrammeState.HELD, ProgrammeState.REPORTED}


@ft.component
def Today() -> ft.Control:
    """The first screen of the morning."""
    office = use_office()
    screen = use_screen()
    say = office.words
    code = office.actor.municipality_code
    minute = office.now().replace(second=0, microsecond=0)
    found = use_query(attention, (municipality_topic(code),), municipality_code=code, now=minute)
    plan = secondary_button(
        say("today.plan"), lambda _event: office.go("/workshops/new"), key="today-plan", icon=ft.Icons.ADD
    )
    head = title_row(f"{say('today.title')} {day_words(say, office.language, office.today, office.today)}", [plan])
    if found.error:
        again = quiet_button(say("today.again"), lambda _event: found.refresh(), key="today-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None:
        return screen_column([head, skeleton(say("today.loading"), rows=4, row_height=96)])
    if not found.value.any_sessions and not found.value.count:
        return screen_column([head, _first_steps(office)])
    return screen_column([head, _happening(office, screen, found.value), _needs(office, screen, found.value)])


def _first_steps(office: Office) -> ft.Control:
    say = office.words
    steps = ft.Row(
        [
            primary_button(say("today.plan"), lambda _event: office.go("/workshops/new"), key="first-plan"),
            secondary_button(say("today.bring_in"), lambda _event: office.go("/files-in"), key="first-files"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    return card([empty_state(say("today.first_steps"), steps, ft.Icons.EVENT_NOTE_OUTLINED)])


def _happening(office: Office, screen: Screen, found: Attention) -> ft.Control:
    say = office.words
    if found.today:
        rows = [_today_row(office, screen, each) for each in found.today]
        return card(rows, title=say("today.happening"), key="today-happening")
    lines = [body(say("today.nothing_today"))]
    if found.next_session is not None:
        coming = found.next_session
        day = day_words(say, office.language, coming.held_on, office.today)
        sentence = say("today.next_is", day=day, time=span_words(coming.starts_at, coming.ends_at), title=coming.title)
        lines.append(body(sentence))
    return card(lines, title=say("today.happening"), key="today-happening")


def _today_row(office: Office, screen: Screen, each: StaffedSession) -> ft.Control:
    say = office.words
    chip = each.chip
    lines = ft.Column(
        [
            figure(span_words(chip.starts_at, chip.ends_at) or say("session.no_time")),
            row_title(chip.title),
            body(where_words(office, chip)),
            ft.Row([stage_chip(office, chip), *_staffing(office, each)], wrap=True, spacing=STEP, run_spacing=STEP),
        ],
        spacing=STEP,
        tight=True,
    )
    buttons: list[ft.Control] = [
        secondary_button(
            say("today.tell"),
            lambda _event: office.go(f"/sessions/{chip.session_id}"),
            key=f"today-open-{chip.session_id}",
        )
    ]
    if chip.stage(office.now()) not in _OVER:
        buttons.append(
            primary_button(
                say("today.reception"),
                lambda _event: office.go(f"/desk/{chip.session_id}"),
                key=f"today-desk-{chip.session_id}",
                icon=ft.Icons.HOW_TO_REG_OUTLINED,
            )
        )
    button = ft.Row(
        buttons,
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    return _line(screen, lines, button)


def _staffing(office: Office, each: StaffedSession) -> list[ft.Control]:
    if each.staffing is None or each.chip.stage(office.now()) in _OVER:
        return []  # nobody can help any more
    return [state_chip(STAFFING_MARKS[each.staffing.state], staffing_words(office, each.staffing))]


def _line(screen: Screen, lines: ft.Control, button: ft.Control) -> ft.Control:
    """Words at the left, the button at the right; one above the other where there is no room."""
    inside: ft.Control
    if screen.has_rail:
        inside = ft.Row(
            [ft.Container(lines, expand=True), button],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    else:
        inside = ft.Column([lines, button], spacing=STEP, tight=True)
    return ft.Container(
        inside,
        padding=ft.Padding.only(top=GAP),
        border=ft.Border(top=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


def _needs(office: Office, screen: Screen, found: Attention) -> ft.Control:
    say = office.words
    groups = [group for group in _groups(office, screen, found) if group is not None]
    if not groups:
        nothing = empty_state(say("today.all_done"), icon=ft.Icons.CHECK_CIRCLE_OUTLINE)
        return card([nothing], title=say("today.needs_you"))
    heading = ft.Semantics(header=True, heading_level=2, content=section_title(say("today.needs_you")))
    return ft.Column([heading, *groups], spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _groups(office: Office, screen: Screen, found: Attention) -> list[ft.Control | None]:
    say = office.words

    def short(each: StaffedSession) -> tuple[SessionChip, str]:
        return each.chip, staffing_words(office, each.staffing) if each.staffing else ""

    def opens(chip: SessionChip) -> str:
        return f"/sessions/{chip.session_id}"

    return [
        _group(office, screen, "short", [short(each) for each in found.short], _month_of_matching),
        _group(
            office,
            screen,
            "waiting",
            [(chip, say("today.waiting_words", count=chip.waiting, free=chip.free)) for chip in found.waiting],
            opens,
        ),
        _group(
            office,
            screen,
            "draws",
            [(chip, say("today.draws_words", count=chip.waiting)) for chip in found.draws],
            opens,
        ),
        _count(office, screen, "calls", found.calls, "/calls"),
        _count(office, screen, "helpers", found.offers_to_help, "/people"),
        _count(office, screen, "loans", found.overdue_loans, "/loans"),
        _group(
            office,
            screen,
            "empty",
            [(chip, say("today.empty_words", seats=chip.seats)) for chip in found.empty],
            opens,
        ),
        _group(
            office,
            screen,
            "drafts",
            [(chip, say("today.drafts_words")) for chip in found.drafts],
            lambda chip: f"/workshops/{chip.workshop_id}",
        ),
    ]


def _month_of_matching(chip: SessionChip) -> str:
    first = chip.held_on.replace(day=1)
    last = _last_of_month(first)
    return f"/matching?from={first.isoformat()}&to={last.isoformat()}"


def _last_of_month(first: date) -> date:
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return date.fromordinal(following.toordinal() - 1)


_VERBS = {
    "short": "match",
    "waiting": "offer",
    "draws": "draw",
    "empty": "tell",
    "drafts": "publish",
    "calls": "call",
    "helpers": "helpers",
    "loans": "loans",
}


def _group(
    office: Office,
    screen: Screen,
    name: str,
    lines: Sequence[tuple[SessionChip, str]],
    address: Callable[[SessionChip], str],
) -> ft.Control | None:
    """One kind of need with its sessions; None where there is none."""
    if not lines:
        return None
    say = office.words
    rows: list[ft.Control] = [
        _line(
            screen,
            ft.Column(
                [
                    row_title(chip.title),
                    body(when_words(office, chip)),
                    quiet(where_words(office, chip)),
                    body(words),
                ],
                spacing=0,
                tight=True,
            ),
            secondary_button(
                say(f"today.{_VERBS[name]}"),
                lambda _event, chip=chip: office.go(address(chip)),
                key=f"need-{name}-{chip.session_id}",
            ),
        )
        for chip, words in lines[:_SHOWN]
    ]
    if len(lines) > _SHOWN:
        more = say("today.more", count=len(lines) - _SHOWN)
        rows.append(quiet_button(more, lambda _event: office.go("/calendar"), key=f"need-{name}-more"))
    return card(rows, title=say(f"today.{name}_title"), key=f"need-{name}")


def _count(office: Office, screen: Screen, name: str, count: int, address: str) -> ft.Control | None:
    """A need that is only a number."""
    if not count:
        return None
    say = office.words
    button = secondary_button(say(f"today.{_VERBS[name]}"), lambda _event: office.go(address), key=f"need-{name}-open")
    row = _line(screen, body(say(f"today.{name}_words", count=count)), button)
    return card([row], title=say(f"today.{name}_title"), key=f"need-{name}")
