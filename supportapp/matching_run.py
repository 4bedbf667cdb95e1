"""Running a matching: in a process of its own for the screen, in this one for the command line.

The screen's run belongs to the server, not to the page: who reloads finds it again by city and month. It tells how
far it is at once and about twice a second, and when it is cancelled, the best plan so far is kept.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.errors import DomainError, InvalidValue
from supportapp.backend import Backend
from supportapp.identity import Actor
from volunteers.matching.errors import ProblemRefused
from volunteers.matching.plan import Plan
from volunteers.matching.plan_json import plan_to_json, write_plan
from volunteers.matching.planning import make_plan
from volunteers.matching.problem import Problem
from volunteers.matching.problem_json import problem_from_json, write_problem
from volunteers.matching.proposals import ProposalReceipt, accept_proposal, store_proposal
from volunteers.matching.question import BUSY, matching_problem
from volunteers.situation import month_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.synchronize import Event

SCREEN_SECONDS = 60.0
LISTEN_SECONDS = 0.25
WHOLE_FILE = "file"
GRACE_SECONDS = 10.0  # how long a cancelled worker may take to hand its plan over before it is ended
_LOG = logging.getLogger(__name__)


class Phase(StrEnum):
    """How far a run has come."""

    READING = "reading"
    SOLVING = "solving"
    STORED = "stored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunState:
    """What can be told of a run: sessions settled of all, what stays open in the best plan so far, seconds."""

    phase: Phase = Phase.READING
    done: int = 0
    total: int = 0
    open_needs: int | None = None
    seconds: int = 0
    cancelled: bool = False
    refused: Exception | None = None


class WorkerFailed(Exception):
    """The solving process ended without a plan."""


class MatchingRun:
    """One run for the screen. ``state`` may be read at any time; listeners hear each change on the event loop."""

    def __init__(self) -> None:
        self.state = RunState()
        self._listeners: set[Callable[[RunState], None]] = set()
        self._stop: Event | None = None
        self._began = time.monotonic()
        self.task: asyncio.Task[ProposalReceipt | None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is still something to wait for."""
        return self.state.phase in {Phase.READING, Phase.SOLVING}

    def listen(self, listener: Callable[[RunState], None]) -> Callable[[], None]:
        """Call ``listener`` with each new state; returns what ends that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def cancel(self) -> None:
        """Stop soon, and keep the best plan so far.

        Only once: later the worker may have been killed with the signal in its hands, and setting it waits for ever.
        """
        if self.state.cancelled or not self.is_running:
            return
        self._tell(cancelled=True)
        if self._stop is not None:
            self._stop.set()

    def _tell(self, **changes: Any) -> None:
        self.state = replace(self.state, seconds=int(time.monotonic() - self._began), **changes)
        for listener in tuple(self._listeners):
            listener(self.state)

    async def run(
        self, backend: Backend, actor: Actor, code: str, first: date, last: date, time_limit: float
    ) -> ProposalReceipt | None:
        """Read the month, find a plan, keep it."""
        try:
            now = backend.clock()
            problem = await backend.read(
                actor, matching_problem, municipality_code=code, first=first, last=last, now=now
            )
            self._tell(phase=Phase.SOLVING, total=len(problem.sessions))
            plan = await self._solve(problem, time_limit)
            receipt = await backend.run(
                actor,
                store_proposal,
                municipality_code=code,
                first=first,
                last=last,
                problem_text=_problem_text(problem),
                plan_text=plan_to_json(plan),
                now=backend.clock(),
                by=actor.name,
            )
        except (ProblemRefused, DomainError) as refused:
            self._tell(phase=Phase.FAILED, refused=refused)
            return None
        except Exception as error:  # noqa: BLE001 -- whatever it was, the screen must hear that nothing more comes
            _LOG.exception("a matching run failed")
            self._tell(phase=Phase.FAILED, refused=error)
            return None
        self._tell(phase=Phase.STORED)
        return receipt

    async def _solve(self, problem: Problem, time_limit: float) -> Plan:
        import multiprocessing  # noqa: PLC0415 -- only where somebody solves

        workers = multiprocessing.get_context("spawn")
        here, there = workers.Pipe(duplex=False)
        self._stop = workers.Event()
        if self.state.cancelled:
            self._stop.set()
        process = workers.Process(target=_work, args=(problem, time_limit, there, self._stop), daemon=True)
        await asyncio.to_thread(process.start)
        there.close()
        try:
            return await self._await_plan(here)
        finally:
            here.close()
            process.kill()
            await asyncio.to_thread(process.join)

    async def _await_plan(self, worker: "Connection") -> Plan:
        give_up: float | None = None
        while True:
            if await asyncio.to_thread(worker.poll, LISTEN_SECONDS):
                try:
                    word, *said = await asyncio.to_thread(worker.recv)
                except EOFError:
                    raise WorkerFailed from None
                if word == "plan":
                    plan: Plan = said[0]
                    return plan
                if word == "refused":
                    refused: Exception = said[0]
                    raise refused
                done, total, best = said
                self._tell(done=done, total=total, open_needs=best[0] if best else None)
            else:
                self._tell()
            if self.state.cancelled:
                give_up = give_up or time.monotonic() + GRACE_SECONDS
                if time.monotonic() > give_up:
                    raise WorkerFailed


_RUNS: dict[tuple[int, str, date], MatchingRun] = {}


def propose(
    backend: Backend,
    actor: Actor,
    *,
    municipality_code: str,
    first: date,
    last: date,
    time_limit: float = SCREEN_SECONDS,
) -> MatchingRun:
    """Begin to look for a plan of some days of one month, or join the run that is at it already."""
    running = running_for(backend, municipality_code, first)
    if running is not None:
        return running
    run = MatchingRun()
    _RUNS[id(backend), municipality_code, first] = run
    run.task = asyncio.get_running_loop().create_task(
        run.run(backend, actor, municipality_code, first, last, time_limit)
    )
    return run


def running_for(backend: Backend, municipality_code: str, first: date) -> MatchingRun | None:
    """The run that is at it for a city and a month, if any."""
    found = _RUNS.get((id(backend), municipality_code, first))
    return found if found is not None and found.is_running else None


def _work(problem: Problem, time_limit: float, office: "Connection", stop: "Event") -> None:
    """What the process of its own does: solve, and tell."""

    def tell(done: int, total: int, best: tuple[int, int] | None) -> None:
        office.send(("progress", done, total, best))

    try:
        plan = make_plan(problem, time_limit=time_limit, progress=tell, cancelled=stop)
    except ProblemRefused as refused:
        office.send(("refused", refused))
    except (BrokenPipeError, ConnectionError):
        return  # the office has gone: nobody waits for the plan
    else:
        office.send(("plan", plan))


def match_problem_file(path: Path, time_limit: float | None = None) -> dict[str, Any]:
    """The plan for a problem file, in the form of a plan file.

    Raises:
        ProblemRefused: the file cannot be read as a problem; names the key or id.
    """
    try:
        problem = problem_from_json(path.read_bytes())
    except ProblemRefused as refused:
        if refused.where:
            raise
        raise type(refused)(WHOLE_FILE, refused.value) from None  # at the top there is no path to name
    return write_plan(make_plan(problem, time_limit=time_limit))


def match_span(
    backend: Backend,
    actor: Actor,
    code: str,
    first: date,
    last: date,
    time_limit: float | None = None,
    *,
    apply: bool = False,
) -> dict[str, Any]:
    """The plan for the sessions of some days, month by month, in the form of a plan file; ``apply`` makes it true.

    Raises:
        InvalidValue: the last day lies before the first.
        ProposalOutdated: with ``apply``, somebody changed something while the plan was made.
    """
    if last < first:
        raise InvalidValue(field="last_day", value=last, problem="before_first", first=first)
    plans = []
    for start, end in _months(first, last):
        now = backend.clock()
        problem = backend.read_now(actor, matching_problem, municipality_code=code, first=start, last=end, now=now)
        plan = make_plan(problem, time_limit=time_limit)
        plans.append(_without_busy(write_plan(plan)))
        if apply:
            _apply(backend, actor, code, (start, end), problem, plan)
    return _joined(plans)


def _apply(backend: Backend, actor: Actor, code: str, days: tuple[date, date], problem: Problem, plan: Plan) -> None:
    kept = backend.run_now(
        actor,
        store_proposal,
        municipality_code=code,
        first=days[0],
        last=days[1],
        problem_text=_problem_text(problem),
        plan_text=plan_to_json(plan),
        now=backend.clock(),
        by=actor.name,
    )
    backend.run_now(actor, accept_proposal, proposal_id=kept.proposal_id, now=backend.clock(), by=actor.name)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    start = first
    while start <= last:
        end = min(last, month_of(start)[1])
        yield start, end
        start = end + timedelta(days=1)


def _problem_text(problem: Problem) -> str:

    return json.dumps(write_problem(problem), ensure_ascii=False)


def _without_busy(document: dict[str, Any]) -> dict[str, Any]:
    """The plan without what people promised besides: that is no part of what was asked."""
    busy = sum(each["session"].startswith(BUSY) for each in document["placements"])
    for key in ("placements", "refused_pins", "open_needs"):
        document[key] = [each for each in document[key] if not each["session"].startswith(BUSY)]
    if "changes" in document:
        document["changes"]["kept"] -= busy
    return document


def _joined(plans: list[dict[str, Any]]) -> dict[str, Any]:
    """Several months in one document: what is counted is added up, what is listed is put behind each other."""
    if len(plans) == 1:
        return plans[0]
    whole: dict[str, Any] = {"status": "optimal" if all(plan["status"] == "optimal" for plan in plans) else "feasible"}
    for key in ("open", "open_bound", "objective", "bound", "seconds"):
        whole[key] = sum(plan[key] for plan in plans)
    for key in ("placements", "open_needs", "unplaced", "refused_pins"):
        whole[key] = [each for plan in plans for each in plan[key]]
    whole["changes"] = {name: sum(plan["changes"][name] for plan in plans) for name in ("kept", "added", "removed")}
    return whole
