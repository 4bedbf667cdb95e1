"""What a person did, handed on to a screen's own function, which may be async.

Flet awaits a handler only if it can see that it is a coroutine function; a lambda around one hides that, and the
coroutine would be thrown away without a word.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

Handler = Callable[[Any], Awaitable[None]]


async def hand_on(handler: Callable[..., Any] | None, *values: Any) -> None:
    """Call ``handler`` and wait for it when it is async."""
    answer = handler(*values) if handler is not None else None
    if inspect.isawaitable(answer):
        await answer


def calls(handler: Callable[..., Any] | None, read: Callable[[Any], Any]) -> Handler | None:
    """An event handler that gives ``read(event)`` to ``handler`` and waits for it; None for no handler."""
    if handler is None:
        return None

    async def handle(event: Any) -> None:
        await hand_on(handler, read(event))

    return handle


def calls_with(handler: Callable[..., Any] | None, *values: Any) -> Handler | None:
    """An event handler that gives ``values`` to ``handler`` and waits for it, whatever the event says."""
    if handler is None:
        return None

    async def handle(_event: Any) -> None:
        await hand_on(handler, *values)

    return handle
