"""What people are told, in words: read aloud on the telephone, pasted into a short message or LINE, mailed, printed.

All ways say the same sentences; only days and times differ between speech (午後1時30分) and writing (13:30).
"""

import math
from dataclasses import dataclass
from datetime import date, datetime

from events.japan.clock import tokyo_date, tokyo_time
from events.notices.kinds import REMINDER, is_reminder
from events.notices.queries import PersonToTell, ToTell
from events.states import STOPPED_STATES
from supportapp.booking_words import clock_words, day_words, place_words, span_words, spoken_when
from supportapp.messages import Words

_ONE_SMS, _PART_OF_SMS = 70, 67  # UTF-16 units of one message, and of each part of a longer one (3GPP TS 23.040)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the municipality's name, and whom to ask (name and telephone)."""

    place: str
    contact: str


def kind_words(say: Words, kind: str) -> str:
    """What a notice is about, in a few words."""
    return say(f"notice.kind.{_key(kind)}")


def call_text(say: Words, person: PersonToTell, sender: Sender, *, today: date) -> str:
    """What is read aloud on the telephone: who calls, and everything the person must hear."""
    titles = dict.fromkeys(say("notice.title", title=item.title) for item in person.items)
    opening = say("notice.opening", place=sender.place, name=person.name, title=say("notice.between").join(titles))
    return "".join([opening, *(item_text(say, item, today=today, spoken=True) for item in person.items)])


def short_text(say: Words, person: PersonToTell, sender: Sender, *, today: date) -> str:
    """The text of a short message or of LINE."""
    said = [item_text(say, item, today=today) for item in person.items]
    return "\n".join([f"{sender.place}", *said, sender.contact]).strip()


def mail_text(say: Words, person: PersonToTell, sender: Sender, *, today: date) -> tuple[str, str]:
    """Subject and body of a mail."""
    first = person.items[0]
    subject = say("notice.subject", place=sender.place, title=first.title, kind=kind_words(say, first.kind))
    parts = [say("notice.greeting", name=person.name)]
    for item in person.items:
        lines = [item_text(say, item, today=today), say("notice.number", number=item.receipt_number)]
        if item.bring and item.seat_codes:
            lines.insert(1, say("notice.bring", things=item.bring))
        parts.append("\n".join(lines))
    parts += [say("notice.mail_end"), "\n".join(filter(None, [sender.place, _contact(say, sender)]))]
    return subject, "\n\n".join(parts) + "\n"


def item_text(say: Words, item: ToTell, *, today: date, spoken: bool = False) -> str:
    """One thing a person must hear, as one or a few sentences; what it corrects is named first."""
    parts = []
    if item.corrects and item.corrected_at is not None and not is_reminder(item.kind):
        day = day_words(say, tokyo_date(item.corrected_at), today, spoken=spoken)
        parts.append(say("notice.corrects", day=day, kind=kind_words(say, item.corrects)))
    parts.append(
        say(
            f"notice.say.{_key(item.kind)}",
            title=say("notice.title", title=item.title),
            sessions=_sessions(say, item, today, spoken=spoken),
            rank=item.rank or "",
            reply_by=_moment(say, item.reply_by, today, spoken=spoken),
        )
    )
    if item.slot_starts_at is not None:
        time = clock_words(say, item.slot_starts_at) if spoken else f"{tokyo_time(item.slot_starts_at):%H:%M}"
        parts.append(say("notice.slot", time=time))
    if item.reason:
        parts.append(say("notice.reason", reason=item.reason))
    return "".join(parts)


def sms_parts(text: str) -> int:
    """Into how many messages a telephone company cuts a text."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= _ONE_SMS else math.ceil(units / _PART_OF_SMS)


def _key(kind: str) -> str:
    return REMINDER if is_reminder(kind) else kind


def _contact(say: Words, sender: Sender) -> str:
    return say("notice.contact", contact=sender.contact) if sender.contact else ""


def _sessions(say: Words, item: ToTell, today: date, *, spoken: bool) -> str:
    said = []
    for time in item.sessions:
        when = spoken_when(say, time) if spoken else span_words(time, day_words(say, time.held_on, today))
        is_news = item.kind.startswith("session_")
        if time.state in STOPPED_STATES and not (is_news and len(item.sessions) == 1):
            said.append(say("notice.stopped", when=when, state=say(f"session.state.{time.state.value}")))
        else:
            said.append(say("notice.when_where", when=when, where=place_words(say, time)))
    return say("notice.between").join(said)


def _moment(say: Words, at: datetime | None, today: date, *, spoken: bool) -> str:
    if at is None:
        return ""
    time = clock_words(say, at) if spoken else f"{tokyo_time(at):%H:%M}"
    return f"{day_words(say, tokyo_date(at), today, spoken=spoken)} {time}"
