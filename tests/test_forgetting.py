"""Forgetting: who is due, who stays and why, and that nothing personal of the forgotten is left anywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy
from sqlmodel import Session, select

from events.day_lists import attendance_lines
from events.errors import InvalidValue, NotFound
from events.fields import PRIVACY, Privacy, new_id
from events.forgetting import (
    GONE,
    KEPT,
    StillNeeded,
    forget_attendee,
    forget_due,
    hold_attendee,
    people_due,
    release_attendee,
    set_retention,
)
from events.models import (
    Attendance,
    Attendee,
    CallAttempt,
    Consent,
    Consultation,
    ContactPoint,
    Device,
    Draft,
    Loan,
    Proxy,
    Registration,
)
from events.states import AttendanceState, ContactKind
from supportapp.tables import METADATA
from tests.builders import CITY, NOW, TODAY, a_municipality, a_seat, a_session, an_attendee, an_intake

LONG_AGO = date(2024, 10, 2)  # fiscal year 2024; kept to the end of fiscal year 2025
SECRETS = ("ヒミツ", "秘密", "09011112222", "1941-05-05", "小平町9-9-9", "東京三菱")


def someone(db: Session, day: date = LONG_AGO, **values):
    """A person whose every field says a secret, with a session on ``day`` and everything that may hang on it."""
    moment = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    person = an_attendee(
        db, "秘密 花子", "ヒミツ ハナコ", birth_date=date(1941, 5, 5), town="中央", address="小平町9-9-9",
        phone_model="秘密フォン", needs=["筆談"], needs_note="秘密", note="秘密", created_at=moment, last_used_on=day,
        **values,
    )  # fmt: skip
    session = a_session(db, day=day, seats=10)
    seat = a_seat(db, session, an_intake(db, session), person)
    registration = db.get_one(Registration, seat.registration_id)
    registration.applied_on, registration.note = day, "秘密"
    proxy = Proxy(attendee_id=person.id, name="秘密 次郎", relation="子", telephone="09011112222")
    db.add(proxy)
    db.flush()
    registration.proxy_id = proxy.id
    db.add_all(
        [
            ContactPoint(
                municipality_code=CITY, attendee_id=person.id, kind=ContactKind.TELEPHONE,
                value="09011112222", value_key="09011112222", whose="秘密",
            ),
            Consent(attendee_id=person.id, purpose="秘密", text_version="1", given_on=day, channel="counter"),
            Consultation(
                municipality_code=CITY, attendee_id=person.id, session_id=session.id, topic="LINE", minutes=20,
                device="秘密フォン", content="東京三菱の口座", hand_over="秘密", at=moment,
            ),
            CallAttempt(
                municipality_code=CITY, attendee_id=person.id, at=moment, outcome="reached", note="秘密"
            ),
            Attendance(
                municipality_code=CITY, session_id=session.id, attendee_id=person.id, seat_id=seat.id,
                state=AttendanceState.PRESENT, note="秘密", tap_id=new_id(), recorded_at=moment,
            ),
            Draft(
                municipality_code=CITY, account_id=new_id(), content={"name": "秘密 花子"},
                started_at=moment, changed_at=moment,
            ),
        ]
    )  # fmt: skip
    db.flush()
    return person


def a_loan(db, person, **values):
    device = Device(municipality_code=CITY, number=str(new_id()))
    db.add(device)
    db.flush()
    usual = {"municipality_code": CITY, "device_id": device.id, "attendee_id": person.id}
    loan = Loan(**{**usual, "out_on": LONG_AGO, "due_on": LONG_AGO + timedelta(days=30), **values})
    db.add(loan)
    db.flush()


def due(db, today=TODAY):
    found = people_due(db, municipality_code=CITY, today=today)
    return found.people, dict(found.staying)


def purge(db, today=TODAY):
    return forget_due(db, municipality_code=CITY, today=today, now=NOW).people


def everything(db):
    db.flush()
    return "\n".join(
        str(row) for table in METADATA.sorted_tables for row in db.execute(sqlalchemy.select(table)).all()
    )


def test_an_application_is_kept_to_the_end_of_the_fiscal_year_after_the_one_it_was_for(db):
    someone(db)

    assert due(db, date(2026, 3, 31)) == (0, {})
    assert due(db, date(2026, 4, 1)) == (1, {})


def test_the_preview_counts_by_fiscal_year_and_changes_nothing(db):
    someone(db)
    someone(db, date(2023, 5, 9))
    before = everything(db)

    found = people_due(db, municipality_code=CITY, today=TODAY)

    assert found.by_year == ((2023, 1), (2024, 1))
    assert everything(db) == before


def test_nothing_personal_of_the_forgotten_is_left_in_any_table(db):
    someone(db)
    assert all(secret in everything(db) for secret in SECRETS if secret != "1941-05-05")

    assert purge(db) == 1

    left = everything(db)
    assert [secret for secret in SECRETS if secret in left] == []


def test_counts_stay_what_they_were(db):
    person = someone(db)
    window = {"municipality_code": CITY, "first": LONG_AGO, "last": LONG_AGO}
    before = attendance_lines(db, **window)
    session_id = before[0].session_id

    purge(db)

    (line,) = attendance_lines(db, **window)
    assert (line.session_id, line.age_band, line.attendance) == (session_id, before[0].age_band, before[0].attendance)
    assert line.name == ""
    assert db.get_one(Attendee, person.id).town == "中央"
    assert db.exec(select(Consultation.topic, Consultation.minutes)).all() == [("LINE", 20)]


def test_a_purge_again_finds_nobody(db):
    someone(db)

    assert (purge(db), purge(db)) == (1, 0)


def test_who_came_again_is_kept_from_then_on(db):
    person = someone(db)
    session = a_session(db, day=date(2025, 6, 4))
    a_seat(db, session, an_intake(db, session), person)

    assert due(db, date(2028, 3, 31)) == (0, {})  # the application was made in fiscal year 2026
    assert due(db, date(2028, 4, 1)) == (1, {})


def test_a_loan_phone_that_is_out_and_its_agreement_for_five_years_stop_it(db):
    out, back, long_back = someone(db), someone(db), someone(db)
    a_loan(db, out)
    a_loan(db, back, returned_on=date(2024, 11, 1))
    a_loan(db, long_back, returned_on=date(2020, 11, 1))

    assert due(db) == (1, {"loan": 2})
    assert due(db, date(2030, 4, 1)) == (2, {"loan": 1})
    assert purge(db) == 1
    assert db.get_one(Attendee, out.id).name == "秘密 花子"


def test_who_is_held_back_stays_until_released(db):
    person = someone(db)

    hold_attendee(db, attendee_id=person.id, reason="情報公開請求の手続き中")
    while_held = due(db)
    release_attendee(db, attendee_id=person.id)

    assert (while_held, due(db)) == ((0, {"held": 1}), (1, {}))


def test_holding_somebody_back_needs_a_reason(db):
    with pytest.raises(InvalidValue):
        hold_attendee(db, attendee_id=someone(db).id, reason=" ")


def test_merged_people_are_forgotten_together_and_not_before(db):
    old = someone(db)
    now = someone(db, date(2026, 6, 3))
    old.merged_into_id = now.id
    db.flush()

    assert due(db) == (0, {})
    assert due(db, date(2028, 4, 1)) == (2, {})


def test_one_person_is_forgotten_on_request_with_a_reason(db):
    person = someone(db, TODAY - timedelta(days=30))

    forget_attendee(db, attendee_id=person.id, reason="本人の申し出", now=NOW)

    assert db.get_one(Attendee, person.id).name == ""
    with pytest.raises(NotFound):
        forget_attendee(db, attendee_id=person.id, reason="本人の申し出", now=NOW)


def test_a_request_is_refused_while_a_session_is_to_come_or_a_phone_is_out(db):
    coming, borrowing = someone(db, TODAY + timedelta(days=3)), someone(db)
    a_loan(db, borrowing)

    refused = []
    for person in (coming, borrowing):
        with pytest.raises(StillNeeded) as refusal:
            forget_attendee(db, attendee_id=person.id, reason="本人の申し出", now=NOW)
        refused.append(refusal.value.code)

    assert refused == ["forget_coming", "forget_loan"]


def test_the_spans_are_settings_of_the_municipality(db):
    a_municipality(db)
    someone(db)

    set_retention(db, municipality_code=CITY, application_years=3, loan_years=7)

    assert due(db) == (0, {})
    assert due(db, date(2028, 4, 1)) == (1, {})
    with pytest.raises(InvalidValue):
        set_retention(db, municipality_code=CITY, application_years=31, loan_years=5)


def test_people_of_another_city_are_left_alone(db):
    someone(db)
    a_municipality(db, "132136")

    assert forget_due(db, municipality_code="132136", today=TODAY, now=NOW).people == 0


def test_the_same_people_are_forgotten_on_both_databases(database):
    with database.writing() as db:
        someone(db)
    with database.writing() as db:
        assert purge(db) == 1


def test_every_personal_column_beside_a_persons_id_is_kept_on_purpose_or_taken_away():
    """A table that names an attendee and is neither thrown away nor in the list would keep what it says."""
    gone = {str(table.__tablename__) for table in GONE} | {"account"}  # a login is closed by administrators
    silent = [
        table.name
        for table in METADATA.sorted_tables
        if any(key.column.table.name == "attendee" for key in table.foreign_keys)
        and any(column.info[PRIVACY] == Privacy.PERSONAL.value for column in table.columns)
        and table.name not in gone | set(KEPT)
    ]

    assert silent == []
