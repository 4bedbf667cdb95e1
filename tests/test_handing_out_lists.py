"""Roster and attendance list as people receive them: read back with openpyxl, and written down before they leave."""

import hashlib
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlmodel import select

from events.attendance import check_in
from events.errors import InvalidValue, NotAllowed, NotFound
from events.fields import new_id
from events.states import AttendanceState, Channel
from events.walk_ins import walk_in
from supportapp.accounts_tables import AuditEntry, FileLeft
from supportapp.backend import Backend
from supportapp.files_left import files_left
from supportapp.handing_out import hand_out_attendance, hand_out_roster, hand_out_session_attendance
from supportapp.identity import Actor, Role
from tests.builders import (
    CITY,
    NOW,
    TODAY,
    a_municipality,
    a_room,
    a_seat,
    a_session,
    a_venue,
    a_workshop,
    an_attendee,
    an_intake,
)

STAFF = Actor(name="職員 一郎", role=Role.STAFF, municipality_code=CITY)
AT_THE_DESK = {"now": NOW, "by": "受付"}


@pytest.fixture
def backend(database):
    return Backend(database, clock=lambda: NOW)


@pytest.fixture
def session_id(database):
    """A session with three people on its list and one walk-in above the seats."""
    with database.writing() as db:
        workshop = a_workshop(db, title="=はじめてのスマホ")
        venue = a_venue(db, name="中央公民館")
        room = a_room(db, venue_id=venue.id, name="第1会議室")
        session = a_session(db, workshop_id=workshop.id, venue_id=venue.id, room_id=room.id, seats=3)
        intake = an_intake(db, session)
        people = [
            an_attendee(db, "髙﨑 邉𠮷子", "タカサキ ヨシコ", needs=["written_conversation", "wheelchair"]),
            an_attendee(db, "=1+1", "アイダ", age_band="70-74"),
            an_attendee(db, "林 次郎", "ハヤシ ジロウ", birth_date=date(1950, 1, 2)),
        ]
        seats = [
            a_seat(db, session, intake, people[0], companions=1),
            a_seat(db, session, intake, people[1], channel=Channel.POSTCARD),
            a_seat(db, session, intake, people[2]),
        ]
        check_in(db, session_id=session.id, seat_id=seats[0].id, tap_id=new_id(), **AT_THE_DESK)
        check_in(
            db,
            session_id=session.id,
            seat_id=seats[1].id,
            state=AttendanceState.ABSENT_NOTICE,
            tap_id=new_id(),
            **AT_THE_DESK,
        )
        walk_in(db, session_id=session.id, name="当日 花", reason="欠席の席を使う", tap_id=new_id(), **AT_THE_DESK)
        return session.id


def sheet(file, name):
    import openpyxl

    return [list(row) for row in openpyxl.load_workbook(BytesIO(file.content))[name].iter_rows(values_only=True)]


def test_the_roster_lists_people_in_kana_order_with_needs_as_words(backend, session_id):
    handed = hand_out_roster(backend, STAFF, session_id=session_id)

    assert [row[1:7] for row in sheet(handed.file, "名簿")[1:5]] == [
        ["=1+1", "アイダ", "欠席（連絡あり）", None, None, None],
        ["髙﨑 邉𠮷子", "タカサキ ヨシコ", "出席", None, "筆談・車椅子", "付添 1人"],
        ["林 次郎", "ハヤシ ジロウ", None, None, None, None],
        ["当日 花", None, "出席", None, None, None],
    ]


def test_the_roster_is_named_after_its_workshop_and_day(backend, session_id):
    handed = hand_out_roster(backend, STAFF, session_id=session_id)

    assert handed.file.name == "名簿_=はじめてのスマホ_令和8年11月25日.xlsx"


