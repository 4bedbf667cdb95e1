"""The public, the staff and the volunteer calendar: what stands in them, and that it arrives."""

import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
import pytest

from exports.calendar import (
    AssignmentForCalendar,
    CalendarEntry,
    CalendarWords,
    EntryStatus,
    SessionForCalendar,
    StaffSessionForCalendar,
    calendar_file,
    etag,
    public_calendar,
    staff_calendar,
    volunteer_calendar,
)
from exports.calendar.writing import _octets
from tests.readers.strict_lines import violations

WORDS = CalendarWords(
    cancelled_title="【中止】{title}",
    postponed_title="【延期】{title}",
    tentative_title="【仮】{title}",
    withdrawn_title="【取消】{title}",
    people="参加者 {count}/{limit}",
    waiting="キャンセル待ち {count}",
    helpers="サポーター {count}/{limit}",
    devices="貸出端末 {count}/{limit}",
    meeting="集合時刻 {time}",
    role="役割 {role}",
    contact="連絡先 {contact}",
    roles={"lead": "講師", "helper": "アシスタント", "reception": "受付"},
)
SESSION = UUID("0196a000-0000-7000-8000-000000000001")
ASSIGNMENT = UUID("0196a000-0000-7000-8000-0000000000aa")
STARTS = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, tzinfo=UTC)


def session(**changes):
    values = {
        "session_id": SESSION,
        "sequence": 2,
        "state": "open",
        "title": "はじめてのスマホ（第1回）",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=2),
        "last_modified": CHANGED,
        "venue": "中央公民館",
        "room": "講座室2",
        "address": "小平市小川町2-1325",
        "description": "持ち物：なし",
        "contact": "生涯学習課 042-000-0000",
        "url": "https://example.jp/apply/workshop/1",
        "place": (35.7285, 139.4774),
    }
    return SessionForCalendar(**values | changes)


def staffed(**changes):
    values = {
        "session": session(), "people": 8, "seats": 10, "waiting": 0, "helpers": 2, "helpers_required": 3,
        "devices": 6, "devices_required": 8,
    }  # fmt: skip
    return StaffSessionForCalendar(**values | changes)


def assignment(**changes):
    values = {
        "assignment_id": ASSIGNMENT, "sequence": 1, "state": "confirmed", "part": "lead", "session": session(),
        "last_modified": CHANGED + timedelta(hours=3), "meeting_time": STARTS - timedelta(minutes=30),
        "contact": "当日担当 042-000-1111",
    }  # fmt: skip
    return AssignmentForCalendar(**values | changes)


def public(*rows):
    return public_calendar(rows, name="小平市の講座", domain="example.jp", words=WORDS, file_name="public.ics")


def volunteer(*rows):
    return volunteer_calendar(rows, name="私の予定", domain="example.jp", words=WORDS, file_name="mine.ics")


def staff(*rows):
    return staff_calendar(rows, name="予定", domain="example.jp", words=WORDS, file_name="staff.ics")


def events(file):
    return icalendar.Calendar.from_ical(file.content).walk("VEVENT")


def test_a_public_session_says_what_when_where_and_whom_to_call():
    file = public(session())

    [event] = events(file)
    assert violations(file.content) == []
    assert (file.name, file.media_type) == ("public.ics", "text/calendar; charset=utf-8")
    assert event["UID"] == f"session-{SESSION}@example.jp"
    assert event["SUMMARY"] == "はじめてのスマホ（第1回）"
    assert event["LOCATION"] == "中央公民館 講座室2（小平市小川町2-1325）"
    assert event["DESCRIPTION"] == "持ち物：なし\n連絡先 生涯学習課 042-000-0000"
    assert event["URL"] == "https://example.jp/apply/workshop/1"
    assert (event["GEO"].latitude, event["GEO"].longitude) == (35.7285, 139.4774)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-1)]


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence():
    before, after = (
        session(),
        session(sequence=3, starts_at=STARTS + timedelta(days=7), ends_at=STARTS + timedelta(days=7, hours=2)),
    )

    [old], [new] = events(public(before)), events(public(after))

    assert new["UID"] == old["UID"]
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new.start - old.start == timedelta(days=7)


@pytest.mark.parametrize(("state", "title"), [("cancelled", "【中止】スマホ"), ("postponed", "【延期】スマホ")])
def test_a_session_called_off_stays_and_says_so_without_a_reminder(state, title):
    file = public(session(state=state, title="スマホ"))

    [event] = events(file)
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", title)
    assert event.walk("VALARM") == []


def test_a_draft_is_not_public_but_tentative_for_staff():
    assert events(public(session(state="draft"))) == []
    assert [e["STATUS"] for e in events(staff(staffed(session=session(state="draft"))))] == ["TENTATIVE"]


