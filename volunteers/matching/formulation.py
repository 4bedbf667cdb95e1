"""The matching as rows and columns.

One column for each free pair (the only ones that must be whole); besides: what stays missing at a session; each
further session of a volunteer, dearer than the one before; a series she serves; a newcomer beside somebody with
experience; or, where as few people as possible are wanted, a person who is placed at all. It is written so that the
best answer in fractions is nearly always whole already: clashes as groups of which one may be chosen, load as unit
columns of rising cost.
"""

from collections.abc import Callable

import numpy as np

from volunteers.matching.candidates import Flags, Floats, Ints
from volunteers.matching.clashes import clash_groups, find_clashes
from volunteers.matching.model import Model, Rows
from volunteers.matching.problem import Aim
from volunteers.matching.remaining import ENDLESS, Remaining

Further = dict[int, Ints]  # for a volunteer, the columns of her second, third … session
NO_COLUMNS: Ints = np.zeros(0, np.int64)


def formulate(remaining: Remaining, *, series: bool = True, look: Callable[[], None] = lambda: None) -> Model:
    """The free pairs and everything that rules or wishes say about them, `series` or not; shared rows come first.

    `look` is called now and then and may raise to end the work.
    """
    rows = Rows()
    pairs = _what_sessions_share(rows, remaining)
    look()
    balanced = _is_balanced(remaining)
    people = None if balanced else _people(rows, remaining)
    _clashes(rows, remaining, pairs, people)
    look()
    _weeks(rows, remaining, pairs)
    further = _load(rows, remaining, pairs)
    look()
    if balanced and series:
        _series(rows, remaining, pairs, further, look)
    return rows.finished(len(pairs))


def formulate_sessions(remaining: Remaining) -> Model:
    """Only the rows in which several volunteers meet; every pair has the value 1 wherever it stands."""
    rows = Rows()
    pairs = _what_sessions_share(rows, remaining)
    return rows.finished(len(pairs))


def series_of(remaining: Remaining) -> tuple[Ints, Flags]:
    """For each pair the number of its series, or -1; and whether a pin of hers began it."""
    grid = remaining.grid
    names = {name: index for index, name in enumerate(sorted({each.series for each in grid.sessions if each.series}))}
    series = np.array([-1 if each.series is None else names[each.series] for each in grid.sessions], np.int64)
    begun = {
        volunteer * len(names) + int(series[session])
        for volunteer, sessions in enumerate(remaining.pinned_sessions)
        for session in sessions
        if series[session] >= 0
    }
    mine = series[remaining.session]
    key = remaining.volunteer * len(names) + mine
    return mine, (mine >= 0) & np.isin(key, np.array(sorted(begun), np.int64))


def _what_sessions_share(rows: Rows, remaining: Remaining) -> Ints:
    balanced = _is_balanced(remaining)
    costs = _pair_costs(remaining) if balanced else np.zeros(len(remaining.session))
    pairs = rows.add_columns(len(remaining.session), wishes=costs, whole=True)
    _missing(rows, remaining, pairs)
    if balanced:
        _newcomers(rows, remaining, pairs)
    return pairs


def _is_balanced(remaining: Remaining) -> bool:
    return remaining.grid.problem.policy.aim is Aim.BALANCED


def _pair_costs(remaining: Remaining) -> Floats:
    """What a pair costs by itself: the way, her wishes, her first session, and whether it is a change."""
    grid, weights = remaining.grid, remaining.grid.problem.policy.weights
    key = _keys(remaining, remaining.session, remaining.volunteer)
    served = np.array(
        [each.already + len(pinned) for each, pinned in zip(grid.volunteers, remaining.pinned_sessions, strict=True)],
        np.int64,
    )
    liked = [(session, each.id) for each in grid.volunteers for session in each.likes]
    disliked = [(session, each.id) for each in grid.volunteers for session in each.dislikes]
    costs = weights.travel * remaining.km + weights.load * (served[remaining.volunteer] + 1)
    costs = costs - weights.like * np.isin(key, _keys_of(remaining, liked))
    costs = costs + weights.dislike * np.isin(key, _keys_of(remaining, disliked))
    if grid.problem.previous is not None:
        known = np.isin(key, _keys_of(remaining, grid.problem.previous))
        costs = costs + weights.change * np.where(known, -1, 1)
    return costs.astype(np.float64)


