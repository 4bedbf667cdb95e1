"""Papers about a workshop: flyer, poster and application form, with the edition (版) that belongs to them.

Called from a thread, never on the event loop: a paper takes half a second to draw.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.age_bands import AGE_BANDS
from events.announcing import Announced, announced, note_edition
from events.attendee_facts import NEEDS
from events.states import IntakeMethod, IntakeUnit, PhoneKind
from supportapp.announcement_words import announced_facts, announcement, fingerprint, period_words
from supportapp.backend import Backend
from supportapp.days import paper_day, paper_span
from supportapp.file_words import age_in_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.identity import Actor
from supportapp.messages import Words, words

if TYPE_CHECKING:
    from exports.printing.application_form import ApplicationForm, Field
    from exports.printing.paper import Printed

ANNOUNCEMENTS: Final = (LeavingKind.FLYER, LeavingKind.POSTER, LeavingKind.FORM)
_APPLY: Final = "/apply/workshop/"


def apply_address(found: Announced, public_address: str) -> str:
    """Where people apply on the web: the workshop's own page, else ours where the public reaches it; "" for nowhere."""
    if found.workshop.url:
        return found.workshop.url
    return f"{public_address.rstrip('/')}{_APPLY}{found.workshop.workshop_id}" if public_address else ""


def hand_out_announcement(
    backend: Backend,
    actor: Actor,
    *,
    workshop_id: UUID,
    kind: LeavingKind,
    public_address: str = "",
    language: str = "ja",
) -> HandedOut:
    """One of ``ANNOUNCEMENTS`` as PDF, with its edition; written down. Raises NotFound, NotAllowed."""
    say = words(language)
    found = backend.read_now(actor, announced, workshop_id=workshop_id)
    address = apply_address(found, public_address)
    now = backend.clock()
    settled = backend.run_now(
        actor,
        note_edition,
        workshop_id=workshop_id,
        fingerprint=fingerprint(found, words("ja"), address=address),
        now=now,
        by=actor.name,
    )
    file_name = say(f"announce.{kind.value}_file", title=found.workshop.title, edition=settled.edition)
    printed = _drawn(kind, found, say, language, address=address, edition=settled.edition, file_name=file_name)
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=found.office.municipality_code,
        kind=kind,
        content=printed.file.content,
        lines=len(found.sessions),
        now=now,
        by=actor.name,
    )
    raised = say("announce.edition_raised", edition=settled.edition) if settled.raised else ""
    note = " ".join(part for part in (raised, unprintable(printed, say)) if part)
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, note)


def unprintable(printed: "Printed", say: Words) -> str:
    """What to do by hand about characters that no font of ours has; "" when there are none."""
    return say("paper.missing", signs="、".join(printed.missing)) if printed.missing else ""


def _drawn(
    kind: LeavingKind, found: Announced, say: Words, language: str, *, address: str, edition: str, file_name: str
) -> "Printed":
    from exports.printing.application_form import application_form  # noqa: PLC0415 -- paper only when printed
    from exports.printing.flyer import flyer, poster  # noqa: PLC0415 -- as above

    if kind is LeavingKind.FORM:
        return application_form(replace(_form(found, say, language, edition), file_name=file_name))
    said = announcement(found, say, language, address=address, edition=edition, file_name=file_name)
    return poster(said) if kind is LeavingKind.POSTER else flyer(said)


def _form(found: Announced, say: Words, language: str, edition: str) -> "ApplicationForm":
    from exports.printing.application_form import ApplicationForm  # noqa: PLC0415 -- as above

    office = found.office
    facts = [fact for fact in announced_facts(found, say, language) if fact.label != say("announce.note")]
    told = (office.city, found.workshop.department_name or office.contact, office.address, office.telephone)
    return ApplicationForm(
        title=say("announce.form.title"),
        workshop=found.workshop.title,
        facts=tuple(facts[:2]),
        fields=tuple(_fields(found, say, language)),
        purpose_title=say("announce.form.purpose_title"),
        purpose=say("announce.form.purpose"),
        consent=say("announce.form.consent"),
        return_title=say("announce.form.return_title"),
        return_to="\n".join(
            part for part in ("　".join(part for part in told if part), period_words(found, say, language)) if part
        ),
        form_id=say("announce.form.number", number=found.workshop.workshop_id.hex[-8:].upper()),
        edition=say("announce.edition", edition=edition),
        file_name="",
        language=language,
    )


def _fields(found: Announced, say: Words, language: str) -> list["Field"]:
    """What a person fills in: as little as the booking needs (domain rule: choose least)."""
    from exports.printing.application_form import Boxes, Line, Ticks  # noqa: PLC0415 -- as above

    fields: list[Field] = [
        Boxes(say("announce.form.kana"), (18,)),
        Line(say("announce.form.name")),
        Boxes(say("announce.form.telephone"), (4, 4, 4)),
        Line(say("announce.form.address"), 2),
        Ticks(say("announce.form.age"), tuple(age_in_words(say, band) for band in AGE_BANDS)),
    ]
    if len(found.sessions) > 1 and found.workshop.unit is not IntakeUnit.COURSE:
        ranked = found.workshop.unit is IntakeUnit.CHOICE and found.workshop.method is IntakeMethod.DRAW
        times = (
            f"{paper_day(say, language, each.held_on)} {paper_span(each.starts_at, None)}".strip()
            for each in found.sessions
        )
        fields.append(Ticks(say("announce.form.session_ranked" if ranked else "announce.form.session"), tuple(times)))
    kinds = (kind for kind in PhoneKind if kind is not PhoneKind.UNKNOWN)
    fields += [
        Ticks(say("announce.form.phone"), tuple(say(f"person.phone.{kind.value}") for kind in kinds)),
        Ticks(say("announce.form.lend"), _options("announce.form.lend_options", say)),
        Ticks(say("announce.form.needs"), tuple(say(f"attendance.need.{need}") for need in NEEDS)),
        Ticks(say("announce.form.companions"), _options("announce.form.companion_options", say)),
        Ticks(say("announce.form.notice"), _options("announce.form.notice_options", say)),
    ]
    return fields


def _options(key: str, say: Words) -> tuple[str, ...]:
    return tuple(say(key).split("|"))
