"""What a half-typed form keeps: a few fields, their texts clean, a My Number refused here too."""

from collections.abc import Mapping
from typing import Final

from events.errors import InvalidValue
from events.free_text import checked_text

_LONGEST_TEXT: Final = 2000
_MOST_FIELDS: Final = 60


def checked_content(content: Mapping[str, object], *, field: str) -> dict[str, object]:
    """What was typed, fit to be kept. ``field`` names the form in a refusal. Raises InvalidValue."""
    if len(content) > _MOST_FIELDS:
        raise InvalidValue(field=field, value=len(content), problem="too_long", longest=_MOST_FIELDS)
    return {
        name: checked_text(value, field=field, longest=_LONGEST_TEXT, lines=True) if isinstance(value, str) else value
        for name, value in content.items()
    }
