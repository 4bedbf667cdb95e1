"""The one place where seats are taken and given back.

A place is taken by one conditional statement, so nothing is ever oversold, from however many tablets and processes
at the same moment; the table's own constraint is the last guard. Walk-ins without a seat count towards the room's
limit; the session must be locked before, so that everybody's are seen. Whoever takes several sessions at once locks
them in the order of their ids (``lock_sessions``), after the intake.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select

from events.changes import note_change
from events.errors import NotFound
from events.models import Seat, WorkshopSession
from events.room_limit import people_beyond_seats
from events.states import SeatState

_COUNTERS = ("confirmed_count", "offered_count", "people_without_phone")
_CODES = 1_000_000


def lock_sessions(db: Session, session_ids: Collection[UUID]) -> list[WorkshopSession]:
    """The sessions as they stand now, kept from others until the end of the transaction; in the order of ids.

    Raises NotFound.
    """
    query = (
        select(WorkshopSession)
        .where(col(WorkshopSession.id).in_(session_ids))
        .order_by(col(WorkshopSession.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = list(db.exec(query).all())
    if len(found) != len(set(session_ids)):
        raise NotFound(thing="session_id")
    return found


def take_places(
    db: Session, *, session_id: UUID, places: int = 1, offered: bool = False, without_phone: bool = False
) -> bool:
    """Take places if that many are free, as confirmed or as ``offered``; False when they are not."""
    column = "offered_count" if offered else "confirmed_count"
    return _count(
        db, session_id, {column: places, "people_without_phone": int(without_phone and not offered)}, places
    )


def give_back_places(
    db: Session, *, session_id: UUID, places: int = 1, offered: bool = False, without_phone: bool = False
) -> None:
    """Give places back that were confirmed, or ``offered``."""
    column = "offered_count" if offered else "confirmed_count"
    _count(db, session_id, {column: -places, "people_without_phone": -int(without_phone and not offered)}, 0)


def give_seat(
    db: Session,
    *,
    session_id: UUID,
    registration_id: UUID,
    attendee_id: UUID,
    places: int,
    without_phone: bool,
    now: datetime,
    offered: bool = False,
) -> Seat | None:
    """Take places for one application and write the seat; None when they are not free."""
    if not take_places(db, session_id=session_id, places=places, offered=offered, without_phone=without_phone):
        return None
    seat = Seat(
        registration_id=registration_id,
        session_id=session_id,
        attendee_id=attendee_id,
        state=SeatState.OFFERED if offered else SeatState.CONFIRMED,
        places=places,
        code=new_seat_code(db, session_id=session_id),
        without_phone=without_phone,
        given_at=now,
    )
    db.add(seat)
    db.flush()
    return seat


def confirm_seat(db: Session, seat: Seat) -> None:
    """Turn an offered seat into a confirmed one; the sum does not change."""
    if seat.state is not SeatState.OFFERED:
        return
    changes = {
        "offered_count": -seat.places,
        "confirmed_count": seat.places,
        "people_without_phone": int(seat.without_phone),
    }
    _count(db, seat.session_id, changes, 0)
    seat.state = SeatState.CONFIRMED
    db.flush()


def release_seat(db: Session, seat: Seat, *, now: datetime) -> None:
    """Give a seat back; the row stays."""
    if seat.state is SeatState.RELEASED:
        return
    give_back_places(
        db,
        session_id=seat.session_id,
        places=seat.places,
        offered=seat.state is SeatState.OFFERED,
        without_phone=seat.without_phone,
    )
    seat.state, seat.released_at = SeatState.RELEASED, now
    db.flush()


def change_without_phone(db: Session, seat: Seat, *, without_phone: bool) -> None:
    """Note that the person on this seat needs a loan phone, or no longer does."""
    if seat.without_phone == without_phone:
        return
    if seat.state is SeatState.CONFIRMED:
        _count(db, seat.session_id, {"people_without_phone": 1 if without_phone else -1}, 0)
    seat.without_phone = without_phone
    db.flush()


def new_seat_code(db: Session, *, session_id: UUID) -> str:
    """Six digits that no other seat of the session has or had."""
    taken = set(db.exec(select(Seat.code).where(Seat.session_id == session_id)).all())
    while True:
        code = f"{secrets.randbelow(_CODES):06d}"
        if code not in taken:
            return code


def _count(db: Session, session_id: UUID, changes: dict[str, int], needed: int) -> bool:
    """Add to the counters of one session if ``needed`` places are free; the one statement that does."""
    db.flush()
    table = WorkshopSession.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    taken = table.c.confirmed_count + table.c.offered_count + table.c.lent_count
    changed = {column: table.c[column] + more for column, more in changes.items() if more}
    if not changed:
        return True
    statement = sqlalchemy.update(table).where(table.c.id == session_id).values(changed)
    if needed > 0:
        in_room = taken + needed + people_beyond_seats(session_id)
        fits_room = table.c.room_limit.is_(None) | (in_room <= table.c.room_limit)
        statement = statement.where(taken + needed <= table.c.seats, fits_room)
    if db.connection().execute(statement).rowcount != 1:
        return False
    loaded = db.identity_map.get(identity_key(WorkshopSession, session_id))
    if loaded is not None:
        db.expire(loaded, _COUNTERS)
    note_change(
        db, table="workshop_session", row_id=session_id, columns=tuple(changed), session_id=session_id
    )
    return True
