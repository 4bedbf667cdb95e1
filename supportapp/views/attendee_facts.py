"""What the office knows of a person, to read: facts, ways to reach them, who may speak for them."""

import flet as ft

from events.attendee_facts import ContactFacts, ProxyFacts
from events.attendee_page import AttendeePage
from supportapp.booking_words import age_words
from supportapp.components.layout import card
from supportapp.components.states import state_chip, warning_banner
from supportapp.components.texts import body, quiet
from supportapp.days import day_words
from supportapp.hooks import Office
from supportapp.theme import GAP, HALF, STEP


def facts_cards(office: Office, page: AttendeePage) -> ft.Control:
    """One card under the other; nothing is shown that is not known."""
    say, facts = office.words, page.facts
    age = age_words(say, page.age_band)
    if facts.birth_date is not None:
        birth = day_words(say, office.language, facts.birth_date, office.today)
        age = say("attendee.age", band=age, birth=birth)
    town = "" if facts.town in facts.address else facts.town
    place = " ".join(part for part in (facts.postal_code, town, facts.address) if part and not facts.confidential)
    residence = say(f"person.residence.{facts.residence}") if facts.residence else ""
    phone = " ".join(part for part in (say(f"person.phone.{facts.phone_kind.value}"), facts.phone_model) if part)
    confidence = say("attendee.confidence", level=facts.confidence) if facts.confidence else ""
    lines: list[ft.Control] = [
        _line(say("attendee.age_band"), age),
        _line(say("attendee.address"), " ".join(part for part in (place, residence) if part)),
        _line(say("attendee.phone"), " ".join(part for part in (phone, confidence) if part)),
        _line(say("attendee.notice_by"), say(f"person.contact.{facts.notice_by}") if facts.notice_by else ""),
    ]
    chips = [state_chip("accent", say(f"person.need.{need}")) for need in facts.needs]
    if facts.confidential:
        chips.append(state_chip("short", say("attendee.confidential_mark")))
    if chips:
        lines.append(ft.Row(chips, wrap=True, spacing=STEP, run_spacing=HALF))
    if facts.needs_note:
        lines.append(_line(say("attendee.needs_note"), facts.needs_note))
    cards: list[ft.Control] = [card([line for line in lines if line.visible], title=say("attendee.facts_title"))]
    if facts.note:
        cards.insert(0, warning_banner(facts.note))
    contacts = [body(_contact(office, contact)) for contact in facts.contacts]
    cards.append(card(contacts or [quiet(say("attendee.no_contacts"))], title=say("attendee.contacts_title")))
    if facts.proxies:
        proxies = [body(_proxy(office, proxy)) for proxy in facts.proxies]
        cards.append(card(proxies, title=say("attendee.proxies_title")))
    return ft.Column(cards, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _line(label: str, value: str) -> ft.Control:
    return ft.Column([quiet(label), body(value)], spacing=0, tight=True, visible=bool(value))


def _contact(office: Office, contact: ContactFacts) -> str:
    say = office.words
    value = contact.value
    if contact.whose:
        value = say("attendee.whose_line", value=value, whose=contact.whose)
    parts = [say(f"person.contact.{contact.kind.value}"), value, contact.time_of_day]
    return " ".join(part for part in parts if part)


def _proxy(office: Office, proxy: ProxyFacts) -> str:
    say = office.words
    line = say("attendee.proxy_line", name=proxy.name, relation=proxy.relation, telephone=proxy.telephone)
    return f"{line} {say('attendee.contact_first')}" if proxy.contact_first else line
