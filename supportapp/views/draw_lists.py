"""The lists of a draw: applications before it, with what staff can decide, and after it what each one got."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import flet as ft

from events.draw.applicants import CANNOT_RETURN, Applicant
from events.draw.decisions import decide_draw_part, undo_draw_decision
from events.draw.page import DrawnLine
from events.states import RegistrationState
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import ConfirmPanel, error_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office

MOST_SHOWN: Final = 200
_GROUPS: Final = (
    ("won_title", (RegistrationState.CONFIRMED, RegistrationState.OFFERED)),
    ("reserve_title", (RegistrationState.WAITING,)),
    ("lost_title", (RegistrationState.LOST,)),
    ("refused_title", (RegistrationState.REFUSED,)),
)


@ft.component
def ApplicantList(kind: str, rows: Sequence[Applicant], *, on_done: Callable[[str], None]) -> ft.Control:
    """Applications that take part (``taking``) or are set apart (``apart``), each with what can be decided."""
    office = use_office()
    say = office.words
    asked, set_asked = ft.use_state(0)
    act = use_action()

    def leave() -> None:
        set_asked(0)
        act.clear()

    async def decide(row: Applicant, reason: str) -> None:
        back = kind == "apart"
        receipt = await act(
            decide_draw_part,
            registration_id=row.registration_id,
            takes_part=back,
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            leave()
            on_done(say("draw.put_back_done" if back else "draw.set_apart_done", number=row.number))

    async def undo(row: Applicant) -> None:
        receipt = await act(
            undo_draw_decision, registration_id=row.registration_id, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            on_done(say("draw.let_rule_done", number=row.number))

    lines: list[ft.Control] = []
    for row in rows[:MOST_SHOWN]:
        lines.append(_row(office, kind, row, partial(set_asked, row.number), partial(undo, row)))
        if asked == row.number:
            asks = "draw.ask_put_back" if kind == "apart" else "draw.ask_set_apart"
            lines.append(
                ConfirmPanel(
                    say(asks, number=row.number, name=row.name),
                    panel_key=f"draw-{kind}",
                    confirm_words=say("draw.confirm_back" if kind == "apart" else "draw.confirm_apart"),
                    keep_words=say("draw.keep"),
                    on_confirm=partial(decide, row),
                    on_keep=lambda *_event: leave(),
                    reason_words=say("draw.reason"),
                    error=act.error,
                    busy=act.busy,
                )
            )
    title = say("draw.apart_title" if kind == "apart" else "draw.taking_title", count=len(rows))
    return _card(office, title, lines, len(rows), error=None if asked else act.error)


def _card(office: Office, title: str, lines: list[ft.Control], count: int, *, error: str | None = None) -> ft.Control:
    parts: list[ft.Control] = [error_banner(error)] if error else []
    if lines:
        parts.append(data_list(lines))
    if count > MOST_SHOWN:
        parts.append(quiet(office.words("draw.more", count=count - MOST_SHOWN)))
    return card(parts, title=title)


def _row(
    office: Office, kind: str, row: Applicant, ask: Callable[[], object], undo: Callable[[], object]
) -> ft.Control:
    say = office.words
    buttons: list[ft.Control] = []
    if row.decided is not None:
        buttons.append(quiet_button(say("draw.let_rule"), calls_with(undo), key=f"draw-rule-{row.number}"))
    elif kind == "taking":
        buttons.append(quiet_button(say("draw.set_apart"), calls_with(ask), key=f"draw-apart-{row.number}"))
    elif row.because not in CANNOT_RETURN:
        buttons.append(secondary_button(say("draw.put_back"), calls_with(ask), key=f"draw-back-{row.number}"))
    words = ft.Column(
        [
            row_title(f"{say('draw.number', number=row.number)}  {row.name}"),
            *([body(_because_words(office, row))] if row.because else []),
            quiet("・".join(_facts(office, row))),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    return data_row([words, *buttons], key=f"draw-row-{row.number}")


def _because_words(office: Office, row: Applicant) -> str:
    said = office.words(f"draw.because.{row.because}")
    if row.because == "duplicate" and row.same_as is not None:
        said = f"{said}（{office.words('draw.same_as', number=row.same_as)}）"
    return said


def _facts(office: Office, row: Applicant) -> list[str]:
    say = office.words
    facts = [say(f"workshop.channel.{row.channel.value}")]
    if not row.because:
        why = "・".join(say(f"draw.why.{code}") for code in row.slips_for)
        count = row.slips_of_unit
        facts.append(say("draw.slips_more", count=count, why=why) if why else say("draw.slips", count=count))
    if row.with_numbers:
        facts.append(say("draw.with", numbers="・".join(map(str, row.with_numbers))))
    facts += [say(f"draw.unknown.{code}") for code in row.unknown]
    if row.decided is not None:
        facts.append(say("draw.decided", reason=row.reason))
    return facts


def result_lists(office: Office, results: Sequence[DrawnLine]) -> list[ft.Control]:
    """What came of a draw: seats, reserves in order, losers, and who was set apart."""
    lists = []
    for title, states in _GROUPS:
        lines = [line for line in results if line.state in states]
        if lines:
            rows = [_result(office, line) for line in lines[:MOST_SHOWN]]
            lists.append(_card(office, office.words(f"draw.{title}", count=len(lines)), rows, len(lines)))
    return lists


def _result(office: Office, line: DrawnLine) -> ft.Control:
    say = office.words
    facts = [day_words(say, office.language, day, office.today) for day in line.held_on]
    if line.rank is not None:
        facts.append(say("draw.rank", rank=line.rank))
    if line.with_numbers:
        facts.append(say("draw.with", numbers="・".join(map(str, line.with_numbers))))
    if line.because:
        facts.append(say(f"draw.because.{line.because}"))
    words: list[ft.Control] = [row_title(f"{say('draw.number', number=line.number)}  {line.name}")]
    if facts:
        words.append(quiet("・".join(facts)))
    opens = calls_with(office.go, f"/people/attendees/{line.attendee_id}")
    column = ft.Column(words, spacing=0, tight=True, expand=True)
    return data_row([column], key=f"draw-result-{line.number}", on_click=opens)
