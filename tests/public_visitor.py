"""Somebody at a public page, as a plain browser without JavaScript: follows links, keeps cookies, sends forms."""

import asyncio
import html
import re
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from supportapp.backend import Backend
from supportapp.public.router import public_router

ORIGIN = "http://testserver"
_FIELD = re.compile(r'<input type="(hidden|radio|checkbox)"[^>]*?name="([^"]*)" value="([^"]*)"([^>]*)>')


def a_visitor(backend: Backend, **settings: Any) -> "Visitor":
    """A new browser looking at public pages on this backend."""
    server = FastAPI()
    server.include_router(public_router(backend, **settings))
    return Visitor(Client(server))


class Client:
    """httpx on the server without a socket, one request after the other."""

    def __init__(self, server: FastAPI) -> None:
        self._server = server
        self.cookies = httpx.Cookies()

    def get(self, path: str, **values: Any) -> httpx.Response:
        """Ask for an address."""
        return asyncio.run(self._ask("GET", path, values))

    def post(self, path: str, **values: Any) -> httpx.Response:
        """Send something to an address."""
        return asyncio.run(self._ask("POST", path, values))

    async def _ask(self, method: str, path: str, values: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._server)
        async with httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, cookies=self.cookies, follow_redirects=True
        ) as asking:
            response = await asking.request(method, path, **values)
            self.cookies.update(asking.cookies)
            return response


class Visitor:
    """One browser: its cookies, and the page it looks at."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.response: httpx.Response | None = None

    @property
    def html(self) -> str:
        """The page as it came."""
        assert self.response is not None
        return self.response.text

    @property
    def words(self) -> str:
        """What stands on the page, without markup."""
        inline = re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>|</?(?:ruby|span)[^>]*>", "", self.html)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inline)).split())

    @property
    def status(self) -> int:
        """The status of the page."""
        assert self.response is not None
        return self.response.status_code

    @property
    def receipt_number(self) -> str:
        """The receipt number in large type."""
        found = re.search(r'class="receipt">([^<]+)<', self.html)
        assert found is not None, self.words
        return found[1]

    def opens(self, path: str, **headers: str) -> "Visitor":
        """Go to an address."""
        self.response = self.client.get(path, headers=headers)
        return self

    def hidden(self) -> dict[str, str]:
        """What the form carries unseen, of the last form of the page."""
        return {name: html.unescape(value) for kind, name, value, _ in _FIELD.findall(self.html) if kind == "hidden"}

    def options(self, name: str) -> list[str]:
        """The values that can be chosen of that name."""
        return [html.unescape(value) for _, field, value, _ in _FIELD.findall(self.html) if field == name]

    def sends(self, path: str, origin: str | None = ORIGIN, **values: Any) -> "Visitor":
        """Send the form of this page with these values; ``None`` leaves a field out."""
        form = {**self.hidden(), **values}
        body = urlencode({name: value for name, value in form.items() if value is not None}, doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **({"Origin": origin} if origin else {})}
        self.response = self.client.post(path, content=body, headers=headers)
        return self

    def applies(self, path: str, **values: Any) -> "Visitor":
        """Open the page of a workshop and apply as 高橋 花子 unless told otherwise."""
        self.opens(path)
        usual = {
            "session": next(iter(self.options("session")), ""),
            "name": "高橋 花子",
            "kana": "たかはし はなこ",
            "telephone": "042-300-1234",
            "phone_kind": "iphone",
            "companions": "0",
            "consent": "yes",
        }
        return self.sends(path, **{**usual, **values})