def test_staff_see_the_numbers_in_the_text():
    [event] = events(staff(staffed(waiting=3)))

    assert event["DESCRIPTION"] == ("参加者 8/10\nキャンセル待ち 3\nサポーター 2/3\n貸出端末 6/8\n持ち物：なし")


def test_staff_do_not_see_phones_or_a_waiting_list_that_do_not_exist():
    [event] = events(staff(staffed(devices=0, devices_required=0)))

    assert event["DESCRIPTION"] == "参加者 8/10\nサポーター 2/3\n持ち物：なし"


def test_a_volunteer_sees_meeting_time_role_and_whom_to_call():
    [event] = events(volunteer(assignment()))

    assert event["UID"] == f"assignment-{ASSIGNMENT}@example.jp"
    assert event["DESCRIPTION"] == "集合時刻 13:00\n役割 講師\n連絡先 当日担当 042-000-1111\n持ち物：なし"
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (3, CHANGED + timedelta(hours=3))


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("asked", "TENTATIVE", "【仮】スマホ"),
        ("applied", "TENTATIVE", "【仮】スマホ"),
        ("tentative", "TENTATIVE", "【仮】スマホ"),
        ("confirmed", "CONFIRMED", "スマホ"),
        ("done", "CONFIRMED", "スマホ"),
        ("no_show", "CONFIRMED", "スマホ"),
        ("withdrawn", "CANCELLED", "【取消】スマホ"),
    ],
)
def test_the_state_of_an_assignment_shows_in_the_volunteers_calendar(state, status, title):
    [event] = events(volunteer(assignment(state=state, session=session(title="スマホ"))))

    assert (event["STATUS"], event["SUMMARY"]) == (status, title)


def test_a_cancelled_session_is_cancelled_for_its_volunteers_with_a_higher_sequence():
    [before] = events(volunteer(assignment(session=session(title="スマホ"))))
    [after] = events(volunteer(assignment(session=session(title="スマホ", state="cancelled", sequence=3))))

    assert (after["STATUS"], after["SUMMARY"], after["UID"]) == ("CANCELLED", "【中止】スマホ", before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_the_same_rows_in_any_order_give_the_same_bytes_and_tag():
    rows = [
        session(
            session_id=UUID(int=number),
            starts_at=STARTS + timedelta(hours=number % 3),
            ends_at=STARTS + timedelta(hours=9),
        )
        for number in range(20)
    ]

    forward = public(*rows).content
    _octets.cache_clear()
    backward = public(*reversed(rows)).content

    assert forward == backward
    assert etag(forward) == etag(backward)
    assert etag(forward) != etag(public(*rows[1:]).content)


def test_one_uid_appears_once_and_the_newer_wins():
    [event] = events(public(session(sequence=5, title="新"), session(sequence=4, title="旧")))

    assert (event["SEQUENCE"], event["SUMMARY"]) == (5, "新")


def test_two_processes_with_different_hash_seeds_write_the_same_bytes():
    program = (
        "import sys; from tests.test_calendar_feeds import *; "
        "files = [public(session(), session(session_id=ASSIGNMENT)), volunteer(assignment())]; "
        "sys.stdout.buffer.write(b''.join(file.content for file in files))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4242")
    ]

    assert made[0] == made[1]
    assert b"BEGIN:VEVENT" in made[0]


def test_an_empty_calendar_is_still_a_calendar():
    file = public()

    assert violations(file.content) == []
    assert events(file) == []


def test_no_row_has_a_place_for_the_name_of_a_person_who_attends():
    fields = {
        field.name
        for row in (SessionForCalendar, StaffSessionForCalendar, AssignmentForCalendar, CalendarEntry)
        for field in dataclasses.fields(row)
    }

    assert {name for name in fields if "attendee" in name or "person" in name or "names" in name} == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": STARTS.replace(tzinfo=None)},
        {"ends_at": STARTS - timedelta(seconds=1)},
        {"sequence": -1},
        {"sequence": 2**31},
        {"uid": " \r\n"},
        {"geo": (91.0, 0.0)},
        {"geo": (float("nan"), 0.0)},
    ],
)
def test_an_entry_that_no_calendar_could_show_is_refused(wrong):
    right = {
        "uid": "a@b", "sequence": 0, "status": EntryStatus.CONFIRMED, "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=1), "title": "x", "last_modified": CHANGED,
    }  # fmt: skip

    with pytest.raises(ValueError, match=r"."):
        CalendarEntry(**right | wrong)


def test_an_entry_that_ends_when_it_starts_has_no_end():
    moment = CalendarEntry("a@b", 0, EntryStatus.CONFIRMED, STARTS, STARTS, "締切", CHANGED)

    file = calendar_file([moment], name="x", file_name="x.ics")

    assert b"DTEND" not in file.content
    assert violations(file.content) == []
