"""The best choice where wishes bend the price of a volunteer's whole month: she is given months, not sessions.

One column for each month that could be hers, as far as it may be part of a best plan. First in fractions: what
sessions pay says which months are worth a column, until none is missing. Then cuts by parity raise that bound. Last
in whole months, among those that the bound leaves a chance: a month that is dearer than its price by r makes any plan
cost at least the bound + r.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from volunteers.matching.candidates import Flags, Floats, Ints
from volunteers.matching.formulation import series_of
from volunteers.matching.meetings import Cut, Meetings, of_each
from volunteers.matching.model import Model
from volunteers.matching.months import Found, MonthFinder, Months
from volunteers.matching.parity import Tight, odd_sums
from volunteers.matching.problem import Aim
from volunteers.matching.remaining import Remaining
from volunteers.matching.solver import CLOSE_ENOUGH, Growing, Outcome, Run, TimeIsUp, Watch, solve

FIRST_MONTHS = 1.0  # months up to this much dearer than a volunteer's cheapest come in at first
NEAR = 0.5  # and later those that miss their price by less
FIRST_SLACK = 1.0  # months that miss their price by more are left out of the whole numbers at first
MOST_MONTHS = 2_000  # of one volunteer and one number of sessions, at first
ENDLESS_MONTHS = 100_000
MOST_ROUNDS = 15
LEAST_PROGRESS = 0.05
PATIENCE = 2  # rounds of cuts with less progress than that
NEARLY_WHOLE = 0.9
GOOD_ENOUGH = 20.0  # a known answer farther from the bound leads the solver astray
EXACT = 1e-6


def bends(part: Remaining) -> bool:
    """Whether somebody has several sessions of one series, and the series counts."""
    policy = part.grid.problem.policy
    if policy.aim is not Aim.BALANCED or not policy.weights.same_series:
        return False
    series, begun = series_of(part)
    mine = np.flatnonzero((series >= 0) & ~begun)
    key = part.volunteer[mine] * (int(series.max(initial=0)) + 1) + series[mine]
    return len(np.unique(key)) < len(key)


def least_by_month(part: Remaining, shared: Model, price: int, prices: Floats, watch: Watch) -> Run:
    """The least price × open needs + wishes; values are those of the pairs.

    `shared` are the rows of `formulate_sessions`. `prices` are a first guess of what they pay; a better guess saves
    time, nothing else.
    """
    return _ByMonth(part, shared, price * shared.opens + shared.wishes, watch).least(prices[: len(shared.lower)])


@dataclass(slots=True)
class _Pool:
    """The months that are columns, in their order."""

    months: Months = field(default_factory=lambda: Months.joined([]))
    marks: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whole months, the values of the other columns, and what they cost; infinite: none was found."""

    months: Months
    others: Floats
    cost: float
    outcome: Outcome


