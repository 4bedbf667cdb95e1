"""Staff's own word before a draw: put somebody back who was set apart, or set somebody apart, with the reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from events.draw.errors import DrawIsOver, NotDrawn
from events.free_text import checked_text
from events.models import DrawDecision, Workshop
from events.registration_errors import RegistrationEnded
from events.registration_rules import lock_registration
from events.states import IntakeMethod, RegistrationState


@dataclass(frozen=True, slots=True)
class DecisionReceipt:
    """What stands for one application before the draw; ``takes_part`` is None when the rule decides."""

    registration_id: UUID
    number: int
    takes_part: bool | None


def decide_draw_part(
    db: Session, *, registration_id: UUID, takes_part: bool, reason: str, now: datetime, by: str
) -> DecisionReceipt:
    """Let an application take part, or not, whatever the rule says; a later word replaces an earlier one.

    Raises InvalidValue without a reason, NotDrawn, DrawIsOver, RegistrationEnded, NotFound.
    """
    reason = checked_text(reason, field="reason", longest=400, required=True)
    number = _before_the_draw(db, registration_id)
    decision = _standing(db, registration_id) or DrawDecision(
        registration_id=registration_id, takes_part=takes_part, reason=reason, decided_at=now
    )
    decision.takes_part, decision.reason = takes_part, reason
    decision.decided_at, decision.decided_by = now, by
    db.add(decision)
    db.flush()
    return DecisionReceipt(registration_id, number, takes_part)


def undo_draw_decision(db: Session, *, registration_id: UUID, now: datetime, by: str) -> DecisionReceipt:
    """Let the rule decide again. Raises NotDrawn, DrawIsOver, RegistrationEnded, NotFound."""
    number = _before_the_draw(db, registration_id)
    decision = _standing(db, registration_id)
    if decision is not None:
        db.delete(decision)
        db.flush()
    del now, by  # the log says who
    return DecisionReceipt(registration_id, number, None)


def _before_the_draw(db: Session, registration_id: UUID) -> int:
    """The application's number, if its draw is still to come; the intake is locked."""
    registration, intake, _ = lock_registration(db, registration_id)
    if intake.method is not IntakeMethod.DRAW:
        raise NotDrawn(title=db.get_one(Workshop, intake.workshop_id).title)
    if intake.drawn_at is not None:
        raise DrawIsOver(drawn_at=intake.drawn_at)
    if registration.state is not RegistrationState.WAITING_DRAW:
        raise RegistrationEnded(state=registration.state.value)
    return registration.number


def _standing(db: Session, registration_id: UUID) -> DrawDecision | None:
    return db.exec(select(DrawDecision).where(DrawDecision.registration_id == registration_id)).first()
