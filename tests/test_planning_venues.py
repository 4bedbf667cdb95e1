"""Venues and rooms: adding, changing, retiring."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from events.errors import InvalidValue, NotFound
from events.models import Room, Venue, WorkshopSession
from events.planning.errors import NameTaken, RoomLimitBelowSeats, VenueInUse
from events.venues import RoomDraft, VenueDraft, add_venue, edit_venue, retire_venue, return_venue
from tests.builders import CITY, a_municipality, a_room, a_session, a_venue

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
MONDAYS = {"closed_weekdays": [0], "opens": "09:00", "closes": "21:30"}


def add(db, **values):
    a_municipality(db)
    return add_venue(db, municipality_code=CITY, draft=VenueDraft(**values), now=NOW, by="山田")


def test_a_venue_is_added_with_its_rooms_and_opening_rule(db: Session) -> None:
    rooms = (RoomDraft("講座室", 24), RoomDraft("ホール"))
    receipt = add(db, name="中央公民館", has_wifi=True, rooms=rooms, opening_rule=MONDAYS)
    venue = db.get_one(Venue, receipt.venue_id)
    assert (venue.has_wifi, len(receipt.room_ids), venue.opening_rule["closes"]) == (True, 2, "21:30")
    assert venue.opening_rule["on_holiday"] == "next"


def test_a_second_venue_of_the_same_name_is_refused(db: Session) -> None:
    add(db, name="中央公民館")
    with pytest.raises(NameTaken):
        add(db, name="中央公民館 ")


@pytest.mark.parametrize(
    "rule",
    [{"closed_weekdays": 7}, {"nonsense": 1}, {"on_holiday": "sometimes"}, {"opens": "25:00", "closes": "26:00"}],
)
def test_an_opening_rule_that_cannot_be_read_is_refused(db: Session, rule) -> None:
    with pytest.raises(InvalidValue):
        add(db, name="中央公民館", opening_rule=rule)


def test_a_hall_cannot_close_before_it_opens(db: Session) -> None:
    with pytest.raises(InvalidValue) as refused:
        add(db, name="中央公民館", opening_rule={"opens": "17:00", "closes": "09:00"})
    assert refused.value.details["problem"] == "ends_before_start"


def test_a_room_cannot_become_smaller_than_what_is_planned_in_it(db: Session) -> None:
    room = a_room(db, people_limit=30)
    a_session(db, day=date(2026, 12, 9), room_id=room.id, venue_id=room.venue_id, seats=20)
    draft = VenueDraft(name="公民館", rooms=(RoomDraft(room.name, 12, room_id=room.id),))
    with pytest.raises(RoomLimitBelowSeats) as refused:
        edit_venue(db, venue_id=room.venue_id, draft=draft, now=NOW, by="山田")
    assert refused.value.details == {"limit": 12, "seats": 20, "day": date(2026, 12, 9)}


def test_a_new_limit_of_a_room_reaches_its_coming_sessions(db: Session) -> None:
    room = a_room(db, people_limit=30)
    session = a_session(db, day=date(2026, 12, 9), room_id=room.id, venue_id=room.venue_id, room_limit=30)
    draft = VenueDraft(name="公民館", rooms=(RoomDraft("大会議室", 40, room_id=room.id),))
    edit_venue(db, venue_id=room.venue_id, draft=draft, now=NOW, by="山田")
    db.flush()
    assert (db.get_one(WorkshopSession, session.id).room_limit, db.get_one(Room, room.id).name) == (40, "大会議室")


def test_a_room_of_another_venue_does_not_exist(db: Session) -> None:
    room, venue = a_room(db), a_venue(db)
    draft = VenueDraft(name="公民館", rooms=(RoomDraft("部屋", room_id=room.id),))
    with pytest.raises(NotFound):
        edit_venue(db, venue_id=venue.id, draft=draft, now=NOW, by="山田")


def test_a_venue_with_coming_sessions_is_not_retired(db: Session) -> None:
    venue = a_venue(db)
    a_session(db, day=date(2026, 12, 9), venue_id=venue.id)
    with pytest.raises(VenueInUse) as refused:
        retire_venue(db, venue_id=venue.id, reason="建て替え", now=NOW, by="山田")
    assert refused.value.details["count"] == 1


def test_a_retired_venue_can_come_back(db: Session) -> None:
    venue = a_venue(db)
    retire_venue(db, venue_id=venue.id, reason="建て替え", now=NOW, by="山田")
    assert venue.retired_on == date(2026, 11, 21)
    return_venue(db, venue_id=venue.id, reason="工事が終わった", now=NOW, by="山田")
    assert venue.retired_on is None
