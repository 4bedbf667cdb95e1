"""Thirty-two people press at the same moment for one free seat: one is confirmed, thirty-one wait, in order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

from sqlmodel import select

from events.integrity import find_inconsistencies
from events.models import Registration, WorkshopSession
from events.registration import register_attendee
from events.registration_changes import cancel_registration
from events.states import Channel, RegistrationState
from supportapp.audit import check_chains
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
STAFF = Actor("佐藤", Role.STAFF, builders.CITY)
CALLERS = 32


def at_once(work, arguments):
    """Run ``work`` for each argument in a thread of its own, all starting together."""
    start = Barrier(len(arguments))

    def run(argument):
        start.wait(timeout=30)
        return work(argument)

    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(run, arguments))


def an_office(database, *, seats):
    with database.writing() as db:
        session = builders.a_session(db, day=date(2026, 12, 2), seats=seats)
        intake = builders.an_intake(db, session)
        people = [builders.an_attendee(db, f"人 {number}").id for number in range(CALLERS)]
        return session.id, intake.id, people


def test_of_many_callers_at_once_exactly_one_gets_the_last_seat(database):
    backend = Backend(database)
    session_id, intake_id, people = an_office(database, seats=1)

    receipts = at_once(
        lambda person: backend.run_now(
            STAFF,
            register_attendee,
            intake_id=intake_id,
            attendee_id=person,
            channel=Channel.TELEPHONE,
            now=NOW,
            by="佐藤",
        ),
        people,
    )

    states = [receipt.state for receipt in receipts]
    assert states.count(RegistrationState.CONFIRMED) == 1
    assert states.count(RegistrationState.WAITING) == CALLERS - 1
    assert sorted(receipt.number for receipt in receipts) == list(range(1, CALLERS + 1))
    with database.reading() as db:
        assert db.get(WorkshopSession, session_id).confirmed_count == 1
        assert find_inconsistencies(db) == ()
        assert [chain.first_broken for chain in check_chains(db)] == [None]


def test_cancelling_and_booking_at_once_never_sells_a_seat_twice(database):
    backend = Backend(database)
    _, intake_id, people = an_office(database, seats=8)
    half = CALLERS // 2
    booked = [
        backend.run_now(
            STAFF,
            register_attendee,
            intake_id=intake_id,
            attendee_id=person,
            channel=Channel.TELEPHONE,
            now=NOW,
            by="佐藤",
        ).registration_id
        for person in people[:half]
    ]

    def work(number):
        if number < half:
            return backend.run_now(
                STAFF, cancel_registration, registration_id=booked[number], reason="都合", now=NOW, by="佐藤"
            )
        return backend.run_now(
            STAFF,
            register_attendee,
            intake_id=intake_id,
            attendee_id=people[number],
            channel=Channel.TELEPHONE,
            now=NOW,
            by="佐藤",
        )

    at_once(work, list(range(CALLERS)))

    with database.reading() as db:
        assert find_inconsistencies(db) == ()
        left = db.exec(select(Registration.state).where(Registration.intake_id == intake_id)).all()
        assert left.count(RegistrationState.CANCELLED_BY_PERSON) == half
