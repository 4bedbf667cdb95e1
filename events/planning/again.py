"""Plan a workshop again: everything it said, on coming dates, moved past closed days. The old one stays as it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from events.errors import InvalidValue, NotFound
from events.japan.clock import at_tokyo, tokyo_date, tokyo_time
from events.models import Intake, Room, Venue, Workshop, WorkshopHost, WorkshopSession
from events.opening import closed_reason
from events.planning.dates import Series, Skipped, shifted
from events.planning.drafts import Caution, HostDraft, SessionDraft, WorkshopDraft
from events.planning.kinds import kind_template
from events.planning.lookups import intakes_of, sessions_of
from events.planning.timing import end_of
from events.planning.workshops import create_workshop
from events.states import Channel, IntakeMethod, IntakeUnit

_WEEKS_AHEAD = 4  # time to announce and to take applications
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AgainReceipt:
    """The new workshop, its days, and the days that were passed over with the why."""

    workshop_id: UUID
    session_ids: tuple[UUID, ...]
    days: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    cautions: tuple[Caution, ...] = ()


def proposed_days(db: Session, *, workshop_id: UUID, now: datetime, first_date: date | None = None) -> Series:
    """The days on which a workshop could be held again: same weekday and gaps, closed days passed over.

    Without a first date, the first day of the same weekday that leaves four weeks to announce it.
    """
    sessions = sessions_of(db, _workshop(db, workshop_id).id)
    if not sessions:
        raise InvalidValue(field="sessions", value="", problem="required")
    days = tuple(sorted(session.held_on for session in sessions))
    first = first_date or same_weekday(days[0], tokyo_date(now) + _WEEKS_AHEAD * _WEEK)
    return shifted(days, first, closed=_closed(db, sessions))


def same_weekday(day: date, earliest: date) -> date:
    """The first day from ``earliest`` on that has the weekday of ``day``."""
    return earliest + timedelta(days=(day.weekday() - earliest.weekday()) % 7)


def _closed(db: Session, sessions: Sequence[WorkshopSession]) -> Callable[[date], str | None]:
    venue_id = next((session.venue_id for session in sessions if session.venue_id), None)
    venue = db.get(Venue, venue_id) if venue_id else None
    rule = venue.opening_rule if venue else {}
    return lambda day: closed_reason(rule, day)


def _workshop(db: Session, workshop_id: UUID) -> Workshop:
    workshop = db.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(thing="workshop_id")
    return workshop


def plan_again(
    db: Session,
    *,
    workshop_id: UUID,
    now: datetime,
    by: str,
    first_date: date | None = None,
    dates: tuple[date, ...] | None = None,
    confirmed: bool = False,
    override_reason: str = "",
) -> AgainReceipt:
    """Copy a workshop as a draft to coming dates: to ``dates`` exactly, or from ``first_date`` on past closed days.

    Seats, place, hours, intake and hosts are those of the old one; the deadline keeps its distance to the first
    session. Raises InvalidValue, RoomTaken, VenueClosed, DayIsPast, NotFound.
    """
    source = _workshop(db, workshop_id)
    sessions = sorted(sessions_of(db, workshop_id), key=lambda session: (session.held_on, session.number))
    if dates is not None and len(dates) != len(sessions):
        raise InvalidValue(field="dates", value=len(dates), problem="wrong_count", count=len(sessions))
    planned = (
        Series(tuple(dates), ())
        if dates is not None
        else proposed_days(db, workshop_id=workshop_id, now=now, first_date=first_date)
    )
    intakes = intakes_of(db, workshop_id)
    drafts = tuple(
        _session_again(db, source, session, day, confirmed=confirmed, override_reason=override_reason)
        for session, day in zip(sessions, planned.days, strict=True)
    )
    receipt = create_workshop(
        db,
        municipality_code=source.municipality_code,
        draft=_draft_again(db, source, sessions, intakes, planned.days[0], now),
        sessions=drafts,
        now=now,
        by=by,
    )
    _finish(db, source, receipt.workshop_id, intakes)
    return AgainReceipt(receipt.workshop_id, receipt.session_ids, planned.days, planned.skipped, receipt.cautions)


def _session_again(
    db: Session,
    source: Workshop,
    session: WorkshopSession,
    day: date,
    *,
    confirmed: bool,
    override_reason: str,
) -> SessionDraft:
    template = kind_template(source.kind)
    starts = tokyo_time(session.starts_at) if session.starts_at else template.starts
    ends = tokyo_time(session.ends_at) if session.starts_at and session.ends_at else end_of(starts, template)
    seats = session.seats or template.seats
    room = db.get(Room, session.room_id) if session.room_id else None
    if room is not None and room.people_limit is not None:
        seats = min(seats, room.people_limit)  # the room may have got a smaller limit since
    return SessionDraft(
        held_on=day,
        starts=starts,
        ends=ends if ends > starts else end_of(starts, template),
        venue_id=session.venue_id,
        room_id=session.room_id,
        place_text=session.place_text,
        online_url=session.online_url,
        seats=seats,
        devices=session.devices,
        leads_needed=session.leads_needed,
        skills_needed=dict(session.skills_needed),
        confirmed=confirmed,
        override_reason=override_reason,
    )


def _draft_again(
    db: Session,
    source: Workshop,
    sessions: Sequence[WorkshopSession],
    intakes: Sequence[Intake],
    first_day: date,
    now: datetime,
) -> WorkshopDraft:
    hosts = db.exec(select(WorkshopHost).where(WorkshopHost.workshop_id == source.id)).all()
    first = intakes[0] if intakes else None
    deadline = _deadline_again(first, sessions, first_day, now)
    return WorkshopDraft(
        kind=source.kind,
        title=source.title,
        short_title=source.short_title,
        summary=source.summary,
        target=source.target,
        bring=source.bring,
        fee=source.fee,
        fee_note=source.fee_note,
        contact_name=source.contact_name,
        contact_telephone=source.contact_telephone,
        minimum_age=source.minimum_age,
        residents_only=source.residents_only,
        phone_systems=tuple(source.phone_systems),
        topic_id=source.topic_id,
        department_id=source.department_id,
        hosts=tuple(HostDraft(host.organisation_id, host.part) for host in hosts),
        funding_source=source.funding_source,
        cost=source.cost,
        needs_network=source.needs_network,
        companion_takes_seat=source.companion_takes_seat,
        unit=_unit_again(first, len(sessions)),
        method=first.method if first else IntakeMethod.FIRST_COME,
        channels=tuple(Channel(channel) for channel in first.channels) if first and first.channels else None,
        deadline_at=deadline,
    )


def _unit_again(intake: Intake | None, count: int) -> IntakeUnit | None:
    return intake.unit if intake is not None and count > 0 else None


def _deadline_again(
    intake: Intake | None, sessions: Sequence[WorkshopSession], first_day: date, now: datetime
) -> datetime | None:
    """As many days before the first session as last time, at the same hour; None when that is over already."""
    if intake is None or intake.deadline_at is None:
        return None
    days_before = sessions[0].held_on - tokyo_date(intake.deadline_at)
    deadline = at_tokyo(first_day - days_before, tokyo_time(intake.deadline_at))
    return deadline if deadline > now else None


def _finish(db: Session, source: Workshop, new_id: UUID, intakes: Sequence[Intake]) -> None:
    workshop = db.get_one(Workshop, new_id)
    workshop.copied_from_id = source.id
    workshop.improve_next = source.improve_next
    if intakes:
        for intake in intakes_of(db, new_id):
            intake.desk_hours = intakes[0].desk_hours
            intake.deadline_by_postmark = intakes[0].deadline_by_postmark
            intake.draw_weights = dict(intakes[0].draw_weights)
    db.flush()
