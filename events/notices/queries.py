"""The lists of whom to tell: people with everything they must hear, by way; and who was told what and when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.errors import NotFound
from events.japan.telephones import is_mobile, shown_telephone
from events.models import CallAttempt, Intake, Notice, Offer, Registration, Seat, Slot, Workshop, WorkshopSession
from events.notices.kinds import TO_TELL, is_reminder
from events.notices.situation import portions, sessions_of_many
from events.notices.ways import SMS, TELEPHONE, Reach, reaches
from events.planning.telling import people_concerned
from events.registration_receipts import SessionTime, rank_of, session_times
from events.states import ContactKind, NoticeState, RegistrationState, SeatState


@dataclass(frozen=True, slots=True)
class ToTell:
    """One thing a person must hear. ``sessions`` are those it is about; ``corrects`` is what they were told last.

    ``about`` is the mark of what it says now: whoever tells it hands the mark back. Times are aware UTC.
    """

    notice_id: UUID
    registration_id: UUID
    kind: str
    about: str
    state: NoticeState
    registration_state: RegistrationState
    reason: str
    title: str
    bring: str
    receipt_number: str
    sessions: tuple[SessionTime, ...]
    seat_codes: tuple[str, ...]
    created_at: datetime
    rank: int | None = None
    reply_by: datetime | None = None
    slot_starts_at: datetime | None = None
    corrects: str = ""
    corrected_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    failure: str = ""

    @property
    def can_answer(self) -> bool:
        """Whether a seat is offered, which the person takes or declines."""
        return self.registration_state is RegistrationState.OFFERED


@dataclass(frozen=True, slots=True)
class PersonToTell:
    """A person on a list, with whom to speak and everything there is to say, so that they are called once.

    ``proxy`` and ``relation`` are set when somebody else is to be called. Address fields are empty for people whose
    address is withheld (秘匿).
    """

    attendee_id: UUID
    name: str
    kana: str
    way: str
    telephones: tuple[str, ...]
    proxy: str
    relation: str
    time_of_day: str
    email: str
    fax: str
    postal_code: str
    address: str
    needs: tuple[str, ...]
    items: tuple[ToTell, ...]
    attempts: int
    last_outcome: str
    last_try_at: datetime | None

    @property
    def next_try_at(self) -> datetime | None:
        """When to try again; None for now."""
        times = [each.next_try_at for each in self.items if each.next_try_at is not None]
        return min(times) if len(times) == len(self.items) else None

    def is_due(self, now: datetime) -> bool:
        """Whether to try now."""
        return self.next_try_at is None or self.next_try_at <= now


@dataclass(frozen=True, slots=True)
class WayCount:
    """How many people stand on the list of one way; ``due`` may be tried now, ``failed`` need somebody."""

    way: str
    people: int
    due: int
    failed: int


def people_to_tell(
    db: Session, *, municipality_code: str, now: datetime, way: str = "", session_id: UUID | None = None
) -> tuple[PersonToTell, ...]:
    """Everybody who must be told, by one way or all: who is due first, then in the order in which it arose."""
    query = select(Notice).where(
        Notice.municipality_code == municipality_code,
        col(Notice.state).in_(TO_TELL),
        col(Notice.attendee_id).is_not(None),
    )
    if way:
        query = query.where(Notice.way == way)
    if session_id is not None:
        query = query.where(Notice.session_id == session_id)
    notices = db.exec(query.order_by(col(Notice.created_at), col(Notice.id))).all()
    items = _items(db, notices)
    by_person: dict[tuple[UUID, str], list[Notice]] = {}
    for notice in notices:
        if notice.attendee_id is not None and notice.id in items:
            by_person.setdefault((notice.attendee_id, notice.way), []).append(notice)
    found = reaches(db, {attendee_id for attendee_id, _ in by_person})
    tries = _tries(db, {attendee_id for attendee_id, _ in by_person})
    people = [
        _person(found[attendee_id], by, [items[each.id] for each in theirs], tries.get(attendee_id, ()))
        for (attendee_id, by), theirs in by_person.items()
    ]
    return tuple(sorted(people, key=lambda person: (not person.is_due(now), person.items[0].created_at, person.kana)))


def ways_to_tell(db: Session, *, municipality_code: str, now: datetime) -> tuple[WayCount, ...]:
    """How many people are to be told by each way; ways without anybody are left out."""
    due = col(Notice.next_try_at).is_(None) | (col(Notice.next_try_at) <= now)
    people = func.count(func.distinct(Notice.attendee_id))
    base = select(Notice.way, people).where(
        Notice.municipality_code == municipality_code, col(Notice.attendee_id).is_not(None)
    )

    def counted(*where: object) -> dict[str, int]:
        return dict(db.exec(base.where(*where).group_by(col(Notice.way))).all())  # type: ignore[arg-type]

    pending, failed = col(Notice.state) == NoticeState.PENDING, col(Notice.state) == NoticeState.FAILED
    everybody, now_due, stuck = counted(col(Notice.state).in_(TO_TELL)), counted(pending, due), counted(failed)
    return tuple(
        WayCount(way, count, now_due.get(way, 0), stuck.get(way, 0)) for way, count in sorted(everybody.items())
    )


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who would have to be told if a session changed: how many by each way, and how many there are."""

    people: int
    ways: tuple[tuple[str, int], ...]


