"""紙: what a session needs printed: tickets and results for people, lists and tags for the hall, certificates."""

from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import primary_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import SelectInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import body
from supportapp.files_left import LeavingKind
from supportapp.handing_out_hall import HALL_PAPERS, hand_out_hall_paper
from supportapp.handing_out_tickets import SHAPES, hand_out_tickets
from supportapp.hooks import use_office
from supportapp.theme import GAP, STEP
from supportapp.views.handing_over import HandOver, use_hand_over

_WHOM = ("confirmed", "everybody")


@ft.component
def SessionPapers(session_id: UUID) -> ft.Control:
    """One press a paper; what was handed out is said and written down."""
    office = use_office()
    say = office.words
    hand = use_hand_over()
    told: list[ft.Control] = [body(say("paper.session.lead"))]
    if hand.error:
        told.append(error_banner(hand.error))
    if hand.done:
        told.append(DoneBanner(hand.done, banner_key="paper-handed", on_close=hand.clear, stays=True))
    return ft.Column(
        [*told, HallPapers(session_id, hand), TicketPapers(session_id, hand)],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def HallPapers(session_id: UUID, hand: HandOver) -> ft.Control:
    """The lists and tags of the day; the sign-in sheet first."""
    office = use_office()
    say = office.words

    async def take(kind: LeavingKind) -> None:
        await hand(
            lambda: hand_out_hall_paper(
                office.backend, office.actor, session_id=session_id, kind=kind, language=office.language
            )
        )

    buttons: list[ft.Control] = [
        (primary_button if kind is LeavingKind.SIGN_IN_SHEET else secondary_button)(
            say(f"export.left.{kind.value}"), calls_with(take, kind), key=f"paper-{kind.value}", busy=hand.busy
        )
        for kind in HALL_PAPERS
    ]
    return card(
        [ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)],
        title=say("paper.session.hall_title"),
        key="paper-hall",
    )


@ft.component
def TicketPapers(session_id: UUID, hand: HandOver) -> ft.Control:
    """Tickets for those with a seat, or the result for everybody, on postcards or A4."""
    office = use_office()
    say = office.words
    chosen: tuple[tuple[str, str], Any] = ft.use_state((_WHOM[0], SHAPES[0]))
    (whom, shape), choose = chosen

    async def take() -> None:
        await hand(
            lambda: hand_out_tickets(
                office.backend,
                office.actor,
                session_id=session_id,
                shape=shape,
                everybody=whom == "everybody",
                language=office.language,
            )
        )

    return card(
        [
            SelectInput(
                say("paper.session.whom"),
                [(each, say(f"paper.whom.{each}")) for each in _WHOM],
                field_key="paper-whom",
                value=whom,
                on_change=lambda value: choose((value, shape)),
            ),
            SelectInput(
                say("paper.session.shape"),
                [(each, say(f"paper.shape.{each}")) for each in SHAPES],
                field_key="paper-shape",
                value=shape,
                on_change=lambda value: choose((whom, value)),
            ),
            ft.Row(
                [
                    secondary_button(
                        say("paper.session.tickets_do"), calls_with(take), key="paper-tickets", busy=hand.busy
                    )
                ]
            ),
        ],
        title=say("paper.session.people_title"),
        key="paper-people",
    )
