"""Files on their way through this server: fetched once or brought once, within minutes, under a secret address.

The database knows only the hash of the address. The content is wiped as soon as it was handed over, and whatever
was not fetched in time goes with the next file that is left.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, select

from events.errors import DomainError
from supportapp.accounts_tables import WaitingFile

OUT: Final = "out"
IN: Final = "in"


class FileGone(DomainError):
    """There is no file at this address: it was fetched or brought already, its time is over, or it never was."""

    code = "file_gone"


class UploadAwaited(DomainError):
    """The file that was expected has not arrived yet."""

    code = "upload_awaited"


@dataclass(frozen=True, slots=True)
class FileInHand:
    """A file, taken out of its waiting place."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """Whose upload an address is for: what the log and the limits need, nothing of the file."""

    municipality_code: str
    account_id: UUID | None


def new_token() -> str:
    """A secret part of an address: 256 random bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


def leave_file(
    db: Session,
    *,
    municipality_code: str,
    token: str,
    name: str,
    media_type: str,
    content: bytes,
    minutes: int,
    now: datetime,
    account_id: UUID | None = None,
    session_id: UUID | None = None,  # noqa: ARG001 -- read by the check of rights
) -> None:
    """Put a file where it can be fetched once with ``token``, for ``minutes`` minutes.

    Whoever may work at one session only names it as ``session_id``.
    """
    _clear_away(db, now)
    db.add(
        WaitingFile(
            token_hash=token_hash(token),
            direction=OUT,
            municipality_code=municipality_code,
            account_id=account_id,
            name=name,
            media_type=media_type,
            content=content,
            made_at=now,
            expires_at=now + timedelta(minutes=minutes),
        )
    )
    db.flush()


def fetch_file(db: Session, *, token: str, now: datetime) -> FileInHand:
    """Hand the file over; the next one who asks finds nothing. Raises FileGone."""
    waiting = _waiting(db, token, OUT, now)
    if waiting is None or waiting.fetched_at is not None:
        raise FileGone
    taken = FileInHand(waiting.name, waiting.media_type, waiting.content)
    waiting.fetched_at, waiting.content = now, b""
    db.flush()
    return taken


def expect_upload(
    db: Session,
    *,
    municipality_code: str,
    token: str,
    minutes: int,
    now: datetime,
    account_id: UUID | None = None,
) -> None:
    """Open an address to which one file may be brought, for ``minutes`` minutes."""
    _clear_away(db, now)
    db.add(
        WaitingFile(
            token_hash=token_hash(token),
            direction=IN,
            municipality_code=municipality_code,
            account_id=account_id,
            made_at=now,
            expires_at=now + timedelta(minutes=minutes),
        )
    )
    db.flush()


def upload_place(db: Session, *, token: str, now: datetime) -> UploadPlace:
    """Whose upload this is, before a single byte is read. Raises FileGone."""
    waiting = _waiting(db, token, IN, now)
    if waiting is None or waiting.brought_at is not None:
        raise FileGone
    return UploadPlace(waiting.municipality_code or "", waiting.account_id)


def bring_file(db: Session, *, token: str, name: str, media_type: str, content: bytes, now: datetime) -> None:
    """Keep the one file that was brought, until its import takes it. Raises FileGone for a second one."""
    waiting = _waiting(db, token, IN, now)
    if waiting is None or waiting.brought_at is not None:
        raise FileGone
    waiting.name, waiting.media_type, waiting.content, waiting.brought_at = name, media_type, content, now
    db.flush()


def take_upload(
    db: Session, *, municipality_code: str, token: str, now: datetime, account_id: UUID | None = None
) -> FileInHand:
    """Take the file that was brought; it is nowhere else afterwards. Raises UploadAwaited, FileGone."""
    waiting = _waiting(db, token, IN, now)
    if waiting is None or (waiting.municipality_code, waiting.account_id) != (municipality_code, account_id):
        raise FileGone
    if waiting.brought_at is None:
        raise UploadAwaited
    if waiting.fetched_at is not None:
        raise FileGone
    taken = FileInHand(waiting.name, waiting.media_type, waiting.content)
    waiting.fetched_at, waiting.content = now, b""
    db.flush()
    return taken


def _waiting(db: Session, token: str, direction: str, now: datetime) -> WaitingFile | None:
    query = (
        select(WaitingFile)
        .where(
            WaitingFile.token_hash == token_hash(token),
            WaitingFile.direction == direction,
            WaitingFile.expires_at > now,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.exec(query).first()


def _clear_away(db: Session, now: datetime) -> None:
    """Files nobody came for: not logged, because the log already says that they were made."""
    db.connection().execute(sqlalchemy.delete(WaitingFile).where(col(WaitingFile.expires_at) <= now))
