"""What is on in a municipality, for anybody; filtered by kind, 町 and date without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from events.errors import DomainError
from events.japan.clock import tokyo_date
from events.japan.typed_dates import parse_date
from events.public_programme import PublicSession, public_cities, public_city, public_sessions
from events.states import WorkshopKind
from supportapp.public.answers import answer
from supportapp.public.pages import page, style_sheet
from supportapp.public.programme_words import deadline_words, standing_of, towns_of, when_words
from supportapp.public.visits import Door, Visit, actor_for

ON_A_PAGE: Final = 15  # workshops; with their days well under 50 kB
_DAYS_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; ``unreadable`` is a date that says nothing."""

    kind: str = ""
    town: str = ""
    since: date | None = None
    typed: str = ""
    unreadable: bool = False


def add_programme(router: APIRouter, door: Door) -> None:
    """Put the pages of what is on, and the style sheet, on the router."""

    @router.get("/public/{version}/page.css")
    async def style(version: str) -> Response:  # noqa: ARG001 -- the version only names the content
        return style_sheet()

    @router.get("/apply/")
    async def cities(request: Request) -> Response:
        return await answer(door, request, lambda visit: _cities(door, visit))

    @router.get("/apply/{code}")
    async def without_slash(code: str, request: Request) -> Response:
        return RedirectResponse(request.url.replace(path=f"/apply/{code}/", netloc="", scheme=""), status_code=308)

    @router.get("/apply/{code}/")
    async def programme(code: str, request: Request) -> Response:
        return await answer(door, request, lambda visit: _programme(door, visit, code, request))


async def _cities(door: Door, visit: Visit) -> Response:
    return page(visit, "cities.html", kept=True, cities=await door.backend.read(actor_for(""), public_cities))


async def _programme(door: Door, visit: Visit, code: str, request: Request) -> Response:
    reader = actor_for(code)
    city = await door.backend.read(reader, public_city, municipality_code=code)
    sessions = await door.backend.read(reader, public_sessions, municipality_code=code, now=visit.now)
    wanted = _wanted(request, tokyo_date(visit.now))
    cards = _cards([session for session in sessions if _suits(session, wanted)])
    number = min(_number(request.query_params.get("page", "")), max(1, -(-len(cards) // ON_A_PAGE)))
    first = (number - 1) * ON_A_PAGE
    asked = {"kind": wanted.kind, "town": wanted.town, "from": wanted.typed}
    kept = {name: value for name, value in asked.items() if value}
    return page(
        visit,
        "programme.html",
        kept=True,
        city=city,
        wanted=wanted,
        kinds=[kind.value for kind in WorkshopKind if any(session.kind is kind for session in sessions)],
        towns=towns_of(sessions),
        count=len(cards),
        cards=cards[first : first + ON_A_PAGE],
        days_shown=_DAYS_SHOWN,
        earlier=visit.link(visit.path, **kept, page=str(number - 1)) if number > 1 else "",
        later=visit.link(visit.path, **kept, page=str(number + 1)) if first + ON_A_PAGE < len(cards) else "",
        standing_of=lambda session: standing_of(visit, session),
        deadline_words=lambda session: deadline_words(visit, session),
        when_words=lambda session: when_words(visit, session),
    )


def _cards(sessions: Sequence[PublicSession]) -> list[list[PublicSession]]:
    """The sessions of each workshop together, the workshop that begins first in front."""
    by_workshop = sorted(sessions, key=lambda session: session.workshop_id)  # stable: keeps the order of time
    cards = [list(card) for _, card in groupby(by_workshop, key=lambda session: session.workshop_id)]
    return sorted(cards, key=lambda card: sessions.index(card[0]))


def _suits(session: PublicSession, wanted: Wanted) -> bool:
    if wanted.kind and session.kind.value != wanted.kind:
        return False
    if wanted.town and session.town != wanted.town:
        return False
    return wanted.since is None or session.held_on >= wanted.since


def _wanted(request: Request, today: date) -> Wanted:
    asked = request.query_params
    typed = asked.get("from", "").strip()[:40]
    wanted = Wanted(asked.get("kind", ""), asked.get("town", ""), typed=typed)
    if not typed:
        return wanted
    try:
        return Wanted(wanted.kind, wanted.town, parse_date(typed, today=today), typed)
    except DomainError:
        return Wanted(wanted.kind, wanted.town, typed=typed, unreadable=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and int(text) > 0 else 1
