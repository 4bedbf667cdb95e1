"""Receipt numbers: what a person quotes to look up or cancel an application without an account."""

import random
import unicodedata
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which people confuse
_SYMBOLS: Final = 12  # of 5 bits each
_GROUP: Final = 4
_MISREAD: Final = str.maketrans("ILO", "110")


def receipt_number(dice: random.Random) -> str:
    """60 random bits in groups of four: ``7K3M-9QXD-2FHT``. The system's own dice unless for invented data."""
    return _grouped("".join(dice.choice(_CROCKFORD) for _ in range(_SYMBOLS)))


def receipt_number_of(bits: bytes) -> str:
    """The receipt number of the first 60 bits of a secret digest (8 bytes or more): the same bits, the same number."""
    value = int.from_bytes(bits[:8]) >> 4
    return _grouped("".join(_CROCKFORD[value >> (5 * place) & 31] for place in range(_SYMBOLS)))


def read_receipt_number(text: str) -> str:
    """A receipt number as people copy it from paper: any width, small letters, no dashes, I and L for 1, O for 0."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_MISREAD)
    return _grouped("".join(sign for sign in plain if sign in _CROCKFORD))


def _grouped(symbols: str) -> str:
    return "-".join(symbols[start : start + _GROUP] for start in range(0, len(symbols), _GROUP))
