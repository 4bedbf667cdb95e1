"""A workshop as the public is told: the facts of flyer, poster and form, the 広報 text and the LINE text."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from events.announcing import Announced, AnnouncedSession
from events.japan.clock import tokyo_date, tokyo_time
from events.states import Channel, IntakeMethod, IntakeUnit
from supportapp.days import paper_day, paper_span
from supportapp.messages import Words

if TYPE_CHECKING:
    from exports.printing.flyer import Announcement
    from exports.printing.parts import Fact

BULLETIN_LONGEST: Final = 70
LINE_LONGEST: Final = 500
_TITLE_LONGEST: Final = 24  # a longer one would leave no room for day, place and telephone
_OWN_LINE: Final = frozenset({Channel.TELEPHONE, Channel.CITY_FORM, Channel.WEB})  # stand large, or as a code


def announcement(
    found: Announced, say: Words, language: str, *, address: str, edition: str, file_name: str
) -> "Announcement":
    """What flyer and poster say. ``address`` is where people apply on the web, "" for nowhere."""
    from exports.printing.flyer import Announcement  # noqa: PLC0415 -- paper is wanted when it is printed only

    office, page = found.office, found.workshop
    takes_calls = not page.channels or Channel.TELEPHONE.value in page.channels
    has_booking = page.method is not IntakeMethod.NO_BOOKING
    return Announcement(
        host=_hosts(found),
        title=page.title,
        lead=page.summary,
        facts=tuple(announced_facts(found, say, language)),
        apply_title=say("announce.apply" if has_booking else "announce.ask"),
        ways=tuple(_ways(found, say, language)) if has_booking else (),
        telephone_label=_dotted(say("announce.telephone"), office.contact, page.desk_hours),
        telephone=office.telephone if takes_calls or not has_booking else "",
        address_label=say("announce.web" if has_booking else "announce.more"),
        address=address,
        address_words=address,
        department=_dotted(office.city, page.department_name),
        edition=say("announce.edition", edition=edition),
        file_name=file_name,
        language=language,
    )


def announced_facts(found: Announced, say: Words, language: str) -> Iterator["Fact"]:
    """When, where, who, how many, how much, what to bring, until when: labels and words."""
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    page = found.workshop
    yield Fact(say("announce.when"), "\n".join(_times(found, say, language)))
    yield Fact(say("announce.where"), "\n".join(_places(found, say)))
    yield Fact(say("announce.who"), who_words(found, say))
    yield Fact(say("announce.seats"), seats_words(found, say))
    yield Fact(say("announce.cost"), cost_words(found, say))
    yield Fact(say("announce.bring"), page.bring)
    yield Fact(say("announce.period"), period_words(found, say, language))
    yield Fact(say("announce.note"), page.application_text)


def fingerprint(found: Announced, say: Words, *, address: str) -> str:
    """What stands on the paper, in Japanese, as a hash: the edition is raised when it changes."""
    drawn = announcement(found, say, "ja", address=address, edition="", file_name="")
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


def bulletin_text(found: Announced, say: Words) -> str:
    """The text for the city's bulletin (広報): at most 70 characters, the most needed first to be kept."""
    page = found.workshop
    first = found.sessions[0] if found.sessions else None
    parts = [
        (0, page.title if len(page.title) <= _TITLE_LONGEST else page.short_title or page.title[:_TITLE_LONGEST]),
        (1, _short_time(found, say)),
        (2, first.venue if first else ""),
        (4, page.target if len(page.target) <= 20 else ""),
        (5, seats_words(found, say)),
        (6, cost_words(found, say)),
        (3, say("announce.call", number=found.office.telephone) if found.office.telephone else ""),
    ]
    kept: set[int] = set()
    for rank, text in sorted(parts):
        tried = [words for weight, words in parts if words and weight in {*kept, rank}]
        if text and len(_joined(tried, say)) <= BULLETIN_LONGEST:
            kept.add(rank)
    return _joined([words for weight, words in parts if weight in kept], say)


def line_text(found: Announced, say: Words, language: str, *, address: str, edition: str) -> str:
    """The text for LINE: at most 500 characters; what is too long is left out, the most needed last."""
    said = [fact for fact in announced_facts(found, say, language) if fact.text]
    facts = [say("announce.line_fact", label=fact.label, text=fact.text) for fact in said]
    head = say("announce.line_title", title=found.workshop.title)
    tail = [
        say("announce.line_call", number=found.office.telephone) if found.office.telephone else "",
        address,
        say("announce.edition", edition=edition),
    ]
    lead = found.workshop.summary
    while True:
        text = "\n".join(part for part in (head, lead, *facts, *tail) if part)
        if len(text) <= LINE_LONGEST or not (lead or facts):
            return text[:LINE_LONGEST]
        if lead:
            lead = ""
        else:
            facts.pop()


def who_words(found: Announced, say: Words) -> str:
    """Whom it is for."""
    page = found.workshop
    rules = [
        say("announce.age", years=page.minimum_age) if page.minimum_age and str(page.minimum_age) not in page.target
        else "",
        say("announce.residents") if page.residents_only else "",
        say("announce.systems", systems=_dotted_systems(page.phone_systems, say)) if page.phone_systems else "",
    ]  # fmt: skip
    return "\n".join(part for part in (page.target, _dotted(*rules)) if part)


