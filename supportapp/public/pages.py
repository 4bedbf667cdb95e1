"""How a public page is written: templates, the style sheet, the headers that keep a browser on our side."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Final

import jinja2
from fastapi import Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from supportapp.public.seals import COOKIE, Sealer
from supportapp.public.visits import LANGUAGES, Form, Visit
from supportapp.theme import PALETTES

_FOLDER: Final = resources.files("supportapp.public")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# same-origin and not no-referrer: with that, browsers send a form of our own without its origin
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_COOKIE_SECONDS: Final = 24 * 3600
_READING: Final = re.compile(r"([\u3005\u3400-\u9fff\uf900-\ufaff]+)《([ぁ-ゖー]+)》")
_SCHEMES: Final = {
    "light": ":root",
    "dark": "@media (prefers-color-scheme: dark)",
    "contrast_light": "@media (prefers-contrast: more)",
    "contrast_dark": "@media (prefers-contrast: more) and (prefers-color-scheme: dark)",
}


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    kept: bool = False,
    sealer: Sealer | None = None,
    **values: object,
) -> Response:
    """A page in the visitor's language. ``kept`` lets the browser keep it while it asks again; others are not kept.

    With a ``sealer`` the page may hold forms: ``seal(purpose)`` in the template, and the cookie that belongs to it.
    """
    html = (
        _environment()
        .get_template(template)
        .render(
            say=visit.say,
            words=_marked(visit.say),
            visit=visit,
            languages=_languages(visit),
            style=style_address(),
            form=values.pop("form", None) or Form(),
            seal=_seals(visit, sealer),
            **values,
        )
    )
    headers = HEADERS | {"Cache-Control": "private, no-cache" if kept else "no-store"}
    response = HTMLResponse(html, status_code=status, headers=headers)
    if sealer is not None:
        response.set_cookie(
            COOKIE, visit.cookie, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax", secure=visit.secure
        )
    return response


def style_sheet() -> Response:
    """The one style sheet of all public pages."""
    headers = HEADERS | {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_style(), media_type="text/css", headers=headers)


@cache
def style_address() -> str:
    """The address of the style sheet; it names its content."""
    return f"/public/{hashlib.sha256(_style().encode()).hexdigest()[:12]}/page.css"


def with_readings(text: str) -> Markup:
    """Text as HTML; 申《もう》 becomes a character with its reading above it."""
    return Markup(_READING.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", str(escape(text))))  # noqa: S704 -- escaped


def without_readings(text: str) -> str:
    """Text for places that hold no markup: titles, choices of a list."""
    return _READING.sub(r"\1", text)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("supportapp.public"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = without_readings
    environment.filters["readings"] = with_readings
    return environment


def _marked(say: Callable[..., str]) -> Callable[..., Markup]:
    """The words as HTML with readings; values in them are shown as text."""
    return lambda key, **values: with_readings(say(key, **values))


def _seals(visit: Visit, sealer: Sealer | None) -> Callable[[str], str]:
    def seal(purpose: str) -> str:
        if sealer is None:
            raise ValueError(purpose)  # a form without a seal is a slip of ours
        return sealer.make(visit.cookie, purpose, visit.now)

    return seal


def _languages(visit: Visit) -> list[tuple[str, str, bool]]:
    """Every language with its name in itself, its address for this page, and whether it is the one shown."""
    return [
        (language, visit.path if language == "ja" else f"{visit.path}?lang={language}", language == visit.language)
        for language in LANGUAGES
    ]


@cache
def _style() -> str:
    rules = _FOLDER.joinpath("page.css").read_text("utf-8")
    return "\n".join([*(_colours(name, place) for name, place in _SCHEMES.items()), rules])


def _colours(name: str, place: str) -> str:
    """The colours of one theme of the app as variables of the style sheet."""
    colours = _variables(PALETTES[name])
    return f"{place} {{ {colours} }}" if place == ":root" else f"{place} {{ :root {{ {colours} }} }}"


def _variables(palette: object) -> str:
    facts: Mapping[str, str] = {name: getattr(palette, name) for name in _USED}
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in facts.items())


_USED: Final = (
    "ground", "card", "ink", "quiet", "line", "strong_line", "accent", "on_accent", "accent_ground",
    "on_accent_ground", "enough", "enough_ground", "thin", "thin_ground", "short", "short_ground", "cancelled_ground",
)  # fmt: skip
