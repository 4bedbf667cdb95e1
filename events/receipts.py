"""Receipt numbers: what a person quotes to look up or cancel an application without an account."""

import random
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which people confuse
_SYMBOLS: Final = 12  # of 5 bits each
_GROUP: Final = 4


def receipt_number(dice: random.Random) -> str:
    """60 random bits in groups of four: ``7K3M-9QXD-2FHT``. The system's own dice unless for invented data."""
    symbols = "".join(dice.choice(_CROCKFORD) for _ in range(_SYMBOLS))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP))
