"""A card as the clerk has typed it so far, and how quickly the pile goes down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from events.age_bands import band_of_age
from events.attendee_facts import AttendeeFacts, ContactFacts
from events.states import ContactKind

OLDEST: Final = 120


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card. ``person`` is the id of somebody known, once chosen; ``paired`` with the card before."""

    name: str = ""
    kana: str = ""
    telephone: str = ""
    age: str = ""
    postal_code: str = ""
    address: str = ""
    person: str = ""
    paired: bool = False
    reason: str = ""

    @property
    def person_id(self) -> UUID | None:
        """The known person who was chosen."""
        return UUID(self.person) if self.person else None

    @property
    def is_complete(self) -> bool:
        """Whether there is enough to take the application: somebody known, or name, kana and a way to answer."""
        return bool(self.person) or all(
            text.strip() for text in (self.name, self.kana, self.telephone or self.address)
        )

    def facts(self) -> AttendeeFacts:
        """The new person on the card; without a telephone the answer goes by post."""
        contacts = []
        if self.telephone.strip():
            contacts.append(ContactFacts(ContactKind.TELEPHONE, self.telephone))
        if self.address.strip():
            contacts.append(ContactFacts(ContactKind.POST, self.address))
        age = self.age.strip()
        known_age = age.isdecimal() and int(age) <= OLDEST
        return AttendeeFacts(
            name=self.name,
            kana=self.kana,
            age_band=band_of_age(int(age)) if known_age else "",
            postal_code=self.postal_code,
            address=self.address,
            notice_by="" if self.telephone.strip() else ContactKind.POST.value,
            contacts=tuple(contacts),
        )


@dataclass(frozen=True, slots=True)
class DoneCard:
    """A card that was taken: the application, whose it is, how it stands."""

    registration_id: UUID
    attendee_id: UUID
    name: str
    state: str
    rank: int | None
    late: bool
    paired: bool
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """The cards of this sitting, newest first, and when the first was begun (aware UTC)."""

    began_at: datetime | None = None
    last_at: datetime | None = None
    done: tuple[DoneCard, ...] = ()

    @property
    def count(self) -> int:
        """Cards that were taken and not taken back."""
        return sum(not card.taken_back for card in self.done)

    @property
    def seconds_each(self) -> int | None:
        """Seconds a card on average."""
        if self.began_at is None or self.last_at is None or not self.done:
            return None
        return round((self.last_at - self.began_at).total_seconds() / len(self.done))
