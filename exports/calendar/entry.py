"""One appointment in a calendar, and the texts that may stand in it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import quote

DAY_BEFORE: Final = timedelta(days=1)
LARGEST_SEQUENCE: Final = 2**31 - 1  # RFC 5545, 3.3.8

_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029\x85]")
# Control characters are forbidden by RFC 5545 (3.3.11); halves of surrogate pairs cannot be written as UTF-8
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"[\t\n ]+")
_URL_SIGNS: Final = "%/:?#[]@!$&'()*+,;=~-._"


class EntryStatus(StrEnum):
    """STATUS of RFC 5545 (3.8.1.11) for an appointment."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One appointment, ready to be written.

    uid stays the same for ever and sequence never falls (0 to 2**31 - 1). Times are aware; seconds are the
    finest that leaves, shown in Asia/Tokyo. An end equal to the start is left out. geo is (latitude,
    longitude) in degrees. alarm is how long before the start a reminder rings, None for none.

    Raises ValueError for an empty uid, a naive time, an end before the start, a sequence or place out of
    range.
    """

    uid: str
    sequence: int
    status: EntryStatus
    starts_at: datetime
    ends_at: datetime
    title: str
    last_modified: datetime
    location: str = ""
    description: str = ""
    url: str = ""
    geo: tuple[float, float] | None = None
    alarm: timedelta | None = DAY_BEFORE

    def __post_init__(self) -> None:
        """Refuse what no calendar could show."""
        for moment in (self.starts_at, self.ends_at, self.last_modified):
            if moment.tzinfo is None:
                raise ValueError(f"naive time in calendar entry: {moment.isoformat()}")
        if not one_line(self.uid):
            raise ValueError("calendar entry without uid")
        if self.ends_at < self.starts_at:
            raise ValueError(f"calendar entry ends before it starts: {self.ends_at.isoformat()}")
        if not 0 <= self.sequence <= LARGEST_SEQUENCE:
            raise ValueError(f"sequence out of range: {self.sequence}")
        if self.geo is not None and not (abs(self.geo[0]) <= 90 and abs(self.geo[1]) <= 180):
            raise ValueError(f"place out of range: {self.geo}")


def clean_text(text: str) -> str:
    """Give the text as a calendar can carry it: plain line breaks, no control characters, no blank ends."""
    return _REFUSED.sub("", _BREAKS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """Give the cleaned text on one line, for a title or a place."""
    return _BLANKS.sub(" ", clean_text(text))


def clean_url(url: str) -> str:
    """Give a web address in ASCII: what none may hold is percent-encoded. Anything but http and https is dropped."""
    plain = quote(_REFUSED.sub("", _BREAKS.sub("", url)).replace("\n", "").strip(), safe=_URL_SIGNS)
    return plain if plain.lower().startswith(("http://", "https://")) else ""
