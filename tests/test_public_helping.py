"""Offering help and answering a questionnaire on the public pages, and what the office sees of both."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from events.errors import InvalidValue, NotFound
from events.japan.clock import at_tokyo
from events.models import Consent, ContactPoint, Municipality, SurveyResponse
from events.public_programme import PUBLIC_PAGES
from events.states import ProgrammeState
from events.surveys import (
    FEWEST_SHOWN,
    INDICATOR,
    SurveyAnswers,
    key_in_sheet,
    result_of,
    survey_result,
)
from supportapp.attention import attention
from supportapp.backend import Backend
from supportapp.database import Database
from supportapp.public.seals import office_secret
from supportapp.public.survey_links import survey_path
from supportapp.survey_figures import answers_of
from tests.builders import CITY, NOW, TODAY, a_municipality, a_session, a_workshop
from tests.public_visitor import Visitor, a_visitor
from volunteers.availability import times_of
from volunteers.models import Membership, Volunteer
from volunteers.roster import MembershipTerms, set_membership
from volunteers.states import VolunteerKind, VolunteerState

OFFER = {
    "name": "鈴木 一郎", "kana": "すずき いちろう", "telephone": "090-1234-5678", "kind": "tokyo_supporter",
    "adult": "yes", "skills": ["iphone", "line"], "free": ["2-morning", "5-evening"], "consent": "yes",
}  # fmt: skip


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backend(database: Database, clock: Clock) -> Iterator[Backend]:
    opened = Backend(database, clock=clock)
    yield opened
    opened._readers.shutdown()
    opened._writers.shutdown()


@pytest.fixture
def visitor(backend: Backend) -> Visitor:
    with backend.database.writing() as db:
        a_municipality(db)
    return a_visitor(backend)


def offers(visitor: Visitor, **values: object) -> Visitor:
    return visitor.opens(f"/join/{CITY}").sends(f"/join/{CITY}", **{**OFFER, **values})


def volunteers(database: Database) -> list[Volunteer]:
    with database.reading() as db:
        return list(db.exec(select(Volunteer)).all())


def test_an_offer_to_help_is_written_down_as_provisional_with_everything_said(visitor, database):
    offers(visitor)

    assert visitor.status == 200
    assert "ありがとうございます" in visitor.words
    (volunteer,) = volunteers(database)
    assert (volunteer.name, volunteer.kind, volunteer.skills) == (
        "鈴木 一郎", VolunteerKind.TOKYO_SUPPORTER, ["iphone", "line"],
    )  # fmt: skip
    with database.reading() as db:
        member = db.exec(select(Membership)).one()
        assert (member.state, member.municipality_code) == (VolunteerState.PROVISIONAL, CITY)
        weekly = times_of(db, volunteer_id=volunteer.id).weekly
        assert [(each.weekday, each.start.hour, each.end.hour) for each in weekly] == [(2, 9, 12), (5, 17, 20)]
        assert db.exec(select(Consent.volunteer_id)).one() == volunteer.id
        assert db.exec(select(ContactPoint.value_key)).one() == "09012345678"


def test_the_office_sees_an_offer_until_it_was_answered(visitor, database):
    offers(visitor)
    (volunteer,) = volunteers(database)

    with database.writing() as db:
        assert attention(db, municipality_code=CITY, now=NOW).offers_to_help == 1
        set_membership(
            db, volunteer_id=volunteer.id, municipality_code=CITY, terms=MembershipTerms(VolunteerState.TRAINING)
        )
        assert attention(db, municipality_code=CITY, now=NOW).offers_to_help == 0


def test_an_offer_sent_twice_is_one_person_and_a_second_one_tells_nothing(visitor, database):
    offers(visitor)
    first = visitor.words
    visitor.opens(f"/join/{CITY}")
    sent = {**visitor.hidden(), **OFFER}

    visitor.sends(f"/join/{CITY}", **sent)
    assert visitor.sends(f"/join/{CITY}", **sent).words == first

    assert len(volunteers(database)) == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "入力してください。"),
        ({"name": "あ" * 300}, "300文字あります。"),
        ({"telephone": ""}, "電話番号か、ほかの連絡先のどちらかを入力してください。"),
        ({"email": "ここ"}, "メールアドレスとして読めません。"),
        ({"kind": "staff"}, "一覧から選んでください。"),
        ({"adult": None}, "一覧から選んでください。"),
        ({"adult": "no"}, "TOKYOスマホサポーターは18歳以上の方です。"),
        ({"consent": None}, "利用目的を読んで、同意の欄に印を付けてください。"),
        ({"note": "1234-5678-9018"}, "マイナンバー（個人番号）のようです。"),
    ],
)
def test_what_is_wrong_with_an_offer_is_said_at_its_field(visitor, database, values, sentence):
    offers(visitor, town="中央", **values)

    assert visitor.status == 422
    assert sentence in visitor.words
    assert 'value="中央"' in visitor.html
    assert "9018" not in visitor.html
    assert volunteers(database) == []


def test_a_student_of_17_may_offer_help_and_the_office_reads_the_age(visitor, database):
    offers(visitor, kind="student", adult="no", name="<b>学生</b>")

    assert volunteers(database)[0].note == "18歳未満（本人の申告）"
    assert "<b>" not in visitor.html


def test_a_forged_offer_and_a_city_without_public_pages_are_refused(visitor, database):
    visitor.opens(f"/join/{CITY}")
    assert visitor.sends(f"/join/{CITY}", origin="https://evil.example", **OFFER).status == 403
    assert offers(visitor, seal="x").status == 403
    with database.writing() as db:
        db.get_one(Municipality, CITY).settings = {PUBLIC_PAGES: False}

    assert visitor.opens(f"/join/{CITY}").status == 404
    assert volunteers(database) == []


# ── the questionnaire ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sheet(database: Database) -> tuple[UUID, str]:
    """A session today and the address of its questionnaire."""
    with database.writing() as db:
        session = a_session(db, workshop_id=a_workshop(db, title="はじめてのスマホ").id)
        office_secret(db, proposal="ab" * 32)
        return session.id, survey_path(db, session_id=session.id)


def test_a_questionnaire_is_answered_without_a_name(visitor, database, sheet):
    session_id, path = sheet

    visitor.opens(path).sends(path, satisfaction="5", able_before="1", able_after="3", has_someone="yes")

    assert "ありがとうございました" in visitor.words
    with database.reading() as db:
        kept = db.exec(select(SurveyResponse)).one()
        assert kept.answers == {"satisfaction": 5, "able_before": 1, "able_after": 3, "has_someone": True}
        assert (kept.session_id, kept.keyed_on) == (session_id, TODAY)


def test_the_citys_own_words_for_its_indicator_are_asked(visitor, database, sheet):
    with database.writing() as db:
        db.get_one(Municipality, CITY).settings = {INDICATOR: "市のデジタル化に満足していますか"}

    assert "市のデジタル化に満足していますか" in visitor.opens(sheet[1]).words


def test_a_questionnaire_sent_twice_counts_once(visitor, database, sheet):
    sent = {**visitor.opens(sheet[1]).hidden(), "satisfaction": "4"}

    visitor.sends(sheet[1], **sent)
    visitor.sends(sheet[1], **sent)

    with database.reading() as db:
        assert survey_result(db, session_id=sheet[0]).count == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "まだ何も選ばれていません。"),
        ({"satisfaction": "9"}, "この数は使えません。"),
        ({"next_wish": "あ" * 300}, "300文字あります。"),
        ({"next_wish": "123456789018"}, "マイナンバー（個人番号）のようです。"),
    ],
)
def test_what_is_wrong_with_answers_is_said(visitor, database, sheet, values, sentence):
    visitor.opens(sheet[1]).sends(sheet[1], **values)

    assert visitor.status == 422
    assert sentence in visitor.words


def test_a_questionnaire_is_open_from_the_day_for_a_month(visitor, sheet, clock):
    path = sheet[1]
    for day, status in ((-1, 409), (0, 200), (31, 200), (32, 409)):
        clock.now = at_tokyo(TODAY + timedelta(days=day), NOW.time())
        assert visitor.opens(path).sends(path, satisfaction="5").status == status


@pytest.mark.parametrize("token", ["x", "a" * 32, "A" * 31 + "=", "日本語", "../../etc"])
def test_an_address_we_did_not_make_opens_nothing(visitor, sheet, token):
    assert visitor.opens(f"/survey/{token}").status == 404


def test_an_address_with_one_sign_changed_opens_nothing(visitor, sheet):
    path = sheet[1]
    changed = path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1]

    assert visitor.opens(changed).status == 404


def test_a_cancelled_session_has_no_questionnaire(database):
    with database.writing() as db:
        session = a_session(db, state=ProgrammeState.CANCELLED)
        office_secret(db, proposal="ab" * 32)
        with pytest.raises(NotFound):
            survey_path(db, session_id=session.id)


def test_fewer_than_five_answers_show_nothing_but_their_number(database, sheet):
    with database.writing() as db:
        for _ in range(FEWEST_SHOWN - 1):
            key_in_sheet(db, session_id=sheet[0], answers=answers_of("5241", "LINE"), now=NOW)
        before = survey_result(db, session_id=sheet[0])
        key_in_sheet(db, session_id=sheet[0], answers=answers_of("3331", "地図"), now=NOW)
        after = survey_result(db, session_id=sheet[0])

    assert (before.count, before.satisfaction, before.wishes, before.paired) == (4, {}, (), 0)
    assert (after.count, after.mean_satisfaction, after.improved, after.paired) == (5, 4.6, 4, 5)
    assert (after.has_someone, after.asked_someone, after.wishes[0]) == (5, 5, "LINE")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine says nothing of the rule
@given(st.lists(st.dictionaries(st.sampled_from(["satisfaction", "able_before", "able_after"]), st.integers(1, 4))))
def test_no_question_says_anything_of_fewer_than_five(sheets):
    result = result_of(sheets)

    rated = sum("satisfaction" in sheet for sheet in sheets)
    paired = sum({"able_before", "able_after"} <= sheet.keys() for sheet in sheets)
    assert sum(result.satisfaction.values()) == (rated if rated >= FEWEST_SHOWN else 0)
    assert result.paired == (paired if paired >= FEWEST_SHOWN else 0)
    assert result.improved <= result.paired


@pytest.mark.parametrize(
    ("figures", "answers"),
    [
        ("5241", SurveyAnswers(5, 2, 4, True)),
        ("0002", SurveyAnswers(None, None, None, False)),
        ("４", SurveyAnswers(4)),
    ],
)
def test_four_figures_are_a_sheet(figures, answers):
    assert answers_of(figures, "") == answers


@pytest.mark.parametrize("figures", ["6111", "1511", "52413", "5a41", "1113", "-1"])
def test_figures_that_no_question_has_are_refused(figures):
    with pytest.raises(InvalidValue):
        answers_of(figures, "")
