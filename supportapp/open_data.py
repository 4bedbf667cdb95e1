"""Open data for the command line, the public addresses and the screen: made from the same rows, by the same rules.

These functions read for themselves and may take a second: call them from a thread, never on the event loop.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from events.errors import DomainError
from events.japan.clock import tokyo_date
from events.japan.fiscal_year import first_day, fiscal_year
from events.open_data import PublicData, public_data
from supportapp.backend import Backend
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.identity import Actor, Role
from supportapp.settings import Settings

if TYPE_CHECKING:
    from exports.files import ExportFile
    from exports.opendata.publishing import Row
    from exports.opendata.writing import OpenDataFile

EVENTS: Final = "events"
FACILITIES: Final = "facilities"
USUAL_PROFILES: Final = {EVENTS: "base-registry-events", FACILITIES: "municipal-standard-facilities"}
# The server itself: what is published may be read by anybody.
_ANYBODY: Final = Actor(name="server", role=Role.LOCAL, municipality_code="")


class ProfileOfOtherKind(DomainError):
    """The profile is for the other kind of list (``profile``; ``known``: those that fit)."""

    code = "profile_of_other_kind"


def published(
    backend: Backend, *, municipality_code: str, first: date | None = None, last: date | None = None
) -> PublicData:
    """What a municipality publishes; from this fiscal year on unless days are given. Raises NotFound."""
    if first is None and last is None:
        first = first_day(fiscal_year(tokyo_date(backend.clock())))
    return backend.read_now(_ANYBODY, public_data, municipality_code=municipality_code, first=first, last=last)


def open_data_csv(
    backend: Backend, data: PublicData, *, kind: str, profile: str | None = None, encoding: str = "utf-8-sig"
) -> "OpenDataFile":
    """The file of a kind. Raises UnknownProfile, ProfileOfOtherKind, PrivateContacts, NotPublishable."""
    from exports.opendata.writing import open_data_file  # noqa: PLC0415 -- only where open data leaves

    profile_id = _profile(kind, profile)
    return open_data_file(
        _rows(data, kind),
        profile_id=profile_id,
        name=f"{data.code}_{_NAMES[kind]}.csv",
        today=tokyo_date(backend.clock()),
        contacts=data.contacts,
        encoding=encoding,
    )


def open_data_json_file(data: PublicData, *, kind: str, profile: str | None = None) -> "ExportFile":
    """The same rows as JSON."""
    from exports.opendata.writing import open_data_json  # noqa: PLC0415 -- only where open data leaves

    return open_data_json(
        _rows(data, kind),
        profile_id=_profile(kind, profile),
        name=f"{data.code}_{_NAMES[kind]}.json",
        contacts=data.contacts,
    )


def open_data_rows(backend: Backend, *, municipality_code: str, kind: str) -> "list[Row]":
    """All rows of a municipality, of whatever day, by our names for the columns. Raises NotFound."""
    whole = published(backend, municipality_code=municipality_code, first=date.min, last=date.max)
    return _rows(whole, kind)


def profile_names(kind: str) -> tuple[str, ...]:
    """The profiles of a kind."""
    from exports.opendata.profiles import profiles_of  # noqa: PLC0415 -- only where open data leaves

    return tuple(each.id for each in profiles_of(kind))


def hand_out_open_data(backend: Backend, actor: Actor, *, municipality_code: str, kind: str, profile: str) -> HandedOut:
    """The file of a kind for whoever publishes it; logged like all files that leave. Raises as ``open_data_csv``."""
    data = published(backend, municipality_code=municipality_code)
    made = open_data_csv(backend, data, kind=kind, profile=profile)
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=municipality_code,
        kind=LeavingKind.OPEN_DATA,
        content=made.file.content,
        lines=made.rows,
        now=backend.clock(),
        by=actor.name,
    )
    return HandedOut(made.file, left.kind, left.lines, left.left_at)


def catalogue_of(municipalities: dict[str, str]) -> list[dict[str, Any]]:
    """What stands at ``/opendata/``: each municipality with its files."""
    return [
        {
            "code": code,
            "name": name,
            "files": [
                {
                    "kind": kind,
                    "format": ending,
                    "profile": USUAL_PROFILES[kind],
                    "path": f"/opendata/{code}/{kind}.{ending}",
                }
                for kind in (EVENTS, FACILITIES)
                for ending in ("csv", "json")
            ],
        }
        for code, name in municipalities.items()
    ]


def _rows(data: PublicData, kind: str) -> "list[Row]":
    from exports.opendata.publishing import event_rows, facility_rows  # noqa: PLC0415 -- only where open data leaves

    if kind == FACILITIES:
        return facility_rows(data)
    return event_rows(data, public_address=Settings.from_environment().public_address.rstrip("/"))


def _profile(kind: str, wanted: str | None) -> str:
    from exports.opendata.profiles import profile, profiles_of  # noqa: PLC0415 -- only where open data leaves

    chosen = profile(wanted or USUAL_PROFILES[kind])
    if chosen.kind != kind:
        raise ProfileOfOtherKind(profile=chosen.id, known="・".join(each.id for each in profiles_of(kind)))
    return chosen.id


_NAMES: Final = {EVENTS: "event", FACILITIES: "public_facility"}