def _keys(remaining: Remaining, session: Ints, volunteer: Ints) -> Ints:
    return volunteer * len(remaining.grid.sessions) + session


def _keys_of(remaining: Remaining, pairs: "list[tuple[str, str]] | tuple[tuple[str, str], ...]") -> Ints:
    grid = remaining.grid
    session = np.array([grid.session_index[each] for each, _ in pairs], np.int64)
    volunteer = np.array([grid.volunteer_index[each] for _, each in pairs], np.int64)
    return _keys(remaining, session, volunteer)


def _missing(rows: Rows, remaining: Remaining, pairs: Ints) -> None:
    """Seats, leads and skills: chosen + missing is what is asked for, and seats are never exceeded."""
    grid = remaining.grid
    everyone = np.ones(len(pairs), np.bool_)
    can_lead = np.array([each.can_lead for each in grid.volunteers], np.bool_)[remaining.volunteer]
    _need(rows, remaining, pairs, everyone, remaining.seats, exact=True)
    _need(rows, remaining, pairs, can_lead, np.minimum(remaining.leads, remaining.seats))
    for skill in sorted({skill for wanted in remaining.skills for skill in wanted}):
        has_it = np.array([skill in each.skills for each in grid.volunteers], np.bool_)[remaining.volunteer]
        wanted = np.array([each.get(skill, 0) for each in remaining.skills], np.int64)
        _need(rows, remaining, pairs, has_it, np.minimum(wanted, remaining.seats))


def _need(rows: Rows, remaining: Remaining, pairs: Ints, fits: Flags, wanted: Ints, *, exact: bool = False) -> None:
    """Of those who fit, as many as wanted, or fewer with a column that says how many stay missing."""
    supply = np.bincount(remaining.session[fits], minlength=len(wanted))
    asked = np.minimum(wanted, supply)
    session = np.flatnonzero(asked)
    missing = rows.add_columns(len(session), opens=1.0, most=asked[session])
    row = rows.add_rows(len(session), lower=asked[session], upper=asked[session] if exact else np.inf)
    row_of = np.full(len(wanted), -1)
    row_of[session] = row
    rows.put(row, missing)
    used = fits & (row_of[remaining.session] >= 0)
    rows.put(row_of[remaining.session[used]], pairs[used])


def _people(rows: Rows, remaining: Remaining) -> Ints:
    """One column per volunteer: is she placed at all? Whoever has a pin is so anyway (-1)."""
    free = np.zeros(len(remaining.grid.volunteers), np.bool_)
    free[remaining.volunteer] = True
    free &= np.array([not pinned for pinned in remaining.pinned_sessions], np.bool_)
    person = np.full(len(free), -1)
    person[free] = rows.add_columns(int(free.sum()), wishes=1.0, whole=True)
    return person


def _clashes(rows: Rows, remaining: Remaining, pairs: Ints, people: Ints | None) -> None:
    """Of sessions that clash, a volunteer does one, and with `people` only if she is placed at all."""
    used = np.unique(remaining.session)
    groups = clash_groups(find_clashes(remaining.grid, used))
    if people is not None:
        in_a_group = {session for group in groups for session in group}
        groups += [(session,) for session in used.tolist() if session not in in_a_group]
    if not groups:
        return
    pair, group = _memberships(remaining, groups)
    volunteer = remaining.volunteer[pair]
    key = volunteer * len(groups) + group
    order = np.argsort(key, kind="stable")
    pair, key = pair[order], key[order]
    _, first, which, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    keep = _once(remaining, pair, first, which, size if people is None else size + 1)
    number = np.cumsum(keep) - 1
    owner = remaining.volunteer[pair[first[keep]]]
    person = np.full(len(owner), -1) if people is None else people[owner]
    row = rows.add_rows(len(owner), upper=np.where(person < 0, 1, 0))
    entries = keep[which]
    rows.put(row[number[which[entries]]], pairs[pair[entries]])
    rows.put(row[person >= 0], person[person >= 0], -1.0)


