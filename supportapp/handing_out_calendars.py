"""Calendars as ICS: what the public, the staff and one volunteer see. Nobody who attends is ever named.

Public calendars need no sign-in: they hold what is published and nothing else, whoever asks. A personal one is
written down when it is handed over as a file; a feed that is asked for every hour is not, its address is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from events.calendar_queries import (
    KEPT,
    CalendarOf,
    CalendarSession,
    SessionNumbers,
    calendar_of_municipality,
    calendar_of_session,
    calendar_of_venue,
    numbers_of_sessions,
)
from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.notices.mail_queue import CalendarLine
from supportapp.backend import Backend
from supportapp.file_words import calendar_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut, numbered
from supportapp.identity import Actor, Role
from supportapp.messages import Words, words
from supportapp.settings import Settings
from volunteers.need import Staffing, staffing_of
from volunteers.own_queries import AssignmentForCalendarRow, assignments_for_calendar
from volunteers.session_lines import SessionLine

if TYPE_CHECKING:
    from exports.calendar import AssignmentForCalendar, SessionForCalendar, StaffSessionForCalendar
    from exports.files import ExportFile


@dataclass(frozen=True, slots=True)
class Days:
    """Which sessions a calendar holds: from ``first`` to ``last`` (Tokyo dates, both included), or without a bound."""

    first: date | None = None
    last: date | None = None

    def hold(self, moment: datetime) -> bool:
        """Whether something that begins at an aware moment is among them."""
        day = tokyo_date(moment)
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def seen_from(self, today: date) -> date:
        """The day whose look back (``KEPT``) reaches the first day asked for."""
        return today if self.first is None else min(today, self.first + KEPT)


ALL_DAYS = Days()

# Whoever looks at a public calendar: sees what is published, changes nothing.
PUBLIC = Actor(name="public", role=Role.LOCAL, municipality_code="")


def public_calendar_file(
    backend: Backend, *, municipality_code: str, domain: str, language: str = "ja", days: Days = ALL_DAYS
) -> "ExportFile":
    """The published sessions of a municipality. Raises NotFound."""
    today = days.seen_from(tokyo_date(backend.clock()))
    found = backend.read_now(PUBLIC, calendar_of_municipality, municipality_code=municipality_code, today=today)
    return _public(found, "public", domain, language, days)


def venue_calendar_file(backend: Backend, *, venue_id: UUID, domain: str, language: str = "ja") -> "ExportFile":
    """The published sessions in a venue. Raises NotFound."""
    found = backend.read_now(PUBLIC, calendar_of_venue, venue_id=venue_id, today=tokyo_date(backend.clock()))
    return _public(found, "venue", domain, language)


def session_calendar_file(backend: Backend, *, session_id: UUID, domain: str, language: str = "ja") -> "ExportFile":
    """One published session. Raises NotFound, also for a draft."""
    found = backend.read_now(PUBLIC, calendar_of_session, session_id=session_id)
    return _public(found, "session", domain, language)


def invitation_file(
    backend: Backend, line: CalendarLine, *, office: str, recipient: str, settings: Settings
) -> "ExportFile | None":
    """One session as a mail puts it into a person's calendar, or takes it out; None for one without a time."""
    from exports.calendar import Method, Parties, invitation  # noqa: PLC0415 -- wanted when a calendar is written only

    say = words("ja")
    try:
        found = backend.read_now(PUBLIC, calendar_of_session, session_id=line.session_id, drafts=True)
    except NotFound:
        return None
    return invitation(
        _session(found.sessions[0], say),
        method=Method.REQUEST if line.stays else Method.CANCEL,
        sequence=line.sequence,
        parties=Parties(office, settings.smtp_from, recipient),
        domain=settings.calendar_domain,
        words=calendar_words(say),
        file_name=say("calendar_file.session_file", place="", title=found.sessions[0].title),
    )


