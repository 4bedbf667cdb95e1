"""Two records of one person become one and two again: everything moves, clashes are decided, all can be taken back."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from events.attendee_facts import AttendeeFacts, ContactFacts, ProxyFacts
from events.attendee_merge import (
    ApplicationsClash,
    MergedFurther,
    NotMerged,
    SamePerson,
    merge_attendees,
    merge_preview,
    unmerge_attendee,
)
from events.attendee_page import attendee_page
from events.attendee_search import find_people
from events.attendees import add_attendee
from events.errors import InvalidValue, NotFound
from events.integrity import find_inconsistencies
from events.models import Attendance, Attendee, Consultation
from events.registration import register_attendee
from events.registration_queries import registration_receipt
from events.states import AttendanceState, Channel, ContactKind, PhoneKind, RegistrationState
from supportapp.audit import AuditEntry
from supportapp.backend import Backend
from supportapp.identity import Actor, Role
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DAY = date(2026, 12, 9)


def a_person(db, telephone, **values):
    builders.a_municipality(db)
    contacts = (ContactFacts(ContactKind.TELEPHONE, telephone),)
    usual = {"name": "髙橋 花子", "kana": "タカハシ ハナコ", "contacts": contacts}
    facts = AttendeeFacts(**{**usual, **values})
    receipt = add_attendee(db, municipality_code=builders.CITY, facts=facts, now=NOW, is_another_person=True)
    return db.get_one(Attendee, receipt.attendee_id)


def book(db, intake, person):
    return register_attendee(
        db, intake_id=intake.id, attendee_id=person.id, channel=Channel.TELEPHONE, now=NOW, by="佐藤"
    )


def merge(db, kept, gone, **values):
    usual = {"reason": "同じ方", "now": NOW, "by": "佐藤"}
    return merge_attendees(db, attendee_id=kept.id, other_attendee_id=gone.id, **{**usual, **values})


def unmerge(db, gone):
    return unmerge_attendee(db, attendee_id=gone.id, reason="別の方だった", now=NOW, by="佐藤")


def found(db, text):
    people = find_people(db, municipality_code=builders.CITY, text=text)
    return {each.attendee_id for each in people}


def test_everything_moves_and_one_person_is_found_by_both_numbers(db):
    kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678", proxies=(ProxyFacts("娘", "家族"),))
    intake = builders.an_intake(db, builders.a_session(db, day=DAY))
    receipt = book(db, intake, gone)
    db.add(Consultation(municipality_code=builders.CITY, attendee_id=gone.id, topic="line", at=NOW))
    db.flush()

    merge(db, kept, gone)

    assert found(db, "5678") == found(db, "0001") == found(db, "タカハシ") == {kept.id}
    page = attendee_page(db, attendee_id=kept.id, now=NOW, today=NOW.date())
    assert [visit.registration_id for visit in page.visits] == [receipt.registration_id]
    assert (len(page.facts.contacts), len(page.facts.proxies), len(page.consultations)) == (2, 1, 1)
    with pytest.raises(NotFound):
        attendee_page(db, attendee_id=gone.id, now=NOW, today=NOW.date())
    assert find_inconsistencies(db) == ()


def test_taking_it_back_leaves_both_as_they_were(db):
    kept = a_person(db, "042-561-0001")
    gone = a_person(db, "090-1234-5678", phone_kind=PhoneKind.IPHONE, birth_date=date(1944, 5, 1), confidential=True)
    intake = builders.an_intake(db, builders.a_session(db, day=DAY))
    receipt = book(db, intake, gone)
    merge(db, kept, gone, take=("phone_kind", "birth_date"))
    assert (kept.phone_kind, kept.birth_date, kept.confidential) == (PhoneKind.IPHONE, date(1944, 5, 1), True)

    unmerge(db, gone)

    assert (kept.phone_kind, kept.birth_date, kept.confidential) == (PhoneKind.UNKNOWN, None, False)
    assert found(db, "5678") == {gone.id}
    assert found(db, "0001") == {kept.id}
    assert registration_receipt(db, registration_id=receipt.registration_id).attendee_id == gone.id
    assert find_inconsistencies(db) == ()
    with pytest.raises(NotMerged):
        unmerge(db, gone)


def test_what_was_changed_since_the_merge_is_not_taken_back(db):
    kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678", town="中央")
    merge(db, kept, gone, take=("town",))
    kept.town = "奈良橋"

    unmerge(db, gone)

    assert kept.town == "奈良橋"


def test_two_applications_to_one_intake_are_shown_and_must_be_decided(db):
    kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678")
    intake = builders.an_intake(db, builders.a_session(db, day=DAY, seats=2))
    one, other = book(db, intake, kept), book(db, intake, gone)
    third = book(db, intake, a_person(db, "042-561-0003", name="林 一", kana="ハヤシ ハジメ"))

    (clash,) = merge_preview(db, attendee_id=kept.id, other_attendee_id=gone.id).clashes
    assert (clash.kept_number, clash.gone_number) == (one.number, other.number)
    with pytest.raises(ApplicationsClash):
        merge(db, kept, gone)
    merge(db, kept, gone, standing_registration_ids=[other.registration_id])

    states = [registration_receipt(db, registration_id=each.registration_id).state for each in (one, other, third)]
    assert states == [RegistrationState.CANCELLED_BY_HOST, RegistrationState.CONFIRMED, RegistrationState.OFFERED]
    assert find_inconsistencies(db) == ()
    unmerge(db, gone)
    assert registration_receipt(db, registration_id=one.registration_id).attendee_id == kept.id
    assert registration_receipt(db, registration_id=other.registration_id).attendee_id == gone.id
    assert find_inconsistencies(db) == ()


def test_two_marks_of_attendance_at_one_session_become_one_and_two_again(db):
    kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678")
    session = builders.a_session(db)
    for person in (kept, gone):
        db.add(
            Attendance(
                municipality_code=builders.CITY,
                session_id=session.id,
                attendee_id=person.id,
                state=AttendanceState.PRESENT,
                walk_in=True,
                tap_id=person.id,
                recorded_at=NOW,
            )
        )
    db.flush()

    merge(db, kept, gone)
    assert len([row for row in db.exec(select(Attendance)).all() if row.undone_at is None]) == 1
    unmerge(db, gone)

    rows = db.exec(select(Attendance)).all()
    assert {row.attendee_id for row in rows if row.undone_at is None} == {kept.id, gone.id}


def test_what_cannot_be_merged_is_refused(db):
    kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678")
    neighbour = builders.an_attendee(db, municipality_code="132136")
    with pytest.raises(SamePerson):
        merge(db, kept, kept)
    with pytest.raises(NotFound):
        merge(db, kept, neighbour)
    with pytest.raises(InvalidValue):
        merge(db, kept, gone, reason=" ")
    with pytest.raises(InvalidValue):
        merge(db, kept, gone, take=("version",))
    merge(db, kept, gone)
    with pytest.raises(NotFound):
        merge(db, kept, gone)


def test_a_chain_of_merges_is_taken_apart_from_its_end(db):
    one, two, three = (a_person(db, f"042-561-000{number}") for number in range(3))
    merge(db, two, one)
    merge(db, three, two)

    with pytest.raises(MergedFurther):
        unmerge(db, one)
    unmerge(db, two)
    unmerge(db, one)
    assert [found(db, f"042561000{number}") for number in range(3)] == [{one.id}, {two.id}, {three.id}]


def test_the_log_shows_both_the_merge_and_that_it_was_taken_back(database):
    backend, staff = Backend(database, clock=lambda: NOW), Actor("佐藤", Role.STAFF, builders.CITY)
    with database.writing() as db:
        kept, gone = a_person(db, "042-561-0001"), a_person(db, "090-1234-5678")

    backend.run_now(
        staff, merge_attendees, attendee_id=kept.id, other_attendee_id=gone.id, reason="同じ方", now=NOW, by="佐藤"
    )
    backend.run_now(staff, unmerge_attendee, attendee_id=gone.id, reason="別の方だった", now=NOW, by="佐藤")

    with database.reading() as db:
        entries = db.exec(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(entry.use_case.rpartition(".")[2], entry.reason) for entry in entries] == [
        ("merge_attendees", "同じ方"),
        ("unmerge_attendee", "別の方だった"),
    ]
    assert "花子" not in str([entry.rows for entry in entries])
