"""What staff are told before saving, and about a session as it stands."""

from datetime import UTC, date, datetime, time

from sqlmodel import Session

from events.cautions import cautions_of
from events.planning.clashes import check_sessions
from events.planning.drafts import SessionDraft
from events.states import PhoneKind, WorkshopKind
from tests.builders import CITY, a_room, a_seat, a_session, a_venue, a_workshop, an_attendee, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 12, 9)


def check(db, *drafts):
    return check_sessions(db, municipality_code=CITY, kind=WorkshopKind.TRIAL, drafts=drafts, now=NOW)


def codes(cautions):
    return [caution.code for caution in cautions]


def with_people(db, session, *people):
    intake = an_intake(db, session)
    for number, values in enumerate(people):
        a_seat(db, session, intake, an_attendee(db, f"参加者 {number}", **values))


def test_a_clash_names_the_room_the_time_and_the_other_session(db: Session) -> None:
    room = a_room(db, name="第1会議室")
    a_session(db, day=WEDNESDAY, start=time(14), room_id=room.id, workshop_id=a_workshop(db, title="健康教室").id)
    [clash] = check(db, SessionDraft(WEDNESDAY, time(13), time(15), room_id=room.id))
    values = dict(clash.values)
    assert (clash.code, clash.level) == ("room_taken", "block")
    assert (values["room"], values["other"], values["from_time"], values["to_time"]) == (
        "第1会議室", "健康教室", "14:00", "16:00"
    )  # fmt: skip


def test_a_holiday_is_named(db: Session) -> None:
    [holiday] = check(db, SessionDraft(date(2027, 1, 11), time(10)))
    assert (holiday.code, holiday.level, dict(holiday.values)["holiday"]) == ("holiday", "note", "成人の日")


def test_a_closing_day_says_why_the_hall_is_closed(db: Session) -> None:
    venue = a_venue(db, opening_rule={"closed_weekdays": [0]})
    [closed] = check(db, SessionDraft(date(2027, 1, 12), time(10), venue_id=venue.id))
    assert (closed.code, dict(closed.values)["why"]) == ("venue_closed", "after_holiday")


def test_a_time_outside_opening_hours_is_told_with_the_hours(db: Session) -> None:
    venue = a_venue(db, opening_rule={"opens": "09:00", "closes": "17:00"})
    [outside] = check(db, SessionDraft(WEDNESDAY, time(16), time(18), venue_id=venue.id))
    assert (outside.code, dict(outside.values)["closes"]) == ("outside_opening_hours", "17:00")


def test_several_drafts_are_told_apart_by_their_position(db: Session) -> None:
    venue = a_venue(db, opening_rule={"closed_weekdays": [0]})
    days = (date(2026, 12, 8), date(2026, 12, 7))
    [closed] = check(db, *(SessionDraft(day, time(10), venue_id=venue.id) for day in days))
    assert closed.position == 1


def test_a_quiet_day_has_no_caution(db: Session) -> None:
    room = a_room(db)
    assert check(db, SessionDraft(WEDNESDAY, time(10), room_id=room.id)) == ()


def test_a_wheelchair_needs_a_ramp(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, venue_id=a_venue(db, has_ramp=False).id)
    with_people(db, session, {"needs": ["wheelchair"]})
    assert codes(cautions_of(db, session_id=session.id, now=NOW)) == ["no_ramp"]


def test_a_venue_whose_ramp_nobody_knows_is_to_be_asked(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    with_people(db, session, {"needs": ["wheelchair"]})
    assert codes(cautions_of(db, session_id=session.id, now=NOW)) == ["ramp_unknown"]


def test_an_online_topic_needs_wifi(db: Session) -> None:
    workshop = a_workshop(db, needs_network=True)
    venue = a_venue(db, has_wifi=False)
    session = a_session(db, day=WEDNESDAY, workshop_id=workshop.id, venue_id=venue.id)
    assert codes(cautions_of(db, session_id=session.id, now=NOW)) == ["no_wifi"]


def test_wifi_for_fewer_than_the_seats_is_told(db: Session) -> None:
    workshop = a_workshop(db, needs_network=True)
    venue = a_venue(db, has_wifi=True, wifi_limit=5)
    session = a_session(db, day=WEDNESDAY, workshop_id=workshop.id, venue_id=venue.id)
    assert codes(cautions_of(db, session_id=session.id, now=NOW)) == ["wifi_too_small"]


def test_iphone_and_android_in_one_class_are_told_with_their_numbers(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    with_people(
        db,
        session,
        {"phone_kind": PhoneKind.IPHONE},
        {"phone_kind": PhoneKind.ANDROID},
        {"phone_kind": PhoneKind.ANDROID},
    )
    [mixed] = cautions_of(db, session_id=session.id, now=NOW)
    assert (mixed.code, dict(mixed.values)) == ("mixed_phones", {"iphones": 1, "androids": 2})


def test_a_class_for_iphones_names_who_brings_another_telephone(db: Session) -> None:
    workshop = a_workshop(db, phone_systems=["iphone"])
    session = a_session(db, day=WEDNESDAY, workshop_id=workshop.id)
    with_people(db, session, {"phone_kind": PhoneKind.IPHONE}, {"phone_kind": PhoneKind.ANDROID})
    [other] = cautions_of(db, session_id=session.id, now=NOW)
    assert (other.code, dict(other.values)["people"]) == ("other_phone", 1)


def test_fewer_loan_phones_than_people_without_one_are_told(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, devices=1, people_without_phone=3)
    [few] = cautions_of(db, session_id=session.id, now=NOW)
    assert (few.code, dict(few.values)) == ("few_devices", {"devices": 1, "people": 3})


def test_a_session_that_stands_alone_does_not_clash_with_itself(db: Session) -> None:
    room = a_room(db)
    session = a_session(db, day=WEDNESDAY, room_id=room.id, venue_id=room.venue_id)
    assert cautions_of(db, session_id=session.id, now=NOW) == ()
