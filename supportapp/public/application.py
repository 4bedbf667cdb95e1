"""One workshop, the form to apply, and the receipt; what was typed stays when something is wrong."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from events.errors import DomainError, InvalidValue, NotFound
from events.public_application import apply_over_web
from events.public_programme import PublicIntake, PublicWorkshop, public_workshop
from events.receipts import receipt_number_of
from events.registration_receipts import RegistrationReceipt
from events.states import ProgrammeState
from supportapp.messages import LANGUAGES, words
from supportapp.public.answers import answer
from supportapp.public.application_form import (
    CHOICES,
    TEXT_VERSION,
    Checked,
    checked_form,
    offered_by,
    pairs_of,
    refusal_words,
    wrong_words,
)
from supportapp.public.pages import page
from supportapp.public.programme_words import (
    date_words,
    deadline_words,
    map_address,
    moment_words,
    standing_of,
    ways_to_apply,
    when_words,
)
from supportapp.public.seals import Seal
from supportapp.public.visits import Door, Form, Visit, actor_for, form_of, seal_of

_TAKING = frozenset({ProgrammeState.ANNOUNCED, ProgrammeState.OPEN})


def add_applications(router: APIRouter, door: Door) -> None:
    """Put the page of one workshop and its form on the router."""

    @router.get("/apply/workshop/{workshop_id}")
    async def workshop(workshop_id: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _show(door, visit, workshop_id))

    @router.post("/apply/workshop/{workshop_id}")
    async def apply(workshop_id: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _apply(door, visit, workshop_id, request))


async def _show(door: Door, visit: Visit, workshop_id: str) -> Response:
    found = await _workshop(door, visit, workshop_id)
    return await _form_page(door, visit, found, Form(), {}, kept=True)


async def _apply(door: Door, visit: Visit, workshop_id: str, request: Request) -> Response:
    door.must_take(request)
    form = await form_of(door, request)
    found = await _workshop(door, visit, workshop_id)
    seal = await seal_of(door, request, visit, form, _purpose(found))
    if seal is None:
        return await _form_page(door, visit, found, form, {}, status=403, trouble=visit.say("public.refused.seal"))
    checked = checked_form(visit, found, form)
    if checked.application is None:
        shown = form.without(*checked.to_forget)
        return await _form_page(door, visit, found, shown, dict(checked.wrong), status=422)
    try:
        receipt = await _taken(door, visit, found, checked, seal)
    except InvalidValue as error:
        return await _form_page(door, visit, found, form, {}, status=422, trouble=wrong_words(visit, error))
    except DomainError as error:
        return await _form_page(door, visit, found, form, {}, status=409, trouble=refusal_words(visit, error))
    return receipt_page(visit, "applied.html", found.city, receipt, telephone=found.contact_telephone)


async def _taken(
    door: Door, visit: Visit, workshop: PublicWorkshop, checked: Checked, seal: Seal
) -> RegistrationReceipt:
    assert checked.intake_id is not None
    assert checked.application is not None
    sealer = await door.sealer()
    return await door.backend.run(
        actor_for(workshop.city.code),
        apply_over_web,
        intake_id=checked.intake_id,
        application=checked.application,
        receipt_number=receipt_number_of(sealer.bits("receipt", seal.number)),
        duplicate_reason=words(LANGUAGES[0])("public.office.duplicate"),
        now=visit.now,
    )


def receipt_page(visit: Visit, template: str, city: object, receipt: RegistrationReceipt, **values: Any) -> Response:
    """A page that says what stands for an application."""
    return page(
        visit,
        template,
        city=city,
        receipt=receipt,
        when_words=lambda session: when_words(visit, session),
        result_on=date_words(visit, receipt.result_notice_on) if receipt.result_notice_on else "",
        slot=moment_words(visit, receipt.slot_starts_at),
        **values,
    )


async def _form_page(
    door: Door,
    visit: Visit,
    workshop: PublicWorkshop,
    form: Form,
    wrong: dict[str, str],
    *,
    status: int = 200,
    kept: bool = False,
    trouble: str = "",
) -> Response:
    offered = offered_by(visit, workshop)
    intake = _next_to_apply_to(workshop)
    told_on = intake.result_notice_on if intake else None
    return page(
        visit,
        "workshop.html",
        status=status,
        kept=kept,
        sealer=await door.sealer(),
        city=workshop.city,
        workshop=workshop,
        offered=offered,
        pairs=pairs_of(visit, workshop, offered),
        ranks=range(2, CHOICES + 1),
        intake=intake,
        ways=ways_to_apply(visit, intake, workshop.contact_telephone) if intake else [],
        draw_told=date_words(visit, told_on) if told_on else "",
        text_version=TEXT_VERSION,
        purpose=_purpose(workshop),
        form=form,
        wrong=wrong,
        trouble=trouble,
        standing_of=lambda session: standing_of(visit, session),
        deadline_words=lambda session: deadline_words(visit, session),
        when_words=lambda session: when_words(visit, session),
        map_address=map_address,
    )


def _next_to_apply_to(workshop: PublicWorkshop) -> PublicIntake | None:
    """The intake whose ways to apply are told: the first that still takes people, else the first."""
    still = (intake for intake in workshop.intakes if any(each.stage in _TAKING for each in intake.sessions))
    return next(still, workshop.intakes[0] if workshop.intakes else None)


async def _workshop(door: Door, visit: Visit, workshop_id: str) -> PublicWorkshop:
    try:
        wanted = UUID(workshop_id)
    except ValueError:
        raise NotFound(thing="workshop_id") from None
    return await door.backend.read(actor_for(""), public_workshop, workshop_id=wanted, now=visit.now)


def _purpose(workshop: PublicWorkshop) -> str:
    return f"apply:{workshop.workshop_id}"
