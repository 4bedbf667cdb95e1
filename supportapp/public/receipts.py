"""An application looked up and cancelled with its receipt number and the last four digits of the telephone.

Five wrong tries for one number within an hour, then even the right digits open nothing until the hour is over. What is
said is the same for a number that does not exist, wrong digits and too many tries, so a guess learns nothing; and no
address is ever shut out, because a library's belongs to many.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, func, select

from events.errors import DomainError
from events.models import Registration
from events.public_receipt import PublicReceipt, ReceiptUnknown, cancel_by_receipt, public_receipt
from events.receipts import read_receipt_number
from supportapp.accounts_tables import SignInAttempt
from supportapp.messages import LANGUAGES, words
from supportapp.public.answers import answer
from supportapp.public.application import receipt_page
from supportapp.public.application_form import refusal_words
from supportapp.public.pages import page
from supportapp.public.programme_words import moment_words
from supportapp.public.visits import Door, Form, Visit, actor_for, form_of, seal_of

MOST_WRONG_TRIES: Final = 5
SPAN: Final = timedelta(hours=1)
_PURPOSE: Final = "receipt"


def look_up(db: Session, *, receipt_number: str, tail: str, now: datetime) -> PublicReceipt | None:
    """The application, or None; a wrong try for a number that exists is counted."""
    number = read_receipt_number(receipt_number)
    if _tries(db, number, now) >= MOST_WRONG_TRIES:
        return None
    try:
        return public_receipt(db, receipt_number=number, tail=tail, now=now)
    except ReceiptUnknown:
        if db.exec(select(Registration.id).where(Registration.receipt_number == number)).first() is not None:
            db.add(SignInAttempt(login_hash=_hash(number), at=now))
            db.flush()
        return None


def _tries(db: Session, number: str, now: datetime) -> int:
    query = select(func.count()).select_from(SignInAttempt)
    return db.exec(query.where(SignInAttempt.login_hash == _hash(number), col(SignInAttempt.at) > now - SPAN)).one()


def _hash(number: str) -> str:
    return sha256(f"receipt {number}".encode()).hexdigest()  # a space: no login name looks so


def add_receipts(router: APIRouter, door: Door) -> None:
    """Put the page to look up and cancel on the router; before the pages of municipalities, whose address is alike."""

    @router.get("/apply/receipt")
    async def ask(request: Request) -> Response:
        return await answer(door, request, lambda visit: _ask(door, visit, Form()))

    @router.post("/apply/receipt")
    async def show(request: Request) -> Response:
        return await answer(door, request, lambda visit: _show(door, visit, request))


async def _ask(door: Door, visit: Visit, form: Form, *, status: int = 200, trouble: str = "") -> Response:
    sealer = await door.sealer()
    return page(
        visit, "receipt.html", status=status, kept=status == 200, sealer=sealer, form=form, trouble=trouble,
        purpose=_PURPOSE,
    )  # fmt: skip


async def _show(door: Door, visit: Visit, request: Request) -> Response:
    form = await form_of(door, request)
    if await seal_of(door, request, visit, form, _PURPOSE) is None:
        return await _ask(door, visit, form, status=403, trouble=visit.say("public.refused.seal"))
    typed = {"receipt_number": form.one("number"), "tail": form.one("tail")}
    found, trouble = await door.backend.run(actor_for(""), look_up, **typed, now=visit.now), ""
    if found is None:
        return await _ask(door, visit, form, status=422, trouble=visit.say("public.receipt_unknown"))
    if form.one("step") == "cancel":
        reason = words(LANGUAGES[0])("public.office.cancelled")
        canceller = actor_for(found.city.code)
        try:
            found = await door.backend.run(
                canceller, cancel_by_receipt, **typed, reason=reason, now=visit.now, by="web"
            )
        except DomainError as error:
            trouble = refusal_words(visit, error)
    return receipt_page(
        visit,
        "receipt_stands.html",
        found.city,
        found.receipt,
        found=found,
        form=form,
        asked=form.one("step") == "ask",
        trouble=trouble,
        telephone=found.contact_telephone,
        reply_by=moment_words(visit, found.reply_by),
        sealer=await door.sealer(),
        purpose=_PURPOSE,
    )
