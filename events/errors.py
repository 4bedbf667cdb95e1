"""Refusals. Each has a stable code; the wording stands in the catalogue under ``error.<code>``.

DomainError
├── NotFound          there is no such thing, or not for this person
├── NotAllowed        the role may not do this
├── InvalidValue      a value cannot be used; says which field, the value and why (``problem``)
├── Conflict          somebody changed the same thing meanwhile
└── …                 one class per refusal, beside the use case that raises it
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal in the words of the office: a code and the values it speaks of, no prose."""

    code = "refused"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details: Mapping[str, object] = details

    def __str__(self) -> str:
        """The code with its values, for logs and the command line of a developer; people read the catalogue."""
        return f"{self.code} {dict(self.details)}" if self.details else self.code


class NotFound(DomainError):
    """There is no such thing, or it belongs to somebody else: both look the same from outside."""

    code = "not_found"


class NotAllowed(DomainError):
    """The role that this person acts in may not do this."""

    code = "not_allowed"


class InvalidValue(DomainError):
    """A value cannot be used: ``field``, ``value`` and ``problem`` (a code under ``error.invalid_value``)."""

    code = "invalid_value"

    def __init__(self, *, field: str, value: object, problem: str, **details: object) -> None:
        super().__init__(field=field, value=value, problem=problem, **details)


class Conflict(DomainError):
    """Somebody changed the same thing meanwhile; the newer state must be read first."""

    code = "conflict"
