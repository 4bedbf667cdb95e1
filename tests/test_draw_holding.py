"""A draw at the office: who takes part, who is set apart and why, the result, the record, and when it is locked."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from events.draw.decisions import decide_draw_part, undo_draw_decision
from events.draw.errors import (
    DeadlineAfterSession,
    DrawIsOver,
    DrawLocked,
    DrawTooEarly,
    NobodyToDraw,
    NotDrawn,
    WeightsExcludeEveryone,
)
from events.draw.holding import hold_draw
from events.draw.page import draw_page, draw_preview, draw_record, draws_of_workshop
from events.draw.record import verify_record
from events.draw.rules import DrawRules, set_draw_rules
from events.errors import InvalidValue
from events.integrity import find_inconsistencies
from events.models import (
    Attendance,
    Choice,
    ContactPoint,
    DrawRecord,
    Notice,
    Registration,
    WorkshopSession,
)
from events.notices.results import begin_telling
from events.parties import NotOfOneIntake, SeatedAlready, link_party, unlink_party
from events.registration_changes import cancel_registration
from events.registration_errors import SessionBegun
from events.registration_queries import registration_receipt
from events.states import (
    AttendanceState,
    Channel,
    ContactKind,
    IntakeMethod,
    IntakeUnit,
    ProgrammeState,
    RegistrationState,
)
from tests import builders

DAY = date(2026, 12, 20)
DEADLINE = datetime(2026, 12, 6, 8, 0, tzinfo=UTC)  # Sunday 17:00 in Tokyo
NOW = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
BEFORE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def a_draw(db, *, seats=3, sessions=1, unit=IntakeUnit.SESSION, workshop=None, **values):
    """An intake that is drawn, with its deadline over; its sessions stand a day apart."""
    workshop = builders.a_workshop(db, **(workshop or {}))
    rows = [
        builders.a_session(db, day=DAY + timedelta(days=days), seats=seats, workshop_id=workshop.id, number=days + 1)
        for days in range(sessions)
    ]
    usual = {"method": IntakeMethod.DRAW, "unit": unit, "deadline_at": DEADLINE}
    return rows, builders.an_intake(db, *rows, **{**usual, **values})


def apply_for(db, intake, name="", sessions=(), **values):
    """One application that waits for the draw; ``person`` holds facts of the applicant."""
    number = intake.next_number
    person = builders.an_attendee(db, name or f"人 {number}", f"ヒト {number}", **values.pop("person", {}))
    row = Registration(
        **{
            "municipality_code": intake.municipality_code,
            "intake_id": intake.id,
            "attendee_id": person.id,
            "state": RegistrationState.WAITING_DRAW,
            "number": number,
            "receipt_number": f"D{number}-{intake.id.hex[-6:]}",
            "channel": Channel.TELEPHONE,
            "applied_on": BEFORE.date(),
            "received_at": BEFORE,
            "changed_at": BEFORE,
            **values,
        }
    )
    intake.next_number += 1
    db.add(row)
    db.flush()
    for rank, session in enumerate(sessions, start=1):
        db.add(Choice(registration_id=row.id, session_id=session.id, rank=rank))
    db.flush()
    return row


def draw(db, intake, seed="1", **values):
    return hold_draw(db, intake_id=intake.id, seed=seed, **{"now": NOW, "by": "佐藤", **values})


def apart(db, intake):
    return {each.number: each.because for each in draw_preview(db, intake_id=intake.id, now=NOW) if each.because}


def states(db, rows):
    return [registration_receipt(db, registration_id=row.id).state.value for row in rows]


def test_a_draw_gives_seats_keeps_reserves_in_order_and_the_others_have_lost(db):
    (session,), intake = a_draw(db, seats=3, draw_weights={"reserves": 2})
    rows = [apply_for(db, intake) for _ in range(9)]

    receipt = draw(db, intake)

    assert (receipt.seats, receipt.reserves, receipt.lost, receipt.set_apart) == (3, 2, 4, 0)
    found = states(db, rows)
    assert [found.count(state) for state in ("confirmed", "waiting", "lost")] == [3, 2, 4]
    by_order = sorted((line["reserve"], line["numbers"][0]) for line in receipt.record["result"] if line["reserve"])
    ranks = {row.number: registration_receipt(db, registration_id=row.id).rank for row in rows}
    assert [ranks[number] for _, number in by_order] == [1, 2]
    db.refresh(session)
    assert (session.confirmed_count, session.state) == (3, ProgrammeState.DRAWN)
    assert find_inconsistencies(db) == ()


def test_the_same_seed_gives_the_same_result_and_the_record_proves_it_without_names(db):
    _, intake = a_draw(db, seats=4)
    for number in range(12):
        apply_for(db, intake, f"山田 {number}子")

    first = draw(db, intake, seed="20261208")
    again = draw(db, intake, seed="20261208", reason="もう一度確かめる")

    assert again.record["result"] == first.record["result"]
    assert (again.attempt, again.record["attempt"]) == (2, 2)
    record = json.loads(json.dumps(draw_record(db, intake_id=intake.id), ensure_ascii=False))
    assert verify_record(record).seats == 4
    assert "山田" not in json.dumps(record, ensure_ascii=False)
    assert find_inconsistencies(db) == ()


def test_a_draw_without_a_seed_takes_a_new_one(db):
    _, intake = a_draw(db)
    apply_for(db, intake)

    receipt = hold_draw(db, intake_id=intake.id, now=NOW, by="佐藤")

    assert len(receipt.seed) == 32
    assert verify_record(receipt.record).seed == receipt.seed


def test_repeating_needs_a_reason_replaces_the_record_and_frees_what_the_first_gave(db):
    (session,), intake = a_draw(db, seats=2, draw_weights={"reserves": 1})
    rows = [apply_for(db, intake) for _ in range(6)]
    first = draw(db, intake, seed="a")

    with pytest.raises(InvalidValue):
        draw(db, intake, seed="b")
    second = draw(db, intake, seed="b", reason="はがき1枚が漏れていた")

    old, new = db.get(DrawRecord, first.record_id), db.get(DrawRecord, second.record_id)
    assert (old.replaced_by_id, new.replaced_by_id, new.reason) == (new.id, None, "はがき1枚が漏れていた")
    found = states(db, rows)
    assert [found.count(state) for state in ("confirmed", "waiting", "lost")] == [2, 1, 3]
    db.refresh(session)
    assert session.confirmed_count == 2
    assert find_inconsistencies(db) == ()


def test_who_cancelled_after_the_first_draw_is_not_in_the_second(db):
    _, intake = a_draw(db, seats=1, draw_weights={"reserves": 0})
    rows = [apply_for(db, intake) for _ in range(3)]
    draw(db, intake)
    winner = next(row for row in rows if states(db, [row]) == ["confirmed"])
    cancel_registration(db, registration_id=winner.id, reason="都合", now=NOW, by="佐藤")
    for notice in db.exec(select(Notice)).all():  # told on the spot: nothing stands against drawing again
        db.delete(notice)
    db.flush()

    again = draw(db, intake, seed="2", reason="当選者が辞退した")

    assert again.seats + again.lost == 2
    assert states(db, [winner]) == ["cancelled_by_person"]


def test_once_people_are_told_the_draw_is_locked(db):
    _, intake = a_draw(db)
    row = apply_for(db, intake)
    draw(db, intake)
    notice = Notice(
        municipality_code=builders.CITY, registration_id=row.id, attendee_id=row.attendee_id, kind="x", created_at=NOW
    )
    db.add(notice)
    db.flush()

    with pytest.raises(DrawLocked):
        draw(db, intake, reason="もう一度")
    with pytest.raises(DrawLocked):
        set_draw_rules(db, intake_id=intake.id, rules=DrawRules(), now=NOW, by="佐藤")
    assert draw_page(db, intake_id=intake.id, now=NOW).locked_at == NOW


def test_telling_people_locks_the_draw_and_moves_the_sessions_on(db):
    (session,), intake = a_draw(db)
    apply_for(db, intake)
    draw(db, intake)

    assert begin_telling(db, intake_id=intake.id, now=NOW, by="佐藤") == 1
    assert draw_page(db, intake_id=intake.id, now=NOW).locked_at == NOW
    db.refresh(session)
    assert session.state is ProgrammeState.NOTIFIED


@pytest.mark.parametrize(
    ("by_postmark", "values", "is_late"),
    [
        (False, {"applied_on": date(2026, 12, 6), "received_at": datetime(2026, 12, 6, 7, 59, tzinfo=UTC)}, False),
        (False, {"applied_on": date(2026, 12, 6), "received_at": datetime(2026, 12, 6, 8, 1, tzinfo=UTC)}, True),
        (False, {"applied_on": date(2026, 12, 6), "received_at": datetime(2026, 12, 7, 1, 0, tzinfo=UTC)}, False),
        (False, {"applied_on": date(2026, 12, 7), "postmark_on": date(2026, 12, 5)}, True),
        (True, {"applied_on": date(2026, 12, 8), "postmark_on": date(2026, 12, 6)}, False),
        (True, {"applied_on": date(2026, 12, 6), "postmark_on": date(2026, 12, 7)}, True),
        (True, {"applied_on": date(2026, 12, 8)}, True),
    ],
    ids=["in time", "a minute late", "typed in later", "必着", "消印有効", "postmark late", "postmark unknown"],
)
def test_late_is_by_arrival_or_by_postmark_as_the_intake_says(db, by_postmark, values, is_late):
    _, intake = a_draw(db, deadline_by_postmark=by_postmark)
    row = apply_for(db, intake, channel=Channel.POSTCARD, **values)

    assert apart(db, intake) == ({row.number: "late"} if is_late else {})


def test_who_is_not_eligible_is_set_apart_with_the_reason_and_nobody_is_dropped(db):
    _, intake = a_draw(db, workshop={"minimum_age": 65, "residents_only": True})
    facts = [
        {"birth_date": date(1961, 12, 20), "residence": "lives"},
        {"birth_date": date(1961, 12, 21), "residence": "lives"},  # 65 a day after the session
        {"age_band": "60-64", "residence": "works"},
        {"age_band": "65-69", "residence": "elsewhere"},
        {"residence": "studies"},
    ]
    rows = [apply_for(db, intake, person=each) for each in facts]

    assert apart(db, intake) == {2: "too_young", 3: "too_young", 4: "elsewhere"}
    unknown = {each.number: each.unknown for each in draw_preview(db, intake_id=intake.id, now=NOW)}
    assert unknown[5] == ("age",)
    receipt = draw(db, intake)
    assert (receipt.seats, receipt.set_apart) == (2, 3)
    assert states(db, rows) == ["confirmed", "refused", "refused", "refused", "confirmed"]
    assert [each["number"] for each in receipt.record["set_apart"]] == [2, 3, 4]
    because = {line.number: line.because for line in draw_page(db, intake_id=intake.id, now=NOW).results}
    assert because == {1: "", 5: "", 2: "too_young", 3: "too_young", 4: "elsewhere"}


def test_a_second_application_of_the_same_person_under_another_record_is_a_duplicate(db):
    _, intake = a_draw(db)
    same = {"name_key": "高橋花子", "kana_key": "タカハシハナコ", "birth_date": date(1944, 5, 1)}
    apply_for(db, intake, person=same)
    apply_for(db, intake, person=same)
    apply_for(db, intake, person={**same, "birth_date": date(1950, 5, 1)})
    for number in (4, 5):
        row = apply_for(db, intake, person={"name_key": "林", "kana_key": "ハヤシ"})
        db.add(
            ContactPoint(
                municipality_code=builders.CITY,
                attendee_id=row.attendee_id,
                kind=ContactKind.TELEPHONE,
                value=f"042-{number}",
                value_key="0421234567",
            )
        )
    db.flush()

    assert apart(db, intake) == {2: "duplicate", 5: "duplicate"}
    preview = {each.number: each.same_as for each in draw_preview(db, intake_id=intake.id, now=NOW)}
    assert (preview[2], preview[5]) == (1, 4)


def test_staff_can_put_somebody_back_or_set_somebody_apart_with_a_reason(db):
    _, intake = a_draw(db)
    on_time = apply_for(db, intake)
    late = apply_for(db, intake, applied_on=date(2026, 12, 7))
    with pytest.raises(InvalidValue):
        decide_draw_part(db, registration_id=late.id, takes_part=True, reason="", now=NOW, by="佐藤")

    decide_draw_part(db, registration_id=late.id, takes_part=True, reason="大雪で配達が遅れた", now=NOW, by="佐藤")
    decide_draw_part(db, registration_id=on_time.id, takes_part=False, reason="本人の希望", now=NOW, by="佐藤")

    assert apart(db, intake) == {1: "by_hand"}
    shown = {each.number: (each.decided, each.reason) for each in draw_preview(db, intake_id=intake.id, now=NOW)}
    assert shown == {1: (False, "本人の希望"), 2: (True, "大雪で配達が遅れた")}
    undo_draw_decision(db, registration_id=on_time.id, now=NOW, by="佐藤")
    assert apart(db, intake) == {}
    draw(db, intake)
    with pytest.raises(DrawIsOver):
        undo_draw_decision(db, registration_id=late.id, now=NOW, by="佐藤")


def test_a_pair_is_drawn_together_with_the_slips_of_the_weaker_and_a_carer_takes_nothing_away(db):
    _, intake = a_draw(db, draw_weights={"usual": 1, "resident": 2})
    lives, visits = {"residence": "lives"}, {"residence": "works"}
    rows = [apply_for(db, intake, person=facts) for facts in (lives, visits, lives, visits)]
    link_party(db, registration_id=rows[0].id, with_registration_ids=[rows[1].id], now=NOW, by="佐藤")
    link_party(db, registration_id=rows[2].id, with_registration_ids=[rows[3].id], kind="carer", now=NOW, by="佐藤")

    preview = draw_preview(db, intake_id=intake.id, now=NOW)
    drawn_as = {each.number: (each.slips_of_unit, each.with_numbers) for each in preview}
    assert drawn_as == {1: (1, (2,)), 2: (1, (1,)), 3: (3, (4,)), 4: (3, (3,))}
    receipt = draw(db, intake)
    assert sorted(each["numbers"] for each in receipt.record["result"]) == [[1, 2], [3, 4]]
    assert sorted(states(db, rows)) == ["confirmed", "confirmed", "waiting", "waiting"]  # three seats: no half pair


def test_a_pair_whose_other_half_is_not_eligible_is_set_apart_as_a_whole_and_can_be_decided(db):
    _, intake = a_draw(db, workshop={"minimum_age": 60})
    old = apply_for(db, intake, person={"birth_date": date(1940, 1, 1)})
    young = apply_for(db, intake, person={"birth_date": date(1990, 1, 1)})
    link_party(db, registration_id=old.id, with_registration_ids=[young.id], now=NOW, by="佐藤")
    assert apart(db, intake) == {1: "partner", 2: "too_young"}

    decide_draw_part(db, registration_id=old.id, takes_part=True, reason="一人で参加する", now=NOW, by="佐藤")
    assert apart(db, intake) == {2: "too_young"}
    unlink_party(db, registration_id=old.id, now=NOW, by="佐藤")
    undo_draw_decision(db, registration_id=old.id, now=NOW, by="佐藤")
    assert apart(db, intake) == {2: "too_young"}


def test_only_who_waits_for_the_same_thing_can_be_a_pair(db):
    _, intake = a_draw(db)
    _, other = a_draw(db)
    one, two = apply_for(db, intake), apply_for(db, intake)
    with pytest.raises(NotOfOneIntake):
        link_party(db, registration_id=one.id, with_registration_ids=[apply_for(db, other).id], now=NOW, by="佐藤")
    with pytest.raises(InvalidValue):
        link_party(db, registration_id=one.id, with_registration_ids=[one.id], now=NOW, by="佐藤")
    draw(db, intake)

    with pytest.raises(SeatedAlready):
        link_party(db, registration_id=one.id, with_registration_ids=[two.id], now=NOW, by="佐藤")


def test_first_timers_earlier_losers_and_residents_weigh_more(db):
    past_session, past = a_draw(db, deadline_at=None)
    _, intake = a_draw(db, draw_weights={"usual": 1, "first_time": 1, "lost_before": 2, "resident": 3})
    came, lost, new = (apply_for(db, intake, person={"residence": where}) for where in ("works", "works", "lives"))
    seat = builders.a_seat(db, past_session[0], past, db.get_one(type(came), came.id) and _person(db, came))
    db.add(
        Attendance(
            municipality_code=builders.CITY,
            session_id=seat.session_id,
            attendee_id=came.attendee_id,
            state=AttendanceState.PRESENT,
            tap_id=seat.id,
            recorded_at=NOW,
        )
    )
    earlier = apply_for(db, past)
    earlier.attendee_id, earlier.state = lost.attendee_id, RegistrationState.LOST
    earlier.changed_at = NOW - timedelta(days=300)
    db.flush()

    shown = {each.number: (each.slips, each.slips_for) for each in draw_preview(db, intake_id=intake.id, now=NOW)}

    assert shown == {
        came.number: (1, ()),
        lost.number: (4, ("first_time", "lost_before")),
        new.number: (5, ("first_time", "resident")),
    }


def _person(db, row):
    return db.get_one(builders.Attendee, row.attendee_id)


def test_a_loss_of_more_than_a_year_ago_or_before_a_later_seat_no_longer_counts(db):
    sessions, past = a_draw(db, deadline_at=None)
    _, intake = a_draw(db, draw_weights={"lost_before": 2})
    old, seated = apply_for(db, intake), apply_for(db, intake)
    for row, days in ((old, 366), (seated, 100)):
        earlier = apply_for(db, past)
        earlier.attendee_id, earlier.state = row.attendee_id, RegistrationState.LOST
        earlier.changed_at = NOW - timedelta(days=days)
    builders.a_seat(db, sessions[0], past, _person(db, seated), given_at=NOW - timedelta(days=50))

    assert {each.slips for each in draw_preview(db, intake_id=intake.id, now=NOW)} == {1}


def test_choices_are_served_by_rank_and_a_course_takes_all_its_sessions(db):
    sessions, intake = a_draw(db, seats=2, sessions=2, unit=IntakeUnit.CHOICE, draw_weights={"reserves": 1})
    rows = [apply_for(db, intake, sessions=sessions) for _ in range(5)]
    rows.append(apply_for(db, intake, sessions=sessions[1:]))
    receipt = draw(db, intake)
    assert (receipt.seats, receipt.reserves, receipt.lost) == (4, 1, 1)
    for session in sessions:
        db.refresh(session)
        assert session.confirmed_count == 2

    course_sessions, course = a_draw(db, seats=2, sessions=3, unit=IntakeUnit.COURSE)
    for _ in range(3):
        apply_for(db, course)
    assert draw(db, course).seats == 2
    for session in course_sessions:
        db.refresh(session)
        assert session.confirmed_count == 2
    assert find_inconsistencies(db) == ()


def test_who_is_old_enough_only_for_the_later_session_is_drawn_for_that_one(db):
    sessions, intake = a_draw(db, sessions=2, unit=IntakeUnit.CHOICE, workshop={"minimum_age": 65})
    apply_for(db, intake, sessions=sessions, person={"birth_date": date(1961, 12, 21)})

    assert draw(db, intake).record["result"][0]["sessions"] == [2]


def test_a_stopped_session_is_not_drawn_for(db):
    sessions, intake = a_draw(db, sessions=2, unit=IntakeUnit.CHOICE)
    only_first, both = apply_for(db, intake, sessions=sessions[:1]), apply_for(db, intake, sessions=sessions)
    sessions[0].state = ProgrammeState.CANCELLED
    db.flush()

    assert apart(db, intake) == {only_first.number: "no_session"}
    assert draw(db, intake).record["result"][0]["numbers"] == [both.number]


def test_a_draw_before_the_deadline_needs_a_reason(db):
    _, intake = a_draw(db)
    apply_for(db, intake)

    with pytest.raises(DrawTooEarly):
        draw(db, intake, now=BEFORE)
    assert draw(db, intake, now=BEFORE, reason="会場の都合").seats == 1


def test_what_cannot_be_drawn_is_refused_with_the_reason(db):
    _, first_come = a_draw(db, method=IntakeMethod.FIRST_COME)
    with pytest.raises(NotDrawn):
        draw(db, first_come)
    _, empty = a_draw(db)
    with pytest.raises(NobodyToDraw):
        draw(db, empty)
    _, after = a_draw(db, deadline_at=datetime(2026, 12, 25, tzinfo=UTC))
    apply_for(db, after)
    with pytest.raises(DeadlineAfterSession):
        draw(db, after)
    _, over = a_draw(db)
    apply_for(db, over)
    with pytest.raises(SessionBegun):
        draw(db, over, now=datetime(2026, 12, 20, 5, 0, tzinfo=UTC))


def test_weights_that_exclude_everyone_are_refused_and_nothing_is_written(db):
    _, intake = a_draw(db, draw_weights={"usual": 0, "resident": 3})
    rows = [apply_for(db, intake, person={"residence": "works"}) for _ in range(3)]

    with pytest.raises(WeightsExcludeEveryone) as refused:
        draw(db, intake)

    assert refused.value.details["count"] == 3
    assert states(db, rows) == ["waiting_draw"] * 3
    assert set(apart(db, intake).values()) == {"no_slip"}


@pytest.mark.parametrize("rules", [DrawRules(usual=-1), DrawRules(resident=21), DrawRules(reserves=5000)])
def test_rules_outside_of_what_makes_sense_are_refused(db, rules):
    _, intake = a_draw(db)

    with pytest.raises(InvalidValue):
        set_draw_rules(db, intake_id=intake.id, rules=rules, now=NOW, by="佐藤")


def test_the_workshop_lists_its_draws_by_their_first_day(db):
    (session,), intake = a_draw(db)
    apply_for(db, intake)

    (found,) = draws_of_workshop(db, workshop_id=session.workshop_id)

    assert (found.intake_id, found.applicants, found.held_on, found.drawn_at) == (intake.id, 1, (DAY,), None)
    assert db.get(WorkshopSession, session.id).state is ProgrammeState.OPEN


def test_who_has_a_seat_there_through_another_application_is_set_apart_and_not_seated_twice(db):
    (session,), intake = a_draw(db, seats=3)
    row = apply_for(db, intake)
    other = builders.an_intake(db, session)
    builders.a_seat(db, session, other, _person(db, row))

    assert apart(db, intake) == {row.number: "seated"}
    with pytest.raises(NobodyToDraw):
        draw(db, intake)
