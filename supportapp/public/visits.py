"""One request to a public page: its language, its form, whose browser it is, and whether it may be answered."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

from events.errors import DomainError
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from supportapp.messages import EASY, Words, words
from supportapp.public.limits import Allowance
from supportapp.public.seals import COOKIE, Seal, Sealer, is_cookie, office_secret

LANGUAGES: Final = {"ja": "ja", "easy": EASY, "en": "en"}
LARGEST_FORM: Final = 30_000  # bytes; a filled form has about 2,000
_MOST_FIELDS: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"


class FormTooLarge(DomainError):
    """More than any of our forms can hold."""

    code = "form_too_large"


class FormUnreadable(DomainError):
    """Not a form of ours."""

    code = "form_unreadable"


class FormForeign(DomainError):
    """Sent from a page of another site."""

    code = "form_foreign"


class TooBusy(DomainError):
    """So much came from one address that it has to wait a moment."""

    code = "too_busy"


@dataclass(slots=True)
class Door:
    """What all public pages share: the data, the secret, and how much one address may send."""

    backend: Backend
    reading: Allowance
    sending: Allowance
    public_host: str = ""
    _sealer: Sealer | None = None

    async def sealer(self) -> Sealer:
        """The sealer of this database."""
        if self._sealer is None:
            proposal = secrets.token_hex(32)
            value = await self.backend.run(actor_for(""), office_secret, proposal=proposal)
            self._sealer = Sealer(bytes.fromhex(value))
        return self._sealer

    def reads(self, request: Request) -> bool:
        """Whether one more page is given to this address now."""
        return self.reading.takes(_address(request))

    def must_take(self, request: Request) -> None:
        """Count a form that adds something; raises TooBusy when this address sends more than people can."""
        if not self.sending.takes(_address(request)):
            raise TooBusy


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody looks at a page in a language; ``cookie`` marks the browser, and is new when it brought none."""

    language: str
    cookie: str
    path: str
    now: datetime
    secure: bool

    @property
    def say(self) -> Words:
        """The words of the language."""
        return words(LANGUAGES[self.language])

    @property
    def dates(self) -> str:
        """The language that days are written in."""
        return "en" if self.language == "en" else "ja"

    def link(self, path: str, **query: str) -> str:
        """The address of another page of ours in the same language."""
        asked = {**query, **({} if self.language == "ja" else {"lang": self.language})}
        return f"{path}?{urlencode(asked)}" if asked else path


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, as it came; nothing is checked yet."""

    values: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """The first value of that name, or nothing."""
        return next((value for key, value in self.values if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """All values of that name (boxes to tick)."""
        return tuple(value for key, value in self.values if key == name)

    def without(self, *names: str) -> "Form":
        """The same without what must not be shown again."""
        return Form(tuple((key, value) for key, value in self.values if key not in names))


def actor_for(municipality_code: str) -> Actor:
    """The server, acting for whoever sends a form."""
    return Actor(name="web", role=Role.LOCAL, municipality_code=municipality_code)


def visit_of(door: Door, request: Request) -> Visit:
    """Who looks at what."""
    language = request.query_params.get("lang", "ja")
    cookie = request.cookies.get(COOKIE, "")
    return Visit(
        language=language if language in LANGUAGES else "ja",
        cookie=cookie if is_cookie(cookie) else secrets.token_hex(16),
        path=request.url.path,
        now=door.backend.clock(),
        secure=request.url.scheme == "https",
    )


async def form_of(door: Door, request: Request) -> Form:
    """The form that was sent: at most 30 kB, and from our own page.

    Raises FormTooLarge, FormUnreadable, FormForeign.
    """
    _must_be_ours(door, request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise FormUnreadable
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise FormTooLarge
    try:
        values = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise FormUnreadable from error
    return Form(tuple(values))


async def seal_of(door: Door, request: Request, visit: Visit, form: Form, purpose: str) -> Seal | None:
    """The seal of a form when it fits this browser; None when it is forged, missing, or a day old."""
    return (await door.sealer()).check(form.one("seal"), request.cookies.get(COOKIE, ""), purpose, visit.now)


def _must_be_ours(door: Door, request: Request) -> None:
    """Refuse a form that another site sent: browsers say where it comes from."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    ours = {request.headers.get("host", ""), door.public_host}  # a proxy may ask us under another name
    foreign = origin is not None and (urlsplit(origin).netloc or "?") not in ours
    if foreign or site not in {"same-origin", "none"}:
        raise FormForeign


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
