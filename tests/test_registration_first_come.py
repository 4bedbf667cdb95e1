"""First come: confirmed while seats last, then a waiting list without gaps; nobody twice, nobody too late."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from events.errors import InvalidValue, NotFound
from events.models import ChannelWindow, ConsultationTable, Registration, Seat, Slot, WorkshopSession
from events.registration import register_attendee
from events.registration_changes import cancel_registration
from events.registration_errors import (
    AlreadyRegistered,
    ChannelNotOffered,
    IntakeClosed,
    IntakeEnded,
    IntakeNotAnnounced,
    IntakeNotOpen,
    NoBookingNeeded,
    SessionBegun,
    SessionNotChosen,
    SessionStopped,
    SlotTaken,
)
from events.states import (
    Channel,
    IntakeMethod,
    IntakeUnit,
    PhoneKind,
    ProgrammeState,
    RegistrationState,
)
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = date(2026, 12, 2)


def book(db, intake, attendee, **values):
    usual = {"channel": Channel.TELEPHONE, "now": NOW, "by": "佐藤"}
    return register_attendee(db, intake_id=intake.id, attendee_id=attendee.id, **{**usual, **values})


def a_place_to_book(db, *, seats=2, **values):
    session = builders.a_session(db, day=DAY, seats=seats)
    return session, builders.an_intake(db, session, **values)


def test_a_caller_gets_a_confirmed_seat_while_there_is_one(db):
    session, intake = a_place_to_book(db)

    receipt = book(db, intake, builders.an_attendee(db))

    assert receipt.state == RegistrationState.CONFIRMED
    assert (receipt.number, receipt.rank, receipt.seats_left) == (1, None, 1)
    assert session.confirmed_count == 1
    assert len(receipt.receipt_number) == 14


def test_a_full_session_puts_the_next_attendees_on_the_waiting_list_in_order(db):
    session, intake = a_place_to_book(db, seats=1)
    book(db, intake, builders.an_attendee(db))

    receipts = [book(db, intake, builders.an_attendee(db, f"待つ {number}")) for number in range(3)]

    assert [receipt.state for receipt in receipts] == [RegistrationState.WAITING] * 3
    assert [receipt.rank for receipt in receipts] == [1, 2, 3]
    assert session.confirmed_count == 1


def test_ranks_close_up_when_somebody_in_the_middle_leaves(db):
    _, intake = a_place_to_book(db, seats=1)
    book(db, intake, builders.an_attendee(db))
    waiting = [book(db, intake, builders.an_attendee(db, f"待つ {number}")) for number in range(3)]

    cancel_registration(db, registration_id=waiting[1].registration_id, reason="都合", now=NOW, by="佐藤")

    from events.registration_queries import registration_receipt

    assert registration_receipt(db, registration_id=waiting[2].registration_id).rank == 2


def test_the_same_person_is_refused_a_second_application(db):
    _, intake = a_place_to_book(db)
    attendee = builders.an_attendee(db)
    book(db, intake, attendee)

    with pytest.raises(AlreadyRegistered) as refused:
        book(db, intake, attendee)

    assert refused.value.details["number"] == 1


def test_a_course_takes_a_seat_in_each_session_or_none(db):
    first, second = (builders.a_session(db, day=DAY + timedelta(weeks=week), seats=1) for week in range(2))
    intake = builders.an_intake(db, first, second, unit=IntakeUnit.COURSE)
    other = builders.an_intake(db, second)
    book(db, other, builders.an_attendee(db, "先の 人"))

    receipt = book(db, intake, builders.an_attendee(db))

    assert receipt.state == RegistrationState.WAITING
    assert (first.confirmed_count, second.confirmed_count) == (0, 1)


def test_a_course_with_room_is_booked_as_one(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(weeks=week), seats=1) for week in range(3)]
    intake = builders.an_intake(db, *sessions, unit=IntakeUnit.COURSE)

    receipt = book(db, intake, builders.an_attendee(db))

    assert receipt.state == RegistrationState.CONFIRMED
    assert [when.position for when in receipt.sessions] == [1, 2, 3]
    assert [session.confirmed_count for session in sessions] == [1, 1, 1]


def test_a_choice_of_sessions_needs_one_to_be_chosen(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(days=day)) for day in range(2)]
    intake = builders.an_intake(db, *sessions, unit=IntakeUnit.CHOICE)
    attendee = builders.an_attendee(db)

    with pytest.raises(SessionNotChosen):
        book(db, intake, attendee)
    receipt = book(db, intake, attendee, session_id=sessions[1].id)

    assert [when.session_id for when in receipt.sessions] == [sessions[1].id]
    assert [session.confirmed_count for session in sessions] == [0, 1]


def test_a_session_of_another_intake_cannot_be_chosen(db):
    sessions = [builders.a_session(db, day=DAY + timedelta(days=day)) for day in range(2)]
    intake = builders.an_intake(db, sessions[0], unit=IntakeUnit.CHOICE)

    with pytest.raises(NotFound):
        book(db, intake, builders.an_attendee(db), session_id=sessions[1].id)


def test_before_a_draw_everybody_is_in_the_draw_whatever_the_seats(db):
    _, intake = a_place_to_book(db, seats=1, method=IntakeMethod.DRAW, result_notice_on=date(2026, 11, 28))

    receipts = [book(db, intake, builders.an_attendee(db, f"応募 {number}")) for number in range(3)]

    assert {receipt.state for receipt in receipts} == {RegistrationState.WAITING_DRAW}
    assert receipts[0].result_notice_on == date(2026, 11, 28)


def test_after_a_draw_a_free_seat_goes_to_the_next_caller(db):
    _, intake = a_place_to_book(db, method=IntakeMethod.DRAW, drawn_at=NOW)

    assert book(db, intake, builders.an_attendee(db)).state == RegistrationState.CONFIRMED


@pytest.mark.parametrize(("takes_seat", "expected"), [(False, 1), (True, 3)])
def test_companions_take_seats_only_if_the_workshop_says_so(db, takes_seat, expected):
    workshop = builders.a_workshop(db, companion_takes_seat=takes_seat)
    session = builders.a_session(db, day=DAY, workshop_id=workshop.id)
    intake = builders.an_intake(db, session)

    book(db, intake, builders.an_attendee(db), companions=2)

    assert session.confirmed_count == expected


def test_a_hundred_companions_are_refused(db):
    _, intake = a_place_to_book(db)

    with pytest.raises(InvalidValue) as refused:
        book(db, intake, builders.an_attendee(db), companions=100)

    assert refused.value.details["problem"] == "out_of_range"


def test_people_without_a_phone_of_their_own_are_counted_for_loan_phones(db):
    session, intake = a_place_to_book(db, seats=5)
    for number, kind in enumerate([PhoneKind.NONE, PhoneKind.FEATURE_PHONE, PhoneKind.ANDROID]):
        book(db, intake, builders.an_attendee(db, f"人 {number}", phone_kind=kind))
    book(db, intake, builders.an_attendee(db, "借りたい 人", phone_kind=PhoneKind.IPHONE), wants_device=True)

    assert session.people_without_phone == 3


def test_seats_lent_to_a_pack_are_not_given_away(db):
    session, intake = a_place_to_book(db, seats=2)
    session.lent_count = 2
    db.flush()

    assert book(db, intake, builders.an_attendee(db)).state == RegistrationState.WAITING


def test_seat_codes_are_six_digits_and_differ_within_a_session(db):
    session, intake = a_place_to_book(db, seats=20)
    for number in range(20):
        book(db, intake, builders.an_attendee(db, f"人 {number}"))

    from sqlmodel import select

    codes = db.exec(select(Seat.code).where(Seat.session_id == session.id)).all()
    assert len(set(codes)) == 20
    assert {len(code) for code in codes} == {6}


def test_too_early_says_when_applications_open(db):
    opens = NOW + timedelta(days=1)
    _, intake = a_place_to_book(db, opens_at=opens)

    with pytest.raises(IntakeNotOpen) as refused:
        book(db, intake, builders.an_attendee(db))

    assert refused.value.details["opens_at"] == opens


def test_after_the_deadline_the_refusal_names_it_and_a_reason_goes_past_it(db):
    deadline = NOW - timedelta(minutes=1)
    _, intake = a_place_to_book(db, deadline_at=deadline)
    attendee = builders.an_attendee(db)

    with pytest.raises(IntakeClosed) as refused:
        book(db, intake, attendee)
    receipt = book(db, intake, attendee, reason="前日に電話があったため")

    assert refused.value.details["deadline_at"] == deadline
    assert receipt.state == RegistrationState.CONFIRMED


def test_at_the_very_deadline_an_application_is_still_in_time(db):
    _, intake = a_place_to_book(db, deadline_at=NOW)

    assert book(db, intake, builders.an_attendee(db)).state == RegistrationState.CONFIRMED


def test_a_channel_opens_when_its_own_window_does(db):
    _, intake = a_place_to_book(db)
    db.add(ChannelWindow(intake_id=intake.id, channel=Channel.WEB, opens_at=NOW + timedelta(hours=1)))
    db.flush()

    with pytest.raises(IntakeNotOpen):
        book(db, intake, builders.an_attendee(db), channel=Channel.WEB)
    assert book(db, intake, builders.an_attendee(db)).state == RegistrationState.CONFIRMED


def test_a_way_that_the_workshop_does_not_offer_is_refused(db):
    _, intake = a_place_to_book(db, channels=["postcard"])

    with pytest.raises(ChannelNotOffered):
        book(db, intake, builders.an_attendee(db))


def test_a_draft_takes_no_applications(db):
    workshop = builders.a_workshop(db, state=ProgrammeState.DRAFT)
    session = builders.a_session(db, day=DAY, workshop_id=workshop.id)

    with pytest.raises(IntakeNotAnnounced):
        book(db, builders.an_intake(db, session), builders.an_attendee(db))


def test_a_workshop_of_the_past_takes_no_applications_whatever_the_reason(db):
    workshop = builders.a_workshop(db, state=ProgrammeState.REPORTED)
    session = builders.a_session(db, day=DAY, workshop_id=workshop.id)

    with pytest.raises(IntakeEnded):
        book(db, builders.an_intake(db, session), builders.an_attendee(db), reason="どうしても")


def test_a_cancelled_session_takes_no_applications(db):
    session = builders.a_session(db, day=DAY, state=ProgrammeState.CANCELLED)

    with pytest.raises(SessionStopped):
        book(db, builders.an_intake(db, session), builders.an_attendee(db))


def test_a_session_that_has_begun_takes_no_applications(db):
    session = builders.a_session(db, day=date(2026, 11, 21), start=time(11, 0))

    with pytest.raises(SessionBegun):
        book(db, builders.an_intake(db, session), builders.an_attendee(db))


def test_a_running_course_is_joined_only_with_a_reason_and_only_for_the_rest(db):
    begun = builders.a_session(db, day=date(2026, 11, 14))
    coming = builders.a_session(db, day=DAY)
    intake = builders.an_intake(db, begun, coming, unit=IntakeUnit.COURSE)
    attendee = builders.an_attendee(db)

    with pytest.raises(SessionBegun):
        book(db, intake, attendee)
    receipt = book(db, intake, attendee, reason="第2回からの参加を認めた")

    assert [when.session_id for when in receipt.sessions] == [coming.id]


def test_a_workshop_without_booking_says_that_people_just_come(db):
    _, intake = a_place_to_book(db, method=IntakeMethod.NO_BOOKING)

    with pytest.raises(NoBookingNeeded):
        book(db, intake, builders.an_attendee(db))


def test_a_person_of_another_city_does_not_exist_here(db):
    _, intake = a_place_to_book(db)

    with pytest.raises(NotFound):
        book(db, intake, builders.an_attendee(db, municipality_code="132136"))


def test_a_my_number_in_the_note_is_refused_and_never_repeated(db):
    _, intake = a_place_to_book(db)

    with pytest.raises(InvalidValue) as refused:
        book(db, intake, builders.an_attendee(db), note="番号は 1234 5678 9018 です")

    assert refused.value.details["problem"] == "my_number"
    assert "1234" not in str(refused.value.details)


def test_a_consultation_gives_the_first_free_time_or_the_one_asked_for(db):
    session, intake = a_place_to_book(db, unit=IntakeUnit.SLOTS)
    table = builders._saved(db, ConsultationTable(session_id=session.id, number=1))
    times = [session.starts_at, session.starts_at + timedelta(minutes=30)]
    for starts in times:
        slot = Slot(session_id=session.id, table_id=table.id, starts_at=starts, ends_at=starts + timedelta(minutes=30))
        builders._saved(db, slot)

    asked = book(db, intake, builders.an_attendee(db), slot_starts_at=times[1])
    with pytest.raises(SlotTaken):
        book(db, intake, builders.an_attendee(db, "別の 人"), slot_starts_at=times[1])

    assert asked.slot_starts_at == times[1]


def test_what_a_seat_takes_away_the_session_counts(db):
    session, intake = a_place_to_book(db, seats=3)
    receipt = book(db, intake, builders.an_attendee(db))

    cancel_registration(db, registration_id=receipt.registration_id, reason="都合", now=NOW, by="佐藤")

    assert db.get(WorkshopSession, session.id).confirmed_count == 0
    assert db.get(Registration, receipt.registration_id).state == RegistrationState.CANCELLED_BY_PERSON
