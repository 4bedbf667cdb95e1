"""Holding a draw: seats, reserves and losers in one step; and again with a reason, until people are being told."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col, select

from events.changes import note_change
from events.draw.applicants import Applicant, applicants_of, units_of
from events.draw.errors import (
    DeadlineAfterSession,
    DrawLocked,
    DrawTooEarly,
    NobodyToDraw,
    NotDrawn,
    WeightsExcludeEveryone,
)
from events.draw.lateness import deadlines_of
from events.draw.locking import locked_since, move_sessions
from events.draw.record import LONGEST_SEED, Sheet, record_of
from events.draw.rules import DrawRules, places_for_people, reserves_to_keep, rules_of
from events.draw.slips import ALGORITHM, Drawn, Outcome
from events.errors import Conflict
from events.free_text import checked_text
from events.models import DrawRecord, Intake, Registration, Workshop, WorkshopSession
from events.planning.errors import WrongState
from events.registration_errors import SessionBegun
from events.registration_places import free_places, join_queue, release_coming_seats, take_seats
from events.registration_rules import has_begun, lock_intake, lock_intake_sessions
from events.states import STOPPED_STATES, IntakeMethod, ProgrammeState, RegistrationState
from events.waiting_list import change_state

APART: Final = "draw:"  # begins the reason of an application that a draw set apart; the code follows
_SEED_BYTES: Final = 16
_AT_ONCE: Final = 500
_RESULTS: Final = frozenset(
    {RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.LOST, RegistrationState.REFUSED}
)
_BEFORE_DRAW: Final = (ProgrammeState.ANNOUNCED, ProgrammeState.OPEN, ProgrammeState.CLOSED)


@dataclass(frozen=True, slots=True)
class DrawReceipt:
    """What a draw gave, in applications; ``record`` is the record that anybody can check, without names."""

    record_id: UUID
    intake_id: UUID
    title: str
    seed: str
    attempt: int
    seats: int
    reserves: int
    lost: int
    set_apart: int
    record: Mapping[str, Any]


def hold_draw(
    db: Session, *, intake_id: UUID, now: datetime, by: str, seed: str = "", reason: str = ""
) -> DrawReceipt:
    """Draw who gets the places of an intake; without a ``seed`` a new one of 128 random bits is taken.

    A ``reason`` is needed before the deadline and to draw again; what an earlier draw gave is taken back first.
    Raises NotDrawn, WrongState, DeadlineAfterSession, SessionBegun, DrawTooEarly, DrawLocked, NobodyToDraw,
    WeightsExcludeEveryone, InvalidValue, NotFound.
    """
    reason = checked_text(reason, field="reason", longest=400)
    seed = checked_text(seed, field="draw_seed", longest=LONGEST_SEED) or secrets.token_hex(_SEED_BYTES)
    intake = lock_intake(db, intake_id)
    sessions = lock_intake_sessions(db, intake)
    workshop = db.get_one(Workshop, intake.workshop_id)
    must_be_drawable(db, intake, workshop, sessions, now=now)
    earlier = standing_record(db, intake)
    if earlier is not None:
        checked_text(reason, field="reason", longest=400, required=True)
        latecomers = _take_back(db, intake, earlier, now=now)
    else:
        _must_be_closed(db, intake, now=now, reason=reason)
        latecomers = []
    rules = rules_of(intake)
    applicants = applicants_of(db, intake, sessions, rules, now=now)
    sheet = _sheet(intake, applicants, sessions, rules, seed)
    drawn = sheet.drawn()
    _give(db, intake, sessions, applicants, drawn, now=now)
    for registration in latecomers:
        join_queue(intake, registration)
    record = _keep(db, intake, sessions, sheet, drawn, applicants, earlier, now=now, by=by, reason=reason)
    return _receipt(workshop, record, drawn, applicants)


def must_be_drawable(
    db: Session, intake: Intake, workshop: Workshop, sessions: Sequence[WorkshopSession], *, now: datetime
) -> None:
    """Refuse where no draw can be held, whatever the reason."""
    if intake.method is not IntakeMethod.DRAW:
        raise NotDrawn(title=workshop.title)
    standing = [session for session in sessions if session.state not in STOPPED_STATES]
    if workshop.state in {ProgrammeState.DRAFT, *STOPPED_STATES} or not standing:
        raise WrongState(state=workshop.state)
    first = min(standing, key=lambda session: (session.held_on, session.number))
    if has_begun(first, now):
        raise SessionBegun(held_on=first.held_on)
    if intake.deadline_at and first.starts_at and intake.deadline_at > first.starts_at:
        raise DeadlineAfterSession(deadline_at=intake.deadline_at, starts_at=first.starts_at)
    if (since := locked_since(db, intake)) is not None:
        raise DrawLocked(locked_at=since)


def standing_record(db: Session, intake: Intake) -> DrawRecord | None:
    """The record of the draw that stands; None before the first, or where an older draw left none."""
    query = select(DrawRecord).where(DrawRecord.intake_id == intake.id, col(DrawRecord.replaced_by_id).is_(None))
    return db.exec(query).first()


def _must_be_closed(db: Session, intake: Intake, *, now: datetime, reason: str) -> None:
    if intake.drawn_at is not None:  # drawn by an earlier version that kept no record to take back
        raise DrawLocked(locked_at=intake.drawn_at)
    closes = deadlines_of(db, intake).last
    if closes is not None and now <= closes and not reason:
        raise DrawTooEarly(deadline_at=closes)


def _sheet(
    intake: Intake,
    applicants: Sequence[Applicant],
    sessions: Sequence[WorkshopSession],
    rules: DrawRules,
    seed: str,
) -> Sheet:
    units = units_of(applicants)
    if not units:
        without = sum(each.because == "no_slip" for each in applicants)
        if without:
            raise WeightsExcludeEveryone(count=without)
        raise NobodyToDraw(set_apart=len(applicants))
    places = {number: max(0, free_places(session)) for number, session in enumerate(sessions, start=1)}
    used = {number for unit in units for wish in unit.wishes for number in wish}
    offered = {number: count for number, count in places.items() if number in used}
    return Sheet(seed, offered, reserves_to_keep(rules, places_for_people(intake.unit, offered.values())), units)


def _give(
    db: Session,
    intake: Intake,
    sessions: Sequence[WorkshopSession],
    applicants: Sequence[Applicant],
    drawn: Sequence[Drawn],
    *,
    now: datetime,
) -> None:
    """Write the result: seats are taken one by one, as everywhere, so a draw cannot oversell either."""
    lost = {number for each in drawn if each.outcome is Outcome.LOST for number in each.numbers}
    _lose(db, [each.registration_id for each in applicants if each.number in lost], now=now)
    query = select(Registration).where(
        Registration.intake_id == intake.id, Registration.state == RegistrationState.WAITING_DRAW
    )
    rows = {row.number: row for row in db.exec(query).all()}
    for each in drawn:
        won = [sessions[number - 1] for number in each.sessions]
        for number in each.numbers if each.outcome is not Outcome.LOST else ():
            row = rows[number]
            if each.outcome is Outcome.RESERVE:
                join_queue(intake, row)
                change_state(row, RegistrationState.WAITING, "", now)
            elif take_seats(db, row, won, now=now):
                change_state(row, RegistrationState.CONFIRMED, "", now)
            else:  # counted a moment ago under the same lock
                raise Conflict(thing="intake_id")
    for applicant in applicants:
        if applicant.because:
            change_state(rows[applicant.number], RegistrationState.REFUSED, f"{APART}{applicant.because}", now)
    intake.drawn_at = now
    intake.version += 1
    move_sessions(db, intake, *_BEFORE_DRAW, ProgrammeState.DRAWN)


def _lose(db: Session, registration_ids: Sequence[UUID], *, now: datetime) -> None:
    """Write that these lost, in a few statements: of thousands who apply most do."""
    db.flush()
    table = Registration.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    values = {"state": RegistrationState.LOST, "state_reason": "", "changed_at": now, "version": table.c.version + 1}
    for start in range(0, len(registration_ids), _AT_ONCE):
        some = registration_ids[start : start + _AT_ONCE]
        db.connection().execute(sqlalchemy.update(table).where(table.c.id.in_(some)).values(values))
    for each in registration_ids:
        note_change(db, table="registration", row_id=each, columns=tuple(values))
        if (loaded := db.identity_map.get(identity_key(Registration, each))) is not None:
            db.expire(loaded)


def _take_back(db: Session, intake: Intake, earlier: DrawRecord, *, now: datetime) -> list[Registration]:
    """Let everybody wait for the draw again whom the earlier one gave something; answers who came after it."""
    concerned = _numbers_in(earlier.record)
    query = select(Registration).where(
        Registration.intake_id == intake.id, col(Registration.state).in_(_RESULTS)
    ).order_by(col(Registration.queue_number), col(Registration.number))
    latecomers = []
    for row in db.exec(query).all():
        if row.number in concerned:
            release_coming_seats(db, row, now=now)
            row.queue_number = None
            change_state(row, RegistrationState.WAITING_DRAW, "", now)
        elif row.state is RegistrationState.WAITING:
            latecomers.append(row)
    db.flush()
    lock_intake_sessions(db, intake)
    return latecomers


def _numbers_in(record: Mapping[str, Any]) -> set[int]:
    drawn = {number for unit in record["applicants"] for number in unit["numbers"]}
    return drawn | {each["number"] for each in record["set_apart"]}


def _keep(
    db: Session,
    intake: Intake,
    sessions: Sequence[WorkshopSession],
    sheet: Sheet,
    drawn: Sequence[Drawn],
    applicants: Sequence[Applicant],
    earlier: DrawRecord | None,
    *,
    now: datetime,
    by: str,
    reason: str,
) -> DrawRecord:
    described = [
        {"number": number, "id": str(session.id), "held_on": session.held_on.isoformat()}
        for number, session in enumerate(sessions, start=1)
        if number in sheet.places
    ]
    record = DrawRecord(
        intake_id=intake.id,
        held_at=now,
        seed=sheet.seed,
        algorithm=ALGORITHM,
        held_by=by,
        reason=reason,
        record=record_of(
            sheet,
            drawn,
            sessions=described,
            set_apart={each.number: each.because for each in applicants if each.because},
            intake=str(intake.id),
            held_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            attempt=1 + (int(earlier.record["attempt"]) if earlier else 0),  # type: ignore[call-overload]
        ),
    )
    db.add(record)
    db.flush()
    if earlier is not None:
        earlier.replaced_by_id = record.id
        db.flush()
    return record


def _receipt(
    workshop: Workshop, record: DrawRecord, drawn: Sequence[Drawn], applicants: Sequence[Applicant]
) -> DrawReceipt:
    people = {outcome: sum(len(each.numbers) for each in drawn if each.outcome is outcome) for outcome in Outcome}
    content: Mapping[str, Any] = record.record
    return DrawReceipt(
        record_id=record.id,
        intake_id=record.intake_id,
        title=workshop.title,
        seed=record.seed,
        attempt=content["attempt"],
        seats=people[Outcome.SEAT],
        reserves=people[Outcome.RESERVE],
        lost=people[Outcome.LOST],
        set_apart=sum(bool(each.because) for each in applicants),
        record=content,
    )
