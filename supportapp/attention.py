"""What needs somebody: sessions short of helpers, people who wait, nothing booked, draws, calls, overdue phones.

It joins the programme with who helps, so it stands above both. A fixed number of statements, whatever the city's size.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from events.japan.clock import tokyo_date
from events.models import Loan, Notice
from events.programme_queries import SessionChip, sessions_between
from events.states import IntakeMethod, NoticeState, ProgrammeState
from volunteers.interest import offers_to_answer
from volunteers.need import Staffing, StaffingState, staffing_of

DAYS_AHEAD = 42
EMPTY_DAYS = 14
_GOES_ON = frozenset(
    {
        ProgrammeState.ANNOUNCED,
        ProgrammeState.OPEN,
        ProgrammeState.CLOSED,
        ProgrammeState.DRAWN,
        ProgrammeState.NOTIFIED,
    }
)


@dataclass(frozen=True, slots=True)
class StaffedSession:
    """A session beside how well it is staffed."""

    chip: SessionChip
    staffing: Staffing | None


@dataclass(frozen=True, slots=True)
class Attention:
    """What happens today, and what needs somebody in the six weeks to come. Each tuple is in order of time."""

    today: tuple[StaffedSession, ...]
    short: tuple[StaffedSession, ...]
    waiting: tuple[SessionChip, ...]
    draws: tuple[SessionChip, ...]
    empty: tuple[SessionChip, ...]
    drafts: tuple[SessionChip, ...]
    calls: int
    overdue_loans: int
    offers_to_help: int
    next_session: SessionChip | None
    any_sessions: bool

    @property
    def count(self) -> int:
        """How many things need somebody."""
        lists = (self.short, self.waiting, self.draws, self.empty, self.drafts)
        return sum(map(len, lists)) + bool(self.calls) + bool(self.overdue_loans) + bool(self.offers_to_help)


def attention(db: Session, *, municipality_code: str, now: datetime) -> Attention:
    """What a municipality's staff should see first in the morning."""
    today = tokyo_date(now)
    chips = sessions_between(
        db, municipality_code=municipality_code, first=today, last=today + timedelta(days=DAYS_AHEAD)
    )
    coming = [chip for chip in chips if chip.stage(now) in _GOES_ON]
    staffed = staffing_for(db, municipality_code, chips, now)
    return Attention(
        today=tuple(
            StaffedSession(chip, staffed.get(chip.session_id))
            for chip in chips
            if chip.held_on == today and chip.state is not ProgrammeState.DRAFT
        ),
        short=tuple(
            StaffedSession(chip, found)
            for chip in coming
            if (found := staffed.get(chip.session_id)) and found.state is not StaffingState.ENOUGH
        ),
        waiting=tuple(chip for chip in coming if chip.waiting and chip.free and _gives_now(chip, now)),
        draws=tuple(chip for chip in coming if chip.waiting and _draw_is_due(chip, now)),
        empty=tuple(chip for chip in coming if _is_empty(chip, today)),
        drafts=tuple(chip for chip in chips if chip.state is ProgrammeState.DRAFT),
        calls=_pending_calls(db, municipality_code),
        overdue_loans=_overdue_loans(db, municipality_code, today),
        offers_to_help=offers_to_answer(db, municipality_code=municipality_code),
        next_session=next((chip for chip in coming if chip.held_on > today), None),
        any_sessions=bool(chips),
    )


def staffing_for(
    db: Session, municipality_code: str, chips: tuple[SessionChip, ...], now: datetime
) -> dict[UUID, Staffing]:
    """How well each of these sessions is staffed; one question for all of them."""
    ids = [chip.session_id for chip in chips]
    return dict(staffing_of(db, municipality_code=municipality_code, session_ids=ids, now=now)) if ids else {}


@dataclass(frozen=True, slots=True)
class StaffedChips:
    """A span of the calendar: sessions, and the state of staffing by session."""

    chips: tuple[SessionChip, ...]
    staffing: tuple[tuple[UUID, Staffing], ...]

    def of(self, session_id: UUID) -> Staffing | None:
        """How one of them is staffed."""
        return next((found for each, found in self.staffing if each == session_id), None)


def staffed_sessions(db: Session, *, municipality_code: str, first: date, last: date, now: datetime) -> StaffedChips:
    """The sessions of a span of Tokyo dates beside how well they are staffed."""
    chips = sessions_between(db, municipality_code=municipality_code, first=first, last=last)
    found = staffing_for(db, municipality_code, chips, now)
    return StaffedChips(chips, tuple(found.items()))


def _gives_now(chip: SessionChip, now: datetime) -> bool:
    """Whether a free place may be given to somebody who waits: at once where first come, after the draw elsewhere."""
    if chip.method is IntakeMethod.DRAW:
        return chip.state in {ProgrammeState.DRAWN, ProgrammeState.NOTIFIED}
    return chip.starts_at is not None and chip.starts_at > now


def _draw_is_due(chip: SessionChip, now: datetime) -> bool:
    return (
        chip.method is IntakeMethod.DRAW
        and chip.state not in {ProgrammeState.DRAWN, ProgrammeState.NOTIFIED}
        and chip.deadline_at is not None
        and chip.deadline_at <= now
    )


def _is_empty(chip: SessionChip, today: date) -> bool:
    near = chip.held_on <= today + timedelta(days=EMPTY_DAYS)
    return near and chip.method is not IntakeMethod.NO_BOOKING and not (chip.confirmed or chip.offered or chip.waiting)


def _pending_calls(db: Session, municipality_code: str) -> int:
    query = (
        select(func.count())
        .select_from(Notice)
        .where(
            Notice.municipality_code == municipality_code,
            Notice.state == NoticeState.PENDING,
            Notice.way == "telephone",
        )
    )
    return db.exec(query).one()


def _overdue_loans(db: Session, municipality_code: str, today: date) -> int:
    query = (
        select(func.count())
        .select_from(Loan)
        .where(Loan.municipality_code == municipality_code, col(Loan.returned_on).is_(None), Loan.due_on < today)
    )
    return db.exec(query).one()
