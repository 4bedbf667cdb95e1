"""How many people a room is going to hold, whoever is counted: the one limit that no reason lifts."""

from typing import Any, Final

import sqlalchemy
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
    beyond: int = db.exec(select(people_beyond_seats(session.id))).one()
    return session.confirmed_count + session.offered_count + session.lent_count + beyond


def people_beyond_seats(session_id: Any) -> Any:
    """By how many the people in the room differ from the seats taken, as a column; a value or a column is given.

    Walk-ins without a seat are more, people known to be away are fewer.
    """
    away = ~col(Attendance.state).in_(CAME) | col(Attendance.left_at).is_not(None)
    standing = (col(Attendance.session_id) == session_id, col(Attendance.undone_at).is_(None))
    places_away = (
        sqlalchemy.select(func.coalesce(func.sum(col(Seat.places)), 0))
        .select_from(Attendance)
        .join(Seat, col(Attendance.seat_id) == col(Seat.id))
        .where(*standing, away, col(Seat.state) == SeatState.CONFIRMED)
    )
    without_seat = (
        sqlalchemy.select(func.count())
        .select_from(Attendance)
        .where(*standing, ~away, col(Attendance.seat_id).is_(None))
    )
    return without_seat.scalar_subquery() - places_away.scalar_subquery()
