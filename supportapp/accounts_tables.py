"""Tables of accounts, sign-ins, links that open something, and the log."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint
from sqlmodel import SQLModel

from events.fields import Row, internal, link, personal, stored_as
from supportapp.identity import Role


class Account(Row, table=True):
    """A login. Apart from attendee, volunteer and staff, and linkable to each, because people change sides."""

    __tablename__ = "account"
    login: str = personal(max_length=100, unique=True)
    name: str = personal(max_length=100)
    password_hash: str = personal(default="", max_length=400)
    must_change_password: bool = internal(default=False)
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = link("volunteer.id", default=None)
    language: str = internal(default="ja", max_length=5)
    preferences: dict[str, object] = internal(default_factory=dict, sa_type=JSON)
    created_at: datetime = internal()
    disabled_at: datetime | None = internal(default=None)
    version: int = internal(default=1)


class AccountRole(Row, table=True):
    """A role of an account in a municipality, perhaps for one session only."""

    __tablename__ = "account_role"
    __table_args__ = (UniqueConstraint("account_id", "municipality_code", "role", "session_id"),)
    account_id: UUID = link("account.id")
    municipality_code: str = link("municipality.code")
    role: Role = internal(sa_type=stored_as(Role))
    session_id: UUID | None = link("workshop_session.id", default=None)


class SignIn(Row, table=True):
    """A device on which somebody is signed in. Only the token's hash is kept."""

    __tablename__ = "sign_in"
    token_hash: str = personal(max_length=64, unique=True)
    account_id: UUID = link("account.id")
    account_role_id: UUID = link("account_role.id")
    signed_in_at: datetime = internal()
    expires_at: datetime = internal()
    revoked_at: datetime | None = internal(default=None)


class SignInAttempt(Row, table=True):
    """A wrong password, counted per login name."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_attempt", "login_hash", "at"),)
    login_hash: str = personal(max_length=64)
    at: datetime = internal()


class FeedToken(Row, table=True):
    """A secret address of a personal calendar; revoked at once when asked."""

    __tablename__ = "feed_token"
    token_hash: str = personal(max_length=64, unique=True)
    kind: str = internal(max_length=20)
    municipality_code: str = link("municipality.code")
    volunteer_id: UUID | None = link("volunteer.id", default=None)
    account_id: UUID | None = link("account.id", default=None)
    made_at: datetime = internal()
    revoked_at: datetime | None = internal(default=None)


class WaitingFile(Row, table=True):
    """A file on its way through this server: to be fetched once, or brought once, within minutes.

    ``direction`` is ``out`` or ``in``. The content is wiped as soon as it was handed over, or when time is up.
    """

    __tablename__ = "waiting_file"
    token_hash: str = personal(max_length=64, unique=True)
    direction: str = internal(default="out", max_length=8)
    municipality_code: str | None = link("municipality.code", default=None)
    name: str = personal(default="", max_length=200)
    media_type: str = internal(default="", max_length=120)
    content: bytes = personal(default=b"", sa_type=LargeBinary)
    account_id: UUID | None = internal(default=None)
    made_at: datetime = internal()
    expires_at: datetime = internal(index=True)
    brought_at: datetime | None = internal(default=None)
    fetched_at: datetime | None = internal(default=None)


class FileLeft(Row, table=True):
    """That personal data left as a file: which kind, about what, how many lines, to whom. Never the file itself.

    ``sha256`` proves later whether a file that turns up somewhere is this one. Dates are Tokyo dates.
    """

    __tablename__ = "file_left"
    __table_args__ = (Index("ix_file_left_when", "municipality_code", "left_at"),)
    municipality_code: str = link("municipality.code")
    kind: str = internal(max_length=40)
    session_id: UUID | None = link("workshop_session.id", default=None)
    volunteer_id: UUID | None = link("volunteer.id", default=None)
    first: date | None = internal(default=None)
    last: date | None = internal(default=None)
    lines: int = internal(default=0)
    sha256: str = internal(max_length=64)
    left_at: datetime = internal()
    left_to: str = internal(default="", max_length=100)


class AuditEntry(Row, table=True):
    """One change or one file that left: who, when, which use case, which rows and columns, why. No values.

    Each entry carries the hash of the one before it in its chain.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "number"), Index("ix_audit_when", "chain", "at"))
    chain: str = internal(max_length=40)
    number: int = internal()
    at: datetime = internal()
    actor: str = internal(max_length=120)
    role: str = internal(max_length=20)
    use_case: str = internal(max_length=80)
    reason: str = internal(default="", max_length=400)
    rows: list[dict[str, object]] = internal(default_factory=list, sa_type=JSON)
    previous_hash: str = internal(max_length=64)
    hash: str = internal(max_length=64)


class AuditHead(SQLModel, table=True):
    """The newest entry of a chain; locked while the next one is written."""

    __tablename__ = "audit_head"
    chain: str = internal(primary_key=True, max_length=40)
    number: int = internal(default=0)
    hash: str = internal(default="", max_length=64)


class ServerSecret(SQLModel, table=True):
    """A secret that all server processes on one database share, made when it is first needed (forms, survey links)."""

    __tablename__ = "server_secret"
    name: str = internal(primary_key=True, max_length=40)
    value: str = personal(max_length=100)
