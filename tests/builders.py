"""Rows for tests, each valid by itself; whatever a test is about is given by name."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from events.japan.clock import at_tokyo
from events.models import (
    Attendee,
    Intake,
    IntakeSession,
    Municipality,
    Registration,
    Room,
    Seat,
    Venue,
    Workshop,
    WorkshopSession,
)
from events.states import (
    Channel,
    IntakeMethod,
    ProgrammeState,
    RegistrationState,
    SeatState,
    WorkshopKind,
)
from volunteers.models import Membership, Volunteer
from volunteers.states import VolunteerKind, VolunteerState

NOW = datetime(2026, 11, 25, 4, 20, tzinfo=UTC)  # 13:20 in Tokyo, ten minutes before a session of the tests begins
TODAY = date(2026, 11, 25)
CITY = "132209"

_numbers = itertools.count(1)


def _saved(db: Session, row: Any) -> Any:
    db.add(row)
    db.flush()
    return row


def a_municipality(db: Session, code: str = CITY, **values: Any) -> Municipality:
    """The municipality with this code; made when it is not there."""
    found = db.get(Municipality, code)
    return found or _saved(db, Municipality(**{"code": code, "name": "東大和市", **values}))


def a_venue(db: Session, **values: Any) -> Venue:
    """A venue of the city."""
    code = a_municipality(db, values.pop("municipality_code", CITY)).code
    return _saved(db, Venue(**{"municipality_code": code, "name": f"中央公民館{next(_numbers)}", **values}))


def a_room(db: Session, **values: Any) -> Room:
    """A room for 30 people in a venue of its own unless one is given."""
    venue_id = values.pop("venue_id", None) or a_venue(db).id
    return _saved(db, Room(**{"venue_id": venue_id, "name": f"会議室{next(_numbers)}", "people_limit": 30, **values}))


def a_workshop(db: Session, **values: Any) -> Workshop:
    """An open trial workshop."""
    code = a_municipality(db, values.pop("municipality_code", CITY)).code
    usual = {
        "municipality_code": code,
        "kind": WorkshopKind.TRIAL,
        "state": ProgrammeState.OPEN,
        "title": "はじめてのスマホ",
        "fiscal_year": 2026,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return _saved(db, Workshop(**{**usual, **values}))


def a_session(
    db: Session, *, day: date = TODAY, start: time = time(13, 30), minutes: int = 120, **values: Any
) -> WorkshopSession:
    """An open session of ten seats on ``day`` from ``start`` (Tokyo); workshop and venue of its own unless given."""
    code = a_municipality(db, values.pop("municipality_code", CITY)).code
    starts_at = at_tokyo(day, start)
    usual = {
        "municipality_code": code,
        "state": ProgrammeState.OPEN,
        "held_on": day,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "seats": 10,
        "calendar_changed_at": NOW,
        **values,
    }
    if usual.get("workshop_id") is None:
        usual["workshop_id"] = a_workshop(db, municipality_code=code).id
    if "venue_id" not in usual:
        usual["venue_id"] = a_venue(db, municipality_code=code).id
    return _saved(db, WorkshopSession(**usual))


def an_intake(db: Session, session: WorkshopSession, *more: WorkshopSession, **values: Any) -> Intake:
    """A first-come intake of one session (and of ``more``)."""
    usual = {
        "municipality_code": session.municipality_code,
        "workshop_id": session.workshop_id,
        "method": IntakeMethod.FIRST_COME,
    }
    intake = _saved(db, Intake(**{**usual, **values}))
    for position, each in enumerate((session, *more), start=1):
        _saved(db, IntakeSession(intake_id=intake.id, session_id=each.id, position=position))
    return intake


def an_attendee(db: Session, name: str = "高橋 花子", kana: str = "タカハシ ハナコ", **values: Any) -> Attendee:
    """A person of the city, found by name and kana as they stand."""
    code = a_municipality(db, values.pop("municipality_code", CITY)).code
    usual = {
        "municipality_code": code,
        "name": name,
        "kana": kana,
        "name_key": name.replace(" ", ""),
        "kana_key": kana.replace(" ", ""),
        "created_at": NOW,
    }
    return _saved(db, Attendee(**{**usual, **values}))


def a_seat(
    db: Session,
    session: WorkshopSession,
    intake: Intake,
    attendee: Attendee | None = None,
    *,
    channel: Channel = Channel.TELEPHONE,
    **values: Any,
) -> Seat:
    """A confirmed registration with its seat; the session's counter is raised with it."""
    attendee = attendee or an_attendee(db, f"参加 {next(_numbers)}")
    registration = _saved(
        db,
        Registration(
            municipality_code=session.municipality_code,
            intake_id=intake.id,
            attendee_id=attendee.id,
            state=RegistrationState.CONFIRMED,
            number=intake.next_number,
            receipt_number=f"T{next(_numbers):06}",
            channel=channel,
            applied_on=TODAY,
            received_at=NOW,
            changed_at=NOW,
            companions=values.pop("companions", 0),
        ),
    )
    intake.next_number += 1
    usual = {
        "registration_id": registration.id,
        "session_id": session.id,
        "attendee_id": attendee.id,
        "state": SeatState.CONFIRMED,
        "code": f"{next(_numbers):06}",
        "given_at": NOW,
    }
    seat = _saved(db, Seat(**{**usual, **values}))
    if seat.state is SeatState.CONFIRMED:
        session.confirmed_count += seat.places
    elif seat.state is SeatState.OFFERED:
        session.offered_count += seat.places
    db.flush()
    return seat


def a_volunteer(db: Session, name: str = "山田 太郎", **values: Any) -> Volunteer:
    """An active supporter of the city."""
    code = a_municipality(db, values.pop("municipality_code", CITY)).code
    usual = {
        "name": name,
        "kana": "ヤマダ タロウ",
        "kind": VolunteerKind.TOKYO_SUPPORTER,
        "created_at": NOW,
    }
    volunteer = _saved(db, Volunteer(**{**usual, **values}))
    _saved(
        db,
        Membership(
            volunteer_id=volunteer.id, municipality_code=code, state=VolunteerState.ACTIVE, since=date(2026, 4, 1)
        ),
    )
    return volunteer
