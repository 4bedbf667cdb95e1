"""Undo from the log: an entry is reversed by a later entry that names it, with who, when and why; nothing is erased.

What can be reversed stands in ``REVERSES``. The reverse is an ordinary use case and refuses what it would refuse
anywhere: a seat that somebody else has is not taken from them. Whoever was told already is told again (see
``events.notices``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendance import undo_check_in
from events.changes import note_change
from events.errors import DomainError, NotFound
from events.free_text import checked_text
from events.models import Notice, Registration, Seat
from events.notices.calling import take_back_told
from events.planning.stopping import reopen_session
from events.registration_changes import cancel_registration, move_registration, restore_registration
from events.states import NoticeState, RegistrationState
from events.venues import return_venue
from events.walk_ins import undo_walk_in
from supportapp.accounts_tables import AuditEntry
from volunteers.signup import release_volunteer

_ENDED: Final = frozenset(
    {
        RegistrationState.CANCELLED_BY_PERSON,
        RegistrationState.CANCELLED_BY_HOST,
        RegistrationState.DECLINED,
        RegistrationState.EXPIRED,
    }
)


class CannotUndo(DomainError):
    """An entry (``number``) has no reverse, or was reversed already."""

    code = "cannot_undo"


@dataclass(frozen=True, slots=True)
class Undone:
    """The number of the entry that was reversed."""

    number: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What a reverse needs: the entry, and who reverses it, when and why."""

    db: Session
    entry: AuditEntry
    reason: str
    now: datetime
    by: str

    def ids(self, table: str, kind: str) -> list[UUID]:
        """The rows of a table that the entry added or changed."""
        return [UUID(str(row["id"])) for row in self.entry.rows if (row["table"], row["kind"]) == (table, kind)]

    def only(self, table: str, kind: str) -> UUID:
        """The one such row. Raises CannotUndo."""
        found = self.ids(table, kind)
        if len(found) != 1:
            raise CannotUndo(number=self.entry.number)
        return found[0]

    def session_of(self, table: str) -> UUID:
        """The session that the one row of a table belongs to."""
        found = next((row.get("session") for row in self.entry.rows if row["table"] == table), None)
        if found is None:
            raise CannotUndo(number=self.entry.number)
        return UUID(str(found))

    def ended(self) -> Registration:
        """The one application among those changed that has ended since. Raises CannotUndo."""
        query = select(Registration).where(
            col(Registration.id).in_(self.ids("registration", "changed")), col(Registration.state).in_(_ENDED)
        )
        found = self.db.exec(query).all()
        if len(found) != 1:
            raise CannotUndo(number=self.entry.number)
        return found[0]


def _reopen(step: _Step) -> None:
    session_id = step.only("workshop_session", "changed")
    reopen_session(step.db, session_id=session_id, reason=step.reason, now=step.now, by=step.by)


def _cancel(step: _Step) -> None:
    registration_id = step.only("registration", "added")
    cancel_registration(step.db, registration_id=registration_id, reason=step.reason, now=step.now, by=step.by)


def _restore(step: _Step) -> None:
    restore_registration(
        step.db, registration_id=step.ended().id, reason=step.reason, now=step.now, by=step.by
    )


def _move_back(step: _Step) -> None:
    query = select(Seat.session_id).where(Seat.registration_id == step.ended().id)
    before = step.db.exec(query.order_by(col(Seat.released_at).desc())).first()
    if before is None:
        raise CannotUndo(number=step.entry.number)
    move_registration(
        step.db,
        registration_id=step.only("registration", "added"),
        session_id=before,
        reason=step.reason,
        now=step.now,
        by=step.by,
    )


def _untick(step: _Step) -> None:
    ids = {"session_id": step.session_of("attendance"), "attendance_id": step.only("attendance", "added")}
    undo_check_in(step.db, **ids, now=step.now, by=step.by)


def _send_away(step: _Step) -> None:
    ids = {"session_id": step.session_of("attendance"), "attendance_id": step.only("attendance", "added")}
    undo_walk_in(step.db, **ids, now=step.now, by=step.by)


def _release(step: _Step) -> None:
    assignment_id = step.only("assignment", "added")
    release_volunteer(step.db, assignment_id=assignment_id, reason=step.reason, now=step.now, by=step.by)


def _return_venue(step: _Step) -> None:
    return_venue(step.db, venue_id=step.only("venue", "changed"), reason=step.reason, now=step.now, by=step.by)


def _tell_again(step: _Step) -> None:
    query = select(Notice.id).where(
        col(Notice.id).in_(step.ids("notice", "changed")), Notice.state == NoticeState.DONE
    )
    told = step.db.exec(query).all()
    if not told:
        raise CannotUndo(number=step.entry.number)
    for notice_id in told:
        take_back_told(step.db, notice_id=notice_id, reason=step.reason, now=step.now, by=step.by)


REVERSES: Final[Mapping[str, Callable[[_Step], None]]] = {
    "events.planning.stopping.cancel_session": _reopen,
    "events.planning.stopping.postpone_session": _reopen,
    "events.registration.register_attendee": _cancel,
    "events.calls.book_call": _cancel,
    "events.registration_changes.cancel_registration": _restore,
    "events.registration_offers.decline_offer": _restore,
    "events.registration_changes.move_registration": _move_back,
    "events.attendance.check_in": _untick,
    "events.walk_ins.walk_in": _send_away,
    "events.venues.retire_venue": _return_venue,
    "events.notices.calling.record_call": _tell_again,
    "volunteers.signup.assign_volunteer": _release,
}
UNDO: Final = "supportapp.undoing.undo_entry"


def undo_entry(db: Session, *, municipality_code: str, number: int, reason: str, now: datetime, by: str) -> Undone:
    """Reverse one entry of a municipality's log; the new entry names it. A reason is needed.

    Raises CannotUndo, NotFound, InvalidValue, and what the reverse refuses.
    """
    checked = checked_text(reason, field="reason", longest=400, required=True)
    query = select(AuditEntry).where(AuditEntry.chain == municipality_code, AuditEntry.number == number)
    entry = db.exec(query).first()
    if entry is None:
        raise NotFound(thing="number")
    reverse = REVERSES.get(entry.use_case)
    if reverse is None or entry.number in undone_entries(db, municipality_code=municipality_code, since=entry.number):
        raise CannotUndo(number=number)
    reverse(_Step(db, entry, checked, now, by))
    note_change(db, table="audit_entry", row_id=entry.number, columns=("undone",))
    db.flush()
    return Undone(number)


def undone_entries(db: Session, *, municipality_code: str, since: int) -> frozenset[int]:
    """The numbers of entries from ``since`` on that were reversed by a later one."""
    query = select(AuditEntry.rows).where(
        AuditEntry.chain == municipality_code, AuditEntry.number > since, AuditEntry.use_case == UNDO
    )
    return frozenset(
        int(str(row["id"])) for rows in db.exec(query) for row in rows if row["table"] == "audit_entry"
    )
