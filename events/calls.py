"""Telephone calls: a draft from the first pause on, put on hold and taken up again, and booked once.

A draft holds what was typed, so that a reload, a lock or a restarted server loses nothing. It belongs to the account
that takes the call. When the call is done the draft keeps the application's id only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendee_facts import AttendeeFacts
from events.attendees import add_attendee
from events.draft_content import checked_content
from events.errors import Conflict, InvalidValue, NotFound
from events.models import Draft, Registration
from events.registration import register_attendee
from events.registration_receipts import RegistrationReceipt, receipt_for
from events.states import Channel, DraftState

_OPEN: Final = frozenset({DraftState.ACTIVE, DraftState.HELD})
_BOOKED, _SEEN = "registration_id", "seen"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as far as it has come; ``content`` is what was typed. Times are aware UTC.

    A call that is done and whose receipt was not put away yet names its ``registration_id``.
    """

    draft_id: UUID
    state: DraftState
    content: Mapping[str, object]
    started_at: datetime
    changed_at: datetime
    version: int
    registration_id: UUID | None = None


def start_call(
    db: Session, *, municipality_code: str, account_id: UUID, content: Mapping[str, object], now: datetime
) -> Call:
    """Begin a call with what was typed up to the first pause. Another call in hand is put on hold."""
    for draft in _drafts(db, municipality_code, account_id, DraftState.ACTIVE):
        draft.state, draft.changed_at = DraftState.HELD, now
    draft = Draft(
        municipality_code=municipality_code,
        account_id=account_id,
        content=_typed(content),
        started_at=now,
        changed_at=now,
    )
    db.add(draft)
    db.flush()
    return _call(draft)


def save_call(db: Session, *, draft_id: UUID, content: Mapping[str, object], version: int, now: datetime) -> Call:
    """Keep what was typed. Raises Conflict when the call went on elsewhere since ``version``, InvalidValue."""
    draft = _open_draft(db, draft_id)
    if draft.version != version:
        raise Conflict(thing="draft_id")
    draft.content, draft.changed_at = _typed(content), now
    draft.version += 1
    db.flush()
    return _call(draft)


def hold_call(db: Session, *, draft_id: UUID, now: datetime) -> Call:
    """Put a call aside (保留) for the next one."""
    draft = _open_draft(db, draft_id)
    draft.state, draft.changed_at = DraftState.HELD, now
    db.flush()
    return _call(draft)


def resume_call(db: Session, *, draft_id: UUID, now: datetime) -> Call:
    """Take a call up again; whichever was in hand is put on hold."""
    draft = _open_draft(db, draft_id)
    for other in _drafts(db, draft.municipality_code, draft.account_id, DraftState.ACTIVE):
        other.state, other.changed_at = DraftState.HELD, now
    draft.state, draft.changed_at = DraftState.ACTIVE, now
    db.flush()
    return _call(draft)


def drop_call(db: Session, *, draft_id: UUID, now: datetime) -> None:
    """End a call without a booking; what was typed is not kept."""
    draft = _open_draft(db, draft_id)
    draft.state, draft.changed_at, draft.content = DraftState.DROPPED, now, {}
    db.flush()


def close_call(db: Session, *, draft_id: UUID, now: datetime) -> None:
    """Put the receipt of a booked call away; the next call begins empty. Done already: nothing happens."""
    draft = _draft(db, draft_id)
    if draft.state is DraftState.DONE:
        draft.content, draft.changed_at = {**draft.content, _SEEN: True}, now
        db.flush()


def open_calls(db: Session, *, municipality_code: str, account_id: UUID) -> tuple[Call, ...]:
    """The calls of an account that are in hand, on hold, or booked with the receipt still in sight; oldest first."""
    drafts = [
        draft
        for state in (DraftState.ACTIVE, DraftState.HELD, DraftState.DONE)
        for draft in _drafts(db, municipality_code, account_id, state)
        if not draft.content.get(_SEEN)
    ]
    return tuple(_call(draft) for draft in sorted(drafts, key=lambda draft: (draft.started_at, str(draft.id))))


def book_call(
    db: Session,
    *,
    draft_id: UUID,
    intake_id: UUID,
    now: datetime,
    by: str,
    attendee_id: UUID | None = None,
    new_person: AttendeeFacts | None = None,
    is_another_person: bool = False,
    session_id: UUID | None = None,
    slot_starts_at: datetime | None = None,
    companions: int = 0,
    wants_device: bool = False,
    note: str = "",
    channel: Channel = Channel.TELEPHONE,
    reason: str = "",
) -> RegistrationReceipt:
    """Finish a call: add the person if new, take the application, close the draft, in one transaction.

    Pressed again for the same call it answers the same receipt and changes nothing. Raises what adding a person
    and taking an application refuse; then nothing is done at all and the draft stays.
    """
    draft = _draft(db, draft_id)
    if draft.state is DraftState.DONE:
        booked = db.get_one(Registration, UUID(str(draft.content[_BOOKED])))
        return receipt_for(db, booked)
    if attendee_id is None:
        if new_person is None:
            raise InvalidValue(field="attendee", value="", problem="required")
        attendee_id = add_attendee(
            db,
            municipality_code=draft.municipality_code,
            facts=new_person,
            now=now,
            is_another_person=is_another_person,
        ).attendee_id
    receipt = register_attendee(
        db,
        intake_id=intake_id,
        attendee_id=attendee_id,
        session_id=session_id,
        slot_starts_at=slot_starts_at,
        channel=channel,
        companions=companions,
        wants_device=wants_device,
        note=note,
        now=now,
        by=by,
        reason=reason,
    )
    draft.state, draft.changed_at = DraftState.DONE, now
    draft.content = {_BOOKED: str(receipt.registration_id)}
    draft.version += 1
    db.flush()
    return receipt


def _draft(db: Session, draft_id: UUID) -> Draft:
    query = select(Draft).where(Draft.id == draft_id).with_for_update()
    draft = db.exec(query.execution_options(populate_existing=True)).first()
    if draft is None:
        raise NotFound(thing="draft_id")
    return draft


def _open_draft(db: Session, draft_id: UUID) -> Draft:
    draft = _draft(db, draft_id)
    if draft.state not in _OPEN:
        raise Conflict(thing="draft_id")
    return draft


def _drafts(db: Session, municipality_code: str, account_id: UUID, state: DraftState) -> Sequence[Draft]:
    query = select(Draft).where(
        Draft.municipality_code == municipality_code,
        Draft.account_id == account_id,
        Draft.about == "call",
        col(Draft.state) == state,
    )
    return db.exec(query).all()


def _typed(content: Mapping[str, object]) -> dict[str, object]:
    return checked_content(content, field="call")


def _call(draft: Draft) -> Call:
    booked = draft.content.get(_BOOKED) if draft.state is DraftState.DONE else None
    return Call(
        draft_id=draft.id,
        state=draft.state,
        content=draft.content,
        started_at=draft.started_at,
        changed_at=draft.changed_at,
        version=draft.version,
        registration_id=UUID(str(booked)) if booked else None,
    )
