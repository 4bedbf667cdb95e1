"""What stands at the intakes that can be booked: who waits, who has applied or a seat, which times are free."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.models import Choice, Registration, Seat, Slot, WorkshopSession
from events.states import ACTIVE_REGISTRATIONS, RegistrationState, SeatState


def people_waiting(db: Session, intake_ids: Collection[UUID]) -> dict[tuple[UUID, UUID | None], int]:
    """People without a seat by intake, and by first choice where there are several sessions."""
    states = (RegistrationState.WAITING, RegistrationState.WAITING_DRAW)
    query: Any = (
        select(Registration.intake_id, col(Choice.session_id), func.count())
        .outerjoin(Choice, (col(Choice.registration_id) == Registration.id) & (col(Choice.rank) == 1))
        .where(col(Registration.intake_id).in_(intake_ids), col(Registration.state).in_(states))
        .group_by(col(Registration.intake_id), col(Choice.session_id))
    )
    counted: dict[tuple[UUID, UUID | None], int] = {}
    for intake_id, session_id, count in db.exec(query):
        for key in {(intake_id, session_id), (intake_id, None)}:
            counted[key] = counted.get(key, 0) + count
    return counted


def own_states(
    db: Session, intake_ids: Collection[UUID], attendee_id: UUID | None
) -> dict[UUID, RegistrationState]:
    """Where a person's own applications that stand are, by intake."""
    if attendee_id is None:
        return {}
    query = select(col(Registration.intake_id), col(Registration.state)).where(
        col(Registration.intake_id).in_(intake_ids),
        Registration.attendee_id == attendee_id,
        col(Registration.state).in_(ACTIVE_REGISTRATIONS),
    )
    return dict(db.exec(query).all())


def busy_times(db: Session, attendee_id: UUID | None, now: datetime) -> list[tuple[datetime, datetime]]:
    """When the person already has a seat somewhere."""
    if attendee_id is None:
        return []
    query = (
        select(col(WorkshopSession.starts_at), col(WorkshopSession.ends_at))
        .join(Seat, col(Seat.session_id) == WorkshopSession.id)
        .where(
            Seat.attendee_id == attendee_id,
            Seat.state != SeatState.RELEASED,
            col(WorkshopSession.ends_at) > now,
        )
    )
    return [(starts, ends) for starts, ends in db.exec(query) if starts is not None and ends is not None]


def free_times(db: Session, session_ids: Collection[UUID]) -> dict[UUID, tuple[datetime, ...]]:
    """The times at the consultation tables that nobody has yet (aware UTC), by session."""
    if not session_ids:
        return {}
    query = (
        select(col(Slot.session_id), col(Slot.starts_at))
        .where(col(Slot.session_id).in_(session_ids), col(Slot.seat_id).is_(None))
        .distinct()
        .order_by(col(Slot.starts_at))
    )
    times: dict[UUID, list[datetime]] = {}
    for session_id, starts_at in db.exec(query):
        times.setdefault(session_id, []).append(starts_at)
    return {session_id: tuple(moments) for session_id, moments in times.items()}
