"""自治体の決まり: the ratio of helpers, speeds, deadlines, insurance and addresses that the software goes by."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import flet as ft

from supportapp.city_settings import CitySettings, change_city_settings, city_settings
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import NumberInput, TextInput, check_row, form
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import quiet
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic

_NUMBERS: Final = ("people_per_helper", "travel_kmh", "offer_reply_days", "leave_limit_hours")
_TICKS: Final = ("public_pages", "volunteers_ask", "staff_need_insurance", "instructors_need_insurance")
_TEXTS: Final = ("contact_name", "contact_telephone", "office_postal_code", "office_address", "survey_indicator")


@ft.component
def CitySettingsScreen() -> ft.Control:
    """The rules as they stand, as a form."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    found = use_query(city_settings, (municipality_topic(code),), municipality_code=code)
    head = title_row(say("settings.city_title"), under=quiet(say("settings.city_lead")))
    if found.error:
        again = quiet_button(say("settings.again"), lambda _event: found.refresh(), key="city-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None:
        return screen_column([head, skeleton(say("settings.loading"), rows=5, row_height=72)])
    return screen_column([head, CityForm(found.value)])


@ft.component
def CityForm(stands: CitySettings) -> ft.Control:
    """The form. What was saved can be put back as it was for ten seconds."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    seen, set_seen = ft.use_state(stands)
    values, set_values = ft.use_state(stands)
    before, set_before = ft.use_state(stands)
    done, set_done = ft.use_state("")
    act = use_action()

    def change(name: str) -> Callable[[Any], None]:
        return lambda value: set_values(lambda last: last if value is None else replace(last, **{name: value}))

    async def write(wanted: CitySettings, words: str) -> None:
        saved = await act(
            change_city_settings,
            municipality_code=code,
            values=wanted,
            seen=seen,
            now=office.now(),
            by=office.actor.name,
        )
        if saved is not None:
            set_before(seen)
            set_seen(saved)
            set_values(saved)
            set_done(words)

    async def save(_event: object) -> None:
        await write(values, say("settings.city_saved"))

    async def undo(_event: object) -> None:
        await write(before, say("settings.undone"))

    can_undo = done == say("settings.city_saved")
    banner = (
        [
            DoneBanner(
                done,
                banner_key="city-done",
                on_close=lambda: set_done(""),
                undo_words=say("settings.undo") if can_undo else None,
                on_undo=undo,
            )
        ]
        if done
        else []
    )
    button = primary_button(say("settings.save"), save, key="city-save", busy=act.busy, disabled=values == seen)
    error = [error_banner(act.error)] if act.error else []
    return card([form([*_fields(office, values, change), *error, *banner, ft.Row([button])])], key="city-form")


def _fields(office: Office, values: CitySettings, change: Callable[[str], Callable[[Any], None]]) -> list[ft.Control]:
    say = office.words
    numbers = [
        NumberInput(
            say(f"field.{name}"),
            field_key=f"city-{name}",
            value=getattr(values, name),
            on_change=change(name),
            unit=say(f"settings.unit.{name}"),
            help_text=say(f"settings.help.{name}"),
        )
        for name in _NUMBERS
    ]
    ticks = [
        check_row(
            say(f"settings.tick.{name}"), field_key=f"city-{name}", value=getattr(values, name), on_change=change(name)
        )
        for name in _TICKS
    ]
    texts = [
        TextInput(
            say(f"field.{name}"), field_key=f"city-{name}", value=getattr(values, name), on_change=change(name)
        )
        for name in _TEXTS
    ]
    return [*numbers, *ticks, *texts]
