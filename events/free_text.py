"""Free text at the edge: how long it may be, which characters it may hold, and that no My Number is in it.

The one place that checks it. Tables do not validate, so every use case that takes text from a person calls this.
"""

import re
import unicodedata

from events.errors import InvalidValue
from events.japan.my_number import holds_my_number

_LINE_BREAKS = frozenset("\n\t")
_TURNS_WRITING_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")
_KANA_IN_PIECES = re.compile("[\u3041-\u30ff][\u3099\u309a]")


def checked_text(value: str, *, field: str, longest: int, required: bool = False, lines: bool = False) -> str:
    """The text without blanks around it, fit to be stored; ``lines`` allows line breaks.

    Nothing else is changed: names stay as they are written (髙, 﨑, emoji). ``longest`` counts characters.
    Raises InvalidValue(field): ``required``, ``too_long``, ``control_characters``, or ``my_number``, which never
    carries the number.
    """
    text = _KANA_IN_PIECES.sub(_composed, value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    if required and not text:
        raise InvalidValue(field=field, value="", problem="required")
    if holds_my_number(text):
        raise InvalidValue(field=field, value="", problem="my_number")
    if any(_cannot_be_stored(character) for character in text):
        shown = "".join(character for character in text if not _cannot_be_stored(character))
        raise InvalidValue(field=field, value=shown, problem="control_characters")
    if len(text) > longest:
        raise InvalidValue(field=field, value=text, problem="too_long", longest=longest, length=len(text))
    return text


def _composed(found: re.Match[str]) -> str:
    # only kana: composing everything would replace rare forms of kanji in names by their ordinary ones
    return unicodedata.normalize("NFC", found[0])


def _cannot_be_stored(character: str) -> bool:
    if character in _LINE_BREAKS:
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or character in _TURNS_WRITING_AROUND
