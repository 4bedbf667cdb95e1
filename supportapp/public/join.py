"""The page on which somebody offers to help: name, how to reach them, what they can do, when they are free."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from events.attendee_facts import ContactFacts, checked_contact
from events.errors import DomainError, InvalidValue
from events.japan.clock import tokyo_date
from events.public_programme import PublicCity, public_city
from events.states import ContactKind
from supportapp.messages import LANGUAGES, words
from supportapp.public.answers import answer
from supportapp.public.application_form import wrong_words
from supportapp.public.pages import page
from supportapp.public.visits import Door, Form, Visit, actor_for, form_of, seal_of
from volunteers.availability import WeeklyTime
from volunteers.interest import OfferToHelp, offer_to_help
from volunteers.roster import SKILLS, VolunteerDetails, checked_details
from volunteers.states import VolunteerKind

# The version of the text under public.join.purpose; raise it whenever that text changes.
TEXT_VERSION: Final = "2026-11"
KINDS: Final = (
    VolunteerKind.TOKYO_SUPPORTER,
    VolunteerKind.DIGITAL_SUPPORTER,
    VolunteerKind.NPO,
    VolunteerKind.REGIONAL_COOPERATION,
    VolunteerKind.STUDENT,
)
PARTS_OF_DAY: Final = {
    "morning": (time(9), time(12)),
    "afternoon": (time(13), time(17)),
    "evening": (time(17), time(20)),
}
_WEEKDAYS: Final = 7
# What stands in place of a value that is wrong while the rest is checked.
_HARMLESS: Final = {"name": "－", "kana": "", "town": "", "note": ""}


@dataclass(frozen=True, slots=True)
class Read:
    """A form that was looked through: the offer, or what is wrong by field."""

    offer: OfferToHelp | None
    wrong: Mapping[str, str]
    to_forget: tuple[str, ...]


def add_joining(router: APIRouter, door: Door) -> None:
    """Put the page to offer help on the router."""

    @router.get("/join/{code}")
    async def ask(code: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _ask(door, visit, code))

    @router.post("/join/{code}")
    async def join(code: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _join(door, visit, code, request))


async def _ask(door: Door, visit: Visit, code: str) -> Response:
    return await _form_page(door, visit, await _city(door, code), Form(), {}, kept=True)


async def _join(door: Door, visit: Visit, code: str, request: Request) -> Response:
    door.must_take(request)
    form = await form_of(door, request)
    city = await _city(door, code)
    seal = await seal_of(door, request, visit, form, _purpose(city))
    if seal is None:
        return await _form_page(door, visit, city, form, {}, status=403, trouble=visit.say("public.refused.seal"))
    read = read_offer(visit, form)
    if read.offer is None:
        return await _form_page(door, visit, city, form.without(*read.to_forget), read.wrong, status=422)
    bits = (await door.sealer()).bits("helper", seal.number)
    try:
        await door.backend.run(
            actor_for(city.code),
            offer_to_help,
            municipality_code=city.code,
            offer=read.offer,
            new_id=UUID(bytes=bits[:16], version=4),
            now=visit.now,
        )
    except DomainError:
        trouble = visit.say("public.refused.other")
        return await _form_page(door, visit, city, form, {}, status=409, trouble=trouble)
    return page(visit, "joined.html", city=city)


def read_offer(visit: Visit, form: Form) -> Read:
    """Read a form; every field that is wrong gets its sentence, in the visitor's language."""
    wrong: dict[str, str] = {}
    forget: list[str] = []

    def note(field: str, error: InvalidValue) -> None:
        wrong[field] = wrong_words(visit, error)
        if error.details["problem"] == "my_number":
            forget.append(field)

    details = VolunteerDetails(
        name=form.one("name"),
        kind=_kind(form.one("kind")) or VolunteerKind.STUDENT,
        kana=form.one("kana"),
        telephone=form.one("telephone"),
        email=form.one("email"),
        town=form.one("town"),
        skills=tuple(skill for skill in SKILLS if skill in form.all("skills")),
        note=form.one("note"),
    )
    _check_contacts(visit, details, wrong, note)
    details = _checked(details, tokyo_date(visit.now), note)
    wrong |= _wrong_choices(visit, form)
    if wrong:
        return Read(None, wrong, tuple(forget))
    if form.one("adult") == "no":
        details = replace(details, note="\n".join(filter(None, (details.note, _office("public.office.minor")))))
    return Read(OfferToHelp(details, _weekly(form), TEXT_VERSION), {}, ())


