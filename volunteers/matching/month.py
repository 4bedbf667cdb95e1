"""A month's assignment as the office sees it: what stands, and beside it what the plan would change."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, select

from events.models import WorkshopSession
from events.states import STOPPED_STATES
from volunteers.assignments import HELD, OPEN
from volunteers.matching.problem import Pair, Place
from volunteers.matching.proposals import Beside, beside_now, open_proposal, standing_at
from volunteers.matching.question import BUSY
from volunteers.matching.rules import check_placement, kilometres
from volunteers.matching.who_else import volunteers_by_id
from volunteers.models import Assignment, ForbiddenPlacement, MatchProposal, PinnedPlacement, Volunteer
from volunteers.need import Need, needs_of
from volunteers.session_lines import SessionLine, session_lines
from volunteers.situation import moments
from volunteers.states import AssignmentRole, AssignmentState

OTHERS_SUIT_BETTER = "others_suit_better"


@dataclass(frozen=True, slots=True)
class Chip:
    """One helper at one session.

    ``change``: stands (no plan), kept, added, removed, since (joined after the plan), waiting (asked or applied).

    ``state`` is None for who is not there yet; ``because``: why she is there, or why the plan takes her out.
    ``km`` from home; ``clash`` what is against it by now.
    """

    volunteer_id: UUID
    name: str
    role: AssignmentRole
    change: str
    state: AssignmentState | None
    because: tuple[str, ...]
    pinned: bool
    km: float | None
    clash: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One session of the month: its need, its helpers, and how many heads are missing now and with the plan.

    ``missing_lead`` and ``missing_skills`` speak of the plan where there is one; ``is_open``: something is missing.
    """

    line: SessionLine
    need: Need
    chips: tuple[Chip, ...]
    missing_now: int
    missing_then: int
    because: tuple[str, ...]
    missing_skills: tuple[str, ...]
    missing_lead: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """A month in figures: missing heads, kilometres from home, and how the sessions fall on people."""

    missing: int
    km: float
    people: int
    most: int
    least: int


