"""What a file says, in plain values, and what became of it."""

from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from events.errors import DomainError
from events.states import IntakeMethod, WorkshopKind


class ImportRefused(DomainError):
    """Rows cannot be taken in, so nothing was: ``report`` lists them (``refused`` counts them)."""

    code = "import_refused"

    def __init__(self, report: "ImportReport") -> None:
        super().__init__(refused=report.refused, read=report.read)
        self.report = report


@dataclass(frozen=True, slots=True)
class OfferingSessionRow:
    """One dated row of an offering. Days and times are Tokyo's; ``row`` is the line of the file, header included."""

    row: int
    number: str
    first_day: date
    last_day: date | None = None
    starts: time | None = None
    ends: time | None = None
    venue_name: str = ""
    room_name: str = ""
    place_text: str = ""
    seats: int | None = None
    town: str = ""
    address: str = ""
    postal_code: str = ""
    access: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class OfferingRow:
    """One offering with its sessions, in plain values. ``key`` tells it from all others of the municipality."""

    key: str
    title: str
    sessions: tuple[OfferingSessionRow, ...]
    kind: WorkshopKind | None = None
    summary: str = ""
    target: str = ""
    url: str = ""
    fee: int = 0
    fee_note: str = ""
    application_text: str = ""
    contact_name: str = ""
    contact_telephone: str = ""
    host: str = ""
    co_host: str = ""
    deadline_on: date | None = None
    deadline_time: time | None = None
    result_notice_on: date | None = None
    method: IntakeMethod | None = None
    channels: tuple[str, ...] = ()
    desk_hours: str = ""
    phone_systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A value that cannot be taken in: where it stands, what it is, and a code for why."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A session that came in as a draft, and which parts it lacks (``time``, ``place``, ``seats``)."""

    row: int
    title: str
    session_id: UUID
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``read`` = ``added`` + ``changed`` + ``unchanged`` + ``refused`` rows."""

    read: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: tuple[ImportProblem, ...] = ()
    drafts: tuple[DraftNote, ...] = ()
    workshop_ids: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Tally:
    """What one import has done so far."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[ImportProblem] = field(default_factory=list)
    drafts: list[DraftNote] = field(default_factory=list)
    workshop_ids: list[UUID] = field(default_factory=list)

    def report(self, read: int) -> ImportReport:
        """The answer of the import."""
        refused = len({problem.row for problem in self.problems})
        return ImportReport(
            read,
            self.added,
            self.changed,
            self.unchanged,
            refused,
            tuple(self.problems),
            tuple(self.drafts),
            tuple(self.workshop_ids),
        )
