"""予定: a month on a grid, a week by room, or a list. Holidays and closing days show; a tap on a free place plans."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import flet as ft

from events.programme_queries import week_by_room
from events.programme_venues import day_notices
from supportapp.attention import staffed_sessions
from supportapp.components.buttons import icon_button, primary_button, quiet_button, secondary_button
from supportapp.components.fields import choice_row
from supportapp.components.layout import screen_column, title_row
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import section_title
from supportapp.days import day_words, month_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP
from supportapp.views.calendar_list import calendar_list
from supportapp.views.calendar_month import month_grid
from supportapp.views.calendar_search import CalendarSearch
from supportapp.views.calendar_week import week_lanes

SHOWS: Final = ("month", "week", "list")
_WEEK = timedelta(days=7)
_SPAN_BELOW: Final = 300  # so narrow that the month stands above its two arrows (a phone with large text)


@ft.component
def Calendar() -> ft.Control:
    """The programme of the municipality."""
    office = use_office()
    screen = use_screen()
    ft.use_route_location()
    say = office.words
    code = office.actor.municipality_code
    show, on = _asked(office.page.route, screen, office.today)
    first, last = _span(show, on)
    minute = office.now().replace(second=0, microsecond=0)
    topics = (municipality_topic(code),)
    found = use_query(staffed_sessions, topics, municipality_code=code, first=first, last=last, now=minute)
    marked = use_query(day_notices, topics, municipality_code=code, first=first, last=last)
    lanes = use_query(week_by_room, topics, municipality_code=code, first=first, last=last)

    def go(new_show: str, new_on: date) -> None:
        office.go(f"/calendar?{urlencode({'show': new_show, 'on': new_on.isoformat()})}")

    head = _head(office, screen, show, on, go)
    error = found.error or marked.error or lanes.error
    if error:
        again = quiet_button(say("calendar.again"), lambda _event: found.refresh(), key="calendar-again")
        return screen_column([*head, error_banner(error, again)])
    if found.value is None or marked.value is None or lanes.value is None:
        return screen_column([*head, skeleton(say("calendar.loading"), rows=5, row_height=96)])
    if show == "month":
        return screen_column([*head, month_grid(office, screen, on, found.value, marked.value)])
    if show == "week":
        return screen_column([*head, week_lanes(office, screen, first, lanes.value, found.value, marked.value)])
    return screen_column([*head, calendar_list(office, screen, found.value, marked.value)])


def _asked(route: str, screen: Screen, today: date) -> tuple[str, date]:
    """What the address asks for; a phone begins with the list."""
    values = parse_qs(urlsplit(route).query)
    show = values.get("show", [""])[0]
    if show not in SHOWS:
        show = "list" if screen.is_phone else "month"
    try:
        return show, date.fromisoformat(values.get("on", [""])[0])
    except ValueError:
        return show, today


def _span(show: str, on: date) -> tuple[date, date]:
    """First and last day in sight: whole weeks of the month, one week, or one month."""
    if show == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    first = on.replace(day=1)
    last = _next_month(first) - timedelta(days=1)
    if show == "list":  # from the day on; from within a month to the end of the next one
        return on, last if on == first else _next_month(last) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def _next_month(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1, day=1)


def _moved(show: str, on: date, way: int) -> date:
    if show == "week":
        return on + way * _WEEK
    first = on.replace(day=1)
    if way < 0 and show == "list" and on != first:
        return first  # what lies before the day in its own month
    return _next_month(first) if way > 0 else (first - timedelta(days=1)).replace(day=1)


def _head(office: Office, screen: Screen, show: str, on: date, go: Callable[[str, date], None]) -> list[ft.Control]:
    say = office.words
    buttons = [
        primary_button(
            say("calendar.plan"), lambda _event: office.go("/workshops/new"), key="calendar-plan", icon=ft.Icons.ADD
        ),
        secondary_button(say("calendar.workshops"), lambda _event: office.go("/workshops"), key="calendar-workshops"),
        secondary_button(say("calendar.venues"), lambda _event: office.go("/venues"), key="calendar-venues"),
        secondary_button(
            say("calendar.matching"),
            lambda _event: office.go(f"/matching?{urlencode({'from': on.replace(day=1).isoformat()})}"),
            key="calendar-matching",
        ),
    ]
    now_words = say("calendar.this_week" if show == "week" else "calendar.this_month")
    span = section_title(_span_title(office, show, on))
    back = icon_button(
        say("calendar.previous"),
        ft.Icons.CHEVRON_LEFT,
        lambda _event: go(show, _moved(show, on, -1)),
        key="calendar-previous",
    )
    onward = icon_button(
        say("calendar.next"),
        ft.Icons.CHEVRON_RIGHT,
        lambda _event: go(show, _moved(show, on, 1)),
        key="calendar-next",
    )
    now = quiet_button(now_words, lambda _event: go(show, office.today), key="calendar-now")
    narrow = screen.room < _SPAN_BELOW
    steps = ft.Row(
        [span, ft.Row([back, onward, now], spacing=STEP)] if narrow else [back, span, onward, now],
        spacing=STEP,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    shows = choice_row(
        say("calendar.show"),
        [(each, say(f"calendar.{each}")) for each in SHOWS if each != "week" or not screen.is_phone],
        field_key="calendar-show",
        value=show,
        on_change=lambda new_show: go(new_show, on),
        show_label=False,
    )
    bar = ft.Row(
        [steps, shows],
        wrap=True,
        spacing=GAP,
        run_spacing=STEP,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return [title_row(say("calendar.title"), buttons), CalendarSearch(), bar]


def _span_title(office: Office, show: str, on: date) -> str:
    if show != "week":
        return month_title(office.words, office.language, on)
    monday = on - timedelta(days=on.weekday())
    first, last = (
        day_words(office.words, office.language, day, office.today) for day in (monday, monday + timedelta(days=6))
    )
    return f"{first} – {last}"
