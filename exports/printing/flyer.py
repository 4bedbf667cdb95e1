"""The flyer for the counter and the poster for the wall: what, when, where, who, how much, and how to apply."""

from dataclasses import dataclass

from exports.printing.paper import INK, LINE, PAD, PALE, THICK, Paper, Printed, on_one_page
from exports.printing.parts import Fact, draw_facts
from exports.printing.styles import (
    BODY,
    HEADING,
    LABEL,
    LARGE,
    NUMBER,
    POSTER_BODY,
    POSTER_STRONG,
    POSTER_TITLE,
    SMALL,
    STRONG,
    TITLE,
    Style,
)

CODE = 28.0
_SMALLEST_TITLE = 0.7  # a title is rather a little smaller than broken in a word


@dataclass(frozen=True, slots=True)
class Announcement:
    """Everything a flyer says, in words. ``address`` is what the QR holds and stands under it; "" prints none.

    ``ways`` are the ways to apply, each with its times; ``edition`` is worded (第1.0版).
    """

    host: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    apply_title: str
    ways: tuple[Fact, ...]
    telephone_label: str
    telephone: str
    address_label: str
    address: str
    address_words: str
    department: str
    edition: str
    file_name: str
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class _Look:
    title: Style
    lead: Style
    label: Style
    text: Style
    heading: Style
    number: Style

    def scaled(self, factor: float) -> "_Look":
        return _Look(
            title=self.title.scaled(max(factor, 0.7)),
            lead=self.lead.scaled(factor),
            label=self.label.scaled(factor),
            text=self.text.scaled(factor),
            heading=self.heading.scaled(factor),
            number=self.number.scaled(max(factor, 0.8)),
        )


_FLYER = _Look(TITLE, BODY, STRONG, Style(16), HEADING, NUMBER)
_POSTER = _Look(POSTER_TITLE, POSTER_BODY, LARGE, POSTER_STRONG, LARGE, NUMBER.scaled(1.3))


def flyer(announcement: Announcement) -> Printed:
    """One A4 page to take along: everything there is to know."""
    return on_one_page(lambda scale: _drawn(announcement, _FLYER.scaled(scale))).finished(announcement.file_name)


def poster(announcement: Announcement) -> Printed:
    """One A4 page to read from two steps away: the same facts in larger letters, the text under the title left out."""
    return on_one_page(lambda scale: _drawn(announcement, _POSTER.scaled(scale), is_poster=True)).finished(
        announcement.file_name
    )


def _drawn(said: Announcement, look: _Look, *, is_poster: bool = False) -> Paper:
    paper = Paper(said.title, margin=16, language=said.language)
    paper.say(said.host, STRONG, align="center" if is_poster else "left", after=1)
    _headline(paper, said.title, look)
    if not is_poster:
        paper.say(said.lead, look.lead, after=3)
    draw_facts(paper, said.facts, style=look.text, label=look.label, gap=2.0)
    paper.space(5)
    _apply(paper, said, look)
    paper.foot = f"{said.department}　{said.edition}".strip()
    return paper


def _headline(paper: Paper, title: str, look: _Look) -> None:
    style = look.title
    on_one_line = paper.fit(title, paper.width - 6 * PAD, style)
    if on_one_line.point >= style.point * _SMALLEST_TITLE:
        style = on_one_line
    high = paper.height_of(title, paper.width - 6 * PAD, style) + 4 * PAD
    paper.box(paper.left, paper.y, paper.width, high, weight=0, fill=INK)
    paper.text(
        title,
        paper.left + 3 * PAD,
        paper.y + 2 * PAD,
        paper.width - 6 * PAD,
        style=style,
        align="center",
        colour=(255, 255, 255),
    )
    paper.y += high + 4


def _apply(paper: Paper, said: Announcement, look: _Look) -> None:
    """How to apply: the telephone largest, the code beside it."""
    side = paper.code_side(said.address, CODE) if said.address else 0.0
    words_width = 62.0 if said.address else 0.0
    room = paper.width - 4 * PAD - (words_width + 2 * PAD if said.address else 0.0)
    label_width = max((paper.width_of(way.label, STRONG) for way in said.ways), default=0.0) + 2 * PAD
    left = sum(paper.height_of(way.text, room - label_width, BODY) + 2.0 for way in said.ways)
    left += look.number.line + LABEL.line if said.telephone else 0.0
    right = side + LABEL.line + paper.height_of(said.address_words, words_width, SMALL) if said.address else 0.0
    height = max(left, right) + look.heading.line + 4 * PAD
    paper.need(height)
    top = paper.y
    paper.box(paper.left, top, paper.width, height, weight=THICK)
    paper.box(paper.left, top, paper.width, look.heading.line + PAD, weight=THICK, fill=PALE)
    paper.text(said.apply_title, paper.left + 2 * PAD, top + PAD / 2, paper.width, style=look.heading)
    y = top + look.heading.line + 2 * PAD
    x = paper.left + 2 * PAD
    if said.address:
        _code(paper, said, paper.left + paper.width - words_width - 2 * PAD, y, words_width, side)
    if said.telephone:
        y = paper.text(said.telephone_label, x, y, room, style=LABEL)
        y = paper.fitted(said.telephone, x, y, room, style=look.number)
    for way in said.ways:
        paper.text(way.label, x, y + 1, label_width, style=STRONG)
        y = paper.text(way.text, x + label_width, y + 1, room - label_width, style=BODY) + 1
    paper.y = top + height + 3


def _code(paper: Paper, said: Announcement, x: float, y: float, width: float, side: float) -> None:
    paper.line(x - PAD, y, x - PAD, y + side, weight=LINE)
    paper.text(said.address_label, x, y, width, style=LABEL, align="center")
    paper.code(said.address, x + (width - side) / 2, y + LABEL.line, CODE)
    paper.text(said.address_words, x, y + LABEL.line + side, width, style=SMALL, align="center")