def _wrong_choices(visit: Visit, form: Form) -> dict[str, str]:
    """What is missing among the things to choose, and the rule of age."""
    wrong = {}
    kind, adult = _kind(form.one("kind")), form.one("adult")
    if kind is None:
        wrong["kind"] = visit.say("public.wrong.not_a_choice")
    if adult not in {"yes", "no"}:
        wrong["adult"] = visit.say("public.wrong.not_a_choice")
    elif adult == "no" and kind is VolunteerKind.TOKYO_SUPPORTER:
        wrong["adult"] = visit.say("public.join.too_young")
    if not form.one("consent"):
        wrong["consent"] = visit.say("public.wrong.consent_needed")
    return wrong


def _check_contacts(visit: Visit, details: VolunteerDetails, wrong: dict[str, str], note: Any) -> None:
    if not details.telephone.strip() and not details.email.strip():
        wrong["telephone"] = visit.say("public.wrong.contacts")
    for field, kind, value in (
        ("telephone", ContactKind.TELEPHONE, details.telephone),
        ("email", ContactKind.EMAIL, details.email),
    ):
        if value.strip():
            try:
                checked_contact(ContactFacts(kind, value))
            except InvalidValue as error:
                note(field, error)


def _checked(details: VolunteerDetails, today: date, note: Any) -> VolunteerDetails:
    """The details, asked of the one check of the office again and again, so that every fault is found."""
    try:
        checked_details(replace(details, telephone="", email=""), today)
    except InvalidValue as error:
        field = str(error.details["field"])
        note(field, error)
        return _checked(replace(details, **{field: _HARMLESS[field]}), today, note)  # type: ignore[arg-type]
    return details


def _weekly(form: Form) -> tuple[WeeklyTime, ...]:
    ticked = set(form.all("free"))
    return tuple(
        WeeklyTime(weekday, *span)
        for weekday in range(_WEEKDAYS)
        for part, span in PARTS_OF_DAY.items()
        if f"{weekday}-{part}" in ticked
    )


def _kind(value: str) -> VolunteerKind | None:
    return next((kind for kind in KINDS if kind.value == value), None)


def _office(key: str) -> str:
    return words(LANGUAGES[0])(key)


async def _city(door: Door, code: str) -> PublicCity:
    return await door.backend.read(actor_for(code), public_city, municipality_code=code)


async def _form_page(
    door: Door,
    visit: Visit,
    city: PublicCity,
    form: Form,
    wrong: Mapping[str, str],
    *,
    status: int = 200,
    kept: bool = False,
    trouble: str = "",
) -> Response:
    say = visit.say
    return page(
        visit,
        "join.html",
        status=status,
        kept=kept,
        sealer=await door.sealer(),
        city=city,
        form=form,
        wrong=wrong,
        trouble=trouble,
        purpose=_purpose(city),
        text_version=TEXT_VERSION,
        kinds=[(kind.value, say(f"volunteer.kind.{kind.value}")) for kind in KINDS],
        skills=[(skill, say(f"volunteer.skill.{skill}")) for skill in SKILLS],
        weekdays=[(str(weekday), say(f"calendar.weekday.{weekday}")) for weekday in range(_WEEKDAYS)],
        parts=[(part, say(f"public.join.{part}")) for part in PARTS_OF_DAY],
    )


def _purpose(city: PublicCity) -> str:
    return f"join:{city.code}"
