"""One account: its roles, its devices, whether it is open; every step can be taken back or asks first."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.account_lists import AccountLine, RoleLine
from supportapp.accounts import hash_password
from supportapp.components.buttons import danger_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import ConfirmPanel, error_banner, state_chip
from supportapp.components.texts import body, quiet, section_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office
from supportapp.identity import Role
from supportapp.theme import STEP
from supportapp.user_admin import (
    GIVEN_ROLES,
    close_account,
    give_role,
    new_first_password,
    open_account,
    set_first_password,
    sign_out_devices,
    take_role,
)
from supportapp.views.user_new import EVERY, HandOut, SessionOfReception, paper_to_hand_over
from supportapp.views.user_words import held_role_words, role_words

_CLOSING, _RENEWING, _GIVING = "closing", "renewing", "giving"


@ft.component
def UserPanel(account: AccountLine) -> ft.Control:
    """What an administrator can do with one account."""
    office = use_office()
    act = use_action()
    asking, set_asking = ft.use_state("")
    done, set_done = ft.use_state("")
    nothing: HandOut | None = None
    paper, set_paper = ft.use_state(nothing)
    say, code = office.words, office.actor.municipality_code

    async def step(use_case: Callable[..., Any], sentence: str, **more: object) -> bool:
        set_done("")
        answer = await act(use_case, municipality_code=code, **more)
        if answer is not None:
            set_asking("")
            set_done(say(sentence, name=account.name))
        return answer is not None

    async def close(reason: str) -> None:
        await step(
            close_account,
            "users.done_closed",
            person_account_id=account.account_id,
            now=office.now(),
            reason=reason,
        )

    async def reopen() -> None:
        await step(open_account, "users.done_opened", person_account_id=account.account_id)

    async def sign_out() -> None:
        await step(
            sign_out_devices, "users.done_signed_out", person_account_id=account.account_id, now=office.now()
        )

    async def renew(_reason: str) -> None:
        password = new_first_password()
        hashed = await asyncio.to_thread(hash_password, password)
        if await act(
            set_first_password,
            municipality_code=code,
            person_account_id=account.account_id,
            password_hash=hashed,
            now=office.now(),
        ):
            set_asking("")
            set_paper(HandOut(account.name, account.login, password))

    async def take(held: RoleLine, reason: str) -> None:
        await step(
            take_role,
            "users.done_role_taken",
            account_role_id=held.account_role_id,
            now=office.now(),
            reason=reason,
        )

    async def give(role: str, session: str) -> None:
        await step(
            give_role,
            "users.done_role_given",
            person_account_id=account.account_id,
            role=Role(role),
            session_id=UUID(session) if role == Role.RECEPTION and session != EVERY else None,
        )

    def ask(what: str) -> None:
        act.clear()
        set_done("")
        set_asking(what)

    if paper is not None:
        return paper_to_hand_over(office, paper, lambda: set_paper(None))
    parts: list[ft.Control] = [_facts(office, account)]
    if done:
        parts.append(DoneBanner(done, banner_key="user-done", on_close=lambda: set_done("")))
    if act.error and not asking:
        parts.append(error_banner(act.error))
    parts += [section_title(say("users.roles")), *_roles(office, account, asking, act.error, ask, take)]
    if asking == _GIVING:
        parts.append(GiveRole(account, give, lambda: ask(""), act.error, act.busy))
    elif asking == _CLOSING:
        parts.append(
            _ask(office, say("users.close_ask", name=account.name), "close_account", close, ask, act.error, reason=True)
        )
    elif asking == _RENEWING:
        parts.append(
            _ask(office, say("users.new_password_ask", name=account.name), "new_password", renew, ask, act.error)
        )
    elif not asking:
        parts.append(_steps(office, account, ask, sign_out, reopen))
    return card(parts, title=account.name, key="user-card")


def _facts(office: Office, account: AccountLine) -> ft.Control:
    say = office.words
    closed = account.closed_at is not None
    last = account.last_signed_in_at
    lines = [body(say("users.login_name", login=account.login))]
    if last is None:
        lines.append(quiet(say("users.never_signed_in")))
    else:
        when = f"{day_words(say, office.language, tokyo_date(last), office.today)} {tokyo_time(last):%H:%M}"
        lines.append(quiet(say("users.last_signed_in", when=when)))
    lines.append(quiet(say("users.devices", count=account.devices)))
    if account.closed_at is not None:
        day = day_words(say, office.language, tokyo_date(account.closed_at), office.today)
        lines.append(quiet(say("users.closed_on", day=day)))
    chip = state_chip("cancelled" if closed else "enough", say("users.closed" if closed else "users.open"))
    return ft.Column([ft.Row([chip]), *lines], spacing=STEP, tight=True)


def _roles(
    office: Office,
    account: AccountLine,
    asking: str,
    error: str | None,
    ask: Callable[[str], None],
    take: Callable[[RoleLine, str], Any],
) -> list[ft.Control]:
    say = office.words
    rows: list[ft.Control] = []
    below: list[ft.Control] = []
    for held in account.roles:
        name = held_role_words(office, held)
        words = say("users.take_role", role=name)
        key = str(held.account_role_id)
        if asking == key:
            below.append(
                ConfirmPanel(
                    say("users.take_role_ask", name=account.name, role=name),
                    panel_key="user-take",
                    confirm_words=words,
                    keep_words=say("users.keep"),
                    on_confirm=partial(take, held),
                    on_keep=calls_with(ask, ""),
                    reason_words=say("users.reason"),
                    error=error,
                )
            )
        button = [quiet_button(words, calls_with(ask, key), key=f"take-{key}")] if len(account.roles) > 1 else []
        rows.append(
            data_row([ft.Container(width=STEP), ft.Container(body(name), expand=True), *button], key=f"role-{key}")
        )
    return [data_list(rows), *below]


def _steps(
    office: Office,
    account: AccountLine,
    ask: Callable[[str], None],
    sign_out: Callable[[], Any],
    reopen: Callable[[], Any],
) -> ft.Control:
    say = office.words
    buttons = [
        secondary_button(say("users.give_role"), calls_with(ask, _GIVING), key="user-give", icon=ft.Icons.ADD),
        secondary_button(
            say("users.new_password"), calls_with(ask, _RENEWING), key="user-renew", icon=ft.Icons.KEY_OUTLINED
        ),
    ]
    if account.devices:
        buttons.append(
            secondary_button(say("users.sign_out"), calls_with(sign_out), key="user-sign-out", icon=ft.Icons.LOGOUT)
        )
    if account.closed_at is not None:
        buttons.append(primary_button(say("users.open_account"), calls_with(reopen), key="user-open"))
    else:
        buttons.append(
            danger_button(say("users.close_account"), calls_with(ask, _CLOSING), key="user-close", icon=ft.Icons.BLOCK)
        )
    return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)


def _ask(
    office: Office,
    question: str,
    verb: str,
    confirm: Callable[[str], Any],
    ask: Callable[[str], None],
    error: str | None,
    *,
    reason: bool = False,
) -> ft.Control:
    say = office.words
    panel = ConfirmPanel(
        question,
        panel_key=f"user-{verb}",
        confirm_words=say(f"users.{verb}"),
        keep_words=say("users.keep"),
        on_confirm=confirm,
        on_keep=calls_with(ask, ""),
        reason_words=say("users.reason") if reason else None,
        error=error if reason else None,
    )
    if error and not reason:
        return ft.Column([error_banner(error), panel], spacing=STEP, tight=True)
    return panel


@ft.component
def GiveRole(
    account: AccountLine,
    give: Callable[[str, str], Any],
    on_leave: Callable[[], None],
    error: str | None,
    busy: bool,
) -> ft.Control:
    """Choose one more role, for reception perhaps one session."""
    office = use_office()
    say = office.words
    role, set_role = ft.use_state(Role.RECEPTION.value)
    session, set_session = ft.use_state(EVERY)
    held = {line.role for line in account.roles}
    free = [each for each in GIVEN_ROLES if each not in held or each is Role.RECEPTION]
    may_have = [each for each in free if each is not Role.VOLUNTEER]  # that one begins with the supporter
    parts: list[ft.Control] = [error_banner(error)] if error else []
    parts.append(
        choice_row(
            say("users.which_role"),
            [(each.value, role_words(office, each)) for each in may_have],
            field_key="give-role",
            value=role,
            on_change=set_role,
        )
    )
    parts.append(quiet(say(f"users.about_{role}")))
    if role == Role.RECEPTION:
        parts.append(SessionOfReception(session, set_session))
    parts.append(
        ft.Row(
            [
                primary_button(say("users.give_role"), calls_with(give, role, session), key="give-save", busy=busy),
                quiet_button(say("users.keep"), calls_with(on_leave), key="give-leave"),
            ],
            wrap=True,
            spacing=STEP,
        )
    )
    return card(parts, key="give-card")
