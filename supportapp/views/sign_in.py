"""Sign-in: a login, a password, one button."""

from collections.abc import Awaitable, Callable

import flet as ft

from events.errors import DomainError
from supportapp.accounts import sign_in
from supportapp.backend import Backend
from supportapp.components.buttons import primary_button
from supportapp.components.fields import TextInput, choice_row, form
from supportapp.components.states import error_banner
from supportapp.components.texts import body, page_title
from supportapp.messages import words
from supportapp.settings import Settings
from supportapp.theme import EDGE
from supportapp.wording import refusal


@ft.component
def SignInScreen(
    backend: Backend,
    settings: Settings,
    language: str,
    open_with: Callable[[str], Awaitable[None]],
    change_look: Callable[..., Awaitable[None]],
) -> ft.Control:
    """The door."""
    say = words(language)
    login, set_login = ft.use_state("")
    password, set_password = ft.use_state("")
    error, set_error = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def submit(typed: str) -> None:
        await enter(typed)

    async def press(_event: object) -> None:
        await enter(password)

    async def enter(password: str) -> None:
        set_busy(True)
        set_error("")
        try:
            await open_with(await sign_in(backend, login=login.strip(), password=password, days=settings.sign_in_days))
        except DomainError as refused:
            set_error(refusal(say, refused))
        finally:
            set_busy(False)

    async def speak(chosen: str) -> None:
        await change_look(language=chosen)

    parts: list[ft.Control] = [
        page_title(say("app.title")),
        body(say("sign_in.lead")),
        *([error_banner(error)] if error else []),
        TextInput(say("sign_in.login"), field_key="login", value=login, on_change=set_login, autofocus=True),
        TextInput(
            say("sign_in.password"),
            field_key="password",
            value=password,
            on_change=set_password,
            on_submit=submit,
            password=True,
        ),
        primary_button(say("sign_in.enter"), press, key="enter", busy=busy),
        choice_row(
            say("app.language"),
            [("ja", "日本語"), ("en", "English")],
            field_key="language",
            value=language,
            on_change=speak,
        ),
    ]
    return ft.Column(
        [ft.Container(form(parts, width=420), padding=EDGE)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
    )
