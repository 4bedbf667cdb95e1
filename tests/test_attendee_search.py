"""Finding people by number, kana and name in whatever form they were typed."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy

from events.attendee_facts import AttendeeFacts, ContactFacts
from events.attendee_search import find_people, possible_duplicates
from events.attendees import add_attendee, edit_attendee
from events.models import Attendance, Attendee
from events.states import AttendanceState, ContactKind
from tests import builders

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def add(db, name, kana, telephone, municipality_code=builders.CITY, **values):
    builders.a_municipality(db, municipality_code)
    facts = AttendeeFacts(name=name, kana=kana, contacts=(ContactFacts(ContactKind.TELEPHONE, telephone),), **values)
    return add_attendee(
        db, municipality_code=municipality_code, facts=facts, now=NOW, is_another_person=True
    ).attendee_id


@pytest.fixture
def people(db):
    add(db, "髙橋 花子", "タカハシ ハナコ", "042-300-1234", town="中央")
    add(db, "高橋 一郎", "タカハシ イチロウ", "042-300-1234")
    add(db, "﨑山 邉", "サキヤマ ヘン", "090-0123-5678")
    add(db, "林", "ハヤシ", "042-301-9999")
    add(db, "𠮷田 さくら", "ヨシダ サクラ", "03-0000-0001")
    return db


def names(db, text, **values):
    return [person.name for person in find_people(db, municipality_code=builders.CITY, text=text, **values)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("042-300-1234", ["高橋 一郎", "髙橋 花子"]),
        ("0423001234", ["高橋 一郎", "髙橋 花子"]),
        ("０４２３００１２３４", ["高橋 一郎", "髙橋 花子"]),
        ("1234", ["高橋 一郎", "髙橋 花子"]),
        ("01234", ["高橋 一郎", "髙橋 花子"]),
        ("0423", ["高橋 一郎", "髙橋 花子", "林"]),
        ("+81 90 0123 5678", ["﨑山 邉"]),
        ("タカハシ", ["高橋 一郎", "髙橋 花子"]),
        ("たかはし", ["高橋 一郎", "髙橋 花子"]),
        ("ﾀｶﾊｼ", ["高橋 一郎", "髙橋 花子"]),
        ("タカハシ ハナコ", ["髙橋 花子"]),
        ("ハナコ", ["髙橋 花子"]),
        ("はな", ["髙橋 花子"]),
        ("高橋", ["高橋 一郎", "髙橋 花子"]),
        ("髙橋", ["高橋 一郎", "髙橋 花子"]),
        ("橋花", ["髙橋 花子"]),
        ("花子", ["髙橋 花子"]),
        ("崎山", ["﨑山 邉"]),
        ("辺", []),
        ("吉田", ["𠮷田 さくら"]),
        ("さくら", ["𠮷田 さくら"]),
        ("林", ["林"]),
        ("は", ["林"]),
        ("たかはし 1234", ["高橋 一郎", "髙橋 花子"]),
        ("はなこ　5678", []),
        ("123", []),
        ("", []),
        ("%", []),
        ("__", []),
        ("やまだ", []),
    ],
)
def test_people_are_found_as_they_are_asked_for(people, text, expected):
    assert names(people, text) == expected


def test_a_whole_name_comes_before_its_beginning_and_a_part(db):
    add(db, "中林", "ナカバヤシ", "042-300-0001")
    add(db, "林田", "ハヤシダ", "042-300-0002")
    add(db, "林", "ハヤシ", "042-300-0003")

    assert names(db, "林")[:2] == ["林", "林田"]
    assert names(db, "はやし") == ["林", "林田"]


def test_people_of_another_city_are_not_found(people):
    add(people, "高橋 隣", "タカハシ トナリ", "042-300-1234", municipality_code="132136")

    assert "高橋 隣" not in names(people, "たかはし")
    assert "高橋 隣" not in names(people, "1234")


@pytest.mark.parametrize("text", ["たかはし", "髙橋", "1234"])
def test_merged_and_forgotten_people_are_never_found(people, text):
    both = find_people(people, municipality_code=builders.CITY, text="たかはし")
    people.get(Attendee, both[0].attendee_id).forgotten_at = NOW
    people.get(Attendee, both[1].attendee_id).merged_into_id = both[0].attendee_id
    people.flush()

    assert names(people, text) == []


def test_two_people_alike_in_everything_are_both_shown(db):
    for _ in range(2):
        add(db, "高橋 花子", "タカハシ ハナコ", "042-300-1234")

    assert names(db, "1234") == ["高橋 花子", "高橋 花子"]


def test_a_found_person_shows_what_tells_them_apart(people):
    session = builders.a_session(people, day=date(2026, 11, 11))
    found = find_people(people, municipality_code=builders.CITY, text="ハナコ")[0]
    builders._saved(
        people,
        Attendance(
            municipality_code=builders.CITY,
            session_id=session.id,
            attendee_id=found.attendee_id,
            state=AttendanceState.PRESENT,
            tap_id=session.id,
            recorded_at=NOW,
        ),
    )

    seen = find_people(people, municipality_code=builders.CITY, text="ハナコ")[0]

    assert (seen.town, seen.telephone_tail, seen.last_visit_on) == ("中央", "1234", date(2026, 11, 11))


def test_the_age_band_follows_the_date_of_birth(db):
    add(db, "高橋 花子", "タカハシ ハナコ", "042-300-1234", birth_date=date(1951, 11, 22))

    day_before = find_people(db, municipality_code=builders.CITY, text="1234", today=date(2026, 11, 21))
    birthday = find_people(db, municipality_code=builders.CITY, text="1234", today=date(2026, 11, 22))

    assert [day_before[0].age_band, birthday[0].age_band] == ["70-74", "75-79"]


def test_a_changed_name_is_found_by_the_new_one_only(people):
    found = find_people(people, municipality_code=builders.CITY, text="ハナコ")[0]
    facts = AttendeeFacts(
        "鈴木 花子", "スズキ ハナコ", contacts=(ContactFacts(ContactKind.TELEPHONE, "042-399-8765"),)
    )

    edit_attendee(people, attendee_id=found.attendee_id, facts=facts, version=1, now=NOW)

    assert names(people, "髙橋花") == []
    assert names(people, "鈴木") == ["鈴木 花子"]
    assert names(people, "8765") == ["鈴木 花子"]
    assert names(people, "1234") == ["高橋 一郎"]


@pytest.mark.parametrize(
    ("name", "kana", "telephone", "expected"),
    [
        ("高橋 花子", "タカハシ ハナコ", "", ["髙橋 花子"]),
        ("高橋花子", "", "042-300-1234", ["髙橋 花子"]),
        ("", "タカハシハナコ", "042-300-1234", ["髙橋 花子"]),
        ("鈴木 花子", "スズキ ハナコ", "042-300-1234", []),
        ("", "", "042-300-1234", []),
    ],
)
def test_possible_duplicates_are_told_while_typing(people, name, kana, telephone, expected):
    found = possible_duplicates(
        people, municipality_code=builders.CITY, name=name, kana=kana, telephone=telephone
    )

    assert [person.name for person in found] == expected


def statements(db, action):
    seen = []
    connection = db.connection()
    listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    sqlalchemy.event.listen(connection, "before_cursor_execute", listener)
    action()
    sqlalchemy.event.remove(connection, "before_cursor_execute", listener)
    return len(seen)


def test_one_or_many_found_cost_the_same_number_of_statements(people):
    one = statements(people, lambda: names(people, "ハナコ"))
    for number in range(10):
        add(people, f"高橋 {number}子", "タカハシ コ", "042-300-1234")
    many = statements(people, lambda: names(people, "タカハシ"))

    assert many == one
