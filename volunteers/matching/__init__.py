"""Who helps where: the problem as plain values, the rules in words, one solver, and the reasons.

Read `rules` first: it says what may be and what is welcome. `problem` holds the question and `plan` the answer;
`problem_json` and `plan_json` are their forms in files. `planning.make_plan` goes from one to the other:
`pins` settles what staff fixed, `candidates` finds who may serve where, `model` writes that as rows and columns,
`solver` (the only file that names the solver) finds the least, `draft` is the plan without a solver, and `explain`
says why. Nothing here knows a database or a screen.
"""
