"""活動証明書 for a volunteer and 修了証 for people who finished a course; each written down before it leaves.

Called from a thread, never on the event loop.
"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from events.completions import completions
from events.japan.clock import tokyo_date
from events.japan.eras import era_year
from supportapp.backend import Backend
from supportapp.days import paper_day
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.handing_out_papers import unprintable
from supportapp.identity import Actor
from supportapp.messages import Words, words
from volunteers.certificates import CertifiedYear, certified_year

if TYPE_CHECKING:
    from exports.printing.certificates import Certificate


def hand_out_activity(
    backend: Backend, actor: Actor, *, volunteer_id: UUID, fiscal_year: int, language: str = "ja"
) -> HandedOut:
    """The 活動証明書 of one volunteer for one fiscal year (April to March). Raises NotFound, NotAllowed."""
    from exports.printing.certificates import certificate  # noqa: PLC0415 -- paper only when it is printed

    say = words(language)
    city = actor.municipality_code
    found = backend.read_now(
        actor, certified_year, volunteer_id=volunteer_id, municipality_code=city, fiscal_year=fiscal_year
    )
    now = backend.clock()
    printed = certificate(_activity(found, tokyo_date(now), say, language))
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=city,
        kind=LeavingKind.ACTIVITY_CERTIFICATE,
        content=printed.file.content,
        lines=len(found.parts),
        volunteer_id=volunteer_id,
        now=now,
        by=actor.name,
    )
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, unprintable(printed, say))


def hand_out_completions(
    backend: Backend, actor: Actor, *, workshop_id: UUID, at_least: int, language: str = "ja"
) -> HandedOut:
    """A 修了証 for everybody who came to ``at_least`` sessions of a workshop. Raises NotFound, InvalidValue."""
    from exports.printing.certificates import Certificate, certificates  # noqa: PLC0415 -- as above
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    say = words(language)
    found = backend.read_now(actor, completions, workshop_id=workshop_id, at_least=at_least)
    now = backend.clock()
    day = tokyo_date(now)
    blank = Certificate(
        title=say("paper.completion.title"),
        number="",
        name="",
        text=say("paper.completion.text"),
        facts=(),
        heads=(),
        rows=(),
        day=paper_day(say, language, day),
        issuer=(found.office.city,),
        file_name=say("paper.completion.file", title=found.title),
        language=language,
    )
    printed = certificates(
        [
            replace(
                blank,
                name=say("paper.honoured", name=person.name),
                facts=(
                    Fact(say("paper.workshop"), found.title),
                    Fact(
                        say("paper.completion.came"),
                        say("paper.completion.times", of=found.sessions, came=person.came),
                    ),
                ),
            )
            for person in found.people
        ],
        blank,
    )
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=found.office.municipality_code,
        kind=LeavingKind.COMPLETION_CERTIFICATE,
        content=printed.file.content,
        lines=len(found.people),
        now=now,
        by=actor.name,
    )
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, unprintable(printed, say))


def _activity(found: CertifiedYear, day: date, say: Words, language: str) -> "Certificate":
    from exports.printing.certificates import Certificate  # noqa: PLC0415 -- as above
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    year = era_year(date(found.fiscal_year, 5, 1)) if language == "ja" else str(found.fiscal_year)
    shown = say("workshop.year_words", year=year.removesuffix("年"))
    return Certificate(
        title=say("paper.activity.title"),
        number="",
        name=say("paper.honoured", name=found.name),
        text=say("paper.activity.text", city=found.city, year=shown),
        facts=(
            Fact(say("paper.activity.kind"), say(f"volunteer.kind.{found.kind.value}")),
            Fact(say("paper.activity.sessions"), say("paper.activity.times", count=len(found.parts))),
            Fact(say("paper.activity.hours"), _duration(say, found.minutes)),
        ),
        heads=tuple(say(f"paper.activity.head.{each}") for each in ("day", "workshop", "role", "hours")),
        rows=tuple(
            (
                paper_day(say, language, part.held_on),
                part.title,
                say(f"volunteer.role.{part.role.value}"),
                _duration(say, part.minutes),
            )
            for part in found.parts
        ),
        day=paper_day(say, language, day),
        issuer=(found.city,),
        file_name=say("paper.activity.file", name=found.name, year=shown),
        shares=(4.2, 4.5, 2.3, 2.2),
        language=language,
    )


def _duration(say: Words, minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not rest:
        return say("my.record_hours_only", hours=hours)
    return say("my.record_minutes", hours=hours, minutes=rest) if hours else say("my.record_minutes_only", minutes=rest)
