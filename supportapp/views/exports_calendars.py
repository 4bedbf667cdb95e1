"""Calendars to follow: the public address of the municipality, and one's own address of the staff's calendar."""

from typing import Any
from urllib.parse import urlsplit

import flet as ft

from events.japan.clock import tokyo_date
from events.japan.eras import on_screen
from supportapp.components.buttons import danger_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import card, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.feed_addresses import make_staff_feed, revoke_staff_feed, staff_feed_of
from supportapp.handing_out_calendars import hand_out_staff_calendar
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import RADIUS, STEP
from supportapp.views.handing_over import HandOver
from supportapp.waiting_files import new_token


@ft.component
def CalendarsPart(hand: HandOver) -> ft.Control:
    """Both calendars, side by side where there is room."""
    office = use_office()
    screen = use_screen()
    say = office.words
    return card(
        [body(say("export.calendar_help")), two_pane(screen, PublicCalendar(), StaffCalendar(hand))],
        title=say("export.calendar_title"),
        key="calendars-part",
    )


@ft.component
def PublicCalendar() -> ft.Control:
    """The address that anybody may know."""
    office = use_office()
    say = office.words
    address = feed_address(office, f"/calendar/public/{office.actor.municipality_code}.ics")
    return ft.Column(
        [row_title(say("export.public_address")), Address(address, name="public")], spacing=STEP, tight=True
    )


@ft.component
def StaffCalendar(hand: HandOver) -> ft.Control:
    """One's own secret address: shown when it is made, replaced, ended; or the calendar as a file."""
    office = use_office()
    act = use_action()
    made, set_made = ft.use_state("")
    ended, set_ended = ft.use_state(False)
    say = office.words
    mine: dict[str, Any] = {"municipality_code": office.actor.municipality_code, "account_id": office.actor.account_id}
    known = use_query(staff_feed_of, (municipality_topic(office.actor.municipality_code),), **mine)

    async def make(_event: object) -> None:
        token = new_token()
        if await act(make_staff_feed, **mine, token=token, now=office.now()) is not None:
            set_made(feed_address(office, f"/calendar/staff/{token}.ics"))
            set_ended(False)
            known.refresh()

    async def end(_event: object) -> None:
        if await act(revoke_staff_feed, **mine, now=office.now()) is not None:
            set_made("")
            set_ended(True)
            known.refresh()

    async def take(_event: object) -> None:
        await hand(
            lambda: hand_out_staff_calendar(
                office.backend,
                office.actor,
                municipality_code=office.actor.municipality_code,
                domain=office.settings.calendar_domain,
                language=office.language,
            )
        )

    parts: list[ft.Control] = [row_title(say("export.staff_title")), body(say("export.staff_help"))]
    if act.error or known.error:
        parts.append(error_banner(act.error or known.error or ""))
    if made:
        parts.append(Address(made, name="staff"))
    elif known.value is not None:
        day = on_screen(tokyo_date(known.value.made_at), office.today)
        parts.append(quiet(say("export.staff_made", day=day)))
    elif ended:
        parts.append(
            DoneBanner(
                say("export.staff_revoked"), banner_key="staff-ended", on_close=lambda: set_ended(False), stays=True
            )
        )
    else:
        parts.append(quiet(say("export.staff_none")))
    has_one = bool(made) or known.value is not None
    buttons: list[ft.Control] = [
        secondary_button(
            say("export.staff_again" if has_one else "export.staff_make"), make, key="make-feed", busy=act.busy
        ),
        *([danger_button(say("export.staff_revoke"), end, key="end-feed", busy=act.busy)] if has_one else []),
        quiet_button(say("export.staff_file"), take, key="take-staff-calendar", disabled=hand.busy),
    ]
    parts.append(ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP))
    return ft.Column(parts, spacing=STEP, tight=True)


@ft.component
def Address(address: str, *, name: str) -> ft.Control:
    """An address to copy into a calendar program."""
    say = use_office().words
    clipboard = ft.use_memo(ft.Clipboard, [])  # lives as long as the screen: a passing one never answers
    copied, set_copied = ft.use_state(False)

    async def copy(_event: object) -> None:
        await clipboard.set(address)
        set_copied(True)

    words = ft.Text(address, theme_style=ft.TextThemeStyle.BODY_LARGE, key=f"address-{name}")
    return ft.Column(
        [
            ft.Container(words, bgcolor=ft.Colors.SURFACE_CONTAINER, border_radius=RADIUS, padding=STEP),
            ft.Row(
                [
                    secondary_button(say("export.copy"), copy, key=f"copy-{name}", icon=ft.Icons.CONTENT_COPY),
                    *([quiet(say("export.copied"))] if copied else []),
                ],
                wrap=True,
                spacing=STEP,
                run_spacing=STEP,
            ),
        ],
        spacing=STEP,
        tight=True,
    )


def feed_address(office: Office, path: str) -> str:
    """A path of this server as the person's browser reaches it."""
    here = urlsplit(office.page.url or "")
    scheme = {"ws": "http", "wss": "https"}.get(here.scheme, here.scheme)
    return f"{scheme}://{here.netloc}{path}" if here.netloc else path
