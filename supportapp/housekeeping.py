"""What the server does by itself: seats not answered for in time go to the next in order, people are reminded."""

import asyncio
import logging

import sqlalchemy.exc
from sqlmodel import Session, col, select

from events.errors import DomainError
from events.models import Municipality
from events.notices.reminders import make_reminders
from events.registration_offers import expire_offers, offer_freed_seats
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.people_in.running import recover_runs

EVERY_SECONDS = 600
_NAME = "supportapp"
_LOG = logging.getLogger(__name__)


def municipality_codes(db: Session) -> tuple[str, ...]:
    """The codes of all municipalities here."""
    return tuple(db.exec(select(Municipality.code).order_by(col(Municipality.code))).all())


async def keep_house(backend: Backend) -> None:
    """Look after the data every ten minutes until cancelled; a fault in one round does not end the next."""
    while True:
        try:
            await keep_house_once(backend)
        except (DomainError, sqlalchemy.exc.SQLAlchemyError):
            _LOG.exception("a round of housekeeping failed")
        await asyncio.sleep(EVERY_SECONDS)


async def keep_house_once(backend: Backend) -> None:
    """One round for every municipality; a list whose import died with its process is taken back."""
    await asyncio.to_thread(recover_runs, backend, Actor(_NAME, Role.LOCAL, ""))
    for code in await backend.read(Actor(_NAME, Role.LOCAL, ""), municipality_codes):
        actor = Actor(_NAME, Role.LOCAL, code)
        await backend.run(actor, expire_offers, municipality_code=code, now=backend.clock(), by=_NAME)
        await backend.run(actor, offer_freed_seats, municipality_code=code, now=backend.clock())
        await backend.run(actor, make_reminders, municipality_code=code, now=backend.clock())
