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

from volunteers.matching.candidates import Floats
from volunteers.matching.model import Model

CLOSE_ENOUGH = 0.99  # costs are whole numbers: a smaller gap is none
LOOK_UP_EVERY = 0.05  # seconds between two looks at the clock and at cancel


class Outcome(Enum):
    """How a run ended."""

    DONE = auto()
    IMPOSSIBLE = auto()
    STOPPED = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """What came out: column values if any were found, what they cost, a proven bound, and reduced costs of an LP."""

    outcome: Outcome
    values: Floats | None
    cost: float
    bound: float
    reduced: Floats | None = None


@dataclass(slots=True)
class Watch:
    """Looks at the clock and at cancel while the solver works; `tick` may show progress."""

    deadline: float
    cancelled: Callable[[], bool]
    tick: Callable[[], None]
    looked: float = 0.0

    def seconds_left(self) -> float:
        """What remains of the time limit."""
        return self.deadline - time.monotonic()

    def stop(self) -> bool:
        """True once the work must end."""
        return self.seconds_left() <= 0 or self.cancelled()

    def stop_now(self) -> bool:
        """The same for a loop that asks very often; looks only now and then."""
        now = time.monotonic()
        if now - self.looked < LOOK_UP_EVERY:
            return False
        self.looked = now
        self.tick()
        return self.stop()


def solve(model: Model, costs: Floats, watch: Watch, *, whole: bool) -> Run:
    """The least cost of the model, in whole pairs or, as a bound, in fractions of pairs."""
    if watch.stop():
        return Run(Outcome.STOPPED, None, np.inf, -np.inf)
    if not len(costs):
        return Run(Outcome.DONE, np.zeros(0), 0.0, 0.0, np.zeros(0))
    highs = _quiet_highs(watch)
    highs.passModel(_as_highs(model, costs, whole=whole))
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
    reduced = np.array(solution.col_dual) if done else None
    return Run(Outcome.DONE if done else Outcome.STOPPED, values, cost, cost if done else -np.inf, reduced)


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
