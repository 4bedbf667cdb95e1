"""Matching problems to try things on, as plain documents: small wild ones, and months as cities have them."""

import random
from datetime import datetime, timedelta, timezone

JST = timezone(timedelta(hours=9))
MONDAY = datetime(2026, 11, 30, tzinfo=JST)
SKILLS = ("iphone", "android", "sign")


def hour(day, hours):
    return (MONDAY + timedelta(days=day, hours=hours)).isoformat()


def small_problem(seed, *, sessions=3, volunteers=4):
    """A few sessions and volunteers in which every key of the interface turns up sooner or later."""
    r = random.Random(seed)
    places = [{"lat": 35.74 + r.randrange(-3, 4) / 50, "lon": 139.43 + r.randrange(-3, 4) / 50} for _ in range(3)]

    def maybe(share, entries, **values):
        if r.random() < share:
            entries.update(values)

    def session(index):
        start = r.choice([9, 9.5, 10, 11, 13, 13.25])
        day = r.choice([0, 0, 0, 1, 6, 7])
        found = {
            "id": f"s{index}",
            "starts_at": hour(day, start),
            "ends_at": hour(day, start + r.choice([1, 1.5, 2])),
            "need": r.choice([0, 1, 1, 2, 2, 3]),
        }
        maybe(0.7, found, place=r.choice(places))
        maybe(0.3, found, venue=r.choice("pq"))
        maybe(0.5, found, series=r.choice("xy"))
        maybe(0.5, found, leads=r.randint(0, min(2, found["need"])))
        maybe(0.4, found, skills={skill: r.randint(0, 2) for skill in r.sample(SKILLS, r.randint(1, 2))})
        maybe(0.2, found, adults_only=r.random() < 0.7)
        return found

    ids = [f"s{index}" for index in range(sessions)]

    def window():
        day, start = r.choice([0, 0, 1, 6, 7]), r.choice([8, 9, 10, 12, 13])
        return {"from": hour(day, start), "to": hour(day, start + r.choice([0, 1, 2, 4, 10]))}

    def volunteer(index):
        found = {"id": f"v{index}"}
        maybe(0.3, found, kind=r.choice(["tokyo_supporter", "student"]))
        maybe(0.6, found, skills=r.sample(SKILLS, r.randint(0, 2)))
        maybe(0.6, found, can_lead=r.random() < 0.6)
        maybe(0.5, found, adult=r.random() < 0.7)
        maybe(0.6, found, experienced=r.random() < 0.5)
        maybe(0.4, found, available=[window() for _ in range(r.randint(0, 5))])
        maybe(0.2, found, eligible=r.sample(ids, r.randint(0, sessions)))
        maybe(0.6, found, home=r.choice(places) if r.random() < 0.3 else {"lat": 35.74, "lon": 139.4 + r.random() / 10})
        maybe(0.3, found, max_km=r.choice([0, 1, 3, 5, 10.5]))
        maybe(0.3, found, max_sessions=r.randint(0, 2))
        maybe(0.3, found, max_per_week=r.randint(0, 2))
        maybe(0.2, found, insured_until=r.choice(["2026-11-30", "2026-12-01", "2027-03-31"]))
        maybe(0.4, found, likes=r.sample(ids, r.randint(0, sessions)))
        maybe(0.4, found, dislikes=r.sample(ids, r.randint(0, sessions)))
        maybe(0.5, found, already=r.randint(0, 4))
        return found

    problem = {
        "sessions": [session(index) for index in range(sessions)],
        "volunteers": [volunteer(index) for index in range(volunteers)],
    }

    def some_pairs(most):
        return [
            {"session": r.choice(ids), "volunteer": f"v{r.randrange(volunteers)}"} for _ in range(r.randint(0, most))
        ]

    if sessions and volunteers:
        maybe(0.3, problem, pinned=some_pairs(3))
        maybe(0.3, problem, forbidden=some_pairs(3))
        maybe(0.4, problem, previous=some_pairs(5))
    if r.random() < 0.7:
        policy = {}
        maybe(0.3, policy, travel_kmh=r.choice([4, 12, 30.5]))
        maybe(0.25, policy, aim="fewest_people")
        names = ("travel", "like", "dislike", "load", "change", "pair_new", "same_series")
        maybe(0.6, policy, weights={name: r.choice([0, 1, 5, 50, 1000]) for name in r.sample(names, r.randint(0, 5))})
        problem["policy"] = policy
    return problem


