"""What a file report says in words: each problem and note of a row, and the lines a person reads first."""

from typing import Any

from events.importing.people import RowOutcome
from supportapp.importing import FileReport
from supportapp.messages import LANGUAGES, Words, catalogue
from supportapp.row_remarks import RowRemark
from supportapp.wording import LONGEST_SHOWN

_PROBLEM = "import_problem"
_NOTE = "import_note"


def column_in_words(say: Words, column: str) -> str:
    """The header as the file writes it; a field of ours by its name in the person's language."""
    return say(f"field.{column}") if f"field.{column}" in catalogue(LANGUAGES[0]) else column


def problem_in_words(say: Words, report: FileReport, remark: RowRemark) -> str:
    """Why a row was refused, with file, row, column and value, as one sentence."""
    why = reason_in_words(say, remark)
    if not remark.column:
        return say("import_problem.row_alone", file=report.file, row=remark.row, why=why)
    column = column_in_words(say, remark.column)
    return say(
        "import_problem.row",
        file=report.file,
        row=remark.row,
        column=column,
        value=_short(say, remark.value),
        why=why,
    )


def reason_in_words(say: Words, remark: RowRemark) -> str:
    """Why a value cannot be taken in, and what to do about it."""
    key = f"{_PROBLEM}.{remark.code}"
    known = key if key in catalogue(LANGUAGES[0]) else "import_problem.cannot_be_kept"
    return say(known, value=_short(say, remark.value))


def note_in_words(say: Words, remark: RowRemark) -> str:
    """What was put right or is missing in a row that came in all the same."""
    key = f"{_NOTE}.{remark.code}"
    if key not in catalogue(LANGUAGES[0]):
        return _short(say, remark.value)
    return say(key, value=_short(say, remark.value))


def change_in_words(say: Words, outcome: RowOutcome) -> str:
    """What a row changes, old and new values side by side."""
    return say("files_in.row_changes", row=outcome.row, about=outcome.about, changes=changes_in_words(say, outcome))


def changes_in_words(say: Words, outcome: RowOutcome) -> str:
    """Each value that a row changes, old and new."""
    return say("files_in.listing").join(
        say(
            "files_in.change",
            column=column_in_words(say, each.field),
            old=_short(say, each.old),
            new=_short(say, each.new),
        )
        for each in outcome.changes
    )


def missing_in_words(say: Words, missing: tuple[str, ...]) -> str:
    """What a draft still lacks."""
    return say("files_in.listing").join(say(f"files_in.missing_{part}") for part in missing)


def outcome_in_words(say: Words, report: FileReport) -> str:
    """What became of the whole file, in one sentence."""
    if report.refused:
        return say("error.import_refused", read=report.read, refused=report.refused)
    key = "files_in.would_be" if report.rehearsal else "files_in.was"
    return say(key, read=report.read, added=report.added, changed=report.changed, unchanged=report.unchanged)


def report_for_programs(say: Words, report: FileReport) -> dict[str, Any]:
    """The object of ``import --json``: figures, problems with their sentence, notes and drafts."""
    return {
        "file": report.file,
        "municipality": report.municipality_code,
        "dry_run": report.rehearsal,
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "problems": [{**_cell(each), "message": problem_in_words(say, report, each)} for each in report.problems],
        "notes": [{**_cell(each), "message": note_in_words(say, each)} for each in report.notes],
        "drafts": [{"row": each.row, "title": each.title, "missing": list(each.missing)} for each in report.drafts],
        "unknown_columns": list(report.unknown_headers),
        "rows": [
            {
                "row": each.row,
                "outcome": each.outcome,
                "changes": [{"column": one.field, "old": one.old, "new": one.new} for one in each.changes],
            }
            for each in report.rows
        ],
    }


def _cell(remark: RowRemark) -> dict[str, Any]:
    return {"row": remark.row, "column": remark.column, "value": remark.value, "code": remark.code}


def _short(say: Words, value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_SHOWN else say("error.shortened", start=line[:LONGEST_SHOWN])
