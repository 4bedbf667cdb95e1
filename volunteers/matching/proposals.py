"""A proposed plan: kept, accepted against what is true then, or discarded with everything left as it was."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session as Database
from sqlmodel import col, select

from events.errors import NotFound
from events.japan.clock import tokyo_date
from events.models import Municipality, WorkshopSession
from volunteers.assignments import HELD, write_step
from volunteers.errors import ProposalOutdated, ProposalSettled
from volunteers.insurance import Cover
from volunteers.matching.problem import Pair
from volunteers.matching.question import BUSY, Question, question
from volunteers.matching.rules import check_placement
from volunteers.models import Assignment, MatchProposal
from volunteers.models import Volunteer as VolunteerRow
from volunteers.states import AssignmentRole, AssignmentState, ProposalState

SESSION_OFF = "session_off"
SEATS_FULL = "seats_full"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """A placement of a plan that cannot be any more, and what is against it: rules, ``seats_full``, ``session_off``."""

    session: str
    volunteer: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalReceipt:
    """A plan that was kept, accepted or discarded, and how many parts changed with it."""

    proposal_id: UUID
    state: ProposalState
    added: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """A plan beside what stands now: whom it wants, who leaves for it, and who stays although it does not know."""

    asked: Question
    wanted: Mapping[Pair, Document]
    off: tuple[Pair, ...]
    standing: Mapping[Pair, Assignment]
    leaving: tuple[Pair, ...]
    joined_since: tuple[Pair, ...]

    def clashes(self) -> tuple[Clash, ...]:
        """What keeps the plan from being made true as it is."""
        together = [*self.wanted, *self.joined_since, *self.asked.busy]
        heads = Counter(pair.session for pair in [*self.wanted, *self.joined_since])
        crowded = {pair.session for pair in self.joined_since}
        found = [Clash(*pair, (SESSION_OFF,)) for pair in self.off]
        for pair in self.wanted:
            rules = self._rules_against(pair, together)
            is_new = pair not in self.standing
            if is_new and pair.session in crowded and heads[pair.session] > self._need(pair.session):
                rules = (*rules, SEATS_FULL)
            if rules:
                found.append(Clash(*pair, rules))
        return tuple(found)

    def _rules_against(self, pair: Pair, together: Sequence[Pair]) -> tuple[str, ...]:
        if pair.volunteer not in self.asked.problem.volunteer_by_id:
            return ("not_eligible",)
        return check_placement(self.asked.problem, together, pair.session, pair.volunteer)

    def _need(self, session: str) -> int:
        return self.asked.problem.session_by_id[session].need


def store_proposal(
    db: Database,
    *,
    municipality_code: str,
    first: date,
    last: date,
    problem_text: str,
    plan_text: str,
    now: datetime,
    by: str,
) -> ProposalReceipt:
    """Keep a plan until it is accepted or discarded; an older open one of the same days is discarded.

    Problem and plan are texts in the form of their files.
    """
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality", value=municipality_code)
    for older in _open_proposals(db, municipality_code, first, last):
        older.state, older.settled_at = ProposalState.DISCARDED, now
    row = MatchProposal(
        municipality_code=municipality_code,
        from_date=first,
        to_date=last,
        problem=json.loads(problem_text),
        plan=json.loads(plan_text),
        created_at=now,
        created_by=by,
    )
    db.add(row)
    db.flush()
    return ProposalReceipt(row.id, row.state)


def accept_proposal(db: Database, *, proposal_id: UUID, now: datetime, by: str) -> ProposalReceipt:
    """Make the plan true: all of it or nothing. Every rule is asked again, against what is true now.

    Who is placed becomes confirmed, or 仮 while only the renewal of the insurance is planned; who was asked stays
    asked until the answer; whom the plan leaves out is released. Whoever joined since stays.

    Raises:
        ProposalOutdated: what is true now clashes with the plan; ``clashes`` says where.
        ProposalSettled: it was accepted or discarded already.
    """
    row = _still_open(db, proposal_id)
    _lock(db, row)
    found = beside_now(db, row, now)
    clashes = found.clashes()
    if clashes:
        raise ProposalOutdated(count=len(clashes), clashes=clashes)
    for pair in found.leaving:
        _write(db, found, pair, AssignmentState.WITHDRAWN, row.id, now, by)
    added = sum(_place(db, found, pair, row.id, now, by) for pair in found.wanted)
    row.state, row.settled_at = ProposalState.ACCEPTED, now
    db.flush()
    return ProposalReceipt(row.id, row.state, added, len(found.leaving), len(found.wanted) - added)


def discard_proposal(db: Database, *, proposal_id: UUID, now: datetime) -> ProposalReceipt:
    """Leave everything as it was.

    Raises:
        ProposalSettled: it was accepted or discarded already.
    """
    row = _still_open(db, proposal_id)
    row.state, row.settled_at = ProposalState.DISCARDED, now
    db.flush()
    return ProposalReceipt(row.id, row.state)


def open_proposal(db: Database, *, municipality_code: str, first: date, last: date) -> MatchProposal | None:
    """The plan for these days that waits for an answer, if there is one."""
    return next(iter(_open_proposals(db, municipality_code, first, last)), None)


def beside_now(db: Database, row: MatchProposal, now: datetime) -> Beside:
    """A plan beside what is true now, for the people it names."""
    placements: list[dict[str, Any]] = cast("list[dict[str, Any]]", row.plan.get("placements", []))
    planned = {
        Pair(each["session"], each["volunteer"]): each for each in placements if not each["session"].startswith(BUSY)
    }
    before = {Pair(**each) for each in cast("list[dict[str, str]]", row.problem.get("previous", []))}
    asked = question(
        db,
        municipality_code=row.municipality_code,
        first=row.from_date,
        last=row.to_date,
        now=now,
        volunteer_ids={UUID(pair.volunteer) for pair in [*planned, *before]},
    )
    standing = standing_at(db, session_ids=[each.id for each in asked.sessions.values()])
    held = [pair for pair, part in standing.items() if part.state in HELD]
    wanted = {pair: each for pair, each in planned.items() if pair.session in asked.sessions}
    return Beside(
        asked=asked,
        wanted=wanted,
        off=tuple(pair for pair in planned if pair not in wanted and pair not in before),
        standing=standing,
        leaving=tuple(pair for pair in held if pair in before and pair not in wanted),
        joined_since=tuple(pair for pair in held if pair not in before and pair not in wanted),
    )


def standing_at(db: Database, *, session_ids: Collection[UUID]) -> dict[Pair, Assignment]:
    """The parts at some sessions that are not given back; 受付 is left out."""
    rows = db.exec(
        select(Assignment).where(
            col(Assignment.session_id).in_(list(session_ids)),
            Assignment.role != AssignmentRole.RECEPTION,
            Assignment.state != AssignmentState.WITHDRAWN,
        )
    )
    return {Pair(str(row.session_id), str(row.volunteer_id)): row for row in rows}


def _open_proposals(db: Database, code: str, first: date, last: date) -> Sequence[MatchProposal]:
    return db.exec(
        select(MatchProposal)
        .where(
            MatchProposal.municipality_code == code,
            MatchProposal.from_date == first,
            MatchProposal.to_date == last,
            MatchProposal.state == ProposalState.OPEN,
        )
        .order_by(col(MatchProposal.created_at).desc())
    ).all()


def _still_open(db: Database, proposal_id: UUID) -> MatchProposal:
    row = db.exec(select(MatchProposal).where(MatchProposal.id == proposal_id).with_for_update()).first()
    if row is None:
        raise NotFound(thing="proposal", value=proposal_id)
    if row.state is not ProposalState.OPEN:
        raise ProposalSettled
    return row


def _lock(db: Database, row: MatchProposal) -> None:
    """Hold the plan's sessions and people, in the fixed order: sessions, then people, each by id."""
    pairs = [
        *cast("list[dict[str, str]]", row.plan.get("placements", [])),
        *cast("list[dict[str, str]]", row.problem.get("previous", [])),
    ]
    sessions = {UUID(each["session"]) for each in pairs if not each["session"].startswith(BUSY)}
    volunteers = {UUID(each["volunteer"]) for each in pairs}
    for table, ids in ((WorkshopSession, sessions), (VolunteerRow, volunteers)):
        db.exec(select(table.id).where(col(table.id).in_(ids)).order_by(col(table.id)).with_for_update()).all()


