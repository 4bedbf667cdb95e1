"""Whether an application came in time: by the day it arrived (必着) or by its postmark (消印有効)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from events.draw.applications import Application
from events.japan.clock import tokyo_date
from events.models import ChannelWindow, Intake
from events.states import Channel


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when an intake takes applications, for each channel (aware UTC)."""

    usual: datetime | None
    by_channel: Mapping[Channel, datetime]
    by_postmark: bool

    @property
    def last(self) -> datetime | None:
        """When the last channel closes; None where applications are taken without end."""
        moments = [moment for moment in (self.usual, *self.by_channel.values()) if moment is not None]
        return max(moments, default=None)

    def is_late(self, row: Application) -> bool:
        """Whether an application came after the deadline of its channel.

        A postmark counts where the workshop says so. Else the day on which it reached the office: what is typed in
        on that same day counts by the minute, what is typed in later (a stack of postcards) by the day.
        """
        deadline = self.by_channel.get(row.channel, self.usual)
        if deadline is None:
            return False
        last_day = tokyo_date(deadline)
        if self.by_postmark and row.postmark_on is not None:
            return row.postmark_on > last_day
        if row.applied_on != last_day:
            return row.applied_on > last_day
        return tokyo_date(row.received_at) == last_day and row.received_at > deadline


def deadlines_of(db: Session, intake: Intake) -> Deadlines:
    """The deadlines of an intake."""
    windows = db.exec(select(ChannelWindow).where(ChannelWindow.intake_id == intake.id)).all()
    return Deadlines(
        usual=intake.deadline_at,
        by_channel={window.channel: window.closes_at for window in windows if window.closes_at is not None},
        by_postmark=intake.deadline_by_postmark,
    )
