"""Who is concerned when a session moves, stops or starts again, and must be told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from events.models import Choice, Intake, IntakeSession, Registration, Seat, WorkshopSession
from events.notices.writing import tell
from events.states import ACTIVE_REGISTRATIONS, IntakeUnit, RegistrationState, SeatState

_HELD = (SeatState.CONFIRMED, SeatState.OFFERED)
_NOT_SEATED = (RegistrationState.WAITING, RegistrationState.WAITING_DRAW)


def people_concerned(db: Session, session_id: UUID, *, lock: bool = True) -> Sequence[Registration]:
    """Active applications that hold a place at the session, or wait for one, in the order they came; kept from others.

    Where people choose between sessions, those who wait are concerned if they named this one.
    """
    seated = select(Seat.registration_id).where(Seat.session_id == session_id, col(Seat.state).in_(_HELD))
    chosen = select(Choice.registration_id).where(Choice.session_id == session_id)
    intakes = select(IntakeSession.intake_id).where(IntakeSession.session_id == session_id)
    waiting = col(Registration.state).in_(_NOT_SEATED) & (
        (col(Intake.unit) != IntakeUnit.CHOICE) | col(Registration.id).in_(chosen)
    )
    query = (
        select(Registration)
        .join(Intake, col(Intake.id) == Registration.intake_id)
        .where(
            col(Registration.intake_id).in_(intakes),
            col(Registration.state).in_(ACTIVE_REGISTRATIONS),
            or_(col(Registration.id).in_(seated), waiting),
        )
        .order_by(col(Registration.number), col(Registration.id))
    )
    if lock:
        query = query.with_for_update(of=Registration).execution_options(populate_existing=True)
    return db.exec(query).all()


def tell_people(
    db: Session,
    session: WorkshopSession,
    *,
    kind: str,
    reason: str,
    now: datetime,
    people: Sequence[Registration] | None = None,
) -> int:
    """Note that everybody concerned must be told; answers how many there are."""
    concerned = people_concerned(db, session.id) if people is None else people
    return tell(db, concerned, kind, now=now, reason=reason, session_id=session.id)
