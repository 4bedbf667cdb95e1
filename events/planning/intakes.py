"""What people apply to: made with a workshop, one for each session or one for a whole course."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from events.japan.clock import tokyo_date
from events.models import ConsultationTable, Intake, IntakeSession, Slot, Workshop, WorkshopSession
from events.planning.drafts import WorkshopDraft
from events.planning.kinds import KindTemplate, kind_template
from events.planning.timing import deadline_of, must_close_before
from events.states import IntakeUnit

_FOR_ALL_SESSIONS = frozenset({IntakeUnit.COURSE, IntakeUnit.CHOICE})


def make_intakes(
    db: Session, workshop: Workshop, sessions: Sequence[WorkshopSession], draft: WorkshopDraft, now: datetime
) -> list[Intake]:
    """One intake for each session, or one for all where people apply to a course or choose."""
    template = kind_template(workshop.kind)
    unit = draft.unit or (template.unit_of_several if len(sessions) > 1 else template.unit)
    groups = [list(sessions)] if unit in _FOR_ALL_SESSIONS else [[session] for session in sessions]
    return [_make_intake(db, workshop, group, unit, draft, now) for group in groups]


def _make_intake(
    db: Session,
    workshop: Workshop,
    sessions: Sequence[WorkshopSession],
    unit: IntakeUnit,
    draft: WorkshopDraft,
    now: datetime,
) -> Intake:
    template = kind_template(workshop.kind)
    must_close_before(draft.deadline_at, (session.starts_at for session in sessions))
    channels = draft.channels if draft.channels is not None else template.channels
    intake = Intake(
        municipality_code=workshop.municipality_code,
        workshop_id=workshop.id,
        unit=unit,
        method=draft.method or template.method,
        opens_at=draft.opens_at,
        deadline_at=draft.deadline_at or _usual_deadline(sessions, template, now),
        result_notice_on=draft.result_notice_on,
        channels=[channel.value for channel in channels],
    )
    db.add(intake)
    db.flush()
    add_to_intake(db, intake, sessions)
    return intake


def add_to_intake(db: Session, intake: Intake, sessions: Sequence[WorkshopSession]) -> None:
    """Let an intake give the seats of these sessions too; a consultation gets its tables and times."""
    for position, session in enumerate(sessions, start=1):
        db.add(IntakeSession(intake_id=intake.id, session_id=session.id, position=position))
        if intake.unit is IntakeUnit.SLOTS:
            make_slots(db, session, minutes=slot_minutes_of(intake, db))


def slot_minutes_of(intake: Intake, db: Session) -> int:
    """How long one person's time at a consultation table is."""
    workshop = db.get_one(Workshop, intake.workshop_id)
    return kind_template(workshop.kind).slot_minutes or 30


def _usual_deadline(sessions: Sequence[WorkshopSession], template: KindTemplate, now: datetime) -> datetime | None:
    starts = min((session.starts_at for session in sessions if session.starts_at), default=None)
    return deadline_of(starts, tokyo_date(starts), template, now) if starts else None


def make_slots(db: Session, session: WorkshopSession, *, minutes: int) -> None:
    """As many tables as the seats need, each with one time after the other until the session ends."""
    if session.starts_at is None or session.ends_at is None:
        return
    length = timedelta(minutes=minutes)
    rounds = max((session.ends_at - session.starts_at) // length, 1)
    left = session.seats
    for number in range(1, ceil(session.seats / rounds) + 1):
        table = ConsultationTable(session_id=session.id, number=number)
        db.add(table)
        db.flush()
        for turn in range(min(rounds, left)):
            starts = session.starts_at + turn * length
            db.add(Slot(session_id=session.id, table_id=table.id, starts_at=starts, ends_at=starts + length))
        left -= rounds
