"""Planning a workshop from a kind, publishing it and changing it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from events.errors import Conflict, InvalidValue, NotFound
from events.japan.clock import at_tokyo
from events.models import Intake, IntakeSession, Notice, Slot, Workshop, WorkshopSession
from events.planning.drafts import SessionDraft, SessionEdit, WorkshopDraft, WorkshopEdit
from events.planning.editing import add_sessions, edit_session, edit_workshop
from events.planning.errors import (
    DayIsPast,
    NothingToPublish,
    ReadOnlyWorkshop,
    RoomTaken,
    RoomTakenHere,
    SeatsBelowTaken,
    VenueClosed,
    WrongState,
)
from events.planning.publishing import publish_workshop, withdraw_workshop
from events.planning.workshops import create_workshop
from events.states import IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind
from tests.builders import CITY, a_municipality, a_room, a_seat, a_session, a_venue, an_intake

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 12, 9)
MY_NUMBER = "１２３４ 5678-9018"


def plan(db, *, kind=WorkshopKind.TRIAL, title="はじめてのスマホ", sessions=None, **values):
    a_municipality(db)
    return create_workshop(
        db,
        municipality_code=CITY,
        draft=WorkshopDraft(kind=kind, title=title, **values),
        sessions=sessions or (SessionDraft(WEDNESDAY, time(13, 30), place_text="市役所1階"),),
        now=NOW,
        by="山田",
    )


def test_a_kind_fills_in_everything_but_title_day_and_start(db: Session) -> None:
    receipt = plan(db)
    session = db.get_one(WorkshopSession, receipt.session_ids[0])
    assert (session.seats, session.devices, session.ends_at - session.starts_at) == (10, 10, timedelta(hours=2))
    assert session.meeting_at == session.starts_at - timedelta(minutes=30)
    assert db.get_one(Intake, receipt.intake_ids[0]).channels == ["telephone", "counter"]


def test_a_trial_has_an_intake_for_each_session(db: Session) -> None:
    drafts = tuple(SessionDraft(WEDNESDAY + timedelta(weeks=n), time(10)) for n in range(3))
    assert len(plan(db, sessions=drafts).intake_ids) == 3


def test_a_class_of_several_sessions_is_one_course_with_a_draw(db: Session) -> None:
    drafts = tuple(SessionDraft(WEDNESDAY + timedelta(weeks=n), time(10)) for n in range(3))
    receipt = plan(db, kind=WorkshopKind.CLASS, sessions=drafts)
    [intake] = db.exec(select(Intake).where(Intake.workshop_id == receipt.workshop_id)).all()
    links = db.exec(select(IntakeSession).where(IntakeSession.intake_id == intake.id)).all()
    assert (intake.unit, intake.method, len(links)) == (IntakeUnit.COURSE, IntakeMethod.DRAW, 3)


def test_a_consultation_has_as_many_times_as_seats(db: Session) -> None:
    draft = SessionDraft(WEDNESDAY, time(13), seats=8)
    receipt = plan(db, kind=WorkshopKind.CONSULTATION, sessions=(draft,))
    slots = db.exec(select(Slot).where(Slot.session_id == receipt.session_ids[0])).all()
    assert len(slots) == 8


def test_a_class_that_is_planned_late_gets_a_later_deadline(db: Session) -> None:
    receipt = plan(db, kind=WorkshopKind.CLASS, sessions=(SessionDraft(date(2026, 11, 30), time(14)),))
    assert db.get_one(Intake, receipt.intake_ids[0]).deadline_at == at_tokyo(date(2026, 11, 23), time(17))


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (SessionDraft(WEDNESDAY, time(10), seats=0), "out_of_range"),
        (SessionDraft(WEDNESDAY, time(10), seats=10_000), "out_of_range"),
        (SessionDraft(WEDNESDAY, time(10), time(9)), "ends_before_start"),
        (SessionDraft(WEDNESDAY, time(10), time(10)), "ends_before_start"),
        (SessionDraft(WEDNESDAY, time(23)), "too_late"),
        (SessionDraft(date(2062, 12, 9), time(10)), "far_date"),
        (SessionDraft(date(1926, 12, 9), time(10)), "far_date"),
        (SessionDraft(WEDNESDAY, time(10), devices=-1), "out_of_range"),
        (SessionDraft(WEDNESDAY, time(10), note="番号は" + MY_NUMBER), "my_number"),
        (SessionDraft(WEDNESDAY, time(10), place_text="あ\x00い"), "control_characters"),
    ],
)
def test_a_session_that_cannot_be_is_refused_with_what_is_wrong(db: Session, draft, problem) -> None:
    with pytest.raises(InvalidValue) as refused:
        plan(db, sessions=(draft,))
    assert refused.value.details["problem"] == problem


@pytest.mark.parametrize(
    ("title", "problem"),
    [("", "required"), ("あ" * 300, "too_long"), (MY_NUMBER, "my_number"), ("\x07", "control_characters")],
)
def test_a_title_that_cannot_be_is_refused_with_what_is_wrong(db: Session, title, problem) -> None:
    with pytest.raises(InvalidValue) as refused:
        plan(db, title=title)
    assert refused.value.details["problem"] == problem


def test_a_refused_my_number_is_never_repeated(db: Session) -> None:
    with pytest.raises(InvalidValue) as refused:
        plan(db, summary=MY_NUMBER)
    assert "5678" not in str(refused.value)


def test_emoji_and_rare_characters_stay_as_they_were_typed(db: Session) -> None:
    receipt = plan(db, title="𠮷田さんの📱教室")
    assert db.get_one(Workshop, receipt.workshop_id).title == "𠮷田さんの📱教室"


def test_an_unknown_municipality_is_refused(db: Session) -> None:
    draft = WorkshopDraft(kind=WorkshopKind.TRIAL, title="体験会")
    with pytest.raises(NotFound):
        create_workshop(db, municipality_code="999999", draft=draft, sessions=(), now=NOW, by="山田")


def test_a_workshop_without_a_session_is_refused(db: Session) -> None:
    a_municipality(db)
    draft = WorkshopDraft(kind=WorkshopKind.TRIAL, title="体験会")
    with pytest.raises(InvalidValue):
        create_workshop(db, municipality_code=CITY, draft=draft, sessions=(), now=NOW, by="山田")


def test_a_venue_of_another_municipality_does_not_exist(db: Session) -> None:
    other = a_venue(db, municipality_code="132110")
    with pytest.raises(NotFound):
        plan(db, sessions=(SessionDraft(WEDNESDAY, time(10), venue_id=other.id),))


def test_seats_beyond_the_limit_of_the_room_are_refused(db: Session) -> None:
    room = a_room(db, people_limit=12)
    with pytest.raises(InvalidValue) as refused:
        plan(db, sessions=(SessionDraft(WEDNESDAY, time(10), room_id=room.id, seats=13),))
    assert (refused.value.details["problem"], refused.value.details["limit"]) == ("more_than_room", 12)


def test_the_usual_seats_shrink_to_a_small_room(db: Session) -> None:
    room = a_room(db, people_limit=6)
    receipt = plan(db, sessions=(SessionDraft(WEDNESDAY, time(10), room_id=room.id),))
    assert db.get_one(WorkshopSession, receipt.session_ids[0]).seats == 6


def test_a_taken_room_is_refused_with_the_session_that_is_there(db: Session) -> None:
    room = a_room(db)
    a_session(db, day=WEDNESDAY, start=time(14), room_id=room.id, venue_id=room.venue_id)
    with pytest.raises(RoomTaken) as refused:
        plan(db, sessions=(SessionDraft(WEDNESDAY, time(13), time(15), room_id=room.id),))
    assert (refused.value.details["other"], refused.value.details["from_time"]) == ("はじめてのスマホ", "14:00")


def test_a_taken_room_is_shared_when_a_reason_is_given(db: Session) -> None:
    room = a_room(db)
    a_session(db, day=WEDNESDAY, start=time(14), room_id=room.id, venue_id=room.venue_id)
    draft = SessionDraft(WEDNESDAY, time(13), time(15), room_id=room.id, override_reason="合同で行う")
    receipt = plan(db, sessions=(draft,))
    assert "合同で行う" in db.get_one(WorkshopSession, receipt.session_ids[0]).note


def test_a_room_is_free_again_at_the_minute_the_other_session_ends(db: Session) -> None:
    room = a_room(db)
    a_session(db, day=WEDNESDAY, start=time(10), minutes=120, room_id=room.id, venue_id=room.venue_id)
    assert plan(db, sessions=(SessionDraft(WEDNESDAY, time(12), room_id=room.id),)).cautions == ()


def test_a_cancelled_session_leaves_its_room_free(db: Session) -> None:
    room = a_room(db)
    a_session(db, day=WEDNESDAY, start=time(10), room_id=room.id, state=ProgrammeState.CANCELLED)
    assert plan(db, sessions=(SessionDraft(WEDNESDAY, time(10), room_id=room.id),)).cautions == ()


def test_two_sessions_of_one_plan_cannot_share_a_room(db: Session) -> None:
    room = a_room(db)
    twice = (SessionDraft(WEDNESDAY, time(10), room_id=room.id),) * 2
    with pytest.raises(RoomTakenHere):
        plan(db, sessions=twice)


def test_a_closing_day_must_be_confirmed(db: Session) -> None:
    venue = a_venue(db, opening_rule={"closed_weekdays": [0]})
    monday = date(2026, 12, 7)
    with pytest.raises(VenueClosed):
        plan(db, sessions=(SessionDraft(monday, time(10), venue_id=venue.id),))
    receipt = plan(db, sessions=(SessionDraft(monday, time(10), venue_id=venue.id, confirmed=True),))
    assert [caution.code for caution in receipt.cautions] == ["venue_closed"]


def test_a_past_day_must_be_confirmed(db: Session) -> None:
    with pytest.raises(DayIsPast):
        plan(db, sessions=(SessionDraft(date(2026, 11, 18), time(10)),))


def test_a_published_workshop_is_open_at_once_and_its_sessions_are_numbered(db: Session) -> None:
    drafts = tuple(SessionDraft(WEDNESDAY + timedelta(weeks=n), time(10), place_text="市役所") for n in range(2))
    receipt = plan(db, sessions=drafts)
    published = publish_workshop(db, workshop_id=receipt.workshop_id, version=1, now=NOW, by="山田")
    rows = [db.get_one(WorkshopSession, session_id) for session_id in published.session_ids]
    assert published.state is ProgrammeState.OPEN
    assert [row.open_data_number for row in rows] == ["0000000001", "0000000002"]


def test_a_workshop_whose_intake_opens_later_is_announced(db: Session) -> None:
    receipt = plan(
        db, opens_at=NOW + timedelta(days=3), sessions=(SessionDraft(WEDNESDAY, time(10), place_text="市役所"),)
    )
    published = publish_workshop(db, workshop_id=receipt.workshop_id, version=1, now=NOW, by="山田")
    assert published.state is ProgrammeState.ANNOUNCED


def test_a_session_without_a_place_cannot_be_published(db: Session) -> None:
    receipt = plan(db, sessions=(SessionDraft(WEDNESDAY, time(10)),))
    with pytest.raises(NothingToPublish):
        publish_workshop(db, workshop_id=receipt.workshop_id, version=1, now=NOW, by="山田")


def test_a_published_workshop_can_be_withdrawn_until_somebody_applies(db: Session) -> None:
    receipt = plan(db)
    publish_workshop(db, workshop_id=receipt.workshop_id, version=1, now=NOW, by="山田")
    back = withdraw_workshop(db, workshop_id=receipt.workshop_id, version=2, reason="日程を見直す", now=NOW, by="山田")
    assert back.state is ProgrammeState.DRAFT
    publish_workshop(db, workshop_id=receipt.workshop_id, version=3, now=NOW, by="山田")
    session = db.get_one(WorkshopSession, receipt.session_ids[0])
    a_seat(db, session, db.get_one(Intake, receipt.intake_ids[0]))
    with pytest.raises(WrongState):
        withdraw_workshop(db, workshop_id=receipt.workshop_id, version=4, reason="だめ", now=NOW, by="山田")


def test_a_new_title_raises_the_sequence_of_every_calendar_entry(db: Session) -> None:
    receipt = plan(db)
    edit_workshop(
        db, workshop_id=receipt.workshop_id, version=1, edit=WorkshopEdit(title="新しい題"), now=NOW, by="山田"
    )
    assert db.get_one(WorkshopSession, receipt.session_ids[0]).calendar_sequence == 1


def test_whoever_saw_an_older_version_is_told_so(db: Session) -> None:
    receipt = plan(db)
    edit_workshop(db, workshop_id=receipt.workshop_id, version=1, edit=WorkshopEdit(fee=100), now=NOW, by="山田")
    with pytest.raises(Conflict):
        edit_workshop(db, workshop_id=receipt.workshop_id, version=1, edit=WorkshopEdit(fee=200), now=NOW, by="佐藤")


def test_a_workshop_of_the_past_cannot_be_changed(db: Session) -> None:
    receipt = plan(db)
    db.get_one(Workshop, receipt.workshop_id).read_only = True
    with pytest.raises(ReadOnlyWorkshop):
        edit_workshop(db, workshop_id=receipt.workshop_id, version=1, edit=WorkshopEdit(fee=100), now=NOW, by="山田")
    with pytest.raises(ReadOnlyWorkshop):
        edit_session(db, session_id=receipt.session_ids[0], version=1, edit=SessionEdit(seats=5), now=NOW, by="山田")


def test_a_workshop_can_be_changed_until_the_books_of_its_year_are_closed(db: Session) -> None:
    receipt = plan(db)
    change = {"workshop_id": receipt.workshop_id, "edit": WorkshopEdit(cost=5000), "by": "山田"}
    edit_workshop(db, version=1, now=datetime(2027, 5, 31, 12, tzinfo=UTC), **change)
    with pytest.raises(ReadOnlyWorkshop):
        edit_workshop(db, version=2, now=datetime(2027, 5, 31, 15, tzinfo=UTC), **change)


def test_a_moved_session_keeps_its_length_raises_its_sequence_and_tells_its_people(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, start=time(13, 30), minutes=90)
    a_seat(db, session, an_intake(db, session))
    receipt = edit_session(
        db, session_id=session.id, version=1, edit=SessionEdit(starts=time(10)), now=NOW, by="山田", reason="会場の都合"
    )
    assert session.ends_at == at_tokyo(WEDNESDAY, time(11, 30))
    assert (session.calendar_sequence, session.version, receipt.told) == (1, 2, 1)
    assert db.exec(select(Notice.kind)).all() == ["session_moved"]


def test_a_session_moved_twice_tells_its_people_once(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    a_seat(db, session, an_intake(db, session))
    for version, start in ((1, time(10)), (2, time(11))):
        edit = SessionEdit(starts=start)
        edit_session(db, session_id=session.id, version=version, edit=edit, now=NOW, by="山田", reason="会場の都合")
    pending = db.exec(select(Notice).where(Notice.state == "pending")).all()
    assert len(pending) == 1


def test_people_are_not_moved_without_a_reason(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    a_seat(db, session, an_intake(db, session))
    with pytest.raises(InvalidValue) as refused:
        edit_session(db, session_id=session.id, version=1, edit=SessionEdit(starts=time(10)), now=NOW, by="山田")
    assert refused.value.details["field"] == "reason"


def test_a_note_alone_changes_no_calendar(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY)
    edit_session(db, session_id=session.id, version=1, edit=SessionEdit(note="鍵は事務室"), now=NOW, by="山田")
    assert (session.calendar_sequence, session.note) == (0, "鍵は事務室")


def test_seats_cannot_go_below_the_people_who_have_one(db: Session) -> None:
    session = a_session(db, day=WEDNESDAY, seats=10)
    intake = an_intake(db, session)
    for _ in range(3):
        a_seat(db, session, intake)
    session.lent_count = 2
    db.flush()
    with pytest.raises(SeatsBelowTaken) as refused:
        edit_session(db, session_id=session.id, version=1, edit=SessionEdit(seats=4), now=NOW, by="山田")
    assert refused.value.details == {"seats": 4, "taken": 5}


def test_a_new_venue_without_a_room_has_no_room(db: Session) -> None:
    room = a_room(db)
    session = a_session(db, day=WEDNESDAY, room_id=room.id, venue_id=room.venue_id, room_limit=30)
    other = a_venue(db)
    edit_session(db, session_id=session.id, version=1, edit=SessionEdit(venue_id=other.id), now=NOW, by="山田")
    assert (session.venue_id, session.room_id, session.room_limit) == (other.id, None, None)


def test_consultation_times_move_with_their_session(db: Session) -> None:
    receipt = plan(db, kind=WorkshopKind.CONSULTATION, sessions=(SessionDraft(WEDNESDAY, time(13), seats=8),))
    edit_session(
        db, session_id=receipt.session_ids[0], version=1, edit=SessionEdit(starts=time(13, 30)), now=NOW, by="山田"
    )
    first = min(slot.starts_at for slot in db.exec(select(Slot)))
    assert first == at_tokyo(WEDNESDAY, time(13, 30))


def test_a_session_added_to_a_course_belongs_to_its_intake(db: Session) -> None:
    drafts = tuple(SessionDraft(WEDNESDAY + timedelta(weeks=n), time(10)) for n in range(2))
    receipt = plan(db, kind=WorkshopKind.CLASS, sessions=drafts)
    more = (SessionDraft(WEDNESDAY + timedelta(weeks=2), time(10)),)
    after = add_sessions(db, workshop_id=receipt.workshop_id, version=1, sessions=more, now=NOW, by="山田")
    assert (len(after.session_ids), after.intake_ids) == (3, receipt.intake_ids)


def test_the_fiscal_year_is_that_of_the_first_session(db: Session) -> None:
    receipt = plan(db, sessions=(SessionDraft(date(2027, 4, 1), time(10)), SessionDraft(date(2027, 3, 31), time(10))))
    assert db.get_one(Workshop, receipt.workshop_id).fiscal_year == 2026


def test_a_deadline_after_the_first_session_is_refused_when_planning_and_when_editing(db: Session) -> None:
    late = at_tokyo(WEDNESDAY, time(23))
    with pytest.raises(InvalidValue) as refused:
        plan(db, deadline_at=late)
    assert refused.value.details["problem"] == "after_session"

    receipt = plan(db)
    with pytest.raises(InvalidValue):
        edit_workshop(
            db, workshop_id=receipt.workshop_id, version=1, edit=WorkshopEdit(deadline_at=late), now=NOW, by="山田"
        )
