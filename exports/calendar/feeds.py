"""The three calendars: what the public, the staff and one volunteer see of a session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from exports.calendar.entry import CalendarEntry, EntryStatus
from exports.calendar.mending import TOKYO
from exports.calendar.writing import calendar_file
from exports.files import ExportFile

_SESSION_STATUS: Final = {
    "draft": EntryStatus.TENTATIVE,
    "announced": EntryStatus.CONFIRMED,
    "open": EntryStatus.CONFIRMED,
    "closed": EntryStatus.CONFIRMED,
    "drawn": EntryStatus.CONFIRMED,
    "notified": EntryStatus.CONFIRMED,
    "held": EntryStatus.CONFIRMED,
    "reported": EntryStatus.CONFIRMED,
    "cancelled": EntryStatus.CANCELLED,
    "postponed": EntryStatus.CANCELLED,  # stands again, under the same uid, once it has a new date
}
_ASSIGNMENT_STATUS: Final = {
    "asked": EntryStatus.TENTATIVE,
    "applied": EntryStatus.TENTATIVE,
    "tentative": EntryStatus.TENTATIVE,
    "confirmed": EntryStatus.CONFIRMED,
    "done": EntryStatus.CONFIRMED,
    "no_show": EntryStatus.CONFIRMED,
    "withdrawn": EntryStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """The wording, from the message catalogue. Braces are filled in with str.format.

    The four titles: {title} · people, helpers, devices: {count}, {limit} · waiting: {count} ·
    meeting: {time} as 13:00 · role: {role} · contact: {contact} · roles: lead, helper and reception to their
    names.
    """

    cancelled_title: str
    postponed_title: str
    tentative_title: str
    withdrawn_title: str
    people: str
    waiting: str
    helpers: str
    devices: str
    meeting: str
    role: str
    contact: str
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SessionForCalendar:
    """One session, as everybody may see it. Times are aware.

    title is the workshop's name with what tells its sessions apart (第2回). state is a session state of the
    interfaces. sequence is the session's version: it rises with every change and never falls. contact is the
    office to call, never a person who attends. place is (latitude, longitude).
    """

    session_id: UUID
    sequence: int
    state: str
    title: str
    starts_at: datetime
    ends_at: datetime
    last_modified: datetime
    venue: str = ""
    room: str = ""
    address: str = ""
    description: str = ""
    contact: str = ""
    url: str = ""
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class StaffSessionForCalendar:
    """One session with its numbers: people confirmed and waiting, helpers confirmed and required, phones.

    The counts belong to the text, so last_modified of the session must move when one of them changes.
    """

    session: SessionForCalendar
    people: int
    seats: int
    waiting: int
    helpers: int
    helpers_required: int
    devices: int
    devices_required: int


@dataclass(frozen=True, slots=True)
class AssignmentForCalendar:
    """One volunteer's part at a session. Times are aware.

    state and part (lead, helper, reception) are values of the interfaces. sequence is the assignment's own
    version. contact is whom to call on the day. meeting_time may be missing.
    """

    assignment_id: UUID
    sequence: int
    state: str
    part: str
    session: SessionForCalendar
    last_modified: datetime
    meeting_time: datetime | None = None
    contact: str = ""


def public_calendar(
    sessions: Iterable[SessionForCalendar],
    *,
    name: str,
    domain: str,
    words: CalendarWords,
    file_name: str,
) -> ExportFile:
    """Write what everybody may see. Drafts are left out; a cancelled session stays and says so."""
    entries = [session_entry(row, domain, words) for row in sessions if row.state != "draft"]
    return calendar_file(entries, name=name, file_name=file_name)


def staff_calendar(
    sessions: Iterable[StaffSessionForCalendar],
    *,
    name: str,
    domain: str,
    words: CalendarWords,
    file_name: str,
) -> ExportFile:
    """Write the sessions with their numbers; a draft is shown as tentative."""
    entries = [
        _session_entry(row.session, domain, words, [*_counts(row, words), row.session.description]) for row in sessions
    ]
    return calendar_file(entries, name=name, file_name=file_name)


def volunteer_calendar(
    assignments: Iterable[AssignmentForCalendar],
    *,
    name: str,
    domain: str,
    words: CalendarWords,
    file_name: str,
) -> ExportFile:
    """Write one volunteer's parts: when to be there, as what, whom to call.

    A change of the session or of the assignment raises the entry's sequence (the two are added).
    """
    entries = [_assignment_entry(row, domain, words) for row in assignments]
    return calendar_file(entries, name=name, file_name=file_name)


def session_entry(row: SessionForCalendar, domain: str, words: CalendarWords) -> CalendarEntry:
    """One session as everybody may see it."""
    return _session_entry(row, domain, words, [row.description, _contact(row.contact, words)])


def _session_entry(row: SessionForCalendar, domain: str, words: CalendarWords, paragraphs: list[str]) -> CalendarEntry:
    return CalendarEntry(
        uid=f"session-{row.session_id}@{domain}",
        sequence=row.sequence,
        status=_SESSION_STATUS[row.state],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        title=_title(row, words),
        last_modified=row.last_modified,
        location=_location(row),
        description=_joined(paragraphs),
        url=row.url,
        geo=row.place,
    )


def _assignment_entry(row: AssignmentForCalendar, domain: str, words: CalendarWords) -> CalendarEntry:
    session = row.session
    status = _ASSIGNMENT_STATUS[row.state]
    title = _title(session, words)
    if _SESSION_STATUS[session.state] is EntryStatus.CANCELLED:
        status = EntryStatus.CANCELLED
    elif status is EntryStatus.TENTATIVE:
        title = words.tentative_title.format(title=title)
    elif status is EntryStatus.CANCELLED:
        title = words.withdrawn_title.format(title=title)
    return CalendarEntry(
        uid=f"assignment-{row.assignment_id}@{domain}",
        sequence=session.sequence + row.sequence,
        status=status,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title,
        last_modified=max(session.last_modified, row.last_modified),
        location=_location(session),
        description=_joined([*_duties(row, words), session.description]),
        url=session.url,
        geo=session.place,
    )


def _title(row: SessionForCalendar, words: CalendarWords) -> str:
    patterns = {"cancelled": words.cancelled_title, "postponed": words.postponed_title}
    return patterns.get(row.state, "{title}").format(title=row.title)


def _location(row: SessionForCalendar) -> str:
    place = " ".join(part for part in (row.venue, row.room) if part)
    return f"{place}（{row.address}）" if place and row.address else place or row.address


def _counts(row: StaffSessionForCalendar, words: CalendarWords) -> list[str]:
    lines = [words.people.format(count=row.people, limit=row.seats)]
    if row.waiting:
        lines.append(words.waiting.format(count=row.waiting))
    lines.append(words.helpers.format(count=row.helpers, limit=row.helpers_required))
    if row.devices or row.devices_required:
        lines.append(words.devices.format(count=row.devices, limit=row.devices_required))
    return lines


def _duties(row: AssignmentForCalendar, words: CalendarWords) -> list[str]:
    lines = []
    if row.meeting_time is not None:
        lines.append(words.meeting.format(time=f"{row.meeting_time.astimezone(TOKYO):%H:%M}"))
    lines.append(words.role.format(role=words.roles[row.part]))
    lines.append(_contact(row.contact, words))
    return lines


def _contact(contact: str, words: CalendarWords) -> str:
    return words.contact.format(contact=contact) if contact else ""


def _joined(paragraphs: list[str]) -> str:
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
