"""Somebody offers to help, on the public page: written down as 仮登録, for the office to meet and decide."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from events.attendee_facts import ContactFacts, checked_contact
from events.errors import InvalidValue
from events.japan.clock import tokyo_date
from events.models import Consent
from events.public_programme import public_city
from events.states import Channel, ContactKind
from volunteers.availability import WeeklyTime, set_weekly_times
from volunteers.models import Membership, Volunteer
from volunteers.roster import MembershipTerms, VolunteerDetails, add_volunteer
from volunteers.states import VolunteerState

PURPOSE: Final = "helping"


@dataclass(frozen=True, slots=True)
class OfferToHelp:
    """What the form holds; ``text_version`` is the version of the 利用目的 that was agreed to, "" when it was not."""

    details: VolunteerDetails
    weekly: tuple[WeeklyTime, ...] = ()
    text_version: str = ""


def offer_to_help(
    db: Session, *, municipality_code: str, offer: OfferToHelp, new_id: UUID, now: datetime
) -> VolunteerState:
    """Write down somebody who would like to help; the same ``new_id`` again adds nothing.

    Whoever is known already is written down once more and not told so; the office sees the namesake and decides.
    Raises NotFound, InvalidValue, SupporterMustBeAdult.
    """
    public_city(db, municipality_code=municipality_code)
    if not offer.text_version:
        raise InvalidValue(field="consent", value="", problem="consent_needed")
    details = _reachable(offer.details)
    if db.get(Volunteer, new_id) is not None:
        return VolunteerState.PROVISIONAL
    made = add_volunteer(
        db,
        municipality_code=municipality_code,
        details=details,
        terms=MembershipTerms(VolunteerState.PROVISIONAL),
        new_id=new_id,
        now=now,
        today=tokyo_date(now),
    )
    if offer.weekly:
        set_weekly_times(db, volunteer_id=made.volunteer_id, weekly=offer.weekly)
    db.add(
        Consent(
            volunteer_id=made.volunteer_id,
            purpose=PURPOSE,
            text_version=offer.text_version,
            given_on=tokyo_date(now),
            channel=Channel.WEB.value,
        )
    )
    db.flush()
    return VolunteerState.PROVISIONAL


def offers_to_answer(db: Session, *, municipality_code: str) -> int:
    """How many offered their help on the public page and have not been answered: they are 仮登録 still."""
    query = (
        select(func.count(func.distinct(Membership.volunteer_id)))
        .join(Consent, col(Consent.volunteer_id) == Membership.volunteer_id)
        .where(
            Membership.municipality_code == municipality_code,
            Membership.state == VolunteerState.PROVISIONAL,
            Consent.purpose == PURPOSE,
        )
    )
    return db.exec(query).one()


def _reachable(details: VolunteerDetails) -> VolunteerDetails:
    """The details with telephone and mail address checked as everywhere; one of them must be there."""
    if not details.telephone.strip() and not details.email.strip():
        raise InvalidValue(field="contacts", value="", problem="required")
    checked = {
        name: checked_contact(ContactFacts(kind, value))[0].value
        for name, kind, value in (
            ("telephone", ContactKind.TELEPHONE, details.telephone),
            ("email", ContactKind.EMAIL, details.email),
        )
        if value.strip()
    }
    return replace(details, telephone=checked.get("telephone", ""), email=checked.get("email", ""))
