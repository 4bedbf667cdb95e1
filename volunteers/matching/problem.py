"""A matching problem as plain values: what must be staffed, who could help, what is already settled.

Times are aware; `read_problem` keeps them in UTC. Ids are the caller's own strings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Aim(StrEnum):
    """What is made small once as few needs as possible stay open."""

    BALANCED = "balanced"
    FEWEST_PEOPLE = "fewest_people"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each wish counts, in integers from 0 to 1000; the organiser moves these."""

    travel: int = 2
    like: int = 6
    dislike: int = 4
    load: int = 3
    change: int = 15
    pair_new: int = 4
    same_series: int = 2


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for the whole problem."""

    people_per_helper: int = 4
    travel_kmh: float = 12.0
    aim: Aim = Aim.BALANCED
    weights: Weights = Weights()


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A time when somebody is free: from `start` up to but not including `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One dated meeting that needs helpers; `need` counts all of them, `leads` among them."""

    id: str
    starts_at: datetime
    ends_at: datetime
    need: int
    place: Place | None = None
    venue: str | None = None
    series: str | None = None
    leads: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    adults_only: bool = False


@dataclass(frozen=True, slots=True)
class Volunteer:
    """One person who could help. None means: nothing was said, so nothing limits.

    `available` is kept as its union: in order of time, with windows that overlap or touch made one.
    `already` is how many sessions she served before this plan.
    """

    id: str
    kind: str | None = None
    skills: frozenset[str] = frozenset()
    can_lead: bool = False
    adult: bool | None = None
    experienced: bool = True
    available: tuple[Window, ...] | None = None
    eligible: frozenset[str] | None = None
    home: Place | None = None
    max_km: float | None = None
    max_sessions: int | None = None
    max_per_week: int | None = None
    insured_until: date | None = None
    likes: frozenset[str] = frozenset()
    dislikes: frozenset[str] = frozenset()
    already: int = 0

    def __post_init__(self) -> None:
        if self.available is not None:
            object.__setattr__(self, "available", union_of(self.available))


class Pair(NamedTuple):
    """A volunteer at a session, by their ids."""

    session: str
    volunteer: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan is made from.

    `previous` is the plan that people already know; None: there is none, so nothing counts as a change.
    """

    sessions: tuple[Session, ...]
    volunteers: tuple[Volunteer, ...]
    policy: Policy = Policy()
    pinned: tuple[Pair, ...] = ()
    forbidden: frozenset[Pair] = frozenset()
    previous: tuple[Pair, ...] | None = None
    session_by_id: dict[str, Session] = field(init=False, repr=False, compare=False)
    volunteer_by_id: dict[str, Volunteer] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "session_by_id", {each.id: each for each in self.sessions})
        object.__setattr__(self, "volunteer_by_id", {each.id: each for each in self.volunteers})


def union_of(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same free time in as few windows as possible, in order of time."""
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and window.start <= merged[-1].end:
            if window.end > merged[-1].end:
                merged[-1] = Window(merged[-1].start, window.end)
        else:
            merged.append(window)
    return tuple(merged)