def test_the_attendance_list_says_who_came_when_and_how_they_had_applied(backend, session_id):
    handed = hand_out_session_attendance(backend, STAFF, session_id=session_id)

    header, *rows = sheet(handed.file, "出席")
    by_name = {row[header.index("氏名")]: dict(zip(header, row, strict=True)) for row in rows}
    assert header == [
        "回ID", "講座", "日付", "開始", "終了", "会場", "受付番号", "氏名", "カナ", "年代", "申込経路", "出欠",
        "受付時刻", "退出時刻", "当日参加", "備考",
    ]  # fmt: skip
    assert [by_name["=1+1"][each] for each in ("申込経路", "出欠", "年代")] == [
        "はがき",
        "欠席（連絡あり）",
        "70〜74歳",
    ]
    assert by_name["林 次郎"]["年代"] == "75〜79歳"
    assert by_name["髙﨑 邉𠮷子"]["受付時刻"].strftime("%H:%M") == "13:20"
    assert [by_name["当日 花"][each] for each in ("申込経路", "当日参加", "備考")] == [
        "当日",
        "当日参加",
        "定員を超えて受付（欠席の席を使う）",
    ]


def test_every_file_is_written_down_before_it_leaves(backend, database, session_id):
    handed = hand_out_roster(backend, STAFF, session_id=session_id)

    with database.reading() as db:
        left = db.exec(select(FileLeft)).one()
        entry = db.exec(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert (left.kind, left.session_id, left.lines, left.left_to) == ("roster", session_id, 4, "職員 一郎")
    assert left.sha256 == hashlib.sha256(handed.file.content).hexdigest()
    assert (entry.use_case, entry.actor) == ("supportapp.files_left.record_file_left", "職員 一郎")
    assert entry.rows[0]["table"] == "file_left"


def test_the_record_of_files_that_left_shows_the_newest_first(backend, session_id):
    hand_out_roster(backend, STAFF, session_id=session_id)
    hand_out_attendance(backend, STAFF, municipality_code=CITY, first=TODAY, last=TODAY)

    left = backend.read_now(STAFF, files_left, municipality_code=CITY)

    assert [(each.kind.value, each.lines) for each in left] == [("attendance", 4), ("roster", 4)]


def test_a_span_of_days_holds_its_own_sessions_only(backend, database, session_id):
    with database.writing() as db:
        other = a_session(db, day=TODAY + timedelta(days=7))
        a_seat(db, other, an_intake(db, other))

    handed = hand_out_attendance(backend, STAFF, municipality_code=CITY, first=TODAY - timedelta(days=7), last=TODAY)

    assert {row[0] for row in sheet(handed.file, "出席")[1:]} == {str(session_id)}


def test_a_span_that_ends_before_it_begins_is_refused(backend, session_id):
    with pytest.raises(InvalidValue):
        hand_out_attendance(backend, STAFF, municipality_code=CITY, first=TODAY, last=TODAY - timedelta(days=1))


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.VOLUNTEER, Role.ADMINISTRATOR])
def test_the_attendance_of_a_span_is_for_the_office_only(backend, session_id, role):
    actor = Actor(name="x", role=role, municipality_code=CITY, volunteer_id=new_id())

    with pytest.raises(NotAllowed):
        hand_out_attendance(backend, actor, municipality_code=CITY, first=TODAY, last=TODAY)


def test_staff_of_another_city_cannot_have_the_roster_and_nothing_is_logged(backend, database, session_id):
    with database.writing() as db:
        a_municipality(db, "132110", name="小平市")

    with pytest.raises(NotFound):
        hand_out_roster(backend, Actor(name="x", role=Role.STAFF, municipality_code="132110"), session_id=session_id)

    with database.reading() as db:
        assert db.exec(select(FileLeft)).all() == []


def test_a_session_without_people_gives_a_roster_with_lines_for_walk_ins(backend, database):
    with database.writing() as db:
        session_id = a_session(db).id

    handed = hand_out_roster(backend, STAFF, session_id=session_id)

    assert (handed.lines, [row[0] for row in sheet(handed.file, "名簿")[1:]]) == (0, [1, 2, 3, 4, 5])
