"""The finished workbook as bytes that depend on nothing but its content."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_EARLIEST_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_ROWS_END: Final = b"</sheetData>"


def packed(workbook: "Workbook", bodies: Sequence[Iterable[bytes]]) -> bytes:
    """Give the workbook's bytes, with each sheet's rows put in below its header.

    The zip holds no clock time, no system and no user of this machine. openpyxl's own save writes the present
    time into the document properties, so its writer is used below that.
    """
    from openpyxl.writer.excel import ExcelWriter

    shell = BytesIO()
    ExcelWriter(workbook, ZipFile(shell, "w", ZIP_STORED)).save()
    whole = BytesIO()
    rows = {f"xl/worksheets/sheet{number}.xml": body for number, body in enumerate(bodies, start=1)}
    with ZipFile(shell) as source, ZipFile(whole, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, _EARLIEST_ZIP_TIME)
            part.compress_type = ZIP_DEFLATED
            part.create_system = 0
            with target.open(part, "w") as opened:
                for piece in _with_rows(source.read(name), rows.get(name)):
                    opened.write(piece)
    return whole.getvalue()


def _with_rows(part: bytes, rows: Iterable[bytes] | None) -> Iterable[bytes]:
    if rows is None:
        yield part
        return
    above, end, below = part.partition(_ROWS_END)
    if not end:
        raise ValueError("openpyxl wrote a sheet without rows to add to")
    yield above
    yield from rows
    yield end + below
