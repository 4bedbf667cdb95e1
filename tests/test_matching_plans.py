"""Plans: the best by trying all, whatever rule or wish is on; pins, changes, time, and reasons."""

import copy
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from volunteers.matching import search
from volunteers.matching.explain import why_here, why_not
from volunteers.matching.plan_json import plan_to_json, write_plan
from volunteers.matching.planning import make_plan
from volunteers.matching.problem import Pair
from volunteers.matching.problem_json import read_problem

BENCHMARKS = Path(__file__).parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from matching_checker import best_by_hand, complaints, cost, count_open  # noqa: E402 -- found through the path above
from matching_instances import city_month, hour, small_problem  # noqa: E402 -- found through the path above

WEIGHTS = ("travel", "like", "dislike", "load", "change", "pair_new", "same_series")
COME_TO = ("status", "open", "open_bound", "objective", "bound")
LIMITS = {
    "availability": "available",
    "not_eligible": "eligible",
    "too_far": "max_km",
    "max_sessions": "max_sessions",
    "max_per_week": "max_per_week",
    "uninsured": "insured_until",
}


def planned(document, **more):
    return write_plan(make_plan(read_problem(document), **more))


def assert_the_best(document, seed=None):
    plan = planned(document)
    assert not complaints(document, plan), seed
    assert (*best_by_hand(document), "optimal") == (plan["open"], plan["objective"], plan["status"]), seed
    return plan


def a_session(name, start=10, *, day=0, length=2, **more):
    return {"id": name, "starts_at": hour(day, start), "ends_at": hour(day, start + length), "need": 1, **more}


def placed(plan):
    return sorted((each["session"], each["volunteer"]) for each in plan["placements"])


def pairs(*entries):
    return [{"session": session, "volunteer": volunteer} for session, volunteer in entries]


def test_no_plan_is_better_than_the_plan():
    for seed in range(2000):
        assert_the_best(small_problem(seed, sessions=3 + seed % 2, volunteers=3 + seed % 3), seed)


def test_no_plan_is_better_when_fractions_come_first(monkeypatch):
    monkeypatch.setattr(search, "SMALL", 0)
    monkeypatch.setattr(search, "FIRST_SLACK", 0.0)
    for seed in range(20_000, 20_600):
        assert_the_best(small_problem(seed, sessions=3 + seed % 2, volunteers=3 + seed % 3), seed)


