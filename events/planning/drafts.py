"""What a person types to plan: plain values. None means "as the kind has it", or when editing "leave it"."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from events.states import Channel, IntakeMethod, IntakeUnit, ProgrammeState, WorkshopKind


@dataclass(frozen=True, slots=True)
class HostDraft:
    """A body that hosts (``host``), co-hosts (``co_host``) or helps (``support``)."""

    organisation_id: UUID
    part: str = "host"


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """One meeting. ``held_on`` is a Tokyo date, ``starts`` and ``ends`` are Tokyo wall-clock times.

    ``confirmed``: staff saw that the day is past or the venue closed, and mean it. ``override_reason``: why the
    session may share a taken room.
    """

    held_on: date
    starts: time
    ends: time | None = None
    venue_id: UUID | None = None
    room_id: UUID | None = None
    place_text: str = ""
    online_url: str = ""
    seats: int | None = None
    devices: int | None = None
    leads_needed: int | None = None
    skills_needed: dict[str, int] | None = None
    planned_people: int | None = None
    note: str = ""
    confirmed: bool = False
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class WorkshopDraft:
    """An offering. Kind and title must be given; the rest has a sensible value for the kind. Money is in yen."""

    kind: WorkshopKind
    title: str
    short_title: str = ""
    summary: str = ""
    target: str = ""
    bring: str = ""
    url: str = ""
    fee: int = 0
    fee_note: str = ""
    application_text: str = ""
    contact_name: str = ""
    contact_telephone: str = ""
    minimum_age: int | None = None
    residents_only: bool = False
    phone_systems: tuple[str, ...] = ()
    topic_id: UUID | None = None
    department_id: UUID | None = None
    hosts: tuple[HostDraft, ...] = ()
    funding_source: str = ""
    cost: int | None = None
    needs_network: bool | None = None
    companion_takes_seat: bool | None = None
    unit: IntakeUnit | None = None
    method: IntakeMethod | None = None
    channels: tuple[Channel, ...] | None = None
    opens_at: datetime | None = None
    deadline_at: datetime | None = None
    result_notice_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkshopEdit:
    """New values of a workshop; None leaves a value as it is. A new deadline goes to every intake."""

    title: str | None = None
    short_title: str | None = None
    summary: str | None = None
    target: str | None = None
    bring: str | None = None
    url: str | None = None
    fee: int | None = None
    fee_note: str | None = None
    application_text: str | None = None
    contact_name: str | None = None
    contact_telephone: str | None = None
    minimum_age: int | None = None
    residents_only: bool | None = None
    phone_systems: tuple[str, ...] | None = None
    topic_id: UUID | None = None
    department_id: UUID | None = None
    hosts: tuple[HostDraft, ...] | None = None
    funding_source: str | None = None
    cost: int | None = None
    needs_network: bool | None = None
    companion_takes_seat: bool | None = None
    improve_next: str | None = None
    method: IntakeMethod | None = None
    opens_at: datetime | None = None
    deadline_at: datetime | None = None
    result_notice_on: date | None = None


@dataclass(frozen=True, slots=True)
class SessionEdit:
    """New values of a session; None leaves a value as it is. A new venue without a room has no room."""

    held_on: date | None = None
    starts: time | None = None
    ends: time | None = None
    venue_id: UUID | None = None
    room_id: UUID | None = None
    place_text: str | None = None
    online_url: str | None = None
    seats: int | None = None
    devices: int | None = None
    leads_needed: int | None = None
    skills_needed: dict[str, int] | None = None
    planned_people: int | None = None
    note: str | None = None
    confirmed: bool = False
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before saving. ``level``: ``note``, ``ask`` (must be confirmed) or ``block`` (needs a reason).

    ``position`` is the session's place among the drafts, from 0; the values go into ``caution.<code>``.
    """

    code: str
    level: str
    position: int
    values: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkshopReceipt:
    """What stands now after a workshop was planned."""

    workshop_id: UUID
    session_ids: tuple[UUID, ...]
    intake_ids: tuple[UUID, ...]
    title: str
    state: ProgrammeState
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionReceipt:
    """What stands now after a session was changed; ``told`` counts the people who will be told."""

    session_id: UUID
    workshop_id: UUID
    state: ProgrammeState
    version: int
    told: int = 0
    cautions: tuple[Caution, ...] = ()
