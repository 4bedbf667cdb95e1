"""Cuts by parity: what fractions may do and whole months may not.

Add up rows of which each says "at most", halve the sum, round every coefficient down: whole months keep it, and the
right side may be rounded down as well, which is where fractions lose something if the sum was odd. Which rows to add
up is found by elimination modulo two over the rows that are tight.
"""

from dataclasses import dataclass

import numpy as np

from volunteers.matching.candidates import Flags, Floats, Ints

TIGHT = 0.3  # a row with more room than this spoils any cut it is part of
LEAST_GAIN = 0.02  # how far a fraction must be beyond a cut
MOST_CUTS = 60  # a round
MOST_USES = 3  # of one row in one round
MOST_ROWS = 1_500  # looked at in one round


@dataclass(frozen=True, slots=True)
class Tight:
    """Rows and columns as they stand in fractions: entries, values of the columns, and the room each row has left.

    All entries are whole. `limit` is the right side that the room is measured to.
    """

    row: Ints
    column: Ints
    value: Ints
    limit: Ints
    room: Floats
    fraction: Floats


def odd_sums(tight: Tight) -> list[Ints]:
    """Sets of rows whose halved sum the fractions break, the most broken first, no row in too many of them."""
    rows, columns, odd, limits = _table(tight)
    if not len(columns):
        return []
    together = np.eye(len(rows), dtype=np.bool_)
    room, fraction = tight.room[rows].copy(), tight.fraction[columns]
    free = np.ones(len(rows), np.bool_)
    found: dict[bytes, tuple[float, Ints]] = {}
    for column in (None, *np.argsort(-fraction, kind="stable").tolist()):
        touched = np.arange(len(rows))
        if column is not None:
            holds = np.flatnonzero(odd[:, column])
            candidates = holds[free[holds]]
            if not len(candidates):
                continue
            pivot = int(candidates[np.argmin(room[candidates])])
            touched = holds[holds != pivot]
            odd[touched] ^= odd[pivot]
            limits[touched] ^= limits[pivot]
            together[touched] ^= together[pivot]
            room[touched] += room[pivot]
            free[pivot] = False
        hopeful = touched[limits[touched] & (room[touched] < 1)]
        gain = 1 - odd[hopeful] @ fraction - room[hopeful]
        for row, worth in zip(hopeful[gain > LEAST_GAIN].tolist(), gain[gain > LEAST_GAIN].tolist(), strict=True):
            found.setdefault(together[row].tobytes(), (worth, rows[np.flatnonzero(together[row])]))
    return _not_too_alike(sorted(found.values(), key=lambda each: -each[0]), len(tight.limit))


def _table(tight: Tight) -> tuple[Ints, Ints, Flags, Flags]:
    """The rows that matter, the columns that are not zero, where entries are odd, and which limits are."""
    broken = np.abs(tight.fraction - np.round(tight.fraction)) > 1e-6
    tense = tight.room < TIGHT
    has_fraction = np.zeros(len(tight.limit), np.bool_)
    has_fraction[tight.row[broken[tight.column]]] = True
    rows = np.flatnonzero(tense & has_fraction)[:MOST_ROWS]
    row_of = np.full(len(tight.limit), -1)
    row_of[rows] = np.arange(len(rows))
    used = (row_of[tight.row] >= 0) & (tight.fraction[tight.column] > 1e-6) & (tight.value % 2 == 1)
    columns = np.unique(tight.column[used])
    odd = np.zeros((len(rows), len(columns)), np.bool_)
    odd[row_of[tight.row[used]], np.searchsorted(columns, tight.column[used])] = True
    return rows, columns, odd, tight.limit[rows] % 2 == 1


def _not_too_alike(found: list[tuple[float, Ints]], rows: int) -> list[Ints]:
    uses = np.zeros(rows, np.int64)
    chosen: list[Ints] = []
    for _, members in found:
        if uses[members].max() < MOST_USES and len(chosen) < MOST_CUTS:
            uses[members] += 1
            chosen.append(members)
    return chosen
