"""A calendar entry as it is mailed to one person: METHOD:REQUEST puts it into their calendar, CANCEL takes it out.

The entry has the same UID as in the feeds, so that no calendar shows a session twice (RFC 5546, 3.2.2 and 3.2.5).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from exports.calendar.entry import EntryStatus, one_line
from exports.calendar.feeds import CalendarWords, SessionForCalendar, session_entry
from exports.calendar.writing import message_file
from exports.files import ExportFile


class Method(StrEnum):
    """What a mailed entry asks a calendar to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Parties:
    """From whom to whom an entry goes: the office's name and address, and the person's address."""

    office: str
    sender: str
    recipient: str


def invitation(
    row: SessionForCalendar,
    *,
    method: Method,
    sequence: int,
    parties: Parties,
    domain: str,
    words: CalendarWords,
    file_name: str,
) -> ExportFile:
    """Write one session for one person. ``sequence`` must rise with each mail about this session to this person."""
    entry = session_entry(replace(row, sequence=sequence), domain, words)
    if method is Method.CANCEL:
        entry = replace(entry, status=EntryStatus.CANCELLED, alarm=None)
    lines = (
        f"ORGANIZER;CN={_quoted(parties.office)}:mailto:{one_line(parties.sender)}",
        f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{one_line(parties.recipient)}",
    )
    return message_file(entry, method=method.value, parties=lines, file_name=file_name)


def _quoted(text: str) -> str:
    """A parameter value; a quotation mark cannot stand in one (RFC 5545, 3.2)."""
    return '"' + one_line(text).replace('"', "") + '"'
