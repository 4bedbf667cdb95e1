"""Why a whole file cannot be read. ``file`` is always its name as the person knows it.

DomainError
├── UnknownProfile          ``profile``: no header row of that name
└── UnreadableFile
    ├── EmptyFile           no row below the header
    ├── UnknownEncoding     neither UTF-8, UTF-16 nor Shift_JIS (cp932)
    ├── NotATable           a workbook, a picture, or text with broken quotes; ``row`` where it breaks, or 0
    ├── OtherProfile        ``header``: the column that is missing; ``profile``: the one that was expected
    └── HeaderTwice         ``header``: a column that stands there twice
"""

from events.errors import DomainError


class UnknownProfile(DomainError):
    """There is no profile of that name."""

    code = "unknown_profile"


class UnreadableFile(DomainError):
    """The file as a whole cannot be read, so nothing of it was."""

    code = "unreadable_file"

    def __init__(self, *, file: str, **details: object) -> None:
        super().__init__(file=file, **details)


class EmptyFile(UnreadableFile):
    """There is no row below the header."""

    code = "file_empty"


class UnknownEncoding(UnreadableFile):
    """The bytes are text in none of the encodings that municipal files use."""

    code = "file_encoding"


class NotATable(UnreadableFile):
    """The bytes are no table of comma-separated values."""

    code = "file_not_a_table"


class OtherProfile(UnreadableFile):
    """The header row is not that of the profile."""

    code = "file_other_profile"


class HeaderTwice(UnreadableFile):
    """A column of the profile stands twice in the header row."""

    code = "file_header_twice"
