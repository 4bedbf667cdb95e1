"""Correcting a person's record: everything on one page, saved at once or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import flet as ft

from events.age_bands import AGE_BANDS
from events.attendee_facts import NEEDS, NOTICE_WAYS, RESIDENCES, AttendeeFacts, ContactFacts, ProxyFacts
from events.attendee_page import AttendeePage
from events.attendees import edit_attendee
from events.errors import DomainError
from events.japan.typed_dates import parse_date
from events.states import ContactKind, PhoneKind
from supportapp.booking_words import age_words
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import SelectInput, TextInput, check_row, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, two_pane
from supportapp.components.moments import DateInput
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, STEP

_TELEPHONES = 2
Change = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page as typed; the first two telephones, the first mail address and one proxy can be edited here."""

    facts: AttendeeFacts
    telephones: tuple[ContactFacts, ...]
    email: str
    others: tuple[ContactFacts, ...]
    proxy: ProxyFacts
    other_proxies: tuple[ProxyFacts, ...]

    def result(self) -> AttendeeFacts:
        """The person with all that was typed; empty lines are left out."""
        email = (ContactFacts(ContactKind.EMAIL, self.email),) if self.email.strip() else ()
        typed = tuple(contact for contact in self.telephones if contact.value.strip())
        proxy = (self.proxy,) if self.proxy.name.strip() else ()
        return replace(
            self.facts, contacts=(*typed, *email, *self.others), proxies=(*proxy, *self.other_proxies)
        )


def sheet_of(facts: AttendeeFacts) -> Sheet:
    """The page of a person as they stand."""
    telephones = [contact for contact in facts.contacts if contact.kind is ContactKind.TELEPHONE]
    emails = [contact for contact in facts.contacts if contact.kind is ContactKind.EMAIL]
    edited = {id(contact) for contact in (*telephones[:_TELEPHONES], *emails[:1])}
    empty = ContactFacts(ContactKind.TELEPHONE, "")
    return Sheet(
        facts=facts,
        telephones=tuple([*telephones, empty, empty][:_TELEPHONES]),
        email=emails[0].value if emails else "",
        others=tuple(contact for contact in facts.contacts if id(contact) not in edited),
        proxy=facts.proxies[0] if facts.proxies else ProxyFacts(""),
        other_proxies=facts.proxies[1:],
    )


