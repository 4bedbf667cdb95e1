"""Fields: label above, help under it, the field, and below it one sentence with an icon when something is wrong.

A field never rewrites what a person is typing: what is typed stays until ``value`` itself changes to something new.
``on_leave`` is called with the text when the person goes on; put it in order there (width, kana) and pass it back as
``value``. Enter while an input method is composing reaches nobody (our own page holds it back).
"""

import unicodedata
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from supportapp.components.buttons import icon_button
from supportapp.components.handlers import calls, calls_with, hand_on
from supportapp.components.screen import screen_now, use_screen
from supportapp.components.spoken import spoken
from supportapp.components.texts import body, quiet
from supportapp.theme import GAP, HALF, RADIUS, STEP, TARGET, ringed

TextHandler = Callable[[str], Any]
_LETTER = 16  # pixels of a Japanese letter in the body's size
_BESIDE_A_TICK = 160  # pixels: the box itself, the card and the edges of the screen
_REMEMBERED = 200  # texts a field has said and not yet heard back


@ft.component
def TextInput(
    label: str,
    *,
    field_key: str,
    value: str = "",
    on_change: TextHandler | None = None,
    on_submit: TextHandler | None = None,
    on_leave: TextHandler | None = None,
    error: str | None = None,
    help_text: str | None = None,
    autofocus: bool = False,
    password: bool = False,
    lines: int = 1,
    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT,
    suffix: str | None = None,
    width: float | None = None,
    read_only: bool = False,
    reveal_words: str | None = None,
) -> ft.Control:
    """One text. ``lines`` above 1 makes it a field for notes; ``width`` is in pixels at ordinary text size.

    ``suffix`` is a unit behind the field; a password gets a button ``reveal_words`` that shows it.
    """
    screen = use_screen()
    control = use_control()
    shown, said = use_typed(value, control)
    hidden, set_hidden = ft.use_state(password)

    async def changed(event: Any) -> None:
        text = event.control.value or ""
        said.append(text)
        await hand_on(on_change, text)

    def heard(handler: TextHandler | None) -> Callable[[Any], Any] | None:
        return calls(handler, lambda event: event.control.value or "")

    field = ft.TextField(
        ref=control,
        value=shown,
        on_change=changed,
        on_submit=heard(on_submit),
        on_blur=heard(on_leave),
        autofocus=autofocus,
        password=hidden,
        multiline=lines > 1,
        min_lines=lines if lines > 1 else None,
        max_lines=lines * 2 if lines > 1 else 1,
        keyboard_type=keyboard,
        read_only=read_only,
        autocorrect=False,
        border=field_border(error=bool(error)),
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        content_padding=ft.Padding.symmetric(vertical=12, horizontal=12),
        dense=True,
        key=field_key,
    )
    beside: list[ft.Control] = []
    if suffix:
        beside.append(body(suffix))
    if password and reveal_words:
        eye = ft.Icons.VISIBILITY_OUTLINED if hidden else ft.Icons.VISIBILITY_OFF_OUTLINED
        beside.append(icon_button(reveal_words, eye, lambda _event: set_hidden(not hidden), key=f"{field_key}-reveal"))
    whole = labelled(label, field, error=error, help_text=help_text, field_key=field_key, beside=beside)
    return ft.Container(whole, width=screen.size(width)) if width else whole


def use_control() -> "ft.Ref[Any]":
    """A reference to a control that stays the same however often a screen is drawn."""
    holder: Any = ft.use_ref(ft.Ref)
    found: ft.Ref[Any] = holder.current
    return found


def use_typed(value: str, control: "ft.Ref[Any]") -> tuple[str, "deque[str]"]:
    """What a field must show so that nobody's letters are taken away, and what it has said and not yet heard back.

    The browser's newest text is on the control before its handler ran, and a caller that keeps the text hands it back
    a moment later. A ``value`` that the field said itself is such an echo: the newest text stays. Any other new
    ``value`` comes from elsewhere (a draft, an emptied form) and is shown.
    """
    heard: Any = ft.use_ref(lambda: deque(maxlen=_REMEMBERED))
    given = ft.use_ref(value)
    said: deque[str] = heard.current
    newest = value if control.current is None else control.current.value or ""
    if value != given.current:
        given.current = value
        if value in said:
            while said.popleft() != value:
                pass
        else:
            said.clear()
            newest = value
    return newest, said


def field_border(*, error: bool = False) -> Any:
    """The line around a field: stronger where the cursor is, red where something is wrong."""
    usual = ft.BorderSide(1, ft.Colors.ERROR if error else ft.Colors.OUTLINE)
    focused = ft.BorderSide(3, ft.Colors.PRIMARY)
    corner = ft.BorderRadius.all(RADIUS)
    return {
        ft.ControlState.FOCUSED: ft.OutlineInputBorder(side=focused, border_radius=corner),
        ft.ControlState.DEFAULT: ft.OutlineInputBorder(side=usual, border_radius=corner),
    }


def labelled(
    label: str,
    field: ft.Control,
    *,
    field_key: str,
    error: str | None = None,
    help_text: str | None = None,
    beside: Sequence[ft.Control] = (),
) -> ft.Control:
    """Label, help, field and error, one above the other; label and error are also the field's spoken name."""
    parts: list[ft.Control] = [
        ft.Semantics(exclude_semantics=True, content=ft.Text(label, theme_style=ft.TextThemeStyle.TITLE_SMALL))
    ]
    if help_text:
        parts.append(quiet(help_text))
    named = spoken(field, f"{label} {error}" if error else label, key=field_key)
    parts.append(ft.Row([ft.Container(named, expand=True), *beside], spacing=STEP) if beside else named)
    if error:
        parts.append(error_line(error))
    return ft.Column(parts, spacing=HALF, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def error_line(sentence: str) -> ft.Control:
    """What is wrong with the field above, told to a screen reader at once."""
    return ft.Semantics(
        live_region=True,
        content=ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, color=ft.Colors.ERROR),
                ft.Text(sentence, theme_style=ft.TextThemeStyle.BODY_LARGE, color=ft.Colors.ERROR, expand=True),
            ],
            spacing=STEP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )


