"""What public pages say of sessions: days, places, how it stands with seats, where it is on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from events.japan.clock import tokyo_date, tokyo_time
from events.public_programme import PublicChannel, PublicIntake, PublicSession
from events.registration_receipts import SessionTime
from events.states import STOPPED_STATES, IntakeMethod, ProgrammeState
from supportapp.days import day_words, span_words
from supportapp.public.visits import Visit

_FEW: Final = 3  # so few free seats are said with their number as a warning
_MAP: Final = "https://maps.gsi.go.jp/#17/{latitude:.6f}/{longitude:.6f}/"  # 国土地理院: the state's own map
_NOT_NOW: Final = {
    ProgrammeState.ANNOUNCED: "opens",
    ProgrammeState.CLOSED: "closed",
    ProgrammeState.DRAWN: "drawn",
    ProgrammeState.NOTIFIED: "drawn",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a session: a sentence, and the look it has (``enough``, ``thin`` …)."""

    look: str
    words: str


def standing_of(visit: Visit, session: PublicSession) -> Standing:
    """Whether one can still come to a session, in words."""
    look, key = _look_and_key(session)
    words = visit.say(f"public.stands.{key}", count=session.free, when=moment_words(visit, session.opens_at))
    return Standing(look, words)


def _look_and_key(session: PublicSession) -> tuple[str, str]:
    state, draws = session.stage, session.method is IntakeMethod.DRAW
    if state in STOPPED_STATES:
        return "cancelled", state.value
    if session.method is IntakeMethod.NO_BOOKING:
        return "enough", "no_booking"
    if state in _NOT_NOW:
        return "neutral", _NOT_NOW[state]
    if draws or session.free > _FEW:
        return "enough", "draw" if draws else "free"
    return "thin", "few" if session.free else "full"


def deadline_words(visit: Visit, session: PublicSession) -> str:
    """Until when one can apply; nothing when that is over or was never said."""
    if session.stage is not ProgrammeState.OPEN or session.deadline_at is None:
        return ""
    return visit.say("public.until", when=moment_words(visit, session.deadline_at))


def when_words(visit: Visit, session: PublicSession | SessionTime) -> str:
    """Day and time of a session."""
    day = day_words(visit.say, visit.dates, session.held_on, tokyo_date(visit.now))
    return f"{day} {span_words(session.starts_at, session.ends_at)}".strip()


def moment_words(visit: Visit, moment: datetime | None) -> str:
    """A day with its time."""
    if moment is None:
        return ""
    return f"{date_words(visit, tokyo_date(moment))} {tokyo_time(moment):%H:%M}"


def date_words(visit: Visit, day: date) -> str:
    """A day."""
    return day_words(visit.say, visit.dates, day, tokyo_date(visit.now))


def map_address(session: PublicSession) -> str:
    """Where to look at the place on a map; nothing while nobody knows where it is."""
    if session.latitude is None or session.longitude is None:
        return ""
    return _MAP.format(latitude=session.latitude, longitude=session.longitude)


def ways_to_apply(visit: Visit, intake: PublicIntake, telephone: str) -> list[tuple[str, str]]:
    """Every way to apply with its name and how it goes, in the order people use them."""
    return [
        (visit.say(f"public.way.{each.channel.value}"), _how(visit, intake, each, telephone))
        for each in intake.channels
    ]


def _how(visit: Visit, intake: PublicIntake, way: PublicChannel, telephone: str) -> str:
    how = visit.say(f"public.way_how.{way.channel.value}", telephone=telephone)
    said = [how, _span(visit, way)]
    if way.channel.value in {"postcard", "letter"} and way.closes_at is not None:
        said.append(visit.say("public.by_postmark" if intake.deadline_by_postmark else "public.by_arrival"))
    return " ".join(filter(None, said)).strip()


def _span(visit: Visit, way: PublicChannel) -> str:
    opens = moment_words(visit, way.opens_at) if way.opens_at is not None and way.opens_at > visit.now else ""
    closes = moment_words(visit, way.closes_at)
    if opens and closes:
        return visit.say("public.from_until", opens=opens, closes=closes)
    if opens:
        return visit.say("public.from", when=opens)
    return visit.say("public.until", when=closes) if closes else ""


def towns_of(sessions: Sequence[PublicSession]) -> list[str]:
    """The 町 in which there is something, by name."""
    return sorted({session.town for session in sessions if session.town})
