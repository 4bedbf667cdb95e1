"""What a file says of people: plain values, each row with its number in the sheet."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.importing.rows import ImportProblem
from events.states import Channel, PhoneKind


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person. Empty cells are empty values; ``needs`` are codes, ``needs_note`` what is no need of ours."""

    row: int
    name: str
    kana: str = ""
    telephone: str = ""
    email: str = ""
    age_band: str = ""
    birth_date: date | None = None
    postal_code: str = ""
    town: str = ""
    address: str = ""
    phone_kind: PhoneKind = PhoneKind.UNKNOWN
    phone_model: str = ""
    needs: tuple[str, ...] = ()
    needs_note: str = ""
    notice_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application. ``day`` is a Tokyo date, ``received_at`` aware UTC (None: now), ``rank`` from 1 or None."""

    person: PersonRow
    title: str
    day: date | None = None
    channel: Channel = Channel.CITY_FORM
    received_at: datetime | None = None
    rank: int | None = None
    companions: int = 0
    note: str = ""

    @property
    def row(self) -> int:
        """Its number in the sheet."""
        return self.person.row


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that an import changes: which field, what stood there, what will."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of a row: ``added``, ``changed``, ``unchanged`` or ``refused``.

    ``about`` says for whom (a name).
    """

    row: int
    outcome: str
    about: str = ""
    changes: tuple[ValueChange, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    notes: tuple[ImportProblem, ...] = ()
    person_id: UUID | None = None
    made_person: bool = False
    registration_id: UUID | None = None
