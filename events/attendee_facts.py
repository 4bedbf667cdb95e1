"""What the office may know of a person who attends, as it is typed: plain values, checked at the edge."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from events.age_bands import AGE_BANDS
from events.errors import InvalidValue
from events.free_text import checked_text
from events.japan.telephones import telephone_key
from events.states import ContactKind, PhoneKind

LONGEST_NAME: Final = 100
LONGEST_LINE: Final = 100
# needs, never diagnoses: what a hall has to prepare (筆談, 車椅子, 大きな文字, 付添, 通訳 …)
NEEDS: Final = ("large_print", "wheelchair", "written_conversation", "hearing", "companion", "interpreter")
RESIDENCES: Final = ("lives", "works", "studies", "elsewhere")
NOTICE_WAYS: Final = (*(kind.value for kind in ContactKind), "sms")
_EARLIEST_BIRTH: Final = date(1900, 1, 1)
_TELEPHONE_DIGITS: Final = (6, 15)  # a local number without area code, and the longest an international one may be


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One way to reach a person. ``whose`` says so when the number is somebody else's (娘, 妻, 勤め先)."""

    kind: ContactKind
    value: str
    whose: str = ""
    preferred: bool = False
    time_of_day: str = ""


@dataclass(frozen=True, slots=True)
class ProxyFacts:
    """Who may speak for a person (家族, ケアマネ, 民生委員); ``contact_first`` calls them instead."""

    name: str
    relation: str = ""
    telephone: str = ""
    contact_first: bool = False


@dataclass(frozen=True, slots=True)
class AttendeeFacts:
    """A person as typed. Only the name is always needed; ``confidence`` with phones goes from 1 to 5."""

    name: str
    kana: str = ""
    birth_date: date | None = None
    age_band: str = ""
    postal_code: str = ""
    town: str = ""
    address: str = ""
    residence: str = ""
    phone_kind: PhoneKind = PhoneKind.UNKNOWN
    phone_model: str = ""
    confidence: int | None = None
    needs: tuple[str, ...] = ()
    needs_note: str = ""
    confidential: bool = False
    notice_by: str = ""
    note: str = ""
    contacts: tuple[ContactFacts, ...] = ()
    proxies: tuple[ProxyFacts, ...] = ()


def checked_facts(facts: AttendeeFacts, *, today: date, kana_needed: bool) -> dict[str, Any]:
    """The columns of the person's row, each checked. Raises InvalidValue with the field that is wrong."""
    return {
        "name": checked_text(facts.name, field="name", longest=LONGEST_NAME, required=True),
        "kana": checked_text(facts.kana, field="kana", longest=LONGEST_NAME, required=kana_needed),
        "birth_date": _checked_birth_date(facts.birth_date, today),
        "age_band": _one_of(facts.age_band, AGE_BANDS, "age_band"),
        "postal_code": checked_text(facts.postal_code, field="postal_code", longest=10),
        "town": checked_text(facts.town, field="town", longest=100),
        "address": checked_text(facts.address, field="address", longest=300),
        "residence": _one_of(facts.residence, RESIDENCES, "residence"),
        "phone_kind": facts.phone_kind,
        "phone_model": checked_text(facts.phone_model, field="phone_model", longest=100),
        "confidence": _checked_confidence(facts.confidence),
        "needs": [_one_of(need, NEEDS, "needs") for need in dict.fromkeys(facts.needs)],
        "needs_note": checked_text(facts.needs_note, field="needs_note", longest=400, lines=True),
        "confidential": facts.confidential,
        "notice_by": _checked_way(facts),
        "note": checked_text(facts.note, field="note", longest=2000, lines=True),
    }


def checked_contact(contact: ContactFacts) -> tuple[ContactFacts, str]:
    """A way to reach somebody, checked, with the form it is found by. Raises InvalidValue."""
    field = f"contact_{contact.kind.value}"
    value = checked_text(contact.value, field=field, longest=200, required=True)
    key = value
    if contact.kind in {ContactKind.TELEPHONE, ContactKind.FAX}:
        key = telephone_key(value)
        least, most = _TELEPHONE_DIGITS
        if not key.isdigit() or not least <= len(key) <= most:
            raise InvalidValue(field=field, value=value, problem="telephone")
    elif contact.kind is ContactKind.EMAIL:
        key = value.casefold()
        local, at, domain = value.rpartition("@")
        if not at or not local or "." not in domain or " " in value:
            raise InvalidValue(field=field, value=value, problem="email")
    checked = ContactFacts(
        kind=contact.kind,
        value=value,
        whose=checked_text(contact.whose, field="whose", longest=LONGEST_LINE),
        preferred=contact.preferred,
        time_of_day=checked_text(contact.time_of_day, field="time_of_day", longest=LONGEST_LINE),
    )
    return checked, key


def checked_proxy(proxy: ProxyFacts) -> ProxyFacts:
    """Somebody who may speak for a person, checked. Raises InvalidValue."""
    return ProxyFacts(
        name=checked_text(proxy.name, field="proxy_name", longest=LONGEST_NAME, required=True),
        relation=checked_text(proxy.relation, field="relation", longest=40),
        telephone=checked_text(proxy.telephone, field="contact_telephone", longest=40),
        contact_first=proxy.contact_first,
    )


def _checked_birth_date(birth_date: date | None, today: date) -> date | None:
    if birth_date is not None and not _EARLIEST_BIRTH <= birth_date <= today:
        raise InvalidValue(field="birth_date", value=birth_date, problem="birth_date")
    return birth_date


def _checked_confidence(confidence: int | None) -> int | None:
    if confidence is not None and not 1 <= confidence <= 5:
        raise InvalidValue(field="confidence", value=confidence, problem="out_of_range", least=1, most=5)
    return confidence


def _checked_way(facts: AttendeeFacts) -> str:
    """The way a person is told; no letter goes to somebody whose address is withheld (秘匿)."""
    way = _one_of(facts.notice_by, NOTICE_WAYS, "notice_by")
    if facts.confidential and way == ContactKind.POST.value:
        raise InvalidValue(field="notice_by", value=way, problem="no_letters")
    return way


def _one_of(value: str, known: tuple[str, ...], field: str) -> str:
    if value and value not in known:
        raise InvalidValue(field=field, value=value, problem="not_a_choice")
    return value