def staff_calendar_file(
    backend: Backend,
    actor: Actor,
    *,
    municipality_code: str,
    domain: str,
    language: str = "ja",
    days: Days = ALL_DAYS,
) -> "ExportFile":
    """All sessions of a municipality with their numbers, drafts too. Raises NotFound, NotAllowed."""
    from exports.calendar import staff_calendar  # noqa: PLC0415 -- wanted when a calendar is written only

    say = words(language)
    now = backend.clock()
    today = days.seen_from(tokyo_date(now))
    found = backend.read_now(
        actor, calendar_of_municipality, municipality_code=municipality_code, today=today, drafts=True
    )
    numbers = backend.read_now(actor, numbers_of_sessions, municipality_code=municipality_code, today=today)
    sessions = [one for one in found.sessions if days.hold(one.starts_at)]
    ids = tuple(one.session_id for one in sessions)
    staffing = backend.read_now(actor, staffing_of, municipality_code=municipality_code, session_ids=ids, now=now)
    return staff_calendar(
        _staff_rows(sessions, numbers, staffing, say),
        name=say("calendar_file.staff_name", place=_place(found, language)),
        domain=domain,
        words=calendar_words(say),
        file_name=say("calendar_file.staff_file", place=_place(found, language)),
    )


def volunteer_calendar_file(
    backend: Backend,
    actor: Actor,
    *,
    volunteer_id: UUID,
    name: str,
    domain: str,
    language: str = "ja",
    days: Days = ALL_DAYS,
) -> "ExportFile":
    """One volunteer's parts, given back ones too, so that they leave the calendar. Raises NotAllowed, NotFound."""
    from exports.calendar import volunteer_calendar  # noqa: PLC0415 -- wanted when a calendar is written only

    say = words(language)
    rows = backend.read_now(actor, assignments_for_calendar, volunteer_id=volunteer_id, now=backend.clock())
    return volunteer_calendar(
        [_assignment(row, say) for row in rows if days.hold(row.session.starts_at)],
        name=say("calendar_file.volunteer_name", name=name),
        domain=domain,
        words=calendar_words(say),
        file_name=say("calendar_file.volunteer_file", name=name),
    )


def hand_out_staff_calendar(
    backend: Backend,
    actor: Actor,
    *,
    municipality_code: str,
    domain: str,
    language: str = "ja",
    days: Days = ALL_DAYS,
) -> HandedOut:
    """The staff's calendar as a file; logged. Raises NotFound, NotAllowed."""
    file = staff_calendar_file(
        backend, actor, municipality_code=municipality_code, domain=domain, language=language, days=days
    )
    return _logged(backend, actor, file, LeavingKind.STAFF_CALENDAR, municipality_code, None)


def hand_out_volunteer_calendar(
    backend: Backend,
    actor: Actor,
    *,
    municipality_code: str,
    volunteer_id: UUID,
    name: str,
    domain: str,
    language: str = "ja",
    days: Days = ALL_DAYS,
) -> HandedOut:
    """One volunteer's calendar as a file, for themselves or handed over by staff; logged."""
    file = volunteer_calendar_file(
        backend, actor, volunteer_id=volunteer_id, name=name, domain=domain, language=language, days=days
    )
    return _logged(backend, actor, file, LeavingKind.VOLUNTEER_CALENDAR, municipality_code, volunteer_id)


def _public(
    found: CalendarOf, kind: str, domain: str, language: str, days: Days = ALL_DAYS
) -> "ExportFile":
    from exports.calendar import public_calendar  # noqa: PLC0415 -- wanted when a calendar is written only

    say = words(language)
    place = _place(found, language)
    name = place if kind == "session" else say(f"calendar_file.{kind}_name", place=place)
    return public_calendar(
        [_session(one, say) for one in found.sessions if days.hold(one.starts_at)],
        name=name,
        domain=domain,
        words=calendar_words(say),
        file_name=say(f"calendar_file.{kind}_file", place=place, title=place),
    )


