# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``export KIND --out FILE``: a file written for people; what holds personal data is noted in the log first."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from events.errors import DomainError
from supportapp.command_line import (
    CommandRefused,
    WithoutEffect,
    backend_on,
    database_option,
    language,
    local_actor,
    must_be_writable,
    settings_of,
    spoken,
    the_municipality,
    use_official_profile,
    write_whole,
)

if TYPE_CHECKING:
    from exports.files import ExportFile
    from supportapp.backend import Backend
    from supportapp.identity import Actor

_KINDS = (
    "roster",
    "attendance",
    "calendar",
    "annual-report",
    "volunteer-hours",
    "insurance-list",
    "opendata-events",
    "opendata-facilities",
)
_OPEN_DATA = {"opendata-events": "events", "opendata-facilities": "facilities"}
_OF_A_YEAR = ("annual-report", "volunteer-hours", "insurance-list")
_DATE = click.DateTime(formats=["%Y-%m-%d"])
_Days = tuple[date | None, date | None] | None


class MissingSession(CommandRefused):
    """A roster is of one session, so ``--session`` must name it."""

    code = "missing_session"


class MissingVolunteer(CommandRefused):
    """A volunteer's calendar needs ``--volunteer``."""

    code = "missing_volunteer"


class UnknownId(CommandRefused):
    """Nothing in this database has the id ``value``."""

    code = "unknown_id"


@click.command("export")
@click.argument("kind", type=click.Choice(_KINDS))
@click.option("--out", required=True, metavar="FILE", help="Where the file goes; an older one is replaced.")
@click.option("--municipality", "code", default=None, metavar="CODE", help="6-digit code; else the only one there is.")
@click.option("--from", "first", type=_DATE, default=None, metavar="DATE", help="First day, Tokyo date.")
@click.option("--to", "last", type=_DATE, default=None, metavar="DATE", help="Last day, included.")
@click.option("--session", "session_id", type=click.UUID, default=None, metavar="ID")
@click.option("--fiscal-year", type=click.IntRange(1950, 2200), default=None, metavar="YEAR", help="April to March.")
@click.option("--profile", default=None, metavar="NAME", help="The form of an open-data file.")
@click.option("--audience", type=click.Choice(["public", "staff", "volunteer"]), default=None, help="Of a calendar.")
@click.option("--volunteer", "volunteer_id", type=click.UUID, default=None, metavar="ID")
@click.option("--encoding", type=click.Choice(["utf-8", "cp932"]), default=None, help="Of an open-data file.")
@database_option
def export_file(
    kind: str,
    out: str,
    *,
    code: str | None,
    first: datetime | None,
    last: datetime | None,
    session_id: UUID | None,
    fiscal_year: int | None,
    profile: str | None,
    audience: str | None,
    volunteer_id: UUID | None,
    encoding: str | None,
    database_url: str | None,
) -> None:
    """Write a file of KIND. What holds personal data is noted in the log before it leaves."""
    path = must_be_writable(out)
    days = _days(first, last, fiscal_year)
    _refuse_others(
        kind,
        {
            "--profile": profile if kind not in _OPEN_DATA else None,
            "--encoding": encoding if kind not in _OPEN_DATA else None,
            "--session": session_id if kind in (*_OPEN_DATA, *_OF_A_YEAR) else None,
            "--audience": audience if kind != "calendar" else None,
            "--volunteer": volunteer_id if audience != "volunteer" else None,
            "--from": _spanned(kind, first, last, fiscal_year),
        },
    )
    with backend_on(database_url) as backend:
        if kind in _OPEN_DATA:
            file = _open_data(backend, _OPEN_DATA[kind], code, days, profile, encoding)
        elif kind in _OF_A_YEAR:
            file = _of_a_year(backend, kind, code, days, fiscal_year)
        elif kind == "roster":
            file = _roster(backend, session_id)
        elif kind == "attendance":
            file = _attendance(backend, code, days, session_id)
        else:
            domain = settings_of(database_url).calendar_domain
            file = _calendar(backend, audience or "public", code, session_id, volunteer_id, domain, days)
    write_whole(path, file.content)
    click.echo(spoken()("command.written", file=out))


def _refuse_others(kind: str, options: dict[str, object]) -> None:
    for option, value in options.items():
        if value is not None:
            raise WithoutEffect(option=option, kind=kind)


def _days(first: datetime | None, last: datetime | None, year: int | None) -> _Days:
    from events.japan.fiscal_year import first_day, last_day

    if first is None and last is None:
        return (first_day(year), last_day(year)) if year is not None else None
    return (first.date() if first else None, last.date() if last else None)


def _spanned(kind: str, first: datetime | None, last: datetime | None, year: int | None) -> object:
    """Days where none are wanted: a roster is of one session, two of the lists are of a whole fiscal year."""
    if kind == "roster":
        return first or last or year
    return (first or last) if kind in ("annual-report", "insurance-list") else None


