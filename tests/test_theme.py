"""The look in figures: contrast of every pair of colours that meet, and type that grows as asked."""

import dataclasses
import itertools

import flet as ft
import pytest

from supportapp.components.fields import read_number
from supportapp.components.moments import read_time
from supportapp.components.screen import Screen
from supportapp.theme import PALETTES, TEXT_SIZES, Look, Palette, make_theme

_STATES = ("enough", "thin", "short")


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _text_pairs(colors: Palette) -> dict[str, float]:
    """Every text colour on every ground it stands on."""
    pairs = {
        f"{text} on {ground}": _contrast(getattr(colors, text), getattr(colors, ground))
        for text, ground in itertools.product(("ink", "quiet", "accent", *_STATES), ("ground", "card", "sunken"))
    }
    for state in _STATES:
        pairs[f"{state} on its ground"] = _contrast(getattr(colors, state), getattr(colors, f"{state}_ground"))
        pairs[f"ink on {state}"] = _contrast(colors.ink, getattr(colors, f"{state}_ground"))
    pairs["on_accent"] = _contrast(colors.on_accent, colors.accent)
    pairs["on_accent_ground"] = _contrast(colors.on_accent_ground, colors.accent_ground)
    pairs["ink on accent_ground"] = _contrast(colors.ink, colors.accent_ground)
    pairs["accent on accent_ground"] = _contrast(colors.accent, colors.accent_ground)
    pairs["on_short"] = _contrast(colors.on_short, colors.short)
    pairs["cancelled"] = _contrast(colors.quiet, colors.cancelled_ground)
    return pairs


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_can_be_read_on_its_ground(name: str):
    least = 7.0 if name.startswith("contrast") else 4.5

    assert {pair: ratio for pair, ratio in _text_pairs(PALETTES[name]).items() if ratio < least} == {}


@pytest.mark.parametrize("name", PALETTES)
def test_the_accent_stands_out_from_the_ground_seven_times(name: str):
    colors = PALETTES[name]

    assert min(_contrast(colors.accent, ground) for ground in (colors.ground, colors.card)) >= 7.0


@pytest.mark.parametrize("name", PALETTES)
def test_the_edge_of_a_field_can_be_seen(name: str):
    colors = PALETTES[name]

    assert _contrast(colors.strong_line, colors.card) >= 3.0


def _styles(look: Look) -> dict[str, ft.TextStyle]:
    theme = make_theme(look).text_theme
    assert theme is not None
    found = {field.name: getattr(theme, field.name) for field in dataclasses.fields(theme)}
    return {name: style for name, style in found.items() if isinstance(style, ft.TextStyle)}


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_every_text_style_grows_with_the_text_size_and_is_never_under_14(size: float):
    ordinary = _styles(Look())
    sizes = {name: style.size for name, style in _styles(Look(size)).items()}

    assert len(sizes) == 15
    assert sizes == {name: ordinary[name].size * size for name in sizes}
    assert min(sizes.values()) >= 14 * size


def test_every_text_style_falls_back_to_the_font_for_rare_names():
    styles = _styles(Look()).values()

    assert {(style.font_family, *(style.font_family_fallback or [])) for style in styles} == {
        ("BIZ UDPGothic", "Supportapp Names")
    }


@pytest.mark.parametrize(
    ("screen", "expected"),
    [
        (Screen(1180, 820, 1.0), (False, True, True)),
        (Screen(1180, 820, 1.5), (False, True, False)),
        (Screen(1180, 820, 2.0), (True, False, False)),
        (Screen(800, 1180, 1.0), (False, True, False)),
        (Screen(800, 1180, 1.25), (False, True, False)),
        (Screen(800, 1180, 2.0), (True, False, False)),
        (Screen(390, 844, 1.0), (True, False, False)),
    ],
)
def test_large_text_leaves_less_room(screen: Screen, expected: tuple[bool, bool, bool]):
    assert (screen.is_phone, screen.has_rail, screen.is_side_by_side) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1330", "13:30"), ("13:30", "13:30"), ("１３：３０", "13:30"), ("13時半", "13:30"), ("13時", "13:00"),
        ("午後1時30分", "13:30"), ("午前0時", "00:00"), ("午後12時15分", "12:15"), ("9", "09:00"), ("930", "09:30"),
        ("25:00", None), ("12:60", None), ("午後13時", None), ("昼", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, expected: str | None):
    moment = read_time(typed)

    assert (moment.strftime("%H:%M") if moment else None) == expected


@pytest.mark.parametrize(
    ("typed", "expected"), [("10", 10), ("１０", 10), (" 1,000 ", 1000), ("十", None), ("-1", None), ("", None)]
)
def test_a_number_is_read_in_narrow_and_wide_digits(typed: str, expected: int | None):
    assert read_number(typed) == expected
