"""How a request to a public page is answered when it cannot be: a page with one sentence, never a trace."""

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import Request, Response

from events.errors import DomainError, NotFound
from supportapp.public.pages import page
from supportapp.public.visits import (
    Door,
    FormForeign,
    FormTooLarge,
    FormUnreadable,
    TooBusy,
    Visit,
    visit_of,
)

_STATUS: Final[dict[type[DomainError], int]] = {
    NotFound: 404,
    FormTooLarge: 413,
    FormUnreadable: 415,
    FormForeign: 403,
    TooBusy: 429,
}
_WAIT_SECONDS: Final = "2"


async def answer(door: Door, request: Request, work: Callable[[Visit], Awaitable[Response]]) -> Response:
    """Do the work for one visit; what is refused on the way becomes a page that says so."""
    visit = visit_of(door, request)
    try:
        if not door.reads(request):
            raise TooBusy
        return await work(visit)
    except tuple(_STATUS) as error:
        status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
        response = page(visit, "message.html", status=status, code=error.code)
        if status == _STATUS[TooBusy]:
            response.headers["Retry-After"] = _WAIT_SECONDS
        return response
