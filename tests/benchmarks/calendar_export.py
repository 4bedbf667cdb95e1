"""Time to write a calendar: ours against ics alone, on the same sessions in the same run.

    python tests/benchmarks/calendar_export.py [--sessions 10000] [--rounds 3]

CPU seconds, median of the rounds, the ways taken in turn. "first" writes every entry; "again" writes the same
calendar when nothing has changed; "one changed" after one session was moved. What ics alone writes is not a
calendar one may hand out (no folding, no time zone, no order); it is only the measure.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sys import path

path.insert(0, str(Path(__file__).resolve().parents[2]))

from exports.calendar import CalendarEntry, EntryStatus, calendar_file
from exports.calendar.writing import _octets

STARTS = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
GOAL = 1.3


def sessions(count: int) -> list[CalendarEntry]:
    """Give sessions as a city has them: Japanese titles, a place, some lines of text."""
    return [
        CalendarEntry(
            uid=f"session-{number:08d}@example.jp",
            sequence=number % 4,
            status=EntryStatus.CONFIRMED,
            starts_at=STARTS + timedelta(hours=number),
            ends_at=STARTS + timedelta(hours=number + 2),
            title=f"はじめてのスマートフォン体験会（第{number % 4 + 1}回）",
            last_modified=STARTS - timedelta(days=30),
            location=f"中央公民館 講座室{number % 5 + 1}（小平市小川町2-1325）",
            description=f"参加者 {number % 11}/10\nサポーター {number % 4}/3\n持ち物：スマートフォン、筆記用具;眼鏡",
            url=f"https://example.jp/apply/workshop/{number}",
            geo=(35.7285, 139.4774),
        )
        for number in range(count)
    ]


def by_ics(entries: list[CalendarEntry]) -> bytes:
    """Write the same values with ics alone."""
    from ics import Calendar, DisplayAlarm, Event
    from ics.grammar.parse import ContentLine

    calendar = Calendar(creator="-//benchmark//JA")
    calendar.method = "PUBLISH"
    for entry in entries:
        event = Event(
            uid=entry.uid,
            name=entry.title,
            begin=entry.starts_at,
            end=entry.ends_at,
            description=entry.description,
            location=entry.location,
            url=entry.url,
            geo=entry.geo,
            status=entry.status.value,
            created=entry.last_modified,
            last_modified=entry.last_modified,
            alarms=[DisplayAlarm(trigger=timedelta(days=-1), display_text=entry.title)],
        )
        event.extra.append(ContentLine("SEQUENCE", value=str(entry.sequence)))
        calendar.events.add(event)
    return calendar.serialize().encode()


def ours(entries: list[CalendarEntry]) -> bytes:
    """Write the calendar as the product does."""
    return calendar_file(entries, name="講座", file_name="calendar.ics").content


def first(entries: list[CalendarEntry]) -> bytes:
    """Write the calendar with nothing remembered."""
    _octets.cache_clear()
    return ours(entries)


def seconds(way: Callable[[list[CalendarEntry]], bytes], entries: list[CalendarEntry]) -> float:
    """Give the CPU seconds of one run."""
    began = time.process_time()
    way(entries)
    return time.process_time() - began


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")  # ics warns on every reminder it writes
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sessions", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    entries = sessions(asked.sessions)
    by_ics(entries[:100])
    taken: dict[str, list[float]] = {"ics alone": [], "first": [], "again": [], "one changed": []}
    for number in range(asked.rounds):
        moved = [replace(entries[0], sequence=9 + number, starts_at=STARTS + timedelta(minutes=30)), *entries[1:]]
        taken["ics alone"].append(seconds(by_ics, entries))
        taken["first"].append(seconds(first, entries))
        taken["again"].append(seconds(ours, entries))
        taken["one changed"].append(seconds(ours, moved))
    alone = statistics.median(taken["ics alone"])
    print(f"{asked.sessions} sessions, {len(ours(entries)) / 1e6:.1f} MB")
    for name, values in taken.items():
        middle = statistics.median(values)
        print(f"{name:12} {middle:8.3f} s  {middle / alone:6.3f} x ics alone")
    ratio = statistics.median(taken["first"]) / alone
    print(f"goal: first at most {GOAL} x ics alone: {'reached' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
