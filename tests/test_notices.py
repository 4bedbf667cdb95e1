"""Who must be told what: one message a person with the last state, and nothing about what was taken back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from events.attendee_facts import AttendeeFacts, ContactFacts
from events.attendees import edit_attendee
from events.models import ContactPoint, Notice, Proxy, Registration
from events.notices.writing import MAIL_PAUSE, mark_told
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import cancel_session, postpone_session, reopen_session
from events.registration import register_attendee
from events.registration_changes import cancel_registration, move_registration, restore_registration
from events.registration_offers import accept_offer, decline_offer, expire_offers
from events.states import Channel, ContactKind, IntakeUnit, NoticeState
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DAY = date(2026, 12, 9)


@pytest.fixture
def session(db):
    return builders.a_session(db, day=DAY, seats=1)


@pytest.fixture
def intake(db, session):
    return builders.an_intake(db, session)


def a_person(db, name="高橋 花子", *contacts, **values):
    person = builders.an_attendee(db, name, **values)
    for kind, value in contacts:
        db.add(
            ContactPoint(
                municipality_code=builders.CITY, attendee_id=person.id, kind=kind, value=value, value_key=value
            )
        )
    db.flush()
    return person


def book(db, intake, person=None, channel=Channel.POSTCARD, **values):
    person = person or a_person(db)
    return register_attendee(
        db, intake_id=intake.id, attendee_id=person.id, channel=channel, now=NOW, by="佐藤", **values
    ).registration_id


def move_to(db, session, start, now=NOW):
    edit = SessionEdit(starts=start)
    return edit_session(
        db, session_id=session.id, version=session.version, edit=edit, now=now, by="佐藤", reason="会場の都合"
    )


def stop(db, session, now=NOW):
    return cancel_session(db, session_id=session.id, reason="台風", now=now, by="佐藤")


def go_on(db, session, now=LATER):
    return reopen_session(db, session_id=session.id, reason="天候の回復", now=now, by="佐藤")


def to_tell(db):
    """Kind and reason of what has not left."""
    query = select(Notice).where(Notice.state == NoticeState.PENDING)
    return sorted((notice.kind, notice.reason) for notice in db.exec(query))


def tell_everybody(db, now=NOW):
    for notice in db.exec(select(Notice).where(Notice.state == NoticeState.PENDING)).all():
        mark_told(db, notice, about=notice.about, kind=notice.kind, now=now, by="佐藤")


@pytest.mark.parametrize("channel", [Channel.POSTCARD, Channel.LETTER, Channel.FAX, Channel.CITY_FORM])
def test_whoever_wrote_is_told_the_result_and_whoever_called_heard_it(db, intake, channel):
    book(db, intake, a_person(db, "電話"), channel=Channel.TELEPHONE)
    book(db, intake, a_person(db, "書面"), channel=channel)

    assert to_tell(db) == [("waiting", "")]


def test_before_a_draw_there_is_nothing_to_tell(db, session):
    intake = builders.an_intake(db, session, method="draw")
    book(db, intake)

    assert to_tell(db) == []


def test_several_changes_before_anybody_was_told_are_one_message_with_the_last_state(db, session, intake):
    book(db, intake, channel=Channel.TELEPHONE)
    move_to(db, session, time(10))
    move_to(db, session, time(11))
    postpone_session(db, session_id=session.id, reason="講師の病気", now=NOW, by="佐藤")
    stop(db, session)

    assert to_tell(db) == [("session_cancelled", "台風")]


def test_a_change_that_was_taken_back_before_anybody_heard_of_it_is_told_to_nobody(db, session, intake):
    book(db, intake, channel=Channel.TELEPHONE)
    move_to(db, session, time(10))
    move_to(db, session, time(13, 30))
    stop(db, session)
    receipt = go_on(db, session)

    assert (to_tell(db), receipt.told) == ([], 0)


def test_what_has_left_is_corrected_by_a_notice_of_its_own(db, session, intake):
    book(db, intake, channel=Channel.TELEPHONE)
    stop(db, session)
    tell_everybody(db)
    receipt = go_on(db, session)

    assert (to_tell(db), receipt.told) == ([("session_reopened", "天候の回復")], 1)
    assert len(db.exec(select(Notice)).all()) == 2


def test_somebody_who_does_not_know_their_result_hears_it_with_the_new_day_in_one_message(db, session, intake):
    book(db, intake)
    move_to(db, session, time(10))

    assert to_tell(db) == [("confirmed", "")]


def test_what_changed_while_it_was_being_read_out_is_still_to_be_told(db, session, intake):
    book(db, intake, channel=Channel.TELEPHONE)
    move_to(db, session, time(10))
    notice = db.exec(select(Notice)).one()
    read = notice.about
    move_to(db, session, time(11))
    mark_told(db, notice, about=read, kind="session_moved", now=LATER, by="佐藤")

    states = sorted(each.state.value for each in db.exec(select(Notice)))
    assert states == ["done", "pending"]
    move_to(db, session, time(10))  # back to what was read out: nobody need be called again
    assert to_tell(db) == []


def test_a_person_who_cancelled_is_not_called_about_it_and_the_host_s_cancellation_is_told(db, intake):
    own = book(db, intake, a_person(db, "本人"), channel=Channel.TELEPHONE)
    cancel_registration(db, registration_id=own, reason="都合", now=NOW, by="佐藤")
    host = book(db, intake, a_person(db, "主催"), channel=Channel.TELEPHONE)
    cancel_registration(db, registration_id=host, reason="対象外", now=NOW, by="佐藤", by_host=True)

    assert to_tell(db) == [("cancelled", "対象外")]


def test_a_cancellation_taken_back_needs_no_call_when_the_seat_is_there_again(db, intake):
    booked = book(db, intake, channel=Channel.TELEPHONE)
    cancel_registration(db, registration_id=booked, reason="押し間違い", now=NOW, by="佐藤")
    restore_registration(db, registration_id=booked, now=LATER, by="佐藤")

    assert to_tell(db) == []


def test_an_offer_is_told_and_its_answer_closes_it(db, intake):
    seated = book(db, intake, a_person(db, "席"), channel=Channel.TELEPHONE)
    waiting = [book(db, intake, a_person(db, f"待ち {number}"), channel=Channel.TELEPHONE) for number in range(3)]
    cancel_registration(db, registration_id=seated, reason="都合", now=NOW, by="佐藤")
    assert to_tell(db) == [("seat_offer", "")]
    decline_offer(db, registration_id=waiting[0], now=NOW, by="佐藤")
    accept_offer(db, registration_id=waiting[1], now=NOW, by="佐藤")

    assert to_tell(db) == []


def test_an_offer_that_ran_out_is_told_too(db, intake):
    seated = book(db, intake, a_person(db, "席"), channel=Channel.TELEPHONE)
    book(db, intake, a_person(db, "待ち"), channel=Channel.TELEPHONE)
    cancel_registration(db, registration_id=seated, reason="都合", now=NOW, by="佐藤")
    expire_offers(db, municipality_code=builders.CITY, now=NOW + timedelta(days=5), by="supportapp")

    assert to_tell(db) == [("offer_expired", "")]


@pytest.mark.parametrize("told", [False, True])
def test_a_person_who_was_moved_is_told_unless_it_was_said_on_the_telephone(db, intake, told):
    booked = book(db, intake, channel=Channel.TELEPHONE)
    other = builders.a_session(db, day=DAY + timedelta(days=1))
    builders.an_intake(db, other)
    move_registration(
        db, registration_id=booked, session_id=other.id, reason="席の調整", now=NOW, by="佐藤", told=told
    )

    assert to_tell(db) == ([] if told else [("registration_moved", "席の調整")])


def test_one_cancelled_meeting_of_a_course_and_another_moved_are_one_message(db):
    first, second = (builders.a_session(db, day=DAY + timedelta(weeks=week)) for week in range(2))
    book(db, builders.an_intake(db, first, second, unit=IntakeUnit.COURSE), channel=Channel.TELEPHONE)
    stop(db, first)
    move_to(db, second, time(10))
    assert len(to_tell(db)) == 1
    go_on(db, first)
    move_to(db, second, time(13, 30))

    assert to_tell(db) == []


PHONE, MOBILE = (ContactKind.TELEPHONE, "042-000-0001"), (ContactKind.TELEPHONE, "090-0000-0001")
MAIL = (ContactKind.EMAIL, "hanako@example.jp")


@pytest.mark.parametrize(
    ("wanted", "contacts", "values", "way"),
    [
        ("", [PHONE], {}, "telephone"),
        ("email", [PHONE, MAIL], {}, "email"),
        ("email", [PHONE], {}, "telephone"),
        ("sms", [MOBILE], {}, "sms"),
        ("sms", [PHONE], {}, "telephone"),
        ("line", [PHONE], {}, "line"),
        ("post", [PHONE], {"address": "中央1-1"}, "post"),
        ("post", [PHONE], {"address": "中央1-1", "confidential": True}, "telephone"),
        ("post", [], {}, "telephone"),
        ("telephone", [MAIL], {}, "email"),
    ],
)
def test_the_way_is_the_one_a_person_prefers_as_far_as_it_reaches_them(db, intake, wanted, contacts, values, way):
    book(db, intake, a_person(db, "高橋 花子", *contacts, notice_by=wanted, **values))

    assert db.exec(select(Notice.way)).one() == way


def test_whoever_is_called_for_by_a_proxy_is_called_there(db, intake):
    person = a_person(db)
    who = {"name": "高橋 一郎", "relation": "息子", "telephone": "042-346-0009"}
    db.add(Proxy(attendee_id=person.id, contact_first=True, **who))
    db.flush()
    book(db, intake, person)

    assert db.exec(select(Notice.way)).one() == "telephone"


def test_whoever_prefers_mail_gets_what_was_said_on_the_telephone_in_writing(db, intake):
    book(db, intake, a_person(db, "高橋 花子", MAIL, notice_by="email"), channel=Channel.TELEPHONE)

    notice = db.exec(select(Notice)).one()
    assert (notice.kind, notice.way, notice.next_try_at) == ("confirmed", "email", NOW + MAIL_PAUSE)


def test_what_has_not_left_follows_a_person_to_their_new_way(db, intake):
    person = a_person(db)
    book(db, intake, person)
    mail = ContactFacts(ContactKind.EMAIL, "hanako@example.jp")
    facts = AttendeeFacts(name=person.name, notice_by="email", contacts=(mail,))
    edit_attendee(db, attendee_id=person.id, facts=facts, version=1, now=NOW)

    assert db.exec(select(Notice.way)).one() == "email"


def test_everybody_of_a_cancelled_session_is_to_be_told(db, session, intake):
    session.seats = 40
    db.flush()
    for number in range(30):
        book(db, intake, a_person(db, f"人 {number}"), channel=Channel.TELEPHONE)
    assert stop(db, session).told == 30
    assert len(db.exec(select(Registration).where(Registration.told_of == "")).all()) == 0
