"""The address of a session's questionnaire: it names the session, and nobody can make one up.

The same session has the same address for ever, so a printed QR code stays right; the sheet says when it is open.
"""

import base64
import binascii
import hmac
from typing import Final
from uuid import UUID

from sqlmodel import Session

from events.errors import NotFound
from events.surveys import survey_sheet
from supportapp.public.seals import Sealer, known_secret

_ID_BYTES: Final = 16
_PROOF_BYTES: Final = 8


def survey_path(db: Session, *, session_id: UUID) -> str:
    """The path of a session's questionnaire, for its QR code. Raises NotFound."""
    survey_sheet(db, session_id=session_id)
    sealer = Sealer(bytes.fromhex(known_secret(db)))
    return f"/survey/{survey_token(sealer, session_id)}"


def survey_token(sealer: Sealer, session_id: UUID) -> str:
    """The secret part of the address."""
    return base64.urlsafe_b64encode(session_id.bytes + _proof(sealer, session_id)).decode()


def session_of_token(sealer: Sealer, token: str) -> UUID:
    """The session whose questionnaire an address opens. Raises NotFound for one that we did not make."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise NotFound(thing="survey") from None
    if len(raw) != _ID_BYTES + _PROOF_BYTES:
        raise NotFound(thing="survey")
    session_id = UUID(bytes=raw[:_ID_BYTES])
    if not hmac.compare_digest(raw[_ID_BYTES:], _proof(sealer, session_id)):
        raise NotFound(thing="survey")
    return session_id


def _proof(sealer: Sealer, session_id: UUID) -> bytes:
    return sealer.bits("survey", str(session_id))[:_PROOF_BYTES]
