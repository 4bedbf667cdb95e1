"""How long a month's matching takes beside its own LP, CP-SAT and a greedy plan.

    python tests/benchmarks/matching_month.py [--sessions 100] [--volunteers 200] [--seeds 3] [--limit 60]

Every engine runs in a fresh process of its own (ortools and highspy do not load together), seeds interleaved.
`ours` is from the plain problem to the plan with its reasons. `lp` is the last stage alone: the same matrix without
integrality, HiGHS on one thread. `linprog` is scipy's on the same matrix; `cp_sat` gets the same rows as integers and
eight workers; `draft` is the greedy plan. Printed: seconds (imports left out), their ratio to the LP, cost, proof.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from matching_checker import complaints  # noqa: E402 -- found through the path above
from matching_instances import city_month, coverable_month  # noqa: E402 -- found through the path above

ENGINES = ("ours", "lp", "linprog", "cp_sat", "draft")


def ours(document, limit):
    from volunteers.matching.plan_json import write_plan
    from volunteers.matching.planning import make_plan
    from volunteers.matching.problem_json import read_problem

    make_plan(read_problem(city_month(99, sessions=4, volunteers=4)))  # imports are not what is measured
    began = time.perf_counter()
    plan = write_plan(make_plan(read_problem(document), time_limit=limit))
    return {
        "seconds": time.perf_counter() - began,
        "open": plan["open"],
        "cost": plan["objective"],
        "bound": plan["bound"],
        "proof": plan["status"],
        "complaints": len(complaints(document, plan)),
    }


def last_stage(document):
    """The rows and columns of the stage that ours ends with, and the costs it minimises."""
    from volunteers.matching.candidates import find_candidates, lay_out
    from volunteers.matching.formulation import formulate
    from volunteers.matching.problem_json import read_problem
    from volunteers.matching.remaining import after_pins
    from volunteers.matching.search import price_of

    remaining = after_pins(find_candidates(lay_out(read_problem(document))), ())
    model = formulate(remaining)
    return model, price_of(remaining) * model.opens + model.wishes, remaining


def lp(document, limit):
    from volunteers.matching.solver import Watch, solve

    model, costs, _ = last_stage(document)
    watch = Watch(time.monotonic() + limit, lambda: False, lambda: None)
    began = time.perf_counter()
    run = solve(model, costs, watch, whole=False)
    return {"seconds": time.perf_counter() - began, "bound": run.bound, "columns": len(costs), "rows": len(model.lower)}


def linprog(document, limit):
    import numpy as np
    from scipy.optimize import linprog as scipy_linprog
    from scipy.sparse import csr_matrix, vstack

    model, costs, _ = last_stage(document)
    matrix = csr_matrix((model.value, (model.row, model.column)), shape=(len(model.lower), len(costs)))
    above, below = np.isfinite(model.upper), np.isfinite(model.lower)
    began = time.perf_counter()
    found = scipy_linprog(
        costs,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.concatenate([model.upper[above], -model.lower[below]]),
        bounds=np.column_stack([np.zeros(len(costs)), model.most]),
        options={"time_limit": limit},
    )
    return {"seconds": time.perf_counter() - began, "bound": found.fun}


def draft(document, _):
    from volunteers.matching.draft import draft as greedy
    from volunteers.matching.score import objective, still_open

    _, _, remaining = last_stage(document)
    began = time.perf_counter()
    chosen = greedy(remaining)
    seconds = time.perf_counter() - began
    placed = remaining.pairs(chosen.nonzero()[0])
    problem = remaining.grid.problem
    return {"seconds": seconds, "open": still_open(problem, placed), "cost": objective(problem, placed)}


def rows_for_others(document, _):
    """The last stage as plain lists, for an engine that cannot share a process with ours."""
    model, costs, _ = last_stage(document)
    keys = ("most", "lower", "upper", "row", "column", "value")
    return {key: getattr(model, key).tolist() for key in keys} | {"costs": costs.tolist()}


def cp_sat(document, limit):
    from ortools.sat.python import cp_model

    rows = document["rows"]
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, int(most), "") for most in rows["most"]]
    terms = [[] for _ in rows["lower"]]
    for row, column, value in zip(rows["row"], rows["column"], rows["value"], strict=True):
        terms[row].append((columns[column], int(value)))
    for row, lower, upper in zip(terms, rows["lower"], rows["upper"], strict=True):
        total = sum(value * column for column, value in row)
        if upper < 1e9:
            model.add(total <= int(upper))
        if lower > -1e9:
            model.add(total >= int(lower))
    model.minimize(sum(int(cost) * column for cost, column in zip(rows["costs"], columns, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.max_time_in_seconds = limit
    began = time.perf_counter()
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "seconds": time.perf_counter() - began,
        "cost": solver.objective_value if found else None,
        "bound": solver.best_objective_bound,
        "proof": solver.status_name(status).lower(),
    }


def in_a_process(engine, document, limit):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        command = [sys.executable, __file__, "--engine", engine, "--file", file.name, "--limit", str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"seconds": float("nan"), "proof": done.stderr.strip().splitlines()[-1][:60]}
    return json.loads(done.stdout.splitlines()[-1])


def compare(document, limit, engines):
    results = {}
    for engine in engines:
        task = {"rows": in_a_process("rows_for_others", document, limit)} if engine == "cp_sat" else document
        results[engine] = in_a_process(engine, task, limit)
    base = results["lp"]["seconds"]
    for engine, result in results.items():
        shown = {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}
        print(f"    {engine:8} {result['seconds'] / base:8.2f} × LP   {shown}", flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--volunteers", type=int, default=200)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--classes", type=float, default=0.15)
    options.add_argument("--limit", type=float, default=60)
    options.add_argument("--engines", default=",".join(ENGINES))
    options.add_argument("--engine")
    options.add_argument("--file")
    chosen = options.parse_args()
    if chosen.engine:
        document = json.loads(Path(chosen.file).read_text())
        print(json.dumps(globals()[chosen.engine](document, chosen.limit)))
        return
    for seed in range(chosen.seeds):
        print(f"city month {chosen.sessions} × {chosen.volunteers}, seed {seed}, classes {chosen.classes}")
        sizes = {"sessions": chosen.sessions, "volunteers": chosen.volunteers, "classes": chosen.classes}
        compare(city_month(seed, **sizes), chosen.limit, chosen.engines.split(","))
    for seed in range(chosen.seeds):
        result = in_a_process("ours", coverable_month(seed), chosen.limit)
        print(
            f"everyone can be covered, seed {seed}: open {result['open']}, {result['seconds']:.2f} s, {result['proof']}"
        )


if __name__ == "__main__":
    main()