def test_no_plan_is_better_when_whole_months_are_dealt_out(monkeypatch):
    monkeypatch.setattr(search, "SMALL", 0)
    for seed in range(70_000, 70_300):
        document = small_problem(seed, sessions=4, volunteers=3 + seed % 2)
        for session in document["sessions"]:
            session["series"] = "xxy"[seed % 3 if session["id"] == "s0" else 0]
        document["policy"] = {"weights": {"same_series": [2, 9, 60][seed % 3], "load": [3, 0, 20][seed // 3 % 3]}}
        assert_the_best(document, seed)


def test_whole_months_and_single_sessions_come_to_the_same(monkeypatch):
    monkeypatch.setattr(search, "SMALL", 0)
    document = city_month(7, sessions=32, volunteers=70, classes=0.5)
    by_month = planned(document)
    monkeypatch.setattr(search, "bends", lambda _: False)

    by_session = planned(document)

    assert not complaints(document, by_month)
    assert [by_month[key] for key in COME_TO] == [by_session[key] for key in COME_TO]
    assert by_month["status"] == "optimal"


def test_no_plan_is_better_when_open_needs_are_too_cheap_at_first(monkeypatch):
    monkeypatch.setattr(search, "HIGHEST_PRICE", 1)
    for seed in range(30_000, 30_400):
        assert_the_best(small_problem(seed), seed)


def test_parts_that_share_nobody_make_one_plan(monkeypatch):
    monkeypatch.setattr(search, "PART", 1)
    for seed in range(40_000, 40_300):
        assert_the_best(small_problem(seed, sessions=4, volunteers=4), seed)


@pytest.mark.parametrize("code", LIMITS)
def test_a_rule_that_nobody_asks_for_stops_nobody(code):
    for seed in range(50_000, 50_060):
        document = small_problem(seed)
        for volunteer in document["volunteers"]:
            volunteer.pop(LIMITS[code], None)

        plan = assert_the_best(document, seed)

        assert code not in {each for entry in plan["unplaced"] for each in entry["because"]}


@pytest.mark.parametrize("name", WEIGHTS)
def test_each_wish_alone_decides(name):
    for seed in range(60_000, 60_060):
        document = small_problem(seed)
        document["policy"] = {"weights": {each: 7 if each == name else 0 for each in WEIGHTS}}

        assert_the_best(document, seed)


def test_a_pin_that_breaks_a_rule_is_refused_and_the_rest_is_planned():
    document = {
        "sessions": [a_session("a"), a_session("b", 11), a_session("c", 15)],
        "volunteers": [{"id": "v"}, {"id": "w", "available": []}],
        "pinned": pairs(("a", "v"), ("b", "v"), ("c", "w"), ("c", "v")),
    }

    plan = assert_the_best(document)

    assert [(each["session"], each["because"]) for each in plan["refused_pins"]] == [
        ("a", ["overlap"]),
        ("b", ["overlap"]),
        ("c", ["availability"]),
    ]
    assert ("c", "v") in placed(plan)


def test_pins_may_exceed_the_need_and_count_to_the_caps():
    document = {
        "sessions": [a_session("a"), a_session("b", day=1)],
        "volunteers": [{"id": "v", "max_sessions": 1}, {"id": "w"}],
        "pinned": pairs(("a", "v"), ("a", "w")),
    }

    assert placed(assert_the_best(document)) == [("a", "v"), ("a", "w"), ("b", "w")]


def test_somebody_who_falls_ill_is_replaced_without_moving_others():
    document = {
        "sessions": [a_session("a"), a_session("b")],
        "volunteers": [{"id": "v"}, {"id": "w", "already": 3}, {"id": "ill", "available": []}],
        "previous": pairs(("a", "ill"), ("b", "w")),
    }

    plan = assert_the_best(document)

    assert (placed(plan), plan["changes"]) == ([("a", "v"), ("b", "w")], {"kept": 1, "added": 1, "removed": 1})


def test_without_a_former_plan_nothing_is_a_change():
    plan = assert_the_best({"sessions": [a_session("a")], "volunteers": [{"id": "v"}]})

    assert plan["objective"] == 3
    assert "changes" not in plan


def test_fewest_people_does_with_one_where_one_can():
    document = {
        "policy": {"aim": "fewest_people"},
        "sessions": [a_session("a"), a_session("b", 13), a_session("c", 16)],
        "volunteers": [{"id": name} for name in "uvw"],
    }

    assert assert_the_best(document)["objective"] == 1


@pytest.mark.parametrize(("sessions", "volunteers"), [([], []), ([], [{"id": "v"}]), ([a_session("a", need=500)], [])])
def test_empty_lists_have_a_plan(sessions, volunteers):
    plan = planned({"sessions": sessions, "volunteers": volunteers})

    assert not complaints({"sessions": sessions, "volunteers": volunteers}, plan)
    assert ("optimal", 500 * len(sessions)) == (plan["status"], plan["open"])


def test_a_need_of_500_is_filled_as_far_as_people_go():
    document = {"sessions": [a_session("a", need=500, leads=9)], "volunteers": [{"id": f"v{i}"} for i in range(300)]}

    plan = planned(document)

    assert (plan["open"], plan["objective"], plan["status"]) == (200 + 9, 300 * 3, "optimal")
    assert plan["open_needs"][0]["because"] == ["no_candidate"]


def test_the_same_problem_gives_the_same_bytes(tmp_path):
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(city_month(5, sessions=30, volunteers=40) | {"previous": []}))
    program = (
        "import sys; from dataclasses import replace\n"
        "from volunteers.matching.planning import make_plan\n"
        "from volunteers.matching.plan_json import plan_to_json\n"
        "from volunteers.matching.problem_json import problem_from_json\n"
        "plan = make_plan(problem_from_json(open(sys.argv[1]).read()))\n"
        "sys.stdout.write(plan_to_json(replace(plan, seconds=0.0)))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program, str(file)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }

    assert len(answers) == 1


def test_the_order_of_the_file_does_not_decide_who_is_chosen():
    document = city_month(6, sessions=25, volunteers=30)
    turned = {key: list(reversed(value)) for key, value in copy.deepcopy(document).items()}

    assert placed(planned(document)) == placed(planned(turned))


def test_no_time_still_gives_a_plan_that_breaks_nothing():
    for seed in range(100):
        document = small_problem(seed)
        assert not complaints(document, planned(document, time_limit=0)), seed
    document = city_month(1)

    plan = planned(document, time_limit=0)

    assert not complaints(document, plan)
    assert plan["status"] == "feasible"
    assert len(plan["placements"]) > 200


def test_cancel_keeps_the_best_so_far():
    document, stop = city_month(2), threading.Event()
    heard = []

    def progress(done, total, best):
        heard.append((done, total, best))
        stop.set()

    plan = planned(document, progress=progress, cancelled=stop)

    assert not complaints(document, plan)
    assert heard[0] == (0, 100, None)
    assert (100, 100, (plan["open"], plan["objective"])) == heard[-1]
    assert plan["placements"]


def test_bounds_hold_whenever_the_time_ends(monkeypatch):
    document = city_month(3, sessions=12, volunteers=14)
    best = planned(document)
    for limit in (0.0, 0.01, 0.02, 0.05):
        plan = planned(document, time_limit=limit)
        assert not complaints(document, plan)
        assert plan["open_bound"] <= best["open"] <= plan["open"]
        if plan["open"] == best["open"]:
            assert plan["bound"] <= best["objective"] <= plan["objective"]


FULL = {"id": "v", "max_sessions": 1, "likes": ["b"]}
SKILLED, LEADER = {"id": "v", "skills": ["x"]}, {"id": "w", "can_lead": True}


def reasons(document, session, volunteer):
    plan = assert_the_best(document)
    [because] = [
        each["because"] for each in plan["placements"] if (each["session"], each["volunteer"]) == (session, volunteer)
    ]
    return because


def test_reasons_say_why_she_is_there():
    hall, near, far = ({"lat": 35.7, "lon": lon} for lon in (139.40, 139.41, 139.5))
    one = [a_session("a", place=hall)]
    busy = {"id": "w", "already": 1}
    two_homes = [{"id": "v", "home": near}, {"id": "w", "home": far}]

    assert reasons({"sessions": one, "volunteers": two_homes}, "a", "v") == ["nearest"]
    assert reasons({"sessions": one, "volunteers": [{"id": "v"}, {"id": "w", "likes": ["a"]}]}, "a", "w") == ["liked"]
    assert reasons({"sessions": one, "volunteers": [{"id": "v", "already": 2}, {"id": "w"}]}, "a", "w") == [
        "lighter_load"
    ]
    assert reasons({"sessions": one, "volunteers": [{"id": "v"}, {"id": "w", "available": []}]}, "a", "v") == [
        "only_candidate"
    ]
    assert reasons(
        {"sessions": one, "volunteers": [{"id": "v"}, {"id": "w"}], "previous": pairs(("a", "w"))}, "a", "w"
    ) == ["kept"]
    assert reasons(
        {"sessions": one, "volunteers": [{"id": "v"}, busy, {**busy, "id": "x"}], "pinned": pairs(("a", "w"))},
        "a",
        "w",
    ) == ["pinned"]  # fmt: skip
    lead = [a_session("a", leads=1, skills={"sign": 1})]
    assert reasons(
        {"sessions": lead, "volunteers": [{"id": "v"}, {**busy, "can_lead": True, "skills": ["sign"]}]}, "a", "w"
    ) == ["needed_lead", "needed_skill"]  # fmt: skip


@pytest.mark.parametrize(
    ("sessions", "volunteers", "expected"),
    [
        ([a_session("a")], [], ["no_candidate"]),
        ([a_session("a")], [{"id": "v", "available": []}], ["no_candidate", "availability"]),
        ([a_session("b", day=1), a_session("a")], [FULL], ["all_busy", "max_sessions"]),
        ([a_session("b"), a_session("a", 11)], [{"id": "v", "likes": ["b"]}], ["all_busy", "overlap"]),
        ([a_session("a", leads=1, skills={"x": 1})], [SKILLED, LEADER], ["seats_full"]),
    ],
)  # fmt: skip
def test_reasons_say_why_a_need_stays_open(sessions, volunteers, expected):
    plan = assert_the_best({"sessions": sessions, "volunteers": volunteers})

    [because] = [each["because"] for each in plan["open_needs"] if each["session"] == "a"]

    assert expected == because


@pytest.mark.parametrize(
    ("volunteer", "expected"),
    [
        ({"available": []}, ["availability"]),
        ({"max_sessions": 0}, ["max_sessions"]),
        ({"already": 5}, ["seats_full"]),
    ],
)
def test_reasons_say_why_somebody_has_nothing_to_do(volunteer, expected):
    document = {"sessions": [a_session("a")], "volunteers": [{"id": "v"}, {"id": "w", **volunteer}]}

    assert [{"volunteer": "w", "because": expected}] == assert_the_best(document)["unplaced"]


def test_the_app_can_ask_why_here_and_why_not():
    problem = read_problem({"sessions": [a_session("a"), a_session("b", 11)], "volunteers": [{"id": "v"}, {"id": "w"}]})
    plan = make_plan(problem)
    [here] = [each.volunteer for each in plan.placements if each.session == "a"]
    there = "w" if here == "v" else "v"
    now = [each.pair for each in plan.placements]

    assert why_here(problem, now, "a", here) == ("only_candidate",)
    assert why_here(problem, now, "a", there) == ()
    assert why_not(problem, now, "a", there) == ("overlap", "seats_full")
    assert why_not(problem, [Pair("a", here)], "b", there) == ()


def test_the_checker_itself_notices_what_is_wrong():
    document = {"sessions": [a_session("a"), a_session("b", 11)], "volunteers": [{"id": "v", "max_sessions": 1}]}
    plan = planned(document)
    both = [("a", "v"), ("b", "v")]
    plan["placements"] = [{**each, "role": "helper", "because": ["liked"]} for each in pairs(*both)]
    plan["open"], plan["objective"] = count_open(document, both), cost(document, both)

    assert complaints(document, plan)


def test_a_plan_as_text_reads_back_as_the_document():
    plan = make_plan(read_problem(small_problem(3)))

    assert write_plan(plan) == json.loads(plan_to_json(plan))
