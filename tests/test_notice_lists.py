"""The lists of whom to tell, what comes of a call, reminders, and the results of a draw."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from events.errors import Conflict, InvalidValue, NotFound
from events.japan.clock import at_tokyo
from events.models import CallAttempt, ContactPoint, Notice, Proxy, Registration
from events.notices.calling import Outcome, Said, change_way, next_try, record_call, take_back_told
from events.notices.queries import people_to_tell, told_about, ways_to_tell, who_is_concerned
from events.notices.reminders import make_reminders
from events.notices.results import NotDrawnYet, begin_telling, draws_to_tell
from events.planning.drafts import SessionEdit
from events.planning.editing import edit_session
from events.planning.stopping import cancel_session
from events.registration import register_attendee
from events.registration_changes import cancel_registration
from events.states import Channel, ContactKind, NoticeState, ProgrammeState, RegistrationState
from tests import builders

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday, ten in the morning in Tokyo
LATER = NOW + timedelta(hours=1)
DAY = date(2026, 12, 9)


def a_person(db, name="高橋 花子", telephone="042-346-0001", **values):
    person = builders.an_attendee(db, name, **values)
    db.add(
        ContactPoint(
            municipality_code=builders.CITY,
            attendee_id=person.id,
            kind=ContactKind.TELEPHONE,
            value=telephone,
            value_key=telephone,
            time_of_day="午前",
        )
    )
    db.flush()
    return person


def book(db, intake, person=None, channel=Channel.POSTCARD, now=NOW):
    person = person or a_person(db)
    return register_attendee(
        db, intake_id=intake.id, attendee_id=person.id, channel=channel, now=now, by="佐藤"
    ).registration_id


def to_tell(db, **values):
    return people_to_tell(db, municipality_code=builders.CITY, now=LATER, **values)


def call(db, person, outcome, now=LATER):
    said = [Said(item.notice_id, item.kind, item.about) for item in person.items]
    return record_call(db, attendee_id=person.attendee_id, said=said, outcome=outcome, now=now, by="佐藤")


def test_a_person_with_two_applications_is_called_once_and_hears_both(db):
    person = a_person(db)
    for week in range(2):
        book(db, builders.an_intake(db, builders.a_session(db, day=DAY + timedelta(weeks=week))), person)

    (found,) = to_tell(db)
    assert [item.kind for item in found.items] == ["confirmed", "confirmed"]
    assert (found.telephones, found.time_of_day) == (("(042)346-0001",), "午前")
    call(db, found, Outcome.REACHED)
    assert to_tell(db) == ()


def test_the_call_sheet_names_who_speaks_for_a_person(db):
    person = a_person(db)
    who = {"name": "高橋 一郎", "relation": "息子", "telephone": "042-346-0009"}
    db.add(Proxy(attendee_id=person.id, contact_first=True, **who))
    db.flush()
    book(db, builders.an_intake(db, builders.a_session(db, day=DAY)), person)

    (found,) = to_tell(db)
    assert (found.proxy, found.relation, found.telephones) == ("高橋 一郎", "息子", ("(042)346-0009",))


def test_nobody_there_keeps_the_person_on_the_list_with_a_count_and_a_time_to_try_again(db):
    book(db, builders.an_intake(db, builders.a_session(db, day=DAY)))
    done = call(db, to_tell(db)[0], Outcome.NO_ANSWER)
    done = call(db, to_tell(db)[0], Outcome.NO_ANSWER)

    (found,) = to_tell(db)
    assert (done.attempts, found.attempts, found.last_outcome) == (2, 2, "no_answer")
    assert (found.next_try_at, found.is_due(LATER)) == (LATER + timedelta(hours=2), False)
    assert len(db.exec(select(CallAttempt)).all()) == 2


@pytest.mark.parametrize(
    ("at", "again"),
    [
        ((20, 10, 0), (20, 12, 0)),
        ((20, 15, 30), (24, 9, 0)),  # Friday evening; Monday 23 is a holiday
        ((20, 7, 0), (20, 9, 0)),
        ((21, 10, 0), (24, 9, 0)),
    ],
)
def test_the_next_try_is_in_two_hours_of_office_time(at, again):
    def november(day, hour, minute):
        return at_tokyo(date(2026, 11, day), time(hour, minute))

    assert next_try(november(*at)) == november(*again)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome.ACCEPTED, RegistrationState.CONFIRMED), (Outcome.DECLINED, RegistrationState.DECLINED)],
)
def test_the_answer_to_an_offer_is_given_in_the_same_call(db, outcome, state):
    intake = builders.an_intake(db, builders.a_session(db, day=DAY, seats=1))
    seated = book(db, intake, a_person(db, "席"), Channel.TELEPHONE)
    waiting = [book(db, intake, a_person(db, f"待ち {number}"), Channel.TELEPHONE) for number in range(2)]
    cancel_registration(db, registration_id=seated, reason="都合", now=NOW, by="佐藤")

    (found,) = to_tell(db)
    assert found.items[0].can_answer
    done = call(db, found, outcome)

    assert db.get_one(Registration, waiting[0]).state is state
    assert [offer.registration_id for offer in done.offered] == (waiting[1:] if outcome is Outcome.DECLINED else [])
    assert len(to_tell(db)) == (outcome is Outcome.DECLINED)


def test_what_changed_during_the_call_stays_on_the_list(db):
    session = builders.a_session(db, day=DAY)
    book(db, builders.an_intake(db, session))
    (found,) = to_tell(db)
    edit = SessionEdit(starts=time(10))
    edit_session(db, session_id=session.id, version=1, edit=edit, now=LATER, by="佐藤", reason="会場")
    done = call(db, found, Outcome.REACHED)

    assert (done.told, done.changed, len(to_tell(db))) == (1, 1, 1)
    call(db, to_tell(db)[0], Outcome.REACHED)
    assert to_tell(db) == ()
    with pytest.raises(Conflict):
        call(db, found, Outcome.REACHED)


def test_a_call_to_somebody_else_is_refused(db):
    book(db, builders.an_intake(db, builders.a_session(db, day=DAY)))
    item = to_tell(db)[0].items[0]
    with pytest.raises(NotFound):
        record_call(
            db,
            attendee_id=a_person(db, "別の 人").id,
            said=[Said(item.notice_id, item.kind, item.about)],
            outcome=Outcome.REACHED,
            now=NOW,
            by="佐藤",
        )


def test_a_tick_set_by_mistake_is_taken_back_with_a_reason(db):
    session = builders.a_session(db, day=DAY)
    book(db, builders.an_intake(db, session))
    (found,) = to_tell(db)
    call(db, found, Outcome.REACHED)
    notice_id = found.items[0].notice_id
    with pytest.raises(InvalidValue):
        take_back_told(db, notice_id=notice_id, reason=" ", now=LATER, by="佐藤")
    take_back_told(db, notice_id=notice_id, reason="別の人でした", now=LATER, by="佐藤")

    assert [item.kind for item in to_tell(db)[0].items] == ["confirmed"]
    with pytest.raises(Conflict):
        take_back_told(db, notice_id=notice_id, reason="もう一度", now=LATER, by="佐藤")


def test_a_person_can_be_put_on_another_list(db):
    book(db, builders.an_intake(db, builders.a_session(db, day=DAY)))
    change_way(db, notice_id=to_tell(db)[0].items[0].notice_id, way="line", now=LATER)

    assert [(count.way, count.people) for count in ways_to_tell(db, municipality_code=builders.CITY, now=LATER)] == [
        ("line", 1)
    ]
    assert to_tell(db, way="telephone") == ()


def test_a_correction_names_what_was_told_before(db):
    session = builders.a_session(db, day=DAY)
    book(db, builders.an_intake(db, session))
    call(db, to_tell(db)[0], Outcome.REACHED)
    cancel_session(db, session_id=session.id, reason="台風", now=LATER, by="佐藤")

    item = to_tell(db)[0].items[0]
    assert (item.corrects, item.corrected_at, item.reason) == ("confirmed", LATER, "台風")
    assert [each.kind for each in told_about(db, session_id=session.id)] == ["session_cancelled", "confirmed"]


def test_before_a_change_staff_see_who_would_have_to_be_told_and_how(db):
    session = builders.a_session(db, day=DAY, seats=1)
    intake = builders.an_intake(db, session)
    book(db, intake, a_person(db, "電話 1"))
    book(db, intake, a_person(db, "電話 2"))
    book(db, intake, a_person(db, "手紙", notice_by="post", address="中央1-1"))

    found = who_is_concerned(db, session_id=session.id)
    assert (found.people, found.ways) == (3, (("telephone", 2), ("post", 1)))


# ── reminders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def remind(db, day, clock=time(9)):
    return make_reminders(db, municipality_code=builders.CITY, now=at_tokyo(day, clock))


def a_seated_person(db, **session_values):
    session = builders.a_session(db, day=DAY, **session_values)
    book(db, builders.an_intake(db, session), channel=Channel.TELEPHONE)
    return session


def kinds_to_tell(db):
    return sorted(db.exec(select(Notice.kind).where(Notice.state == NoticeState.PENDING)).all())


def test_people_are_reminded_three_days_and_one_day_before_and_never_twice(db):
    a_seated_person(db)
    made = [remind(db, DAY - timedelta(days=left)) for left in (5, 4, 3, 3, 2, 1, 1)]

    assert made == [0, 0, 1, 0, 0, 1, 0]
    assert kinds_to_tell(db) == ["reminder_1"]  # the later one took the place of the one nobody had time for


def test_no_reminder_at_night_and_none_for_whoever_booked_since(db):
    a_seated_person(db)
    assert remind(db, DAY - timedelta(days=3), time(7, 59)) == 0
    late = builders.a_session(db, day=DAY)
    since = at_tokyo(date(2026, 12, 6), time(9))
    book(db, builders.an_intake(db, late), a_person(db, "昨日"), Channel.TELEPHONE, since)
    assert remind(db, DAY - timedelta(days=2)) == 1
    assert remind(db, DAY - timedelta(days=1)) == 2


def test_a_cancelled_session_reminds_nobody_and_takes_its_reminders_along(db):
    session = a_seated_person(db)
    remind(db, DAY - timedelta(days=3))
    cancel_session(db, session_id=session.id, reason="台風", now=LATER, by="佐藤")

    assert kinds_to_tell(db) == ["session_cancelled"]
    assert remind(db, DAY - timedelta(days=1)) == 0


def test_whoever_cancelled_is_not_reminded(db):
    session = builders.a_session(db, day=DAY)
    booked = book(db, builders.an_intake(db, session), channel=Channel.TELEPHONE)
    remind(db, DAY - timedelta(days=3))
    cancel_registration(db, registration_id=booked, reason="都合", now=LATER, by="佐藤")

    assert kinds_to_tell(db) == []


def test_a_session_that_moved_after_its_reminder_reminds_again(db):
    session = a_seated_person(db)
    remind(db, DAY - timedelta(days=3))
    call(db, to_tell(db)[0], Outcome.REACHED)
    edit = SessionEdit(held_on=DAY + timedelta(days=1))
    edit_session(db, session_id=session.id, version=1, edit=edit, now=LATER, by="佐藤", reason="会場")
    call(db, to_tell(db)[0], Outcome.REACHED)

    assert remind(db, DAY - timedelta(days=2)) == 1


@pytest.mark.parametrize(("days", "made"), [([7], 1), ([], 0), ("x", 0)])
def test_the_city_says_how_many_days_before(db, days, made):
    builders.a_municipality(db, settings={"reminder_days": days})
    a_seated_person(db)

    assert remind(db, DAY - timedelta(days=7)) == made


def test_what_nobody_heard_before_the_session_was_over_leaves_the_lists(db):
    session = a_seated_person(db)
    remind(db, DAY - timedelta(days=1))
    assert len(to_tell(db)) == 1
    remind(db, session.held_on, time(14))

    assert to_tell(db) == ()


# ── results of a draw ──────────────────────────────────────────────────────────────────────────────────────────────


def test_results_are_told_when_staff_begin_and_from_then_the_draw_is_locked(db):
    session = builders.a_session(db, day=DAY, seats=1, state=ProgrammeState.DRAWN)
    intake = builders.an_intake(db, session, method="draw")
    ids = [book(db, intake, a_person(db, f"人 {number}")) for number in range(3)]
    with pytest.raises(NotDrawnYet):
        begin_telling(db, intake_id=intake.id, now=LATER, by="佐藤")
    intake.drawn_at = NOW
    states = (RegistrationState.LOST, RegistrationState.WAITING, RegistrationState.REFUSED)
    for number, (registration_id, state) in enumerate(zip(ids, states, strict=True)):
        registration = db.get_one(Registration, registration_id)
        registration.state, registration.queue_number = state, number
    db.flush()
    (draw,) = draws_to_tell(db, municipality_code=builders.CITY)
    assert (draw.people, to_tell(db)) == (3, ())

    assert begin_telling(db, intake_id=intake.id, now=LATER, by="佐藤") == 3
    assert kinds_to_tell(db) == ["lost", "refused", "waiting"]
    assert intake.locked_at == LATER
    for person in to_tell(db):
        call(db, person, Outcome.REACHED)
    assert begin_telling(db, intake_id=intake.id, now=LATER, by="佐藤") == 0
    assert draws_to_tell(db, municipality_code=builders.CITY) == ()
