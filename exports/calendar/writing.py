"""Entries in, one ICS file out: built with ics, mended on the way."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final

from exports.calendar.entry import CalendarEntry, EntryStatus, one_line
from exports.calendar.mending import as_octets, cleaned, duration, escape, mended_entry, mended_head
from exports.files import ICS, ExportFile

PRODUCT: Final = "-//Smartphone Workshop Supportapp//Calendar//JA"
REFRESH: Final = timedelta(hours=1)
_END: Final = b"END:VEVENT\r\n"
_REMEMBERED: Final = 16_384  # entries; about 1.5 kB each, enough for every coming session of Tokyo


def calendar_file(
    entries: Iterable[CalendarEntry], *, name: str, file_name: str, refresh: timedelta = REFRESH
) -> ExportFile:
    """Write the entries as one calendar, in order of time, the same entries always as the same bytes.

    name is what calendar programs show for the whole calendar; refresh is how often they should ask again.
    Of two entries with one uid only the newer one (by sequence, then modification) is kept.
    """
    parts = [_head(one_line(name), refresh), *map(_octets, _in_order(entries)), b"END:VCALENDAR\r\n"]
    return ExportFile(name=file_name, media_type=ICS, content=b"".join(parts))


def message_file(entry: CalendarEntry, *, method: str, parties: tuple[str, ...], file_name: str) -> ExportFile:
    """Write one entry as a mail carries it (RFC 5546); ``parties`` are its ORGANIZER and ATTENDEE lines."""
    body = _octets(entry).removesuffix(_END) + as_octets(list(parties)) + _END
    content = b"".join([_message_head(method), body, b"END:VCALENDAR\r\n"])
    return ExportFile(name=file_name, media_type=f"{ICS}; method={method}", content=content)


def etag(content: bytes) -> str:
    """Give the strong entity tag of a file's bytes, quotes included (RFC 9110, 8.8.3)."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _in_order(entries: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    newest: dict[str, CalendarEntry] = {}
    for entry in entries:
        known = newest.get(entry.uid)
        if known is None or (entry.sequence, entry.last_modified) > (known.sequence, known.last_modified):
            newest[entry.uid] = entry
    return sorted(newest.values(), key=lambda entry: (entry.starts_at, entry.uid))


@lru_cache(maxsize=64)
def _head(name: str, refresh: timedelta) -> bytes:
    from ics import Calendar
    from ics.grammar.parse import ContentLine

    calendar = Calendar(creator=PRODUCT)
    calendar.scale = "GREGORIAN"
    calendar.method = "PUBLISH"
    title, often = escape(name), duration(refresh)
    calendar.extra.append(ContentLine("NAME", value=title))
    calendar.extra.append(ContentLine("X-WR-CALNAME", value=title))
    calendar.extra.append(ContentLine("X-WR-TIMEZONE", value="Asia/Tokyo"))
    calendar.extra.append(ContentLine("REFRESH-INTERVAL", {"VALUE": ["DURATION"]}, often))
    calendar.extra.append(ContentLine("X-PUBLISHED-TTL", value=often))
    return mended_head(calendar.serialize())


@lru_cache(maxsize=8)
def _message_head(method: str) -> bytes:
    from ics import Calendar

    calendar = Calendar(creator=PRODUCT)
    calendar.scale = "GREGORIAN"
    calendar.method = method
    return mended_head(calendar.serialize())


@lru_cache(maxsize=_REMEMBERED)
def _octets(entry: CalendarEntry) -> bytes:
    """Give the octets of one entry; an unchanged entry is written once (its whole value is the key)."""
    from ics import DisplayAlarm, Event
    from ics.grammar.parse import ContentLine

    title, location, description = cleaned(entry)
    event = Event(
        uid=one_line(entry.uid),
        name=title,
        begin=entry.starts_at,
        end=entry.ends_at,
        description=description,
        location=location,
        geo=entry.geo,
        status=entry.status.value,
    )
    event.extra.append(ContentLine("SEQUENCE", value=str(entry.sequence)))
    alarm = ""
    if entry.alarm is not None and entry.status is not EntryStatus.CANCELLED:
        alarm = DisplayAlarm(trigger=-entry.alarm, display_text=title).serialize()
    return mended_entry(entry, event.serialize(), alarm)
