"""A running server for journeys: the real command in a process of its own, on a free port, with the demo's data."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser import TABLET, BrowserWindow, Person

_SECONDS_TO_START = 120


@dataclass(slots=True)
class RunningServer:
    """A server that answers: its address, its database and the demo's logins by role and municipality."""

    url: str
    database: str
    accounts: tuple[dict[str, str], ...]
    process: subprocess.Popen[str]

    def login(self, role: str, municipality: str = "132209") -> tuple[str, str]:
        """Login and password of a role in a municipality."""
        found = next(each for each in self.accounts if (each["role"], each["municipality"]) == (role, municipality))
        return found["name"], found["password"]

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(15)


@contextmanager
def demo_server(folder: Path, *, port: int = 0, database: str | None = None) -> Iterator[RunningServer]:
    """Run ``supportapp demo`` until the block ends; ``database`` keeps data over a restart."""
    url = database or f"sqlite:///{folder / 'demo.db'}"
    command = [sys.executable, "-m", "supportapp", "demo", "--no-browser", "--json", "--port", str(port)]
    log = (folder / "server.log").open("a")
    process = subprocess.Popen(
        [*command, "--database", url],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield _ready(process, url, folder)
    finally:
        end(process)
        log.close()


def _ready(process: subprocess.Popen[str], url: str, folder: Path) -> RunningServer:
    line = first_line(process, _SECONDS_TO_START)
    if not line.startswith("{"):
        raise RuntimeError(f"the server did not start: {(folder / 'server.log').read_text()[-2000:]}")
    said = json.loads(line)
    return RunningServer(said["url"], url, tuple(said["accounts"]), process)


def first_line(process: subprocess.Popen[str], seconds: float) -> str:
    """The first line a process prints; "" when it ended without one or took too long (then it is killed)."""
    assert process.stdout is not None
    limit = threading.Timer(seconds, process.kill)
    limit.start()
    try:
        return process.stdout.readline()
    finally:
        limit.cancel()


def end(process: "subprocess.Popen[Any]", seconds: float = 15.0) -> None:
    """Ask a process to end, and end it when it does not."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def signed_in(
    browser: BrowserWindow,
    server: RunningServer,
    role: str,
    municipality: str = "132209",
    *,
    size: tuple[int, int] = TABLET,
    touch: bool = False,
) -> Person:
    """Somebody of a role who has just come in by login and password."""
    login, password = server.login(role, municipality)
    person = browser.person(server.url, size=size, touch=touch)
    person.type_into("ログイン名", login)
    person.type_into("パスワード", password)
    person.press("入る")
    return person.waits_for("ログイン中の人", 60.0)
