"""実施報告: everything a fiscal year's report counts, beside the year before. Nobody's name is read here.

The totals are those of the figures screen (``year_figures``); what stands beside them are the same sessions, one by
one or grouped. Groups of people under ``HIDDEN_UNDER`` are not told: few people in a group can be recognised.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.age_bands import AGE_BANDS, band_on
from events.japan.fiscal_year import first_day, last_day
from events.models import (
    Attendance,
    Attendee,
    Consultation,
    Device,
    Loan,
    Municipality,
    SurveyResponse,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.states import STOPPED_STATES, PhoneKind
from supportapp.figures import HeldSession, YearFigures, sessions_of_year, year_figures
from volunteers.states import AssignmentState, VolunteerKind
from volunteers.year_lists import ActivityLine, activity_lines

HIDDEN_UNDER: Final = 5


@dataclass(frozen=True, slots=True)
class SessionOfYear:
    """One session in the report. ``helpers`` were there; ``needed`` is one for each ``people_per_helper`` who came."""

    id: UUID
    workshop_id: UUID
    title: str
    held_on: date
    venue: str
    counts: HeldSession
    helpers: int
    needed: int
    funding: str
    cost: int | None


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """Different people who came this year, of one ``value`` of one sort (age, town, phone), and their visits."""

    sort: str
    value: str
    people: int
    visits: int


@dataclass(frozen=True, slots=True)
class HelpersOfKind:
    """What helpers of one kind did: different people, parts worked, minutes."""

    kind: VolunteerKind
    people: int
    parts: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a count. ``name`` is a key or a word of the office; ``more`` a second figure (minutes, yen)."""

    name: str
    count: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Loans:
    """Loan phones of the year: handed out, come back, still out."""

    model: str
    out: int
    back: int
    still_out: int


@dataclass(frozen=True, slots=True)
class Funding:
    """What one source paid for."""

    source: str
    sessions: int
    came: int
    cost: int


@dataclass(frozen=True, slots=True)
class YearReport:
    """A fiscal year and the one before it."""

    figures: YearFigures
    before: YearFigures
    sessions: tuple[SessionOfYear, ...]
    people: tuple[PeopleGroup, ...]
    helpers: tuple[HelpersOfKind, ...]
    loans: tuple[Loans, ...]
    topics: tuple[Counted, ...]
    answers: tuple[tuple[str, Counted], ...]
    funding: tuple[Funding, ...]


def year_report(db: Session, *, municipality_code: str, fiscal_year: int, today: date) -> YearReport:
    """The report of one fiscal year; a fixed number of questions to the database, however much happened."""
    code, first, last = municipality_code, first_day(fiscal_year), last_day(fiscal_year)
    activity = activity_lines(db, municipality_code=code, first=first, last=last, today=today)
    sessions = _sessions(db, code, fiscal_year, activity)
    return YearReport(
        figures=year_figures(db, municipality_code=code, fiscal_year=fiscal_year, today=today),
        before=year_figures(db, municipality_code=code, fiscal_year=fiscal_year - 1, today=today),
        sessions=sessions,
        people=tuple(_people(db, code, first, last)),
        helpers=tuple(_helpers(activity)),
        loans=_loans(db, code, first, last),
        topics=_topics(db, code, first, last),
        answers=tuple(_answers(db, code, first, last)),
        funding=tuple(_funding(sessions)),
    )


