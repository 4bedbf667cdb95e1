"""Take in a published list of facilities: what is new is added, what the office has not filled in yet is filled in.

What the office wrote itself is never overwritten, so the same file twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from events.errors import DomainError, NotFound
from events.importing.rows import ImportProblem, ImportRefused, ImportReport
from events.models import Municipality, Venue
from events.opening import checked_rule
from events.venues import VenueDraft, checked_venue

_FILLED = (
    "number",
    "kana",
    "poi_code",
    "postal_code",
    "town",
    "address",
    "telephone",
    "access",
    "note",
    "latitude",
    "longitude",
    "has_ramp",
    "accessibility",
    "opening_rule",
)
_NOTHING: tuple[object, ...] = ("", None, [], {})


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One facility of a published list, in plain values; ``row`` is its line of the file."""

    row: int
    name: str
    number: str = ""
    kana: str = ""
    poi_code: str = ""
    postal_code: str = ""
    town: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    telephone: str = ""
    access: str = ""
    note: str = ""
    has_ramp: bool | None = None
    accessibility: tuple[str, ...] = ()
    opening_rule: Mapping[str, object] | None = None

    def draft(self) -> VenueDraft:
        """The same as the form of a venue has it."""
        return VenueDraft(
            name=self.name,
            kana=self.kana,
            number=self.number,
            poi_code=self.poi_code,
            postal_code=self.postal_code,
            town=self.town,
            address=self.address,
            latitude=self.latitude,
            longitude=self.longitude,
            telephone=self.telephone,
            access=self.access,
            note=self.note,
            has_ramp=self.has_ramp,
            accessibility=self.accessibility,
            opening_rule=self.opening_rule,
        )


def import_venues(db: Session, *, municipality_code: str, facilities: Sequence[FacilityRow], by: str) -> ImportReport:
    """Take in facilities. Raises ImportRefused (nothing was taken in), NotFound (no such municipality)."""
    if db.get(Municipality, municipality_code, with_for_update=True) is None:
        raise NotFound(thing="municipality_code")
    venues = db.exec(select(Venue).where(Venue.municipality_code == municipality_code)).all()
    by_name = {venue.name: venue for venue in venues}
    by_number = {venue.number: venue for venue in venues if venue.number}
    added = changed = 0
    problems: list[ImportProblem] = []
    for facility in facilities:
        try:
            values = checked_venue(facility.draft())
        except DomainError as error:
            problems.append(_problem(facility, error))
            continue
        venue = by_number.get(str(values["number"])) or by_name.get(str(values["name"]))
        if venue is None:
            venue = Venue(municipality_code=municipality_code, **values)
            db.add(venue)
            by_name[venue.name] = venue
            by_number[venue.number or venue.name] = venue
            added += 1
        else:
            changed += _fill(venue, values)
    if problems:
        raise ImportRefused(ImportReport(len(facilities), refused=len(problems), problems=tuple(problems)))
    db.flush()
    del by
    return ImportReport(len(facilities), added, changed, len(facilities) - added - changed)


def _problem(facility: FacilityRow, error: DomainError) -> ImportProblem:
    return ImportProblem(
        facility.row,
        str(error.details.get("field", "name")),
        str(error.details.get("value", "")),
        str(error.details.get("problem", error.code)),
    )


def _fill(venue: Venue, values: Mapping[str, object]) -> bool:
    """Fill in what the venue lacks; answers whether anything was."""
    lacking = [name for name in _FILLED if getattr(venue, name) in _NOTHING and values[name] not in _NOTHING]
    for name in lacking:
        setattr(venue, name, values[name])
    return bool(lacking)


def weekdays_rule(weekdays: str, opens: str, closes: str) -> dict[str, object] | None:
    """An opening rule from 利用可能曜日 (月火水木金) and hours as published; None when they are not that plain."""
    named = weekdays.replace("曜日", "").replace("曜", "").replace("・", "").replace("、", "").strip()
    order = "月火水木金土日"
    if not named or set(named) - set(order):
        return None
    rule: dict[str, object] = {"closed_weekdays": [order.index(day) for day in order if day not in named]}
    try:
        return checked_rule({**rule, "opens": opens, "closes": closes} if opens and closes else rule)
    except DomainError:
        return checked_rule(rule)
