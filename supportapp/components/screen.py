"""How much room there is: the width class and text size that every component lays itself out by."""

import weakref
from dataclasses import dataclass
from typing import Any, Final

import flet as ft

PHONE_BELOW: Final = 600
RAIL_FROM: Final = 700
PANES_FROM: Final = 900
_LARGE_TEXT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Screen:
    """Width and height in logical pixels, ``text_size`` 1.0 to 2.0."""

    width: float = 1180
    height: float = 820
    text_size: float = 1.0

    @property
    def room(self) -> float:
        """Width in pixels of ordinary text: large text leaves less of it."""
        return self.width / self.text_size if self.text_size >= _LARGE_TEXT else self.width

    @property
    def is_phone(self) -> bool:
        """One thing at a time."""
        return self.room < PHONE_BELOW

    @property
    def has_rail(self) -> bool:
        """Room for the rail at the side; otherwise the places stand in a bar at the bottom."""
        return self.room >= RAIL_FROM

    @property
    def is_side_by_side(self) -> bool:
        """List and detail beside each other (a landscape tablet); otherwise one above the other."""
        return self.room >= PANES_FROM and self.width > self.height

    @property
    def two_panes(self) -> bool:
        """Room for two panes side by side."""
        return self.room >= PANES_FROM

    def size(self, pixels: float) -> float:
        """A length that grows with the text (an icon, the width of a time field)."""
        return pixels * self.text_size


@ft.observable
@dataclass
class _Watched:
    screen: Screen


# By browser session, because a page cannot be a key; forgotten together with it.
_WATCHED: "weakref.WeakKeyDictionary[Any, _Watched]" = weakref.WeakKeyDictionary()


def tell_screen(page: ft.Page, text_size: float) -> None:
    """Note the text size of a page, and from now on each change of its window, also while it was not connected."""
    watched = _watched(page)
    watched.screen = Screen(page.width or 1180, page.height or 820, text_size)

    def resized(event: ft.PageResizeEvent) -> None:
        watched.screen = Screen(event.width, event.height, watched.screen.text_size)

    def came_back(_event: Any) -> None:  # a tablet that slept may have been turned meanwhile: no resize tells of it
        watched.screen = Screen(page.width or 1180, page.height or 820, watched.screen.text_size)

    page.on_resize = resized
    page.on_connect = came_back


def use_screen() -> Screen:
    """The room there is now; the component draws itself again when it changes."""
    page: Any = ft.context.page
    watched, _ = ft.use_state(_watched(page))
    return watched.screen


def screen_now() -> Screen:
    """The room there is while a page is being drawn; not a hook, so nothing is drawn again by itself."""
    return _watched(ft.context.page).screen


def _watched(page: ft.Page) -> _Watched:
    found = _WATCHED.get(page.session)
    if found is None:
        found = _WATCHED[page.session] = _Watched(Screen(page.width or 1180, page.height or 820))
    return found
