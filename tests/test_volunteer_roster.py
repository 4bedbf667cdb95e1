"""The list of helpers."""

from datetime import date

import pytest
from sqlmodel import Session, select

from events.errors import Conflict, InvalidValue
from events.models import ContactPoint
from tests.builders import CITY, NOW, TODAY, a_municipality, a_venue, a_volunteer
from volunteers.errors import AlreadyMember, SupporterMustBeAdult
from volunteers.insurance import Cover, cover_on, is_exempt, plan_renewal, record_insurance, years_of
from volunteers.models import Volunteer
from volunteers.queries import volunteer_page, volunteers_list
from volunteers.roster import (
    MembershipTerms,
    VolunteerDetails,
    add_volunteer,
    edit_volunteer,
    join_municipality,
    note_document_seen,
    set_caps,
)
from volunteers.states import VolunteerKind, VolunteerState

ACTIVE = MembershipTerms(VolunteerState.ACTIVE)
SUPPORTER = VolunteerDetails(
    name="髙﨑 さくら", kana="タカサキ サクラ", kind=VolunteerKind.TOKYO_SUPPORTER, telephone="090-1234-5678"
)
NEXT_YEAR = date(2027, 4, 10)


def added(db: Session, details: VolunteerDetails = SUPPORTER, terms: MembershipTerms = ACTIVE):
    a_municipality(db)
    return add_volunteer(db, municipality_code=CITY, details=details, terms=terms, now=NOW, today=TODAY)


def page(db: Session, volunteer_id):
    return volunteer_page(db, volunteer_id=volunteer_id, municipality_code=CITY, now=NOW)


def found_by(db: Session, text: str):
    return [row.name for row in volunteers_list(db, municipality_code=CITY, today=TODAY, text=text).rows]


def test_a_supporter_is_added_with_name_as_given(db: Session) -> None:
    receipt = added(db)

    assert page(db, receipt.volunteer_id).name == "髙﨑 さくら"


@pytest.mark.parametrize("text", ["高崎", "たかさき", "ﾀｶｻｷ", "5678", "０９０１２３４５６７８", "さくら"])
def test_a_supporter_is_found_by_ordinary_forms(db: Session, text: str) -> None:
    added(db)
    added(db, VolunteerDetails(name="佐藤 一", kana="サトウ ハジメ", kind=VolunteerKind.NPO, telephone="0421112222"))

    assert found_by(db, text) == ["髙﨑 さくら"]


def test_somebody_under_18_is_refused_as_a_supporter(db: Session) -> None:
    young = VolunteerDetails(name="若林 光", kind=VolunteerKind.TOKYO_SUPPORTER, birth_date=date(2009, 11, 26))

    with pytest.raises(SupporterMustBeAdult):
        added(db, young)


def test_a_student_of_17_may_help(db: Session) -> None:
    young = VolunteerDetails(name="若林 光", kind=VolunteerKind.STUDENT, birth_date=date(2009, 11, 26))

    receipt = added(db, young)

    assert (page(db, receipt.volunteer_id).kind, page(db, receipt.volunteer_id).adult) == (VolunteerKind.STUDENT, False)


def test_on_the_18th_birthday_somebody_may_be_a_supporter(db: Session) -> None:
    grown = VolunteerDetails(name="若林 光", kind=VolunteerKind.TOKYO_SUPPORTER, birth_date=date(2008, 11, 25))

    receipt = added(db, grown)

    assert page(db, receipt.volunteer_id).adult is True


def test_a_student_of_17_cannot_be_made_a_supporter_later(db: Session) -> None:
    receipt = added(db, VolunteerDetails(name="若林 光", kind=VolunteerKind.STUDENT, birth_date=date(2009, 12, 1)))
    changed = VolunteerDetails(name="若林 光", kind=VolunteerKind.TOKYO_SUPPORTER, birth_date=date(2009, 12, 1))

    with pytest.raises(SupporterMustBeAdult):
        edit_volunteer(
            db,
            volunteer_id=receipt.volunteer_id,
            municipality_code=CITY,
            details=changed,
            version=receipt.version,
            today=TODAY,
        )


def test_namesakes_are_told(db: Session) -> None:
    first = added(db)

    second = added(db)

    assert second.namesakes == (first.volunteer_id,)


def test_home_is_in_the_middle_of_the_town(db: Session) -> None:
    a_venue(db, town="中央", latitude=35.74, longitude=139.42)
    a_venue(db, town="中央", latitude=35.76, longitude=139.44)
    receipt = added(db, VolunteerDetails(name="町田 花", kind=VolunteerKind.NPO, town="中央"))

    volunteer = db.get_one(Volunteer, receipt.volunteer_id)

    assert (volunteer.latitude, volunteer.longitude) == (pytest.approx(35.75), pytest.approx(139.43))


def test_an_edit_of_an_older_version_is_refused(db: Session) -> None:
    receipt = added(db)

    with pytest.raises(Conflict):
        edit_volunteer(
            db,
            volunteer_id=receipt.volunteer_id,
            municipality_code=CITY,
            details=SUPPORTER,
            version=receipt.version - 1,
            today=TODAY,
        )


