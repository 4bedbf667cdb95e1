"""How many slips an applicant gets, and how many reserves are kept: settings of the intake, whole numbers."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from events.draw.errors import DrawLocked, NotDrawn
from events.draw.locking import locked_since
from events.errors import InvalidValue
from events.models import Intake, Workshop
from events.registration_rules import lock_intake
from events.states import IntakeMethod, IntakeUnit

MOST_OF_ONE: Final = 20
MOST_RESERVES: Final = 1000


@dataclass(frozen=True, slots=True)
class DrawRules:
    """Slips for everybody (``usual``), and more for who never came, lost a draw in the past year, lives in the city.

    Each from 0 to 20. ``reserves`` are kept in order; None keeps half as many as there are places, at least two.
    """

    usual: int = 1
    first_time: int = 0
    lost_before: int = 0
    resident: int = 0
    reserves: int | None = None


@dataclass(frozen=True, slots=True)
class RulesReceipt:
    """The rules that stand for a draw."""

    intake_id: UUID
    rules: DrawRules


def rules_of(intake: Intake) -> DrawRules:
    """The rules of an intake as they are stored; what is missing is as usual. Raises InvalidValue."""
    known = {field.name for field in fields(DrawRules)}
    stored = {name: value for name, value in intake.draw_weights.items() if name in known}
    return checked_rules(stored)


def checked_rules(values: Mapping[str, object]) -> DrawRules:
    """Rules from plain values, each checked. Raises InvalidValue with the field that is wrong."""
    numbers = {
        name: _checked(name, value, MOST_RESERVES if name == "reserves" else MOST_OF_ONE)
        for name, value in values.items()
        if not (name == "reserves" and value is None)
    }
    return DrawRules(**numbers)


def places_for_people(unit: IntakeUnit, free: Collection[int]) -> int:
    """How many people could get places, from the free places of each session: a course takes one in each."""
    return min(free, default=0) if unit is IntakeUnit.COURSE else sum(free)


def reserves_to_keep(rules: DrawRules, places: int) -> int:
    """How many reserves a draw of ``places`` keeps."""
    return max(2, (places + 1) // 2) if rules.reserves is None else rules.reserves


def set_draw_rules(db: Session, *, intake_id: UUID, rules: DrawRules, now: datetime, by: str) -> RulesReceipt:
    """Set how a draw weighs, before people are told. Raises InvalidValue, NotDrawn, DrawLocked, NotFound."""
    intake = lock_intake(db, intake_id)
    if intake.method is not IntakeMethod.DRAW:
        raise NotDrawn(title=db.get_one(Workshop, intake.workshop_id).title)
    if (since := locked_since(db, intake)) is not None:
        raise DrawLocked(locked_at=since)
    checked = checked_rules(asdict(rules))
    if asdict(checked) != intake.draw_weights:
        intake.draw_weights = asdict(checked)
        intake.version += 1
        db.flush()
    del now, by  # the log says who changed them, and when
    return RulesReceipt(intake.id, checked)


def _checked(name: str, value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidValue(field=f"draw_{name}", value=value, problem="out_of_range", least=0, most=most)
    return value