def _memberships(remaining: Remaining, groups: list[tuple[int, ...]]) -> tuple[Ints, Ints]:
    """Every (pair, group) with the pair's session in the group."""
    session = np.array([each for group in groups for each in group], np.int64)
    group = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    order = np.argsort(session, kind="stable")
    session, group = session[order], group[order]
    first = np.searchsorted(session, np.arange(len(remaining.grid.sessions) + 1))
    times = np.diff(first)[remaining.session]
    pair = np.repeat(np.arange(len(remaining.session)), times)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    return pair, group[first[remaining.session[pair]] + step]


def _once(remaining: Remaining, pair: Ints, first: Ints, which: Ints, size: Ints) -> Flags:
    """Groups in which the volunteer has two sessions or more, each set of sessions only once."""
    mark = np.random.default_rng(1).integers(1, 2**62, len(remaining.grid.sessions))
    total = np.zeros(len(first), np.int64)
    np.add.at(total, which, mark[remaining.session[pair]])  # wraps around, which does no harm
    owner = remaining.volunteer[pair[first]]
    order = np.lexsort((total, owner))
    again = np.zeros(len(first), np.bool_)
    again[order[1:]] = (owner[order[1:]] == owner[order[:-1]]) & (total[order[1:]] == total[order[:-1]])
    return (size > 1) & ~again


def _weeks(rows: Rows, remaining: Remaining, pairs: Ints) -> None:
    """In one week a volunteer does no more than she may still take on."""
    limited = np.flatnonzero(remaining.week_left < ENDLESS)
    key = remaining.volunteer[limited] * 8_000_000 + remaining.grid.week[remaining.session[limited]]
    _, first, which, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    left = remaining.week_left[limited[first]]
    bites = size > left
    row = np.full(len(bites), -1)
    row[bites] = rows.add_rows(int(bites.sum()), upper=left[bites])
    used = bites[which]
    rows.put(row[which[used]], pairs[limited[used]])


def _load(rows: Rows, remaining: Remaining, pairs: Ints) -> Further | None:
    """Each further session is a column of its own, dearer by one; there are as many as she may and can do."""
    policy = remaining.grid.problem.policy
    load = policy.weights.load if policy.aim is Aim.BALANCED else 0
    most = most_sessions(remaining)
    supply = np.bincount(remaining.volunteer, minlength=len(most))
    volunteer = np.flatnonzero((supply > 1) & ((most < supply) | (load > 0)))
    row = rows.add_rows(len(volunteer), upper=1.0)
    row_of = np.full(len(most), -1)
    row_of[volunteer] = row
    used = row_of[remaining.volunteer] >= 0
    rows.put(row_of[remaining.volunteer[used]], pairs[used])
    further = most[volunteer] - 1
    if load == 0:
        rows.put(row, rows.add_columns(len(volunteer), most=further), -1.0)
        return None
    step = np.arange(further.sum()) - np.repeat(np.cumsum(further) - further, further) + 1
    columns = rows.add_columns(len(step), wishes=(load * step).astype(np.float64))
    rows.put(np.repeat(row, further), columns, -1.0)
    ends = np.cumsum(further)
    return {int(each): columns[end - count : end] for each, end, count in zip(volunteer, ends, further, strict=True)}


