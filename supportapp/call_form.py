"""A telephone call as the clerk has filled it in so far: plain values that fit into a draft and come back from it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from events.attendee_facts import AttendeeFacts, ContactFacts
from events.japan.names import kana_key
from events.states import ContactKind, PhoneKind

_KANA = range(ord("ァ"), ord("ヺ") + 1)


@dataclass(frozen=True, slots=True)
class CallForm:
    """What stands on the screen. ``chosen`` is the key of a bookable session, ``person`` the id of somebody known."""

    text: str = ""
    person: str = ""
    is_new: bool = False
    person_done: bool = False
    name: str = ""
    kana: str = ""
    telephone: str = ""
    age_band: str = ""
    phone_kind: str = ""
    filter: str = ""
    chosen: str = ""
    slot: str = ""
    companions: int = 0
    wants_device: bool = False
    note: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered yet."""
        return self == CallForm()

    @property
    def person_id(self) -> UUID | None:
        """The known person who was chosen."""
        return UUID(self.person) if self.person else None

    @property
    def slot_starts_at(self) -> datetime | None:
        """The time at a consultation table that was chosen (aware)."""
        return datetime.fromisoformat(self.slot) if self.slot else None

    @property
    def has_person(self) -> bool:
        """Whether it is known who calls: somebody chosen, or a new person whose fields are done."""
        return bool(self.person) or (self.is_new and self.person_done and self.is_complete)

    @property
    def is_complete(self) -> bool:
        """Whether a new person has what is needed: name, kana and a number."""
        return all(text.strip() for text in (self.name, self.kana, self.telephone))

    def to_content(self) -> dict[str, object]:
        """What a draft keeps: only what was entered."""
        empty = CallForm()
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value != getattr(empty, name)}

    def with_new_person(self) -> "CallForm":
        """Begin a new person with what was searched for: a number, kana or a name."""
        text = self.text.strip()
        digits = sum(sign.isdigit() for sign in text)
        filled = replace(self, is_new=True, person_done=False, person="")
        if digits * 2 > len(text):
            return replace(filled, telephone=self.telephone or text)
        if all(ord(sign) in _KANA or sign == "ー" for sign in kana_key(text)):
            return replace(filled, kana=self.kana or text)
        return replace(filled, name=self.name or text)

    def new_person(self) -> AttendeeFacts:
        """The new person as typed."""
        return AttendeeFacts(
            name=self.name,
            kana=self.kana,
            age_band=self.age_band,
            phone_kind=PhoneKind(self.phone_kind or PhoneKind.UNKNOWN),
            contacts=(ContactFacts(ContactKind.TELEPHONE, self.telephone),) if self.telephone.strip() else (),
        )


def call_form(content: Mapping[str, object]) -> CallForm:
    """The form that a draft holds; what another version of the software wrote and we do not know is left out."""
    empty = CallForm()
    known = {
        field.name: content[field.name]
        for field in fields(CallForm)
        if type(content.get(field.name)) is type(getattr(empty, field.name))
    }
    return replace(empty, **known)  # type: ignore[arg-type]  # each value has the type of its field
