"""The line of one browser: how much may come in, and how fast.

All tablets share one event loop, and a browser may send whatever it likes. A person and a scanner never come near the
limits; whoever sends more is heard at ``RATE``, and cut off after ``MOST_HELD`` frames that had to wait.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field
from typing import Any, Final

import msgpack
from fastapi import WebSocket, WebSocketDisconnect
from flet.messaging.protocol import MessageAction, RegisterClientRequestBody

RATE: Final = 60.0  # frames a second: a key held down sends about that many
BURST: Final = 150.0  # frames at once
MOST_HELD: Final = 300  # frames that had to wait, without a pause: five seconds of nothing but noise
MOST_BYTES: Final = 1 << 20  # of one frame; files take another way
SECONDS_TO_REGISTER: Final = 20.0
TOO_MUCH: Final = 1008  # the close code of RFC 6455 for a broken rule; our page has a sentence for it
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Allowance:
    """A bucket of ``burst`` frames that fills by ``rate`` a second."""

    rate: float = RATE
    burst: float = BURST
    held: int = 0
    _level: float = field(init=False)
    _at: float | None = None

    def __post_init__(self) -> None:
        """Begin with a full bucket."""
        self._level = self.burst

    def take(self, now: float) -> float:
        """One more frame at ``now`` (seconds of any steady clock): the seconds until it may be heard.

        ``held`` counts the frames that had to wait since the bucket was last half full.
        """
        if self._at is not None:
            self._level = min(self.burst, self._level + (now - self._at) * self.rate)
        self._at = now
        if self._level >= self.burst / 2:
            self.held = 0
        self._level -= 1
        if self._level >= 0:
            return 0.0
        self.held += 1
        return -self._level / self.rate


class Line:
    """What Flet is given in place of the WebSocket: the same, with an allowance."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._allowance = Allowance()
        self._first: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        """Everything else is the WebSocket's own."""
        return getattr(self._websocket, name)

    async def opens(self) -> bool:
        """Accept, and hear the first frame: whether it is a browser that introduces itself. Else the line is cut.

        Flet would keep what it made for a line that never said who it is.
        """
        await self._websocket.accept()
        try:
            first = await asyncio.wait_for(self._websocket.receive_bytes(), SECONDS_TO_REGISTER)
        except (TimeoutError, KeyError):  # KeyError: text where bytes are due
            first = b""
        if not _introduces(first):
            await self._websocket.close(TOO_MUCH)
            return False
        self._first = first
        return True

    async def accept(self) -> None:
        """Accepted already."""

    async def receive_bytes(self) -> bytes:
        """The next frame, as soon as this line may be heard again."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            frame = await self._websocket.receive_bytes()
        except KeyError:
            raise WebSocketDisconnect(TOO_MUCH) from None
        wait = self._allowance.take(time.monotonic())
        if self._allowance.held > MOST_HELD:
            _LOG.warning("a browser sent far more than a person can; its line was cut")
            await self._websocket.close(TOO_MUCH)
            raise WebSocketDisconnect(TOO_MUCH)
        if wait:
            await asyncio.sleep(wait)
        return frame

    async def send_bytes(self, frame: bytes) -> None:
        """Write, if anybody is there still; who has gone is told by ``receive_bytes``.

        Flet forgets to let go of a session whose line breaks while it is written to.
        """
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.send_bytes(frame)


def _introduces(frame: bytes) -> bool:
    try:
        action, body = msgpack.unpackb(frame[1:])
        RegisterClientRequestBody(**body)
        return frame[0] == 0 and MessageAction(action) is MessageAction.REGISTER_CLIENT
    except (ValueError, TypeError, IndexError, msgpack.UnpackException):
        return False
