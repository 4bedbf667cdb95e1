"""The best choice of the free pairs: first the fewest open needs, then the wishes, each with its proof.

The problem falls into parts that share neither session nor volunteer; each is settled by itself. A part is first
solved with open needs made dear (`price`). That the price was high enough is proved afterwards, not assumed: if
fewer needs could stay open, they are counted first and then held while the wishes are solved again.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from volunteers.matching.by_month import bends, least_by_month
from volunteers.matching.candidates import Flags, Floats, Ints
from volunteers.matching.draft import draft
from volunteers.matching.formulation import formulate, formulate_sessions, series_of
from volunteers.matching.model import Model
from volunteers.matching.problem import Aim, Pair
from volunteers.matching.remaining import Remaining
from volunteers.matching.score import objective, still_open
from volunteers.matching.solver import CLOSE_ENOUGH, Outcome, Run, TimeIsUp, Watch, solve

SMALL = 2_000  # pairs up to which whole numbers are asked for at once
PART = 20_000  # small parts are settled together up to this many pairs
FIRST_SLACK = 2.0  # pairs whose reduced cost is higher are left out at first
HIGHEST_PRICE = 100_000


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen pairs, what they leave open and cost, and what is proven about both."""

    pairs: tuple[Pair, ...]
    open: int
    open_bound: int
    objective: int
    bound: int


@dataclass(frozen=True, slots=True)
class _Part:
    """One part's answer: costs and bounds beside the pins; `priced` bounds price × open + objective."""

    chosen: Flags
    open: int
    open_bound: int
    bound: float
    priced: float


def choose(remaining: Remaining, watch: Watch, settled: Callable[[int, tuple[int, int]], None]) -> Choice:
    """The best choice, or the best found when the watch says stop.

    `settled` hears after each part how many sessions it had, and what is open and what it costs so far.
    """
    problem, pins = remaining.grid.problem, list(remaining.pins)
    price = price_of(remaining)
    chosen = np.zeros(len(remaining.session), np.bool_)
    placed, opens, cost = pins, still_open(problem, pins), objective(problem, pins)
    parts = []
    for members in _parts(remaining):
        part = _Settling(remaining.only(members), watch, price).settle()
        chosen[members] = part.chosen
        parts.append(part)
        placed = [*pins, *remaining.pairs(np.flatnonzero(chosen))]
        opens, cost = still_open(problem, placed), objective(problem, placed)
        settled(len(np.unique(remaining.session[members])), (opens, cost))
    spare = opens - sum(part.open for part in parts)  # what stays open whatever is chosen
    open_bound = spare + sum(part.open_bound for part in parts)
    from_pins = objective(problem, pins)
    if opens == open_bound:
        bound = from_pins + sum(_up(part.bound) for part in parts)
    else:
        bound = from_pins + _up(sum(part.priced for part in parts) - price * (opens - spare))
    return Choice(tuple(placed), opens, open_bound, cost, min(cost, bound))


def price_of(remaining: Remaining) -> int:
    """What an open need costs beside the wishes: more than one pair is ever worth, several times over."""
    policy = remaining.grid.problem.policy
    if policy.aim is Aim.FEWEST_PEOPLE:
        return 100
    weights = policy.weights
    busiest = max((each.already for each in remaining.grid.volunteers), default=0) + 10
    worth = weights.travel * int(remaining.km.max(initial=0)) + weights.load * busiest + 2 * weights.change
    worth += weights.like + weights.dislike + weights.pair_new + weights.same_series
    return min(HIGHEST_PRICE, 10 * (worth + 1))


def _up(bound: float) -> int:
    """Costs are whole numbers, so a bound may be rounded up, but for the solver's own inexactness."""
    if not math.isfinite(bound):
        return -(10**15)
    return math.ceil(bound - 1e-4 - 1e-9 * abs(bound))


def _parts(remaining: Remaining) -> Iterator[Flags]:
    """Pairs that share no session and no volunteer with other parts; small parts are joined."""
    label = _connected(remaining)
    _, first, which, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    together: list[int] = []
    pairs = 0
    for part in np.argsort(remaining.session[first], kind="stable").tolist():
        together.append(part)
        pairs += int(size[part])
        if pairs >= PART:
            yield np.isin(which, together)
            together, pairs = [], 0
    if together:
        yield np.isin(which, together)


def _connected(remaining: Remaining) -> Ints:
    """For each pair the smallest session to which a chain of pairs leads."""
    session, volunteer = remaining.session, remaining.volunteer
    label = np.arange(len(remaining.grid.sessions))
    while True:
        of_volunteer = np.full(len(remaining.grid.volunteers), len(label))
        np.minimum.at(of_volunteer, volunteer, label[session])
        lower = label.copy()
        np.minimum.at(lower, session, of_volunteer[volunteer])
        np.minimum.at(lower, label, lower)
        lower = lower[lower]
        if np.array_equal(lower, label):
            return label[session]
        label = lower