def _of_a_year(
    backend: "Backend", kind: str, code: str | None, days: _Days, year: int | None
) -> "ExportFile":
    from events.japan.clock import tokyo_date
    from events.japan.fiscal_year import first_day, fiscal_year, last_day
    from supportapp.handing_out_year import hand_out_annual_report, hand_out_hours, hand_out_insurance

    code = the_municipality(backend, code)
    actor = local_actor(code)
    whose: dict[str, str] = {"municipality_code": code, "language": language()}
    year = year or fiscal_year(tokyo_date(backend.clock()))
    if kind == "annual-report":
        return hand_out_annual_report(backend, actor, **whose, fiscal_year=year).file
    if kind == "insurance-list":
        return hand_out_insurance(backend, actor, **whose, fiscal_year=year).file
    first, last = days or (None, None)
    return hand_out_hours(
        backend, actor, **whose, first=first or first_day(year), last=last or last_day(year)
    ).file


def _roster(backend: "Backend", session_id: UUID | None) -> "ExportFile":
    from supportapp.handing_out import hand_out_roster

    if session_id is None:
        raise MissingSession
    return hand_out_roster(backend, _owner(backend, session_id), session_id=session_id, language=language()).file


def _owner(backend: "Backend", session_id: UUID) -> "Actor":
    """The local administrator in the municipality of a session, so that its log holds the entry."""
    from events.calendar_queries import municipality_of_session

    try:
        place = backend.read_now(local_actor(), municipality_of_session, session_id=session_id)
    except DomainError:
        raise UnknownId(value=session_id) from None
    return local_actor(place.municipality_code)


def _attendance(backend: "Backend", code: str | None, days: _Days, session_id: UUID | None) -> "ExportFile":
    from events.japan.clock import tokyo_date
    from events.japan.fiscal_year import first_day, fiscal_year, last_day
    from supportapp.handing_out import hand_out_attendance, hand_out_session_attendance

    if session_id is not None:
        _refuse_others("attendance --session", {"--from": days})
        actor = _owner(backend, session_id)
        return hand_out_session_attendance(backend, actor, session_id=session_id, language=language()).file
    code = the_municipality(backend, code)
    first, last = days or (None, None)
    year = fiscal_year(first or last or tokyo_date(backend.clock()))
    return hand_out_attendance(
        backend,
        local_actor(code),
        municipality_code=code,
        first=first or first_day(year),
        last=last or last_day(year),
        language=language(),
    ).file


def _calendar(
    backend: "Backend",
    audience: str,
    code: str | None,
    session_id: UUID | None,
    volunteer_id: UUID | None,
    domain: str,
    days: _Days,
) -> "ExportFile":
    from supportapp import handing_out_calendars as calendars

    if session_id is not None:
        others: dict[str, object] = {"--audience": None if audience == "public" else audience, "--from": days}
        _refuse_others("calendar --session", others)
        _owner(backend, session_id)
        return calendars.session_calendar_file(backend, session_id=session_id, domain=domain, language=language())
    if audience == "volunteer":
        return _volunteer_calendar(backend, volunteer_id, domain, days)
    span = calendars.Days(*(days or ()))
    code = the_municipality(backend, code)
    if audience == "staff":
        return calendars.hand_out_staff_calendar(
            backend, local_actor(code), municipality_code=code, domain=domain, language=language(), days=span
        ).file
    return calendars.public_calendar_file(
        backend, municipality_code=code, domain=domain, language=language(), days=span
    )


def _volunteer_calendar(backend: "Backend", volunteer_id: UUID | None, domain: str, days: _Days) -> "ExportFile":
    from supportapp.command_queries import volunteer_name
    from supportapp.handing_out_calendars import Days, hand_out_volunteer_calendar

    if volunteer_id is None:
        raise MissingVolunteer
    try:
        whose = backend.read_now(local_actor(), volunteer_name, volunteer_id=volunteer_id)
    except DomainError:
        raise UnknownId(value=volunteer_id) from None
    return hand_out_volunteer_calendar(
        backend,
        local_actor(whose.municipality_code),
        municipality_code=whose.municipality_code,
        volunteer_id=volunteer_id,
        name=whose.name,
        domain=domain,
        language=language(),
        days=Days(*(days or ())),
    ).file


def _open_data(
    backend: "Backend", kind: str, code: str | None, days: _Days, profile: str | None, encoding: str | None
) -> "ExportFile":
    from supportapp.open_data import open_data_csv, published
    from supportapp.open_data_words import left_out_in_words, lost_in_words

    code = the_municipality(backend, code)
    use_official_profile()
    first, last = days or (None, None)
    data = published(backend, municipality_code=code, first=first, last=last)
    made = open_data_csv(
        backend, data, kind=kind, profile=profile, encoding="cp932" if encoding == "cp932" else "utf-8-sig"
    )
    say = spoken()
    for line in (*left_out_in_words(say, made.left_out), *lost_in_words(say, made.lost)):
        click.echo(line, err=True)
    return made.file
