"""案内先の一覧: whom to tell of this workshop, as Excel with the text; only people who agreed to be told."""

from typing import Any
from uuid import UUID

import flet as ft

from events.age_bands import AGE_BANDS
from events.states import PhoneKind
from supportapp.components.buttons import secondary_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.texts import quiet, row_title
from supportapp.file_words import age_in_words
from supportapp.handing_out_segment import hand_out_segment
from supportapp.hooks import use_office
from supportapp.theme import STEP
from supportapp.views.handing_over import HandOver

_ALL = "all"


@ft.component
def SegmentPart(workshop_id: UUID, hand: HandOver) -> ft.Control:
    """From which age band on, which 町, which phone; left open it takes everybody who agreed."""
    office = use_office()
    say = office.words
    chosen: tuple[tuple[str, str, str], Any] = ft.use_state((_ALL, "", _ALL))
    (age, towns, phone), choose = chosen

    async def take() -> None:
        await hand(
            lambda: hand_out_segment(
                office.backend,
                office.actor,
                workshop_id=workshop_id,
                age_bands=AGE_BANDS[AGE_BANDS.index(age) :] if age != _ALL else (),
                towns=tuple(towns.replace("、", " ").replace(",", " ").split()),
                phone_kinds=() if phone == _ALL else (PhoneKind(phone),),
                public_address=office.settings.public_address,
                language=office.language,
            )
        )

    everybody = (_ALL, say("announce.segment.all"))
    return ft.Column(
        [
            row_title(say("announce.segment.title")),
            quiet(say("announce.segment.help")),
            SelectInput(
                say("announce.segment.age"),
                [everybody, *((band, age_in_words(say, band)) for band in AGE_BANDS[1:])],
                field_key="segment-age",
                value=age,
                on_change=lambda value: choose((value, towns, phone)),
            ),
            TextInput(
                say("announce.segment.towns"),
                field_key="segment-towns",
                value=towns,
                on_change=lambda value: choose((age, value, phone)),
            ),
            SelectInput(
                say("announce.segment.phone"),
                [
                    everybody,
                    *((kind.value, say(f"person.phone.{kind.value}")) for kind in PhoneKind),
                ],
                field_key="segment-phone",
                value=phone,
                on_change=lambda value: choose((age, towns, value)),
            ),
            ft.Row(
                [secondary_button(say("announce.segment.take"), calls_with(take), key="segment-take", busy=hand.busy)]
            ),
        ],
        spacing=STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
