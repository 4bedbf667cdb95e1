"""Everything the office knows of one person, on one page, with the whole history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.age_bands import band_on
from events.attendee_facts import AttendeeFacts, ContactFacts, ProxyFacts
from events.errors import NotFound
from events.models import (
    Attendance,
    Attendee,
    Choice,
    Consultation,
    ContactPoint,
    Device,
    Intake,
    IntakeSession,
    Loan,
    Proxy,
    Registration,
    Seat,
    Workshop,
    WorkshopSession,
)
from events.states import (
    ACTIVE_REGISTRATIONS,
    AttendanceState,
    Channel,
    ContactKind,
    PhoneKind,
    RegistrationState,
)

_STANDS = ACTIVE_REGISTRATIONS
_ENDED = frozenset(
    {RegistrationState.CANCELLED_BY_PERSON, RegistrationState.DECLINED, RegistrationState.EXPIRED}
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One session of one application (or a walk-in), and whether the person came. ``held_on`` is a Tokyo date."""

    registration_id: UUID | None
    session_id: UUID
    title: str
    held_on: date
    starts_at: datetime | None
    state: RegistrationState | None
    channel: Channel | None
    attendance: AttendanceState | None
    walk_in: bool
    can_be_cancelled: bool
    can_be_restored: bool


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A loan phone that the person has or had."""

    number: str
    model: str
    out_on: date
    due_on: date
    returned_on: date | None


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """One one-to-one help note: what about, how it ended, what the next helper should know."""

    at: datetime
    topic: str
    result: str
    hand_over: str


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """A person: facts to edit (read at ``version``), and what happened, newest first."""

    attendee_id: UUID
    facts: AttendeeFacts
    age_band: str
    version: int
    created_at: datetime
    last_used_on: date | None
    held_because: str
    visits: tuple[Visit, ...]
    loans: tuple[LoanLine, ...]
    consultations: tuple[ConsultationLine, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """A known person on the telephone: what to confirm, what to know, and what they have booked already."""

    attendee_id: UUID
    name: str
    kana: str
    town: str
    age_band: str
    telephone: str
    phone_kind: PhoneKind
    needs: tuple[str, ...]
    note: str
    confidential: bool
    coming: tuple[Visit, ...]


def caller(
    db: Session, *, municipality_code: str, attendee_id: UUID | None, now: datetime, today: date
) -> Caller | None:
    """Who is on the telephone; None while nobody was chosen. Raises NotFound, also for another city's person."""
    if attendee_id is None:
        return None
    person = db.get(Attendee, attendee_id)
    if person is None or person.municipality_code != municipality_code:
        raise NotFound(thing="attendee_id")
    page = attendee_page(db, attendee_id=attendee_id, now=now, today=today)
    facts = page.facts
    dialled = [contact.value for contact in facts.contacts if contact.kind is ContactKind.TELEPHONE]
    return Caller(
        attendee_id=attendee_id,
        name=facts.name,
        kana=facts.kana,
        town=facts.town,
        age_band=page.age_band,
        telephone=dialled[0] if dialled else "",
        phone_kind=facts.phone_kind,
        needs=facts.needs,
        note=facts.note,
        confidential=facts.confidential,
        coming=tuple(visit for visit in page.visits if visit.can_be_cancelled)[::-1],
    )


def attendee_page(db: Session, *, attendee_id: UUID, now: datetime, today: date) -> AttendeePage:
    """One person with the whole history. Raises NotFound, also for one who was forgotten or merged."""
    person = db.get(Attendee, attendee_id)
    if person is None or person.forgotten_at is not None or person.merged_into_id is not None:
        raise NotFound(thing="attendee_id")
    return AttendeePage(
        attendee_id=person.id,
        facts=facts_of(db, person),
        age_band=band_on(person.birth_date, person.age_band, today),
        version=person.version,
        created_at=person.created_at,
        last_used_on=person.last_used_on,
        held_because=person.held_because,
        visits=_visits(db, person.id, now),
        loans=_loans(db, person.id),
        consultations=_consultations(db, person.id),
    )


