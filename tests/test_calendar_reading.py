"""Two other readers and a strict checker of lines get back what was put in, whatever the text."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exports.calendar import CalendarEntry, EntryStatus, calendar_file
from exports.calendar.entry import clean_text, clean_url, one_line
from tests.readers.ical_js import read_with_ical_js
from tests.readers.strict_lines import violations

STARTS = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, 0, 0, 5, tzinfo=UTC)
NASTY = [
    "髙﨑邉𠮷 スマホ教室",
    r"C:\new\;folder,\n",
    "a;b,c:d\"e'f^g",
    "BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT",
    "一行目\r二行目\n三行目\r\n四行目\u2028五行目\u2029六行目\x85七行目",
    " ;:,\\ " * 40,
    "あ" * 5000,
    "👩‍👩‍👧‍👦📱" * 30,
    "\x00\x07\x1b[31mred\x7f\x9f",
    "half \ud83d of a pair",
    "\\",
    "\\\\n\\n\\;",
    "がぱ\u3099\ufeff",
    "",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(),
    st.text(alphabet='\\;,:"nN\r\n\t =あ𠮷', max_size=200),
)


def entry(**changes):
    values = {
        "uid": "session-0@example.jp",
        "sequence": 0,
        "status": EntryStatus.CONFIRMED,
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=2),
        "title": "スマホ教室",
        "last_modified": CHANGED,
    }
    return CalendarEntry(**values | changes)


def written(*entries, name="講座"):
    return calendar_file(entries, name=name, file_name="calendar.ics").content


def read_with_icalendar(content):
    """Give title, place, description, url and uid of each entry as the icalendar package reads them."""
    names = ("summary", "location", "description", "url", "uid")
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return [tuple(str(event.get(name, "")) for name in names) for event in events]


def expected(made):
    return (
        one_line(made.title),
        one_line(made.location),
        clean_text(made.description),
        clean_url(made.url),
        one_line(made.uid),
    )


ENTRIES = st.builds(
    entry,
    uid=st.one_of(st.sampled_from(["a\r\nX-EVIL:1", "a;b,c\\n"]), TEXTS).map(lambda text: f"x{text}@example.jp"),
    sequence=st.integers(0, 2**31 - 1),
    status=st.sampled_from(EntryStatus),
    starts_at=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),
    ends_at=st.just(datetime(2101, 1, 1, tzinfo=UTC)),
    title=TEXTS,
    location=TEXTS,
    description=TEXTS,
    url=TEXTS.map("https://example.jp/{}".format) | TEXTS,
    geo=st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    alarm=st.none() | st.timedeltas(timedelta(0), timedelta(days=20)),
)


@settings(deadline=None)
@given(ENTRIES, TEXTS)
@example(entry(title=NASTY[5], location=NASTY[3], description=NASTY[6], url=NASTY[3]), NASTY[3])
def test_every_line_keeps_the_rules_whatever_the_text(made, name):
    assert violations(written(made, name=name or "x")) == []


@settings(deadline=None)
@given(ENTRIES)
def test_icalendar_reads_the_same_texts_back(made):
    assert read_with_icalendar(written(made)) == [expected(made)]


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(st.lists(ENTRIES, max_size=30, unique_by=lambda made: one_line(made.uid)))
@example([entry(uid=f"{n}@example.jp", title=text, description=text) for n, text in enumerate(NASTY)])
def test_ical_js_reads_the_same_texts_back(made):
    entries = read_with_ical_js(written(*made))["entries"]

    texts = [(e["summary"], e["location"], e["description"], e["url"], e["uid"]) for e in entries]
    assert sorted(texts) == sorted(expected(one) for one in made)


@pytest.mark.parametrize("text", NASTY)
def test_a_line_cannot_be_smuggled_in_through_any_property(text):
    evil = f"x{text}\r\nX-EVIL:1\nX-EVIL:2\rX-EVIL:3"

    lines = written(entry(uid=evil, title=evil, location=evil, description=evil, url=evil), name=evil).splitlines()

    assert [line for line in lines if line.startswith(b"X-EVIL")] == []


def test_both_readers_agree_on_times_state_and_sequence():
    made = entry(
        sequence=7,
        status=EntryStatus.TENTATIVE,
        starts_at=STARTS,
        ends_at=STARTS + timedelta(days=9, hours=1),
    )

    content = written(made)

    [by_js] = read_with_ical_js(content)["entries"]
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (by_js["starts_at"], by_js["ends_at"]) == ("2026-11-25T04:30:00.000Z", "2026-12-04T05:30:00.000Z")
    assert (by_js["zone"], by_js["stamp"]) == ("Asia/Tokyo", "2026-11-20T00:00:05.000Z")
    assert (by_js["sequence"], by_js["status"], by_js["alarms"]) == (7, "TENTATIVE", ["-P1D"])
    assert (event.start, event.end) == (made.starts_at, made.ends_at)
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTAMP"].dt) == (7, "TENTATIVE", CHANGED)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "example.jp"])
def test_only_web_addresses_become_links(url):
    assert b"URL:" not in written(entry(url=url))
    assert b"URL:https://example.jp/a%20b\r\n" in written(entry(url=" https://example.jp/a b\r\n"))


def test_a_day_begins_in_tokyo_not_a_day_early():
    midnight = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)

    content = written(entry(starts_at=midnight, ends_at=midnight + timedelta(days=1)))

    assert b"DTSTART;TZID=Asia/Tokyo:20260401T000000\r\nDTEND;TZID=Asia/Tokyo:20260402T000000\r\n" in content


@pytest.mark.parametrize(
    ("alarm", "trigger"),
    [
        (timedelta(days=1), b"TRIGGER:-P1D"),
        (timedelta(days=9), b"TRIGGER:-P9D"),
        (timedelta(0), b"TRIGGER:PT0S"),
        (timedelta(days=7, hours=2, seconds=3), b"TRIGGER:-P7DT2H0M3S"),
        (timedelta(minutes=90), b"TRIGGER:-PT1H30M"),
    ],
)
def test_a_reminder_of_any_length_has_a_duration_that_readers_take(alarm, trigger):
    content = written(entry(alarm=alarm))

    assert trigger in content.splitlines()
    assert len(read_with_ical_js(content)["entries"][0]["alarms"]) == 1


def test_a_line_is_never_parted_inside_a_character():
    for shift in range(80):
        assert violations(written(entry(title="a" * shift + "𠮷" * 60))) == []
