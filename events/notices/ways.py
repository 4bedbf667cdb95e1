"""By which way each person is told: the one they prefer, as far as it can reach them.

Telephone unless told. Nobody whose address is withheld (秘匿) gets a letter. Whoever wants mail and has no address is
called; whom no way reaches stands on the call sheet without a number until somebody finds one.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.japan.telephones import is_mobile
from events.models import Attendee, ContactPoint, Proxy
from events.notices.situation import portions
from events.states import ContactKind

TELEPHONE: Final = ContactKind.TELEPHONE.value
EMAIL: Final = ContactKind.EMAIL.value
POST: Final = ContactKind.POST.value
FAX: Final = ContactKind.FAX.value
LINE: Final = ContactKind.LINE.value
SMS: Final = "sms"
WAYS: Final = (TELEPHONE, EMAIL, SMS, LINE, POST, FAX)


@dataclass(slots=True)
class Reach:
    """How one person can be reached; contacts in the order in which to try them."""

    person: Attendee
    contacts: list[ContactPoint] = field(default_factory=list)
    proxies: list[Proxy] = field(default_factory=list)

    def values(self, kind: ContactKind) -> tuple[str, ...]:
        """Everything known of one kind, the preferred first."""
        return tuple(each.value for each in self.contacts if each.kind is kind and each.value)

    @property
    def speaks_for(self) -> Proxy | None:
        """Who is to be called instead of the person."""
        return next((each for each in self.proxies if each.contact_first and each.telephone), None)

    @property
    def way(self) -> str:
        """By which way this person is told."""
        wanted = self.person.notice_by or TELEPHONE
        order = (wanted, TELEPHONE, SMS, EMAIL, POST, FAX)
        return next((way for way in order if self._reaches(way)), TELEPHONE)

    def _reaches(self, way: str) -> bool:
        if way == TELEPHONE:
            return bool(self.values(ContactKind.TELEPHONE)) or self.speaks_for is not None
        if way == SMS:
            return any(map(is_mobile, self.values(ContactKind.TELEPHONE)))
        if way == POST:
            return bool(self.person.address or self.values(ContactKind.POST)) and not self.person.confidential
        if way == LINE:
            return True  # the city's own account writes; the name there is for the person to know
        return bool(self.values(ContactKind(way)))


def reaches(db: Session, attendee_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """How each of these people can be reached; four questions whatever their number."""
    found: dict[UUID, Reach] = {}
    for ids in portions(set(attendee_ids)):
        found |= {each.id: Reach(each) for each in db.exec(select(Attendee).where(col(Attendee.id).in_(ids)))}
        contacts = (
            select(ContactPoint)
            .where(col(ContactPoint.attendee_id).in_(ids))
            .order_by(col(ContactPoint.preferred).desc(), col(ContactPoint.id))
        )
        for contact in db.exec(contacts):
            if contact.attendee_id is not None:
                found[contact.attendee_id].contacts.append(contact)
        for proxy in db.exec(select(Proxy).where(col(Proxy.attendee_id).in_(ids)).order_by(col(Proxy.id))):
            found[proxy.attendee_id].proxies.append(proxy)
    return found
