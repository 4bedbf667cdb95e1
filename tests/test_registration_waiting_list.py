"""The waiting list: a freed seat goes to the next in order, with a time to answer by; every step can be taken back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from events.errors import InvalidValue
from events.integrity import find_inconsistencies
from events.japan.clock import at_tokyo
from events.models import Attendance, Notice, Offer, Registration
from events.parties import link_party
from events.registration import register_attendee
from events.registration_changes import cancel_registration, move_registration, restore_registration
from events.registration_errors import (
    NothingOffered,
    OfferOver,
    RegistrationEnded,
    RegistrationStands,
    SameSession,
    SessionBegun,
    SessionFull,
)
from events.registration_offers import accept_offer, decline_offer, expire_offers, offer_freed_seats, offer_next
from events.registration_queries import registration_receipt
from events.states import (
    AttendanceState,
    Channel,
    IntakeMethod,
    IntakeUnit,
    NoticeState,
    RegistrationState,
)
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = date(2026, 12, 9)
LATER = NOW + timedelta(days=4)


def book(db, intake, name="高橋 花子", **values):
    attendee = builders.an_attendee(db, name)
    usual = {"channel": Channel.TELEPHONE, "now": NOW, "by": "佐藤"}
    receipt = register_attendee(db, intake_id=intake.id, attendee_id=attendee.id, **{**usual, **values})
    return receipt.registration_id


def cancel(db, registration_id, now=NOW, **values):
    return cancel_registration(db, registration_id=registration_id, reason="体調", now=now, by="佐藤", **values)


def restore(db, registration_id, now=NOW):
    return restore_registration(db, registration_id=registration_id, now=now, by="佐藤")


def move(db, registration_id, session):
    return move_registration(
        db, registration_id=registration_id, session_id=session.id, reason="日を間違えた", now=NOW, by="佐藤"
    )


def state_of(db, registration_id):
    return registration_receipt(db, registration_id=registration_id).state


def full_with_waiting(db, *, seats=1, waiting=2, **session_values):
    """An intake whose seats are taken, with people waiting; the ids of the seated, then of the waiting."""
    session = builders.a_session(db, day=DAY, seats=seats, **session_values)
    intake = builders.an_intake(db, session)
    ids = [book(db, intake, f"人 {number}") for number in range(seats + waiting)]
    return session, intake, ids[:seats], ids[seats:]


def test_a_cancelled_seat_is_offered_to_the_first_who_waits_until_a_day_and_time(db):
    session, _, seated, waiting = full_with_waiting(db)

    receipt = cancel(db, seated[0])

    assert [offer.registration_id for offer in receipt.offered] == [waiting[0]]
    assert receipt.offered[0].reply_by == at_tokyo(date(2026, 11, 24), time(17, 0))
    assert state_of(db, waiting[0]) == RegistrationState.OFFERED
    assert (session.confirmed_count, session.offered_count) == (0, 1)
    assert find_inconsistencies(db) == ()


def test_an_offer_becomes_a_call_to_make(db):
    _, _, seated, waiting = full_with_waiting(db)

    cancel(db, seated[0])

    notice = db.exec(select(Notice)).one()
    assert (notice.registration_id, notice.kind, notice.way) == (waiting[0], "seat_offer", "telephone")
    assert notice.state == NoticeState.PENDING


def test_the_city_may_give_another_number_of_days_to_answer(db):
    builders.a_municipality(db, settings={"offer_reply_days": 1})
    _, _, seated, _ = full_with_waiting(db)

    receipt = cancel(db, seated[0])

    assert receipt.offered[0].reply_by == at_tokyo(date(2026, 11, 22), time(17, 0))


def test_an_answer_is_never_asked_for_after_the_cut_off(db):
    cut_off = NOW + timedelta(hours=5)
    _, _, seated, _ = full_with_waiting(db, cut_off_at=cut_off)

    assert cancel(db, seated[0]).offered[0].reply_by == cut_off


def test_after_the_cut_off_nobody_is_offered_anything(db):
    session, _, seated, _ = full_with_waiting(db, cut_off_at=NOW - timedelta(minutes=1))

    receipt = cancel(db, seated[0])

    assert receipt.offered == ()
    assert (session.confirmed_count, session.offered_count) == (0, 0)


def test_while_seats_are_offered_a_new_caller_waits(db):
    session, intake, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    newcomer = book(db, intake, "新しい 人")

    assert state_of(db, newcomer) == RegistrationState.WAITING
    assert registration_receipt(db, registration_id=newcomer).rank == len(waiting)
    assert session.offered_count == 1


def test_a_new_caller_never_overtakes_who_waits_when_seats_were_added(db):
    session, intake, _, waiting = full_with_waiting(db)
    session.seats += 1
    db.flush()

    newcomer = book(db, intake, "新しい 人")

    assert state_of(db, waiting[0]) == RegistrationState.OFFERED
    assert state_of(db, newcomer) == RegistrationState.WAITING


def test_seats_that_were_added_are_offered_by_the_house_itself(db):
    session, _, _, waiting = full_with_waiting(db)
    session.seats += 1
    db.flush()

    offers = offer_freed_seats(db, municipality_code=builders.CITY, now=NOW)

    assert [offer.registration_id for offer in offers] == waiting[:1]
    assert offer_freed_seats(db, municipality_code=builders.CITY, now=NOW) == ()


def test_a_reserve_of_a_draw_is_offered_nothing_before_results_are_told(db):
    session = builders.a_session(db, day=DAY, seats=1)
    intake = builders.an_intake(db, session, method=IntakeMethod.DRAW, drawn_at=NOW)
    book(db, intake)
    book(db, intake, "待つ 人")
    session.seats += 1
    db.flush()

    assert offer_freed_seats(db, municipality_code=builders.CITY, now=NOW) == ()
    intake.locked_at = NOW
    db.flush()
    assert len(offer_freed_seats(db, municipality_code=builders.CITY, now=NOW)) == 1


def test_added_seats_can_be_offered_at_once(db):
    session, intake, _, waiting = full_with_waiting(db)
    session.seats += 2
    db.flush()

    offers = offer_next(db, intake_id=intake.id, now=NOW)

    assert [offer.registration_id for offer in offers] == waiting


def test_who_needs_two_places_keeps_their_rank_while_one_is_free(db):
    workshop = builders.a_workshop(db, companion_takes_seat=True)
    session = builders.a_session(db, day=DAY, seats=1, workshop_id=workshop.id)
    intake = builders.an_intake(db, session)
    seated = book(db, intake, "一人")
    pair, single = book(db, intake, "二人", companions=1), book(db, intake, "単身")

    cancel(db, seated)

    assert state_of(db, single) == RegistrationState.OFFERED
    assert registration_receipt(db, registration_id=pair).rank == 1


def test_an_accepted_offer_is_a_confirmed_seat_and_the_call_is_done(db):
    session, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    receipt = accept_offer(db, registration_id=waiting[0], now=NOW, by="佐藤")

    assert receipt.state == RegistrationState.CONFIRMED
    assert (session.confirmed_count, session.offered_count) == (1, 0)
    assert db.exec(select(Notice)).one().state == NoticeState.DONE
    assert find_inconsistencies(db) == ()


def test_a_declined_offer_goes_to_the_next(db):
    _, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    receipt = decline_offer(db, registration_id=waiting[0], now=NOW, by="佐藤")

    assert receipt.state == RegistrationState.DECLINED
    assert [offer.registration_id for offer in receipt.offered] == [waiting[1]]
    assert find_inconsistencies(db) == ()


def test_an_offer_without_answer_runs_out_and_nobody_is_offered_twice(db):
    _, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    first = expire_offers(db, municipality_code=builders.CITY, now=LATER, by="supportapp")
    second = expire_offers(db, municipality_code=builders.CITY, now=LATER + timedelta(days=4), by="supportapp")

    assert (first.expired, [offer.registration_id for offer in first.offered]) == (1, [waiting[1]])
    assert (second.expired, second.offered) == (1, ())
    assert [state_of(db, each) for each in waiting] == [RegistrationState.EXPIRED] * 2
    assert find_inconsistencies(db) == ()


def test_an_offer_in_time_does_not_run_out(db):
    _, _, seated, _ = full_with_waiting(db)
    cancel(db, seated[0])

    assert expire_offers(db, municipality_code=builders.CITY, now=NOW, by="supportapp").expired == 0


def test_an_answer_after_the_time_needs_a_reason(db):
    _, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    with pytest.raises(OfferOver):
        accept_offer(db, registration_id=waiting[0], now=LATER, by="佐藤")
    receipt = accept_offer(db, registration_id=waiting[0], now=LATER, by="佐藤", reason="留守電に返事があった")

    assert receipt.state == RegistrationState.CONFIRMED


def test_nothing_can_be_accepted_that_was_not_offered(db):
    _, _, seated, waiting = full_with_waiting(db)

    for registration_id in (seated[0], waiting[0]):
        with pytest.raises(NothingOffered):
            accept_offer(db, registration_id=registration_id, now=NOW, by="佐藤")


def test_a_cancellation_needs_a_reason(db):
    _, _, seated, _ = full_with_waiting(db)

    with pytest.raises(InvalidValue):
        cancel_registration(db, registration_id=seated[0], reason=" ", now=NOW, by="佐藤")


def test_a_cancelled_application_cannot_be_cancelled_again(db):
    _, _, seated, _ = full_with_waiting(db)
    cancel(db, seated[0])

    with pytest.raises(RegistrationEnded):
        cancel(db, seated[0])


def test_after_the_session_began_there_is_nothing_to_cancel(db):
    session, _, seated, _ = full_with_waiting(db)

    with pytest.raises(SessionBegun):
        cancel(db, seated[0], now=session.starts_at + timedelta(minutes=5))


def test_leaving_a_course_halfway_keeps_what_was_attended(db):
    first = builders.a_session(db, day=DAY, seats=2)
    second = builders.a_session(db, day=DAY + timedelta(weeks=1), seats=2)
    intake = builders.an_intake(db, first, second, unit=IntakeUnit.COURSE)
    booked = book(db, intake)

    cancel(db, booked, now=first.ends_at)

    assert (first.confirmed_count, second.confirmed_count) == (1, 0)
    assert find_inconsistencies(db) == ()


def test_an_accidental_cancellation_is_undone_before_anybody_was_called(db):
    session, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])

    receipt = restore(db, seated[0])

    assert receipt.state == RegistrationState.CONFIRMED
    assert registration_receipt(db, registration_id=waiting[0]).rank == 1
    assert (session.confirmed_count, session.offered_count) == (1, 0)
    assert db.exec(select(Notice)).one().state == NoticeState.DROPPED
    assert find_inconsistencies(db) == ()


def test_once_the_next_was_told_the_undone_cancellation_joins_the_waiting_list(db):
    _, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])
    notice = db.exec(select(Notice)).one()
    notice.state = NoticeState.DONE
    db.flush()

    receipt = restore(db, seated[0])

    assert receipt.state == RegistrationState.WAITING
    assert receipt.rank == len(waiting)
    assert find_inconsistencies(db) == ()


def test_an_undone_cancellation_on_the_waiting_list_has_its_old_place(db):
    _, _, _, waiting = full_with_waiting(db, waiting=3)
    cancel(db, waiting[1])

    receipt = restore(db, waiting[1])

    assert (receipt.state, receipt.rank) == (RegistrationState.WAITING, 2)


def test_an_answer_recorded_by_mistake_can_be_taken_back(db):
    _, _, seated, waiting = full_with_waiting(db)
    cancel(db, seated[0])
    decline_offer(db, registration_id=waiting[0], now=NOW, by="佐藤")

    receipt = restore(db, waiting[0])

    assert receipt.state == RegistrationState.OFFERED
    assert registration_receipt(db, registration_id=waiting[1]).rank == 1
    assert accept_offer(db, registration_id=waiting[0], now=NOW, by="佐藤").state == RegistrationState.CONFIRMED
    assert find_inconsistencies(db) == ()


def test_an_application_that_stands_has_nothing_to_bring_back(db):
    _, _, seated, _ = full_with_waiting(db)

    with pytest.raises(RegistrationStands):
        restore(db, seated[0])


def test_before_the_draw_a_cancelled_application_goes_back_into_it(db):
    session = builders.a_session(db, day=DAY)
    booked = book(db, builders.an_intake(db, session, method=IntakeMethod.DRAW))
    cancel(db, booked)

    assert restore(db, booked).state == RegistrationState.WAITING_DRAW


def test_a_person_moves_to_another_session_in_one_step(db):
    session, _, seated, waiting = full_with_waiting(db)
    other = builders.a_session(db, day=DAY + timedelta(days=1), seats=1)
    builders.an_intake(db, other)

    receipt = move(db, seated[0], other)

    assert receipt.state == RegistrationState.CONFIRMED
    assert [when.session_id for when in receipt.sessions] == [other.id]
    assert state_of(db, seated[0]) == RegistrationState.CANCELLED_BY_PERSON
    assert state_of(db, waiting[0]) == RegistrationState.OFFERED
    assert (session.confirmed_count, other.confirmed_count) == (0, 1)


def test_a_person_moves_among_the_sessions_of_one_intake(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(days=day), seats=1) for day in range(2)]
    intake = builders.an_intake(db, *sessions, unit=IntakeUnit.CHOICE)
    booked = book(db, intake, session_id=sessions[0].id)
    waits = book(db, intake, "待つ 人", session_id=sessions[0].id)

    receipt = move(db, booked, sessions[1])

    assert (receipt.registration_id, receipt.state) == (booked, RegistrationState.CONFIRMED)
    assert state_of(db, waits) == RegistrationState.OFFERED
    assert find_inconsistencies(db) == ()


def test_nobody_loses_a_seat_for_a_place_on_a_waiting_list(database):
    from sqlmodel import Session

    with database.writing() as db:
        _, _, seated, _ = full_with_waiting(db, waiting=0)
        other, _, _, _ = full_with_waiting(db, waiting=1)
    with pytest.raises(SessionFull), database.writing() as db:
        move(db, seated[0], other)

    with Session(database.engine) as db:
        assert state_of(db, seated[0]) == RegistrationState.CONFIRMED
        assert find_inconsistencies(db) == ()


def test_a_person_is_not_moved_to_where_they_are(db):
    session, _, seated, _ = full_with_waiting(db)

    with pytest.raises(SameSession):
        move(db, seated[0], session)


def test_what_was_recorded_at_the_desk_keeps_its_seat(db):
    session, _, seated, _ = full_with_waiting(db)
    registration = db.get(Registration, seated[0])
    from events.models import Seat

    seat = db.exec(select(Seat).where(Seat.registration_id == registration.id)).one()
    builders._saved(
        db,
        Attendance(
            municipality_code=builders.CITY,
            session_id=session.id,
            attendee_id=registration.attendee_id,
            seat_id=seat.id,
            state=AttendanceState.PRESENT,
            tap_id=seat.id,
            recorded_at=NOW,
        ),
    )

    with pytest.raises(SessionBegun):
        cancel(db, seated[0])


def a_pair_waiting(db, *, seats):
    """A full session; a pair waits first, then one more person."""
    _, _, seated, waiting = full_with_waiting(db, seats=seats, waiting=3)
    link_party(db, registration_id=waiting[0], with_registration_ids=[waiting[1]], now=NOW, by="佐藤")
    return seated, waiting


def test_a_pair_is_passed_over_while_one_seat_is_free_and_keeps_its_place(db):
    seated, (one, other, third) = a_pair_waiting(db, seats=2)

    cancel(db, seated[0])

    assert [state_of(db, each) for each in (one, other, third)] == [
        RegistrationState.WAITING,
        RegistrationState.WAITING,
        RegistrationState.OFFERED,
    ]


def test_a_pair_is_offered_seats_together(db):
    seated, (one, other, third) = a_pair_waiting(db, seats=2)
    cancel(db, third)
    cancel(db, seated[0])
    receipt = cancel(db, seated[1])

    assert {offer.registration_id for offer in receipt.offered} == {one, other}
    assert {state_of(db, each) for each in (one, other)} == {RegistrationState.OFFERED}
    assert find_inconsistencies(db) == ()


def test_who_waits_for_several_things_is_never_seated_twice_at_one_session(db):
    session, _, seated, (waiting, next_one) = full_with_waiting(db, seats=1, waiting=2)
    person = db.get_one(Registration, waiting).attendee_id
    course = builders.an_intake(db, session, builders.a_session(db, day=DAY), unit=IntakeUnit.COURSE)
    session.seats = 2
    db.flush()
    register_attendee(
        db, intake_id=course.id, attendee_id=person, channel=Channel.TELEPHONE, now=NOW, by="佐藤"
    )

    cancel(db, seated[0])

    assert state_of(db, waiting) is RegistrationState.WAITING
    assert state_of(db, next_one) is RegistrationState.OFFERED
    assert find_inconsistencies(db) == ()


def test_a_second_seat_at_the_same_session_is_refused_whatever_the_intake(db):
    session = builders.a_session(db, day=DAY)
    intake = builders.an_intake(db, session)
    registration = db.get_one(Registration, book(db, intake))
    course = builders.an_intake(db, session, unit=IntakeUnit.COURSE)

    with pytest.raises(SameSession):
        register_attendee(
            db, intake_id=course.id, attendee_id=registration.attendee_id, channel=Channel.WEB, now=NOW, by="佐藤"
        )


def test_a_clock_that_was_set_back_leaves_no_offer_open_behind_a_newer_one(db):
    _, _, seated, waiting = full_with_waiting(db, waiting=1)
    cancel(db, seated[0])
    restore(db, seated[0])  # the offer that nobody heard of is withdrawn
    earlier = NOW - timedelta(hours=3)
    cancel(db, seated[0], now=earlier)

    decline_offer(db, registration_id=waiting[0], now=earlier, by="佐藤")

    open_offers = db.exec(select(Offer).where(Offer.registration_id == waiting[0], Offer.answer == "")).all()
    assert open_offers == []
    assert find_inconsistencies(db) == ()
