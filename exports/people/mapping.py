"""Which column of somebody else's file holds what: guessed from the headers, changed by a person, kept by name."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from exports.opendata.profiles import header_key
from exports.people.errors import MappingUnreadable
from exports.people.forms import KINDS, Form, form
from exports.tables.errors import HeaderTwice

LONGEST_FIXED: Final = 200


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """``columns``: our field → the file's header. ``fixed``: our field → one text that holds for all rows."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


def guessed(form: Form, headers: Sequence[str]) -> ColumnMapping:
    """The mapping that the headers themselves suggest: the documented ones first, then names known for them."""
    keys = {header_key(header): header for header in reversed(headers) if header}
    taken: dict[str, str] = {}
    for names in (lambda column: (column.header,), lambda column: column.aliases):
        for column in form.columns:
            if column.field in taken:
                continue
            found = next((keys[key] for key in map(header_key, names(column)) if key in keys), None)
            if found is not None and found not in taken.values():
                taken[column.field] = found
    return ColumnMapping({column.field: taken[column.field] for column in form.columns if column.field in taken})


def missing_columns(form: Form, mapping: ColumnMapping) -> tuple[str, ...]:
    """The documented headers of required columns that neither a column nor a fixed text gives."""
    given = {*mapping.columns, *(name for name, text in mapping.fixed.items() if text)}
    return tuple(column.header for column in form.columns if column.required and column.field not in given)


def places(form: Form, mapping: ColumnMapping, headers: Sequence[str], *, file_name: str) -> dict[str, int]:
    """Our field → the place of its column, counted from 0; columns that the file lacks are left out.

    Raises HeaderTwice: a column that is wanted stands there twice.
    """
    keys = [header_key(header) for header in headers]
    found = {}
    for each in form.columns:
        wanted = mapping.columns.get(each.field)
        if not wanted:
            continue
        standing = [place for place, key in enumerate(keys) if key == header_key(wanted)]
        if len(standing) > 1:
            raise HeaderTwice(file=file_name, header=wanted)
        if standing:
            found[each.field] = standing[0]
    return found


def header_mark(headers: Sequence[str]) -> str:
    """What a form is known again by: its headers, whatever their order (SHA-256, hexadecimal)."""
    keys = sorted({header_key(header) for header in headers if header})
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def mapping_of(content: bytes, *, file_name: str) -> ColumnMapping:
    """A mapping from JSON: our documented headers → headers of the file. Raises MappingUnreadable."""
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        raise MappingUnreadable(file=file_name, header="") from None
    fields = {column.header: column.field for kind in KINDS for column in form(kind).columns}
    if not isinstance(given, dict):
        raise MappingUnreadable(file=file_name, header="")
    for ours, theirs in given.items():
        if ours not in fields or not isinstance(theirs, str):
            raise MappingUnreadable(file=file_name, header=ours)
    return ColumnMapping({fields[ours]: theirs for ours, theirs in given.items()})
