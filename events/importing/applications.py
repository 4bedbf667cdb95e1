"""Applications from a file, through the same booking as every other channel: seats, waiting list or draw.

Rows of one person for the same choice of sessions are one application, ranked by 希望順. What the file says of a
person fills in what the office does not know; it overwrites nothing.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import DomainError
from events.free_text import checked_text
from events.importing.attendees import AttendeesIn
from events.importing.people import ApplicationRow, RowOutcome, ValueChange
from events.importing.rows import ImportProblem
from events.japan.clock import tokyo_date
from events.japan.names import kana_key, name_key
from events.japan.telephones import telephone_key
from events.models import Intake, IntakeSession, Registration, Workshop, WorkshopSession
from events.registration import must_not_be_registered, register_attendee
from events.registration_errors import AlreadyRegistered, IntakeClosed
from events.registration_places import free_places
from events.registration_rules import is_before_draw, must_take_applications, sessions_to_book
from events.states import STOPPED_STATES, IntakeMethod, IntakeUnit

Application = tuple[ApplicationRow, ...]


class _Refused(Exception):
    """Why an application cannot be taken, cell by cell."""

    def __init__(self, *problems: ImportProblem) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an application is to: an intake, and the sessions of its rows in the order of choice."""

    intake: Intake
    workshop: Workshop
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    """An application that may be taken. ``person_id`` None: somebody new; ``again``: booked already."""

    wish: _Wish
    person_id: UUID | None
    again: bool
    changes: tuple[ValueChange, ...]
    notes: tuple[ImportProblem, ...]


def applications(rows: Sequence[ApplicationRow]) -> tuple[Application, ...]:
    """The rows, ranked ones of one person and course together, in the order in which they reached the office.

    Without a time of receipt a row comes last, in the order of the file.
    """
    groups: dict[tuple[object, ...], list[ApplicationRow]] = {}
    for row in rows:
        key = (row.row,) if row.rank is None else (*_who(row), _title_key(row.title))
        groups.setdefault(key, []).append(row)
    ranked = (tuple(sorted(group, key=lambda row: (row.rank or 1, row.row))) for group in groups.values())
    return tuple(sorted(ranked, key=_arrival))


def _who(row: ApplicationRow) -> tuple[object, ...]:
    person = row.person
    return name_key(person.name), kana_key(person.kana), telephone_key(person.telephone), person.birth_date


def _arrival(application: Application) -> tuple[bool, float, int]:
    moments = [row.received_at for row in application if row.received_at is not None]
    return not moments, min(moments).timestamp() if moments else 0.0, min(row.row for row in application)


