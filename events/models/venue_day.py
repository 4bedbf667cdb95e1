"""The day itself: who came, loan phones, help notes, questionnaires, and what was taken to a hall."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text

from events.fields import Row, internal, link, personal, stored_as
from events.states import AttendanceState

_STANDS = text("undone_at IS NULL")


class Attendance(Row, table=True):
    """That one person came to one session, or did not. ``tap_id`` makes a repeated tap harmless."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "ix_attendance_once",
            "session_id",
            "attendee_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    municipality_code: str = link("municipality.code")
    session_id: UUID = link("workshop_session.id")
    attendee_id: UUID = link("attendee.id")
    seat_id: UUID | None = link("seat.id", default=None)
    state: AttendanceState = personal(sa_type=stored_as(AttendanceState))
    arrived_at: datetime | None = personal(default=None)
    left_at: datetime | None = personal(default=None)
    walk_in: bool = personal(default=False)
    companion: bool = personal(default=False)
    over_seats_reason: str = internal(default="", max_length=400)
    allowed_by: str = internal(default="", max_length=100)
    device_id: UUID | None = link("device.id", default=None)
    note: str = personal(default="", max_length=400)
    tap_id: UUID = internal(unique=True)
    recorded_at: datetime = internal()
    recorded_by: str = internal(default="", max_length=100)
    undone_at: datetime | None = internal(default=None)
    undone_by: str = internal(default="", max_length=100)


class Device(Row, table=True):
    """A loan phone."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("municipality_code", "number"),)
    municipality_code: str = link("municipality.code")
    number: str = internal(max_length=40)
    model: str = internal(default="", max_length=100)
    system: str = internal(default="", max_length=20)
    state: str = internal(default="ready", max_length=20)
    telephone: str = internal(default="", max_length=40)
    accessories: str = internal(default="", max_length=400)
    owner_id: UUID | None = link("organisation.id", default=None)


class Loan(Row, table=True):
    """A loan phone in somebody's hands; ``due_on`` is a Tokyo date."""

    __tablename__ = "loan"
    municipality_code: str = link("municipality.code")
    device_id: UUID = link("device.id")
    attendee_id: UUID = link("attendee.id")
    session_id: UUID | None = link("workshop_session.id", default=None)
    out_on: date = internal()
    due_on: date = internal()
    returned_on: date | None = internal(default=None)
    agreement_on: date | None = internal(default=None)
    wiped_on: date | None = internal(default=None)
    damage: str = internal(default="", max_length=400)


class ConsultationTable(Row, table=True):
    """A table at which one-to-one help is given."""

    __tablename__ = "consultation_table"
    __table_args__ = (UniqueConstraint("session_id", "number"),)
    session_id: UUID = link("workshop_session.id")
    number: int = internal()
    volunteer_id: UUID | None = internal(default=None)


class Slot(Row, table=True):
    """A time at a table that one person can book (aware UTC)."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("table_id", "starts_at"),)
    session_id: UUID = link("workshop_session.id")
    table_id: UUID = link("consultation_table.id")
    starts_at: datetime = internal()
    ends_at: datetime = internal()
    seat_id: UUID | None = link("seat.id", default=None, unique=True)


class Consultation(Row, table=True):
    """A one-to-one help note."""

    __tablename__ = "consultation"
    municipality_code: str = link("municipality.code")
    session_id: UUID | None = link("workshop_session.id", default=None)
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = internal(default=None)
    topic: str = internal(max_length=40)
    minutes: int | None = internal(default=None)
    result: str = internal(default="", max_length=20)
    procedure: str = internal(default="", max_length=200)
    device: str = personal(default="", max_length=100)
    content: str = personal(default="", max_length=2000)
    hand_over: str = personal(default="", max_length=2000)
    at: datetime = internal()
    by: str = internal(default="", max_length=100)


class SurveyResponse(Row, table=True):
    """One filled questionnaire; nobody's name is near it."""

    __tablename__ = "survey_response"
    municipality_code: str = link("municipality.code")
    session_id: UUID = link("workshop_session.id")
    answers: dict[str, object] = internal(default_factory=dict, sa_type=JSON)
    keyed_on: date = internal()


class Pack(Row, table=True):
    """Sessions that were taken to a hall without network, and the seats lent to them."""

    __tablename__ = "pack"
    municipality_code: str = link("municipality.code")
    session_ids: list[str] = internal(default_factory=list, sa_type=JSON)
    lent_seats: dict[str, int] = internal(default_factory=dict, sa_type=JSON)
    made_at: datetime = internal()
    made_by: str = internal(default="", max_length=100)
    expires_at: datetime = internal()
    merged_at: datetime | None = internal(default=None)
    chain_head: str = internal(default="", max_length=64)
