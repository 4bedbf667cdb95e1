"""Why something may not be the right thing for a person: warnings while booking, never refusals."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from events.eligibility import is_from_elsewhere, is_too_young
from events.models import Attendee, Venue, Workshop, WorkshopSession
from events.registration_rules import WITHOUT_PHONE
from events.states import PhoneKind

_SYSTEMS: Final = frozenset({PhoneKind.IPHONE, PhoneKind.ANDROID})
Place = tuple[WorkshopSession, Venue | None]


def unsuitable(
    workshop: Workshop,
    places: Sequence[Place],
    *,
    busy: Collection[tuple[datetime, datetime]],
    person: Attendee | None,
    phone_system: str | None,
) -> tuple[str, ...]:
    """The warnings in codes, in the order of their weight. ``busy`` is when the person has a seat elsewhere (UTC).

    For somebody who is not known yet only ``phone_system`` says something (a value of PhoneKind).
    """
    kind = person.phone_kind if person else PhoneKind(phone_system or PhoneKind.UNKNOWN)
    found = {
        "busy_then": any(_overlaps(session, busy) for session, _ in places),
        "other_system": (
            kind in _SYSTEMS and bool(workshop.phone_systems) and kind.value not in workshop.phone_systems
        ),
        "no_loan_phone": (
            kind in WITHOUT_PHONE and any(session.devices <= session.people_without_phone for session, _ in places)
        ),
        **(_about(person, workshop, places) if person is not None else {}),
    }
    return tuple(code for code, holds in found.items() if holds)


def _about(person: Attendee, workshop: Workshop, places: Sequence[Place]) -> dict[str, bool]:
    first = places[0][0].held_on
    return {
        "no_ramp": "wheelchair" in person.needs
        and any(venue is not None and venue.has_ramp is False for _, venue in places),
        "too_young": is_too_young(person.birth_date, person.age_band, workshop.minimum_age, first),
        "residents_only": is_from_elsewhere(person.residence, residents_only=workshop.residents_only),
    }


def _overlaps(session: WorkshopSession, busy: Collection[tuple[datetime, datetime]]) -> bool:
    if session.starts_at is None or session.ends_at is None:
        return False
    return any(starts < session.ends_at and session.starts_at < ends for starts, ends in busy)