@dataclass(frozen=True, slots=True)
class RefusedPin:
    """A pin that the plan could not keep, and the rules it breaks."""

    session_id: UUID
    volunteer_id: UUID
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchingMonth:
    """A month's coming sessions, with the open plan if there is one."""

    first: date
    last: date
    sessions: tuple[MatchRow, ...]
    now: Totals
    proposal_id: UUID | None = None
    proposed_at: datetime | None = None
    proposed_by: str = ""
    proven: bool = False
    then: Totals | None = None
    kept: int = 0
    added: int = 0
    removed: int = 0
    clashes: int = 0
    refused_pins: tuple[RefusedPin, ...] = ()
    ruled_out: tuple[tuple[UUID, UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Month:
    lines: Mapping[UUID, SessionLine]
    needs: Mapping[UUID, Need]
    standing: Mapping[Pair, Assignment]
    volunteers: Mapping[str, Volunteer]
    pins: frozenset[Pair]
    clash: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)


def matching_month(db: Database, *, municipality_code: str, first: date, last: date, now: datetime) -> MatchingMonth:
    """The coming sessions from ``first`` to ``last``, with what stands and the plan that waits for an answer."""
    row = open_proposal(db, municipality_code=municipality_code, first=first, last=last)
    beside = beside_now(db, row, now) if row is not None else None
    ids = _coming(db, municipality_code, first, last, now)
    standing = standing_at(db, session_ids=ids)
    wanted = beside.wanted if beside else {}
    people = {pair.volunteer for pair in [*standing, *wanted]}
    refused = cast("list[dict[str, Any]]", row.plan.get("refused_pins", [])) if row else []
    month = _Month(
        lines=session_lines(db, session_ids=ids),
        needs=needs_of(db, municipality_code=municipality_code, session_ids=ids, now=now),
        standing=standing,
        volunteers=volunteers_by_id(db, people | {each["volunteer"] for each in refused}),
        pins=_pins(db, ids),
        clash={Pair(each.session, each.volunteer): each.rules for each in beside.clashes()} if beside else {},
    )
    held = [pair for pair, part in standing.items() if part.state in HELD]
    after = _after(beside)
    rows = [_row(month, each, row, beside, after) for each in ids]
    shown = MatchingMonth(
        first,
        last,
        tuple(rows),
        _totals(month, held, sum(each.missing_now for each in rows)),
        ruled_out=_ruled_out(db, ids),
    )
    if row is None or beside is None:
        return shown
    return _with_plan(shown, month, row, beside, after, refused)


def _with_plan(
    shown: MatchingMonth,
    month: _Month,
    row: MatchProposal,
    beside: Beside,
    after: Collection[Pair],
    refused: Iterable[Mapping[str, Any]],
) -> MatchingMonth:
    kept = [pair for pair in beside.wanted if _holds(beside.standing.get(pair))]
    return MatchingMonth(
        shown.first,
        shown.last,
        shown.sessions,
        shown.now,
        proposal_id=row.id,
        proposed_at=row.created_at,
        proposed_by=row.created_by,
        proven=row.plan.get("status") == "optimal",
        then=_totals(month, after, sum(each.missing_then for each in shown.sessions)),
        kept=len(kept),
        added=len(beside.wanted) - len(kept),
        removed=len(beside.leaving),
        clashes=len(month.clash),
        refused_pins=tuple(
            RefusedPin(
                UUID(each["session"]),
                UUID(each["volunteer"]),
                month.volunteers[each["volunteer"]].name,
                tuple(each["because"]),
            )
            for each in refused
            if not each["session"].startswith(BUSY) and each["volunteer"] in month.volunteers
        ),
        ruled_out=shown.ruled_out,
    )


def _row(
    month: _Month, session_id: UUID, row: MatchProposal | None, beside: Beside | None, after: Collection[Pair]
) -> MatchRow:
    session, need = str(session_id), month.needs[session_id]
    held = [pair for pair, part in month.standing.items() if pair.session == session and _holds(part)]
    then = [pair for pair in after if pair.session == session] if beside else held
    lead, skills = _lacks(month, need, then)
    heads = _heads(month, need, then)
    return MatchRow(
        line=month.lines[session_id],
        need=need,
        chips=tuple(_chips(month, session, beside)),
        missing_now=_heads(month, need, held),
        missing_then=heads,
        because=_because(row, session),
        missing_skills=skills,
        missing_lead=lead,
        is_open=bool(heads or lead or skills),
    )


def _chips(month: _Month, session: str, beside: Beside | None) -> list[Chip]:
    wanted = beside.wanted if beside else {}
    pairs = dict.fromkeys([*month.standing, *wanted])
    chips = [
        _chip(month, pair, wanted.get(pair), beside)
        for pair in pairs
        if pair.session == session and pair.volunteer in month.volunteers
    ]
    roles = list(AssignmentRole)
    return sorted(chips, key=lambda chip: (chip.change == "removed", roles.index(chip.role), chip.name))


def _chip(month: _Month, pair: Pair, placement: Mapping[str, Any] | None, beside: Beside | None) -> Chip:
    part, volunteer = month.standing.get(pair), month.volunteers[pair.volunteer]
    change = _change(pair, part, placement, beside)
    because = placement["because"] if placement else part.because if part else ()
    if beside is not None and change == "removed":
        because = _why_removed(beside, pair)
    return Chip(
        volunteer.id,
        volunteer.name,
        AssignmentRole(placement["role"]) if placement else cast("Assignment", part).role,
        change,
        part.state if part else None,
        tuple(because),
        pair in month.pins,
        _km(month, pair),
        month.clash.get(pair, ()),
    )


def _why_removed(beside: Beside, pair: Pair) -> tuple[str, ...]:
    """The rules that keep her from staying beside the plan; none: others make a better plan."""
    together = [*beside.wanted, *beside.asked.busy]
    if pair.volunteer not in beside.asked.problem.volunteer_by_id:
        return ("not_eligible",)
    return check_placement(beside.asked.problem, together, *pair) or (OTHERS_SUIT_BETTER,)


def _change(pair: Pair, part: Assignment | None, placement: Mapping[str, Any] | None, beside: Beside | None) -> str:
    if part is not None and part.state in OPEN and placement is None:
        return "waiting"
    if beside is None:
        return "stands"
    if placement is not None:
        return "kept" if _holds(part) else "added"
    return "removed" if pair in beside.leaving else "since"


def _holds(part: Assignment | None) -> bool:
    return part is not None and part.state in HELD


def _after(beside: Beside | None) -> list[Pair]:
    return [] if beside is None else [*beside.wanted, *beside.joined_since]


def _heads(month: _Month, need: Need, pairs: Sequence[Pair]) -> int:
    return max(0, need.helpers - sum(pair.volunteer in month.volunteers for pair in pairs))


def _lacks(month: _Month, need: Need, pairs: Sequence[Pair]) -> tuple[bool, tuple[str, ...]]:
    helpers = [month.volunteers[pair.volunteer] for pair in pairs if pair.volunteer in month.volunteers]
    skills = (
        skill for skill, count in sorted(need.skills.items()) if sum(skill in each.skills for each in helpers) < count
    )
    return sum(each.can_lead for each in helpers) < need.leads, tuple(skills)


def _because(row: MatchProposal | None, session: str) -> tuple[str, ...]:
    needs = cast("list[dict[str, Any]]", row.plan.get("open_needs", [])) if row else []
    return next((tuple(each["because"]) for each in needs if each["session"] == session), ())


def _totals(month: _Month, pairs: Collection[Pair], missing: int) -> Totals:
    times = Counter(pair.volunteer for pair in pairs)
    km = sum(_km(month, pair) or 0.0 for pair in pairs)
    return Totals(missing, round(km, 1), len(times), max(times.values(), default=0), min(times.values(), default=0))


def _km(month: _Month, pair: Pair) -> float | None:
    line, volunteer = month.lines.get(UUID(pair.session)), month.volunteers.get(pair.volunteer)
    if line is None or volunteer is None or line.latitude is None or line.longitude is None:
        return None
    if volunteer.latitude is None or volunteer.longitude is None:
        return None
    home = Place(volunteer.latitude, volunteer.longitude)
    return round(kilometres(home, Place(line.latitude, line.longitude)), 1)


def _coming(db: Database, code: str, first: date, last: date, now: datetime) -> list[UUID]:
    start, end = moments(first, last)
    query = (
        select(WorkshopSession.id)
        .where(
            WorkshopSession.municipality_code == code,
            col(WorkshopSession.starts_at) >= max(start, now),
            col(WorkshopSession.starts_at) < end,
            col(WorkshopSession.state).not_in(STOPPED_STATES),
        )
        .order_by(col(WorkshopSession.starts_at), col(WorkshopSession.id))
    )
    return list(db.exec(query).all())


def _pins(db: Database, session_ids: Sequence[UUID]) -> frozenset[Pair]:
    rows = db.exec(select(PinnedPlacement).where(col(PinnedPlacement.session_id).in_(session_ids)))
    return frozenset(Pair(str(row.session_id), str(row.volunteer_id)) for row in rows)


def _ruled_out(db: Database, session_ids: Sequence[UUID]) -> tuple[tuple[UUID, UUID, str], ...]:
    rows = db.exec(
        select(ForbiddenPlacement.session_id, ForbiddenPlacement.volunteer_id, Volunteer.name)
        .join(Volunteer, col(Volunteer.id) == col(ForbiddenPlacement.volunteer_id))
        .where(col(ForbiddenPlacement.session_id).in_(session_ids))
        .order_by(col(Volunteer.kana_key))
    )
    return tuple((session_id, volunteer_id, name) for session_id, volunteer_id, name in rows)
