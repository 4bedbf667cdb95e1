"""Addresses for other programs: calendars to follow, files to fetch once, one file to bring.

An address with a secret in it answers 404 alike for one that never was, was revoked or was used. Everything that
reads or writes runs in threads: the event loop serves every tablet.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from events.errors import DomainError, NotFound
from supportapp.backend import Backend
from supportapp.feed_addresses import FeedKind, feed_reader
from supportapp.handing_out_calendars import (
    public_calendar_file,
    session_calendar_file,
    staff_calendar_file,
    venue_calendar_file,
    volunteer_calendar_file,
)
from supportapp.identity import Actor, Role
from supportapp.messages import Words, words
from supportapp.settings import Settings
from supportapp.uploads import UploadBrokenOff, UploadTooLarge, received
from supportapp.waiting_files import FileGone, bring_file, fetch_file, upload_place
from supportapp.wording import refusal

if TYPE_CHECKING:
    from exports.files import ExportFile

# The server itself, for whoever holds a secret address.
SERVER = Actor(name="server", role=Role.LOCAL, municipality_code="")
_STATUS: dict[type[DomainError], int] = {FileGone: 404, NotFound: 404, UploadTooLarge: 413}
_PUBLIC = "public, max-age=300"
_SECRET = "private, no-cache"  # noqa: S105 -- a caching rule


def feeds_router(backend: Backend, settings: Settings) -> APIRouter:
    """The addresses of calendars, downloads and uploads, on the given backend."""
    router = APIRouter()
    _add_public_calendars(router, backend, settings)
    _add_personal_calendars(router, backend, settings)
    _add_files(router, backend, settings)
    return router


def _add_public_calendars(router: APIRouter, backend: Backend, settings: Settings) -> None:
    domain = settings.calendar_domain

    @router.get("/calendar/public/{code}.ics")
    async def public(code: str, request: Request) -> Response:
        return await _calendar(
            request, _PUBLIC, lambda: public_calendar_file(backend, municipality_code=code, domain=domain)
        )

    @router.get("/calendar/venue/{venue_id}.ics")
    async def venue(venue_id: str, request: Request) -> Response:
        return await _calendar(
            request, _PUBLIC, lambda: venue_calendar_file(backend, venue_id=_id(venue_id), domain=domain)
        )

    @router.get("/calendar/session/{session_id}.ics")
    async def session(session_id: str, request: Request) -> Response:
        return await _calendar(
            request, _PUBLIC, lambda: session_calendar_file(backend, session_id=_id(session_id), domain=domain)
        )


def _add_personal_calendars(router: APIRouter, backend: Backend, settings: Settings) -> None:
    domain = settings.calendar_domain

    def of_volunteer(token: str) -> "ExportFile":
        reader = backend.read_now(SERVER, feed_reader, token=token, kind=FeedKind.VOLUNTEER)
        if reader.volunteer_id is None:
            raise NotFound(thing="feed")
        return volunteer_calendar_file(
            backend, reader, volunteer_id=reader.volunteer_id, name=reader.name, domain=domain
        )

    def of_staff(token: str) -> "ExportFile":
        reader = backend.read_now(SERVER, feed_reader, token=token, kind=FeedKind.STAFF)
        return staff_calendar_file(backend, reader, municipality_code=reader.municipality_code, domain=domain)

    @router.get("/calendar/volunteer/{token}.ics")
    async def volunteer(token: str, request: Request) -> Response:
        return await _calendar(request, _SECRET, lambda: of_volunteer(token))

    @router.get("/calendar/staff/{token}.ics")
    async def staff(token: str, request: Request) -> Response:
        return await _calendar(request, _SECRET, lambda: of_staff(token))


def _add_files(router: APIRouter, backend: Backend, settings: Settings) -> None:
    @router.get("/files/{token}")
    async def fetch(token: str, request: Request) -> Response:
        from exports.files import attachment  # noqa: PLC0415 -- wanted when a file leaves only

        try:
            file = await backend.run(SERVER, fetch_file, token=token, now=backend.clock())
        except DomainError as error:
            return _refused(_language(request), error)
        headers = {
            "Content-Disposition": attachment(file.name),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        return Response(file.content, media_type=file.media_type, headers=headers)

    @router.post("/upload/{token}")
    async def upload(
        token: str,
        request: Request,
        x_file_name: Annotated[str, Header()] = "",
        content_length: Annotated[int | None, Header(ge=0)] = None,
        content_type: Annotated[str, Header()] = "",
    ) -> Response:
        try:
            place = await backend.read(SERVER, upload_place, token=token, now=backend.clock())
            file = await received(
                request.stream(),
                announced=content_length,
                limit=settings.upload_limit,
                content_type=content_type,
                name=unquote(x_file_name),
            )
            bringer = Actor(name="upload", role=Role.LOCAL, municipality_code=place.municipality_code)
            await backend.run(
                bringer,
                bring_file,
                token=token,
                name=file.name,
                media_type=file.media_type,
                content=file.content,
                now=backend.clock(),
            )
        except ClientDisconnect:
            return _refused(_language(request), UploadBrokenOff())
        except DomainError as error:
            return _refused(_language(request), error)
        return JSONResponse({"name": file.name, "bytes": len(file.content)})


async def _calendar(request: Request, caching: str, make: "Callable[[], ExportFile]") -> Response:
    from exports.calendar import etag  # noqa: PLC0415 -- wanted when a calendar is asked for only

    try:
        file = await asyncio.to_thread(make)
    except DomainError as error:
        return _refused(_language(request), NotFound(thing="calendar") if error.code == "not_allowed" else error)
    tag = etag(file.content)
    headers = {"ETag": tag, "Cache-Control": caching, "X-Content-Type-Options": "nosniff"}
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


def _matches(asked: str, tag: str) -> bool:
    """Whether one of the tags of If-None-Match is this one; a proxy may have weakened it (RFC 9110, 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in asked.split(",")]
    return "*" in tags or tag in tags


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(thing="calendar") from None


def _refused(say: Words, error: DomainError) -> Response:
    status = _STATUS.get(type(error), 422)
    body = {"code": error.code, "message": refusal(say, error)}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def _language(request: Request) -> Words:
    """Japanese, unless the other side asks for English first."""
    first = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return words("en" if first.startswith("en") else "ja")
