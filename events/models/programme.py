"""What is offered, by whom, where and when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from events.fields import Row, internal, link, public, stored_as
from events.states import Channel, IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind


class Municipality(SQLModel, table=True):
    """A city: the scope of rights and of data. Its fiscal year starts on 1 April."""

    code: str = public(primary_key=True, max_length=6)
    name: str = public(max_length=100)
    name_en: str = public(default="", max_length=100)
    kana: str = public(default="", max_length=100)
    people_per_helper: int = internal(default=4)
    latitude: float | None = public(default=None)
    longitude: float | None = public(default=None)
    contact_name: str = public(default="", max_length=200)
    contact_telephone: str = public(default="", max_length=40)
    staff_need_insurance: bool = internal(default=False)
    instructors_need_insurance: bool = internal(default=False)
    settings: dict[str, object] = internal(default_factory=dict, sa_type=JSON)


class Organisation(Row, table=True):
    """Any body that hosts, helps or lends."""

    __tablename__ = "organisation"
    municipality_code: str = link("municipality.code")
    code: str = public(default="", max_length=20)
    name: str = public(max_length=200)
    kana: str = public(default="", max_length=200)
    kind: str = public(default="", max_length=40)
    contact: str = internal(default="", max_length=400)
    retired_on: date | None = internal(default=None)


class Department(Row, table=True):
    """主管課 or 協力課 of a city."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("municipality_code", "name"),)
    municipality_code: str = link("municipality.code")
    name: str = public(max_length=200)
    retired_on: date | None = internal(default=None)


class Topic(Row, table=True):
    """One entry of the editable course catalogue (講座コード, materials)."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("municipality_code", "code"),)
    municipality_code: str = link("municipality.code")
    code: str = public(max_length=20)
    part: str = public(default="", max_length=40)
    name: str = public(max_length=200)
    minutes: int | None = public(default=None)
    needs_device: bool = public(default=False)
    needs_network: bool = public(default=False)
    materials: str = public(default="", max_length=400)
    retired_on: date | None = internal(default=None)


class Venue(Row, table=True):
    """A building where sessions are held."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("municipality_code", "name"),)
    municipality_code: str = link("municipality.code")
    number: str = public(default="", max_length=40)
    name: str = public(max_length=200)
    kana: str = public(default="", max_length=200)
    poi_code: str = public(default="", max_length=10)
    postal_code: str = public(default="", max_length=10)
    town: str = public(default="", max_length=100)
    address: str = public(default="", max_length=300)
    latitude: float | None = public(default=None)
    longitude: float | None = public(default=None)
    telephone: str = public(default="", max_length=40)
    access: str = public(default="", max_length=1000)
    has_wifi: bool | None = public(default=None)
    wifi_limit: int | None = internal(default=None)
    has_ramp: bool | None = public(default=None)
    accessibility: list[str] = public(default_factory=list, sa_type=JSON)
    opening_rule: dict[str, object] = public(default_factory=dict, sa_type=JSON)
    note: str = internal(default="", max_length=1000)
    retired_on: date | None = internal(default=None)


