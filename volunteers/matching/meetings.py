"""Where the pairs of a month stand: in rows that sessions share, and in cuts."""

from dataclasses import dataclass, replace

import numpy as np

from volunteers.matching.candidates import Flags, Ints
from volunteers.matching.model import Model
from volunteers.matching.months import Months


@dataclass(frozen=True, slots=True)
class Cut:
    """Half the sum of some rows, rounded down; `own` are those of volunteers, who get one month each."""

    rows: Ints
    own: Ints


@dataclass(frozen=True, slots=True)
class Meetings:
    """Where pairs stand: in rows that sessions share, and in cuts, each in the order of the pairs.

    A row that says "at least" enters a cut negative. Half of it rounded down is the same as half of it positive
    rounded down, less the row itself; so `minus` counts such rows, and what is rounded is never negative.
    """

    first: Ints
    row: Ints
    cut_first: Ints
    cut: Ints
    minus: Ints
    own: Flags  # [volunteer, cut]

    @staticmethod
    def without_cuts(shared: Model, people: int) -> "Meetings":
        """As the rows of `formulate_sessions` say."""
        of_pairs = np.flatnonzero(shared.column < shared.pairs)
        of_pairs = of_pairs[np.argsort(shared.column[of_pairs], kind="stable")]
        first = np.searchsorted(shared.column[of_pairs], np.arange(shared.pairs + 1))
        none, nowhere = np.zeros(0, np.int64), np.zeros(shared.pairs + 1, np.int64)
        return Meetings(first, shared.row[of_pairs], nowhere, none, none, np.zeros((people, 0), np.bool_))

    def with_cuts(self, cuts: list[Cut], at_least: Flags) -> "Meetings":
        """The same with these cuts; a pair stands in a cut once for each of the cut's rows that it stands in."""
        by_row = np.argsort(self.row, kind="stable")
        pairs, row = of_each(self.first)[by_row], self.row[by_row]
        begins = np.searchsorted(row, np.arange(len(at_least) + 1))
        pieces = [
            (pairs[begins[each] : begins[each + 1]], index, int(at_least[each]))
            for index, cut in enumerate(cuts)
            for each in cut.rows.tolist()
        ]
        pair = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in pieces)])
        sizes = [len(each[0]) for each in pieces]
        cut_of = np.repeat(np.array([each[1] for each in pieces], np.int64), sizes)
        minus = np.repeat(np.array([each[2] for each in pieces], np.int64), sizes)
        order = np.argsort(pair, kind="stable")
        own = np.zeros((len(self.own), len(cuts)), np.bool_)
        for index, cut in enumerate(cuts):
            own[cut.own, index] = True
        first = np.searchsorted(pair[order], np.arange(len(self.first)))
        return replace(self, cut_first=first, cut=cut_of[order], minus=minus[order], own=own)

    def rows_of(self, months: Months) -> tuple[Ints, Ints, Ints]:
        """Every (month, row) with how many of its pairs stand there."""
        month, entry = _entries(months, self.first)
        return _summed(month, self.row[entry], np.ones(len(month), np.int64))

    def cuts_of(self, months: Months) -> tuple[Ints, Ints, Ints, Ints]:
        """Every (month, cut) with the rounded half of its positive sum, and what `minus` comes to."""
        month, entry = _entries(months, self.cut_first)
        cut, minus = self.cut[entry], self.minus[entry]
        who, mine = np.nonzero(self.own[months.volunteer])
        month, cut = np.concatenate([month, who]), np.concatenate([cut, mine])
        minus = np.concatenate([minus, np.zeros(len(who), np.int64)])
        both = _summed(month, cut, minus * 1_000_000 + 1)  # two sums in one
        return both[0], both[1], both[2] % 1_000_000 // 2, both[2] // 1_000_000


def _entries(months: Months, first: Ints) -> tuple[Ints, Ints]:
    """For every pair of every month all its entries in a list that is sorted by pair."""
    count = (first[1:] - first[:-1])[months.pair]
    month = np.repeat(months.of_each_pair(), count)
    entry = np.repeat(first[months.pair] - (np.cumsum(count) - count), count) + np.arange(len(month))
    return month, entry


def _summed(one: Ints, other: Ints, value: Ints) -> tuple[Ints, Ints, Ints]:
    width = int(other.max(initial=0)) + 1
    key, which = np.unique(one * width + other, return_inverse=True)
    total = np.zeros(len(key), np.int64)
    np.add.at(total, which, value)
    return key // width, key % width, total


def of_each(first: Ints) -> Ints:
    """For every entry of a list that is sorted by something, what it belongs to; `first` says where each begins."""
    return np.repeat(np.arange(len(first) - 1), np.diff(first))
