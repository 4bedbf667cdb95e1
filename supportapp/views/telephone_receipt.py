"""After the booking: the receipt number, the sentence to tell the caller, and the next call."""

import flet as ft

from events.registration_receipts import RegistrationReceipt
from events.states import RegistrationState
from supportapp.booking_words import receipt_to_read
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.states import error_banner, state_chip
from supportapp.components.texts import figure, quiet, row_title, section_title
from supportapp.handing_out_tickets import hand_out_confirmation
from supportapp.hooks import use_office
from supportapp.theme import GAP, STEP
from supportapp.views.cursor import NextStepButton
from supportapp.views.handing_over import use_hand_over
from supportapp.views.telephone_desk import CallDesk

_MARKS = {
    RegistrationState.CONFIRMED: "enough",
    RegistrationState.WAITING: "thin",
    RegistrationState.OFFERED: "thin",
    RegistrationState.WAITING_DRAW: "neutral",
}


@ft.component
def ReceiptPane(desk: CallDesk, receipt: RegistrationReceipt) -> ft.Control:
    """What stands now, in large type, and what comes next."""
    office = use_office()
    say = office.words
    state = say(f"person.state.{receipt.state.value}")
    word = f"{state} {receipt.rank}" if receipt.rank else state
    hand = use_hand_over()

    async def print_confirmation() -> None:
        """The 確認票 for somebody who stands at the counter: they only sign."""
        await hand(
            lambda: hand_out_confirmation(
                office.backend, office.actor, registration_id=receipt.registration_id, language=office.language
            )
        )

    return card(
        [
            ft.Row(
                [state_chip(_MARKS.get(receipt.state, "neutral"), word), section_title(receipt.attendee_name)],
                spacing=GAP,
                wrap=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            ft.Column([quiet(say("telephone.receipt")), figure(receipt.receipt_number)], spacing=0, tight=True),
            ft.Column(
                [
                    quiet(say("telephone.spoken_title")),
                    ft.Semantics(
                        live_region=True,
                        content=row_title(receipt_to_read(say, receipt, today=office.today)),
                    ),
                ],
                spacing=0,
                tight=True,
            ),
            *([error_banner(hand.error)] if hand.error else []),
            ft.Row(
                [
                    quiet_button(
                        say("paper.session.confirmation_do"),
                        calls_with(print_confirmation),
                        key="print-confirmation",
                        disabled=hand.busy,
                    ),
                    quiet_button(
                        say("telephone.open_person"),
                        lambda _event: office.go(f"/people/attendees/{receipt.attendee_id}"),
                        key="open-person",
                    ),
                    secondary_button(
                        say("telephone.undo"), calls_with(desk.take_back), key="booking-undo", icon=ft.Icons.UNDO
                    ),
                    NextStepButton(
                        say("telephone.next_call"),
                        calls_with(desk.next_call),
                        button_key="next-call",
                        icon=ft.Icons.PHONE,
                        turn=receipt.receipt_number,
                    ),
                ],
                wrap=True,
                spacing=GAP,
                run_spacing=STEP,
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        key="telephone-receipt",
    )