def test_a_number_that_is_emptied_is_gone(db: Session) -> None:
    receipt = added(db)

    edit_volunteer(
        db,
        volunteer_id=receipt.volunteer_id,
        municipality_code=CITY,
        details=VolunteerDetails(name="髙﨑 さくら", kind=VolunteerKind.TOKYO_SUPPORTER),
        version=receipt.version,
        today=TODAY,
    )

    assert db.exec(select(ContactPoint)).all() == []


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("name", VolunteerDetails(name="", kind=VolunteerKind.NPO)),
        ("name", VolunteerDetails(name="あ" * 300, kind=VolunteerKind.NPO)),
        ("birth_date", VolunteerDetails(name="山本", kind=VolunteerKind.NPO, birth_date=date(2027, 1, 1))),
        ("max_km", VolunteerDetails(name="山本", kind=VolunteerKind.NPO, max_km=-1)),
        ("email", VolunteerDetails(name="山本", kind=VolunteerKind.NPO, email="なし")),
        ("note", VolunteerDetails(name="山本", kind=VolunteerKind.NPO, note="番号 123456789018")),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_field(
    db: Session, field: str, details: VolunteerDetails
) -> None:
    with pytest.raises(InvalidValue) as refused:
        added(db, details)

    assert refused.value.details["field"] == field


def test_caps_are_one_s_own_to_set(db: Session) -> None:
    receipt = added(db)

    set_caps(db, volunteer_id=receipt.volunteer_id, municipality_code=CITY, cap_per_month=4, cap_per_week=1)

    assert (page(db, receipt.volunteer_id).cap_per_month, page(db, receipt.volunteer_id).cap_per_week) == (4, 1)


def test_helping_in_a_second_city_is_a_membership_of_its_own(db: Session) -> None:
    a_municipality(db, "132136", name="東村山市")
    receipt = added(db)

    join_municipality(db, volunteer_id=receipt.volunteer_id, municipality_code="132136", terms=ACTIVE, today=TODAY)

    assert found_by(db, "高崎") == ["髙﨑 さくら"]
    with pytest.raises(AlreadyMember):
        join_municipality(db, volunteer_id=receipt.volunteer_id, municipality_code=CITY, terms=ACTIVE, today=TODAY)


def test_the_list_of_one_city_does_not_show_another_s(db: Session) -> None:
    a_volunteer(db, "他市 太郎", municipality_code="132136")
    added(db)

    found = volunteers_list(db, municipality_code=CITY, today=TODAY)

    assert [row.name for row in found.rows] == ["髙﨑 さくら"]


def test_a_paper_that_was_seen_says_when_and_by_whom(db: Session) -> None:
    receipt = added(db)

    note_document_seen(db, volunteer_id=receipt.volunteer_id, kind="age", seen_on=TODAY, today=TODAY, by="窓口 花子")

    found = page(db, receipt.volunteer_id)
    assert [(each.kind, each.seen_by) for each in found.documents] == [("age", "窓口 花子")]
    assert found.adult is True


def test_a_paper_cannot_be_seen_tomorrow(db: Session) -> None:
    receipt = added(db)

    with pytest.raises(InvalidValue):
        note_document_seen(
            db,
            volunteer_id=receipt.volunteer_id,
            kind="age",
            seen_on=date(2026, 11, 26),
            today=TODAY,
            by="窓口 花子",
        )


def years(db: Session, volunteer_id):
    return years_of(db, volunteer_ids=[volunteer_id])[volunteer_id]


def test_insurance_ends_on_31_march(db: Session) -> None:
    receipt = added(db)
    record_insurance(
        db, volunteer_id=receipt.volunteer_id, fiscal_year=2026, insured_from=date(2026, 4, 1), today=TODAY, by="窓口"
    )

    found = years(db, receipt.volunteer_id)

    assert (cover_on(found, date(2027, 3, 31)), cover_on(found, date(2027, 4, 1))) == (Cover.INSURED, Cover.NONE)


def test_who_joined_during_the_year_is_insured_from_that_day(db: Session) -> None:
    receipt = added(db)
    record_insurance(
        db, volunteer_id=receipt.volunteer_id, fiscal_year=2026, insured_from=date(2026, 11, 26), today=TODAY, by="窓口"
    )

    found = years(db, receipt.volunteer_id)

    assert (cover_on(found, TODAY), cover_on(found, date(2026, 11, 26))) == (Cover.NONE, Cover.INSURED)


def test_a_planned_renewal_is_not_yet_insurance(db: Session) -> None:
    receipt = added(db)
    plan_renewal(db, volunteer_id=receipt.volunteer_id, fiscal_year=2027, planned=True)

    assert cover_on(years(db, receipt.volunteer_id), NEXT_YEAR) is Cover.RENEWAL_PLANNED


def test_a_first_day_outside_of_the_fiscal_year_is_refused(db: Session) -> None:
    receipt = added(db)

    with pytest.raises(InvalidValue):
        record_insurance(
            db,
            volunteer_id=receipt.volunteer_id,
            fiscal_year=2026,
            insured_from=date(2027, 4, 1),
            today=TODAY,
            by="窓口",
        )


def test_staff_are_exempt_unless_the_city_asks_them_too(db: Session) -> None:
    city = a_municipality(db)

    assert (is_exempt(VolunteerKind.STAFF, city), is_exempt(VolunteerKind.NPO, city)) == (True, False)
    city.staff_need_insurance = True
    assert is_exempt(VolunteerKind.STAFF, city) is False
