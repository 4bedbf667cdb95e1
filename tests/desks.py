"""One desk of today and a server in front of it, for tests and measurements that need no demo."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from uuid import UUID

import httpx

from events.japan.clock import tokyo_date
from supportapp.accounts import create_account, hash_password, open_sign_in
from supportapp.database import Database
from supportapp.identity import Role
from supportapp.waiting_files import new_token
from tests import builders
from tests.serving import end


@dataclass(frozen=True, slots=True)
class Desk:
    """A server with one desk, and what is needed to stand at it."""

    url: str
    session_id: UUID
    token: str

    @property
    def route(self) -> str:
        """Where the desk is."""
        return f"/desk/{self.session_id}"


def desk_name(number: int) -> str:
    """The name of a person at the desk; in the order of the list."""
    return f"測定 {number:02}番"


def a_desk(database: Database, people: int) -> tuple[UUID, str]:
    """A session of today with so many people, a receptionist, and the token of a device where they are signed in."""
    now = datetime.now(UTC)
    token = new_token()
    with database.writing() as db:
        session = builders.a_session(db, day=tokyo_date(now), start=clock_time(0, 0), minutes=1439, seats=people)
        intake = builders.an_intake(db, session)
        for number in range(people):
            person = builders.an_attendee(db, desk_name(number), f"ア{number:02}")
            builders.a_seat(db, session, intake, person)
        create_account(
            db,
            login="desk",
            name="受付",
            password_hash=hash_password("not used here"),
            municipality_code=builders.CITY,
            role=Role.RECEPTION,
            now=now,
        )
        open_sign_in(db, login="desk", token=token, days=1, now=now - timedelta(minutes=1))
        return session.id, token


@contextmanager
def running_server(database: str, folder: Path) -> Iterator[str]:
    """``supportapp serve`` on a database that is there, until the block ends; ``folder`` gets its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "supportapp", "serve", "--no-browser", "--port", str(port), "--database", database]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, folder / "server.log")
            yield address
        finally:
            end(process)


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text()[-1000:]}")
