"""Turns codes and values into sentences of the catalogue."""

from datetime import date, datetime
from enum import Enum

from events.errors import DomainError, InvalidValue
from supportapp.messages import Words

LONGEST_SHOWN = 60


def refusal(words: Words, error: DomainError) -> str:
    """What was refused, with the value that was wrong and what to do next, as one sentence or two."""
    values = {name: _shown(words, value) for name, value in error.details.items()}
    if isinstance(error, InvalidValue):
        values["field"] = words(f"field.{error.details['field']}")
        return words(f"error.invalid_value.{error.details['problem']}", **values)
    return words(f"error.{error.code}", **values)


def _shown(words: Words, value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        from events.japan.clock import TOKYO  # noqa: PLC0415 -- leaf

        return f"{value.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else words("error.shortened", start=text[:LONGEST_SHOWN])
