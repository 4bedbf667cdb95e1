"""What came of a call: reached, nobody there, a seat taken or declined. Each try is kept, and each can be taken back.

The same acts serve what was pasted into a short message, written on a card or handed over: it was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict, NotFound
from events.free_text import checked_text
from events.japan.clock import at_tokyo, tokyo_date, tokyo_time
from events.japan.holidays import is_holiday
from events.models import CallAttempt, Notice, Registration
from events.notices.kinds import TO_TELL, is_reminder
from events.notices.situation import marks_of
from events.notices.ways import WAYS
from events.notices.writing import mark_told, send_by
from events.registration_offers import accept_offer, decline_offer
from events.registration_receipts import OfferMade
from events.states import NoticeState, RegistrationState

_AGAIN: Final = timedelta(hours=2)
_OPENS, _LAST_CALL = time(9, 0), time(17, 0)
_SATURDAY: Final = 5


class Outcome(StrEnum):
    """How a call ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as the caller had it before their eyes: its id, its kind and the mark of what it said."""

    notice_id: UUID
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class CallDone:
    """What stands after a call: how often it was tried, when to try again, and to whom a declined seat went."""

    outcome: Outcome
    attempts: int
    next_try_at: datetime | None
    told: int
    changed: int
    offered: tuple[OfferMade, ...] = ()


def record_call(
    db: Session,
    *,
    attendee_id: UUID,
    said: Sequence[Said],
    outcome: Outcome,
    now: datetime,
    by: str,
    note: str = "",
) -> CallDone:
    """Note how a call to a person ended.

    Reached: all that was said is told. No answer: it stays, to be tried again in two hours of office time. Accepted
    and declined answer the offer among what was said; the rest is told too. What changed while it was being read out
    (``changed``) stays on the list with its new words. Raises NotFound, Conflict when nothing of it is open any more,
    and what answering an offer refuses.
    """
    notices = [_open_notice(db, each.notice_id, attendee_id) for each in said]
    standing = [(each, notice) for each, notice in zip(said, notices, strict=True) if notice is not None]
    if not standing:
        raise Conflict(thing="notice_id")
    _note_try(db, [notice for _, notice in standing], outcome, now=now, by=by, note=note)
    if outcome is Outcome.NO_ANSWER:
        again = next_try(now)
        for _, notice in standing:
            notice.attempts += 1
            notice.next_try_at = again
        db.flush()
        return CallDone(outcome, max(notice.attempts for _, notice in standing), again, 0, 0)
    offered: tuple[OfferMade, ...] = ()
    told = changed = 0
    for each, notice in standing:
        if outcome is not Outcome.REACHED and _is_offered(db, notice):
            offered += _answer(db, notice, outcome, now=now, by=by)
            told += 1
            continue
        mark_told(db, notice, about=each.about, kind=each.kind, now=now, by=by)
        changed += notice.state is not NoticeState.DONE
        told += 1
    return CallDone(outcome, max(notice.attempts for _, notice in standing) + 1, None, told, changed, offered)


def take_back_told(db: Session, *, notice_id: UUID, reason: str, now: datetime, by: str) -> None:
    """Somebody was marked as told by mistake: they are to be told again. Raises NotFound, Conflict, InvalidValue."""
    checked_text(reason, field="reason", longest=400, required=True)
    notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update()).first()
    if notice is None or notice.registration_id is None:
        raise NotFound(thing="notice_id")
    newer = select(Notice.id).where(
        Notice.registration_id == notice.registration_id,
        col(Notice.state).in_(TO_TELL) | (col(Notice.done_at) > (notice.done_at or now)),
    )
    if notice.state is not NoticeState.DONE or db.exec(newer).first() is not None:
        raise Conflict(thing="notice_id")
    registration = db.get_one(Registration, notice.registration_id)
    if not is_reminder(notice.kind):
        if marks_of(db, [registration])[registration.id] != notice.about:
            raise Conflict(thing="notice_id")  # something happened since of which the person knows
        registration.told_of = _told_before(db, notice)
    send_by(notice, notice.way, now)
    notice.done_at, notice.done_by = None, ""
    db.flush()
    del by


def change_way(db: Session, *, notice_id: UUID, way: str, now: datetime) -> None:
    """Tell this person another way: call whom a mail does not reach. Raises NotFound, Conflict."""
    notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update()).first()
    if notice is None or way not in WAYS:
        raise NotFound(thing="notice_id")
    if notice.state not in TO_TELL:
        raise Conflict(thing="notice_id")
    send_by(notice, way, now)
    db.flush()


def next_try(now: datetime) -> datetime:
    """When to call again after nobody was there: in two hours, or at nine on the next working day."""
    again = now + _AGAIN
    day = tokyo_date(again)
    if tokyo_date(now) == day and _works(day) and _OPENS <= tokyo_time(again) < _LAST_CALL:
        return again
    day = tokyo_date(now)
    if not (_works(day) and tokyo_time(now) < _OPENS):
        day += timedelta(days=1)
    while not _works(day):
        day += timedelta(days=1)
    return at_tokyo(day, _OPENS)


def _works(day: date) -> bool:
    return day.weekday() < _SATURDAY and not is_holiday(day)


def _open_notice(db: Session, notice_id: UUID, attendee_id: UUID) -> Notice | None:
    query = select(Notice).where(Notice.id == notice_id).with_for_update()
    notice = db.exec(query.execution_options(populate_existing=True)).first()
    if notice is None or notice.attendee_id != attendee_id:
        raise NotFound(thing="notice_id")
    return notice if notice.state in TO_TELL else None


def _is_offered(db: Session, notice: Notice) -> bool:
    if notice.registration_id is None:
        return False
    return db.get_one(Registration, notice.registration_id).state is RegistrationState.OFFERED


def _answer(db: Session, notice: Notice, outcome: Outcome, *, now: datetime, by: str) -> tuple[OfferMade, ...]:
    if notice.registration_id is None:
        raise NotFound(thing="notice_id")
    answer = accept_offer if outcome is Outcome.ACCEPTED else decline_offer
    return answer(db, registration_id=notice.registration_id, now=now, by=by).offered


def _note_try(db: Session, notices: Sequence[Notice], outcome: Outcome, *, now: datetime, by: str, note: str) -> None:
    first = notices[0]
    db.add(
        CallAttempt(
            municipality_code=first.municipality_code,
            registration_id=first.registration_id,
            attendee_id=first.attendee_id,
            at=now,
            outcome=outcome.value,
            by=by,
            note=checked_text(note, field="note", longest=400),
        )
    )


def _told_before(db: Session, notice: Notice) -> str:
    query = (
        select(Notice.about, Notice.kind)
        .where(
            Notice.registration_id == notice.registration_id,
            Notice.state == NoticeState.DONE,
            Notice.id != notice.id,
        )
        .order_by(col(Notice.done_at).desc())
    )
    return next((about for about, kind in db.exec(query) if not is_reminder(kind)), "")
