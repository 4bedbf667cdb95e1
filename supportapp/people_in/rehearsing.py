"""What a people's list would do: every row decided against one consistent state, and nothing written."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from events.errors import NotFound
from events.importing.people import RowOutcome
from events.models import Municipality
from supportapp.people_in.runs import Item, earlier_rows, is_known, rows_in, rows_of, taken_before

_TOLD_EVERY = 50


def rehearse_rows(
    db: Session,
    *,
    municipality_code: str,
    kind: str,
    items: Sequence[Item],
    now: datetime,
    by: str,
    told: Callable[[int], None],
) -> tuple[RowOutcome, ...]:
    """The outcome of each row, in the order of the file. ``told`` hears how many are decided, and may raise to stop.

    Raises NotFound (no such municipality).
    """
    if db.get(Municipality, municipality_code) is None:
        raise NotFound(thing="municipality_code")
    known = rows_in(db, kind, items, municipality_code=municipality_code, now=now, by=by, reason="")
    earlier = earlier_rows(db, municipality_code=municipality_code, kind=kind, items=items)
    outcomes: list[RowOutcome] = []
    for item in items:
        if is_known(item, kind, earlier):
            outcomes += taken_before(item)
        else:
            found = known.decide(item)
            outcomes += found if len(rows_of(item)) > 1 or isinstance(found, tuple) else [found]
        if len(outcomes) % _TOLD_EVERY == 0:
            told(len(outcomes))
    told(len(outcomes))
    return tuple(sorted(outcomes, key=lambda outcome: outcome.row))
