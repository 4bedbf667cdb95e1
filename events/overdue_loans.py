"""Loan phones that should be back: whom to ask, and since when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from events.models import Attendee, Device, Loan
from events.notices.ways import reaches
from events.states import ContactKind


@dataclass(frozen=True, slots=True)
class OverdueLoan:
    """One loan. ``due_on`` is a Tokyo date, ``telephone`` the number the person prefers, or nothing."""

    loan_id: UUID
    attendee_id: UUID
    name: str
    kana: str
    telephone: str
    device: str
    due_on: date


def overdue_loans(db: Session, *, municipality_code: str, today: date) -> tuple[OverdueLoan, ...]:
    """Every loan that is not returned and was due before ``today``, the longest overdue first."""
    query = (
        select(Loan, Attendee, Device)
        .join(Attendee, col(Attendee.id) == Loan.attendee_id)
        .join(Device, col(Device.id) == Loan.device_id)
        .where(Loan.municipality_code == municipality_code, col(Loan.returned_on).is_(None), Loan.due_on < today)
        .order_by(col(Loan.due_on), col(Attendee.kana), col(Loan.id))
    )
    found = db.exec(query).all()
    reached = reaches(db, {person.id for _loan, person, _device in found})
    return tuple(
        OverdueLoan(
            loan.id,
            person.id,
            person.name,
            person.kana,
            next(iter(reached[person.id].values(ContactKind.TELEPHONE)), ""),
            f"{device.number} {device.model}".strip(),
            loan.due_on,
        )
        for loan, person, device in found
    )