class _Settling:
    """One part, from its pairs to its answer."""

    def __init__(self, part: Remaining, watch: Watch, price: int) -> None:
        self.part, self.watch, self.price = part, watch, price
        self.problem, self.pins = part.grid.problem, list(part.pins)
        self.shared = formulate_sessions(part)
        self.by_month = bends(part) and len(part.session) > SMALL
        self.all_missing = int(self.shared.opens @ self.shared.most)
        self.before = still_open(self.problem, self.pins), objective(self.problem, self.pins)

    def settle(self) -> _Part:
        """The best there is; a draft if time is up before anything can be solved."""
        try:
            self.model = formulate(self.part, series=not self.by_month, look=self.watch.look)
            return self._solved()
        except TimeIsUp:
            return self._draft_or(None, 0, -math.inf)

    def _solved(self) -> _Part:
        """Dear open needs first; if fewer could stay open, count them, hold them, and solve the wishes again."""
        priced = self._priced()
        if priced.values is None:
            return self._draft_or(None, 0, priced.bound)
        opens = self._score(self._chosen(priced))[0]
        counted = self._count_open(opens)
        fewest = max(0, _up(counted.bound))
        if counted.values is None or (fewer := self._score(self._chosen(counted))[0]) >= opens:
            return self._draft_or(priced, fewest, priced.bound)
        held_to = formulate(self.part, look=self.watch.look).limited_to(fewer)
        held = least(held_to, held_to.wishes, self.watch)
        return self._draft_or(held if held.values is not None else counted, fewest, priced.bound, held.bound)

    def _priced(self) -> Run:
        """The least price × open needs + wishes."""
        costs = self.price * self.model.opens + self.model.wishes
        if not self.by_month:
            return least(self.model, costs, self.watch)
        guess = solve(self.model, costs, self.watch, whole=False)
        if guess.prices is None:
            return Run(guess.outcome, None, np.inf, -np.inf)
        return least_by_month(self.part, self.shared, self.price, guess.prices, self.watch)

    def _count_open(self, opens: int) -> Run:
        """The fewest open needs, unless `opens` turns out to be the fewest on the way."""
        if opens == 0:
            return Run(Outcome.DONE, None, 0.0, 0.0)
        return least(self.model, self.model.opens, self.watch, known=opens)

    def _draft_or(self, run: Run | None, fewest: int, priced: float, held: float = -math.inf) -> _Part:
        """The run's answer; when time ran out, a draft if that is better."""
        chosen = np.zeros(self.shared.pairs, np.bool_) if run is None else self._chosen(run)
        if self.watch.stop() or run is None:
            chosen = min((chosen, draft(self.part, self.watch.last_moment())), key=self._score)
        opens, _ = self._score(chosen)
        at_least = float(np.minimum(0, self.shared.wishes) @ self.shared.most) - self._all_in_series()
        return _Part(
            chosen=chosen,
            open=opens,
            open_bound=min(opens, fewest),
            bound=max(priced - self.price * opens, held, at_least),
            priced=max(priced, at_least + self.price * fewest),
        )

    def _all_in_series(self) -> int:
        """More than series could ever save."""
        policy = self.problem.policy
        in_series = int(np.count_nonzero(series_of(self.part)[0] >= 0))
        return policy.weights.same_series * in_series if policy.aim is Aim.BALANCED else 0

    def _chosen(self, run: Run) -> Flags:
        assert run.values is not None
        return run.values[: self.shared.pairs] > 0.5

    def _score(self, chosen: Flags) -> tuple[int, int]:
        """What the choice leaves open among what it could fill, and what it costs beside the pins."""
        placed = [*self.pins, *self.part.pairs(np.flatnonzero(chosen))]
        opens, cost = self.before
        return (
            still_open(self.problem, placed) - opens + self.all_missing,
            objective(self.problem, placed) - cost,
        )


def least(model: Model, costs: Floats, watch: Watch, known: float = np.inf) -> Run:
    """The least cost in whole pairs. Ends without values once `known` is seen to be the least.

    First in fractions, which is a bound; then in whole numbers among the pairs that the bound leaves a chance. A
    pair with a reduced cost of r makes any plan cost at least the bound + r: what is left out can be no loss unless
    the answer lies higher, and then more pairs are let in.
    """
    if model.pairs <= SMALL:
        return solve(model, costs, watch, whole=True)
    relaxed = solve(model, costs, watch, whole=False)
    if relaxed.values is None or relaxed.reduced is None or _up(relaxed.bound) >= known:
        return Run(relaxed.outcome, None, np.inf, relaxed.bound)
    pairs = relaxed.values[: model.pairs]
    if np.all(np.abs(pairs - np.round(pairs)) < 1e-6):
        return relaxed
    slack = FIRST_SLACK
    while True:
        dropped = np.zeros(len(costs), np.bool_)
        dropped[: model.pairs] = (relaxed.reduced[: model.pairs] > slack) & (pairs < 1e-9)
        run = _among_the_rest(model, costs, watch, dropped)
        out_of_reach = relaxed.bound + slack if dropped.any() else np.inf
        if run.outcome is Outcome.STOPPED or out_of_reach > run.cost - CLOSE_ENOUGH or not dropped.any():
            return Run(run.outcome, run.values, run.cost, max(relaxed.bound, min(run.bound, out_of_reach)))
        slack = max(4 * slack, run.cost - relaxed.bound)


def _among_the_rest(model: Model, costs: Floats, watch: Watch, dropped: Flags) -> Run:
    """The least cost without the dropped columns, told in all columns."""
    smaller, kept = model.without(dropped)
    run = solve(smaller, costs[kept], watch, whole=True)
    if run.values is None:
        return run
    values = np.zeros(len(costs))
    values[kept] = run.values
    return Run(run.outcome, values, run.cost, run.bound)
