"""Who is acting, in which role, for which municipality."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person does in the office; rights hang on it."""

    STAFF = "staff"
    RECEPTION = "reception"
    ORGANISER = "organiser"
    VOLUNTEER = "volunteer"
    ADMINISTRATOR = "administrator"
    LOCAL = "local"  # the command line, run by whoever owns the machine


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one role. ``name`` is what the log shows."""

    name: str
    role: Role
    municipality_code: str
    account_id: UUID | None = None
    volunteer_id: UUID | None = None
    session_id: UUID | None = None
    sign_in_id: UUID | None = None
