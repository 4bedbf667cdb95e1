"""The record of files with personal data that left: logged before the file is handed over."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from supportapp.accounts_tables import FileLeft


class LeavingKind(StrEnum):
    """What sort of file left."""

    ROSTER = "roster"
    ATTENDANCE = "attendance"
    STAFF_CALENDAR = "staff_calendar"
    VOLUNTEER_CALENDAR = "volunteer_calendar"
    FLYER = "flyer"
    POSTER = "poster"
    FORM = "form"
    TICKETS = "tickets"
    CONFIRMATION = "confirmation"
    CALL_SHEET = "call_sheet"
    SIGN_IN_SHEET = "sign_in_sheet"
    NAME_TAGS = "name_tags"
    SEAT_PLAN = "seat_plan"
    EVACUATION_LIST = "evacuation_list"
    ACTIVITY_CERTIFICATE = "activity_certificate"
    COMPLETION_CERTIFICATE = "completion_certificate"
    LOAN_AGREEMENT = "loan_agreement"
    SEGMENT = "segment"
    PERSON_SHEET = "person_sheet"
    DRAW_RECORD = "draw_record"
    VOLUNTEER_HOURS = "volunteer_hours"
    INSURANCE_LIST = "insurance_list"
    ANNUAL_REPORT = "annual_report"
    MARKED_LIST = "marked_list"
    OPEN_DATA = "open_data"


@dataclass(frozen=True, slots=True)
class LeftFile:
    """One line of the record: what left, about which session or days, how many lines, when, to whom."""

    kind: LeavingKind
    session_id: UUID | None
    first: date | None
    last: date | None
    lines: int
    left_at: datetime
    left_to: str


def record_file_left(
    db: Session,
    *,
    municipality_code: str,
    kind: LeavingKind,
    content: bytes,
    lines: int,
    now: datetime,
    by: str,
    session_id: UUID | None = None,
    volunteer_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
) -> LeftFile:
    """Write down that a file leaves, with the hash of its bytes; the bytes themselves are not kept."""
    row = FileLeft(
        municipality_code=municipality_code,
        kind=kind,
        session_id=session_id,
        volunteer_id=volunteer_id,
        first=first,
        last=last,
        lines=lines,
        sha256=hashlib.sha256(content).hexdigest(),
        left_at=now,
        left_to=by,
    )
    db.add(row)
    db.flush()
    return _line(row)


def files_left(db: Session, *, municipality_code: str, most: int = 50) -> tuple[LeftFile, ...]:
    """The newest files that left a municipality, newest first."""
    query = (
        select(FileLeft)
        .where(FileLeft.municipality_code == municipality_code)
        .order_by(col(FileLeft.left_at).desc(), col(FileLeft.id).desc())
        .limit(most)
    )
    return tuple(_line(row) for row in db.exec(query).all())


def _line(row: FileLeft) -> LeftFile:
    return LeftFile(LeavingKind(row.kind), row.session_id, row.first, row.last, row.lines, row.left_at, row.left_to)
