"""全国地方公共団体コード: five digits and a check digit."""

import unicodedata

from events.japan.errors import UnreadableMunicipalityCode


def with_check_digit(first_five: str) -> str:
    """The six-digit code of a body from its first five digits."""
    weighted = sum(int(digit) * weight for digit, weight in zip(first_five, (6, 5, 4, 3, 2), strict=True))
    return f"{first_five}{(11 - weighted % 11) % 10}"


def is_municipality_code(code: str) -> bool:
    """Whether ``code`` is six digits of which the last is the check digit of the others."""
    return len(code) == 6 and code.isascii() and code.isdigit() and with_check_digit(code[:5]) == code


def parse_municipality_code(text: str) -> str:
    """The six-digit code somebody wrote, in any width; a leading zero lost in a spreadsheet is given back.

    Five digits that are no such code are taken as a code without its check digit. Raises UnreadableMunicipalityCode.
    """
    digits = unicodedata.normalize("NFKC", text).strip()
    if digits.isascii() and digits.isdigit():
        padded = digits.zfill(6)
        if len(digits) in (5, 6) and is_municipality_code(padded) and _in_a_prefecture(padded):
            return padded
        if len(digits) == 5 and _in_a_prefecture(digits):
            return with_check_digit(digits)
    raise UnreadableMunicipalityCode(value=text)


def _in_a_prefecture(code: str) -> bool:
    return 1 <= int(code[:2]) <= 47
