"""Everyone told: what each person must hear, by which way, and whether it has left.

What changes an application says so with ``writing.tell`` (somebody must be told) or ``writing.knows`` (the person did
it themselves, or was told on the spot). An application has at most one notice that has not left; what changes
meanwhile is written into it, and what returns to what the person knows is dropped.
"""
