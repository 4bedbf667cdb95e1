"""The form of a venue: name, address, what it offers, when it is open, and its rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import partial
from typing import Any, Final

import flet as ft

from events.opening import opening_hours
from events.programme_venues import VenueLine
from events.venues import RoomDraft, VenueDraft, add_venue, edit_venue
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.fields import NumberInput, TextInput, check_row, choice_row, form
from supportapp.components.layout import card
from supportapp.components.screen import Screen, use_screen
from supportapp.components.states import error_banner
from supportapp.components.texts import row_title
from supportapp.days import weekday_words
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, STEP
from supportapp.views.planning_fields import tick_row, time_field

_TEXTS: Final = ("kana", "town", "address", "telephone", "access", "note")
_ANSWERS: Final = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in the fields. ``rule`` is the stored opening rule without its hours."""

    draft: VenueDraft
    rule: Mapping[str, object]
    opens: time | None
    closes: time | None


def _form_of(venue: VenueLine | None) -> _Form:
    if venue is None:
        return _Form(VenueDraft(name="", rooms=()), {}, None, None)
    hours = opening_hours(venue.opening_rule)
    draft = VenueDraft(
        name=venue.name,
        kana=venue.kana,
        number=venue.number,
        poi_code=venue.poi_code,
        postal_code=venue.postal_code,
        town=venue.town,
        address=venue.address,
        latitude=venue.latitude,
        longitude=venue.longitude,
        telephone=venue.telephone,
        access=venue.access,
        has_wifi=venue.has_wifi,
        wifi_limit=venue.wifi_limit,
        has_ramp=venue.has_ramp,
        accessibility=venue.accessibility,
        note=venue.note,
        rooms=tuple(RoomDraft(room.name, room.people_limit, room.note, room.room_id) for room in venue.rooms),
    )
    rule = {name: value for name, value in venue.opening_rule.items() if name not in {"opens", "closes"}}
    return _Form(draft, rule, hours[0] if hours else None, hours[1] if hours else None)


