"""What the screen of a draw shows: who takes part and who is set apart, and after the draw what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.draw.applicants import Applicant, applicants_of
from events.draw.errors import NotDrawn
from events.draw.holding import APART, must_be_drawable, standing_record
from events.draw.lateness import deadlines_of
from events.draw.locking import locked_since
from events.draw.rules import DrawRules, places_for_people, reserves_to_keep, rules_of
from events.errors import DomainError, NotFound
from events.models import Attendee, DrawRecord, Intake, IntakeSession, Registration, Seat, Workshop, WorkshopSession
from events.registration_places import free_places
from events.registration_receipts import SessionTime, rank_of, session_times
from events.registration_rules import is_before_draw
from events.states import IntakeMethod, IntakeUnit, RegistrationState, SeatState

_AFTER = (
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.LOST,
    RegistrationState.REFUSED,
)


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """What came of one application. ``rank`` is the place among the reserves from 1; ``because`` a code as before."""

    registration_id: UUID
    attendee_id: UUID
    number: int
    name: str
    kana: str
    state: RegistrationState
    order: int | None
    held_on: tuple[date, ...]
    rank: int | None
    with_numbers: tuple[int, ...]
    because: str


@dataclass(frozen=True, slots=True)
class DrawPage:
    """One intake that is drawn. Before the draw ``applicants`` are filled, after it ``results``.

    ``refusal`` is what stands against drawing at all, as the error that would be raised; ``closes_at`` the deadline
    (aware UTC), ``is_open`` whether applications are still taken; ``attempts`` how often it was drawn; ``reason``
    why the last time.
    """

    intake_id: UUID
    workshop_id: UUID
    title: str
    sessions: tuple[SessionTime, ...]
    places: int
    rules: DrawRules
    reserves: int
    closes_at: datetime | None
    is_open: bool
    refusal: DomainError | None
    applicants: tuple[Applicant, ...]
    results: tuple[DrawnLine, ...]
    drawn_at: datetime | None
    drawn_by: str
    locked_at: datetime | None
    seed: str
    attempts: int
    reason: str
    has_record: bool


@dataclass(frozen=True, slots=True)
class DrawOfWorkshop:
    """A draw that belongs to a workshop: what it is for, how many applied, and whether it was held."""

    intake_id: UUID
    held_on: tuple[date, ...]
    applicants: int
    closes_at: datetime | None
    drawn_at: datetime | None


def draws_of_workshop(db: Session, *, workshop_id: UUID) -> tuple[DrawOfWorkshop, ...]:
    """The draws of a workshop in the order of their first session; empty where places are given as people come."""
    intakes = db.exec(
        select(Intake).where(Intake.workshop_id == workshop_id, Intake.method == IntakeMethod.DRAW)
    ).all()
    counts = dict(
        db.exec(
            select(col(Registration.intake_id), func.count())
            .where(
                col(Registration.intake_id).in_([intake.id for intake in intakes]),
                col(Registration.state).in_((RegistrationState.WAITING_DRAW, *_AFTER)),
            )
            .group_by(col(Registration.intake_id))
        ).all()
    )
    days = _days(db, [intake.id for intake in intakes])
    found = [
        DrawOfWorkshop(
            intake_id=intake.id,
            held_on=days.get(intake.id, ()),
            applicants=counts.get(intake.id, 0),
            closes_at=intake.deadline_at,
            drawn_at=intake.drawn_at,
        )
        for intake in intakes
    ]
    return tuple(sorted(found, key=lambda each: each.held_on))


def draw_preview(db: Session, *, intake_id: UUID, now: datetime) -> tuple[Applicant, ...]:
    """Who takes part with how many slips, and who is set apart and why. Empty after the draw.

    Raises NotFound, NotDrawn.
    """
    return draw_page(db, intake_id=intake_id, now=now).applicants


def draw_page(db: Session, *, intake_id: UUID, now: datetime) -> DrawPage:
    """Everything about the draw of one intake. Raises NotFound, NotDrawn, InvalidValue (rules that cannot be read)."""
    intake = db.get(Intake, intake_id)
    if intake is None:
        raise NotFound(thing="intake_id")
    workshop = db.get_one(Workshop, intake.workshop_id)
    if intake.method is not IntakeMethod.DRAW:
        raise NotDrawn(title=workshop.title)
    sessions = _sessions(db, intake)
    rules, closes = rules_of(intake), deadlines_of(db, intake).last
    places = places_for_people(intake.unit, [max(0, free_places(session)) for session in sessions])
    before = is_before_draw(intake)
    record = standing_record(db, intake)
    content: Mapping[str, Any] = record.record if record else {}
    return DrawPage(
        intake_id=intake.id,
        workshop_id=workshop.id,
        title=workshop.title,
        sessions=session_times(db, [session.id for session in sessions]),
        places=places,
        rules=rules,
        reserves=reserves_to_keep(rules, places),
        closes_at=closes,
        is_open=closes is not None and now <= closes,
        refusal=_refusal(db, intake, workshop, sessions, now),
        applicants=applicants_of(db, intake, sessions, rules, now=now) if before else (),
        results=() if before else _results(db, intake, content),
        drawn_at=intake.drawn_at,
        drawn_by=record.held_by if record else "",
        locked_at=locked_since(db, intake),
        seed=record.seed if record else "",
        attempts=int(content.get("attempt", 0)),
        reason=record.reason if record else "",
        has_record=record is not None,
    )


def draw_record(db: Session, *, intake_id: UUID) -> Mapping[str, Any]:
    """The record of the draw that stands, without names. Raises NotFound."""
    query = select(DrawRecord.record).where(
        DrawRecord.intake_id == intake_id, col(DrawRecord.replaced_by_id).is_(None)
    )
    found = db.exec(query).first()
    if found is None:
        raise NotFound(thing="intake_id")
    return found


def _refusal(
    db: Session, intake: Intake, workshop: Workshop, sessions: Sequence[WorkshopSession], now: datetime
) -> DomainError | None:
    try:
        must_be_drawable(db, intake, workshop, sessions, now=now)
    except DomainError as error:
        return error
    return None


def _sessions(db: Session, intake: Intake) -> list[WorkshopSession]:
    query = (
        select(WorkshopSession)
        .join(IntakeSession, col(IntakeSession.session_id) == WorkshopSession.id)
        .where(IntakeSession.intake_id == intake.id)
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.number))
    )
    return list(db.exec(query).all())


def _days(db: Session, intake_ids: Sequence[UUID]) -> dict[UUID, tuple[date, ...]]:
    query = (
        select(col(IntakeSession.intake_id), col(WorkshopSession.held_on))
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(col(IntakeSession.intake_id).in_(intake_ids))
        .order_by(col(WorkshopSession.held_on))
    )
    days: dict[UUID, tuple[date, ...]] = {}
    for intake_id, day in db.exec(query):
        days[intake_id] = (*days.get(intake_id, ()), day)
    return days


def _results(db: Session, intake: Intake, record: Mapping[str, Any]) -> tuple[DrawnLine, ...]:
    """Who got what, in the order of the draw; who came after it at the end."""
    lines = {number: each for each in record.get("result", ()) for number in each["numbers"]}
    days = _seat_days(db, intake)
    query = (
        select(Registration, Attendee)
        .join(Attendee, col(Attendee.id) == Registration.attendee_id)
        .where(Registration.intake_id == intake.id, col(Registration.state).in_(_AFTER))
        .order_by(col(Registration.queue_number), col(Registration.number))
    )
    rows = db.exec(query).all()
    ranks = _ranks(db, intake, [row for row, _ in rows if row.state is RegistrationState.WAITING])
    found = [
        DrawnLine(
            registration_id=row.id,
            attendee_id=person.id,
            number=row.number,
            name=person.name,
            kana=person.kana,
            state=row.state,
            order=lines[row.number]["order"] if row.number in lines else None,
            held_on=days.get(row.id, ()),
            rank=ranks.get(row.id),
            with_numbers=tuple(each for each in lines.get(row.number, {}).get("numbers", ()) if each != row.number),
            because=row.state_reason.removeprefix(APART) if row.state_reason.startswith(APART) else "",
        )
        for row, person in rows
    ]
    return tuple(sorted(found, key=_place_in_list))


def _ranks(db: Session, intake: Intake, waiting: Sequence[Registration]) -> dict[UUID, int | None]:
    """The rank that each is told; where people choose a session it is counted among those who want the same first."""
    if intake.unit is IntakeUnit.CHOICE:
        return {row.id: rank_of(db, row, intake) for row in waiting}
    return {row.id: rank for rank, row in enumerate(waiting, start=1)}


def _place_in_list(line: DrawnLine) -> tuple[int, int, int, int]:
    return _AFTER.index(line.state), line.rank or 0, line.order or 0, line.number


def _seat_days(db: Session, intake: Intake) -> dict[UUID, tuple[date, ...]]:
    query = (
        select(col(Seat.registration_id), col(WorkshopSession.held_on))
        .join(WorkshopSession, col(WorkshopSession.id) == Seat.session_id)
        .join(Registration, col(Registration.id) == Seat.registration_id)
        .where(Registration.intake_id == intake.id, Seat.state != SeatState.RELEASED)
        .order_by(col(WorkshopSession.held_on))
    )
    days: dict[UUID, tuple[date, ...]] = {}
    for registration_id, day in db.exec(query):
        days[registration_id] = (*days.get(registration_id, ()), day)
    return days
