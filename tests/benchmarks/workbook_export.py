"""Time and memory to write a workbook: ours against openpyxl and pandas alone, on the same rows in the same run.

    python tests/benchmarks/workbook_export.py [--rows 10000] [--rounds 3]

Every way writes 20 columns (Japanese text, dates, times, telephone numbers, a remark in every fourth row) with a
header row. Each sample is a fresh process; CPU seconds without imports, and the highest resident memory. What
openpyxl and pandas write alone lets names become formulas; it is only the measure.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from datetime import time as clock
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from exports.workbook import Column, Kind, Sheet, write_workbook

MADE = datetime(2026, 11, 25, tzinfo=UTC)
KINDS = [
    Kind.TEXT,
    Kind.TEXT,
    Kind.DATE,
    Kind.TIME,
    Kind.TIME,
    Kind.TEXT,
    Kind.TELEPHONE,
    Kind.TEXT,
    Kind.TEXT,
    Kind.INTEGER,
]


def rows(count: int) -> list[tuple[object, ...]]:
    """Give rows as an attendance list has them, 20 columns each."""
    made = []
    for number in range(count):
        half = (
            f"0196a000-0000-7000-8000-{number % 400:012d}",
            f"はじめてのスマホ（第{number % 4 + 1}回）",
            date(2026, 4 + number % 9, 1 + number % 28),
            clock(13, 30),
            clock(15, 30),
            "中央公民館 講座室2",
            f"042{number:07d}",
            f"髙﨑 {number}子",
            "タカサキ ヨシコ",
            number,
        )
        made.append((*half[:5], f"備考 {number}" if number % 4 == 0 else None, *half[6:], *half))
    return made


def ours(table: list[tuple[object, ...]]) -> bytes:
    """Write as the product does."""
    columns = tuple(Column(f"列{number}", kind) for number, kind in enumerate(KINDS * 2))
    return write_workbook("b.xlsx", [Sheet("出席", columns, table)], made_at=MADE).content


def openpyxl_alone(table: list[tuple[object, ...]]) -> bytes:
    """Write with openpyxl's ordinary workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append([f"列{number}" for number in range(20)])
    for row in table:
        sheet.append(row)
    return saved(book)


def openpyxl_streamed(table: list[tuple[object, ...]]) -> bytes:
    """Write with openpyxl's streaming workbook, no style at all."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("出席")
    sheet.append([f"列{number}" for number in range(20)])
    for row in table:
        sheet.append(row)
    return saved(book)


def pandas_alone(table: list[tuple[object, ...]]) -> bytes:
    """Write a data frame with pandas through openpyxl."""
    from pandas import DataFrame

    target = BytesIO()
    DataFrame(table, columns=[f"列{number}" for number in range(20)]).to_excel(target, index=False, engine="openpyxl")
    return target.getvalue()


def saved(book: object) -> bytes:
    """Give the bytes of an openpyxl workbook."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


WAYS: dict[str, Callable[[list[tuple[object, ...]]], bytes]] = {
    "ours": ours,
    "openpyxl": openpyxl_alone,
    "openpyxl streamed": openpyxl_streamed,
    "pandas": pandas_alone,
}


def sample(way: str, count: int) -> dict[str, float]:
    """Measure one way in a fresh process."""
    command = [sys.executable, __file__, "--one", way, "--rows", str(count)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def measure_here(way: str, count: int) -> None:
    """Measure in this process and print the figures as JSON."""
    WAYS[way](rows(10))
    table = rows(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    content = WAYS[way](table)
    taken = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"seconds": taken, "mebibytes": peak / 1024, "size": len(content) / 1e6}))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--one", choices=WAYS)
    asked = arguments.parse_args()
    if asked.one:
        measure_here(asked.one, asked.rows)
        return
    taken = {way: [] for way in WAYS}
    for _ in range(asked.rounds):
        for way, samples in taken.items():
            samples.append(sample(way, asked.rows))
    middle = {
        way: {key: statistics.median(s[key] for s in samples) for key in samples[0]} for way, samples in taken.items()
    }
    print(f"{asked.rows} rows x 20 columns, median of {asked.rounds}")
    for way, figures in middle.items():
        ratio = figures["seconds"] / middle["openpyxl"]["seconds"]
        print(
            f"{way:18} {figures['seconds']:7.2f} s  {ratio:5.2f} x openpyxl"
            f"  {figures['mebibytes']:6.0f} MiB more  {figures['size']:5.1f} MB"
        )


if __name__ == "__main__":
    main()
