"""Two records of one person become one, and two again: everything moves, and everything can be taken back.

What a person cannot have twice (two applications that stand for one intake, two marks of attendance at one session)
is shown before, staff decide which application stands, and the other is ended with the merge and brought back with it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendee_facts import AttendeeFacts
from events.attendee_keys import forget_keys, note_keys
from events.attendee_page import facts_of
from events.errors import DomainError, InvalidValue, NotFound
from events.free_text import checked_text
from events.models import (
    Attendance,
    Attendee,
    AttendeeMerge,
    CallAttempt,
    Consent,
    Consultation,
    ContactPoint,
    Intake,
    IntakeSession,
    Loan,
    Notice,
    Proxy,
    Registration,
    Seat,
    Workshop,
    WorkshopSession,
)
from events.registration_changes import restore_registration
from events.registration_places import end_seats, held_seats
from events.registration_rules import lock_intake, lock_intake_sessions
from events.states import ACTIVE_REGISTRATIONS, RegistrationState
from events.waiting_list import change_state, close_open_offer, offer_free_seats

# what hangs on a person; applications and seats move together
_TABLES: Final[Mapping[str, Any]] = {
    "contact_point": ContactPoint,
    "proxy": Proxy,
    "consent": Consent,
    "registration": Registration,
    "seat": Seat,
    "attendance": Attendance,
    "call_attempt": CallAttempt,
    "notice": Notice,
    "loan": Loan,
    "consultation": Consultation,
}
_ENDED, _UNTICKED = "ended", "unticked"
# facts that may be taken over from the other record
TAKEABLE: Final = (
    "name", "kana", "birth_date", "age_band", "postal_code", "town", "address", "residence", "phone_kind",
    "phone_model", "confidence", "needs", "needs_note", "notice_by", "note",
)  # fmt: skip


class SamePerson(DomainError):
    """A record cannot be merged with itself (``name``)."""

    code = "same_person"


class ApplicationsClash(DomainError):
    """Both applied to ``title``, and nobody said which application stands (``one``, ``other``: their numbers)."""

    code = "applications_clash"


class NotMerged(DomainError):
    """The record stands by itself: there is no merge to take back."""

    code = "not_merged"


class MergedFurther(DomainError):
    """The record it was merged into was itself merged since: take that back first (``name``)."""

    code = "merged_further"


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two records as they stand beside each other."""

    attendee_id: UUID
    facts: AttendeeFacts
    registrations: int
    visits: int
    created_at: datetime
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two applications of which only one can stand. ``held_on`` is the first day, a Tokyo date."""

    intake_id: UUID
    title: str
    held_on: date | None
    kept_registration_id: UUID
    kept_number: int
    kept_state: RegistrationState
    gone_registration_id: UUID
    gone_number: int
    gone_state: RegistrationState


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Both records side by side, what differs (names of facts), and what must be decided."""

    kept: MergeSide
    gone: MergeSide
    differs: tuple[str, ...]
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class MergeReceipt:
    """What a merge (or taking it back) did: rows that moved, applications that ended (or came back)."""

    merge_id: UUID
    attendee_id: UUID
    name: str
    moved: int
    registrations: int


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that was merged into another and can be taken apart again."""

    attendee_id: UUID
    name: str
    merged_at: datetime
    merged_by: str
    reason: str


def merged_records(db: Session, *, attendee_id: UUID) -> tuple[MergedRecord, ...]:
    """What was merged into a record, the newest first."""
    query = (
        select(AttendeeMerge, Attendee)
        .join(Attendee, col(Attendee.id) == AttendeeMerge.gone_id)
        .where(AttendeeMerge.kept_id == attendee_id, col(AttendeeMerge.undone_at).is_(None))
        .order_by(col(AttendeeMerge.merged_at).desc())
    )
    return tuple(
        MergedRecord(gone.id, gone.name, merge.merged_at, merge.merged_by, merge.reason)
        for merge, gone in db.exec(query)
    )


def merge_preview(db: Session, *, attendee_id: UUID, other_attendee_id: UUID) -> MergePreview:
    """Two records beside each other; ``attendee_id`` would stay. Raises NotFound, SamePerson."""
    kept, gone = _pair(db, attendee_id, other_attendee_id)
    sides = [
        MergeSide(
            attendee_id=person.id,
            facts=facts_of(db, person),
            registrations=len(_ids(db, Registration, person.id)),
            visits=len(_ids(db, Attendance, person.id)),
            created_at=person.created_at,
            last_used_on=person.last_used_on,
        )
        for person in (kept, gone)
    ]
    differs = tuple(name for name in TAKEABLE if getattr(kept, name) != getattr(gone, name))
    return MergePreview(sides[0], sides[1], differs, tuple(_clashes(db, kept.id, gone.id)))


def merge_attendees(
    db: Session,
    *,
    attendee_id: UUID,
    other_attendee_id: UUID,
    reason: str,
    now: datetime,
    by: str,
    take: Collection[str] = (),
    standing_registration_ids: Collection[UUID] = (),
) -> MergeReceipt:
    """Make two records one: all that hangs on ``other_attendee_id`` moves to ``attendee_id``.

    ``take`` names the facts that are taken over from the other; ``standing_registration_ids`` which application stands
    where both applied. 秘匿 stays if either had it. Raises SamePerson, ApplicationsClash, InvalidValue, NotFound.
    """
    reason = checked_text(reason, field="reason", longest=400, required=True)
    unknown = [name for name in take if name not in TAKEABLE]
    if unknown:
        raise InvalidValue(field="take", value=unknown[0], problem="not_a_choice")
    _lock_intakes(db, (attendee_id, other_attendee_id))
    kept, gone = _pair(db, attendee_id, other_attendee_id, lock=True)
    moved: dict[str, list[str]] = {}
    ended = _end_doubles(db, kept, gone, standing_registration_ids, moved, reason=reason, now=now, by=by)
    before = _take_over(kept, gone, take)
    for name, table in _TABLES.items():
        rows = _rows_to_move(db, name, table, kept.id, gone.id)
        for row in rows:
            row.attendee_id = kept.id
        moved[name] = [str(row.id) for row in rows]
    gone.merged_into_id = kept.id
    kept.last_used_on = max(filter(None, (kept.last_used_on, gone.last_used_on)), default=None)
    for person in (kept, gone):
        person.version += 1
    db.flush()
    forget_keys(db, gone)
    note_keys(db, kept)
    merge = AttendeeMerge(
        municipality_code=kept.municipality_code,
        kept_id=kept.id,
        gone_id=gone.id,
        moved=moved,
        facts_before=before,
        reason=reason,
        merged_at=now,
        merged_by=by,
    )
    db.add(merge)
    db.flush()
    for intake_id in sorted({registration.intake_id for registration in ended}):
        offer_free_seats(db, lock_intake(db, intake_id), now=now)
    return MergeReceipt(merge.id, kept.id, kept.name, sum(map(len, moved.values())), len(ended))


def unmerge_attendee(db: Session, *, attendee_id: UUID, reason: str, now: datetime, by: str) -> MergeReceipt:
    """Take back that ``attendee_id`` was merged into another: what moved goes back, what ended stands again.

    An application that ended comes back with its seat if it is free, else on the waiting list. What the kept record
    took over goes back unless it was changed since. Raises NotMerged, MergedFurther, InvalidValue, NotFound.
    """
    reason = checked_text(reason, field="reason", longest=400, required=True)
    merge = standing_merge(db, attendee_id)
    if merge is None:
        raise NotMerged
    _lock_intakes(db, (merge.kept_id, merge.gone_id))
    people = {each: _locked(db, each) for each in sorted((merge.kept_id, merge.gone_id))}
    kept, gone = people[merge.kept_id], people[merge.gone_id]
    if kept.merged_into_id is not None:
        raise MergedFurther(name=kept.name)
    count = 0
    for name, table in _TABLES.items():
        ids = [UUID(each) for each in merge.moved.get(name, ())]
        for row in db.exec(select(table).where(col(table.id).in_(ids), table.attendee_id == kept.id)).all():
            row.attendee_id = gone.id
            count += 1
    gone.merged_into_id = None
    _give_facts_back(kept, merge.facts_before)
    for person in (kept, gone):
        person.version += 1
    merge.undone_at, merge.undone_by = now, by
    db.flush()
    _tick_again(db, merge.moved.get(_UNTICKED, ()))
    note_keys(db, gone)
    note_keys(db, kept)
    restored = _bring_back(db, merge.moved.get(_ENDED, ()), now=now, by=by)
    return MergeReceipt(merge.id, gone.id, gone.name, count, restored)


def standing_merge(db: Session, attendee_id: UUID) -> AttendeeMerge | None:
    """The merge in which this record was given up; None when it stands by itself."""
    query = (
        select(AttendeeMerge)
        .where(AttendeeMerge.gone_id == attendee_id, col(AttendeeMerge.undone_at).is_(None))
        .order_by(col(AttendeeMerge.merged_at).desc())
    )
    return db.exec(query).first()


def _pair(db: Session, kept_id: UUID, gone_id: UUID, *, lock: bool = False) -> tuple[Attendee, Attendee]:
    """Both people as they stand; locked in the order of their ids, so that two merges cannot hold up each other."""
    found = {each: _locked(db, each) if lock else db.get(Attendee, each) for each in sorted({kept_id, gone_id})}
    kept, gone = found[kept_id], found[gone_id]
    for person in (kept, gone):
        if person is None or person.merged_into_id is not None or person.forgotten_at is not None:
            raise NotFound(thing="attendee_id")
    if kept is None or gone is None or kept.municipality_code != gone.municipality_code:
        raise NotFound(thing="attendee_id")
    if kept_id == gone_id:
        raise SamePerson(name=kept.name)
    return kept, gone


def _locked(db: Session, attendee_id: UUID) -> Attendee:
    query = select(Attendee).where(Attendee.id == attendee_id).with_for_update()
    found = db.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(thing="attendee_id")
    return found


def _lock_intakes(db: Session, attendee_ids: Collection[UUID]) -> None:
    """Everything these people applied to, in the order of ids; sessions before people, as in booking."""
    query = select(Registration.intake_id).where(col(Registration.attendee_id).in_(attendee_ids)).distinct()
    intakes = [lock_intake(db, intake_id) for intake_id in sorted(db.exec(query).all())]
    for intake in intakes:
        lock_intake_sessions(db, intake)


def _clashes(db: Session, kept_id: UUID, gone_id: UUID) -> list[Clash]:
    """Applications of which one person can have only one: to the same intake, or with a seat at the same session."""
    query = (
        select(Registration)
        .where(
            col(Registration.attendee_id).in_((kept_id, gone_id)),
            col(Registration.state).in_(ACTIVE_REGISTRATIONS),
        )
        .order_by(col(Registration.number))
        .execution_options(populate_existing=True)
    )
    standing = db.exec(query).all()
    seats = {row.id: {seat.session_id for seat in held_seats(db, row)} for row in standing}
    found = []
    for one in standing:
        for other in standing:
            if (one.attendee_id, other.attendee_id) != (kept_id, gone_id):
                continue
            if one.intake_id == other.intake_id or seats[one.id] & seats[other.id]:
                found.append(_clash(db, one, other))
    return sorted(found, key=lambda clash: (clash.held_on or date.max, clash.kept_number, clash.gone_number))


def _clash(db: Session, one: Registration, other: Registration) -> Clash:
    workshop = db.get_one(Workshop, db.get_one(Intake, one.intake_id).workshop_id)
    days = (
        select(col(WorkshopSession.held_on))
        .join(IntakeSession, col(IntakeSession.session_id) == WorkshopSession.id)
        .where(IntakeSession.intake_id == one.intake_id)
    )
    return Clash(
        intake_id=one.intake_id,
        title=workshop.title,
        held_on=min(db.exec(days).all(), default=None),
        kept_registration_id=one.id,
        kept_number=one.number,
        kept_state=one.state,
        gone_registration_id=other.id,
        gone_number=other.number,
        gone_state=other.state,
    )


def _end_doubles(
    db: Session,
    kept: Attendee,
    gone: Attendee,
    standing: Collection[UUID],
    moved: dict[str, list[str]],
    *,
    reason: str,
    now: datetime,
    by: str,
) -> list[Registration]:
    """End what one person cannot have twice: applications as decided, and the later of two marks of attendance."""
    leaving: list[UUID] = []
    for clash in _clashes(db, kept.id, gone.id):
        ends = [each for each in (clash.kept_registration_id, clash.gone_registration_id) if each not in standing]
        if not ends or (len(ends) > 1 and not set(ends) & set(leaving)):
            raise ApplicationsClash(title=clash.title, one=clash.kept_number, other=clash.gone_number)
        leaving += [each for each in ends if each not in leaving and len(ends) == 1]
    ended = []
    for registration_id in leaving:
        registration = db.get_one(Registration, registration_id)
        end_seats(db, registration, now=now)
        close_open_offer(db, registration, "cancelled", now=now, by=by)
        change_state(registration, RegistrationState.CANCELLED_BY_HOST, reason, now)
        ended.append(registration)
    db.flush()
    moved[_ENDED] = [str(registration.id) for registration in ended]
    moved[_UNTICKED] = [str(row.id) for row in _untick_doubles(db, kept.id, gone.id, now=now, by=by)]
    return ended


def _untick_doubles(db: Session, kept_id: UUID, gone_id: UUID, *, now: datetime, by: str) -> list[Attendance]:
    query = (
        select(Attendance)
        .where(col(Attendance.attendee_id).in_((kept_id, gone_id)), col(Attendance.undone_at).is_(None))
        .order_by(col(Attendance.recorded_at), col(Attendance.id))
    )
    first: dict[UUID, Attendance] = {}
    doubles = [row for row in db.exec(query).all() if first.setdefault(row.session_id, row) is not row]
    for row in doubles:
        row.undone_at, row.undone_by = now, by
    db.flush()
    return doubles


def _rows_to_move(db: Session, name: str, table: Any, kept_id: UUID, gone_id: UUID) -> Sequence[Any]:
    """What moves; a way to reach the person that is known already stays with the record that is given up."""
    rows = db.exec(select(table).where(table.attendee_id == gone_id).order_by(col(table.id))).all()
    if name != "contact_point":
        return rows
    known = {(row.kind, row.value_key) for row in db.exec(select(table).where(table.attendee_id == kept_id)).all()}
    return [row for row in rows if (row.kind, row.value_key) not in known]


def _take_over(kept: Attendee, gone: Attendee, take: Collection[str]) -> dict[str, object]:
    """Let the kept record say what the other said; answers what it said before, and what it says now."""
    before: dict[str, object] = {}
    changes = {name: getattr(gone, name) for name in take}
    changes["confidential"] = kept.confidential or gone.confidential
    for name, value in changes.items():
        if getattr(kept, name) != value:
            before[name] = [_plain(getattr(kept, name)), _plain(value)]
            setattr(kept, name, value)
    return before


def _give_facts_back(kept: Attendee, before: Mapping[str, object]) -> None:
    for name, pair in before.items():
        if isinstance(pair, list) and _plain(getattr(kept, name)) == pair[1]:
            value = pair[0]
            is_day = name == "birth_date" and isinstance(value, str)
            setattr(kept, name, date.fromisoformat(value) if is_day else value)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple)) else value


def _tick_again(db: Session, ids: Sequence[str]) -> None:
    for row in db.exec(select(Attendance).where(col(Attendance.id).in_([UUID(each) for each in ids]))).all():
        row.undone_at, row.undone_by = None, ""
    db.flush()


def _bring_back(db: Session, ids: Sequence[str], *, now: datetime, by: str) -> int:
    """Let the applications stand again that the merge ended and nobody touched since; answers how many do."""
    restored = 0
    for each in ids:
        registration = db.get(Registration, UUID(each))
        if registration is not None and registration.state is RegistrationState.CANCELLED_BY_HOST:
            restore_registration(db, registration_id=registration.id, now=now, by=by)
            restored += 1
    return restored


def _ids(db: Session, table: Any, attendee_id: UUID) -> Sequence[UUID]:
    return db.exec(select(table.id).where(table.attendee_id == attendee_id)).all()
