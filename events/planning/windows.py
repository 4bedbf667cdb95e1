"""When an intake takes applications: as a whole, and where a channel has times of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from events.errors import InvalidValue
from events.models import ChannelWindow, Intake
from events.planning.drafts import WorkshopReceipt
from events.planning.errors import WrongState
from events.planning.lookups import intakes_of, load_workshop, receipt_of
from events.states import STOPPED_STATES, Channel


@dataclass(frozen=True, slots=True)
class WindowDraft:
    """A channel that is offered; None has no time of its own and goes by the whole (aware UTC)."""

    channel: Channel
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntakeTimes:
    """From when to when applications are taken (aware UTC), and by which channels."""

    opens_at: datetime | None
    deadline_at: datetime | None
    windows: tuple[WindowDraft, ...]


def set_intake_times(
    db: Session, *, workshop_id: UUID, version: int, times: IntakeTimes, now: datetime, by: str
) -> WorkshopReceipt:
    """Say for every intake of a workshop when and how people may apply.

    A channel opens no earlier and closes no later than the whole. Raises InvalidValue, Conflict, ReadOnlyWorkshop,
    WrongState (stopped, or drawn already).
    """
    workshop = load_workshop(db, workshop_id, version=version, now=now)
    intakes = intakes_of(db, workshop_id)
    if workshop.state in STOPPED_STATES or any(intake.drawn_at for intake in intakes):
        raise WrongState(state=workshop.state)
    _must_be_in_order(times)
    for intake in intakes:
        intake.opens_at, intake.deadline_at = times.opens_at, times.deadline_at
        intake.channels = [window.channel.value for window in times.windows]
        intake.version += 1
        _write_windows(db, intake, times.windows)
    workshop.version += 1
    workshop.changed_at = now
    db.flush()
    del by
    return receipt_of(db, workshop)


def windows_of(db: Session, intake_id: UUID) -> tuple[WindowDraft, ...]:
    """The channels of an intake that have times of their own."""
    query = select(ChannelWindow).where(ChannelWindow.intake_id == intake_id)
    found = [WindowDraft(row.channel, row.opens_at, row.closes_at) for row in db.exec(query)]
    return tuple(sorted(found, key=lambda window: list(Channel).index(window.channel)))


def _must_be_in_order(times: IntakeTimes) -> None:
    if not times.windows:
        raise InvalidValue(field="channels", value="", problem="required")
    _must_follow("deadline_at", times.deadline_at, times.opens_at)
    for window in times.windows:
        opens, closes = window.opens_at or times.opens_at, window.closes_at or times.deadline_at
        _must_follow("closes_at", closes, opens)
        if times.opens_at and window.opens_at and window.opens_at < times.opens_at:
            raise InvalidValue(
                field="channel_opens_at", value=window.opens_at, problem="before_opening", opens=times.opens_at
            )
        if times.deadline_at and window.closes_at and window.closes_at > times.deadline_at:
            raise InvalidValue(
                field="closes_at", value=window.closes_at, problem="after_deadline", deadline=times.deadline_at
            )


def _must_follow(field: str, closes: datetime | None, opens: datetime | None) -> None:
    if opens and closes and closes <= opens:
        raise InvalidValue(field=field, value=closes, problem="before_opening", opens=opens)


def _write_windows(db: Session, intake: Intake, windows: Sequence[WindowDraft]) -> None:
    stored = {row.channel: row for row in db.exec(select(ChannelWindow).where(ChannelWindow.intake_id == intake.id))}
    wanted = {window.channel: window for window in windows if window.opens_at or window.closes_at}
    for channel, row in stored.items():
        if channel not in wanted:
            db.delete(row)
    for channel, window in wanted.items():
        row = stored.get(channel) or ChannelWindow(intake_id=intake.id, channel=channel)
        row.opens_at, row.closes_at = window.opens_at, window.closes_at
        db.add(row)
