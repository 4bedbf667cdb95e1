"""Forgetting people on time: what is kept how long, who is due, and the purge that takes names and leaves counts.

An application is kept until the end of the fiscal year after the one it was for; a loan agreement for five years. Both
spans are settings of the municipality. Whoever still has something open (a coming session, a loan phone that is not
back) or is held back on purpose stays. A purge is the one change that is never reversed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import Session, SQLModel, col, select

from events.age_bands import band_on
from events.errors import DomainError, InvalidValue, NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.japan.fiscal_year import fiscal_year
from events.models import (
    Attendance,
    Attendee,
    AttendeeMerge,
    AttendeeTerm,
    CallAttempt,
    Consent,
    Consultation,
    ContactPoint,
    Draft,
    IntakeSession,
    Loan,
    Municipality,
    Proxy,
    Registration,
    Seat,
    WorkshopSession,
)
from events.states import RegistrationState

APPLICATION_YEARS, LOAN_YEARS = 1, 5
LONGEST_YEARS = 30
_SETTINGS = {"application_years": APPLICATION_YEARS, "loan_years": LOAN_YEARS}
_OPEN = (
    RegistrationState.WAITING_DRAW,
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)
_AT_ONCE = 500

# What a person's rows keep, so that last year's figures stay what they were: no name, no number, no address.
KEPT = {
    "attendee": {"age_band", "town", "residence", "phone_kind", "confidence", "confidential"},
    "registration": {"state", "wants_device"},
    "seat": {"without_phone"},
    "attendance": {"state", "arrived_at", "left_at", "walk_in", "companion"},
    "consultation": set[str](),
    "call_attempt": set[str](),
    "attendee_merge": set[str](),
}
GONE = (AttendeeTerm, ContactPoint, Proxy, Consent)
_WIPED: tuple[type[SQLModel], ...] = (Registration, Attendance, Consultation, CallAttempt)


class StillNeeded(DomainError):
    """The person cannot be forgotten yet."""


class StillComing(StillNeeded):
    """Something of the person's is still to come."""

    code = "forget_coming"


class LoanOut(StillNeeded):
    """A loan phone has not come back."""

    code = "forget_loan"


class HeldBack(StillNeeded):
    """Somebody wrote down why this person must be kept."""

    code = "forget_held"


_BECAUSE: dict[str, type[StillNeeded]] = {"coming": StillComing, "loan": LoanOut, "held": HeldBack}


@dataclass(frozen=True, slots=True)
class Retention:
    """How many whole fiscal years after the last one something is kept."""

    application_years: int
    loan_years: int


