"""Papers of the hall: sign-in sheet, name tags, seat plan, evacuation list. No telephone, no address on any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exports.printing.paper import HAIRLINE, LINE, PAD, PALE, Paper, Printed
from exports.printing.parts import Column
from exports.printing.styles import BODY, HEADING, LABEL, LARGE, SMALL, STRONG, Style

_TAG: Final = (91.0, 55.0)  # the cards of usual name holders
_TAG_COLUMNS, _TAG_ROWS = 2, 5
_ROW: Final = 13.0
_KANA: Final = Style(12, leading=1.2)


@dataclass(frozen=True, slots=True)
class Guest:
    """One person in the hall. ``remark`` is worded (配慮, 付添); ``device`` the number of a loan phone."""

    name: str
    kana: str = ""
    device: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class HallWords:
    """The labels of the hall's papers."""

    title: str
    workshop: str
    under: str
    foot: str
    file_name: str
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class SignInWords:
    """The heads of the sign-in sheet; ``marks`` are the words to ring or tick (出席・遅刻・欠席)."""

    number: str
    name: str
    marks: tuple[str, ...]
    device: str
    remark: str
    how_to: str


def sign_in_sheet(
    guests: Sequence[Guest], *, words: HallWords, heads: SignInWords, blank_rows: int = 5
) -> Printed:
    """The list on the table: the number in front of each row is what is keyed in afterwards; blank rows at the end."""
    paper = _headed(words, heads.how_to)
    mark_width = max(paper.width_of(mark, SMALL) for mark in heads.marks) + 2 * PAD
    marks = mark_width * len(heads.marks)
    rest = paper.width - 14 - marks - 20
    columns = (
        Column(heads.number, 14, "center"),
        Column(heads.name, rest * 0.6),
        *(Column(mark, mark_width, "center") for mark in heads.marks),
        Column(heads.device, 20, "center"),
        Column(heads.remark, rest * 0.4),
    )
    _list_head(paper, columns)
    rows: list[Guest | None] = [*guests, *([None] * blank_rows)]
    for number, guest in enumerate(rows, start=1):
        high = _row_height(paper, columns, guest)
        if paper.need(high):
            _list_head(paper, columns)
        _sign_in_row(paper, columns, number, guest, high)
    return paper.finished(words.file_name)


def name_tags(guests: Sequence[Guest], *, words: HallWords) -> Printed:
    """Ten tags of 91 × 55 mm on a page, to cut along the dashes."""
    paper = Paper(words.title, margin=11, language=words.language)
    left = (paper.size.width - _TAG_COLUMNS * _TAG[0]) / 2
    top = (paper.size.height - _TAG_ROWS * _TAG[1]) / 2
    for index, guest in enumerate(guests):
        place = index % (_TAG_COLUMNS * _TAG_ROWS)
        if index and place == 0:
            paper.new_page()
        x = left + place % _TAG_COLUMNS * _TAG[0]
        y = top + place // _TAG_COLUMNS * _TAG[1]
        _tag(paper, guest, words, x, y)
    return paper.finished(words.file_name, numbered=False)


def seat_plan(
    tables: Sequence[tuple[str, str, Sequence[Guest]]], *, words: HallWords, front: str
) -> Printed:
    """Who sits where: tables as (name, helper, guests), two in a row, the front of the room above."""
    paper = _headed(words, "")
    paper.box(paper.left + 30, paper.y, paper.width - 60, 10, weight=LINE, fill=PALE)
    paper.text(front, paper.left, paper.y + 1.5, paper.width, style=LABEL, align="center")
    paper.y += 16
    width = (paper.width - 8) / 2
    for start in range(0, len(tables), 2):
        pair = tables[start : start + 2]
        high = max(_table_height(paper, table, width) for table in pair)
        paper.need(high)
        for index, table in enumerate(pair):
            _table(paper, table, paper.left + index * (width + 8), width, high)
        paper.y += high + 6
    return paper.finished(words.file_name)


def evacuation_list(
    guests: Sequence[Guest], *, words: HallWords, total: str, helpers: Sequence[str], helpers_title: str
) -> Printed:
    """Who is in the room now, to count outside: a box to tick for each, what they need, then the helpers."""
    paper = _headed(words, "")
    paper.say(total, LARGE, after=2)
    for guest in guests:
        _counted(paper, guest.name, " ".join(part for part in (guest.kana, guest.remark) if part))
    if helpers:
        paper.need(STRONG.line + 12)
        paper.space(3)
        paper.say(helpers_title, STRONG, after=1)
    for name in helpers:
        _counted(paper, name, "")
    for _ in range(5):
        _counted(paper, "", "")
    return paper.finished(words.file_name)


def _headed(words: HallWords, how_to: str) -> Paper:
    paper = Paper(words.title, margin=15, language=words.language)
    paper.say(words.title, HEADING)
    paper.say(words.workshop, STRONG)
    paper.say(words.under, BODY, after=1)
    paper.say(how_to, SMALL, after=1)
    paper.space(2)
    paper.foot = words.foot
    return paper


