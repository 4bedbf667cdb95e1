"""Applications, the places they get, and what people are told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text

from events.fields import Row, internal, link, personal, stored_as
from events.states import Channel, DraftState, NoticeState, RegistrationState, SeatState

_ACTIVE = text("state IN ('waiting_draw', 'confirmed', 'waiting', 'offered')")
_HELD = text("state IN ('confirmed', 'offered')")
_TO_TELL = text("state IN ('pending', 'failed')")


class Party(Row, table=True):
    """People who are drawn together or not at all (a pair, a person and a carer)."""

    __tablename__ = "party"
    intake_id: UUID = link("intake.id")
    kind: str = internal(default="pair", max_length=20)


class Registration(Row, table=True):
    """An application of one person to one intake.

    ``number`` counts the applications of an intake from 1. ``queue_number`` orders the waiting list; the rank
    that people are told is their place in that order, so it has no gaps whoever leaves. ``told_of`` is the mark of the
    situation that the person knows of (see ``notices.situation``).
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("intake_id", "number"),
        Index(
            "ix_registration_once",
            "intake_id",
            "attendee_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_registration_queue", "intake_id", "state", "queue_number"),
    )
    municipality_code: str = link("municipality.code")
    intake_id: UUID = link("intake.id")
    attendee_id: UUID = link("attendee.id")
    state: RegistrationState = personal(sa_type=stored_as(RegistrationState))
    number: int = internal()
    receipt_number: str = internal(max_length=20, unique=True)
    channel: Channel = internal(sa_type=stored_as(Channel))
    applied_on: date = internal()
    received_at: datetime = internal()
    postmark_on: date | None = internal(default=None)
    taken_by: str = internal(default="", max_length=100)
    party_id: UUID | None = link("party.id", default=None)
    companions: int = internal(default=0)
    proxy_id: UUID | None = link("proxy.id", default=None)
    wants_device: bool = personal(default=False)
    queue_number: int | None = internal(default=None)
    state_reason: str = internal(default="", max_length=400)
    note: str = personal(default="", max_length=2000)
    changed_at: datetime = internal()
    told_of: str = internal(default="", max_length=60)
    version: int = internal(default=1)


class Choice(Row, table=True):
    """The session a person would like first, second, third."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("registration_id", "rank"),)
    registration_id: UUID = link("registration.id")
    session_id: UUID = link("workshop_session.id")
    rank: int = internal(default=1)


class Seat(Row, table=True):
    """A place at one session. ``code`` is the six digits of the 受講票, unique in its session."""

    __tablename__ = "seat"
    __table_args__ = (
        Index(
            "ix_seat_once",
            "session_id",
            "attendee_id",
            unique=True,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        UniqueConstraint("session_id", "code"),
    )
    registration_id: UUID = link("registration.id")
    session_id: UUID = link("workshop_session.id")
    attendee_id: UUID = link("attendee.id")
    state: SeatState = internal(sa_type=stored_as(SeatState))
    places: int = internal(default=1)
    code: str = internal(max_length=6)
    without_phone: bool = personal(default=False)
    given_at: datetime = internal()
    released_at: datetime | None = internal(default=None)


class Offer(Row, table=True):
    """A free seat promised to somebody on the waiting list until ``reply_by`` (aware UTC)."""

    __tablename__ = "offer"
    registration_id: UUID = link("registration.id")
    session_id: UUID = link("workshop_session.id")
    offered_at: datetime = internal()
    reply_by: datetime = internal()
    answer: str = internal(default="", max_length=20)
    answered_at: datetime | None = internal(default=None)


class DrawRecord(Row, table=True):
    """A draw that anyone can repeat: seed, algorithm, applicants by number, weights, result. No names."""

    __tablename__ = "draw_record"
    intake_id: UUID = link("intake.id")
    held_at: datetime = internal()
    seed: str = internal(max_length=80)
    algorithm: str = internal(max_length=40)
    record: dict[str, object] = internal(default_factory=dict, sa_type=JSON)
    held_by: str = internal(default="", max_length=100)
    reason: str = internal(default="", max_length=400)
    replaced_by_id: UUID | None = link("draw_record.id", default=None)


class DrawDecision(Row, table=True):
    """That somebody put an application into a draw, or out of it, against the rule; with why."""

    __tablename__ = "draw_decision"
    registration_id: UUID = link("registration.id", unique=True)
    takes_part: bool = internal()
    reason: str = internal(max_length=400)
    decided_at: datetime = internal()
    decided_by: str = internal(default="", max_length=100)


class Draft(Row, table=True):
    """Something half typed, so that a reload or a second call loses nothing: a telephone call, or a plan."""

    __tablename__ = "draft"
    municipality_code: str = link("municipality.code")
    account_id: UUID = internal(index=True)
    about: str = internal(default="call", max_length=20)
    state: DraftState = internal(default=DraftState.ACTIVE, sa_type=stored_as(DraftState))
    content: dict[str, object] = personal(default_factory=dict, sa_type=JSON)
    started_at: datetime = internal()
    changed_at: datetime = internal()
    version: int = internal(default=1)


class CallAttempt(Row, table=True):
    """One try to reach a person by telephone."""

    __tablename__ = "call_attempt"
    municipality_code: str = link("municipality.code")
    registration_id: UUID | None = link("registration.id", default=None)
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = internal(default=None)
    at: datetime = internal()
    outcome: str = internal(max_length=20)
    by: str = internal(default="", max_length=100)
    note: str = personal(default="", max_length=400)


class Notice(Row, table=True):
    """A message that somebody must get, and whether it has left.

    An application has at most one that has not left: what changes meanwhile is written into it. ``about`` is the mark
    of the situation it tells (see ``notices.situation``); ``next_try_at`` is when a call or mail is due (again).
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "ix_notice_once",
            "registration_id",
            unique=True,
            sqlite_where=_TO_TELL,
            postgresql_where=_TO_TELL,
        ),
        Index("ix_notice_to_tell", "municipality_code", "state", "way"),
    )
    municipality_code: str = link("municipality.code")
    registration_id: UUID | None = link("registration.id", default=None)
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = internal(default=None, index=True)
    session_id: UUID | None = link("workshop_session.id", default=None)
    kind: str = internal(max_length=40)
    way: str = internal(default="telephone", max_length=20)
    state: NoticeState = internal(default=NoticeState.PENDING, sa_type=stored_as(NoticeState))
    reason: str = internal(default="", max_length=400)
    about: str = internal(default="", max_length=60)
    attempts: int = internal(default=0)
    next_try_at: datetime | None = internal(default=None)
    failure: str = internal(default="", max_length=400)
    created_at: datetime = internal()
    done_at: datetime | None = internal(default=None)
    done_by: str = internal(default="", max_length=100)
