"""How far a session has come at a moment: what is stored, moved on by the clock (opening, deadline, end)."""

from datetime import date, datetime

from events.states import ProgrammeState

_BY_CLOCK = frozenset({ProgrammeState.ANNOUNCED, ProgrammeState.OPEN, ProgrammeState.CLOSED})
_AFTER_DEADLINE = frozenset({ProgrammeState.DRAWN, ProgrammeState.NOTIFIED})


def stage(
    state: ProgrammeState,
    *,
    opens_at: datetime | None,
    deadline_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> ProgrammeState:
    """What people see: an announced session opens, an open one closes and a past one was held, by themselves.

    A draft, a cancelled and a postponed session stay what they are; a draw happens only when somebody holds it.
    """
    if state not in _BY_CLOCK | _AFTER_DEADLINE:
        return state
    if ends_at is not None and ends_at <= now:
        return ProgrammeState.HELD
    if state in _AFTER_DEADLINE:
        return state
    if deadline_at is not None and deadline_at <= now:
        return ProgrammeState.CLOSED
    if opens_at is not None and opens_at > now:
        return ProgrammeState.ANNOUNCED
    return ProgrammeState.OPEN


def is_read_only(*, read_only: bool, year: int, today: date) -> bool:
    """Whether a workshop of fiscal year ``year`` may no longer be changed: published past, or books closed.

    A municipality closes the books of a fiscal year on 31 May of the next (地方自治法 第235条の5); until then costs
    and remarks are still filled in.
    """
    return read_only or today > date(year + 1, 5, 31)
