"""The lists and the report of a year: 活動 and 保険 with names, 実施報告 without. Rows only; headers stay Japanese.

The report's sheets stand in ``REPORT_SHEETS``. Totals and rates are formulas, so that Excel recalculates them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from exports.files import ExportFile
from exports.workbook import Column, Formula, Kind, PrintSetup, Sheet, write_workbook
from exports.workbook.sheets import Value

Rows = Sequence[Sequence[Value]]

_HOURS: Final = (
    Column("回ID", width=12, wrap=False), Column("講座"), Column("日付", Kind.DATE), Column("会場"), Column("氏名"),
    Column("カナ"), Column("種別"), Column("役割"), Column("開始", Kind.TIME), Column("終了", Kind.TIME),
    Column("時間", Kind.NUMBER), Column("状態"),
)  # fmt: skip
_INSURANCE: Final = (
    Column("氏名"), Column("カナ"), Column("住所"), Column("電話", Kind.TELEPHONE), Column("加入年度"),
)  # fmt: skip
_I, _P = Kind.INTEGER, Kind.PERCENT
# sheet → its columns
REPORT_SHEETS: Final[Mapping[str, tuple[Column, ...]]] = {
    "実施一覧": (
        Column("日付", Kind.DATE), Column("講座"), Column("種類"), Column("会場"), Column("町"), Column("状態"),
        Column("定員", _I), Column("申込", _I), Column("出席", _I), Column("当日参加", _I), Column("申込の割合", _P),
        Column("サポーター", _I), Column("必要な人数", _I), Column("4対1"), Column("財源"), Column("経費", _I),
    ),
    "出席": (
        Column("回ID", width=12, wrap=False), Column("講座"), Column("日付", Kind.DATE), Column("申込者", _I),
        Column("出席", _I), Column("欠席（連絡あり）", _I), Column("欠席（連絡なし）", _I), Column("当日参加", _I),
        Column("出席率", _P),
    ),
    "受講者集計": (Column("区分"), Column("値"), Column("人数", _I), Column("延べ", _I)),
    "サポーター活動": (Column("種別"), Column("人数", _I), Column("回数", _I), Column("時間", Kind.NUMBER)),
    "貸出": (Column("機種"), Column("貸出", _I), Column("返却", _I), Column("貸出中", _I)),
    "相談分類": (Column("分類"), Column("件数", _I), Column("分", _I)),
    "アンケート": (Column("項目"), Column("答え"), Column("人数", _I)),
    "受付経路": (Column("経路"), Column("件数", _I), Column("割合", _P)),
    "財源": (Column("財源"), Column("回", _I), Column("出席（延べ）", _I), Column("経費", _I), Column("1人あたり", _I)),
    "定義": (
        Column("指標"), Column("今年度", Kind.NUMBER), Column("分子", _I), Column("分母", _I),
        Column("前年度", Kind.NUMBER), Column("前年の分子", _I), Column("前年の分母", _I), Column("定義", width=60),
    ),
}  # fmt: skip
# which letters are summed under the last row
_SUMMED: Final = {
    "実施一覧": "GHIJLMP", "出席": "DEFGH", "サポーター活動": "CD", "貸出": "BCD", "相談分類": "BC", "受付経路": "B",
    "財源": "BCD",
}  # fmt: skip
_RATES: Final = {
    "実施一覧": {"K": "IF(G{0}=0,0,H{0}/G{0})"},
    "出席": {"I": "IF(D{0}=0,0,E{0}/D{0})"},
    "財源": {"E": "IF(C{0}=0,0,D{0}/C{0})"},
}


def hours_file(rows: Rows, *, title: str, made_at: datetime, author: str, name: str, note: str) -> ExportFile:
    """Sheet 活動: who helped, from when to when, how long."""
    return _one(_HOURS, "活動", rows, title, made_at, author, name, note)


def insurance_file(rows: Rows, *, title: str, made_at: datetime, author: str, name: str, note: str) -> ExportFile:
    """Sheet 保険: only what the counter of the insurance asks for."""
    return _one(_INSURANCE, "保険", rows, title, made_at, author, name, note)


def annual_report(
    tables: Mapping[str, Rows], *, title: str, total: str, made_at: datetime, author: str, name: str, note: str
) -> ExportFile:
    """The ten sheets of the report. ``tables`` holds the rows of each; a cell of a rate is given as None.

    ``total`` is the word in front of the sums.
    """
    setup = PrintSetup(title=title, note=note, landscape=True)
    sheets = [
        Sheet(sheet, columns, _with_totals(sheet, columns, tables[sheet], total), setup)
        for sheet, columns in REPORT_SHEETS.items()
    ]
    return write_workbook(name, sheets, made_at=made_at, author=author, title=title)


def _with_totals(sheet: str, columns: Sequence[Column], rows: Rows, total: str) -> list[list[Value]]:
    rates = _RATES.get(sheet, {})
    filled = [_with_rates(list(row), rates, line) for line, row in enumerate(rows, start=2)]
    if sheet == "受付経路":
        share = "IF(SUM(B$2:B${1})=0,0,B{0}/SUM(B$2:B${1}))"
        for line, row in enumerate(filled, start=2):
            row[2] = Formula(share.format(line, len(filled) + 1))
    summed = _SUMMED.get(sheet)
    if not summed or not filled:
        return filled
    last, line = len(filled) + 1, len(filled) + 2
    sums: list[Value] = [None] * len(columns)
    # a date column takes no word: the first one that holds text does
    place = next(number for number, column in enumerate(columns) if column.kind is Kind.TEXT)
    sums[place] = total
    for letter in summed:
        sums[ord(letter) - ord("A")] = Formula(f"SUM({letter}2:{letter}{last})")
    return [*filled, _with_rates(sums, rates, line)]


def _with_rates(row: list[Value], rates: Mapping[str, str], line: int) -> list[Value]:
    for letter, pattern in rates.items():
        row[ord(letter) - ord("A")] = Formula(pattern.format(line))
    return row


def _one(
    columns: tuple[Column, ...],
    sheet: str,
    rows: Rows,
    title: str,
    made_at: datetime,
    author: str,
    name: str,
    note: str,
) -> ExportFile:
    setup = PrintSetup(title=title, note=note, landscape=True)
    return write_workbook(name, [Sheet(sheet, columns, rows, setup)], made_at=made_at, author=author, title=title)
