"""How many people a room is going to hold, whoever is counted: the one limit that no reason lifts."""

from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.errors import DomainError
from events.models import Attendance, Seat, WorkshopSession
from events.states import AttendanceState, SeatState

CAME: Final = frozenset({AttendanceState.PRESENT, AttendanceState.LATE})


class RoomFull(DomainError):
    """The room may hold no more people: ``limit``, and ``people`` who are there or expected."""

    code = "room_full"


def must_fit_the_room(db: Session, session: WorkshopSession, *, more: int = 1) -> None:
    """Refuse ``more`` people when the room's limit would be passed. The session's row must be locked."""
    if session.room_limit is None:
        return
    people = expected_people(db, session)
    if people + more > session.room_limit:
        raise RoomFull(limit=session.room_limit, people=people)


def expected_people(db: Session, session: WorkshopSession) -> int:
    """Everybody who is there or may still claim a place: all places but those of people known to be away.

    Somebody marked absent, or gone home early, leaves room for a walk-in.
    """
    away = ~col(Attendance.state).in_(CAME) | col(Attendance.left_at).is_not(None)
    standing = (Attendance.session_id == session.id, col(Attendance.undone_at).is_(None))
    places_away = db.exec(
        select(func.coalesce(func.sum(Seat.places), 0))
        .join(Attendance, col(Attendance.seat_id) == Seat.id)
        .where(*standing, away, Seat.state == SeatState.CONFIRMED)
    ).one()
    without_seat = db.exec(
        select(func.count()).select_from(Attendance).where(*standing, ~away, col(Attendance.seat_id).is_(None))
    ).one()
    return session.confirmed_count + session.offered_count + session.lent_count - places_away + without_seat
