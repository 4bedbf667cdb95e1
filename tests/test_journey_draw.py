"""Staff hold a draw: look who is set apart, put somebody apart, draw, take the record, and let it stand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from events.draw.record import verify_record
from events.models import Intake
from events.states import IntakeMethod
from supportapp.database import open_database
from tests.browser import BrowserWindow, open_browser
from tests.serving import RunningServer, demo_server, signed_in

pytestmark = pytest.mark.browser
MINUTE = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with demo_server(tmp_path_factory.mktemp("draw")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserWindow]:
    with open_browser(shots=None) as window:
        yield window


def the_draw_to_hold(server: RunningServer) -> Intake:
    """The demo's draw whose deadline was yesterday."""
    database = open_database(server.database)
    with database.reading() as db:
        query = select(Intake).where(
            Intake.municipality_code == "132209",
            Intake.method == IntakeMethod.DRAW,
            col(Intake.drawn_at).is_(None),
            col(Intake.next_number) > 1,
        )
        found = db.exec(query.order_by(col(Intake.deadline_at))).first()
    database.close()
    assert found is not None
    return found


def test_a_draw_is_held_from_the_workshop_and_its_record_proves_it(
    browser: BrowserWindow, server: RunningServer, tmp_path: Path
) -> None:
    person = signed_in(browser, server, "staff")
    intake = the_draw_to_hold(server)

    person.open(f"{server.url}/workshops/{intake.workshop_id}").waits_for("抽選を開く", MINUTE)
    person.press("抽選を開く").waits_for("くじを引く申込", MINUTE)
    person.press("除く").type_into("理由", "ご本人から辞退の電話")
    person.press("この申込を除く").waits_for("除く申込（1件）", MINUTE)
    person.press("抽選する").waits_for("抽選しました。当選", MINUTE)

    file = tmp_path / "record.json"
    person.downloads(lambda: person.press("抽選記録を受け取る")).save_as(file)
    record = json.loads(file.read_text("utf-8"))
    assert verify_record(record).set_apart == 1

    person.press("結果の連絡を始める").waits_for("やり直せなくなります", MINUTE)
    person.press("結果の連絡を始める").waits_for("連絡を始めたので確定", MINUTE)
    assert not person.sees("抽選をやり直す", 1.0)
