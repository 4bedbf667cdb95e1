"""People: added with a name, kana and one way to reach them; kept as written; never twice without notice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from events.attendee_facts import AttendeeFacts, ContactFacts, ProxyFacts
from events.attendee_page import attendee_page
from events.attendees import PersonAlike, add_attendee, edit_attendee, new_attendee
from events.errors import Conflict, InvalidValue, NotFound
from events.models import Attendee, ContactPoint
from events.registration import register_attendee
from events.registration_changes import cancel_registration
from events.states import Channel, ContactKind, PhoneKind, RegistrationState
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
MY_NUMBER = "123456789018"


def facts(name="髙﨑 邉子", kana="タカサキ ヘンコ", telephone="042-300-1234", **values):
    contacts = (ContactFacts(ContactKind.TELEPHONE, telephone),) if telephone else ()
    return AttendeeFacts(name=name, kana=kana, **{"contacts": contacts, **values})


def add(db, person, **values):
    builders.a_municipality(db)
    return add_attendee(db, municipality_code=builders.CITY, facts=person, now=NOW, **values)


def page(db, attendee_id):
    return attendee_page(db, attendee_id=attendee_id, now=NOW, today=TODAY)


def refused_problem(db, person):
    with pytest.raises(InvalidValue) as refused:
        add(db, person)
    return refused.value.details["field"], refused.value.details["problem"]


@pytest.mark.parametrize("name", ["林", "𠮷", "髙﨑邉𠮷" * 5, "花子😀", "ジョン・スミス", "=HYPERLINK(1)"])
def test_a_name_is_kept_exactly_as_it_is_written(db, name):
    added = add(db, facts(name))

    assert db.get(Attendee, added.attendee_id).name == name


def test_kana_are_kept_as_written_and_found_by_their_ordinary_form(db):
    added = add(db, facts(kana="たかさき　ﾍﾝｺ"))

    person = db.get(Attendee, added.attendee_id)
    assert (person.kana, person.kana_key) == ("たかさき　ﾍﾝｺ", "タカサキヘンコ")


def test_a_name_of_300_characters_is_refused_with_the_limit(db):
    with pytest.raises(InvalidValue) as refused:
        add(db, facts("髙" * 300))

    assert refused.value.details["problem"] == "too_long"
    assert refused.value.details["longest"] == 100


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (facts(name=" "), ("name", "required")),
        (facts(kana=""), ("kana", "required")),
        (facts(telephone=""), ("contacts", "required")),
        (facts(telephone="12"), ("contact_telephone", "telephone")),
        (facts(telephone="電話なし"), ("contact_telephone", "telephone")),
        (facts(name="高橋\x00花子"), ("name", "control_characters")),
        (facts(name="高橋\u202e花子"), ("name", "control_characters")),
        (facts(needs_note=f"番号 {MY_NUMBER}"), ("needs_note", "my_number")),
        (facts(telephone=MY_NUMBER), ("contact_telephone", "my_number")),
        (facts(age_band="101-"), ("age_band", "not_a_choice")),
        (facts(needs=("diagnosis",)), ("needs", "not_a_choice")),
        (facts(birth_date=date(2027, 1, 1)), ("birth_date", "birth_date")),
        (facts(birth_date=date(1850, 1, 1)), ("birth_date", "birth_date")),
        (facts(confidence=9), ("confidence", "out_of_range")),
        (facts(contacts=(ContactFacts(ContactKind.EMAIL, "hanako@"),)), ("contact_email", "email")),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(db, person, expected):
    assert refused_problem(db, person) == expected


def test_a_my_number_is_found_however_it_is_spaced_and_never_repeated(db):
    with pytest.raises(InvalidValue) as refused:
        add(db, facts(note="１２３４ ５６７８ ９０１８"))

    assert refused.value.details["value"] == ""


def test_a_person_without_a_telephone_can_be_reached_by_post(db):
    added = add(db, facts(contacts=(ContactFacts(ContactKind.POST, "中央3-930"),)))

    assert page(db, added.attendee_id).facts.contacts[0].kind == ContactKind.POST


def test_spouses_share_a_number_and_each_has_their_own_row(db):
    add(db, facts("高橋 一郎", "タカハシ イチロウ"))
    add(db, facts("高橋 花子", "タカハシ ハナコ"))

    rows = db.exec(select(ContactPoint).where(ContactPoint.value_key == "0423001234")).all()
    assert len({row.attendee_id for row in rows}) == 2


def test_a_second_person_with_the_same_name_kana_and_number_is_asked_about(db):
    first = add(db, facts("高橋 花子", "タカハシ ハナコ"))

    with pytest.raises(PersonAlike) as asked:
        add(db, facts("髙橋花子", "たかはし はなこ", "(042)300-1234"))

    assert [person.attendee_id for person in asked.value.details["people"]] == [first.attendee_id]


def test_two_people_alike_in_everything_can_both_be_there(db):
    first = add(db, facts())
    second = add(db, facts(), is_another_person=True)

    assert first.attendee_id != second.attendee_id
    assert [person.attendee_id for person in second.alike] == [first.attendee_id]


def test_an_edit_replaces_facts_contacts_and_proxies_and_keeps_rows_that_stay(db):
    added = add(db, facts())
    row = db.exec(select(ContactPoint)).one()
    changed = facts(
        name="高崎 邉子",
        contacts=(
            ContactFacts(ContactKind.TELEPHONE, "042(300)1234", whose="娘", preferred=True),
            ContactFacts(ContactKind.EMAIL, "Henko@example.jp"),
        ),
        proxies=(ProxyFacts("佐藤 ケア", "ケアマネ", "042-300-9999", contact_first=True),),
        needs=("wheelchair", "wheelchair"),
    )

    edit_attendee(db, attendee_id=added.attendee_id, facts=changed, version=1, now=NOW)

    found = page(db, added.attendee_id).facts
    assert found.contacts[0] == ContactFacts(ContactKind.TELEPHONE, "042(300)1234", "娘", preferred=True)
    assert found.proxies == changed.proxies
    assert found.needs == ("wheelchair",)
    assert db.get(ContactPoint, row.id).whose == "娘"


def test_an_edit_of_something_old_is_refused(db):
    added = add(db, facts())
    edit_attendee(db, attendee_id=added.attendee_id, facts=facts(town="中央"), version=1, now=NOW)

    with pytest.raises(Conflict):
        edit_attendee(db, attendee_id=added.attendee_id, facts=facts(town="南街"), version=1, now=NOW)


def test_seats_follow_when_a_person_gets_a_phone_of_their_own(db):
    added = add(db, facts(phone_kind=PhoneKind.NONE))
    session = builders.a_session(db, day=TODAY + timedelta(days=9))
    register_attendee(
        db,
        intake_id=builders.an_intake(db, session).id,
        attendee_id=added.attendee_id,
        channel=Channel.TELEPHONE,
        now=NOW,
        by="佐藤",
    )
    assert session.people_without_phone == 1

    edit_attendee(
        db, attendee_id=added.attendee_id, facts=facts(phone_kind=PhoneKind.ANDROID), version=1, now=NOW
    )

    assert session.people_without_phone == 0


def test_a_walk_in_needs_a_name_only_and_is_found_by_it(db):
    builders.a_municipality(db)

    person = new_attendee(db, municipality_code=builders.CITY, name="林", now=NOW)

    assert (person.kana, person.name_key) == ("", "林")


def test_the_page_shows_the_whole_history_with_what_can_be_done(db):
    added = add(db, facts(birth_date=date(1944, 2, 29)))
    session = builders.a_session(db, day=TODAY + timedelta(days=9))
    receipt = register_attendee(
        db,
        intake_id=builders.an_intake(db, session).id,
        attendee_id=added.attendee_id,
        channel=Channel.TELEPHONE,
        now=NOW,
        by="佐藤",
    )

    before = page(db, added.attendee_id)
    cancel_registration(db, registration_id=receipt.registration_id, reason="都合", now=NOW, by="佐藤")
    after = page(db, added.attendee_id)

    assert before.age_band == "80-84"
    assert [(visit.state, visit.can_be_cancelled) for visit in before.visits] == [(RegistrationState.CONFIRMED, True)]
    assert [visit.can_be_restored for visit in after.visits] == [True]


def test_a_forgotten_person_has_no_page(db):
    person = builders.an_attendee(db, forgotten_at=NOW)

    with pytest.raises(NotFound):
        page(db, person.id)


def test_no_letter_goes_to_somebody_whose_address_is_withheld(db):
    builders.a_municipality(db)
    post = (ContactFacts(ContactKind.POST, "中央1-1"),)
    facts = AttendeeFacts("林 一", "ハヤシ ハジメ", confidential=True, notice_by="post", contacts=post)

    with pytest.raises(InvalidValue) as refused:
        add_attendee(db, municipality_code=builders.CITY, facts=facts, now=NOW)

    assert refused.value.details["problem"] == "no_letters"
