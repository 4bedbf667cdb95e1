"""Who finished a course: came to as many of its sessions as its rule asks."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.announcing import Office, office_of
from events.errors import InvalidValue, NotFound
from events.models import Attendance, Attendee, Workshop, WorkshopSession
from events.states import STOPPED_STATES, AttendanceState

_CAME = (AttendanceState.PRESENT, AttendanceState.LATE)


@dataclass(frozen=True, slots=True)
class Finisher:
    """One person who finished, with how many sessions they came to."""

    attendee_id: UUID
    name: str
    came: int


@dataclass(frozen=True, slots=True)
class Completions:
    """The people who finished a workshop of ``sessions`` sessions, in kana order."""

    title: str
    sessions: int
    office: Office
    people: tuple[Finisher, ...]


def completions(db: Session, *, workshop_id: UUID, at_least: int) -> Completions:
    """Everybody who came (late too) to ``at_least`` sessions; companions do not count.

    Raises NotFound, InvalidValue (``at_least`` is not from 1 to the number of sessions held).
    """
    workshop = db.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(thing="workshop_id")
    held = (WorkshopSession.workshop_id == workshop_id, col(WorkshopSession.state).not_in(STOPPED_STATES))
    sessions = db.exec(select(func.count()).select_from(WorkshopSession).where(*held)).one()
    if not 1 <= at_least <= max(sessions, 1):
        raise InvalidValue(
            field="session_count", value=at_least, problem="out_of_range", least=1, most=max(sessions, 1)
        )
    came = func.count(col(Attendance.session_id).distinct())
    query = (
        select(Attendee, came)
        .join(Attendance, col(Attendance.attendee_id) == Attendee.id)
        .join(WorkshopSession, col(WorkshopSession.id) == Attendance.session_id)
        .where(
            *held,
            col(Attendance.undone_at).is_(None),
            col(Attendance.companion).is_(False),
            col(Attendance.state).in_(_CAME),
        )
        .group_by(col(Attendee.id))
        .having(came >= at_least)
        .order_by(col(Attendee.kana_key), col(Attendee.id))
    )
    people = tuple(Finisher(person.id, person.name, count) for person, count in db.exec(query).all())
    return Completions(workshop.title, sessions, office_of(db, workshop), people)
