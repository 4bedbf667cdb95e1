"""Rows and columns: the form in which a matching is handed to the solver, and a collector to write it down."""

from dataclasses import dataclass, field, replace

import numpy as np

from volunteers.matching.candidates import Flags, Floats, Ints

NO_LIMIT = np.inf


@dataclass(frozen=True, slots=True)
class Model:
    """Smallest `opens` or `wishes` (costs per column) with lower ≤ matrix · columns ≤ upper, 0 ≤ column ≤ most.

    The first `pairs` columns are the pairs, in the order they were given. The matrix is sparse, sorted by row.
    """

    pairs: int
    opens: Floats
    wishes: Floats
    most: Floats
    whole: Flags
    lower: Floats
    upper: Floats
    row: Ints
    column: Ints
    value: Floats

    def limited_to(self, opens: int) -> "Model":
        """The same with one more row: no more than this many needs stay open."""
        columns = np.flatnonzero(self.opens)
        return replace(
            self,
            lower=np.append(self.lower, -NO_LIMIT),
            upper=np.append(self.upper, float(opens)),
            row=np.append(self.row, np.full(len(columns), len(self.upper))),
            column=np.append(self.column, columns),
            value=np.append(self.value, self.opens[columns]),
        )

    def without(self, dropped: Flags) -> tuple["Model", Ints]:
        """The same without some columns, and where the remaining ones stood."""
        kept = np.flatnonzero(~dropped)
        moved = np.full(len(dropped), -1)
        moved[kept] = np.arange(len(kept))
        stays = ~dropped[self.column]
        return replace(
            self,
            pairs=int(np.count_nonzero(kept < self.pairs)),
            opens=self.opens[kept],
            wishes=self.wishes[kept],
            most=self.most[kept],
            whole=self.whole[kept],
            row=self.row[stays],
            column=moved[self.column[stays]],
            value=self.value[stays],
        ), kept


@dataclass(slots=True)
class Rows:
    """Collects columns and rows as they are thought of."""

    opens: list[Floats] = field(default_factory=list)
    wishes: list[Floats] = field(default_factory=list)
    most: list[Floats] = field(default_factory=list)
    whole: list[Flags] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(
        self,
        count: int,
        *,
        opens: float = 0.0,
        wishes: Floats | float = 0.0,
        most: Ints | float = 1.0,
        whole: bool = False,
    ) -> Ints:
        """New columns; gives their numbers."""
        self.opens.append(np.full(count, opens))
        self.wishes.append(np.broadcast_to(np.asarray(wishes, np.float64), count).copy())
        self.most.append(np.broadcast_to(np.asarray(most, np.float64), count).copy())
        self.whole.append(np.full(count, whole))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, count: int, *, lower: Ints | float = -NO_LIMIT, upper: Ints | float = NO_LIMIT) -> Ints:
        """New rows; gives their numbers."""
        self.lower.append(np.broadcast_to(np.asarray(lower, np.float64), count).copy())
        self.upper.append(np.broadcast_to(np.asarray(upper, np.float64), count).copy())
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, row: Ints, column: Ints, value: float = 1.0) -> None:
        """Entries of the matrix."""
        self.entries.append((row, column, np.full(len(column), value)))

    def add_to_wishes(self, pairs: Ints, weight: float) -> None:
        """Some of the first columns weigh more, or less."""
        self.wishes[0][pairs] += weight

    def finished(self, pairs: int) -> Model:
        """All of it, sorted by row."""
        self.entries.append((np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)))
        row = np.concatenate([each[0] for each in self.entries])
        column = np.concatenate([each[1] for each in self.entries])
        value = np.concatenate([each[2] for each in self.entries])
        order = np.argsort(row, kind="stable")
        return Model(
            pairs=pairs,
            opens=np.concatenate(self.opens),
            wishes=np.concatenate(self.wishes),
            most=np.concatenate(self.most),
            whole=np.concatenate(self.whole),
            lower=np.concatenate(self.lower),
            upper=np.concatenate(self.upper),
            row=row[order],
            column=column[order],
            value=value[order],
        )
