"""How a step of an assignment is written down: one row for one person at one session, whatever happens to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from events.models import WorkshopSession
from volunteers.errors import CannotLead
from volunteers.models import Assignment, Volunteer
from volunteers.states import AssignmentRole, AssignmentState

OPEN = frozenset({AssignmentState.ASKED, AssignmentState.APPLIED})
HELD = frozenset({AssignmentState.TENTATIVE, AssignmentState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class AssignmentReceipt:
    """A helper's part at a session after a step; ``changed`` is False when nothing had to be done."""

    assignment_id: UUID
    session_id: UUID
    volunteer_id: UUID
    role: AssignmentRole
    state: AssignmentState
    sequence: int
    changed: bool = True


def receipt_of(row: Assignment, *, changed: bool = True) -> AssignmentReceipt:
    """The receipt of what stands in a row."""
    return AssignmentReceipt(
        row.id, row.session_id, row.volunteer_id, row.role, row.state, row.calendar_sequence, changed
    )


def write_step(
    db: Session,
    *,
    row: Assignment | None,
    session: WorkshopSession,
    volunteer: Volunteer,
    role: AssignmentRole,
    state: AssignmentState,
    now: datetime,
    by: str,
    reason: str = "",
    because: Sequence[str] = (),
    proposal_id: UUID | None = None,
) -> AssignmentReceipt:
    """Write a step down. A part that was given back and is taken again stays the same entry in a calendar.

    Raises:
        CannotLead: 講師 needs somebody who may lead.
    """
    if role is AssignmentRole.LEAD and not volunteer.can_lead:
        raise CannotLead
    if row is None:
        row = Assignment(
            municipality_code=session.municipality_code,
            session_id=session.id,
            volunteer_id=volunteer.id,
            role=role,
            state=state,
            changed_at=now,
        )
        db.add(row)
    else:
        row.state_before, row.state, row.role = row.state, state, role
        row.calendar_sequence += 1
        row.version += 1
    row.state_reason, row.because, row.proposal_id = reason, list(because), proposal_id
    row.changed_at, row.changed_by = now, by
    db.flush()
    return receipt_of(row)
