"""A sheet of paper to draw on: text with Japanese line ends, rules, boxes, tick boxes and QR codes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from fpdf import FPDF

from exports.files import ExportFile
from exports.printing.breaking import lines_of, plain
from exports.printing.codes import QUIET_ZONE, squares
from exports.printing.letters import Letters
from exports.printing.styles import BODY, SMALL, Style

PDF: Final = "application/pdf"
INK: Final = (20, 24, 28)
GREY: Final = (120, 126, 132)
PALE: Final = (236, 240, 242)
HAIRLINE: Final = 0.25
LINE: Final = 0.5
THICK: Final = 1.0
PAD: Final = 2.0
LEAST_CODE: Final = 20.0  # a telephone's camera still reads this at arm's length
# A PDF must name the day it was made. A clock would make two copies of the same paper differ.
_NO_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_SCALES: Final = (1.0, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58, 0.5)

Align = Literal["left", "center", "right"]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Size:
    """A sheet in millimetres."""

    width: float
    height: float


A4: Final = Size(210, 297)
POSTCARD: Final = Size(100, 148)


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished document. ``missing`` are the characters that no bundled font has; 〓 stands for each."""

    file: ExportFile
    pages: int
    missing: tuple[str, ...] = ()


class Paper:
    """Sheets of one size. ``y`` is how far down the page the text has come."""

    def __init__(self, title: str, *, size: Size = A4, margin: float = 18.0, language: str = "ja") -> None:
        self._pdf = FPDF(unit="mm", format=(size.width, size.height))
        self._pdf.set_creation_date(_NO_DAY)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.set_title(title)
        self._pdf.set_lang(language)
        self._letters = Letters(self._pdf)
        self.size, self.margin = size, margin
        self.foot = ""
        self.y = margin
        self.new_page()

    @property
    def left(self) -> float:
        """Where text begins."""
        return self.margin

    @property
    def width(self) -> float:
        """How wide text may be."""
        return self.size.width - 2 * self.margin

    @property
    def bottom(self) -> float:
        """Where text must end; the foot of the page stands below."""
        return self.size.height - self.margin

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return self._pdf.page

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        self._pdf.add_page()
        self.y = self.margin

    def need(self, height: float) -> bool:
        """Go to a new page unless ``height`` is left on this one; True when it did."""
        if self.y + height <= self.bottom + 0.01 or self.y <= self.margin:
            return False
        self.new_page()
        return True

    def space(self, height: float) -> None:
        """Leave some room."""
        self.y += height

    def width_of(self, text: str, style: Style) -> float:
        """How wide one line of text is."""
        return self._letters.width(plain(text), style.point, bold=style.bold)

    def lines(self, text: str, width: float, style: Style) -> list[str]:
        """Text broken into lines of at most ``width``."""
        return lines_of(plain(text), width, lambda part: self._letters.width(part, style.point, bold=style.bold))

    def height_of(self, text: str, width: float, style: Style) -> float:
        """How high text will be."""
        return len(self.lines(text, width, style)) * style.line if text else 0.0

    def text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        style: Style = BODY,
        align: Align = "left",
        colour: Colour = INK,
    ) -> float:
        """Draw text into a column from ``y`` down; answers where it ends."""
        if not text:
            return y
        self._pdf.set_text_color(*colour)
        for line in self.lines(text, width, style):
            room = width - self.width_of(line, style)
            start = x + {"left": 0.0, "center": room / 2, "right": room}[align]
            self._letters.draw(line, start, y + _baseline(style), style.point, bold=style.bold)
            y += style.line
        return y

    def fitted(
        self, text: str, x: float, y: float, width: float, *, style: Style, align: Align = "left", colour: Colour = INK
    ) -> float:
        """Draw text on one line, smaller where it must be, down to 12 points; longer text still breaks."""
        style = self.fit(text, width, style)
        return self.text(text, x, y, width, style=style, align=align, colour=colour)

    def fit(self, text: str, width: float, style: Style) -> Style:
        """The style in which text fits on one line of ``width``; 12 points when it does not."""
        wide = max((self.width_of(line, style) for line in text.split("\n")), default=0.0)
        return style if wide <= width else style.scaled(width / wide * 0.995)

    def fitted_height(self, text: str, width: float, style: Style) -> float:
        """How high ``fitted`` text will be."""
        return self.height_of(text, width, self.fit(text, width, style))

    def say(self, text: str, style: Style = BODY, *, align: Align = "left", after: float = 0.0) -> None:
        """Go on with a paragraph; it may run over to the next page."""
        for line in self.lines(text, self.width, style) if text else ():
            self.need(style.line)
            self.y = self.text(line, self.left, self.y, self.width, style=style, align=align)
        self.y += after if text else 0.0

    def rule(self, *, weight: float = HAIRLINE, after: float = 0.0) -> None:
        """A line across the text."""
        self.line(self.left, self.y, self.left + self.width, self.y, weight=weight)
        self.y += after

    def line(
        self, x: float, y: float, to_x: float, to_y: float, *, weight: float = HAIRLINE, dashed: bool = False
    ) -> None:
        """A straight line."""
        self._pdf.set_draw_color(*INK)
        self._pdf.set_line_width(weight)
        self._pdf.set_dash_pattern(*((2, 2) if dashed else (0, 0)))
        self._pdf.line(x, y, to_x, to_y)
        self._pdf.set_dash_pattern()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        weight: float = HAIRLINE,
        fill: Colour | None = None,
        colour: Colour = INK,
    ) -> None:
        """A rectangle; ``weight`` 0 draws no outline."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(weight or HAIRLINE)
        if fill is not None:
            self._pdf.set_fill_color(*fill)
        style = ("D" if weight else "") + ("F" if fill is not None else "")
        if style:
            self._pdf.rect(x, y, width, height, style=style)

    def code(self, text: str, x: float, y: float, side: float = LEAST_CODE) -> None:
        """A QR code of ``side`` millimetres with its quiet zone around; never smaller than 20 mm without it."""
        rows = squares(text)
        square = max(side, LEAST_CODE) / len(rows)
        self._pdf.set_fill_color(255, 255, 255)
        quiet = QUIET_ZONE * square
        self._pdf.rect(x, y, len(rows) * square + 2 * quiet, len(rows) * square + 2 * quiet, style="F")
        self._pdf.set_fill_color(0, 0, 0)
        for row, line in enumerate(rows):
            for start, length in _dark_runs(line):
                self._pdf.rect(
                    x + quiet + start * square, y + quiet + row * square, length * square, square, style="F"
                )

    def tick_box(self, x: float, y: float, side: float = 5.0) -> None:
        """An empty box to tick by hand."""
        self.box(x, y, side, side, weight=LINE)

    def code_side(self, text: str, side: float = LEAST_CODE) -> float:
        """How much room a code takes with its quiet zone."""
        modules = len(squares(text))
        return max(side, LEAST_CODE) / modules * (modules + 2 * QUIET_ZONE)

    def finished(self, name: str, *, numbered: bool = True) -> Printed:
        """Close the document and give it its name; the foot and the page numbers go on each page now."""
        pages = self.pages
        for number in range(1, pages + 1):
            self._pdf.page = number
            self._pdf.current_font_is_set_on_page = False
            y = self.size.height - self.margin / 2 - SMALL.line / 2
            self.text(self.foot, self.left, y, self.width - 25, style=SMALL, colour=GREY)
            if pages > 1 and numbered:
                count = f"{number} / {pages}"
                self.text(count, self.left, y, self.width, style=SMALL, align="right", colour=GREY)
        content = bytes(self._pdf.output())
        self.thrown_away()
        return Printed(ExportFile(name, PDF, content), pages, tuple(self._letters.missing))

    def thrown_away(self) -> None:
        """Nobody draws on this any more: its fonts are closed."""
        self._letters.close()


def on_one_page(draw: Callable[[float], Paper]) -> Paper:
    """The largest of ``draw(1.0)`` down to ``draw(0.5)`` that fits on one page; the smallest where none does."""
    paper = draw(_SCALES[0])
    if paper.pages == 1:
        return paper
    paper.thrown_away()
    fits, too_large = len(_SCALES) - 1, 0
    paper = draw(_SCALES[fits])
    while paper.pages == 1 and fits - too_large > 1:
        middle = (fits + too_large) // 2
        tried = draw(_SCALES[middle])
        if tried.pages == 1:
            paper, tried, fits = tried, paper, middle
        else:
            too_large = middle
        tried.thrown_away()
    return paper


def _baseline(style: Style) -> float:
    """From the top of a line to where letters stand: half the lead above, then the height of the letters."""
    em = style.point * 25.4 / 72
    return (style.line - em) / 2 + em * 0.88


def _dark_runs(line: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(line):
        if dark and runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((column, 1))
    return runs
