"""Attendees from a file: new people are added, known ones get what the file says of them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.attendee_facts import AttendeeFacts, ContactFacts, ProxyFacts, checked_contact, checked_facts
from events.attendees import add_attendee, edit_attendee
from events.errors import DomainError
from events.importing.known_people import KnownPeople
from events.importing.people import PersonRow, RowOutcome, ValueChange
from events.importing.rows import ImportProblem
from events.japan.clock import tokyo_date
from events.japan.telephones import telephone_key
from events.models import Attendee, ContactPoint, Proxy
from events.states import ContactKind, PhoneKind

_TEXTS: Final = (
    "name", "kana", "age_band", "birth_date", "postal_code", "town", "address", "phone_kind", "phone_model",
    "needs", "needs_note", "notice_by", "note",
)  # fmt: skip
_NOTHING: Final[tuple[object, ...]] = ("", None, (), PhoneKind.UNKNOWN)
# our field → the field of the file it came from, where the two differ
_COLUMNS: Final = {"contact_telephone": "telephone", "contact_email": "email", "contact_post": "address"}


class AttendeesIn:
    """The rows of one file (or a part of it) against the people of a municipality."""

    def __init__(
        self, db: Session, *, municipality_code: str, rows: tuple[PersonRow, ...], now: datetime, by: str
    ) -> None:
        self._db, self._code, self._now = db, municipality_code, now
        self._known = KnownPeople(db, municipality_code, rows)
        del by

    def decide(self, row: PersonRow) -> RowOutcome:
        """What would become of a row; nothing is written. A later row sees what this one would add."""
        outcome = self._decided(row)
        if outcome.outcome == "added":
            self._known.note(row, None)
        return outcome

    def take(self, row: PersonRow) -> RowOutcome:
        """Take a row in, unless it is refused or says nothing new."""
        outcome = self._decided(row)
        if outcome.outcome == "added":
            return replace(outcome, person_id=self.add(row), made_person=True)
        if outcome.outcome == "changed" and outcome.person_id:
            self.change(row, outcome.person_id, fill_only=False)
        return outcome

    def _decided(self, row: PersonRow) -> RowOutcome:
        who, problems = self.whom(row)
        if problems:
            return RowOutcome(row.row, "refused", row.name, problems=problems)
        if who == ():
            return RowOutcome(row.row, "added", row.name, notes=self.doubts(row))
        [person_id] = who
        if person_id is None:
            notes = (ImportProblem(row.row, "name", row.name, "person_repeated"),)
            return RowOutcome(row.row, "unchanged", row.name, notes=notes)
        changes = self.changes(row, person_id, fill_only=False)
        outcome = "changed" if changes else "unchanged"
        return RowOutcome(row.row, outcome, row.name, changes=changes, person_id=person_id)

    def whom(self, row: PersonRow) -> tuple[tuple[UUID | None, ...], tuple[ImportProblem, ...]]:
        """Who is meant (nobody yet: empty), and why the row cannot be taken."""
        problems = tuple(row_problems(row, tokyo_date(self._now)))
        if problems:
            return (), problems
        found = self._known.match(row).person_ids
        if len(found) > 1:
            return (), (ImportProblem(row.row, "name", row.name, "several_people"),)
        if not found and (lacking := _lacking(row)):
            return (), lacking
        return found, ()

    def doubts(self, row: PersonRow) -> tuple[ImportProblem, ...]:
        """Somebody else of the same name is known."""
        if self._known.match(row).alike:
            return (ImportProblem(row.row, "name", row.name, "person_alike"),)
        return ()

    def add(self, row: PersonRow) -> UUID:
        """Write a new person down; known from now on."""
        receipt = add_attendee(
            self._db, municipality_code=self._code, facts=_facts(row), now=self._now, is_another_person=True
        )
        self._known.note(row, receipt.attendee_id)
        return receipt.attendee_id

    def note_tried(self, row: PersonRow) -> None:
        """A row that would add a person was only tried."""
        self._known.note(row, None)

    def changes(self, row: PersonRow, person_id: UUID, *, fill_only: bool) -> tuple[ValueChange, ...]:
        """What the row would change of a person; ``fill_only``: only what is not known yet."""
        facts = facts_of(self._db, person_id)
        said = _said(row, facts, fill_only=fill_only)
        values = [ValueChange(name, _shown(getattr(facts, name)), _shown(value)) for name, value in said.items()]
        contacts = [
            ValueChange(_COLUMNS[f"contact_{each.kind.value}"], "", each.value) for each in _new_contacts(row, facts)
        ]
        return (*values, *contacts)

    def change(self, row: PersonRow, person_id: UUID, *, fill_only: bool) -> None:
        """Change a person as ``changes`` says."""
        facts = facts_of(self._db, person_id)
        said = _said(row, facts, fill_only=fill_only)
        edit_attendee(
            self._db,
            attendee_id=person_id,
            facts=replace(facts, **said, contacts=(*facts.contacts, *_new_contacts(row, facts))),
            version=self._db.get_one(Attendee, person_id).version,
            now=self._now,
        )


def row_problems(row: PersonRow, today: date) -> tuple[ImportProblem, ...]:
    """The values of a row that cannot be stored."""
    problems = []
    facts = _facts(row)
    for name in _TEXTS:
        try:
            # each field by itself, so that every wrong cell of a row is told at once
            alone = AttendeeFacts(**{"name": facts.name if name == "name" else "-", name: getattr(facts, name)})
            checked_facts(alone, today=today, kana_needed=False)
        except DomainError as error:
            problems.append(_problem(row.row, error))
    for contact in facts.contacts:
        try:
            checked_contact(contact)
        except DomainError as error:
            problems.append(_problem(row.row, error))
    return tuple(dict.fromkeys(problems))


def facts_of(db: Session, person_id: UUID) -> AttendeeFacts:
    """A person as the form has them."""
    attendee = db.get_one(Attendee, person_id)
    contacts = db.exec(
        select(ContactPoint).where(ContactPoint.attendee_id == person_id).order_by(col(ContactPoint.id))
    ).all()
    proxies = db.exec(select(Proxy).where(Proxy.attendee_id == person_id).order_by(col(Proxy.id))).all()
    own = {
        name: getattr(attendee, name)
        for name in (*_TEXTS, "residence", "confidence", "confidential")
        if name != "needs"
    }
    return AttendeeFacts(
        **own,
        needs=tuple(attendee.needs),
        contacts=tuple(
            ContactFacts(each.kind, each.value, each.whose, each.preferred, each.time_of_day) for each in contacts
        ),
        proxies=tuple(ProxyFacts(each.name, each.relation, each.telephone, each.contact_first) for each in proxies),
    )


def _facts(row: PersonRow) -> AttendeeFacts:
    return AttendeeFacts(**{name: getattr(row, name) for name in _TEXTS}, contacts=_contacts(row))


def _contacts(row: PersonRow) -> tuple[ContactFacts, ...]:
    """A telephone and mail; an address alone is a way to reach somebody too."""
    given = [(ContactKind.TELEPHONE, row.telephone), (ContactKind.EMAIL, row.email)]
    found = tuple(ContactFacts(kind, value) for kind, value in given if value)
    if not found and row.address:
        return (ContactFacts(ContactKind.POST, row.address[:200]),)
    return found


def _lacking(row: PersonRow) -> tuple[ImportProblem, ...]:
    """What a new person cannot be without: kana, and one way to reach them."""
    lacking = []
    if not row.kana:
        lacking.append(ImportProblem(row.row, "kana", "", "required"))
    if not _contacts(row):
        lacking.append(ImportProblem(row.row, "telephone", "", "no_contact"))
    return tuple(lacking)


def _said(row: PersonRow, facts: AttendeeFacts, *, fill_only: bool) -> dict[str, Any]:
    """What a row says otherwise than the facts do. Empty cells say nothing."""
    said = {}
    for name in _TEXTS:
        value, standing = getattr(row, name), getattr(facts, name)
        if value in _NOTHING or value == standing or (fill_only and standing not in _NOTHING):
            continue
        if name == "age_band" and (row.birth_date or facts.birth_date):
            continue  # the date of birth says it better
        said[name] = value
    return said


def _new_contacts(row: PersonRow, facts: AttendeeFacts) -> tuple[ContactFacts, ...]:
    """Ways to reach a person that are not known yet; none is ever taken away."""
    standing = {_contact_key(each) for each in facts.contacts}
    return tuple(each for each in _contacts(row) if _contact_key(each) not in standing)


def _contact_key(contact: ContactFacts) -> tuple[ContactKind, str]:
    if contact.kind in {ContactKind.TELEPHONE, ContactKind.FAX}:
        return contact.kind, telephone_key(contact.value)
    return contact.kind, contact.value.casefold()


def _problem(row: int, error: DomainError) -> ImportProblem:
    field = str(error.details.get("field", ""))
    return ImportProblem(
        row,
        _COLUMNS.get(field, field),
        str(error.details.get("value", "")),
        str(error.details.get("problem", error.code)),
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "・".join(map(str, value))
    return "" if value in _NOTHING else str(getattr(value, "value", value))
