"""The printed table of rights says exactly what the table in use says."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from click.testing import CliRunner

from supportapp.cli import main
from supportapp.rights import RIGHTS
from supportapp.rights_table import PRINTED_ROLES, rights_rows, rights_workbook


def _opened(source: Any) -> Any:
    from openpyxl import load_workbook

    return load_workbook(source).active


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_right_has_a_row_and_a_mark_for_just_the_roles_that_hold_it(language):
    marked = {
        row[1]: {role for role, cell in zip(PRINTED_ROLES, row[2:-1], strict=True) if cell}
        for row in rights_rows(language)
    }

    assert marked == {name: set(reaches) for name, reaches in RIGHTS.items()}


def test_what_only_the_server_does_is_said_so():
    silent = [row[1] for row in rights_rows("ja") if not any(row[2:-1]) and not row[-1]]

    assert silent == []


def test_the_command_writes_a_workbook_that_opens(tmp_path):
    file = tmp_path / "rights.xlsx"

    done = CliRunner().invoke(main, ["rights", "--out", str(file)], env={"SUPPORTAPP_LANGUAGE": "ja"})

    sheet = _opened(file)
    assert done.exit_code == 0
    assert (sheet.max_row, sheet["A1"].value) == (len(RIGHTS) + 1, "すること")


def test_the_same_table_gives_the_same_bytes():
    made_at = datetime(2026, 11, 21, tzinfo=UTC)

    first, second = (rights_workbook(language="ja", made_at=made_at) for _ in range(2))

    assert first.content == second.content
    assert _opened(BytesIO(first.content)).print_title_rows == "$1:$1"