def facts_of(db: Session, person: Attendee) -> AttendeeFacts:
    """What is known of a person, with ways to reach them (the preferred first) and who may speak for them."""
    contacts = db.exec(
        select(ContactPoint)
        .where(ContactPoint.attendee_id == person.id)
        .order_by(col(ContactPoint.preferred).desc(), col(ContactPoint.id))
    ).all()
    proxies = db.exec(select(Proxy).where(Proxy.attendee_id == person.id).order_by(col(Proxy.id))).all()
    return AttendeeFacts(
        name=person.name,
        kana=person.kana,
        birth_date=person.birth_date,
        age_band=person.age_band,
        postal_code=person.postal_code,
        town=person.town,
        address=person.address,
        residence=person.residence,
        phone_kind=person.phone_kind,
        phone_model=person.phone_model,
        confidence=person.confidence,
        needs=tuple(person.needs),
        needs_note=person.needs_note,
        confidential=person.confidential,
        notice_by=person.notice_by,
        note=person.note,
        contacts=tuple(
            ContactFacts(row.kind, row.value, row.whose, row.preferred, row.time_of_day) for row in contacts
        ),
        proxies=tuple(ProxyFacts(row.name, row.relation, row.telephone, row.contact_first) for row in proxies),
    )


def _visits(db: Session, attendee_id: UUID, now: datetime) -> tuple[Visit, ...]:
    standing = {
        row.session_id: row
        for row in db.exec(
            select(Attendance).where(Attendance.attendee_id == attendee_id, col(Attendance.undone_at).is_(None))
        )
    }
    visits = [_visit(*row, standing.get(row[1].id), now) for row in _applications(db, attendee_id)]
    seen = {visit.session_id for visit in visits}
    walked_in = select(WorkshopSession, Workshop.title).join(
        Workshop, col(Workshop.id) == WorkshopSession.workshop_id
    ).where(col(WorkshopSession.id).in_(standing.keys() - seen))
    visits += [_visit(None, session, title, standing[session.id], now) for session, title in db.exec(walked_in)]
    return tuple(sorted(visits, key=lambda visit: (visit.held_on, visit.title), reverse=True))


def _applications(db: Session, attendee_id: UUID) -> Sequence[tuple[Registration, WorkshopSession, str]]:
    """Each application with the sessions it is about: its seats, past ones too, else its choices, else all."""
    seats = select(Seat.session_id).where(Seat.registration_id == Registration.id)
    choices = select(Choice.session_id).where(Choice.registration_id == Registration.id)
    about = (
        col(WorkshopSession.id).in_(seats)
        | (~seats.exists() & col(WorkshopSession.id).in_(choices))
        | (~seats.exists() & ~choices.exists())
    )
    query = (
        select(Registration, WorkshopSession, Workshop.title)
        .join(IntakeSession, col(IntakeSession.intake_id) == Registration.intake_id)
        .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
        .join(Intake, col(Intake.id) == Registration.intake_id)
        .join(Workshop, col(Workshop.id) == Intake.workshop_id)
        .where(Registration.attendee_id == attendee_id, about)
    )
    return db.exec(query).all()


def _visit(
    registration: Registration | None,
    session: WorkshopSession,
    title: str,
    attendance: Attendance | None,
    now: datetime,
) -> Visit:
    coming = session.starts_at is None or session.starts_at > now
    state = registration.state if registration else None
    return Visit(
        registration_id=registration.id if registration else None,
        session_id=session.id,
        title=title,
        held_on=session.held_on,
        starts_at=session.starts_at,
        state=state,
        channel=registration.channel if registration else None,
        attendance=attendance.state if attendance else None,
        walk_in=bool(attendance and attendance.walk_in),
        can_be_cancelled=coming and state in _STANDS,
        can_be_restored=coming and state in _ENDED,
    )


def _loans(db: Session, attendee_id: UUID) -> tuple[LoanLine, ...]:
    query = (
        select(Loan, Device)
        .join(Device, col(Device.id) == Loan.device_id)
        .where(Loan.attendee_id == attendee_id)
        .order_by(col(Loan.out_on).desc())
    )
    return tuple(
        LoanLine(device.number, device.model, loan.out_on, loan.due_on, loan.returned_on)
        for loan, device in db.exec(query)
    )


def _consultations(db: Session, attendee_id: UUID) -> tuple[ConsultationLine, ...]:
    query = (
        select(Consultation)
        .where(Consultation.attendee_id == attendee_id)
        .order_by(col(Consultation.at).desc())
    )
    return tuple(ConsultationLine(row.at, row.topic, row.result, row.hand_over) for row in db.exec(query))
