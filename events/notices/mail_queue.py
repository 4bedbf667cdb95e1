"""The mails that wait: taken one person at a time, noted when they have left, tried again when they could not.

A mail is lent to whoever sends it for ten minutes; should that process die, the next one takes the same mail with the
same identity, so that a mail server or reader that has it already keeps one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict, NotFound
from events.models import Notice, Registration, Seat, WorkshopSession
from events.notices.calling import Said
from events.notices.kinds import TO_TELL
from events.notices.queries import PersonToTell, people_to_tell
from events.notices.ways import EMAIL
from events.notices.writing import mark_told, send_by
from events.states import STOPPED_STATES, NoticeState, RegistrationState, SeatState

LENT: Final = timedelta(minutes=10)
# After each failure that may pass the mail rests this long; after the last of them every four hours, for two days.
_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_GIVE_UP: Final = timedelta(days=2)
_NEVER_SEATED: Final = frozenset({RegistrationState.DECLINED, RegistrationState.EXPIRED, RegistrationState.OFFERED})


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A session that a mail puts into a person's calendar, or takes out of it (``stays`` False)."""

    session_id: UUID
    sequence: int
    stays: bool


@dataclass(frozen=True, slots=True)
class MailToSend:
    """One mail to one person with everything they must hear. ``identity`` is the same whenever it is tried again."""

    identity: str
    person: PersonToTell
    said: tuple[Said, ...]
    calendar: tuple[CalendarLine, ...]
    written_at: datetime


def take_mails(db: Session, *, municipality_code: str, now: datetime, limit: int = 20) -> tuple[MailToSend, ...]:
    """Borrow the mails that are due, the oldest first; whoever asks meanwhile gets others."""
    due = (
        select(Notice)
        .where(
            Notice.municipality_code == municipality_code,
            Notice.way == EMAIL,
            Notice.state == NoticeState.PENDING,
            col(Notice.next_try_at) <= now,
        )
        .order_by(col(Notice.created_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    people = dict.fromkeys(each.attendee_id for each in db.exec(due).all())
    mails = []
    for person in people_to_tell(db, municipality_code=municipality_code, now=now, way=EMAIL):
        if person.attendee_id not in people:
            continue
        items = [item for item in person.items if item.state is NoticeState.PENDING]
        for item in items:
            db.get_one(Notice, item.notice_id).next_try_at = now + LENT
        said = tuple(Said(item.notice_id, item.kind, item.about) for item in items)
        calendar = _calendar(db, [item.registration_id for item in items])
        mails.append(MailToSend(_identity(said), person, said, calendar, max(item.created_at for item in items)))
    db.flush()
    return tuple(mails)


def note_mail_sent(db: Session, *, municipality_code: str, said: Sequence[Said], now: datetime, by: str) -> None:
    """A mail has left. What changed since it was written waits for the next one."""
    for each, notice in _lent(db, municipality_code, said):
        mark_told(db, notice, about=each.about, kind=each.kind, now=now, by=by)
        if notice.state is NoticeState.PENDING:
            notice.next_try_at = now
    db.flush()


def note_mail_failed(
    db: Session, *, municipality_code: str, said: Sequence[Said], failure: str, for_good: bool, now: datetime
) -> None:
    """A mail could not leave; ``failure`` is what the other side said. ``for_good``: trying again is of no use."""
    for _, notice in _lent(db, municipality_code, said):
        pause = _PAUSES[min(notice.attempts, len(_PAUSES) - 1)]
        notice.attempts += 1
        notice.failure = failure[:400]
        if for_good or now - notice.created_at > _GIVE_UP:
            notice.state, notice.next_try_at = NoticeState.FAILED, None
        else:
            notice.next_try_at = now + pause
    db.flush()


def send_again(db: Session, *, notice_id: UUID, now: datetime) -> None:
    """Try a mail again that failed, at once. Raises NotFound, Conflict."""
    notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update()).first()
    if notice is None:
        raise NotFound(thing="notice_id")
    if notice.state not in TO_TELL or notice.way != EMAIL:
        raise Conflict(thing="notice_id")
    send_by(notice, EMAIL, now)
    notice.next_try_at = now
    db.flush()


def _lent(db: Session, municipality_code: str, said: Sequence[Said]) -> list[tuple[Said, Notice]]:
    by_id = {each.notice_id: each for each in said}
    query = select(Notice).where(
        Notice.municipality_code == municipality_code,
        col(Notice.id).in_(by_id),
        Notice.state == NoticeState.PENDING,
    )
    return [(by_id[notice.id], notice) for notice in db.exec(query.with_for_update()).all()]


def _identity(said: Sequence[Said]) -> str:
    whole = "\n".join(sorted(f"{each.notice_id} {each.kind} {each.about}" for each in said))
    return hashlib.sha256(whole.encode()).hexdigest()[:40]


def _calendar(db: Session, registration_ids: Sequence[UUID]) -> tuple[CalendarLine, ...]:
    """What the calendars of these people should hold: seats they have, and seats that went with the last change.

    The number rises with every change of the session and of the application, so that calendars take the newer one.
    """
    lines: dict[UUID, CalendarLine] = {}
    for registration_id in registration_ids:
        registration = db.get_one(Registration, registration_id)
        if registration.state in _NEVER_SEATED:
            continue
        query = (
            select(Seat, WorkshopSession)
            .join(WorkshopSession, col(WorkshopSession.id) == Seat.session_id)
            .where(Seat.attendee_id == registration.attendee_id)
            .where(
                (col(Seat.registration_id) == registration.id) | (Seat.released_at == registration.received_at)
            )  # the seat that a person was moved from belongs to the application before
            .order_by(col(Seat.given_at))
        )
        for seat, session in db.exec(query):
            has = seat.state is SeatState.CONFIRMED and session.state not in STOPPED_STATES
            if seat.state is SeatState.OFFERED or (session.id in lines and not has):
                continue
            sequence = session.calendar_sequence + registration.version
            lines[session.id] = CalendarLine(session.id, sequence, has)
    return tuple(lines.values())
