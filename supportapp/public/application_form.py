"""The form to apply: what can be chosen, what was typed as values, and everything that is wrong with it at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from events.age_bands import AGE_BANDS
from events.attendee_facts import NEEDS, RESIDENCES, AttendeeFacts, ContactFacts, checked_contact, checked_facts
from events.errors import DomainError, InvalidValue
from events.japan.clock import tokyo_date
from events.public_application import WebApplication
from events.public_programme import PublicIntake, PublicSession, PublicWorkshop
from events.states import STOPPED_STATES, ContactKind, IntakeUnit, PhoneKind
from supportapp.booking_words import age_words
from supportapp.messages import LANGUAGES, words
from supportapp.public.programme_words import Standing, moment_words, standing_of, when_words
from supportapp.public.visits import Form, Visit

# The version of the text under public.purpose; raise it whenever that text changes, what was agreed to is kept.
TEXT_VERSION: Final = "2026-11"
MOST_COMPANIONS: Final = 3
CHOICES: Final = 3
ASKED_NEEDS: Final = tuple(need for need in NEEDS if need != "companion")
PHONES: Final = (PhoneKind.NONE, PhoneKind.FEATURE_PHONE, PhoneKind.IPHONE, PhoneKind.ANDROID, PhoneKind.UNKNOWN)
# What stands in place of a value that is wrong while the rest is checked.
_HARMLESS: Final[dict[str, Any]] = {
    "name": "－", "kana": "－", "age_band": "", "residence": "", "town": "", "needs": (), "needs_note": "",
}  # fmt: skip
_MY_NUMBER: Final = "my_number"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to apply to: its value in the form, and what it says."""

    value: str
    words: str
    place: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form of a workshop lets people choose."""

    options: tuple[Option, ...]
    several: bool  # a second and a third choice are asked
    slots: tuple[tuple[str, str], ...]  # free times at the tables: value and words

    @property
    def is_open(self) -> bool:
        """Whether there is anything to apply to over the web now."""
        return bool(self.options)


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that was looked through: what to apply for, or what is wrong by field."""

    intake_id: UUID | None
    application: WebApplication | None
    wrong: Mapping[str, str]
    to_forget: tuple[str, ...] = ()


def offered_by(visit: Visit, workshop: PublicWorkshop) -> Offered:
    """What can be applied to over the web now."""
    open_intakes = [intake for intake in workshop.intakes if intake.takes_web]
    options = [option for intake in open_intakes for option in _options(visit, intake)]
    several = any(intake.unit is IntakeUnit.CHOICE and len(_coming(intake)) > 1 for intake in open_intakes)
    slots = [
        (f"{session_id}@{moment.isoformat()}", moment_words(visit, moment))
        for intake in open_intakes
        for session_id, moments in intake.free_times.items()
        for moment in moments
    ]
    return Offered(tuple(options), several, tuple(slots))


def checked_form(visit: Visit, workshop: PublicWorkshop, form: Form) -> Checked:
    """Read a form; every field that is wrong gets its sentence, in the visitor's language."""
    facts, wrong, to_forget = _facts(visit, form)
    intake, session_ids = _chosen(workshop, form)
    if intake is None:
        wrong["session"] = visit.say("public.wrong.session")
    slot = _slot(form, session_ids)
    if form.one("slot") and slot is None:
        wrong["slot"] = visit.say("public.wrong.slot")
    if not form.one("consent"):
        wrong["consent"] = visit.say("public.wrong.consent")
    companions = form.one("companions")
    if companions not in {"", *map(str, range(MOST_COMPANIONS + 1))}:
        wrong["companions"] = visit.say("public.wrong.not_a_choice")
    if wrong or intake is None:
        return Checked(None, None, wrong, to_forget)
    application = WebApplication(
        facts=facts,
        session_id=session_ids[0] if session_ids else None,
        other_session_ids=tuple(session_ids[1:]),
        slot_starts_at=slot,
        companions=int(companions or 0),
        note_if_known=_note(facts),
        text_version=TEXT_VERSION,
    )
    return Checked(intake.intake_id, application, {})


def wrong_words(visit: Visit, error: InvalidValue) -> str:
    """Why a value cannot be used, with what to do; the value itself stands in the field beside it."""
    problem = str(error.details["problem"])
    values = {name: value for name, value in error.details.items() if name in {"longest", "length"}}
    return visit.say(f"public.wrong.{problem}", **values)


def _options(visit: Visit, intake: PublicIntake) -> list[Option]:
    sessions = _coming(intake)
    if intake.unit is IntakeUnit.COURSE:
        first = sessions[0]
        standing = standing_of(visit, min(sessions, key=lambda session: session.free))
        when = visit.say("public.course", count=len(sessions), when=when_words(visit, first))
        return [Option(str(intake.intake_id), when, first.place, standing)]
    options = []
    for session in sessions:
        value = f"{intake.intake_id}:{session.session_id}"
        options.append(Option(value, when_words(visit, session), session.place, standing_of(visit, session)))
    return options


def _coming(intake: PublicIntake) -> list[PublicSession]:
    return [session for session in intake.sessions if session.stage not in STOPPED_STATES]


