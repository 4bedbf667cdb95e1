"""What a certificate says of a volunteer's work for one city, and who helps in a hall."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.fiscal_year import first_day, last_day
from events.models import Municipality, Workshop, WorkshopSession
from volunteers.models import Assignment, Volunteer
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind

_HELPS = frozenset({AssignmentState.CONFIRMED, AssignmentState.DONE})


@dataclass(frozen=True, slots=True)
class CertifiedPart:
    """One session that was worked, with its minutes as written down. ``held_on`` is a Tokyo date."""

    held_on: date
    title: str
    role: AssignmentRole
    minutes: int


@dataclass(frozen=True, slots=True)
class CertifiedYear:
    """A volunteer's finished work for one city in one fiscal year (April to March), oldest first."""

    municipality_code: str
    city: str
    name: str
    kind: VolunteerKind
    fiscal_year: int
    parts: tuple[CertifiedPart, ...]

    @property
    def minutes(self) -> int:
        """All minutes together."""
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True, slots=True)
class HallHelpers:
    """Who helps at a session, 講師 first, and for how many people each is planned."""

    names: tuple[str, ...]
    people_per_helper: int


def certified_year(
    db: Session, *, volunteer_id: UUID, municipality_code: str, fiscal_year: int
) -> CertifiedYear:
    """What was done and written down; a part that is only planned is not certified. Raises NotFound."""
    volunteer = db.get(Volunteer, volunteer_id)
    city = db.get(Municipality, municipality_code)
    if volunteer is None or city is None:
        raise NotFound(thing="volunteer_id")
    query = (
        select(Assignment, col(WorkshopSession.held_on), col(Workshop.title))
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .join(Workshop, col(Workshop.id) == col(WorkshopSession.workshop_id))
        .where(
            Assignment.volunteer_id == volunteer_id,
            Assignment.municipality_code == municipality_code,
            Assignment.state == AssignmentState.DONE,
            col(WorkshopSession.held_on).between(first_day(fiscal_year), last_day(fiscal_year)),
        )
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at))
    )
    parts = tuple(CertifiedPart(day, title, row.role, row.minutes or 0) for row, day, title in db.exec(query).all())
    return CertifiedYear(municipality_code, city.name, volunteer.name, volunteer.kind, fiscal_year, parts)


def hall_helpers(db: Session, *, session_id: UUID) -> HallHelpers:
    """Names only, for seat plan and evacuation list. Raises NotFound."""
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    rows = db.exec(
        select(col(Assignment.role), col(Volunteer.name))
        .join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
        .where(Assignment.session_id == session_id, col(Assignment.state).in_(_HELPS))
        .order_by(col(Volunteer.kana_key), col(Volunteer.id))
    ).all()
    order = {role: place for place, role in enumerate(AssignmentRole)}
    names = tuple(name for _, name in sorted(rows, key=lambda row: order[AssignmentRole(row[0])]))
    return HallHelpers(names, db.get_one(Municipality, session.municipality_code).people_per_helper)