def _place(db: Database, found: Beside, pair: Pair, proposal_id: UUID, now: datetime, by: str) -> bool:
    """Give one person the part the plan wants; says whether that is new."""
    part = found.standing.get(pair)
    role = AssignmentRole(found.wanted[pair]["role"])
    if part is not None and (part.state is AssignmentState.ASKED or (part.state in HELD and part.role is role)):
        return False
    if part is not None and part.state in HELD:
        _write(db, found, pair, part.state, proposal_id, now, by)
        return False
    ends_on = tokyo_date(found.asked.problem.session_by_id[pair.session].ends_at)
    certain = found.asked.persons[pair.volunteer].cover(ends_on) is Cover.INSURED
    state = AssignmentState.CONFIRMED if certain else AssignmentState.TENTATIVE
    _write(db, found, pair, state, proposal_id, now, by)
    return True


def _write(
    db: Database,
    found: Beside,
    pair: Pair,
    state: AssignmentState,
    proposal_id: UUID,
    now: datetime,
    by: str,
) -> None:
    placement = found.wanted.get(pair)
    row = found.standing.get(pair) or _given_back(db, pair)
    role = placement["role"] if placement else found.standing[pair].role
    write_step(
        db,
        row=row,
        session=found.asked.sessions[pair.session],
        volunteer=db.get_one(VolunteerRow, UUID(pair.volunteer)),
        role=AssignmentRole(role),
        state=state,
        now=now,
        by=by,
        because=placement["because"] if placement else (),
        proposal_id=proposal_id,
    )


def _given_back(db: Database, pair: Pair) -> Assignment | None:
    """The part this person had here once: taken up again it stays the same entry in a calendar."""
    return db.exec(
        select(Assignment)
        .where(Assignment.session_id == UUID(pair.session), Assignment.volunteer_id == UUID(pair.volunteer))
        .order_by(col(Assignment.changed_at).desc())
    ).first()
