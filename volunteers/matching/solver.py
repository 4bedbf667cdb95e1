"""The only file that names the solver: rows and columns in, the least cost and its proof out.

HiGHS runs on one thread with a fixed seed, so the same model always gives the same answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import highspy
import numpy as np

from volunteers.matching.candidates import Floats, Ints
from volunteers.matching.model import Model

CLOSE_ENOUGH = 0.99  # costs are whole numbers: a smaller gap is none
TO_DRAFT = 1.0  # seconds that whoever cancels waits for a draft
LOOK_UP_EVERY = 0.05  # seconds between two looks at the clock and at cancel


class Outcome(Enum):
    """How a run ended."""

    DONE = auto()
    IMPOSSIBLE = auto()
    STOPPED = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """What came out: column values if any were found, what they cost, a proven bound; of an LP also its duals.

    `reduced` has a reduced cost per column, `prices` what each row's limit is worth.
    """

    outcome: Outcome
    values: Floats | None
    cost: float
    bound: float
    reduced: Floats | None = None
    prices: Floats | None = None


class TimeIsUp(Exception):
    """Raised where rows are being written, so that nobody waits for them in vain."""


@dataclass(slots=True)
class Watch:
    """Looks at the clock and at cancel while the solver works; `tick` may show progress."""

    deadline: float
    cancelled: Callable[[], bool]
    tick: Callable[[], None]
    looked: float = 0.0
    stopped: float | None = None

    def seconds_left(self) -> float:
        """What remains of the time limit."""
        return self.deadline - time.monotonic()

    def stop(self) -> bool:
        """True once the work must end."""
        if self.stopped is None and (self.seconds_left() <= 0 or self.cancelled()):
            self.stopped = time.monotonic()
        return self.stopped is not None

    def last_moment(self) -> float:
        """Until when, on the clock that never goes back, a plan may still be drafted after the work must end."""
        self.stop()
        return (time.monotonic() if self.stopped is None else self.stopped) + TO_DRAFT

    def stop_now(self) -> bool:
        """The same for a loop that asks very often; looks only now and then."""
        now = time.monotonic()
        if now - self.looked < LOOK_UP_EVERY:
            return False
        self.looked = now
        self.tick()
        return self.stop()

    def look(self) -> None:
        """For work between two runs of the solver: shows progress; raises TimeIsUp once the work must end."""
        if self.stop_now():
            raise TimeIsUp


def solve(model: Model, costs: Floats, watch: Watch, *, whole: bool, known: Floats | None = None) -> Run:
    """The least cost of the model, in whole pairs or, as a bound, in fractions; `known` is an answer to surpass."""
    if watch.stop():
        return Run(Outcome.STOPPED, None, np.inf, -np.inf)
    if not len(costs):
        return Run(Outcome.DONE, np.zeros(0), 0.0, 0.0, np.zeros(0))
    highs = _quiet_highs(watch)
    highs.passModel(_as_highs(model, costs, whole=whole))
    if known is not None:
        answer = highspy.HighsSolution()
        answer.col_value = known.tolist()
        highs.setSolution(answer)
    return _run(highs, whole=whole)


class Growing:
    """A model in fractions that gains columns and rows, and is solved again from where it stood."""

    def __init__(self, model: Model, costs: Floats, watch: Watch) -> None:
        self.watch = watch
        self.highs = _quiet_highs(watch)
        self.highs.passModel(_as_highs(model, costs, whole=False))

    def add_columns(self, costs: Floats, first: Ints, row: Ints, value: Floats) -> None:
        """Columns without an upper limit; each one's entries go from its `first` to the next one's."""
        count = len(costs)
        if count:
            most = np.full(count, np.inf)
            starts, rows = first[:count].astype(np.int32), row.astype(np.int32)
            self.highs.addCols(count, costs, np.zeros(count), most, len(row), starts, rows, value)

    def add_row(self, upper: float, column: Ints, value: Floats) -> None:
        """One more row."""
        self.highs.addRow(-np.inf, upper, len(column), column.astype(np.int32), value)

    def set_least(self, column: Ints, least: float) -> None:
        """These columns are no less than this from now on."""
        for each in column.tolist():
            self.highs.changeColBounds(each, least, np.inf)

    def solve(self) -> Run:
        """The least cost as it stands."""
        if self.watch.stop():
            return Run(Outcome.STOPPED, None, np.inf, -np.inf)
        return _run(self.highs, whole=False)


def _run(highs: highspy.Highs, *, whole: bool) -> Run:
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Run(Outcome.IMPOSSIBLE, None, np.inf, np.inf)
    info, solution = highs.getInfo(), highs.getSolution()
    done = status == highspy.HighsModelStatus.kOptimal
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solution.col_value) if found and (whole or done) else None
    cost = info.objective_function_value if values is not None else np.inf
    if whole:
        return Run(Outcome.DONE if done else Outcome.STOPPED, values, cost, info.mip_dual_bound)
    if not done:
        return Run(Outcome.STOPPED, values, cost, -np.inf)
    return Run(Outcome.DONE, values, cost, cost, np.array(solution.col_dual), np.array(solution.row_dual))


def _quiet_highs(watch: Watch) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": CLOSE_ENOUGH,
        "time_limit": max(0.0, min(watch.seconds_left(), 1e9)),
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)

    def look_up(_kind: Any, _message: Any, _out: Any, answer: Any, _user: Any) -> None:
        answer.user_interrupt = watch.stop_now()

    highs.setCallback(look_up, None)
    for moment in (
        highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
        highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
        highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    ):
        highs.startCallback(moment)
    return highs


def _as_highs(model: Model, costs: Floats, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_ = len(costs)
    lp.num_row_ = len(model.lower)
    lp.col_cost_ = costs
    lp.col_lower_ = np.zeros(len(costs))
    lp.col_upper_ = model.most
    lp.row_lower_ = model.lower
    lp.row_upper_ = model.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(model.row, np.arange(len(model.lower) + 1)).astype(np.int32)
    lp.a_matrix_.index_ = model.column.astype(np.int32)
    lp.a_matrix_.value_ = model.value
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[each] for each in model.whole.astype(int).tolist()]
    return lp
