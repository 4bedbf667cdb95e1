"""Pieces that the lists of whom to tell share: the words to say with a way to copy them, and who is concerned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from events.notices.queries import PersonToTell, ways_to_tell, who_is_concerned
from supportapp.booking_words import day_words
from supportapp.components.buttons import secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.spoken import spoken
from supportapp.components.states import warning_banner
from supportapp.components.texts import body, quiet
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import STEP

WAY_ICONS: Final = {
    "telephone": ft.Icons.PHONE_OUTLINED,
    "email": ft.Icons.MAIL_OUTLINED,
    "sms": ft.Icons.SMS_OUTLINED,
    "line": ft.Icons.CHAT_BUBBLE_OUTLINE,
    "post": ft.Icons.MARKUNREAD_MAILBOX_OUTLINED,
    "fax": ft.Icons.FAX_OUTLINED,
}


@ft.component
def WordsToCopy(text: str, name: str, note: str) -> ft.Control:
    """A text to paste elsewhere, with a button that copies it; ``name`` tells its buttons apart."""
    office = use_office()
    say = office.words
    clipboard = ft.use_memo(ft.Clipboard, [])
    copied, set_copied = ft.use_state("")

    async def copy() -> None:
        await clipboard.set(text)
        set_copied(text)

    words = say("notices.copied" if copied == text else "notices.copy")
    button = secondary_button(words, calls_with(copy), key=f"copy-{name}", icon=ft.Icons.COPY)
    return ft.Column(
        [
            body(text),
            ft.Row([button, quiet(note)], spacing=STEP, run_spacing=STEP, wrap=True),
        ],
        spacing=STEP,
        tight=True,
    )


@ft.component
def WhoIsConcerned(session_id: UUID) -> ft.Control:
    """Before a change: how many people would have to be told, and by which ways."""
    office = use_office()
    say = office.words
    found = use_query(who_is_concerned, (), session_id=session_id)
    if found.value is None:
        return quiet(say("notices.counting"))
    if not found.value.people:
        return body(say("notices.nobody_concerned"))
    ways = say("notices.between").join(
        say("notices.way_count", way=say(f"person.contact.{way}"), count=count) for way, count in found.value.ways
    )
    return warning_banner(say("notices.concerned", people=found.value.people, ways=ways))


@ft.component
def WayToTheLists() -> ft.Control:
    """After a change: one press leads to the lists, as long as somebody stands on one."""
    office = use_office()
    code = office.actor.municipality_code
    minute = office.now().replace(second=0, microsecond=0)
    found = use_query(ways_to_tell, (municipality_topic(code),), municipality_code=code, now=minute)
    people = sum(each.people for each in found.value or ())
    if not people:
        return ft.Container()
    words = office.words("notices.open_lists", people=people)
    button = secondary_button(words, lambda _event: office.go("/notices"), key="to-notices", icon=ft.Icons.CAMPAIGN)
    return ft.Row([button], wrap=True)


def person_heading(office: Office, person: PersonToTell) -> ft.Control:
    """Name and kana; the name leads to the person's record."""
    say = office.words
    name = spoken(
        ft.TextButton(
            person.name,
            on_click=lambda _event: office.go(f"/people/attendees/{person.attendee_id}"),
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(vertical=STEP), text_style=ft.TextStyle(weight=ft.FontWeight.BOLD)
            ),
            key=f"open-{person.attendee_id}",
        ),
        say("registration.open_name", name=person.name),
        key=f"open-{person.attendee_id}",
    )
    return ft.Row([name, quiet(person.kana)], spacing=STEP, run_spacing=0, wrap=True)


def tries_words(office: Office, person: PersonToTell) -> str:
    """How often somebody was called in vain, and when to try again; nothing before the first try."""
    if not person.attempts or person.last_try_at is None:
        return ""
    say = office.words
    last = say("notices.tried", count=person.attempts, last=moment_words(office, person.last_try_at))
    again = person.next_try_at
    return last if again is None else last + say("notices.try_again", time=moment_words(office, again))


def moment_words(office: Office, at: datetime) -> str:
    """A day and a time on Tokyo's clock."""
    return f"{day_words(office.words, tokyo_date(at), office.today)} {tokyo_time(at):%H:%M}"


def needs_words(office: Office, needs: Sequence[str]) -> str:
    """What a person needs, in words."""
    return office.words("notices.between").join(office.words(f"person.need.{need}") for need in needs)
