"""Helpers from a file: new ones are added, known ones get what the file says of them.

The same helper: name or kana agree, and a telephone number or an address of mail agrees too. Weekly times that a
file gives replace those that stood; an insurance year is noted as seen on the day of the import.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, or_, select

from events.errors import DomainError
from events.importing.people import RowOutcome, ValueChange
from events.importing.rows import ImportProblem
from events.japan.clock import tokyo_date
from events.japan.fiscal_year import first_day
from events.japan.fiscal_year import fiscal_year as fiscal_year_of
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import ContactPoint
from events.states import ContactKind
from volunteers.availability import Times, WeeklyTime, set_weekly_times, times_of
from volunteers.insurance import record_insurance, years_of
from volunteers.models import Membership, Volunteer
from volunteers.roster import (
    MembershipTerms,
    VolunteerDetails,
    add_volunteer,
    checked_details,
    edit_volunteer,
    set_caps,
)
from volunteers.states import VolunteerKind, VolunteerState

_AT_ONCE: Final = 400
_TEXTS: Final = ("name", "kana", "kind", "telephone", "email", "address", "note")
_EMPTY: Final[tuple[object, ...]] = ("", None, ())


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """One helper. ``times`` and ``always`` say when they are free each week; ``insured_year`` is a fiscal year."""

    row: int
    name: str
    kind: VolunteerKind
    kana: str = ""
    telephone: str = ""
    email: str = ""
    skills: tuple[str, ...] = ()
    times: tuple[WeeklyTime, ...] = ()
    always: bool = False
    cap_per_month: int | None = None
    address: str = ""
    insured_year: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A helper as they stand."""

    volunteer: Volunteer
    details: VolunteerDetails
    cap_per_month: int | None
    cap_per_week: int | None
    times: Times
    years: frozenset[int]


class VolunteersIn:
    """The rows of one file (or a part of it) against the helpers of a municipality."""

    def __init__(
        self, db: Session, *, municipality_code: str, rows: tuple[VolunteerRow, ...], now: datetime, by: str
    ) -> None:
        self._db, self._code, self._now, self._by = db, municipality_code, now, by
        self._known: defaultdict[str, list[tuple[UUID | None, frozenset[str]]]] = defaultdict(list)
        self._read_known(sorted({key for row in rows for key in (name_key(row.name), kana_key(row.kana)) if key}))

    def decide(self, row: VolunteerRow) -> RowOutcome:
        """What would become of a row; nothing is written. A later row sees what this one would add."""
        outcome = self._decided(row)
        if outcome.outcome == "added":
            self._note(row, None)
        return outcome

    def take(self, row: VolunteerRow) -> RowOutcome:
        """Take a row in, unless it is refused or says nothing new."""
        outcome = self._decided(row)
        if outcome.outcome == "added":
            volunteer_id = self._add(row)
            self._note(row, volunteer_id)
            return replace(outcome, person_id=volunteer_id, made_person=True)
        if outcome.outcome == "changed" and outcome.person_id:
            self._change(row, outcome.person_id)
        return outcome

    def _read_known(self, names: list[str]) -> None:
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            query = (
                select(Volunteer.id, Volunteer.name_key, Volunteer.kana_key)
                .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
                .where(
                    Membership.municipality_code == self._code,
                    col(Volunteer.forgotten_at).is_(None),
                    or_(col(Volunteer.name_key).in_(some), col(Volunteer.kana_key).in_(some)),
                )
            )
            found = self._db.exec(query).all()
            keys: defaultdict[UUID, set[str]] = defaultdict(set)
            numbers = select(ContactPoint.volunteer_id, ContactPoint.value_key).where(
                col(ContactPoint.volunteer_id).in_([volunteer_id for volunteer_id, _, _ in found])
            )
            for volunteer_id, key in self._db.exec(numbers).all():
                if volunteer_id is not None:
                    keys[volunteer_id].add(key)
            for volunteer_id, name, kana in found:
                for each in {name, kana} - {""}:
                    self._known[each].append((volunteer_id, frozenset(keys[volunteer_id])))

    def _note(self, row: VolunteerRow, volunteer_id: UUID | None) -> None:
        for key in {name_key(row.name), kana_key(row.kana)} - {""}:
            self._known[key].append((volunteer_id, frozenset(_reached_by(row))))

    def _decided(self, row: VolunteerRow) -> RowOutcome:
        if problems := _problems(row, tokyo_date(self._now)):
            return RowOutcome(row.row, "refused", row.name, problems=problems)
        keys = {name_key(row.name), kana_key(row.kana)} - {""}
        named = [each for key in keys for each in self._known[key]]
        same = list(dict.fromkeys(id_ for id_, reached_by in named if reached_by & _reached_by(row)))
        if len(same) > 1:
            problem = ImportProblem(row.row, "name", row.name, "several_people")
            return RowOutcome(row.row, "refused", row.name, problems=(problem,))
        if not same:
            notes = (ImportProblem(row.row, "name", row.name, "person_alike"),) if named else ()
            return RowOutcome(row.row, "added", row.name, notes=notes)
        if same[0] is None:
            notes = (ImportProblem(row.row, "name", row.name, "person_repeated"),)
            return RowOutcome(row.row, "unchanged", row.name, notes=notes)
        changes = tuple(_changes(row, self._standing(same[0])))
        return RowOutcome(row.row, "changed" if changes else "unchanged", row.name, changes, person_id=same[0])

    def _standing(self, volunteer_id: UUID) -> _Standing:
        volunteer = self._db.get_one(Volunteer, volunteer_id)
        member = self._db.exec(
            select(Membership).where(
                Membership.volunteer_id == volunteer_id, Membership.municipality_code == self._code
            )
        ).one()
        contacts = {
            row.kind: row.value
            for row in self._db.exec(select(ContactPoint).where(ContactPoint.volunteer_id == volunteer_id)).all()
        }
        details = VolunteerDetails(
            name=volunteer.name,
            kind=volunteer.kind,
            kana=volunteer.kana,
            telephone=contacts.get(ContactKind.TELEPHONE, ""),
            email=contacts.get(ContactKind.EMAIL, ""),
            birth_date=volunteer.birth_date,
            residence=volunteer.residence,
            town=volunteer.town,
            address=volunteer.address,
            max_km=volunteer.max_km,
            skills=tuple(volunteer.skills),
            can_lead=volunteer.can_lead,
            experienced=volunteer.experienced,
            courses_done=volunteer.courses_done,
            note=volunteer.note,
        )
        years = years_of(self._db, volunteer_ids=[volunteer_id]).get(volunteer_id, [])
        insured = frozenset(each.fiscal_year for each in years if each.insured_from is not None)
        times = times_of(self._db, volunteer_id=volunteer_id)
        return _Standing(volunteer, details, member.cap_per_month, member.cap_per_week, times, insured)

    def _add(self, row: VolunteerRow) -> UUID:
        details = VolunteerDetails(**{name: getattr(row, name) for name in _TEXTS}, skills=row.skills)
        terms = MembershipTerms(VolunteerState.REGISTERED, cap_per_month=row.cap_per_month)
        receipt = add_volunteer(
            self._db,
            municipality_code=self._code,
            details=details,
            terms=terms,
            now=self._now,
            today=tokyo_date(self._now),
        )
        self._set_times_and_insurance(row, receipt.volunteer_id, frozenset())
        return receipt.volunteer_id

    def _change(self, row: VolunteerRow, volunteer_id: UUID) -> None:
        standing = self._standing(volunteer_id)
        said = {name: getattr(row, name) for name in _TEXTS if getattr(row, name) not in _EMPTY}
        skills = tuple(sorted({*standing.details.skills, *row.skills}))
        self._edit(standing, replace(standing.details, **said, skills=skills))
        if row.cap_per_month is not None:
            set_caps(
                self._db,
                volunteer_id=volunteer_id,
                municipality_code=self._code,
                cap_per_month=row.cap_per_month,
                cap_per_week=standing.cap_per_week,
            )
        self._set_times_and_insurance(row, volunteer_id, standing.years)

    def _edit(self, standing: _Standing, details: VolunteerDetails) -> None:
        if details == standing.details:
            return
        edit_volunteer(
            self._db,
            volunteer_id=standing.volunteer.id,
            municipality_code=self._code,
            details=details,
            version=standing.volunteer.version,
            today=tokyo_date(self._now),
        )

    def _set_times_and_insurance(self, row: VolunteerRow, volunteer_id: UUID, years: frozenset[int]) -> None:
        if row.times or row.always:
            set_weekly_times(self._db, volunteer_id=volunteer_id, weekly=row.times, always=row.always)
        if row.insured_year is not None and row.insured_year not in years:
            today = tokyo_date(self._now)
            insured_from = today if fiscal_year_of(today) == row.insured_year else first_day(row.insured_year)
            record_insurance(
                self._db,
                volunteer_id=volunteer_id,
                fiscal_year=row.insured_year,
                insured_from=insured_from,
                today=today,
                by=self._by,
            )