class _ByMonth:
    def __init__(self, part: Remaining, shared: Model, costs: Floats, watch: Watch) -> None:
        self.part, self.shared, self.watch = part, shared, watch
        self.finder = MonthFinder(part)
        self.pair_costs = costs[: shared.pairs] - self.finder.load * (self.finder.served[part.volunteer] + 1)
        self.people, self.rows = self.finder.people, len(shared.lower)
        self.mark = np.random.default_rng(1).integers(1, 2**40, shared.pairs)
        self.meetings = Meetings.without_cuts(shared, self.people)
        self.at_least = np.isinf(shared.upper)
        self.limit = np.concatenate([np.where(self.at_least, shared.lower, shared.upper), np.ones(self.people)])
        others, _ = shared.without(np.arange(len(costs)) < shared.pairs)
        self.others = replace(
            others,
            lower=np.append(others.lower, np.full(self.people, -np.inf)),
            upper=np.append(others.upper, np.ones(self.people)),
        )
        self.other_costs = costs[shared.pairs :]
        self.cuts: list[Cut] = []
        self.cut_rows: list[tuple[Floats, float]] = []  # of the columns that are no months; and the limit
        self.master = Growing(self.others, self.other_costs, watch)
        self.pool = _Pool()
        self.best = _Answer(self.pool.months, np.zeros(0), np.inf, Outcome.DONE)
        self.bound = -np.inf

    def least(self, prices: Floats) -> Run:
        """The best choice in whole months, or the best found when the watch says stop."""
        try:
            run = self._in_fractions(prices)
            self.best = self._dive(run)
            self._in_whole_months(run)
        except TimeIsUp:
            self.best = replace(self.best, outcome=Outcome.STOPPED)
        values = None if self.best.cost == np.inf else self._pairs(self.best.months)
        return Run(self.best.outcome, values, self.best.cost, self.bound)

    def _in_fractions(self, prices: Floats) -> Run:
        """All months that count, then cuts as long as they help."""
        guess = Run(Outcome.DONE, None, 0.0, 0.0, None, np.append(prices, np.zeros(self.people)))
        self._add(self._find(guess, FIRST_MONTHS, MOST_MONTHS // 10).months)
        run, stalled = self._priced_out(), 0
        for _ in range(MOST_ROUNDS):
            if self._is_whole(run) or stalled == PATIENCE or not self._cut(run):
                break
            before, run = self.bound, self._priced_out()
            stalled = 0 if self.bound > before + LEAST_PROGRESS else stalled + 1
        return run

    # --- in fractions ----------------------------------------------------------------------------------------

    def _priced_out(self) -> Run:
        """The best in fractions of all months, those included that have no column yet."""
        while True:
            run = self._solved()
            found = self._find(run, NEAR, MOST_MONTHS)
            own = self._own_prices(run)
            self.bound = max(self.bound, self._proven(run, found))
            missing = found.months.value - own[found.months.volunteer]
            if not np.any(missing < -EXACT):
                return run
            self._add(found.months.chosen(missing < NEAR))

    def _solved(self) -> Run:
        run = self.master.solve()
        if run.outcome is Outcome.STOPPED:
            raise TimeIsUp
        return run

    def _find(self, run: Run, slack: float, most_months: int) -> Found:
        assert run.prices is not None
        self.watch.look()
        rows, cuts = run.prices[: self.rows], np.minimum(0.0, run.prices[self.rows + self.people :])
        meetings = self.meetings
        paid = np.bincount(of_each(meetings.first), weights=rows[meetings.row], minlength=self.shared.pairs)
        values = self.pair_costs - paid
        if not len(cuts):
            return self.finder.find(values, slack, most_months)
        of_pair = of_each(meetings.cut_first)
        values += np.bincount(of_pair, weights=cuts[meetings.cut] * meetings.minus, minlength=self.shared.pairs)

        def penalty(months: Months) -> Floats:
            month, cut, half, _ = meetings.cuts_of(months)
            weighed = np.zeros(len(months.volunteer))
            np.add.at(weighed, month, -cuts[cut] * half)
            return weighed

        return self.finder.find(values, slack, most_months, penalty)

    def _proven(self, run: Run, found: Found) -> float:
        """Nobody can do better than her cheapest month at these prices."""
        return run.cost + float(np.minimum(0.0, found.cheapest - self._own_prices(run)).sum())

    def _own_prices(self, run: Run) -> Floats:
        assert run.prices is not None
        return run.prices[self.rows : self.rows + self.people]

    def _add(self, months: Months) -> None:
        marks = self._marks(months)
        fresh = ~np.isin(marks, self.pool.marks)
        months, marks = months.chosen(fresh), marks[fresh]
        month, row, value = self._column_entries(months)
        first = np.searchsorted(month, np.arange(len(months.volunteer)))
        self.master.add_columns(self._costs(months), first, row, value)
        self.pool.months = Months.joined([self.pool.months, months])
        self.pool.marks = np.concatenate([self.pool.marks, marks])

    def _marks(self, months: Months) -> Ints:
        """A number for every set of pairs."""
        total = np.zeros(len(months.volunteer), np.int64)
        np.add.at(total, months.of_each_pair(), self.mark[months.pair])
        return total

    def _costs(self, months: Months) -> Floats:
        return months.sums(self.pair_costs) + self.finder.own_costs(months)

    def _column_entries(self, months: Months) -> tuple[Ints, Ints, Floats]:
        """Every (month, row, value), sorted by month."""
        month, row, times = self.meetings.rows_of(months)
        who = np.arange(len(months.volunteer))
        cut_month, cut, half, minus = self.meetings.cuts_of(months)
        month = np.concatenate([month, who, cut_month])
        row = np.concatenate([row, self.rows + months.volunteer, self.rows + self.people + cut])
        value = np.concatenate([times, np.ones(len(who), np.int64), half - minus]).astype(np.float64)
        order = np.argsort(month, kind="stable")
        order = order[value[order] != 0]
        return month[order], row[order], value[order]

    # --- cuts ------------------------------------------------------------------------------------------------

    def _cut(self, run: Run) -> bool:
        """Adds the cuts that these fractions break; False if there are none."""
        months = self.pool.months
        fraction = self._month_values(run)
        used = np.flatnonzero(fraction > EXACT)
        chosen = months.chosen(fraction > EXACT)
        month, row, value = self._column_entries(chosen)
        kept = row < self.rows + self.people
        others = len(self.other_costs)
        assert run.values is not None
        values = np.concatenate([run.values[:others], fraction[used]])
        row, column = np.append(self.others.row, row[kept]), np.append(self.others.column, others + month[kept])
        value = np.append(self.others.value, value[kept])
        reached = np.bincount(row, weights=value * values[column], minlength=self.rows + self.people)
        tight = Tight(
            row, column, value.astype(np.int64), self.limit.astype(np.int64), abs(self.limit - reached), values
        )
        before = len(self.cuts)
        for members in odd_sums(tight):
            self.cuts.append(Cut(members[members < self.rows], members[members >= self.rows] - self.rows))
            self.cut_rows.append(self._of_others(self.cuts[-1]))
        if len(self.cuts) == before:
            return False
        self.meetings = self.meetings.with_cuts(self.cuts, self.at_least)
        month, cut, half, minus = self.meetings.cuts_of(months)
        for index in range(before, len(self.cuts)):
            here = cut == index
            of_others, limit = self.cut_rows[index]
            column = np.append(np.flatnonzero(of_others), others + month[here])
            self.master.add_row(limit, column, np.append(of_others[of_others != 0], (half - minus)[here]))
        return True

    def _of_others(self, cut: Cut) -> tuple[Floats, float]:
        sign = np.zeros(self.rows + self.people)
        sign[cut.rows] = np.where(self.at_least[cut.rows], -1, 1)
        sign[self.rows + cut.own] = 1
        weights = sign[self.others.row] * self.others.value
        total = np.bincount(self.others.column, weights=weights, minlength=len(self.other_costs))
        return np.floor(total / 2), float(np.floor(sign @ self.limit / 2))

    # --- in whole months -------------------------------------------------------------------------------------

    def _dive(self, run: Run) -> _Answer:
        """A good answer soon: the months that are nearly whole are taken, then the rest is solved again."""
        months, others = self.pool.months, len(self.other_costs)
        taken = np.zeros(len(months.volunteer), np.bool_)
        while run.values is not None and not self._is_whole(run):
            values = self._month_values(run)
            nearly = values > NEARLY_WHOLE
            broken = (values > EXACT) & (values < 1 - EXACT)
            if not np.any(nearly & broken):
                nearly[np.argmax(np.where(broken, values, 0))] = True
            self.master.set_least(others + np.flatnonzero(nearly & ~taken), 1.0)
            taken |= nearly
            run = self._solved()
        if run.values is None:  # what was taken does not go together
            return self.best
        chosen = months.chosen(self._month_values(run) > 0.5)
        return _Answer(chosen, run.values[:others], float(np.round(run.cost)), Outcome.DONE)

    def _in_whole_months(self, run: Run) -> None:
        """Among the months that the bound leaves a chance; then among plans with one that was left out, if need be."""
        own = self._own_prices(run)
        settled_to, settled, slack = -np.inf, np.inf, self._slack(self.bound)
        while self.best.outcome is Outcome.DONE and self.bound <= self.best.cost - CLOSE_ENOUGH:
            found = self._find_all(run, slack)
            bound = self._proven(run, found)
            missing = found.months.value - own[found.months.volunteer]
            months, missing = found.months.chosen(missing <= slack + EXACT), missing[missing <= slack + EXACT]
            sure = float(np.min(found.sure - own + EXACT, initial=slack))
            if settled_to < 0:
                self.best, proven = self._whole(months, self.best)
            else:
                self.best, proven = self._whole_with_one_of(missing > settled_to, months, self.best)
            settled = min(settled, proven)
            self.bound = max(self.bound, min(settled, bound + sure - EXACT))
            if sure < slack:
                raise TimeIsUp
            settled_to, slack = slack + EXACT, max(self.best.cost - CLOSE_ENOUGH - bound + 2 * EXACT, slack + EXACT)

    def _find_all(self, run: Run, slack: float) -> Found:
        """The same as `_find`, and as good as always nothing within `slack` is left out."""
        own, most_months = self._own_prices(run), MOST_MONTHS
        while True:
            found = self._find(run, slack, most_months)
            if most_months > ENDLESS_MONTHS or np.all(found.sure - own > slack - EXACT):
                return found
            most_months *= 8

    def _slack(self, bound: float) -> float:
        """Enough to prove an answer that is a unit or two above the bound; costs are whole numbers."""
        return float(np.ceil(bound + FIRST_SLACK)) - bound + 1 - CLOSE_ENOUGH + 2 * EXACT

    def _whole(self, months: Months, known: _Answer) -> tuple[_Answer, float]:
        """The best of these months and of what is known already, and what nobody can do better with them."""
        months = Months.joined([months, known.months])
        start = np.arange(len(months.volunteer)) >= len(months.volunteer) - len(known.months.volunteer)
        values = np.concatenate([start, known.others]) if known.cost < self.bound + GOOD_ENOUGH else None
        run = solve(model := self._model(months), model.wishes, self.watch, whole=True, known=values)
        return self._better(run, months, known), run.bound

    def _whole_with_one_of(self, some: Flags, months: Months, known: _Answer) -> tuple[_Answer, float]:
        """The same if at least one month must be among `some`: seldom any better than what is known."""
        model = self._model(months)
        count, column = len(months.volunteer), np.flatnonzero(some)
        model = replace(
            model,
            lower=np.append(model.lower, 1.0),
            upper=np.append(model.upper, np.inf),
            row=np.append(model.row, np.full(len(column), len(model.lower))),
            column=np.append(model.column, column),
            value=np.append(model.value, np.ones(len(column))),
        )
        relaxed = solve(model, model.wishes, self.watch, whole=False)
        if relaxed.outcome is Outcome.IMPOSSIBLE:
            return known, np.inf
        if relaxed.reduced is None:
            return replace(known, outcome=Outcome.STOPPED), relaxed.bound
        room = known.cost - CLOSE_ENOUGH - relaxed.bound
        if room < 0:
            return known, relaxed.bound
        hopeless = np.append(relaxed.reduced[:count] > room + EXACT, np.zeros(len(model.wishes) - count, np.bool_))
        smaller, _ = model.without(hopeless)
        run = solve(smaller, smaller.wishes, self.watch, whole=True)
        if run.outcome is Outcome.IMPOSSIBLE:
            return known, known.cost - CLOSE_ENOUGH + EXACT
        months = months.chosen(~hopeless[:count])
        return self._better(run, months, known), min(run.bound, known.cost - CLOSE_ENOUGH + EXACT)

    def _better(self, run: Run, months: Months, known: _Answer) -> _Answer:
        if run.values is None or run.cost > known.cost - EXACT:
            return replace(known, outcome=run.outcome)
        count = len(months.volunteer)
        return _Answer(
            months.chosen(run.values[:count] > 0.5), run.values[count:], float(np.round(run.cost)), run.outcome
        )

    def _model(self, months: Months) -> Model:
        """These months, what sessions share, and the cuts."""
        count = len(months.volunteer)
        month, row, value = self._column_entries(months)
        cut_entries = [np.flatnonzero(of_others) for of_others, _ in self.cut_rows]
        cut_row = np.repeat(np.arange(len(cut_entries)), [len(each) for each in cut_entries])
        row = np.concatenate([self.others.row, self.rows + self.people + cut_row, row])
        column = np.concatenate([count + self.others.column, *(count + each for each in cut_entries), month])
        value = np.concatenate([self.others.value, *(of[of != 0] for of, _ in self.cut_rows), value])
        order = np.argsort(row, kind="stable")
        costs = np.concatenate([self._costs(months), self.other_costs])
        return Model(
            pairs=count,
            opens=np.zeros(len(costs)),
            wishes=costs,
            most=np.append(np.ones(count), self.others.most),
            whole=np.arange(len(costs)) < count,
            lower=np.append(self.others.lower, np.full(len(self.cuts), -np.inf)),
            upper=np.append(self.others.upper, [limit for _, limit in self.cut_rows]),
            row=row[order],
            column=column[order],
            value=value[order],
        )

    def _month_values(self, run: Run) -> Floats:
        assert run.values is not None
        return run.values[len(self.other_costs) :]

    def _is_whole(self, run: Run) -> bool:
        fraction = self._month_values(run)
        return bool(np.all(np.abs(fraction - np.round(fraction)) < EXACT))

    def _pairs(self, months: Months) -> Floats:
        pairs = np.zeros(self.shared.pairs)
        pairs[months.pair] = 1.0
        return pairs
