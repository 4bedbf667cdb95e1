"""A matching problem as a file: what is refused and named, and that writing and reading lose nothing."""

import copy
import json
import sys
from pathlib import Path

import pytest

from volunteers.matching import errors
from volunteers.matching.planning import make_plan
from volunteers.matching.problem_json import problem_from_json, read_problem, write_problem

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

from matching_instances import small_problem

PROBLEM = {
    "sessions": [
        {
            "id": "s",
            "starts_at": "2026-12-01T10:00:00+09:00",
            "ends_at": "2026-12-01T12:00:00+09:00",
            "need": 2,
            "leads": 1,
        }
    ],
    "volunteers": [{"id": "v", "available": [{"from": "2026-12-01T09:00Z", "to": "2026-12-01T10:00Z"}]}],
    "policy": {"weights": {}},
}


def changed(path, value):
    document = copy.deepcopy(PROBLEM)
    *steps, last = path
    inner = document
    for step in steps:
        inner = inner[step]
    if value is KeyError:
        del inner[last]
    else:
        inner[last] = value
    return document


S, V = ("sessions", 0), ("volunteers", 0)
EARLY = "2026-12-01T08:59Z"
REFUSED = [
    (("surprise",), 1, errors.UnknownKey, "", "surprise"),
    ((*S, "color"), 1, errors.UnknownKey, "sessions[0]", "color"),
    ((*V, "available", 0, "until"), 1, errors.UnknownKey, "volunteers[0].available[0]", "until"),
    (("policy", "weights", "luck"), 1, errors.UnknownKey, "policy.weights", "luck"),
    (("sessions",), KeyError, errors.MissingKey, "", "sessions"),
    ((*S, "need"), KeyError, errors.MissingKey, "sessions[0]", "need"),
    ((*S, "need"), "2", errors.WrongType, "sessions[0].need", "2"),
    ((*S, "need"), True, errors.WrongType, "sessions[0].need", "True"),
    ((*S, "need"), 2.0, errors.WrongType, "sessions[0].need", "2.0"),
    ((*S, "need"), -1, errors.OutOfRange, "sessions[0].need", "-1"),
    ((*S, "need"), 10**30, errors.OutOfRange, "sessions[0].need", "…"),
    ((*S, "leads"), 3, errors.LeadsOverNeed, "sessions[0].leads", "3"),
    ((*S, "id"), "", errors.WrongType, "sessions[0].id", ""),
    ((*S, "id"), "\ud800", errors.WrongType, "sessions[0].id", "?"),
    ((*S, "starts_at"), "2026-12-01T10:00:00", errors.NaiveTime, "sessions[0].starts_at", "2026-12-01T10:00:00"),
    ((*S, "starts_at"), "yesterday", errors.BadTime, "sessions[0].starts_at", "yesterday"),
    ((*S, "starts_at"), "0001-01-01T00:00+14:00", errors.BadTime, "sessions[0].starts_at", "0001-01-01T00:00+14:00"),
    ((*S, "ends_at"), "2026-12-01T01:00Z", errors.EndsBeforeStart, "sessions[0].ends_at", "2026-12-01T01:00Z"),
    ((*S, "place"), {"lat": 91, "lon": 0}, errors.OutOfRange, "sessions[0].place.lat", "91"),
    ((*S, "place"), {"lat": float("nan"), "lon": 0}, errors.OutOfRange, "sessions[0].place.lat", "nan"),
    ((*S, "skills"), {"iphone": "many"}, errors.WrongType, "sessions[0].skills.iphone", "many"),
    ((*V, "available", 0, "to"), EARLY, errors.EndsBeforeStart, "volunteers[0].available[0]", EARLY),
    ((*V, "available"), None, errors.WrongType, "volunteers[0].available", "None"),
    ((*V, "insured_until"), "2027-3-31", errors.BadTime, "volunteers[0].insured_until", "2027-3-31"),
    ((*V, "likes"), ["nowhere"], errors.UnknownId, "volunteers[0].likes", "nowhere"),
    ((*V, "eligible"), ["nowhere"], errors.UnknownId, "volunteers[0].eligible", "nowhere"),
    (("pinned",), [{"session": "s", "volunteer": "nobody"}], errors.UnknownId, "pinned[0].volunteer", "nobody"),
    (("previous",), [{"session": "x", "volunteer": "v"}], errors.UnknownId, "previous[0].session", "x"),
    (("volunteers",), [{"id": "v"}, {"id": "v"}], errors.DuplicateId, "volunteers[1].id", "v"),
    (("policy", "aim"), "fame", errors.WrongType, "policy.aim", "fame"),
    (("policy", "travel_kmh"), 0, errors.OutOfRange, "policy.travel_kmh", "0"),
    (("policy", "weights"), {"load": 1001}, errors.OutOfRange, "policy.weights.load", "1001"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "error", "where", "shown"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_path_and_value(path, value, error, where, shown):
    with pytest.raises(error) as refusal:
        read_problem(changed(path, value))

    assert (where, shown) == (refusal.value.where, refusal.value.value)


@pytest.mark.parametrize("content", ["", "{", "[1", b"\xff\xfe\xff", "[" * 100_000, "1" * 5000])
def test_what_is_not_json_is_refused(content):
    with pytest.raises(errors.NotJson):
        problem_from_json(content)


@pytest.mark.parametrize("document", [None, [], "problem", 7])
def test_a_document_that_is_no_object_is_refused(document):
    with pytest.raises(errors.WrongType):
        read_problem(document)


def test_a_problem_written_and_read_again_is_the_same():
    for seed in range(300):
        problem = read_problem(small_problem(seed))

        again = problem_from_json(json.dumps(write_problem(problem)))

        assert problem == again, seed


def test_windows_that_overlap_or_touch_become_one():
    document = changed(
        (*V, "available"),
        [
            {"from": "2026-12-01T11:00+09:00", "to": "2026-12-01T12:00+09:00"},
            {"from": "2026-12-01T09:00+09:00", "to": "2026-12-01T11:00+09:00"},
            {"from": "2026-12-01T01:00Z", "to": "2026-12-01T01:30Z"},
        ],
    )

    [volunteer] = write_problem(read_problem(document))["volunteers"]

    assert volunteer["available"] == [{"from": "2026-12-01T09:00:00+09:00", "to": "2026-12-01T12:00:00+09:00"}]


def test_a_million_ids_are_refused_or_answered():
    likes = ["s"] * 1_000_000

    problem = read_problem(changed((*V, "likes"), likes))

    assert frozenset({"s"}) == problem.volunteers[0].likes


def test_more_combinations_than_can_be_looked_at_are_refused():
    sessions = [{**PROBLEM["sessions"][0], "id": f"s{index}"} for index in range(50_000)]
    volunteers = [{"id": f"v{index}"} for index in range(50_000)]

    with pytest.raises(errors.TooLarge) as refusal:
        make_plan(read_problem({"sessions": sessions, "volunteers": volunteers}))

    assert refusal.value.where == "sessions × volunteers"
