"""Telephone numbers: how they are compared, checked and shown. They are stored as they were given."""

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from events.japan.errors import UnreadableTelephone

# personal numbers: mobile 060 070 080 090, and 020 050 of 11 digits
_MOBILE: Final = ("060", "070", "080", "090")
_ELEVEN_DIGITS: Final = (*_MOBILE, "020", "050", "0800")
# free and special numbers: 0120-123-456, written without brackets
_SERVICES: Final = ("0120", "0570", "0800", "0990")
_LONGEST_AREA_CODE: Final = 5


def telephone_key(text: str) -> str:
    """The digits of a number with its leading zero, however it was typed (full width, dashes, +81)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(sign for sign in plain if sign.isascii() and sign.isdigit())
    abroad = plain.lstrip("( ").startswith("+81")
    return f"0{digits[2:].removeprefix('0')}" if abroad else digits


def telephone_tail(text: str, length: int = 4) -> str:
    """The last digits of a number."""
    return telephone_key(text)[-length:]


def checked_telephone(text: str) -> str:
    """The digits of a number of Japan: 10, or 11 for mobile and IP numbers. Raises UnreadableTelephone."""
    digits = telephone_key(text)
    length = 11 if digits.startswith(_ELEVEN_DIGITS) else 10
    # ー is a letter to Unicode and a dash to those who type it
    letters = any(sign.isalpha() and sign != "ー" for sign in unicodedata.normalize("NFKC", text))
    if letters or len(digits) != length or not digits.startswith("0") or digits[1] == "0":
        raise UnreadableTelephone(value=text)
    return digits


def is_mobile(text: str) -> bool:
    """Whether a number is one that a person carries: 060, 070, 080, 090."""
    digits = telephone_key(text)
    return len(digits) == 11 and digits.startswith(_MOBILE)


def shown_telephone(text: str) -> str:
    """As GIF writes it: (042)346-9818, 090-1234-5678, 0120-123-456; what is no number of Japan stays as given."""
    try:
        digits = checked_telephone(text)
    except UnreadableTelephone:
        return text.strip()
    if digits.startswith(_SERVICES):
        return f"{digits[:4]}-{digits[4:7]}-{digits[7:]}"
    if len(digits) == 11:
        return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    area = _area_code_length(digits)
    return f"({digits[:area]}){digits[area:6]}-{digits[6:]}"


def _area_code_length(digits: str) -> int:
    rules = _area_codes()
    beginnings = (digits[:length] for length in range(_LONGEST_AREA_CODE, 0, -1))
    return next((rules[beginning] for beginning in beginnings if beginning in rules), 3)


@cache
def _area_codes() -> dict[str, int]:
    """The beginning of a number → how many digits its area code has."""
    rules = tomllib.loads(files("events.japan").joinpath("area_codes.toml").read_text(encoding="utf-8"))
    return {beginning: int(length) for length, beginnings in rules.items() for beginning in beginnings.split()}
