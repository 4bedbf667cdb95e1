"""Around every screen: the frame with the places of the role, and how the person likes things to look."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import flet as ft

from supportapp.components.buttons import secondary_button
from supportapp.components.frame import Frame, FramePlace, FrameWords, next_look
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, skeleton
from supportapp.hooks import Office, use_office
from supportapp.messages import Words
from supportapp.places import RAIL, place_of
from supportapp.theme import EDGE, GAP

# Screens that fill the height and scroll inside themselves.
_FILLING = ("/desk/",)


@ft.component
def WaitingScreen(sentence: str) -> ft.Control:
    """What stands there until it is known who sits in front of the screen."""
    return ft.Container(skeleton(sentence, rows=3), padding=EDGE)


@ft.component
def NoSuchPlace() -> ft.Control:
    """An address without a screen."""
    office = use_office()
    back = secondary_button(office.words("app.to_start"), lambda _event: office.go("/"), key="to-start")
    return empty_state(office.words("app.no_such_place"), back, ft.Icons.EXPLORE_OFF_OUTLINED)


@ft.component
def Shell() -> ft.Control:
    """The frame of a person who is signed in."""
    office = use_office()
    screen = use_screen()
    outlet = ft.use_route_outlet()
    path = ft.use_route_location()

    async def change_colours(chosen: str) -> None:
        look = next_look(office.look, chosen)
        await office.change_look(dark=look.dark, high_contrast=look.high_contrast)

    role, say = office.actor.role, office.words
    inside = ft.Container(outlet, padding=GAP if screen.is_phone else EDGE)
    stage: ft.Control = inside
    if not path.startswith(_FILLING):
        stage = ft.Column([inside], scroll=ft.ScrollMode.AUTO, expand=True, key=f"stage-{path}")
    return Frame(
        stage,
        words=frame_words(say),
        look=office.look,
        language=office.language,
        places=[
            FramePlace(say(place.word), getattr(ft.Icons, place.icon), f"place-{index}", partial(office.go, place.path))
            for index, place in enumerate(RAIL[role])
        ],
        here=place_of(role, path),
        title=office.signed_in.municipality_name,
        who=say("app.who", name=office.actor.name, role=say(f"role.{role.value}")),
        on_text_size=lambda size: office.change_look(text_size=size),
        on_colours=change_colours,
        on_language=lambda language: office.change_look(language=language),
        on_sign_out=office.sign_out,
        account_items=_other_roles(office),
        full=True,
    )


def frame_words(say: Words) -> FrameWords:
    """The words of the header."""
    return FrameWords(
        product=say("app.title"),
        text_size=say("app.text_size"),
        colours=say("app.colours"),
        light=say("app.light"),
        dark=say("app.dark"),
        high_contrast=say("app.high_contrast"),
        language=say("app.language"),
        help=say("app.help"),
        sign_out=say("app.sign_out"),
        account=say("app.account"),
    )


def _other_roles(office: Office) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    now = (office.actor.role, office.actor.municipality_code)

    def wear(account_role_id: UUID) -> Callable[[], Awaitable[None]]:
        return lambda: office.change_role(account_role_id)

    return [
        (
            office.words(
                "app.act_as", role=office.words(f"role.{each.role.value}"), municipality=each.municipality_name
            ),
            wear(each.account_role_id),
        )
        for each in office.signed_in.roles
        if (each.role, each.municipality_code) != now
    ]
