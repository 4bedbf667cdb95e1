"""Loan phones that should be back."""

from datetime import date, timedelta

from events.models import ContactPoint, Device, Loan
from events.overdue_loans import overdue_loans
from events.states import ContactKind
from tests.builders import CITY, an_attendee

TODAY = date(2026, 11, 21)


def lend(db, number: str, due_on: date, **values):
    person = an_attendee(db)
    device = Device(municipality_code=CITY, number=number, model="らくらく")
    db.add(device)
    db.flush()
    db.add(
        Loan(
            municipality_code=CITY,
            device_id=device.id,
            attendee_id=person.id,
            out_on=due_on - timedelta(days=30),
            due_on=due_on,
            **values,
        )
    )
    for value, preferred in (("042-300-0001", False), ("090-0000-0002", True)):
        db.add(
            ContactPoint(
                municipality_code=CITY,
                attendee_id=person.id,
                kind=ContactKind.TELEPHONE,
                value=value,
                value_key=value.replace("-", ""),
                preferred=preferred,
            )
        )
    db.flush()
    return person


def test_what_is_past_its_date_and_not_back_is_listed_with_the_number_the_person_prefers(db):
    late = lend(db, "7", TODAY - timedelta(days=3))
    later = lend(db, "8", TODAY - timedelta(days=1))
    lend(db, "9", TODAY)
    lend(db, "10", TODAY - timedelta(days=9), returned_on=TODAY)

    found = overdue_loans(db, municipality_code=CITY, today=TODAY)

    assert [(loan.attendee_id, loan.device) for loan in found] == [(late.id, "7 らくらく"), (later.id, "8 らくらく")]
    assert {loan.telephone for loan in found} == {"090-0000-0002"}
