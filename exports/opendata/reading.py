"""From the bytes of a published file to rows of texts under our names for the columns.

Files are found in UTF-8 with and without BOM, UTF-16 and cp932, with line breaks inside cells, with brackets of
either width in their headers, with extra columns, and with columns in another order.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from exports.opendata.errors import EmptyFile, HeaderTwice, NotATable, OtherProfile, UnknownEncoding
from exports.opendata.profiles import Profile, header_key, profile, profiles_of

_MARKED: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UNMARKED: Final = ("utf-8", "cp932")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A value because of which a row is refused. ``row`` is the row of the sheet, the header is row 1."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something the reader supplied, doubts or misses; the row is taken all the same."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: trimmed texts by our names of the columns ("" where the file has nothing), and what lies beyond."""

    row: int
    texts: Mapping[str, str]
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file under its profile. ``headers``: our name of a column → the header as the file writes it."""

    file: str
    profile: Profile
    headers: Mapping[str, str]
    unknown_headers: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def header(self, field: str) -> str:
        """The header of a column as the file writes it, or as the profile does where the file lacks it."""
        own = next((column.header for column in self.profile.columns if column.field == field), field)
        return self.headers.get(field, own)


def read_table(content: bytes, *, file_name: str, kind: str, profile_id: str | None = None) -> Table:
    """The rows of a file. Without ``profile_id`` the first profile of ``kind`` that fits is taken.

    Raises UnknownProfile, EmptyFile, UnknownEncoding, NotATable, OtherProfile, HeaderTwice.
    """
    candidates = (profile(profile_id),) if profile_id else profiles_of(kind)
    records = list(_records(decoded(content, file_name=file_name), file_name))
    header = next((cells for _, cells in records if any(cells)), None)
    if header is None:
        raise EmptyFile(file=file_name)
    chosen = _fitting(header, candidates, file_name)
    places = _places(header, chosen, file_name)
    start = next(position for position, (_, cells) in enumerate(records) if any(cells))
    rows = tuple(
        _row(number, cells, places, len(header)) for number, cells in records[start + 1 :] if any(cells)
    )
    if not rows:
        raise EmptyFile(file=file_name)
    known = set(places.values())
    return Table(
        file_name,
        chosen,
        {field: header[place] for field, place in places.items()},
        tuple(name for place, name in enumerate(header) if name and place not in known),
        rows,
    )


def decoded(content: bytes, *, file_name: str) -> str:
    """The text of a file: by its BOM, else strict UTF-8, else cp932. Raises UnknownEncoding, NotATable."""
    marked = next((encoding for mark, encoding in _MARKED if content.startswith(mark)), None)
    for encoding in (marked,) if marked else _UNMARKED:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A NUL is no text: a workbook or a picture that happened to decode.
        if "\0" in text:
            raise NotATable(file=file_name, row=0)
        return text
    raise NotATable(file=file_name, row=0) if content.startswith(b"PK") else UnknownEncoding(file=file_name)


def _records(text: str, file_name: str) -> Iterator[tuple[int, list[str]]]:
    first_line = text.lstrip().partition("\n")[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error:
        raise NotATable(file=file_name, row=number + 1) from None


def _fitting(header: Sequence[str], candidates: Sequence[Profile], file_name: str) -> Profile:
    there = {header_key(name) for name in header}
    missing = [
        (
            [
                column.header
                for column in each.columns
                if column.defining and not there & {header_key(name) for name in (column.header, *column.aliases)}
            ],
            each,
        )
        for each in candidates
    ]
    lacking, nearest = min(missing, key=lambda pair: len(pair[0]))
    if lacking:
        raise OtherProfile(file=file_name, header=lacking[0], profile=nearest.id)
    return nearest


def _places(header: Sequence[str], chosen: Profile, file_name: str) -> dict[str, int]:
    keys = [header_key(name) for name in header]
    places: dict[str, int] = {}
    for column in chosen.columns:
        # its own header first: an alias of one column may be the header of another
        for name in (column.header, *column.aliases):
            found = [place for place, key in enumerate(keys) if key == header_key(name)]
            if len(found) > 1:
                raise HeaderTwice(file=file_name, header=name)
            if found and found[0] not in places.values():
                places[column.field] = found[0]
                break
    return places


def _row(number: int, cells: Sequence[str], places: Mapping[str, int], width: int) -> TableRow:
    texts = {field: cells[place] if place < len(cells) else "" for field, place in places.items()}
    return TableRow(number, texts, next((cell for cell in cells[width:] if cell), ""))