def seats_words(found: Announced, say: Words) -> str:
    """How many people, and how they are chosen."""
    if not found.sessions:
        return ""
    seats = {session.seats for session in found.sessions}
    shared = found.workshop.unit is IntakeUnit.COURSE or len(found.sessions) == 1
    method = say(f"announce.method.{found.workshop.method.value}") if found.workshop.method else ""
    if len(seats) == 1:
        return say("announce.people" if shared else "announce.people_each", count=seats.pop(), method=method)
    return say("announce.people_range", least=min(seats), most=max(seats), method=method)


def cost_words(found: Announced, say: Words) -> str:
    """What it costs."""
    page = found.workshop
    fee = say("announce.yen", yen=f"{page.fee:,}") if page.fee else ""
    return "\n".join(part for part in (fee, page.fee_note) if part) or say("announce.free")


def period_words(found: Announced, say: Words, language: str) -> str:
    """From when to when applications are taken."""
    page = found.workshop
    opens = _moment(page.opens_at, say, language)
    ends = _moment(page.deadline_at, say, language)
    key = {(True, True): "from_to", (True, False): "from", (False, True): "to"}.get((bool(opens), bool(ends)))
    if key is None or page.method is IntakeMethod.NO_BOOKING:
        return ""
    told = ""
    if page.method is IntakeMethod.DRAW and page.result_notice_on:
        told = say("announce.told", day=paper_day(say, language, page.result_notice_on))
    return "\n".join(part for part in (say(f"announce.{key}", opens=opens, ends=ends), told) if part)


def _times(found: Announced, say: Words, language: str) -> list[str]:
    lines = []
    places = {(session.venue, session.room) for session in found.sessions}
    for number, session in enumerate(found.sessions, start=1):
        when = _session_time(session, say, language)
        if len(found.sessions) > 1:
            when = say("announce.numbered", number=number, when=when)
        where = _dotted(session.venue, session.room, by=" ") if len(places) > 1 else ""
        lines.append(_dotted(when, where))
    return lines


def _session_time(session: AnnouncedSession, say: Words, language: str) -> str:
    day = paper_day(say, language, session.held_on)
    return _dotted(day, paper_span(session.starts_at, session.ends_at), by=" ")


def _places(found: Announced, say: Words) -> Iterator[str]:
    places = ((each.venue, each.room, each.address, each.access, each.online) for each in found.sessions)
    for venue, room, address, access, online in dict.fromkeys(places):
        name = _dotted(venue, room, by=" ") or (say("announce.online") if online else say("announce.place_later"))
        yield say("announce.place", name=name, address=address) if address else name
        if access:
            yield access


def _ways(found: Announced, say: Words, language: str) -> Iterator["Fact"]:
    """How to apply per channel, with what to write and until when, and times of its own where it has them."""
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    windows = {window.channel: window for window in found.windows}
    for name in found.workshop.channels:
        channel = Channel(name)
        window = windows.get(channel)
        own = ""
        if window is not None:
            own = _span_of_channel(window.opens_at, window.closes_at, say, language)
        text = _way_text(channel, found, say, language)
        if channel in _OWN_LINE and not own:
            continue
        yield Fact(say(f"workshop.channel.{channel.value}"), "\n".join(part for part in (text, own) if part))


def _way_text(channel: Channel, found: Announced, say: Words, language: str) -> str:
    office = found.office
    if channel in {Channel.POSTCARD, Channel.LETTER}:
        to = _dotted(f"〒{office.postal_code}" if office.postal_code else "", office.address, office.contact, by=" ")
        ends = found.workshop.deadline_at
        until = ""
        if ends is not None:
            key = "postmark_until" if found.by_postmark else "arrive_until"
            until = say(f"announce.{key}", day=paper_day(say, language, tokyo_date(ends)))
        return _dotted(say("announce.write", to=to or office.city), until, by=" ")
    if channel is Channel.COUNTER:
        return _dotted(office.contact or office.city, found.workshop.desk_hours, by=" ")
    return say("announce.fax") if channel is Channel.FAX else ""


def _span_of_channel(opens_at: datetime | None, closes_at: datetime | None, say: Words, language: str) -> str:
    opens, ends = _moment(opens_at, say, language), _moment(closes_at, say, language)
    if opens and ends:
        return say("announce.from_to", opens=opens, ends=ends)
    if opens:
        return say("announce.from", opens=opens, ends="")
    return say("announce.to", opens="", ends=ends) if ends else ""


def _short_time(found: Announced, say: Words) -> str:
    if not found.sessions:
        return ""
    first = found.sessions[0]
    short = say(
        "announce.short_day",
        month=first.held_on.month,
        day=first.held_on.day,
        weekday=say(f"calendar.weekday.{first.held_on.weekday()}"),
    )
    when = _dotted(short, paper_span(first.starts_at, first.ends_at), by="")
    return say("announce.first_of", when=when, count=len(found.sessions)) if len(found.sessions) > 1 else when


def _moment(value: datetime | None, say: Words, language: str) -> str:
    return f"{paper_day(say, language, tokyo_date(value))} {tokyo_time(value):%H:%M}" if value is not None else ""


def _hosts(found: Announced) -> str:
    hosts = [host.name for host in found.workshop.hosts if host.part == "host"]
    return _dotted(found.office.city, *(name for name in hosts if name != found.office.city))


def _dotted_systems(systems: Sequence[str], say: Words) -> str:
    return _dotted(*(say(f"workshop.system.{each}") for each in systems))


def _joined(parts: Sequence[str], say: Words) -> str:
    return say("announce.between").join(part.replace("\n", "") for part in parts if part)


def _dotted(*parts: str, by: str = "　") -> str:
    return by.join(part for part in parts if part)
