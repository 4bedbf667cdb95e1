"""Comma-separated text, in whichever encoding it was saved."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from exports.tables.errors import NotATable, UnknownEncoding

_MARKED: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UNMARKED: Final = ("utf-8", "cp932")
# UTF-16 without its mark: an ASCII sign of the first line has a NUL on one side of it
_HALVES: Final = ("utf-16-le", "utf-16-be")
_PROBE: Final = 512


def decoded(content: bytes, *, file_name: str) -> str:
    """The text of a file: by its BOM, else strict UTF-8, else cp932, else UTF-16 without a BOM.

    Raises UnknownEncoding, NotATable.
    """
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A NUL is no text: a workbook or a picture that happened to decode.
        if "\0" in text:
            raise NotATable(file=file_name, row=0)
        return text
    raise NotATable(file=file_name, row=0) if content.startswith(b"PK") else UnknownEncoding(file=file_name)


def records(text: str, file_name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text with their numbers, the first line is 1; cells are trimmed. Raises NotATable."""
    first_line = text.lstrip().partition("\n")[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error:
        raise NotATable(file=file_name, row=number + 1) from None


def _candidates(content: bytes) -> tuple[str, ...]:
    marked = next((encoding for mark, encoding in _MARKED if content.startswith(mark)), None)
    if marked:
        return (marked,)
    if b"\0" in content[:_PROBE]:
        even, odd = content[:_PROBE:2].count(0), content[1:_PROBE:2].count(0)
        return (_HALVES[0] if odd > even else _HALVES[1],)
    return _UNMARKED