@dataclass(frozen=True, slots=True)
class DuePeople:
    """Who is due, counted by the fiscal year of the last use, and who stays although the time is over, by reason."""

    retention: Retention
    by_year: tuple[tuple[int, int], ...]
    staying: tuple[tuple[str, int], ...]

    @property
    def people(self) -> int:
        """How many would be forgotten."""
        return sum(count for _year, count in self.by_year)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many people were forgotten."""

    people: int


def retention_of(db: Session, municipality_code: str) -> Retention:
    """The spans of a municipality, as set or as usual."""
    settings = db.get_one(Municipality, municipality_code).settings
    return Retention(**{name: int(str(settings.get(f"keep_{name}", usual))) for name, usual in _SETTINGS.items()})


def set_retention(db: Session, *, municipality_code: str, application_years: int, loan_years: int) -> Retention:
    """Set the spans, 0 to 30 fiscal years each. Raises InvalidValue."""
    given = {"application_years": application_years, "loan_years": loan_years}
    for name, years in given.items():
        if not 0 <= years <= LONGEST_YEARS:
            raise InvalidValue(field=name, value=years, problem="out_of_range", least=0, most=LONGEST_YEARS)
    municipality = db.get_one(Municipality, municipality_code)
    municipality.settings = {**municipality.settings, **{f"keep_{name}": years for name, years in given.items()}}
    db.add(municipality)
    return Retention(**given)


def people_due(db: Session, *, municipality_code: str, today: date) -> DuePeople:
    """A preview: who would be forgotten today (Tokyo), and who stays and why. Nothing changes."""
    found = _due(db, municipality_code, today)
    years = Counter(year for year, reason in found.values() if not reason)
    reasons = Counter(reason for _year, reason in found.values() if reason)
    return DuePeople(retention_of(db, municipality_code), tuple(sorted(years.items())), tuple(sorted(reasons.items())))


def forget_due(db: Session, *, municipality_code: str, today: date, now: datetime) -> Forgotten:
    """Forget everybody who is due: names, numbers, addresses and notes go, counts stay. Cannot be reversed."""
    due = [attendee_id for attendee_id, (_year, reason) in _due(db, municipality_code, today).items() if not reason]
    for start in range(0, len(due), _AT_ONCE):
        _forget(db, due[start : start + _AT_ONCE], now)
    _drop_old_calls(db, municipality_code, today)
    return Forgotten(len(due))


def forget_attendee(db: Session, *, attendee_id: UUID, reason: str, now: datetime) -> Forgotten:
    """Forget one person on request, before the time is over. Cannot be reversed.

    Raises StillNeeded while a session is to come, a loan phone is out or the person is held back; InvalidValue
    without a reason; NotFound.
    """
    checked_text(reason, field="reason", longest=400, required=True)
    attendee = db.exec(select(Attendee).where(Attendee.id == attendee_id).with_for_update()).first()
    if attendee is None or attendee.forgotten_at is not None:
        raise NotFound(thing="attendee_id")
    because = _reasons(db, [attendee_id], tokyo_date(now), loan_years=None).get(attendee_id)
    if because:
        raise _BECAUSE[because]
    _forget(db, [attendee_id], now)
    return Forgotten(1)


def hold_attendee(db: Session, *, attendee_id: UUID, reason: str) -> None:
    """Keep a person whatever the time (a dispute, a law). Raises InvalidValue without a reason, NotFound."""
    _person(db, attendee_id).held_because = checked_text(reason, field="reason", longest=400, required=True)


def release_attendee(db: Session, *, attendee_id: UUID) -> None:
    """End the holding back. Raises NotFound."""
    _person(db, attendee_id).held_because = ""


def _person(db: Session, attendee_id: UUID) -> Attendee:
    attendee = db.get(Attendee, attendee_id)
    if attendee is None or attendee.forgotten_at is not None:
        raise NotFound(thing="attendee_id")
    db.add(attendee)
    return attendee


def _due(db: Session, municipality_code: str, today: date) -> dict[UUID, tuple[int, str]]:
    """Everybody whose time is over: fiscal year of the last use, and why they stay all the same ("" if they do not)."""
    retention = retention_of(db, municipality_code)
    last_kept = fiscal_year(today) - retention.application_years
    over = {who: year for who, year in _last_years(db, municipality_code).items() if year < last_kept}
    reasons = _reasons(db, over, today, loan_years=retention.loan_years)
    return {who: (year, reasons.get(who, "")) for who, year in over.items()}


def _last_years(db: Session, municipality_code: str) -> dict[UUID, int]:
    """The fiscal year in which somebody was last written down, applied or had a session. Merged people are one."""
    here = Attendee.municipality_code == municipality_code
    people = db.exec(
        select(
            col(Attendee.id), col(Attendee.merged_into_id), col(Attendee.created_at), col(Attendee.last_used_on)
        ).where(
            here, col(Attendee.forgotten_at).is_(None)
        )
    ).all()
    days: dict[UUID, date] = {}
    stands_for: dict[UUID, UUID] = {}
    for who, merged_into, created_at, last_used_on in people:
        days[who] = max(tokyo_date(created_at), last_used_on or date.min)
        if merged_into:
            stands_for[who] = merged_into
    for who, day in _days_of_use(db, municipality_code):
        if who in days:
            days[who] = max(days[who], day)
    for who, merged_into in stands_for.items():  # as long as one of them is needed, both stay
        if merged_into in days:
            days[who] = days[merged_into] = max(days[who], days[merged_into])
    return {who: fiscal_year(day) for who, day in days.items()}


def _days_of_use(db: Session, municipality_code: str) -> Iterable[tuple[UUID, date]]:
    here = Registration.municipality_code == municipality_code
    applied = select(col(Registration.attendee_id), func.max(Registration.applied_on)).where(here)
    yield from db.exec(applied.group_by(col(Registration.attendee_id))).all()
    held = func.max(WorkshopSession.held_on)
    for table in (Seat, Attendance):
        there = select(col(table.attendee_id), held).join(WorkshopSession, col(table.session_id) == WorkshopSession.id)
        city = WorkshopSession.municipality_code == municipality_code
        yield from db.exec(there.where(city).group_by(col(table.attendee_id))).all()


def _reasons(
    db: Session, people: Collection[UUID], today: date, *, loan_years: int | None
) -> dict[UUID, str]:
    """Why people stay. ``loan_years`` None: only a loan that is out counts, not its paper."""
    if not people:
        return {}
    found: dict[UUID, str] = {}
    for who, returned_on, due_on in db.exec(select(col(Loan.attendee_id), col(Loan.returned_on), col(Loan.due_on))):
        is_paper_kept = loan_years is not None and fiscal_year(returned_on or due_on) + loan_years >= fiscal_year(today)
        if returned_on is None or is_paper_kept:
            found[who] = "loan"
    coming = (
        select(Registration.attendee_id)
        .join(IntakeSession, col(IntakeSession.intake_id) == Registration.intake_id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .where(col(Registration.state).in_(_OPEN), WorkshopSession.held_on >= today)
    )
    found.update(dict.fromkeys(db.exec(coming), "coming"))
    held = select(Attendee.id).where(col(Attendee.held_because) != "")
    found.update(dict.fromkeys(db.exec(held), "held"))
    return {who: reason for who, reason in found.items() if who in people}


def _forget(db: Session, people: Sequence[UUID], now: datetime) -> None:
    _of(db, update(Registration).values(proxy_id=None), Registration, people)
    for table in GONE:
        _of(db, delete(table), table, people)
    for wiped in _WIPED:
        _of(db, update(wiped).values(blank_values(wiped)), wiped, people)
    merged = col(AttendeeMerge.kept_id).in_(people) | col(AttendeeMerge.gone_id).in_(people)
    db.execute(update(AttendeeMerge).where(merged).values(blank_values(AttendeeMerge)))
    for attendee in db.exec(select(Attendee).where(col(Attendee.id).in_(people))).all():
        attendee.age_band = band_on(attendee.birth_date, attendee.age_band, attendee.last_used_on)
        for column, nothing in blank_values(Attendee).items():
            setattr(attendee, column, nothing)
        attendee.forgotten_at, attendee.held_because = now, ""
        attendee.version += 1
        db.add(attendee)


def _of(db: Session, statement: Any, table: type[SQLModel], people: Sequence[UUID]) -> None:
    db.execute(statement.where(table.attendee_id.in_(people)))  # type: ignore[attr-defined]


def blank_values(table: type[SQLModel]) -> dict[str, Any]:
    """What stands in the personal columns of a table once the person is forgotten; those in ``KEPT`` stay."""
    kept = KEPT[str(table.__tablename__)]
    blanks = {}
    for column in table.__table__.columns:  # type: ignore[attr-defined]
        if column.info.get("privacy") == "personal" and column.name not in kept:
            field = table.model_fields[column.name]
            blanks[column.name] = "" if field.is_required() else field.get_default(call_default_factory=True)
    return blanks


def _drop_old_calls(db: Session, municipality_code: str, today: date) -> None:
    """Calls that were typed and never finished name people too; after the day they are over."""
    old = [
        draft.id
        for draft in db.exec(
            select(Draft).where(Draft.municipality_code == municipality_code, Draft.about == "call")
        ).all()
        if tokyo_date(draft.changed_at) < today
    ]
    db.execute(delete(Draft).where(col(Draft.id).in_(old)))
