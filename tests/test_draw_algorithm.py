"""The draw itself: repeatable from its seed, pairs never split, never oversold, chances as the slips say."""

import hashlib
import json
from copy import deepcopy

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from scipy.stats import chisquare

from events.draw.errors import RecordDoesNotMatch, RecordOfAnotherVersion, RecordUnreadable
from events.draw.record import Sheet, record_of, sheet_of, verify_record
from events.draw.slips import Outcome, Unit, draw_units, slip_key

ONE_SESSION = ((1,),)
DRAWS = 10_000


def a_unit(*numbers, weight=1, wishes=ONE_SESSION, places=None):
    return Unit(tuple(numbers), places or len(numbers), weight, wishes)


def a_record(units, *, places, seed="小平市 令和8年11月21日", reserves=2, apart=None):
    sheet = Sheet(seed, places, reserves, tuple(units))
    sessions = [{"number": number, "id": f"s{number}"} for number in places]
    record = record_of(sheet, sheet.drawn(), sessions=sessions, set_apart=apart or {}, attempt=1)
    return json.loads(json.dumps(record, ensure_ascii=False))


def test_a_slip_is_the_sha256_of_seed_number_and_slip_that_any_tool_computes():
    assert slip_key("1", 12, 3) == hashlib.sha256(b"1/12/3").hexdigest()
    assert slip_key("1", 1, 1) == "8389f9cb8c5ab10f6005c6ff7eb00db15a3beb23efe2ff8a4c751107403ac250"


def test_the_line_is_the_order_of_the_smallest_slips():
    units = [a_unit(number, weight=1 + number % 3) for number in range(1, 30)]
    by_hand = sorted(
        (min(hashlib.sha256(f"種/{unit.numbers[0]}/{slip}".encode()).hexdigest() for slip in range(1, unit.weight + 1)),
         unit.numbers)
        for unit in units
    )  # fmt: skip

    drawn = draw_units(units, places={1: 5}, reserves=3, seed="種")

    assert [each.numbers for each in drawn] == [numbers for _, numbers in by_hand]
    assert [each.outcome for each in drawn[:5]] == [Outcome.SEAT] * 5
    assert [each.reserve for each in drawn[5:9]] == [1, 2, 3, None]
    assert {each.outcome for each in drawn[8:]} == {Outcome.LOST}


def test_whoever_withdraws_changes_nothing_between_the_others():
    units = [a_unit(number) for number in range(1, 50)]

    all_of_them = draw_units(units, places={1: 10}, reserves=5, seed="7")
    without_one = draw_units(units[1:], places={1: 10}, reserves=5, seed="7")

    assert [each.numbers for each in all_of_them if each.numbers != (1,)] == [each.numbers for each in without_one]


def test_a_pair_for_which_one_place_is_left_is_passed_over_and_leads_the_reserves():
    seed = next(
        str(number)
        for number in range(1000)
        if [each.numbers for each in draw_units(_pair_and_two(), places={1: 9}, reserves=0, seed=str(number))]
        == [(3,), (1, 2), (4,)]
    )

    drawn = draw_units(_pair_and_two(), places={1: 2}, reserves=2, seed=seed)

    assert [(each.numbers, each.outcome) for each in drawn] == [
        ((3,), Outcome.SEAT),
        ((1, 2), Outcome.RESERVE),
        ((4,), Outcome.SEAT),
    ]


def _pair_and_two():
    return [a_unit(1, 2), a_unit(3), a_unit(4)]


def test_the_second_choice_counts_when_the_first_is_full():
    units = [a_unit(number, wishes=((1,), (2,))) for number in range(1, 6)]

    drawn = draw_units(units, places={1: 1, 2: 2}, reserves=1, seed="3")

    assert [each.sessions for each in drawn] == [(1,), (2,), (2,), (), ()]


@given(
    sizes=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.permutations([1, 2, 3])), max_size=25),
    places=st.lists(st.integers(0, 6), min_size=3, max_size=3),
    reserves=st.integers(0, 8),
    seed=st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()),
    data=st.data(),
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_drawn_nothing_is_oversold_nobody_is_split_or_lost_and_it_can_be_verified(
    sizes, places, reserves, seed, data
):
    units, number = [], 1
    for size, weight, wishes in sizes:
        units.append(a_unit(*range(number, number + size), weight=weight, wishes=tuple((wish,) for wish in wishes)))
        number += size
    free = dict(enumerate(places, start=1))

    drawn = draw_units(units, places=free, reserves=reserves, seed=seed)

    assert sorted(each.numbers for each in drawn) == [unit.numbers for unit in units]
    for session, count in free.items():
        assert sum(len(each.numbers) for each in drawn if session in each.sessions) <= count
    assert draw_units(data.draw(st.permutations(units)), places=free, reserves=reserves, seed=seed) == drawn
    left = {
        session: count - sum(len(each.numbers) for each in drawn if session in each.sessions)
        for session, count in free.items()
    }
    assert all(len(each.numbers) > max(left.values()) for each in drawn if each.outcome is not Outcome.SEAT)
    assert verify_record(a_record(units, places=free, seed=seed, reserves=reserves)).applications == number - 1


