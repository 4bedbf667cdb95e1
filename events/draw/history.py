"""What counts for more slips: who came before, and who lost a draw in the past year and has had no seat since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.models import Attendance, Intake, Registration, Seat
from events.states import AttendanceState, RegistrationState, SeatState

LOSS_COUNTS: Final = timedelta(days=365)
_CAME: Final = (AttendanceState.PRESENT, AttendanceState.LATE)


@dataclass(frozen=True, slots=True)
class Past:
    """Who of an intake's applicants ``came`` to any session before, and who ``lost`` and got nothing since."""

    came: frozenset[UUID]
    lost: frozenset[UUID]


def past_of(db: Session, intake: Intake, *, now: datetime) -> Past:
    """The past of those who wait for the draw of an intake; three statements, however many they are."""
    applicants = select(Registration.attendee_id).where(
        Registration.intake_id == intake.id, Registration.state == RegistrationState.WAITING_DRAW
    )
    came = select(Attendance.attendee_id).where(
        col(Attendance.attendee_id).in_(applicants),
        col(Attendance.state).in_(_CAME),
        col(Attendance.undone_at).is_(None),
    )
    lost = (
        select(col(Registration.attendee_id), func.max(Registration.changed_at))
        .where(
            col(Registration.attendee_id).in_(applicants),
            Registration.intake_id != intake.id,
            Registration.state == RegistrationState.LOST,
            col(Registration.changed_at) > now - LOSS_COUNTS,
        )
        .group_by(col(Registration.attendee_id))
    )
    seated = (
        select(col(Seat.attendee_id), func.max(Seat.given_at))
        .where(col(Seat.attendee_id).in_(applicants), Seat.state == SeatState.CONFIRMED)
        .group_by(col(Seat.attendee_id))
    )
    last_seat = dict(db.exec(seated).all())
    losers = {person for person, at in db.exec(lost) if person not in last_seat or last_seat[person] < at}
    return Past(frozenset(db.exec(came).all()), frozenset(losers))
