"""受講票 and results on postcards or A4, and the 確認票 of one application; each written down before it leaves.

Called from a thread, never on the event loop.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from uuid import UUID

from events.announcing import Office
from events.attendee_facts import AttendeeFacts
from events.japan.clock import tokyo_date, tokyo_time
from events.registration_receipts import RegistrationReceipt, SessionTime
from events.states import ContactKind, PhoneKind, RegistrationState
from events.tickets import Confirmation, Ticket, Tickets, confirmation, tickets
from supportapp.backend import Backend
from supportapp.days import paper_day, paper_span
from supportapp.file_words import age_in_words, needs_in_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import LISTED, HandedOut
from supportapp.handing_out_papers import unprintable
from supportapp.identity import Actor
from supportapp.messages import Words, words

if TYPE_CHECKING:
    from exports.printing.desk import PaperToSign
    from exports.printing.notices import Notice, Sender
    from exports.printing.paper import Printed
    from exports.printing.parts import Fact

_METROPOLIS: Final = "東京都"
SHAPES: Final = ("postcard", "postcard_framed", "letter")
CONFIRMED_ONLY: Final = (RegistrationState.CONFIRMED,)
TOLD: Final = (
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.LOST,
    RegistrationState.REFUSED,
    RegistrationState.CANCELLED_BY_HOST,
)


def hand_out_tickets(
    backend: Backend,
    actor: Actor,
    *,
    session_id: UUID,
    shape: str = "postcard",
    everybody: bool = False,
    language: str = "ja",
) -> HandedOut:
    """受講票 of the confirmed, or with ``everybody`` a result for each; ``shape`` is one of ``SHAPES``.

    A postcard needs an address: people without one, and people whose data is withheld, are counted in the note.
    Raises NotFound, NotAllowed.
    """
    say = words(language)
    states = TOLD if everybody else CONFIRMED_ONLY
    found = backend.read_now(actor, tickets, session_id=session_id, states=states)
    posted = [line for line in found.lines if line.address or shape == "letter"]
    printed = _printed(found, posted, shape, everybody, say, language)
    now = backend.clock()
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=found.office.municipality_code,
        kind=LeavingKind.TICKETS,
        content=printed.file.content,
        lines=len(posted),
        session_id=session_id,
        now=now,
        by=actor.name,
    )
    note = " ".join(part for part in (_left_out(found, posted, say), unprintable(printed, say)) if part)
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, note)


def hand_out_confirmation(
    backend: Backend, actor: Actor, *, registration_id: UUID, language: str = "ja"
) -> HandedOut:
    """The 確認票 of one application: only date and signature are left to write. Raises NotFound, NotAllowed."""
    from exports.printing.desk import paper_to_sign  # noqa: PLC0415 -- paper only when it is printed

    say = words(language)
    now = backend.clock()
    found = backend.read_now(
        actor, confirmation, registration_id=registration_id, now=now, today=tokyo_date(now)
    )
    printed = paper_to_sign(_confirmation(found, say, language))
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=found.office.municipality_code,
        kind=LeavingKind.CONFIRMATION,
        content=printed.file.content,
        lines=1,
        session_id=found.receipt.sessions[0].session_id,
        now=now,
        by=actor.name,
    )
    return HandedOut(printed.file, left.kind, left.lines, left.left_at, unprintable(printed, say))


def booked_facts(receipt: RegistrationReceipt, codes: dict[UUID, str], say: Words, language: str) -> Iterator["Fact"]:
    """What somebody applied to: workshop, days and times, places, what to bring, what it costs."""
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    several = len(receipt.sessions) > 1
    places = dict.fromkeys(_place(session, say) for session in receipt.sessions)
    yield Fact(say("paper.workshop"), receipt.title)
    times = (_time(session, codes if several else {}, several=several, say=say, language=language)
             for session in receipt.sessions)  # fmt: skip
    yield Fact(say("announce.when"), "\n".join(times))
    if receipt.slot_starts_at is not None:
        yield Fact(say("paper.slot"), f"{tokyo_time(receipt.slot_starts_at):%H:%M}")
    yield Fact(say("announce.where"), "\n".join(places))
    yield Fact(say("announce.bring"), receipt.bring)
    yield Fact(say("announce.cost"), say("announce.yen", yen=f"{receipt.fee:,}") if receipt.fee else "")


def _printed(
    found: Tickets, posted: list[Ticket], shape: str, everybody: bool, say: Words, language: str
) -> "Printed":
    from exports.printing.notices import letters, postcards  # noqa: PLC0415 -- as above

    title = say("paper.result_title" if everybody else "paper.ticket_title")
    file_name = say("paper.ticket_file", kind=title, title=found.title, day=paper_day(say, language, found.held_on))
    notices = [_notice(line, found, say, language) for line in posted]
    sender = _sender(found.office, say)
    if shape == "letter":
        return letters(notices, sender=sender, title=title, file_name=file_name, language=language)
    framed = shape == "postcard_framed"
    return postcards(
        notices, sender=sender, title=title, file_name=file_name, with_frame=framed, language=language
    )


def _notice(line: Ticket, found: Tickets, say: Words, language: str) -> "Notice":
    from exports.printing.notices import Notice, Recipient  # noqa: PLC0415 -- as above

    receipt = line.receipt
    seated = receipt.state is RegistrationState.CONFIRMED
    code = line.codes.get(found.session_id, "") if seated else receipt.receipt_number
    office = found.office
    text = say(f"paper.told.{receipt.state.value}", rank=receipt.rank or 0)
    call = say("paper.call_if_absent" if seated else "paper.call", number=office.telephone) if office.telephone else ""
    city = "" if line.address.startswith((office.city, _METROPOLIS)) else office.city
    address = f"{city}{line.address}" if line.address else ""
    return Notice(
        recipient=Recipient(line.postal_code, address, say("paper.honoured", name=line.name)),
        title=say(f"paper.title.{receipt.state.value}"),
        text=text,
        facts=tuple(booked_facts(receipt, line.codes, say, language)),
        code=code,
        code_label=say("paper.show_code" if seated else "paper.receipt"),
        code_words=code,
        contact="\n".join(part for part in (call, office_name(office)) if part),
    )


def _confirmation(found: Confirmation, say: Words, language: str) -> "PaperToSign":
    from exports.printing.desk import PaperToSign  # noqa: PLC0415 -- as above
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    receipt, office = found.receipt, found.office
    state = say(f"person.state.{receipt.state.value}")
    applied = (
        *booked_facts(receipt, {}, say, language),
        Fact(say("paper.receipt"), receipt.receipt_number),
        Fact(say("paper.state"), say("paper.rank", state=state, rank=receipt.rank) if receipt.rank else state),
        Fact(say("paper.companions"), say("attendance.companions", count=found.companions) if found.companions else ""),
        Fact(say("paper.device"), say("paper.wanted") if found.wants_device else ""),
        Fact(say("paper.note"), found.note),
    )
    return PaperToSign(
        title=say("paper.confirmation.title"),
        lead=say("paper.confirmation.lead"),
        parts=(
            (say("paper.confirmation.person"), tuple(_person_facts(found.facts, found.age_band, say, language))),
            (say("paper.confirmation.applied"), applied),
        ),
        terms_title=say("announce.form.purpose_title"),
        terms=(say("announce.form.purpose"), say("paper.confirmation.right")),
        consent=say("paper.confirmation.consent"),
        date_label=say("paper.confirmation.date"),
        signature_label=say("paper.confirmation.signature"),
        office=f"{office_name(office)}　{office.telephone}".strip(),
        file_name=say("paper.confirmation.file", number=receipt.receipt_number),
        language=language,
    )


def _person_facts(facts: AttendeeFacts, age_band: str, say: Words, language: str) -> Iterator["Fact"]:
    from exports.printing.parts import Fact  # noqa: PLC0415 -- as above

    yield Fact(say("field.name"), facts.name)
    yield Fact(say("field.kana"), facts.kana)
    born = paper_day(say, language, facts.birth_date) if facts.birth_date else age_in_words(say, age_band)
    yield Fact(say("field.birth_date" if facts.birth_date else "field.age_band"), born)
    postal = f"〒{facts.postal_code} " if facts.postal_code else ""
    yield Fact(say("field.address"), f"{postal}{facts.town if facts.town not in facts.address else ''}{facts.address}")
    for kind in ContactKind:
        values = [contact.value for contact in facts.contacts if contact.kind is kind and contact.value]
        yield Fact(say(f"person.contact.{kind.value}"), LISTED.join(values))
    known = facts.phone_kind is not PhoneKind.UNKNOWN
    phone = " ".join(part for part in (say(f"person.phone.{facts.phone_kind.value}"), facts.phone_model) if part)
    yield Fact(say("announce.form.phone"), phone if known else facts.phone_model)
    needs = (*needs_in_words(say, facts.needs), facts.needs_note)
    yield Fact(say("announce.form.needs"), LISTED.join(need for need in needs if need))
    notice = say(f"person.contact.{facts.notice_by}") if facts.notice_by in set(ContactKind) else ""
    yield Fact(say("announce.form.notice"), notice)
    for proxy in facts.proxies:
        yield Fact(say("paper.proxy"), " ".join(part for part in (proxy.name, proxy.relation, proxy.telephone) if part))


def _left_out(found: Tickets, posted: list[Ticket], say: Words) -> str:
    without = len(found.lines) - len(posted)
    parts = (
        say("paper.without_address", count=without) if without else "",
        say("paper.withheld", count=found.withheld) if found.withheld else "",
    )
    return " ".join(part for part in parts if part)


def _sender(office: Office, say: Words) -> "Sender":
    from exports.printing.notices import Sender  # noqa: PLC0415 -- as above

    number = say("paper.sender_call", number=office.telephone) if office.telephone else ""
    name = office_name(office)
    return Sender(office.postal_code, tuple(part for part in (office.address, name, number) if part))


def office_name(office: Office) -> str:
    """The city and whom to turn to there; the city is not said twice."""
    if not office.contact or office.contact.startswith(office.city):
        return office.contact or office.city
    return f"{office.city} {office.contact}"


def _time(session: SessionTime, codes: dict[UUID, str], *, several: bool, say: Words, language: str) -> str:
    day = paper_day(say, language, session.held_on)
    when = f"{day}\n{paper_span(session.starts_at, session.ends_at)}".strip()
    if not several:
        return when
    code = codes.get(session.session_id, "")
    numbered = say("announce.numbered", number=session.position, when=when.replace("\n", " "))
    return f"{numbered}　{code}".rstrip()


def _place(session: SessionTime, say: Words) -> str:
    if session.online:
        return say("announce.online")
    return " ".join(part for part in (session.venue, session.room) if part) or say("announce.place_later")
