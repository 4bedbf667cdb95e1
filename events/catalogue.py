"""What plans choose from: departments (主管課), topics (講座コード) and bodies that host, help or lend (団体).

An entry that was used is never deleted: it is retired, and can be brought back.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Department, Municipality, Organisation, Topic
from events.planning.checks import checked_number, checked_reason
from events.planning.errors import NameTaken

Entry = TypeVar("Entry", Department, Topic, Organisation)

ORGANISATION_KINDS: Final = ("municipality", "metropolis", "npo", "neighbourhood", "company", "school", "other")
_LONGEST_MINUTES: Final = 600
_TEXTS: Final = {"name": 200, "kana": 200, "code": 20, "part": 40, "materials": 400, "contact": 400, "kind": 40}


@dataclass(frozen=True, slots=True)
class DepartmentDraft:
    """A department of the city hall."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """An entry of the course catalogue. ``code`` is unique in the city; ``minutes`` is how long it takes."""

    code: str = ""
    name: str = ""
    part: str = ""
    minutes: int | None = None
    needs_device: bool = False
    needs_network: bool = False
    materials: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """A body; ``kind`` is one of ``ORGANISATION_KINDS`` or empty, ``contact`` stays inside the office."""

    name: str = ""
    kana: str = ""
    code: str = ""
    kind: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """One entry as it stands: its draft, and since when it is retired (Tokyo date)."""

    entry_id: UUID
    draft: DepartmentDraft | TopicDraft | OrganisationDraft
    retired_on: date | None


@dataclass(frozen=True, slots=True)
class EntryReceipt:
    """An entry after a change."""

    entry_id: UUID
    name: str


def departments_list(db: Session, *, municipality_code: str) -> tuple[CatalogueLine, ...]:
    """All departments by name, retired ones last."""
    return _lines(db, Department, DepartmentDraft, municipality_code)


def topics_list(db: Session, *, municipality_code: str) -> tuple[CatalogueLine, ...]:
    """The course catalogue by name, retired ones last."""
    return _lines(db, Topic, TopicDraft, municipality_code)


def organisations_list(db: Session, *, municipality_code: str) -> tuple[CatalogueLine, ...]:
    """All bodies by name, retired ones last."""
    return _lines(db, Organisation, OrganisationDraft, municipality_code)


def add_department(
    db: Session, *, municipality_code: str, draft: DepartmentDraft, now: datetime, by: str
) -> EntryReceipt:
    """Add a department. Raises InvalidValue, NameTaken, NotFound."""
    return _add(db, Department, municipality_code, draft, now, by)


def add_topic(db: Session, *, municipality_code: str, draft: TopicDraft, now: datetime, by: str) -> EntryReceipt:
    """Add a topic. Raises InvalidValue, NameTaken (its code), NotFound."""
    return _add(db, Topic, municipality_code, draft, now, by)


def add_organisation(
    db: Session, *, municipality_code: str, draft: OrganisationDraft, now: datetime, by: str
) -> EntryReceipt:
    """Add a body. Raises InvalidValue, NameTaken, NotFound."""
    return _add(db, Organisation, municipality_code, draft, now, by)


def edit_department(
    db: Session, *, department_id: UUID, draft: DepartmentDraft, now: datetime, by: str
) -> EntryReceipt:
    """Change a department; every plan that names it shows the new name. Raises InvalidValue, NameTaken, NotFound."""
    return _edit(db, Department, department_id, draft, now, by)


def edit_topic(db: Session, *, topic_id: UUID, draft: TopicDraft, now: datetime, by: str) -> EntryReceipt:
    """Change a topic. Raises InvalidValue, NameTaken (its code), NotFound."""
    return _edit(db, Topic, topic_id, draft, now, by)


def edit_organisation(
    db: Session, *, organisation_id: UUID, draft: OrganisationDraft, now: datetime, by: str
) -> EntryReceipt:
    """Change a body. Raises InvalidValue, NameTaken, NotFound."""
    return _edit(db, Organisation, organisation_id, draft, now, by)


def retire_department(db: Session, *, department_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a department no more; what names it keeps it."""
    return _retire(db, Department, department_id, reason, tokyo_date(now), by)


