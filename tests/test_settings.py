"""The settings: departments, topics, bodies, and the rules of a municipality."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from events.catalogue import (
    DepartmentDraft,
    OrganisationDraft,
    TopicDraft,
    add_department,
    add_organisation,
    add_topic,
    departments_list,
    edit_department,
    edit_topic,
    retire_department,
    return_department,
    topics_list,
)
from events.errors import Conflict, InvalidValue, NotFound
from events.models import Municipality
from events.planning.errors import NameTaken
from events.programme_workshop import workshop_choices
from supportapp.city_settings import change_city_settings, city_settings
from tests.builders import CITY, a_municipality
from volunteers.situation import policy_of

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DONE = {"now": NOW, "by": "石井"}
OLD = "デジタル課"


def department(db: Session, name: str = OLD):
    a_municipality(db)
    return add_department(db, municipality_code=CITY, draft=DepartmentDraft(name), **DONE)


def offered(db: Session) -> list[str]:
    return [each.name for each in workshop_choices(db, municipality_code=CITY).departments]


def test_a_department_is_added_and_offered_to_plans(db: Session) -> None:
    department(db, " 高齢福祉課 ")

    assert offered(db) == ["高齢福祉課"]


def test_a_second_department_of_the_same_name_is_refused(db: Session) -> None:
    department(db)

    with pytest.raises(NameTaken):
        department(db)


def test_a_department_without_a_name_is_refused(db: Session) -> None:
    with pytest.raises(InvalidValue):
        department(db, "  ")


def test_a_retired_department_is_not_offered_until_it_is_brought_back(db: Session) -> None:
    receipt = department(db)

    retire_department(db, department_id=receipt.entry_id, reason="課の統合", **DONE)
    assert offered(db) == []
    assert departments_list(db, municipality_code=CITY)[0].retired_on == date(2026, 11, 21)

    return_department(db, department_id=receipt.entry_id, reason="戻した", **DONE)
    assert offered(db) == [OLD]


def test_a_changed_department_keeps_its_place_in_plans(db: Session) -> None:
    receipt = department(db)

    after = edit_department(db, department_id=receipt.entry_id, draft=DepartmentDraft("情報政策課"), **DONE)

    assert (after.entry_id, offered(db)) == (receipt.entry_id, ["情報政策課"])


def test_a_topic_is_known_by_its_code(db: Session) -> None:
    a_municipality(db)
    draft = TopicDraft("K-1", "キャッシュレス", "生活", 90, needs_network=True, materials="手引き 12ページ")
    first = add_topic(db, municipality_code=CITY, draft=draft, **DONE)
    other = add_topic(db, municipality_code=CITY, draft=replace(draft, code="K-2"), **DONE)

    with pytest.raises(NameTaken):
        edit_topic(db, topic_id=other.entry_id, draft=draft, **DONE)
    with pytest.raises(InvalidValue):
        edit_topic(db, topic_id=first.entry_id, draft=replace(draft, minutes=0), **DONE)

    assert {line.draft for line in topics_list(db, municipality_code=CITY)} == {draft, replace(draft, code="K-2")}


def test_a_body_of_an_unknown_city_is_refused(db: Session) -> None:
    with pytest.raises(NotFound):
        add_organisation(db, municipality_code="999999", draft=OrganisationDraft("町会"), **DONE)


def change(db: Session, seen, **values):
    return change_city_settings(
        db, municipality_code=CITY, values=replace(seen, **values), seen=seen, now=NOW, by="石井"
    )


def test_the_rules_have_their_usual_values_until_somebody_decides(db: Session) -> None:
    a_municipality(db)

    rules = city_settings(db, municipality_code=CITY)

    assert (rules.people_per_helper, rules.travel_kmh, rules.offer_reply_days) == (4, 12, 3)


def test_changed_rules_reach_matching_and_keep_what_others_decided(db: Session) -> None:
    city = a_municipality(db)
    city.settings = {"matching": {"weights": {"travel": 7}}, "public_pages": False}
    db.flush()

    change(db, city_settings(db, municipality_code=CITY), people_per_helper=5, travel_kmh=20, offer_reply_days=5)

    db.expire_all()
    city = db.get_one(Municipality, CITY)
    policy = policy_of(city)
    assert (policy.people_per_helper, policy.travel_kmh, policy.weights.travel) == (5, 20.0, 7)
    assert (city.settings["public_pages"], city.settings["offer_reply_days"]) == (False, 5)


def test_public_pages_are_shown_until_somebody_switches_them_off(db: Session) -> None:
    a_municipality(db)
    seen = city_settings(db, municipality_code=CITY)

    after = change(db, seen, public_pages=False, survey_indicator="参加してよかった")

    assert (seen.public_pages, after.public_pages, after.survey_indicator) == (True, False, "参加してよかった")


def test_rules_that_changed_meanwhile_are_not_written_over(db: Session) -> None:
    a_municipality(db)
    seen = city_settings(db, municipality_code=CITY)
    change(db, seen, offer_reply_days=5)

    with pytest.raises(Conflict):
        change(db, seen, offer_reply_days=7)


@pytest.mark.parametrize(("name", "value"), [("people_per_helper", 0), ("travel_kmh", 500), ("offer_reply_days", 99)])
def test_a_rule_out_of_range_is_refused(db: Session, name: str, value: int) -> None:
    a_municipality(db)

    with pytest.raises(InvalidValue):
        change(db, city_settings(db, municipality_code=CITY), **{name: value})
