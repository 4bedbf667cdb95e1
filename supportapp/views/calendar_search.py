"""Find a workshop, a session or a venue by a word."""

import flet as ft

from events.programme_venues import Found, find_everywhere
from supportapp.components.buttons import Tap, quiet_button
from supportapp.components.fields import TextInput
from supportapp.components.layout import card
from supportapp.components.screen import Screen, use_screen
from supportapp.components.texts import body, row_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.calendar_list import session_row


@ft.component
def CalendarSearch() -> ft.Control:
    """A field; what it finds stands under it."""
    office = use_office()
    screen = use_screen()
    text, set_text = ft.use_state("")
    say = office.words
    minute = office.now().replace(second=0, microsecond=0)
    found = use_query(
        find_everywhere, (), municipality_code=office.actor.municipality_code, text=text.strip(), now=minute
    )
    field = TextInput(say("calendar.search"), field_key="calendar-search", value=text, on_change=set_text)
    # the field keeps its place in the tree whatever is found, or it would lose what is being typed
    return ft.Column(
        [field, *_hits(office, screen, text.strip(), found.value)],
        spacing=STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _hits(office: Office, screen: Screen, text: str, found: Found | None) -> list[ft.Control]:
    say = office.words
    if not text or found is None:
        return []
    if not (found.sessions or found.workshops or found.venues):
        return [body(say("calendar.search_found_none", text=text))]

    def goes(path: str) -> Tap:
        return lambda _event: office.go(path)

    parts: list[ft.Control] = []
    if found.workshops:
        parts.append(row_title(say("calendar.found_workshops")))
        parts += [quiet_button(title, goes(f"/workshops/{key}"), key=f"found-{key}") for key, title in found.workshops]
    if found.sessions:
        parts.append(row_title(say("calendar.found_sessions")))
        parts += [session_row(office, screen, chip, with_day=True) for chip in found.sessions]
    if found.venues:
        parts.append(row_title(say("calendar.found_venues")))
        parts += [quiet_button(name, goes(f"/venues?open={key}"), key=f"found-{key}") for key, name in found.venues]
    return [card(parts, key="calendar-found")]