@ft.component
def VenueEditor(venue: VenueLine | None, *, on_close: Callable[[str], Any]) -> ft.Control:
    """A new venue, or one to change; ``on_close`` gets what was done as a sentence, or nothing."""
    office = use_office()
    screen = use_screen()
    say = office.words
    values, set_values = ft.use_state(_form_of(venue))
    act = use_action()

    def change(**changes: Any) -> None:
        set_values(lambda before: replace(before, **changes))

    def write(**changes: Any) -> None:
        set_values(lambda before: replace(before, draft=replace(before.draft, **changes)))

    async def save(_event: object) -> None:
        draft = _draft_of(values)
        now, by = office.now(), office.actor.name
        if venue is None:
            code = office.actor.municipality_code
            receipt = await act(add_venue, municipality_code=code, draft=draft, now=now, by=by)
        else:
            receipt = await act(edit_venue, venue_id=venue.venue_id, draft=draft, now=now, by=by)
        if receipt is not None:
            on_close(say("venue.saved", name=receipt.name))

    buttons = ft.Row(
        [
            primary_button(say("venue.save"), save, key="venue-save", busy=act.busy),
            quiet_button(say("venue.leave"), lambda _event: on_close(""), key="venue-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    fields = [
        TextInput(
            say("venue.field_name"),
            field_key="venue-name",
            value=values.draft.name,
            on_change=lambda text: write(name=text),
            autofocus=venue is None,
        ),
        *_text_fields(office, values, write),
        *_answer_fields(office, values, write),
        *_opening_fields(office, screen, values, change),
        *_room_fields(office, values, write),
        *([error_banner(act.error)] if act.error else []),
        buttons,
    ]
    return card([form(fields)], title=venue.name if venue else say("venue.new_title"), key="venue-editor")


def _draft_of(values: _Form) -> VenueDraft:
    rule = dict(values.rule)
    if values.opens and values.closes:
        rule |= {"opens": f"{values.opens:%H:%M}", "closes": f"{values.closes:%H:%M}"}
    rooms = tuple(room for room in values.draft.rooms if room.name.strip() or room.room_id)
    return replace(values.draft, opening_rule=rule, rooms=rooms)


def _into(write: Any, name: str, read: Callable[[str], object] = str) -> Callable[[str], None]:
    """A handler that writes what was typed or chosen into one field of the draft."""

    def typed(text: str) -> None:
        write(**{name: read(text)})

    return typed


def _text_fields(office: Office, values: _Form, write: Any) -> list[ft.Control]:
    return [
        TextInput(
            office.words(f"venue.field_{name}"),
            field_key=f"venue-{name}",
            value=getattr(values.draft, name),
            on_change=_into(write, name),
        )
        for name in _TEXTS
    ]


def _answer_fields(office: Office, values: _Form, write: Any) -> list[ft.Control]:
    say = office.words
    words = [(answer, say(f"venue.{answer}")) for answer in _ANSWERS]
    fields: list[ft.Control] = [
        choice_row(
            say(f"venue.{word}"),
            words,
            field_key=f"venue-{word}",
            value=next(answer for answer, there in _ANSWERS.items() if there is getattr(values.draft, name)),
            on_change=_into(write, name, _ANSWERS.__getitem__),
        )
        for word, name in (("wifi", "has_wifi"), ("ramp", "has_ramp"))
    ]
    if values.draft.has_wifi:
        fields.insert(
            1,
            NumberInput(
                say("venue.field_wifi_limit"),
                field_key="venue-wifi-limit",
                value=values.draft.wifi_limit,
                on_change=lambda limit: write(wifi_limit=limit),
            ),
        )
    return fields


def _opening_fields(office: Office, screen: Screen, values: _Form, change: Any) -> list[ft.Control]:
    say = office.words
    stored = values.rule.get("closed_weekdays")
    closed = {int(day) for day in stored} if isinstance(stored, (list, tuple)) else set()

    def rule(**changes: object) -> None:
        change(rule={"closed_weekdays": sorted(closed), **values.rule, **changes})

    def choose(weekday: int, chosen: bool) -> None:
        rule(closed_weekdays=sorted(closed | {weekday} if chosen else closed - {weekday}))

    fields: list[ft.Control] = [
        row_title(say("venue.closed_days")),
        tick_row(
            screen,
            [(weekday, weekday_words(say, weekday)) for weekday in range(7)],
            closed,
            choose,
            key="venue-closed",
        ),
    ]
    if closed:
        fields.append(
            choice_row(
                say("venue.on_holiday"),
                [(each, say(f"venue.holiday_{each}")) for each in ("next", "open", "closed")],
                field_key="venue-holiday",
                value=str(values.rule.get("on_holiday", "next")),
                on_change=lambda each: rule(on_holiday=each),
            )
        )
    fields += [
        check_row(
            say("venue.year_end"),
            field_key="venue-year-end",
            value=bool(values.rule.get("closed_at_year_end", bool(values.rule))),
            on_change=lambda chosen: rule(closed_at_year_end=chosen),
        ),
        ft.Row(
            [
                time_field(
                    office, say("venue.opens"), values.opens, lambda opens: change(opens=opens), key="venue-opens"
                ),
                time_field(
                    office, say("venue.closes"), values.closes, lambda closes: change(closes=closes), key="venue-closes"
                ),
            ],
            spacing=GAP,
            wrap=True,
        ),
    ]
    return fields


def _room_fields(office: Office, values: _Form, write: Any) -> list[ft.Control]:
    say = office.words
    rooms = values.draft.rooms

    def change_room(index: int, **changes: Any) -> None:
        write(rooms=tuple(replace(room, **changes) if at == index else room for at, room in enumerate(rooms)))

    def rename(index: int, name: str) -> None:
        change_room(index, name=name)

    def limit_to(index: int, people_limit: int | None) -> None:
        change_room(index, people_limit=people_limit)

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    TextInput(
                        say("venue.field_room"),
                        field_key=f"venue-room-{index}",
                        value=room.name,
                        on_change=partial(rename, index),
                    ),
                    expand=True,
                ),
                NumberInput(
                    say("venue.field_limit"),
                    field_key=f"venue-limit-{index}",
                    value=room.people_limit,
                    on_change=partial(limit_to, index),
                ),
            ],
            spacing=GAP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for index, room in enumerate(rooms)
    ]
    add = secondary_button(
        say("venue.add_room"),
        lambda _event: write(rooms=(*rooms, RoomDraft(""))),
        key="venue-add-room",
        icon=ft.Icons.ADD,
    )
    return [row_title(say("venue.rooms")), *rows, ft.Row([add])]
