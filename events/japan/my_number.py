"""My Number: found in free text so that it can be refused; never stored, never repeated.

The check digit is that of 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び
個人番号カード…省令 第5条: weights 2 to 7 and 2 to 6 from the right, modulus 11.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_LENGTH: Final = 12
_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Spaces of any width (also those that show nothing), dashes, dots, commas and underscores between groups of digits.
_BETWEEN: Final = r"[\s\-‐‑‒–—―−ー－.．・･,、_\u00ad\u200b-\u200f\u2060\ufeff]{1,5}"
_RUN: Final = re.compile(rf"\d+(?:{_BETWEEN}\d+)*")


def holds_my_number(text: str) -> bool:
    """Whether 12 digits, however spaced or wide, with a valid check digit stand in ``text``.

    The 12 digits begin and end where groups of digits do, so a longer number that is written in one piece is none,
    and a telephone number beside a My Number does not hide it.
    """
    for run in _RUN.finditer(unicodedata.normalize("NFKC", text)):
        groups = [[int(sign) for sign in group] for group in re.findall(r"\d+", run.group())]
        if any(_is_my_number_from(groups, start) for start in range(len(groups))):
            return True
    return False


def check_digit(first_eleven: Sequence[int]) -> int:
    """The twelfth digit that belongs to the first eleven."""
    rest = sum(digit * weight for digit, weight in zip(first_eleven, _WEIGHTS, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


def _is_my_number_from(groups: Sequence[Sequence[int]], start: int) -> bool:
    digits: list[int] = []
    for group in groups[start:]:
        digits += group
        if len(digits) >= _LENGTH:
            break
    return len(digits) == _LENGTH and digits[-1] == check_digit(digits[:-1])
