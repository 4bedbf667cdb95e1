"""The situation a person must know of: how their application stands, and when and where their sessions are.

Two situations are the same when their marks are. A mark begins with the state, so that it can be read in the data, and
holds no value of anybody.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Choice, IntakeSession, Offer, Registration, Seat, Slot, WorkshopSession
from events.states import ACTIVE_REGISTRATIONS, STOPPED_STATES, SeatState

_HELD = (SeatState.CONFIRMED, SeatState.OFFERED)
_MANY = 1000  # ids in one question
T = TypeVar("T")


def portions(ids: Collection[T]) -> Iterator[list[T]]:
    """Ids in portions that every database takes in one question."""
    listed = list(ids)
    for start in range(0, len(listed), _MANY):
        yield listed[start : start + _MANY]


def marks_of(db: Session, registrations: Sequence[Registration]) -> dict[UUID, str]:
    """The mark of each application's situation; the same few questions for one as for ten thousand."""
    db.flush()
    active = [each for each in registrations if each.state in ACTIVE_REGISTRATIONS]
    about = sessions_of_many(db, active)
    facts = _facts(db, {session_id for ids in about.values() for session_id in ids})
    ids = [each.id for each in active]
    replies, slots = _replies(db, ids), _slots(db, ids)
    marks = {}
    for each in registrations:
        said = [facts[session_id] for session_id in sorted(about.get(each.id, ()))]
        said += [replies.get(each.id, ""), slots.get(each.id, "")]
        marks[each.id] = _mark(each.state, said if each.state in ACTIVE_REGISTRATIONS else ())
    return marks


def mark_of_session(session: WorkshopSession) -> str:
    """The mark of one session's day and place, for reminders."""
    return _mark("session", [_fact(session)])


def state_of_mark(mark: str) -> str:
    """The state that stood when a mark was made; empty for no mark."""
    return mark.partition(":")[0] if ":" in mark else ""


def sessions_of_many(db: Session, registrations: Sequence[Registration]) -> dict[UUID, set[UUID]]:
    """The sessions each active application is about: its seats, else its choices, else all of its intake."""
    found: dict[UUID, set[UUID]] = {}
    for ids in portions([each.id for each in registrations]):
        seats = select(Seat.registration_id, Seat.session_id).where(
            col(Seat.registration_id).in_(ids), col(Seat.state).in_(_HELD)
        )
        for registration_id, session_id in db.exec(seats):
            found.setdefault(registration_id, set()).add(session_id)
    unseated = [each for each in registrations if each.id not in found]
    for ids in portions([each.id for each in unseated]):
        choices = select(Choice.registration_id, Choice.session_id).where(col(Choice.registration_id).in_(ids))
        for registration_id, session_id in db.exec(choices):
            found.setdefault(registration_id, set()).add(session_id)
    of_intake: dict[UUID, set[UUID]] = {}
    for ids in portions({each.intake_id for each in unseated}):
        query = select(IntakeSession.intake_id, IntakeSession.session_id).where(col(IntakeSession.intake_id).in_(ids))
        for intake_id, session_id in db.exec(query):
            of_intake.setdefault(intake_id, set()).add(session_id)
    return {each.id: found.get(each.id) or of_intake.get(each.intake_id, set()) for each in registrations}


def _facts(db: Session, session_ids: Collection[UUID]) -> dict[UUID, str]:
    return {
        session.id: _fact(session)
        for ids in portions(session_ids)
        for session in db.exec(select(WorkshopSession).where(col(WorkshopSession.id).in_(ids)))
    }


def _fact(session: WorkshopSession) -> str:
    stopped = session.state.value if session.state in STOPPED_STATES else ""
    place = (session.venue_id, session.room_id, session.place_text, session.online_url)
    times = (_moment(session.starts_at), _moment(session.ends_at)) if not stopped else ()
    return "|".join(map(str, (session.id, session.held_on if not stopped else "", *times, *place, stopped)))


def _replies(db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    return {
        registration_id: _moment(reply_by)
        for some in portions(ids)
        for registration_id, reply_by in db.exec(
            select(Offer.registration_id, Offer.reply_by).where(
                col(Offer.registration_id).in_(some), Offer.answer == ""
            )
        )
    }


def _slots(db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    return {
        registration_id: _moment(starts_at)
        for some in portions(ids)
        for registration_id, starts_at in db.exec(
            select(Seat.registration_id, Slot.starts_at)
            .join(Slot, col(Slot.seat_id) == Seat.id)
            .where(col(Seat.registration_id).in_(some), col(Seat.state).in_(_HELD))
        )
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _mark(state: str, said: Iterable[str]) -> str:
    return f"{state}:{hashlib.sha256(chr(10).join(said).encode()).hexdigest()[:16]}"
