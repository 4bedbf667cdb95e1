"""Plan a workshop from a kind: the kind fills in what nobody typed.

receipt = create_workshop(db, municipality_code="132209", draft=WorkshopDraft(kind, title),
sessions=(SessionDraft(day, time(13, 30), venue_id=…),), now=now, by="山田")
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from events.errors import NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.japan.fiscal_year import fiscal_year
from events.models import (
    Department,
    Municipality,
    Organisation,
    Topic,
    Workshop,
    WorkshopHost,
)
from events.planning.checks import LONGEST_TITLE, MOST_YEN, checked_number
from events.planning.drafts import (
    HostDraft,
    SessionDraft,
    WorkshopDraft,
    WorkshopReceipt,
)
from events.planning.intakes import make_intakes
from events.planning.kinds import kind_template
from events.planning.lookups import receipt_of
from events.planning.saving import session_ids, write_sessions
from events.planning.unfinished import finish_plan, workshop_of_plan

SHORT_TITLE = 20
# column → most characters, and whether line breaks are kept
WORKSHOP_TEXTS: Mapping[str, tuple[int, bool]] = {
    "short_title": (SHORT_TITLE, False),
    "summary": (4000, True),
    "target": (1000, True),
    "bring": (400, True),
    "url": (500, False),
    "fee_note": (400, True),
    "application_text": (4000, True),
    "contact_name": (200, False),
    "contact_telephone": (40, False),
    "funding_source": (40, False),
    "improve_next": (2000, True),
}


def create_workshop(
    db: Session,
    *,
    municipality_code: str,
    draft: WorkshopDraft,
    sessions: tuple[SessionDraft, ...],
    now: datetime,
    by: str,
    draft_id: UUID | None = None,
) -> WorkshopReceipt:
    """Plan a workshop as a draft; its kind fills in what nobody typed.

    ``draft_id`` is the half-typed plan it comes from. It ends in the same transaction; registered again it answers
    the workshop that stands.
    Raises InvalidValue, RoomTaken, VenueClosed, DayIsPast, NotFound (venue, room, topic, department, host).
    """
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality_code")
    made = workshop_of_plan(db, draft_id) if draft_id else None
    if made is not None:
        return receipt_of(db, db.get_one(Workshop, made))
    workshop = _workshop_of(db, municipality_code, draft, sessions, now)
    db.add(workshop)
    db.flush()
    set_hosts(db, workshop, draft.hosts)
    rows, cautions = write_sessions(db, workshop, sessions, first_number=1, now=now)
    intakes = make_intakes(db, workshop, rows, draft, now)
    db.flush()
    if draft_id is not None:
        finish_plan(db, draft_id, workshop.id, now)
    del by  # the log names who planned it
    return WorkshopReceipt(
        workshop_id=workshop.id,
        session_ids=session_ids(rows),
        intake_ids=tuple(intake.id for intake in intakes),
        title=workshop.title,
        state=workshop.state,
        cautions=cautions,
    )


def _workshop_of(
    db: Session, municipality_code: str, draft: WorkshopDraft, sessions: Sequence[SessionDraft], now: datetime
) -> Workshop:
    template = kind_template(draft.kind)
    title = checked_text(draft.title, field="title", longest=LONGEST_TITLE, required=True)
    texts: dict[str, Any] = {
        name: checked_text(getattr(draft, name), field=name, longest=longest, lines=lines)
        for name, (longest, lines) in WORKSHOP_TEXTS.items()
        if name != "improve_next"
    }
    texts["short_title"] = texts["short_title"] or title[:SHORT_TITLE]
    checked_number("fee", draft.fee, least=0, most=MOST_YEN)
    first_day = min((session.held_on for session in sessions), default=tokyo_date(now))
    must_belong(db, municipality_code, draft.topic_id, draft.department_id)
    return Workshop(
        municipality_code=municipality_code,
        kind=draft.kind,
        title=title,
        fee=draft.fee,
        minimum_age=draft.minimum_age if draft.minimum_age is not None else template.minimum_age,
        residents_only=draft.residents_only,
        phone_systems=list(draft.phone_systems),
        topic_id=draft.topic_id,
        department_id=draft.department_id,
        cost=draft.cost if draft.cost is None else checked_number("cost", draft.cost, least=0, most=MOST_YEN),
        needs_network=template.needs_network if draft.needs_network is None else draft.needs_network,
        companion_takes_seat=(
            template.companion_takes_seat if draft.companion_takes_seat is None else draft.companion_takes_seat
        ),
        fiscal_year=fiscal_year(first_day),
        created_at=now,
        changed_at=now,
        **texts,
    )


def must_belong(db: Session, municipality_code: str, topic_id: UUID | None, department_id: UUID | None) -> None:
    """Refuse a topic or department of another municipality as if it did not exist."""
    for table, row_id, name in ((Topic, topic_id, "topic_id"), (Department, department_id, "department_id")):
        if row_id is None:
            continue
        row = db.get(table, row_id)
        if row is None or getattr(row, "municipality_code", None) != municipality_code:
            raise NotFound(thing=name)


def set_hosts(db: Session, workshop: Workshop, hosts: Sequence[HostDraft]) -> None:
    """Make exactly these bodies the hosts of a workshop."""
    wanted = {(host.organisation_id, host.part) for host in hosts}
    present = {
        (row.organisation_id, row.part): row
        for row in db.exec(select(WorkshopHost).where(WorkshopHost.workshop_id == workshop.id))
    }
    for key, row in present.items():
        if key not in wanted:
            db.delete(row)
    for organisation_id, part in sorted(wanted - set(present), key=str):
        organisation = db.get(Organisation, organisation_id)
        if organisation is None or organisation.municipality_code != workshop.municipality_code:
            raise NotFound(thing="organisation_id")
        db.add(WorkshopHost(workshop_id=workshop.id, organisation_id=organisation_id, part=part))
