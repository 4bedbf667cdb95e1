"""Serves the Flet web client with our own page, our own fonts, compressed beforehand and kept by the browser.

Everything but the page itself lies under an address that names its content (``/client/<version>/``), so that a
browser keeps it for good; the page and plain addresses are checked with an ETag and answered with 304. Text, programs
and icons are compressed once, off the event loop, into the user's cache folder; fonts are compressed as they are.
"""

import asyncio
import contextlib
import gzip
import hashlib
import html
import itertools
import json
import logging
import mimetypes
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import flet_web
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, RedirectResponse
from flet.controls import id_counter
from flet_web.fastapi import FletApp, app_manager

import supportapp
from supportapp.line import Line
from supportapp.messages import LANGUAGES, catalogue

_LOG = logging.getLogger(__name__)
_ASSETS = Path(__file__).parent / "assets"
_SOCKET = "/ws"
_SESSION_SECONDS = 3600
_MOST_FIRST_CONTROL = 2**31
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TEMPLATES = frozenset({"web/index.html", "web/manifest.json"})
_PACKED = frozenset({".js", ".mjs", ".wasm", ".json", ".html", ".css", ".svg", ".otf", ".ttf", ".bin", ".frag"})
_SMALLEST_PACKED = 512
_LEFT_OUT = ("pyodide/", "python", "index.html", "manifest.json", "flutter_service_worker.js", "icons/")
_LEFT_OUT_ENDINGS = (".map", ".symbols", ".d.ts")
# What the engine asks for when no font at hand has a character: emoji (in one colour) and rare kanji; no more.
_FALLBACK = {
    "notocoloremoji": "fonts/SupportappEmoji-Regular.woff2",
    "notosansjp": "fonts/SupportappNames-Regular.woff2",
}
_FIRST_NEEDED = ("main.dart.wasm", "canvaskit/skwasm.wasm", "assets/fonts/MaterialIcons-Regular.otf", "main.dart.mjs")
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".woff2": "font/woff2"}
FONT_MANIFEST = [
    {
        "family": "BIZ UDPGothic",
        "fonts": [
            {"asset": "../fonts/BIZUDPGothic-Regular.woff2", "weight": 400},
            {"asset": "../fonts/BIZUDPGothic-Bold.woff2", "weight": 700},
        ],
    },
    {"family": "Supportapp Names", "fonts": [{"asset": "../fonts/SupportappNames-Regular.woff2"}]},
    # Text that names no font (before the theme is there, or by a slip) is set in the engine's default of this name.
    {"family": "Roboto", "fonts": [{"asset": "../fonts/BIZUDPGothic-Regular.woff2"}]},
    {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
]
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval' blob:",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob: ws: wss:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
# No Cross-Origin-Embedder-Policy on purpose: with it the engine draws in a thread of its own, and then letters came
# out garbled and whole screens stood still (seen in Chromium 2026-11, 2 of 3 runs; none of it on one thread).
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@dataclass(slots=True)
class _Item:
    """One thing to serve: a file on disk, or text made here; ``packed`` is its compressed copy once there is one."""

    name: str
    path: Path
    etag: str
    packed: Path | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def media_type(self) -> str:
        ending = self.path.suffix
        return _TYPES.get(ending) or mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"

    @property
    def worth_packing(self) -> bool:
        return self.path.suffix in _PACKED and self.path.stat().st_size >= _SMALLEST_PACKED


@dataclass(slots=True)
class WebClient:
    """All files of the web client by their address below the root, and where compressed copies are kept."""

    folder: Path
    fingerprint: str
    items: dict[str, _Item]

    @property
    def base(self) -> str:
        """The address that names this content; ends with a slash."""
        return f"/client/{self.fingerprint}/"

    async def answer(self, name: str, request: Request, *, keep: str) -> Response:
        """The file of that name: 200 compressed or plain, 304 when the browser has it, 404."""
        item = self.items.get(name)
        if item is None:
            return Response(status_code=404, headers={"Cache-Control": "no-store"})
        packs = "gzip" in request.headers.get("accept-encoding", "") and item.worth_packing
        headers = HEADERS | {
            "Cache-Control": keep,
            "ETag": f'"{item.etag}-gz"' if packs else f'"{item.etag}"',
            "Vary": "Accept-Encoding",
        }
        if name == "web/index.html":
            headers["Content-Security-Policy"] = "; ".join(_POLICY)
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        path = item.path
        if packs:
            path = await self._packed(item)
            headers["Content-Encoding"] = "gzip"
        return FileResponse(path, headers=headers, media_type=item.media_type)

    async def _packed(self, item: _Item) -> Path:
        async with item.lock:  # the second who asks waits for the first instead of doing the work again
            if item.packed is None:
                item.packed = await asyncio.to_thread(_pack, item.path, self.folder / f"{item.etag}.gz")
        return item.packed

    async def pack_all(self) -> None:
        """Compress what is not compressed yet, the things of a first visit first."""
        first = {name: position for position, name in enumerate(_FIRST_NEEDED)}
        for item in sorted(self.items.values(), key=lambda each: (first.get(each.name, 99), each.name)):
            if item.worth_packing:
                await self._packed(item)


def _pack(source: Path, target: Path) -> Path:
    """Write a gzip copy next to nothing else; a half-written one is never seen."""
    if not target.exists():
        with (
            tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as unfinished,
            gzip.GzipFile("", "wb", 9, unfinished, mtime=0) as packing,
            source.open("rb") as plain,
        ):
            shutil.copyfileobj(plain, packing, 1 << 20)
        Path(unfinished.name).replace(target)
    return target


def make_web_client(folder: Path | None = None) -> WebClient:
    """Collect what is served. ``folder`` keeps the compressed copies (default: this user's cache folder)."""
    sources = _sources()
    release = f"{version('flet-web')} {supportapp.__version__}"
    stamps = [(name, _stamp(path)) for name, path in sorted(sources.items())]
    words = {language: _boot_words(language) for language in LANGUAGES}
    fingerprint = _digest(json.dumps([release, stamps, words, FONT_MANIFEST]).encode())
    place = (folder or _cache_folder()) / fingerprint
    place.mkdir(parents=True, exist_ok=True)
    base = f"/client/{fingerprint}/"
    for name in _TEMPLATES:
        sources[name] = _write(place / Path(name).name, _filled(sources[name].read_text("utf-8"), base, words))
    sources["assets/FontManifest.json"] = _write(place / "FontManifest.json", json.dumps(FONT_MANIFEST))
    items = {name: _Item(name, path, _digest(f"{fingerprint} {name}".encode())) for name, path in sources.items()}
    return WebClient(place, fingerprint, items)


def _sources() -> dict[str, Path]:
    """Every file by its name below the base address; ours win over the client's."""
    client = Path(flet_web.get_package_web_dir())
    found = {path.relative_to(client).as_posix(): path for path in client.rglob("*") if path.is_file()}
    kept = {
        name: path
        for name, path in found.items()
        if not name.startswith(_LEFT_OUT) and not name.endswith(_LEFT_OUT_ENDINGS)
    }
    for part in ("web", "fonts", "manual"):
        own = _ASSETS / part
        kept |= {path.relative_to(_ASSETS).as_posix(): path for path in own.rglob("*") if path.is_file()}
    return kept


def _stamp(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _boot_words(language: str) -> dict[str, str]:
    return {
        key.removeprefix("boot."): sentence for key, sentence in catalogue(language).items() if key.startswith("boot.")
    }


def _filled(template: str, base: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """Put the words and addresses into a page; the words are data there, never program text."""
    first = words[LANGUAGES[0]]
    values = {
        "base": base,
        "socket": _SOCKET,
        "words": json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
        "title": html.escape(first["title"]),
        "short_title": html.escape(first["short_title"]),
        "no_script": html.escape(first["no_script"]),
    }
    for name, value in values.items():
        template = template.replace("{{" + name + "}}", value)
    return template


def _write(path: Path, text: str) -> Path:
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(text, "utf-8")
    return unfinished.replace(path)


def _cache_folder() -> Path:
    import platformdirs  # noqa: PLC0415 -- only the default place needs it

    try:
        return Path(platformdirs.user_cache_dir("supportapp", appauthor=False, ensure_exists=True)) / "web"
    except OSError:
        return Path(tempfile.mkdtemp(prefix="supportapp-web-"))


def mount_web_client(server: FastAPI, main: Callable[..., Any], *, folder: Path | None = None) -> WebClient:
    """Serve the app ``main`` at ``/``; call it last, because it answers every address that is left.

    ``main`` is Flet's entry point: it is given a page for each browser that comes.
    """
    client = make_web_client(folder)
    _number_controls_apart()

    @server.websocket(_SOCKET)
    async def talk(websocket: WebSocket) -> None:
        line = Line(websocket)
        with contextlib.suppress(WebSocketDisconnect):  # a tablet that goes away while it is written to
            if not await line.opens():
                return
            await FletApp(
                loop=asyncio.get_running_loop(),
                executor=app_manager.executor,
                main=main,
                before_main=None,
                session_timeout_seconds=_SESSION_SECONDS,
            ).handle(cast(WebSocket, line))

    @server.get("/client/{fingerprint}/{name:path}", include_in_schema=False)
    async def kept_file(fingerprint: str, name: str, request: Request) -> Response:
        if name.startswith("fallback/") and (font := _FALLBACK.get(name.split("/")[1])):
            return RedirectResponse(client.base + font, headers=HEADERS | {"Cache-Control": _FOREVER})
        # A page from before an upgrade still asks by its old name: it gets the new file, but may not keep it.
        keep = _FOREVER if fingerprint == client.fingerprint else _ASK_AGAIN
        return await client.answer(name, request, keep=keep)

    @server.get("/{name:path}", include_in_schema=False)
    async def page(name: str, request: Request) -> Response:
        known = name if name in client.items else "web/index.html"
        if known == "web/index.html" and Path(name).suffix not in {"", ".html"}:
            known = name  # a picture that is not there is a 404, an address of the app is the page
        return await client.answer(known, request, keep=_ASK_AGAIN)

    _run_with(server, client)
    return client


def _number_controls_apart() -> None:
    """Begin the numbers of controls somewhere else than the process before this one did.

    A browser that comes back to a new process still holds the controls of the old one. Where a service of its browser
    memory bears the same number as before, Flet's client takes it for the old one and never answers.
    """
    id_counter.ControlId._counter = itertools.count(secrets.randbelow(_MOST_FIRST_CONTROL))  # noqa: SLF001 -- no other way in


def _run_with(server: FastAPI, client: WebClient) -> None:
    """Begin and end the client's own work together with the server's."""
    around = server.router.lifespan_context

    @asynccontextmanager
    async def both(app: Any) -> AsyncIterator[Any]:
        await app_manager.start()
        packing = asyncio.create_task(client.pack_all())
        packing.add_done_callback(_say_failure)
        try:
            async with around(app) as state:
                yield state
        finally:
            packing.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await packing
            await app_manager.shutdown()

    server.router.lifespan_context = both


def _say_failure(packing: "asyncio.Task[None]") -> None:
    if not packing.cancelled() and (error := packing.exception()) is not None:
        _LOG.warning("compressing the web client failed: %s", error)
