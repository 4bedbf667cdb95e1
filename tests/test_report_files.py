"""Names of files that leave: no path, no trick, Japanese as it was typed."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.files import NAME_OCTETS, ExportFile, attachment, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("出席_令和8年11月.xlsx", "出席_令和8年11月.xlsx"),
        ("髙﨑邉𠮷様.ics", "髙﨑邉𠮷様.ics"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("C:\\Windows\\名簿.xlsx", "C__Windows_名簿.xlsx"),
        ("名簿\u202excod.xlsx", "名簿xcod.xlsx"),
        ("名簿\r\nX-Evil: 1.xlsx", "名簿 X-Evil_ 1.xlsx"),
        ("  a \u3000 b .xlsx ", "a b.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("LPT1", "_LPT1"),
        ("", "file"),
        ("...", "file"),
        ("\x00", "file"),
    ],
)
def test_a_file_name_is_made_safe(given_name, safe):
    assert ExportFile(given_name, "text/plain", b"").name == safe


@given(st.text(max_size=400))
def test_a_safe_name_is_short_has_no_path_and_stays_as_it_is(name):
    safe = safe_name(name)

    assert safe
    assert len(safe.encode()) <= NAME_OCTETS + 1
    assert not set(safe) & set('\\/:*?"<>|\r\n\t\x00')
    assert safe_name(safe) == safe


def test_nothing_heavy_is_loaded_before_a_file_is_written():
    program = (
        "import sys, exports.reports, exports.calendar, exports.workbook; "
        "print(sorted({'pandas', 'numpy', 'openpyxl', 'ics'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout.strip() == b"[]"


def test_a_long_name_keeps_its_extension():
    safe = safe_name("名" * 300 + ".xlsx")

    assert safe.endswith("名.xlsx")
    assert len(safe.encode()) <= NAME_OCTETS


def test_the_header_of_a_download_is_ascii_and_holds_the_japanese_name():
    header = attachment('名簿"1".xlsx')

    assert header == "attachment; filename=\"___1_.xlsx\"; filename*=UTF-8''%E5%90%8D%E7%B0%BF_1_.xlsx"
