"""Why a whole file cannot be read. ``file`` is always its name as the person knows it.

DomainError
└── UnreadableFile
    ├── EmptyFile           no row below the header
    ├── UnknownEncoding     neither UTF-8, UTF-16 nor Shift_JIS (cp932)
    ├── NotATable           a picture, a letter, or text with broken quotes; ``row`` where it breaks, or 0
    ├── HeaderTwice         ``header``: a column that stands there twice
    ├── LockedWorkbook      a password keeps it shut
    ├── OldWorkbook         an .xls of before 2007
    ├── BrokenWorkbook      a zip that is no workbook, or whose parts do not fit
    ├── FileTooLarge        ``limit`` megabytes once unpacked: a damaged file, or one made to do harm
    └── TooManyRows         more than ``limit`` rows
"""

from events.errors import DomainError


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
    """The bytes are no table."""

    code = "file_not_a_table"


class HeaderTwice(UnreadableFile):
    """A column stands twice in the header row."""

    code = "file_header_twice"


class LockedWorkbook(UnreadableFile):
    """The workbook asks for a password."""

    code = "file_locked"


class OldWorkbook(UnreadableFile):
    """The workbook is in the form of before 2007."""

    code = "file_old_workbook"


class BrokenWorkbook(UnreadableFile):
    """The workbook cannot be opened."""

    code = "file_broken_workbook"


class FileTooLarge(UnreadableFile):
    """The file unpacks to more than ``limit`` megabytes."""

    code = "file_too_large"


class TooManyRows(UnreadableFile):
    """The file has more than ``limit`` rows."""

    code = "file_too_many_rows"
