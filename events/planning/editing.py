"""Change a workshop or one of its sessions. Whoever changes says which version they saw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.errors import InvalidValue
from events.free_text import checked_text
from events.japan.clock import tokyo_date, tokyo_time
from events.japan.fiscal_year import fiscal_year
from events.models import Slot, Workshop, WorkshopSession
from events.notices.kinds import SESSION_MOVED
from events.planning.checks import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_SEATS,
    MOST_YEN,
    checked_day,
    checked_number,
    checked_reason,
)
from events.planning.clashes import cautions_for
from events.planning.drafts import (
    Caution,
    SessionDraft,
    SessionEdit,
    SessionReceipt,
    WorkshopDraft,
    WorkshopEdit,
    WorkshopReceipt,
)
from events.planning.errors import SeatsBelowTaken, WrongState
from events.planning.intakes import add_to_intake, make_intakes
from events.planning.kinds import kind_template
from events.planning.lookups import intakes_of, load_session, load_workshop, receipt_of, sessions_of
from events.planning.places import Place, checked_seats, find_place
from events.planning.publishing import publish_sessions
from events.planning.saving import Consent, checked_skills, must_be_settled, noted, planned_of, write_sessions
from events.planning.telling import tell_people
from events.planning.timing import Span, end_of, must_close_before, span_of
from events.planning.workshops import WORKSHOP_TEXTS, must_belong, set_hosts
from events.states import STOPPED_STATES, Channel, IntakeUnit, ProgrammeState

_CALENDAR_COLUMNS = frozenset({"title", "short_title", "summary"})
_SHARED_UNITS = frozenset({IntakeUnit.COURSE, IntakeUnit.CHOICE})
_PLAIN_COLUMNS = ("minimum_age", "residents_only", "topic_id", "department_id", "needs_network", "companion_takes_seat")


def edit_workshop(
    db: Session,
    *,
    workshop_id: UUID,
    version: int,
    edit: WorkshopEdit,
    now: datetime,
    by: str,
    reason: str = "",
) -> WorkshopReceipt:
    """Change what a workshop says. A new title reaches every calendar that holds a session of it.

    Raises Conflict, InvalidValue, NotFound, ReadOnlyWorkshop, WrongState (method, once people have applied).
    """
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    must_belong(db, workshop.municipality_code, edit.topic_id, edit.department_id)
    changed = _write_workshop(workshop, edit)
    if edit.hosts is not None:
        set_hosts(db, workshop, edit.hosts)
    _write_intakes(db, workshop, edit)
    if changed & _CALENDAR_COLUMNS:
        for session in sessions_of(db, workshop_id):
            _raise_sequence(session, now)
    workshop.version += 1
    workshop.changed_at = now
    db.flush()
    del by, reason
    return receipt_of(db, workshop)


def _write_workshop(workshop: Workshop, edit: WorkshopEdit) -> set[str]:
    values: dict[str, object] = {}
    if edit.title is not None:
        values["title"] = checked_text(edit.title, field="title", longest=LONGEST_TITLE, required=True)
    for name, (longest, lines) in WORKSHOP_TEXTS.items():
        if getattr(edit, name) is not None:
            values[name] = checked_text(getattr(edit, name), field=name, longest=longest, lines=lines)
    for name in ("fee", "cost"):
        if getattr(edit, name) is not None:
            values[name] = checked_number(name, getattr(edit, name), least=0, most=MOST_YEN)
    if edit.phone_systems is not None:
        values["phone_systems"] = list(edit.phone_systems)
    for name in _PLAIN_COLUMNS:
        if getattr(edit, name) is not None:
            values[name] = getattr(edit, name)
    changed = {name for name, value in values.items() if getattr(workshop, name) != value}
    for name in changed:
        setattr(workshop, name, values[name])
    return changed


def _write_intakes(db: Session, workshop: Workshop, edit: WorkshopEdit) -> None:
    if edit.deadline_at is not None:
        must_close_before(edit.deadline_at, [_last_start(db, workshop)])
    for intake in intakes_of(db, workshop.id):
        if edit.method is not None and edit.method is not intake.method:
            if intake.next_number > 1:
                raise WrongState(state=workshop.state)
            intake.method = edit.method
        for name in ("opens_at", "deadline_at", "result_notice_on"):
            if getattr(edit, name) is not None:
                setattr(intake, name, getattr(edit, name))
        if intake.opens_at and intake.deadline_at and intake.opens_at >= intake.deadline_at:
            raise InvalidValue(
                field="deadline_at", value=intake.deadline_at, problem="before_opening", opens=intake.opens_at
            )


def _last_start(db: Session, workshop: Workshop) -> datetime | None:
    """When the last session begins: one deadline goes to all, also to those that have been."""
    query = select(func.max(WorkshopSession.starts_at)).where(
        WorkshopSession.workshop_id == workshop.id, col(WorkshopSession.state).not_in(STOPPED_STATES)
    )
    return db.exec(query).one()


def add_sessions(
    db: Session,
    *,
    workshop_id: UUID,
    version: int,
    sessions: tuple[SessionDraft, ...],
    now: datetime,
    by: str,
) -> WorkshopReceipt:
    """Add meetings to a workshop; those of a published workshop are published too."""
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    if workshop.state in STOPPED_STATES:
        raise WrongState(state=workshop.state)
    number = max((session.number for session in sessions_of(db, workshop_id)), default=0) + 1
    rows, cautions = write_sessions(db, workshop, sessions, first_number=number, now=now)
    _give_seats(db, workshop, rows, now)
    if workshop.state is not ProgrammeState.DRAFT:
        publish_sessions(db, workshop, rows, now)
    workshop.version += 1
    workshop.changed_at = now
    db.flush()
    del by
    return receipt_of(db, workshop, cautions)


def _give_seats(db: Session, workshop: Workshop, rows: Sequence[WorkshopSession], now: datetime) -> None:
    intakes = intakes_of(db, workshop.id)
    shared = next((intake for intake in intakes if intake.unit in _SHARED_UNITS), None)
    if shared is not None:
        add_to_intake(db, shared, rows)
        return
    like = WorkshopDraft(kind=workshop.kind, title=workshop.title)
    if intakes:
        first = intakes[0]
        channels = tuple(Channel(channel) for channel in first.channels)
        like = replace(like, unit=first.unit, method=first.method, channels=channels)
    else:
        like = replace(like, unit=kind_template(workshop.kind).unit)
    make_intakes(db, workshop, rows, like, now)


def edit_session(
    db: Session,
    *,
    session_id: UUID,
    version: int,
    edit: SessionEdit,
    now: datetime,
    by: str,
    reason: str = "",
) -> SessionReceipt:
    """Change time, place, seats or devices of a session. A new time or place is told to everybody who applied.

    Where somebody must be told a ``reason`` is needed.
    Raises Conflict, InvalidValue, SeatsBelowTaken, RoomTaken, VenueClosed, DayIsPast, ReadOnlyWorkshop, WrongState.
    """
    session, workshop = load_session(db, session_id, version=version, now=now)
    if session.state in STOPPED_STATES:
        raise WrongState(state=session.state)
    cautions, told = move_session(db, session, workshop, edit, now=now, reason=reason)
    del by
    return SessionReceipt(session.id, workshop.id, session.state, session.version, told, cautions)


def move_session(
    db: Session, session: WorkshopSession, workshop: Workshop, edit: SessionEdit, *, now: datetime, reason: str
) -> tuple[tuple[Caution, ...], int]:
    """Write an edit into a locked session; answers the cautions and how many people will be told."""
    before = _day_and_place(session)
    place = _new_place(db, session, edit)
    _write_time(db, session, workshop, edit, now)
    _write_place(session, place, edit)
    _write_numbers(session, place, edit)
    session.note = checked_text(
        noted(session.note if edit.note is None else edit.note, edit.override_reason),
        field="note",
        longest=LONGEST_NOTE,
        lines=True,
    )
    moved = before != _day_and_place(session)
    cautions = _settled(db, session, edit, now) if moved else ()
    session.version += 1
    told = 0
    if moved:
        _raise_sequence(session, now)
        if session.state is not ProgrammeState.DRAFT:
            told = tell_people(db, session, kind=SESSION_MOVED, reason=reason, now=now)
            if told:
                checked_reason(reason)  # people want to know why
    db.flush()
    return cautions, told


def _day_and_place(session: WorkshopSession) -> tuple[object, ...]:
    place = (session.venue_id, session.room_id, session.place_text, session.online_url)
    return (session.starts_at, session.ends_at, *place)


def _new_place(db: Session, session: WorkshopSession, edit: SessionEdit) -> Place:
    venue_id = edit.venue_id or session.venue_id
    moved = edit.venue_id is not None and edit.venue_id != session.venue_id
    room_id = edit.room_id or (None if moved else session.room_id)
    return find_place(db, municipality_code=session.municipality_code, venue_id=venue_id, room_id=room_id)


def _write_time(db: Session, session: WorkshopSession, workshop: Workshop, edit: SessionEdit, now: datetime) -> None:
    if edit.held_on is None and edit.starts is None and edit.ends is None:
        return
    template = kind_template(workshop.kind)
    day = edit.held_on or session.held_on
    if edit.held_on is not None and edit.held_on != session.held_on:
        checked_day(day, tokyo_date(now))
    starts = edit.starts or (tokyo_time(session.starts_at) if session.starts_at else template.starts)
    ends = edit.ends or _same_length(session, starts) or end_of(starts, template)
    span = span_of(day, starts, ends, template)
    if (session.starts_at, session.ends_at) == (span.starts_at, span.ends_at):
        return
    _move_slots(db, session, span)
    session.held_on, session.starts_at, session.ends_at = day, span.starts_at, span.ends_at
    session.meeting_at, session.cut_off_at = span.meeting_at, span.cut_off_at
    _follow_year(db, workshop, session, day)


def _same_length(session: WorkshopSession, starts: time) -> time | None:
    if session.starts_at is None or session.ends_at is None:
        return None
    minutes = starts.hour * 60 + starts.minute + (session.ends_at - session.starts_at) // timedelta(minutes=1)
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None


def _move_slots(db: Session, session: WorkshopSession, span: Span) -> None:
    if session.starts_at is None:
        return
    shift = span.starts_at - session.starts_at
    slots = db.exec(select(Slot).where(Slot.session_id == session.id).order_by(col(Slot.starts_at).desc())).all()
    for slot in slots if shift > timedelta(0) else reversed(slots):
        slot.starts_at += shift
        slot.ends_at += shift
        db.flush()  # one by one, the farthest first: two times of a table never meet on the way


def _follow_year(db: Session, workshop: Workshop, session: WorkshopSession, day: date) -> None:
    first_other = db.exec(
        select(func.min(WorkshopSession.held_on)).where(
            WorkshopSession.workshop_id == workshop.id, WorkshopSession.id != session.id
        )
    ).one()
    workshop.fiscal_year = fiscal_year(min(day, first_other) if first_other else day)


def _write_place(session: WorkshopSession, place: Place, edit: SessionEdit) -> None:
    session.venue_id = place.venue.id if place.venue else None
    session.room_id = place.room.id if place.room else None
    if edit.place_text is not None:
        session.place_text = checked_text(edit.place_text, field="place_text", longest=200)
    if edit.online_url is not None:
        session.online_url = checked_text(edit.online_url, field="online_url", longest=500)


def _write_numbers(session: WorkshopSession, place: Place, edit: SessionEdit) -> None:
    seats = session.seats if edit.seats is None else edit.seats
    if seats != session.seats or place.room_limit != session.room_limit:
        checked_seats(seats, place)
    taken = session.confirmed_count + session.offered_count + session.lent_count
    if seats < taken:
        raise SeatsBelowTaken(seats=seats, taken=taken)
    session.seats, session.room_limit = seats, place.room_limit
    if edit.devices is not None:
        session.devices = checked_number("devices", edit.devices, least=0, most=MOST_SEATS)
    if edit.planned_people is not None:
        session.planned_people = checked_number("planned_people", edit.planned_people, least=0, most=MOST_SEATS)
    if edit.leads_needed is not None:
        session.leads_needed = checked_number("leads_needed", edit.leads_needed, least=0, most=20)
    if edit.skills_needed is not None:
        session.skills_needed = checked_skills(edit.skills_needed)


def _settled(db: Session, session: WorkshopSession, edit: SessionEdit, now: datetime) -> tuple[Caution, ...]:
    if session.starts_at is None or session.ends_at is None:
        return ()
    planned = planned_of(
        0,
        held_on=session.held_on,
        starts=tokyo_time(session.starts_at),
        ends=tokyo_time(session.ends_at),
        session=session,
    )
    with db.no_autoflush:  # the move itself must not be written before it is known to be free
        cautions = cautions_for(
            db,
            municipality_code=session.municipality_code,
            planned=[planned],
            now=now,
            except_session_id=session.id,
        )
    must_be_settled(cautions, [Consent(edit.confirmed, edit.override_reason)])
    return cautions


def _raise_sequence(session: WorkshopSession, now: datetime) -> None:
    session.calendar_sequence += 1
    session.calendar_changed_at = now
