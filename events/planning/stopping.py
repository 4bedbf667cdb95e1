"""Postpone and cancel, each with its reason, and the way back. Nothing is deleted; everybody concerned is told."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.models import Attendance, Workshop, WorkshopSession
from events.notices.kinds import SESSION_CANCELLED, SESSION_POSTPONED, SESSION_REOPENED
from events.planning.checks import checked_reason
from events.planning.drafts import SessionEdit, SessionReceipt, WorkshopReceipt
from events.planning.editing import move_session
from events.planning.errors import WrongState
from events.planning.lookups import (
    is_held,
    load_session,
    load_workshop,
    must_not_be_held,
    receipt_of,
    sessions_of,
)
from events.planning.releasing import release_everybody, take_everybody_back
from events.planning.telling import tell_people
from events.states import ProgrammeState

_OVER = frozenset({ProgrammeState.HELD, ProgrammeState.REPORTED})


def cancel_session(db: Session, *, session_id: UUID, reason: str, now: datetime, by: str) -> SessionReceipt:
    """Call a session off: places are released, applications end, everybody concerned will be told.

    Raises WrongState when it is cancelled already or people were ticked as present, SessionHeld when it is over.
    """
    session, workshop = load_session(db, session_id, now=now)
    must_not_be_held([session], now)
    told = _cancel(db, session, checked_reason(reason), now)
    _follow_sessions(db, workshop, now)
    del by
    return _receipt(session, told)


def cancel_workshop(
    db: Session, *, workshop_id: UUID, version: int, reason: str, now: datetime, by: str
) -> WorkshopReceipt:
    """Call off every session that is still to come, and the workshop with them. Raises SessionHeld when none is."""
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    if workshop.state is ProgrammeState.CANCELLED:
        raise WrongState(state=workshop.state)
    checked = checked_reason(reason)
    sessions = sessions_of(db, workshop_id)
    if sessions and all(is_held(session, now) for session in sessions):
        must_not_be_held(sessions, now)
    for each in sorted(sessions, key=lambda row: row.id):
        if is_held(each, now):
            continue
        if each.state not in _OVER | {ProgrammeState.CANCELLED} and not _somebody_came(db, each.id):
            session, _ = load_session(db, each.id, now=now)
            _cancel(db, session, checked, now)
    _stop_workshop(workshop, checked, now)
    db.flush()
    del by
    return receipt_of(db, workshop)


def postpone_session(
    db: Session,
    *,
    session_id: UUID,
    reason: str,
    now: datetime,
    by: str,
    held_on: date | None = None,
    starts: time | None = None,
    ends: time | None = None,
    confirmed: bool = False,
    override_reason: str = "",
) -> SessionReceipt:
    """Move a session to a new day and keep its people; without a day it waits, postponed, until one is known.

    It stays the same session, so calendars move the entry they have. Raises WrongState, RoomTaken, VenueClosed …
    """
    session, workshop = load_session(db, session_id, now=now)
    must_not_be_held([session], now)
    checked = checked_reason(reason)
    if session.state in {ProgrammeState.CANCELLED, *_OVER} or (
        session.state is ProgrammeState.POSTPONED and held_on is None
    ):
        raise WrongState(state=session.state)
    if held_on is None:
        _stop(session, ProgrammeState.POSTPONED, checked, now)
        told = tell_people(db, session, kind=SESSION_POSTPONED, reason=checked, now=now)
        return _receipt(session, told)
    _resume(session)
    edit = SessionEdit(held_on=held_on, starts=starts, ends=ends, confirmed=confirmed, override_reason=override_reason)
    cautions, told = move_session(db, session, workshop, edit, now=now, reason=checked)
    del by
    return SessionReceipt(session.id, workshop.id, session.state, session.version, told, cautions)


def reopen_session(db: Session, *, session_id: UUID, reason: str, now: datetime, by: str) -> SessionReceipt:
    """Take a cancellation or postponement back: people have their places and ranks again, and are told so."""
    session, workshop = load_session(db, session_id, now=now)
    checked = checked_reason(reason)
    if session.state is ProgrammeState.CANCELLED:
        take_everybody_back(db, session, now)
    elif session.state is not ProgrammeState.POSTPONED:
        raise WrongState(state=session.state)
    _resume(session)
    _changed(session, now)
    if workshop.state is ProgrammeState.CANCELLED:
        workshop.state = ProgrammeState(workshop.state_before or ProgrammeState.DRAFT)
        workshop.state_before = workshop.stop_reason = ""
        workshop.version += 1
        workshop.changed_at = now
    told = tell_people(db, session, kind=SESSION_REOPENED, reason=checked, now=now)
    del by
    return _receipt(session, told)


def _cancel(db: Session, session: WorkshopSession, reason: str, now: datetime) -> int:
    if session.state in {ProgrammeState.CANCELLED, *_OVER} or _somebody_came(db, session.id):
        raise WrongState(state=session.state)
    people = release_everybody(db, session, reason=reason, now=now)
    _stop(session, ProgrammeState.CANCELLED, reason, now)
    told = tell_people(db, session, kind=SESSION_CANCELLED, reason=reason, now=now, people=people)
    db.flush()
    return told


def _somebody_came(db: Session, session_id: UUID) -> bool:
    standing = select(func.count()).select_from(Attendance)
    return bool(db.exec(standing.where(Attendance.session_id == session_id, col(Attendance.undone_at).is_(None))).one())


def _stop(session: WorkshopSession, state: ProgrammeState, reason: str, now: datetime) -> None:
    session.state_before = session.state_before or session.state.value
    session.state = state
    session.stop_reason, session.stopped_at = reason, now
    _changed(session, now)


def _resume(session: WorkshopSession) -> None:
    if session.state_before:
        session.state = ProgrammeState(session.state_before)
        session.state_before = session.stop_reason = ""
        session.stopped_at = None


def _changed(session: WorkshopSession, now: datetime) -> None:
    session.version += 1
    session.calendar_sequence += 1
    session.calendar_changed_at = now


def _stop_workshop(workshop: Workshop, reason: str, now: datetime) -> None:
    workshop.state_before = workshop.state.value
    workshop.state = ProgrammeState.CANCELLED
    workshop.stop_reason = reason
    workshop.version += 1
    workshop.changed_at = now


def _follow_sessions(db: Session, workshop: Workshop, now: datetime) -> None:
    sessions = sessions_of(db, workshop.id)
    if all(session.state is ProgrammeState.CANCELLED for session in sessions):
        _stop_workshop(workshop, sessions[-1].stop_reason, now)
        db.flush()


def _receipt(session: WorkshopSession, told: int) -> SessionReceipt:
    return SessionReceipt(session.id, session.workshop_id, session.state, session.version, told)
