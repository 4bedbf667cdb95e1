"""One application in a session's list: who, how it stands, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from events.registration_queries import PersonAtSession
from events.registration_rules import WITHOUT_PHONE
from events.states import ACTIVE_REGISTRATIONS, RegistrationState
from supportapp.booking_words import age_words, day_words
from supportapp.components.buttons import Tap, quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.spoken import spoken
from supportapp.components.states import state_chip
from supportapp.components.texts import quiet
from supportapp.hooks import Office
from supportapp.theme import GAP, HAIRLINE, STEP

MARKS: Final = {
    RegistrationState.CONFIRMED: "enough",
    RegistrationState.OFFERED: "thin",
    RegistrationState.WAITING: "neutral",
    RegistrationState.WAITING_DRAW: "neutral",
}
_BRINGABLE: Final = frozenset(
    {RegistrationState.CANCELLED_BY_PERSON, RegistrationState.DECLINED, RegistrationState.EXPIRED}
)
Act = Callable[[PersonAtSession], Any]


@dataclass(frozen=True, slots=True)
class RowActs:
    """What the buttons of a row do."""

    cancel: Act
    move: Act
    accept: Act
    decline: Act
    restore: Act


def registration_row(office: Office, person: PersonAtSession, acts: RowActs, *, now: datetime) -> ft.Control:
    """Name and facts at the left, state and buttons at the right; wraps on a narrow screen."""
    say = office.words
    state = say(f"person.state.{person.state.value}")
    word = say("registration.state_rank", state=state, rank=person.rank) if person.rank else state
    name = spoken(
        ft.TextButton(
            person.name,
            on_click=lambda _event: office.go(f"/people/attendees/{person.attendee_id}"),
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(vertical=STEP),
                text_style=ft.TextStyle(weight=ft.FontWeight.BOLD),
            ),
            key=f"open-{person.registration_id}",
        ),
        say("registration.open_name", name=person.name),
        key=f"open-{person.registration_id}",
    )
    who = ft.Column(
        [
            ft.Row([name, quiet(person.kana)], spacing=STEP, wrap=True, run_spacing=0),
            quiet("・".join(_facts(office, person, now))),
        ],
        spacing=0,
        tight=True,
    )
    acting = ft.Row(
        [state_chip(MARKS.get(person.state, "cancelled"), word), *_buttons(office, person, acts)],
        spacing=STEP,
        run_spacing=STEP,
        wrap=True,
        alignment=ft.MainAxisAlignment.END,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Container(
        ft.ResponsiveRow(
            [
                ft.Container(who, col={"xs": 12, "md": 6}),
                ft.Container(acting, col={"xs": 12, "md": 6}),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.symmetric(vertical=STEP, horizontal=GAP),
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


def _facts(office: Office, person: PersonAtSession, now: datetime) -> list[str]:
    say = office.words
    facts = [
        age_words(say, person.age_band) if person.age_band else "",
        person.telephone or say("registration.withheld"),
        say(f"person.channel.{person.channel.value}"),
        day_words(say, person.applied_on, office.today),
        say("registration.companions", count=person.companions) if person.companions else "",
        say("registration.wants_device") if person.wants_device else "",
        say("registration.without_phone") if person.phone_kind in WITHOUT_PHONE else "",
        *(say(f"person.need.{need}") for need in person.needs),
        _answer_by(office, person, now),
        person.state_reason,
        person.note,
    ]
    return [fact for fact in facts if fact]


def _answer_by(office: Office, person: PersonAtSession, now: datetime) -> str:
    if person.reply_by is None:
        return ""
    key = "registration.overdue" if person.reply_by < now else "registration.reply_by"
    day = day_words(office.words, tokyo_date(person.reply_by), office.today)
    return office.words(key, day=day, time=f"{tokyo_time(person.reply_by):%H:%M}")


def _buttons(office: Office, person: PersonAtSession, acts: RowActs) -> list[ft.Control]:
    say, key = office.words, person.registration_id

    def named(words: str, spoken_words: str, act: Act, kind: Callable[..., ft.Control], name: str) -> ft.Control:
        on_click: Tap = calls_with(act, person)
        return spoken(kind(say(words), on_click, key=f"{name}-{key}"), say(spoken_words, name=person.name))

    shown = []
    if person.state is RegistrationState.OFFERED:
        shown += [
            named("registration.accept", "registration.accept_name", acts.accept, secondary_button, "accept"),
            named("registration.decline", "registration.decline_name", acts.decline, quiet_button, "decline"),
        ]
    elif person.state in ACTIVE_REGISTRATIONS:
        shown += [
            named("registration.move", "registration.move_name", acts.move, quiet_button, "move"),
            named("registration.cancel", "registration.cancel_name", acts.cancel, quiet_button, "cancel"),
        ]
    elif person.state in _BRINGABLE:
        shown.append(
            named("registration.restore", "registration.restore_name", acts.restore, quiet_button, "restore")
        )
    return shown
