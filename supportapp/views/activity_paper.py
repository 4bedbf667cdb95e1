"""活動証明書 as a button: on the volunteer's own page and on the office's page of a volunteer."""

from uuid import UUID

import flet as ft

from supportapp.components.buttons import secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.states import error_banner
from supportapp.handing_out_certificates import hand_out_activity
from supportapp.hooks import use_office
from supportapp.theme import STEP
from supportapp.views.handing_over import use_hand_over
from supportapp.views.volunteer_words import fiscal_year_words


@ft.component
def ActivityPaper(volunteer_id: UUID, fiscal_year: int) -> ft.Control:
    """The certificate of one fiscal year as PDF; what is handed out is written down."""
    office = use_office()
    hand = use_hand_over()

    async def take() -> None:
        await hand(
            lambda: hand_out_activity(
                office.backend,
                office.actor,
                volunteer_id=volunteer_id,
                fiscal_year=fiscal_year,
                language=office.language,
            )
        )

    parts: list[ft.Control] = []
    if hand.error:
        parts.append(error_banner(hand.error))
    if hand.done:
        parts.append(DoneBanner(hand.done, banner_key="activity-handed", on_close=hand.clear, stays=True))
    words = office.words("paper.session.activity_do", year=fiscal_year_words(office, fiscal_year))
    parts.append(
        ft.Row(
            [
                secondary_button(
                    words,
                    calls_with(take),
                    key=f"activity-{fiscal_year}",
                    busy=hand.busy,
                    icon=ft.Icons.WORKSPACE_PREMIUM_OUTLINED,
                )
            ]
        )
    )
    return ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