class ApplicationsIn:
    """The applications of one file (or a part of it) against the programme and the people of a municipality."""

    def __init__(
        self,
        db: Session,
        *,
        municipality_code: str,
        rows: Sequence[ApplicationRow],
        now: datetime,
        by: str,
        reason: str = "",
    ) -> None:
        """``reason`` is kept with applications that came in time but are written down after the deadline."""
        self._db, self._code, self._now, self._by, self._reason = db, municipality_code, now, by, reason
        people = tuple(row.person for row in rows)
        self._people = AttendeesIn(db, municipality_code=municipality_code, rows=people, now=now, by=by)
        self._titles: dict[str, list[UUID]] | None = None
        self._tried: dict[UUID, set[object]] = {}

    def decide(self, application: Application) -> tuple[RowOutcome, ...]:
        """What would become of the rows of an application; nothing is written."""
        first = application[0]
        try:
            ready = self._ready(application)
        except _Refused as refused:
            return _refused(application, refused.problems)
        tried = self._tried.setdefault(ready.wish.intake.id, set())
        who = ready.person_id or _who(first)
        if who in tried:
            return _outcomes(application, "unchanged", notes=(_problem(first, "name", "person_repeated"),))
        if ready.again:
            return _outcomes(application, "changed" if ready.changes else "unchanged", changes=ready.changes)
        tried.add(who)
        if ready.person_id is None:
            self._people.note_tried(first.person)
        notes = (*ready.notes, *self._prospect(ready.wish, len(tried), first))
        return _outcomes(application, "added", changes=ready.changes, notes=notes)

    def take(self, application: Application) -> tuple[RowOutcome, ...]:
        """Book an application, unless it is refused or stands already. Raises what booking refuses."""
        first = application[0]
        try:
            ready = self._ready(application)
        except _Refused as refused:
            return _refused(application, refused.problems)
        person_id = ready.person_id
        if person_id is not None and ready.changes:
            self._people.change(first.person, person_id, fill_only=True)
        if ready.again:
            outcome = "changed" if ready.changes else "unchanged"
            found = _outcomes(application, outcome, changes=ready.changes)
            return (replace(found[0], person_id=person_id), *found[1:])
        made = person_id is None
        person_id = person_id or self._people.add(first.person)
        registration_id = self._book(first, ready.wish, person_id)
        found = _outcomes(application, "added", changes=ready.changes, notes=ready.notes)
        booked = replace(found[0], person_id=person_id, made_person=made, registration_id=registration_id)
        return (booked, *found[1:])

    def _ready(self, application: Application) -> _Ready:
        first = application[0]
        wish = self._wish(application)
        found, problems = self._people.whom(first.person)
        problems = (*problems, *_note_problems(application))
        if problems:
            raise _Refused(*problems)
        person_id = found[0] if found else None
        again = person_id is not None and self._stands(wish.intake, person_id)
        if not again:
            self._must_take(first, wish)
        if person_id is None:
            return _Ready(wish, None, again=False, changes=(), notes=self._people.doubts(first.person))
        changes = self._people.changes(first.person, person_id, fill_only=True)
        return _Ready(wish, person_id, again, changes, ())

    def _must_take(self, row: ApplicationRow, wish: _Wish) -> None:
        """Judge an application by when it reached the office. A late one for a draw is set apart there, not here."""
        intake, received_at = wish.intake, row.received_at or self._now
        sessions = [self._db.get_one(WorkshopSession, each) for each in wish.session_ids]
        try:
            sessions_to_book(intake, sessions, wish.session_ids[0], now=self._now, reason="")
            must_take_applications(self._db, intake, wish.workshop, channel=row.channel, now=received_at, reason="")
        except IntakeClosed as error:
            if intake.method is not IntakeMethod.DRAW or not is_before_draw(intake):
                raise _Refused(_problem(row, "received_at", error.code)) from None
        except DomainError as error:
            raise _Refused(_problem(row, "title", error.code, row.title)) from None

    def _stands(self, intake: Intake, person_id: UUID) -> bool:
        try:
            must_not_be_registered(self._db, intake, person_id)
        except AlreadyRegistered:
            return True
        return False

    def _book(self, row: ApplicationRow, wish: _Wish, person_id: UUID) -> UUID:
        received_at = row.received_at or self._now
        choice = wish.intake.unit is IntakeUnit.CHOICE
        receipt = register_attendee(
            self._db,
            intake_id=wish.intake.id,
            attendee_id=person_id,
            channel=row.channel,
            now=self._now,
            by=self._by,
            session_id=wish.session_ids[0] if choice else None,
            other_session_ids=wish.session_ids[1:] if choice else (),
            companions=row.companions,
            note=row.note,
            applied_on=tokyo_date(received_at),
            reason=self._reason if self._is_past(wish, row) else "",
        )
        registration = self._db.get_one(Registration, receipt.registration_id)
        registration.received_at = min(received_at, self._now)
        self._db.flush()
        return registration.id

    def _is_past(self, wish: _Wish, row: ApplicationRow) -> bool:
        """Whether booking now needs a reason, although the application itself came in time."""
        try:
            must_take_applications(self._db, wish.intake, wish.workshop, channel=row.channel, now=self._now, reason="")
        except DomainError:
            return True
        return False

    def _wish(self, application: Application) -> _Wish:
        """The one intake that the rows name. Raises _Refused."""
        found = [self._named(row) for row in application]
        intake, workshop, _ = found[0]
        for row, (other, _, _) in zip(application, found, strict=True):
            if other.id != intake.id or (row is not application[0] and intake.unit is not IntakeUnit.CHOICE):
                raise _Refused(_problem(row, "rank", "no_choice_here", str(row.rank or "")))
        return _Wish(intake, workshop, tuple(dict.fromkeys(session_id for _, _, session_id in found)))

    def _named(self, row: ApplicationRow) -> tuple[Intake, Workshop, UUID]:
        """The intake, workshop and session that a row names by title and day. Raises _Refused."""
        workshops = self._titled(row.title)
        if not workshops:
            raise _Refused(_problem(row, "title", "unknown_workshop", row.title))
        query = (
            select(Intake, WorkshopSession)
            .join(IntakeSession, col(IntakeSession.intake_id) == Intake.id)
            .join(WorkshopSession, col(WorkshopSession.id) == IntakeSession.session_id)
            .where(col(Intake.workshop_id).in_([each.id for each in workshops]))
            .order_by(col(WorkshopSession.held_on), col(WorkshopSession.starts_at), col(WorkshopSession.id))
        )
        found = [pair for pair in self._db.exec(query).all() if row.day is None or pair[1].held_on == row.day]
        coming = [pair for pair in found if pair[1].state not in STOPPED_STATES] or found
        if not coming:
            raise _Refused(_problem(row, "day", "unknown_day", str(row.day or "")))
        if len({intake.id for intake, _ in coming}) > 1 or (row.day is not None and len(coming) > 1):
            raise _Refused(_problem(row, "day", "several_sessions", str(row.day or "")))
        intake, session = coming[0]
        if row.day is None and intake.unit is IntakeUnit.CHOICE and len(coming) > 1:
            raise _Refused(_problem(row, "day", "required"))
        return intake, next(each for each in workshops if each.id == intake.workshop_id), session.id

    def _titled(self, title: str) -> list[Workshop]:
        """Workshops of that title, drafts included: those are refused by the booking itself."""
        if self._titles is None:
            self._titles = {}
            query = select(Workshop.id, Workshop.title, Workshop.short_title).where(
                Workshop.municipality_code == self._code
            )
            for workshop_id, *names in self._db.exec(query).all():
                for name in {_title_key(each) for each in names} - {""}:
                    self._titles.setdefault(name, []).append(workshop_id)
        return [self._db.get_one(Workshop, each) for each in self._titles.get(_title_key(title), [])]

    def _prospect(self, wish: _Wish, tried: int, row: ApplicationRow) -> tuple[ImportProblem, ...]:
        """Where an application would stand: in the draw or, after those before it, on the waiting list."""
        if is_before_draw(wish.intake):
            return (_problem(row, "title", "will_be_drawn"),)
        ids = list(wish.session_ids[:1])
        if wish.intake.unit is not IntakeUnit.CHOICE:
            links = select(IntakeSession.session_id).where(IntakeSession.intake_id == wish.intake.id)
            ids = list(self._db.exec(links).all())
        free = min((free_places(self._db.get_one(WorkshopSession, each)) for each in ids), default=0)
        return (_problem(row, "title", "will_wait"),) if tried > free else ()