def _sessions(db: Session, code: str, year: int, activity: Iterable[ActivityLine]) -> tuple[SessionOfYear, ...]:
    counts = {each.id: each for each in sessions_of_year(db, code, year)}
    helpers: defaultdict[UUID, int] = defaultdict(int)
    for line in activity:
        helpers[line.session_id] += line.state is not AssignmentState.NO_SHOW
    ratio = _ratio(db, code)
    columns: Any = (WorkshopSession, Workshop.title, Workshop.funding_source, Workshop.cost, Venue.name)
    query: Any = (
        select(*columns)
        .join(Workshop, col(Workshop.id) == WorkshopSession.workshop_id)
        .outerjoin(Venue, col(Venue.id) == WorkshopSession.venue_id)
        .where(col(WorkshopSession.id).in_(select(WorkshopSession.id).where(*_in_year(code, year))))
        .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at), col(WorkshopSession.id))
    )
    return tuple(
        SessionOfYear(
            id=session.id,
            workshop_id=session.workshop_id,
            title=title,
            held_on=session.held_on,
            venue=venue or session.place_text,
            counts=counts[session.id],
            helpers=helpers[session.id],
            needed=-(-counts[session.id].came // ratio),
            funding=funding,
            cost=cost,
        )
        for session, title, funding, cost, venue in db.exec(query).all()
        if session.id in counts
    )


def _in_year(code: str, year: int) -> tuple[Any, ...]:
    return (
        WorkshopSession.municipality_code == code,
        col(WorkshopSession.held_on).between(first_day(year), last_day(year)),
    )


def _ratio(db: Session, code: str) -> int:
    return db.get_one(Municipality, code).people_per_helper


def _people(db: Session, code: str, first: date, last: date) -> Iterable[PeopleGroup]:
    """Different people by age on 1 April, by town and by phone; none of them is named."""
    columns: Any = (Attendee.birth_date, Attendee.age_band, Attendee.town, Attendee.phone_kind, func.count())
    query: Any = (
        select(*columns)
        .join(Attendance, col(Attendance.attendee_id) == Attendee.id)
        .join(WorkshopSession, col(WorkshopSession.id) == Attendance.session_id)
        .where(
            Attendance.municipality_code == code,
            col(Attendance.undone_at).is_(None),
            col(Attendance.companion).is_(False),
            col(Attendance.state).in_(("present", "late")),
            col(WorkshopSession.held_on).between(first, last),
        )
        .group_by(
            col(Attendee.id),
            col(Attendee.birth_date),
            col(Attendee.age_band),
            col(Attendee.town),
            col(Attendee.phone_kind),
        )
    )
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for birth_date, age_band, town, phone, visits in db.exec(query).all():
        for key in (
            ("age", band_on(birth_date, age_band, first)),
            ("town", town),
            ("phone", PhoneKind(phone).value),
        ):
            groups[key][0] += 1
            groups[key][1] += visits
    order = {"age": 0, "town": 1, "phone": 2}
    for (sort, value), (people, visits) in sorted(
        groups.items(), key=lambda each: (order[each[0][0]], *_place(each[0][1]))
    ):
        yield PeopleGroup(sort, value, people, visits)


def _place(value: str) -> tuple[int, str]:
    return (AGE_BANDS.index(value), value) if value in AGE_BANDS else (len(AGE_BANDS), value or "\uffff")


def _helpers(activity: Iterable[ActivityLine]) -> Iterable[HelpersOfKind]:
    by_kind: defaultdict[VolunteerKind, list[ActivityLine]] = defaultdict(list)
    for line in activity:
        if line.state is not AssignmentState.NO_SHOW:
            by_kind[line.kind].append(line)
    for kind in VolunteerKind:
        if lines := by_kind.get(kind):
            people = len({line.volunteer_id for line in lines})
            yield HelpersOfKind(kind, people, len(lines), sum(line.minutes for line in lines))


def _loans(db: Session, code: str, first: date, last: date) -> tuple[Loans, ...]:
    query = (
        select(Device.model, func.count(), func.count(col(Loan.returned_on)))
        .join(Device, col(Device.id) == Loan.device_id)
        .where(Loan.municipality_code == code, col(Loan.out_on).between(first, last))
        .group_by(col(Device.model))
        .order_by(col(Device.model))
    )
    return tuple(Loans(model, out, back, out - back) for model, out, back in db.exec(query).all())


def _topics(db: Session, code: str, first: date, last: date) -> tuple[Counted, ...]:
    query: Any = (
        select(Consultation.topic, func.count(), func.coalesce(func.sum(Consultation.minutes), 0))
        .join(WorkshopSession, col(WorkshopSession.id) == Consultation.session_id)
        .where(Consultation.municipality_code == code, col(WorkshopSession.held_on).between(first, last))
        .group_by(col(Consultation.topic))
    )
    found = [Counted(topic, count, int(minutes)) for topic, count, minutes in db.exec(query).all()]
    return tuple(sorted(found, key=lambda each: (-each.count, each.name)))


def _answers(db: Session, code: str, first: date, last: date) -> Iterable[tuple[str, Counted]]:
    """Each question with its answers; free text is no count and stays out."""
    query = (
        select(SurveyResponse.answers)
        .join(WorkshopSession, col(WorkshopSession.id) == SurveyResponse.session_id)
        .where(SurveyResponse.municipality_code == code, col(WorkshopSession.held_on).between(first, last))
    )
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for answers in db.exec(query).all():
        for question, answer in answers.items():
            if isinstance(answer, int | bool) or (isinstance(answer, str) and answer.isascii()):
                counts[question, str(answer)] += 1
    for (question, answer), count in sorted(counts.items()):
        yield question, Counted(answer, count)


def _funding(sessions: Iterable[SessionOfYear]) -> Iterable[Funding]:
    by_source: defaultdict[str, list[SessionOfYear]] = defaultdict(list)
    for session in sessions:
        if session.counts.state not in STOPPED_STATES:
            by_source[session.funding].append(session)
    for source, group in sorted(by_source.items()):
        costs = {session.workshop_id: session.cost or 0 for session in group}
        came = sum(session.counts.came for session in group)
        yield Funding(source, len(group), came, sum(costs.values()))
