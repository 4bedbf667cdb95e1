"""Note that people must be told, or that they know; nothing is told twice and nothing is lost on the way."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Notice, Registration
from events.notices.kinds import (
    KIND_OF_STATE,
    SESSION_MOVED,
    SESSION_REOPENED,
    STOPPING,
    TO_TELL,
    is_reminder,
    merged_kind,
)
from events.notices.situation import marks_of, portions, state_of_mark
from events.notices.ways import EMAIL, reaches
from events.states import NoticeState, RegistrationState

# A mail waits this long, so that what was done by mistake can be taken back before it leaves.
MAIL_PAUSE: Final = timedelta(minutes=5)
_NOTHING_YET: Final = "nothing"  # somebody who waits for their first word; an empty mark says that nothing is known
_STOPS_OR_GOES_ON: Final = STOPPING | {SESSION_REOPENED}


def tell(
    db: Session,
    registrations: Sequence[Registration],
    kind: str,
    *,
    now: datetime,
    reason: str = "",
    session_id: UUID | None = None,
    anew: bool = False,
) -> int:
    """Note that these people must be told how they stand now; answers how many there are to tell.

    What has not left yet becomes one notice with the last state. Whoever knows the present state already, because
    something was taken back before anybody was told, is told nothing. ``anew``: what they heard until now does not
    count. The applications must be kept from others.
    """
    marks = marks_of(db, registrations)
    standing = open_notices(db, [each.id for each in registrations])
    found = reaches(db, {each.attendee_id for each in registrations})
    told = 0
    for registration in registrations:
        notice, about = standing.get(registration.id), marks[registration.id]
        if anew or (not registration.told_of and kind not in _STOPS_OR_GOES_ON):
            registration.told_of = _NOTHING_YET
        if _is_known(registration, kind, about, notice):
            registration.told_of = about
            _drop(notice)
            continue
        if notice is None:
            notice = Notice(
                municipality_code=registration.municipality_code,
                registration_id=registration.id,
                attendee_id=registration.attendee_id,
                kind=_first_kind(registration, kind, about),
                created_at=now,
            )
        else:
            notice.kind = kind if is_reminder(notice.kind) else merged_kind(notice.kind, kind)
        notice.reason = reason if notice.kind == kind else notice.reason
        notice.session_id = session_id or notice.session_id
        notice.about, notice.created_at = about, now
        send_by(notice, found[registration.attendee_id].way, now)
        db.add(notice)
        told += 1
    db.flush()
    return told


def knows(db: Session, registrations: Sequence[Registration]) -> None:
    """Note that these people know how they stand now: they asked for it themselves, or were told on the spot."""
    marks = marks_of(db, registrations)
    standing = open_notices(db, [each.id for each in registrations])
    for registration in registrations:
        registration.told_of = marks[registration.id]
        _drop(standing.get(registration.id))
    db.flush()


def knows_unless_mailed(db: Session, registration: Registration, *, now: datetime) -> None:
    """As ``knows``; whoever prefers mail gets it in writing too, with the entry for their calendar."""
    way = reaches(db, [registration.attendee_id])[registration.attendee_id].way
    if way == EMAIL and registration.state is not RegistrationState.WAITING_DRAW:
        tell(db, [registration], KIND_OF_STATE[registration.state], now=now)
    else:
        knows(db, [registration])


def mark_told(db: Session, notice: Notice, *, about: str, kind: str, now: datetime, by: str) -> None:
    """Note that a notice reached the person, as it was when it said ``about``.

    If something changed between reading it and now, what was said stays in the record as a notice of its own, and the
    newer one still waits.
    """
    if notice.about != about:
        said = Notice(**notice.model_dump(exclude={"id"}))
        said.kind, said.about, said.state, said.done_at, said.done_by = kind, about, NoticeState.DONE, now, by
        db.add(said)
    else:
        notice.state, notice.done_at, notice.done_by, notice.next_try_at = NoticeState.DONE, now, by, None
    if notice.registration_id is not None and not is_reminder(kind):
        db.get_one(Registration, notice.registration_id).told_of = about
    db.flush()


def send_by(notice: Notice, way: str, now: datetime) -> None:
    """Put a notice on the list of one way, as new there."""
    notice.way, notice.state, notice.failure, notice.attempts = way, NoticeState.PENDING, "", 0
    notice.next_try_at = now + MAIL_PAUSE if way == EMAIL else None


def open_notices(db: Session, registration_ids: Collection[UUID]) -> dict[UUID, Notice]:
    """What has not left yet, by application, kept from others until the end of the transaction."""
    found: dict[UUID, Notice] = {}
    for ids in portions(registration_ids):
        query = select(Notice).where(col(Notice.registration_id).in_(ids), col(Notice.state).in_(TO_TELL))
        for notice in db.exec(query.with_for_update()):
            if notice.registration_id is not None:
                found[notice.registration_id] = notice
    return found


def refresh_ways(db: Session, attendee_id: UUID, *, now: datetime) -> None:
    """What has not left follows when a person is to be reached by another way from now on."""
    query = select(Notice).where(Notice.attendee_id == attendee_id, col(Notice.state).in_(TO_TELL))
    for notice in db.exec(query).all():
        way = reaches(db, [attendee_id])[attendee_id].way
        if way != notice.way or notice.state is NoticeState.FAILED:
            send_by(notice, way, now)
    db.flush()


def drop_all(notices: Iterable[Notice]) -> None:
    """These need not leave any more."""
    for notice in notices:
        _drop(notice)


def _drop(notice: Notice | None) -> None:
    if notice is not None:
        notice.state, notice.next_try_at = NoticeState.DROPPED, None


def _is_known(registration: Registration, kind: str, about: str, notice: Notice | None) -> bool:
    if about == registration.told_of:
        return True
    # somebody of whom nothing is recorded (brought in from a file) never heard of what is taken back here
    return not registration.told_of and kind == SESSION_REOPENED and notice is not None and notice.kind in STOPPING


def _first_kind(registration: Registration, kind: str, about: str) -> str:
    """Somebody who does not know their own state yet hears it together with the news of the session."""
    known = state_of_mark(registration.told_of)
    hears_state = kind == SESSION_MOVED and known and known != state_of_mark(about)
    return KIND_OF_STATE[registration.state] if hears_state else kind

