"""The printed application (申込書): fixed boxes that a person fills in easily and a scanner reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exports.printing.paper import HAIRLINE, LINE, PAD, PALE, THICK, Paper, Printed
from exports.printing.parts import Fact, draw_facts
from exports.printing.styles import BODY, HEADING, LABEL, SMALL, STRONG

_LABEL_WIDTH: Final = 36.0
_BOX: Final = 6.4
_MARK: Final = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """A field to write into; ``rows`` lines high."""

    label: str
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Boxes:
    """A field of one box for each character, in groups (a telephone number, kana)."""

    label: str
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ticks:
    """A field of words to tick."""

    label: str
    options: tuple[str, ...]


Field = Line | Boxes | Ticks


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """An empty form for one workshop. ``form_id`` tells a scanner which form this is; it names nobody."""

    title: str
    workshop: str
    facts: tuple[Fact, ...]
    fields: tuple[Field, ...]
    purpose_title: str
    purpose: str
    consent: str
    return_title: str
    return_to: str
    form_id: str
    edition: str
    file_name: str
    language: str = "ja"


def application_form(form: ApplicationForm) -> Printed:
    """Draw the form: marks in the corners, facts, fields, purpose and consent, where to bring it."""
    paper = Paper(f"{form.title} {form.workshop}", margin=17, language=form.language)
    _corner_marks(paper)
    paper.say(form.title, HEADING, align="center")
    paper.say(form.workshop, STRONG, align="center", after=2)
    draw_facts(paper, form.facts, style=SMALL, gap=0.8)
    paper.space(4)
    for field in form.fields:
        _field(paper, field)
    paper.space(3)
    _purpose(paper, form)
    paper.say(form.return_title, LABEL)
    paper.say(form.return_to, BODY)
    paper.foot = f"{form.form_id}　{form.edition}"
    return paper.finished(form.file_name)


def _corner_marks(paper: Paper) -> None:
    """Four squares by which a scanner sets the page straight."""
    for x in (6.0, paper.size.width - 6.0 - _MARK):
        for y in (6.0, paper.size.height - 6.0 - _MARK):
            paper.box(x, y, _MARK, _MARK, weight=0, fill=(0, 0, 0))


def _field(paper: Paper, field: Field) -> None:
    room = paper.width - _LABEL_WIDTH
    ticks = _tick_rows(paper, field.options, room) if isinstance(field, Ticks) else []
    text_high = paper.height_of(field.label, _LABEL_WIDTH - 2 * PAD, LABEL)
    high = max(_field_height(field) + 8.0 * len(ticks), text_high + 2)
    paper.need(high)
    top = paper.y
    paper.box(paper.left, top, _LABEL_WIDTH, high, weight=LINE, fill=PALE)
    paper.box(paper.left + _LABEL_WIDTH, top, room, high, weight=LINE)
    paper.text(field.label, paper.left + PAD, top + (high - text_high) / 2, _LABEL_WIDTH - 2 * PAD, style=LABEL)
    x = paper.left + _LABEL_WIDTH + PAD
    if isinstance(field, Boxes):
        _boxes(paper, field.groups, x, top + (high - _BOX - 1) / 2)
    for row, options in enumerate(ticks):
        at = x
        for option in options:
            y = top + PAD + row * 8.0
            paper.tick_box(at, y + 1.2, 5.0)
            paper.text(option, at + 6.5, y + (8 - SMALL.line) / 2 - 0.3, room, style=SMALL)
            at += 6.5 + paper.width_of(option, SMALL) + 2 * PAD
    paper.y = top + high


def _field_height(field: Field) -> float:
    if isinstance(field, Ticks):
        return 2 * PAD
    return 13.0 * field.rows if isinstance(field, Line) else 12.0


def _boxes(paper: Paper, groups: Sequence[int], x: float, y: float) -> None:
    for index, count in enumerate(groups):
        if index:
            paper.line(x + 0.5, y + _BOX / 2, x + 2.5, y + _BOX / 2, weight=LINE)
            x += 3.0
        for _ in range(count):
            paper.box(x, y, _BOX, _BOX + 1, weight=HAIRLINE)
            x += _BOX


def _tick_rows(paper: Paper, options: Sequence[str], width: float) -> list[list[str]]:
    """The options in rows that fit."""
    rows: list[list[str]] = [[]]
    used = PAD
    for option in options:
        wide = 6.5 + paper.width_of(option, SMALL) + 2 * PAD
        if rows[-1] and used + wide > width:
            rows.append([])
            used = PAD
        rows[-1].append(option)
        used += wide
    return rows


def _purpose(paper: Paper, form: ApplicationForm) -> None:
    """What the data is used for, and the tick that says yes."""
    high = paper.height_of(form.purpose, paper.width - 2 * PAD, SMALL) + LABEL.line + 9 + PAD
    paper.need(high)
    top = paper.y
    paper.box(paper.left, top, paper.width, high, weight=THICK)
    y = paper.text(form.purpose_title, paper.left + PAD, top + 0.5, paper.width - 2 * PAD, style=LABEL)
    y = paper.text(form.purpose, paper.left + PAD, y, paper.width - 2 * PAD, style=SMALL)
    paper.tick_box(paper.left + PAD, y + 1.5, 5.5)
    paper.text(form.consent, paper.left + PAD + 8, y + 1, paper.width, style=LABEL)
    paper.y = top + high + 3
