"""割当: a month's sessions with their helpers, a plan beside what stands, and one button to accept it."""

import asyncio
import contextvars
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import icon_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, title_row
from supportapp.components.screen import use_screen
from supportapp.components.states import (
    empty_state,
    error_banner,
    progress_panel,
    skeleton,
    state_chip,
    warning_banner,
)
from supportapp.components.texts import body, quiet, row_title, section_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.matching_run import MatchingRun, Phase, RunState, propose, running_for
from supportapp.theme import EDGE, GAP, HALF, STEP
from supportapp.views.flet_types import keyed, none_yet
from supportapp.views.matching_row import MatchRowCard
from supportapp.views.volunteer_words import (
    because_words,
    dotted,
    listed,
    moment_words,
    month_words,
    this_minute,
    when_words,
)
from volunteers.matching.month import MatchingMonth, Totals, matching_month
from volunteers.matching.proposals import accept_proposal, discard_proposal
from volunteers.situation import month_of

_MONTH_BELOW = 300  # so narrow that the month stands above its two arrows (a phone with large text)


@ft.component
def Matching() -> ft.Control:
    """The whole screen."""
    office = use_office()
    screen = use_screen()
    first, set_first = ft.use_state(_asked_month(office))
    last = month_of(first)[1]
    code = office.actor.municipality_code
    answer = use_query(
        matching_month,
        (municipality_topic(code),),
        municipality_code=code,
        first=first,
        last=last,
        now=this_minute(office),
    )
    run, state, start = use_run(office, first, last)
    act = use_action()
    said, set_said = ft.use_state("")
    say = office.words

    def turn(months: int) -> None:
        set_said("")
        act.clear()
        set_first(month_of(first + timedelta(days=32))[0] if months > 0 else month_of(first - timedelta(days=1))[0])

    async def settle(use_case: Any, proposal_id: UUID, **values: Any) -> None:
        receipt = await act(use_case, proposal_id=proposal_id, now=office.now(), **values)
        if receipt is None:
            return
        word = "matching.discarded" if use_case is discard_proposal else "matching.accepted"
        set_said(say(word, added=receipt.added, removed=receipt.removed))

    parts: list[ft.Control] = [_head(office, first, turn, narrow=screen.room < _MONTH_BELOW)]
    if said:
        parts.append(keyed(DoneBanner, f"said-{said}", said, banner_key="matching-done", on_close=lambda: set_said("")))
    error = act.error or answer.error or (say("matching.failed") if state.phase is Phase.FAILED else "")
    if error:
        parts.append(error_banner(error))
    if run is not None and run.is_running:
        parts.append(_progress(office, run, state))
    if answer.value is None:
        return _column([*parts, *([] if answer.error else [skeleton(say("matching.loading"), rows=5, row_height=96)])])
    month = answer.value
    if not month.sessions:
        to_calendar = secondary_button(
            say("matching.to_calendar"), calls_with(office.go, "/calendar"), key="to-calendar"
        )
        return _column([*parts, empty_state(say("matching.no_sessions"), to_calendar, ft.Icons.EVENT_BUSY_OUTLINED)])
    busy = act.busy or (run is not None and run.is_running)
    parts.extend(_summary(office, month, start, settle, busy=busy))
    parts.extend(_refused_pins(office, month))
    parts.append(quiet(say("matching.choose_chip")))
    parts.extend(
        keyed(MatchRowCard, str(row.line.session_id), row, month.proposal_id, month.ruled_out, on_said=set_said)
        for row in month.sessions
    )
    return _column(parts)


