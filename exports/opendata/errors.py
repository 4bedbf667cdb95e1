"""Why a whole published file cannot be read; what is no table at all stands in ``exports.tables.errors``.

DomainError
├── UnknownProfile          ``profile``: no header row of that name
├── ProfileSlotEmpty        ``profile``: its official header row was not dropped in yet
└── UnreadableFile
    └── OtherProfile        ``header``: the column that is missing; ``profile``: the one that was expected
"""

from events.errors import DomainError
from exports.tables.errors import UnreadableFile


class UnknownProfile(DomainError):
    """There is no profile of that name."""

    code = "unknown_profile"


class ProfileSlotEmpty(DomainError):
    """Nobody dropped the official header row in yet (``profile``): we ship no guessed one."""

    code = "profile_slot_empty"


class OtherProfile(UnreadableFile):
    """The header row is not that of the profile."""

    code = "file_other_profile"
