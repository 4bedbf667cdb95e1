"""Why the plan is as it is: why her, why not him, why a need stayed open, why somebody has nothing to do.

Reasons are codes; the wording is elsewhere. Beside the codes of the hard rules there are, for somebody placed:
`pinned` by staff · `kept` from the former plan · `needed_lead`, `needed_skill`: without her one would be missing ·
`only_candidate`: nobody else could come as the plan stands · `liked`: she wished for it · `nearest` and
`lighter_load`: of those who could come she lives nearest, has done least. For what stays open: `no_candidate`: nobody
may serve here who has what is missing · `all_busy`: those who may are elsewhere or at their cap · `seats_full`: every
seat is taken. `seats_full` also says why somebody who may serve has nothing to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from volunteers.matching.candidates import (
    Candidates,
    Codes,
    Ints,
    broken_rules,
    codes_of,
    find_candidates,
    lay_out,
)
from volunteers.matching.clashes import find_clashes
from volunteers.matching.plan import OpenNeed, Placement, Role, Unplaced
from volunteers.matching.problem import Pair, Problem, Session, Volunteer
from volunteers.matching.rules import CAN_DO_BOTH, HARD_CODES, WITHIN_CAPS, check_placement, home_km
from volunteers.matching.score import helpers_by_session, missing_at

REASONS = ("pinned", "kept", "needed_lead", "needed_skill", "only_candidate", "liked", "nearest", "lighter_load")
BUSY = tuple(rule.code for rule in (*CAN_DO_BOTH, *WITHIN_CAPS))
BUSY_BIT = {code: 1 << position for position, code in enumerate(BUSY)}
OPEN_REASONS = ("no_candidate", "all_busy", "seats_full", *HARD_CODES)
Fits = Callable[[Volunteer], bool]


class Reasons:
    """The reasons of one plan; everything is looked at once, then each answer is quick."""

    def __init__(self, placed: Iterable[Pair], pins: Iterable[Pair], candidates: Candidates) -> None:
        self.grid, self.candidates = candidates.grid, candidates
        self.problem = self.grid.problem
        self.placed, self.pins = list(dict.fromkeys(placed)), set(pins)
        self.former = set(self.problem.previous or ())
        self.helpers = helpers_by_session(self.problem, self.placed)
        self.sessions_of: dict[int, list[int]] = defaultdict(list)
        for pair in self.placed:
            self.sessions_of[self.grid.volunteer_index[pair.volunteer]].append(self.grid.session_index[pair.session])
        self.load = np.array(
            [each.already + len(self.sessions_of.get(index, ())) for index, each in enumerate(self.grid.volunteers)],
            np.int64,
        )
        self.busy = self._busy()
        self.here = np.isin(self._keys(candidates.session, candidates.volunteer), self._placed_keys())
        self.by_session = np.argsort(candidates.session, kind="stable")
        self.first = np.searchsorted(candidates.session[self.by_session], np.arange(len(self.grid.sessions) + 1))

    # --- what is asked of it ---------------------------------------------------------------------------------

    def placements(self) -> tuple[Placement, ...]:
        """Everybody placed, by session as the problem lists them, then by volunteer."""
        found = []
        for session in self.problem.sessions:
            helpers = self.helpers.get(session.id, [])
            leads, others = _leads(session, helpers), self._who_could_come(session)
            for volunteer in sorted(helpers, key=lambda each: each.id):
                role = Role.LEAD if volunteer.id in leads else Role.HELPER
                because = self._why_here(session, volunteer, others)
                found.append(Placement(session.id, volunteer.id, role, because))
        return tuple(found)

    def open_needs(self) -> tuple[OpenNeed, ...]:
        """Every session that lacks something, as the problem lists them."""
        found = []
        for session in self.problem.sessions:
            missing = missing_at(session, self.helpers.get(session.id, ()))
            if missing.units:
                because = self.why_open(session)
                found.append(OpenNeed(session.id, missing.seats, missing.leads, missing.skills, because))
        return tuple(found)

    def unplaced(self) -> tuple[Unplaced, ...]:
        """Everybody without a session, as the problem lists them."""
        idle = [each for each in self.problem.volunteers if self.grid.volunteer_index[each.id] not in self.sessions_of]
        return tuple(Unplaced(each.id, self.why_nothing(each)) for each in idle)

    def why_here(self, session: Session, volunteer: Volunteer) -> tuple[str, ...]:
        """Why she is at this session."""
        return self._why_here(session, volunteer, self._who_could_come(session))

    def why_open(self, session: Session) -> tuple[str, ...]:
        """Why nobody fills what the session lacks; every lack is looked at, the reasons are put together."""
        missing = missing_at(session, self.helpers.get(session.id, ()))
        lacks = [_can_lead] * bool(missing.leads) + [_has(skill) for skill in missing.skills]
        reasons = set(self._why_nobody(session, _anybody, seats=True)) if missing.seats else set()
        for fits in lacks:
            reasons.update(self._why_nobody(session, fits, seats=missing.seats > 0))
        return tuple(code for code in OPEN_REASONS if code in reasons)

    def why_nothing(self, volunteer: Volunteer) -> tuple[str, ...]:
        """Why she has no session: no rule lets her serve anywhere, or every seat she could take is taken."""
        index = self.grid.volunteer_index[volunteer.id]
        first, last = np.searchsorted(self.candidates.volunteer, [index, index + 1])
        if first == last and (stopped := codes_of(int(self.candidates.stopped_by[index]))):
            return stopped
        held = self.busy[first:last]
        if len(held) and held.all():
            return _busy_codes(held)
        return ("seats_full",)

    # --- how it finds out ------------------------------------------------------------------------------------

    def _why_here(self, session: Session, volunteer: Volunteer, others: Ints) -> tuple[str, ...]:
        pair = Pair(session.id, volunteer.id)
        helpers = self.helpers[session.id]
        reasons = {
            "pinned": pair in self.pins,
            "kept": pair in self.former,
            "needed_lead": volunteer.can_lead and sum(each.can_lead for each in helpers) <= session.leads,
            "needed_skill": any(
                skill in volunteer.skills and sum(skill in each.skills for each in helpers) <= wanted
                for skill, wanted in session.skills.items()
            ),
            "only_candidate": not len(others),
            "liked": session.id in volunteer.likes,
            **self._beside(session, volunteer, others),
        }
        found = tuple(code for code in REASONS if reasons[code])
        return found or self._strongest_point(session, volunteer, others)

    def _beside(self, session: Session, volunteer: Volunteer, others: Ints) -> dict[str, bool]:
        """Whether nobody who could come lives nearer, or would have served less often, and somebody not as well."""
        if not len(others):
            return {"nearest": False, "lighter_load": False}
        known = volunteer.home is not None and session.place is not None
        km, load = self._km_and_load(session, volunteer)
        their_km, their_load = self.candidates.km[others], self.load[self.candidates.volunteer[others]] + 1
        return {
            "nearest": known and km <= int(their_km.min()) and km < int(their_km.max()),
            "lighter_load": load <= int(their_load.min()) and load < int(their_load.max()),
        }

    def _strongest_point(self, session: Session, volunteer: Volunteer, others: Ints) -> tuple[str, ...]:
        """She is neither the nearest nor the one with least to do, but the best of both: what fewer surpass."""
        km, load = self._km_and_load(session, volunteer)
        nearer = int(np.count_nonzero(self.candidates.km[others] < km))
        lighter = int(np.count_nonzero(self.load[self.candidates.volunteer[others]] + 1 < load))
        return ("nearest",) if nearer < lighter else ("lighter_load",)

    def _km_and_load(self, session: Session, volunteer: Volunteer) -> tuple[int, int]:
        return home_km(session, volunteer), int(self.load[self.grid.volunteer_index[volunteer.id]])

    def _of_session(self, session: Session) -> Ints:
        index = self.grid.session_index[session.id]
        pairs: Ints = self.by_session[self.first[index] : self.first[index + 1]]
        return pairs

    def _who_could_come(self, session: Session) -> Ints:
        """Pairs of those who are not there and could be, as the plan stands, if a seat were free."""
        pairs = self._of_session(session)
        able: Ints = pairs[(self.busy[pairs] == 0) & ~self.here[pairs]]
        return able

    def _why_nobody(self, session: Session, fits: Fits, *, seats: bool) -> tuple[str, ...]:
        pairs = self._of_session(session)
        away = [pair for pair in pairs[~self.here[pairs]].tolist() if fits(self._person(pair))]
        if not away:
            return ("no_candidate", *self._what_stops(session, fits))
        held = self.busy[away]
        if held.all() or seats:
            return ("all_busy", *_busy_codes(held))
        return ("seats_full",)

    def _what_stops(self, session: Session, fits: Fits) -> tuple[str, ...]:
        """The rules that alone keep somebody away who has what is missing; without such, all that do."""
        there = {each.id for each in self.helpers.get(session.id, ())}
        codes = broken_rules(lay_out(self.problem, [session]))[:, 0]
        stopped = [
            int(bits)
            for each, bits in zip(self.grid.volunteers, codes, strict=True)
            if bits and each.id not in there and fits(each)
        ]
        alone = [bits for bits in stopped if bits.bit_count() == 1]
        together = 0
        for bits in alone or stopped:
            together |= bits
        return codes_of(together)

    def _person(self, pair: int) -> Volunteer:
        return self.grid.volunteers[int(self.candidates.volunteer[pair])]

    def _keys(self, session: Ints, volunteer: Ints) -> Ints:
        return volunteer * len(self.grid.sessions) + session

    def _placed_keys(self) -> Ints:
        pairs = [(each, volunteer) for volunteer, sessions in self.sessions_of.items() for each in sessions]
        session, volunteer = np.array(pairs, np.int64).reshape(-1, 2).T
        return self._keys(session, volunteer)

    def _busy(self) -> Codes:
        """For each pair the bits of what else she does: sessions that clash, and caps that are reached."""
        grid, candidates = self.grid, self.candidates
        clashes = find_clashes(grid)
        taken = [
            (volunteer, session, other)
            for volunteer, sessions in self.sessions_of.items()
            for session in sessions
            for other in clashes[session]
        ]
        volunteer, session, other = np.array(taken, np.int64).reshape(-1, 3).T
        overlaps = (grid.starts[other] < grid.ends[session]) & (grid.starts[session] < grid.ends[other])
        key = self._keys(candidates.session, candidates.volunteer)
        busy = np.zeros(len(key), np.uint8)
        busy[np.isin(key, self._keys(other, volunteer)[overlaps])] |= BUSY_BIT["overlap"]
        busy[np.isin(key, self._keys(other, volunteer)[~overlaps])] |= BUSY_BIT["travel"]
        for index, person in enumerate(grid.volunteers):
            if person.max_sessions is not None or person.max_per_week is not None:
                first, last = np.searchsorted(candidates.volunteer, [index, index + 1])
                self._mark_caps(
                    person, self.sessions_of.get(index, []), candidates.session[first:last], busy[first:last]
                )
        return busy

    def _mark_caps(self, person: Volunteer, served: list[int], sessions: Ints, busy: Codes) -> None:
        if person.max_sessions is not None and len(served) >= person.max_sessions:
            busy |= BUSY_BIT["max_sessions"]
        if person.max_per_week is not None:
            weeks = Counter(self.grid.week[served].tolist()) if served else Counter()
            full = [week for week in np.unique(self.grid.week[sessions]).tolist() if weeks[week] >= person.max_per_week]
            busy[np.isin(self.grid.week[sessions], full)] |= BUSY_BIT["max_per_week"]


def why_here(problem: Problem, placements: Iterable[Pair], session: str, volunteer: str) -> tuple[str, ...]:
    """Why this volunteer is at this session; () if she is not."""
    placed = list(placements)
    if Pair(session, volunteer) not in placed:
        return ()
    reasons = Reasons(placed, problem.pinned, find_candidates(lay_out(problem)))
    return reasons.why_here(problem.session_by_id[session], problem.volunteer_by_id[volunteer])


def why_not(problem: Problem, placements: Iterable[Pair], session: str, volunteer: str) -> tuple[str, ...]:
    """What keeps this volunteer from this session beside the other placements; () if nothing does."""
    placed = list(placements)
    broken = check_placement(problem, placed, session, volunteer)
    there = sum(each.session == session for each in placed if each.volunteer != volunteer)
    full = there >= problem.session_by_id[session].need
    return (*broken, "seats_full") if full else broken


def _leads(session: Session, helpers: Iterable[Volunteer]) -> set[str]:
    """Who leads: of those who can, the experienced before newcomers, whoever served least first."""
    able = sorted((not each.experienced, each.already, each.id) for each in helpers if each.can_lead)
    return {volunteer for _, _, volunteer in able[: session.leads]}


def _busy_codes(held: Codes) -> tuple[str, ...]:
    together = int(np.bitwise_or.reduce(held)) if len(held) else 0
    return tuple(code for code in BUSY if together & BUSY_BIT[code])


def _anybody(_: Volunteer) -> bool:
    return True


def _can_lead(volunteer: Volunteer) -> bool:
    return volunteer.can_lead


def _has(skill: str) -> Fits:
    return lambda volunteer: skill in volunteer.skills
