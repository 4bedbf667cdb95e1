"""The same workbook back, its wrong cells marked and explained in a column of its own."""

from typing import TYPE_CHECKING

from supportapp.import_words import reason_in_words
from supportapp.importing import FileReport
from supportapp.messages import Words

if TYPE_CHECKING:
    from exports.files import ExportFile


def marked_file(say: Words, report: FileReport, content: bytes) -> "ExportFile":
    """The file of a report with each problem at its cell. Raises the kinds of UnreadableFile."""
    from exports.people.marking import CellMark, marked_workbook  # noqa: PLC0415 -- pulls in openpyxl

    marks = [CellMark(each.row, each.column, reason_in_words(say, each)) for each in report.problems]
    stem = report.file.rpartition(".")[0] or report.file
    name = say("files_in.marked_name", name=stem)
    return marked_workbook(content, file_name=report.file, marks=marks, name=name)
