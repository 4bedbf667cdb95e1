"""Volunteer insurance: a fiscal year each, from 1 April to 31 March 24:00 (domain: ボランティア活動保険).

Somebody who joins during the year is insured from the day after the procedure: ``insured_from``. 更新予定
(``renewal_planned``) lets an assignment stand as 仮 until the renewal is recorded. 職員 and 事業者講師 are exempt
unless the municipality asks them too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import InvalidValue, NotFound
from events.japan.fiscal_year import first_day, last_day
from events.japan.fiscal_year import fiscal_year as fiscal_year_of
from events.models import Municipality
from volunteers.models import InsuranceYear, Volunteer
from volunteers.states import VolunteerKind

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


class Cover(StrEnum):
    """How somebody is covered on a day: surely, by a renewal that is planned, or not at all."""

    INSURED = "insured"
    RENEWAL_PLANNED = "renewal_planned"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Year:
    """One fiscal year of insurance: valid from ``insured_from`` to its 31 March; None: not yet."""

    fiscal_year: int
    insured_from: date | None
    renewal_planned: bool
    seen_on: date | None = None
    seen_by: str = ""

    def covers(self, day: date) -> Cover:
        """How this year's insurance covers a day."""
        if fiscal_year_of(day) != self.fiscal_year:
            return Cover.NONE
        if self.insured_from is not None and self.insured_from <= day:
            return Cover.INSURED
        return Cover.RENEWAL_PLANNED if self.renewal_planned else Cover.NONE


def record_insurance(
    db: Session,
    *,
    volunteer_id: UUID,
    fiscal_year: int,
    insured_from: date,
    today: date,
    by: str,
) -> Year:
    """Write down that somebody is insured for a fiscal year, and who saw the paper.

    Raises:
        InvalidValue: ``insured_from`` is not a day of that fiscal year.
    """
    _check_year(fiscal_year)
    if not first_day(fiscal_year) <= insured_from <= last_day(fiscal_year):
        raise InvalidValue(field="insured_from", value=insured_from, problem="not_in_fiscal_year", year=fiscal_year)
    row = _row(db, volunteer_id, fiscal_year)
    row.insured_from, row.seen_on, row.seen_by = insured_from, today, by
    db.flush()
    return _year(row)


def plan_renewal(db: Session, *, volunteer_id: UUID, fiscal_year: int, planned: bool) -> Year:
    """Tick or untick 更新予定 for a fiscal year."""
    _check_year(fiscal_year)
    row = _row(db, volunteer_id, fiscal_year)
    row.renewal_planned = planned
    db.flush()
    return _year(row)


def cover_on(years: Collection[Year], day: date, *, exempt: bool = False) -> Cover:
    """How somebody with these years is covered on a day; who is exempt counts as insured."""
    if exempt:
        return Cover.INSURED
    found = {each.covers(day) for each in years}
    return next((cover for cover in Cover if cover in found), Cover.NONE)


def is_exempt(kind: VolunteerKind, municipality: Municipality) -> bool:
    """Whether the municipality asks no volunteer insurance of this kind of helper."""
    if kind is VolunteerKind.STAFF:
        return not municipality.staff_need_insurance
    return kind is VolunteerKind.COMPANY_INSTRUCTOR and not municipality.instructors_need_insurance


def years_of(db: Session, *, volunteer_ids: Collection[UUID]) -> Mapping[UUID, list[Year]]:
    """All insurance years of many volunteers, in one statement."""
    years: dict[UUID, list[Year]] = defaultdict(list)
    query = (
        select(InsuranceYear)
        .where(col(InsuranceYear.volunteer_id).in_(list(volunteer_ids)))
        .order_by(col(InsuranceYear.fiscal_year))
    )
    for row in db.exec(query):
        years[row.volunteer_id].append(_year(row))
    return years


def _row(db: Session, volunteer_id: UUID, year: int) -> InsuranceYear:
    if db.exec(select(Volunteer.id).where(Volunteer.id == volunteer_id).with_for_update()).first() is None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    found = db.exec(
        select(InsuranceYear).where(InsuranceYear.volunteer_id == volunteer_id, InsuranceYear.fiscal_year == year)
    ).first()
    if found is None:
        found = InsuranceYear(volunteer_id=volunteer_id, fiscal_year=year)
        db.add(found)
    return found


def _year(row: InsuranceYear) -> Year:
    return Year(row.fiscal_year, row.insured_from, row.renewal_planned, row.seen_on, row.seen_by)


def _check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidValue(
            field="fiscal_year", value=year, problem="out_of_range", least=EARLIEST_YEAR, most=LATEST_YEAR
        )