def _chosen(workshop: PublicWorkshop, form: Form) -> tuple[PublicIntake | None, list[UUID]]:
    """The intake that was chosen and the sessions in the order of the choices; None for anything not offered."""
    intake, first = _one_choice(workshop, form.one("session"))
    if intake is None or first is None:
        return intake, []
    wanted = [first]
    if intake.unit is IntakeUnit.CHOICE:
        for rank in range(2, CHOICES + 1):
            other_intake, other = _one_choice(workshop, form.one(f"session{rank}"))
            if other_intake is intake and other is not None and other not in wanted:
                wanted.append(other)
    return intake, wanted


def _one_choice(workshop: PublicWorkshop, value: str) -> tuple[PublicIntake | None, UUID | None]:
    for intake in workshop.intakes:
        if not intake.takes_web:
            continue
        if intake.unit is IntakeUnit.COURSE and value == str(intake.intake_id):
            return intake, None
        for session in _coming(intake):
            if value == f"{intake.intake_id}:{session.session_id}":
                return intake, session.session_id
    return None, None


def _slot(form: Form, session_ids: Sequence[UUID]) -> datetime | None:
    session_id, _, moment = form.one("slot").partition("@")
    if not session_ids or session_id != str(session_ids[0]):
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _facts(visit: Visit, form: Form) -> tuple[AttendeeFacts, dict[str, str], tuple[str, ...]]:
    """The person as typed; the one check of the office is asked again and again, so that every fault is found."""
    wrong: dict[str, str] = {}
    forget: list[str] = []

    def note(place: str, error: InvalidValue) -> None:
        wrong[place] = wrong_words(visit, error)
        if error.details["problem"] == _MY_NUMBER:
            forget.append(place)

    facts = AttendeeFacts(
        name=form.one("name"),
        kana=form.one("kana"),
        age_band=form.one("age_band"),
        residence=form.one("residence"),
        town=form.one("town"),
        phone_kind=_phone(form.one("phone_kind")),
        needs=form.all("needs"),
        needs_note=form.one("needs_note"),
        contacts=_contacts(form, note),
    )
    if not facts.contacts and not {"telephone", "other"} & wrong.keys():
        wrong["telephone"] = visit.say("public.wrong.contacts")
    return _checked_person(facts, tokyo_date(visit.now), note), wrong, tuple(forget)


def _checked_person(facts: AttendeeFacts, today: date, note: Callable[[str, InvalidValue], None]) -> AttendeeFacts:
    try:
        checked_facts(facts, today=today, kana_needed=True)
    except InvalidValue as error:
        field = str(error.details["field"])
        note(field, error)
        return _checked_person(replace(facts, **{field: _HARMLESS[field]}), today, note)
    return facts


def _contacts(form: Form, note: Callable[[str, InvalidValue], None]) -> tuple[ContactFacts, ...]:
    typed = [("telephone", ContactKind.TELEPHONE, form.one("telephone")), ("other", *_other(form.one("other")))]
    contacts: list[ContactFacts] = []
    for place, kind, value in typed:
        if not value.strip():
            continue
        try:
            contacts.append(checked_contact(ContactFacts(kind, value, preferred=not contacts))[0])
        except InvalidValue as error:
            note(place, error)
    return tuple(contacts)


def _other(value: str) -> tuple[ContactKind, str]:
    return (ContactKind.EMAIL if "@" in value or "＠" in value else ContactKind.FAX), value.replace("＠", "@")


def _phone(value: str) -> PhoneKind:
    return PhoneKind(value) if value in {kind.value for kind in PHONES} else PhoneKind.UNKNOWN


def _note(facts: AttendeeFacts) -> str:
    """What the office reads beside the application of a person it knows: needs typed now, in the office's language."""
    say = words(LANGUAGES[0])
    needs = [say(f"person.need.{need}") for need in facts.needs]
    said = [*needs, *([facts.needs_note.strip()] if facts.needs_note.strip() else [])]
    return say("public.note_needs", needs=say("public.between").join(said)) if said else ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Value and words of everything that is chosen from a list."""

    choices: tuple[tuple[str, str], ...]
    slots: tuple[tuple[str, str], ...]
    ages: tuple[tuple[str, str], ...]
    residences: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    companions: tuple[tuple[str, str], ...]


def pairs_of(visit: Visit, workshop: PublicWorkshop, offered: Offered) -> Pairs:
    """The lists of the form in the visitor's language."""
    say = visit.say
    counts = [(str(count), say("public.companions_count", count=count)) for count in range(1, MOST_COMPANIONS + 1)]
    return Pairs(
        choices=tuple((option.value, option.words) for option in offered.options),
        slots=offered.slots,
        ages=tuple((band, age_words(say, band)) for band in AGE_BANDS),
        residences=tuple((each, say(f"person.residence.{each}")) for each in RESIDENCES if workshop.residents_only),
        phones=tuple((kind.value, say(f"person.phone.{kind.value}")) for kind in PHONES),
        needs=tuple((need, say(f"person.need.{need}")) for need in ASKED_NEEDS),
        companions=(("0", say("public.companions_none")), *counts),
    )


REFUSALS: Final = frozenset(
    {
        "intake_not_open", "intake_closed", "intake_ended", "channel_not_offered", "session_stopped", "session_begun",
        "session_not_chosen", "slot_taken", "no_booking_needed",
    }
)  # fmt: skip


def refusal_words(visit: Visit, error: DomainError) -> str:
    """Why an application was not taken, for the person who sent it."""
    return visit.say(f"public.refused.{error.code}" if error.code in REFUSALS else "public.refused.other")
