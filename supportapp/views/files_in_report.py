"""What a file would change, or why it cannot come in: figures, then rows with their reasons."""

from collections.abc import Sequence

import flet as ft

from supportapp.components.buttons import quiet_button
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.import_words import changes_in_words, column_in_words, missing_in_words, note_in_words, reason_in_words
from supportapp.importing import FileReport
from supportapp.messages import Words
from supportapp.theme import EDGE, GAP, HALF

_SHOWN = 8
_FIGURES = ("read", "added", "changed", "unchanged", "refused")
_Line = tuple[str, str]


def report_parts(say: Words, report: FileReport) -> list[ft.Control]:
    """The parts of the screen that show a report, most urgent first; empty ones are left out."""
    problems = [
        (_where(say, each.row, each.column), _with_value(say, each.value, reason_in_words(say, each)))
        for each in report.problems
    ]
    drafts = [
        (_titled(say, each.row, each.title), say("files_in.lacks", missing=missing_in_words(say, each.missing)))
        for each in report.drafts
    ]
    notes = [(_where(say, each.row, each.column), note_in_words(say, each)) for each in report.notes]
    parts = [_figures(say, report)]
    if problems:
        title = say("files_in.refused_title", count=len(problems))
        parts.append(ReportPart(title, problems, say, part_key="refused"))
    if drafts and not problems:
        title = say("files_in.drafts_title", count=len(drafts))
        parts.append(ReportPart(title, drafts, say, part_key="drafts", lead=say("files_in.drafts_lead")))
    changed = [
        (_titled(say, each.row, each.about), changes_in_words(say, each)) for each in report.rows if each.changes
    ]
    if changed and not problems:
        title = say("files_in.changed_title", count=len(changed))
        parts.append(ReportPart(title, changed, say, part_key="changed"))
    added = [
        (_titled(say, each.row, each.about), say("files_in.will_add" if report.rehearsal else "files_in.was_added"))
        for each in report.rows
        if each.outcome == "added" and not each.changes
    ]
    if added and not problems:
        title = say("files_in.added_title", count=len(added))
        parts.append(ReportPart(title, added, say, part_key="added"))
    if notes:
        title = say("files_in.notes_title", count=len(notes))
        parts.append(ReportPart(title, notes, say, part_key="notes"))
    if report.unknown_headers:
        parts.append(
            quiet(say("files_in.unknown_columns", columns=say("files_in.listing").join(report.unknown_headers)))
        )
    return parts


def _figures(say: Words, report: FileReport) -> ft.Control:
    counts: list[ft.Control] = []
    for name in _FIGURES:
        words, count = say(f"files_in.figure_{name}"), getattr(report, name)
        color = ft.Colors.ERROR if name == "refused" and count else None
        pair = ft.Column([quiet(words), figure(str(count), color=color)], spacing=0, tight=True)
        counts.append(ft.MergeSemantics(pair, key=f"figure-{name}"))
    return card([ft.Row(counts, wrap=True, spacing=EDGE, run_spacing=GAP)])


@ft.component
def ReportPart(title: str, lines: Sequence[_Line], say: Words, *, part_key: str, lead: str = "") -> ft.Control:
    """One list of a report; a long one shows its first lines and a button for the others."""
    whole, set_whole = ft.use_state(False)
    shown = lines if whole else lines[:_SHOWN]
    rows = [_row(line, f"{part_key}-{position}") for position, line in enumerate(shown, start=1)]
    parts: list[ft.Control] = [body(lead)] if lead else []
    parts.append(data_list(rows))
    if len(shown) < len(lines):
        more = say("files_in.more", count=len(lines) - len(shown))
        parts.append(ft.Row([quiet_button(more, lambda _event: set_whole(True), key=f"{part_key}-more")]))
    return card(parts, title=title)


def _row(line: _Line, key: str) -> ft.Control:
    where, what = line
    words = ft.Column([row_title(where), body(what)], spacing=HALF, tight=True, expand=True)
    return data_row([words], key=key)


def _where(say: Words, row: int, column: str) -> str:
    if not row:
        return say("files_in.whole_file")
    return say("files_in.row_column", row=row, column=column_in_words(say, column)) if column else _titled(say, row, "")


def _titled(say: Words, row: int, title: str) -> str:
    return say("files_in.row_column", row=row, column=title) if title else say("files_in.row", row=row)


def _with_value(say: Words, value: str, reason: str) -> str:
    short = " ".join(value.split())
    if not short or short in reason:
        return reason
    limit = 80
    cut = short if len(short) <= limit else say("error.shortened", start=short[:limit])
    return f"{say('files_in.value', value=cut)} {reason}"
