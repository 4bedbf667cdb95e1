"""Runs the server of one process until it is told to stop."""

import asyncio
import socket
import sys
import webbrowser
from collections.abc import Callable

import uvicorn

from events.errors import DomainError
from supportapp.backend import Backend
from supportapp.line import MOST_BYTES
from supportapp.server import make_server
from supportapp.settings import Settings

# Seconds until a thread that computes lets another one go on. Every call to the database waits its turn like this:
# with Python's 0.005 a tap that is being written waits 20 times that long behind screens that are being drawn.
_TURN = 0.001


class PortInUse(DomainError):
    """Something else listens on this ``port`` already."""

    code = "port_in_use"


def serve_forever(
    backend: Backend,
    settings: Settings,
    *,
    open_browser: bool,
    tls_cert: str | None,
    tls_key: str | None,
    ready: Callable[[str], None],
) -> None:
    """Serve until interrupted; calls ``ready`` with the address once requests are answered.

    Raises:
        PortInUse: the port is taken.
    """
    sys.setswitchinterval(_TURN)
    listening = _listen(settings)
    scheme = "https" if tls_cert else "http"
    url = f"{scheme}://{settings.host}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        make_server(backend, settings),
        log_level="warning",
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        ws_max_size=MOST_BYTES,
        ws_ping_interval=10,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=3,
        server_header=False,
    )

    def say_ready() -> None:
        ready(url)
        if open_browser:
            webbrowser.open(url)

    asyncio.run(_run(uvicorn.Server(config), listening, say_ready))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise PortInUse(port=settings.port) from error
    listening.set_inheritable(True)
    return listening


async def _run(server: uvicorn.Server, listening: socket.socket, say_ready: Callable[[], None]) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110 -- uvicorn tells nobody when it has started
        await asyncio.sleep(0.02)
    if server.started:
        say_ready()
    await serving
