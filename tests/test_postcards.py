"""Cards keyed in: in time or late by postmark or arrival, a person added with the card, pairs, and clear refusals."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from events.attendees import PersonAlike
from events.errors import InvalidValue
from events.fields import new_id
from events.models import Attendee, ContactPoint, Registration
from events.postcards import CardLate, card_rules, register_card
from events.registration_errors import AlreadyRegistered, ChannelNotOffered
from events.states import Channel, ContactKind, IntakeMethod, RegistrationState
from supportapp.postcard_form import Card, DoneCard, Pile
from tests.builders import CITY, NOW, TODAY, a_session, an_intake

DEADLINE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LAST_DAY = date(2026, 11, 20)
CARD = Card("髙﨑 花子", "タカサキ ハナコ", "042-555-0101", "78", "207-0015", "中央3-1")
IN_TIME = "間に合った"
STEP = {"municipality_code": CITY, "channel": Channel.POSTCARD, "now": NOW, "by": "職員", "in_time_reason": IN_TIME}


@pytest.fixture
def intake(db):
    session = a_session(db, day=TODAY + timedelta(days=10), seats=2)
    return an_intake(db, session, method=IntakeMethod.DRAW, deadline_at=DEADLINE)


def take(db, intake, card=CARD, **more):
    values = {"day": LAST_DAY, "new_person": card.facts(), **STEP, **more}
    return register_card(db, intake_id=intake.id, **values)


def named(name, number):
    return replace(CARD, name=name, telephone=f"042-555-{number}")


def test_a_card_that_came_in_time_is_taken_after_the_deadline_and_says_so(db, intake):
    taken = take(db, intake)

    row = db.get_one(Registration, taken.receipt.registration_id)
    assert (taken.late, row.state, row.applied_on, row.postmark_on) == (
        False, RegistrationState.WAITING_DRAW, LAST_DAY, None,
    )  # fmt: skip
    assert row.state_reason == IN_TIME
    person = db.get_one(Attendee, row.attendee_id)
    assert (person.name, person.age_band, person.postal_code, person.address) == (
        "髙﨑 花子", "75-79", "207-0015", "中央3-1",
    )  # fmt: skip


def test_where_postmarks_count_the_postmark_decides_and_both_days_are_kept(db, intake):
    intake.deadline_by_postmark = True
    row = db.get_one(Registration, take(db, intake).receipt.registration_id)

    assert (row.applied_on, row.postmark_on) == (TODAY, LAST_DAY)
    assert card_rules(db, intake_id=intake.id, channel=Channel.POSTCARD).by_postmark


def test_a_late_card_goes_into_the_draw_where_it_is_set_apart(db, intake):
    assert take(db, intake, day=LAST_DAY + timedelta(days=1)).late


def test_a_late_card_for_first_come_is_refused_unless_somebody_says_why(db, intake):
    intake.method = IntakeMethod.FIRST_COME
    late = LAST_DAY + timedelta(days=1)

    with pytest.raises(CardLate) as refused:
        take(db, intake, day=late)
    assert refused.value.details == {"day": late, "deadline": LAST_DAY}
    assert take(db, intake, day=late, reason="配達の遅れ").receipt.state is RegistrationState.CONFIRMED


def test_a_card_without_a_telephone_is_answered_by_post(db, intake):
    person_id = take(db, intake, replace(CARD, telephone="")).receipt.attendee_id

    assert db.get_one(Attendee, person_id).notice_by == "post"
    (contact,) = db.exec(select(ContactPoint).where(ContactPoint.attendee_id == person_id)).all()
    assert (contact.kind, contact.value) == (ContactKind.POST, "中央3-1")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"day": TODAY + timedelta(days=1)}, InvalidValue),
        ({"channel": Channel.TELEPHONE}, InvalidValue),
        ({"new_person": None}, InvalidValue),
        ({"new_person": Card("名", "ナ").facts()}, InvalidValue),
        ({"new_person": replace(CARD, telephone="番号なし").facts()}, InvalidValue),
    ],
)
def test_what_a_card_cannot_be_is_refused_and_nothing_is_written(db, intake, more, error):
    before = len(db.exec(select(Attendee)).all())

    with pytest.raises(error), db.begin_nested():
        take(db, intake, **more)
    assert len(db.exec(select(Attendee)).all()) == before


def test_the_same_card_twice_names_the_person_and_then_the_application(db, intake):
    first = take(db, intake)

    with pytest.raises(PersonAlike), db.begin_nested():
        take(db, intake)
    with pytest.raises(AlreadyRegistered):
        take(db, intake, new_person=None, attendee_id=first.receipt.attendee_id)


def test_a_workshop_that_takes_no_cards_says_so(db, intake):
    intake.channels = ["telephone"]
    intake.deadline_at = None

    with pytest.raises(ChannelNotOffered):
        take(db, intake)


def test_two_cards_become_a_pair_while_neither_has_a_seat(db, intake):
    first = take(db, intake)
    second = take(db, intake, named("髙﨑 太郎", "0102"), pair_with_registration_id=first.receipt.registration_id)

    rows = [db.get_one(Registration, each.receipt.registration_id) for each in (first, second)]
    assert second.paired
    assert rows[0].party_id is not None
    assert rows[0].party_id == rows[1].party_id


def test_people_who_have_their_seats_need_no_pair(db, intake):
    intake.method = IntakeMethod.FIRST_COME
    first = take(db, intake)
    second = take(db, intake, named("髙﨑 太郎", "0102"), pair_with_registration_id=first.receipt.registration_id)

    assert not second.paired
    assert second.receipt.state is RegistrationState.CONFIRMED


@pytest.mark.parametrize("by_postmark", [False, True])
@pytest.mark.parametrize("days", [-20, -1, 0, 1, 5])
def test_late_is_exactly_what_lies_behind_the_last_day(db, intake, days, by_postmark):
    intake.deadline_by_postmark = by_postmark

    assert take(db, intake, day=LAST_DAY + timedelta(days=days)).late is (days > 0)


@pytest.mark.parametrize(
    ("age", "band"), [("", ""), ("59", "-59"), ("60", "60-64"), ("104", "85-"), ("七十", ""), ("999", "")]
)
def test_an_age_on_a_card_becomes_a_band(age, band):
    assert replace(CARD, age=age).facts().age_band == band


def test_the_pile_counts_what_stands_and_how_long_a_card_takes():
    done = [DoneCard(new_id(), new_id(), "名", "confirmed", None, late=False, paired=False, taken_back=back)
            for back in (False, True, False)]  # fmt: skip
    pile = Pile(NOW, NOW + timedelta(seconds=60), tuple(done))

    assert (pile.count, pile.seconds_each) == (2, 20)
    assert Pile().seconds_each is None