@ft.component
def NumberInput(
    label: str,
    *,
    field_key: str,
    value: int | None = None,
    on_change: Callable[[int | None], Any] | None = None,
    on_submit: TextHandler | None = None,
    error: str | None = None,
    help_text: str | None = None,
    unit: str | None = None,
    width: float = 160,
) -> ft.Control:
    """A whole number from 0; wide digits count too. ``on_change`` gets None while it is no number."""
    shown = "" if value is None else str(value)
    return TextInput(
        label,
        field_key=field_key,
        value=shown,
        on_change=(lambda text: on_change(read_number(text))) if on_change else None,
        on_submit=on_submit,
        error=error,
        help_text=help_text,
        keyboard=ft.KeyboardType.NUMBER,
        suffix=unit,
        width=width,
    )


def read_number(text: str) -> int | None:
    """The whole number in a text of narrow or wide digits; None if it is not one."""
    narrow = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    return int(narrow) if narrow.isascii() and narrow.isdigit() else None


@ft.component
def SelectInput(
    label: str,
    choices: Sequence[tuple[str, str]],
    *,
    field_key: str,
    value: str | None = None,
    on_change: TextHandler | None = None,
    error: str | None = None,
    help_text: str | None = None,
    width: float | None = None,
    disabled: bool = False,
) -> ft.Control:
    """One of several; ``choices`` are pairs of value and word. For up to four prefer ``choice_row``."""
    screen = use_screen()
    side = ft.BorderSide(1, ft.Colors.ERROR if error else ft.Colors.OUTLINE)
    field = ft.Dropdown(
        value=value,
        options=[ft.DropdownOption(key=key, text=word) for key, word in choices],
        on_select=(lambda event: on_change(event.control.value)) if on_change else None,
        border=ft.OutlineInputBorder(side=side, border_radius=ft.BorderRadius.all(RADIUS)),
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        expand=True,
        menu_height=360,
        disabled=disabled,
        key=field_key,
    )
    whole = labelled(label, ft.Row([field]), error=error, help_text=help_text, field_key=field_key)
    return ft.Container(whole, width=screen.size(width)) if width else whole


def check_row(
    words: str, *, field_key: str, value: bool, on_change: Callable[[bool], Any], help_text: str | None = None
) -> ft.Control:
    """Yes or no; the whole row can be tapped. Words that are wider than a narrow screen wrap."""
    screen = screen_now()
    room = screen.width - _BESIDE_A_TICK
    is_wide = len(words) * screen.size(_LETTER) > room
    box = ft.Checkbox(
        label=ft.Text(words, width=room) if is_wide else words,
        value=value,
        on_change=calls(on_change, lambda event: bool(event.control.value)),
        key=field_key,
    )
    rows: list[ft.Control] = [ft.Container(box, height=None, padding=ft.Padding.symmetric(vertical=HALF))]
    if help_text:
        rows.append(ft.Container(quiet(help_text), padding=ft.Padding.only(left=TARGET)))
    return ft.Column(rows, spacing=0, tight=True)


def choice_row(
    label: str,
    choices: Sequence[tuple[str, str]],
    *,
    field_key: str,
    value: str | None,
    on_change: TextHandler,
    show_label: bool = True,
) -> ft.Control:
    """One of a few, all in sight, side by side; wraps when there is no room."""
    buttons = [
        _choice(word, key=f"{field_key}-{key}", chosen=key == value, on_click=calls_with(on_change, key))
        for key, word in choices
    ]
    row = ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)
    heading = [ft.Text(label, theme_style=ft.TextThemeStyle.TITLE_SMALL)] if show_label else []
    group = ft.Column([*heading, row], spacing=HALF, tight=True)
    return ft.Semantics(container=True, label=label, content=group) if not show_label else group


def _choice(words: str, *, key: str, chosen: bool, on_click: Callable[..., Any] | None) -> ft.Control:
    return ft.Semantics(
        selected=chosen,
        content=ft.OutlinedButton(
            words,
            icon=ft.Icons.CHECK if chosen else None,
            on_click=on_click,
            key=key,
            style=ft.ButtonStyle(
                bgcolor=ft.Colors.PRIMARY_CONTAINER if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
                color=ft.Colors.ON_PRIMARY_CONTAINER if chosen else ft.Colors.ON_SURFACE,
                icon_color=ft.Colors.ON_PRIMARY_CONTAINER,
                side=ringed(ft.BorderSide(2 if chosen else 1, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE)),
            ),
        ),
    )


def form(fields: Sequence[ft.Control], *, width: float = 560) -> ft.Control:
    """Fields one under the other in reading order, not wider than a line is easy to read."""
    column = ft.Column(list(fields), spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ft.Container(ft.Container(column, width=width), alignment=ft.Alignment.TOP_LEFT)


def field_group(title: str, fields: Sequence[ft.Control]) -> ft.Control:
    """Several fields that belong together, under a heading."""
    return ft.Column([body(title, weight=ft.FontWeight.BOLD), *fields], spacing=STEP, tight=True)
