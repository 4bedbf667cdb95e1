"""Whom to tell of a workshop: people who agreed to it, by age band, 町 and what phone they have."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from events.age_bands import band_on
from events.consents import ANNOUNCEMENTS
from events.models import Attendee, Consent, ContactPoint
from events.states import ContactKind, PhoneKind


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One person to tell, with the first way to reach them of each kind. ``notice_by`` is the way they prefer."""

    name: str
    kana: str
    age_band: str
    town: str
    phone_kind: PhoneKind
    notice_by: str
    telephone: str
    email: str
    postal_code: str
    address: str


def segment(
    db: Session,
    *,
    municipality_code: str,
    today: date,
    age_bands: Collection[str] = (),
    towns: Collection[str] = (),
    phone_kinds: Collection[PhoneKind] = (),
) -> tuple[SegmentLine, ...]:
    """The people of a segment in kana order; what is left empty takes everybody.

    Only who agreed to be told of workshops and has not withdrawn it; never people whose data is withheld (秘匿),
    who were merged into another or forgotten. ``towns`` are beginnings of the 町 (中央 finds 中央三丁目).
    """
    agreed = select(Consent.attendee_id).where(
        Consent.purpose == ANNOUNCEMENTS, col(Consent.withdrawn_on).is_(None), col(Consent.attendee_id).is_not(None)
    )
    query = (
        select(Attendee)
        .where(
            Attendee.municipality_code == municipality_code,
            col(Attendee.id).in_(agreed),
            col(Attendee.confidential).is_(False),
            col(Attendee.merged_into_id).is_(None),
            col(Attendee.forgotten_at).is_(None),
        )
        .order_by(col(Attendee.kana_key), col(Attendee.id))
    )
    if phone_kinds:
        query = query.where(col(Attendee.phone_kind).in_(list(phone_kinds)))
    people = [
        person
        for person in db.exec(query).all()
        if (not age_bands or band_on(person.birth_date, person.age_band, today) in age_bands)
        and (not towns or person.town.startswith(tuple(towns)))
    ]
    ways = _ways(db, [person.id for person in people])
    return tuple(
        SegmentLine(
            name=person.name,
            kana=person.kana,
            age_band=band_on(person.birth_date, person.age_band, today),
            town=person.town,
            phone_kind=person.phone_kind,
            notice_by=person.notice_by,
            telephone=ways.get((person.id, ContactKind.TELEPHONE), ""),
            email=ways.get((person.id, ContactKind.EMAIL), ""),
            postal_code=person.postal_code,
            address=person.address,
        )
        for person in people
    )


def _ways(db: Session, ids: Collection[UUID]) -> dict[tuple[UUID, ContactKind], str]:
    query = (
        select(ContactPoint)
        .where(col(ContactPoint.attendee_id).in_(list(ids)))
        .order_by(col(ContactPoint.preferred), col(ContactPoint.id).desc())
    )
    return {(row.attendee_id, row.kind): row.value for row in db.exec(query) if row.attendee_id is not None}
