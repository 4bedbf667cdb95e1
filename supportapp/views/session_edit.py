"""Change a session, or postpone it: the fields as they stand; a new time or place is told to everybody who applied."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_time
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import postpone_session
from events.programme_session import SessionPage
from events.programme_venues import venues_list
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import NumberInput, TextInput, check_row, form
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import STEP
from supportapp.views.notice_parts import WhoIsConcerned
from supportapp.views.planning_fields import day_field, place_fields, time_field


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in the fields."""

    day: date | None
    starts: time | None
    ends: time | None
    venue_id: UUID | None
    room_id: UUID | None
    seats: int | None
    devices: int | None
    note: str
    reason: str = ""
    confirmed: bool = False
    override: str = ""


def _form_of(page: SessionPage, *, postpone: bool) -> _Form:
    chip = page.chip
    return _Form(
        day=None if postpone else chip.held_on,
        starts=tokyo_time(chip.starts_at) if chip.starts_at else None,
        ends=tokyo_time(chip.ends_at) if chip.ends_at else None,
        venue_id=chip.venue_id,
        room_id=chip.room_id,
        seats=chip.seats,
        devices=chip.devices,
        note=page.note,
    )


@ft.component
def SessionEditor(page: SessionPage, *, postpone: bool, on_close: Callable[[str], Any]) -> ft.Control:
    """The form; ``on_close`` gets what was done as a sentence, or nothing."""
    office = use_office()
    say = office.words
    values, set_values = ft.use_state(_form_of(page, postpone=postpone))
    venues = use_query(venues_list, (), municipality_code=office.actor.municipality_code, today=office.today).value
    act = use_action()

    def change(**changes: Any) -> None:
        set_values(lambda before: replace(before, **changes))

    async def save(_event: object) -> None:
        now, by, session_id = office.now(), office.actor.name, page.chip.session_id
        if postpone:
            receipt = await act(
                postpone_session,
                session_id=session_id,
                reason=values.reason,
                now=now,
                by=by,
                held_on=values.day,
                starts=values.starts,
                ends=values.ends,
                confirmed=values.confirmed,
                override_reason=values.override,
            )
        else:
            receipt = await act(
                edit_session,
                session_id=session_id,
                version=page.version,
                edit=_edit_of(values),
                now=now,
                by=by,
                reason=values.reason,
            )
        if receipt is not None:
            done = "session.postponed_done" if postpone else "session.edited_done"
            on_close(say("session.edited_told" if receipt.told and not postpone else done, told=receipt.told))

    fields = _time_fields(office, values, change, postpone=postpone)
    if not postpone:
        fields += place_fields(
            office,
            venues or (),
            values.venue_id,
            values.room_id,
            lambda venue_id, room_id: change(venue_id=venue_id, room_id=room_id),
            key="edit",
        )
        fields += _number_fields(office, values, change)
    fields.append(
        TextInput(
            say("session.reason"),
            field_key="edit-reason",
            value=values.reason,
            on_change=lambda text: change(reason=text),
        )
    )
    fields += _consent_fields(office, act.error, values, change)
    fields.append(WhoIsConcerned(page.chip.session_id))
    buttons = ft.Row(
        [
            primary_button(
                say("session.postpone" if postpone else "session.save"), save, key="edit-save", busy=act.busy
            ),
            quiet_button(say("session.leave_edit"), lambda _event: on_close(""), key="edit-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    error = [error_banner(act.error)] if act.error else []
    heading = say("session.ask_postpone") if postpone else say("session.edit")
    return card([form([*fields, *error, buttons])], title=heading, key="session-editor")


def _edit_of(values: _Form) -> SessionEdit:
    return SessionEdit(
        held_on=values.day,
        starts=values.starts,
        ends=values.ends,
        venue_id=values.venue_id,
        room_id=values.room_id,
        seats=values.seats,
        devices=values.devices,
        note=values.note,
        confirmed=values.confirmed,
        override_reason=values.override,
    )


def _time_fields(office: Office, values: _Form, change: Any, *, postpone: bool) -> list[ft.Control]:
    say = office.words
    label = say("session.new_day") if postpone else say("workshop.field_day")

    def start_at(starts: time | None) -> None:
        change(starts=starts, ends=_as_long(values, starts))

    return [
        day_field(office, label, values.day, lambda day: change(day=day), key="edit-day"),
        time_field(office, say("workshop.field_start"), values.starts, start_at, key="edit-start"),
        time_field(office, say("workshop.field_end"), values.ends, lambda ends: change(ends=ends), key="edit-end"),
    ]


def _as_long(values: _Form, starts: time | None) -> time | None:
    """The end that keeps the session as long as it is; the end as it stands where that would pass midnight."""
    if starts is None or values.starts is None or values.ends is None:
        return values.ends
    minutes = _minutes(values.ends) + _minutes(starts) - _minutes(values.starts)
    return time(minutes // 60, minutes % 60) if 0 <= minutes < 24 * 60 else values.ends


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _number_fields(office: Office, values: _Form, change: Any) -> list[ft.Control]:
    say = office.words
    return [
        NumberInput(
            say("workshop.field_seats"),
            field_key="edit-seats",
            value=values.seats,
            on_change=lambda seats: change(seats=seats),
            unit=say("workshop.people_unit"),
        ),
        NumberInput(
            say("field.devices"),
            field_key="edit-devices",
            value=values.devices,
            on_change=lambda devices: change(devices=devices),
        ),
        TextInput(
            say("field.note"),
            field_key="edit-note",
            value=values.note,
            lines=2,
            on_change=lambda text: change(note=text),
        ),
    ]


def _consent_fields(office: Office, error: str | None, values: _Form, change: Any) -> list[ft.Control]:
    """What answers a refusal: shown once something was refused, or already answered."""
    if not error and not values.confirmed and not values.override:
        return []
    say = office.words
    return [
        check_row(
            say("session.confirm_closed"),
            field_key="edit-confirm",
            value=values.confirmed,
            on_change=lambda value: change(confirmed=value),
        ),
        TextInput(
            say("session.override"),
            field_key="edit-override",
            value=values.override,
            on_change=lambda text: change(override=text),
        ),
    ]
