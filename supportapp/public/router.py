"""All public pages of one process."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter

from supportapp.backend import Backend
from supportapp.public.application import add_applications
from supportapp.public.join import add_joining
from supportapp.public.limits import Allowance
from supportapp.public.programme import add_programme
from supportapp.public.receipts import add_receipts
from supportapp.public.survey import add_surveys
from supportapp.public.visits import Door

# Thirty people at a library's computers never come near these; a program that sends without end does.
_READING: Final = (2000.0, 100.0)
SENDING: Final = (120.0, 4.0)


def public_router(backend: Backend, *, public_address: str = "", sending: tuple[float, float] = SENDING) -> APIRouter:
    """The pages for people without an account, on the given backend.

    ``public_address`` is where people at home reach them, when a proxy stands before the server. ``sending``: how many
    forms one address may send at once, and then each second.
    """
    router = APIRouter(include_in_schema=False)
    door = Door(backend, Allowance(*_READING), Allowance(*sending), urlsplit(public_address).netloc)
    add_receipts(router, door)  # first: /apply/receipt is no municipality
    add_applications(router, door)
    add_programme(router, door)
    add_joining(router, door)
    add_surveys(router, door)
    return router
