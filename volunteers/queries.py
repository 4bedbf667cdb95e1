"""What the office sees of its helpers: the list, one person's page, who is at a session and who else could be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import ContactPoint, Municipality, WorkshopSession
from events.states import ContactKind
from volunteers import situation
from volunteers.availability import Times, times_of
from volunteers.insurance import Cover, Year, cover_on, is_exempt, years_of
from volunteers.models import Assignment, Membership, SeenDocument, Volunteer
from volunteers.need import Staffing, staffing
from volunteers.own_queries import MySessions, my_sessions
from volunteers.states import AssignmentRole, AssignmentState, VolunteerKind, VolunteerState

SHORTEST_TELEPHONE = 3
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """One helper in the list: what they can do, how far they have come, how they are insured today."""

    volunteer_id: UUID
    name: str
    kana: str
    kind: VolunteerKind
    state: VolunteerState
    skills: tuple[str, ...]
    can_lead: bool
    town: str
    telephone: str
    insured: Cover
    next_at: datetime | None
    sessions_this_year: int


@dataclass(frozen=True, slots=True)
class VolunteersFound:
    """Helpers in kana order; ``total`` may be more than the rows."""

    rows: tuple[VolunteerRow, ...]
    total: int
    by_state: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """A paper that was seen, when and by whom."""

    kind: str
    seen_on: date
    seen_by: str


@dataclass(frozen=True, slots=True)
class VolunteerPage:
    """Everything the office knows about one helper."""

    volunteer_id: UUID
    version: int
    name: str
    kana: str
    kind: VolunteerKind
    telephone: str
    email: str
    birth_date: date | None
    adult: bool | None
    residence: str
    town: str
    address: str
    max_km: float | None
    skills: tuple[str, ...]
    can_lead: bool
    experienced: bool
    courses_done: int
    note: str
    state: VolunteerState
    since: date
    cap_per_month: int | None
    cap_per_week: int | None
    seen_next_door: bool
    insurance: tuple[Year, ...]
    insured_today: Cover
    exempt: bool
    documents: tuple[DocumentSeen, ...]
    times: Times
    coming: MySessions
    sessions_this_year: int


@dataclass(frozen=True, slots=True)
class HelperRow:
    """Somebody's part at a session."""

    assignment_id: UUID
    volunteer_id: UUID
    name: str
    kana: str
    kind: VolunteerKind
    role: AssignmentRole
    state: AssignmentState
    can_lead: bool
    skills: tuple[str, ...]
    telephone: str
    because: tuple[str, ...]
    minutes: int | None


@dataclass(frozen=True, slots=True)
class HelpersAtSession:
    """Who helps at a session, beside what it needs."""

    session_id: UUID
    starts_at: datetime | None
    staffing: Staffing
    rows: tuple[HelperRow, ...]
    given_back: tuple[HelperRow, ...]


def volunteers_list(
    db: Session,
    *,
    municipality_code: str,
    today: date,
    text: str = "",
    kind: VolunteerKind | None = None,
    state: VolunteerState | None = None,
) -> VolunteersFound:
    """Helpers whose name, kana or telephone number fits ``text`` (also its tail), in kana order."""
    query = (
        select(Volunteer, Membership)
        .join(Membership, col(Membership.volunteer_id) == col(Volunteer.id))
        .where(Membership.municipality_code == municipality_code, col(Volunteer.forgotten_at).is_(None))
    )
    if kind is not None:
        query = query.where(Volunteer.kind == kind)
    if text.strip():
        query = query.where(_fits(text, municipality_code))
    by_state = _by_state(db, municipality_code)
    if state is not None:
        query = query.where(Membership.state == state)
    found = db.exec(query.order_by(col(Volunteer.kana_key), col(Volunteer.id))).all()
    shown = found[:MOST_ROWS]
    return VolunteersFound(tuple(_rows(db, municipality_code, shown, today)), len(found), by_state)


def volunteer_page(db: Session, *, volunteer_id: UUID, municipality_code: str, now: datetime) -> VolunteerPage:
    """One helper's page.

    Raises:
        NotFound: nobody like that helps here.
    """
    volunteer = db.get(Volunteer, volunteer_id)
    member = db.exec(
        select(Membership).where(
            Membership.volunteer_id == volunteer_id, Membership.municipality_code == municipality_code
        )
    ).first()
    if volunteer is None or member is None or volunteer.forgotten_at is not None:
        raise NotFound(thing="volunteer", value=volunteer_id)
    today = tokyo_date(now)
    contacts = contacts_of(db, volunteer_ids=[volunteer_id])
    years = tuple(years_of(db, volunteer_ids=[volunteer_id]).get(volunteer_id, ()))
    exempt = is_exempt(volunteer.kind, db.get_one(Municipality, municipality_code))
    return VolunteerPage(
        volunteer_id=volunteer_id,
        version=volunteer.version,
        name=volunteer.name,
        kana=volunteer.kana,
        kind=volunteer.kind,
        telephone=contacts.get((volunteer_id, ContactKind.TELEPHONE), ""),
        email=contacts.get((volunteer_id, ContactKind.EMAIL), ""),
        birth_date=volunteer.birth_date,
        adult=situation.is_adult(volunteer, today),
        residence=volunteer.residence,
        town=volunteer.town,
        address=volunteer.address,
        max_km=volunteer.max_km,
        skills=tuple(volunteer.skills),
        can_lead=volunteer.can_lead,
        experienced=volunteer.experienced,
        courses_done=volunteer.courses_done,
        note=volunteer.note,
        state=member.state,
        since=member.since,
        cap_per_month=member.cap_per_month,
        cap_per_week=member.cap_per_week,
        seen_next_door=member.seen_next_door,
        insurance=years,
        insured_today=cover_on(years, today, exempt=exempt),
        exempt=exempt,
        documents=_documents(db, volunteer_id),
        times=times_of(db, volunteer_id=volunteer_id),
        coming=my_sessions(db, volunteer_id=volunteer_id, now=now),
        sessions_this_year=situation.served_since_april(db, [volunteer_id], today)[volunteer_id],
    )


