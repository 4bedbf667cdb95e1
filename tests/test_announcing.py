"""What is handed out about a workshop: the same facts on every paper and in every text, and an edition that tells."""

import io
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from events.announcing import announced, next_edition
from events.consents import consent_of, give_consent, withdraw_consent
from events.errors import NotAllowed
from events.models import ChannelWindow, Department, Intake, Workshop, WorkshopSession
from events.segments import segment
from events.states import Channel, IntakeMethod, IntakeUnit, PhoneKind
from supportapp.announcement_words import BULLETIN_LONGEST, LINE_LONGEST, bulletin_text, line_text
from supportapp.backend import Backend
from supportapp.files_left import LeavingKind, files_left
from supportapp.handing_out_papers import hand_out_announcement
from supportapp.handing_out_segment import hand_out_segment
from supportapp.identity import Actor, Role
from supportapp.messages import words
from tests.builders import (
    CITY,
    NOW,
    TODAY,
    a_municipality,
    a_room,
    a_session,
    a_venue,
    a_workshop,
    an_attendee,
    an_intake,
)
from tests.reading_paper import code_on, text_of

STAFF = Actor(name="職員 一郎", role=Role.STAFF, municipality_code=CITY)
FORM_PAGE = "https://www.city.example.jp/form/1"


@pytest.fixture
def backend(database):
    return Backend(database, clock=lambda: NOW)


@pytest.fixture
def workshop_id(database):
    with database.writing() as db:
        city = a_municipality(db, contact_telephone="042-563-2111", contact_name="DX推進課")
        city.settings = {"office_postal_code": "207-8585", "office_address": "東大和市中央3-930"}
        department = Department(municipality_code=CITY, name="公民館")
        db.add(department)
        db.flush()
        workshop = a_workshop(
            db,
            title="はじめての𠮷いスマホ",
            summary="触ったことのない方も",
            target="60歳以上の方",
            bring="筆記用具",
            url=FORM_PAGE,
            department_id=department.id,
        )
        venue = a_venue(db, name="中央公民館", address="中央3-926", access="駅から5分")
        room = a_room(db, venue_id=venue.id, name="第1会議室")
        session = a_session(db, workshop_id=workshop.id, venue_id=venue.id, room_id=room.id)
        an_intake(
            db,
            session,
            channels=["telephone", "postcard", "counter", "city_form"],
            deadline_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
            desk_hours="平日9時〜17時",
        )
        return workshop.id


def handed(backend, workshop_id, kind=LeavingKind.FLYER, **more):
    return hand_out_announcement(backend, STAFF, workshop_id=workshop_id, kind=kind, **more)


def edition_of(backend, workshop_id):
    return backend.read_now(STAFF, announced, workshop_id=workshop_id).workshop.edition


def test_the_flyer_tells_all_that_somebody_needs_to_come(backend, workshop_id, tmp_path):
    said = text_of(handed(backend, workshop_id).file, tmp_path)

    told = (
        "はじめての𠮷いスマホ", "令和8年11月25日（水）13:30〜15:30", "中央公民館第1会議室（中央3-926）", "駅から5分",
        "60歳以上の方", "10人（先着順）", "無料", "筆記用具", "042-563-2111", "〒207-8585東大和市中央3-930DX推進課",
        "令和8年11月20日（金）必着", "平日9時〜17時", FORM_PAGE, "公民館", "第1.0版",
    )  # fmt: skip
    assert [each for each in told if each not in said] == []


def test_the_code_leads_to_the_page_of_the_workshop_or_else_to_ours(backend, workshop_id, tmp_path):
    assert code_on(handed(backend, workshop_id).file, tmp_path)[0] == FORM_PAGE

    with backend.database.writing() as db:
        db.get_one(Workshop, workshop_id).url = ""
    ours = handed(backend, workshop_id, public_address="https://kouza.example.jp/")
    assert code_on(ours.file, tmp_path)[0] == f"https://kouza.example.jp/apply/workshop/{workshop_id}"


def test_the_form_asks_for_little_and_says_what_it_is_used_for(backend, workshop_id, tmp_path):
    said = text_of(handed(backend, workshop_id, LeavingKind.FORM).file, tmp_path)

    asked = ("参加申込書", "お名前", "電話番号", "70〜74歳", "ガラケー", "筆談", "利用目的に同意します", "042-563-2111")
    assert [each for each in asked if each not in said] == []
    assert "生年月日" not in said


def test_the_edition_stays_while_nothing_changes_and_rises_when_something_printed_does(backend, workshop_id):
    handed(backend, workshop_id)
    assert handed(backend, workshop_id, LeavingKind.POSTER).note == ""
    assert edition_of(backend, workshop_id) == "1.0"

    with backend.database.writing() as db:
        db.get_one(Workshop, workshop_id).improve_next = "椅子を増やす"  # not printed
    handed(backend, workshop_id)
    assert edition_of(backend, workshop_id) == "1.0"

    with backend.database.writing() as db:
        db.exec(select(WorkshopSession).where(WorkshopSession.workshop_id == workshop_id)).one().seats = 12
    again = handed(backend, workshop_id)
    assert edition_of(backend, workshop_id) == "1.1"
    assert "1.1" in again.note
    assert again.file.name.endswith("1.1版.pdf")


