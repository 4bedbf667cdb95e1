"""What keeps a form from being forged, and addresses from being guessed: one secret of the database, and HMACs.

A form carries a seal that belongs to a cookie of the same browser (double submit), says when it was made, and bears a
number of its own. A form that is sent twice bears the same number, so it can be answered the same twice.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, select

from supportapp.accounts_tables import ServerSecret

COOKIE: Final = "form"
_NAME: Final = "public_forms"
_FIRST_SECRET: Final = text(
    "INSERT INTO server_secret (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING"
)
_LASTS: Final = timedelta(hours=24)  # some people need an evening for a form


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that fits: its number is unique to the form as it was shown once."""

    number: str


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes and checks seals with a secret that all processes on one database know."""

    secret: bytes

    def make(self, cookie: str, purpose: str, now: datetime) -> str:
        """The seal of a form that is shown now to the browser with this cookie."""
        said = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
        return f"{said}.{self._mac(cookie, purpose, said)}"

    def check(self, seal: str, cookie: str, purpose: str, now: datetime) -> Seal | None:
        """The seal when it is ours, of this browser and purpose, and of the last 24 hours; else None."""
        said, _, mac = seal.rpartition(".")
        if not cookie or not hmac.compare_digest(mac.encode(), self._mac(cookie, purpose, said).encode()):
            return None
        made_at, _, number = said.partition(".")
        made = datetime.fromtimestamp(int(made_at), UTC)
        return Seal(number) if now - _LASTS < made <= now + timedelta(minutes=5) else None

    def bits(self, purpose: str, number: str) -> bytes:
        """Bits nobody can guess who does not know the secret; the same for the same purpose and number."""
        return hmac.new(self.secret, f"{purpose}|{number}".encode(), hashlib.sha256).digest()

    def _mac(self, cookie: str, purpose: str, said: str) -> str:
        return self.bits("form", f"{cookie}|{purpose}|{said}").hex()[:40]


def office_secret(db: Session, *, proposal: str) -> str:
    """The secret of the public forms; ``proposal`` becomes it when there is none yet, whoever else asks just now."""
    db.connection().execute(_FIRST_SECRET, {"name": _NAME, "value": proposal})
    return known_secret(db)


def known_secret(db: Session) -> str:
    """The secret of the public forms; the server makes it when it starts."""
    return db.exec(select(ServerSecret.value).where(ServerSecret.name == _NAME)).one()


def is_cookie(value: str) -> bool:
    """Whether a cookie looks like one of ours."""
    return len(value) == 32 and all(sign in "0123456789abcdef" for sign in value)