def helpers_at(db: Session, *, session_id: UUID, now: datetime) -> HelpersAtSession:
    """Who helps at a session: 講師 first, then アシスタント, then 受付; and who gave a part back."""
    rows = db.exec(
        select(Assignment, Volunteer)
        .join(Volunteer, col(Volunteer.id) == col(Assignment.volunteer_id))
        .where(Assignment.session_id == session_id)
    ).all()
    contacts = contacts_of(db, volunteer_ids=[volunteer.id for _, volunteer in rows])
    order = list(AssignmentRole)
    found = sorted(
        (_helper(row, volunteer, contacts) for row, volunteer in rows),
        key=lambda each: (order.index(each.role), each.kana, str(each.volunteer_id)),
    )
    session = db.get(WorkshopSession, session_id)
    return HelpersAtSession(
        session_id,
        session.starts_at if session else None,
        staffing(db, session_id=session_id, now=now),
        tuple(each for each in found if each.state is not AssignmentState.WITHDRAWN),
        tuple(each for each in found if each.state is AssignmentState.WITHDRAWN),
    )


def contacts_of(db: Session, *, volunteer_ids: Collection[UUID]) -> dict[tuple[UUID, ContactKind], str]:
    """The way to reach each of many helpers, one of each kind; the preferred one where there are several."""
    rows = db.exec(
        select(ContactPoint)
        .where(col(ContactPoint.volunteer_id).in_(list(volunteer_ids)))
        .order_by(col(ContactPoint.preferred), col(ContactPoint.id).desc())
    )
    return {(row.volunteer_id, row.kind): row.value for row in rows if row.volunteer_id is not None}


def _fits(text: str, code: str) -> ColumnElement[bool]:
    name, kana, number = name_key(text), kana_key(text), telephone_key(text)
    conditions = []
    if name:
        conditions.append(col(Volunteer.name_key).contains(name, autoescape=True))
    if kana:
        conditions.append(col(Volunteer.kana_key).contains(kana, autoescape=True))
    if len(number) >= SHORTEST_TELEPHONE and number.isdigit():
        by_number = select(ContactPoint.volunteer_id).where(
            ContactPoint.municipality_code == code,
            ContactPoint.kind == ContactKind.TELEPHONE,
            col(ContactPoint.value_key).endswith(number, autoescape=True),
        )
        conditions.append(col(Volunteer.id).in_(by_number))
    return or_(*conditions)


def _by_state(db: Session, code: str) -> dict[str, int]:
    rows = db.exec(
        select(Membership.state, func.count())
        .where(Membership.municipality_code == code)
        .group_by(col(Membership.state))
    )
    return {VolunteerState(state).value: count for state, count in rows}


def _rows(db: Session, code: str, found: Sequence[tuple[Volunteer, Membership]], today: date) -> list[VolunteerRow]:
    ids = [volunteer.id for volunteer, _ in found]
    municipality = db.get_one(Municipality, code)
    contacts = contacts_of(db, volunteer_ids=ids)
    years = years_of(db, volunteer_ids=ids)
    coming = _next_at(db, ids, today)
    served = situation.served_since_april(db, ids, today)
    return [
        VolunteerRow(
            volunteer.id,
            volunteer.name,
            volunteer.kana,
            volunteer.kind,
            member.state,
            tuple(volunteer.skills),
            volunteer.can_lead,
            volunteer.town,
            contacts.get((volunteer.id, ContactKind.TELEPHONE), ""),
            cover_on(years.get(volunteer.id, ()), today, exempt=is_exempt(volunteer.kind, municipality)),
            coming.get(volunteer.id),
            served[volunteer.id],
        )
        for volunteer, member in found
    ]


def _next_at(db: Session, ids: Collection[UUID], today: date) -> dict[UUID, datetime]:
    rows = db.exec(
        select(Assignment.volunteer_id, func.min(WorkshopSession.starts_at))
        .join(WorkshopSession, col(WorkshopSession.id) == col(Assignment.session_id))
        .where(
            col(Assignment.volunteer_id).in_(list(ids)),
            col(Assignment.state).in_((AssignmentState.CONFIRMED, AssignmentState.TENTATIVE)),
            col(WorkshopSession.starts_at) >= situation.moments(today, today)[0],
        )
        .group_by(col(Assignment.volunteer_id))
    )
    return {volunteer_id: starts_at for volunteer_id, starts_at in rows if starts_at is not None}


def _documents(db: Session, volunteer_id: UUID) -> tuple[DocumentSeen, ...]:
    rows = db.exec(
        select(SeenDocument)
        .where(SeenDocument.volunteer_id == volunteer_id)
        .order_by(col(SeenDocument.seen_on).desc(), col(SeenDocument.id).desc())
    )
    return tuple(DocumentSeen(row.kind, row.seen_on, row.seen_by) for row in rows)


def _helper(row: Assignment, volunteer: Volunteer, contacts: Mapping[tuple[UUID, ContactKind], str]) -> HelperRow:
    return HelperRow(
        row.id,
        volunteer.id,
        volunteer.name,
        volunteer.kana,
        volunteer.kind,
        row.role,
        row.state,
        volunteer.can_lead,
        tuple(volunteer.skills),
        contacts.get((volunteer.id, ContactKind.TELEPHONE), ""),
        tuple(row.because),
        row.minutes,
    )
