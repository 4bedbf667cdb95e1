"""Papers of a session and certificates as they leave: whose data stands on them, whose does not, what is logged."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from events.attendance import check_in
from events.errors import InvalidValue, NotAllowed, NotFound
from events.fields import new_id
from events.models import Attendance, ContactPoint, Registration
from events.notices.writing import tell
from events.states import AttendanceState, ContactKind, RegistrationState
from supportapp.backend import Backend
from supportapp.files_left import LeavingKind, files_left
from supportapp.handing_out_calls import hand_out_call_sheet
from supportapp.handing_out_certificates import hand_out_activity, hand_out_completions
from supportapp.handing_out_hall import HALL_PAPERS, hand_out_hall_paper
from supportapp.handing_out_tickets import hand_out_confirmation, hand_out_tickets
from supportapp.identity import Actor, Role
from tests.builders import (
    CITY,
    NOW,
    TODAY,
    a_municipality,
    a_seat,
    a_session,
    a_volunteer,
    a_workshop,
    an_attendee,
    an_intake,
)
from tests.reading_paper import code_on, poppler, text_of
from volunteers.models import Assignment
from volunteers.states import AssignmentRole, AssignmentState

STAFF = Actor(name="職員 一郎", role=Role.STAFF, municipality_code=CITY)
DESK = Actor(name="受付", role=Role.RECEPTION, municipality_code=CITY)
PHONE = "042-555-0199"
pytestmark = pytest.mark.xdist_group("papers")


@pytest.fixture
def backend(database):
    return Backend(database, clock=lambda: NOW)


@pytest.fixture
def hall(database):
    """A session: one here with needs, one who has left, one without an address, one withheld, one lost."""
    with database.writing() as db:
        city = a_municipality(db, contact_telephone="042-563-2111", contact_name="DX推進課")
        city.settings = {"office_postal_code": "207-8585", "office_address": "東大和市中央3-930"}
        workshop = a_workshop(db, title="はじめてのスマホ", bring="筆記用具")
        session = a_session(db, workshop_id=workshop.id)
        intake = an_intake(db, session)
        where = {"postal_code": "207-0015", "town": "中央", "address": "中央3-1"}
        here = an_attendee(db, "髙﨑 邉𠮷子", "タカサキ ヨシコ", needs=["wheelchair"], **where)
        gone = an_attendee(db, "林 次郎", "ハヤシ ジロウ", **where)
        nowhere = an_attendee(db, "町田 住所無", "マチダ")
        withheld = an_attendee(db, "秘密 守", "ヒミツ", confidential=True, **where)
        lost = an_attendee(db, "外 礼子", "ハズレ", **where)
        db.add(
            ContactPoint(
                municipality_code=CITY,
                attendee_id=here.id,
                kind=ContactKind.TELEPHONE,
                value=PHONE,
                value_key="0425550199",
            )
        )
        seats = [a_seat(db, session, intake, each) for each in (here, gone, nowhere, withheld)]
        for seat in seats[:2]:
            check_in(db, session_id=session.id, seat_id=seat.id, tap_id=new_id(), now=NOW, by="受付")
        db.exec(select(Attendance).where(Attendance.attendee_id == gone.id)).one().left_at = NOW
        db.add(
            Registration(
                municipality_code=CITY,
                intake_id=intake.id,
                attendee_id=lost.id,
                state=RegistrationState.LOST,
                number=99,
                receipt_number="LOST-0001",
                channel="postcard",
                applied_on=TODAY,
                received_at=NOW,
                changed_at=NOW,
            )
        )
        helper = a_volunteer(db, "山田 太郎")
        db.add(
            Assignment(
                municipality_code=CITY,
                session_id=session.id,
                volunteer_id=helper.id,
                role=AssignmentRole.LEAD,
                state=AssignmentState.CONFIRMED,
                changed_at=NOW,
            )
        )
        return session.id, seats[0].code, seats[0].registration_id


def test_a_ticket_goes_to_everybody_with_a_seat_and_an_address(backend, hall, tmp_path):
    session_id, code, _ = hall
    handed = hand_out_tickets(backend, STAFF, session_id=session_id)
    said = text_of(handed.file, tmp_path)

    assert handed.lines == 2
    assert "Pages:           4" in poppler("pdfinfo", handed.file, tmp_path)
    told = ("髙﨑邉𠮷子様", "東大和市中央3-1", "受講票", code, "042-563-2111", "令和8年11月25日（水）", "筆記用具")
    assert [each for each in told if each not in said] == []
    for each in ("秘密", "町田", "外礼子", PHONE):
        assert each not in said
    assert "1人" in handed.note
    assert code_on(handed.file, tmp_path, page=2)[0] == code


def test_everybody_is_told_the_result_and_a_letter_needs_no_address(backend, hall, tmp_path):
    session_id, *_ = hall
    handed = hand_out_tickets(backend, STAFF, session_id=session_id, shape="letter", everybody=True)
    said = text_of(handed.file, tmp_path)

    assert handed.lines == 4
    for each in ("町田住所無様", "外礼子様", "抽選結果のお知らせ", "LOST-0001"):
        assert each in said
    assert "秘密" not in said


def test_the_confirmation_holds_all_that_was_typed_and_leaves_only_the_signature(backend, hall, tmp_path):
    *_, registration_id = hall
    said = text_of(hand_out_confirmation(backend, STAFF, registration_id=registration_id).file, tmp_path)

    for each in ("髙﨑邉𠮷子", "タカサキヨシコ", PHONE, "〒207-0015", "車椅子", "はじめてのスマホ", "利用目的", "署名"):
        assert each in said


@pytest.mark.parametrize("kind", HALL_PAPERS)
def test_a_paper_of_the_hall_names_people_and_never_how_to_reach_them(backend, hall, tmp_path, kind):
    session_id, *_ = hall
    handed = hand_out_hall_paper(backend, DESK, session_id=session_id, kind=kind)
    said = text_of(handed.file, tmp_path)

    assert "髙﨑邉𠮷子" in said
    assert PHONE not in said
    assert "中央3-1" not in said
    assert ("車椅子" in said) is (kind is not LeavingKind.NAME_TAGS)
    assert ("林次郎" in said) is (kind is not LeavingKind.EVACUATION_LIST)  # has left the room
    with backend.database.reading() as db:
        assert [line.kind for line in files_left(db, municipality_code=CITY)] == [kind]


def worked(db, volunteer, *, day, minutes, state=AssignmentState.DONE, code=CITY):
    session = a_session(db, day=day, municipality_code=code)
    db.add(
        Assignment(
            municipality_code=code,
            session_id=session.id,
            volunteer_id=volunteer.id,
            role=AssignmentRole.HELPER,
            state=state,
            minutes=minutes,
            changed_at=NOW,
        )
    )
    db.flush()


def test_a_certificate_counts_finished_work_for_this_city_in_this_year(backend, database, tmp_path):
    with database.writing() as db:
        volunteer = a_volunteer(db, "山田 太郎")
        worked(db, volunteer, day=TODAY - timedelta(days=7), minutes=130)
        worked(db, volunteer, day=TODAY - timedelta(days=1), minutes=110)
        worked(db, volunteer, day=TODAY, minutes=500, state=AssignmentState.CONFIRMED)
        worked(db, volunteer, day=date(2026, 3, 31), minutes=600)
        worked(db, volunteer, day=TODAY, minutes=700, code="132136")
        mine = Actor(name="山田 太郎", role=Role.VOLUNTEER, municipality_code=CITY, volunteer_id=volunteer.id)
        other = a_volunteer(db, "別 人").id
    handed = hand_out_activity(backend, mine, volunteer_id=mine.volunteer_id, fiscal_year=2026)
    said = text_of(handed.file, tmp_path)

    assert handed.lines == 2
    for each in ("活動証明書", "山田太郎様", "令和8年度", "2回", "4時間", "2時間10分", "東大和市"):
        assert each in said
    with pytest.raises((NotFound, NotAllowed)):
        hand_out_activity(backend, mine, volunteer_id=other, fiscal_year=2026)


def test_a_course_is_finished_by_whoever_came_often_enough(backend, database, tmp_path):
    with database.writing() as db:
        workshop = a_workshop(db, title="スマホ教室")
        sessions = [a_session(db, workshop_id=workshop.id, day=TODAY - timedelta(days=7 * week)) for week in range(3)]
        people = [an_attendee(db, f"{name} 子", name) for name in ("アベ", "イトウ", "ウエダ")]
        for session in sessions:
            intake = an_intake(db, session)
            for index, person in enumerate(people):
                seat = a_seat(db, session, intake, person)
                came = index == 0 or (index == 1 and session is not sessions[0])
                state = AttendanceState.PRESENT if came else AttendanceState.ABSENT
                then = session.starts_at
                check_in(db, session_id=session.id, seat_id=seat.id, state=state, tap_id=new_id(), now=then, by="受付")
        workshop_id = workshop.id
    two = hand_out_completions(backend, STAFF, workshop_id=workshop_id, at_least=2)
    said = text_of(two.file, tmp_path)

    assert two.lines == 2
    assert ("アベ子様" in said, "イトウ子様" in said, "ウエダ" in said) == (True, True, False)
    assert "全3回のうち2回" in said
    with pytest.raises(InvalidValue):
        hand_out_completions(backend, STAFF, workshop_id=workshop_id, at_least=4)


def test_the_call_sheet_has_large_numbers_what_to_say_and_boxes(backend, hall, tmp_path):
    session_id, _, registration_id = hall
    with backend.database.writing() as db:
        tell(db, [db.get_one(Registration, registration_id)], "confirmed", now=NOW, session_id=session_id)
    handed = hand_out_call_sheet(backend, STAFF, municipality_code=CITY)
    said = text_of(handed.file, tmp_path)

    assert handed.lines == 1
    assert [each for each in ("髙﨑邉𠮷子", PHONE[-4:], "留守", "辞退", "はじめてのスマホ") if each not in said] == []
