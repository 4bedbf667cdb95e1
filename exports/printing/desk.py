"""Papers of the counter and the telephone: 確認票 to sign, the call sheet with large numbers, the loan agreement."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.printing.paper import LINE, PAD, PALE, Paper, Printed, on_one_page
from exports.printing.parts import Fact, draw_facts, writing_line
from exports.printing.styles import BODY, HEADING, LABEL, LARGE, SMALL, STRONG, Style


@dataclass(frozen=True, slots=True)
class PaperToSign:
    """What was said and typed, complete; only date and signature are left to the person.

    ``parts`` are sections with a heading ("" for none); ``terms`` are numbered sentences.
    """

    title: str
    lead: str
    parts: tuple[tuple[str, tuple[Fact, ...]], ...]
    terms_title: str
    terms: tuple[str, ...]
    consent: str
    date_label: str
    signature_label: str
    office: str
    file_name: str
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call to make. ``telephone`` is printed large; ``about`` says why in one sentence.

    ``remark`` is what to know before dialling (whose number, when to call, whom to ask for).
    """

    name: str
    kana: str
    telephone: str
    about: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CallSheet:
    """The calls of one occasion. ``outcomes`` are the words to tick (出た・留守・承諾・辞退)."""

    title: str
    lead: str
    rows: tuple[CallRow, ...]
    outcomes: tuple[str, ...]
    note_label: str
    foot: str
    file_name: str
    language: str = "ja"


def paper_to_sign(said: PaperToSign) -> Printed:
    """確認票 or 貸出同意書: everything is printed, the person dates and signs it; on one page where it fits."""
    return on_one_page(lambda scale: _to_sign(said, scale)).finished(said.file_name)


def call_sheet(sheet: CallSheet) -> Printed:
    """One block a call: number to tick off, name, a telephone number that is read from the desk, outcomes."""
    paper = Paper(sheet.title, margin=15, language=sheet.language)
    paper.say(sheet.title, HEADING)
    paper.say(sheet.lead, BODY, after=3)
    for number, row in enumerate(sheet.rows, start=1):
        _call(paper, number, row, sheet)
    paper.foot = sheet.foot
    return paper.finished(sheet.file_name)


def _to_sign(said: PaperToSign, scale: float) -> Paper:
    text = BODY.scaled(scale)
    paper = Paper(said.title, margin=18 * (1 + scale) / 2, language=said.language)
    paper.say(said.title, HEADING, align="center", after=2 * scale)
    paper.say(said.lead, text, after=3 * scale)
    for heading, facts in said.parts:
        if heading:
            paper.need(LARGE.line + BODY.line)
            paper.say(heading, STRONG, after=0.5)
        draw_facts(paper, facts, style=text, gap=1.2 * scale**2)
        paper.space(4 * scale)
    if said.terms:
        paper.need(STRONG.line + 2 * SMALL.line)
        paper.say(said.terms_title, STRONG)
        for number, term in enumerate(said.terms, start=1):
            _term(paper, f"{number}.", term)
        paper.space(3 * scale)
    paper.need(2 * SMALL.line + 34)
    paper.say(said.consent, STRONG, after=2 * scale)
    writing_line(paper, said.date_label)
    writing_line(paper, said.signature_label, height=18)
    paper.space(4 * scale)
    paper.say(said.office, text, align="right")
    return paper


def _term(paper: Paper, number: str, text: str) -> None:
    indent = 8.0
    paper.need(paper.height_of(text, paper.width - indent, SMALL))
    paper.text(number, paper.left, paper.y, indent, style=SMALL)
    paper.y = paper.text(text, paper.left + indent, paper.y, paper.width - indent, style=SMALL)


def _call(paper: Paper, number: int, row: CallRow, sheet: CallSheet) -> None:
    big = Style(26, bold=True, leading=1.2)
    left, right = 72.0, paper.width - 72.0 - 12.0
    first = max(
        paper.height_of(row.name, left, LARGE) + paper.height_of(row.kana, left, SMALL),
        paper.fitted_height(row.telephone, right - PAD, big) + paper.height_of(row.remark, right - PAD, SMALL),
    )
    high = first + paper.height_of(row.about, paper.width - 14, BODY) + 11 + 2 * PAD
    paper.need(high)
    top = paper.y
    paper.box(paper.left, top, paper.width, high, weight=LINE)
    paper.box(paper.left, top, 10, high, weight=LINE, fill=PALE)
    paper.text(str(number), paper.left, top + PAD, 10, style=LABEL, align="center")
    x = paper.left + 12
    y = paper.text(row.kana, x, top + PAD / 2, left, style=SMALL)
    paper.text(row.name, x, y, left, style=LARGE)
    y = paper.fitted(row.telephone, x + left, top + PAD, right - PAD, style=big)
    paper.text(row.remark, x + left, y, right - PAD, style=SMALL)
    y = paper.text(row.about, x, top + PAD / 2 + first, paper.width - 14, style=BODY)
    _outcomes(paper, x, y + 2, sheet.outcomes, sheet.note_label)
    paper.y = top + high


def _outcomes(paper: Paper, x: float, y: float, outcomes: Sequence[str], note_label: str) -> None:
    for outcome in outcomes:
        paper.tick_box(x, y, 6)
        paper.text(outcome, x + 7.5, y + (6 - BODY.line) / 2, 60, style=BODY)
        x += 7.5 + paper.width_of(outcome, BODY) + 5
    paper.text(note_label, x, y + (6 - SMALL.line) / 2, 40, style=SMALL)
    x += paper.width_of(note_label, SMALL) + 1
    paper.line(x, y + 7, paper.left + paper.width - PAD, y + 7)
