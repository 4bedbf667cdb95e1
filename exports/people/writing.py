"""The documented header rows as workbooks: empty to fill in, or with rows, and with the words to choose from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from exports.files import ExportFile
from exports.people.forms import form, words_for
from exports.workbook import Column, Kind, PrintSetup, Sheet, write_workbook

_CHOICES: Final = {
    "channel": "channel",
    "phone": "phone",
    "notice_by": "notice_by",
    "age_band": "age_band",
    "kind": "volunteer_kind",
}
_EMPTY_ROWS: Final = 200


def form_workbook(
    kind: str, rows: Sequence[Mapping[str, str]] = (), *, made_at: datetime, author: str = ""
) -> ExportFile:
    """A list under its documented headers; ``rows`` hold texts by field. Without rows it is a form to fill in."""
    wanted = form(kind)
    columns = [column for column in wanted.columns if not column.extra]
    cells = [[row.get(column.field) or None for column in columns] for row in rows]
    sheet = Sheet(
        wanted.sheet,
        tuple(
            Column(
                column.header,
                Kind.TELEPHONE,  # everything is text: a spreadsheet must not turn 090 or 1-2 into something else
                choices=words_for(_CHOICES[column.field]) if column.field in _CHOICES else (),
            )
            for column in columns
        ),
        cells or [[None] * len(columns)] * _EMPTY_ROWS,
        PrintSetup(title=wanted.sheet, landscape=True),
    )
    return write_workbook(f"{wanted.sheet}.xlsx", [sheet], made_at=made_at, author=author)
