"""People who attend, and how to reach them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index
from sqlmodel import SQLModel

from events.fields import Row, internal, link, personal, stored_as
from events.states import ContactKind, PhoneKind


class Attendee(Row, table=True):
    """A person who attends. ``name`` stays as given; the keys hold the forms it is found by."""

    __tablename__ = "attendee"
    __table_args__ = (
        Index("ix_attendee_kana", "municipality_code", "kana_key"),
        Index("ix_attendee_name", "municipality_code", "name_key"),
    )
    municipality_code: str = link("municipality.code")
    name: str = personal(max_length=100)
    kana: str = personal(default="", max_length=100)
    name_key: str = personal(default="", max_length=100)
    kana_key: str = personal(default="", max_length=100)
    birth_date: date | None = personal(default=None)
    age_band: str = personal(default="", max_length=10)
    postal_code: str = personal(default="", max_length=10)
    town: str = personal(default="", max_length=100)
    address: str = personal(default="", max_length=300)
    residence: str = personal(default="", max_length=20)
    phone_kind: PhoneKind = personal(default=PhoneKind.UNKNOWN, sa_type=stored_as(PhoneKind))
    phone_model: str = personal(default="", max_length=100)
    confidence: int | None = personal(default=None)
    needs: list[str] = personal(default_factory=list, sa_type=JSON)
    needs_note: str = personal(default="", max_length=400)
    confidential: bool = personal(default=False)
    notice_by: str = personal(default="", max_length=20)
    note: str = personal(default="", max_length=2000)
    merged_into_id: UUID | None = link("attendee.id", default=None)
    created_at: datetime = internal()
    last_used_on: date | None = internal(default=None)
    held_because: str = internal(default="", max_length=400)
    dispose_on: date | None = internal(default=None)
    forgotten_at: datetime | None = internal(default=None)
    version: int = internal(default=1)


class AttendeeTerm(SQLModel, table=True):
    """What a person is found by: pairs of characters of name and kana, and the tails of telephone numbers.

    Pairs, because most Japanese surnames have two characters and no index of three can find them.
    """

    __tablename__ = "attendee_term"
    __table_args__ = (Index("ix_attendee_term_of", "attendee_id"),)
    municipality_code: str = personal(primary_key=True, max_length=6)
    term: str = personal(primary_key=True, max_length=16)
    attendee_id: UUID = link("attendee.id", primary_key=True, index=False)


class ContactPoint(Row, table=True):
    """One way to reach one person. A number may belong to several people: each has a row of their own."""

    __tablename__ = "contact_point"
    __table_args__ = (Index("ix_contact_value", "municipality_code", "value_key"),)
    municipality_code: str = link("municipality.code")
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = internal(default=None, index=True)
    kind: ContactKind = personal(sa_type=stored_as(ContactKind))
    value: str = personal(max_length=200)
    value_key: str = personal(max_length=200)
    whose: str = personal(default="", max_length=100)
    preferred: bool = personal(default=False)
    time_of_day: str = personal(default="", max_length=100)


class Proxy(Row, table=True):
    """Who may speak for an attendee (family, ケアマネ, 民生委員)."""

    __tablename__ = "proxy"
    attendee_id: UUID = link("attendee.id")
    name: str = personal(max_length=100)
    relation: str = personal(default="", max_length=40)
    telephone: str = personal(default="", max_length=40)
    contact_first: bool = personal(default=False)


class Consent(Row, table=True):
    """That a person agreed to a text of one version, when and how."""

    __tablename__ = "consent"
    attendee_id: UUID | None = link("attendee.id", default=None)
    volunteer_id: UUID | None = internal(default=None, index=True)
    purpose: str = personal(max_length=40)
    text_version: str = personal(max_length=20)
    given_on: date = personal()
    channel: str = personal(max_length=20)
    withdrawn_on: date | None = personal(default=None)


class AttendeeMerge(Row, table=True):
    """That two records were found to be one person, with all that is needed to take it back.

    ``moved`` holds the ids of the rows that moved, by table, and those that were ended because the person cannot have
    them twice; ``facts_before`` what stood in the record that was kept where it took over what the other said.
    """

    __tablename__ = "attendee_merge"
    municipality_code: str = link("municipality.code")
    kept_id: UUID = link("attendee.id")
    gone_id: UUID = link("attendee.id")
    moved: dict[str, list[str]] = internal(default_factory=dict, sa_type=JSON)
    facts_before: dict[str, object] = personal(default_factory=dict, sa_type=JSON)
    reason: str = internal(default="", max_length=400)
    merged_at: datetime = internal()
    merged_by: str = internal(default="", max_length=100)
    undone_at: datetime | None = internal(default=None)
    undone_by: str = internal(default="", max_length=100)
