"""The two reports of a day: the attendance list for the office, the roster for the table. Rows only.

    file = attendance_report(rows, title="出席 令和8年11月", made_at=now, author="東大和市", words=words,
                             file_name="出席_令和8年11月.xlsx")
    file = roster_report(rows, title="はじめてのスマホ 令和8年11月25日（水） 13:30", made_at=now, …)

Sheet names and headers are the interface and stay Japanese; the words in the cells come from the catalogue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from exports.files import ExportFile
from exports.workbook import Column, Formula, Kind, PrintSetup, Sheet, write_workbook
from exports.workbook.sheets import Value, reference

ATTENDANCE_SHEET: Final = "出席"
ROSTER_SHEET: Final = "名簿"
TOTALS_SHEET: Final = "集計"
BREAKDOWN_SHEET: Final = "内訳"
ATTENDANCE_STATES: Final = ("present", "late", "absent_notice", "absent")
ROSTER_POINT: Final = 13
ROSTER_ROW: Final = 32.0  # points: high enough to write by hand
WALK_IN_ROWS: Final = 5
# together 80: narrower than A4 in Excel, and at most 6 % too wide where a program puts a wider font for Calibri,
# so that print stays at 12 points or more
ROSTER_WIDTHS: Final = {
    "番号": 5.5,
    "氏名": 18.0,
    "カナ": 19.0,
    "出欠": 8.0,
    "端末番号": 8.5,
    "配慮": 12.0,
    "備考": 9.0,
}
_ROSTER_TOTALS_COLUMNS: Final = (Column("項目"), Column("人数", Kind.INTEGER))


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One person at one session. Times are aware; attendance and channel are values of the interfaces.

    attendance is None until somebody has recorded it. age_band is worded (70代).
    """

    session_id: UUID
    workshop: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    receipt_number: str
    name: str
    kana: str
    age_band: str
    channel: str
    attendance: str | None
    checked_in_at: datetime | None = None
    left_at: datetime | None = None
    walk_in: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of the roster: no telephone, no address. needs is worded (筆談・車椅子)."""

    name: str
    kana: str
    attendance: str | None = None
    device: str = ""
    needs: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The wording, from the message catalogue.

    attendance names the four states, channels the eight channels. The rest are labels of the totals.
    """

    attendance: Mapping[str, str]
    channels: Mapping[str, str]
    walk_in: str
    not_recorded: str
    total: str
    rate: str
    unknown: str
    listed: str


def attendance_report(
    rows: Iterable[AttendanceRow],
    *,
    title: str,
    made_at: datetime,
    author: str,
    words: ReportWords,
    file_name: str,
    note: str = "",
) -> ExportFile:
    """Write who came: sheet 出席 in the order given, totals by session in 集計, by age and channel in 内訳.

    title and note stand at the top of each printed page. The totals are formulas over 出席.
    """
    listed = list(rows)
    setup = PrintSetup(title=title, note=note, landscape=True)
    sheets = [
        Sheet(
            ATTENDANCE_SHEET,
            _attendance_columns(words),
            [_attendance_cells(row, words) for row in listed],
            setup,
            row_height=20,
        ),
        Sheet(TOTALS_SHEET, _totals_columns(words), _totals(listed, words), setup),
        Sheet(BREAKDOWN_SHEET, _breakdown_columns(words), _breakdown(listed, words), setup),
    ]
    return write_workbook(file_name, sheets, made_at=made_at, author=author, title=title)


def roster_report(
    rows: Iterable[RosterRow],
    *,
    title: str,
    made_at: datetime,
    author: str,
    words: ReportWords,
    file_name: str,
    note: str = "",
    walk_in_rows: int = WALK_IN_ROWS,
) -> ExportFile:
    """Write the list for the table: sheet 名簿, numbered in the order given, with blank lines for walk-ins."""
    cells = [_roster_cells(number, row, words) for number, row in enumerate(rows, start=1)]
    blank: list[list[Value]] = [
        [number, None, None, None, None, None, None] for number in range(len(cells) + 1, len(cells) + walk_in_rows + 1)
    ]
    setup = PrintSetup(title=title, note=note)
    sheets = [
        Sheet(ROSTER_SHEET, _roster_columns(words), cells + blank, setup, ROSTER_POINT, ROSTER_ROW),
        Sheet(
            TOTALS_SHEET, _ROSTER_TOTALS_COLUMNS, _roster_totals(len(cells) + len(blank), words), setup, ROSTER_POINT
        ),
    ]
    return write_workbook(file_name, sheets, made_at=made_at, author=author, title=title)


def _attendance_columns(words: ReportWords) -> tuple[Column, ...]:
    return (
        Column("回ID", width=8, wrap=False),
        Column("講座", width=22),
        Column("日付", Kind.DATE, width=21),
        Column("開始", Kind.TIME, width=7),
        Column("終了", Kind.TIME, width=7),
        Column("会場", width=20),
        Column("受付番号", Kind.TELEPHONE, width=10),
        Column("氏名", width=15),
        Column("カナ", width=17),
        Column("年代", width=7),
        Column("申込経路", width=10),
        Column("出欠", width=18, choices=tuple(words.attendance[state] for state in ATTENDANCE_STATES)),
        Column("受付時刻", Kind.TIME, width=8),
        Column("退出時刻", Kind.TIME, width=8),
        Column("当日参加", width=10),
        Column("備考", width=18),
    )