def most_sessions(remaining: Remaining) -> Ints:
    """How many of her sessions a volunteer can do at most: her caps, and those that do not overlap."""
    grid = remaining.grid
    order = np.lexsort((grid.ends[remaining.session], remaining.volunteer))
    most = np.zeros(len(grid.volunteers), np.int64)
    free_from: dict[int, int] = {}
    starts, ends = grid.starts[remaining.session[order]].tolist(), grid.ends[remaining.session[order]].tolist()
    for volunteer, start, end in zip(remaining.volunteer[order].tolist(), starts, ends, strict=True):
        if volunteer not in free_from or start >= free_from[volunteer]:
            free_from[volunteer] = end
            most[volunteer] += 1
    return np.minimum(most, remaining.sessions_left)


def _series(rows: Rows, remaining: Remaining, pairs: Ints, further: Further | None, look: Callable[[], None]) -> None:
    """Every session in a series is welcome but the first, unless a pin was the first."""
    weight = remaining.grid.problem.policy.weights.same_series
    series, begun_by_pin = series_of(remaining)
    mine = np.flatnonzero(series >= 0)
    if not weight or not len(mine):
        return
    names = int(series.max()) + 1
    key = remaining.volunteer[mine] * names + series[mine]
    found, first, which, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    begun = begun_by_pin[mine[first]]
    rows.add_to_wishes(pairs[mine[begun[which] | (size[which] > 1)]], -weight)
    serves = ~begun & (size > 1)
    column = np.full(len(found), -1)
    column[serves] = rows.add_columns(int(serves.sum()), wishes=float(weight), whole=True)
    used = serves[which]
    row = rows.add_rows(int(used.sum()), upper=0.0)
    rows.put(row, pairs[mine[used]])
    rows.put(row, column[which[used]], -1.0)
    if further is None:
        return
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(size)
    for group in np.flatnonzero(serves).tolist():
        look()
        hers = pairs[mine[order[ends[group] - size[group] : ends[group]]]]
        _series_is_load(rows, hers, column[group], further.get(int(found[group]) // names, NO_COLUMNS))


def _series_is_load(rows: Rows, hers: Ints, serves: int, further: Ints) -> None:
    """Whoever serves k sessions of a series serves k sessions in all: true anyway, but fractions need to be told.

    For each j: her sessions in the series ≤ j × serves + her (j+1)th … last session. Without it half a person would
    serve a whole series at the price of the cheap half of her load.
    """
    for j in range(1, len(hers)):
        row = rows.add_rows(1, upper=0.0)
        later = further[j - 1 : len(hers) - 1]
        rows.put(np.repeat(row, len(hers)), hers)
        rows.put(row, np.array([serves]), -float(j))
        rows.put(np.repeat(row, len(later)), later, -1.0)


def _newcomers(rows: Rows, remaining: Remaining, pairs: Ints) -> None:
    """A session with room for two gains when somebody experienced and a newcomer are both there."""
    grid = remaining.grid
    weight = grid.problem.policy.weights.pair_new
    experienced = np.array([each.experienced for each in grid.volunteers], np.bool_)[remaining.volunteer]
    here = [{each.experienced for each in helpers} for helpers in remaining.pinned]
    room = remaining.seats + np.array([len(helpers) for helpers in remaining.pinned], np.int64) > 1
    gains = room & np.array([len(each) < 2 for each in here], np.bool_) & (weight > 0)
    for kind in (True, False):
        there = np.array([kind in each for each in here], np.bool_)
        gains &= there | (np.bincount(remaining.session[experienced == kind], minlength=len(room)) > 0)
    gains &= np.bincount(remaining.session, minlength=len(room)) > 0
    column = np.full(len(room), -1)
    column[gains] = rows.add_columns(int(gains.sum()), wishes=float(-weight))
    for kind in (True, False):
        session = np.flatnonzero(gains & np.array([kind not in each for each in here], np.bool_))
        row = np.full(len(room), -1)
        row[session] = rows.add_rows(len(session), lower=0.0)
        rows.put(row[session], column[session], -1.0)
        used = (experienced == kind) & (row[remaining.session] >= 0)
        rows.put(row[remaining.session[used]], pairs[used])