@ft.component
def AttendeeEditor(page: AttendeePage, close: Callable[..., None]) -> ft.Control:
    """The form; what cannot be saved is said above the button, and everything typed stays."""
    office = use_office()
    screen = use_screen()
    say = office.words
    act = use_action()
    sheet, set_sheet = ft.use_state(sheet_of(page.facts))

    def change(**values: Any) -> None:
        set_sheet(lambda before: replace(before, facts=replace(before.facts, **values)))

    def change_sheet(**values: Any) -> None:
        set_sheet(lambda before: replace(before, **values))

    async def save() -> None:
        saved = await act(
            edit_attendee,
            attendee_id=page.attendee_id,
            facts=sheet.result(),
            version=page.version,
            now=office.now(),
        )
        if saved is not None:
            close(say("attendee.saved"))

    about = card(_about(office, sheet.facts, change), title=say("attendee.facts_title"))
    reach = ft.Column(
        [
            card(_reach(office, sheet, change, change_sheet), title=say("attendee.contacts_title")),
            card(_proxy(office, sheet.proxy, change_sheet), title=say("attendee.proxies_title")),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    end: list[ft.Control] = [error_banner(act.error)] if act.error else []
    buttons = ft.Row(
        [
            quiet_button(say("attendee.leave"), calls_with(close), key="attendee-leave"),
            primary_button(say("attendee.save"), calls_with(save), key="attendee-save", busy=act.busy),
        ],
        alignment=ft.MainAxisAlignment.END,
        spacing=GAP,
        wrap=True,
    )
    return ft.Column(
        [two_pane(screen, about, reach), *end, buttons],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _about(office: Office, facts: AttendeeFacts, change: Change) -> list[ft.Control]:
    say = office.words

    def text(name: str, lines: int = 1) -> ft.Control:
        return TextInput(
            say(f"attendee.{name}"),
            field_key=f"attendee-{name}",
            value=str(getattr(facts, name)),
            on_change=lambda typed: change(**{name: typed}),
            lines=lines,
        )

    bands = [("", say("attendee.age_band_none")), *((band, age_words(say, band)) for band in AGE_BANDS)]
    residences = [("", say("attendee.residence_none"))]
    residences += [(each, say(f"person.residence.{each}")) for each in RESIDENCES]
    kinds = [(kind.value, say(f"person.phone.{kind.value}")) for kind in PhoneKind]
    return [
        text("name"),
        text("kana"),
        DateInput(
            say("attendee.born"),
            field_key="attendee-born",
            value=facts.birth_date,
            on_change=lambda day: change(birth_date=day),
            read=lambda text: _read_date(text, office.today),
            show=lambda day: day.isoformat(),
            pick_words=say("attendee.born_pick"),
            unreadable=say("attendee.born_unreadable"),
            help_text=say("attendee.born_help"),
        ),
        SelectInput(
            say("attendee.age_band"),
            bands,
            field_key="attendee-age",
            value=facts.age_band,
            on_change=lambda band: change(age_band=band),
        ),
        text("town"),
        text("address"),
        SelectInput(
            say("attendee.residence"),
            residences,
            field_key="attendee-residence",
            value=facts.residence,
            on_change=lambda residence: change(residence=residence),
        ),
        choice_row(
            say("attendee.phone"),
            kinds,
            field_key="attendee-phone",
            value=facts.phone_kind.value,
            on_change=lambda kind: change(phone_kind=PhoneKind(kind)),
        ),
        text("phone_model"),
        ft.Column(_needs(office, facts, change), spacing=0, tight=True),
        text("needs_note", lines=2),
        text("note", lines=2),
    ]


def _needs(office: Office, facts: AttendeeFacts, change: Change) -> list[ft.Control]:
    say = office.words

    def ticked(need: str, on: bool) -> None:
        rest = tuple(each for each in facts.needs if each != need)
        change(needs=(*rest, need) if on else rest)

    return [
        check_row(
            say(f"person.need.{need}"),
            field_key=f"need-{need}",
            value=need in facts.needs,
            on_change=partial(ticked, need),
        )
        for need in NEEDS
    ]


def _reach(office: Office, sheet: Sheet, change: Change, change_sheet: Change) -> list[ft.Control]:
    say = office.words

    def telephone(position: int, column: str, text: str) -> None:
        numbers = list(sheet.telephones)
        changed: dict[str, Any] = {column: text}
        numbers[position] = replace(numbers[position], **changed)
        change_sheet(telephones=tuple(numbers))

    parts: list[ft.Control] = []
    for position, contact in enumerate(sheet.telephones):
        number = position + 1
        parts += [
            TextInput(
                say("attendee.telephone", number=number),
                field_key=f"telephone-{number}",
                value=contact.value,
                on_change=partial(telephone, position, "value"),
                keyboard=ft.KeyboardType.PHONE,
            ),
            TextInput(
                say("attendee.whose"),
                field_key=f"whose-{number}",
                value=contact.whose,
                on_change=partial(telephone, position, "whose"),
            ),
        ]
    ways: list[tuple[str, str]] = [("", say("attendee.notice_any"))]
    ways += [(way, say(f"person.contact.{way}")) for way in NOTICE_WAYS]
    return [
        *parts,
        TextInput(
            say("attendee.email"),
            field_key="attendee-email",
            value=sheet.email,
            on_change=lambda text: change_sheet(email=text),
            keyboard=ft.KeyboardType.EMAIL,
        ),
        SelectInput(
            say("attendee.notice_by"),
            ways,
            field_key="attendee-notice",
            value=sheet.facts.notice_by,
            on_change=lambda way: change(notice_by=way),
        ),
        check_row(
            say("attendee.confidential"),
            field_key="attendee-confidential",
            value=sheet.facts.confidential,
            on_change=lambda on: change(confidential=on),
        ),
    ]


def _proxy(office: Office, proxy: ProxyFacts, change_sheet: Change) -> list[ft.Control]:
    say = office.words

    def put(**values: Any) -> None:
        change_sheet(proxy=replace(proxy, **values))

    def put_text(name: str, text: str) -> None:
        put(**{name: text})

    fields: Mapping[str, str] = {"name": proxy.name, "relation": proxy.relation, "telephone": proxy.telephone}
    return [
        ft.Column(
            [
                TextInput(
                    say(f"attendee.proxy_{name}"),
                    field_key=f"proxy-{name}",
                    value=value,
                    on_change=partial(put_text, name),
                )
                for name, value in fields.items()
            ],
            spacing=STEP,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        check_row(
            say("attendee.proxy_first"),
            field_key="proxy-first",
            value=proxy.contact_first,
            on_change=lambda on: put(contact_first=on),
        ),
    ]


def _read_date(text: str, today: date) -> date | None:
    try:
        return parse_date(text, today=today)
    except DomainError:
        return None
