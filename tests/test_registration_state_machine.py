"""Whatever people do in whatever order: never oversold, ranks without gaps, counters equal to rows."""

from datetime import UTC, date, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, select

from events.errors import DomainError
from events.integrity import find_inconsistencies
from events.models import Offer, Registration
from events.registration import register_attendee
from events.registration_changes import cancel_registration, move_registration, restore_registration
from events.registration_offers import accept_offer, decline_offer, expire_offers, offer_next
from events.registration_queries import registration_receipt, session_people
from events.states import Channel, IntakeUnit, RegistrationState
from supportapp.database import migrate, open_database
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PEOPLE = 9


class BookingMachine(RuleBasedStateMachine):
    """A small office: one session, a course of two that shares its second session with it, and a free choice."""

    registrations = Bundle("registrations")

    def __init__(self):
        super().__init__()
        self.database = open_database("sqlite://")
        migrate(self.database)
        self.db = Session(self.database.writing_engine, expire_on_commit=False)
        self.now = NOW

    @initialize(seats=st.lists(st.integers(0, 3), min_size=4, max_size=4), companions=st.booleans())
    def open_office(self, seats, companions):
        db = self.db
        workshop = builders.a_workshop(db, companion_takes_seat=companions)
        days = [date(2026, 12, 9) + timedelta(days=number) for number in range(4)]
        self.sessions = [
            builders.a_session(db, day=day, seats=number, workshop_id=workshop.id)
            for day, number in zip(days, seats, strict=True)
        ]
        one, two, three, four = self.sessions
        self.intakes = [
            builders.an_intake(db, one),
            builders.an_intake(db, one, two, unit=IntakeUnit.COURSE),
            builders.an_intake(db, three, four, unit=IntakeUnit.CHOICE),
        ]
        self.people = [builders.an_attendee(db, f"人 {number}") for number in range(PEOPLE)]
        db.commit()

    def attempt(self, use_case, **values):
        """Run as the backend does: all of it, or nothing when it is refused."""
        try:
            answer = use_case(self.db, now=self.now, **values)
        except DomainError:
            self.db.rollback()
            return None
        self.db.commit()
        return answer

    @rule(
        target=registrations,
        intake=st.integers(0, 2),
        person=st.integers(0, PEOPLE - 1),
        companions=st.integers(0, 1),
        choice=st.integers(2, 3),
    )
    def book(self, intake, person, companions, choice):
        chosen = self.sessions[choice].id if intake == 2 else None
        receipt = self.attempt(
            register_attendee,
            intake_id=self.intakes[intake].id,
            attendee_id=self.people[person].id,
            channel=Channel.TELEPHONE,
            companions=companions,
            session_id=chosen,
            other_session_ids=[self.sessions[5 - choice].id] if chosen else [],
            by="佐藤",
        )
        return receipt.registration_id if receipt else None

    @rule(registration=registrations)
    def cancel(self, registration):
        if registration:
            self.attempt(cancel_registration, registration_id=registration, reason="都合", by="佐藤")

    @rule(registration=registrations)
    def restore(self, registration):
        if registration:
            self.attempt(restore_registration, registration_id=registration, by="佐藤")

    @rule(registration=registrations)
    def accept(self, registration):
        if registration:
            self.attempt(accept_offer, registration_id=registration, by="佐藤")

    @rule(registration=registrations)
    def decline(self, registration):
        if registration:
            self.attempt(decline_offer, registration_id=registration, by="佐藤")

    @rule(registration=registrations, to=st.integers(0, 3))
    def move(self, registration, to):
        if registration:
            self.attempt(
                move_registration,
                registration_id=registration,
                session_id=self.sessions[to].id,
                reason="都合",
                by="佐藤",
            )

    @rule(intake=st.integers(0, 2))
    def offer(self, intake):
        self.attempt(offer_next, intake_id=self.intakes[intake].id)

    @rule(days=st.integers(0, 4))
    def time_goes_by(self, days):
        if self.now + timedelta(days=days) < NOW + timedelta(days=15):
            self.now += timedelta(days=days)
        self.attempt(expire_offers, municipality_code=builders.CITY, by="supportapp")

    @invariant()
    def nothing_contradicts_itself(self):
        if hasattr(self, "sessions"):
            assert find_inconsistencies(self.db) == ()

    @invariant()
    def ranks_are_unique_and_without_gaps(self):
        for session in getattr(self, "sessions", ()):
            by_intake = {}
            for row in session_people(self.db, session_id=session.id):
                if row.state is RegistrationState.WAITING:
                    intake_id = self.db.get(Registration, row.registration_id).intake_id
                    by_intake.setdefault(intake_id, []).append(row.rank)
            for ranks in by_intake.values():
                assert sorted(ranks) == list(range(1, len(ranks) + 1))

    @invariant()
    def the_rank_that_people_are_told_is_the_one_in_the_list(self):
        for registration in self.db.exec(
            select(Registration).where(Registration.state == RegistrationState.WAITING)
        ).all():
            receipt = registration_receipt(self.db, registration_id=registration.id)
            rows = session_people(self.db, session_id=receipt.sessions[0].session_id)
            told = next(row.rank for row in rows if row.registration_id == registration.id)
            assert told == receipt.rank

    @invariant()
    def an_open_offer_belongs_to_one_application_and_one_answer(self):
        if hasattr(self, "sessions"):
            open_offers = self.db.exec(select(Offer.registration_id).where(Offer.answer == "")).all()
            assert len(open_offers) == len(set(open_offers))

    def teardown(self):
        self.db.close()
        self.database.close()


BookingMachine.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestBookingInAnyOrder = BookingMachine.TestCase
