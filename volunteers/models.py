"""Tables of who helps: helpers, when they are free, what they were assigned, and proposed plans."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from events.fields import Row, internal, link, personal, stored_as
from volunteers.states import AssignmentRole, AssignmentState, ProposalState, VolunteerKind, VolunteerState

_STANDING = text("state IN ('asked', 'applied', 'tentative', 'confirmed', 'done', 'no_show')")


class Volunteer(Row, table=True):
    """A person who helps. Ways to reach them are contact points; where they help is a membership."""

    __tablename__ = "volunteer"
    name: str = personal(max_length=100)
    kana: str = personal(default="", max_length=100)
    name_key: str = personal(default="", max_length=100, index=True)
    kana_key: str = personal(default="", max_length=100, index=True)
    kind: VolunteerKind = personal(sa_type=stored_as(VolunteerKind))
    birth_date: date | None = personal(default=None)
    adult_seen_on: date | None = personal(default=None)
    adult_seen_by: str = internal(default="", max_length=100)
    residence: str = personal(default="", max_length=20)
    town: str = personal(default="", max_length=100)
    address: str = personal(default="", max_length=300)
    latitude: float | None = personal(default=None)
    longitude: float | None = personal(default=None)
    max_km: float | None = personal(default=None)
    skills: list[str] = personal(default_factory=list, sa_type=JSON)
    can_lead: bool = personal(default=False)
    experienced: bool = personal(default=False)
    courses_done: int = personal(default=0)
    organisation_id: UUID | None = link("organisation.id", default=None)
    always_available: bool = personal(default=False)
    note: str = personal(default="", max_length=2000)
    created_at: datetime = internal()
    forgotten_at: datetime | None = internal(default=None)
    version: int = internal(default=1)


class Membership(Row, table=True):
    """That a volunteer helps in a municipality: state, caps, since when, whether next door may see them."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("volunteer_id", "municipality_code"),)
    volunteer_id: UUID = link("volunteer.id")
    municipality_code: str = link("municipality.code")
    state: VolunteerState = personal(default=VolunteerState.INFORMED, sa_type=stored_as(VolunteerState))
    since: date = personal()
    cap_per_month: int | None = personal(default=None)
    cap_per_week: int | None = personal(default=None)
    seen_next_door: bool = personal(default=False)


class InsuranceYear(Row, table=True):
    """Volunteer insurance of one fiscal year: valid until 31 March 24:00 of the year that follows."""

    __tablename__ = "insurance_year"
    __table_args__ = (UniqueConstraint("volunteer_id", "fiscal_year"),)
    volunteer_id: UUID = link("volunteer.id")
    fiscal_year: int = personal()
    insured_from: date | None = personal(default=None)
    renewal_planned: bool = personal(default=False)
    seen_on: date | None = internal(default=None)
    seen_by: str = internal(default="", max_length=100)


class SeenDocument(Row, table=True):
    """A paper that a volunteer showed (登録証, age, oath): what, when, and who saw it."""

    __tablename__ = "seen_document"
    volunteer_id: UUID = link("volunteer.id")
    kind: str = personal(max_length=40)
    seen_on: date = personal()
    seen_by: str = internal(max_length=100)


class Availability(Row, table=True):
    """When a volunteer is free each week. ``weekday`` is 0 for Monday; times are Tokyo wall-clock times."""

    __tablename__ = "availability"
    __table_args__ = (UniqueConstraint("volunteer_id", "weekday", "from_time"),)
    volunteer_id: UUID = link("volunteer.id")
    weekday: int = personal()
    from_time: time = personal()
    to_time: time = personal()


class AvailabilityException(Row, table=True):
    """A day on which the weekly pattern does not hold: free or not free, all day or between two times."""

    __tablename__ = "availability_exception"
    volunteer_id: UUID = link("volunteer.id")
    day: date = personal()
    free: bool = personal(default=False)
    from_time: time | None = personal(default=None)
    to_time: time | None = personal(default=None)


class Assignment(Row, table=True):
    """A volunteer's part at a session."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "ix_assignment_once",
            "session_id",
            "volunteer_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )
    municipality_code: str = link("municipality.code")
    session_id: UUID = link("workshop_session.id")
    volunteer_id: UUID = link("volunteer.id")
    role: AssignmentRole = internal(sa_type=stored_as(AssignmentRole))
    state: AssignmentState = internal(sa_type=stored_as(AssignmentState))
    because: list[str] = internal(default_factory=list, sa_type=JSON)
    proposal_id: UUID | None = link("match_proposal.id", default=None)
    started_at: datetime | None = personal(default=None)
    ended_at: datetime | None = personal(default=None)
    minutes: int | None = personal(default=None)
    state_reason: str = internal(default="", max_length=400)
    state_before: AssignmentState | None = internal(default=None, sa_type=stored_as(AssignmentState))
    calendar_sequence: int = internal(default=0)
    changed_at: datetime = internal()
    changed_by: str = internal(default="", max_length=100)
    version: int = internal(default=1)


class Wish(SQLModel, table=True):
    """That a volunteer would like, or would rather not, help at a session."""

    __tablename__ = "wish"
    volunteer_id: UUID = link("volunteer.id", primary_key=True)
    session_id: UUID = link("workshop_session.id", primary_key=True)
    likes: bool = personal(default=True)


class ForbiddenPlacement(SQLModel, table=True):
    """A volunteer whom the organiser does not want placed at a session; says why."""

    __tablename__ = "forbidden_placement"
    session_id: UUID = link("workshop_session.id", primary_key=True)
    volunteer_id: UUID = link("volunteer.id", primary_key=True)
    reason: str = personal(default="", max_length=400)
    by: str = internal(default="", max_length=100)


class PinnedPlacement(SQLModel, table=True):
    """A volunteer whom staff want at a session, whatever else the plan does; it still may break no hard rule."""

    __tablename__ = "pinned_placement"
    session_id: UUID = link("workshop_session.id", primary_key=True)
    volunteer_id: UUID = link("volunteer.id", primary_key=True)
    by: str = internal(default="", max_length=100)


class MatchProposal(Row, table=True):
    """A proposed plan for a span of dates, with the problem it answers, until it is accepted or discarded."""

    __tablename__ = "match_proposal"
    municipality_code: str = link("municipality.code")
    from_date: date = internal()
    to_date: date = internal()
    state: ProposalState = internal(default=ProposalState.OPEN, sa_type=stored_as(ProposalState))
    problem: dict[str, object] = personal(default_factory=dict, sa_type=JSON)
    plan: dict[str, object] = personal(default_factory=dict, sa_type=JSON)
    created_at: datetime = internal()
    created_by: str = internal(default="", max_length=100)
    settled_at: datetime | None = internal(default=None)


class VolunteerExpense(Row, table=True):
    """Travel cost or another expense of a volunteer, in yen."""

    __tablename__ = "volunteer_expense"
    municipality_code: str = link("municipality.code")
    volunteer_id: UUID = link("volunteer.id")
    assignment_id: UUID | None = link("assignment.id", default=None)
    kind: str = personal(max_length=40)
    yen: int = personal()
    spent_on: date = personal()
    paid_on: date | None = personal(default=None)
