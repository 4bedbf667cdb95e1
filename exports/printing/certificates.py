"""Certificates: what a volunteer did (活動証明書), and that somebody finished a course (修了証)."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.printing.paper import THICK, Paper, Printed
from exports.printing.parts import Column, Fact, draw_facts, draw_table
from exports.printing.styles import BODY, LARGE, SMALL, Style

_TITLE = Style(30, bold=True, leading=1.4)
_NAME = Style(24, bold=True)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in words. ``heads`` and ``rows`` are the table under the text; no rows, no table.

    ``number`` is the document number ("" for none); ``day`` the worded day of issue. There is no place for a seal.
    """

    title: str
    number: str
    name: str
    text: str
    facts: tuple[Fact, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    day: str
    issuer: tuple[str, ...]
    file_name: str
    shares: tuple[float, ...] = ()
    language: str = "ja"


def certificate(said: Certificate) -> Printed:
    """Title, name, sentence, figures, the rows behind them, day and issuer."""
    return certificates([said], said)


def certificates(said: Sequence[Certificate], like: Certificate) -> Printed:
    """A page (or more) for each; title, language and name of the file are those of ``like``."""
    paper = Paper(like.title, margin=24, language=like.language)
    for number, each in enumerate(said):
        if number:
            paper.new_page()
        _drawn(paper, each)
    return paper.finished(like.file_name, numbered=len(said) == 1)


def _drawn(paper: Paper, said: Certificate) -> None:
    if not said.rows:
        paper.box(12, 12, paper.size.width - 24, paper.size.height - 24, weight=THICK)
        paper.space(22)
    paper.say(said.number, SMALL, align="right")
    paper.space(4)
    paper.say(said.title, _TITLE, align="center", after=8)
    paper.say(said.name, _NAME, align="center", after=8)
    paper.say(said.text, Style(16, leading=1.75), after=6)
    draw_facts(paper, said.facts, style=LARGE if not said.rows else BODY, gap=2)
    paper.space(6)
    if said.rows:
        draw_table(paper, _columns(said), said.rows, style=SMALL, row_height=9)
        paper.space(8)
    paper.need(BODY.line + 4 + LARGE.line * len(said.issuer))
    if not said.rows:
        paper.y = max(paper.y, 210.0)
    paper.say(said.day, BODY, after=4)
    for line in said.issuer:
        paper.say(line, LARGE, align="right")


def _columns(said: Certificate) -> Sequence[Column]:
    shares = said.shares or (1.0,) * len(said.heads)
    return [Column(head, share) for head, share in zip(said.heads, shares, strict=True)]
