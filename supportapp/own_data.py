"""What a published file says that this office publishes itself: those rows come back unchanged, and add nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from events.errors import DomainError
from events.importing.facilities import FacilityRow, weekdays_rule
from events.importing.published import fingerprint
from events.importing.rows import OfferingRow
from supportapp.backend import Backend
from supportapp.open_data import EVENTS, FACILITIES, open_data_rows
from supportapp.row_remarks import RowRemark

if TYPE_CHECKING:
    from exports.opendata.venues_reading import VenueRow

_RAMP: Final = ("スロープ", "車椅子", "車いす")
_ID_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class OwnRows:
    """The sessions as we would publish them now. ``numbers``: those that only this office gives."""

    marks: frozenset[str] = frozenset()
    numbers: frozenset[str] = field(default=frozenset())

    def holds(self, offering: OfferingRow) -> bool:
        """Whether every row of an offering says exactly what we publish."""
        return all(fingerprint(offering, replace(each, row=0)) in self.marks for each in offering.sessions)

    def changed(self, offerings: Iterable[OfferingRow]) -> list[RowRemark]:
        """Rows that bear a number of ours and say something else: those are changed on the screen."""
        return [
            RowRemark(each.row, "", offering.title, "own_session")
            for offering in offerings
            if not self.holds(offering)
            for each in offering.sessions
            if each.number in self.numbers
        ]


def own_rows(backend: Backend, code: str, profile: str) -> OwnRows:
    """The sessions of a municipality, written under a profile and read again."""
    from exports.opendata.events_reading import read_events  # noqa: PLC0415 -- only where a file comes in
    from exports.opendata.offering_rows import offering_rows  # noqa: PLC0415 -- only where a file comes in

    content = _written(backend, code, EVENTS, profile)
    if content is None:
        return OwnRows()
    offerings = offering_rows(read_events(content, file_name="", profile=profile).offerings)
    return OwnRows(
        frozenset(fingerprint(each, replace(one, row=0)) for each in offerings for one in each.sessions),
        frozenset(one.number for each in offerings for one in each.sessions if _is_ours(one.number)),
    )


def own_facilities(backend: Backend, code: str, profile: str) -> frozenset[str]:
    """The venues of a municipality, written under a profile and read again."""
    from exports.opendata.venues_reading import read_venues  # noqa: PLC0415 -- only where a file comes in

    content = _written(backend, code, FACILITIES, profile)
    if content is None:
        return frozenset()
    venues = read_venues(content, file_name="", profile=profile).venues
    return frozenset(repr(replace(each, row=0)) for each in facility_rows_of(venues))


def facility_rows_of(venues: Sequence["VenueRow"]) -> tuple[FacilityRow, ...]:
    """Published facilities as the import takes them."""
    return tuple(
        FacilityRow(
            row=each.row,
            name=each.name,
            number=each.number,
            kana=each.kana,
            poi_code=each.poi_code,
            postal_code=each.postal_code,
            town=each.town,
            address=each.address,
            latitude=each.latitude,
            longitude=each.longitude,
            telephone=each.telephone,
            note="\n".join(filter(None, (each.opening_text, each.description, each.note))),
            has_ramp=True if any(word in part for part in each.barrier_free for word in _RAMP) else None,
            accessibility=each.barrier_free,
            opening_rule=weekdays_rule(each.open_weekdays, each.opens, each.closes),
        )
        for each in venues
    )


def _written(backend: Backend, code: str, kind: str, profile: str) -> bytes | None:
    """What we would publish; None where there is nothing, or it cannot be published as it stands."""
    from exports.opendata.writing import plain_csv  # noqa: PLC0415 -- only where a file comes in

    try:
        rows = open_data_rows(backend, municipality_code=code, kind=kind)
    except DomainError:
        return None
    return plain_csv(rows, profile_id=profile) if rows else None


def _is_ours(number: str) -> bool:
    return len(number) == _ID_LENGTH and number.isalnum() and number.islower()
