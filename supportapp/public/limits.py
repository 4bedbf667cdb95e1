"""How much one address may send: so much that a library's shared address never notices, and a flood does.

Kept in memory of this process, forgotten within minutes, and never written down.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

_MOST_ADDRESSES: Final = 10_000


@dataclass(slots=True)
class Allowance:
    """``at_once`` requests in a row, then ``per_second``; a shared address waits a second instead of being shut out."""

    at_once: float
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def takes(self, address: str) -> bool:
        """Whether one more request of this address is answered now."""
        now = self.clock()
        if len(self._left) >= _MOST_ADDRESSES:
            self._forget(now)
        left, since = self._left.get(address, (self.at_once, now))
        left = min(self.at_once, left + (now - since) * self.per_second)
        self._left[address] = (max(left - 1, 0.0) if left >= 1 else left, now)
        return left >= 1

    def _forget(self, now: float) -> None:
        """Drop who has been quiet long enough to have everything again, or everybody when nobody has."""
        full = self.at_once / self.per_second
        self._left = {address: kept for address, kept in self._left.items() if now - kept[1] < full}
        if len(self._left) >= _MOST_ADDRESSES:
            self._left.clear()