def city_month(seed, *, sessions=100, volunteers=200, classes=0.15):
    """A month as a city plans it: classes of four weeks and single afternoons at its halls, helpers with little time.

    Halls lie within some kilometres of the middle; a helper can come on some weekdays in the morning or afternoon,
    with days off, not too far, twice to six times a month. `classes` is the share of courses of four among the
    offerings (0.15: four sessions in ten belong to one).
    """
    r = random.Random(seed)
    radius = 0.03 if sessions <= 150 else 0.06

    def somewhere():
        return {"lat": round(r.gauss(35.745, radius), 5), "lon": round(r.gauss(139.43, radius * 1.2), 5)}

    halls = [(f"hall{index}", somewhere()) for index in range(max(4, sessions // 8))]
    workdays = [day for day in range(28) if day % 7 < 5] + [5, 12, 19, 26]
    found = []

    def meeting(day, start, length, hall, need, **more):
        found.append({
            "id": f"session{len(found):04}", "starts_at": hour(day, start), "ends_at": hour(day, start + length),
            "venue": hall[0], "place": hall[1], "need": need, "leads": 1, **more,
        })  # fmt: skip

    while len(found) < sessions:
        hall, start, length = r.choice(halls), r.choice([9.5, 10, 10, 13, 13.5, 14, 15.5]), r.choice([1.5, 2, 2])
        need = r.choice([2, 2, 3, 3, 4])
        more = {"skills": {r.choice(SKILLS[:2]): r.choice([1, 1, 2])}} if r.random() < 0.4 else {}
        if r.random() < 0.05:
            more["skills"] = {"sign": 1}
        if r.random() < 0.15:
            more["adults_only"] = True
        if r.random() < classes and sessions - len(found) >= 4:
            weekday = r.randrange(5)
            for week in range(4):
                meeting(weekday + 7 * week, start, length, hall, need, series=f"class{len(found) // 4:03}", **more)
            for each in found[-4:]:
                each["series"] = found[-4]["series"]
        else:
            meeting(r.choice(workdays), start, length, hall, need, **more)

    def helper(index):
        free = []
        for weekday in range(6):
            for opens, closes in ((9, 12.25), (12.5, 18)):
                if r.random() < (0.45 if weekday < 5 else 0.3):
                    free += [(weekday + 7 * week, opens, closes) for week in range(4) if r.random() < 0.9]
        person = {
            "id": f"person{index:04}", "kind": r.choice(["tokyo_supporter", "tokyo_supporter", "npo", "student"]),
            "skills": [skill for skill, share in zip(SKILLS, (0.5, 0.6, 0.06), strict=True) if r.random() < share],
            "can_lead": r.random() < 0.3, "adult": r.random() < 0.97, "experienced": r.random() < 0.7,
            "available": [{"from": hour(day, opens), "to": hour(day, closes)} for day, opens, closes in free],
            "home": somewhere(), "max_sessions": r.choice([2, 3, 4, 4, 6]), "max_per_week": r.choice([1, 1, 2, 2, 3]),
            "insured_until": "2027-03-31" if r.random() < 0.97 else "2026-12-10",
            "already": r.choice([0, 0, 1, 2, 3, 5, 8]),
            "likes": r.sample([each["id"] for each in found], 2) if r.random() < 0.3 else [],
            "dislikes": r.sample([each["id"] for each in found], 2) if r.random() < 0.15 else [],
        }  # fmt: skip
        if r.random() < 0.8:
            person["max_km"] = r.choice([3, 5, 5, 8, 12])
        return person

    return {"sessions": found, "volunteers": [helper(index) for index in range(volunteers)]}


def coverable_month(seed, *, tasks=400):
    """Hundreds of fixed intervals that can all be covered: dealt out to qualified people first, then shuffled.

    Everybody gets a row of tasks that do not overlap, each asking for her skill; the skills are few, so there are
    many wrong ways to deal them and at least one that covers everything.
    """
    r = random.Random(seed)
    found, people = [], []
    while len(found) < tasks:
        skill = r.choice("abcdef")
        people.append({"id": f"worker{len(people):03}", "skills": [skill], "available": []})
        for day in r.sample(range(28), r.randint(3, 9)):
            clock = r.choice([8, 8.25, 8.5, 9, 9.5])
            opens = clock
            for _ in range(r.randint(1, 4)):
                length = r.choice([0.75, 1, 1.5, 2, 3])
                found.append({
                    "id": f"task{len(found):04}", "starts_at": hour(day, clock), "ends_at": hour(day, clock + length),
                    "need": 1, "skills": {skill: 1},
                })  # fmt: skip
                clock += length + r.choice([0, 0, 0.25, 0.5])
            people[-1]["available"].append({"from": hour(day, opens), "to": hour(day, clock)})
    for each in people[::4]:
        each["skills"].append(r.choice("abcdef"))
    r.shuffle(found)
    return {"sessions": found, "volunteers": people}
