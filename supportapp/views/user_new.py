"""A new account: name, login, role; then its first password, shown once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.account_lists import sessions_to_bind, volunteers_without_account
from supportapp.accounts import hash_password
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import SelectInput, TextInput, choice_row
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.identity import Role
from supportapp.theme import GAP, STEP
from supportapp.user_admin import GIVEN_ROLES, AccountReceipt, add_account, new_first_password
from supportapp.views.user_words import role_words

EVERY = "every"


@dataclass(frozen=True, slots=True)
class HandOut:
    """What goes on the paper for a new user. Lives on this screen only."""

    name: str
    login: str
    password: str


@ft.component
def UserNew(*, on_close: Callable[[], None]) -> ft.Control:
    """The form; when it was accepted, the paper to hand over."""
    office = use_office()
    act = use_action()
    name, set_name = ft.use_state("")
    login, set_login = ft.use_state("")
    role, set_role = ft.use_state(Role.STAFF.value)
    session, set_session = ft.use_state(EVERY)
    volunteer, set_volunteer = ft.use_state("")
    nothing: HandOut | None = None
    paper, set_paper = ft.use_state(nothing)
    say = office.words

    async def save() -> None:
        password = new_first_password()
        hashed = await asyncio.to_thread(hash_password, password)
        made: AccountReceipt | None = await act(
            add_account,
            municipality_code=office.actor.municipality_code,
            login=login,
            name=name,
            role=Role(role),
            password_hash=hashed,
            session_id=UUID(session) if role == Role.RECEPTION and session != EVERY else None,
            volunteer_id=UUID(volunteer) if role == Role.VOLUNTEER and volunteer else None,
            now=office.now(),
        )
        if made is not None:
            set_paper(HandOut(made.name, made.login, password))

    if paper is not None:
        return paper_to_hand_over(office, paper, on_close)
    parts: list[ft.Control] = []
    if act.error:
        parts.append(error_banner(act.error))
    parts += [
        TextInput(say("users.name"), field_key="user-name", value=name, on_change=set_name, autofocus=True),
        TextInput(
            say("users.login"),
            field_key="user-login",
            value=login,
            on_change=set_login,
            help_text=say("users.login_help"),
        ),
        choice_row(
            say("users.role"),
            [(each.value, role_words(office, each)) for each in GIVEN_ROLES],
            field_key="user-role",
            value=role,
            on_change=set_role,
        ),
        quiet(say(f"users.about_{role}")),
    ]
    if role == Role.RECEPTION:
        parts.append(SessionOfReception(session, set_session))
    if role == Role.VOLUNTEER:
        parts.append(SupporterOfAccount(volunteer, set_volunteer))
    parts.append(
        ft.Row(
            [
                primary_button(say("users.save"), save, key="user-save", busy=act.busy),
                quiet_button(say("users.leave"), lambda _event: on_close(), key="user-leave"),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        )
    )
    return card(parts, title=say("users.new_title"), key="user-form")


@ft.component
def SessionOfReception(value: str, on_change: Callable[[str], None]) -> ft.Control:
    """Every session, or the one that this receptionist may see."""
    office = use_office()
    say = office.words
    found = use_query(
        sessions_to_bind,
        (),
        municipality_code=office.actor.municipality_code,
        now=office.now().replace(second=0, microsecond=0),
    )
    if found.error:
        return error_banner(found.error)
    choices = [(EVERY, say("users.every_session"))]
    for choice in found.value or ():
        when = ""
        if choice.starts_at is not None:
            day = day_words(say, office.language, tokyo_date(choice.starts_at), office.today)
            when = f"{day} {tokyo_time(choice.starts_at):%H:%M} "
        choices.append((str(choice.session_id), f"{when}{choice.title}"))
    return SelectInput(
        say("users.which_session"), choices, field_key="user-session", value=value, on_change=on_change
    )


@ft.component
def SupporterOfAccount(value: str, on_change: Callable[[str], None]) -> ft.Control:
    """The supporter whom the account belongs to."""
    office = use_office()
    say = office.words
    text, set_text = ft.use_state("")
    found = use_query(
        volunteers_without_account, (), municipality_code=office.actor.municipality_code, text=text
    )
    if found.error:
        return error_banner(found.error)
    choices = [(str(each.volunteer_id), f"{each.name} {each.kana}") for each in found.value or ()]
    return ft.Column(
        [
            TextInput(
                say("users.volunteer_search"), field_key="user-volunteer-search", value=text, on_change=set_text
            ),
            SelectInput(
                say("users.volunteer"),
                choices,
                field_key="user-volunteer",
                value=value if value in dict(choices) else None,
                on_change=on_change,
                help_text=say("users.choose_volunteer"),
            ),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def paper_to_hand_over(office: Office, paper: HandOut, on_close: Callable[[], None]) -> ft.Control:
    """Login and first password in large type; nothing keeps the password after this."""
    say = office.words
    return card(
        [
            body(say("users.password_help")),
            row_title(say("users.password_login")),
            figure(paper.login, selectable=True),
            row_title(say("users.password_word")),
            figure(paper.password, selectable=True),
            ft.Row([primary_button(say("users.password_done"), lambda _event: on_close(), key="user-paper-done")]),
        ],
        title=say("users.password_title", name=paper.name),
        key="user-paper",
    )
