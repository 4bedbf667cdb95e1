"""What is sent to one person: 受講票 and results, as a postcard (two sides) or on A4.

The code holds a random id and nothing else. Postal codes stand in the frame that the post office prints: seven boxes
of 5.7 × 8 mm, the last one 8 mm from the right edge, their tops 12 mm from the upper edge.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from exports.printing.paper import A4, GREY, LINE, PALE, POSTCARD, Paper, Printed
from exports.printing.parts import Fact, draw_facts
from exports.printing.styles import BODY, HEADING, LABEL, NUMBER, SMALL, STRONG, Style

_POSTAL_TOP: Final = 12.0
_POSTAL_BOX: Final = (5.7, 8.0)
_POSTAL_RIGHT: Final = 8.0
# left edges of the seven boxes from the left edge of the first
_POSTAL_STEPS: Final = (0.0, 7.0, 14.0, 21.6, 28.4, 35.2, 42.0)
_POSTAL_WIDTH: Final = _POSTAL_STEPS[-1] + _POSTAL_BOX[0]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a postcard goes. ``name`` is complete with 様."""

    postal_code: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person, in words. ``code`` is what the QR holds, ``code_words`` what stands under it."""

    recipient: Recipient
    title: str
    text: str
    facts: tuple[Fact, ...]
    code: str
    code_label: str
    code_words: str
    contact: str
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends it; stands on the address side."""

    postal_code: str
    lines: tuple[str, ...]


def postcards(
    notices: Iterable[Notice], *, sender: Sender, title: str, file_name: str, with_frame: bool, language: str = "ja"
) -> Printed:
    """Two pages for each notice, the address side first: 100 × 148 mm.

    ``with_frame`` draws the boxes of the postal code, for cards that have none.
    """
    paper = Paper(title, size=POSTCARD, margin=6, language=language)
    for number, notice in enumerate(notices):
        if number:
            paper.new_page()
        _address_side(paper, notice.recipient, sender, with_frame=with_frame)
        paper.new_page()
        _message_side(paper, notice)
    return paper.finished(file_name, numbered=False)


def letters(
    notices: Iterable[Notice], *, sender: Sender, title: str, file_name: str, language: str = "ja"
) -> Printed:
    """One A4 page for each notice, the address where a window envelope shows it."""
    paper = Paper(title, size=A4, margin=20, language=language)
    for number, notice in enumerate(notices):
        if number:
            paper.new_page()
        _letter(paper, notice, sender)
    return paper.finished(file_name, numbered=False)


def _address_side(paper: Paper, recipient: Recipient, sender: Sender, *, with_frame: bool) -> None:
    _postal_code(paper, recipient.postal_code, with_frame=with_frame)
    y = paper.text(recipient.address, 14, 34, 76, style=BODY)
    paper.fitted(recipient.name, 14, max(y + 6, 62), 76, style=Style(24, bold=True, leading=1.3))
    y = 112.0
    paper.text(f"〒{sender.postal_code}" if sender.postal_code else "", 10, y - SMALL.line, 60, style=SMALL)
    for line in sender.lines:
        y = paper.fitted(line, 10, y, 80, style=SMALL)


def _postal_code(paper: Paper, code: str, *, with_frame: bool) -> None:
    digits = [sign for sign in code if sign.isdigit()]
    left = paper.size.width - _POSTAL_RIGHT - _POSTAL_WIDTH
    wide, high = _POSTAL_BOX
    style = Style(17, leading=1.0)
    for index, step in enumerate(_POSTAL_STEPS):
        if with_frame:
            paper.box(left + step, _POSTAL_TOP, wide, high, weight=LINE, colour=GREY)
        if index < len(digits):
            paper.text(
                digits[index], left + step, _POSTAL_TOP + (high - style.line) / 2, wide, style=style, align="center"
            )


def _message_side(paper: Paper, notice: Notice) -> None:
    paper.box(0, 0, paper.size.width, 15, weight=0, fill=PALE)
    paper.fitted(notice.title, paper.left, 3, paper.width, style=Style(18, bold=True), align="center")
    paper.y = 18
    paper.say(notice.text, SMALL, after=1)
    labels = max((paper.width_of(fact.label, LABEL) for fact in notice.facts if fact.text), default=0.0)
    draw_facts(paper, notice.facts, style=SMALL, gap=0.5, label_width=labels + 1.5)
    _code_at_foot(paper, notice, SMALL)


def _code_at_foot(paper: Paper, notice: Notice, style: Style) -> None:
    """The code at the right, whom to call at the left; under everything else, however long that was."""
    side = paper.code_side(notice.code) if notice.code else 0.0
    room = paper.width - side - 2
    words = [*_code_lines(notice), (notice.contact, style)]
    high = max(side, sum(paper.height_of(text, room, each) for text, each in words))
    paper.need(high)
    top = y = max(paper.bottom - high, paper.y)
    for text, each in words:
        y = paper.text(text, paper.left, y, room, style=each)
    if notice.code:
        paper.code(notice.code, paper.left + paper.width - side, top)
    paper.y = top + high


def _code_lines(notice: Notice) -> Iterator[tuple[str, Style]]:
    if notice.code_words:
        yield notice.code_label, SMALL
        yield notice.code_words, Style(16, bold=True, leading=1.3)


def _letter(paper: Paper, notice: Notice, sender: Sender) -> None:
    recipient = notice.recipient
    y = paper.text(f"〒{recipient.postal_code}" if recipient.postal_code else "", 22, 18, 85, style=BODY)
    y = paper.text(recipient.address, 22, y, 85, style=BODY)
    paper.fitted(recipient.name, 22, y + 2, 85, style=Style(18, bold=True))
    y = 40.0
    for line in sender.lines:
        y = paper.fitted(line, 125, y, 65, style=SMALL, align="right")
    paper.y = max(78.0, y)
    paper.say(notice.title, HEADING, align="center", after=4)
    paper.say(notice.text, BODY, after=4)
    draw_facts(paper, notice.facts, style=Style(16), label=STRONG, gap=2)
    paper.space(8)
    if notice.code:
        side = paper.code_side(notice.code, 30)
        paper.need(side)
        top = paper.y
        paper.box(paper.left, top, paper.width, side + 4, weight=LINE)
        paper.code(notice.code, paper.left + paper.width - side - 2, top + 2, 30)
        y = paper.text(notice.code_label, paper.left + 5, top + 6, 100, style=LABEL)
        paper.fitted(notice.code_words, paper.left + 5, y, 100, style=NUMBER)
        paper.y = top + side + 8
    paper.say(notice.contact, BODY)
