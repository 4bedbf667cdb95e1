"""Take in offerings and venues that were published elsewhere: all of a file or nothing, and never twice.

An offering is known again by its ``source_key``, a session by its number, day and start. What a row said is kept as
a fingerprint, so the same file twice changes nothing, also when the office has edited a session meanwhile.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.importing.places import Places
from events.importing.published import fingerprint, source_key, text_problems, texts
from events.importing.rows import ImportRefused, ImportReport, OfferingRow, Tally
from events.importing.sessions import Known, missing_parts, take_session
from events.japan.clock import at_tokyo, tokyo_date
from events.japan.fiscal_year import fiscal_year
from events.models import Intake, IntakeSession, Municipality, Organisation, Workshop, WorkshopHost, WorkshopSession
from events.planning.intakes import add_to_intake
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind

_END_OF_DAY = time(23, 59)


def import_offerings(
    db: Session, *, municipality_code: str, offerings: Sequence[OfferingRow], now: datetime, by: str
) -> ImportReport:
    """Take in offerings. Past ones are read-only; coming ones are announced, or drafts where something is missing.

    Raises ImportRefused (nothing was taken in), NotFound (no such municipality).
    """
    if db.get(Municipality, municipality_code, with_for_update=True) is None:
        raise NotFound(thing="municipality_code")
    tally = Tally()
    places = Places(db, municipality_code)
    for offering in offerings:
        _take_in(db, municipality_code, offering, places, tally, now)
    db.flush()
    report = tally.report(sum(len(offering.sessions) for offering in offerings))
    if report.problems:
        raise ImportRefused(ImportReport(report.read, refused=report.refused, problems=report.problems))
    del by
    return report


def _take_in(
    db: Session, municipality_code: str, offering: OfferingRow, places: Places, tally: Tally, now: datetime
) -> None:
    row = min((session.row for session in offering.sessions), default=0)
    problems = list(text_problems(offering, row))
    if problems:
        tally.problems += problems
        return
    today = tokyo_date(now)
    workshop = db.exec(
        select(Workshop).where(
            Workshop.municipality_code == municipality_code, Workshop.source_key == source_key(offering)
        )
    ).first()
    if workshop is None:
        workshop = _new_workshop(db, municipality_code, offering, today, now)
    tally.workshop_ids.append(workshop.id)
    known = Known(
        list(db.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == workshop.id))),
        {fingerprint(offering, each) for each in offering.sessions},
    )
    before = (tally.added, tally.changed, len(tally.problems))
    fresh = [
        session
        for each in offering.sessions
        if (session := take_session(db, workshop, offering, each, known, places, tally, now)) is not None
    ]
    if len(tally.problems) > before[2] or (tally.added, tally.changed) == before[:2]:
        return
    if fresh:
        _give_intake(db, workshop, offering, fresh)
    _settle(db, workshop, offering, today)


def _new_workshop(db: Session, municipality_code: str, offering: OfferingRow, today: date, now: datetime) -> Workshop:
    said = texts(offering)
    first_day = min(session.first_day for session in offering.sessions)
    workshop = Workshop(
        municipality_code=municipality_code,
        kind=offering.kind or WorkshopKind.TRIAL,
        short_title=said["title"][:20],
        fee=offering.fee,
        phone_systems=list(offering.phone_systems),
        fiscal_year=fiscal_year(first_day),
        source_key=source_key(offering),
        created_at=now,
        changed_at=now,
        **said,
    )
    db.add(workshop)
    db.flush()
    for name, part in ((offering.host, "host"), (offering.co_host, "co_host")):
        if name.strip():
            organisation = _organisation(db, municipality_code, name.strip()[:200])
            db.add(WorkshopHost(workshop_id=workshop.id, organisation_id=organisation.id, part=part))
    del today
    return workshop


def _organisation(db: Session, municipality_code: str, name: str) -> Organisation:
    query = select(Organisation).where(Organisation.municipality_code == municipality_code, Organisation.name == name)
    found = db.exec(query).first()
    if found is None:
        found = Organisation(municipality_code=municipality_code, name=name)
        db.add(found)
        db.flush()
    return found


def _give_intake(db: Session, workshop: Workshop, offering: OfferingRow, sessions: Sequence[WorkshopSession]) -> None:
    """One intake for all sessions: published offerings with several dates are courses."""
    intake = db.exec(select(Intake).where(Intake.workshop_id == workshop.id).order_by(col(Intake.id))).first()
    if intake is None:
        deadline = (
            at_tokyo(offering.deadline_on, offering.deadline_time or _END_OF_DAY) if offering.deadline_on else None
        )
        intake = Intake(
            municipality_code=workshop.municipality_code,
            workshop_id=workshop.id,
            unit=IntakeUnit.COURSE if len(offering.sessions) > 1 else IntakeUnit.SESSION,
            method=offering.method or IntakeMethod.FIRST_COME,
            deadline_at=deadline,
            result_notice_on=offering.result_notice_on,
            channels=list(offering.channels),
            desk_hours=offering.desk_hours[:400],
        )
        db.add(intake)
        db.flush()
    linked = set(db.exec(select(IntakeSession.session_id).where(IntakeSession.intake_id == intake.id)).all())
    add_to_intake(db, intake, [session for session in sessions if session.id not in linked])
    db.flush()


def _settle(db: Session, workshop: Workshop, offering: OfferingRow, today: date) -> None:
    """Number the sessions by day; those that are over are held, those that lack something are drafts."""
    sessions = db.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == workshop.id)).all()
    last_days = {row.number: row.last_day or row.first_day for row in offering.sessions}
    over: list[bool] = []
    for number, session in enumerate(sorted(sessions, key=lambda each: (each.held_on, each.open_data_number)), start=1):
        _set(session, "number", number)
        past = max(session.held_on, last_days.get(session.open_data_number, session.held_on)) < today
        over.append(past)
        if session.state in {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED}:
            _set(session, "state", _state(past=past, missing=bool(missing_parts(session))))
    _set(workshop, "read_only", all(over))
    if workshop.state in {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED}:
        _set(workshop, "state", _state(past=all(over), missing=any(missing_parts(each) for each in sessions)))
    _set(workshop, "source_notes", sorted({part for session in sessions for part in missing_parts(session)}))
    _set(workshop, "fiscal_year", fiscal_year(min(session.held_on for session in sessions)))


def _set(row: Workshop | WorkshopSession, name: str, value: object) -> None:
    if getattr(row, name) != value:
        setattr(row, name, value)


def _state(*, past: bool, missing: bool) -> ProgrammeState:
    if missing:
        return ProgrammeState.DRAFT
    return ProgrammeState.HELD if past else ProgrammeState.ANNOUNCED
