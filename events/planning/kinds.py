"""What each kind of workshop brings along, so that planning one needs six values or fewer. Data, not code.

Days are counted back from the first session; times are Tokyo wall-clock times; minutes are lengths. Words that
people read (title, target, what to bring) come from the catalogue under ``workshop.kind.<kind>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from events.states import Channel, IntakeMethod, IntakeUnit, WorkshopKind

_BY_PHONE_OR_DESK = (Channel.TELEPHONE, Channel.COUNTER)


@dataclass(frozen=True, slots=True)
class KindTemplate:
    """Everything that a kind fills in. ``unit`` is for one session, ``unit_of_several`` for two or more."""

    kind: WorkshopKind
    minutes: int
    starts: time
    seats: int
    devices_per_seat: float
    leads_needed: int
    method: IntakeMethod
    unit: IntakeUnit
    unit_of_several: IntakeUnit
    deadline_days: int
    channels: tuple[Channel, ...] = _BY_PHONE_OR_DESK
    meeting_minutes: int = 30
    slot_minutes: int | None = None
    needs_network: bool = False
    companion_takes_seat: bool = False
    minimum_age: int | None = None


_TEMPLATES: Mapping[WorkshopKind, KindTemplate] = {
    WorkshopKind.TRIAL: KindTemplate(
        kind=WorkshopKind.TRIAL,
        minutes=120,
        starts=time(13, 30),
        seats=10,
        devices_per_seat=1.0,
        leads_needed=1,
        method=IntakeMethod.FIRST_COME,
        unit=IntakeUnit.SESSION,
        unit_of_several=IntakeUnit.SESSION,
        deadline_days=1,
    ),
    WorkshopKind.CLASS: KindTemplate(
        kind=WorkshopKind.CLASS,
        minutes=120,
        starts=time(14, 0),
        seats=10,
        devices_per_seat=0.0,
        leads_needed=1,
        method=IntakeMethod.DRAW,
        unit=IntakeUnit.SESSION,
        unit_of_several=IntakeUnit.COURSE,
        deadline_days=14,
        channels=(Channel.TELEPHONE, Channel.COUNTER, Channel.POSTCARD, Channel.FAX),
        needs_network=True,
    ),
    WorkshopKind.CONSULTATION: KindTemplate(
        kind=WorkshopKind.CONSULTATION,
        minutes=180,
        starts=time(13, 0),
        seats=12,
        devices_per_seat=0.0,
        leads_needed=1,
        method=IntakeMethod.FIRST_COME,
        unit=IntakeUnit.SLOTS,
        unit_of_several=IntakeUnit.SLOTS,
        deadline_days=0,
        slot_minutes=30,
        needs_network=True,
    ),
    WorkshopKind.OUTREACH: KindTemplate(
        kind=WorkshopKind.OUTREACH,
        minutes=90,
        starts=time(10, 0),
        seats=12,
        devices_per_seat=1.0,
        leads_needed=1,
        method=IntakeMethod.FIRST_COME,
        unit=IntakeUnit.SESSION,
        unit_of_several=IntakeUnit.SESSION,
        deadline_days=3,
        meeting_minutes=45,
    ),
    WorkshopKind.ONLINE: KindTemplate(
        kind=WorkshopKind.ONLINE,
        minutes=60,
        starts=time(10, 30),
        seats=20,
        devices_per_seat=0.0,
        leads_needed=1,
        method=IntakeMethod.FIRST_COME,
        unit=IntakeUnit.SESSION,
        unit_of_several=IntakeUnit.SESSION,
        deadline_days=1,
        channels=(Channel.TELEPHONE, Channel.WEB),
        meeting_minutes=15,
        needs_network=True,
    ),
    WorkshopKind.SUPPORTER_TRAINING: KindTemplate(
        kind=WorkshopKind.SUPPORTER_TRAINING,
        minutes=180,
        starts=time(13, 30),
        seats=20,
        devices_per_seat=0.0,
        leads_needed=1,
        method=IntakeMethod.FIRST_COME,
        unit=IntakeUnit.SESSION,
        unit_of_several=IntakeUnit.COURSE,
        deadline_days=7,
        channels=(Channel.TELEPHONE, Channel.COUNTER, Channel.WEB),
        minimum_age=18,
    ),
}


def kind_template(kind: WorkshopKind) -> KindTemplate:
    """What the kind fills in."""
    return _TEMPLATES[kind]
