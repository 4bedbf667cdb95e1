"""Excel workbooks: real dates in 和暦, telephone numbers as text, nothing a person typed becomes a formula.

    people = Sheet(
        "名簿",
        columns=(Column("氏名"), Column("電話", Kind.TELEPHONE), Column("日付", Kind.DATE)),
        rows=[("=1+1", "0420000000", date(2026, 11, 25))],
        print_setup=PrintSetup(title="名簿 令和8年11月25日"),
    )
    totals = Sheet("集計", (Column("人数", Kind.INTEGER),), [(Formula("COUNTA(名簿!A2:A2)"),)])
    file = write_workbook("名簿.xlsx", [people, totals], made_at=now, author="東大和市")

Knows nothing of workshops. The same sheets and made_at give the same bytes.
"""

from exports.workbook.sheets import Column, Formula, Kind, PrintSetup, Sheet
from exports.workbook.writing import write_workbook

__all__ = ["Column", "Formula", "Kind", "PrintSetup", "Sheet", "write_workbook"]
