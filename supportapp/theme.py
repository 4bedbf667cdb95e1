"""The look: colours, type and space as four whole themes, and the one place where any of them is a number.

Views name no colour and no size. They take a text style of the theme (``ft.TextThemeStyle.BODY_LARGE``), a colour of
the scheme (``ft.Colors.PRIMARY``) or a mark of a state (``MARKS["short"]``), and steps of the grid (``GAP``). Text size
is part of the theme, so everything grows with it.
"""

from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from supportapp.components.screen import tell_screen

FONT: Final = "BIZ UDPGothic"
NAMES_FONT: Final = "Supportapp Names"
TEXT_SIZES: Final = (1.0, 1.25, 1.5, 2.0)

# Steps of the 8 px grid. HALF only inside a control (between an icon and its word).
HALF: Final = 4
STEP: Final = 8
GAP: Final = 16
EDGE: Final = 24
WIDE: Final = 32
TARGET: Final = 48
ROW: Final = 56
RECEPTION_ROW: Final = 72
CONTENT_WIDTH: Final = 1100
RADIUS: Final = 8
HAIRLINE: Final = 1


@dataclass(frozen=True, slots=True)
class Look:
    """How one person likes the screen. ``text_size`` is one of ``TEXT_SIZES``."""

    text_size: float = 1.0
    dark: bool = False
    high_contrast: bool = False

    @property
    def name(self) -> str:
        """The name of the palette, also what our own page in the browser remembers."""
        shade = "dark" if self.dark else "light"
        return f"contrast_{shade}" if self.high_contrast else shade


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme as ``#RRGGBB``. A ``…_ground`` lies under the colour of its name."""

    ground: str
    card: str
    sunken: str
    ink: str
    quiet: str
    line: str
    strong_line: str
    accent: str
    on_accent: str
    accent_ground: str
    on_accent_ground: str
    enough: str
    enough_ground: str
    thin: str
    thin_ground: str
    short: str
    short_ground: str
    on_short: str
    cancelled_ground: str
    scrim: str = "#000000"


