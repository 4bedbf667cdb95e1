"""The plan of a workshop that somebody is in the middle of: kept from the first pause on, one for each account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from events.draft_content import checked_content
from events.errors import Conflict, NotFound
from events.models import Draft
from events.states import DraftState

_ABOUT = "plan"
_WORKSHOP = "workshop_id"


@dataclass(frozen=True, slots=True)
class UnfinishedPlan:
    """A plan as far as it has come; ``content`` is what was typed. Times are aware UTC."""

    draft_id: UUID
    content: Mapping[str, object]
    changed_at: datetime
    version: int


def unfinished_plan(db: Session, *, municipality_code: str, account_id: UUID) -> UnfinishedPlan | None:
    """What this account was planning and has not registered yet; None when there is nothing."""
    found = db.exec(_open_plans(municipality_code, account_id)).first()
    return _plan(found) if found else None


def keep_plan(
    db: Session,
    *,
    municipality_code: str,
    account_id: UUID,
    content: Mapping[str, object],
    version: int,
    now: datetime,
) -> UnfinishedPlan:
    """Keep what was typed; ``version`` is what the person saw, 0 where nothing was kept yet.

    Raises Conflict (the plan went on in another window), InvalidValue.
    """
    found = db.exec(_open_plans(municipality_code, account_id).with_for_update()).first()
    if (found.version if found else 0) != version:
        raise Conflict(thing="draft_id")
    if found is None:
        found = Draft(
            municipality_code=municipality_code, account_id=account_id, about=_ABOUT, started_at=now, changed_at=now
        )
        db.add(found)
    else:
        found.version += 1
    found.content, found.changed_at = checked_content(content, field="plan"), now
    db.flush()
    return _plan(found)


def drop_plan(db: Session, *, draft_id: UUID, now: datetime) -> None:
    """Begin from nothing; what was typed is not kept. Dropped or registered already: nothing happens."""
    found = _locked(db, draft_id)
    if found.state is DraftState.ACTIVE:
        found.state, found.changed_at, found.content = DraftState.DROPPED, now, {}
        db.flush()


def workshop_of_plan(db: Session, draft_id: UUID) -> UUID | None:
    """The workshop that a plan has become already; None while it is unfinished. Locks the plan."""
    found = _locked(db, draft_id)
    made = found.content.get(_WORKSHOP) if found.state is DraftState.DONE else None
    return UUID(str(made)) if made else None


def finish_plan(db: Session, draft_id: UUID, workshop_id: UUID, now: datetime) -> None:
    """The plan has become a workshop; it keeps that workshop's id only."""
    found = _locked(db, draft_id)
    found.state, found.changed_at, found.content = DraftState.DONE, now, {_WORKSHOP: str(workshop_id)}
    found.version += 1
    db.flush()


def _open_plans(municipality_code: str, account_id: UUID) -> SelectOfScalar[Draft]:
    return (
        select(Draft)
        .where(
            Draft.municipality_code == municipality_code,
            Draft.account_id == account_id,
            Draft.about == _ABOUT,
            Draft.state == DraftState.ACTIVE,
        )
        .order_by(col(Draft.started_at))
        .execution_options(populate_existing=True)
    )


def _locked(db: Session, draft_id: UUID) -> Draft:
    found = db.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if found is None or found.about != _ABOUT:
        raise NotFound(thing="draft_id")
    return found


def _plan(draft: Draft) -> UnfinishedPlan:
    return UnfinishedPlan(draft.id, draft.content, draft.changed_at, draft.version)
