"""The same workbook back, its wrong cells marked and explained in a column of its own."""

from typing import TYPE_CHECKING

from supportapp.backend import Backend
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.identity import Actor
from supportapp.import_words import reason_in_words
from supportapp.importing import FileReport
from supportapp.messages import Words, words

if TYPE_CHECKING:
    from exports.files import ExportFile


def marked_file(say: Words, report: FileReport, content: bytes) -> "ExportFile":
    """The file of a report with each problem at its cell. Raises the kinds of UnreadableFile."""
    from exports.people.marking import CellMark, marked_workbook  # noqa: PLC0415 -- pulls in openpyxl

    marks = [CellMark(each.row, each.column, reason_in_words(say, each)) for each in report.problems]
    stem = report.file.rpartition(".")[0] or report.file
    name = say("files_in.marked_name", name=stem)
    return marked_workbook(content, file_name=report.file, marks=marks, name=name)


def hand_out_marked(backend: Backend, actor: Actor, report: FileReport, content: bytes, language: str) -> HandedOut:
    """The marked file for the person who brought it; logged, because it holds what they brought."""
    file = marked_file(words(language), report, content)
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=report.municipality_code,
        kind=LeavingKind.MARKED_LIST,
        content=file.content,
        lines=report.read,
        now=backend.clock(),
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)
