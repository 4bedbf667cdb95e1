"""The report of a fiscal year, supporters' hours, the insurance list, and open data: one button each."""

from collections.abc import Callable
from typing import Any, Final

import flet as ft

from events.japan.fiscal_year import first_day, fiscal_year, label, last_day
from events.open_data import tick_public_contact
from supportapp.components.buttons import secondary_button
from supportapp.components.fields import SelectInput
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import body, quiet
from supportapp.handing_out import HandedOut
from supportapp.handing_out_year import hand_out_annual_report, hand_out_hours, hand_out_insurance
from supportapp.hooks import use_action, use_office
from supportapp.open_data import EVENTS, FACILITIES, USUAL_PROFILES, hand_out_open_data, profile_names
from supportapp.theme import GAP, STEP
from supportapp.views.handing_over import HandOver

_YEARS_BACK: Final = 3


@ft.component
def YearPart(hand: HandOver) -> ft.Control:
    """A fiscal year, and the three files of it."""
    office = use_office()
    say = office.words
    this_year = fiscal_year(office.today)
    year, set_year = ft.use_state(this_year)
    whose: dict[str, Any] = {"municipality_code": office.actor.municipality_code, "language": office.language}
    whom = (office.backend, office.actor)

    def taking(make: Callable[[], HandedOut]) -> Callable[[object], Any]:
        async def take(_event: object) -> None:
            await hand(make)

        return take

    years = [(str(each), label(each)) for each in range(this_year, this_year - _YEARS_BACK, -1)]
    report = taking(lambda: hand_out_annual_report(*whom, **whose, fiscal_year=year))
    hours = taking(lambda: hand_out_hours(*whom, **whose, first=first_day(year), last=last_day(year)))
    insured = taking(lambda: hand_out_insurance(*whom, **whose, fiscal_year=year))
    buttons: list[ft.Control] = [
        secondary_button(say("export.report_do"), report, key="take-report", busy=hand.busy),
        secondary_button(say("export.hours_do"), hours, key="take-hours", busy=hand.busy),
        secondary_button(say("export.insurance_do"), insured, key="take-insurance", busy=hand.busy),
    ]
    return card(
        [
            body(say("export.year_help")),
            SelectInput(
                say("export.fiscal_year"),
                years,
                field_key="export-year",
                value=str(year),
                on_change=lambda chosen: set_year(int(chosen)),
            ),
            ft.Row(buttons, wrap=True, spacing=GAP, run_spacing=STEP),
        ],
        title=say("export.year_title"),
        key="year-part",
    )


@ft.component
def OpenDataPart(hand: HandOver) -> ft.Control:
    """What may be published: events or facilities under a profile; a private contact stops it until it is ticked."""
    office = use_office()
    say = office.words
    kind, set_kind = ft.use_state(EVENTS)
    profile, set_profile = ft.use_state(USUAL_PROFILES[EVENTS])
    act = use_action()

    def choose_kind(value: str) -> None:
        set_kind(value)
        set_profile(USUAL_PROFILES[value])

    async def take(_event: object) -> None:
        code = office.actor.municipality_code
        await hand(
            lambda: hand_out_open_data(office.backend, office.actor, municipality_code=code, kind=kind, profile=profile)
        )

    parts: list[ft.Control] = [
        body(say("export.open_data_help")),
        SelectInput(
            say("export.open_data_kind"),
            [(each, say(f"export.open_data_{each}")) for each in (EVENTS, FACILITIES)],
            field_key="open-data-kind",
            value=kind,
            on_change=choose_kind,
        ),
        SelectInput(
            say("export.open_data_profile"),
            [(each, each) for each in profile_names(kind)],
            field_key="open-data-profile",
            value=profile,
            on_change=set_profile,
        ),
    ]
    refused = hand.refused
    if refused is not None and refused.code == "private_contacts":
        contact = str(refused.details["value"])

        async def tick(_event: object) -> None:
            code = office.actor.municipality_code
            if await act(tick_public_contact, municipality_code=code, value=contact, ticked=True) is not None:
                hand.clear()

        parts.append(
            secondary_button(say("export.open_data_tick", value=contact), tick, key="tick-contact", busy=act.busy)
        )
    if act.error:
        parts.append(error_banner(act.error))
    parts.append(
        ft.Row([secondary_button(say("export.open_data_do"), take, key="take-open-data", busy=hand.busy)], wrap=True)
    )
    parts.append(quiet(say("export.open_data_address", path=f"/opendata/{office.actor.municipality_code}/")))
    return card(parts, title=say("export.open_data_title"), key="open-data-part")