def test_ten_thousand_draws_come_out_first_as_often_as_the_slips_say():
    units = [a_unit(1, weight=1), a_unit(2, weight=2), a_unit(3, weight=3), a_unit(4, 5, weight=2), a_unit(6, weight=4)]
    slips = sum(unit.weight for unit in units)
    first = dict.fromkeys((unit.numbers for unit in units), 0)
    for seed in range(DRAWS):
        first[draw_units(units, places={1: 1}, reserves=0, seed=str(seed))[0].numbers] += 1

    expected = [DRAWS * unit.weight / slips for unit in units]
    chance = chisquare(list(first.values()), expected).pvalue

    print(f"first of the line in {DRAWS} draws {list(first.values())}, expected {expected}, p = {chance:.3f}")
    assert chance > 0.001


def test_ten_thousand_draws_come_out_in_every_order_as_often_as_the_slips_say():
    """The whole promise: the next is each of those left, in proportion to the slips of those left."""
    units = [a_unit(1, weight=1), a_unit(2, weight=2), a_unit(3, weight=3)]
    found = {}
    for seed in range(DRAWS):
        order = tuple(each.numbers[0] for each in draw_units(units, places={1: 1}, reserves=0, seed=f"x{seed}"))
        found[order] = found.get(order, 0) + 1

    orders = [(a, b, c) for a in (1, 2, 3) for b in (1, 2, 3) for c in (1, 2, 3) if len({a, b, c}) == 3]
    expected = [DRAWS * a / 6 * b / (6 - a) for a, b, _ in orders]
    chance = chisquare([found.get(order, 0) for order in orders], expected).pvalue

    print(f"orders in {DRAWS} draws {found}, p = {chance:.3f}")
    assert chance > 0.001


def test_a_record_is_verified_and_says_what_became_of_all():
    record = a_record([a_unit(1), a_unit(2, 3, weight=2), a_unit(5)], places={1: 2}, apart={4: "late"})

    verified = verify_record(record)

    assert (verified.applications, verified.set_apart) == (5, 1)
    assert verified.seats + verified.reserves + verified.lost == 4
    assert sheet_of(record).drawn() == Sheet(
        record["seed"], {1: 2}, 2, (a_unit(1), a_unit(2, 3, weight=2), a_unit(5))
    ).drawn()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(seed="another"),
        lambda record: record["applicants"][0].update(weight=9),
        lambda record: record["sessions"][0].update(places=8),
        lambda record: record["result"][0].update(outcome="lost", sessions=[]),
        lambda record: record["result"].reverse(),
    ],
    ids=["seed", "weight", "places", "outcome", "order"],
)
def test_a_record_that_was_changed_does_not_match(change):
    record = a_record([a_unit(number) for number in range(1, 9)], places={1: 3})
    changed = deepcopy(record)
    change(changed)

    with pytest.raises(RecordDoesNotMatch):
        verify_record(changed)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda record: record.pop("seed"), "seed"),
        (lambda record: record.pop("sessions"), "sessions"),
        (lambda record: record["applicants"][0].update(weight=0), "applicants[1].weight"),
        (lambda record: record["applicants"][0].update(weight=1.5), "applicants[1].weight"),
        (lambda record: record["applicants"][0].update(numbers=[2]), "number 2"),
        (lambda record: record["applicants"][0].update(wishes=[[7]]), "applicants[1].wishes"),
        (lambda record: record["applicants"].append("x"), "applicants"),
        (lambda record: record["result"].pop(), "result"),
        (lambda record: record.update(reserves=True), "reserves"),
    ],
)
def test_a_record_that_cannot_be_read_says_where(change, part):
    record = a_record([a_unit(1), a_unit(2)], places={1: 1})
    change(record)

    with pytest.raises(RecordUnreadable) as refused:
        verify_record(record)

    assert refused.value.details["part"] == part


def test_a_record_of_another_algorithm_is_refused_by_its_name():
    with pytest.raises(RecordOfAnotherVersion) as refused:
        verify_record({"algorithm": "dice-2"})
    with pytest.raises(RecordUnreadable):
        verify_record(["x"])

    assert refused.value.details["algorithm"] == "dice-2"
