"""Checks a plan against its problem, both as plain documents.

Written from the interface text alone and sharing no code with the product: what both get wrong must be wrong in the
text. `complaints(problem, plan)` says what does not hold; `best_by_hand(problem)` tries every plan there is.
"""

import itertools
import math
from datetime import date, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9))
DEFAULTS = {"travel": 2, "like": 6, "dislike": 4, "load": 3, "change": 15, "pair_new": 4, "same_series": 2}
CODES = {
    "availability", "not_eligible", "overlap", "travel", "too_far", "max_sessions", "max_per_week", "uninsured",
    "minor", "forbidden", "pinned", "kept", "needed_lead", "needed_skill", "only_candidate", "nearest", "liked",
    "lighter_load", "no_candidate", "all_busy", "seats_full",
}  # fmt: skip


def at(text):
    return datetime.fromisoformat(text)


def km(a, b):
    p, q = math.radians(a["lat"]), math.radians(b["lat"])
    dp, dl = q - p, math.radians(b["lon"] - a["lon"])
    h = math.sin(dp / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def monday(session):
    day = at(session["starts_at"]).astimezone(JST).date()
    return day - timedelta(days=day.weekday())


def covered(start, end, windows):
    """Walks from the start over windows that reach further until the end is reached."""
    reached = start
    while reached < end:
        further = [at(w["to"]) for w in windows if at(w["from"]) <= reached < at(w["to"])]
        if not further:
            return False
        reached = max(further)
    return True


def broken_alone(problem, s, v):
    codes = set()
    start, end = at(s["starts_at"]), at(s["ends_at"])
    if "available" in v and not covered(start, end, v["available"]):
        codes.add("availability")
    if "eligible" in v and s["id"] not in v["eligible"]:
        codes.add("not_eligible")
    if "max_km" in v and "home" in v and "place" in s and km(v["home"], s["place"]) > v["max_km"]:
        codes.add("too_far")
    if "insured_until" in v and end.astimezone(JST).date() > date.fromisoformat(v["insured_until"]):
        codes.add("uninsured")
    if s.get("adults_only") and v.get("adult") is not True:
        codes.add("minor")
    if v.get("kind") == "tokyo_supporter" and v.get("adult") is False:
        codes.add("minor")
    if {"session": s["id"], "volunteer": v["id"]} in problem.get("forbidden", []):
        codes.add("forbidden")
    return codes


def broken_by_two(problem, s, t):
    a, b = sorted((s, t), key=lambda each: at(each["starts_at"]))
    if at(b["starts_at"]) < at(a["ends_at"]):
        return {"overlap"}
    if "place" not in a or "place" not in b or ("venue" in a and a["venue"] == b.get("venue")):
        return set()
    gap = (at(b["starts_at"]) - at(a["ends_at"])).total_seconds() / 60
    return (
        {"travel"} if gap < 60 * km(a["place"], b["place"]) / problem.get("policy", {}).get("travel_kmh", 12) else set()
    )


def broken_caps(v, sessions):
    codes = set()
    if len(sessions) > v.get("max_sessions", math.inf):
        codes.add("max_sessions")
    weeks = [monday(s) for s in sessions]
    if any(weeks.count(week) > v.get("max_per_week", math.inf) for week in weeks):
        codes.add("max_per_week")
    return codes


def expected_pins(problem):
    """The pins that stand, and the others with the rules they break."""
    sessions, volunteers = by_id(problem)
    pins = list(dict.fromkeys((p["session"], p["volunteer"]) for p in problem.get("pinned", [])))
    refused = {}
    for s, v in pins:
        if codes := broken_alone(problem, sessions[s], volunteers[v]):
            refused[s, v] = codes
    stands = [pin for pin in pins if pin not in refused]
    for s, v in stands:
        others = [t for t, w in stands if w == v and t != s]
        if codes := set().union(*(broken_by_two(problem, sessions[s], sessions[t]) for t in others)):
            refused[s, v] = codes
    stands = [pin for pin in pins if pin not in refused]
    for s, v in stands:
        week = [t for t, w in stands if w == v and monday(sessions[t]) == monday(sessions[s])]
        if len(week) > volunteers[v].get("max_per_week", math.inf):
            refused[s, v] = {"max_per_week"}
            if len(week) > volunteers[v].get("max_sessions", math.inf):
                refused[s, v] |= {"max_sessions"}
    stands = [pin for pin in pins if pin not in refused]
    for s, v in stands:
        if len([t for t, w in stands if w == v]) > volunteers[v].get("max_sessions", math.inf):
            refused[s, v] = {"max_sessions"}
    return [pin for pin in pins if pin not in refused], refused


def by_id(problem):
    return {s["id"]: s for s in problem["sessions"]}, {v["id"]: v for v in problem["volunteers"]}


def missing(s, helpers):
    skills = {k: n - sum(k in v.get("skills", []) for v in helpers) for k, n in s.get("skills", {}).items()}
    return (
        max(0, s["need"] - len(helpers)),
        max(0, s.get("leads", 0) - sum(v.get("can_lead", False) for v in helpers)),
        {k: n for k, n in skills.items() if n > 0},
    )


def count_open(problem, placed):
    _, volunteers = by_id(problem)
    total = 0
    for s in problem["sessions"]:
        seats, leads, skills = missing(s, [volunteers[v] for t, v in placed if t == s["id"]])
        total += seats + leads + sum(skills.values())
    return total


def cost(problem, placed):
    sessions, volunteers = by_id(problem)
    policy = problem.get("policy", {})
    if policy.get("aim", "balanced") == "fewest_people":
        return len({v for _, v in placed})
    w = DEFAULTS | policy.get("weights", {})
    total = 0
    for s, v in placed:
        if "home" in volunteers[v] and "place" in sessions[s]:
            total += w["travel"] * math.ceil(km(volunteers[v]["home"], sessions[s]["place"]))
        total -= w["like"] * (s in volunteers[v].get("likes", []))
        total += w["dislike"] * (s in volunteers[v].get("dislikes", []))
    for v in volunteers.values():
        mine = [s for s, u in placed if u == v["id"]]
        total += w["load"] * sum(v.get("already", 0) + i for i in range(1, len(mine) + 1))
        for name in {sessions[s]["series"] for s in mine if "series" in sessions[s]}:
            total -= w["same_series"] * (len([s for s in mine if sessions[s].get("series") == name]) - 1)
    for s in sessions:
        if len({volunteers[v].get("experienced", True) for t, v in placed if t == s}) == 2:
            total -= w["pair_new"]
    if "previous" in problem:
        before = {(p["session"], p["volunteer"]) for p in problem["previous"]}
        total += w["change"] * (len(set(placed) - before) + len(before - set(placed)))
    return total


def complaints(problem, plan):
    """Everything in the plan that the interface does not allow."""
    sessions, volunteers = by_id(problem)
    wrong = []
    placed = [(p["session"], p["volunteer"]) for p in plan["placements"]]
    pins, refused = expected_pins(problem)
    if len(set(placed)) != len(placed):
        wrong.append("somebody twice")
    for s, v in placed:
        if codes := broken_alone(problem, sessions[s], volunteers[v]):
            wrong.append((s, v, codes))
    for v in volunteers.values():
        mine = [sessions[s] for s, u in placed if u == v["id"]]
        for a, b in itertools.combinations(mine, 2):
            if codes := broken_by_two(problem, a, b):
                wrong.append((v["id"], a["id"], b["id"], codes))
        if codes := broken_caps(v, mine):
            wrong.append((v["id"], codes))
    if not set(pins) <= set(placed):
        wrong.append("a pin is missing")
    if {(p["session"], p["volunteer"]): set(p["because"]) for p in plan["refused_pins"]} != refused:
        wrong.append(("refused pins", plan["refused_pins"], refused))
    needs = {need["session"]: need for need in plan["open_needs"]}
    for s in sessions.values():
        there = [p for p in plan["placements"] if p["session"] == s["id"]]
        if len(there) > max(s["need"], len([pin for pin in pins if pin[0] == s["id"]])):
            wrong.append((s["id"], "too many"))
        leads = [p["volunteer"] for p in there if p["role"] == "lead"]
        if not all(volunteers[v].get("can_lead", False) for v in leads):
            wrong.append((s["id"], "a lead who cannot lead"))
        seats, short, skills = missing(s, [volunteers[p["volunteer"]] for p in there])
        if len(leads) != s.get("leads", 0) - short:
            wrong.append((s["id"], "leads", leads, short))
        need = needs.pop(s["id"], {"missing": 0, "leads": 0, "skills": {}})
        if (need["missing"], need["leads"], need["skills"]) != (seats, short, skills):
            wrong.append((s["id"], need, (seats, short, skills)))
    if needs:
        wrong.append(("needs of nobody", needs))
    if plan["open"] != count_open(problem, placed):
        wrong.append(("open", plan["open"], count_open(problem, placed)))
    if plan["objective"] != cost(problem, placed):
        wrong.append(("objective", plan["objective"], cost(problem, placed)))
    if plan["open_bound"] > plan["open"] or plan["bound"] > plan["objective"]:
        wrong.append("a bound above its value")
    if (plan["status"] == "optimal") != (plan["open_bound"] == plan["open"] and plan["bound"] == plan["objective"]):
        wrong.append("status")
    if sorted(u["volunteer"] for u in plan["unplaced"]) != sorted(set(volunteers) - {v for _, v in placed}):
        wrong.append("unplaced")
    answers = itertools.chain(*(plan[key] for key in ("placements", "open_needs", "unplaced", "refused_pins")))
    wrong += [("because", each) for each in answers if not each["because"] or not set(each["because"]) <= CODES]
    if ("changes" in plan) != ("previous" in problem):
        wrong.append("changes")
    if "previous" in problem:
        before = {(p["session"], p["volunteer"]) for p in problem["previous"]}
        kept, added, removed = len(before & set(placed)), len(set(placed) - before), len(before - set(placed))
        if plan["changes"] != {"kept": kept, "added": added, "removed": removed}:
            wrong.append(("changes", plan["changes"]))
    return wrong


def best_by_hand(problem):
    """(open, objective) of the best of all plans, by trying each."""
    sessions, volunteers = by_id(problem)
    pins, _ = expected_pins(problem)
    pinned_at = {s: sum(pin[0] == s for pin in pins) for s in sessions}
    choices = []
    for v in volunteers.values():
        fixed = {s for s, u in pins if u == v["id"]}
        free = [s for s in sessions if s not in fixed and not broken_alone(problem, sessions[s], v)]
        mine = []
        for size in range(len(free) + 1):
            for extra in itertools.combinations(free, size):
                whole = [sessions[s] for s in (*fixed, *extra)]
                if not broken_caps(v, whole) and not any(
                    broken_by_two(problem, a, b) for a, b in itertools.combinations(whole, 2)
                ):
                    mine.append([(s["id"], v["id"]) for s in whole])
        choices.append(mine)
    best = None
    for chosen in itertools.product(*choices):
        placed = [pair for mine in chosen for pair in mine]
        crowd = {s: sum(pair[0] == s for pair in placed) for s in sessions}
        if any(crowd[s] > max(each["need"], pinned_at[s]) for s, each in sessions.items()):
            continue
        opens = count_open(problem, placed)
        if best is None or opens <= best[0]:
            value = (opens, cost(problem, placed))
            best = value if best is None else min(best, value)
    return best