PALETTES: Final[dict[str, Palette]] = {
    "light": Palette(
        ground="#FAFAF8", card="#FFFFFF", sunken="#F0F1EF",
        ink="#1A1A1A", quiet="#4A4F52", line="#D5D9DA", strong_line="#6B7275",
        accent="#004D54", on_accent="#FFFFFF", accent_ground="#DDEFF0", on_accent_ground="#00363B",
        enough="#0B5D2A", enough_ground="#E3F3E7",
        thin="#6B4600", thin_ground="#FDF0D0",
        short="#9B1520", short_ground="#FCE8E8", on_short="#FFFFFF",
        cancelled_ground="#E9EBEB",
    ),
    "dark": Palette(
        ground="#14181A", card="#1D2326", sunken="#101315",
        ink="#F2F4F4", quiet="#C2C9CC", line="#3C4549", strong_line="#94A0A5",
        accent="#7FD6DE", on_accent="#00272B", accent_ground="#12444A", on_accent_ground="#D5F5F8",
        enough="#8FE0A8", enough_ground="#14361F",
        thin="#FFD27A", thin_ground="#40300A",
        short="#FFB3B3", short_ground="#4A1A1E", on_short="#3A0007",
        cancelled_ground="#30383B",
    ),
    "contrast_light": Palette(
        ground="#FFFFFF", card="#FFFFFF", sunken="#FFFFFF",
        ink="#000000", quiet="#000000", line="#000000", strong_line="#000000",
        accent="#003A40", on_accent="#FFFFFF", accent_ground="#E0F4F5", on_accent_ground="#00272B",
        enough="#003D16", enough_ground="#FFFFFF",
        thin="#4A2E00", thin_ground="#FFFFFF",
        short="#7A000C", short_ground="#FFFFFF", on_short="#FFFFFF",
        cancelled_ground="#FFFFFF",
    ),
    "contrast_dark": Palette(
        ground="#000000", card="#000000", sunken="#000000",
        ink="#FFFFFF", quiet="#FFFFFF", line="#FFFFFF", strong_line="#FFFFFF",
        accent="#A6F4FB", on_accent="#000000", accent_ground="#003A40", on_accent_ground="#FFFFFF",
        enough="#B5FFC9", enough_ground="#000000",
        thin="#FFE3A3", thin_ground="#000000",
        short="#FFD0D0", short_ground="#000000", on_short="#000000",
        cancelled_ground="#000000",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks: never a colour alone, the word comes beside it."""

    icon: ft.IconData
    color: ft.Colors
    ground: ft.Colors
    struck_through: bool = False


# States ride on slots of the scheme that no control uses by itself, and so change with the theme.
MARKS: Final[dict[str, Mark]] = {
    "enough": Mark(ft.Icons.CHECK, ft.Colors.TERTIARY, ft.Colors.TERTIARY_CONTAINER),
    "thin": Mark(ft.Icons.PRIORITY_HIGH, ft.Colors.ON_SECONDARY_FIXED, ft.Colors.SECONDARY_FIXED),
    "short": Mark(ft.Icons.CLOSE, ft.Colors.ERROR, ft.Colors.ERROR_CONTAINER),
    "cancelled": Mark(ft.Icons.BLOCK, ft.Colors.ON_SURFACE_VARIANT, ft.Colors.SURFACE_DIM, struck_through=True),
    "neutral": Mark(ft.Icons.CIRCLE_OUTLINED, ft.Colors.ON_SURFACE_VARIANT, ft.Colors.SURFACE_CONTAINER),
    "accent": Mark(ft.Icons.STAR_OUTLINE, ft.Colors.ON_PRIMARY_CONTAINER, ft.Colors.PRIMARY_CONTAINER),
}


def look_of(preferences: dict[str, object]) -> Look:
    """How a person likes the screen, from what was kept of it."""
    size = preferences.get("text_size")
    return Look(
        text_size=float(size) if isinstance(size, int | float) else 1.0,
        dark=bool(preferences.get("dark")),
        high_contrast=bool(preferences.get("high_contrast")),
    )


def dress(page: ft.Page, look: Look) -> None:
    """Put a look on a page and tell the components of it; again whenever the person changes it."""
    page.theme_mode = ft.ThemeMode.DARK if look.dark else ft.ThemeMode.LIGHT
    page.theme = make_theme(replace(look, dark=False))
    page.dark_theme = make_theme(replace(look, dark=True))
    page.bgcolor = ft.Colors.SURFACE
    tell_screen(page, look.text_size)


async def remember_look(kept: ft.SharedPreferences, look: Look, language: str) -> None:
    """Keep look and language in the browser, for what our own page says before and without the server."""
    await kept.set("supportapp.look", look.name)
    await kept.set("supportapp.text_percent", str(round(look.text_size * 100)))
    await kept.set("supportapp.language", language)


def make_theme(look: Look) -> ft.Theme:
    """The whole theme of a look."""
    colors = PALETTES[look.name]
    size = look.text_size
    return ft.Theme(
        font_family=FONT,
        color_scheme=_scheme(colors),
        text_theme=_type(colors.ink, size),
        primary_text_theme=_type(colors.on_accent, size),
        icon_theme=ft.IconTheme(size=24 * size),
        scaffold_bgcolor=colors.ground,
        canvas_color=colors.ground,
        card_bgcolor=colors.card,
        divider_theme=ft.DividerTheme(color=colors.line, thickness=HAIRLINE, space=HAIRLINE),
        filled_button_theme=ft.FilledButtonTheme(style=_button(size)),
        button_theme=ft.ButtonTheme(style=_button(size)),
        outlined_button_theme=ft.OutlinedButtonTheme(
            style=_button(size, side=ft.BorderSide(HAIRLINE, colors.strong_line))
        ),
        text_button_theme=ft.TextButtonTheme(style=_button(size)),
        icon_button_theme=ft.IconButtonTheme(style=ft.ButtonStyle(icon_size=24 * size, padding=12)),
        navigation_rail_theme=_rail(colors, size),
        navigation_bar_theme=_bar(colors, size),
        dialog_theme=ft.DialogTheme(bgcolor=colors.card, shape=_corner(), elevation=0),
        dropdown_theme=ft.DropdownTheme(text_style=_text(16 * size, 1.4, colors.ink)),
        popup_menu_theme=ft.PopupMenuTheme(
            color=colors.card,
            shape=ft.RoundedRectangleBorder(radius=RADIUS, side=ft.BorderSide(HAIRLINE, colors.line)),
            label_text_style=_text(16 * size, 1.4, colors.ink),
        ),
        tooltip_theme=ft.TooltipTheme(
            text_style=_text(14 * size, 1.4, colors.card),
            decoration=ft.BoxDecoration(bgcolor=colors.ink, border_radius=HALF),
        ),
        tab_bar_theme=ft.TabBarTheme(
            label_text_style=_text(16 * size, 1.4, colors.accent, bold=True),
            unselected_label_text_style=_text(16 * size, 1.4, colors.quiet),
            divider_color=colors.line,
        ),
        date_picker_theme=_date_picker(colors, size),
        scrollbar_theme=ft.ScrollbarTheme(thickness=8, radius=HALF, thumb_color=colors.strong_line),
        page_transitions=_no_motion(),
        visual_density=ft.VisualDensity.STANDARD,
        focus_color=colors.accent_ground,
    )


def _scheme(colors: Palette) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=colors.accent,
        on_primary=colors.on_accent,
        primary_container=colors.accent_ground,
        on_primary_container=colors.on_accent_ground,
        secondary=colors.accent,
        on_secondary=colors.on_accent,
        secondary_container=colors.accent_ground,
        on_secondary_container=colors.on_accent_ground,
        secondary_fixed=colors.thin_ground,
        on_secondary_fixed=colors.thin,
        tertiary=colors.enough,
        on_tertiary=colors.card,
        tertiary_container=colors.enough_ground,
        on_tertiary_container=colors.enough,
        error=colors.short,
        on_error=colors.on_short,
        error_container=colors.short_ground,
        on_error_container=colors.short,
        surface=colors.ground,
        on_surface=colors.ink,
        on_surface_variant=colors.quiet,
        surface_dim=colors.cancelled_ground,
        surface_bright=colors.card,
        surface_container_lowest=colors.card,
        surface_container_low=colors.card,
        surface_container=colors.sunken,
        surface_container_high=colors.card,
        surface_container_highest=colors.sunken,
        outline=colors.strong_line,
        outline_variant=colors.line,
        inverse_surface=colors.ink,
        on_inverse_surface=colors.card,
        inverse_primary=colors.accent_ground,
        surface_tint=colors.card,
        shadow=colors.scrim,
        scrim=colors.scrim,
    )


def _text(size: float, height: float, color: str, *, bold: bool = False) -> ft.TextStyle:
    return ft.TextStyle(
        size=size,
        height=height,
        color=color,
        weight=ft.FontWeight.BOLD if bold else ft.FontWeight.NORMAL,
        font_family=FONT,
        font_family_fallback=[NAMES_FONT],
        letter_spacing=0,
    )


def _type(ink: str, size: float) -> ft.TextTheme:
    """The type scale: title 28, names at reception 26 and 22, body 16, never under 14."""
    return ft.TextTheme(
        display_large=_text(40 * size, 1.3, ink, bold=True),
        display_medium=_text(36 * size, 1.3, ink, bold=True),
        display_small=_text(32 * size, 1.35, ink, bold=True),
        headline_large=_text(30 * size, 1.4, ink, bold=True),
        headline_medium=_text(28 * size, 1.4, ink, bold=True),
        headline_small=_text(26 * size, 1.4, ink),
        title_large=_text(22 * size, 1.5, ink, bold=True),
        title_medium=_text(18 * size, 1.5, ink, bold=True),
        title_small=_text(16 * size, 1.5, ink, bold=True),
        body_large=_text(16 * size, 1.7, ink),
        body_medium=_text(16 * size, 1.7, ink),
        body_small=_text(14 * size, 1.6, ink),
        label_large=_text(16 * size, 1.4, ink),
        label_medium=_text(14 * size, 1.4, ink),
        label_small=_text(14 * size, 1.4, ink),
    )


def _corner() -> ft.RoundedRectangleBorder:
    return ft.RoundedRectangleBorder(radius=RADIUS)


def _button(size: float, side: ft.BorderSide | None = None) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        padding=ft.Padding.symmetric(vertical=max(8, 24 - 11 * size), horizontal=20),
        text_style=ft.TextStyle(
            size=16 * size, height=1.2, font_family=FONT, font_family_fallback=[NAMES_FONT], letter_spacing=0
        ),
        icon_size=20 * size,
        shape=_corner(),
        side=ringed(side),
        elevation=0,
    )


def ringed(side: ft.BorderSide | None = None) -> dict[ft.ControlState, ft.BorderSide]:
    """The edge of a button: ``side`` as a rule, a strong ring of ink while the keyboard stands on it."""
    return {
        ft.ControlState.FOCUSED: ft.BorderSide(3, ft.Colors.ON_SURFACE),
        ft.ControlState.DEFAULT: side or ft.BorderSide.none(),
    }


def _rail(colors: Palette, size: float) -> ft.NavigationRailTheme:
    return ft.NavigationRailTheme(
        bgcolor=colors.ground,
        indicator_color=colors.accent_ground,
        elevation=0,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=96 * min(size, 1.5),
        selected_label_text_style=_text(14 * size, 1.4, colors.accent, bold=True),
        unselected_label_text_style=_text(14 * size, 1.4, colors.ink),
    )


def _bar(colors: Palette, size: float) -> ft.NavigationBarTheme:
    return ft.NavigationBarTheme(
        bgcolor=colors.card,
        indicator_color=colors.accent_ground,
        elevation=0,
        height=56 + 24 * size,
        label_text_style=_text(14 * size, 1.2, colors.ink),
        label_behavior=ft.NavigationBarLabelBehavior.ALWAYS_SHOW,
    )


def _date_picker(colors: Palette, size: float) -> ft.DatePickerTheme:
    size = min(size, 1.25)  # the grid of days is of fixed size: larger text would be cut
    return ft.DatePickerTheme(
        bgcolor=colors.card,
        shape=_corner(),
        elevation=0,
        header_bgcolor=colors.accent_ground,
        header_foreground_color=colors.on_accent_ground,
        day_text_style=_text(16 * size, 1.2, colors.ink),
        weekday_text_style=_text(14 * size, 1.2, colors.quiet),
        year_text_style=_text(16 * size, 1.2, colors.ink),
        header_headline_text_style=_text(24 * size, 1.3, colors.on_accent_ground, bold=True),
        header_help_text_style=_text(14 * size, 1.3, colors.on_accent_ground),
    )


def _no_motion() -> ft.PageTransitionsTheme:
    still = ft.PageTransitionTheme.NONE
    return ft.PageTransitionsTheme(android=still, ios=still, linux=still, macos=still, windows=still)
