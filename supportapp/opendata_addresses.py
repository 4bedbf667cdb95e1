"""Open data for other programs: what there is, the files, and a feed that tells of changes."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from events.errors import DomainError, NotFound
from supportapp.backend import Backend
from supportapp.command_queries import municipality_names
from supportapp.identity import Actor, Role
from supportapp.messages import words
from supportapp.open_data import EVENTS, FACILITIES, catalogue_of, open_data_csv, open_data_json_file, published
from supportapp.wording import refusal

if TYPE_CHECKING:
    from exports.files import ExportFile

_SERVER = Actor(name="server", role=Role.LOCAL, municipality_code="")
_CACHING = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
_ATOM = "application/atom+xml; charset=utf-8"


def opendata_router(backend: Backend) -> APIRouter:
    """The addresses under ``/opendata/``."""
    router = APIRouter(prefix="/opendata")

    def catalogue() -> list[dict[str, object]]:
        return catalogue_of(backend.read_now(_SERVER, municipality_names))

    @router.get("/")
    async def index() -> Response:
        return JSONResponse(await asyncio.to_thread(catalogue), headers=_CACHING)

    @router.get("/feed.xml")
    async def feed(request: Request) -> Response:
        return await _answer(request, lambda: _feed(backend, str(request.base_url), catalogue()))

    @router.get("/{code}/{name}")
    async def file(code: str, name: str, request: Request, profile: str | None = None) -> Response:
        def make() -> tuple[bytes, str]:
            made = _file(backend, code, name, profile)
            return made.content, made.media_type

        return await _answer(request, make)

    return router


def _file(backend: Backend, code: str, name: str, profile: str | None) -> "ExportFile":
    kind, _, ending = name.partition(".")
    if kind not in (EVENTS, FACILITIES) or ending not in ("csv", "json"):
        raise NotFound(thing="open_data")
    data = published(backend, municipality_code=code)
    if ending == "json":
        return open_data_json_file(data, kind=kind, profile=profile)
    return open_data_csv(backend, data, kind=kind, profile=profile).file


async def _answer(request: Request, make: Callable[[], tuple[bytes, str]]) -> Response:
    try:
        content, media_type = await asyncio.to_thread(make)
    except DomainError as error:
        # what keeps data from being published must not be published with the refusal
        status = 404 if isinstance(error, NotFound) else 400 if error.code.startswith(("unknown", "profile")) else 409
        sentence = words("ja")("error.open_data_held_back") if status == 409 else refusal(words("ja"), error)
        return JSONResponse({"code": error.code, "message": sentence}, status_code=status)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**_CACHING, "ETag": tag}
    if tag in [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _feed(backend: Backend, base: str, catalogue: list[dict[str, object]]) -> tuple[bytes, str]:
    """An Atom feed (RFC 4287): one entry for each municipality, renewed when its data change."""
    entries, newest = [], "1970-01-01T00:00:00Z"
    for each in catalogue:
        code = str(each["code"])
        data = published(backend, municipality_code=code)
        moments = [session.starts_at for session in data.sessions if session.starts_at]
        mark = hashlib.sha256(repr(data).encode()).hexdigest()[:16]
        # the data themselves hold no time of change: their digest makes a new entry out of changed data
        last = max(moments).strftime("%Y-%m-%dT%H:%M:%SZ") if moments else newest
        newest = max(newest, last)
        link = escape(f"{base}opendata/{code}/events.csv", {'"': "&quot;"})
        entries.append(
            f"<entry><id>urn:supportapp:opendata:{code}:{mark}</id><title>{escape(str(each['name']))}</title>"
            f'<updated>{last}</updated><link rel="alternate" type="text/csv" href="{link}"/></entry>'
        )
    own = escape(f"{base}opendata/feed.xml", {'"': "&quot;"})
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:supportapp:opendata</id><title>supportapp open data</title><updated>{newest}</updated>"
        f'<author><name>supportapp</name></author><link rel="self" href="{own}"/>{"".join(entries)}</feed>\n'
    )
    return feed.encode(), _ATOM
