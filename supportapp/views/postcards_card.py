"""The card in hand: its fields in the order of a card, and whoever is known already and may be meant."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.attendee_search import PersonFound, possible_duplicates
from events.attendees import PersonAlike
from events.errors import DomainError
from events.postcards import CardLate
from events.registration_errors import ChannelNotOffered, IntakeNotOpen
from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.fields import TextInput, check_row
from supportapp.components.handlers import calls_with
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, warning_banner
from supportapp.components.texts import quiet
from supportapp.hooks import Action, use_office, use_query
from supportapp.pauses import use_pause
from supportapp.postcard_form import Card, DoneCard
from supportapp.theme import STEP
from supportapp.views.arrows import row_at, says_row, use_arrows
from supportapp.views.cursor import FocusField
from supportapp.views.flet_types import keyed
from supportapp.views.person_row import PersonRow
from supportapp.views.telephone_pane import pane

_PAIR_KEY: Final = "F2"
_SHOWN: Final = 5
_WITH_REASON: Final = (CardLate, ChannelNotOffered, IntakeNotOpen)
_FIRST: Final = "name"
# in the order of a card, and how wide each is of twelve
_FIELDS: Final = {"name": 6, "kana": 6, "telephone": 5, "age": 3, "postal_code": 4, "address": 12}


@dataclass(frozen=True, slots=True)
class CardDesk:
    """The card in hand and what can be done with it; ``number`` counts the cards of this sitting."""

    card: Card
    number: int
    acting: Action
    last: DoneCard | None
    change: Callable[..., None]
    next_card: Callable[..., Awaitable[None]]
    this_person: Callable[[UUID], Awaitable[None]]


@ft.component
def CardPane(desk: CardDesk) -> ft.Control:
    """Six fields; Enter in any of them takes the card, F2 links it with the one before."""
    office = use_office()
    screen = use_screen()
    say, form = office.words, desk.card
    asked = use_pause((form.name, form.kana, form.telephone))
    alike = use_query(
        possible_duplicates,
        (),
        municipality_code=office.actor.municipality_code,
        name=asked[0],
        kana=asked[1],
        telephone=asked[2],
        today=office.today,
    )
    people: tuple[PersonFound, ...] = (alike.value or ())[:_SHOWN]
    arrows = use_arrows([str(each.attendee_id) for each in people])
    marked = next((each for each in people if str(each.attendee_id) == arrows.at), None)

    async def enter(_value: str) -> None:
        at = arrows.now()
        chosen = next((each for each in people if str(each.attendee_id) == at), None)
        await (desk.this_person(chosen.attendee_id) if chosen else desk.next_card())

    def pair(value: bool | None = None) -> None:
        desk.change(paired=not form.paired if value is None else value)

    def pressed(event: Any) -> None:
        if event.key == _PAIR_KEY and desk.last is not None:
            pair()

    def changes(name: str) -> Any:
        return lambda text: desk.change(**{name: text})

    fields: list[ft.Control] = [
        keyed(  # a new card has new fields: what was typed into the last one is no echo
            FocusField,
            f"{name}-{desk.number}",
            say(f"postcard.field.{name}"),
            field_key=f"card-{name}",
            value=getattr(form, name),
            on_change=changes(name),
            on_submit=enter,
            on_arrow=arrows.step,
            turn=desk.number if name == _FIRST else "",
        )
        for name in _FIELDS
    ]
    written = ft.ResponsiveRow(
        [
            ft.Container(control, col={"xs": 12, "md": wide})
            for control, wide in zip(fields, _FIELDS.values(), strict=True)
        ],
        spacing=STEP,
        run_spacing=STEP,
    )
    # The notices have a place of their own: a banner that pushed the fields down would make them anew.
    notices = ft.Column(
        _refused(desk), spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    parts: list[ft.Control] = [
        notices,
        ft.KeyboardListener(written, on_key_down=pressed, include_semantics=False),
    ]
    if desk.last is not None:
        words = say("postcard.pair", name=desk.last.name)
        parts.append(check_row(words, value=form.paired, field_key="card-pair", on_change=pair))
    if people:
        parts.append(warning_banner(say("telephone.alike")))
    parts += [
        row_at(
            PersonRow(
                each,
                row_key=f"alike-{position}",
                on_choose=calls_with(desk.this_person, each.attendee_id),
                at=each is marked,
            ),
            str(each.attendee_id),
        )
        for position, each in enumerate(people)
    ]
    parts += [
        says_row(f"{marked.name} {marked.kana}" if marked else ""),
        ft.Row(
            [
                primary_button(
                    say("postcard.next"), calls_with(desk.next_card), key="card-next", busy=desk.acting.busy
                ),
                quiet(say("postcard.keys")),
            ],
            wrap=True,
            spacing=STEP,
        ),
    ]
    title = say("postcard.card", number=desk.number)
    return pane(screen, title, [], parts, key="postcard-card")


def _refused(desk: CardDesk) -> list[ft.Control]:
    """Why the card was not taken, and what can be done about it."""
    say, refused = desk.acting.office.words, desk.acting.refused
    if not desk.acting.error:
        return []
    parts: list[ft.Control] = [error_banner(desk.acting.error, _step(desk, refused))]
    if isinstance(refused, _WITH_REASON):
        parts.append(
            TextInput(
                say("telephone.reason"),
                field_key="card-reason",
                value=desk.card.reason,
                on_change=lambda text: desk.change(reason=text),
                on_submit=lambda _text: desk.next_card(),
            )
        )
    return parts


def _step(desk: CardDesk, refused: DomainError | None) -> ft.Control | None:
    if not isinstance(refused, PersonAlike):
        return None

    async def another() -> None:
        await desk.next_card(is_another_person=True)

    return secondary_button(desk.acting.office.words("telephone.is_another"), calls_with(another), key="card-another")
