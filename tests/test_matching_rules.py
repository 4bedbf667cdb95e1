"""The rules of matching: each alone, at its very edge, and the arrays that must say the same."""

import random
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from volunteers.matching.candidates import broken_rules, codes_of, find_candidates, lay_out
from volunteers.matching.clashes import clash_groups, find_clashes
from volunteers.matching.problem import Pair, Place, Policy, Problem, Session, Volunteer, Window
from volunteers.matching.problem_json import read_problem
from volunteers.matching.rules import (
    CAN_DO_BOTH,
    HARD_CODES,
    MAY_SERVE,
    WISHES,
    WITHIN_CAPS,
    check_placement,
    home_km,
    kilometres,
    why_not_alone,
    why_not_both,
)

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

from matching_checker import broken_alone, broken_by_two, by_id, km
from matching_instances import city_month, small_problem

JST = timezone(timedelta(hours=9))
DAY = datetime(2026, 12, 1, tzinfo=JST).date()  # a Tuesday
HALL, FAR_HALL = Place(35.74, 139.43), Place(35.74, 139.54)


def at(hours, *, day=0):
    return datetime(2026, 12, 1, tzinfo=JST) + timedelta(days=day, hours=hours)


def a_session(name="s", start=10.0, end=12.0, *, day=0, **more):
    return Session(name, at(start, day=day), at(end, day=day), **({"need": 1} | more))


def broken(session, placed=(), problem=None, **volunteer):
    """The codes for somebody at this session who already has the placed ones."""
    person = Volunteer("v", **volunteer)
    whole = Problem((session, *placed), (person,), **(problem or {}))
    return check_placement(whole, [Pair(each.id, "v") for each in placed], session.id, "v")


def test_every_rule_has_a_sentence_and_a_code_of_its_own():
    rules = (*MAY_SERVE, *CAN_DO_BOTH, *WITHIN_CAPS)

    assert all(rule.holds.__doc__.endswith(".") for rule in rules)
    assert all(wish.count.__doc__.endswith(".") for wish in WISHES)
    assert len(set(HARD_CODES)) == len(rules) == 10


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (None, ()),
        ((), ("availability",)),
        (((10, 12),), ()),
        (((10, 11.5),), ("availability",)),
        (((10.5, 13),), ("availability",)),
        (((9, 11), (11, 13)), ()),
        (((11, 13), (9, 11.5)), ()),
        (((9, 11), (11.01, 13)), ("availability",)),
    ],
)
def test_the_whole_session_lies_in_the_union_of_the_windows(windows, expected):
    free = None if windows is None else tuple(Window(at(start), at(end)) for start, end in windows)

    assert expected == broken(a_session(), available=free)


@pytest.mark.parametrize(("eligible", "expected"), [(None, ()), (set(), ("not_eligible",)), ({"s"}, ())])
def test_only_sessions_on_the_list_may_be_asked(eligible, expected):
    assert expected == broken(a_session(), eligible=None if eligible is None else frozenset(eligible))


def test_touching_is_no_overlap():
    assert broken(a_session(), [a_session("t", 12, 13)]) == ()
    assert broken(a_session(), [a_session("t", 11.99, 13)]) == ("overlap",)


def test_the_way_takes_its_time_to_the_minute():
    minutes = 60 * kilometres(HALL, FAR_HALL) / 12
    here = a_session(place=HALL)

    just_right = a_session("t", 12 + minutes / 60 + 1e-7, 20, place=FAR_HALL)
    too_soon = a_session("t", 12 + minutes / 60 - 1e-3, 20, place=FAR_HALL)

    assert broken(here, [just_right]) == ()
    assert broken(here, [too_soon]) == ("travel",)
    assert broken(here, [too_soon], problem={"policy": Policy(travel_kmh=13)}) == ()
    assert broken(replace(here, venue="x"), [replace(too_soon, venue="x")]) == ()
    assert broken(replace(here, place=None), [too_soon]) == ()


@pytest.mark.parametrize(("most", "expected"), [(None, ()), (9.9, ("too_far",)), (10.0, ())])
def test_nobody_goes_farther_than_she_will(most, expected):
    assert home_km(a_session(place=FAR_HALL), Volunteer("v", home=HALL)) == 10
    assert expected == broken(a_session(place=FAR_HALL), home=HALL, max_km=most)
    assert broken(a_session(), home=HALL, max_km=0) == ()


