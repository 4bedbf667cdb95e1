"""会場: every venue with its rooms, opening days, Wi-Fi and ramp; add, change, retire."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import flet as ft

from events.opening import opening_hours
from events.programme_venues import VenueLine, venues_list
from events.venues import VenueReceipt, retire_venue, return_venue
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import check_row
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import ConfirmPanel, empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet
from supportapp.days import weekday_words
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP
from supportapp.views.venue_edit import VenueEditor

NEW = "new"


@ft.component
def Venues() -> ft.Control:
    """All venues of the municipality."""
    office = use_office()
    screen = use_screen()
    ft.use_route_location()
    say = office.words
    code = office.actor.municipality_code
    with_retired, set_with_retired = ft.use_state(False)
    opened, set_opened = ft.use_state(_asked(office))
    asking, set_asking = ft.use_state("")
    done, set_done = ft.use_state("")
    found = use_query(
        venues_list,
        (municipality_topic(code),),
        municipality_code=code,
        today=office.today,
        with_retired=with_retired,
    )
    act = use_action()

    def close(sentence: str = "") -> None:
        set_opened("")
        set_asking("")
        set_done(sentence)
        act.clear()

    add = primary_button(
        say("venue.add"), lambda _event: set_opened(NEW), key="venue-add", icon=ft.Icons.ADD, disabled=opened == NEW
    )
    head = title_row(say("venue.title"), [add])
    if found.error:
        again = quiet_button(say("venue.again"), lambda _event: found.refresh(), key="venues-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None:
        return screen_column([head, skeleton(say("venue.loading"), rows=5, row_height=96)])
    parts: list[ft.Control] = [head]
    if done:
        parts.append(DoneBanner(done, banner_key="venue-done", on_close=lambda: set_done("")))
    if opened == NEW:
        parts.append(VenueEditor(None, on_close=close))
    elif not found.value:
        parts.append(card([empty_state(say("venue.empty"), icon=ft.Icons.PLACE_OUTLINED)]))
    for venue in found.value:
        name = str(venue.venue_id)
        if opened == name:
            parts.append(VenueEditor(venue, on_close=close))
        elif asking == name:
            parts.append(_ask(office, venue, act, close))
        else:
            parts.append(_venue(office, screen, venue, partial(set_opened, name), partial(set_asking, name)))
    parts.append(
        check_row(say("venue.show_retired"), field_key="venues-retired", value=with_retired, on_change=set_with_retired)
    )
    return screen_column(parts)


def _asked(office: Office) -> str:
    return parse_qs(urlsplit(office.page.route).query).get("open", [""])[0]


def _venue(
    office: Office, screen: Screen, venue: VenueLine, edit: Callable[[], None], ask: Callable[[], None]
) -> ft.Control:
    say = office.words
    lines: list[ft.Control] = [
        body(text) for text in (venue.address or venue.town, opening_words(office, venue.opening_rule)) if text
    ]
    lines.append(body(_rooms_words(office, venue)))
    if venue.coming:
        lines.append(quiet(say("venue.coming", count=venue.coming)))
    signs = ft.Row(
        [
            _sign(office, "venue.wifi", venue.has_wifi),
            _sign(office, "venue.ramp", venue.has_ramp),
            *([state_chip("cancelled", say("venue.retired"))] if venue.retired_on else []),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    asked = urlencode({"venue": str(venue.venue_id)})
    steps: list[ft.Control] = [
        secondary_button(say("venue.edit"), lambda _event: edit(), key=f"venue-edit-{venue.venue_id}")
    ]
    if venue.retired_on:
        steps.append(secondary_button(say("venue.return"), lambda _event: ask(), key=f"venue-return-{venue.venue_id}"))
    else:
        steps.insert(
            0,
            secondary_button(
                say("venue.plan_here"),
                lambda _event: office.go(f"/workshops/new?{asked}"),
                key=f"venue-plan-{venue.venue_id}",
            ),
        )
        steps.append(quiet_button(say("venue.retire"), lambda _event: ask(), key=f"venue-retire-{venue.venue_id}"))
    words = ft.Column([*lines, signs], spacing=STEP, tight=True)
    buttons = ft.Row(steps, wrap=True, spacing=STEP, run_spacing=STEP)
    inside: ft.Control = ft.Column([words, buttons], spacing=GAP, tight=True)
    if screen.is_side_by_side:
        inside = ft.Row(
            [ft.Container(words, expand=True), buttons],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.END,
        )
    return card([inside], title=venue.name, key=f"venue-{venue.venue_id}")


def _sign(office: Office, word: str, there: bool | None) -> ft.Control:
    say = office.words
    known = {True: ("enough", "venue.yes"), False: ("thin", "venue.no"), None: ("neutral", "venue.unknown")}
    mark, answer = known[there]
    return state_chip(mark, f"{say(word)} {say(answer)}")


def _rooms_words(office: Office, venue: VenueLine) -> str:
    say = office.words
    if not venue.rooms:
        return say("venue.no_rooms")
    return "、".join(
        say("venue.room_line_open", name=room.name)
        if room.people_limit is None
        else say("venue.room_line", name=room.name, limit=room.people_limit)
        for room in venue.rooms
    )


def opening_words(office: Office, rule: Mapping[str, object]) -> str:
    """Closed weekdays and hours of a venue in words; nothing where nothing is known."""
    say = office.words
    hours = opening_hours(rule)
    parts = [say("venue.hours", opens=f"{hours[0]:%H:%M}", closes=f"{hours[1]:%H:%M}")] if hours else []
    closed = rule.get("closed_weekdays")
    if isinstance(closed, (list, tuple)) and closed:
        days = "・".join(weekday_words(say, int(day)) for day in closed)
        parts.append(f"{say('venue.closed_days')} {say('venue.closed_weekly', days=days)}")
    return "  ".join(parts)


def _ask(office: Office, venue: VenueLine, act: Action, close: Callable[[str], None]) -> ft.Control:
    say = office.words
    returns = venue.retired_on is not None

    async def confirm(reason: str) -> None:
        use_case: Callable[..., VenueReceipt] = return_venue if returns else retire_venue
        receipt: Any = await act(
            use_case, venue_id=venue.venue_id, reason=reason, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            close(say("venue.returned_done" if returns else "venue.retired_done", name=venue.name))

    return ConfirmPanel(
        say("venue.ask_return" if returns else "venue.ask_retire", name=venue.name),
        panel_key=f"venue-ask-{venue.venue_id}",
        confirm_words=say("venue.return" if returns else "venue.retire"),
        keep_words=say("venue.keep"),
        on_confirm=confirm,
        on_keep=lambda *_event: close(""),
        reason_words=say("venue.reason"),
        error=act.error,
        busy=act.busy,
    )