def _attendance_cells(row: AttendanceRow, words: ReportWords) -> list[Value]:
    return [
        str(row.session_id),
        row.workshop,
        row.starts_at,
        row.starts_at,
        row.ends_at,
        row.venue,
        row.receipt_number,
        row.name,
        row.kana,
        row.age_band,
        words.channels[row.channel],
        words.attendance[row.attendance] if row.attendance is not None else None,
        row.checked_in_at,
        row.left_at,
        words.walk_in if row.walk_in else None,
        row.note,
    ]


def _totals_columns(words: ReportWords) -> tuple[Column, ...]:
    counted = [words.attendance[state] for state in ATTENDANCE_STATES]
    return (
        Column("回ID", width=8, wrap=False),
        Column("講座", width=26),
        Column("日付", Kind.DATE),
        Column("会場", width=20),
        *(
            Column(label, Kind.INTEGER, width=11)
            for label in [*counted, words.not_recorded, words.walk_in, words.total]
        ),
        Column(words.rate, Kind.PERCENT),
    )


def _totals(rows: Sequence[AttendanceRow], words: ReportWords) -> list[list[Value]]:
    """One line for each session, in order of time, and their sum."""
    sessions = {row.session_id: row for row in rows}
    ordered = sorted(sessions.values(), key=lambda row: (row.starts_at, str(row.session_id)))
    last_data, last_session = max(len(rows), 1) + 1, max(len(ordered), 1) + 1
    ids, states, walk_ins = (_data(letter, last_data) for letter in "ALO")
    lines: list[list[Value]] = []
    for line, row in enumerate(ordered, start=2):
        mine = f"COUNTIFS({ids},$A{line}"
        lines.append(
            [
                str(row.session_id), row.workshop, row.starts_at, row.venue,
                *(Formula(f"{mine},{states},{letter}$1)") for letter in "EFGH"),
                Formula(f"K{line}-SUM(E{line}:H{line})"),
                Formula(f"{mine},{walk_ins},J$1)"),
                Formula(f"{mine})"),
                _rate(line),
            ]
        )  # fmt: skip
    line = len(lines) + 2
    sums = [Formula(f"SUM({letter}2:{letter}{last_session})") if ordered else 0 for letter in "EFGHIJK"]
    lines.append([words.total, None, None, None, *sums, _rate(line)])
    return lines


def _rate(line: int) -> Formula:
    return Formula(f"IF(K{line}=0,0,(E{line}+F{line})/K{line})")


def _breakdown_columns(words: ReportWords) -> tuple[Column, ...]:
    counted = [words.attendance[state] for state in ATTENDANCE_STATES]
    labels = [*counted, words.not_recorded, words.total]
    return (Column("区分"), Column("値"), *(Column(label, Kind.INTEGER) for label in labels))


def _breakdown(rows: Sequence[AttendanceRow], words: ReportWords) -> list[list[Value]]:
    """One line for each age band and each channel that occurs."""
    last = max(len(rows), 1) + 1
    states = _data("L", last)
    channels = {row.channel for row in rows}
    groups: list[tuple[str, str, list[str]]] = [
        ("年代", "J", sorted({row.age_band for row in rows})),
        ("申込経路", "K", [label for code, label in words.channels.items() if code in channels]),
    ]
    lines: list[list[Value]] = []
    for header, letter, values in groups:
        for value in values:
            line = len(lines) + 2
            wanted = f"$B{line}" if value else '""'
            group = f"COUNTIFS({_data(letter, last)},{wanted}"
            lines.append(
                [
                    header,
                    value or words.unknown,
                    *(Formula(f"{group},{states},{column}$1)") for column in "CDEF"),
                    Formula(f"H{line}-SUM(C{line}:F{line})"),
                    Formula(f"{group})"),
                ]
            )
    return lines


def _data(letter: str, last: int) -> str:
    return reference(ATTENDANCE_SHEET, f"${letter}$2:${letter}${last}")


def _roster_columns(words: ReportWords) -> tuple[Column, ...]:
    kinds = {"番号": Kind.INTEGER, "端末番号": Kind.TELEPHONE}
    choices = tuple(words.attendance[state] for state in ATTENDANCE_STATES)
    return tuple(
        Column(header, kinds.get(header, Kind.TEXT), width, choices=choices if header == "出欠" else ())
        for header, width in ROSTER_WIDTHS.items()
    )


def _roster_cells(number: int, row: RosterRow, words: ReportWords) -> list[Value]:
    attendance = words.attendance[row.attendance] if row.attendance is not None else None
    return [number, row.name, row.kana, attendance, row.device, row.needs, row.note]


def _roster_totals(lines: int, words: ReportWords) -> list[list[Value]]:
    last = max(lines, 1) + 1
    people = reference(ROSTER_SHEET, f"$B$2:$B${last}")
    states = reference(ROSTER_SHEET, f"$D$2:$D${last}")
    counted: list[list[Value]] = [
        [words.attendance[state], Formula(f"COUNTIFS({states},$A{line})")]
        for line, state in enumerate(ATTENDANCE_STATES, start=3)
    ]
    return [
        [words.listed, Formula(f"COUNTA({people})")],
        *counted,
        [words.not_recorded, Formula("B2-SUM(B3:B6)")],
    ]
