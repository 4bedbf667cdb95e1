"""都合: when I can come, entered with one thumb."""

import flet as ft

from supportapp.components.layout import title_row
from supportapp.components.states import error_banner
from supportapp.hooks import use_office
from supportapp.theme import GAP
from supportapp.views.times_editor import TimesEditor


@ft.component
def MyTimes() -> ft.Control:
    """The whole screen."""
    office = use_office()
    say = office.words
    if office.actor.volunteer_id is None:
        return error_banner(say("error.not_allowed"))
    return ft.Column(
        [title_row(say("my.times_title")), TimesEditor(office.actor.volunteer_id)],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
