"""A password that an administrator gave is changed for one's own before anything else."""

from collections.abc import Awaitable, Callable

import flet as ft

from events.errors import DomainError
from supportapp.accounts import SHORTEST_PASSWORD, change_own_password
from supportapp.backend import Backend
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import TextInput, form
from supportapp.components.handlers import calls_with
from supportapp.components.states import error_banner
from supportapp.components.texts import body, page_title
from supportapp.messages import words
from supportapp.theme import EDGE
from supportapp.wording import refusal


@ft.component
def FirstPasswordScreen(
    backend: Backend,
    token: str,
    language: str,
    enter: Callable[[str], Awaitable[None]],
    leave: Callable[[], Awaitable[None]],
) -> ft.Control:
    """Twice the same new password, then in."""
    say = words(language)
    first, set_first = ft.use_state("")
    second, set_second = ft.use_state("")
    error, set_error = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def submit(_typed: str = "") -> None:
        if first != second:
            set_error(say("sign_in.not_the_same"))
            return
        set_busy(True)
        set_error("")
        try:
            await change_own_password(backend, token=token, password=first)
            await enter(token)
        except DomainError as refused:
            set_error(refusal(say, refused))
        finally:
            set_busy(False)

    parts: list[ft.Control] = [
        page_title(say("sign_in.first_title")),
        body(say("sign_in.first_lead", shortest=SHORTEST_PASSWORD)),
        *([error_banner(error)] if error else []),
        TextInput(
            say("sign_in.new_password"),
            field_key="new-password",
            value=first,
            on_change=set_first,
            password=True,
            autofocus=True,
            reveal_words=say("sign_in.show"),
        ),
        TextInput(
            say("sign_in.new_password_again"),
            field_key="new-password-again",
            value=second,
            on_change=set_second,
            password=True,
            reveal_words=say("sign_in.show_again"),
        ),
        primary_button(say("sign_in.keep_password"), calls_with(submit), key="keep-password", busy=busy),
        quiet_button(say("app.sign_out"), calls_with(leave), key="first-sign-out"),
    ]
    return ft.Column([ft.Container(form(parts, width=420), padding=EDGE)], scroll=ft.ScrollMode.AUTO, expand=True)
