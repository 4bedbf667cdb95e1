"""Parties: people who are drawn together and offered seats together, or not at all (a pair, somebody with a carer)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import DomainError, InvalidValue, NotFound
from events.models import Party, Registration
from events.registration_errors import RegistrationEnded
from events.registration_rules import lock_intake
from events.states import ACTIVE_REGISTRATIONS, RegistrationState

PARTY_KINDS: Final = ("pair", "carer")
MOST_TOGETHER: Final = 4
_NOT_SEATED: Final = frozenset({RegistrationState.WAITING_DRAW, RegistrationState.WAITING})


class NotOfOneIntake(DomainError):
    """The applications (``numbers``) are not for the same thing, so they cannot go together."""

    code = "not_of_one_intake"


class SeatedAlready(DomainError):
    """Application ``number`` has its seat, so it can no longer be drawn together with another."""

    code = "seated_already"


@dataclass(frozen=True, slots=True)
class PartyReceipt:
    """Who goes together now, by application number; ``party_id`` is None after they were separated."""

    party_id: UUID | None
    intake_id: UUID
    numbers: tuple[int, ...]


def link_party(
    db: Session,
    *,
    registration_id: UUID,
    with_registration_ids: Sequence[UUID],
    now: datetime,
    by: str,
    kind: str = "pair",
) -> PartyReceipt:
    """Let two to four applications of one intake go together; who was in a party already brings it along.

    Raises NotOfOneIntake, RegistrationEnded, SeatedAlready, InvalidValue (``kind``, the number of people), NotFound.
    """
    if kind not in PARTY_KINDS:
        raise InvalidValue(field="party_kind", value=kind, problem="not_a_choice")
    rows = _locked(db, [registration_id, *with_registration_ids])
    rows = sorted([*rows, *_fellows(db, rows)], key=lambda row: row.number)
    if not 2 <= len(rows) <= MOST_TOGETHER:
        raise InvalidValue(field="party", value=len(rows), problem="out_of_range", least=2, most=MOST_TOGETHER)
    for row in rows:
        if row.state not in ACTIVE_REGISTRATIONS:
            raise RegistrationEnded(state=row.state.value)
        if row.state not in _NOT_SEATED:
            raise SeatedAlready(number=row.number)
    party = Party(intake_id=rows[0].intake_id, kind=kind)
    db.add(party)
    db.flush()
    _join(db, rows, party.id, now)
    del by  # the log says who
    return PartyReceipt(party.id, party.intake_id, tuple(row.number for row in rows))


def unlink_party(db: Session, *, registration_id: UUID, now: datetime, by: str) -> PartyReceipt:
    """Let the people of a party go each their own way again. Raises NotFound."""
    (row,) = _locked(db, [registration_id])
    rows = sorted([row, *_fellows(db, [row])], key=lambda each: each.number)
    _join(db, rows, None, now)
    del by
    return PartyReceipt(None, row.intake_id, tuple(each.number for each in rows))


def _locked(db: Session, registration_ids: Sequence[UUID]) -> list[Registration]:
    """The applications as they stand, with their one intake kept from others."""
    wanted = list(dict.fromkeys(registration_ids))
    query = select(Registration).where(col(Registration.id).in_(wanted))
    found = db.exec(query).all()
    if not found or len(found) != len(wanted):
        raise NotFound(thing="registration_id")
    if len({row.intake_id for row in found}) > 1:
        raise NotOfOneIntake(numbers="・".join(str(row.number) for row in found))
    lock_intake(db, found[0].intake_id)
    return list(db.exec(query.execution_options(populate_existing=True)).all())


def _fellows(db: Session, rows: Collection[Registration]) -> Sequence[Registration]:
    """Those who stand in the same parties and still apply."""
    parties = {row.party_id for row in rows if row.party_id is not None}
    query = select(Registration).where(
        col(Registration.party_id).in_(parties), col(Registration.state).in_(ACTIVE_REGISTRATIONS)
    )
    known = {row.id for row in rows}
    return [row for row in db.exec(query).all() if row.id not in known]


def _join(db: Session, rows: Sequence[Registration], party_id: UUID | None, now: datetime) -> None:
    del now  # when a state began does not change; the log has the moment
    for row in rows:
        row.party_id = party_id
        row.version += 1
    db.flush()
