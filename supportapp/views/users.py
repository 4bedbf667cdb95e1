"""利用者: who may work here and in which role; for administrators."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from supportapp.account_lists import AccountLine, AccountsList, accounts_of
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.layout import data_list, data_row, screen_column, title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Answer, Office, use_office, use_query
from supportapp.identity import Role
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.user_admin import GIVEN_ROLES
from supportapp.views.user_new import UserNew
from supportapp.views.user_panel import UserPanel
from supportapp.views.user_words import held_role_words, role_words

_ALL = "all"
_NEW = "new"


@ft.component
def Users() -> ft.Control:
    """The list of accounts; beside it the one that was chosen, or the form for a new one."""
    office = use_office()
    screen = use_screen()
    text, set_text = ft.use_state("")
    role, set_role = ft.use_state(_ALL)
    opened, set_opened = ft.use_state("")
    say, code = office.words, office.actor.municipality_code
    found = use_query(
        accounts_of,
        (municipality_topic(code),),
        municipality_code=code,
        now=office.now().replace(second=0, microsecond=0),
        text=text,
        role=None if role == _ALL else Role(role),
    )

    def close() -> None:
        set_opened("")

    add = primary_button(
        say("users.add"), lambda _event: set_opened(_NEW), key="users-add", icon=ft.Icons.PERSON_ADD_ALT
    )
    head = title_row(say("users.title"), [] if opened == _NEW else [add], under=quiet(say("users.lead")))
    search = ft.ResponsiveRow(
        [
            ft.Container(
                TextInput(say("users.search"), field_key="users-search", value=text, on_change=set_text),
                col={"xs": 12, "md": 7},
            ),
            ft.Container(
                SelectInput(
                    say("users.by_role"),
                    [(_ALL, say("users.all_roles")), *((each.value, role_words(office, each)) for each in GIVEN_ROLES)],
                    field_key="users-role",
                    value=role,
                    on_change=set_role,
                ),
                col={"xs": 12, "md": 5},
            ),
        ],
        spacing=GAP,
        run_spacing=STEP,
    )
    rows = ft.Column(
        [search, _rows(office, found, text, opened, set_opened)],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    detail = _detail(found.value, opened, close)
    if screen.is_side_by_side:
        beside = detail or empty_state(say("users.choose_one"), icon=ft.Icons.MANAGE_ACCOUNTS_OUTLINED)
        return screen_column([head, two_pane(screen, rows, beside, shares=(6, 5))])
    if detail is not None:
        back = quiet_button(say("users.back"), lambda _event: close(), key="users-back", icon=ft.Icons.ARROW_BACK)
        return screen_column([ft.Row([back]), detail])
    return screen_column([head, rows])


def _detail(listed: AccountsList | None, opened: str, close: Callable[[], None]) -> ft.Control | None:
    if opened == _NEW:
        return ft.Container(UserNew(on_close=close), key="user-new")
    if not opened or listed is None:
        return None
    account = next((line for line in listed.lines if line.account_id == UUID(opened)), None)
    return None if account is None else ft.Container(UserPanel(account), key=f"user-panel-{opened}")


def _rows(
    office: Office, found: Answer[AccountsList], text: str, opened: str, choose: Callable[[str], None]
) -> ft.Control:
    say = office.words
    if found.error:
        return error_banner(found.error)
    if found.value is None:
        return skeleton(say("users.loading"), rows=6)
    lines, total = found.value.lines, found.value.total
    if not lines:
        none = say("users.none_found", text=text.strip()) if text.strip() else say("users.none_yet")
        return empty_state(none, icon=ft.Icons.PERSON_SEARCH_OUTLINED)
    counted = (
        say("users.count", count=total)
        if len(lines) == total
        else say("users.count_cut", count=len(lines), total=total)
    )
    listed = data_list([_row(office, line, str(line.account_id) == opened, choose) for line in lines])
    return ft.Column(
        [quiet(counted), listed], spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _row(office: Office, line: AccountLine, is_chosen: bool, choose: Callable[[str], None]) -> ft.Control:
    say = office.words
    roles = say("users.between_roles").join(held_role_words(office, held) for held in line.roles)
    who = ft.Column(
        [row_title(line.name), body(roles), quiet(say("users.login_name", login=line.login))],
        spacing=0,
        tight=True,
        expand=True,
    )
    state = [state_chip("cancelled", say("users.closed"))] if line.closed_at else []
    return data_row(
        [ft.Container(width=STEP), who, *state],
        key=f"user-{line.account_id}",
        on_click=lambda _event: choose(str(line.account_id)),
        chosen=is_chosen,
    )
