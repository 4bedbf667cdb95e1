"""電話連絡票: the calls to make on paper, for a desk without a screen; written down before it leaves.

Called from a thread, never on the event loop.
"""

from datetime import date
from typing import TYPE_CHECKING

from events.japan.clock import tokyo_date
from events.notices.calling import Outcome
from events.notices.queries import PersonToTell, people_to_tell
from events.notices.ways import TELEPHONE
from supportapp.backend import Backend
from supportapp.days import paper_day
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.handing_out_papers import unprintable
from supportapp.identity import Actor
from supportapp.mailing import sender_of
from supportapp.messages import Words, words
from supportapp.notice_words import Sender, call_text

if TYPE_CHECKING:
    from exports.printing.desk import CallRow


def hand_out_call_sheet(backend: Backend, actor: Actor, *, municipality_code: str, language: str = "ja") -> HandedOut:
    """Everybody who is to be called now, with the number in large type and boxes to tick. Raises NotAllowed."""
    from exports.printing.desk import CallSheet, call_sheet  # noqa: PLC0415 -- paper only when it is printed

    say = words(language)
    now = backend.clock()
    found = backend.read_now(actor, people_to_tell, municipality_code=municipality_code, now=now, way=TELEPHONE)
    people = [person for person in found if person.is_due(now)]
    sender = backend.read_now(actor, sender_of, municipality_code=municipality_code)
    day = paper_day(say, language, tokyo_date(now))
    title = say("export.left.call_sheet")
    printed = call_sheet(
        CallSheet(
            title=title,
            lead=say("paper.calls.lead", place=sender.place, day=day, count=len(people)),
            rows=tuple(_row(person, sender, tokyo_date(now), say) for person in people),
            outcomes=tuple(say(f"paper.calls.outcome.{outcome.value}") for outcome in Outcome),
            note_label=say("paper.note"),
            foot=say("export.report.note"),
            file_name=f"{title}_{day}.pdf",
            language=language,
        )
    )
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=municipality_code,
        kind=LeavingKind.CALL_SHEET,
        content=printed.file.content,
        lines=len(people),
        now=now,
        by=actor.name,
    )
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, unprintable(printed, say))


def _row(person: PersonToTell, sender: Sender, today: date, say: Words) -> "CallRow":
    from exports.printing.desk import CallRow  # noqa: PLC0415 -- as above

    proxy = say("notices.call_proxy", name=person.proxy, relation=person.relation) if person.proxy else ""
    time = say("notices.time_of_day", text=person.time_of_day) if person.time_of_day else ""
    return CallRow(
        name=person.name,
        kana=person.kana,
        telephone="\n".join(person.telephones),
        about=call_text(say, person, sender, today=today),
        remark="　".join(part for part in (proxy, time) if part),
    )
