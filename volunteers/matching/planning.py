"""From a problem to a plan."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from volunteers.matching.plan import Changes, Plan, Status
from volunteers.matching.problem import Pair, Problem

LONGEST_SECONDS = 600.0
SECONDS_BETWEEN_REPORTS = 0.5
Best = tuple[int, int]
Progress = Callable[[int, int, Best | None], None]


class Flag(Protocol):
    """What a thread or process raises to say stop, as threading.Event does."""

    def is_set(self) -> bool:
        """Whether to stop."""


def make_plan(
    problem: Problem,
    *,
    time_limit: float | None = None,
    progress: Progress | None = None,
    cancelled: Flag | Callable[[], bool] | None = None,
) -> Plan:
    """The best plan: no hard rule broken, pins kept, the fewest open needs, then the wishes.

    `time_limit` is in seconds, 600 unless told. `progress` hears (sessions done, sessions in all, best) where best is
    (open, objective) so far or None; about twice a second, in this thread. Once `cancelled` is true, the best plan
    so far is the answer. Raises TooLarge. The same problem gives the same plan but for `seconds`.
    """
    from volunteers.matching.candidates import find_candidates, lay_out
    from volunteers.matching.explain import Reasons
    from volunteers.matching.pins import sort_pins
    from volunteers.matching.remaining import after_pins
    from volunteers.matching.search import choose
    from volunteers.matching.solver import Watch

    began = time.monotonic()
    reports = _Reports(len(problem.sessions), progress)
    limit = LONGEST_SECONDS if time_limit is None else time_limit
    watch = Watch(began + limit, _asked(cancelled), reports.tick)
    pins, refused = sort_pins(problem)
    candidates = find_candidates(lay_out(problem))
    choice = choose(after_pins(candidates, pins), watch, reports.settled)
    reasons = Reasons(choice.pairs, pins, candidates)
    proven = choice.open == choice.open_bound and choice.objective == choice.bound
    plan = Plan(
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        open=choice.open,
        open_bound=choice.open_bound,
        objective=choice.objective,
        bound=choice.bound,
        seconds=0.0,
        placements=reasons.placements(),
        open_needs=reasons.open_needs(),
        unplaced=reasons.unplaced(),
        refused_pins=refused,
        changes=_changes(problem, choice.pairs),
    )
    reports.finished((choice.open, choice.objective))
    return replace(plan, seconds=round(time.monotonic() - began, 3))


class _Reports:
    """Tells how far the work is, often enough to be seen and seldom enough to cost nothing."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress = total, progress
        self.best: Best | None = None
        self.done, self.told = 0, 0.0
        self._tell()

    def tick(self) -> None:
        """The solver is still at it."""
        if time.monotonic() - self.told >= SECONDS_BETWEEN_REPORTS:
            self._tell()

    def settled(self, sessions: int, best: Best) -> None:
        """Some more sessions are settled, and this is what the plan comes to so far."""
        self.done, self.best = self.done + sessions, best
        self.tick()

    def finished(self, best: Best) -> None:
        """All is settled."""
        self.done, self.best = self.total, best
        self._tell()

    def _tell(self) -> None:
        self.told = time.monotonic()
        if self.progress is not None:
            self.progress(self.done, self.total, self.best)


def _asked(cancelled: Flag | Callable[[], bool] | None) -> Callable[[], bool]:
    if cancelled is None:
        return lambda: False
    return cancelled if callable(cancelled) else cancelled.is_set


def _changes(problem: Problem, placed: tuple[Pair, ...]) -> Changes | None:
    if problem.previous is None:
        return None
    now, before = set(placed), set(problem.previous)
    return Changes(kept=len(now & before), added=len(now - before), removed=len(before - now))
