"""The page of one workshop, the list of workshops, and what its form offers to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.models import Department, Intake, Organisation, Topic, Workshop, WorkshopHost, WorkshopSession
from events.planning.windows import WindowDraft, windows_of
from events.programme_queries import SessionChip, chips_where
from events.states import (
    PUBLISHED_STATES,
    STOPPED_STATES,
    IntakeMethod,
    IntakeUnit,
    ProgrammeState,
    WorkshopKind,
)

MOST_WORKSHOPS = 200
_GOING_ON = PUBLISHED_STATES - STOPPED_STATES - {ProgrammeState.REPORTED}


@dataclass(frozen=True, slots=True)
class HostLine:
    """A body that hosts or helps."""

    organisation_id: UUID
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class WorkshopPage:
    """Everything about a workshop. Moments are aware UTC, money is in yen."""

    workshop_id: UUID
    version: int
    kind: WorkshopKind
    state: ProgrammeState
    title: str
    short_title: str
    summary: str
    target: str
    bring: str
    url: str
    fee: int
    fee_note: str
    application_text: str
    contact_name: str
    contact_telephone: str
    minimum_age: int | None
    residents_only: bool
    phone_systems: tuple[str, ...]
    topic_id: UUID | None
    topic_name: str
    department_id: UUID | None
    department_name: str
    hosts: tuple[HostLine, ...]
    funding_source: str
    cost: int | None
    needs_network: bool
    companion_takes_seat: bool
    method: IntakeMethod | None
    unit: IntakeUnit | None
    opens_at: datetime | None
    deadline_at: datetime | None
    result_notice_on: date | None
    channels: tuple[str, ...]
    windows: tuple[WindowDraft, ...]
    desk_hours: str
    fiscal_year: int
    read_only: bool
    edition: str
    copied_from_id: UUID | None
    improve_next: str
    stop_reason: str
    missing: tuple[str, ...]
    sessions: tuple[SessionChip, ...]


def workshop_page(db: Session, *, workshop_id: UUID) -> WorkshopPage:
    """One workshop with all its sessions. Raises NotFound."""
    workshop = db.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(thing="workshop_id")
    topic = db.get(Topic, workshop.topic_id) if workshop.topic_id else None
    department = db.get(Department, workshop.department_id) if workshop.department_id else None
    intake = db.exec(select(Intake).where(Intake.workshop_id == workshop_id).order_by(col(Intake.id)).limit(1)).first()
    return WorkshopPage(
        workshop_id=workshop.id,
        version=workshop.version,
        kind=workshop.kind,
        state=workshop.state,
        title=workshop.title,
        short_title=workshop.short_title,
        summary=workshop.summary,
        target=workshop.target,
        bring=workshop.bring,
        url=workshop.url,
        fee=workshop.fee,
        fee_note=workshop.fee_note,
        application_text=workshop.application_text,
        contact_name=workshop.contact_name,
        contact_telephone=workshop.contact_telephone,
        minimum_age=workshop.minimum_age,
        residents_only=workshop.residents_only,
        phone_systems=tuple(workshop.phone_systems),
        topic_id=workshop.topic_id,
        topic_name=topic.name if topic else "",
        department_id=workshop.department_id,
        department_name=department.name if department else "",
        hosts=_hosts(db, workshop_id),
        funding_source=workshop.funding_source,
        cost=workshop.cost,
        needs_network=workshop.needs_network,
        companion_takes_seat=workshop.companion_takes_seat,
        method=intake.method if intake else None,
        unit=intake.unit if intake else None,
        opens_at=intake.opens_at if intake else None,
        deadline_at=intake.deadline_at if intake else None,
        result_notice_on=intake.result_notice_on if intake else None,
        channels=tuple(intake.channels) if intake else (),
        windows=windows_of(db, intake.id) if intake else (),
        desk_hours=intake.desk_hours if intake else "",
        fiscal_year=workshop.fiscal_year,
        read_only=workshop.read_only,
        edition=workshop.edition,
        copied_from_id=workshop.copied_from_id,
        improve_next=workshop.improve_next,
        stop_reason=workshop.stop_reason,
        missing=tuple(workshop.source_notes),
        sessions=chips_where(db, WorkshopSession.workshop_id == workshop_id),
    )


def _hosts(db: Session, workshop_id: UUID) -> tuple[HostLine, ...]:
    query = (
        select(Organisation.id, Organisation.name, WorkshopHost.part)
        .join(WorkshopHost, col(WorkshopHost.organisation_id) == Organisation.id)
        .where(WorkshopHost.workshop_id == workshop_id)
        .order_by(WorkshopHost.part, Organisation.name)
    )
    return tuple(HostLine(*row) for row in db.exec(query))


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """One workshop in the list, with its first and last day."""

    workshop_id: UUID
    title: str
    kind: WorkshopKind
    state: ProgrammeState
    fiscal_year: int
    read_only: bool
    sessions: int
    first_day: date | None
    last_day: date | None
    department_name: str


def workshops_list(
    db: Session,
    *,
    municipality_code: str,
    now: datetime,
    fiscal_year: int | None = None,
    text: str = "",
    kind: WorkshopKind | None = None,
    state: ProgrammeState | None = None,
    department_id: UUID | None = None,
) -> tuple[WorkshopLine, ...]:
    """Workshops by their last day, the newest first, at most ``MOST_WORKSHOPS``; each condition narrows.

    ``text`` looks in titles; ``state`` is what people see: a published workshop whose days are over counts as held.
    """
    first_day, last_day = func.min(WorkshopSession.held_on), func.max(WorkshopSession.held_on)
    query = (
        select(Workshop, func.count(col(WorkshopSession.id)), first_day, last_day)
        .outerjoin(WorkshopSession, col(WorkshopSession.workshop_id) == Workshop.id)
        .where(Workshop.municipality_code == municipality_code)
        .group_by(col(Workshop.id))
        .order_by(last_day.desc().nulls_first(), col(Workshop.title))
    )
    if fiscal_year is not None:
        query = query.where(Workshop.fiscal_year == fiscal_year)
    if text.strip():
        query = query.where(col(Workshop.title).icontains(text.strip(), autoescape=True))
    if kind is not None:
        query = query.where(Workshop.kind == kind)
    if department_id is not None:
        query = query.where(Workshop.department_id == department_id)
    departments = dict(
        db.exec(select(Department.id, Department.name).where(Department.municipality_code == municipality_code)).all()
    )
    lines = (_list_line(*row, departments, tokyo_date(now)) for row in db.exec(query))
    wanted = (line for line in lines if state is None or line.state is state)
    return tuple(islice(wanted, MOST_WORKSHOPS))


def _list_line(
    workshop: Workshop,
    count: int,
    first: date | None,
    last: date | None,
    departments: Mapping[UUID, str],
    today: date,
) -> WorkshopLine:
    over = last is not None and last < today and workshop.state in _GOING_ON
    return WorkshopLine(
        workshop.id,
        workshop.title,
        workshop.kind,
        ProgrammeState.HELD if over else workshop.state,
        workshop.fiscal_year,
        workshop.read_only,
        count,
        first,
        last,
        departments.get(workshop.department_id, "") if workshop.department_id else "",
    )


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose: its id and name."""

    row_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class WorkshopChoices:
    """What the form of a workshop offers."""

    topics: tuple[Named, ...]
    departments: tuple[Named, ...]
    organisations: tuple[Named, ...]


def workshop_choices(db: Session, *, municipality_code: str) -> WorkshopChoices:
    """Topics, departments and bodies of a municipality by name; what was retired is not offered."""

    def named(table: type[Topic] | type[Department] | type[Organisation]) -> tuple[Named, ...]:
        query = (
            select(table.id, table.name)
            .where(table.municipality_code == municipality_code, col(table.retired_on).is_(None))
            .order_by(col(table.name))
        )
        return tuple(Named(*row) for row in db.exec(query))

    return WorkshopChoices(named(Topic), named(Department), named(Organisation))