def _place(found: CalendarOf, language: str) -> str:
    return found.name_en if language == "en" and found.name_en else found.name


def _session(one: CalendarSession, say: Words) -> "SessionForCalendar":
    from exports.calendar import SessionForCalendar  # noqa: PLC0415 -- wanted when a calendar is written only

    return SessionForCalendar(
        session_id=one.session_id,
        sequence=one.sequence,
        state=one.state.value,
        title=numbered(one.title, one.number, one.of_sessions, say),
        starts_at=one.starts_at,
        ends_at=one.ends_at or one.starts_at,
        last_modified=one.changed_at,
        venue=one.venue,
        room=one.room,
        address=one.address,
        description=_paragraphs(
            one.summary, _labelled(say, "target", text=one.target), _labelled(say, "bring", text=one.bring)
        ),
        contact=_contact(one.contact_name, one.contact_telephone),
        url=one.url,
        place=_coordinates(one.latitude, one.longitude),
    )


def _staff_rows(
    sessions: Iterable[CalendarSession],
    numbers: dict[UUID, SessionNumbers],
    staffing: dict[UUID, Staffing],
    say: Words,
) -> "list[StaffSessionForCalendar]":
    from exports.calendar import StaffSessionForCalendar  # noqa: PLC0415 -- wanted when a calendar is written only

    rows = []
    for one in sessions:
        count, helpers = numbers[one.session_id], staffing.get(one.session_id)
        rows.append(
            StaffSessionForCalendar(
                session=_session(one, say),
                people=count.people,
                seats=count.seats,
                waiting=count.waiting,
                helpers=helpers.confirmed if helpers else 0,
                helpers_required=helpers.required if helpers else 0,
                devices=count.devices,
                devices_required=count.devices_required,
            )
        )
    return rows


def _assignment(row: AssignmentForCalendarRow, say: Words) -> "AssignmentForCalendar":
    from exports.calendar import AssignmentForCalendar  # noqa: PLC0415 -- wanted when a calendar is written only

    return AssignmentForCalendar(
        assignment_id=row.assignment_id,
        sequence=row.sequence,
        state=row.state.value,
        part=row.role.value,
        session=_session_line(row.session, say),
        last_modified=row.changed_at,
        meeting_time=row.session.meeting_at,
        contact=_contact(row.session.contact_name, row.session.contact_telephone),
    )


def _session_line(line: SessionLine, say: Words) -> "SessionForCalendar":
    from exports.calendar import SessionForCalendar  # noqa: PLC0415 -- wanted when a calendar is written only

    return SessionForCalendar(
        session_id=line.session_id,
        sequence=line.sequence,
        state=line.state.value,
        title=numbered(line.title, line.number, line.of, say),
        starts_at=line.starts_at,
        ends_at=line.ends_at or line.starts_at,
        last_modified=line.changed_at,
        venue=line.venue,
        room=line.room,
        address=line.address,
        description=_paragraphs(
            _labelled(say, "access", text=line.access),
            _labelled(say, "bring", text=line.bring),
            _labelled(say, "online", url=line.online_url),
        ),
        place=_coordinates(line.latitude, line.longitude),
    )


def _logged(
    backend: Backend,
    actor: Actor,
    file: "ExportFile",
    kind: LeavingKind,
    municipality_code: str,
    volunteer_id: UUID | None,
) -> HandedOut:
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=municipality_code,
        kind=kind,
        content=file.content,
        lines=file.content.count(b"BEGIN:VEVENT"),
        volunteer_id=volunteer_id,
        now=backend.clock(),
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)


def _paragraphs(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _labelled(say: Words, key: str, **value: str) -> str:
    return say(f"calendar_file.{key}", **value) if any(value.values()) else ""


def _contact(name: str, telephone: str) -> str:
    return " ".join(part for part in (name, telephone) if part)


def _coordinates(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return (latitude, longitude) if latitude is not None and longitude is not None else None
