"""The columns of a form and of a file side by side, for the screen that lets a person say which is which."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormField:
    """One column of ours: its documented header, our name for it, and whether nothing goes without it."""

    header: str
    field: str
    required: bool


@dataclass(frozen=True, slots=True)
class FileColumns:
    """A form of ours beside the headers of a file; ``guessed``: our field → header."""

    fields: tuple[FormField, ...]
    headers: tuple[str, ...]
    guessed: Mapping[str, str]


def columns_of(content: bytes, *, kind: str, file_name: str) -> FileColumns:
    """What a file's headers suggest. Raises the kinds of UnreadableFile."""
    from exports.people.forms import form  # noqa: PLC0415 -- only where a file comes in
    from exports.people.mapping import guessed  # noqa: PLC0415 -- only where a file comes in
    from exports.tables import read_raw_table  # noqa: PLC0415 -- only where a file comes in

    wanted = form(kind)
    headers = read_raw_table(content, file_name=file_name).header
    fields = tuple(FormField(column.header, column.field, column.required) for column in wanted.columns)
    return FileColumns(fields, headers, guessed(wanted, headers).columns)
