"""The sessions of a published offering: added, changed or known again."""

from datetime import datetime, timedelta

from sqlmodel import Session

from events.importing.places import Places
from events.importing.published import fingerprint, texts
from events.importing.rows import DraftNote, ImportProblem, OfferingRow, OfferingSessionRow, Tally
from events.japan.clock import at_tokyo
from events.models import Workshop, WorkshopSession


class Known:
    """The sessions of an offering that are there already, and which of them a row of the file has claimed."""

    def __init__(self, sessions: list[WorkshopSession], marks: set[str]) -> None:
        self._same = {each.source_fingerprint: each for each in sessions if each.source_fingerprint}
        self._open = [each for each in sessions if each.source_fingerprint not in marks]

    def find(self, mark: str, row: OfferingSessionRow, starts_at: datetime | None) -> WorkshopSession | None:
        """The session that said exactly this; or the one of that number, day and start; or the only one of that number.

        Numbers that occur twice say nothing, so then a row with a new day is a new session.
        """
        if mark in self._same:
            return self._same[mark]
        numbered = [each for each in self._open if each.open_data_number == row.number]
        exact = [each for each in numbered if (each.held_on, each.starts_at) == (row.first_day, starts_at)]
        found = exact[0] if exact else numbered[0] if row.number and len(numbered) == 1 else None
        if found is not None:
            self._open.remove(found)
        return found

    def add(self, session: WorkshopSession) -> None:
        """A row was taken in: the same row again is the same session."""
        self._same[session.source_fingerprint] = session


def take_session(
    db: Session,
    workshop: Workshop,
    offering: OfferingRow,
    row: OfferingSessionRow,
    known: Known,
    places: Places,
    tally: Tally,
    now: datetime,
) -> WorkshopSession | None:
    """Add or change one session; the new one, or None when it was there."""
    starts_at, ends_at = _span(row)
    if starts_at and ends_at and ends_at <= starts_at:
        tally.problems.append(ImportProblem(row.row, "ends", f"{row.ends:%H:%M}", "ends_before_start"))
        return None
    mark = fingerprint(offering, row)
    found = known.find(mark, row, starts_at)
    if found is not None and found.source_fingerprint == mark:
        tally.unchanged += 1
        _list_draft(tally, found, offering, row)
        return None
    session = found or WorkshopSession(
        municipality_code=workshop.municipality_code,
        workshop_id=workshop.id,
        held_on=row.first_day,
        calendar_changed_at=now,
    )
    if found is not None and not _may_shrink(found, row, tally):
        return None
    _write(db, session, row, places, starts_at, ends_at)
    session.source_fingerprint = mark
    if found is None:
        db.add(session)
        known.add(session)
        tally.added += 1
    else:
        session.calendar_sequence += 1
        session.calendar_changed_at = now
        session.version += 1
        for name, value in texts(offering).items():
            setattr(workshop, name, value)
        tally.changed += 1
    db.flush()
    _list_draft(tally, session, offering, row)
    return session if found is None else None


def _may_shrink(session: WorkshopSession, row: OfferingSessionRow, tally: Tally) -> bool:
    taken = session.confirmed_count + session.offered_count + session.lent_count
    if row.seats is not None and row.seats < taken:
        tally.problems.append(ImportProblem(row.row, "seats", str(row.seats), "seats_below_taken"))
        return False
    return True


def _span(row: OfferingSessionRow) -> tuple[datetime | None, datetime | None]:
    if row.starts is None:
        return None, None
    last_day = row.last_day or row.first_day
    return at_tokyo(row.first_day, row.starts), at_tokyo(last_day, row.ends) if row.ends else None


def _write(
    db: Session,
    session: WorkshopSession,
    row: OfferingSessionRow,
    places: Places,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> None:
    venue, room = places.find(row)
    session.open_data_number = row.number[:40]
    session.held_on = row.first_day
    session.starts_at, session.ends_at = starts_at, ends_at
    session.meeting_at = starts_at - timedelta(minutes=30) if starts_at else None
    session.venue_id = venue.id if venue else None
    session.room_id = room.id if room else None
    session.place_text = row.place_text[:400]
    session.seats = row.seats or session.seats
    limit = room.people_limit if room else None
    session.room_limit = limit if limit is not None and limit >= session.seats else None
    del db


def missing_parts(session: WorkshopSession) -> tuple[str, ...]:
    """What a session lacks before it could be announced."""
    missing = []
    if session.starts_at is None or session.ends_at is None:
        missing.append("time")
    if session.venue_id is None and not session.place_text:
        missing.append("place")
    if session.seats == 0:
        missing.append("seats")
    return tuple(missing)


def _list_draft(tally: Tally, session: WorkshopSession, offering: OfferingRow, row: OfferingSessionRow) -> None:
    missing = missing_parts(session)
    if missing:
        tally.drafts.append(DraftNote(row.row, offering.title, session.id, missing))