def test_an_edition_in_another_language_is_no_new_edition(backend, workshop_id):
    handed(backend, workshop_id)
    handed(backend, workshop_id, language="en")

    assert edition_of(backend, workshop_id) == "1.0"


def test_what_left_is_written_down_and_a_stranger_gets_nothing(backend, workshop_id):
    handed(backend, workshop_id)
    with backend.database.reading() as db:
        assert [line.kind for line in files_left(db, municipality_code=CITY)] == [LeavingKind.FLYER]

    volunteer = Actor(name="だれか", role=Role.VOLUNTEER, municipality_code=CITY)
    with pytest.raises(NotAllowed):
        hand_out_announcement(backend, volunteer, workshop_id=workshop_id, kind=LeavingKind.FLYER)


def test_a_channel_with_times_of_its_own_says_them(backend, workshop_id, tmp_path):
    with backend.database.writing() as db:
        intake = db.exec(select(Intake).where(Intake.workshop_id == workshop_id)).one()
        intake.method, intake.unit = IntakeMethod.DRAW, IntakeUnit.CHOICE
        intake.deadline_by_postmark, intake.result_notice_on = True, date(2026, 11, 22)
        opens = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
        db.add(ChannelWindow(intake_id=intake.id, channel=Channel.TELEPHONE, opens_at=opens))
    said = text_of(handed(backend, workshop_id).file, tmp_path)

    assert "令和8年11月2日（月）09:00から" in said
    assert "令和8年11月20日（金）の消印まで有効" in said
    assert "結果は令和8年11月22日（日）ごろ" in said


@pytest.mark.parametrize("length", [4, 30, 60, 200])
def test_the_texts_keep_their_length_whatever_the_title(backend, workshop_id, length):
    with backend.database.writing() as db:
        workshop = db.get_one(Workshop, workshop_id)
        workshop.title, workshop.short_title = "題" * length, "スマホ教室"
        workshop.summary, workshop.application_text = "説" * length * 4, "文" * length * 2
    found = backend.read_now(STAFF, announced, workshop_id=workshop_id)
    bulletin = bulletin_text(found, words("ja"))
    line = line_text(found, words("ja"), "ja", address=FORM_PAGE, edition="1.0")

    assert len(bulletin) <= BULLETIN_LONGEST
    assert "11/25" in bulletin
    assert "042-563-2111" in bulletin
    assert len(line) <= LINE_LONGEST
    assert FORM_PAGE in line


def test_editions_count_on():
    assert [next_edition(each) for each in ("1.0", "1.9", "2.10", "", "1")] == ["1.1", "1.10", "2.11", "1.1", "1.1"]




def someone(db, name, **values):
    person = an_attendee(db, name, name, **{"town": "中央三丁目", "age_band": "75-79", **values})
    give_consent(db, attendee_id=person.id, channel=Channel.COUNTER, now=NOW, by="職員")
    return person


def test_only_who_agreed_is_on_the_list_and_nobody_whose_data_is_withheld(backend, workshop_id):
    with backend.database.writing() as db:
        someone(db, "=希望")
        someone(db, "秘匿", confidential=True)
        withdraw_consent(db, attendee_id=someone(db, "やめた").id, now=NOW, by="職員")
        an_attendee(db, "聞いていない", "キイテイナイ")
    import openpyxl

    handed_list = hand_out_segment(backend, STAFF, workshop_id=workshop_id)
    book = openpyxl.load_workbook(io.BytesIO(handed_list.file.content))

    assert [row[0] for row in book["案内先"].iter_rows(values_only=True, min_row=2)] == ["=希望"]
    assert book["案内先"]["A2"].data_type == "s"
    assert "はじめての𠮷いスマホ" in book["文面"]["A2"].value
    assert handed_list.lines == 1


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["ア", "イ", "ウ"]),
        ({"age_bands": ("80-84", "85-")}, ["イ"]),
        ({"towns": ("中央",)}, ["ア", "イ"]),
        ({"phone_kinds": (PhoneKind.NONE,)}, ["ウ"]),
        ({"towns": ("向原",), "age_bands": ("85-",)}, []),
    ],
)
def test_a_segment_is_cut_by_age_town_and_phone(backend, wanted, names):
    with backend.database.writing() as db:
        a_municipality(db)
        someone(db, "ア")
        someone(db, "イ", age_band="80-84")
        someone(db, "ウ", town="向原一丁目", phone_kind=PhoneKind.NONE)
    found = backend.read_now(STAFF, segment, municipality_code=CITY, today=TODAY, **wanted)

    assert [line.name for line in found] == names


def test_consent_given_twice_stands_once_and_can_be_withdrawn_and_given_again(db):
    person = an_attendee(db)
    first = give_consent(db, attendee_id=person.id, channel=Channel.COUNTER, now=NOW, by="職員")

    assert give_consent(db, attendee_id=person.id, channel=Channel.WEB, now=NOW, by="職員") == first
    withdraw_consent(db, attendee_id=person.id, now=NOW, by="職員")
    assert consent_of(db, attendee_id=person.id) is None
    give_consent(db, attendee_id=person.id, channel=Channel.COUNTER, now=NOW, by="職員")
    assert consent_of(db, attendee_id=person.id) == TODAY