def _column(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _asked_month(office: Office) -> date:
    """The month that the address names (``?from=``), otherwise this one."""
    asked = office.page.query.to_dict.get("from", "") if office.page.query is not None else ""
    try:
        return month_of(date.fromisoformat(str(asked)))[0]
    except ValueError:
        return month_of(office.today)[0]


def use_run(office: Office, first: date, last: date) -> tuple[MatchingRun | None, RunState, Callable[[], None]]:
    """The run for this city and month, how far it is, and what starts one. A run is found again after a reload."""
    run, set_run = ft.use_state(none_yet(MatchingRun))
    state, set_state = ft.use_state(RunState())
    end: Any = ft.use_ref(None)
    code = office.actor.municipality_code

    def leave() -> None:
        if end.current is not None:
            end.current()
            end.current = None

    def join(found: MatchingRun | None) -> None:
        leave()
        set_run(found)
        set_state(found.state if found is not None else RunState())
        if found is not None:
            end.current = found.listen(on_this_page(set_state))

    def look() -> None:
        join(running_for(office.backend, code, first))

    def start() -> None:
        join(propose(office.backend, office.actor, municipality_code=code, first=first, last=last))

    ft.use_effect(look, [first], cleanup=leave)
    return run, state, start


def on_this_page(listener: Callable[[RunState], None]) -> Callable[[RunState], None]:
    """A run is everybody's, and tells from the page that began it; each page must hear it as itself."""
    loop, here = asyncio.get_running_loop(), contextvars.copy_context()

    def hear(state: RunState) -> None:
        loop.call_soon(listener, state, context=here)

    return hear


def _head(office: Office, first: date, turn: Callable[[int], None], *, narrow: bool) -> ft.Control:
    say = office.words
    back = icon_button(say("matching.previous_month"), ft.Icons.CHEVRON_LEFT, lambda _event: turn(-1), key="month-back")
    onward = icon_button(say("matching.next_month"), ft.Icons.CHEVRON_RIGHT, lambda _event: turn(1), key="month-on")
    month = section_title(month_words(office, first))
    arrows_below = [month, ft.Row([back, onward], spacing=STEP)]
    return title_row(say("matching.title"), arrows_below if narrow else [back, month, onward])


def _progress(office: Office, run: MatchingRun, state: RunState) -> ft.Control:
    say = office.words
    words = [say("matching.proposing") if state.phase is Phase.SOLVING else say("matching.progress_reading")]
    if state.open_needs is not None:
        words.append(say("matching.progress_open", open=state.open_needs))
    if state.cancelled:
        words = [say("matching.stopping")]
    return progress_panel(
        dotted(say, *words),
        state.done,
        state.total,
        key="matching-stop",
        cancel_words=say("matching.stop"),
        on_cancel=lambda _event: run.cancel(),
    )


def _summary(
    office: Office, month: MatchingMonth, start: Callable[[], None], settle: Any, *, busy: bool
) -> list[ft.Control]:
    say = office.words
    parts: list[ft.Control] = [_totals(office, month.now, month.then)]
    propose_words = say("matching.propose_again" if month.proposal_id else "matching.propose")
    begin = calls_with(start)
    if month.proposal_id is None:
        button = primary_button(propose_words, begin, key="propose", icon=ft.Icons.AUTO_AWESOME_OUTLINED, busy=busy)
        return [card([*parts, ft.Row([button])], title=say("matching.stands_now"), key="matching-now")]
    parts.append(_about_plan(office, month))
    parts.extend(_answers(office, month, begin, settle, busy=busy))
    assert month.proposed_at is not None
    title = say("matching.plan_of", by=month.proposed_by, when=moment_words(office, month.proposed_at))
    return [card(parts, title=title, key="matching-plan")]


def _about_plan(office: Office, month: MatchingMonth) -> ft.Control:
    say = office.words
    sentences: list[ft.Control] = [quiet(say("matching.proven" if month.proven else "matching.best_so_far"))]
    if month.added or month.removed:
        help_words = say("matching.accept_help", added=month.added, removed=month.removed, kept=month.kept)
        sentences.insert(0, body(help_words))
    else:
        sentences.insert(0, body(say("matching.nothing_changes")))
    return ft.Column(sentences, spacing=HALF, tight=True)


def _answers(office: Office, month: MatchingMonth, begin: Any, settle: Any, *, busy: bool) -> list[ft.Control]:
    """Accept, leave as it was, or again; when something changed meanwhile, again is the next step."""
    say = office.words
    discard = secondary_button(
        say("matching.discard"), calls_with(settle, discard_proposal, month.proposal_id), key="discard", busy=busy
    )
    if month.clashes:
        again = primary_button(say("matching.propose_again"), begin, key="propose", icon=ft.Icons.REFRESH, busy=busy)
        return [warning_banner(say("matching.clashes", count=month.clashes)), _buttons([again, discard])]

    async def accept() -> None:
        await settle(accept_proposal, month.proposal_id, by=office.actor.name)

    yes = primary_button(say("matching.accept"), calls_with(accept), key="accept", icon=ft.Icons.CHECK, busy=busy)
    again = quiet_button(say("matching.propose_again"), begin, key="propose", icon=ft.Icons.REFRESH, disabled=busy)
    return [_buttons([yes, discard, again])]


def _buttons(buttons: list[ft.Control]) -> ft.Control:
    return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)


def _totals(office: Office, now: Totals, then: Totals | None) -> ft.Control:
    """Four figures, before and after."""
    say = office.words

    def spread(totals: Totals) -> str:
        if totals.most == totals.least:
            return say("matching.spread_same", most=totals.most)
        return say("matching.spread", least=totals.least, most=totals.most)

    def both(read: Callable[[Totals], str]) -> str:
        if then is None or read(now) == read(then):
            return read(then or now)
        return say("matching.before_after", before=read(now), after=read(then))

    figures = [
        ("total_missing", both(lambda each: say("matching.people", count=each.missing))),
        ("total_people", both(lambda each: say("matching.people", count=each.people))),
        ("total_spread", both(spread)),
        ("total_km", both(lambda each: say("matching.km", km=round(each.km)))),
    ]
    return ft.Row(
        [
            ft.Semantics(
                container=True,
                content=ft.Column([quiet(say(f"matching.{word}")), section_title(value)], spacing=0, tight=True),
            )
            for word, value in figures
        ],
        wrap=True,
        spacing=EDGE,
        run_spacing=STEP,
    )


def _refused_pins(office: Office, month: MatchingMonth) -> list[ft.Control]:
    if not month.refused_pins:
        return []
    say = office.words
    when = {row.line.session_id: when_words(office, row.line) for row in month.sessions}
    lines: list[ft.Control] = [row_title(say("matching.refused_pins"))]
    lines.extend(
        body(
            say(
                "matching.refused_pin",
                name=each.name,
                session=when.get(each.session_id, ""),
                why=listed(say, because_words(say, each.rules)),
            )
        )
        for each in month.refused_pins
    )
    return [card([state_chip("thin", say("matching.pinned")), *lines], key="refused-pins")]