def retire_topic(db: Session, *, topic_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a topic no more; what names it keeps it."""
    return _retire(db, Topic, topic_id, reason, tokyo_date(now), by)


def retire_organisation(db: Session, *, organisation_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a body no more; what names it keeps it."""
    return _retire(db, Organisation, organisation_id, reason, tokyo_date(now), by)


def return_department(db: Session, *, department_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a retired department again."""
    del now
    return _retire(db, Department, department_id, reason, None, by)


def return_topic(db: Session, *, topic_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a retired topic again."""
    del now
    return _retire(db, Topic, topic_id, reason, None, by)


def return_organisation(db: Session, *, organisation_id: UUID, reason: str, now: datetime, by: str) -> EntryReceipt:
    """Offer a retired body again."""
    del now
    return _retire(db, Organisation, organisation_id, reason, None, by)


def _lines(db: Session, table: type[Entry], draft: Any, municipality_code: str) -> tuple[CatalogueLine, ...]:
    query = (
        select(table)
        .where(table.municipality_code == municipality_code)
        .order_by(col(table.retired_on).is_not(None), col(table.name))
    )
    names = tuple(draft.__dataclass_fields__)
    return tuple(
        CatalogueLine(row.id, draft(**{name: getattr(row, name) for name in names}), row.retired_on)
        for row in db.exec(query)
    )


def _add(db: Session, table: type[Entry], municipality_code: str, draft: Any, now: datetime, by: str) -> EntryReceipt:
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality_code")
    values = _checked(draft)
    _must_be_free(db, table, municipality_code, values, None)
    row = table(municipality_code=municipality_code, **values)
    db.add(row)
    db.flush()
    del now, by  # the log names who and when
    return EntryReceipt(row.id, row.name)


def _edit(db: Session, table: type[Entry], entry_id: UUID, draft: Any, now: datetime, by: str) -> EntryReceipt:
    row = _locked(db, table, entry_id)
    values = _checked(draft)
    _must_be_free(db, table, row.municipality_code, values, row.id)
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    db.flush()
    del now, by
    return EntryReceipt(row.id, row.name)


def _retire(
    db: Session, table: type[Entry], entry_id: UUID, reason: str, retired_on: date | None, by: str
) -> EntryReceipt:
    row = _locked(db, table, entry_id)
    checked_reason(reason)
    if (row.retired_on is None) != (retired_on is None):
        row.retired_on = retired_on
        db.flush()
    del by
    return EntryReceipt(row.id, row.name)


def _locked(db: Session, table: type[Entry], entry_id: UUID) -> Entry:
    row = db.get(table, entry_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(thing=f"{table.__tablename__}_id")
    return row


def _checked(draft: DepartmentDraft | TopicDraft | OrganisationDraft) -> dict[str, Any]:
    values = asdict(draft)
    required = {"name", "code"} if isinstance(draft, TopicDraft) else {"name"}
    for name, value in values.items():
        if isinstance(value, str):
            field = f"{'topic' if isinstance(draft, TopicDraft) else 'entry'}_{name}"
            values[name] = checked_text(value, field=field, longest=_TEXTS[name], required=name in required)
    if values.get("minutes") is not None:
        checked_number("topic_minutes", values["minutes"], least=1, most=_LONGEST_MINUTES)
    return values


def _must_be_free(
    db: Session, table: type[Entry], municipality_code: str, values: dict[str, Any], own_id: UUID | None
) -> None:
    """No second entry of a name; a topic is known by its code."""
    key = "code" if table is Topic else "name"
    query = select(table.id).where(
        table.municipality_code == municipality_code, getattr(table, key) == values[key], table.id != own_id
    )
    if db.exec(query).first() is not None:
        raise NameTaken(name=values[key])
