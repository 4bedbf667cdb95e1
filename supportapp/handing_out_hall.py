"""Papers of the hall: sign-in sheet, name tags, seat plan, evacuation list; each written down before it leaves.

Called from a thread, never on the event loop.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.attendance_queries import ReceptionPerson, ReceptionSheet, reception_list
from events.calendar_queries import municipality_of_session
from events.day_lists import roster
from events.room_limit import CAME
from supportapp.backend import Backend
from supportapp.days import paper_day, paper_span
from supportapp.file_words import needs_in_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import LISTED, HandedOut
from supportapp.handing_out_papers import unprintable
from supportapp.identity import Actor
from supportapp.messages import Words, words
from volunteers.certificates import hall_helpers

if TYPE_CHECKING:
    from exports.printing.hall import Guest, HallWords, SignInWords
    from exports.printing.paper import Printed

HALL_PAPERS: Final = (
    LeavingKind.SIGN_IN_SHEET,
    LeavingKind.NAME_TAGS,
    LeavingKind.SEAT_PLAN,
    LeavingKind.EVACUATION_LIST,
)


def hand_out_hall_paper(
    backend: Backend, actor: Actor, *, session_id: UUID, kind: LeavingKind, language: str = "ja"
) -> HandedOut:
    """One of ``HALL_PAPERS`` of a session as PDF. Raises NotFound, NotAllowed."""
    say = words(language)
    city = backend.read_now(actor, municipality_of_session, session_id=session_id).municipality_code
    sheet = backend.read_now(actor, reception_list, session_id=session_id)
    found = backend.read_now(actor, roster, session_id=session_id)
    helpers = backend.read_now(actor, hall_helpers, session_id=session_id)
    devices = {(line.name, line.kana): line.device for line in found.lines}
    people = list(sheet.people)
    if kind is LeavingKind.EVACUATION_LIST:
        people = [person for person in people if person.state in CAME and person.left_at is None]
    hall = _hall_words(kind, sheet, say, language)
    printed = _drawn(kind, people, devices, hall, helpers.names, helpers.people_per_helper, say)
    now = backend.clock()
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=city,
        kind=kind,
        content=printed.file.content,
        lines=len(people),
        session_id=session_id,
        now=now,
        by=actor.name,
    )
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, unprintable(printed, say))


def _drawn(
    kind: LeavingKind,
    people: Sequence[ReceptionPerson],
    devices: dict[tuple[str, str], str],
    hall: "HallWords",
    helpers: Sequence[str],
    at_a_table: int,
    say: Words,
) -> "Printed":
    from exports.printing import hall as paper  # noqa: PLC0415 -- paper only when it is printed

    guests = [_guest(person, devices.get((person.name, person.kana), ""), say) for person in people]
    if kind is LeavingKind.SIGN_IN_SHEET:
        return paper.sign_in_sheet(guests, words=hall, heads=_heads(say))
    if kind is LeavingKind.NAME_TAGS:
        tags = [_public(guest) for guest in guests] + [_helper_tag(name, say) for name in helpers]
        return paper.name_tags(tags, words=hall)
    if kind is LeavingKind.SEAT_PLAN:
        return paper.seat_plan(_tables(guests, helpers, at_a_table, say), words=hall, front=say("paper.hall.front"))
    companions = sum(person.companions for person in people)
    total = say("paper.hall.total", count=len(people) + companions + len(helpers), companions=companions)
    return paper.evacuation_list(
        guests, words=hall, total=total, helpers=helpers, helpers_title=say("paper.hall.helpers")
    )


def _guest(person: ReceptionPerson, device: str, say: Words) -> "Guest":
    from exports.printing.hall import Guest  # noqa: PLC0415 -- as above

    companions = say("attendance.companions", count=person.companions) if person.companions else ""
    remark = LISTED.join(part for part in (*needs_in_words(say, person.needs), companions) if part)
    return Guest(person.name, person.kana, device, remark)


def _public(guest: "Guest") -> "Guest":
    """A tag is read by everybody: nothing of what a person needs stands on it."""
    from exports.printing.hall import Guest  # noqa: PLC0415 -- as above

    return Guest(guest.name, guest.kana)


def _helper_tag(name: str, say: Words) -> "Guest":
    from exports.printing.hall import Guest  # noqa: PLC0415 -- as above

    return Guest(name, remark=say("paper.hall.helper"))


def _tables(
    guests: Sequence["Guest"], helpers: Sequence[str], at_a_table: int, say: Words
) -> list[tuple[str, str, Sequence["Guest"]]]:
    """Tables of as many people as one helper looks after; 講師 stands in front, so the others sit at tables."""
    seated = helpers[1:] if len(helpers) > 1 else ()
    tables = []
    for number, start in enumerate(range(0, len(guests), at_a_table), start=1):
        helper = say("paper.hall.table_helper", name=seated[number - 1]) if number <= len(seated) else ""
        tables.append((say("paper.hall.table", number=number), helper, guests[start : start + at_a_table]))
    return tables


def _hall_words(kind: LeavingKind, sheet: ReceptionSheet, say: Words, language: str) -> "HallWords":
    from exports.printing.hall import HallWords  # noqa: PLC0415 -- as above

    day = paper_day(say, language, sheet.held_on)
    when = f"{day} {paper_span(sheet.starts_at, sheet.ends_at)}".strip()
    place = " ".join(part for part in (sheet.venue, sheet.room) if part)
    title = say(f"export.left.{kind.value}")
    return HallWords(
        title=title,
        workshop=sheet.title,
        under="　".join(part for part in (when, place) if part),
        foot=say("export.report.note"),
        file_name=say("paper.hall.file", kind=title, title=sheet.title, day=day),
        language=language,
    )


def _heads(say: Words) -> "SignInWords":
    from exports.printing.hall import SignInWords  # noqa: PLC0415 -- as above

    return SignInWords(
        number=say("paper.hall.number"),
        name=say("paper.hall.name"),
        marks=tuple(say(f"paper.hall.mark.{mark}") for mark in ("present", "late", "absent")),
        device=say("paper.hall.device"),
        remark=say("paper.hall.remark"),
        how_to=say("paper.hall.how_to"),
    )
