"""What one volunteer's month could be: sets of her sessions that break none of her own rules, the cheapest first.

The solver sees half a person at half the price wherever costs bend, as load and series do; a whole month is bought
whole. All months are far too many, so they are looked for by price: what a session pays for a helper is given, and
the months within `slack` of a volunteer's cheapest are found for all volunteers at once. Her sessions stand in the
order of their value, a month is a set of bits, and months grow by one session a step while they may still be cheap.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from volunteers.matching.candidates import Flags, Floats, Ints
from volunteers.matching.clashes import find_clashes
from volunteers.matching.formulation import most_sessions, series_of
from volunteers.matching.remaining import Remaining

Bits = npt.NDArray[np.uint64]
Penalty = Callable[["Months"], Floats]  # what months cost besides: never less than nothing
WORD = 64  # bits
MOST_ITEMS = 8 * WORD  # sessions of one volunteer that are looked at
ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Months:
    """Some months: whose each is, and its pairs from `first` to the next `first`; `value` is cost less prices."""

    volunteer: Ints
    first: Ints
    pair: Ints
    value: Floats

    def chosen(self, which: Flags) -> "Months":
        """Some of them."""
        size = np.diff(self.first)
        return Months(
            self.volunteer[which],
            np.concatenate([[0], np.cumsum(size[which])]),
            self.pair[np.repeat(which, size)],
            self.value[which],
        )

    def of_each_pair(self) -> Ints:
        """For every entry of `pair`, the month it stands in."""
        return np.repeat(np.arange(len(self.volunteer)), np.diff(self.first))

    def sums(self, per_pair: Floats) -> Floats:
        """The sum over each month's pairs."""
        total = np.zeros(len(self.volunteer))
        np.add.at(total, self.of_each_pair(), per_pair[self.pair])
        return total

    @staticmethod
    def joined(several: "list[Months]") -> "Months":
        """One after the other."""
        sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(each.first) for each in several)])
        return Months(
            np.concatenate([np.zeros(0, np.int64), *(each.volunteer for each in several)]),
            np.concatenate([[0], np.cumsum(sizes)]),
            np.concatenate([np.zeros(0, np.int64), *(each.pair for each in several)]),
            np.concatenate([np.zeros(0), *(each.value for each in several)]),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Months, and per volunteer: no month of hers is worth less than `cheapest`, none below `sure` is left out."""

    months: Months
    cheapest: Floats
    sure: Floats


@dataclass(frozen=True, slots=True)
class _Items:
    """The sessions that may matter, by volunteer and then by value; masks have a bit for each item of the same one."""

    pair: Ints
    volunteer: Ints
    first: Ints
    value: Floats
    bit: Bits
    clash: Bits
    week: Bits
    series: Bits
    rest: Floats  # [n, item]: the most that later items, from this one, could still save after n sessions


class MonthFinder:
    """Finds months under changing prices; what never changes is prepared once."""

    def __init__(self, part: Remaining) -> None:
        grid = part.grid
        weights = grid.problem.policy.weights
        self.part, self.load, self.weight = part, weights.load, weights.same_series
        self.people = len(grid.volunteers)
        self.served = np.array(
            [each.already + len(pins) for each, pins in zip(grid.volunteers, part.pinned_sessions, strict=True)],
            np.int64,
        )
        self.most = most_sessions(part)
        series, begun = series_of(part)
        self.begun: Floats = np.where(begun, float(self.weight), 0.0)
        self.series = np.where(begun, -1, series)
        self.shared: Flags = self._shared()
        self.local = np.full(len(grid.sessions), -1)
        used = np.unique(part.session)
        self.local[used] = np.arange(len(used))
        self.clashes = np.zeros((len(used), len(used)), np.bool_)
        for session, others in enumerate(find_clashes(grid, used)):
            self.clashes[self.local[session], self.local[list(others)]] = True

    def find(self, values: Floats, slack: float, most_months: int, penalty: Penalty | None = None) -> Found:
        """All months within `slack` of their volunteer's cheapest; of very many, `most_months` at each step.

        `values`: what each pair costs by itself less what it is paid, without load and series.
        """
        values = values - self.begun
        items, left_out = self._items(values, slack)
        best, floor = np.zeros(self.people), np.full(self.people, np.inf)
        found: list[Months] = []
        here = _Growing.nothing(items)
        step = 0
        while len(here.volunteer):
            here, floor = self._grown(items, here, step, best, floor, slack, most_months)
            step += 1
            months = here.as_months(items, step)
            value = months.value if penalty is None else months.value + penalty(months)
            np.minimum.at(best, months.volunteer, value)
            found.append(Months(months.volunteer, months.first, months.pair, value))
        months = Months.joined(found)
        near = months.value <= best[months.volunteer] + slack + ALMOST
        floor = np.minimum(floor, np.minimum(best, floor) + left_out)
        return Found(months.chosen(near), np.minimum(best, floor), np.minimum(best + slack, floor))

    def own_costs(self, months: Months) -> Floats:
        """What load and series make of each month, beside its pairs."""
        size = np.diff(months.first)
        load = self.load * (size * self.served[months.volunteer] + size * (size + 1) // 2)
        key = months.of_each_pair() * (self.series.max(initial=0) + 2) + self.series[months.pair]
        counted = np.unique(key[self.series[months.pair] >= 0])
        firsts = np.bincount(counted // (self.series.max(initial=0) + 2), minlength=len(size))
        in_series = months.sums((self.series >= 0).astype(np.float64))
        costs: Floats = load - self.weight * (in_series - firsts) - months.sums(self.begun)
        return costs

    def _shared(self) -> Flags:
        """Pairs of a series in which the volunteer has more than one."""
        key = self.part.volunteer * (self.series.max(initial=0) + 2) + self.series
        _, which, count = np.unique(key, return_inverse=True, return_counts=True)
        return (self.series >= 0) & (count[which] > 1)

    def _items(self, values: Floats, slack: float) -> tuple[_Items, Floats]:
        """A session that costs more than `slack` in any month is in none; also what one left out adds at the least."""
        part = self.part
        hoped = values - self.weight * self.shared
        alone = hoped + self.load * (self.served[part.volunteer] + 1)
        pair = np.flatnonzero(alone <= slack + ALMOST)
        pair = pair[np.lexsort((hoped[pair], part.volunteer[pair]))]
        volunteer = part.volunteer[pair]
        first = np.searchsorted(volunteer, np.arange(self.people + 1))
        rest = self._rest(hoped[pair], volunteer, first)
        place = np.arange(len(pair)) - first[volunteer]
        left_out = np.full(self.people, np.inf)
        over = np.flatnonzero(place == MOST_ITEMS)
        adds = alone[pair[over]]
        left_out[volunteer[over]] = np.where(adds < 0, adds * self.most[volunteer[over]], adds)
        kept = place < MOST_ITEMS
        pair, volunteer, place, rest = pair[kept], volunteer[kept], place[kept], rest[:, np.append(kept, True)]
        first = np.searchsorted(volunteer, np.arange(self.people + 1))
        words = int(place.max(initial=0)) // WORD + 1
        bit = np.zeros((len(pair), words), np.uint64)
        bit[np.arange(len(pair)), place // WORD] = np.left_shift(np.uint64(1), (place % WORD).astype(np.uint64))
        size = np.diff(first)[volunteer]
        one = np.repeat(np.arange(len(pair)), size)
        other = first[volunteer[one]] + np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)

        def mask(alike: Flags) -> Bits:
            bits = np.where(alike[:, None], bit[other], np.uint64(0))
            return np.bitwise_or.reduceat(bits, np.cumsum(size) - size) if len(bits) else bits

        session, series = self.local[part.session[pair]], self.series[pair]
        week = part.grid.week[part.session[pair]]
        return _Items(
            pair=pair,
            volunteer=volunteer,
            first=first,
            value=values[pair],
            bit=bit,
            clash=mask(self.clashes[session[one], session[other]]),
            week=mask(week[one] == week[other]),
            series=mask((series[one] == series[other]) & (series[one] >= 0)),
            rest=rest,
        ), left_out

    def _rest(self, hoped: Floats, volunteer: Ints, first: Ints) -> Floats:
        """Values rise and so does load: taking the next ones as long as they pay is the most there is to save."""
        steps = int(self.most.max(initial=0))
        rest = np.zeros((steps + 1, len(hoped) + 1))
        last = np.append(np.arange(1, len(hoped) + 1) == first[1:][volunteer], True) if len(hoped) else np.ones(1, bool)
        for step in range(steps - 1, -1, -1):
            after = np.where(last[:-1], 0.0, rest[step + 1][1:])
            gain = hoped + self.load * (self.served[volunteer] + step + 1) + after
            rest[step][:-1] = np.where(step < self.most[volunteer], np.minimum(0.0, gain), 0.0)
        return rest

    def _grown(
        self,
        items: _Items,
        here: "_Growing",
        step: int,
        best: Floats,
        floor: Floats,
        slack: float,
        most_months: int,
    ) -> tuple["_Growing", Floats]:
        """Every month and each later item that may join it, as far as it may still become cheap."""
        parent, item = here.with_each_later(items)
        volunteer = here.volunteer[parent]
        bits = here.bits[parent]
        left = self.part.week_left[items.pair[item]]
        able = ~np.any(bits & items.clash[item], axis=1)
        able &= np.bitwise_count(bits & items.week[item]).sum(axis=1) < left
        able &= step < self.most[volunteer]
        parent, item, volunteer, bits = parent[able], item[able], volunteer[able], bits[able]
        known = np.any(bits & items.series[item], axis=1)
        cost = here.value[parent] + items.value[item] + self.load * (self.served[volunteer] + step + 1)
        cost = cost - self.weight * known
        next_step = min(step + 1, len(items.rest) - 1)
        more = item + 1 < items.first[volunteer + 1]
        hoped = cost + np.where(more, items.rest[next_step][item + 1], 0.0)
        near = hoped <= best[volunteer] + slack + ALMOST
        floor = floor.copy()
        order = np.flatnonzero(near)[np.lexsort((hoped[near], volunteer[near]))]
        begins = np.searchsorted(volunteer[order], np.arange(self.people))
        over = np.arange(len(order)) - begins[volunteer[order]] >= most_months
        np.minimum.at(floor, volunteer[order[over]], hoped[order[over]])
        kept = order[~over]
        parent, item = parent[kept], item[kept]
        return _Growing(
            volunteer=volunteer[kept],
            value=cost[kept],
            bits=bits[kept] | items.bit[item],
            items=np.concatenate([here.items[parent], item[:, None]], axis=1),
        ), floor


@dataclass(frozen=True, slots=True)
class _Growing:
    """Months of the same number of sessions; `items` has a row for each."""

    volunteer: Ints
    value: Floats
    bits: Bits
    items: Ints

    @staticmethod
    def nothing(items: _Items) -> "_Growing":
        """Everybody's empty month."""
        anybody = np.flatnonzero(np.diff(items.first) > 0)
        return _Growing(
            volunteer=anybody,
            value=np.zeros(len(anybody)),
            bits=np.zeros((len(anybody), items.bit.shape[1]), np.uint64),
            items=np.zeros((len(anybody), 0), np.int64),
        )

    def with_each_later(self, items: _Items) -> tuple[Ints, Ints]:
        """Every (month, item) where the item comes after the month's last."""
        begin = self.items[:, -1] + 1 if self.items.shape[1] else items.first[self.volunteer]
        count = items.first[self.volunteer + 1] - begin
        month = np.repeat(np.arange(len(count)), count)
        return month, begin[month] + np.arange(len(month)) - np.repeat(np.cumsum(count) - count, count)

    def as_months(self, items: _Items, size: int) -> Months:
        """The same, by their pairs."""
        return Months(
            self.volunteer, np.arange(len(self.volunteer) + 1) * size, items.pair[self.items.ravel()], self.value
        )
