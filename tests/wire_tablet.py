"""A tablet without a browser: speaks the app's wire (WebSocket, MessagePack) as the web client does.

It sees the controls that the server sends, answers what the server asks of a browser, and can send any event to any
control: what a person could press, and what nobody could.
"""

import asyncio
import contextlib
from typing import Any, Self

import msgpack
import websockets

REGISTER, PATCH, EVENT, INVOKE = 1, 2, 3, 5
_MOST_BYTES = 64_000_000


class WireTablet:
    """One connection, signed in by ``token``, standing at ``route``."""

    def __init__(self, url: str, *, token: str, route: str) -> None:
        self._address = url.replace("http://", "ws://").rstrip("/") + "/ws"
        self._remembered = {"supportapp.token": token}
        self._route = route
        self._session_id = ""
        self._line: Any = None
        self._listening: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self.controls: dict[str, int] = {}
        self.texts: list[str] = []
        self.labels: list[str] = []
        self.frames = 0

    async def __aenter__(self) -> Self:
        await self.comes_back()
        return self

    async def comes_back(self) -> None:
        """Connect, as a new browser or, after ``loses_its_line``, as the one that was there before."""
        self._line = await websockets.connect(self._address, max_size=_MOST_BYTES)
        page = {"route": self._route, "width": 1180, "height": 820, "web": True, "platform": "linux", "pwa": False}
        await self._send(REGISTER, {"session_id": self._session_id, "page_name": "", "page": page})
        self._listening = asyncio.create_task(self._listen())

    async def loses_its_line(self) -> None:
        """The network goes; the server notices."""
        await self._line.close()

    async def floods(self, messages: list[list[Any]]) -> None:
        """Send all of these as fast as the line takes them; stops quietly when it is cut."""
        with contextlib.suppress(websockets.ConnectionClosed):
            for message in messages:
                await self._line.send(b"\0" + msgpack.packb(message))

    async def closed_with(self, seconds: float) -> int:
        """The code with which the server ended the line."""
        async with asyncio.timeout(seconds):
            await self._line.wait_closed()
        return int(self._line.close_code)

    async def __aexit__(self, *_failure: object) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self._line.close()

    async def press(self, key: str) -> bool:
        """Press the control that bears this key, if the server ever sent one."""
        target = self.controls.get(key)
        if target is None:
            return False
        await self.send_event(target, "click")
        return True

    async def send_event(self, target: int, name: str, data: Any = None) -> None:
        """Send any event to any control."""
        await self._send(EVENT, {"target": target, "name": name, "data": data})

    async def until(self, key_start: str, seconds: float = 30.0) -> None:
        """Wait until a control whose key begins like this has come."""
        async with asyncio.timeout(seconds):
            while not any(key.startswith(key_start) for key in self.controls):
                self._heard.clear()
                await self._heard.wait()

    async def hears(self, words: str, *, since: int = 0, seconds: float = 30.0) -> None:
        """Wait until a spoken name with these words has come, after the first ``since`` of them."""
        async with asyncio.timeout(seconds):
            while not any(words in label for label in self.labels[since:]):
                self._heard.clear()
                await self._heard.wait()

    async def _send(self, action: int, body: dict[str, Any]) -> None:
        await self._line.send(b"\0" + msgpack.packb([action, body]))

    async def _listen(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosedError):
            async for frame in self._line:
                self.frames += 1
                action, body = msgpack.unpackb(frame[1:], strict_map_key=False)
                self._look(body)
                if action == REGISTER:
                    self._session_id = body["session_id"]
                if action == INVOKE:
                    await self._answer(body)
                self._heard.set()

    async def _answer(self, asked: dict[str, Any]) -> None:
        """What a browser would say: its memory holds the token, everything else is done without a word."""
        arguments = asked.get("args") or {}
        result = self._remembered.get(arguments.get("key", "")) if asked["name"] == "get" else True
        answer = {"control_id": asked["control_id"], "call_id": asked["call_id"], "result": result, "error": None}
        await self._send(INVOKE, answer)

    def _look(self, sent: Any) -> None:
        if isinstance(sent, dict):
            if isinstance(sent.get("key"), str) and "_i" in sent:
                self.controls[sent["key"]] = sent["_i"]
            if isinstance(sent.get("value"), str):
                self.texts.append(sent["value"])
            if isinstance(sent.get("label"), str):
                self.labels.append(sent["label"])
            for each in sent.values():
                self._look(each)
        elif isinstance(sent, list):
            if sent[2:3] == ["label"] and isinstance(sent[-1], str):  # [operation, node, property, value]
                self.labels.append(sent[-1])
            for each in sent:
                self._look(each)