def who_is_concerned(db: Session, *, session_id: UUID) -> Concerned:
    """Everybody who has a seat at a session or waits for one, by the way they would be told. Raises NotFound."""
    if db.get(WorkshopSession, session_id) is None:
        raise NotFound(thing="session_id")
    people = {each.attendee_id for each in people_concerned(db, session_id, lock=False)}
    counted: dict[str, int] = {}
    for reach in reaches(db, people).values():
        counted[reach.way] = counted.get(reach.way, 0) + 1
    return Concerned(len(people), tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))))


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as it stands: to whom, what, which way, and whether it has left."""

    notice_id: UUID
    attendee_id: UUID
    name: str
    kind: str
    way: str
    state: NoticeState
    created_at: datetime
    done_at: datetime | None
    done_by: str
    attempts: int
    failure: str


def told_about(db: Session, *, session_id: UUID) -> tuple[Told, ...]:
    """Who was told, or must be told, about a session; the newest first. Raises NotFound."""
    session = db.get(WorkshopSession, session_id)
    if session is None:
        raise NotFound(thing="session_id")
    seated = select(Seat.registration_id).where(Seat.session_id == session_id)
    query = (
        select(Notice)
        .where(
            (col(Notice.session_id) == session_id)
            | (col(Notice.session_id).is_(None) & col(Notice.registration_id).in_(seated)),
            col(Notice.state) != NoticeState.DROPPED,
        )
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
    )
    notices = [each for each in db.exec(query) if each.attendee_id is not None]
    found = reaches(db, {each.attendee_id for each in notices if each.attendee_id is not None})
    return tuple(
        Told(
            notice_id=each.id,
            attendee_id=each.attendee_id,
            name=found[each.attendee_id].person.name,
            kind=each.kind,
            way=each.way,
            state=each.state,
            created_at=each.created_at,
            done_at=each.done_at,
            done_by=each.done_by,
            attempts=each.attempts,
            failure=each.failure,
        )
        for each in notices
        if each.attendee_id is not None
    )


def _person(
    reach: Reach, way: str, items: Sequence[ToTell], tries: Sequence[CallAttempt]
) -> PersonToTell:
    person, proxy = reach.person, reach.speaks_for
    numbers = reach.values(ContactKind.TELEPHONE)
    if way == SMS:
        numbers = tuple(filter(is_mobile, numbers))
    elif way == TELEPHONE and proxy is not None:
        numbers = (proxy.telephone,)
    since = min(each.created_at for each in items)
    recent = [each for each in tries if each.at >= since]
    preferred = next((each for each in reach.contacts if each.time_of_day), None)
    hidden = person.confidential
    return PersonToTell(
        attendee_id=person.id,
        name=person.name,
        kana=person.kana,
        way=way,
        telephones=tuple(map(shown_telephone, numbers)),
        proxy=proxy.name if proxy and way == TELEPHONE else "",
        relation=proxy.relation if proxy and way == TELEPHONE else "",
        time_of_day=preferred.time_of_day if preferred else "",
        email=next(iter(reach.values(ContactKind.EMAIL)), ""),
        fax=next(iter(reach.values(ContactKind.FAX)), ""),
        postal_code="" if hidden else person.postal_code,
        address="" if hidden else person.address or next(iter(reach.values(ContactKind.POST)), ""),
        needs=tuple(person.needs),
        items=tuple(items),
        attempts=len(recent),
        last_outcome=recent[-1].outcome if recent else "",
        last_try_at=recent[-1].at if recent else None,
    )


def _items(db: Session, notices: Sequence[Notice]) -> dict[UUID, ToTell]:
    ids = {notice.registration_id for notice in notices if notice.registration_id is not None}
    registrations = {
        each.id: each
        for some in portions(ids)
        for each in db.exec(select(Registration).where(col(Registration.id).in_(some)))
    }
    about = sessions_of_many(db, list(registrations.values()))
    workshops = _workshops(db, {each.intake_id for each in registrations.values()})
    times = _times(db, {each for some in about.values() for each in some} | _own_sessions(notices))
    replies, seats, before = _replies(db, ids), _seats(db, ids), _told_before(db, ids)
    made = {}
    for notice in notices:
        registration = registrations.get(notice.registration_id) if notice.registration_id else None
        if registration is None:
            continue
        workshop = workshops[registration.intake_id]
        codes, slot = seats.get(registration.id, ((), None))
        last = before.get(registration.id)
        made[notice.id] = ToTell(
            notice_id=notice.id,
            registration_id=registration.id,
            kind=notice.kind,
            about=notice.about,
            state=notice.state,
            registration_state=registration.state,
            reason=notice.reason,
            title=workshop.title,
            bring=workshop.bring,
            receipt_number=registration.receipt_number,
            sessions=_sessions_to_say(notice, about[registration.id], times),
            seat_codes=codes,
            created_at=notice.created_at,
            rank=_rank(db, registration),
            reply_by=replies.get(registration.id),
            slot_starts_at=slot,
            corrects=last.kind if last else "",
            corrected_at=last.done_at if last else None,
            attempts=notice.attempts,
            next_try_at=notice.next_try_at,
            failure=notice.failure,
        )
    return made


def _own_sessions(notices: Sequence[Notice]) -> set[UUID]:
    return {notice.session_id for notice in notices if notice.session_id is not None}


def _sessions_to_say(
    notice: Notice, about: Collection[UUID], times: dict[UUID, SessionTime]
) -> tuple[SessionTime, ...]:
    """The session that changed or comes, else all that the application is about, in the order of time."""
    if notice.session_id in times and (is_reminder(notice.kind) or notice.session_id not in about):
        return (times[notice.session_id],)
    found = [times[each] for each in about if each in times]
    return tuple(sorted(found, key=lambda time: (time.held_on, str(time.starts_at))))


def _rank(db: Session, registration: Registration) -> int | None:
    if registration.state is not RegistrationState.WAITING:
        return None
    return rank_of(db, registration, db.get_one(Intake, registration.intake_id))


def _workshops(db: Session, intake_ids: Collection[UUID]) -> dict[UUID, Workshop]:
    return {
        intake_id: workshop
        for some in portions(intake_ids)
        for intake_id, workshop in db.exec(
            select(Intake.id, Workshop)
            .join(Workshop, col(Workshop.id) == Intake.workshop_id)
            .where(col(Intake.id).in_(some))
        )
    }


def _times(db: Session, session_ids: Collection[UUID]) -> dict[UUID, SessionTime]:
    return {time.session_id: time for some in portions(session_ids) for time in session_times(db, some)}


def _replies(db: Session, ids: Collection[UUID]) -> dict[UUID, datetime]:
    return {
        registration_id: reply_by
        for some in portions(ids)
        for registration_id, reply_by in db.exec(
            select(Offer.registration_id, Offer.reply_by).where(
                col(Offer.registration_id).in_(some), Offer.answer == ""
            )
        )
    }


def _seats(db: Session, ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, ...], datetime | None]]:
    """The codes on the 受講票 of each application, and its time at a table."""
    found: dict[UUID, tuple[tuple[str, ...], datetime | None]] = {}
    for some in portions(ids):
        query = (
            select(Seat.registration_id, Seat.code, Slot.starts_at)
            .outerjoin(Slot, col(Slot.seat_id) == Seat.id)
            .where(col(Seat.registration_id).in_(some), Seat.state != SeatState.RELEASED)
            .order_by(col(Seat.given_at))
        )
        for registration_id, code, starts_at in db.exec(query):
            codes, slot = found.get(registration_id, ((), None))
            found[registration_id] = ((*codes, code), slot or starts_at)
    return found


def _told_before(db: Session, ids: Collection[UUID]) -> dict[UUID, Notice]:
    """The last news, not reminder, that each application's person has heard."""
    found: dict[UUID, Notice] = {}
    for some in portions(ids):
        query = (
            select(Notice)
            .where(col(Notice.registration_id).in_(some), Notice.state == NoticeState.DONE)
            .order_by(col(Notice.done_at))
        )
        found |= {
            each.registration_id: each
            for each in db.exec(query)
            if each.registration_id is not None and not is_reminder(each.kind)
        }
    return found


def _tries(db: Session, attendee_ids: Collection[UUID]) -> dict[UUID, list[CallAttempt]]:
    found: dict[UUID, list[CallAttempt]] = {}
    for some in portions(attendee_ids):
        query = select(CallAttempt).where(col(CallAttempt.attendee_id).in_(some)).order_by(col(CallAttempt.at))
        for each in db.exec(query):
            if each.attendee_id is not None:
                found.setdefault(each.attendee_id, []).append(each)
    return found
