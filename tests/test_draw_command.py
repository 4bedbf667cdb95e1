"""``draw`` on the command line: hold one, prove one, and what is said when that cannot be done."""

import json
from datetime import timedelta

import pytest

from supportapp.backend import utc_now
from tests.test_command_line import run
from tests.test_draw_holding import a_draw, apply_for


@pytest.fixture
def office(database):
    """The address of a database with a draw of six applications that can be held now; its intake and its session."""
    with database.writing() as db:
        (session,), intake = a_draw(db, seats=2, deadline_at=None)
        session.held_on, session.starts_at, session.ends_at = _tomorrow()
        for _ in range(6):
            apply_for(db, intake)
        return database.engine.url.render_as_string(hide_password=False), str(intake.id), str(session.id)


def _tomorrow():
    starts = utc_now() + timedelta(days=2)
    return starts.date(), starts, starts + timedelta(hours=2)


def test_a_draw_is_held_written_and_proved(office, tmp_path):
    url, intake_id, _ = office
    record = tmp_path / "record.json"

    held = run("draw", intake_id, "--random-seed", "7", "--out", str(record), "--database", url)
    proved = run("draw", "--verify", str(record))

    assert (held.exit_code, proved.exit_code) == (0, 0), held.stderr + proved.stderr
    assert "当選 2人" in held.stdout
    assert "種 7" in proved.stdout
    assert json.loads(record.read_text("utf-8"))["seed"] == "7"


def test_a_session_that_is_its_own_intake_serves_and_the_record_goes_to_standard_output(office):
    url, _, session_id = office

    held = run("draw", session_id, "--random-seed", "7", "--database", url)

    assert held.exit_code == 0, held.stderr
    assert len(json.loads(held.stdout)["result"]) == 6


def test_json_says_what_came_of_it_and_a_second_draw_needs_a_reason(office):
    url, intake_id, _ = office

    first = run("draw", intake_id, "--json", "--database", url)
    second = run("draw", intake_id, "--json", "--database", url)
    third = run("draw", intake_id, "--json", "--reason", "試し", "--database", url)

    assert (first.exit_code, second.exit_code, third.exit_code) == (0, 1, 0)
    assert json.loads(first.stdout)["seats"] == 2
    assert second.stdout == ""
    assert json.loads(third.stdout)["attempt"] == 2


def test_a_record_that_was_changed_is_refused_in_one_sentence(office, tmp_path):
    url, intake_id, _ = office
    record = tmp_path / "record.json"
    run("draw", intake_id, "--out", str(record), "--database", url)
    content = json.loads(record.read_text("utf-8"))
    content["result"][0]["outcome"] = "lost"
    record.write_text(json.dumps(content))

    refused = run("draw", "--verify", str(record))

    assert refused.exit_code == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "合いません" in refused.stderr


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"algorithm": "x"}', b"[]"])
def test_what_is_no_record_is_refused(tmp_path, content):
    file = tmp_path / "record.json"
    file.write_bytes(content)

    refused = run("draw", "--verify", str(file))

    assert refused.exit_code == 1
    assert len(refused.stderr.strip().splitlines()) == 1


def test_wrong_usage_and_unknown_ids(office, tmp_path):
    url, intake_id, _ = office
    elsewhere = "00000000-0000-7000-8000-000000000000"

    assert run("draw", "--database", url).exit_code == 2
    assert run("draw", intake_id, "--verify", "x.json").exit_code == 2
    assert run("draw", "--verify", "x.json", "--random-seed", "1").exit_code == 2
    assert run("draw", "abc").exit_code == 2
    assert run("draw", elsewhere, "--database", url).exit_code == 1
    assert run("draw", "--verify", str(tmp_path / "missing.json")).exit_code == 1
    assert run("draw", intake_id, "--out", str(tmp_path / "no" / "x.json"), "--database", url).exit_code == 1
