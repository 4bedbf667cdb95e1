"""The command line as scripts rely on it: exit status, one sentence on standard error, one JSON object, no traces."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import func, select

from events.japan.clock import tokyo_date
from events.models import Attendee, Municipality, Venue, Workshop, WorkshopSession
from exports.year_reports import REPORT_SHEETS
from supportapp.accounts_tables import Account, FileLeft
from supportapp.audit import AuditEntry, AuditHead
from supportapp.cli import main
from supportapp.database import open_database
from supportapp.figures import year_figures
from tests.serving import end, first_line
from volunteers.models import Assignment, Volunteer

OPEN_DATA = Path(__file__).parent / "data" / "opendata"
KODAIRA = str(OPEN_DATA / "events_132110.csv")
HEADER = "NO,都道府県コード又は市区町村コード,名称,説明,URL,開始日,終了日,開始時刻,終了時刻,集合場所,定員,申込方法"
GOOD = "1,132209,スマホ教室,説明,https://example.test/1,2027-02-17,2027-02-17,14:00,16:00,中央公民館　講座室,10,電話で"
BAD = "2,132209,LINE教室,説明,https://example.test/2,2027-02-31,2027-02-17,14:00,16:00,中央公民館　講座室,10,電話で"
FACILITIES = "都道府県コード又は市区町村コード,NO,名称,名称_カナ,住所,緯度,経度,電話番号,利用可能曜日,開始時間,終了時間"


@pytest.fixture
def url(database):
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(sqlite_database):
    return str(sqlite_database.engine.url)


@pytest.fixture(scope="module")
def small(tmp_path_factory, empty_sqlite_file):
    """The address of a small seed, for commands that change little."""
    file = tmp_path_factory.mktemp("small") / "small.db"
    file.write_bytes(empty_sqlite_file.read_bytes())
    done = run("seed", "--scale", "small", "--database", f"sqlite:///{file}")
    assert done.exit_code == 0, done.stderr
    return f"sqlite:///{file}"


def run(*arguments, language="ja", **environment):
    return CliRunner().invoke(
        main, [str(each) for each in arguments], env={"SUPPORTAPP_LANGUAGE": language, **environment}
    )


def assert_refused(done, *words):
    """One sentence on standard error, nothing on standard output, status 1, and no trace of the program."""
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def one(url, query):
    database = open_database(url)
    with database.reading() as db:
        found = db.exec(query).first()
    database.close()
    return found


def count(url, table):
    return one(url, select(func.count()).select_from(table))


def written(tmp_path, *rows, name="events.csv", header=HEADER):
    file = tmp_path / name
    file.write_text("\r\n".join((header, *rows)), "utf-8-sig")
    return file


def test_every_promised_command_is_there_and_takes_a_database():
    promised = {"demo", "serve", "migrate", "create-admin", "check", "seed", "import", "export", "match"}

    assert promised <= set(main.commands)
    for name in promised:
        options = {option for each in main.commands[name].params for option in each.opts}
        assert "--database" in options


def test_the_options_have_the_promised_names():
    options = {name: {word for each in one.params for word in each.opts} for name, one in main.commands.items()}

    assert {"--port", "--no-browser", "--reset", "--json"} <= options["demo"]
    assert {"--host", "--port", "--no-browser", "--tls-cert", "--tls-key"} <= options["serve"]
    assert {"--scale", "--random-seed"} <= options["seed"]
    assert {"--mapping", "--profile", "--municipality", "--dry-run", "--json"} <= options["import"]
    assert {"--out", "--municipality", "--from", "--to", "--session", "--fiscal-year"} <= options["export"]
    assert {"--profile", "--audience", "--volunteer"} <= options["export"]
    assert {"--from", "--to", "--municipality", "--problem", "--out", "--time-limit", "--apply"} <= options["match"]


def test_the_module_runs_like_the_command(sqlite_url):
    done = subprocess.run(
        [sys.executable, "-m", "supportapp", "check", "--json", "--database", sqlite_url],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"inconsistencies": [], "chains": []}


def test_a_new_file_is_brought_up_to_date_by_migrate(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"

    assert run("migrate", "--database", url).exit_code == 0
    assert run("migrate", "--database", url).exit_code == 0
    assert count(url, Workshop) == 0


def test_the_database_may_stand_in_the_environment(sqlite_url):
    assert run("check", SUPPORTAPP_DATABASE=sqlite_url).exit_code == 0


def test_the_first_account_is_an_administrator_of_a_new_municipality(url):
    options = ("--municipality", "132209", "--municipality-name", "東大和市", "--database", url)
    done = run("create-admin", "山田", "--login", "yamada", *options, SUPPORTAPP_PASSWORD="long-enough-1")

    assert done.exit_code == 0, done.stderr
    assert one(url, select(Account.login)) == "yamada"
    assert one(url, select(Municipality.name)) == "東大和市"
    assert one(url, select(AuditEntry.actor)).startswith("cli:")


@pytest.mark.parametrize(
    ("options", "password", "word"),
    [
        (("--municipality", "132208"), "long-enough-1", "132208"),
        (("--municipality", "132209"), "short", "10文字"),
        (("--municipality", "132209", "--login", "x" * 300), "long-enough-1", "長すぎます"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_one_sentence(sqlite_url, options, password, word):
    done = run("create-admin", "山田", *options, "--database", sqlite_url, SUPPORTAPP_PASSWORD=password)

    assert_refused(done, word)
    assert count(sqlite_url, Account) == 0


def test_a_login_is_given_once(sqlite_url):
    options = ("--municipality", "132209", "--database", sqlite_url)
    run("create-admin", "yamada", *options, SUPPORTAPP_PASSWORD="long-enough-1")

    assert_refused(run("create-admin", "yamada", *options, SUPPORTAPP_PASSWORD="long-enough-1"), "yamada")


def test_check_finds_a_seed_without_contradictions_and_names_its_chain(small):
    done = run("check", "--database", small)

    assert done.exit_code == 0
    assert done.stdout.startswith("office\t1\t")


def test_check_tells_of_a_wrong_counter_and_of_a_log_that_was_changed(sqlite_database, sqlite_url):
    run("seed", "--scale", "small", "--database", sqlite_url)
    with sqlite_database.writing() as db:
        session = db.exec(select(WorkshopSession).where(WorkshopSession.confirmed_count > 0)).first()
        session.confirmed_count -= 1
        db.exec(select(AuditHead)).one().hash = "0" * 64
    done = run("check", "--json", "--database", sqlite_url)

    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [each["code"] for each in found["inconsistencies"]] == ["wrong_confirmed_count"]
    assert found["chains"][0]["first_broken"] is not None
    assert done.stderr.count("\n") == 1
    assert run("check", "--database", sqlite_url).exit_code == 1


def test_a_seed_goes_into_an_empty_database_only(small):
    assert_refused(run("seed", "--scale", "small", "--database", small), "空のデータベース")


def test_a_published_file_comes_in_whole_and_only_once(url):
    first = run("import", "events", KODAIRA, "--json", "--database", url)
    second = run("import", "events", KODAIRA, "--json", "--database", url)

    one_report, other_report = json.loads(first.stdout), json.loads(second.stdout)
    assert (first.exit_code, second.exit_code, first.stderr, second.stderr) == (0, 0, "", "")
    assert [one_report[name] for name in ("read", "added", "changed", "unchanged", "refused")] == [68, 68, 0, 0, 0]
    assert [other_report[name] for name in ("read", "added", "changed", "unchanged", "refused")] == [68, 0, 0, 68, 0]
    assert one_report["problems"] == []
    assert count(url, WorkshopSession) > 60


def test_a_dry_run_tells_the_same_and_changes_nothing(url):
    logged = count(url, AuditEntry)
    done = run("import", "events", KODAIRA, "--dry-run", "--json", "--database", url)

    report = json.loads(done.stdout)
    assert (done.exit_code, report["added"], report["dry_run"]) == (0, 68, True)
    assert (count(url, Workshop), count(url, Municipality), count(url, AuditEntry)) == (0, 0, logged)


def test_a_row_that_cannot_be_read_keeps_the_whole_file_out(url, tmp_path):
    done = run("import", "events", written(tmp_path, GOOD, BAD), "--json", "--database", url)

    report = json.loads(done.stdout)
    [problem] = [each for each in report["problems"] if each["code"] == "unreadable_date"]
    assert (done.exit_code, report["read"], report["added"]) == (1, 2, 0)
    assert report["refused"] >= 1
    assert (problem["row"], problem["column"], problem["value"]) == (3, "開始日", "2027-02-31")
    for word in ("events.csv", "3行目", "開始日", "2027-02-31"):
        assert word in problem["message"]
        assert word in done.stderr
    assert done.stderr.count("\n") == 1
    assert count(url, Workshop) == 0


def test_problems_are_told_in_english_too(sqlite_url, tmp_path):
    done = run("import", "events", written(tmp_path, BAD), "--json", "--database", sqlite_url, language="en")

    [problem] = json.loads(done.stdout)["problems"]
    assert problem["message"].startswith("events.csv, row 2, column “開始日”, value “2027-02-31”: ")


def test_rows_of_another_municipality_are_refused(sqlite_url, tmp_path):
    file = written(tmp_path, GOOD)
    done = run("import", "events", file, "--municipality", "132110", "--json", "--database", sqlite_url)

    [problem] = json.loads(done.stdout)["problems"]
    assert (done.exit_code, problem["code"]) == (1, "other_municipality")


def test_facilities_come_in_and_stay_as_they_are_the_second_time(url, tmp_path):
    row = "132209,1,中央公民館,チュウオウコウミンカン,東大和市中央3丁目,35.74,139.42,(042)564-2451,火水木,09:00,22:00"
    file = written(tmp_path, row, name="facilities.csv", header=FACILITIES)
    reports = [json.loads(run("import", "venues", file, "--json", "--database", url).stdout) for _ in range(2)]

    assert [(each["read"], each["added"], each["unchanged"]) for each in reports] == [(1, 1, 0), (1, 0, 1)]
    assert one(url, select(Venue.name)) == "中央公民館"


def test_a_report_for_people_lists_drafts_and_what_was_read_differently(sqlite_url):
    done = run("import", "events", KODAIRA, "--database", sqlite_url)

    assert done.exit_code == 0
    assert "下書き" in done.stdout
    assert done.stdout.rstrip().endswith("そのまま0行です。")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("binary.csv", bytes(range(256)) * 40),
        ("empty.csv", b""),
        ("workbook.csv", b"PK\x03\x04 nothing of a workbook"),
        ("other.csv", "これは,表では,ありません\n1,2,3\n".encode()),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_name(sqlite_url, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)

    assert_refused(run("import", "events", file, "--database", sqlite_url), name)
    assert count(sqlite_url, Municipality) == 0


@pytest.mark.parametrize("command", [("import", "events"), ("match", "--problem")])
def test_a_missing_file_and_a_folder_are_refused_in_one_sentence(sqlite_url, tmp_path, command):
    for file in (tmp_path / "nothing.json", tmp_path):
        assert_refused(run(*command, file, "--database", sqlite_url), file.name)


def test_an_unknown_kind_is_wrong_usage(sqlite_url):
    assert run("export", "everything", "--out", "x", "--database", sqlite_url).exit_code == 2
    assert run("export", "roster", "--database", sqlite_url).exit_code == 2


def _held_session(url):
    return one(url, select(WorkshopSession.id).where(WorkshopSession.confirmed_count > 3))


def test_a_roster_and_an_attendance_list_are_written_and_logged(small, tmp_path):
    import openpyxl

    session_id = _held_session(small)
    roster, attendance, year = tmp_path / "r.xlsx", tmp_path / "a.xlsx", tmp_path / "y.xlsx"
    commands = [
        ("roster", "--session", session_id, "--out", roster),
        ("attendance", "--session", session_id, "--out", attendance),
        ("attendance", "--fiscal-year", "2026", "--out", year),
    ]
    logged = count(small, AuditEntry)

    assert [run("export", *command, "--database", small).exit_code for command in commands] == [0, 0, 0]
    assert openpyxl.load_workbook(roster).sheetnames[0] == "名簿"
    assert openpyxl.load_workbook(attendance).sheetnames[0] == "出席"
    assert openpyxl.load_workbook(year)["出席"].max_row > 20
    assert count(small, AuditEntry) == logged + 3


def test_calendars_are_written_for_public_staff_and_volunteer(small, tmp_path):
    import icalendar

    volunteer_id = one(small, select(Assignment.volunteer_id))
    name = one(small, select(Volunteer.name).where(Volunteer.id == volunteer_id))
    audiences = {"public": (), "staff": (), "volunteer": ("--volunteer", volunteer_id)}
    for audience, more in audiences.items():
        file = tmp_path / f"{audience}.ics"
        done = run("export", "calendar", "--audience", audience, *more, "--out", file, "--database", small)
        assert done.exit_code == 0, done.stderr
        assert icalendar.Calendar.from_ical(file.read_bytes()).events
    assert name in (tmp_path / "volunteer.ics").read_text("utf-8").replace("\r\n ", "")
    session = tmp_path / "session.ics"
    run("export", "calendar", "--session", _held_session(small), "--out", session, "--database", small)
    assert len(icalendar.Calendar.from_ical(session.read_bytes()).events) == 1


def test_a_calendar_holds_only_the_days_asked_for(small, tmp_path):
    import icalendar

    today = tokyo_date(datetime.now(UTC))
    first, last = today - timedelta(days=20), today + timedelta(days=20)
    everything, some = tmp_path / "all.ics", tmp_path / "some.ics"
    run("export", "calendar", "--out", everything, "--database", small)
    run("export", "calendar", "--from", first, "--to", last, "--out", some, "--database", small)

    def days(file):
        return sorted(tokyo_date(event.start) for event in icalendar.Calendar.from_ical(file.read_bytes()).events)

    wanted = [day for day in days(everything) if first <= day <= last]
    assert days(some) == wanted
    assert 0 < len(wanted) < len(days(everything))


NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("roster",), "--session"),
        (("roster", "--session", NOBODY), NOBODY),
        (("attendance", "--session", NOBODY), NOBODY),
        (("calendar", "--session", NOBODY), NOBODY),
        (("calendar", "--audience", "volunteer"), "--volunteer"),
        (("calendar", "--audience", "volunteer", "--volunteer", NOBODY), NOBODY),
        (("calendar", "--municipality", "999999"), "999999"),
        (("attendance", "--municipality", "999999"), "999999"),
        (("attendance", "--from", "2026-12-02", "--to", "2026-12-01"), "2026-12-01"),
        (("roster", "--audience", "staff"), "--audience"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_nothing_is_written(small, tmp_path, options, word):
    file = tmp_path / "out"

    assert_refused(run("export", *options, "--out", file, "--database", small), word)
    assert not file.exists()


@pytest.mark.parametrize("where", ["missing/folder/x.xlsx", "."])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_logged(small, tmp_path, where):
    logged = count(small, AuditEntry)
    done = run("export", "attendance", "--out", tmp_path / where, "--database", small)

    assert_refused(done, "書き込めません")
    assert count(small, AuditEntry) == logged


PROBLEM = {
    "sessions": [
        {"id": "s1", "starts_at": "2026-12-01T10:00:00+09:00", "ends_at": "2026-12-01T12:00:00+09:00", "need": 1}
    ],
    "volunteers": [{"id": "v1"}],
}


def problem_file(tmp_path, problem):
    file = tmp_path / "problem.json"
    file.write_text(problem if isinstance(problem, str) else json.dumps(problem), "utf-8")
    return file


def test_a_plan_goes_to_standard_output_or_into_a_file(tmp_path):
    file, out = problem_file(tmp_path, PROBLEM), tmp_path / "plan.json"
    said = run("match", "--problem", file)
    kept = run("match", "--problem", file, "--out", out, "--time-limit", "10")

    plans = [json.loads(said.stdout), json.loads(out.read_text("utf-8"))]
    assert (said.exit_code, kept.exit_code, kept.stdout, said.stderr) == (0, 0, "", "")
    for plan in plans:
        assert plan.pop("seconds") >= 0
    assert plans[0] == plans[1]
    assert [(each["session"], each["volunteer"]) for each in plans[0]["placements"]] == [("s1", "v1")]


@pytest.mark.parametrize(
    ("problem", "word"),
    [
        ({**PROBLEM, "colour": 1}, "colour"),
        ({**PROBLEM, "pinned": [{"session": "s9", "volunteer": "v1"}]}, "s9"),
        ({"sessions": []}, "volunteers"),
        ("{broken", "JSON"),
        ("[" * 100_000, "JSON"),
        ("", "JSON"),
    ],
)
def test_a_problem_that_cannot_be_read_is_refused_and_named(tmp_path, problem, word):
    assert_refused(run("match", "--problem", problem_file(tmp_path, problem)), word)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--from", "2026-12-01"),
        ("--problem", "x.json", "--from", "2026-12-01", "--to", "2026-12-31"),
        ("--problem", "x.json", "--apply"),
        ("--from", "tomorrow", "--to", "2026-12-31"),
        ("--problem", "x.json", "--time-limit", "0"),
    ],
)
def test_match_wants_either_a_problem_or_days(options):
    done = run("match", *options)

    assert (done.exit_code, done.stdout) == (2, "")


def test_match_for_some_days_proposes_and_stores_only_when_told(sqlite_database, sqlite_url):
    run("seed", "--scale", "small", "--database", sqlite_url)
    days = ("--municipality", "132209", *_coming_days(sqlite_database), "--database", sqlite_url)
    before = count(sqlite_url, Assignment)
    proposed = json.loads(run("match", *days).stdout)
    untouched = count(sqlite_url, Assignment)
    applied = run("match", "--apply", *days)

    assert untouched == before
    assert applied.exit_code == 0, applied.stderr
    assert proposed["placements"]
    assert count(sqlite_url, Assignment) > before
    assert run("check", "--database", sqlite_url).exit_code == 0


def _coming_days(database):

    tomorrow = tokyo_date(datetime.now(UTC)) + timedelta(days=1)
    return "--from", tomorrow.isoformat(), "--to", (tomorrow + timedelta(days=60)).isoformat()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--from", "2026-12-01", "--to", "2026-12-31", "--municipality", "999999"), "999999"),
        (("--from", "2026-12-31", "--to", "2026-12-01"), "2026-12-01"),
    ],
)
def test_days_that_cannot_be_matched_are_refused(small, options, word):
    assert_refused(run("match", *options, "--database", small), word)


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://127.0.0.1/x",
        "sqlite:////nowhere/at/all.db",
        "postgresql+psycopg://root@127.0.0.1:1/x",
        "postgresql://root@127.0.0.1:1/x",
    ],
)
def test_a_database_that_cannot_be_opened_is_one_sentence(address):
    assert_refused(run("check", "--database", address))


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(bytes(range(256)) * 64)

    assert_refused(run("check", "--database", f"sqlite:///{file}"))


def test_a_database_of_a_newer_version_is_left_alone(sqlite_database, sqlite_url):
    with sqlite_database.writing_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f00'")

    assert_refused(run("check", "--database", sqlite_url), "別の版")


def test_a_setting_that_is_no_number_is_named(sqlite_url):
    assert_refused(run("check", "--database", sqlite_url, SUPPORTAPP_PORT="eighty"), "eighty")


def test_a_fault_is_one_sentence_and_its_details_go_to_a_log_when_asked(tmp_path, monkeypatch, sqlite_url):
    def broken(_db):
        raise RuntimeError("山田花子 090-1234-5678")

    monkeypatch.setattr("events.integrity.find_inconsistencies", broken)
    quiet = run("check", "--database", sqlite_url, XDG_DATA_HOME=str(tmp_path))
    logs = list(tmp_path.rglob("supportapp.log"))
    detailed = run("check", "--database", sqlite_url, XDG_DATA_HOME=str(tmp_path), SUPPORTAPP_DEBUG="1")

    assert logs == []
    for done in (quiet, detailed):
        assert_refused(done, "RuntimeError")
        assert "山田" not in done.stderr
    assert "Traceback" in next(tmp_path.rglob("supportapp.log")).read_text("utf-8")


@pytest.fixture
def demo_process(tmp_path):
    """`supportapp demo` as a person starts it, and the line it prints when it is ready."""
    command = [sys.executable, "-m", "supportapp", "demo", "--no-browser", "--json", "--port", "0"]
    database = f"sqlite:///{tmp_path / 'demo.db'}"
    process = subprocess.Popen(
        [*command, "--database", database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "SUPPORTAPP_LANGUAGE": "ja"},
    )  # fmt: skip
    yield process
    end(process, seconds=5)


def test_a_demo_prints_one_line_when_it_is_ready_and_ends_quietly(demo_process):
    ready = json.loads(first_line(demo_process, 120))
    with urllib.request.urlopen(f"{ready['url']}/healthz", timeout=20) as answer:
        health = json.load(answer)
    demo_process.send_signal(signal.SIGINT)
    rest, complaints = demo_process.communicate(timeout=30)

    assert set(ready) == {"url", "accounts"}
    assert {tuple(sorted(account)) for account in ready["accounts"]} == {("municipality", "name", "password", "role")}
    assert {account["role"] for account in ready["accounts"]} == {
        "staff", "reception", "organiser", "volunteer", "administrator"
    }  # fmt: skip
    assert (health["status"], health["database"]) == ("ok", "ok")
    assert (demo_process.returncode, rest, complaints) == (0, "", "")


def test_a_port_that_is_taken_is_one_sentence(sqlite_url):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "supportapp", "serve", "--no-browser", "--port", str(port)]
        done = subprocess.run(
            [*command, "--database", sqlite_url], capture_output=True, text=True, timeout=120, check=False
        )

    assert (done.returncode, done.stdout) == (1, "")
    assert str(port) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_certificate_without_its_key_is_wrong_usage(sqlite_url):
    done = run("serve", "--no-browser", "--tls-cert", __file__, "--database", sqlite_url)

    assert done.exit_code == 2


def test_the_lists_and_the_report_of_a_year_are_written_and_logged(small, tmp_path):
    from openpyxl import load_workbook

    sheets = {
        "annual-report": list(REPORT_SHEETS),
        "volunteer-hours": ["活動"],
        "insurance-list": ["保険"],
    }
    for kind, titles in sheets.items():
        file = tmp_path / f"{kind}.xlsx"
        done = run("export", kind, "--fiscal-year", "2026", "--out", file, "--database", small)
        assert (done.exit_code, done.stderr) == (0, ""), kind
        assert load_workbook(file).sheetnames == titles
    assert one(small, select(func.count()).select_from(FileLeft)) >= len(sheets)
    assert_refused(run("export", "annual-report", "--from", "2026-04-01", "--out", file, "--database", small), "--from")


def test_the_report_of_a_year_holds_no_name_and_counts_as_the_figures_screen_does(small, tmp_path):
    from openpyxl import load_workbook

    file = tmp_path / "report.xlsx"
    assert run("export", "annual-report", "--fiscal-year", "2026", "--out", file, "--database", small).exit_code == 0
    book = load_workbook(file)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    database = open_database(small)
    with database.reading() as db:
        names = {*db.exec(select(Attendee.name)), *db.exec(select(Volunteer.name))}
        today = tokyo_date(datetime.now(UTC))
        figures = year_figures(db, municipality_code="132209", fiscal_year=2026, today=today)
    database.close()
    assert not names & cells
    held = list(book["実施一覧"].iter_rows(min_row=2, values_only=True))[:-1]
    assert sum(row[6] for row in held) == figures.seats
    assert sum(row[7] for row in held) == figures.fill.part
    told = {row[0]: row[1:4] for row in book["定義"].iter_rows(min_row=2, values_only=True)}
    assert told["予定した回"][0] == figures.planned
    assert told["申込の割合（％）"] == (figures.fill.percent, figures.fill.part, figures.fill.whole)
    assert all(row[2] is None or row[2] >= 5 for row in book["受講者集計"].iter_rows(min_row=2, values_only=True))
