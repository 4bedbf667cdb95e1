"""Why a whole published file cannot be read; what is no table at all stands in ``exports.tables.errors``.

DomainError
├── UnknownProfile          ``profile``: no header row of that name
└── UnreadableFile
    └── OtherProfile        ``header``: the column that is missing; ``profile``: the one that was expected
"""

from events.errors import DomainError
from exports.tables.errors import UnreadableFile


class UnknownProfile(DomainError):
    """There is no profile of that name."""

    code = "unknown_profile"


class OtherProfile(UnreadableFile):
    """The header row is not that of the profile."""

    code = "file_other_profile"
