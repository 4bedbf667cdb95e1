"""講座の一覧: every workshop of the city, narrowed by year, state, kind, department and words of the title."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.japan.fiscal_year import fiscal_year
from events.programme_workshop import MOST_WORKSHOPS, WorkshopLine, workshop_choices, workshops_list
from events.states import ProgrammeState, WorkshopKind
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Answer, Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.pauses import use_pause
from supportapp.theme import GAP, STEP
from supportapp.views.planning_parts import STATE_MARKS
from supportapp.views.workshop_facts import year_words

_EVERY: Final = "every"
_YEARS_BACK: Final = 5
_TWO_SELECTS: Final = 350  # narrower than this, two choices do not stand beside each other
_STATES: Final = (
    ProgrammeState.DRAFT,
    ProgrammeState.ANNOUNCED,
    ProgrammeState.OPEN,
    ProgrammeState.HELD,
    ProgrammeState.REPORTED,
    ProgrammeState.CANCELLED,
    ProgrammeState.POSTPONED,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person looks for; ``_EVERY`` does not narrow."""

    year: str
    text: str = ""
    kind: str = _EVERY
    state: str = _EVERY
    department: str = _EVERY


@ft.component
def Workshops() -> ft.Control:
    """The list with its filters; it begins with the fiscal year of today."""
    office = use_office()
    screen = use_screen()
    say, code = office.words, office.actor.municipality_code
    usual = _Asked(str(fiscal_year(office.today)))
    asked, set_asked = ft.use_state(usual)
    choices = use_query(workshop_choices, (), municipality_code=code).value
    found = use_query(
        workshops_list,
        (municipality_topic(code),),
        municipality_code=code,
        now=office.now().replace(second=0, microsecond=0),
        fiscal_year=None if asked.year == _EVERY else int(asked.year),
        text=use_pause(asked.text),
        kind=None if asked.kind == _EVERY else WorkshopKind(asked.kind),
        state=None if asked.state == _EVERY else ProgrammeState(asked.state),
        department_id=None if asked.department == _EVERY else UUID(asked.department),
    )

    def ask(**changes: Any) -> None:
        set_asked(lambda now: replace(now, **changes))

    plan = primary_button(
        say("calendar.plan"), lambda _event: office.go("/workshops/new"), key="workshops-plan", icon=ft.Icons.ADD
    )
    calendar = secondary_button(
        say("workshops.calendar"), lambda _event: office.go("/calendar"), key="workshops-calendar"
    )
    departments = [(str(each.row_id), each.name) for each in choices.departments] if choices else []
    everything = replace(usual, year=_EVERY)
    clear = secondary_button(say("workshops.clear"), lambda _event: set_asked(everything), key="workshops-clear")
    return screen_column(
        [
            title_row(say("workshops.title"), [calendar, plan]),
            _filters(office, screen, asked, ask, departments),
            *_rows(office, found, None if asked == everything else clear),
        ]
    )


def _filters(
    office: Office, screen: Screen, asked: _Asked, ask: Any, departments: Sequence[tuple[str, str]]
) -> ft.Control:
    say, this_year = office.words, fiscal_year(office.today)
    every = (_EVERY, say("workshops.every"))
    years = [(str(year), year_words(office, year)) for year in range(this_year + 1, this_year - _YEARS_BACK, -1)]
    kinds = [(kind.value, say(f"workshop.kind.{kind.value}")) for kind in WorkshopKind]
    states = [(state.value, say(f"session.state.{state.value}")) for state in _STATES]
    fields: list[tuple[ft.Control, int]] = [
        (
            TextInput(
                say("workshops.search"),
                field_key="workshops-text",
                value=asked.text,
                on_change=lambda text: ask(text=text),
            ),
            12,
        )
    ]
    for name, entries in (("year", years), ("state", states), ("kind", kinds), ("department", departments)):
        field = SelectInput(
            say(f"workshops.{name}"),
            [every, *entries],
            field_key=f"workshops-{name}",
            value=getattr(asked, name),
            on_change=partial(_ask_one, ask, name),
        )
        fields.append((field, 3))
    narrow = 12 if screen.room < _TWO_SELECTS else 6
    return ft.ResponsiveRow(
        [ft.Container(field, col={"xs": max(narrow, wide), "lg": wide}) for field, wide in fields],
        spacing=GAP,
        run_spacing=GAP,
    )


def _ask_one(ask: Callable[..., None], name: str, value: str) -> None:
    ask(**{name: value})


def _rows(office: Office, found: Answer[tuple[WorkshopLine, ...]], clear: ft.Control | None) -> list[ft.Control]:
    say = office.words
    if found.error:
        again = quiet_button(say("workshop.again"), lambda _event: found.refresh(), key="workshops-again")
        return [error_banner(found.error, again)]
    if found.value is None:
        return [skeleton(say("workshop.loading"), rows=6, row_height=72)]
    if not found.value:
        sentence = say("workshops.none_fit" if clear else "workshops.none_yet")
        return [card([empty_state(sentence, clear, ft.Icons.EVENT_NOTE_OUTLINED)])]
    count = len(found.value)
    words = say("workshops.cut", count=count) if count == MOST_WORKSHOPS else say("workshops.count", count=count)
    return [quiet(words), data_list([_row(office, line) for line in found.value])]


def _row(office: Office, line: WorkshopLine) -> ft.Control:
    say = office.words
    facts = [say(f"workshop.kind.{line.kind.value}"), line.department_name, year_words(office, line.fiscal_year)]
    return data_row(
        [
            ft.Container(
                ft.ResponsiveRow(
                    [
                        ft.Column(
                            [
                                row_title(line.title),
                                body(_days(office, line)),
                                quiet("・".join(fact for fact in facts if fact)),
                            ],
                            spacing=0,
                            tight=True,
                            col={"xs": 12, "sm": 9},
                        ),
                        ft.Row(
                            [state_chip(STATE_MARKS[line.state], say(f"session.state.{line.state.value}"))],
                            wrap=True,
                            col={"xs": 12, "sm": 3},
                        ),
                    ],
                    spacing=STEP,
                    run_spacing=STEP,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                expand=True,
                padding=ft.Padding.symmetric(vertical=STEP, horizontal=STEP),
            )
        ],
        key=f"workshop-row-{line.workshop_id}",
        on_click=lambda _event: office.go(f"/workshops/{line.workshop_id}"),
    )


def _days(office: Office, line: WorkshopLine) -> str:
    if line.first_day is None or line.last_day is None:
        return office.words("workshop.no_sessions")
    first, last = (
        day_words(office.words, office.language, day, office.today) for day in (line.first_day, line.last_day)
    )
    if line.sessions == 1:
        return first
    return office.words("workshops.days", first=first, last=last, count=line.sessions)
