"""Who must be told when a session moves, stops or starts again: one notice for each application concerned."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from events.models import Attendee, Choice, Intake, IntakeSession, Notice, Registration, Seat, WorkshopSession
from events.states import ACTIVE_REGISTRATIONS, IntakeUnit, NoticeState, RegistrationState, SeatState

_HELD = (SeatState.CONFIRMED, SeatState.OFFERED)
_NOT_SEATED = (RegistrationState.WAITING, RegistrationState.WAITING_DRAW)


def people_concerned(db: Session, session_id: UUID) -> Sequence[Registration]:
    """Active applications that hold a place at the session, or wait for one, in the order they came.

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
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    )
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
    """A notice for everybody concerned; one that was not sent yet about the same thing is replaced."""
    concerned = people_concerned(db, session.id) if people is None else people
    drop_unsent(db, session.id, kind=kind)
    ways = _ways(db, [registration.attendee_id for registration in concerned])
    for registration in concerned:
        db.add(
            Notice(
                municipality_code=session.municipality_code,
                registration_id=registration.id,
                attendee_id=registration.attendee_id,
                session_id=session.id,
                kind=kind,
                way=ways.get(registration.attendee_id) or "telephone",
                reason=reason,
                created_at=now,
            )
        )
    db.flush()
    return len(concerned)


def _ways(db: Session, attendee_ids: Sequence[UUID]) -> dict[UUID, str]:
    if not attendee_ids:
        return {}
    query = select(Attendee.id, Attendee.notice_by).where(col(Attendee.id).in_(attendee_ids))
    return dict(db.exec(query).all())


def drop_unsent(db: Session, session_id: UUID, *, kind: str) -> None:
    """Notices of this kind that did not leave yet need not leave any more."""
    query = select(Notice).where(
        Notice.session_id == session_id, Notice.kind == kind, Notice.state == NoticeState.PENDING
    )
    for notice in db.exec(query):
        notice.state = NoticeState.DROPPED