@pytest.mark.parametrize(("last", "expected"), [(0, ()), (-1, ("uninsured",))])
def test_insurance_holds_on_the_day_the_session_ends_in_tokyo(last, expected):
    assert expected == broken(a_session(start=22, end=23.9), insured_until=DAY + timedelta(days=last))
    assert broken(a_session(start=22, end=24), insured_until=DAY) == ("uninsured",)


@pytest.mark.parametrize(
    ("kind", "adult", "adults_only", "expected"),
    [
        (None, None, False, ()),
        (None, None, True, ("minor",)),
        (None, True, True, ()),
        ("student", False, False, ()),
        ("tokyo_supporter", False, False, ("minor",)),
        ("tokyo_supporter", None, False, ()),
    ],
)
def test_minors_help_where_they_may(kind, adult, adults_only, expected):
    assert expected == broken(a_session(adults_only=adults_only), kind=kind, adult=adult)


def test_a_forbidden_pair_is_refused():
    assert broken(a_session(), problem={"forbidden": frozenset({Pair("s", "v")})}) == ("forbidden",)


def test_caps_count_this_plan_and_not_what_was_already():
    other = a_session("t", day=1)

    assert broken(a_session(), [other], max_sessions=2, already=9) == ()
    assert broken(a_session(), [other], max_sessions=1) == ("max_sessions",)


def test_the_week_runs_from_monday_to_sunday_in_tokyo():
    sunday, monday = a_session("t", 23, 26, day=5), a_session("u", 0, 2, day=6)

    assert broken(a_session(), [sunday], max_per_week=1) == ("max_per_week",)
    assert broken(a_session(), [monday], max_per_week=1) == ()


def test_rules_agree_with_a_checker_that_shares_no_code():
    for seed in range(400):
        document = small_problem(seed)
        problem = read_problem(document)
        sessions, volunteers = by_id(document)
        for s in problem.sessions:
            for v in problem.volunteers:
                assert broken_alone(document, sessions[s.id], volunteers[v.id]) == set(why_not_alone(problem, s, v))
            for t in problem.sessions:
                if s != t:
                    assert broken_by_two(document, sessions[s.id], sessions[t.id]) == set(why_not_both(problem, s, t))


@pytest.mark.parametrize("documents", [map(small_problem, range(400)), [city_month(1, sessions=40, volunteers=60)]])
def test_the_arrays_say_what_the_rules_say(documents):
    for document in documents:
        problem = read_problem(document)
        grid = lay_out(problem)
        codes = broken_rules(grid)
        expected = [[why_not_alone(problem, s, v) for s in grid.sessions] for v in grid.volunteers]
        assert expected == [[codes_of(int(bits)) for bits in row] for row in codes]
        clashes = find_clashes(grid)
        for here, session in enumerate(grid.sessions):
            for other, another in enumerate(grid.sessions):
                if here != other:
                    assert (other in clashes[here]) == bool(why_not_both(problem, session, another))
        candidates = find_candidates(grid)
        for s, v, begun in zip(candidates.session, candidates.volunteer, candidates.km, strict=True):
            assert home_km(grid.sessions[s], grid.volunteers[v]) == begun


def test_groups_hold_every_clash_and_nothing_else():
    for seed in range(60):
        r = random.Random(seed)
        size = r.randint(2, 14)
        pairs = {(a, b) for a in range(size) for b in range(a) if r.random() < 0.5}
        clashes = tuple(frozenset(b for b in range(size) if (a, b) in pairs or (b, a) in pairs) for a in range(size))

        groups = clash_groups(clashes)

        held = {(a, b) for group in groups for a in group for b in group if b < a}
        assert pairs == held


def test_distances_agree_with_a_formula_of_its_own():
    r = random.Random(1)
    for _ in range(200):
        one, other = ({"lat": r.uniform(-90, 90), "lon": r.uniform(-180, 180)} for _ in range(2))
        assert km(one, other) == pytest.approx(kilometres(Place(**one), Place(**other)), abs=1e-5)
