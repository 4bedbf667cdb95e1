"""Lists of helpers that leave as files: who did what between two days, and who is insured in a fiscal year."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue
from events.models import ContactPoint, Venue, Workshop, WorkshopSession
from events.states import ContactKind
from volunteers.hours import minutes_of
from volunteers.models import Assignment, InsuranceYear, Membership, Volunteer
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind

_LISTED = (AssignmentState.CONFIRMED, AssignmentState.DONE, AssignmentState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One helper at one session. Times are aware UTC; ``minutes`` as written down, else as planned, 0 for a no-show."""

    session_id: UUID
    workshop: str
    held_on: date
    venue: str
    volunteer_id: UUID
    name: str
    kana: str
    kind: VolunteerKind
    role: AssignmentRole
    starts_at: datetime | None
    ends_at: datetime | None
    minutes: int
    state: AssignmentState


@dataclass(frozen=True, slots=True)
class InsuredLine:
    """One helper on the list for the insurance of a fiscal year: only what the counter asks for."""

    name: str
    kana: str
    address: str
    telephone: str
    fiscal_year: int


def activity_lines(
    db: Session, *, municipality_code: str, first: date, last: date, today: date
) -> tuple[ActivityLine, ...]:
    """Who helped from ``first`` to ``last`` (Tokyo dates, both included), and before ``today``, by day and name.

    Raises InvalidValue (``last`` before ``first``).
    """
    if last < first:
        raise InvalidValue(field="last", value=last, problem="before_first", first=first)
    columns: Any = (Assignment, WorkshopSession, Workshop.title, Venue.name, Volunteer)
    query: Any = (
        select(*columns)
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .join(Workshop, col(Workshop.id) == col(WorkshopSession.workshop_id))
        .join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
        .outerjoin(Venue, col(Venue.id) == col(WorkshopSession.venue_id))
        .where(
            Assignment.municipality_code == municipality_code,
            col(Assignment.state).in_(_LISTED),
            col(WorkshopSession.held_on).between(first, last),
            WorkshopSession.held_on < today,
        )
        .order_by(
            col(WorkshopSession.held_on),
            col(WorkshopSession.starts_at),
            col(WorkshopSession.id),
            col(Volunteer.kana_key),
            col(Volunteer.id),
        )
    )
    return tuple(
        ActivityLine(
            session_id=session.id,
            workshop=title,
            held_on=session.held_on,
            venue=venue or session.place_text,
            volunteer_id=volunteer.id,
            name=volunteer.name,
            kana=volunteer.kana,
            kind=volunteer.kind,
            role=row.role,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            minutes=0 if row.state is AssignmentState.NO_SHOW else minutes_of(row, session),
            state=row.state,
        )
        for row, session, title, venue, volunteer in db.exec(query).all()
    )


def insured_lines(db: Session, *, municipality_code: str, fiscal_year: int) -> tuple[InsuredLine, ...]:
    """Members who are insured for a fiscal year or whose renewal is planned, in kana order."""
    query = (
        select(Volunteer, InsuranceYear.fiscal_year)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .join(InsuranceYear, col(InsuranceYear.volunteer_id) == col(Volunteer.id))
        .where(
            Membership.municipality_code == municipality_code,
            InsuranceYear.fiscal_year == fiscal_year,
            col(Volunteer.forgotten_at).is_(None),
            col(InsuranceYear.insured_from).is_not(None) | col(InsuranceYear.renewal_planned).is_(True),
        )
        .order_by(col(Volunteer.kana_key), col(Volunteer.name_key), col(Volunteer.id))
    )
    rows = db.exec(query).all()
    numbers = select(ContactPoint.volunteer_id, ContactPoint.value).where(
        col(ContactPoint.volunteer_id).in_([volunteer.id for volunteer, _ in rows]),
        ContactPoint.kind == ContactKind.TELEPHONE,
    )
    telephones = {volunteer_id: value for volunteer_id, value in db.exec(numbers).all() if volunteer_id is not None}
    return tuple(
        InsuredLine(
            volunteer.name,
            volunteer.kana,
            volunteer.address or volunteer.town,
            telephones.get(volunteer.id, ""),
            year,
        )
        for volunteer, year in rows
    )