class Room(Row, table=True):
    """A room of a venue; ``people_limit`` is the most people it may hold."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue_id", "name"),)
    venue_id: UUID = link("venue.id")
    name: str = public(max_length=200)
    people_limit: int | None = public(default=None)
    note: str = internal(default="", max_length=400)


class Population(Row, table=True):
    """People of 65 and over in one 町 in one year."""

    __tablename__ = "population"
    __table_args__ = (UniqueConstraint("municipality_code", "town", "year"),)
    municipality_code: str = link("municipality.code")
    town: str = public(max_length=100)
    year: int = public()
    people: int = public()
    people_65: int = public()


class Workshop(Row, table=True):
    """An offering with one or several dated sessions."""

    __tablename__ = "workshop"
    __table_args__ = (
        Index("ix_workshop_source", "municipality_code", "source_key", unique=True),
        Index("ix_workshop_year", "municipality_code", "fiscal_year"),
    )
    municipality_code: str = link("municipality.code")
    kind: WorkshopKind = public(sa_type=stored_as(WorkshopKind))
    state: ProgrammeState = public(default=ProgrammeState.DRAFT, sa_type=stored_as(ProgrammeState))
    title: str = public(max_length=200)
    short_title: str = public(default="", max_length=40)
    summary: str = public(default="", max_length=4000)
    target: str = public(default="", max_length=1000)
    bring: str = public(default="", max_length=400)
    url: str = public(default="", max_length=500)
    fee: int = public(default=0)
    fee_note: str = public(default="", max_length=400)
    application_text: str = public(default="", max_length=4000)
    contact_name: str = public(default="", max_length=200)
    contact_telephone: str = public(default="", max_length=40)
    minimum_age: int | None = public(default=None)
    residents_only: bool = public(default=False)
    phone_systems: list[str] = public(default_factory=list, sa_type=JSON)
    topic_id: UUID | None = link("topic.id", default=None)
    needs_network: bool = public(default=False)
    companion_takes_seat: bool = internal(default=False)
    department_id: UUID | None = link("department.id", default=None)
    funding_source: str = internal(default="", max_length=40)
    cost: int | None = internal(default=None)
    shared_with: list[str] = internal(default_factory=list, sa_type=JSON)
    edition: str = public(default="1.0", max_length=10)
    printed_fingerprint: str = internal(default="", max_length=64)
    fiscal_year: int = public()
    read_only: bool = internal(default=False)
    copied_from_id: UUID | None = link("workshop.id", default=None)
    source_key: str | None = internal(default=None, max_length=600)
    source_notes: list[str] = internal(default_factory=list, sa_type=JSON)
    improve_next: str = internal(default="", max_length=2000)
    state_before: str = internal(default="", max_length=32)
    stop_reason: str = internal(default="", max_length=400)
    version: int = internal(default=1)
    created_at: datetime = internal()
    changed_at: datetime = internal()


class WorkshopHost(Row, table=True):
    """A body that hosts or helps a workshop."""

    __tablename__ = "workshop_host"
    __table_args__ = (UniqueConstraint("workshop_id", "organisation_id", "part"),)
    workshop_id: UUID = link("workshop.id")
    organisation_id: UUID = link("organisation.id")
    part: str = public(default="host", max_length=20)


class WorkshopSession(Row, table=True):
    """One dated meeting of a workshop.

    The counters are changed by conditional updates only, in the transaction that changes the seats; the
    constraint below is the last guard of the rule that nothing is ever oversold. Times are aware UTC.
    """

    __tablename__ = "workshop_session"
    __table_args__ = (
        CheckConstraint("confirmed_count + offered_count + lent_count <= seats", name="never_oversold"),
        CheckConstraint("room_limit IS NULL OR seats <= room_limit", name="seats_fit_the_room"),
        CheckConstraint(
            "confirmed_count >= 0 AND offered_count >= 0 AND lent_count >= 0 AND seats >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_it_starts"),
        Index("ix_session_when", "municipality_code", "starts_at"),
        Index("ix_session_room", "room_id", "starts_at"),
    )
    municipality_code: str = link("municipality.code")
    workshop_id: UUID = link("workshop.id")
    number: int = public(default=1)
    state: ProgrammeState = public(default=ProgrammeState.DRAFT, sa_type=stored_as(ProgrammeState))
    starts_at: datetime | None = public(default=None)
    ends_at: datetime | None = public(default=None)
    meeting_at: datetime | None = internal(default=None)
    held_on: date = public()
    venue_id: UUID | None = link("venue.id", default=None)
    room_id: UUID | None = link("room.id", default=None, index=False)
    place_text: str = public(default="", max_length=400)
    online_url: str = internal(default="", max_length=500)
    seats: int = public(default=0)
    room_limit: int | None = internal(default=None)
    devices: int = internal(default=0)
    planned_people: int | None = internal(default=None)
    leads_needed: int = internal(default=1)
    skills_needed: dict[str, int] = internal(default_factory=dict, sa_type=JSON)
    confirmed_count: int = internal(default=0)
    offered_count: int = internal(default=0)
    lent_count: int = internal(default=0)
    people_without_phone: int = internal(default=0)
    cut_off_at: datetime | None = internal(default=None)
    open_data_number: str = public(default="", max_length=40)
    state_before: str = internal(default="", max_length=32)
    source_fingerprint: str = internal(default="", max_length=64)
    stop_reason: str = internal(default="", max_length=400)
    stopped_at: datetime | None = internal(default=None)
    moved_to_id: UUID | None = link("workshop_session.id", default=None)
    calendar_sequence: int = internal(default=0)
    calendar_changed_at: datetime = internal()
    note: str = internal(default="", max_length=2000)
    version: int = internal(default=1)


class Intake(Row, table=True):
    """What people apply to. Draws and waiting lists belong to it; ``deadline_at`` is aware UTC."""

    __tablename__ = "intake"
    municipality_code: str = link("municipality.code")
    workshop_id: UUID = link("workshop.id")
    unit: IntakeUnit = public(default=IntakeUnit.SESSION, sa_type=stored_as(IntakeUnit))
    method: IntakeMethod = public(default=IntakeMethod.FIRST_COME, sa_type=stored_as(IntakeMethod))
    opens_at: datetime | None = public(default=None)
    deadline_at: datetime | None = public(default=None)
    deadline_by_postmark: bool = public(default=False)
    result_notice_on: date | None = public(default=None)
    channels: list[str] = public(default_factory=list, sa_type=JSON)
    desk_hours: str = public(default="", max_length=400)
    next_number: int = internal(default=1)
    next_queue_number: int = internal(default=1)
    draw_weights: dict[str, object] = internal(default_factory=dict, sa_type=JSON)
    drawn_at: datetime | None = internal(default=None)
    locked_at: datetime | None = internal(default=None)
    version: int = internal(default=1)


class IntakeSession(SQLModel, table=True):
    """A session that an intake gives seats of."""

    __tablename__ = "intake_session"
    intake_id: UUID = link("intake.id", primary_key=True)
    session_id: UUID = link("workshop_session.id", primary_key=True)
    position: int = internal(default=1)


class ChannelWindow(Row, table=True):
    """From when to when one channel is open for an intake (aware UTC)."""

    __tablename__ = "channel_window"
    __table_args__ = (UniqueConstraint("intake_id", "channel"),)
    intake_id: UUID = link("intake.id")
    channel: Channel = public(sa_type=stored_as(Channel))
    opens_at: datetime | None = public(default=None)
    closes_at: datetime | None = public(default=None)