def _title_key(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


def _note_problems(application: Application) -> tuple[ImportProblem, ...]:
    problems = []
    for row in application:
        try:
            checked_text(row.note, field="note", longest=2000, lines=True)
        except DomainError as error:
            why, value = str(error.details["problem"]), str(error.details["value"])
            problems.append(ImportProblem(row.row, "note", value, why))
    return tuple(problems)


def _problem(row: ApplicationRow, field: str, code: str, value: str = "") -> ImportProblem:
    return ImportProblem(row.row, field, value, code)


def _outcomes(
    application: Application,
    outcome: str,
    *,
    changes: tuple[ValueChange, ...] = (),
    notes: tuple[ImportProblem, ...] = (),
) -> tuple[RowOutcome, ...]:
    """One outcome for each row; what changes is told with the first."""
    about = application[0].person.name
    return tuple(
        RowOutcome(row.row, outcome, about, changes if not place else (), (), notes if not place else ())
        for place, row in enumerate(application)
    )


def _refused(application: Application, problems: tuple[ImportProblem, ...]) -> tuple[RowOutcome, ...]:
    """All rows of an application stay out when one of them does; each keeps its own problems."""
    about = application[0].person.name
    return tuple(
        RowOutcome(
            row.row,
            "refused",
            about,
            problems=tuple(each for each in problems if each.row == row.row)
            or (ImportProblem(row.row, "", about, "held_back"),),
        )
        for row in application
    )
