"""Reminders some days before a session, for those who have a seat; never twice, and not where news is on its way."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.japan.clock import tokyo_date, tokyo_time
from events.models import Municipality, Notice, Registration, Seat, WorkshopSession
from events.notices.kinds import TO_TELL, is_reminder, reminder_kind
from events.notices.situation import mark_of_session, portions
from events.notices.ways import reaches
from events.notices.writing import drop_all, open_notices, send_by
from events.registration_rules import OVER_STATES
from events.seats import lock_sessions
from events.states import STOPPED_STATES, NoticeState, ProgrammeState, RegistrationState, SeatState

REMINDER_DAYS: Final = (3, 1)  # municipality.settings["reminder_days"] overrides; an empty list: no reminders
_FROM: Final = time(8, 0)  # nobody gets a mail at night
_QUIET: Final = STOPPED_STATES | OVER_STATES | {ProgrammeState.DRAFT}


def make_reminders(db: Session, *, municipality_code: str, now: datetime) -> int:
    """Make the reminders that are due today (Tokyo, from eight in the morning); answers how many.

    Whoever took their seat on or after the day of a reminder needs none, nor does who must be told something anyway.
    Reminders and news that nobody could be told before the session was over are dropped.
    """
    _drop_what_is_over(db, municipality_code, now)
    if tokyo_time(now) < _FROM:
        return 0
    days = reminder_days(db, municipality_code)
    return sum(_remind(db, session, days, now) for session in _coming(db, municipality_code, days, now))


def reminder_days(db: Session, municipality_code: str) -> tuple[int, ...]:
    """How many days before a session people are reminded, the farthest first."""
    said = db.get_one(Municipality, municipality_code).settings.get("reminder_days", REMINDER_DAYS)
    days = {each for each in said if isinstance(each, int) and each > 0} if isinstance(said, (list, tuple)) else set()
    return tuple(sorted(days, reverse=True))


def _coming(
    db: Session, municipality_code: str, days: Sequence[int], now: datetime
) -> Sequence[WorkshopSession]:
    if not days:
        return ()
    today = tokyo_date(now)
    query = select(WorkshopSession.id).where(
        WorkshopSession.municipality_code == municipality_code,
        WorkshopSession.held_on > today,
        WorkshopSession.held_on <= today + timedelta(days=max(days)),
        col(WorkshopSession.state).not_in(_QUIET),
    )
    ids = db.exec(query).all()
    return [each for each in lock_sessions(db, ids) if each.state not in _QUIET] if ids else ()


def _remind(db: Session, session: WorkshopSession, days: Sequence[int], now: datetime) -> int:
    left = (session.held_on - tokyo_date(now)).days
    due = min((each for each in days if each >= left), default=None)
    if due is None:
        return 0
    kind, mark = reminder_kind(due), mark_of_session(session)
    seated = _seated(db, session, session.held_on - timedelta(days=due))
    ids = [each.id for each in seated]
    standing, had = open_notices(db, ids), _had(db, ids, session.id, kind, mark)
    found = reaches(db, {each.attendee_id for each in seated})
    made = 0
    for registration in seated:
        notice = standing.get(registration.id)
        if registration.id in had or (notice is not None and not _is_older(notice, session.id)):
            continue
        if notice is None:
            notice = Notice(
                municipality_code=session.municipality_code,
                registration_id=registration.id,
                attendee_id=registration.attendee_id,
                session_id=session.id,
                kind=kind,
                created_at=now,
            )
        notice.kind, notice.about, notice.created_at = kind, mark, now
        send_by(notice, found[registration.attendee_id].way, now)
        db.add(notice)
        made += 1
    db.flush()
    return made


def _seated(db: Session, session: WorkshopSession, due_on: date) -> list[Registration]:
    """Who has a confirmed seat and took it before the day of the reminder."""
    query = (
        select(Registration, Seat.given_at)
        .join(Seat, col(Seat.registration_id) == Registration.id)
        .where(
            Seat.session_id == session.id,
            Seat.state == SeatState.CONFIRMED,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .order_by(col(Registration.number))
    )
    return [registration for registration, given_at in db.exec(query) if tokyo_date(given_at) < due_on]


def _had(db: Session, ids: Sequence[UUID], session_id: UUID, kind: str, mark: str) -> set[UUID]:
    """Who was reminded of this day and place already, or is about to be."""
    found: set[UUID] = set()
    for some in portions(ids):
        query = select(Notice.registration_id).where(
            col(Notice.registration_id).in_(some),
            Notice.session_id == session_id,
            Notice.kind == kind,
            Notice.about == mark,
            Notice.state != NoticeState.DROPPED,
        )
        found |= {each for each in db.exec(query) if each is not None}
    return found


def _is_older(notice: Notice, session_id: UUID) -> bool:
    """Whether what stands is an earlier reminder of the same session, which the newer one replaces."""
    return is_reminder(notice.kind) and notice.session_id == session_id


def _drop_what_is_over(db: Session, municipality_code: str, now: datetime) -> None:
    """What was about a session that is over, or reminds of one that has begun, is told to nobody any more."""
    query = (
        select(Notice, WorkshopSession.starts_at, WorkshopSession.ends_at)
        .join(WorkshopSession, col(WorkshopSession.id) == Notice.session_id)
        .where(
            Notice.municipality_code == municipality_code,
            col(Notice.state).in_(TO_TELL),
            col(WorkshopSession.starts_at) <= now,
        )
    )
    over = [
        notice
        for notice, starts_at, ends_at in db.exec(query)
        if is_reminder(notice.kind) or (ends_at or starts_at or now) < now
    ]
    drop_all(over)
    db.flush()
