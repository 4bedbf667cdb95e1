"""What a screen says about states: chips, meters, and the four moments loading, empty, wrong and done."""

from collections.abc import Sequence

import flet as ft

from supportapp.components.buttons import Tap, danger_button, quiet_button, secondary_button
from supportapp.components.fields import TextInput
from supportapp.components.handlers import calls
from supportapp.components.spoken import spoken
from supportapp.components.texts import body, row_title
from supportapp.theme import GAP, HAIRLINE, HALF, MARKS, RADIUS, STEP, WIDE


def state_chip(state: str, words: str) -> ft.Control:
    """A state as icon, word and colour; ``state`` is a name of ``MARKS``."""
    mark = MARKS[state]
    crossed = ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH) if mark.struck_through else None
    return ft.Container(
        ft.Row(
            [
                ft.Icon(mark.icon, color=mark.color),
                ft.Text(words, theme_style=ft.TextThemeStyle.LABEL_LARGE, color=mark.color, style=crossed),
            ],
            spacing=HALF,
            tight=True,
        ),
        bgcolor=mark.ground,
        border=ft.Border.all(HAIRLINE, mark.color),
        border_radius=RADIUS,
        padding=ft.Padding.symmetric(vertical=HALF, horizontal=STEP),
    )


def meter(words: str, number: int, of: int, state: str, *, key: str, on_click: Tap = None) -> ft.Control:
    """How many of how many, with icon, word, figures and bar; a tap opens the list behind it."""
    mark = MARKS[state]
    figures = ft.Column(
        [
            ft.Row(
                [
                    ft.Icon(mark.icon, color=mark.color),
                    ft.Text(words, theme_style=ft.TextThemeStyle.LABEL_LARGE),
                    ft.Text(f"{number}/{of}", theme_style=ft.TextThemeStyle.TITLE_LARGE, color=mark.color),
                ],
                spacing=STEP,
                wrap=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            ft.Semantics(
                exclude_semantics=True,
                content=ft.ProgressBar(
                    value=min(1.0, number / of) if of else 0.0,
                    color=mark.color,
                    bgcolor=ft.Colors.OUTLINE_VARIANT,
                    bar_height=6,
                    border_radius=3,
                ),
            ),
        ],
        spacing=STEP,
        tight=True,
    )
    box = ft.Container(
        figures,
        padding=ft.Padding.all(GAP),
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        on_click=on_click,
        ink=on_click is not None,
        key=key,
    )
    return spoken(box, key=key)


def empty_state(
    sentence: str, button: ft.Control | None = None, icon: ft.IconData = ft.Icons.INBOX_OUTLINED
) -> ft.Control:
    """Nothing there yet: a sentence and the next step."""
    parts: list[ft.Control] = [
        ft.Icon(icon, color=ft.Colors.ON_SURFACE_VARIANT, size=WIDE),
        body(sentence, text_align=ft.TextAlign.CENTER),
    ]
    return ft.Container(
        ft.Column(
            [*parts, *([button] if button else [])],
            spacing=GAP,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=WIDE,
        alignment=ft.Alignment.CENTER,
    )


def skeleton(sentence: str, *, rows: int = 4, row_height: float = 56) -> ft.Control:
    """The shape of what comes; ``sentence`` is said to a screen reader only."""
    lines: list[ft.Control] = [
        ft.Container(
            height=row_height, bgcolor=ft.Colors.SURFACE_CONTAINER, border_radius=RADIUS, opacity=1 - position * 0.15
        )
        for position in range(rows)
    ]
    return ft.Semantics(
        container=True, live_region=True, label=sentence, content=ft.Column(lines, spacing=STEP, tight=True)
    )


def _banner(state: str, parts: Sequence[ft.Control], *, icon: ft.IconData | None = None) -> ft.Control:
    mark = MARKS[state]
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            ft.Row(
                [
                    ft.Icon(icon or mark.icon, color=mark.color),
                    ft.Column(list(parts), spacing=STEP, tight=True, expand=True),
                ],
                spacing=GAP,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            bgcolor=mark.ground,
            border=ft.Border.all(HAIRLINE, mark.color),
            border_radius=RADIUS,
            padding=GAP,
        ),
    )


def error_banner(sentence: str, button: ft.Control | None = None) -> ft.Control:
    """What happened, what is safe, what to do; the input stays where it is."""
    return _banner("short", [body(sentence), *([button] if button else [])], icon=ft.Icons.ERROR_OUTLINE)


def warning_banner(sentence: str, button: ft.Control | None = None) -> ft.Control:
    """Something to know before going on; nothing is refused."""
    return _banner("thin", [body(sentence), *([button] if button else [])], icon=ft.Icons.WARNING_AMBER)


def progress_panel(words: str, done: int, total: int, *, key: str, cancel_words: str, on_cancel: Tap) -> ft.Control:
    """Long work: how much of how much, and a way to stop it."""
    share = done / total if total else None
    return card_like(
        [
            ft.Semantics(live_region=True, content=row_title(f"{words} {done}/{total}")),
            ft.ProgressBar(value=share, color=ft.Colors.PRIMARY, bgcolor=ft.Colors.OUTLINE_VARIANT, bar_height=8),
            ft.Row([secondary_button(cancel_words, on_cancel, key=key)]),
        ]
    )


def card_like(parts: Sequence[ft.Control]) -> ft.Control:
    """A framed group without a heading."""
    return ft.Container(
        ft.Column(list(parts), spacing=GAP, tight=True),
        padding=GAP,
        border=ft.Border.all(HAIRLINE, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
    )


@ft.component
def ConfirmPanel(
    question: str,
    *,
    panel_key: str,
    confirm_words: str,
    keep_words: str,
    on_confirm: Tap,
    on_keep: Tap,
    reason_words: str | None = None,
    error: str | None = None,
    busy: bool = False,
    about: ft.Control | None = None,
) -> ft.Control:
    """Asks before something is taken away, in place of a dialog. With ``reason_words`` it asks for a reason too.

    ``about`` stands under the question: whom it concerns.
    ``on_confirm`` is called with the reason ("" when none is asked for).
    """
    reason = ft.use_ref("")
    confirm = on_confirm or (lambda _reason: None)

    def typed(text: str) -> None:
        reason.current = text

    asked: list[ft.Control] = [row_title(question), *([about] if about else [])]
    if reason_words:
        asked.append(
            TextInput(reason_words, field_key=f"{panel_key}-reason", on_change=typed, error=error, autofocus=True)
        )
    asked.append(
        ft.Row(
            [
                danger_button(
                    confirm_words, calls(confirm, lambda _event: reason.current), key=f"{panel_key}-confirm", busy=busy
                ),
                quiet_button(keep_words, on_keep, key=f"{panel_key}-keep"),
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        )
    )
    return _banner("short", asked, icon=ft.Icons.HELP_OUTLINE)
