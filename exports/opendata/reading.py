"""From the bytes of a published file to rows of texts under our names for the columns.

Files are found as xlsx and as text in any encoding, with line breaks inside cells, with brackets of
either width in their headers, with extra columns, and with columns in another order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.opendata.errors import OtherProfile
from exports.opendata.profiles import Profile, ProfileColumn, header_key, profile, profiles_of
from exports.tables import RawRow, read_raw_table
from exports.tables.errors import HeaderTwice


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


def read_table(
    content: bytes, *, file_name: str, kind: str | None, profile_id: str | None = None, lenient: bool = False
) -> Table:
    """The rows of a file, under ``profile_id`` or the profile of ``kind`` (None: of any) that fits best.

    ``lenient`` also takes one of which up to half of what defines it is missing, and a header without rows.

    Raises UnknownProfile, OtherProfile, and the kinds of UnreadableFile.
    """
    candidates = (profile(profile_id),) if profile_id else profiles_of(kind)
    raw = read_raw_table(content, file_name=file_name, header_alone=lenient)
    chosen = _fitting(raw.header, candidates, file_name, lenient=lenient)
    places = _places(raw.header, chosen, file_name)
    known = set(places.values())
    return Table(
        file_name,
        chosen,
        {field: raw.header[place] for field, place in places.items()},
        tuple(name for place, name in enumerate(raw.header) if name and place not in known),
        tuple(_row(row, places) for row in raw.rows),
    )


def _fitting(header: Sequence[str], candidates: Sequence[Profile], file_name: str, *, lenient: bool) -> Profile:
    """The profile with the fewest defining columns missing, and then the most of its columns there."""
    there = {header_key(name) for name in header}

    def is_there(column: ProfileColumn) -> bool:
        return bool(there & {header_key(name) for name in (column.header, *column.aliases)})

    lacking = {
        each.id: [column.header for column in each.columns if column.defining and not is_there(column)]
        for each in candidates
    }
    nearest = min(candidates, key=lambda each: (len(lacking[each.id]), -sum(map(is_there, each.columns))))
    defining = sum(column.defining for column in nearest.columns)
    if lacking[nearest.id] and not (lenient and len(lacking[nearest.id]) * 2 <= defining):
        raise OtherProfile(file=file_name, header=lacking[nearest.id][0], profile=nearest.id)
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


def _row(row: RawRow, places: Mapping[str, int]) -> TableRow:
    return TableRow(row.row, {field: row.cells[place] for field, place in places.items()}, row.beyond)