def _changes(row: VolunteerRow, standing: _Standing) -> list[ValueChange]:
    changes = []
    for name in _TEXTS:
        new, old = getattr(row, name), getattr(standing.details, name)
        same = telephone_key(str(new)) == telephone_key(str(old)) if name == "telephone" else new == old
        if new not in _EMPTY and not same:
            changes.append(ValueChange(name, str(getattr(old, "value", old)), str(getattr(new, "value", new))))
    if set(row.skills) - set(standing.details.skills):
        changes.append(ValueChange("skills", "・".join(standing.details.skills), "・".join(row.skills)))
    if row.cap_per_month not in (None, standing.cap_per_month):
        changes.append(ValueChange("cap", str(standing.cap_per_month or ""), str(row.cap_per_month)))
    if (row.times or row.always) and (row.times, row.always) != (standing.times.weekly, standing.times.always):
        changes.append(ValueChange("times", _spoken(standing.times.weekly), _spoken(row.times)))
    if row.insured_year is not None and row.insured_year not in standing.years:
        changes.append(ValueChange("insured_year", "", str(row.insured_year)))
    return changes


def _problems(row: VolunteerRow, today: date) -> tuple[ImportProblem, ...]:
    """The values of a row that cannot be stored, each by itself, so that every wrong cell is told at once."""
    problems = []
    for name in (*_TEXTS, "skills"):
        alone: dict[str, Any] = {"name": "-", "kind": row.kind, name: getattr(row, name)}
        try:
            checked_details(VolunteerDetails(**alone), today)
        except DomainError as error:
            why = str(error.details.get("problem", error.code))
            problems.append(ImportProblem(row.row, name, str(error.details.get("value", "")), why))
    if not _reached_by(row) and not problems:
        problems.append(ImportProblem(row.row, "telephone", "", "no_contact"))
    return tuple(problems)


def _reached_by(row: VolunteerRow) -> set[str]:
    return {telephone_key(row.telephone), row.email.casefold()} - {""}


def _spoken(times: tuple[WeeklyTime, ...]) -> str:
    return "・".join(f"{'月火水木金土日'[each.weekday]} {each.start:%H:%M}-{each.end:%H:%M}" for each in times)
