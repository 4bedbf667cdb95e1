"""What the command line asks the database before it acts."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import Intake, IntakeSession, Municipality
from volunteers.models import Membership, Volunteer


@dataclass(frozen=True, slots=True)
class VolunteerName:
    """Whose calendar it is, and the municipality in whose log its leaving is written."""

    name: str
    municipality_code: str


def municipality_codes(db: Session) -> tuple[str, ...]:
    """The codes of all municipalities in the database, in order."""
    return tuple(db.exec(select(Municipality.code).order_by(col(Municipality.code))))


def municipality_names(db: Session) -> dict[str, str]:
    """Code → name of all municipalities, in order of their codes."""
    return dict(db.exec(select(Municipality.code, Municipality.name).order_by(col(Municipality.code))).all())


def volunteer_name(db: Session, *, volunteer_id: UUID) -> VolunteerName:
    """A volunteer's name and first municipality. Raises NotFound."""
    found = db.exec(
        select(Volunteer.name, Membership.municipality_code)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .where(Volunteer.id == volunteer_id)
        .order_by(col(Membership.municipality_code))
    ).first()
    if found is None:
        raise NotFound(thing="volunteer_id")
    return VolunteerName(*found)


@dataclass(frozen=True, slots=True)
class IntakeToDraw:
    """An intake, and the municipality in whose log its draw is written."""

    intake_id: UUID
    municipality_code: str


def intake_to_draw(db: Session, *, given_id: UUID) -> IntakeToDraw:
    """The intake of that id, or the one that gives the seats of the session of that id alone. Raises NotFound."""
    intake = db.get(Intake, given_id)
    if intake is None:
        own = db.exec(select(IntakeSession.intake_id).where(IntakeSession.session_id == given_id)).all()
        others = select(IntakeSession.session_id).where(
            col(IntakeSession.intake_id).in_(own), IntakeSession.session_id != given_id
        )
        if len(own) == 1 and db.exec(others).first() is None:
            intake = db.get(Intake, own[0])
    if intake is None:
        raise NotFound(thing="intake_id")
    return IntakeToDraw(intake.id, intake.municipality_code)
