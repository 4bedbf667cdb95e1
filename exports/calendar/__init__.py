"""Calendars (ICS): public, staff and volunteer.

    words = CalendarWords(cancelled_title="【中止】{title}", …)  # from the message catalogue
    file = public_calendar(rows, name="小平市の講座", domain="example.jp", words=words, file_name="k.ics")
    headers = {"Content-Type": file.media_type, "ETag": etag(file.content)}

The same rows give the same bytes on every machine and in every process. Rows are filled by queries; nobody
who attends is ever named in one.
"""

from exports.calendar.entry import CalendarEntry, EntryStatus
from exports.calendar.feeds import (
    AssignmentForCalendar,
    CalendarWords,
    SessionForCalendar,
    StaffSessionForCalendar,
    public_calendar,
    staff_calendar,
    volunteer_calendar,
)
from exports.calendar.invitations import Method, Parties, invitation
from exports.calendar.writing import calendar_file, etag

__all__ = [
    "AssignmentForCalendar",
    "CalendarEntry",
    "CalendarWords",
    "EntryStatus",
    "Method",
    "Parties",
    "SessionForCalendar",
    "StaffSessionForCalendar",
    "calendar_file",
    "etag",
    "invitation",
    "public_calendar",
    "staff_calendar",
    "volunteer_calendar",
]
