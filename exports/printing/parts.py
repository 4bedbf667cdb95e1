"""Pieces that several papers share: facts in two columns, tables with a repeated head, lines to write on."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.printing.paper import HAIRLINE, LINE, PAD, PALE, Align, Paper
from exports.printing.styles import BODY, LABEL, Style


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says; a fact that says nothing is left out."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``share`` is its part of the width."""

    title: str
    share: float
    align: Align = "left"


def draw_facts(
    paper: Paper,
    facts: Sequence[Fact],
    *,
    style: Style = BODY,
    label: Style = LABEL,
    x: float | None = None,
    width: float | None = None,
    label_width: float | None = None,
    gap: float = 1.5,
) -> None:
    """Labels on the left, what they say on the right, a hairline under each; a fact is never cut by a page."""
    x = paper.left if x is None else x
    width = paper.width if width is None else width
    said = [fact for fact in facts if fact.text]
    if label_width is None:
        label_width = max((paper.width_of(fact.label, label) for fact in said), default=0.0) + 2 * PAD
    for fact in said:
        room = width - label_width
        height = max(paper.height_of(fact.text, room, style), paper.height_of(fact.label, label_width, label))
        paper.need(height + 2 * gap)
        top = paper.y + gap
        paper.text(fact.label, x, top + (style.line - label.line) / 2, label_width, style=label)
        paper.text(fact.text, x + label_width, top, room, style=style)
        paper.y = top + height + gap
        paper.line(x, paper.y, x + width, paper.y)


def draw_table(
    paper: Paper,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    style: Style = BODY,
    row_height: float = 10.0,
    head: Style = LABEL,
) -> None:
    """A table with lines; its head stands again on each page, and a row is never cut."""
    whole = sum(column.share for column in columns)
    widths = [paper.width * column.share / whole for column in columns]
    head_height = max(
        paper.height_of(column.title, width - 2 * PAD, head) for column, width in zip(columns, widths, strict=True)
    )

    def draw_head() -> None:
        paper.box(paper.left, paper.y, paper.width, head_height + PAD, weight=0, fill=PALE)
        _row(paper, columns, widths, [column.title for column in columns], head, head_height + PAD)

    paper.need(head_height + PAD + row_height)
    draw_head()
    for row in rows:
        height = max(
            row_height,
            *(
                paper.height_of(cell, width - 2 * PAD, style) + PAD
                for cell, width in zip(row, widths, strict=True)
            ),
        )
        if paper.need(height):
            draw_head()
        _row(paper, columns, widths, row, style, height)


def writing_line(paper: Paper, label: str, *, height: float = 14.0, style: Style = BODY) -> None:
    """A label with a line to write on behind it."""
    paper.need(height)
    wide = paper.width_of(label, style) + PAD
    paper.text(label, paper.left, paper.y + height - style.line - 0.5, paper.width, style=style)
    paper.y += height
    paper.line(paper.left + wide, paper.y, paper.left + paper.width, paper.y, weight=LINE)


def _row(
    paper: Paper,
    columns: Sequence[Column],
    widths: Sequence[float],
    cells: Sequence[str],
    style: Style,
    height: float,
) -> None:
    x = paper.left
    for column, width, cell in zip(columns, widths, cells, strict=True):
        paper.box(x, paper.y, width, height, weight=HAIRLINE)
        high = paper.height_of(cell, width - 2 * PAD, style)
        paper.text(
            cell, x + PAD, paper.y + (height - high) / 2, width - 2 * PAD, style=style, align=column.align
        )
        x += width
    paper.y += height
