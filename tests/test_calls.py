"""A telephone call: kept from the first pause on, put on hold, taken up again, booked exactly once."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import func, select

from events.attendee_facts import AttendeeFacts, ContactFacts
from events.attendees import PersonAlike
from events.calls import (
    book_call,
    close_call,
    drop_call,
    hold_call,
    open_calls,
    resume_call,
    save_call,
    start_call,
)
from events.errors import Conflict, InvalidValue
from events.models import Attendee, Draft, Registration
from events.registration_errors import IntakeClosed
from events.states import ContactKind, DraftState, RegistrationState
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ACCOUNT = uuid4()
PERSON = AttendeeFacts("高橋 花子", "タカハシ ハナコ", contacts=(ContactFacts(ContactKind.TELEPHONE, "042-300-1234"),))


def start(db, **content):
    builders.a_municipality(db)
    return start_call(db, municipality_code=builders.CITY, account_id=ACCOUNT, content=content, now=NOW)


def calls(db):
    return open_calls(db, municipality_code=builders.CITY, account_id=ACCOUNT)


def an_intake(db, **values):
    return builders.an_intake(db, builders.a_session(db, day=date(2026, 12, 2)), **values)


def book(db, call, intake, **values):
    return book_call(
        db, draft_id=call.draft_id, intake_id=intake.id, now=NOW, by="佐藤", **{"new_person": PERSON, **values}
    )


def count(db, table):
    return db.exec(select(func.count()).select_from(table)).one()


def test_what_was_typed_is_there_again_after_a_restart(database):
    with database.writing() as db:
        call = start(db, text="042-300")
        save_call(db, draft_id=call.draft_id, content={"text": "042-300-1234"}, version=1, now=NOW)

    with database.reading() as db:
        assert [found.content for found in calls(db)] == [{"text": "042-300-1234"}]


def test_a_call_that_went_on_in_another_window_is_not_overwritten(db):
    call = start(db, text="042")
    save_call(db, draft_id=call.draft_id, content={"text": "0423"}, version=1, now=NOW)

    with pytest.raises(Conflict):
        save_call(db, draft_id=call.draft_id, content={"text": "090"}, version=1, now=NOW)


def test_a_my_number_is_not_kept_even_in_a_draft(db):
    with pytest.raises(InvalidValue):
        start(db, note="1234-5678-9018")


def test_a_second_call_puts_the_first_on_hold(db):
    first = start(db, text="042")
    second = start(db, text="090")

    assert [(call.draft_id, call.state) for call in calls(db)] == [
        (first.draft_id, DraftState.HELD),
        (second.draft_id, DraftState.ACTIVE),
    ]


def test_a_held_call_is_taken_up_again_as_it_was(db):
    first = start(db, text="042")
    hold_call(db, draft_id=first.draft_id, now=NOW)
    start(db, text="090")

    resumed = resume_call(db, draft_id=first.draft_id, now=NOW)

    assert resumed.content == {"text": "042"}
    assert [call.state for call in calls(db)] == [DraftState.ACTIVE, DraftState.HELD]


def test_a_dropped_call_leaves_nothing_of_what_was_typed(db):
    call = start(db, text="042")
    drop_call(db, draft_id=call.draft_id, now=NOW)

    assert calls(db) == ()
    assert db.get(Draft, call.draft_id).content == {}


def test_booking_a_new_person_adds_them_and_closes_the_call(db):
    call = start(db, text="042", name="高橋 花子")
    receipt = book(db, call, an_intake(db))

    assert receipt.state == RegistrationState.CONFIRMED
    assert db.get(Draft, call.draft_id).content == {"registration_id": str(receipt.registration_id)}


def test_a_repeated_press_answers_the_same_receipt(db):
    call, intake = start(db), an_intake(db)

    first, second = book(db, call, intake), book(db, call, intake)

    assert first == second
    assert (count(db, Registration), count(db, Attendee)) == (1, 1)


def test_booking_a_known_person_adds_nobody(db):
    person = builders.an_attendee(db)

    receipt = book(db, start(db), an_intake(db), attendee_id=person.id, new_person=None)

    assert receipt.attendee_id == person.id
    assert count(db, Attendee) == 1


def test_when_the_booking_is_refused_nobody_was_added_and_the_call_stays(database):
    with database.writing() as db:
        call = start(db, name="高橋 花子")
        intake = an_intake(db, deadline_at=NOW - timedelta(days=1))

    with pytest.raises(IntakeClosed), database.writing() as db:
        book(db, call, intake)

    with database.reading() as db:
        assert count(db, Attendee) == 0
        assert calls(db)[0].content == {"name": "高橋 花子"}


def test_a_person_like_one_we_know_is_asked_about_before_booking(db):
    book(db, start(db), an_intake(db))
    other = an_intake(db)

    with pytest.raises(PersonAlike):
        book(db, start(db), other)
    receipt = book(db, start(db), other, is_another_person=True)

    assert receipt.state == RegistrationState.CONFIRMED


def test_a_booked_call_shows_its_receipt_until_it_is_put_away(db):
    call = start(db)
    receipt = book(db, call, an_intake(db))

    assert [found.registration_id for found in calls(db)] == [receipt.registration_id]
    close_call(db, draft_id=call.draft_id, now=NOW)

    assert calls(db) == ()


def test_through_the_backend_a_draft_belongs_to_its_city(database):
    backend = Backend(database)
    with database.writing() as db:
        builders.a_municipality(db)
        builders.a_municipality(db, "132136")
        call = start(db)
    neighbour = Actor("隣の人", Role.STAFF, "132136")
    own = Actor("佐藤", Role.STAFF, builders.CITY)

    from events.errors import NotFound

    with pytest.raises(NotFound):
        backend.run_now(neighbour, hold_call, draft_id=call.draft_id, now=NOW)
    held = backend.run_now(own, hold_call, draft_id=call.draft_id, now=NOW)

    assert held.state == DraftState.HELD
