"""The answer to a matching problem, as plain values."""

from dataclasses import dataclass
from enum import StrEnum

from volunteers.matching.problem import Pair


class Status(StrEnum):
    """Whether anything better can exist."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


class Role(StrEnum):
    """What a helper does at a session: 講師 or アシスタント."""

    LEAD = "lead"
    HELPER = "helper"


@dataclass(frozen=True, slots=True)
class Placement:
    """Somebody at a session, in a role, for these reasons."""

    session: str
    volunteer: str
    role: Role
    because: tuple[str, ...]

    @property
    def pair(self) -> Pair:
        """Who is where, without the role and the reasons."""
        return Pair(self.session, self.volunteer)


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """What a session still lacks, and why nobody fills it."""

    session: str
    missing: int
    leads: int
    skills: dict[str, int]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Somebody the plan gives nothing to do, and why."""

    volunteer: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedPin:
    """A pin that could not be kept, and the rules it breaks."""

    session: str
    volunteer: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The plan beside the former one, counted in placements."""

    kept: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who helps where. `open` and `objective` are never below their proven bounds; equal means nothing is better."""

    status: Status
    open: int
    open_bound: int
    objective: int
    bound: int
    seconds: float
    placements: tuple[Placement, ...]
    open_needs: tuple[OpenNeed, ...]
    unplaced: tuple[Unplaced, ...]
    refused_pins: tuple[RefusedPin, ...]
    changes: Changes | None = None
