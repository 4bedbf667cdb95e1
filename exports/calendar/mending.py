"""Everything that the ics package gets wrong is put right here, on the way out, and nowhere else.

ics 0.7.3 never folds, ends without a line break, writes UTC without a VTIMEZONE, leaves out DTSTAMP, escapes
addresses as if they were text and identifiers not at all, writes durations such as P1W2D or P, puts reminders
before the properties they must follow, and lets a line break inside a value start a new property.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from exports.calendar.entry import CalendarEntry, clean_text, clean_url, one_line

# Japan has had no daylight saving time since 1951, so one fixed offset is the whole rule
TOKYO: Final = timezone(timedelta(hours=9), "JST")
TIMEZONE_LINES: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Tokyo",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "TZNAME:JST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
FOLD_OCTETS: Final = 75  # RFC 5545, 3.1: without the line break
_WRITTEN_BY_US: Final = frozenset({"UID", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "URL", "STATUS"})


def mended_entry(entry: CalendarEntry, event: str, alarm: str) -> bytes:
    """Give the octets of one VEVENT from what ics wrote for it and for its reminder (empty for none).

    The values inside must already be clean (see cleaned): then a CR LF can only be the end of a line.
    """
    kept = [line for line in event.split("\r\n")[1:-1] if _name(line) not in _WRITTEN_BY_US]
    lines = ["BEGIN:VEVENT", *_identity(entry), *kept, *_mended_alarm(entry, alarm), "END:VEVENT"]
    return as_octets(lines)


def mended_head(calendar: str) -> bytes:
    """Give the octets of the calendar's own properties and time zone from what ics wrote for an empty one."""
    lines = calendar.split("\r\n")[1:-1]
    lines.sort(key=lambda line: _name(line) not in {"VERSION", "PRODID", "CALSCALE", "METHOD"})
    return as_octets(["BEGIN:VCALENDAR", *lines, *TIMEZONE_LINES])


def as_octets(lines: list[str]) -> bytes:
    """Give the lines folded and each ended by CR LF."""
    return b"".join([fold(line) + b"\r\n" for line in lines])


def fold(line: str) -> bytes:
    """Give the line in pieces of at most 75 octets, never parting the octets of one character."""
    octets = line.encode()
    if len(octets) <= FOLD_OCTETS:
        return octets
    pieces = []
    start, room = 0, FOLD_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # the middle of a character in UTF-8
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, FOLD_OCTETS - 1  # a space begins each further piece
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces)


def escape(text: str) -> str:
    """Give the cleaned text as a TEXT value (RFC 5545, 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def duration(span: timedelta) -> str:
    """Give a duration in days and smaller, never in weeks, which may not be mixed (RFC 5545, 3.3.6)."""
    seconds = int(span.total_seconds())
    days, rest = divmod(abs(seconds), 86400)
    hours, minutes, rest = rest // 3600, rest % 3600 // 60, rest % 60
    # no unit may be left out between two others, so seconds bring their minutes
    clock = "".join(
        f"{amount}{unit}"
        for amount, unit, wanted in (
            (hours, "H", hours),
            (minutes, "M", minutes or (hours and rest)),
            (rest, "S", rest),
        )
        if wanted
    )
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if seconds < 0 else ''}P{text or 'T0S'}"


def local_time(moment: datetime) -> str:
    """Give the time of day in Tokyo, for a property with TZID."""
    return _compact(moment.astimezone(TOKYO))


def universal_time(moment: datetime) -> str:
    """Give the time in UTC."""
    return f"{_compact(moment.astimezone(UTC))}Z"


def _identity(entry: CalendarEntry) -> list[str]:
    stamp = universal_time(entry.last_modified)
    starts, ends = local_time(entry.starts_at), local_time(entry.ends_at)
    lines = [
        f"UID:{escape(one_line(entry.uid))}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"DTSTART;TZID=Asia/Tokyo:{starts}",
    ]
    if ends != starts:  # DTEND must be later than DTSTART (RFC 5545, 3.8.2.2)
        lines.append(f"DTEND;TZID=Asia/Tokyo:{ends}")
    lines.append(f"STATUS:{entry.status.value}")
    if url := clean_url(entry.url):
        lines.append(f"URL:{url}")
    return lines


def _mended_alarm(entry: CalendarEntry, alarm: str) -> list[str]:
    if entry.alarm is None or not alarm:
        return []
    trigger = f"TRIGGER:{duration(-entry.alarm)}"
    return [trigger if _name(line) == "TRIGGER" else line for line in alarm.split("\r\n")]


def _compact(moment: datetime) -> str:
    # strftime leaves out the zeros before a year below 1000 on some systems
    return f"{moment.year:04d}{moment:%m%dT%H%M%S}"


def _name(line: str) -> str:
    return line.partition(":")[0].partition(";")[0]


def cleaned(entry: CalendarEntry) -> tuple[str, str, str]:
    """Give title, place and description as ics may have them."""
    return one_line(entry.title), one_line(entry.location), clean_text(entry.description)
