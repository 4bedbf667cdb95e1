"""One session written down: its place, time and seats checked, what blocks it refused, what asks confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlmodel import Session

from events.errors import DomainError, InvalidValue
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Workshop, WorkshopSession
from events.planning.checks import LONGEST_NOTE, LONGEST_REASON, MOST_SEATS, checked_day, checked_number
from events.planning.clashes import Planned, cautions_for
from events.planning.drafts import Caution, SessionDraft
from events.planning.errors import DayIsPast, RoomTaken, RoomTakenHere, VenueClosed, VenueRetired
from events.planning.kinds import kind_template
from events.planning.places import checked_seats, find_place
from events.planning.timing import end_of, span_of
from events.states import ProgrammeState

# caution that must be settled → the refusal when it was not
_REFUSALS: Mapping[str, type[DomainError]] = {
    "room_taken": RoomTaken,
    "room_taken_here": RoomTakenHere,
    "in_the_past": DayIsPast,
    "venue_closed": VenueClosed,
    "venue_retired": VenueRetired,
}


@dataclass(frozen=True, slots=True)
class Consent:
    """What staff said to the cautions: that they mean it, and why a taken room may be shared."""

    confirmed: bool
    override_reason: str


def must_be_settled(cautions: Sequence[Caution], consents: Sequence[Consent]) -> None:
    """Refuse the first caution that was neither confirmed nor given a reason."""
    for caution in cautions:
        consent = consents[caution.position]
        settled = consent.confirmed if caution.level == "ask" else bool(consent.override_reason.strip())
        if caution.code in _REFUSALS and not settled:
            raise _REFUSALS[caution.code](**dict(caution.values))


def write_sessions(
    db: Session, workshop: Workshop, drafts: Sequence[SessionDraft], *, first_number: int, now: datetime
) -> tuple[list[WorkshopSession], tuple[Caution, ...]]:
    """Check and add the sessions of a workshop; none is added when one is refused."""
    if not drafts:
        raise InvalidValue(field="sessions", value="", problem="required")
    template = kind_template(workshop.kind)
    today = tokyo_date(now)
    sessions = [
        _session_of(db, workshop, draft, number, today, now) for number, draft in enumerate(drafts, start=first_number)
    ]
    planned = [
        planned_of(
            position,
            held_on=draft.held_on,
            starts=draft.starts,
            ends=draft.ends or end_of(draft.starts, template),
            session=session,
        )
        for position, (draft, session) in enumerate(zip(drafts, sessions, strict=True))
    ]
    cautions = cautions_for(db, municipality_code=workshop.municipality_code, planned=planned, now=now)
    must_be_settled(cautions, [Consent(draft.confirmed, draft.override_reason) for draft in drafts])
    for session in sessions:
        db.add(session)
    db.flush()
    return sessions, cautions


def planned_of(position: int, *, held_on: date, starts: time, ends: time, session: WorkshopSession) -> Planned:
    """A session as the search for clashes sees it."""
    return Planned(position, held_on, starts, ends, session.venue_id, session.room_id, session.seats)


def _session_of(
    db: Session, workshop: Workshop, draft: SessionDraft, number: int, today: date, now: datetime
) -> WorkshopSession:
    template = kind_template(workshop.kind)
    checked_day(draft.held_on, today)
    span = span_of(draft.held_on, draft.starts, draft.ends, template)
    place = find_place(db, municipality_code=workshop.municipality_code, venue_id=draft.venue_id, room_id=draft.room_id)
    seats = template.seats if draft.seats is None else draft.seats
    if draft.seats is None and place.room_limit is not None:
        seats = min(seats, place.room_limit)
    checked_seats(seats, place)
    devices = round(template.devices_per_seat * seats) if draft.devices is None else draft.devices
    return WorkshopSession(
        municipality_code=workshop.municipality_code,
        workshop_id=workshop.id,
        number=number,
        state=ProgrammeState.DRAFT,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        meeting_at=span.meeting_at,
        cut_off_at=span.cut_off_at,
        held_on=draft.held_on,
        venue_id=place.venue.id if place.venue else None,
        room_id=place.room.id if place.room else None,
        place_text=checked_text(draft.place_text, field="place_text", longest=200),
        online_url=checked_text(draft.online_url, field="online_url", longest=500),
        seats=seats,
        room_limit=place.room_limit,
        devices=checked_number("devices", devices, least=0, most=MOST_SEATS),
        planned_people=_optional_number("planned_people", draft.planned_people),
        leads_needed=_leads(draft, template.leads_needed),
        skills_needed=checked_skills(draft.skills_needed or {}),
        note=checked_text(noted(draft.note, draft.override_reason), field="note", longest=LONGEST_NOTE, lines=True),
        calendar_changed_at=now,
    )


def noted(note: str, override_reason: str) -> str:
    """The note with the reason for sharing a room under it."""
    reason = checked_text(override_reason, field="override_reason", longest=LONGEST_REASON)
    return "\n".join(part for part in (note.strip(), reason) if part)


def _leads(draft: SessionDraft, usual: int) -> int:
    return checked_number("leads_needed", usual if draft.leads_needed is None else draft.leads_needed, least=0, most=20)


def _optional_number(field: str, value: int | None) -> int | None:
    return None if value is None else checked_number(field, value, least=0, most=MOST_SEATS)


def checked_skills(skills: dict[str, int]) -> dict[str, int]:
    """Skill → how many helpers with it, 1 to 20; a zero takes the skill away."""
    return {
        checked_text(name, field="skills_needed", longest=40, required=True): checked_number(
            "skills_needed", count, least=1, most=20
        )
        for name, count in skills.items()
        if count
    }


def session_ids(sessions: Sequence[WorkshopSession]) -> tuple[UUID, ...]:
    """Their ids, in order."""
    return tuple(session.id for session in sessions)
