"""Journey: the server dies while somebody types. What was typed is there again on the server that comes after it."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import open_browser
from tests.serving import demo_server, signed_in

pytestmark = pytest.mark.browser
SEARCH, SAFE = "電話番号・カナ・氏名", "入力は保存されています"


def test_a_half_typed_call_survives_a_server_that_was_killed(tmp_path: Path) -> None:
    with open_browser() as browser, demo_server(tmp_path) as first:
        clerk = signed_in(browser, first, "staff").open(f"{first.url}/telephone").waits_for(SEARCH)
        clerk.type_into(SEARCH, "042-399-9801").waits_for("新しい人として登録").press("新しい人として登録")
        clerk.waits_for('textbox "氏名"').type_japanese("氏名", "五十嵐 文").waits_for(SAFE)

        first.kill()
        clerk.comes(clerk.is_waiting)
        with demo_server(tmp_path, port=urlsplit(first.url).port or 0, database=first.database):
            clerk.is_ready().waits_for('textbox "氏名"')

            assert clerk.focus("氏名").input_value() == "五十嵐 文"
            assert clerk.focus("電話").input_value() == "042-399-9801"
