"""集計: what this fiscal year came to; every share with its numerator and denominator. No names."""

from collections.abc import Callable, Sequence
from typing import Final

import flet as ft

from events.japan.eras import era_year
from events.japan.fiscal_year import first_day, fiscal_year
from supportapp.components.buttons import secondary_button
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.days import month_name
from supportapp.figures import Line, Share, YearFigures, year_figures
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HAIRLINE, HALF, STEP

_NUMBER_WIDTH: Final = 84
_COLUMNS: Final = ("sessions", "seats", "booked", "came")


@ft.component
def Figures() -> ft.Control:
    """This fiscal year, or the one before."""
    office = use_office()
    screen = use_screen()
    this_year = fiscal_year(office.today)
    year, set_year = ft.use_state(this_year)
    say, code = office.words, office.actor.municipality_code
    found = use_query(
        year_figures, (municipality_topic(code),), municipality_code=code, fiscal_year=year, today=office.today
    )
    other = this_year - 1 if year == this_year else this_year
    to_other = secondary_button(
        say("figures.open_year", year=_year_words(office, other)), lambda _event: set_year(other), key="figures-year"
    )
    head = title_row(
        say("figures.title", year=_year_words(office, year)), [to_other], under=quiet(say("figures.lead"))
    )
    if found.error:
        again = secondary_button(say("figures.again"), lambda _event: found.refresh(), key="figures-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None or found.value.fiscal_year != year:
        return screen_column([head, skeleton(say("figures.loading"), rows=6, row_height=96)])
    if not (found.value.planned or found.value.stopped):
        to_plan = secondary_button(
            say("figures.plan"), lambda _event: office.go("/workshops/new"), key="figures-plan"
        )
        return screen_column([head, card([empty_state(say("figures.empty"), to_plan, icon=ft.Icons.BAR_CHART)])])
    return screen_column([head, _counts(office, found.value), *_tables(office, screen, found.value)])


def _year_words(office: Office, year: int) -> str:
    era = era_year(first_day(year)) if office.language == "ja" else str(year)
    return office.words("figures.year", year=era)


def _counts(office: Office, figures: YearFigures) -> ft.Control:
    say = office.words
    boxes = [
        _count(say("figures.planned"), figures.planned, say("figures.planned_note", stopped=figures.stopped)),
        _count(say("figures.held"), figures.held, say("figures.held_note", planned=figures.planned)),
        _share(office, "fill", figures.fill),
        _share(office, "attendance", figures.attendance),
        _share(office, "no_shows", figures.no_shows, notice=figures.absent_with_notice),
        _share(office, "first_timers", figures.first_timers),
        _count(say("figures.walk_ins"), figures.walk_ins, say("figures.walk_ins_note")),
        _count(say("figures.waiting"), figures.waiting, say("figures.waiting_note")),
    ]
    return ft.ResponsiveRow(
        [ft.Container(box, col={"xs": 12, "sm": 6, "lg": 4}) for box in boxes], spacing=GAP, run_spacing=GAP
    )


def _count(title: str, number: int, note: str) -> ft.Control:
    return _box(title, f"{number:,}", note)


def _share(office: Office, name: str, share: Share, **more: object) -> ft.Control:
    say = office.words
    shown = say("figures.no_share") if share.percent is None else say("figures.percent", percent=share.percent)
    note = say(f"figures.{name}_note", part=f"{share.part:,}", whole=f"{share.whole:,}", **more)
    return _box(say(f"figures.{name}"), shown, note)


def _box(title: str, number: str, note: str) -> ft.Control:
    return ft.Semantics(container=True, content=card([row_title(title), figure(number), quiet(note)]))


def _tables(office: Office, screen: Screen, figures: YearFigures) -> list[ft.Control]:
    say = office.words
    channels = [(say(f"workshop.channel.{channel.value}"), (count,)) for channel, count in figures.channels]
    return [
        _table(office, screen, "months", figures.months, lambda name: _month_words(office, name)),
        _table(office, screen, "kinds", figures.kinds, lambda name: say(f"workshop.kind.{name}")),
        _table(office, screen, "districts", figures.districts, lambda name: name or say("figures.no_district")),
        card(
            [_rows(screen, [say("figures.channel_name"), say("figures.applications")], channels)]
            if channels
            else [body(say("figures.no_channels"))],
            title=say("figures.channels"),
        ),
    ]


def _month_words(office: Office, name: str) -> str:
    return office.words("figures.month", month=month_name(office.words, int(name.partition("-")[2])))


def _table(
    office: Office, screen: Screen, name: str, lines: Sequence[Line], words: Callable[[str], str]
) -> ft.Control:
    say = office.words
    heads = [say(f"figures.{name}_name"), *(say(f"figures.column.{column}") for column in _COLUMNS)]
    total = Line("", *(sum(getattr(line, column) for line in lines) for column in _COLUMNS))
    rows = [(words(line.name), _numbers(line)) for line in lines]
    return card([_rows(screen, heads, [*rows, (say("figures.total"), _numbers(total))])], title=say(f"figures.{name}"))


def _numbers(line: Line) -> tuple[int, ...]:
    return (line.sessions, line.seats, line.booked, line.came)


def _rows(screen: Screen, heads: Sequence[str], rows: Sequence[tuple[str, tuple[int, ...]]]) -> ft.Control:
    """A table; on a phone each row is a small block of named numbers instead."""
    if screen.is_phone:
        return ft.Column([_block(heads, name, numbers) for name, numbers in rows], spacing=GAP, tight=True)
    lines = [_line(screen, heads[0], heads[1:], is_head=True)]
    lines += [_line(screen, name, [f"{number:,}" for number in numbers]) for name, numbers in rows]
    return ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _line(screen: Screen, name: str, numbers: Sequence[str], *, is_head: bool = False) -> ft.Control:
    write = quiet if is_head else body
    cells = [
        ft.Container(write(number, text_align=ft.TextAlign.RIGHT), width=screen.size(_NUMBER_WIDTH))
        for number in numbers
    ]
    return ft.Semantics(
        container=True,
        content=ft.Container(
            ft.Row([ft.Container(write(name), expand=True), *cells], spacing=STEP),
            padding=ft.Padding.symmetric(vertical=STEP),
            border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
        ),
    )


def _block(heads: Sequence[str], name: str, numbers: Sequence[int]) -> ft.Control:
    words = "  ".join(f"{head} {number:,}" for head, number in zip(heads[1:], numbers, strict=True))
    return ft.Semantics(
        container=True, content=ft.Column([row_title(name), body(words)], spacing=HALF, tight=True)
    )