def _list_head(paper: Paper, columns: Sequence[Column]) -> None:
    x, high = paper.left, LABEL.line + PAD
    for column in columns:
        paper.box(x, paper.y, column.share, high, weight=LINE, fill=PALE)
        paper.fitted(column.title, x + 0.5, paper.y + PAD / 2, column.share - 1, style=LABEL, align="center")
        x += column.share
    paper.y += high


def _sign_in_row(
    paper: Paper, columns: Sequence[Column], number: int, guest: Guest | None, high: float
) -> None:
    x, y = paper.left, paper.y
    for column in columns:
        paper.box(x, y, column.share, high, weight=HAIRLINE)
        x += column.share
    paper.text(str(number), paper.left, y + (high - LARGE.line) / 2, columns[0].share, style=LARGE, align="center")
    x = paper.left + columns[0].share + columns[1].share
    for column in columns[2:-2]:
        paper.tick_box(x + (column.share - 6) / 2, y + (high - 6) / 2, 6)
        x += column.share
    paper.y += high
    if guest is None:
        return
    name_x, room = paper.left + columns[0].share + PAD, columns[1].share - 2 * PAD
    names = paper.fitted_height(guest.kana, room, _KANA) + paper.fitted_height(guest.name, room, STRONG)
    below = paper.fitted(guest.kana, name_x, y + (high - names) / 2, room, style=_KANA)
    paper.fitted(guest.name, name_x, below, room, style=STRONG)
    paper.text(guest.device, x, y + (high - BODY.line) / 2, columns[-2].share, style=BODY, align="center")
    room = columns[-1].share - 2 * PAD
    text_high = paper.height_of(guest.remark, room, SMALL)
    paper.text(guest.remark, x + columns[-2].share + PAD, y + (high - text_high) / 2, room, style=SMALL)


def _row_height(paper: Paper, columns: Sequence[Column], guest: Guest | None) -> float:
    if guest is None:
        return _ROW
    room = columns[1].share - 2 * PAD
    names = paper.fitted_height(guest.kana, room, _KANA) + paper.fitted_height(guest.name, room, STRONG)
    return max(_ROW, names + 1, paper.height_of(guest.remark, columns[-1].share - 2 * PAD, SMALL) + PAD)


def _tag(paper: Paper, guest: Guest, words: HallWords, x: float, y: float) -> None:
    wide, high = _TAG
    for from_x, from_y, to_x, to_y in (
        (x, y, x + wide, y),
        (x, y + high, x + wide, y + high),
        (x, y, x, y + high),
        (x + wide, y, x + wide, y + high),
    ):
        paper.line(from_x, from_y, to_x, to_y, dashed=True)
    room = wide - 10
    paper.fitted(words.workshop, x + 5, y + 4, room, style=SMALL, align="center")
    name = Style(32, bold=True, leading=1.2)
    highs = [paper.fitted_height(guest.kana, room, BODY), paper.fitted_height(guest.name, room, name)]
    middle = y + 27 - sum(highs) / 2
    paper.fitted(guest.kana, x + 5, middle, room, style=BODY, align="center")
    paper.fitted(guest.name, x + 5, middle + highs[0], room, style=name, align="center")
    paper.fitted(guest.remark, x + 5, y + 44, room, style=SMALL, align="center")


def _table_height(paper: Paper, table: tuple[str, str, Sequence[Guest]], width: float) -> float:
    names = sum(
        paper.fitted_height(guest.name, width - 4 * PAD, STRONG)
        + paper.height_of(guest.remark, width - 4 * PAD, SMALL)
        + 1
        for guest in table[2]
    )
    return LABEL.line + SMALL.line + names + 3 * PAD


def _table(
    paper: Paper, table: tuple[str, str, Sequence[Guest]], x: float, width: float, high: float
) -> None:
    name, helper, guests = table
    paper.box(x, paper.y, width, high, weight=LINE)
    paper.box(x, paper.y, width, LABEL.line + SMALL.line + PAD, weight=LINE, fill=PALE)
    y = paper.fitted(name, x + PAD, paper.y + PAD / 2, width - 2 * PAD, style=LABEL)
    y = paper.fitted(helper, x + PAD, y, width - 2 * PAD, style=SMALL) if helper else y + SMALL.line
    y += PAD
    for guest in guests:
        y = paper.fitted(guest.name, x + 2 * PAD, y, width - 4 * PAD, style=STRONG)
        y = paper.text(guest.remark, x + 2 * PAD, y, width - 4 * PAD, style=SMALL) + 1


def _counted(paper: Paper, name: str, remark: str) -> None:
    room = paper.width - 95
    name_high = paper.fitted_height(name, 80, STRONG)
    high = max(12.0, name_high + 1, paper.height_of(remark, room, SMALL) + PAD)
    paper.need(high)
    paper.tick_box(paper.left, paper.y + (high - 7) / 2, 7)
    paper.fitted(name, paper.left + 12, paper.y + (high - name_high) / 2, 80, style=STRONG)
    text_high = paper.height_of(remark, room, SMALL)
    paper.text(remark, paper.left + 95, paper.y + (high - text_high) / 2, room, style=SMALL)
    paper.y += high
    paper.line(paper.left, paper.y, paper.left + paper.width, paper.y)
