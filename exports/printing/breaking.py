"""Where a line of Japanese or English may end, after JIS X 4051: no full stop begins a line, no bracket ends one."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

NEVER_FIRST: Final = frozenset(
    "、。，．・：；？！ー）」』】〕〉》｝］々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜,.!?:;)]}〜～…％%–-"
)
NEVER_LAST: Final = frozenset("（「『【〔〈《｛［([{")
_PIECES = re.compile(r"[0-9A-Za-z:/._@#&=?+%–〜-]+|\s|.", re.DOTALL)

Measure = Callable[[str], float]


def plain(text: str) -> str:
    """Text as it is printed: composed characters, no control or selector signs but line breaks."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(sign for sign in composed if sign == "\n" or _is_drawn(sign))


def lines_of(text: str, width: float, measure: Measure) -> list[str]:
    """Break text into lines of at most ``width``; a word that is wider than a line is broken anywhere."""
    return [line for part in text.split("\n") for line in _broken(part, width, measure)]


def _is_drawn(sign: str) -> bool:
    selects = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return not selects and unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}


def _broken(text: str, width: float, measure: Measure) -> Iterator[str]:
    line: list[str] = []
    for piece in _fitting(text, width, measure):
        if line and measure("".join((*line, piece)).rstrip()) > width:
            kept, carried = _parted(line, piece)
            if measure("".join((*carried, piece)).strip()) > width:
                kept, carried = line, []  # no room below for what should go down with it
            yield "".join(kept).rstrip()
            line = [sign for sign in carried if not sign.isspace()] if "".join(carried).isspace() else carried
            if piece.isspace() and not line:
                continue
        line.append(piece)
    yield "".join(line).rstrip()


def _fitting(text: str, width: float, measure: Measure) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if measure(piece) > width:
            yield from piece
        else:
            yield piece


def _parted(line: list[str], following: str) -> tuple[list[str], list[str]]:
    """What stays on the line and what goes down with the piece that follows."""
    end = len(line)
    while end > 1 and (_first_of(line[end:], following)[0] in NEVER_FIRST or line[end - 1][-1] in NEVER_LAST):
        end -= 1
    if end == 1 and line[0][-1] not in NEVER_LAST and following[0] in NEVER_FIRST:
        return line, []  # a row of signs that may not begin a line: better there than nothing above it
    return line[:end], line[end:]


def _first_of(carried: list[str], following: str) -> str:
    return carried[0] if carried else following
