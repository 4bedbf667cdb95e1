"""Fields that planning, editing and postponing share: a day, a time, a venue with its room."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, time
from functools import partial
from typing import Any
from uuid import UUID

import flet as ft

from events.errors import DomainError
from events.japan.eras import in_era
from events.japan.typed_dates import parse_date
from events.programme_venues import VenueLine
from events.programme_workshop import Named
from supportapp.components.fields import SelectInput, check_row
from supportapp.components.moments import DateInput, TimeInput
from supportapp.components.screen import Screen
from supportapp.hooks import Office
from supportapp.theme import GAP

NOWHERE = "none"
_TICK_WIDTH = 96


def read_day(office: Office, text: str) -> date | None:
    """The day somebody typed, in any of the usual ways; a day without a year is the next one to come."""
    try:
        return parse_date(text, today=office.today, coming=True)
    except DomainError:
        return None


def day_field(
    office: Office,
    label: str,
    value: date | None,
    on_change: Callable[[date | None], Any],
    *,
    key: str,
) -> ft.Control:
    """A day: typed or picked."""
    return DateInput(
        label,
        field_key=key,
        value=value,
        on_change=on_change,
        read=lambda text: read_day(office, text),
        show=in_era if office.language == "ja" else date.isoformat,
        pick_words=office.words("workshop.pick_day"),
        unreadable=office.words("workshop.day_unreadable"),
    )


def time_field(
    office: Office,
    label: str,
    value: time | None,
    on_change: Callable[[time | None], Any],
    *,
    key: str,
) -> ft.Control:
    """A time of day."""
    return TimeInput(
        label, field_key=key, value=value, on_change=on_change, unreadable=office.words("workshop.time_unreadable")
    )


def tick_row(
    screen: Screen,
    entries: Sequence[tuple[int, str]],
    chosen: Collection[int],
    on_change: Callable[[int, bool], Any],
    *,
    key: str,
) -> ft.Control:
    """Several of a few, side by side: weekdays, weeks of the month. ``entries`` are number and word."""
    return ft.Row(
        [
            ft.Container(
                check_row(
                    word,
                    field_key=f"{key}-{number}",
                    value=number in chosen,
                    on_change=partial(on_change, number),
                ),
                width=screen.size(_TICK_WIDTH),
            )
            for number, word in entries
        ],
        wrap=True,
        spacing=0,
        run_spacing=0,
    )


def named_field(
    label: str,
    nothing: str,
    choices: Sequence[Named],
    value: UUID | None,
    on_change: Callable[[UUID | None], Any],
    *,
    key: str,
) -> ft.Control:
    """One entry of a catalogue (a department, a topic), or ``nothing`` yet."""

    def chose(text: str) -> None:
        on_change(next((each.row_id for each in choices if str(each.row_id) == text), None))

    return SelectInput(
        label,
        [(NOWHERE, nothing), *((str(each.row_id), each.name) for each in choices)],
        field_key=key,
        value=str(value) if value else NOWHERE,
        on_change=chose,
    )


def when_fields(screen: Screen, day: ft.Control, at: ft.Control) -> list[ft.Control]:
    """Day and time side by side, or one under the other on a phone."""
    if screen.is_phone:
        return [day, at]
    parts = [ft.Container(day, expand=True), at]
    return [ft.Row(parts, spacing=GAP, vertical_alignment=ft.CrossAxisAlignment.START)]


def place_fields(
    office: Office,
    venues: Sequence[VenueLine],
    venue_id: UUID | None,
    room_id: UUID | None,
    on_change: Callable[[UUID | None, UUID | None], Any],
    *,
    key: str,
) -> list[ft.Control]:
    """Venue, and its room where it has rooms. A new venue begins with its only room, or with none."""
    say = office.words
    by_id = {str(venue.venue_id): venue for venue in venues}

    def chose_venue(text: str) -> None:
        venue = by_id.get(text)
        rooms = venue.rooms if venue else ()
        on_change(venue.venue_id if venue else None, rooms[0].room_id if len(rooms) == 1 else None)

    def chose_room(text: str) -> None:
        on_change(venue_id, None if text == NOWHERE else UUID(text))

    fields: list[ft.Control] = [
        SelectInput(
            say("workshop.field_venue"),
            [(NOWHERE, say("workshop.no_venue")), *((each, venue.name) for each, venue in by_id.items())],
            field_key=f"{key}-venue",
            value=str(venue_id) if venue_id else NOWHERE,
            on_change=chose_venue,
        )
    ]
    chosen = by_id.get(str(venue_id))
    if chosen is not None and chosen.rooms:
        rooms = [(str(room.room_id), _room_words(office, room.name, room.people_limit)) for room in chosen.rooms]
        fields.append(
            SelectInput(
                say("workshop.field_room"),
                [(NOWHERE, say("workshop.no_room")), *rooms],
                field_key=f"{key}-room",
                value=str(room_id) if room_id else NOWHERE,
                on_change=chose_room,
            )
        )
    return fields


def _room_words(office: Office, name: str, limit: int | None) -> str:
    if limit is None:
        return office.words("venue.room_line_open", name=name)
    return office.words("venue.room_line", name=name, limit=limit)
