"""Offerings as the import of ``events`` takes them."""

from collections.abc import Iterable
from typing import Final

from events.importing import OfferingRow, OfferingSessionRow
from exports.opendata.application import CHANNELS
from exports.opendata.events_reading import Offering, OfferingSession

_LONGEST_TELEPHONE: Final = 40


def offering_rows(offerings: Iterable[Offering]) -> tuple[OfferingRow, ...]:
    """Each offering in the plain values that ``events.importing.import_offerings`` takes."""
    return tuple(_offering_row(offering) for offering in offerings)


def _offering_row(offering: Offering) -> OfferingRow:
    deadline = offering.deadline
    return OfferingRow(
        key=offering.key,
        title=offering.name,
        sessions=tuple(_session_row(session) for session in offering.sessions),
        kind=offering.kind,
        summary=offering.description,
        target=offering.target,
        url=offering.url,
        fee=offering.fee or 0,
        fee_note=offering.fee_note,
        application_text=offering.application_text,
        contact_name=offering.contact_name,
        contact_telephone=_telephone(offering),
        host=offering.host,
        co_host=offering.co_host,
        deadline_on=deadline.day if deadline else None,
        deadline_time=deadline.at if deadline else None,
        result_notice_on=offering.result_notice_on,
        method=offering.method,
        channels=tuple(dict.fromkeys(CHANNELS[way].value for way in offering.ways if way in CHANNELS)),
        desk_hours=offering.desk_hours,
    )


def _telephone(offering: Offering) -> str:
    # 内線 is how a Japanese telephone list marks an extension; it is data of the file, shown as it was published
    extension = f" 内線 {offering.contact_extension}" if offering.contact_extension else ""
    whole = f"{offering.contact_telephone}{extension}"
    return whole if len(whole) <= _LONGEST_TELEPHONE else offering.contact_telephone


def _session_row(session: OfferingSession) -> OfferingSessionRow:
    return OfferingSessionRow(
        row=session.row,
        number=session.number,
        first_day=session.day,
        last_day=session.last_day if session.is_period else None,
        starts=session.starts,
        ends=session.ends,
        venue_name=session.venue_name,
        room_name=session.room_name,
        place_text="" if session.venue_name else session.place_text,
        seats=session.capacity,
        town=session.town,
        address=session.address,
        postal_code=session.postal_code,
        access=session.access,
        latitude=session.latitude,
        longitude=session.longitude,
    )
