"""Chance that repeats: the same seed gives the same numbers, ids and receipt numbers."""

import random
from datetime import datetime
from uuid import UUID

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Dice(random.Random):
    """Seeded chance. Ids have the form of UUIDv7 with one fixed moment, so they sort like real ones."""

    def __init__(self, seed: str, moment: datetime) -> None:
        super().__init__(seed)
        self._milliseconds = int(moment.timestamp() * 1000)
        self._made = 0

    def new_id(self) -> UUID:
        """The next id; ids rise in the order in which they are made."""
        self._made += 1
        high = (self._milliseconds << 16) | 0x7000 | (self._made >> 20 & 0xFFF)
        low = (0b10 << 62) | ((self._made & 0xFFFFF) << 42) | self.getrandbits(42)
        return UUID(int=(high << 64) | low)

    def receipt_number(self) -> str:
        """A receipt number of the usual form."""
        signs = "".join(self.choices(_CROCKFORD, k=12))
        return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
